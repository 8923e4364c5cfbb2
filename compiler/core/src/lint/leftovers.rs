//! Texts that fill in values as another language does: here they stay as they are written.

use super::statements;
use crate::finding::Finding;
use crate::rules;
use std::collections::HashSet;
use text_size::TextSize;
use zisc_bundle::Span;
use zisc_syntax::tree::{
    Action, Block, Expression, ExpressionKind, LetTarget, PlainText, RecordMember, Statement, StatementKind, TextPart,
};

/// How other languages mark a value in a text.
const MARKS: &[(&str, &str)] = &[("{{", "}}"), ("<%=", "%>"), ("#{", "}"), ("%{", "}"), ("{", "}"), ("$", "")];

pub(super) fn in_action(action: &Action, findings: &mut Vec<Finding>) {
    let names = action.parameters.iter().map(|parameter| parameter.name.text.as_str()).collect();
    for value in action.values() {
        in_expression(value, &names, findings);
    }
}

pub(super) fn in_flow(event: Option<&str>, body: &Block, findings: &mut Vec<Finding>) {
    let mut all = Vec::new();
    statements(body, &mut all);
    let mut names: HashSet<&str> = event.into_iter().collect();
    for statement in &all {
        match &statement.kind {
            StatementKind::Let { target: LetTarget::Member { root, .. }, .. } => names.insert(&root.text),
            StatementKind::For { item: Some(item), .. } => names.insert(&item.text),
            _ => false,
        };
    }
    for statement in all {
        for expression in statement.expressions().into_iter().filter(|expression| !is_json(statement, expression)) {
            in_expression(expression, &names, findings);
        }
    }
}

/// Whether an expression is JSON as the platform takes it.
fn is_json(statement: &Statement, expression: &Expression) -> bool {
    matches!(statement.kind, StatementKind::Raw { .. })
        || statement.extra.as_ref().is_some_and(|extra| std::ptr::eq(extra, expression))
}

fn in_expression(expression: &Expression, names: &HashSet<&str>, findings: &mut Vec<Finding>) {
    match &expression.kind {
        ExpressionKind::Text(parts) => {
            for part in parts {
                match part {
                    TextPart::Text(text) => findings.extend(leftover(text, names)),
                    TextPart::Value(value) => in_expression(value, names, findings),
                }
            }
        }
        // Under a key that ends in `.$` stands the platform's own notation.
        ExpressionKind::Record(members) => {
            for member in members {
                match member {
                    RecordMember::Field { key, value } if !key.text.ends_with(".$") => {
                        in_expression(value, names, findings)
                    }
                    RecordMember::Spread(value) => in_expression(value, names, findings),
                    RecordMember::Field { .. } | RecordMember::Short(_) => {}
                }
            }
        }
        ExpressionKind::Call { arguments, .. } => {
            for argument in arguments {
                if argument.name.as_ref().is_none_or(|name| !name.text.ends_with(".$")) {
                    in_expression(&argument.value, names, findings);
                }
            }
        }
        ExpressionKind::Raw(_) => {}
        _ => expression.parts().into_iter().for_each(|part| in_expression(part, names, findings)),
    }
}

/// The first place in a text that names something as another language would.
fn leftover(text: &PlainText, names: &HashSet<&str>) -> Option<Finding> {
    let is_path = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '[' | ']');
    let bare = text
        .text
        .trim()
        .strip_prefix("{{")
        .and_then(|inner| inner.trim().strip_suffix("}}"))
        .map_or(text.text.as_str(), str::trim);
    if let Some(path) = bare.strip_prefix("$.").filter(|path| !path.is_empty() && path.chars().all(is_path)) {
        return Some(finding(text.span, &text.text, &format!("${{$.{path}}}"), true));
    }
    let (at, length, path) = (0..text.text.len()).find_map(|at| {
        let rest = text.text.get(at..)?;
        let (path, length) = MARKS.iter().find_map(|(open, close)| marked(rest, open, close))?;
        let root = path.split('.').next()?;
        names.contains(root).then_some((at, length, path))
    })?;
    let size = |length: usize| TextSize::try_from(length).unwrap_or_default();
    let written = &text.text[at..at + length];
    let meant = format!("${{{path}}}");
    // With escapes in it, a text is longer in the source.
    let as_written = text.span.len() == size(text.text.len());
    let span = if as_written { Span::at(text.span.start() + size(at), size(length)) } else { text.span };
    Some(finding(span, written, &meant, as_written))
}

fn finding(span: Span, written: &str, meant: &str, fixed: bool) -> Finding {
    let finding = rules::LEFTOVER
        .at(span, format!("`{written}` stays in the text as it stands"))
        .label("no value is put here")
        .help(format!("a value is written `{meant}`"));
    if fixed { finding.fix(format!("write `{meant}`"), span, meant) } else { finding }
}

/// The path between two marks, and how long all of it is.
fn marked<'t>(text: &'t str, open: &str, close: &str) -> Option<(&'t str, usize)> {
    let inner = text.strip_prefix(open)?;
    let begin = inner.trim_start_matches(' ');
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    let end = begin.find(|c| !is_part(c)).unwrap_or(begin.len());
    let path = begin[..end].trim_end_matches('.');
    let behind = begin[path.len()..].trim_start_matches(' ');
    let rest = if close.is_empty() { &begin[path.len()..] } else { behind.strip_prefix(close)? };
    (!path.is_empty()).then(|| (path, text.len() - rest.len()))
}
