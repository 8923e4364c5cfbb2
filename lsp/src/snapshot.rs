use crate::document::Lines;
use crate::session::Session;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use text_size::{TextRange, TextSize};
use tower_lsp::ls_types::{Location, Position, Range, TextDocumentPositionParams, Uri};
use zisc_core::navigate::Site;
use zisc_core::{Database, Notation, Settings, SourceFile};

/// The state of everything at one moment. The next change waits until it is dropped.
#[derive(Clone)]
pub(crate) struct Snapshot {
    pub(crate) db: Database,
    pub(crate) session: Arc<Session>,
    pub(crate) documents: Arc<HashMap<Uri, Document>>,
    /// Files that were known once, and are not any more.
    pub(crate) gone: Arc<HashSet<Uri>>,
}

/// A file, and what the client says about it.
#[derive(Clone, Copy)]
pub(crate) struct Document {
    pub(crate) file: SourceFile,
    /// What the project around it says.
    pub(crate) settings: Settings,
    /// The version that the client gave it; nothing where it is not open.
    pub(crate) version: Option<i32>,
    /// Whether it may import something.
    pub(crate) imports: bool,
}

/// A file of a snapshot, with its lines.
pub(crate) struct View<'a> {
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) db: &'a Database,
    pub(crate) settings: Settings,
    pub(crate) file: SourceFile,
    pub(crate) uri: Uri,
    pub(crate) text: &'a str,
    pub(crate) notation: Notation,
    pub(crate) lines: Lines<'a>,
}

impl Snapshot {
    pub(crate) fn document(&self, uri: &Uri) -> Option<Document> {
        self.documents.get(uri).copied()
    }

    pub(crate) fn lines(&self, file: SourceFile) -> Lines<'_> {
        Lines::of(&self.db, file, self.session.encoding)
    }

    /// The file of this name; nothing where nobody told of one, or where it is JSON that is no bundle.
    pub(crate) fn view(&self, uri: &Uri) -> Option<View<'_>> {
        self.view_of(self.document(uri)?, uri.clone())
    }

    fn view_of(&self, document: Document, uri: Uri) -> Option<View<'_>> {
        let Document { file, settings, .. } = document;
        let (db, text) = (&self.db, file.text(&self.db));
        let notation = Notation::of(uri.as_str(), text);
        if notation == Notation::Bundle && !zisc_core::is_bundle(uri.as_str(), text) {
            return None;
        }
        let lines = self.lines(file);
        Some(View { snapshot: self, db, settings, file, uri, text, notation, lines })
    }

    /// A file and a place in it.
    pub(crate) fn at(&self, place: &TextDocumentPositionParams) -> Option<(View<'_>, TextSize)> {
        let view = self.view(&place.text_document.uri)?;
        let offset = view.lines.offset(place.position);
        Some((view, offset))
    }

    /// All files, in the order of their names.
    pub(crate) fn views(&self) -> Vec<View<'_>> {
        let mut views: Vec<View<'_>> =
            self.documents.iter().filter_map(|(uri, document)| self.view_of(*document, uri.clone())).collect();
        views.sort_by(|a, b| a.uri.as_str().cmp(b.uri.as_str()));
        views
    }

    /// All files.
    pub(crate) fn files(&self) -> Vec<SourceFile> {
        self.documents.values().map(|document| document.file).collect()
    }

    /// A place in a file.
    pub(crate) fn place(&self, file: SourceFile, span: TextRange) -> Option<Location> {
        Some(Location::new(self.uri(file)?, self.lines(file).range(span)))
    }

    /// How the client names a file.
    pub(crate) fn uri(&self, file: SourceFile) -> Option<Uri> {
        file.path(&self.db).parse().ok()
    }

    /// Where something is defined.
    pub(crate) fn location(&self, site: &Site) -> Option<Location> {
        self.place(site.file, site.name)
    }
}

impl View<'_> {
    pub(crate) fn is_bundle(&self) -> bool {
        self.notation == Notation::Bundle
    }

    pub(crate) fn range(&self, span: TextRange) -> Range {
        self.lines.range(span)
    }

    pub(crate) fn position(&self, offset: TextSize) -> Position {
        self.lines.position(offset)
    }

    pub(crate) fn location(&self, span: TextRange) -> Location {
        Location::new(self.uri.clone(), self.range(span))
    }
}
