//! Files that are named in a file.

use crate::snapshot::View;

use tower_lsp::ls_types::{DocumentLink, Uri};
use zisc_core::items;
use zisc_syntax::TokenKind;

/// Strings that name files beside this one: imports, the events of tests.
pub(crate) fn links(view: &View<'_>) -> Vec<DocumentLink> {
    let Some(path) = view.uri.to_file_path() else { return Vec::new() };
    let Some(folder) = path.parent() else { return Vec::new() };
    let mut links = Vec::new();
    for item in items(view.db, view.file) {
        let text = item.text(view.db);
        if !text.contains(".zis\"") && !text.contains(".json\"") {
            continue;
        }
        let strings = zisc_syntax::tokens(text).into_iter().filter(|(kind, _)| *kind == TokenKind::String);
        for (_, span) in strings {
            let name = &text[span];
            let named = name.ends_with(".zis") || name.ends_with(".json");
            let is_whole = text[..usize::from(span.start())].ends_with('"')
                && text[usize::from(span.end())..].starts_with('"');
            let target = folder.join(name);
            if !named || !is_whole || name.contains("://") || !target.is_file() {
                continue;
            }
            let Some(target) = Uri::from_file_path(clean(&target)) else { continue };
            let start = item.start(view.db);
            links.push(DocumentLink {
                range: view.range(span + start),
                target: Some(target),
                tooltip: None,
                data: None,
            });
        }
    }
    links
}

/// Without `.` and `..`.
fn clean(path: &std::path::Path) -> std::path::PathBuf {
    let mut clean = std::path::PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => drop(clean.pop()),
            part => clean.push(part),
        }
    }
    clean
}
