//! The parts of a tree, whatever they are: for who asks what stands at a place.

use crate::Span;
use crate::tree::{
    Action, Argument, Block, Case, Catch, Expression, ExpressionKind, FieldType, Item, ItemKind, Parameter, Statement,
    StatementKind, TypeExpression, TypeExpressionKind,
};
use text_size::TextSize;

/// A part of a tree.
#[derive(Clone, Copy, Debug)]
pub enum Node<'t> {
    /// The item as a whole.
    Item(&'t Item),
    /// A parameter of an action or a flow.
    Parameter(&'t Parameter),
    /// Statements between braces.
    Block(&'t Block),
    /// A statement.
    Statement(&'t Statement),
    /// Values of a `match` and their block.
    Case(&'t Case),
    /// The `catch` of a statement.
    Catch(&'t Catch),
    /// An expression.
    Expression(&'t Expression),
    /// An argument of a call.
    Argument(&'t Argument),
    /// A type as written.
    Type(&'t TypeExpression),
    /// A field of a record type.
    Field(&'t FieldType),
}

impl<'t> Node<'t> {
    /// Where it stands.
    pub fn span(self) -> Span {
        match self {
            Node::Item(item) => item.span,
            Node::Parameter(parameter) => {
                let kind = parameter.kind.as_ref().map(|kind| kind.span);
                let default = parameter.default.as_ref().map(|default| default.span);
                [kind, default].into_iter().flatten().fold(parameter.name.span, Span::cover)
            }
            Node::Block(block) => block.span,
            Node::Statement(statement) => statement.span,
            Node::Case(case) => case.values.iter().fold(case.block.span, |span, value| span.cover(value.span)),
            Node::Catch(catch) => catch.span.cover(catch.block.span),
            Node::Expression(expression) => expression.span,
            Node::Argument(argument) => {
                argument.name.iter().fold(argument.value.span, |span, name| span.cover(name.span))
            }
            Node::Type(kind) => kind.span,
            Node::Field(field) => field.name.span.cover(field.kind.span),
        }
    }

    /// The parts of which it is made, in the order of the text.
    pub fn children(self) -> Vec<Node<'t>> {
        match self {
            Node::Item(item) => item_children(item),
            Node::Parameter(parameter) => {
                let kind = parameter.kind.iter().map(Node::Type);
                kind.chain(parameter.default.iter().map(Node::Expression)).collect()
            }
            Node::Block(block) => block.statements.iter().map(Node::Statement).collect(),
            Node::Statement(statement) => statement_children(statement),
            Node::Case(case) => case.values.iter().map(Node::Expression).chain([Node::Block(&case.block)]).collect(),
            Node::Catch(catch) => vec![Node::Block(&catch.block)],
            Node::Expression(expression) => match &expression.kind {
                ExpressionKind::Call { callee, arguments, .. } => {
                    std::iter::once(Node::Expression(callee)).chain(arguments.iter().map(Node::Argument)).collect()
                }
                _ => expression.parts().into_iter().map(Node::Expression).collect(),
            },
            Node::Argument(argument) => vec![Node::Expression(&argument.value)],
            Node::Type(kind) => match &kind.kind {
                TypeExpressionKind::Error | TypeExpressionKind::Name(_) | TypeExpressionKind::Literal(_) => Vec::new(),
                TypeExpressionKind::Array(inner)
                | TypeExpressionKind::Nullable(inner)
                | TypeExpressionKind::Map(inner) => vec![Node::Type(inner)],
                TypeExpressionKind::Union(members) => members.iter().map(Node::Type).collect(),
                TypeExpressionKind::Record(fields) => fields.iter().map(Node::Field).collect(),
            },
            Node::Field(field) => vec![Node::Type(&field.kind)],
        }
    }

    /// The parts around a place, the largest first; the part itself among them, wherever the place is.
    pub fn around(self, offset: TextSize) -> Vec<Node<'t>> {
        let mut around = vec![self];
        let mut inside = self;
        // Where two parts touch, the one that begins there is meant.
        while let Some(child) =
            inside.children().into_iter().rev().find(|child| child.span().contains_inclusive(offset))
        {
            around.push(child);
            inside = child;
        }
        around
    }

    /// Calls `visit` with it and with every part in it, in the order of the text.
    pub fn walk(self, visit: &mut dyn FnMut(Node<'t>)) {
        visit(self);
        self.children().into_iter().for_each(|child| child.walk(visit));
    }
}

fn item_children(item: &Item) -> Vec<Node<'_>> {
    let mut children = match &item.kind {
        ItemKind::Param { kind, default, .. } => {
            kind.iter().map(Node::Type).chain(default.iter().map(Node::Expression)).collect()
        }
        ItemKind::Config { scope, fields, .. } => {
            scope.iter().map(Node::Expression).chain(fields.iter().map(Node::Field)).collect()
        }
        ItemKind::Type { value, .. } => value.iter().map(Node::Type).collect(),
        ItemKind::Event { fields, .. } => fields.iter().map(Node::Field).collect(),
        ItemKind::Action(action) => action_children(action),
        ItemKind::Flow(flow) => {
            flow.parameter.iter().map(Node::Parameter).chain(flow.body.iter().map(Node::Block)).collect()
        }
        ItemKind::Raw { json, .. } | ItemKind::Extra { json } => vec![Node::Expression(json)],
        ItemKind::Integration { .. }
        | ItemKind::Bundle { .. }
        | ItemKind::Import { .. }
        | ItemKind::Connection { .. }
        | ItemKind::Job { .. }
        | ItemKind::Error => Vec::new(),
    };
    children.extend(item.extra.iter().map(Node::Expression));
    children
}

fn action_children(action: &Action) -> Vec<Node<'_>> {
    let mut children: Vec<Node<'_>> = action.parameters.iter().map(Node::Parameter).collect();
    children.extend(action.result.iter().map(Node::Type));
    children.extend(action.values().map(Node::Expression));
    children
}

fn statement_children(statement: &Statement) -> Vec<Node<'_>> {
    let mut children: Vec<Node<'_>> = match &statement.kind {
        StatementKind::Let { kind, value, .. } => {
            kind.iter().map(Node::Type).chain([Node::Expression(value)]).collect()
        }
        StatementKind::If { arms, otherwise } => arms
            .iter()
            .flat_map(|arm| [Node::Expression(&arm.condition), Node::Block(&arm.block)])
            .chain(otherwise.iter().map(Node::Block))
            .collect(),
        StatementKind::Match { value, cases, otherwise } => std::iter::once(Node::Expression(value))
            .chain(cases.iter().map(Node::Case))
            .chain(otherwise.iter().map(Node::Block))
            .collect(),
        StatementKind::While { condition, body } => vec![Node::Expression(condition), Node::Block(body)],
        StatementKind::For { list, body, .. } => vec![Node::Expression(list), Node::Block(body)],
        StatementKind::Try { body, .. } => vec![Node::Block(body)],
        _ => return leaf_children(statement),
    };
    children.extend(statement.catch().map(Node::Catch));
    children.extend(statement.extra.iter().map(Node::Expression));
    children
}

fn leaf_children(statement: &Statement) -> Vec<Node<'_>> {
    let expressions = statement.expressions().into_iter().map(Node::Expression);
    let mut children: Vec<Node<'_>> = expressions.chain(statement.catch().map(Node::Catch)).collect();
    children.sort_by_key(|child| child.span().start());
    children
}
