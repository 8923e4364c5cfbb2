use super::{Offer, touches};
use crate::convert;
use crate::features::imports;
use crate::snapshot::View;
use text_size::TextRange;
use tower_lsp::ls_types::CodeActionKind;
use zisc_core::navigate::{self, OutlineKind};

/// The findings about names that nothing here has.
const UNKNOWN: &[&str] = &["unknown-name", "unknown-action", "unknown-type", "unknown-connection", "unknown-event"];

/// Imports a name that another file declares.
pub(super) fn offers(view: &View<'_>, span: TextRange) -> Vec<Offer> {
    let findings = zisc_core::findings(view.db, view.file, view.settings).iter();
    let here = findings.filter(|finding| touches(finding.span, span) && UNKNOWN.contains(&finding.rule.name));
    let mut offers = Vec::new();
    for finding in here {
        let name = &view.text[finding.span];
        for (path, library) in imports::libraries(view) {
            let items = navigate::items_named(library.db, library.file, |known| known == name);
            let can_be_imported = items
                .iter()
                .any(|(found, _)| matches!(found.kind, OutlineKind::Item(sort) if navigate::SORTS.contains(&sort)));
            if can_be_imported {
                let edits = vec![imports::edit(view, name, &path)];
                offers.push(Offer {
                    is_preferred: true,
                    mends: vec![convert::diagnostic(finding, &view.lines, &view.uri)],
                    ..Offer::new(CodeActionKind::QUICKFIX, format!("import `{name}` from \"{path}\""), edits)
                });
            }
        }
    }
    offers
}
