//! The words and signs of a jq text, for their colours: also of one that is not finished.

use crate::navigate::HighlightKind;
use text_size::{TextRange, TextSize};

/// Words with a meaning of their own.
const KEYWORDS: &[&str] = &[
    "def", "as", "if", "then", "elif", "else", "end", "reduce", "foreach", "try", "catch", "label", "and", "or", "not",
    "null", "true", "false", "import", "include", "__loc__",
];

/// The words and signs of a jq text, in order, blanks and backticks left out.
pub(crate) fn words(text: &str) -> Vec<(HighlightKind, TextRange)> {
    let mut words = Vec::new();
    let mut at = 0;
    // For each `\(` that is open, how many brackets are open in it.
    let mut inside: Vec<usize> = Vec::new();
    while let Some(c) = text[at..].chars().next() {
        let start = at;
        let rest = &text[at..];
        let word = |from: usize| rest[from..].find(|c: char| !is_word(c)).unwrap_or(rest.len() - from);
        let kind = match c {
            '#' => {
                at += rest.find('\n').unwrap_or(rest.len());
                HighlightKind::Comment
            }
            '"' => {
                at = string_end(text, at + 1, &mut inside);
                HighlightKind::String
            }
            ')' if inside.last() == Some(&0) => {
                inside.pop();
                at = string_end(text, at + 1, &mut inside);
                HighlightKind::String
            }
            '$' => {
                at += 1 + word(1);
                HighlightKind::Variable
            }
            '@' => {
                at += 1 + word(1);
                HighlightKind::BuiltInFunction
            }
            '0'..='9' => {
                at += rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
                HighlightKind::Number
            }
            '.' if rest[1..].starts_with(is_word) => {
                at += 1 + word(1);
                words.push((HighlightKind::Property, range(start + 1, at)));
                continue;
            }
            c if is_word(c) => {
                at += word(0);
                let name = &text[start..at];
                let is_key = text[at..].trim_start().starts_with(':');
                match () {
                    () if is_key => HighlightKind::Property,
                    () if KEYWORDS.contains(&name) => HighlightKind::Keyword,
                    () => HighlightKind::BuiltInFunction,
                }
            }
            c if c.is_whitespace() || c == '`' => {
                at += c.len_utf8();
                continue;
            }
            c => {
                at += c.len_utf8();
                match (c, inside.last_mut()) {
                    ('(', Some(open)) => *open += 1,
                    (')', Some(open)) => *open -= 1,
                    _ => {}
                }
                if matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | ',' | ';' | ':' | '.') {
                    continue;
                }
                HighlightKind::Operator
            }
        };
        words.push((kind, range(start, at)));
    }
    words
}

/// The end of the piece of a string that begins at `at`: behind its quote, or behind a `\(`.
fn string_end(text: &str, mut at: usize, inside: &mut Vec<usize>) -> usize {
    while let Some(c) = text[at..].chars().next() {
        at += c.len_utf8();
        match c {
            '"' => return at,
            '\\' => {
                let Some(escaped) = text[at..].chars().next() else { return at };
                at += escaped.len_utf8();
                if escaped == '(' {
                    inside.push(0);
                    return at;
                }
            }
            _ => {}
        }
    }
    at
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn range(start: usize, end: usize) -> TextRange {
    let size = |at: usize| TextSize::try_from(at).unwrap_or_default();
    TextRange::new(size(start), size(end))
}
