//! The same, written in another way: jq as an expression, jumps as blocks.

use super::{Offer, Selection};
use tower_lsp::ls_types::CodeActionKind;
use zisc_syntax::tree::{Expression, ExpressionKind, Item, ItemKind, LetTarget, Statement, StatementKind};
use zisc_syntax::{Node, TokenKind};

pub(super) fn offers(selection: &Selection<'_>) -> Vec<Offer> {
    expression(selection).into_iter().chain(blocks(selection)).collect()
}

/// A jq text as an expression, where it computes no more than one can.
fn expression(selection: &Selection<'_>) -> Option<Offer> {
    let jq = selection.around.iter().rev().find_map(|node| match node {
        Node::Expression(value @ Expression { kind: ExpressionKind::Jq { data: Some(data), program }, .. }) => {
            Some((*value, &**data, program))
        }
        _ => None,
    });
    let (value, data, program) = jq?;
    let is_path = matches!(data.kind, ExpressionKind::Name(_) | ExpressionKind::Field { .. });
    let written = zisc_core::jq_as_expression(&program.text, selection.text(data.span)).filter(|_| is_path)?;
    let edits = vec![(value.span + selection.start, written)];
    Some(Offer::new(CodeActionKind::REFACTOR_REWRITE, "write it without jq", edits))
}

/// A flow without the jumps that blocks and loops can say. What would be lost, comments and the names of params and
/// paths, must not be there.
fn blocks(selection: &Selection<'_>) -> Option<Offer> {
    let view = selection.view;
    if !matches!(selection.statement()?.kind, StatementKind::Goto { .. }) {
        return None;
    }
    let Some(Node::Item(item @ Item { kind: ItemKind::Flow(flow), .. })) = selection.around.first() else {
        return None;
    };
    let text = selection.text(item.span);
    let has_comments = zisc_syntax::tokens(text).iter().any(|(kind, _)| *kind == TokenKind::Comment);
    let params = &zisc_core::declarations(view.db, view.file).params;
    let uses_params = item.mentions().iter().any(|name| params.contains_key(&name.text));
    let is_wrong = zisc_core::findings(view.db, view.file, view.settings)
        .iter()
        .any(|finding| finding.level == zisc_core::Level::Error);
    if has_comments || uses_params || is_wrong {
        return None;
    }
    let name = flow.name.as_ref()?;
    let written = zisc_core::with_fewer_gotos(view.db, view.file, view.settings, &name.text)?;
    let kept = names_set_in(&zisc_syntax::parse(&written).item);
    if names_set_in(item).iter().any(|name| !kept.contains(name)) {
        return None;
    }
    let edits = vec![(item.span + selection.start, written)];
    Some(Offer::new(CodeActionKind::REFACTOR_REWRITE, "write the jumps as blocks", edits))
}

fn names_set_in(item: &Item) -> Vec<zisc_core::Name> {
    let mut names = Vec::new();
    Node::Item(item).walk(&mut |node| {
        if let Node::Statement(Statement { kind: StatementKind::Let { target, .. }, .. }) = node
            && let LetTarget::Member { root, .. } = target
        {
            names.push(root.text.clone());
        }
    });
    names
}
