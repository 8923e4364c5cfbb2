//! Items on their own: an integration, a connection, a param, a job.

use crate::declaration::Declarations;
use crate::finding::Finding;
use crate::flow::reader::Reader;
use crate::flow::scope::Scope;
use crate::flow::template::constant;
use crate::types::Type;
use crate::{Text, catalogue, platform, rules};
use zisc_bundle::nearest;
use zisc_syntax::tree::{Expression, ExpressionKind, Name, PlainText};

/// A param is a constant: its default is a literal of its type.
pub(super) fn param(
    name: Option<&Name>,
    default: Option<&Expression>,
    declarations: &Declarations,
    findings: &mut Vec<Finding>,
) {
    let (Some(name), Some(default)) = (name, default) else { return };
    let Some(param) = declarations.params.get(&name.text) else { return };
    let (data, scope) = (Type::Any, Scope::default());
    let mut reader = Reader::of_definition(declarations, &data, &scope);
    match constant(default) {
        Some(_) => {
            let kind = reader.kind(default);
            reader.expect(default, &kind, &param.kind);
        }
        None if default.kind == ExpressionKind::Error => {}
        None => reader.findings.push(
            rules::NOT_IN_PLACE
                .at(default.span, "the default of a param is a constant")
                .label("this is not known when the bundle is built")
                .help("write a text, a number, true, false, or a list or record of these"),
        ),
    }
    findings.append(&mut reader.findings);
}

/// The kinds of connections that the platform has.
const CONNECTION_KINDS: &[&str] = &["oauth", "basic_auth", "bearer_token", "api_key"];

/// An integration's key: 1 to 64 of `a-z`, `0-9`, `-`, `_` (documentation page "Registry").
pub(super) fn integration(name: &Name) -> Option<Finding> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    if (1..=64).contains(&name.text.len()) && name.text.chars().all(fits) {
        return None;
    }
    let mended: String = name.text.to_lowercase().chars().map(|c| if fits(c) { c } else { '_' }).take(64).collect();
    Some(
        rules::INVALID_NAME
            .at(name.span, format!("the platform does not accept the integration key `{}`", name.text))
            .label("registering it fails with: invalid integration key")
            .help("a key has 1 to 64 characters of a-z, 0-9, `-` and `_`")
            .fix(format!("write `{mended}`"), name.span, mended),
    )
}

pub(super) fn connection(
    name: Option<&Name>,
    kind: Option<&Name>,
    domain: Option<&PlainText>,
    findings: &mut Vec<Finding>,
) {
    if let Some(domain) = domain
        && let Some((_, rest)) =
            domain.text.split_once("://").or_else(|| domain.text.contains('/').then_some(("", &domain.text)))
    {
        let mended = format!("\"{}\"", rest.split(['/', '?']).next().unwrap_or_default());
        findings.push(
            rules::INVALID_NAME
                .at(domain.span, "a connection is for a domain, not for an address")
                .label("more than the name of a host")
                .help(format!("write {mended}"))
                .fix(format!("write {mended}"), domain.span, mended),
        );
    }
    let fits = platform::fits_connection_name;
    if let Some(name) = name.filter(|name| !platform::is_connection_name(&name.text)) {
        let label = match name.text.chars().find(|c| !fits(*c)) {
            Some(c) => format!("`{c}` cannot be part of it"),
            None if name.text.len() < 3 => "too short".to_owned(),
            None => "too long".to_owned(),
        };
        let mended: String = name.text.chars().map(|c| if fits(c) { c } else { '_' }).collect();
        let finding = rules::INVALID_NAME
            .at(name.span, format!("the platform does not accept the connection name `{}`", name.text))
            .label(label)
            .help(platform::CONNECTION_NAMES);
        findings.push(match platform::is_connection_name(&mended) {
            true => finding.fix(format!("write `{mended}`"), name.span, mended),
            false => finding,
        });
    }
    if let Some(kind) = kind.filter(|kind| !CONNECTION_KINDS.contains(&kind.text.as_str())) {
        let finding = rules::UNKNOWN_CONNECTION
            .at(kind.span, format!("there is no kind of connection called `{}`", kind.text))
            .label("no such kind");
        findings.push(match nearest(&kind.text, CONNECTION_KINDS.iter().copied()) {
            Some(near) => finding.did_you_mean(kind.span, Some(near)),
            None => finding.help("the kinds are `oauth`, `basic_auth`, `bearer_token` and `api_key`"),
        });
    }
}

pub(super) fn job(event: Option<&Name>, flow: Option<&Name>, declarations: &Declarations, findings: &mut Vec<Finding>) {
    if let Some(event) = event
        .filter(|event| catalogue::event_named(&event.text).is_none() && !declarations.events.contains_key(&event.text))
    {
        let finding = rules::UNKNOWN_EVENT
            .at(event.span, format!("there is no event `{}`", event.text))
            .label("a job for it never runs");
        let declared = nearest(&event.text, declarations.events.keys().map(Text::as_str));
        let (source, event_type) = match event.text.split_once('.') {
            Some((source, rest)) if catalogue::source_names().contains(&source) => (source, rest),
            // `ticket.CommentAdded`: the source was forgotten.
            _ => ("support", event.text.as_str()),
        };
        let labelled = catalogue::events_with_label(&event.text).next();
        let known = labelled.or_else(|| catalogue::nearest_event(source, event_type)).map(|event| event.name);
        let lower = event.text.to_lowercase();
        let is_time = ["schedule", "cron", "timer", "interval", "daily", "hourly", "every"].into_iter();
        findings.push(match declared.or(known) {
            None if is_time.clone().any(|word| lower.contains(word)) => finding.help(
                "nothing starts a flow at a time of day: let a service that has a clock post to an inbound webhook, and declare that as an event",
            ),
            Some(near) => finding.did_you_mean(event.span, Some(near)),
            None => {
                let name = event_type.rsplit('.').next().unwrap_or(event_type);
                let source = event.text.split('.').next().unwrap_or(source);
                finding.help(format!(
                    "an event of your own is declared: `event {name}(\"{source}\", \"{name}\") {{ … }}`; those of Zendesk look like `support.ticket.TicketCreated`"
                ))
            }
        });
    }
    if let Some(flow) = flow.filter(|flow| !declarations.flows.contains_key(&flow.text)) {
        let finding =
            rules::UNKNOWN_FLOW.at(flow.span, format!("no flow is called `{}`", flow.text)).label("no such flow");
        findings.push(match nearest(&flow.text, declarations.flows.keys().map(Text::as_str)) {
            Some(near) => finding.did_you_mean(flow.span, Some(near)),
            None => finding.help(format!("write it: `flow {}(event) {{ … }}`", flow.text)),
        });
    }
}
