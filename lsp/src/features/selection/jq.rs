//! The parts of a jq program around a place.

use text_size::{TextRange, TextSize};

/// The parts around a place, the smallest first: what stands between pipes, commas and brackets, and the brackets with
/// what is in them.
pub(super) fn around(program: &str, at: usize) -> Vec<TextRange> {
    let signs = signs(program);
    let (mut left, mut right) = (at, at);
    let mut spans = Vec::new();
    loop {
        let open = nearest(signs.iter().rev().filter(|(place, _)| *place < left), ")]}", "([{");
        let close = nearest(signs.iter().filter(|(place, _)| *place >= right), "([{", ")]}");
        spans.push(trimmed(program, open.map_or(0, |(place, _)| place + 1), close.map_or(program.len(), |it| it.0)));
        match (open, close) {
            (Some((open, opening)), Some((close, closing))) if is_bracket(opening) && is_bracket(closing) => {
                (left, right) = (open, close + 1);
                spans.push(trimmed(program, left, right));
            }
            (open, close) => {
                // Over a pipe, a comma or a semicolon, on one side or both.
                let over = |sign: Option<Sign>| sign.filter(|(_, sign)| !is_bracket(*sign)).map(|(place, _)| place);
                let (before, behind) = (over(open), over(close));
                if before.is_none() && behind.is_none() {
                    return spans;
                }
                left = before.unwrap_or(left);
                right = behind.map_or(right, |place| place + 1);
            }
        }
    }
}

/// A sign and its place.
type Sign = (usize, char);

/// The first sign that stands in no bracket between here and there.
fn nearest<'s>(signs: impl Iterator<Item = &'s Sign>, entering: &str, leaving: &str) -> Option<Sign> {
    let mut depth = 0_usize;
    for (place, sign) in signs {
        match *sign {
            sign if entering.contains(sign) => depth += 1,
            sign if leaving.contains(sign) && depth > 0 => depth -= 1,
            sign if depth == 0 => return Some((*place, sign)),
            _ => {}
        }
    }
    None
}

fn is_bracket(sign: char) -> bool {
    "()[]{}".contains(sign)
}

/// The brackets, pipes, commas and semicolons of a program that stand in no text.
fn signs(program: &str) -> Vec<Sign> {
    let (mut in_text, mut before) = (false, ' ');
    let mut found = Vec::new();
    for (at, c) in program.char_indices() {
        match c {
            '"' if before != '\\' => in_text = !in_text,
            '(' | ')' | '[' | ']' | '{' | '}' | '|' | ',' | ';' if !in_text => found.push((at, c)),
            _ => {}
        }
        before = c;
    }
    found
}

/// A part without the blanks at its ends.
fn trimmed(program: &str, start: usize, end: usize) -> TextRange {
    let part = &program[start..end];
    let start = start + part.len() - part.trim_start().len();
    let size = |at: usize| TextSize::try_from(at).unwrap_or_default();
    TextRange::at(size(start), TextSize::of(part.trim()))
}
