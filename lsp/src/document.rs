//! A text that is being edited, and where its lines are.

use line_index::{LineIndex, WideEncoding, WideLineCol};
use std::ops::Range;
use text_size::{TextRange, TextSize};
use tower_lsp::ls_types;

/// How the client counts columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// In bytes.
    Utf8,
    /// In 16-bit units, as the protocol has it where nothing else is agreed on.
    #[default]
    Utf16,
}

/// Where the lines of a text are.
pub(crate) struct Lines<'a> {
    text: &'a str,
    index: LineIndex,
    encoding: Encoding,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a str, encoding: Encoding) -> Self {
        Self { text, index: LineIndex::new(text), encoding }
    }

    /// The byte at a position; positions past the end of a line or of the text are taken back to it.
    pub(crate) fn offset(&self, position: ls_types::Position) -> TextSize {
        let end = TextSize::of(self.text);
        let Some(line) = self.index.line(position.line) else { return end };
        let text = &self.text[Range::<usize>::from(line)];
        let text = text.trim_end_matches(['\n', '\r']);
        let mut column = 0;
        for (at, character) in text.char_indices() {
            if column >= position.character {
                return line.start() + size(at);
            }
            column += match self.encoding {
                Encoding::Utf8 => u32::try_from(character.len_utf8()).unwrap_or(1),
                Encoding::Utf16 => u32::try_from(character.len_utf16()).unwrap_or(1),
            };
        }
        line.start() + size(text.len())
    }

    /// The position of a byte.
    pub(crate) fn position(&self, offset: TextSize) -> ls_types::Position {
        let mut offset = offset.min(TextSize::of(self.text));
        while !self.text.is_char_boundary(usize::from(offset)) {
            offset -= TextSize::from(1);
        }
        let at = self.index.line_col(offset);
        match self.encoding {
            Encoding::Utf8 => ls_types::Position::new(at.line, at.col),
            Encoding::Utf16 => {
                let wide = self.index.to_wide(WideEncoding::Utf16, at);
                let wide = wide.unwrap_or(WideLineCol { line: at.line, col: at.col });
                ls_types::Position::new(wide.line, wide.col)
            }
        }
    }

    pub(crate) fn range(&self, span: TextRange) -> ls_types::Range {
        ls_types::Range::new(self.position(span.start()), self.position(span.end()))
    }
}

/// The text after the changes of one notification, each applied to the result of the one before.
pub(crate) fn changed(
    text: &str,
    changes: Vec<ls_types::TextDocumentContentChangeEvent>,
    encoding: Encoding,
) -> String {
    let mut text = text.to_owned();
    for change in changes {
        match change.range {
            None => text = change.text,
            Some(range) => {
                let lines = Lines::new(&text, encoding);
                let (start, end) = (lines.offset(range.start), lines.offset(range.end));
                let range = usize::from(start)..usize::from(end.max(start));
                text.replace_range(range, &change.text);
            }
        }
    }
    text
}

fn size(at: usize) -> TextSize {
    TextSize::try_from(at).unwrap_or_default()
}
