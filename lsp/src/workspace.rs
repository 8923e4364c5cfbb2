//! The files of the folders that are open in the editor.

use crate::projects;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use tower_lsp::ls_types::Uri;

/// Folders that hold what others made.
const SKIPPED: &[&str] = &["node_modules", "target"];
/// So many files are read at the most: an editor may be open on a whole disk.
const MOST_FILES: usize = 5_000;
const MOST_FOLDERS: usize = 50_000;

/// The `.zis` files, the bundles and what projects say about themselves in a folder.
pub(crate) fn sources(folder: &Uri) -> Vec<PathBuf> {
    let Some(folder) = folder.to_file_path() else { return Vec::new() };
    let mut sources = Vec::new();
    let mut folders = VecDeque::from([folder.into_owned()]);
    let mut seen = 0;
    while let Some(folder) = folders.pop_front() {
        seen += 1;
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            let name = name.to_string_lossy();
            // A link to a folder may lead in a circle.
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder && !name.starts_with('.') && !SKIPPED.contains(&&*name) && seen < MOST_FOLDERS {
                folders.push_back(path);
            } else if !is_folder && is_ours(&path) {
                sources.push(path);
            }
        }
        if sources.len() >= MOST_FILES {
            break;
        }
    }
    sources
}

/// Whether a file can be told to be source, a bundle or about a project by its name.
fn is_ours(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "zis")
        || path
            .file_name()
            .and_then(|name| name.to_str())
            .is_some_and(|name| name == projects::NAME || zisc_core::is_bundle(name, ""))
}

/// Whether a file lies in one of these folders.
pub(crate) fn is_in(file: &Uri, folders: &[Uri]) -> bool {
    let Some(path) = file.to_file_path() else { return false };
    folders.iter().filter_map(Uri::to_file_path).any(|folder| path.starts_with(&folder))
}

/// The file that stands at a path as another file writes it.
pub(crate) fn beside(file: &Uri, path: &str) -> Option<Uri> {
    let file = file.to_file_path()?;
    Uri::from_file_path(zisc_core::plain_path(&file.parent()?.join(path)))
}

/// How one file writes the path of another.
pub(crate) fn relative(from: &Uri, to: &Uri) -> Option<String> {
    let (from, to) = (from.to_file_path()?, to.to_file_path()?);
    let (from, to): (Vec<_>, Vec<_>) = (from.parent()?.components().collect(), to.components().collect());
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from.len() - shared;
    let mut parts: Vec<_> = if up == 0 { vec![".".into()] } else { vec!["..".into(); up] };
    parts.extend(to[shared..].iter().map(|part| part.as_os_str().to_string_lossy().into_owned()));
    Some(parts.join("/"))
}

/// The text of a file; nothing where it is gone, or no text.
pub(crate) fn read(file: &Uri) -> Option<String> {
    let path = file.to_file_path()?;
    is_ours(&path).then(|| std::fs::read_to_string(&path).ok())?
}
