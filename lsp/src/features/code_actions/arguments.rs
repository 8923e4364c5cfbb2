use super::{Offer, Selection};
use text_size::TextRange;
use tower_lsp::ls_types::CodeActionKind;
use zisc_core::{Type, built_in, declarations, navigate};
use zisc_syntax::Node;
use zisc_syntax::tree::{Argument, Expression, ExpressionKind};

/// Adds the arguments that a call lacks.
pub(super) fn offer(selection: &Selection<'_>) -> Option<Offer> {
    let view = selection.view;
    let (callee, arguments, brackets) = selection.around.iter().rev().find_map(|node| match node {
        Node::Expression(Expression { kind: ExpressionKind::Call { callee, arguments, brackets }, .. }) => {
            Some((callee, arguments, *brackets))
        }
        _ => None,
    })?;
    let name = callee.dotted()?.text;
    let signature = declarations(view.db, view.file).actions.get(&name).or_else(|| built_in(&name))?;
    // What is given by its place has to get a name first.
    let has_name =
        |argument: &Argument| argument.name.is_some() || matches!(argument.value.kind, ExpressionKind::Name(_));
    if !arguments.iter().all(has_name) {
        return None;
    }
    let is_given = |parameter: &str| {
        arguments.iter().any(|argument| match (&argument.name, &argument.value.kind) {
            (Some(name), _) => name.text == parameter,
            (None, ExpressionKind::Name(name)) => name == parameter,
            _ => false,
        })
    };
    let bound = navigate::names_at(view.db, view.file, view.settings, brackets.start() + selection.start);
    let is_known = |name: &str| {
        bound.iter().any(|(known, _)| known == name) || declarations(view.db, view.file).params.contains_key(name)
    };
    let missing: Vec<String> = signature
        .parameters
        .iter()
        .filter(|parameter| parameter.is_required() && !is_given(&parameter.name))
        .map(|parameter| match is_known(&parameter.name) {
            true => parameter.name.to_string(),
            false => format!("{}: {}", parameter.name, sample(&parameter.kind)),
        })
        .collect();
    if missing.is_empty() || !selection.text(brackets).ends_with(')') {
        return None;
    }
    let last = arguments.last().map(|argument| Node::Argument(argument).span().end());
    let (at, before) = match last {
        Some(last) => (last, ", "),
        None => (brackets.start() + text_size::TextSize::of('('), ""),
    };
    let edits = vec![(TextRange::empty(at + selection.start), format!("{before}{}", missing.join(", ")))];
    let title = match missing.len() {
        1 => "add the missing argument",
        _ => "add the missing arguments",
    };
    Some(Offer { is_preferred: true, ..Offer::new(CodeActionKind::QUICKFIX, title, edits) })
}

/// A value of a type, to begin with.
fn sample(kind: &Type) -> String {
    match kind {
        Type::Bool => "false".to_owned(),
        Type::Int | Type::Number => "0".to_owned(),
        Type::Any | Type::Null => "null".to_owned(),
        Type::Array(_) => "[]".to_owned(),
        Type::Map(_) => "{}".to_owned(),
        Type::Literal(text) => format!("{:?}", text.as_str()),
        Type::String | Type::Timestamp => "\"\"".to_owned(),
        Type::Record(record) => {
            let fields = record.fields.iter().filter(|field| !field.optional);
            let fields: Vec<_> = fields.map(|field| format!("{}: {}", field.name, sample(&field.kind))).collect();
            if fields.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", fields.join(", ")) }
        }
        Type::Union(members) => members.first().map_or_else(|| "null".to_owned(), sample),
    }
}
