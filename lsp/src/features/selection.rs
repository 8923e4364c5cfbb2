mod jq;

use crate::snapshot::View;
use text_size::{TextRange, TextSize};
use tower_lsp::ls_types::{Position, SelectionRange};
use zisc_core::{navigate, parsed};
use zisc_syntax::Node;

/// For each position what is around it: the word, then every larger part.
pub(crate) fn selections(view: &View<'_>, positions: &[Position]) -> Vec<SelectionRange> {
    positions.iter().map(|position| selection(view, view.lines.offset(*position))).collect()
}

fn selection(view: &View<'_>, offset: TextSize) -> SelectionRange {
    let mut spans = vec![TextRange::up_to(TextSize::of(view.text))];
    if view.is_bundle() {
        let parts = navigate::bundle::parts_in(view.db, view.file).into_iter().map(|part| part.span);
        let mut around: Vec<TextRange> = parts.filter(|span| span.contains_inclusive(offset)).collect();
        around.sort_by_key(|span| std::cmp::Reverse(span.len()));
        spans.extend(around);
    } else if let Some(item) = navigate::item_at(view.db, view.file, offset) {
        let start = item.start(view.db);
        let around = Node::Item(&parsed(view.db, item).item).around(offset - start);
        spans.extend(around.iter().map(|node| node.span() + start));
    }
    if let Some(place) = navigate::jq_place(view.db, view.file, view.settings, offset) {
        let start = offset - size(place.at);
        spans.extend(jq::around(&place.program.text, place.at).into_iter().rev().map(|span| span + start));
    }
    spans.push(word(view.text, offset));
    let mut selection: Option<SelectionRange> = None;
    let mut outer = TextRange::up_to(TextSize::from(u32::MAX));
    for span in spans {
        if !outer.contains_range(span) || outer == span || !span.contains_inclusive(offset) {
            continue;
        }
        outer = span;
        selection = Some(SelectionRange { range: view.range(span), parent: selection.map(Box::new) });
    }
    selection.unwrap_or_else(|| SelectionRange { range: view.range(TextRange::empty(offset)), parent: None })
}

fn size(at: usize) -> TextSize {
    TextSize::try_from(at).unwrap_or_default()
}

fn word(text: &str, offset: TextSize) -> TextRange {
    let (before, after) = text.split_at(usize::from(offset));
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let start = before.trim_end_matches(is_word).len();
    let end = text.len() - after.trim_start_matches(is_word).len();
    TextRange::new(size(start), size(end))
}
