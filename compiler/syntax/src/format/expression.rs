//! Expressions.

use super::document::{Document, Layout};
use super::printer::{Padding, Printer};
use crate::tree::{Argument, ArrayItem, BinaryOperator, Expression, ExpressionKind, RecordMember, TextPart};

/// How far the lines after the first are indented where an expression is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Continuation {
    /// One step.
    Indented,
    /// Two steps: a block follows, and must not look like a part of it.
    AboveBlock,
}

impl Printer<'_> {
    /// An expression.
    pub(super) fn expression(&mut self, expression: &Expression) {
        self.continued(expression, Continuation::Indented);
    }

    /// What a block depends on: `if …`.
    pub(super) fn header_expression(&mut self, expression: &Expression) {
        self.continued(expression, Continuation::AboveBlock);
    }

    /// What follows `=` or `:`. After a comment it stands on its own line.
    pub(super) fn value(&mut self, expression: &Expression) {
        if self.comment_is_next() {
            self.document.indent();
            self.document.hard_line();
            self.expression(expression);
            self.document.dedent();
        } else {
            self.space();
            self.expression(expression);
        }
    }

    fn continued(&mut self, expression: &Expression, continuation: Continuation) {
        // Without brackets, expressions may be nested as deep as a text is long.
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || {
            let parentheses = self.parentheses(expression.span);
            if parentheses == 0 {
                return self.bare(expression, continuation);
            }
            for _ in 0..parentheses {
                self.begin(Layout::Fitting);
                self.open();
                self.document.soft_line();
            }
            self.bare(expression, Continuation::Indented);
            for _ in 0..parentheses {
                self.close(Document::soft_line);
                self.end();
            }
        });
    }

    fn bare(&mut self, expression: &Expression, continuation: Continuation) {
        match &expression.kind {
            ExpressionKind::Error | ExpressionKind::Request(_) => self.through(expression.span),
            ExpressionKind::Root
            | ExpressionKind::Name(_)
            | ExpressionKind::Null
            | ExpressionKind::Bool(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::Duration(_) => self.token(),
            ExpressionKind::Text(parts) => self.text_parts(parts),
            ExpressionKind::Record(members) => self.list(Padding::Space, members, Self::member),
            ExpressionKind::Array(items) => self.list(Padding::None, items, |printer, item| match item {
                ArrayItem::Value(value) => printer.expression(value),
                ArrayItem::Spread(value) => {
                    printer.symbol("...");
                    printer.expression(value);
                }
            }),
            ExpressionKind::Field { base, .. } => {
                self.expression(base);
                self.symbol(".");
                self.through(expression.span);
            }
            ExpressionKind::Index { base, index } => {
                self.expression(base);
                self.open();
                self.expression(index);
                self.close(|_| {});
            }
            ExpressionKind::Call { callee, arguments, .. } => {
                self.expression(callee);
                self.arguments(arguments);
            }
            ExpressionKind::Present(inner) => {
                self.expression(inner);
                self.symbol("!");
            }
            ExpressionKind::Raw(rule) => {
                self.word("raw");
                self.space();
                self.expression(rule);
            }
            ExpressionKind::Unary { operand, .. } => {
                self.token();
                self.expression(operand);
            }
            ExpressionKind::Is { operand, .. } => {
                self.expression(operand);
                self.space();
                self.word("is");
                self.space();
                self.token();
            }
            ExpressionKind::Binary { .. } => {
                self.begin(Layout::Fitting);
                self.chain(expression, Some(continuation));
                self.end();
            }
            ExpressionKind::Conditional { condition, then, otherwise } => {
                self.begin(Layout::Fitting);
                self.expression(condition);
                self.indent(continuation);
                for (sign, value) in [("?", then), (":", otherwise)] {
                    self.document.line();
                    self.symbol(sign);
                    self.space();
                    self.expression(value);
                }
                self.dedent(continuation);
                self.end();
            }
            ExpressionKind::Comprehension { item, name, list, condition } => {
                self.begin(if self.broken_after_bracket() { Layout::Broken } else { Layout::Fitting });
                self.open();
                self.document.soft_line();
                self.begin_element(true);
                self.expression(item);
                self.document.line();
                self.word("for");
                self.space();
                self.through(name.span);
                self.space();
                self.word("in");
                self.space();
                self.expression(list);
                if let Some(condition) = condition {
                    self.document.line();
                    self.word("if");
                    self.space();
                    self.expression(condition);
                }
                self.close(Document::soft_line);
                self.end();
            }
            ExpressionKind::Jq { data, .. } => {
                self.word("jq");
                if let Some(data) = data {
                    self.input(data);
                }
                self.token();
            }
        }
    }

    /// Operands of equal rank, one below the other where they do not fit on one line.
    fn chain(&mut self, expression: &Expression, indented: Option<Continuation>) {
        let rank = rank(expression);
        let mut links = Vec::new();
        let mut first = expression;
        while let ExpressionKind::Binary { operator, left, right, .. } = &first.kind {
            if !links.is_empty() && (self.parentheses(first.span) > 0 || self::rank(first) != rank) {
                break;
            }
            links.push((operator, right));
            first = left;
        }
        let breaks = links.iter().any(|(operator, _)| may_begin_line(**operator));
        let indented = indented.filter(|_| breaks);
        // What is broken inside of the first operand is indented deeper than this chain.
        let chain_in_chain = matches!(&first.kind, ExpressionKind::Binary { operator, .. } if may_begin_line(*operator))
            && self.parentheses(first.span) == 0;
        if !chain_in_chain {
            self.expression(first);
        }
        if let Some(continuation) = indented {
            self.indent(continuation);
        }
        if chain_in_chain {
            self.expression(first);
        }
        for (operator, right) in links.into_iter().rev() {
            if may_begin_line(*operator) {
                self.document.line();
            } else {
                self.space();
            }
            self.token();
            self.space();
            if self::rank(right) == rank && self.parentheses(right.span) == 0 {
                self.chain_on_the_right(right);
            } else {
                self.expression(right);
            }
        }
        if let Some(continuation) = indented {
            self.dedent(continuation);
        }
    }

    /// `a ?? (b ?? c)` without the parentheses.
    fn chain_on_the_right(&mut self, expression: &Expression) {
        stacker::maybe_grow(64 * 1024, 1024 * 1024, || self.chain(expression, None));
    }

    fn indent(&mut self, continuation: Continuation) {
        self.document.indent();
        if continuation == Continuation::AboveBlock {
            self.document.indent();
        }
    }

    fn dedent(&mut self, continuation: Continuation) {
        self.document.dedent();
        if continuation == Continuation::AboveBlock {
            self.document.dedent();
        }
    }

    fn member(&mut self, member: &RecordMember) {
        match member {
            RecordMember::Field { key, value } => {
                self.through(key.span);
                self.symbol(":");
                self.value(value);
            }
            RecordMember::Short(name) => self.through(name.span),
            RecordMember::Spread(value) => {
                self.symbol("...");
                self.expression(value);
            }
        }
    }

    fn arguments(&mut self, arguments: &[Argument]) {
        match arguments {
            [only] if self.is_hugged(&only.value) => self.hug(only, Self::argument),
            _ => self.list(Padding::None, arguments, Self::argument),
        }
    }

    fn argument(&mut self, argument: &Argument) {
        if let Some(name) = &argument.name {
            self.through(name.span);
            self.symbol(":");
            self.value(&argument.value);
        } else {
            self.expression(&argument.value);
        }
    }

    /// `(data)` of a jq program.
    fn input(&mut self, data: &Expression) {
        if self.is_hugged(data) {
            return self.hug(data, Self::expression);
        }
        // The jq text behind it may be long, and a path alone in brackets over three lines helps nobody.
        if !matches!(data.kind, ExpressionKind::Record(_) | ExpressionKind::Array(_)) {
            self.open();
            self.expression(data);
            return self.close(|_| {});
        }
        self.begin(Layout::Fitting);
        self.open();
        self.document.soft_line();
        self.expression(data);
        self.close(Document::soft_line);
        self.end();
    }

    /// Whether the next bracket hugs this value, the only one in it.
    fn is_hugged(&self, value: &Expression) -> bool {
        let over_lines = match &value.kind {
            ExpressionKind::Record(members) => !members.is_empty(),
            ExpressionKind::Array(items) => !items.is_empty(),
            ExpressionKind::Comprehension { .. } => true,
            ExpressionKind::Text(_) => !self.on_one_line(value.span),
            _ => false,
        };
        over_lines && self.can_hug(value.span)
    }

    fn text_parts(&mut self, parts: &[TextPart]) {
        let values: Vec<&Expression> = parts
            .iter()
            .filter_map(|part| match part {
                TextPart::Value(value) => Some(value),
                TextPart::Text(_) => None,
            })
            .collect();
        self.string(|printer, number| {
            if let Some(value) = values.get(number) {
                printer.expression(value);
            }
        });
    }
}

/// Operators that are equal here stand in one chain.
fn rank(expression: &Expression) -> Option<u8> {
    let ExpressionKind::Binary { operator, .. } = &expression.kind else { return None };
    Some(match operator {
        BinaryOperator::Or => 1,
        BinaryOperator::And => 2,
        BinaryOperator::Equal
        | BinaryOperator::NotEqual
        | BinaryOperator::Less
        | BinaryOperator::LessOrEqual
        | BinaryOperator::Greater
        | BinaryOperator::GreaterOrEqual
        | BinaryOperator::In => 3,
        BinaryOperator::Default => 4,
        BinaryOperator::Add | BinaryOperator::Subtract => 5,
        BinaryOperator::Multiply | BinaryOperator::Divide | BinaryOperator::Remainder => 6,
    })
}

/// Whether a line that begins with the operator continues the statement above it.
fn may_begin_line(operator: BinaryOperator) -> bool {
    match operator {
        BinaryOperator::Subtract | BinaryOperator::In => false,
        BinaryOperator::Equal
        | BinaryOperator::NotEqual
        | BinaryOperator::Less
        | BinaryOperator::LessOrEqual
        | BinaryOperator::Greater
        | BinaryOperator::GreaterOrEqual
        | BinaryOperator::And
        | BinaryOperator::Or
        | BinaryOperator::Add
        | BinaryOperator::Multiply
        | BinaryOperator::Divide
        | BinaryOperator::Remainder
        | BinaryOperator::Default => true,
    }
}
