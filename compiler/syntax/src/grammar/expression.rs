use super::mistake::Mistake;
use super::operator::{linked, prefixed};
use super::{
    Place, Rule, any_word, at, colon_of_value, is_word, junk, keyword, list, name, newlines, symbol, value_forgotten,
    where_begins,
};
use crate::Span;
use crate::lexer::{STATEMENT_WORDS, Token};
use crate::tree::{Argument, ArrayItem, Expression, ExpressionKind, Name, PlainText, RecordMember, TextPart};
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
        linked(prefixed(suffixed(&expression)), &expression).labelled("a value")
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

/// An operand and what stands behind it.
fn suffixed(expression: &Rule<Expression>) -> Rule<Expression> {
    operand(expression)
        .foldl_with(suffix(expression).repeated(), |base, suffix, extra| with_suffix(base, suffix, at(extra.span())))
        .boxed()
}

fn suffix(expression: &Rule<Expression>) -> Rule<Suffix> {
    let missing = empty().validate(|(), extra, emitter| {
        let place: Place = extra.span();
        emitter.emit(Mistake::because(place, "a name is missing after `.`", "which field?", None));
        None
    });
    let field = symbol(".").then(any_word().map(Some).or(missing)).map(|(dot, name)| Suffix::Field { name, dot });
    let index = symbol("[")
        .then(slice_habit(expression).or(expression_or_hole(expression)))
        .then(symbol("]").or_not().map(|close| close.is_some()))
        .validate(|((open, index), closed), _, emitter| Suffix::Index(inside(index, open, "[", "]", closed, emitter)));
    let argument = choice((
        lambda_habit().map(|value| Argument { name: None, value }),
        any_word()
            .or(quoted_key())
            .then_ignore(colon_of_value())
            .then(value_of_name(expression))
            .map(|(name, value)| Argument { name: Some(name), value }),
        expression.clone().map(|value| Argument { name: None, value }),
    ))
    .labelled("an argument")
    .boxed();
    let call = list("(", argument, ")").map(|(arguments, span)| Suffix::Call(arguments, span));
    let present = symbol("!").map(|_| Suffix::Present);
    let begins = |token: &Token| matches!(token, Token::Symbol("." | "[" | "(" | "!"));
    where_begins(begins, choice((field, index, call, present)).boxed())
}

/// `0:2` in square brackets, as other languages write a part of a list.
fn slice_habit(expression: &Rule<Expression>) -> Rule<Expression> {
    let bound = expression.clone().or_not();
    bound
        .clone()
        .then_ignore(symbol(":"))
        .then(bound)
        .validate(|_, extra, emitter| {
            let help = "write `slice(list, from, to)`".to_owned();
            let mistake =
                Mistake::because(extra.span(), "`[…]` takes one place", "a function gives several items", Some(help));
            emitter.emit(mistake.habitual());
            Expression::hole(at(extra.span()))
        })
        .boxed()
}

/// `x => f(x)`, `(x) => f(x)`, `lambda x: f(x)`: a function as a value.
fn lambda_habit() -> Rule<Expression> {
    let names = name().separated_by(symbol(","));
    let named = choice((
        name().ignored().then_ignore(symbol("=>")),
        names.clone().delimited_by(symbol("("), symbol(")")).ignored().then_ignore(symbol("=>")),
        keyword("lambda").ignore_then(names).ignored().then_ignore(symbol(":")),
    ));
    named
        .then(junk().repeated())
        .validate(|_, extra, emitter| {
            let help = "a list made of another is `[f(x) for x in xs if condition]`; what is done for each item stands \
                        in `for x in xs { … }`";
            let mistake =
                Mistake::because(extra.span(), "a function is no value", "nothing takes one", Some(help.to_owned()));
            emitter.emit(mistake.habitual());
            Expression::hole(at(extra.span()))
        })
        .boxed()
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

/// The value after a name and its colon.
fn value_of_name(expression: &Rule<Expression>) -> Rule<Expression> {
    value_forgotten()
        .map_with(|(), extra| Expression::hole(at(extra.span())))
        .or(expression_or_hole(expression))
        .boxed()
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
        Token::Hole => ExpressionKind::Error,
    };
    let text = text_parts(expression).map(ExpressionKind::Text);
    let array_item = symbol("...")
        .ignore_then(expression.clone())
        .map(ArrayItem::Spread)
        .or(expression.clone().map(ArrayItem::Value))
        .boxed();
    let array = list("[", array_item, "]").map(|(items, _)| ExpressionKind::Array(items));
    let comprehension = comprehension(expression);
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
    let program = program.or(quoted_program()).boxed();
    let with_data = jq_data.map(Some).then(program.clone().or(program_in_braces()));
    let jq = keyword("jq")
        .ignore_then(with_data.or(bare_data(expression).or_not().then(program)))
        .map(|(data, program)| ExpressionKind::Jq { data: data.map(Box::new), program });
    let rule = keyword("raw").then_ignore(just(Token::Symbol("{")).rewind()).ignore_then(json(expression));
    let rule = rule.map(|rule| ExpressionKind::Raw(Box::new(rule)));
    let name = name().map(|name| ExpressionKind::Name(name.text));
    let group = symbol("(")
        .then(expression_or_hole(expression))
        .then(newlines().then(symbol(")")).to(true).or(empty().and_is(just(Token::Newline)).to(false)))
        .validate(|((open, inner), closed), _, emitter| inside(inner, open, "(", ")", closed, emitter).kind);
    let is_sign = |sign: &'static str| move |token: &Token| *token == Token::Symbol(sign);
    let operand = choice((
        where_begins(|token| *token == Token::Quote, text.boxed()),
        where_begins(is_word(&["jq"]), jq.boxed()),
        where_begins(is_word(&["raw"]), rule.boxed()),
        literal,
        name,
        where_begins(is_sign("{"), record.boxed()),
        where_begins(is_sign("["), comprehension.or(array).boxed()),
        where_begins(is_sign("("), group.boxed()),
        template_habit(),
    ));
    let operand =
        operand.map_with(|kind, extra| Expression { kind, span: at(extra.span()) }).labelled("a value").boxed();
    where_begins(is_word(WORDS_TOO_MANY), word_too_many()).ignore_then(operand.clone()).or(operand).boxed()
}

/// `jq ticket` with a program behind: the data without brackets.
fn bare_data(expression: &Rule<Expression>) -> Rule<Expression> {
    let program = select! { Token::Jq { .. } => () };
    let path = select! { Token::Word(_) => (), Token::Symbol("." | "$") => () }.repeated().at_least(1);
    path.then(program)
        .rewind()
        .ignore_then(expression.clone())
        .validate(|data, extra, emitter| {
            let place: Place = extra.span();
            let help = "write `jq(…)`, with the data between the brackets".to_owned();
            let why = "what the program reads";
            let mistake = Mistake::because(place, "the data of a jq text stands in brackets", why, Some(help));
            emitter.emit(mistake.habitual());
            data
        })
        .boxed()
}

/// A program in braces.
fn program_in_braces() -> Rule<PlainText> {
    just(Token::Symbol("{"))
        .validate(|_, extra, emitter| {
            let help = "write `` `…` `` around it".to_owned();
            let why = "these are braces";
            let mistake = Mistake::because(extra.span(), "a jq text stands in backticks", why, Some(help));
            emitter.emit(mistake.habitual());
        })
        .then_ignore(choice((junk(), just(Token::Newline).ignored(), just(Token::Symbol(",")).ignored())).repeated())
        .then_ignore(symbol("}"))
        .map_with(|(), extra| PlainText { text: ".".into(), span: at(extra.span()) })
        .labelled("a jq text in backticks")
        .boxed()
}

/// A jq text in quotes.
fn quoted_program() -> Rule<PlainText> {
    super::plain_text()
        .validate(|program, extra, emitter| {
            let written = format!("`{}`", program.text);
            let fix = format!("write {written}");
            emitter.emit(
                Mistake::because(extra.span(), "a jq text stands in backticks", "these are quotes", Some(fix.clone()))
                    .habitual()
                    .with_fix(&fix, program.span, &written),
            );
            program
        })
        .boxed()
}

/// A text in backticks without `jq`: other languages write texts with values like this.
fn template_habit() -> Rule<ExpressionKind> {
    select! { Token::Jq { program, .. } => program }
        .validate(|program, extra, emitter| {
            let place: Place = extra.span();
            let mistake = if program.contains("${") {
                let written = format!("\"{}\"", program.replace('"', "\\\""));
                Mistake::because(place, "a text stands in double quotes", "backticks hold jq texts", None).with_fix(
                    &format!("write {written}"),
                    at(place),
                    &written,
                )
            } else {
                let help = "write `jq` in front of a jq text; a text of other sorts stands in double quotes";
                Mistake::because(place, "`jq` is missing in front of a jq text", "a jq text", Some(help.to_owned()))
                    .with_fix("write `jq` in front", Span::empty(at(place).start()), "jq")
            };
            emitter.emit(mistake.habitual());
            ExpressionKind::Error
        })
        .boxed()
}

const WORDS_TOO_MANY: &[&str] = &["await", "new"];

/// `await`, `new` and the like in front of a value.
fn word_too_many() -> Rule<()> {
    let why = |word: &str| match word {
        "await" => Some("every call waits for its answer"),
        "new" => Some("values are written, not made"),
        _ => None,
    };
    select! { Token::Word(text) if why(&text).is_some() => text }
        .and_is(any().then(select! { Token::Word(_) => () }))
        .validate(move |word, extra, emitter| {
            let place: Place = extra.span();
            let help = format!("remove `{word}`");
            let mistake = Mistake::because(
                place,
                format!("there is no `{word}`"),
                why(&word).unwrap_or_default(),
                Some(help.clone()),
            );
            emitter.emit(mistake.habitual().with_fix(&help, at(place), ""));
        })
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

/// `[f(x) for x in xs if c]`
fn comprehension(expression: &Rule<Expression>) -> Rule<ExpressionKind> {
    // A look ahead, so that nested lists are not read once as this and then again as lists.
    let item = junk().and_is(keyword("for").not()).repeated();
    let is_comprehension = symbol("[").then(item).then(newlines()).then(keyword("for")).rewind();
    let hole = || empty().map_with(|(), extra| Expression::hole(at(extra.span())));
    let list = keyword("in").ignore_then(expression_or_hole(expression)).recover_with(via_parser(hole()));
    let nothing = hole().map(|hole| (Name { text: smol_str::SmolStr::default(), span: hole.span }, hole));
    let each = name().then(list).recover_with(via_parser(nothing));
    let condition = newlines().ignore_then(keyword("if")).ignore_then(expression_or_hole(expression)).or_not();
    let closed = newlines().ignore_then(symbol("]")).to(true);
    let unclosed = choice((just(Token::Newline).ignored(), symbol("}").ignored(), end())).rewind().to(false);
    is_comprehension
        .ignore_then(symbol("["))
        .then(expression.clone())
        .then_ignore(newlines().then(keyword("for")))
        .then(each)
        .then(condition)
        .then(closed.or(unclosed))
        .validate(|((((open, item), (name, list)), condition), closed), _, emitter| {
            let is_whole = [Some(&list), condition.as_ref()].into_iter().flatten().all(|part| !is_unfinished(part));
            if !closed && is_whole {
                emitter.emit(Mistake::unclosed(open, "[", "]"));
            }
            let (item, list) = (Box::new(item), Box::new(list));
            ExpressionKind::Comprehension { item, name, list, condition: condition.map(Box::new) }
        })
        .boxed()
}

/// Whether something is missing at the end, which has been told.
fn is_unfinished(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Error => true,
        ExpressionKind::Binary { right, .. } => is_unfinished(right),
        _ => false,
    }
}

/// Whether a statement follows `{`: then it opens a block, and a value is missing before it.
fn opens_block() -> Rule<()> {
    let begins_statement =
        select! { Token::Word(word) if word == "if" || STATEMENT_WORDS.contains(&word.as_str()) => () };
    // A word of the language is no member that is named like its value.
    let is_member = select! { Token::Symbol(":" | "=") => () };
    symbol("{").ignore_then(newlines()).ignore_then(begins_statement).then_ignore(is_member.not()).boxed()
}

/// `{ a: 1, b, ...rest }`
pub(super) fn record(expression: &Rule<Expression>) -> Rule<Vec<RecordMember>> {
    let key = any_word().or(quoted_key());
    let field = key
        .then_ignore(colon_of_value())
        .then(value_of_name(expression))
        .map(|(key, value)| RecordMember::Field { key, value });
    let spread = symbol("...").ignore_then(expression.clone()).map(RecordMember::Spread);
    let short = name().map(RecordMember::Short);
    opens_block()
        .not()
        .ignore_then(list("{", choice((field, spread, short)).labelled("a member").boxed(), "}"))
        .map(|(members, _)| members)
        .boxed()
}

/// JSON that is kept as it stands: a record, or a hole with a message.
pub(super) fn json(expression: &Rule<Expression>) -> Rule<Expression> {
    let record = record(expression)
        .map_with(|members, extra| Expression { kind: ExpressionKind::Record(members), span: at(extra.span()) });
    expression_or_hole(&record.labelled("a record such as `{ \"Type\": \"Pass\", \"End\": true }`").boxed())
}

/// `extra { … }` after a statement or an item.
pub(super) fn extra(expression: &Rule<Expression>) -> Rule<Option<Expression>> {
    keyword("extra")
        .labelled("something else")
        .then_ignore(just(Token::Symbol("{")).rewind())
        .ignore_then(json(expression))
        .or_not()
        .boxed()
}
