use crate::document::{Encoding, Lines};
use std::collections::HashMap;
use tower_lsp::ls_types::Uri;
use zisc_core::{Database, Settings, SourceFile};

/// The state of everything at one moment. The next change waits until it is dropped.
#[derive(Clone)]
pub(crate) struct Snapshot {
    pub(crate) db: Database,
    pub(crate) settings: Settings,
    pub(crate) encoding: Encoding,
    pub(crate) files: HashMap<Uri, SourceFile>,
}

impl Snapshot {
    pub(crate) fn file(&self, uri: &Uri) -> Option<SourceFile> {
        self.files.get(uri).copied()
    }

    pub(crate) fn lines(&self, file: SourceFile) -> Lines<'_> {
        Lines::new(file.text(&self.db), self.encoding)
    }
}
