//! Where else a name is used.

mod fields;

use super::bundle;
use crate::snapshot::View;
use text_size::TextSize;
use tower_lsp::ls_types::{DocumentHighlight, DocumentHighlightKind, Location};
use zisc_core::navigate::{self, Access};

/// All places of the name at a place.
pub(crate) fn references(view: &View<'_>, offset: TextSize, with_declaration: bool) -> Option<Vec<Location>> {
    if view.is_bundle() {
        let found = bundle::names::at(view, offset)?;
        let wanted = found.iter().filter(|found| with_declaration || found.access != Access::Declaration);
        return Some(wanted.map(|found| view.location(found.span)).collect());
    }
    let Some((item, occurrence)) = navigate::occurrence_at(view.db, view.file, offset) else {
        return fields::references(view, offset, with_declaration);
    };
    let found = navigate::references(view.db, &view.snapshot.files(), view.file, item, &occurrence.symbol);
    let wanted = found.iter().filter(|(_, found)| with_declaration || found.access != Access::Declaration);
    Some(wanted.filter_map(|(file, found)| view.snapshot.place(*file, found.span)).collect())
}

/// The same in this file, with what is done with the name at each place.
pub(crate) fn highlights(view: &View<'_>, offset: TextSize) -> Option<Vec<DocumentHighlight>> {
    let highlight = |span, access| DocumentHighlight {
        range: view.range(span),
        kind: Some(match access {
            Access::Read => DocumentHighlightKind::READ,
            Access::Declaration | Access::Write => DocumentHighlightKind::WRITE,
        }),
    };
    if view.is_bundle() {
        let found = bundle::names::at(view, offset)?;
        return Some(found.iter().map(|found| highlight(found.span, found.access)).collect());
    }
    let (item, occurrence) = navigate::occurrence_at(view.db, view.file, offset)?;
    let found = navigate::references(view.db, &[view.file], view.file, item, &occurrence.symbol);
    let here = found.iter().filter(|(file, _)| *file == view.file);
    Some(here.map(|(_, found)| highlight(found.span, found.access)).collect())
}
