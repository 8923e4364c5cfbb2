#![allow(missing_docs, reason = "salsa's macros write functions without documentation")]

use crate::{Cuts, Db, Notation, SourceFile};
use text_size::TextSize;

/// The text of one top-level item. Its identity is its number in the file, so that an edit inside it leaves all others
/// alone.
#[salsa::tracked(debug)]
pub struct ItemSource<'db> {
    /// Its number.
    #[returns(copy)]
    pub number: u32,
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
    let text = file.text(db);
    let is_bundle = Notation::of(file.path(db), text) == Notation::Bundle;
    let known = file.cuts(db).cloned().unwrap_or_else(|| match is_bundle {
        true => Cuts::default(),
        false => Cuts::new(zisc_syntax::item_starts(text)),
    });
    // An item that is gone stays as an empty one, until its number is needed.
    for number in known.unused() {
        ItemSource::new(db, *number, String::new(), TextSize::default());
    }
    let items = zisc_syntax::split_at(text, known.starts()).into_iter().zip(known.numbers());
    items.map(|(item, number)| ItemSource::new(db, *number, item.text, item.start)).collect()
}

/// The tree of an item and the mistakes in its form.
#[salsa::tracked]
pub fn parsed<'db>(db: &'db dyn Db, item: ItemSource<'db>) -> zisc_syntax::Parsed {
    zisc_syntax::parse(item.text(db))
}
