use super::{Offer, Selection, removal};
use text_size::TextRange;
use tower_lsp::ls_types::CodeActionKind;
use zisc_core::navigate::{self, Access, Form, LocalSort, Symbol};
use zisc_syntax::tree::{LetTarget, StatementKind};

/// Puts the path in the place of its name.
pub(super) fn offer(selection: &Selection<'_>) -> Option<Offer> {
    let view = selection.view;
    let statement = selection.statement()?;
    let StatementKind::Let { target: LetTarget::Member { root, rest }, value, kind: None, .. } = &statement.kind else {
        return None;
    };
    let symbol = Symbol::Local { sort: LocalSort::Alias, name: root.text.clone(), at: root.span };
    let found = navigate::references(view.db, &[], view.file, selection.item, &symbol);
    let found: Vec<_> = found.into_iter().map(|(_, found)| found).collect();
    let is_alias = found.iter().any(|found| found.access == Access::Declaration);
    if !rest.is_empty() || !is_alias || !(root.span + selection.start).contains_range(selection.span) {
        return None;
    }
    let path = selection.text(value.span);
    let uses = found.iter().filter(|found| found.access != Access::Declaration);
    let mut edits: Vec<(TextRange, String)> = uses
        .map(|found| match found.form {
            Form::Plain => (found.span, path.to_owned()),
            Form::KeyAndValue => (found.span, format!("{}: {path}", root.text)),
        })
        .collect();
    edits.push((removal::whole(view, statement.span + selection.start), String::new()));
    Some(Offer::new(CodeActionKind::REFACTOR_INLINE, format!("put the path in place of `{}`", root.text), edits))
}
