//! The changes that findings bring themselves.

use super::{Offer, removal, touches};
use crate::convert;
use crate::snapshot::View;
use text_size::TextRange;
use tower_lsp::ls_types::CodeActionKind;
use zisc_core::{Finding, Fix};

/// What mends the findings at a place.
pub(super) fn at(view: &View<'_>, span: TextRange) -> Vec<Offer> {
    let here = findings(view).iter().filter(|finding| touches(finding.span, span));
    here.filter_map(|finding| {
        let fix = finding.fix.as_ref()?;
        let edits = vec![edit(view, fix)];
        Some(Offer {
            is_preferred: true,
            mends: vec![convert::diagnostic(finding, &view.lines, &view.uri)],
            ..Offer::new(CodeActionKind::QUICKFIX, fix.title.clone(), edits)
        })
    })
    .collect()
}

/// A change that mends what a rule finds at a place, where it finds something. It is the one to choose unless the
/// finding brings a change itself.
pub(super) fn mending(
    view: &View<'_>,
    rule: &str,
    place: TextRange,
    title: String,
    edits: Vec<(TextRange, String)>,
) -> Option<Offer> {
    let finding = findings(view).iter().find(|finding| finding.rule.name == rule && touches(finding.span, place))?;
    Some(Offer {
        is_preferred: finding.fix.is_none(),
        mends: vec![convert::diagnostic(finding, &view.lines, &view.uri)],
        ..Offer::new(CodeActionKind::QUICKFIX, title, edits)
    })
}

/// What mends all of them at once. Words are not taken away so: what is written first and used later would be gone when
/// the file is saved in between.
pub(super) fn all(view: &View<'_>) -> Option<Offer> {
    let mut edits: Vec<(TextRange, String)> = Vec::new();
    let takes_words = |fix: &&Fix| fix.replacement.is_empty() && view.text[fix.span].contains(char::is_alphanumeric);
    let fixes = findings(view).iter().filter_map(|finding| finding.fix.as_ref());
    for fix in fixes.filter(|fix| !takes_words(fix)) {
        // Of two changes of one place the first is made; the next round has the other.
        if edits.iter().all(|(made, _)| !touches(*made, fix.span)) {
            edits.push(edit(view, fix));
        }
    }
    (!edits.is_empty()).then(|| Offer::new(CodeActionKind::SOURCE_FIX_ALL, "fix all that can be fixed", edits))
}

fn edit(view: &View<'_>, fix: &Fix) -> (TextRange, String) {
    let span = if fix.replacement.is_empty() { removal::whole(view, fix.span) } else { fix.span };
    (span, fix.replacement.clone())
}

fn findings<'a>(view: &'a View<'_>) -> &'a [Finding] {
    zisc_core::findings(view.db, view.file, view.settings)
}
