//! What goes when something is taken away: the blanks and lines that stood there for it alone.

use crate::snapshot::View;
use text_size::{TextRange, TextSize};

/// The part of a file to take away with what stands at `span`.
pub(super) fn whole(view: &View<'_>, span: TextRange) -> TextRange {
    let text = view.text;
    let (first, last) = (view.lines.line_at(span.start()), view.lines.line_at(span.end()));
    let before = &text[TextRange::new(first.start(), span.start())];
    let after = &text[TextRange::new(span.end(), last.end())];
    if !after.trim().is_empty() {
        return span;
    }
    if !before.trim().is_empty() {
        // The blanks in front of what ended a line.
        return TextRange::new(span.start() - (TextSize::of(before) - TextSize::of(before.trim_end())), last.end());
    }
    let is_blank = |line: &str| line.trim().is_empty();
    let follows = text.get(usize::from(last.end()) + 1..);
    let end = if follows.is_some() { last.end() + TextSize::of('\n') } else { last.end() };
    let above = text[..usize::from(first.start())].lines().next_back();
    let below = follows.and_then(|follows| follows.split_inclusive('\n').next());
    let end = match below.filter(|line| is_blank(line) && above.is_none_or(is_blank)) {
        Some(line) => end + TextSize::of(line),
        None => end,
    };
    TextRange::new(first.start(), end)
}
