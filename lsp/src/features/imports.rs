//! What other files have for a file, and how it comes to it.

use super::code_actions::extract;
use crate::snapshot::View;
use crate::workspace;
use text_size::TextRange;
use zisc_core::{Db, SourceFile, items, parsed};
use zisc_syntax::tree::{Item, ItemKind, Name};

/// The files that a file can import, each with the path that it writes for it. An integration is no library.
pub(super) fn libraries<'a>(view: &View<'a>) -> Vec<(String, View<'a>)> {
    let is_library =
        |other: &View<'_>| other.file != view.file && !other.is_bundle() && !is_integration(other.db, other.file);
    let others = view.snapshot.views().into_iter().filter(is_library);
    others.filter_map(|other| Some((workspace::relative(&view.uri, &other.uri)?, other))).collect()
}

/// Whether a file is an integration, without reading more of it than that line.
#[salsa::tracked]
fn is_integration(db: &dyn Db, file: SourceFile) -> bool {
    let has_word = |text: &str| text.lines().any(|line| line.trim_start().starts_with("integration"));
    let may_be = items(db, file).iter().filter(|item| has_word(item.text(db)));
    may_be.map(|item| &parsed(db, *item).item.kind).any(|kind| matches!(kind, ItemKind::Integration { .. }))
}

/// The change that imports a name: into the import of its file, or as a new one.
pub(super) fn edit(view: &View<'_>, name: &str, path: &str) -> (TextRange, String) {
    for item in items(view.db, view.file) {
        let tree = &parsed(view.db, *item).item;
        if let ItemKind::Import { names: Some(names), path: Some(written) } = &tree.kind
            && let Some(last) = names.last()
            && workspace::beside(&view.uri, &written.text) == workspace::beside(&view.uri, path)
        {
            let end = TextRange::empty(last.span.end() + item.start(view.db));
            return (end, format!("{}{name}", separator(item.text(view.db), tree, last)));
        }
    }
    extract::declaration(view, &format!("import {{ {name} }} from \"{path}\"\n"), |kind| {
        matches!(kind, ItemKind::Integration { .. } | ItemKind::Bundle { .. } | ItemKind::Import { .. })
    })
}

/// What stands between the last name of a list and a further one: a line for each where each has one.
fn separator(text: &str, item: &Item, last: &Name) -> String {
    let before = &text[TextRange::new(item.span.start(), last.span.start())];
    let line = &before[before.rfind('\n').map_or(before.len(), |end| end + 1)..];
    match before.contains('\n') && line.trim().is_empty() {
        true => format!(",\n{line}"),
        false => ", ".to_owned(),
    }
}
