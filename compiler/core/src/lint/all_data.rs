//! Requests that carry all that a flow knows: what other systems answered, and what customers wrote.

use super::{expressions, statements};
use crate::finding::Finding;
use crate::{Declarations, rules};
use zisc_syntax::tree::{Block, Expression, ExpressionKind};

pub(super) fn check(body: &Block, declarations: &Declarations, findings: &mut Vec<Finding>) {
    let mut all = Vec::new();
    statements(body, &mut all);
    let mut found = Vec::new();
    for statement in all {
        statement.expressions().into_iter().for_each(|expression| expressions(expression, &mut found));
    }
    for expression in found {
        let ExpressionKind::Call { callee, arguments, .. } = &expression.kind else { continue };
        let Some(name) = callee.dotted().filter(|name| declarations.actions.contains_key(&name.text)) else { continue };
        for argument in arguments.iter().filter(|argument| is_everything(&argument.value)) {
            findings.push(
                rules::ALL_DATA
                    .at(argument.value.span, format!("all data of the flow goes to `{}`", name.text))
                    .label("with everything that customers wrote and other systems answered")
                    .help("pass what is needed, such as `event.ticket_event.ticket.id`; `zisc run` shows the data of each state"),
            );
        }
    }
}

/// `$`, or that as JSON text.
fn is_everything(value: &Expression) -> bool {
    match &value.kind {
        ExpressionKind::Root => true,
        ExpressionKind::Call { callee, arguments, .. } => {
            callee.dotted().is_some_and(|name| matches!(name.text.as_str(), "to_json" | "text"))
                && arguments.iter().any(|argument| is_everything(&argument.value))
        }
        _ => false,
    }
}
