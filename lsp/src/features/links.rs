//! Files that are named in a file.

use crate::snapshot::View;
use crate::workspace;
use tower_lsp::ls_types::DocumentLink;
use zisc_core::items;
use zisc_syntax::TokenKind;

/// Strings that name files beside this one: imports, the events of tests.
pub(crate) fn links(view: &View<'_>) -> Vec<DocumentLink> {
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
            let is_whole =
                text[..usize::from(span.start())].ends_with('"') && text[usize::from(span.end())..].starts_with('"');
            if !named || !is_whole || name.contains("://") {
                continue;
            }
            let target = workspace::beside(&view.uri, name);
            let Some(target) = target.filter(|target| target.to_file_path().is_some_and(|path| path.is_file())) else {
                continue;
            };
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
