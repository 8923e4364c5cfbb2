//! What can be written in an item, a flow's body and an action's left out.

use super::cursor::Cursor;
use super::text::in_text;
use super::{About, Completion, Kind, action, completion, flow, half, import_list, items, literals, words};
use zisc_core::{catalogue, navigate, parsed};
use zisc_syntax::SyntaxErrorKind;
use zisc_syntax::tree::ItemKind;

/// The kinds of connections.
const CONNECTION_KINDS: &[&str] = &["oauth", "basic_auth", "bearer_token", "api_key"];

pub(super) fn completions(cursor: &Cursor<'_>) -> Vec<Completion> {
    let line = cursor.line;
    let parsed = parsed(cursor.view.db, cursor.item);
    if let Some(offers) = import_list::completions(cursor) {
        return offers;
    }
    match &parsed.item.kind {
        kind if cursor.begins_line()
            && line.len() == line.trim_start().len()
            && !matches!(kind, ItemKind::Flow(flow) if flow.name.is_some()) =>
        {
            items(cursor.declarations, cursor.word)
        }
        ItemKind::Job { .. } => job(cursor),
        ItemKind::Connection { .. } if cursor.head().ends_with(':') => words(CONNECTION_KINDS, cursor.word),
        ItemKind::Action(tree) => action::completions(cursor, tree),
        ItemKind::Param { name: Some(name), .. } if line.contains('=') => {
            let kind = cursor.declarations.params.get(&name.text).map(|param| param.kind.clone()).unwrap_or_default();
            literals::all(&kind, cursor.before, cursor.view.text)
        }
        ItemKind::Type { .. } | ItemKind::Config { .. } | ItemKind::Event { .. } | ItemKind::Param { .. }
            if wants_type(cursor) =>
        {
            cursor.types()
        }
        ItemKind::Flow(tree) => {
            let analysis = zisc_core::flow_graph(cursor.view.db, cursor.item, cursor.view.file, cursor.view.settings);
            // Behind the last brace there may be more to come, and in front of it there is what was written.
            let at = tree.body.as_ref().map_or(cursor.offset, |body| cursor.offset.min(body.span.end()));
            let is_open = || parsed.errors.iter().any(|error| error.kind == SyntaxErrorKind::Unclosed);
            match (&tree.body, navigate::value_place(analysis, at)) {
                (Some(body), Some(place))
                    if body.span.contains_inclusive(cursor.offset)
                        || (body.span.end() < cursor.offset && is_open()) =>
                {
                    flow::completions(cursor, body, place)
                }
                _ if cursor.head().ends_with(':') => cursor.types(),
                _ => behind(cursor),
            }
        }
        _ => Vec::new(),
    }
}

/// Whether a type stands at the cursor.
pub(super) fn wants_type(cursor: &Cursor<'_>) -> bool {
    let head = cursor.head();
    let is_definition =
        || half::opener(cursor.in_item()).is_none() && head.trim_start().starts_with("type ") && head.ends_with('=');
    !in_text(cursor.line) && (head.ends_with([':', '|', '(']) || head.ends_with("->") || is_definition())
}

/// Behind the last brace of a flow the next item begins.
fn behind(cursor: &Cursor<'_>) -> Vec<Completion> {
    let is_behind = cursor.item.text(cursor.view.db).rfind('}').is_some_and(|end| end < usize::from(cursor.offset));
    if is_behind { items(cursor.declarations, cursor.word) } else { Vec::new() }
}

fn job(cursor: &Cursor<'_>) -> Vec<Completion> {
    let (dotted, declarations) = (cursor.dotted(), cursor.declarations);
    let event = |name: &str, label: Option<String>, group| completion(name, Kind::Event, label, None, dotted, group);
    match cursor.line.split_once(':') {
        Some((_, rest)) if rest.contains("->") => {
            let flows = declarations.flows.keys();
            flows.map(|flow| completion(flow, Kind::Flow, None, None, dotted, "1")).collect()
        }
        Some((_, rest)) if rest.trim_start().contains(' ') => words(&["->"], dotted),
        Some(_) => {
            let declared = declarations.events.keys().map(|name| event(name, None, "0"));
            let known = catalogue::events().iter().map(|known| Completion {
                about: Some(About::Event(known.name.to_owned())),
                ..event(known.name, Some(known.label.to_owned()), "1")
            });
            declared.chain(known).collect()
        }
        None => Vec::new(),
    }
}
