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
    let word = word_at_end(before);
    let replace = TextRange::new(offset - TextSize::of(word), offset);
    let head = &before[..before.len() - word.len()];
    if head.ends_with('.') {
        return fields(program, place, place.at, replace);
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
        snippet: snippet(function.name, function.parameters.iter().copied()),
        about: Some(About::Jq(function.name.to_owned(), function.parameters.len())),
        ..completion(&description::jq_signature(function), Kind::Function, None, None, formats.unwrap_or(replace), "2")
    });
    let mut all: Vec<Completion> = functions.collect();
    if formats.is_none() {
        all.extend(keys(head, place, replace));
        all.extend(defined(before).map(|function| {
            let holes = snippet(function.name, function.parameters.iter().copied());
            let label = match function.parameters.is_empty() {
                true => function.name.to_owned(),
                false => function.signature(),
            };
            Completion {
                insert: function.name.to_owned(),
                snippet: holes,
                ..completion(&label, Kind::Function, None, None, replace, "1")
            }
        }));
        all.extend(variables(replace));
        all.extend(WORDS.iter().map(|word| completion(word, Kind::Keyword, None, None, replace, "5")));
    }
    all
}

fn snippet<'a>(name: &str, parameters: impl Iterator<Item = &'a str>) -> Option<String> {
    let holes = parameters.enumerate();
    let holes: Vec<_> = holes.map(|(at, name)| format!("${{{}:{}}}", at + 1, name.trim_start_matches('$'))).collect();
    (!holes.is_empty()).then(|| format!("{name}({})", holes.join("; ")))
}

/// The fields that can be read behind the dot of a program.
fn fields(program: &str, place: &JqPlace<'_>, at: usize, replace: TextRange) -> Vec<Completion> {
    let fields = jq::fields_at(program, &place.input, at).unwrap_or_default();
    fields
        .iter()
        .map(|field| {
            let mark = if field.optional { "?" } else { "" };
            let summary = (!field.summary.is_empty()).then(|| field.summary.to_string());
            completion(&field.name, Kind::Field, Some(format!("{}{mark}", field.kind)), summary, replace, "1")
        })
        .collect()
}

/// The keys that stand for a field and its value: `{ id, status }`.
fn keys(head: &str, place: &JqPlace<'_>, replace: TextRange) -> Vec<Completion> {
    let brace = opener(head).filter(|(_, bracket)| *bracket == '{' && head.trim_end().ends_with(['{', ',']));
    brace.map_or_else(Vec::new, |(brace, _)| {
        let read = format!("{}.", &head[..brace]);
        fields(&read, place, read.len(), replace)
    })
}

/// The last bracket that is not closed.
fn opener(text: &str) -> Option<(usize, char)> {
    let mut open = Vec::new();
    let mut in_text = false;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match c {
            '"' if before != '\\' => in_text = !in_text,
            _ if in_text => {}
            '(' | '[' | '{' => open.push((at, c)),
            ')' | ']' | '}' => drop(open.pop()),
            _ => {}
        }
        before = c;
    }
    open.pop()
}

/// A function that a program defines.
pub(in crate::features) struct Defined<'p> {
    pub(in crate::features) name: &'p str,
    pub(in crate::features) parameters: Vec<&'p str>,
}

impl Defined<'_> {
    pub(in crate::features) fn signature(&self) -> String {
        format!("{}({})", self.name, self.parameters.join("; "))
    }
}

/// The functions whose definitions stand in a program.
pub(in crate::features) fn defined(program: &str) -> impl Iterator<Item = Defined<'_>> {
    program.match_indices("def ").filter_map(|(at, word)| {
        let begins_word = !program[..at].ends_with(is_word);
        let rest = program[at + word.len()..].trim_start();
        let (name, rest) = rest.split_at(rest.find(|c| !is_word(c)).unwrap_or(rest.len()));
        let parameters = rest.trim_start().strip_prefix('(').and_then(|rest| rest.split_once(')'));
        let parameters = parameters.map_or_else(Vec::new, |(list, _)| list.split(';').map(str::trim).collect());
        // What is not followed by its body is still being written.
        let is_whole = rest.contains(':');
        (begins_word && !name.is_empty() && is_whole).then_some(Defined { name, parameters })
    })
}

fn word_at_end(text: &str) -> &str {
    &text[text.trim_end_matches(is_word).len()..]
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
