//! The one formatting, as changes of the text.

use crate::snapshot::View;
use text_size::{TextRange, TextSize};
use tower_lsp::ls_types::TextEdit;

/// The changes that format a file; none where it cannot be formatted: its mistakes are shown already.
pub(crate) fn document(view: &View<'_>) -> Vec<TextEdit> {
    formatted(view).map(|formatted| edits(view, &formatted, None)).unwrap_or_default()
}

/// The same, of what touches the lines of a part of the file.
pub(crate) fn range(view: &View<'_>, within: TextRange) -> Vec<TextEdit> {
    formatted(view).map(|formatted| edits(view, &formatted, Some(within))).unwrap_or_default()
}

/// Bundle JSON is left to the editor.
fn formatted(view: &View<'_>) -> Option<String> {
    if view.is_bundle() { None } else { zisc_core::format(view.text).ok() }
}

/// Formats what a closing brace has just finished, and sets the indentation of the line it stands on or that begins.
pub(crate) fn on_type(view: &View<'_>, offset: TextSize, typed: &str) -> Vec<TextEdit> {
    if view.is_bundle() {
        return Vec::new();
    }
    let line = view.lines.line_at(offset);
    match typed {
        "}" => {
            let text = &view.text[line];
            let alone = text.trim() == "}";
            if !alone {
                return Vec::new();
            }
            match opening_line(view.text, usize::from(line.start())) {
                Some(opener) => indent(view, line, indentation(opener)),
                None => Vec::new(),
            }
        }
        "\n" => {
            let before = view.text[..usize::from(line.start())].trim_end();
            let above = &before[before.rfind('\n').map_or(0, |end| end + 1)..];
            if !view.text[line].trim().is_empty() {
                return Vec::new();
            }
            let deeper = if above.ends_with(['{', '(', '[']) { 2 } else { 0 };
            indent(view, line, indentation(above) + deeper)
        }
        _ => Vec::new(),
    }
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn indent(view: &View<'_>, line: TextRange, wanted: usize) -> Vec<TextEdit> {
    let text = &view.text[line];
    let found = text.len() - text.trim_start_matches([' ', '\t']).len();
    if text[..found] == " ".repeat(wanted) {
        return Vec::new();
    }
    let span = TextRange::at(line.start(), size(found));
    vec![TextEdit::new(view.range(span), " ".repeat(wanted))]
}

/// The line with the brace that a `}` behind `end` closes. Strings are not read: braces in them come in pairs.
fn opening_line(text: &str, end: usize) -> Option<&str> {
    let mut depth = 0_usize;
    let at = text[..end].char_indices().rev().find_map(|(at, c)| match c {
        '}' => {
            depth += 1;
            None
        }
        '{' if depth == 0 => Some(at),
        '{' => {
            depth -= 1;
            None
        }
        _ => None,
    })?;
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    Some(&text[start..at])
}

/// The lines that differ, as few as the beginnings and ends that the texts share leave; a whole file with one changed
/// line is one small change, so that cursors and folds stay where they are.
fn edits(view: &View<'_>, formatted: &str, within: Option<TextRange>) -> Vec<TextEdit> {
    let old: Vec<&str> = view.text.split_inclusive('\n').collect();
    let new: Vec<&str> = formatted.split_inclusive('\n').collect();
    let mut edits = Vec::new();
    let mut at = TextSize::from(0);
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            at += TextSize::of(old[i]);
            (i, j) = (i + 1, j + 1);
            continue;
        }
        let (gone, come) = next_match(&old[i..], &new[j..]);
        let length: TextSize = old[i..i + gone].iter().map(|line| TextSize::of(*line)).sum();
        let span = TextRange::at(at, length);
        if within.is_none_or(|within| within.intersect(span).is_some()) {
            edits.push(TextEdit::new(view.range(span), new[j..j + come].concat()));
        }
        at += length;
        (i, j) = (i + gone, j + come);
    }
    edits
}

/// How many lines are gone and come until the texts agree again.
fn next_match(old: &[&str], new: &[&str]) -> (usize, usize) {
    const FAR: usize = 200;
    for distance in 1..FAR.min(old.len() + new.len()) {
        for gone in 0..=distance {
            let come = distance - gone;
            let (Some(old), Some(new)) = (old.get(gone..), new.get(come..)) else { continue };
            let agree = old.iter().zip(new).take_while(|(old, new)| old == new).take(2).count();
            let at_end = old.len() == agree && new.len() == agree;
            // A single `}` or empty line agrees by chance.
            if agree == 2 || at_end {
                return (gone, come);
            }
        }
    }
    (old.len(), new.len())
}

fn size(at: usize) -> TextSize {
    TextSize::try_from(at).unwrap_or_default()
}
