use super::mistake::Mistake;
use super::{Place, Rule, any_word, at, keyword, list, name, newlines, symbol};
use crate::Span;
use crate::lexer::Token;
use crate::tree::{
    Argument, ArrayItem, BinaryOperator, Expression, ExpressionKind, IsTest, Name, PlainText, RecordMember, TextPart,
    UnaryOperator,
};
use chumsky::pratt::{infix, left, none, postfix, prefix, right};
use chumsky::prelude::*;

/// What stands after an operand.
enum Suffix {
    Field { name: Option<Name>, dot: Span },
    Index(Expression),
    Call(Vec<Argument>, Span),
    Present,
}

pub(super) fn expression() -> Rule<Expression> {
    recursive(|expression| {
        let expression = expression.boxed();
        let operand = operand(&expression);
        operand
            .pratt((
                postfix(12, suffix(&expression), |base, suffix, extra| with_suffix(base, suffix, at(extra.span()))),
                prefix(11, symbol("!"), |_, operand, extra| unary(UnaryOperator::Not, operand, at(extra.span()))),
                prefix(11, symbol("-"), |_, operand, extra| unary(UnaryOperator::Negate, operand, at(extra.span()))),
                infix(
                    left(10),
                    operators(&[
                        ("*", BinaryOperator::Multiply),
                        ("/", BinaryOperator::Divide),
                        ("%", BinaryOperator::Remainder),
                    ]),
                    binary,
                ),
                infix(left(9), operators(&[("+", BinaryOperator::Add), ("-", BinaryOperator::Subtract)]), binary),
                infix(right(8), operators(&[("??", BinaryOperator::Default)]), binary),
                infix(
                    none(7),
                    choice((
                        operators(&[
                            ("==", BinaryOperator::Equal),
                            ("!=", BinaryOperator::NotEqual),
                            ("<=", BinaryOperator::LessOrEqual),
                            (">=", BinaryOperator::GreaterOrEqual),
                            ("<", BinaryOperator::Less),
                            (">", BinaryOperator::Greater),
                        ]),
                        keyword("in").map(|span| (BinaryOperator::In, span)),
                    )),
                    binary,
                ),
                postfix(7, is_test(), |operand, test, extra| Expression {
                    kind: ExpressionKind::Is { operand: Box::new(operand), test },
                    span: at(extra.span()),
                }),
                infix(left(4), and(), binary),
                infix(left(3), or(), binary),
                infix(right(1), conditional(&expression), |condition, then, otherwise, extra| Expression {
                    kind: ExpressionKind::Conditional {
                        condition: Box::new(condition),
                        then: Box::new(then),
                        otherwise: Box::new(otherwise),
                    },
                    span: at(extra.span()),
                }),
            ))
            .labelled("a value")
    })
    .boxed()
}

/// An expression, or a hole with a message where there is none.
pub(super) fn expression_or_hole(expression: &Rule<Expression>) -> Rule<Expression> {
    expression
        .clone()
        .recover_with(via_parser(empty().map_with(|(), extra| Expression::hole(at(extra.span())))))
        .boxed()
}

fn operators(table: &'static [(&'static str, BinaryOperator)]) -> Rule<(BinaryOperator, Span)> {
    choice(table.iter().map(|(text, operator)| symbol(text).map(|span| (*operator, span))).collect::<Vec<_>>()).boxed()
}

fn and() -> Rule<(BinaryOperator, Span)> {
    symbol("&&").or(word_habit("and", "&&")).map(|span| (BinaryOperator::And, span)).boxed()
}

fn or() -> Rule<(BinaryOperator, Span)> {
    symbol("||").or(word_habit("or", "||")).map(|span| (BinaryOperator::Or, span)).boxed()
}

/// A word that other languages use for an operator of ours.
fn word_habit(word: &'static str, instead: &'static str) -> Rule<Span> {
    select! { Token::Word(text) if text == word => () }
        .validate(move |(), extra, emitter| {
            emitter.emit(Mistake::habit(extra.span(), word, instead, "operators are signs here"));
            at(extra.span())
        })
        .boxed()
}

fn conditional(expression: &Rule<Expression>) -> Rule<Expression> {
    expression.clone().delimited_by(symbol("?"), symbol(":")).boxed()
}

fn is_test() -> Rule<Option<IsTest>> {
    let test = choice((keyword("present").to(IsTest::Present), keyword("null").to(IsTest::Null)));
    keyword("is").ignore_then(test.map(Some).recover_with(via_parser(empty().to(None)))).boxed()
}

fn binary(
    left: Expression,
    (operator, operator_at): (BinaryOperator, Span),
    right: Expression,
    extra: &mut chumsky::input::MapExtra<'static, '_, super::Input, super::Extra>,
) -> Expression {
    Expression {
        kind: ExpressionKind::Binary { operator, left: Box::new(left), right: Box::new(right), at: operator_at },
        span: at(extra.span()),
    }
}

fn unary(operator: UnaryOperator, operand: Expression, span: Span) -> Expression {
    Expression { kind: ExpressionKind::Unary { operator, operand: Box::new(operand) }, span }
}

fn with_suffix(base: Expression, suffix: Suffix, span: Span) -> Expression {
    let base = Box::new(base);
    let kind = match suffix {
        Suffix::Field { name, dot } => ExpressionKind::Field { base, name, dot },
        Suffix::Index(index) => ExpressionKind::Index { base, index: Box::new(index) },
        Suffix::Call(arguments, brackets) => ExpressionKind::Call { callee: base, arguments, brackets },
        Suffix::Present => ExpressionKind::Present(base),
    };
    Expression { kind, span }
}

fn suffix(expression: &Rule<Expression>) -> Rule<Suffix> {
    let missing = empty().validate(|(), extra, emitter| {
        let place: Place = extra.span();
        emitter.emit(Mistake::because(place, "a name is missing after `.`", "name the field here", None));
        None
    });
    let field = symbol(".").then(any_word().map(Some).or(missing)).map(|(dot, name)| Suffix::Field { name, dot });
    let index = symbol("[")
        .then(expression_or_hole(expression))
        .then(symbol("]").or_not().map(|close| close.is_some()))
        .validate(|((open, index), closed), _, emitter| Suffix::Index(inside(index, open, "[", "]", closed, emitter)));
    let argument = choice((
        any_word()
            .or(quoted_key())
            .then_ignore(colon())
            .then(expression_or_hole(expression))
            .map(|(name, value)| Argument { name: Some(name), value }),
        expression.clone().map(|value| Argument { name: None, value }),
    ))
    .labelled("an argument")
    .boxed();
    let call = list("(", argument, ")").map(|(arguments, span)| Suffix::Call(arguments, span));
    let present = symbol("!").map(|_| Suffix::Present);
    choice((field, index, call, present)).boxed()
}

/// What stands in a bracket, with a message where that is not closed. Where nothing stands in it there is one already.
fn inside(
    inner: Expression,
    open: Span,
    bracket: &str,
    close: &str,
    closed: bool,
    emitter: &mut chumsky::input::Emitter<Mistake>,
) -> Expression {
    if !closed && inner.kind != ExpressionKind::Error {
        emitter.emit(Mistake::unclosed(open, bracket, close));
    }
    inner
}

/// `:`, or the `=` that other languages write there.
fn colon() -> Rule<()> {
    let equals = just(Token::Symbol("=")).validate(|_, extra, emitter| {
        emitter.emit(Mistake::habit(extra.span(), "=", ":", "a name and its value are separated by `:`"));
    });
    symbol(":").ignored().or(equals).boxed()
}

fn quoted_key() -> Rule<Name> {
    super::plain_text().map(|text| Name { text: text.text, span: text.span }).boxed()
}

fn operand(expression: &Rule<Expression>) -> Rule<Expression> {
    let literal = select! {
        Token::Number(text) => ExpressionKind::Number(text),
        Token::Duration(text) => ExpressionKind::Duration(text),
        Token::Word(text) if text == "true" => ExpressionKind::Bool(true),
        Token::Word(text) if text == "false" => ExpressionKind::Bool(false),
        Token::Word(text) if text == "null" => ExpressionKind::Null,
        Token::Symbol("$") => ExpressionKind::Root,
    };
    let text = text_parts(expression).map(ExpressionKind::Text);
    let array_item = symbol("...")
        .ignore_then(expression.clone())
        .map(ArrayItem::Spread)
        .or(expression.clone().map(ArrayItem::Value))
        .boxed();
    let array = list("[", array_item, "]").map(|(items, _)| ExpressionKind::Array(items));
    let condition = keyword("if").ignore_then(expression_or_hole(expression)).or_not();
    let comprehension = symbol("[")
        .ignore_then(expression.clone())
        .then_ignore(newlines().then(keyword("for")))
        .then(name())
        .then_ignore(keyword("in"))
        .then(expression_or_hole(expression))
        .then_ignore(newlines())
        .then(condition)
        .then_ignore(newlines().then(symbol("]")))
        .map(|(((item, name), list), condition)| ExpressionKind::Comprehension {
            item: Box::new(item),
            name,
            list: Box::new(list),
            condition: condition.map(Box::new),
        });
    let record = record(expression).map(ExpressionKind::Record);
    let jq_data = expression_or_hole(expression).delimited_by(symbol("("), symbol(")"));
    let program = select! { Token::Jq { program, ticks } => (program, ticks) }
        .labelled("a jq text in backticks")
        .map_with(|(text, ticks), extra| {
            // The place of the program is what stands between the backticks: mistakes in it are placed inside.
            let whole = at(extra.span());
            let start = whole.start() + text_size::TextSize::from(u32::from(ticks));
            PlainText { span: Span::at(start, text_size::TextSize::of(text.as_str())), text }
        });
    let jq = keyword("jq")
        .ignore_then(jq_data.or_not())
        .then(program)
        .map(|(data, program)| ExpressionKind::Jq { data: data.map(Box::new), program });
    let name = name().map(|name| ExpressionKind::Name(name.text));
    let group = symbol("(")
        .then_ignore(newlines())
        .then(expression_or_hole(expression))
        .then(newlines().then(symbol(")")).to(true).or(empty().and_is(just(Token::Newline)).to(false)))
        .validate(|((open, inner), closed), _, emitter| inside(inner, open, "(", ")", closed, emitter).kind);
    choice((literal, text, jq, name, comprehension, array, record, group))
        .map_with(|kind, extra| Expression { kind, span: at(extra.span()) })
        .boxed()
}

/// The parts of a string.
fn text_parts(expression: &Rule<Expression>) -> Rule<Vec<TextPart>> {
    let literal = select! { Token::Text(text) => text }
        .map_with(|text, extra| TextPart::Text(PlainText { text, span: at(extra.span()) }));
    let inside = |token: &Token| !matches!(token, Token::InterpolateEnd | Token::QuoteEnd | Token::Newline);
    let rest = any().filter(inside).ignored().repeated();
    let end = just(Token::InterpolateEnd).ignored();
    let closed = end.clone().recover_with(via_parser(rest.ignore_then(end)));
    let value =
        just(Token::Interpolate).ignore_then(expression_or_hole(expression)).then_ignore(closed).map(TextPart::Value);
    choice((literal, value))
        .repeated()
        .collect()
        .delimited_by(just(Token::Quote), just(Token::QuoteEnd))
        .labelled("a string")
        .boxed()
}

/// `{ a: 1, b, ...rest }`
pub(super) fn record(expression: &Rule<Expression>) -> Rule<Vec<RecordMember>> {
    let key = any_word().or(quoted_key());
    let field = key
        .then_ignore(colon())
        .then(expression_or_hole(expression))
        .map(|(key, value)| RecordMember::Field { key, value });
    let spread = symbol("...").ignore_then(expression.clone()).map(RecordMember::Spread);
    let short = name().map(RecordMember::Short);
    list("{", choice((field, spread, short)).labelled("a member").boxed(), "}").map(|(members, _)| members).boxed()
}
