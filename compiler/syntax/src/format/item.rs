//! Top-level items.

use super::document::Document;
use super::printer::{Padding, Printer};
use crate::Span;
use crate::lexer::Token;
use crate::tree::{Action, Expression, HeaderField, Item, ItemKind, Parameter, TypeExpression};

impl Printer<'_> {
    /// An item.
    pub(super) fn item(&mut self, item: &Item) {
        self.begin_element(true);
        self.documentation();
        self.attributes(&item.attributes);
        match &item.kind {
            ItemKind::Integration { name } => {
                self.word("integration");
                self.name(name.as_ref().map(|name| name.span));
            }
            ItemKind::Bundle { name } => {
                self.word("bundle");
                self.name(name.as_ref().map(|name| name.span));
            }
            ItemKind::Param { name, kind, default } => {
                self.word("param");
                self.name(name.as_ref().map(|name| name.span));
                self.kind_and_default(kind.as_ref(), default.as_ref());
            }
            ItemKind::Connection { name, kind, domain } => {
                self.word("connection");
                self.name(name.as_ref().map(|name| name.span));
                self.symbol(":");
                self.name(kind.as_ref().map(|kind| kind.span));
                if domain.is_some() {
                    self.open();
                    self.token();
                    self.close(|_| {});
                }
            }
            ItemKind::Config { name, scope, fields } => {
                self.word("config");
                self.name(name.as_ref().map(|name| name.span));
                if let Some(scope) = scope {
                    self.open();
                    self.expression(scope);
                    self.close(|_| {});
                }
                if self.next_is("{") {
                    self.space();
                    self.fields(fields);
                }
            }
            ItemKind::Type { name, value } => {
                self.word("type");
                self.name(name.as_ref().map(|name| name.span));
                self.space();
                self.symbol("=");
                if let Some(value) = value {
                    self.type_value(value);
                }
            }
            ItemKind::Event { name, source, event_type, fields } => {
                self.word("event");
                self.name(name.as_ref().map(|name| name.span));
                if source.is_some() && event_type.is_some() {
                    self.open();
                    self.token();
                    self.comma();
                    self.space();
                    self.token();
                    self.close(|_| {});
                }
                if self.next_is("{") {
                    self.space();
                    self.fields(fields);
                }
            }
            ItemKind::Action(action) => self.action(action),
            ItemKind::Job { name, event, flow } => {
                self.word("job");
                self.name(name.as_ref().map(|name| name.span));
                self.symbol(":");
                self.name(event.as_ref().map(|event| event.span));
                self.space();
                self.symbol("->");
                self.name(flow.as_ref().map(|flow| flow.span));
            }
            ItemKind::Flow(flow) => {
                self.word("flow");
                self.name(flow.name.as_ref().map(|name| name.span));
                self.list(Padding::None, flow.parameter.as_slice(), Self::parameter);
                self.space();
                if let Some(body) = &flow.body {
                    self.body(body);
                }
            }
            ItemKind::Import { names, path } => {
                self.word("import");
                if let Some(names) = names {
                    self.space();
                    self.list(Padding::Space, names, |printer, name| printer.through(name.span));
                    self.space();
                    self.word("from");
                }
                self.name(path.as_ref().map(|path| path.span));
            }
            ItemKind::Raw { key, json } => {
                self.word("raw");
                self.name(key.as_ref().map(|key| key.span));
                self.value(json);
            }
            ItemKind::Extra { json } => {
                self.word("extra");
                self.value(json);
            }
            ItemKind::Error => {}
        }
        self.extra(item.extra.as_ref());
    }

    fn name(&mut self, span: Option<Span>) {
        if let Some(span) = span {
            self.space();
            self.through(span);
        }
    }

    fn parameter(&mut self, parameter: &Parameter) {
        self.through(parameter.name.span);
        self.symbol("?");
        self.kind_and_default(parameter.kind.as_ref(), parameter.default.as_ref());
    }

    /// `: T = default`
    fn kind_and_default(&mut self, kind: Option<&TypeExpression>, default: Option<&Expression>) {
        if let Some(kind) = kind {
            self.annotation(kind);
        }
        if let Some(default) = default {
            self.space();
            self.symbol("=");
            self.value(default);
        }
    }

    fn action(&mut self, action: &Action) {
        self.word("action");
        self.name(action.name.as_ref().map(|name| name.span));
        self.list(Padding::None, &action.parameters, Self::parameter);
        if let Some(result) = &action.result {
            self.space();
            self.symbol("->");
            self.type_value(result);
        }
        self.space();
        if self.bracket_is_empty() {
            return self.empty_block();
        }
        self.open();
        self.document.hard_line();
        let mut first = true;
        while !self.next_is("}") && self.peek().is_some() {
            if !first {
                self.document.hard_line();
            }
            self.begin_element(first);
            self.part(action);
            first = false;
        }
        self.close(Document::hard_line);
    }

    /// A line in the braces of an action.
    fn part(&mut self, action: &Action) {
        match self.peek() {
            Some(Token::Word(word)) if word == "connection" => {
                self.token();
                self.name(action.connection.as_ref().map(|name| name.span));
            }
            Some(Token::Word(word)) if word == "headers" => self.header_fields(&action.headers),
            Some(Token::Word(word)) if word == "query" => self.header_fields(&action.query),
            Some(Token::Word(word)) if word == "body" => {
                self.token();
                self.space();
                if let Some(body) = &action.body {
                    self.expression(body);
                }
            }
            _ => {
                self.token();
                self.space();
                if action.on_account && action.notation.is_none() {
                    self.word("path");
                    self.space();
                }
                if action.notation.is_some() {
                    self.token();
                    self.space();
                }
                if let Some(address) = &action.address {
                    self.expression(address);
                }
            }
        }
    }

    fn header_fields(&mut self, fields: &[HeaderField]) {
        self.token();
        self.space();
        let place = self.offset()..self.partner_end();
        let here: Vec<&HeaderField> =
            fields.iter().filter(|field| place.contains(&usize::from(field.key.span.start()))).collect();
        self.list(Padding::Space, &here, |printer, field| {
            printer.through(field.key.span);
            if field.value.span != field.key.span {
                printer.symbol(":");
                printer.value(&field.value);
            }
        });
    }
}
