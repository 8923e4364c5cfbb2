//! What an editor asks about a place in a jq text, however little of it is written.

use super::infer::Interpreter;
use super::read;
use super::scope::Scope;
use crate::types::{FieldType, Type};
use std::ops::Range;

/// Stands for the name that is not written yet.
const HERE: &str = "zisc_here";

/// The field name around a place, and the type of what it is read from.
pub(crate) fn field_at(program: &str, input: &Type, at: usize) -> Option<(Range<usize>, Type)> {
    let name = word_around(program, at)?;
    program[..name.start].ends_with('.').then_some(())?;
    Some((name.clone(), read_from(program, name.start, input)?))
}

/// The fields that can be read at a place behind a dot; `None` where no field name stands or begins there.
pub fn fields_at(program: &str, input: &Type, at: usize) -> Option<Vec<FieldType>> {
    let name = word_around(program, at)?;
    let before = program[..name.start].strip_suffix('.')?;
    // `..` is no field, and neither is the dot of a number.
    if before.ends_with(['.']) || (before.ends_with(|c: char| c.is_ascii_digit()) && !ends_in_name(before)) {
        return None;
    }
    let head = &program[..name.start];
    let whole = format!("{head}{HERE}{}", &program[name.end..]);
    let alone = format!("{head}{HERE}{}", closers(head));
    let from = [whole, alone].iter().find_map(|text| read_from(text, name.start, input))?;
    let mut fields: Vec<FieldType> = Vec::new();
    for field in from.fields() {
        if fields.iter().all(|known| known.name != field.name) {
            fields.push(field.clone());
        }
    }
    Some(fields)
}

/// The variables that are named in front of a place, with their `$`.
pub fn names_at(program: &str, at: usize) -> Vec<&str> {
    let mut names = Vec::new();
    let before = program.get(..at).unwrap_or_default();
    for (start, _) in before.match_indices('$') {
        let length = before[start + 1..].find(|c| !is_word(c)).unwrap_or(before.len() - start - 1);
        let name = &before[start..=start + length];
        // A name that the cursor still stands in is what is being written.
        if length > 0 && start + length + 1 < at && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The type of what the field name that begins at `name` is read from.
fn read_from(program: &str, name: usize, input: &Type) -> Option<Type> {
    read(program, |term| {
        let term = term.ok()?;
        let place = program[name..].as_ptr();
        let mut interpreter = Interpreter::of(program);
        interpreter.watched = Some((place, Type::union([])));
        interpreter.term(&term, input, &Scope::default());
        interpreter.watched.map(|(_, from)| from).filter(|from| !from.alternatives().is_empty())
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn ends_in_name(text: &str) -> bool {
    let word = &text[text.trim_end_matches(is_word).len()..];
    word.starts_with(|c: char| !c.is_ascii_digit())
}

fn word_around(text: &str, at: usize) -> Option<Range<usize>> {
    let (before, after) = text.split_at_checked(at)?;
    let start = before.trim_end_matches(is_word).len();
    let end = at + after.find(|c| !is_word(c)).unwrap_or(after.len());
    Some(start..end)
}

/// What closes the brackets that are open at the end of a text.
fn closers(text: &str) -> String {
    let mut open = Vec::new();
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match c {
            '(' => open.push(')'),
            '[' => open.push(']'),
            '{' => open.push('}'),
            ')' | ']' | '}' => drop(open.pop()),
            '"' if open.last() == Some(&'"') => drop(open.pop()),
            '"' => open.push('"'),
            '\\' if characters.next() == Some('(') => open.push(')'),
            _ => {}
        }
    }
    open.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jq::infer;

    fn offered(program: &str) -> Vec<String> {
        let at = program.rfind('|').expect("a cursor");
        let input = infer(r#"{ tickets: [{ id: 1, tags: ["a"] }], name: "x" }"#, &Type::Any).outputs;
        let fields = fields_at(&format!("{}{}", &program[..at], &program[at + 1..]), &input, at);
        fields.unwrap_or_default().iter().map(|field| field.name.to_string()).collect()
    }

    #[test]
    fn fields_are_known_in_half_written_programs() {
        assert_eq!(offered(".|"), ["tickets", "name"]);
        assert_eq!(offered(".tickets[].|"), ["id", "tags"]);
        assert_eq!(offered("[.tickets[] | select(.|"), ["id", "tags"]);
        assert_eq!(offered("[.tickets[].i|d, .name]"), ["id", "tags"]);
        assert_eq!(offered(".tickets[0] | .tags | length | 1.|"), [] as [&str; 0]);
        assert_eq!(offered("{ first: .tickets[0].|"), ["id", "tags"]);
    }
}
