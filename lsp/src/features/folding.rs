//! What can be folded away.

use crate::snapshot::View;
use text_size::{TextRange, TextSize};
use tower_lsp::ls_types::{FoldingRange, FoldingRangeKind};
use zisc_core::navigate::bundle;
use zisc_core::{items, parsed};
use zisc_syntax::tree::{Expression, ExpressionKind, TypeExpression, TypeExpressionKind};
use zisc_syntax::{Node, TokenKind};

/// Items, blocks, records, jq texts and comments of more than a line; in bundles objects and lists.
pub(crate) fn folds(view: &View<'_>) -> Vec<FoldingRange> {
    let mut folds = Vec::new();
    if view.is_bundle() {
        let nested = bundle::parts_in(view.db, view.file).into_iter().filter(|part| part.is_nested);
        folds.extend(nested.filter_map(|part| fold(view, part.span, None)));
    }
    for item in items(view.db, view.file) {
        let start = item.start(view.db);
        let text = item.text(view.db);
        comments(view, text, start, &mut folds);
        let mut add = |span: TextRange| folds.extend(fold(view, span + start, None));
        Node::Item(&parsed(view.db, *item).item).walk(&mut |node| match node {
            Node::Item(item) => add(item.span),
            Node::Block(block) => add(block.span),
            Node::Expression(Expression {
                kind: ExpressionKind::Record(_) | ExpressionKind::Array(_) | ExpressionKind::Jq { .. },
                span,
            })
            | Node::Type(TypeExpression { kind: TypeExpressionKind::Record(_), span }) => add(*span),
            Node::Expression(Expression { kind: ExpressionKind::Call { brackets, .. }, .. }) => add(*brackets),
            _ => {}
        });
    }
    // One fold for each line: the largest.
    folds.sort_by_key(|fold| (fold.start_line, std::cmp::Reverse(fold.end_line)));
    folds.dedup_by_key(|fold| fold.start_line);
    folds
}

/// Comments on lines that follow each other.
fn comments(view: &View<'_>, text: &str, start: TextSize, folds: &mut Vec<FoldingRange>) {
    if !text.contains("//") {
        return;
    }
    let mut run: Option<TextRange> = None;
    let comments = zisc_syntax::tokens(text).into_iter().filter(|(kind, _)| *kind == TokenKind::Comment);
    for (_, span) in comments {
        run = match run {
            Some(run) if text[TextRange::new(run.end(), span.start())].trim().is_empty() => Some(run.cover(span)),
            other => {
                folds.extend(other.and_then(|run| fold(view, run + start, Some(FoldingRangeKind::Comment))));
                Some(span)
            }
        };
    }
    folds.extend(run.and_then(|run| fold(view, run + start, Some(FoldingRangeKind::Comment))));
}

fn fold(view: &View<'_>, span: TextRange, kind: Option<FoldingRangeKind>) -> Option<FoldingRange> {
    let (first, last) = (view.position(span.start()).line, view.position(span.end()).line);
    // The line of the closing bracket stays.
    let closes = view.text[span].ends_with(['}', ']', ')', '`']);
    let last = if closes { last.saturating_sub(1) } else { last };
    (last > first).then_some(FoldingRange {
        start_line: first,
        start_character: None,
        end_line: last,
        end_character: None,
        kind,
        collapsed_text: None,
    })
}
