//! What can be written in an `import`.

use super::cursor::Cursor;
use super::text::size;
use super::{Completion, Kind, completion, imports, is_word, words};
use crate::workspace;
use text_size::{TextRange, TextSize};
use zisc_core::parsed;
use zisc_syntax::tree::ItemKind;

/// The names that other files declare, and their paths; nothing where the cursor stands in no import.
pub(super) fn completions(cursor: &Cursor<'_>) -> Option<Vec<Completion>> {
    let written = cursor.in_item().trim_start().strip_prefix("import")?;
    if !written.starts_with([' ', '{', '"']) {
        return None;
    }
    let in_text = written.matches('"').count() % 2 == 1;
    Some(match written.rsplit_once('{') {
        _ if in_text => paths(cursor),
        Some((_, list)) if !list.contains('}') => names(cursor),
        Some((_, list)) if list.trim_end_matches(is_word).trim_end().ends_with('}') => words(&["from"], cursor.word),
        _ => paths(cursor),
    })
}

/// The paths of files that can be imported.
fn paths(cursor: &Cursor<'_>) -> Vec<Completion> {
    let quote = cursor.line.rfind('"').map(|at| cursor.before.len() - cursor.line.len() + at);
    let (start, end) = match quote {
        Some(quote) => (quote, cursor.behind().find('"').map_or(0, |end| end + 1)),
        None => (usize::from(cursor.word.start()), 0),
    };
    let replace = TextRange::new(size(start), size(cursor.before.len() + end));
    let files = imports::libraries(cursor.view);
    files.iter().map(|(path, _)| completion(&format!("\"{path}\""), Kind::File, None, None, replace, "1")).collect()
}

/// The names that the file declares from which is imported, or any where it does not stand there yet.
fn names(cursor: &Cursor<'_>) -> Vec<Completion> {
    let view = cursor.view;
    let ItemKind::Import { names, path } = &parsed(view.db, cursor.item).item.kind else { return Vec::new() };
    let home = path.as_ref().and_then(|path| workspace::beside(&view.uri, &path.text));
    let others = names.iter().flatten().filter(|name| !name.span.contains_inclusive(cursor.offset));
    let given: Vec<&str> = others.map(|name| name.text.as_str()).collect();
    let replace = cursor.dotted();
    let mut all = Vec::new();
    for (path, library) in imports::libraries(view) {
        if home.as_ref().is_some_and(|home| *home != library.uri) {
            continue;
        }
        for (kind, name) in imports::declared(&library) {
            if given.contains(&name.as_str()) {
                continue;
            }
            let item = completion(&name, kind, Some(format!("from \"{path}\"")), None, replace, "1");
            all.push(if home.is_some() { item } else { with_path(cursor, item, &path) });
        }
    }
    all
}

/// The same with the end of the import, which is not written yet.
fn with_path(cursor: &Cursor<'_>, item: Completion, path: &str) -> Completion {
    let behind = cursor.behind();
    match behind.find('}') {
        Some(brace) if behind[brace + 1..].trim().is_empty() => {
            let end = TextRange::empty(size(cursor.before.len() + brace) + TextSize::of('}'));
            Completion { beside: Some((end, format!(" from \"{path}\""))), ..item }
        }
        None if behind.trim().is_empty() => {
            Completion { insert: format!("{} }} from \"{path}\"", item.insert), ..item }
        }
        _ => item,
    }
}
