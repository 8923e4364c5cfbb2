//! Values that become part of an address as they are: nothing is percent-encoded on the way.

use super::{expressions, statements};
use crate::finding::Finding;
use crate::types::Type;
use crate::{Declarations, Text, rules};
use zisc_syntax::tree::{Argument, Block, Expression, ExpressionKind, LetTarget, Statement, StatementKind, TextPart};

pub(super) fn check(body: &Block, declarations: &Declarations, findings: &mut Vec<Finding>) {
    let mut all = Vec::new();
    statements(body, &mut all);
    let encoded: Vec<&Text> = all.iter().filter_map(|statement| encoded_name(statement)).collect();
    for statement in all {
        let mut found = Vec::new();
        statement.expressions().into_iter().for_each(|expression| expressions(expression, &mut found));
        for expression in found {
            let ExpressionKind::Call { callee, arguments, .. } = &expression.kind else { continue };
            let Some(action) = callee.dotted().and_then(|name| declarations.actions.get(&name.text)) else { continue };
            for argument in arguments {
                let name = match (&argument.name, &argument.value.kind) {
                    (Some(name), _) => &name.text,
                    (None, ExpressionKind::Name(name)) => name,
                    (None, _) => continue,
                };
                let wanted = |parameter: &&crate::ParameterSignature| {
                    parameter.name == *name
                        && parameter.in_address
                        && matches!(parameter.kind, Type::Any | Type::String)
                };
                if action.parameters.iter().any(|parameter| wanted(&parameter)) && !is_safe(&argument.value, &encoded) {
                    findings.push(finding(argument, name));
                }
            }
        }
    }
}

/// The name that a statement binds to a value which is encoded.
fn encoded_name(statement: &Statement) -> Option<&Text> {
    let StatementKind::Let { target: LetTarget::Member { root, rest }, value, .. } = &statement.kind else {
        return None;
    };
    (rest.is_empty() && is_encoded(value)).then_some(&root.text)
}

fn is_encoded(value: &Expression) -> bool {
    match &value.kind {
        ExpressionKind::Call { callee, .. } => callee.dotted().is_some_and(|name| name.text == "url_encode"),
        ExpressionKind::Jq { program, .. } => program.text.contains("@uri"),
        _ => false,
    }
}

/// Whether a value can stand in an address: it is encoded, or made of signs that mean nothing there.
fn is_safe(value: &Expression, encoded: &[&Text]) -> bool {
    match &value.kind {
        ExpressionKind::Text(parts) => parts.iter().all(|part| match part {
            TextPart::Text(text) => text.text.chars().all(|c| c.is_ascii_alphanumeric() || "-._~,:/@".contains(c)),
            TextPart::Value(value) => is_safe(value, encoded),
        }),
        ExpressionKind::Name(name) => encoded.contains(&name),
        // What comes out of the event or an answer: only a text that somebody wrote is dangerous, and an id is none.
        ExpressionKind::Field { name: Some(name), .. } => {
            matches!(name.text.as_str(), "id" | "uuid" | "token" | "status" | "locale") || name.text.ends_with("_id")
        }
        ExpressionKind::Number(_) | ExpressionKind::Bool(_) => true,
        ExpressionKind::Call { callee, arguments, .. } => {
            is_encoded(value)
                || callee.dotted().is_some_and(|name| name.text == "string")
                    && arguments.iter().all(|argument| is_safe(&argument.value, encoded))
        }
        ExpressionKind::Present(inner) => is_safe(inner, encoded),
        _ => is_encoded(value),
    }
}

fn finding(argument: &Argument, name: &Text) -> Finding {
    let span = argument.value.span;
    let finding = rules::NOT_ENCODED
        .at(span, "this value becomes part of an address as it is")
        .label("a space, `&` or `#` in it breaks the address");
    // The words of the value are not known here, so they are kept by what is put around them.
    match &argument.value.kind {
        ExpressionKind::Name(value) => {
            let written = match &argument.name {
                Some(_) => format!("url_encode({value})"),
                None => format!("{name}: url_encode({value})"),
            };
            finding.help(format!("write `{written}`")).fix("encode it", span, written)
        }
        _ => match argument.value.dotted() {
            Some(value) => {
                let written = format!("url_encode({})", value.text);
                finding.help(format!("write `{written}`")).fix("encode it", span, written)
            }
            None => finding.help("put `url_encode(…)` around it"),
        },
    }
}
