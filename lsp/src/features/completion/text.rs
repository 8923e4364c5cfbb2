//! How the text around the cursor looks, whatever it means.

use text_size::{TextRange, TextSize};

pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

pub(super) fn last_line(text: &str) -> &str {
    &text[text.rfind('\n').map_or(0, |end| end + 1)..]
}

pub(super) fn in_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

/// Whether the end of a line is in a string, and not in a `${…}` of it.
pub(super) fn in_text(line: &str) -> bool {
    // What is open, the innermost last: a string, or a value in one.
    let mut open: Vec<char> = Vec::new();
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        match (c, open.last()) {
            ('\\', Some('"')) => drop(characters.next()),
            ('"', Some('"')) => drop(open.pop()),
            ('"', _) => open.push('"'),
            ('$', Some('"')) if characters.peek() == Some(&'{') => {
                characters.next();
                open.push('{');
            }
            ('{', Some('{')) => open.push('{'),
            ('}', Some('{')) => drop(open.pop()),
            _ => {}
        }
    }
    open.last() == Some(&'"')
}

/// The word that ends at the cursor.
pub(super) fn word_before(before: &str) -> TextRange {
    let start = before.trim_end_matches(is_word).len();
    TextRange::new(size(start), size(before.len()))
}

/// The dotted name that ends at the cursor.
pub(super) fn dotted_before(before: &str) -> TextRange {
    let start = before.trim_end_matches(|c| is_word(c) || c == '.').len();
    TextRange::new(size(start), size(before.len()))
}

pub(super) fn size(at: usize) -> TextSize {
    TextSize::try_from(at).unwrap_or_default()
}
