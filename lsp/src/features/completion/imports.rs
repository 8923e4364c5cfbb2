//! What other files declare and this one does not import yet: the import comes with the name.

use super::{Completion, Kind, completion};
use crate::features::code_actions::extract;
use crate::snapshot::View;
use crate::workspace;
use text_size::TextRange;
use zisc_core::navigate::{self, OutlineKind, Sort};
use zisc_core::{declarations, items, parsed};
use zisc_syntax::tree::ItemKind;

/// The actions or types of the libraries around a file.
pub(super) fn offers(view: &View<'_>, sort: Sort, replace: TextRange) -> Vec<Completion> {
    let known = declarations(view.db, view.file);
    let is_known = |name: &str| match sort {
        Sort::Action => known.actions.contains_key(name),
        _ => known.types.contains_key(name),
    };
    let kind = if sort == Sort::Action { Kind::Action } else { Kind::Type };
    let mut all = Vec::new();
    for other in view.snapshot.views() {
        // An integration is no library.
        if other.file == view.file || other.is_bundle() || declarations(other.db, other.file).integration.is_some() {
            continue;
        }
        let Some(path) = workspace::relative(&view.uri, &other.uri) else { continue };
        for (found, _) in navigate::items_named(other.db, other.file, |name| !is_known(name)) {
            if found.kind == OutlineKind::Item(sort) {
                let from = Some(format!("from \"{path}\""));
                let item = completion(&found.name, kind, from, None, replace, "4");
                all.push(Completion { beside: Some(import(view, &found.name, &path)), ..item });
            }
        }
    }
    all
}

/// The change that imports a name: into the import of its file, or as a new one.
fn import(view: &View<'_>, name: &str, path: &str) -> (TextRange, String) {
    for item in items(view.db, view.file) {
        if let ItemKind::Import { names: Some(names), path: Some(written) } = &parsed(view.db, *item).item.kind
            && let Some(last) = names.last()
            && workspace::beside(&view.uri, &written.text) == workspace::beside(&view.uri, path)
        {
            return (TextRange::empty(last.span.end() + item.start(view.db)), format!(", {name}"));
        }
    }
    extract::declaration(view, &format!("import {{ {name} }} from \"{path}\"\n"), |kind| {
        matches!(kind, ItemKind::Integration { .. } | ItemKind::Bundle { .. } | ItemKind::Import { .. })
    })
}
