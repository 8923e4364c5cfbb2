//! Which actions an item calls.

use crate::{Db, ItemSource, Text, parsed};
use zisc_bundle::Span;
use zisc_syntax::Node;
use zisc_syntax::tree::{Expression, ExpressionKind};

/// A call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The name of what is called.
    pub callee: Text,
    /// Where the name stands, counted from the start of the item.
    pub span: Span,
}

/// The calls in an item, in the order of the text.
#[salsa::tracked(returns(deref))]
pub fn calls_in<'db>(db: &'db dyn Db, item: ItemSource<'db>) -> Vec<Call> {
    let mut calls = Vec::new();
    Node::Item(&parsed(db, item).item).walk(&mut |node| {
        if let Node::Expression(Expression { kind: ExpressionKind::Call { callee, .. }, .. }) = node
            && let Some(name) = callee.dotted()
        {
            calls.push(Call { callee: name.text, span: name.span });
        }
    });
    calls
}
