//! The names that an item mentions, wherever they are declared.

use crate::tree::{
    Block, Expression, ExpressionKind, FieldType, Item, ItemKind, Name, RecordMember, Statement, StatementKind,
    TypeExpression, TypeExpressionKind,
};

impl Item {
    /// The names it mentions of types, actions, connections, configs, events, flows and values, in no certain order.
    /// `a.b.c` is mentioned as a whole and by its beginnings `a` and `a.b`.
    pub fn mentions(&self) -> Vec<Name> {
        let mut mentions = Mentions(Vec::new());
        match &self.kind {
            ItemKind::Param { kind, default, .. } => {
                kind.iter().for_each(|kind| mentions.kind(kind));
                default.iter().for_each(|value| mentions.expression(value));
            }
            ItemKind::Config { scope, fields, .. } => {
                scope.iter().for_each(|scope| mentions.expression(scope));
                mentions.fields(fields);
            }
            ItemKind::Type { value, .. } => value.iter().for_each(|kind| mentions.kind(kind)),
            ItemKind::Event { fields, .. } => mentions.fields(fields),
            ItemKind::Action(action) => {
                for parameter in &action.parameters {
                    parameter.kind.iter().for_each(|kind| mentions.kind(kind));
                    parameter.default.iter().for_each(|value| mentions.expression(value));
                }
                action.result.iter().for_each(|kind| mentions.kind(kind));
                mentions.0.extend(action.connection.clone());
                let fields = action.headers.iter().chain(&action.query).map(|field| &field.value);
                let values = action.address.iter().chain(fields).chain(&action.body);
                values.for_each(|value| mentions.expression(value));
            }
            ItemKind::Job { event, flow, .. } => mentions.0.extend(event.iter().chain(flow).cloned()),
            ItemKind::Flow(flow) => {
                let kind = flow.parameter.as_ref().and_then(|parameter| parameter.kind.as_ref());
                kind.into_iter().for_each(|kind| mentions.kind(kind));
                flow.body.iter().for_each(|body| mentions.block(body));
            }
            ItemKind::Raw { json, .. } | ItemKind::Extra { json } => mentions.expression(json),
            ItemKind::Integration { .. }
            | ItemKind::Bundle { .. }
            | ItemKind::Import { .. }
            | ItemKind::Connection { .. }
            | ItemKind::Error => {}
        }
        self.extra.iter().for_each(|extra| mentions.expression(extra));
        mentions.0
    }
}

struct Mentions(Vec<Name>);

impl Mentions {
    fn block(&mut self, block: &Block) {
        block.statements.iter().for_each(|statement| self.statement(statement));
    }

    fn statement(&mut self, statement: &Statement) {
        if let StatementKind::Let { kind: Some(kind), .. } = &statement.kind {
            self.kind(kind);
        }
        statement.expressions().into_iter().for_each(|expression| self.expression(expression));
        statement.blocks().into_iter().for_each(|block| self.block(block));
    }

    fn expression(&mut self, expression: &Expression) {
        match &expression.kind {
            ExpressionKind::Name(_) | ExpressionKind::Field { .. } => self.0.extend(expression.dotted()),
            ExpressionKind::Record(members) => {
                let short = members.iter().filter_map(|member| match member {
                    RecordMember::Short(name) => Some(name.clone()),
                    _ => None,
                });
                self.0.extend(short);
            }
            // The beginning of an action's name is no name of its own; that of `settings.load` is the config.
            ExpressionKind::Call { callee, arguments, .. } => {
                if let Some(name) = callee.dotted() {
                    let config = name.text.strip_suffix(".load").or_else(|| name.text.strip_suffix(".patch"));
                    self.0.extend(config.map(|config| Name { text: config.into(), span: name.span }));
                    self.0.push(name);
                    return arguments.iter().for_each(|argument| self.expression(&argument.value));
                }
            }
            _ => {}
        }
        expression.parts().into_iter().for_each(|part| self.expression(part));
    }

    fn fields(&mut self, fields: &[FieldType]) {
        fields.iter().for_each(|field| self.kind(&field.kind));
    }

    fn kind(&mut self, kind: &TypeExpression) {
        match &kind.kind {
            TypeExpressionKind::Name(name) => self.0.push(Name { text: name.clone(), span: kind.span }),
            TypeExpressionKind::Array(inner) | TypeExpressionKind::Nullable(inner) | TypeExpressionKind::Map(inner) => {
                self.kind(inner);
            }
            TypeExpressionKind::Union(members) => members.iter().for_each(|member| self.kind(member)),
            TypeExpressionKind::Record(fields) => self.fields(fields),
            TypeExpressionKind::Error | TypeExpressionKind::Literal(_) => {}
        }
    }
}
