//! A file cut into its top-level items.

use crate::lexer;
use std::ops::Range;
use text_size::TextSize;

/// The words that begin a top-level item.
pub const ITEM_WORDS: &[&str] = &[
    "integration",
    "bundle",
    "import",
    "param",
    "connection",
    "config",
    "type",
    "event",
    "action",
    "job",
    "flow",
    "test",
    "raw",
    "extra",
];

/// The text of one top-level item, from its documentation to the next item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemText {
    /// Where it begins in the file.
    pub start: TextSize,
    /// Its text, comments and blank lines after it included.
    pub text: String,
}

/// Cuts a file into its items. Put together again, the texts are the file.
pub fn split(text: &str) -> Vec<ItemText> {
    split_at(text, &item_starts(text))
}

/// Cuts a file where its items are known to begin.
pub fn split_at(text: &str, starts: &[usize]) -> Vec<ItemText> {
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(&start, end)| ItemText {
            start: TextSize::new(u32::try_from(start).unwrap_or(u32::MAX)),
            text: text[start..end].to_owned(),
        })
        .collect()
}

/// The byte offsets at which items begin; the first is 0 where the file has any text.
///
/// Line by line, without building tokens: an item begins with an item word at the margin, however many brackets a
/// half-written line before it left open, or with any word where no bracket is open.
pub fn item_starts(text: &str) -> Vec<usize> {
    starts_until(text, |_| false)
}

/// The same after an edit, for a text of which it was known before: `edited` is what stands now where `gone` stood. Most
/// edits are inside an item, and only the items around them are looked at.
pub fn item_starts_after(known: &[usize], text: &str, edited: Range<usize>, gone: &str) -> Vec<usize> {
    if reaches_far(text, &edited, gone) {
        return item_starts(text);
    }
    let before = gone.len();
    // What stands in front of an item may belong to it, so the one before is looked at as well.
    let first = known.partition_point(|start| *start <= edited.start).saturating_sub(2);
    let from = known.get(first).copied().unwrap_or_default();
    let in_old =
        |start: usize| (start > edited.end).then(|| known.binary_search(&(start + before - edited.len())).ok());
    // An item begins in the same way wherever it stands: from the first one behind the edit on, all is as it was.
    let mut rest = known.len();
    let mut starts = known[..first].to_vec();
    let found = starts_until(&text[from..], |start| match in_old(start + from).flatten() {
        Some(position) => {
            rest = position + 1;
            true
        }
        None => false,
    });
    starts.extend(found.iter().map(|start| start + from));
    starts.extend(known[rest..].iter().map(|start| start + edited.len() - before));
    starts
}

/// Whether an edit may matter to items that it does not touch: one that begins or ends a line at the margin, or a text
/// that may go over many lines.
fn reaches_far(text: &str, edited: &Range<usize>, gone: &str) -> bool {
    let bytes = text.as_bytes();
    let begin = bytes[..edited.start].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let around = &bytes[edited.start.saturating_sub(2)..(edited.end + 2).min(bytes.len())];
    let is_open = |byte: &u8| matches!(byte, b'"' | b'`');
    let is_indented = |line: &[u8]| line.first().is_none_or(|first| matches!(first, b' ' | b'\t'));
    begin == edited.start
        || gone.contains('\n')
        || gone.bytes().any(|byte| is_open(&byte))
        || around.iter().any(is_open)
        || !bytes[begin..edited.end].split(|byte| *byte == b'\n').all(is_indented)
}

/// Looks for items up to the first that is the last one wanted.
fn starts_until(text: &str, mut is_last: impl FnMut(usize) -> bool) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut scan = Scan::default();
    let mut leading = None; // where the comments and attributes above the next item begin
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        if start < scan.skip_to {
            continue;
        }
        let content = line.trim_start();
        let at_margin = content.len() == line.len();
        if content.is_empty() {
            if !leading.is_some_and(|(_, binding)| binding) {
                leading = None;
            }
        } else if scan.depth == 0
            && (content.starts_with("//") || (content.starts_with('@') && !has_item_word(after_attributes(content))))
        {
            let binding = content.starts_with("///") || content.starts_with('@');
            let (first, bound) = leading.unwrap_or((start, false));
            leading = Some((first, bound || binding));
        } else {
            let any_word = at_margin && content.starts_with(|c: char| c.is_alphabetic() || c == '@' || c == '"');
            let may_begin = at_margin || scan.depth == 0;
            if may_begin && ((any_word && scan.depth == 0) || has_item_word(after_attributes(content))) {
                let begin = leading.map_or(start, |(first, _)| first);
                starts.push(begin);
                if is_last(begin) {
                    break;
                }
                scan = Scan { skip_to: scan.skip_to, depth: 0 };
            }
            leading = None;
        }
        scan.line(text, start, at);
    }
    if text.is_empty() {
        return Vec::new();
    }
    match starts.first_mut() {
        Some(first)
            if text[..*first].trim().is_empty()
                || text[..*first].lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with("//")) =>
        {
            *first = 0
        }
        _ => starts.insert(0, 0),
    }
    starts.dedup();
    starts
}

fn has_item_word(line: &str) -> bool {
    let length = line.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(line.len());
    if !ITEM_WORDS.contains(&&line[..length]) {
        return false;
    }
    let rest = line[length..].trim_start_matches([' ', '\t']);
    let first = rest.chars().next();
    match &line[..length] {
        "extra" | "import" if first == Some('{') => true,
        _ => first.is_none_or(|c| c.is_alphabetic() || matches!(c, '_' | '"' | '\n' | '\r')),
    }
}

/// What follows `@key("…")` and the like on a line.
fn after_attributes(mut line: &str) -> &str {
    while let Some((attribute, rest)) = line.strip_prefix('@').and_then(|rest| rest.split_once(')')) {
        if attribute.contains('\n') {
            break;
        }
        line = rest.trim_start_matches([' ', '\t']);
    }
    line
}

/// How deep in brackets the text is, as far as it has been read.
#[derive(Default)]
struct Scan {
    depth: usize,
    /// Inside a text over several lines, where that ends.
    skip_to: usize,
}

impl Scan {
    fn line(&mut self, text: &str, start: usize, end: usize) {
        let bytes = text.as_bytes();
        let mut at = start.max(self.skip_to);
        while at < end {
            match bytes[at] {
                b'{' | b'(' | b'[' => self.depth += 1,
                b'}' | b')' | b']' => self.depth = self.depth.saturating_sub(1),
                b'/' if bytes.get(at + 1) == Some(&b'/') => return,
                b'"' if text[at..].starts_with("\"\"\"") => {
                    if let Some(length) = text[at + 3..].find("\"\"\"") {
                        self.skip_to = at + 3 + length + 3;
                        at = self.skip_to;
                        continue;
                    }
                }
                b'"' => at = string_end(bytes, at, end),
                b'`' => {
                    let ticks = bytes[at..].iter().take_while(|byte| **byte == b'`').count();
                    if let Some(length) = lexer::find_fence(&text[at + ticks..], &text[at..at + ticks]) {
                        let close = at + ticks + length + ticks;
                        // A text that swallows an item was more likely never closed.
                        if !text[at..close].lines().skip(1).any(has_item_word) {
                            self.skip_to = close;
                            at = close;
                            continue;
                        }
                    }
                    return;
                }
                _ => {}
            }
            at += 1;
        }
    }
}

/// The closing quote of a string on one line, or the line's last byte.
fn string_end(bytes: &[u8], open: usize, end: usize) -> usize {
    let mut at = open + 1;
    while at < end {
        match bytes[at] {
            b'\\' => at += 1,
            b'"' | b'\n' => return at,
            _ => {}
        }
        at += 1;
    }
    end.saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_an_edit_the_items_are_those_of_the_whole_text() {
        const PIECES: &[&str] = &[
            "flow a(event) {\n  wait 1s\n}\n",
            "/// Says.\n",
            "// note\n",
            "@key(\"x\")\n",
            "\n",
            "job b: c -> d\n",
            "\"\"\"",
            "`",
            "{",
            "}",
            "(",
            "\"",
            "  flow ",
            "  wait 2s\n  ",
            " // x",
            "word\n",
            "é",
            "type T = {\n  a: int,\n}\n",
        ];
        let mut random = 7_usize;
        let mut below = |limit: usize| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            (random >> 11) % limit.max(1)
        };
        let mut text = String::new();
        let mut known = item_starts(&text);
        for _ in 0..20_000 {
            let place = |text: &str, mut at: usize| {
                while !text.is_char_boundary(at) {
                    at -= 1;
                }
                at
            };
            let start = place(&text, below(text.len() + 1));
            let end = place(&text, (start + below(12)).min(text.len())).max(start);
            let piece = if below(3) == 0 { "" } else { PIECES[below(PIECES.len())] };
            let gone = text[start..end].to_owned();
            text.replace_range(start..end, piece);
            known = item_starts_after(&known, &text, start..start + piece.len(), &gone);
            assert_eq!(known, item_starts(&text), "{text:?}");
            if text.len() > 1_500 {
                text.clear();
                known.clear();
            }
        }
    }
}
