//! A value or a type under a name of its own.

use super::{Offer, Selection, fixes};
use crate::snapshot::View;
use text_size::{TextRange, TextSize};
use tower_lsp::ls_types::CodeActionKind;
use zisc_core::navigate::{self, Sort};
use zisc_core::{Type, items, parsed};
use zisc_syntax::Node;
use zisc_syntax::tree::{
    Argument, Expression, ExpressionKind, Item, ItemKind, RecordMember, TextPart, TypeExpression, TypeExpressionKind,
};

pub(super) fn offers(selection: &Selection<'_>) -> Vec<Offer> {
    param(selection).into_iter().chain(named_type(selection)).chain(action(selection)).collect()
}

/// A call of an action that does not exist, as an action with such parameters.
fn action(selection: &Selection<'_>) -> Option<Offer> {
    let (callee, arguments) = selection.around.iter().rev().find_map(|node| match node {
        Node::Expression(Expression { kind: ExpressionKind::Call { callee, arguments, .. }, .. }) => {
            Some((callee.dotted()?, arguments))
        }
        _ => None,
    })?;
    let view = selection.view;
    let name = &callee.text;
    let parameters: Option<Vec<String>> = arguments
        .iter()
        .map(|argument| {
            let name = match (&argument.name, &argument.value.kind) {
                (Some(name), _) => &name.text,
                (None, ExpressionKind::Name(name)) => name,
                (None, _) => return None,
            };
            let kind = navigate::kind_of(view.db, view.file, view.settings, selection.item, &argument.value);
            Some(format!("{name}: {}", widened(&kind)))
        })
        .collect();
    let parameters = parameters?;
    let names = parameters.iter().filter_map(|parameter| parameter.split(':').next());
    let body = names.collect::<Vec<_>>().join(", ");
    let body = if body.is_empty() { String::new() } else { format!("  body {{ {body} }}\n") };
    let text = format!("action {name}({}) {{\n  POST \"https://api.example.com\"\n{body}}}\n\n", parameters.join(", "));
    let at = TextRange::empty(TextSize::from(0)) + selection.start;
    let title = format!("declare the action `{name}`");
    fixes::mending(view, "unknown-action", callee.span + selection.start, title, vec![(at, text)])
}

/// The type that a parameter has which takes such a value.
pub(super) fn widened(kind: &Type) -> String {
    match kind {
        Type::Literal(_) => "string".to_owned(),
        Type::Record(record) if record.name.is_some() => "any".to_owned(),
        kind => kind.to_string(),
    }
}

/// A literal as a param: set per environment, in one place.
fn param(selection: &Selection<'_>) -> Option<Offer> {
    let Some(Node::Item(Item { kind: ItemKind::Flow(_) | ItemKind::Action(_), .. })) = selection.around.first() else {
        return None;
    };
    let (position, value) = selection.around.iter().enumerate().rev().find_map(|(position, node)| match node {
        Node::Expression(value) => Some((position, *value)),
        _ => None,
    })?;
    let kind = match &value.kind {
        ExpressionKind::Text(parts) if matches!(parts.as_slice(), [TextPart::Text(_)]) => "string",
        ExpressionKind::Number(text) if text.contains('.') => "number",
        ExpressionKind::Number(_) => "int",
        ExpressionKind::Bool(_) => "bool",
        _ => return None,
    };
    let view = selection.view;
    let taken = |name: &str| {
        navigate::named(view.db, view.file, Sort::Param, name).is_some()
            || navigate::names_at(view.db, view.file, view.settings, selection.span.start())
                .iter()
                .any(|(known, _)| known == name)
    };
    let wanted = wanted_name(&selection.around[..position], value).unwrap_or_else(|| "value".to_owned());
    let name = free(&wanted, taken);
    let literal = selection.text(value.span);
    let edits = vec![
        declaration(view, &format!("param {name}: {kind} = {literal}\n"), |kind| {
            matches!(kind, ItemKind::Integration { .. } | ItemKind::Bundle { .. } | ItemKind::Param { .. })
        }),
        (value.span + selection.start, name),
    ];
    Some(Offer::new(CodeActionKind::REFACTOR_EXTRACT, "extract to a param", edits))
}

/// A record type as a type with a name.
fn named_type(selection: &Selection<'_>) -> Option<Offer> {
    let written: &TypeExpression = selection.around.iter().rev().find_map(|node| match node {
        Node::Type(kind) if matches!(kind.kind, TypeExpressionKind::Record(_)) => Some(*kind),
        _ => None,
    })?;
    let Some(Node::Item(item)) = selection.around.first() else { return None };
    if matches!(&item.kind, ItemKind::Type { value: Some(value), .. } if value.span == written.span) {
        return None;
    }
    let view = selection.view;
    let base = item.name().map(|name| name.text.rsplit('.').next().unwrap_or_default().to_owned())?;
    let mut letters = base.split('_').map(|word| {
        let mut characters = word.chars();
        characters.next().map(|first| first.to_uppercase().chain(characters).collect::<String>()).unwrap_or_default()
    });
    let wanted = format!("{}Result", letters.by_ref().collect::<String>());
    let name = free(&wanted, |name| navigate::named(view.db, view.file, Sort::Type, name).is_some());
    let text = selection.text(written.span);
    let edits = vec![
        (TextRange::empty(item.span.start() + selection.start), format!("type {name} = {text}\n\n")),
        (written.span + selection.start, name),
    ];
    Some(Offer::new(CodeActionKind::REFACTOR_EXTRACT, "extract to a type", edits))
}

/// What the value is called where it stands: the argument or the key it is given for.
fn wanted_name(around: &[Node<'_>], value: &Expression) -> Option<String> {
    let name = match around.last()? {
        Node::Argument(Argument { name: Some(name), .. }) => name,
        Node::Expression(Expression { kind: ExpressionKind::Record(members), .. }) => {
            members.iter().find_map(|member| match member {
                RecordMember::Field { key, value: given } if given.span == value.span => Some(key),
                _ => None,
            })?
        }
        _ => return None,
    };
    zisc_syntax::is_name(&name.text).then(|| name.text.to_string())
}

/// The name, or the name with the smallest number behind it that nothing has.
pub(super) fn free(wanted: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut name = wanted.to_owned();
    let mut number = 2;
    while taken(&name) {
        name = format!("{wanted}_{number}");
        number += 1;
    }
    name
}

/// A new item behind the last of those that stand at the top.
pub(in crate::features) fn declaration(
    view: &View<'_>,
    text: &str,
    stands_before: impl Fn(&ItemKind) -> bool,
) -> (TextRange, String) {
    let before = items(view.db, view.file).iter().filter(|item| stands_before(&parsed(view.db, **item).item.kind));
    match before.last() {
        None => (TextRange::empty(TextSize::from(0)), format!("{text}\n")),
        Some(item) => {
            let tree = &parsed(view.db, *item).item;
            let end = tree.span.end() + item.start(view.db);
            let line = view.lines.line_at(end).end();
            let is_listed = matches!(tree.kind, ItemKind::Param { .. } | ItemKind::Import { .. });
            let gap = if is_listed { "\n" } else { "\n\n" };
            (TextRange::empty(line), format!("{gap}{}", text.trim_end()))
        }
    }
}
