//! Texts that fill in values as another language does: here they stay as they are written.

use super::{expressions, statements};
use crate::finding::Finding;
use crate::rules;
use std::collections::HashSet;
use text_size::TextSize;
use zisc_bundle::Span;
use zisc_syntax::tree::{Action, Block, Expression, ExpressionKind, LetTarget, PlainText, StatementKind, TextPart};

/// How other languages mark a value in a text.
const MARKS: &[(&str, &str)] = &[("{{", "}}"), ("<%=", "%>"), ("#{", "}"), ("%{", "}"), ("{", "}"), ("$", "")];

pub(super) fn in_action(action: &Action, findings: &mut Vec<Finding>) {
    let names = action.parameters.iter().map(|parameter| parameter.name.text.as_str()).collect();
    let fields = action.headers.iter().chain(&action.query).map(|field| &field.value);
    for value in action.address.iter().chain(fields).chain(&action.body) {
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
    // What stands in JSON is read as the platform reads it.
    for statement in all.into_iter().filter(|statement| !matches!(statement.kind, StatementKind::Raw { .. })) {
        for expression in statement.expressions() {
            in_expression(expression, &names, findings);
        }
    }
}

fn in_expression(expression: &Expression, names: &HashSet<&str>, findings: &mut Vec<Finding>) {
    let mut all = Vec::new();
    expressions(expression, &mut all);
    for expression in all {
        let ExpressionKind::Text(parts) = &expression.kind else { continue };
        for part in parts {
            if let TextPart::Text(text) = part {
                findings.extend(leftover(text, names));
            }
        }
    }
}

/// The first place in a text that names something as another language would.
fn leftover(text: &PlainText, names: &HashSet<&str>) -> Option<Finding> {
    let is_path = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '[' | ']');
    if let Some(path) = text.text.strip_prefix("$.").filter(|path| !path.is_empty() && path.chars().all(is_path)) {
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
