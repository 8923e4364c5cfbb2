//! The files that a source imports.

use crate::file::TextFile;
use std::path::{Path, PathBuf};
use zisc_core::{Database, Finding, Level, Settings, SourceFile};

/// A source and all that it imports, each file once; the source first.
pub(crate) struct Sources {
    pub(crate) files: Vec<(TextFile, SourceFile)>,
    /// Files that are imported and cannot be read.
    pub(crate) missing: Vec<PathBuf>,
}

impl Sources {
    /// Reads what a source imports.
    pub(crate) fn read(db: &mut Database, source: TextFile) -> Self {
        let file = SourceFile::new(db, source.name(), source.text.clone());
        let mut files = vec![(source, file)];
        let mut missing = Vec::new();
        zisc_core::connect(db, file, &mut |db, importing, path| {
            let folder = files.iter().find(|(_, file)| *file == importing)?.0.path.parent()?.to_owned();
            let path = zisc_core::plain_path(&folder.join(path));
            if let Some((_, file)) = files.iter().find(|(file, _)| same(&file.path, &path)) {
                return Some(*file);
            }
            let Ok(text) = TextFile::read(&path) else {
                missing.push(path);
                return None;
            };
            let file = SourceFile::new(db, text.name(), text.text.clone());
            files.push((text, file));
            Some(file)
        });
        Self { files, missing }
    }

    /// The file that was named.
    pub(crate) fn source(&self) -> SourceFile {
        self.files[0].1
    }

    /// What is wrong with the files that are imported. Theirs are warnings for others to read, but an error stops this.
    pub(crate) fn errors_of_imports(
        &self,
        db: &Database,
        settings: Settings,
    ) -> impl Iterator<Item = (&TextFile, Vec<Finding>)> {
        self.files.iter().skip(1).filter_map(move |(text, file)| {
            let errors = zisc_core::findings(db, *file, settings).iter().filter(|its| its.level == Level::Error);
            let errors: Vec<Finding> = errors.cloned().collect();
            (!errors.is_empty()).then_some((text, errors))
        })
    }
}

fn same(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| std::path::absolute(path).map(|path| zisc_core::plain_path(&path)).ok();
    one == other || whole(one).is_some_and(|one| Some(one) == whole(other))
}
