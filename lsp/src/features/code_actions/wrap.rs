use super::{Offer, Selection};
use tower_lsp::ls_types::CodeActionKind;
use zisc_syntax::Node;
use zisc_syntax::tree::{ExpressionKind, StatementKind};

/// Puts a statement that can fail into a `try`.
pub(super) fn offer(selection: &Selection<'_>) -> Option<Offer> {
    let statement = selection.statement()?;
    let can_fail = match &statement.kind {
        StatementKind::Let { value, catch: None, .. } | StatementKind::Expression { value, catch: None } => {
            matches!(value.kind, ExpressionKind::Call { .. } | ExpressionKind::Jq { .. })
        }
        StatementKind::For { catch: None, .. } => true,
        _ => false,
    };
    // Only the head of a long statement is meant: inside a `for` its own statements are.
    let in_try = selection
        .around
        .iter()
        .any(|node| matches!(node, Node::Statement(outer) if matches!(outer.kind, StatementKind::Try { .. })));
    if !can_fail || in_try {
        return None;
    }
    let indentation = selection.indentation(statement.span.start());
    let text = selection.text(statement.span);
    // Texts over several lines keep theirs.
    let inner = match text.contains("\"\"\"") || text.contains('`') {
        true => text.to_owned(),
        false => text.replace('\n', "\n  "),
    };
    let wrapped = format!(
        "try {{\n{indentation}  {inner}\n{indentation}}} catch err {{\n{indentation}  fail \"Failed\", \"${{err.Cause}}\"\n{indentation}}}"
    );
    let edits = vec![(statement.span + selection.start, wrapped)];
    Some(Offer::new(CodeActionKind::REFACTOR_REWRITE, "catch what goes wrong here", edits))
}
