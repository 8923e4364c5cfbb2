//! Names of types, and names that stand twice in one list.

use crate::declaration::{BUILT_IN_TYPES, Declarations};
use crate::finding::Finding;
use crate::{Text, rules};
use std::collections::HashMap;
use zisc_bundle::{Span, nearest};
use zisc_syntax::tree::{
    Block, FieldType, Item, ItemKind, Name, Statement, StatementKind, TypeExpression, TypeExpressionKind,
};

/// Looks for names of types that do not exist.
pub(super) struct Types<'a> {
    pub(super) declarations: &'a Declarations,
    pub(super) findings: Vec<Finding>,
}

impl Types<'_> {
    pub(super) fn item(&mut self, item: &Item) {
        match &item.kind {
            ItemKind::Param { kind, .. } => kind.iter().for_each(|kind| self.kind(kind)),
            ItemKind::Type { value, .. } => value.iter().for_each(|kind| self.kind(kind)),
            ItemKind::Config { fields, .. } | ItemKind::Event { fields, .. } => self.fields(fields),
            ItemKind::Action(action) => {
                self.unique("parameter", action.parameters.iter().map(|parameter| &parameter.name));
                action
                    .parameters
                    .iter()
                    .filter_map(|parameter| parameter.kind.as_ref())
                    .for_each(|kind| self.kind(kind));
                action.result.iter().for_each(|kind| self.kind(kind));
            }
            ItemKind::Flow(flow) => {
                flow.parameter.iter().filter_map(|parameter| parameter.kind.as_ref()).for_each(|kind| self.kind(kind));
                flow.body.iter().for_each(|block| self.block(block));
            }
            _ => {}
        }
    }

    fn block(&mut self, block: &Block) {
        block.statements.iter().for_each(|statement| self.statement(statement));
    }

    fn statement(&mut self, statement: &Statement) {
        if let StatementKind::Let { kind: Some(kind), .. } = &statement.kind {
            self.kind(kind);
        }
        statement.blocks().into_iter().for_each(|block| self.block(block));
    }

    fn fields(&mut self, fields: &[FieldType]) {
        self.unique("field", fields.iter().map(|field| &field.name));
        fields.iter().for_each(|field| self.kind(&field.kind));
    }

    /// Names that stand twice in one list.
    fn unique<'n>(&mut self, sort: &str, names: impl Iterator<Item = &'n Name>) {
        let mut seen: HashMap<&Text, Span> = HashMap::new();
        for name in names {
            match seen.get(&name.text) {
                None => drop(seen.insert(&name.text, name.span)),
                Some(first) => self.findings.push(
                    rules::DUPLICATE_NAME
                        .at(name.span, format!("two {sort}s are called `{}`", name.text))
                        .label("the second one")
                        .note(*first, "the first one")
                        .help(format!("give one of the {sort}s another name, or remove it")),
                ),
            }
        }
    }

    fn kind(&mut self, kind: &TypeExpression) {
        match &kind.kind {
            TypeExpressionKind::Error | TypeExpressionKind::Literal(_) => {}
            TypeExpressionKind::Name(name) => self.name(name, kind.span),
            TypeExpressionKind::Array(inner) | TypeExpressionKind::Nullable(inner) | TypeExpressionKind::Map(inner) => {
                self.kind(inner)
            }
            TypeExpressionKind::Union(members) => members.iter().for_each(|member| self.kind(member)),
            TypeExpressionKind::Record(fields) => self.fields(fields),
        }
    }

    fn name(&mut self, name: &Text, span: Span) {
        let built_in = BUILT_IN_TYPES.iter().map(|(name, _)| *name);
        if built_in.clone().any(|known| known == name) || self.declarations.types.contains_key(name) {
            return;
        }
        let elsewhere = match name.as_str() {
            "boolean" => Some("bool"),
            "integer" | "i64" | "long" => Some("int"),
            "float" | "double" | "f64" => Some("number"),
            "str" | "text" | "String" => Some("string"),
            "object" | "unknown" | "dynamic" | "mixed" => Some("any"),
            "void" | "undefined" | "None" | "nil" => Some("null"),
            "date" | "datetime" | "Date" => Some("timestamp"),
            _ => None,
        };
        let near =
            elsewhere.or_else(|| nearest(name, built_in.chain(self.declarations.types.keys().map(Text::as_str))));
        let finding = rules::UNKNOWN_TYPE.at(span, format!("no type is called `{name}`")).label("no such type");
        self.findings.push(match near {
            Some(near) => finding.did_you_mean(span, Some(near)),
            None => finding.help(format!("write it: `type {name} = {{ … }}`")),
        });
    }
}
