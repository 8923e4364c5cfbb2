//! What can be written in a jq text.

use super::{About, Completion, Kind, completion, is_word};
use crate::features::description;
use text_size::{TextRange, TextSize};
use zisc_core::jq;
use zisc_core::navigate::JqPlace;

/// The words of jq that are no functions.
const WORDS: &[&str] =
    &["if", "then", "elif", "else", "end", "reduce", "foreach", "as", "def", "try", "catch", "and", "or", "null"];

/// Fields behind a dot; else variables, functions and words.
pub(in crate::features) fn completions(place: &JqPlace<'_>, offset: TextSize) -> Vec<Completion> {
    let program = place.program.text.as_str();
    let Some(before) = program.get(..place.at) else { return Vec::new() };
    if in_comment_or_text(before) {
        return Vec::new();
    }
    let word = &before[before.trim_end_matches(is_word).len()..];
    let replace = TextRange::new(offset - TextSize::of(word), offset);
    let head = &before[..before.len() - word.len()];
    if head.ends_with('.') {
        let fields = jq::fields_at(program, &place.input, place.at).unwrap_or_default();
        return fields
            .iter()
            .map(|field| {
                let mark = if field.optional { "?" } else { "" };
                let summary = (!field.summary.is_empty()).then(|| field.summary.to_string());
                completion(&field.name, Kind::Field, Some(format!("{}{mark}", field.kind)), summary, replace, "1")
            })
            .collect();
    }
    let with_sign =
        |sign: char| head.ends_with(sign).then(|| TextRange::new(replace.start() - TextSize::of(sign), offset));
    let variables = |replace: TextRange| {
        let names = jq::names_at(program, place.at).into_iter();
        names.map(move |name| completion(name, Kind::Value, None, None, replace, "1")).collect::<Vec<_>>()
    };
    if let Some(replace) = with_sign('$') {
        return variables(replace);
    }
    let formats = with_sign('@');
    let wanted = |name: &str| name.starts_with('@') == formats.is_some();
    let functions = jq::FUNCTIONS.iter().filter(|function| wanted(function.name)).map(|function| Completion {
        insert: function.name.to_owned(),
        snippet: snippet(function),
        about: Some(About::Jq(function.name.to_owned(), function.parameters.len())),
        ..completion(&description::jq_signature(function), Kind::Function, None, None, formats.unwrap_or(replace), "2")
    });
    let mut all: Vec<Completion> = functions.collect();
    if formats.is_none() {
        all.extend(variables(replace));
        all.extend(WORDS.iter().map(|word| completion(word, Kind::Keyword, None, None, replace, "5")));
    }
    all
}

fn snippet(function: &jq::Function) -> Option<String> {
    let parameters = function.parameters.iter().enumerate();
    let holes: Vec<_> =
        parameters.map(|(at, name)| format!("${{{}:{}}}", at + 1, name.trim_start_matches('$'))).collect();
    (!holes.is_empty()).then(|| format!("{}({})", function.name, holes.join("; ")))
}

fn in_comment_or_text(before: &str) -> bool {
    // What is open, the innermost last: a string, or `\(` in one, with the brackets in that.
    let mut open: Vec<char> = Vec::new();
    let mut characters = before.chars().peekable();
    while let Some(c) = characters.next() {
        match (c, open.last()) {
            ('\\', Some('"')) if characters.peek() == Some(&'(') => {
                characters.next();
                open.push('(');
            }
            ('\\', Some('"')) => drop(characters.next()),
            ('"', Some('"')) => drop(open.pop()),
            (_, Some('"')) => {}
            ('"', _) => open.push('"'),
            ('#', _) if characters.by_ref().all(|c| c != '\n') => return true,
            ('(', Some('(')) => open.push('('),
            (')', Some('(')) => drop(open.pop()),
            _ => {}
        }
    }
    open.last() == Some(&'"')
}
