//! Where else a name is used.

use crate::snapshot::View;
use text_size::TextSize;
use tower_lsp::ls_types::{DocumentHighlight, DocumentHighlightKind, Location};
use zisc_core::navigate::{self, Access};

/// All places of the name at a place.
pub(crate) fn references(view: &View<'_>, offset: TextSize, with_declaration: bool) -> Option<Vec<Location>> {
    let (item, occurrence) = navigate::occurrence_at(view.db, view.file, offset)?;
    let found = navigate::references(view.db, &view.snapshot.files(), view.file, item, &occurrence.symbol);
    let wanted = found.iter().filter(|(_, found)| with_declaration || found.access != Access::Declaration);
    Some(wanted.filter_map(|(file, found)| view.snapshot.place(*file, found.span)).collect())
}

/// The same in this file, with what is done with the name at each place.
pub(crate) fn highlights(view: &View<'_>, offset: TextSize) -> Option<Vec<DocumentHighlight>> {
    let (item, occurrence) = navigate::occurrence_at(view.db, view.file, offset)?;
    let found = navigate::references(view.db, &[view.file], view.file, item, &occurrence.symbol);
    let here = found.iter().filter(|(file, _)| *file == view.file);
    let highlight = |(_, found): &(_, navigate::Occurrence)| DocumentHighlight {
        range: view.range(found.span),
        kind: Some(match found.access {
            Access::Read => DocumentHighlightKind::READ,
            Access::Declaration | Access::Write => DocumentHighlightKind::WRITE,
        }),
    };
    Some(here.map(highlight).collect())
}
