//! Files: reading them, and finding the one that is meant.

use crate::render::line_and_column;
use anyhow::{Context, bail};
use std::path::{Path, PathBuf};
use zisc_bundle::json::{self, Comments};

/// A file and its text.
#[derive(Clone, Debug)]
pub(crate) struct TextFile {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

impl TextFile {
    /// Reads a file of UTF-8 text.
    pub(crate) fn read(path: &Path) -> anyhow::Result<Self> {
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let line = error.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count() + 1;
                bail!("{} is not UTF-8 text: a byte in line {line} is none. Save it as UTF-8", path.display());
            }
        };
        Ok(Self { path: path.to_owned(), text })
    }

    /// A place in it: `main.zis:12:3`, lines and columns from 1, columns in characters.
    pub(crate) fn place(&self, span: zisc_bundle::Span) -> String {
        let (line, column) = line_and_column(&self.text, span.start());
        format!("{}:{line}:{column}", self.name())
    }

    /// Its name in messages.
    pub(crate) fn name(&self) -> String {
        self.path.display().to_string()
    }
}

/// The source that is meant: the file itself, `main.zis` of a folder, or that of the current folder.
pub(crate) fn source(file: Option<&Path>) -> anyhow::Result<TextFile> {
    let path = file.unwrap_or(Path::new("."));
    if !path.is_dir() {
        return TextFile::read(path);
    }
    let main = path.join("main.zis");
    if !main.is_file() {
        bail!("{} has no main.zis: name the file to work on", path.display());
    }
    let main = if file.is_none() { PathBuf::from("main.zis") } else { main };
    TextFile::read(&main)
}

/// The files to check that a path means: the file itself, `main.zis` of a folder, or all source and all bundles below
/// the folder.
pub(crate) fn to_check(path: &Path) -> anyhow::Result<Vec<TextFile>> {
    if !path.is_dir() || path.join("main.zis").is_file() {
        return Ok(vec![source(Some(path))?]);
    }
    let mut files = Vec::new();
    for path in files_below(path, &|extension| extension == "zis" || extension == "json")? {
        // Other JSON lies about everywhere, and need not even be text.
        let is_source = path.extension().is_some_and(|extension| extension == "zis");
        match TextFile::read(&path) {
            Ok(file) if is_source || is_bundle(&file.text) => files.push(file),
            Ok(_) => {}
            Err(error) if is_source => return Err(error),
            Err(_) => {}
        }
    }
    if files.is_empty() {
        bail!("{} has neither source nor bundles in it", path.display());
    }
    Ok(files)
}

/// Whether a JSON text is a bundle: an object with resources of ours.
fn is_bundle(text: &str) -> bool {
    text.contains("\"resources\"")
        && text.contains("\"ZIS::")
        && json::read_with(text, Comments::Skipped).0.get("resources").is_some()
}

/// The `.zis` files below a folder, in order.
pub(crate) fn sources_below(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    files_below(folder, &|extension| extension == "zis")
}

/// The files below a folder whose extension is wanted, in order. Hidden folders are left out, and those that hold what
/// others wrote or what was built.
fn files_below(folder: &Path, is_wanted: &dyn Fn(&str) -> bool) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot read {}", folder.display()))?;
        let (path, name) = (entry.path(), entry.file_name());
        let skipped = name.to_string_lossy().starts_with('.') || name == "node_modules" || name == "target";
        // Links to folders are not followed: they may lead round in a circle.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if !skipped {
                found.append(&mut files_below(&path, is_wanted)?);
            }
        } else if path.extension().and_then(|extension| extension.to_str()).is_some_and(is_wanted) && path.is_file() {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Whether something other than a file is at a path: a device or a pipe, which takes text but must stay what it is.
pub(crate) fn is_stream(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}

/// Writes a file whole or not at all: beside it first, then in its place. What was there keeps its permissions, and a
/// link stays one.
pub(crate) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    if is_stream(path) {
        return std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()));
    }
    let target = std::fs::canonicalize(path);
    let path = target.as_deref().unwrap_or(path);
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.part", std::process::id()));
    let beside = PathBuf::from(beside);
    let same_permissions = || match std::fs::metadata(path) {
        Ok(before) => std::fs::set_permissions(&beside, before.permissions()),
        Err(_) => Ok(()), // there was nothing
    };
    let written =
        std::fs::write(&beside, text).and_then(|()| same_permissions()).and_then(|()| std::fs::rename(&beside, path));
    if written.is_err() {
        let _ = std::fs::remove_file(&beside); // what is left of it helps nobody
    }
    written.with_context(|| format!("cannot write {}", path.display()))
}
