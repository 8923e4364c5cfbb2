use super::expression::expression_or_hole;
use super::mistake::Mistake;
use super::types::{documentation, type_expression, type_or_hole};
use super::{Rule, any_word, at, braces, dotted_name, junk, keyword, name, newlines, symbol};
use crate::lexer::{RESERVED, Token};
use crate::tree::{Arm, Attribute, Block, Case, Catch, Expression, LetTarget, Statement, StatementKind};
use chumsky::prelude::*;

/// `{ statements }`
pub(super) fn block(expression: &Rule<Expression>) -> Rule<Block> {
    let expression = expression.clone();
    recursive(move |block| {
        let statement = statement(&expression, &block.boxed());
        let end_of_statement = just(Token::Newline).ignored().or(just(Token::Symbol("}")).ignored().rewind()).or(end());
        let leftover =
            any().and_is(just(Token::Symbol("}")).not()).and_is(just(Token::Newline).not()).ignored().boxed();
        let line = statement
            .then_ignore(
                end_of_statement.clone().recover_with(via_parser(
                    choice((junk(), leftover.clone()))
                        .repeated()
                        .at_least(1)
                        .then_ignore(end_of_statement.clone().or_not()),
                )),
            )
            .map(Some);
        let unreadable =
            choice((junk(), leftover)).repeated().at_least(1).then_ignore(just(Token::Newline).or_not()).to(None);
        let line = line.recover_with(via_parser(unreadable));
        let statements = line.then_ignore(newlines()).repeated().collect::<Vec<_>>().boxed();
        braces(statements)
            .map(|(statements, span)| Block { statements: statements.into_iter().flatten().collect(), span })
            .labelled("a block")
    })
    .boxed()
}

fn statement(expression: &Rule<Expression>, block: &Rule<Block>) -> Rule<Statement> {
    let value = expression_or_hole(expression);
    let block_or_hole = block
        .clone()
        .recover_with(via_parser(
            empty().map_with(|(), extra| Block { statements: Vec::new(), span: at(extra.span()) }),
        ))
        .boxed();

    let catch = keyword("catch")
        .then(target().or_not())
        .then(block_or_hole.clone())
        .map(|((span, target), block)| Catch { target: target.unwrap_or(LetTarget::Missing(span)), block, span })
        .boxed();

    let declaration = choice((keyword("let"), const_habit()));
    let equals = symbol("=").ignored();
    let bind = declaration
        .ignore_then(
            target().recover_with(via_parser(empty().map_with(|(), extra| LetTarget::Missing(at(extra.span()))))),
        )
        .then(symbol(":").ignore_then(type_or_hole(&type_expression())).or_not())
        .then(
            equals
                .ignore_then(value.clone())
                .recover_with(via_parser(junk().repeated().map_with(|(), extra| Expression::hole(at(extra.span()))))),
        )
        .then(catch.clone().or_not())
        .map(|(((target, kind), value), catch)| StatementKind::Let { target, kind, value, catch });

    let condition = value.clone();
    let else_if = choice((keyword("else").ignore_then(keyword("if")), elif_habit()));
    let decide = keyword("if")
        .ignore_then(condition.clone().then(block_or_hole.clone()))
        .then(else_if.ignore_then(condition.then(block_or_hole.clone())).repeated().collect::<Vec<_>>())
        .then(keyword("else").ignore_then(block_or_hole.clone()).or_not())
        .map(|((first, more), otherwise)| StatementKind::If {
            arms: std::iter::once(first).chain(more).map(|(condition, block)| Arm { condition, block }).collect(),
            otherwise,
        });

    let succeed =
        keyword("succeed").ignore_then(expression.clone().or_not()).map(|message| StatementKind::Succeed { message });
    let comma = just(Token::Symbol(",")).ignored();
    let fail = keyword("fail")
        .ignore_then(expression.clone().or_not())
        .then(comma.ignore_then(value.clone()).or_not())
        .map(|(error, cause)| StatementKind::Fail { error, cause });
    let wait = keyword("wait").ignore_then(value.clone()).map(|delay| StatementKind::Wait { delay });
    let leave = keyword("return").to(StatementKind::Return);
    let goto = keyword("goto").ignore_then(dotted_name().or_not()).map(|label| StatementKind::Goto { label });
    let item = symbol("$").map(|_| None).or(name().map(Some));
    let each = keyword("for")
        .ignore_then(item)
        .then_ignore(keyword("in"))
        .then(value.clone())
        .then(block_or_hole.clone())
        .then(catch.clone().or_not())
        .boxed();
    let bound_each = keyword("let").ignore_then(target()).then_ignore(symbol("=")).map(Some).or(empty().to(None));
    let each = bound_each.then(each).map(|(target, (((item, list), body), catch))| StatementKind::For {
        target,
        item,
        list,
        body,
        catch,
    });
    let give = keyword("yield").ignore_then(expression.clone()).map(|value| StatementKind::Yield { value });
    let repeat = keyword("while")
        .ignore_then(value.clone())
        .then(block_or_hole.clone())
        .map(|(condition, body)| StatementKind::While { condition, body });
    let attempt = keyword("try")
        .ignore_then(block_or_hole.clone())
        .then(catch.clone().or_not())
        .map(|(body, catch)| StatementKind::Try { body, catch });
    let case_values = expression.clone().separated_by(just(Token::Symbol(","))).at_least(1).collect::<Vec<_>>();
    let case = case_values.then(block_or_hole.clone()).map(|(values, block)| Case { values, block });
    let last = keyword("else").ignore_then(block_or_hole.clone()).then_ignore(newlines());
    let cases = case.then_ignore(newlines()).repeated().collect::<Vec<_>>().then(last.or_not()).boxed();
    let select = keyword("match")
        .ignore_then(value.clone())
        .then(braces(cases))
        .map(|(value, ((cases, otherwise), _))| StatementKind::Match { value, cases, otherwise });
    let jump = choice((keyword("break").to(StatementKind::Break), keyword("continue").to(StatementKind::Continue)))
        .then_ignore(just(Token::Newline).ignored().or(just(Token::Symbol("}")).ignored()).or(end()).rewind());
    let call = expression.clone().then(catch.or_not()).map(|(value, catch)| StatementKind::Expression { value, catch });

    let kind = choice((
        each,
        bind,
        decide,
        succeed,
        fail,
        wait,
        leave,
        goto,
        select,
        repeat,
        attempt,
        jump,
        give,
        not_yet(),
        call,
    ))
    .labelled("a statement");

    let label = choice((dotted_label(), dotted_name())).then_ignore(symbol(":")).then_ignore(newlines());
    documentation()
        .then(attribute().then_ignore(newlines()).repeated().collect::<Vec<_>>())
        .then(label.or_not())
        .then(kind)
        .map_with(|(((documentation, attributes), label), kind), extra| Statement {
            documentation,
            attributes,
            label,
            kind,
            span: at(extra.span()),
        })
        .boxed()
}

/// Statements that the language has a word for, and this version no rule.
fn not_yet() -> Rule<StatementKind> {
    select! { Token::Word(text) if matches!(text.as_str(), "raw") => text }
        .and_is(any().then(just(Token::Symbol(":")).or(just(Token::Symbol("."))).not()))
        .validate(|word, extra, emitter| emitter.emit(Mistake::not_yet(extra.span(), &word)))
        .then_ignore(junk().repeated())
        .map(|()| StatementKind::Error)
        .boxed()
}

/// A label that begins with a word which is reserved elsewhere.
fn dotted_label() -> Rule<crate::tree::Name> {
    any_word().and_is(any().then(just(Token::Symbol(":")))).boxed()
}

/// `x`, `x.y`, `$`, `_`
fn target() -> Rule<LetTarget> {
    let root = symbol("$").map(LetTarget::Root);
    let ignored =
        select! { Token::Word(text) if text == "_" => () }.map_with(|(), extra| LetTarget::Ignored(at(extra.span())));
    let member = name()
        .then(symbol(".").ignore_then(any_word()).repeated().collect::<Vec<_>>())
        .map(|(root, rest)| LetTarget::Member { root, rest });
    let reserved = select! { Token::Word(text) if RESERVED.contains(&text.as_str()) => text }
        .and_is(any().then(just(Token::Symbol("="))))
        .validate(|text, extra, emitter| {
            emitter.emit(Mistake::because(
                extra.span(),
                format!("`{text}` is a reserved word"),
                "not free as a name",
                Some(format!("choose another name, such as `{text}_value`")),
            ));
            LetTarget::Missing(at(extra.span()))
        });
    choice((root, ignored, member, reserved)).labelled("a name").boxed()
}

/// `const` and `var` of other languages.
fn const_habit() -> Rule<crate::Span> {
    select! { Token::Word(text) if text == "const" || text == "var" => text }
        .and_is(any().then(select! { Token::Word(_) => () }))
        .validate(|word, extra, emitter| {
            emitter.emit(Mistake::habit(extra.span(), &word, "let", "values are bound with `let`"));
            at(extra.span())
        })
        .boxed()
}

/// `elif` and `elsif` of other languages.
fn elif_habit() -> Rule<crate::Span> {
    newlines()
        .ignore_then(
            select! { Token::Word(text) if matches!(text.as_str(), "elif" | "elsif" | "elseif") => text }.validate(
                |word, extra, emitter| {
                    emitter.emit(Mistake::habit(
                        extra.span(),
                        &word,
                        "else if",
                        "a further condition begins with `else if`",
                    ));
                    at(extra.span())
                },
            ),
        )
        .boxed()
}

/// `@allow("code")`
pub(super) fn attribute() -> Rule<Attribute> {
    let argument = super::plain_text().delimited_by(symbol("("), symbol(")"));
    symbol("@")
        .ignore_then(any_word())
        .then(argument.or_not())
        .map(|(name, argument)| Attribute { name, argument })
        .boxed()
}
