#![allow(missing_docs, reason = "salsa's macros write functions without documentation")]

use crate::{Db, Notation, SourceFile};
use text_size::TextSize;

/// The text of one top-level item. Its identity is its first line, so that an edit inside it leaves all others alone.
#[salsa::tracked(debug)]
pub struct ItemSource<'db> {
    /// The line that begins it.
    #[returns(deref)]
    pub heading: String,
    /// Its text.
    #[tracked]
    #[returns(deref)]
    pub text: String,
    /// Where it begins in its file. Only what publishes places reads it.
    #[tracked]
    #[returns(copy)]
    pub start: TextSize,
}

/// The items of a file, in order. Bundle JSON has none.
#[salsa::tracked(returns(deref))]
pub fn items<'db>(db: &'db dyn Db, file: SourceFile) -> Vec<ItemSource<'db>> {
    if Notation::of(file.path(db), file.text(db)) == Notation::Bundle {
        return Vec::new();
    }
    let text = file.text(db);
    let items = match file.starts(db) {
        Some(starts) => zisc_syntax::split_at(text, starts),
        None => zisc_syntax::split(text),
    };
    items.into_iter().map(|item| ItemSource::new(db, heading(&item.text).to_owned(), item.text, item.start)).collect()
}

/// The tree of an item and the mistakes in its form.
#[salsa::tracked]
pub fn parsed<'db>(db: &'db dyn Db, item: ItemSource<'db>) -> zisc_syntax::Parsed {
    zisc_syntax::parse(item.text(db))
}

fn heading(text: &str) -> &str {
    text.lines().find(|line| !line.trim().is_empty() && !line.trim_start().starts_with(['/', '@'])).unwrap_or_default()
}
