//! Types.

use super::document::{Document, Layout};
use super::printer::{Padding, Printer};
use crate::tree::{FieldType, TypeExpression, TypeExpressionKind};

impl Printer<'_> {
    /// A type.
    pub(super) fn type_expression(&mut self, kind: &TypeExpression) {
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.type_in_parentheses(kind));
    }

    fn type_in_parentheses(&mut self, kind: &TypeExpression) {
        let union = matches!(kind.kind, TypeExpressionKind::Union(_));
        if !union && self.next_is("|") {
            self.pass(); // in front of a single type it says nothing
        }
        let parentheses = self.parentheses(kind.span);
        for _ in 0..parentheses {
            self.begin(Layout::Fitting);
            self.open();
            self.document.soft_line();
        }
        if !union && self.next_is("|") {
            self.pass();
        }
        match &kind.kind {
            TypeExpressionKind::Union(types) if parentheses > 0 => self.alternatives(types),
            TypeExpressionKind::Union(types) => {
                let broken = self.broken_before();
                self.document.indent();
                self.begin(if broken { Layout::Broken } else { Layout::Fitting });
                self.document.soft_line();
                if self.next_is("|") {
                    self.pass();
                }
                self.document.if_broken("| ");
                self.alternatives(types);
                self.end();
                self.document.dedent();
            }
            other => self.bare_type(other, kind),
        }
        for _ in 0..parentheses {
            self.close(Document::soft_line);
            self.end();
        }
    }

    fn alternatives(&mut self, types: &[TypeExpression]) {
        if self.next_is("|") {
            self.pass();
        }
        for (number, kind) in types.iter().enumerate() {
            if number > 0 {
                self.document.line();
                self.symbol("|");
                self.space();
            }
            self.type_expression(kind);
        }
    }

    fn bare_type(&mut self, kind: &TypeExpressionKind, whole: &TypeExpression) {
        match kind {
            TypeExpressionKind::Name(_) | TypeExpressionKind::Literal(_) => self.token(),
            TypeExpressionKind::Array(item) => {
                self.type_expression(item);
                self.open();
                self.close(|_| {});
            }
            TypeExpressionKind::Nullable(inner) => {
                self.type_expression(inner);
                if self.last_is("?") {
                    self.space(); // `??` is another sign
                }
                self.symbol("?");
            }
            TypeExpressionKind::Record(fields) => self.fields(fields),
            TypeExpressionKind::Map(value) => {
                self.begin(if self.broken_after_bracket() { Layout::Broken } else { Layout::Fitting });
                self.open();
                self.document.line();
                self.begin_element(true);
                self.open();
                self.word("string");
                self.close(|_| {});
                self.symbol(":");
                self.type_value(value);
                self.close(Document::line);
                self.end();
            }
            TypeExpressionKind::Union(types) => self.alternatives(types),
            TypeExpressionKind::Error => self.through(whole.span),
        }
    }

    /// `{ a: T, b?: T }`
    pub(super) fn fields(&mut self, fields: &[FieldType]) {
        self.list(Padding::Space, fields, |printer, field| {
            printer.documentation();
            printer.through(field.name.span);
            printer.symbol("?");
            printer.symbol(":");
            printer.type_value(&field.kind);
        });
    }

    /// What follows `=`, `:` or `->`. After a comment it stands on its own line.
    pub(super) fn type_value(&mut self, kind: &TypeExpression) {
        if self.comment_is_next() && !matches!(kind.kind, TypeExpressionKind::Union(_)) {
            self.document.indent();
            self.document.hard_line();
            self.type_expression(kind);
            self.document.dedent();
        } else {
            self.space();
            self.type_expression(kind);
        }
    }

    /// `: T` in front of a value, which a broken union would leave on a line that is indented deeper than its
    /// statement: such a type stays on its line, unless it cannot.
    pub(super) fn annotation(&mut self, kind: &TypeExpression) {
        self.symbol(":");
        if matches!(kind.kind, TypeExpressionKind::Union(_)) && self.on_one_line(kind.span) {
            self.space();
            self.begin(Layout::OneLine);
            self.type_expression(kind);
            self.end();
        } else {
            self.type_value(kind);
        }
    }
}
