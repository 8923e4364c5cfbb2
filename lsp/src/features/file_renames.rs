//! Files that get another name, and the imports that name them.

use crate::snapshot::Snapshot;
use crate::workspace;
use std::collections::HashMap;
use tower_lsp::ls_types::{FileRename, TextEdit, Uri, WorkspaceEdit};
use zisc_core::{items, parsed};
use zisc_syntax::tree::ItemKind;

/// The changes that let imports follow the files.
pub(crate) fn edits(snapshot: &Snapshot, renames: &[FileRename]) -> Option<WorkspaceEdit> {
    #[allow(clippy::mutable_key_type, reason = "the protocol's type; nobody changes an address that is a key")]
    let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
    for view in snapshot.views() {
        let moved = renamed(&view.uri, renames);
        for item in items(view.db, view.file) {
            let ItemKind::Import { path: Some(path), .. } = &parsed(view.db, *item).item.kind else { continue };
            let Some(target) = workspace::beside(&view.uri, &path.text) else { continue };
            let target_moved = renamed(&target, renames);
            if moved.is_none() && target_moved.is_none() {
                continue;
            }
            let from = moved.as_ref().unwrap_or(&view.uri);
            let Some(written) = workspace::relative(from, target_moved.as_ref().unwrap_or(&target)) else { continue };
            let edit = TextEdit::new(view.range(path.span + item.start(view.db)), format!("\"{written}\""));
            if written != path.text.as_str() {
                changes.entry(view.uri.clone()).or_default().push(edit);
            }
        }
    }
    (!changes.is_empty()).then(|| WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() })
}

/// What a file is called then; nothing where it keeps its name. A folder takes its files along.
fn renamed(uri: &Uri, renames: &[FileRename]) -> Option<Uri> {
    renames.iter().find_map(|rename| {
        let rest = uri.as_str().strip_prefix(rename.old_uri.trim_end_matches('/'))?;
        let is_part = rest.is_empty() || rest.starts_with('/');
        is_part.then(|| format!("{}{rest}", rename.new_uri.trim_end_matches('/')).parse().ok())?
    })
}
