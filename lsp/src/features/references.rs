//! Where else a name is used.

use crate::snapshot::View;
use text_size::TextSize;
use tower_lsp::ls_types::{DocumentHighlight, DocumentHighlightKind, Location};
use zisc_core::navigate::{self, Access};

/// All places of the name at a place.
pub(crate) fn references(view: &View<'_>, offset: TextSize, with_declaration: bool) -> Option<Vec<Location>> {
    let (item, occurrence) = navigate::occurrence_at(view.db, view.file, offset)?;
    let found = navigate::references(view.db, view.file, item, &occurrence.symbol);
    let wanted = found.iter().filter(|found| with_declaration || found.access != Access::Declaration);
    Some(wanted.map(|found| view.location(found.span)).collect())
}

/// The same in this file, with what is done with the name at each place.
pub(crate) fn highlights(view: &View<'_>, offset: TextSize) -> Option<Vec<DocumentHighlight>> {
    let (item, occurrence) = navigate::occurrence_at(view.db, view.file, offset)?;
    let found = navigate::references(view.db, view.file, item, &occurrence.symbol);
    let highlight = |found: &navigate::Occurrence| DocumentHighlight {
        range: view.range(found.span),
        kind: Some(match found.access {
            Access::Read => DocumentHighlightKind::READ,
            Access::Declaration | Access::Write => DocumentHighlightKind::WRITE,
        }),
    };
    Some(found.iter().map(highlight).collect())
}
