//! A text that is being edited, and where its lines are.

use line_index::{LineIndex, WideEncoding, WideLineCol};
use std::borrow::Cow;
use std::ops::Range;
use text_size::{TextRange, TextSize};
use tower_lsp::ls_types;
use zisc_core::{Db, SourceFile};

/// How the client counts columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Encoding {
    /// In bytes.
    Utf8,
    /// In 16-bit units, as the protocol has it where nothing else is agreed on.
    #[default]
    Utf16,
}

/// Where the lines of a file are.
#[salsa::tracked]
pub(crate) fn lines_of(db: &dyn Db, file: SourceFile) -> LineIndex {
    LineIndex::new(file.text(db))
}

/// Where the lines of a text are, and how the client counts in them.
pub(crate) struct Lines<'a> {
    pub(crate) text: &'a str,
    index: Cow<'a, LineIndex>,
    encoding: Encoding,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a str, encoding: Encoding) -> Self {
        Self { text, index: Cow::Owned(LineIndex::new(text)), encoding }
    }

    /// The lines of a file, counted once for each text.
    pub(crate) fn of(db: &'a dyn Db, file: SourceFile, encoding: Encoding) -> Self {
        Self { text: file.text(db), index: Cow::Borrowed(lines_of(db, file)), encoding }
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

    /// The bytes of a range; one that runs backwards is taken for an empty one.
    pub(crate) fn span(&self, range: ls_types::Range) -> TextRange {
        let (start, end) = (self.offset(range.start), self.offset(range.end));
        TextRange::new(start, end.max(start))
    }

    /// How long a text is, as the client counts.
    pub(crate) fn length(&self, text: &str) -> u32 {
        let length = match self.encoding {
            Encoding::Utf8 => text.len(),
            Encoding::Utf16 if text.is_ascii() => text.len(),
            Encoding::Utf16 => text.encode_utf16().count(),
        };
        u32::try_from(length).unwrap_or(u32::MAX)
    }

    /// The line around a byte, without its end.
    pub(crate) fn line_at(&self, offset: TextSize) -> TextRange {
        let at = usize::from(offset).min(self.text.len());
        let start = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
        let end = self.text[at..].find('\n').map_or(self.text.len(), |length| at + length);
        TextRange::new(size(start), size(end.max(start)))
    }
}

/// A text, and where its items begin where that is known.
pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) starts: Option<Vec<usize>>,
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self { text, starts: None }
    }
}

/// The text after the changes of one notification, each applied to the result of the one before.
pub(crate) fn changed(
    lines: Lines<'_>,
    known: Option<&[usize]>,
    changes: Vec<ls_types::TextDocumentContentChangeEvent>,
) -> Text {
    let encoding = lines.encoding;
    let mut edited: Option<String> = None;
    let mut starts = known.map(<[usize]>::to_vec);
    for change in changes {
        let Some(range) = change.range else {
            edited = Some(change.text);
            starts = None;
            continue;
        };
        // The lines of the first text are known; those of the texts after it are counted each time.
        let span = match &edited {
            None => lines.span(range),
            Some(text) => Lines::new(text, encoding).span(range),
        };
        let text = edited.get_or_insert_with(|| lines.text.to_owned());
        let place = Range::<usize>::from(span);
        let gone = text[place.clone()].to_owned();
        text.replace_range(place.clone(), &change.text);
        let come = place.start..place.start + change.text.len();
        starts = starts.map(|known| zisc_syntax::item_starts_after(&known, text, come, &gone));
    }
    Text { text: edited.unwrap_or_else(|| lines.text.to_owned()), starts }
}

fn size(at: usize) -> TextSize {
    TextSize::try_from(at).unwrap_or_default()
}
