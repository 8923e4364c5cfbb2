//! What editors ask: what stands at a place, where it is defined, where else it is used, what type it has, what it
//! becomes.
//!
//! Each question is a file. What it needs of a whole file it gathers from the items, and what is known about an item is
//! a query of its own: after an edit only the item that was edited is looked at again.

mod calls;
mod definition;
mod fields;
mod highlight;
mod names;
mod outline;
mod symbol;
mod value;

pub use calls::{Call, calls_in};
pub use definition::{Site, definitions, field_definition, flow_of_job, flows_of_event, is_taken, jobs_of_flow, named};
pub use fields::{FieldRead, JqPlace, field_at, jq_place};
pub use highlight::{Highlight, HighlightKind, highlights};
pub use names::occurrences;
pub use outline::{Outline, OutlineKind, items_named, outline};
pub use symbol::{Access, Form, LocalSort, Occurrence, Sort, Symbol};
pub use value::{Bound, MadeState, bindings, kind_of, names_at, states, states_at, value_place};

use crate::{Db, ItemSource, SourceFile, items};
use text_size::TextSize;

/// The item at a place of a file.
pub fn item_at<'db>(db: &'db dyn Db, file: SourceFile, offset: TextSize) -> Option<ItemSource<'db>> {
    let items = items(db, file);
    let after = items.partition_point(|item| item.start(db) <= offset);
    items.get(after.checked_sub(1)?).copied()
}

/// The name at a place of a file, counted from the start of its item.
pub fn occurrence_at<'db>(
    db: &'db dyn Db,
    file: SourceFile,
    offset: TextSize,
) -> Option<(ItemSource<'db>, &'db Occurrence)> {
    let item = item_at(db, file, offset)?;
    let at = offset - item.start(db);
    // Names of parts stand in names of wholes: `settings` in `settings.load`.
    let here = occurrences(db, item).iter().filter(|occurrence| occurrence.span.contains_inclusive(at));
    let nearest = here.min_by_key(|occurrence| (occurrence.span.len(), occurrence.span.end() == at))?;
    Some((item, nearest))
}

/// All occurrences of a symbol in a file, with places in the file.
pub fn references(db: &dyn Db, file: SourceFile, from: ItemSource<'_>, symbol: &Symbol) -> Vec<Occurrence> {
    let of_all = items(db, file);
    let items = match symbol {
        // What an item binds for itself stands nowhere else.
        Symbol::Local { .. } => std::slice::from_ref(&from),
        _ => of_all,
    };
    let mut found = Vec::new();
    for item in items {
        let here = occurrences(db, *item).iter().filter(|occurrence| occurrence.symbol.is(symbol));
        let start = item.start(db);
        found.extend(here.map(|occurrence| Occurrence { span: occurrence.span + start, ..occurrence.clone() }));
    }
    found
}

/// Whether a type needs no declaration.
pub fn is_built_in_type(name: &str) -> bool {
    crate::declaration::BUILT_IN_TYPES.iter().any(|(known, _)| *known == name)
}
