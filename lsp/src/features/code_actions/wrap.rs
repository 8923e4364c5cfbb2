use super::{Offer, Selection};
use tower_lsp::ls_types::CodeActionKind;
use zisc_syntax::Node;
use zisc_syntax::tree::{Expression, ExpressionKind, Statement, StatementKind};

/// Puts statements that can fail into a `try`.
pub(super) fn offer(selection: &Selection<'_>) -> Option<Offer> {
    let statements = statements(selection)?;
    let (first, last) = (statements.first()?, statements.last()?);
    let in_try = selection
        .around
        .iter()
        .any(|node| matches!(node, Node::Statement(outer) if matches!(outer.kind, StatementKind::Try { .. })));
    let can_fail = match statements {
        [only] => can_fail(only),
        several => several.iter().any(holds_call),
    };
    if !can_fail || in_try {
        return None;
    }
    let indentation = selection.indentation(first.span.start());
    let whole = first.span.cover(last.span);
    let text = selection.text(whole);
    // Texts over several lines keep theirs.
    let inner = match text.contains("\"\"\"") || text.contains('`') {
        true => text.to_owned(),
        false => text.replace('\n', "\n  ").replace("\n  \n", "\n\n"),
    };
    let wrapped = format!(
        "try {{\n{indentation}  {inner}\n{indentation}}} catch err {{\n{indentation}  fail \"Failed\", \"${{err.Cause}}\"\n{indentation}}}"
    );
    let edits = vec![(whole + selection.start, wrapped)];
    Some(Offer::new(CodeActionKind::REFACTOR_REWRITE, "catch what goes wrong here", edits))
}

/// The statements that are selected; where that is a place in one, this one.
fn statements<'a>(selection: &Selection<'a>) -> Option<&'a [Statement]> {
    if let (Some(Node::Block(block)), false) = (selection.around.last(), selection.span.is_empty()) {
        let span = selection.span - selection.start;
        let first = block.statements.iter().position(|statement| statement.span.end() > span.start())?;
        let last = block.statements.iter().rposition(|statement| statement.span.start() < span.end())?;
        return block.statements.get(first..=last);
    }
    selection.statement().map(std::slice::from_ref)
}

/// Only the head of a long statement is meant: inside a `for` its own statements are.
fn can_fail(statement: &Statement) -> bool {
    match &statement.kind {
        StatementKind::Let { value, catch: None, .. } | StatementKind::Expression { value, catch: None } => {
            matches!(value.kind, ExpressionKind::Call { .. } | ExpressionKind::Jq { .. })
        }
        StatementKind::For { catch: None, .. } => true,
        _ => false,
    }
}

fn holds_call(statement: &Statement) -> bool {
    let mut holds = false;
    Node::Statement(statement).walk(&mut |node| {
        let Node::Expression(Expression { kind, .. }) = node else { return };
        holds |= matches!(kind, ExpressionKind::Call { .. } | ExpressionKind::Jq { .. });
    });
    holds
}
