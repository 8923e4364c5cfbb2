use super::{Offer, Selection, touches};
use crate::convert;
use text_size::TextRange;
use tower_lsp::ls_types::CodeActionKind;
use zisc_core::Level;
use zisc_syntax::Node;

/// `@allow("…")` in front of a statement or an item, for what is no error.
pub(super) fn offers(selection: &Selection<'_>) -> Vec<Offer> {
    let view = selection.view;
    let at = match (selection.statement(), selection.around.first()) {
        (Some(statement), _) => statement.span.start(),
        (None, Some(Node::Item(item))) => item.span.start(),
        _ => return Vec::new(),
    };
    let findings = zisc_core::findings(view.db, view.file, view.settings).iter();
    let here = findings.filter(|finding| touches(finding.span, selection.span) && finding.level != Level::Error);
    here.map(|finding| {
        let name = finding.rule.name;
        let line = format!("@allow(\"{name}\")\n{}", selection.indentation(at));
        let edits = vec![(TextRange::empty(at + selection.start), line)];
        Offer {
            mends: vec![convert::diagnostic(finding, &view.lines, &view.uri)],
            ..Offer::new(CodeActionKind::QUICKFIX, format!("accept `{name}` here"), edits)
        }
    })
    .collect()
}
