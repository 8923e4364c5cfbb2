//! What editors ask: what stands at a place, where it is defined, where else it is used, what type it has, what it
//! becomes.
//!
//! Each question is a file. What it needs of a whole file it gathers from the items, and what is known about an item is
//! a query of its own: after an edit only the item that was edited is looked at again.

pub mod bundle;
mod calls;
mod definition;
mod drawing;
mod fields;
mod highlight;
mod names;
mod outline;
mod refusal;
mod symbol;
mod value;

pub use calls::{Call, calls_in};
pub use definition::{
    Site, declared_field, definitions, field_definitions, flow_of_job, flows_of_event, is_taken, jobs_of_flow, meant,
    named, record_definition,
};
pub use drawing::{FlowPlace, drawn_flow, flows};
pub use fields::{FieldRead, JqPlace, field_at, jq_place};
pub use highlight::{Highlight, HighlightKind, highlights};
pub use names::occurrences;
pub use outline::{Outline, OutlineKind, items_named, outline};
pub use refusal::why_not_called;
pub use symbol::{Access, Form, LocalSort, Occurrence, SORTS, Sort, Symbol};
pub use value::{Bound, MadeState, bindings, kind_of, names_at, states, states_at, value_place};

use crate::{Db, ItemSource, SourceFile, items};
use definition::home;
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

/// The value that is given where the name of a parameter gives it, too: `f(name)`.
pub fn value_beside<'db>(db: &'db dyn Db, item: ItemSource<'db>, parameter: &Occurrence) -> Option<&'db Occurrence> {
    let is_both = parameter.form == Form::KeyAndValue && matches!(parameter.symbol, Symbol::Parameter(..));
    let mut others = occurrences(db, item).iter().filter(|other| other.span == parameter.span && *other != parameter);
    others.next().filter(|_| is_both)
}

/// All places of what a symbol of `file` stands for, in this file and in those of `others` that can see it.
pub fn references(
    db: &dyn Db,
    others: &[SourceFile],
    file: SourceFile,
    from: ItemSource<'_>,
    symbol: &Symbol,
) -> Vec<(SourceFile, Occurrence)> {
    let mut found = Vec::new();
    let mut in_items = |file: SourceFile, items: &[ItemSource<'_>], symbol: &Symbol| {
        for item in items {
            let here = occurrences(db, *item).iter().filter(|occurrence| occurrence.symbol.is(symbol));
            let start = item.start(db);
            found.extend(here.map(|here| (file, Occurrence { span: here.span + start, ..here.clone() })));
        }
    };
    // What an item binds for itself stands nowhere else.
    if let Symbol::Local { .. } = symbol {
        in_items(file, &[from], symbol);
        return found;
    }
    let Some((home, symbol)) = home(db, file, symbol) else {
        in_items(file, items(db, file), symbol);
        return found;
    };
    in_items(home, items(db, home), &symbol);
    for other in others.iter().filter(|other| **other != home) {
        // A file that declares the name itself means that.
        if self::home(db, *other, &symbol).is_some_and(|(file, _)| file == home) {
            in_items(*other, items(db, *other), &symbol);
        }
    }
    found
}

/// The types that need no declaration.
pub fn built_in_types() -> impl Iterator<Item = &'static str> {
    crate::declaration::BUILT_IN_TYPES.iter().map(|(name, _)| *name)
}

/// Whether a type needs no declaration.
pub fn is_built_in_type(name: &str) -> bool {
    built_in_types().any(|known| known == name)
}
