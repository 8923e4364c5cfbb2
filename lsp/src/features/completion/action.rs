//! What can be written in an action.

use super::cursor::Cursor;
use super::item::wants_type;
use super::text::{in_text, size};
use super::{Completion, Kind, completion, half, literals, words};
use text_size::TextRange;
use zisc_syntax::METHODS;
use zisc_syntax::tree::Action;

/// The parts of an action beside its request, and each as a snippet.
const PARTS: &[(&str, &str)] = &[
    ("connection", "connection $0"),
    ("headers", "headers { \"${1:Accept}\": \"${2:application/json}\" }"),
    ("query", "query { $0 }"),
    ("body", "body { $0 }"),
];
/// Headers that requests often have.
const HEADERS: &[&str] = &[
    "Accept",
    "Accept-Language",
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Prefer",
    "X-Request-Id",
];
/// What `Content-Type` and `Accept` often say.
const MEDIA_TYPES: &[&str] = &[
    "application/json",
    "application/x-www-form-urlencoded",
    "application/merge-patch+json",
    "application/vnd.api+json",
    "application/xml",
    "text/plain",
];

pub(super) fn completions(cursor: &Cursor<'_>, action: &Action) -> Vec<Completion> {
    let text = cursor.in_item();
    let openers: Vec<_> = half::outwards(text, half::opener(text)).collect();
    let Some(at) = openers.iter().rposition(half::Opener::begins_block) else { return head(cursor) };
    match openers[..at].last().map(|part| (part.bracket, part.word())) {
        None => line(cursor, action),
        Some(('{', "headers")) => header(cursor, action),
        Some(_) if in_text(cursor.line) => Vec::new(),
        Some(_) => values(cursor, action),
    }
}

/// The parameters and the result.
fn head(cursor: &Cursor<'_>) -> Vec<Completion> {
    match () {
        () if in_text(cursor.line) => Vec::new(),
        () if wants_type(cursor) => cursor.types(),
        () if cursor.head().ends_with('=') => literals::all(&zisc_core::Type::Any, cursor.before, cursor.view.text),
        () => Vec::new(),
    }
}

/// A line of the body.
fn line(cursor: &Cursor<'_>, action: &Action) -> Vec<Completion> {
    let words_before: Vec<&str> = cursor.head().split_whitespace().collect();
    match words_before.as_slice() {
        _ if in_text(cursor.line) => Vec::new(),
        [] => {
            let is_there = |part: &str| match part {
                "connection" => action.connection.is_some(),
                "body" => action.body.is_some(),
                _ => false,
            };
            let parts = PARTS.iter().filter(|(part, _)| !is_there(part)).map(|(part, snippet)| Completion {
                snippet: Some((*snippet).to_owned()),
                ..completion(part, Kind::Keyword, None, None, cursor.word, "1")
            });
            let methods = if action.method.is_some() { Vec::new() } else { words(METHODS, cursor.word) };
            parts.chain(methods).collect()
        }
        ["connection"] => cursor.connections(),
        ["body"] => values(cursor, action),
        [method] if METHODS.contains(method) => {
            let address = |label: &str, snippet: &str| Completion {
                snippet: Some(snippet.to_owned()),
                ..completion(label, Kind::Keyword, None, None, cursor.word, "1")
            };
            vec![address("\"https://\"", "\"https://$0\""), address("path", "path \"/api/v2/$0\"")]
        }
        _ => Vec::new(),
    }
}

/// The name of a header, or its value.
fn header(cursor: &Cursor<'_>, action: &Action) -> Vec<Completion> {
    let text = cursor.before.rfind('"').filter(|_| in_text(cursor.line));
    let head = text.map_or(cursor.head(), |quote| cursor.before[..quote].trim_end());
    let named = head.strip_suffix(':').map(|head| head.trim_end().trim_matches('"').rsplit('"').next());
    let known = match named.flatten() {
        None => HEADERS,
        Some("Content-Type" | "Accept") => MEDIA_TYPES,
        Some(_) => &[],
    };
    let replace = match text {
        // Up to the other quote, where there is one.
        Some(quote) => {
            let rest = cursor.behind().find('"').map_or(0, |end| end + 1);
            TextRange::new(size(quote), size(cursor.before.len() + rest))
        }
        None => cursor.word,
    };
    let quoted = known.iter().map(|text| completion(&format!("\"{text}\""), Kind::Value, None, None, replace, "0"));
    let mut all: Vec<Completion> = quoted.collect();
    if named.is_some() && text.is_none() {
        all.extend(values(cursor, action));
    }
    all
}

/// What a request can hold: what the action takes, and constants.
fn values(cursor: &Cursor<'_>, action: &Action) -> Vec<Completion> {
    let parameters = action.parameters.iter().map(|parameter| {
        let kind = parameter.kind.as_ref().map(|kind| cursor.item.text(cursor.view.db)[kind.span].to_owned());
        completion(&parameter.name.text, Kind::Value, kind, None, cursor.word, "1")
    });
    parameters.chain(cursor.params()).collect()
}
