//! Names for paths whose value is overwritten while the name is in use.

use super::{expressions, statements};
use crate::finding::Finding;
use crate::{Text, rules};
use zisc_bundle::Span;
use zisc_syntax::tree::{Block, Expression, ExpressionKind, LetTarget, RecordMember, Statement, StatementKind};

/// Reads of a name for a path after a statement has written over that path.
pub(crate) fn overwritten(body: &Block, findings: &mut Vec<Finding>) {
    for (position, statement) in body.statements.iter().enumerate() {
        statement.blocks().into_iter().for_each(|block| overwritten(block, findings));
        let Some((name, value, root)) = alias(statement) else { continue };
        let mut later = Vec::new();
        for statement in &body.statements[position + 1..] {
            later.push(statement);
            statement.blocks().into_iter().for_each(|block| statements(block, &mut later));
        }
        let Some(write) = later.iter().position(|statement| bound(statement) == Some(root)) else { continue };
        let after = later[write + 1..].iter().find_map(|statement| read(statement, name));
        if let Some(read) = after {
            findings.push(
                rules::OVERWRITTEN
                    .at(read, format!("`{name}` is another name for `{value}`, and `{root}` was set anew before this"))
                    .label("this reads the new value")
                    .note(later[write].span, format!("`{root}` is set here"))
                    .help(format!("read it before, or give the second `{root}` another name")),
            );
        }
    }
}

/// The name that a statement gives a path, that path as it is written, and the name at its beginning.
fn alias(statement: &Statement) -> Option<(&Text, Text, &Text)> {
    let StatementKind::Let { target: LetTarget::Member { root, rest }, value, .. } = &statement.kind else {
        return None;
    };
    let written = value.dotted().filter(|_| rest.is_empty())?;
    let mut beginning = value;
    while let ExpressionKind::Field { base, .. } = &beginning.kind {
        beginning = base;
    }
    match &beginning.kind {
        ExpressionKind::Name(name) => Some((&root.text, written.text, name)),
        _ => None,
    }
}

/// The member that a statement sets.
fn bound(statement: &Statement) -> Option<&Text> {
    match &statement.kind {
        StatementKind::Let { target: LetTarget::Member { root, rest }, value, .. }
            if rest.is_empty() && value.dotted().is_none() =>
        {
            Some(&root.text)
        }
        StatementKind::For { target: Some(LetTarget::Member { root, rest }), .. } if rest.is_empty() => {
            Some(&root.text)
        }
        _ => None,
    }
}

/// Where a statement itself reads a name.
fn read(statement: &Statement, name: &Text) -> Option<Span> {
    let mut found: Vec<&Expression> = Vec::new();
    statement.expressions().into_iter().for_each(|expression| expressions(expression, &mut found));
    found.iter().find_map(|expression| match &expression.kind {
        ExpressionKind::Name(read) if read == name => Some(expression.span),
        ExpressionKind::Record(members) => members.iter().find_map(|member| match member {
            RecordMember::Short(short) if short.text == *name => Some(short.span),
            _ => None,
        }),
        _ => None,
    })
}
