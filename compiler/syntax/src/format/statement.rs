//! Statements and blocks.

use super::document::{Document, Layout};
use super::printer::Printer;
use crate::Span;
use crate::tree::{Attribute, Block, Case, Catch, Expression, LetTarget, Statement, StatementKind};

/// How the blocks of a statement stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stand {
    /// On their lines if they fit: their author wrote them so.
    OnOneLine,
    /// Each statement on a line of its own.
    Broken,
}

impl Printer<'_> {
    /// The body of a flow.
    pub(super) fn body(&mut self, block: &Block) {
        self.block(block, Stand::Broken);
    }

    /// `@allow("…")` and the like, each on its own line.
    pub(super) fn attributes(&mut self, attributes: &[Attribute]) {
        for _ in attributes {
            self.symbol("@");
            self.token();
            if self.next_is("(") {
                self.open();
                self.token();
                self.close(|_| {});
            }
            self.document.hard_line();
        }
    }

    fn statement(&mut self, statement: &Statement) {
        self.documentation();
        self.attributes(&statement.attributes);
        if let Some(label) = &statement.label {
            self.through(label.span);
            self.symbol(":");
            self.space();
        }
        match &statement.kind {
            StatementKind::Let { target, kind, value, catch } => {
                self.word("let");
                self.space();
                self.target(target);
                if let Some(kind) = kind {
                    self.annotation(kind);
                }
                self.space();
                self.symbol("=");
                self.value(value);
                self.catch(catch.as_ref());
            }
            StatementKind::Expression { value, catch } => {
                self.expression(value);
                self.catch(catch.as_ref());
            }
            StatementKind::If { arms, otherwise } => {
                let stand = self.stand_together(arms.iter().map(|arm| &arm.block).chain(otherwise));
                self.begin_blocks(stand);
                for (number, arm) in arms.iter().enumerate() {
                    if number > 0 {
                        self.space();
                        self.word("else");
                        self.space();
                    }
                    self.word("if");
                    self.space();
                    self.header_expression(&arm.condition);
                    self.space();
                    self.block(&arm.block, stand);
                }
                if let Some(block) = otherwise {
                    self.space();
                    self.word("else");
                    self.space();
                    self.block(block, stand);
                }
                self.end_blocks(stand);
            }
            StatementKind::Match { value, cases, otherwise } => {
                self.word("match");
                self.space();
                self.header_expression(value);
                self.space();
                self.cases(cases, otherwise.as_ref());
            }
            StatementKind::While { condition, body } => {
                let stand = self.stand(body);
                self.begin_blocks(stand);
                self.word("while");
                self.space();
                self.header_expression(condition);
                self.space();
                self.block(body, stand);
                self.end_blocks(stand);
            }
            StatementKind::For { target, item, list, body, catch } => {
                let stand = self.stand(body);
                self.begin_blocks(stand);
                if let Some(target) = target {
                    self.word("let");
                    self.space();
                    self.target(target);
                    self.space();
                    self.symbol("=");
                    self.space();
                }
                self.word("for");
                self.space();
                match item {
                    Some(name) => self.through(name.span),
                    None => self.symbol("$"),
                }
                self.space();
                self.word("in");
                self.space();
                self.header_expression(list);
                self.space();
                self.block(body, stand);
                self.end_blocks(stand);
                self.catch(catch.as_ref());
            }
            StatementKind::Try { body, catch } => {
                self.word("try");
                self.space();
                let stand = self.stand(body);
                self.begin_blocks(stand);
                self.block(body, stand);
                self.end_blocks(stand);
                self.catch(catch.as_ref());
            }
            StatementKind::Succeed { message } => {
                self.word("succeed");
                self.argument_of_word(message.as_ref());
            }
            StatementKind::Fail { error, cause } => {
                self.begin(Layout::Fitting);
                self.word("fail");
                self.argument_of_word(error.as_ref());
                if let Some(cause) = cause {
                    self.document.indent();
                    self.comma();
                    self.document.line();
                    self.expression(cause);
                    self.document.dedent();
                }
                self.end();
            }
            StatementKind::Wait { delay } => {
                self.word("wait");
                self.argument_of_word(Some(delay));
            }
            StatementKind::Yield { value } => {
                self.word("yield");
                self.argument_of_word(Some(value));
            }
            StatementKind::Return | StatementKind::Break | StatementKind::Continue => self.token(),
            StatementKind::Goto { label } => {
                self.word("goto");
                if let Some(label) = label {
                    self.space();
                    self.through(label.span);
                }
            }
            StatementKind::Raw { name, json } => {
                self.word("raw");
                self.space();
                if let Some(name) = name {
                    self.through(name.span);
                }
                self.value(json);
            }
            StatementKind::Error => self.through(statement.span),
        }
        self.extra(statement.extra.as_ref());
    }

    /// `extra { … }` after a statement or an item.
    pub(super) fn extra(&mut self, extra: Option<&Expression>) {
        if let Some(extra) = extra {
            self.space();
            self.word("extra");
            self.value(extra);
        }
    }

    fn argument_of_word(&mut self, argument: Option<&Expression>) {
        if let Some(argument) = argument {
            self.space();
            self.expression(argument);
        }
    }

    fn target(&mut self, target: &LetTarget) {
        match target {
            LetTarget::Member { root, rest } => {
                self.through(rest.last().map_or(root.span, |last| root.span.cover(last.span)));
            }
            LetTarget::Root(span) | LetTarget::Ignored(span) | LetTarget::Missing(span) => self.through(*span),
        }
    }

    fn catch(&mut self, catch: Option<&Catch>) {
        let Some(catch) = catch else { return };
        self.space();
        self.word("catch");
        self.space();
        if !self.next_is("{") {
            self.target(&catch.target);
            self.space();
        }
        let stand = self.stand(&catch.block);
        self.begin_blocks(stand);
        self.block(&catch.block, stand);
        self.end_blocks(stand);
    }

    /// The braces of a `match`.
    fn cases(&mut self, cases: &[Case], otherwise: Option<&Block>) {
        if self.bracket_is_empty() {
            return self.empty_block();
        }
        self.open();
        self.document.hard_line();
        for (number, case) in cases.iter().enumerate() {
            if number > 0 {
                self.document.hard_line();
            }
            self.begin_element(number == 0);
            self.begin(Layout::Fitting);
            for (number, value) in case.values.iter().enumerate() {
                if number > 0 {
                    self.comma();
                    self.document.line();
                }
                self.expression(value);
            }
            self.end();
            self.space();
            self.block_of_case(&case.block);
        }
        if let Some(block) = otherwise {
            self.document.hard_line();
            self.begin_element(cases.is_empty());
            self.word("else");
            self.space();
            self.block_of_case(block);
        }
        self.close(Document::hard_line);
    }

    fn block_of_case(&mut self, block: &Block) {
        let stand = self.stand(block);
        self.begin_blocks(stand);
        self.block(block, stand);
        self.end_blocks(stand);
    }

    fn block(&mut self, block: &Block, stand: Stand) {
        if self.bracket_is_empty() {
            return self.empty_block();
        }
        let edge = match stand {
            Stand::OnOneLine => Document::line,
            Stand::Broken => Document::hard_line,
        };
        self.open();
        edge(&mut self.document);
        for (number, statement) in block.statements.iter().enumerate() {
            if number > 0 {
                self.document.hard_line();
            }
            self.begin_element(number == 0);
            self.statement(statement);
        }
        self.close(edge);
    }

    pub(super) fn empty_block(&mut self) {
        self.token();
        self.space();
        self.token();
    }

    /// Blocks on one line are broken together.
    fn begin_blocks(&mut self, stand: Stand) {
        if stand == Stand::OnOneLine {
            self.begin(Layout::Fitting);
        }
    }

    fn end_blocks(&mut self, stand: Stand) {
        if stand == Stand::OnOneLine {
            self.end();
        }
    }

    fn stand(&self, block: &Block) -> Stand {
        if self.may_stand_on_one_line(block) { Stand::OnOneLine } else { Stand::Broken }
    }

    /// Blocks with `else` between them stand on one line all together, or none of them.
    fn stand_together<'b>(&self, blocks: impl Iterator<Item = &'b Block> + Clone) -> Stand {
        let place = blocks.clone().map(|block| block.span).reduce(Span::cover);
        let all = blocks.clone().all(|block| self.may_stand_on_one_line(block));
        if all && (blocks.count() == 1 || place.is_some_and(|place| self.on_one_line(place))) {
            Stand::OnOneLine
        } else {
            Stand::Broken
        }
    }

    /// Whether a block is empty, or one simple statement that its author wrote on one line.
    fn may_stand_on_one_line(&self, block: &Block) -> bool {
        match &block.statements[..] {
            [] => true,
            [only] => {
                let plain = only.attributes.is_empty() && only.documentation.0.is_none();
                plain && only.blocks().is_empty() && self.on_one_line(block.span)
            }
            _ => false,
        }
    }
}
