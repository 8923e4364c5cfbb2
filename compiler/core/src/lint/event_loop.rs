//! Flows that change what their own event is about, and ask nothing before: each change is the next event.

use crate::finding::Finding;
use crate::{Db, ItemSource, SourceFile, declarations, items, parsed, rules};
use zisc_syntax::tree::{Action, Block, Expression, ExpressionKind, ItemKind, RecordMember, StatementKind, TextPart};

/// What an event is about, and the member of a ticket with which the API changes it.
const ABOUT: &[(&str, &str)] = &[
    ("support.ticket.CommentAdded", "comment"),
    ("support.ticket.StatusChanged", "status"),
    ("support.ticket.PriorityChanged", "priority"),
    ("support.ticket.TagsChanged", "tags"),
    ("support.ticket.TicketTypeChanged", "type"),
    ("support.ticket.GroupAssignmentChanged", "group_id"),
    ("support.ticket.AgentAssignmentChanged", "assignee_id"),
    ("support.ticket.SubjectChanged", "subject"),
    ("support.ticket.ExternalIdChanged", "external_id"),
    ("support.ticket.CustomFieldChanged", "custom_fields"),
];

/// What is found in a flow, placed from its start.
#[salsa::tracked(returns(deref))]
pub(super) fn event_loops<'db>(db: &'db dyn Db, item: ItemSource<'db>, file: SourceFile) -> Vec<Finding> {
    let ItemKind::Flow(flow) = &parsed(db, item).item.kind else { return Vec::new() };
    let (Some(name), Some(body)) = (&flow.name, &flow.body) else { return Vec::new() };
    let jobs = declarations(db, file).jobs.values().filter(|(_, started)| *started == name.text);
    let watched: Vec<_> = jobs.filter_map(|(event, _)| ABOUT.iter().find(|(known, _)| event == known)).collect();
    let mut findings = Vec::new();
    if watched.is_empty() {
        return findings;
    }
    let mut calls = Vec::new();
    certain_calls(body, &mut calls);
    for (span, callee) in calls {
        let action = items(db, file).iter().find_map(|item| match &parsed(db, *item).item.kind {
            ItemKind::Action(action) if action.name.as_ref().is_some_and(|name| name.text == callee) => Some(action),
            _ => None,
        });
        let changed = watched.iter().find(|(_, member)| action.is_some_and(|action| changes(action, member)));
        if let Some((event, member)) = changed {
            findings.push(
                rules::EVENT_LOOP
                    .at(span, "each run of this flow may start the next")
                    .label(format!("changes `{member}` of the ticket, and a job starts the flow at `{event}`"))
                    .help("ask before whether there is anything to change, such as by a tag that the flow sets, or by who made the change"),
            );
            break;
        }
    }
    crate::check::accept(&parsed(db, item).item, &mut findings);
    findings
}

/// The calls that are made whatever the data is, up to the first question. Says whether the way ends or asks.
fn certain_calls(block: &Block, calls: &mut Vec<(zisc_bundle::Span, crate::Text)>) -> bool {
    for statement in &block.statements {
        match &statement.kind {
            StatementKind::Expression { value, .. } | StatementKind::Let { value, .. } => {
                if let ExpressionKind::Call { callee, .. } = &value.kind
                    && let Some(name) = callee.dotted()
                {
                    calls.push((name.span, name.text));
                }
            }
            StatementKind::Try { body, .. } => {
                if certain_calls(body, calls) {
                    return true;
                }
            }
            StatementKind::Wait { .. } => {}
            _ => return true,
        }
    }
    false
}

/// Whether an action changes this member of a ticket.
fn changes(action: &Action, member: &str) -> bool {
    let method = action.method.as_ref().map(|method| method.text.to_uppercase()).unwrap_or_default();
    let address = action.address.as_ref().map(literal).unwrap_or_default();
    if !matches!(method.as_str(), "PUT" | "POST" | "PATCH") || !address.contains("/api/v2/tickets/") {
        return false;
    }
    let path = address.trim_end_matches(".json");
    let is_member = |value: &Expression| field(value, member).is_some();
    path.ends_with(&format!("/{member}"))
        || action
            .body
            .as_ref()
            .and_then(|body| field(body, "ticket"))
            .is_some_and(|ticket| ticket.is_some_and(is_member))
}

/// The field of a record that is written out, with its value where that is.
fn field<'e>(value: &'e Expression, name: &str) -> Option<Option<&'e Expression>> {
    let ExpressionKind::Record(members) = &value.kind else { return None };
    members.iter().find_map(|member| match member {
        RecordMember::Field { key, value } if key.text == name => Some(Some(value)),
        RecordMember::Short(key) if key.text == name => Some(None),
        _ => None,
    })
}

/// What is written out of a text.
fn literal(text: &Expression) -> String {
    let ExpressionKind::Text(parts) = &text.kind else { return String::new() };
    let parts = parts.iter().map(|part| match part {
        TextPart::Text(text) => text.text.as_str(),
        TextPart::Value(_) => "…",
    });
    parts.collect()
}
