//! Files that bring each other what they declare.

use crate::declaration::{Declaration, Declared, Import, declaration};
use crate::{Database, Db, ItemSource, Notation, SourceFile, Text, items};
use salsa::Setter;
use std::collections::{BTreeMap, HashSet};
use std::path::{Component, Path, PathBuf};

/// The paths that a file imports, as they stand in it.
#[salsa::tracked(returns(deref))]
pub fn imports(db: &dyn Db, file: SourceFile) -> Vec<Text> {
    let mut paths: Vec<Text> = Vec::new();
    for item in items(db, file) {
        if let Some(Declaration::Import(path, _)) = declaration(db, *item)
            && !paths.contains(path)
        {
            paths.push(path.clone());
        }
    }
    paths
}

/// Brings a file what it imports, and those files what they import. `load` gives the file that stands at a path as
/// another file writes it; nothing where there is none.
pub fn connect(
    db: &mut Database,
    file: SourceFile,
    load: &mut dyn FnMut(&mut Database, SourceFile, &str) -> Option<SourceFile>,
) {
    if Notation::of(file.path(db), file.text(db)) == Notation::Bundle {
        return; // it is whole as it stands
    }
    let mut seen = HashSet::from([file]);
    let mut waiting = vec![file];
    while let Some(file) = waiting.pop() {
        let paths = imports(db, file).to_vec();
        let mut found = BTreeMap::new();
        for path in paths {
            if let Some(imported) = load(db, file, &path) {
                found.insert(path.to_string(), imported);
                if seen.insert(imported) {
                    waiting.push(imported);
                }
            }
        }
        if *file.imports(db) != found {
            file.set_imports(db).to(found);
        }
    }
}

/// The path without `.` and `..`, so that the same file has the same path.
pub fn plain_path(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(plain.components().next_back(), Some(Component::RootDir)) => {}
            Component::ParentDir if matches!(plain.components().next_back(), Some(Component::Normal(_))) => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

/// A file and all that it needs of others, each once; itself first.
pub(crate) fn closure(db: &dyn Db, file: SourceFile) -> Vec<SourceFile> {
    let mut files = vec![file];
    let mut next = 0;
    while let Some(file) = files.get(next).copied() {
        next += 1;
        if imports(db, file).is_empty() {
            continue;
        }
        for imported in file.imports(db).values() {
            if !files.contains(imported) {
                files.push(*imported);
            }
        }
    }
    files
}

/// What a file declares, with its imports as positions in `files`.
pub(crate) fn declared<'db>(db: &'db dyn Db, file: SourceFile, files: &[SourceFile]) -> Declared<'db> {
    let items: Vec<&Declaration> = items(db, file).iter().filter_map(|item| declaration(db, *item).as_ref()).collect();
    let imports = items.iter().filter_map(|declared| match *declared {
        Declaration::Import(path, names) => {
            let imported = file.imports(db).get(path.as_str())?;
            let position = files.iter().position(|known| known == imported)?;
            Some(Import { path, names: names.as_deref(), file: position })
        }
        _ => None,
    });
    let imports = imports.collect();
    Declared::new(items, imports)
}

/// The items that a file imports, with the files in which they stand, in the order of the imports.
pub(crate) fn imported_items<'db>(db: &'db dyn Db, file: SourceFile) -> Vec<(SourceFile, ItemSource<'db>)> {
    let mut found = Vec::new();
    for item in items(db, file) {
        let Some(Declaration::Import(path, names)) = declaration(db, *item) else { continue };
        let Some(imported) = file.imports(db).get(path.as_str()).filter(|imported| **imported != file) else {
            continue;
        };
        for item in items(db, *imported) {
            let name = declaration(db, *item).as_ref().and_then(Declaration::exported);
            let brings = |name: &Text| names.as_ref().is_none_or(|names| names.contains(name));
            if name.is_some_and(brings) && !found.contains(&(*imported, *item)) {
                found.push((*imported, *item));
            }
        }
    }
    found
}
