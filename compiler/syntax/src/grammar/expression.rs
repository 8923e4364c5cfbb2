use super::mistake::Mistake;
use super::{Place, Rule, any_word, at, colon_of_value, junk, keyword, list, name, newlines, symbol, value_forgotten};
use crate::Span;
use crate::lexer::{STATEMENT_WORDS, Token};
use crate::tree::{
    Argument, ArrayItem, BinaryOperator, Expression, ExpressionKind, IsTest, Name, PlainText, RecordMember, TextPart,
    UnaryOperator,
};
use chumsky::pratt::{infix, left, postfix, prefix, right};
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
                prefix(11, symbol("!").or(not_habit()), |_, operand, extra| {
                    unary(UnaryOperator::Not, operand, at(extra.span()))
                }),
                prefix(11, typeof_habit(), |word, operand, extra| called("kind_of", word, [operand], at(extra.span()))),
                prefix(11, symbol("-"), |_, operand, extra| unary(UnaryOperator::Negate, operand, at(extra.span()))),
                infix(left(10), operators(PRODUCTS), binary),
                infix(left(9), operators(SUMS), binary),
                infix(right(8), operators(DEFAULTS), binary),
                infix(left(7), operators(COMPARISONS), binary),
                postfix(7, is_test(), |operand, test, extra| Expression {
                    kind: ExpressionKind::Is { operand: Box::new(operand), test },
                    span: at(extra.span()),
                }),
                infix(left(4), operators(BOTH), binary),
                infix(left(3), operators(EITHER), binary),
                infix(right(1), conditional(&expression), |condition, then, otherwise, extra| {
                    choose(condition, then, otherwise, at(extra.span()))
                }),
                infix(right(1), condition_between(&expression), |then, condition, otherwise, extra| {
                    choose(condition, then, otherwise, at(extra.span()))
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

/// What stands for an operator, or what other languages write for it.
struct Sign {
    text: &'static str,
    meaning: Meaning,
    habit: Option<Habit>,
}

/// What is made of two operands.
#[derive(Clone, Copy)]
enum Meaning {
    Operator(BinaryOperator),
    /// The call of a function.
    Function(&'static str),
    /// Whether the second is in the first.
    Contains,
    /// Whether the first is not in the second.
    NotIn,
    /// Nothing that the language has.
    Nothing,
}

/// How something is said here that other languages have a sign for, and why.
enum Habit {
    Sign { instead: &'static str, why: &'static str },
    Form { instead: &'static str, why: &'static str },
}

const fn sign(text: &'static str, operator: BinaryOperator) -> Sign {
    Sign { text, meaning: Meaning::Operator(operator), habit: None }
}

const fn habit(text: &'static str, instead: &'static str, why: &'static str, operator: BinaryOperator) -> Sign {
    Sign { text, meaning: Meaning::Operator(operator), habit: Some(Habit::Sign { instead, why }) }
}

const fn form(text: &'static str, instead: &'static str, why: &'static str, meaning: Meaning) -> Sign {
    Sign { text, meaning, habit: Some(Habit::Form { instead, why }) }
}

const WORDS_ARE_SIGNS: &str = "operators are signs here";
const A_FUNCTION: &str = "a function asks this";
const MATCHES: (&str, Meaning) = ("matches(text, pattern)", Meaning::Function("matches"));
const STARTS: (&str, Meaning) = ("starts_with(text, start)", Meaning::Function("starts_with"));
const ENDS: (&str, Meaning) = ("ends_with(text, end)", Meaning::Function("ends_with"));
const CONTAINS: (&str, Meaning) = ("part in whole", Meaning::Contains);
const CONTAINED: &str = "what is looked for stands first";

static PRODUCTS: &[Sign] = &[
    sign("*", BinaryOperator::Multiply),
    sign("/", BinaryOperator::Divide),
    sign("%", BinaryOperator::Remainder),
    habit("mod", "%", WORDS_ARE_SIGNS, BinaryOperator::Remainder),
];
static SUMS: &[Sign] = &[
    sign("+", BinaryOperator::Add),
    sign("-", BinaryOperator::Subtract),
    form("..", "[0, 1, 2]", "there are no ranges: a list is written out, and `while` counts", Meaning::Nothing),
];
static DEFAULTS: &[Sign] = &[sign("??", BinaryOperator::Default)];
static COMPARISONS: &[Sign] = &[
    sign("==", BinaryOperator::Equal),
    sign("!=", BinaryOperator::NotEqual),
    sign("<=", BinaryOperator::LessOrEqual),
    sign(">=", BinaryOperator::GreaterOrEqual),
    sign("<", BinaryOperator::Less),
    sign(">", BinaryOperator::Greater),
    sign("in", BinaryOperator::In),
    habit("=>", ">=", "the `=` comes last", BinaryOperator::GreaterOrEqual),
    habit("=<", "<=", "the `=` comes last", BinaryOperator::LessOrEqual),
    habit("<>", "!=", "there is one inequality", BinaryOperator::NotEqual),
    habit("=", "==", "a single `=` binds a name, after `let`", BinaryOperator::Equal),
    habit("eq", "==", WORDS_ARE_SIGNS, BinaryOperator::Equal),
    habit("equals", "==", WORDS_ARE_SIGNS, BinaryOperator::Equal),
    habit("ne", "!=", WORDS_ARE_SIGNS, BinaryOperator::NotEqual),
    habit("lt", "<", WORDS_ARE_SIGNS, BinaryOperator::Less),
    habit("le", "<=", WORDS_ARE_SIGNS, BinaryOperator::LessOrEqual),
    habit("gt", ">", WORDS_ARE_SIGNS, BinaryOperator::Greater),
    habit("ge", ">=", WORDS_ARE_SIGNS, BinaryOperator::GreaterOrEqual),
    form("=~", MATCHES.0, A_FUNCTION, MATCHES.1),
    form("matches", MATCHES.0, A_FUNCTION, MATCHES.1),
    form("like", MATCHES.0, A_FUNCTION, MATCHES.1),
    form("startswith", STARTS.0, A_FUNCTION, STARTS.1),
    form("startsWith", STARTS.0, A_FUNCTION, STARTS.1),
    form("starts_with", STARTS.0, A_FUNCTION, STARTS.1),
    form("endswith", ENDS.0, A_FUNCTION, ENDS.1),
    form("endsWith", ENDS.0, A_FUNCTION, ENDS.1),
    form("ends_with", ENDS.0, A_FUNCTION, ENDS.1),
    form("contains", CONTAINS.0, CONTAINED, CONTAINS.1),
    form("includes", CONTAINS.0, CONTAINED, CONTAINS.1),
    form("has", CONTAINS.0, CONTAINED, CONTAINS.1),
    form("not in", "!(part in whole)", "the whole question is negated", Meaning::NotIn),
];
static BOTH: &[Sign] = &[sign("&&", BinaryOperator::And), habit("and", "&&", WORDS_ARE_SIGNS, BinaryOperator::And)];
static EITHER: &[Sign] = &[sign("||", BinaryOperator::Or), habit("or", "||", WORDS_ARE_SIGNS, BinaryOperator::Or)];

/// One of some signs. After each operand all operators are asked for, so one look at the token answers for several.
fn operators(signs: &'static [Sign]) -> Rule<(Meaning, Span)> {
    let meant = |token: Token| {
        let written = match &token {
            Token::Symbol(text) => text,
            Token::Word(text) => text.as_str(),
            _ => return None,
        };
        signs.iter().find(|sign| sign.text == written)
    };
    chumsky::primitive::select(move |token, _| meant(token))
        .labelled("something else")
        .validate(|sign: &Sign, extra, emitter| {
            let text = sign.text;
            match sign.habit {
                None => {}
                Some(Habit::Sign { instead, why }) => emitter.emit(Mistake::habit(extra.span(), text, instead, why)),
                Some(Habit::Form { instead, why }) => {
                    let help = Some(format!("write `{instead}`"));
                    emitter
                        .emit(Mistake::because(extra.span(), format!("`{text}` is no operator"), why, help).habitual());
                }
            }
            (sign.meaning, at(extra.span()))
        })
        .boxed()
}

/// `not` of other languages, in front of what it negates.
fn not_habit() -> Rule<Span> {
    let operand = select! { Token::Word(_) => (), Token::Symbol("(" | "!" | "$") => () };
    select! { Token::Word(text) if text == "not" => () }
        .and_is(any().then(operand))
        .validate(|(), extra, emitter| {
            emitter.emit(Mistake::habit(extra.span(), "not", "!", "operators are signs here"));
            at(extra.span())
        })
        .boxed()
}

/// `typeof x` of other languages.
fn typeof_habit() -> Rule<Span> {
    just(Token::Word("typeof".into()))
        .and_is(any().then(select! { Token::Word(_) => (), Token::Symbol("$") => () }))
        .validate(|_, extra, emitter| {
            let help = "write `kind_of(value)`".to_owned();
            emitter.emit(Mistake::because(extra.span(), "`typeof` is no operator", A_FUNCTION, Some(help)).habitual());
            at(extra.span())
        })
        .labelled("something else")
        .boxed()
}

fn conditional(expression: &Rule<Expression>) -> Rule<Expression> {
    expression.clone().delimited_by(symbol("?"), symbol(":")).boxed()
}

/// `x if c else y` of other languages, up to what stands behind `else`.
fn condition_between(expression: &Rule<Expression>) -> Rule<Expression> {
    keyword("if")
        .labelled("something else")
        .ignore_then(expression.clone())
        .then_ignore(keyword("else"))
        .validate(|condition, extra, emitter| {
            let help = "write `condition ? value : other`".to_owned();
            let why = "the condition stands in front";
            emitter
                .emit(Mistake::because(extra.span(), "a choice begins with its condition", why, Some(help)).habitual());
            condition
        })
        .boxed()
}

fn choose(condition: Expression, then: Expression, otherwise: Expression, span: Span) -> Expression {
    let (condition, then, otherwise) = (Box::new(condition), Box::new(then), Box::new(otherwise));
    Expression { kind: ExpressionKind::Conditional { condition, then, otherwise }, span }
}

fn is_test() -> Rule<Option<IsTest>> {
    let test = choice((keyword("present").to(IsTest::Present), keyword("null").to(IsTest::Null)));
    let negated = keyword("is")
        .ignore_then(keyword("not").labelled("something else"))
        .ignore_then(choice((keyword("null").to("!= null"), keyword("present").to("== null"))))
        .validate(|instead, extra, emitter| {
            let place: Place = extra.span();
            let help = format!("write `{instead}`");
            emitter.emit(
                Mistake::because(place, "`is` is not negated", "there is no `is not`", Some(help.clone()))
                    .habitual()
                    .with_fix(&help, at(place), instead),
            );
            None
        });
    let missing = select! {
        Token::Word(text)
            if matches!(text.as_str(), "missing" | "absent" | "undefined" | "None" | "nil" | "NULL" | "Null") => text
    };
    let missing = keyword("is").ignore_then(missing).validate(|word, extra, emitter| {
        let place: Place = extra.span();
        let why = "`is` asks for `present` or `null`";
        emitter.emit(Mistake::because(place, format!("nothing is `{word}`"), why, None).habitual().with_fix(
            "write `== null`",
            at(place),
            "== null",
        ));
        None
    });
    let asked = keyword("is").ignore_then(test.map(Some).recover_with(via_parser(empty().to(None))));
    keyword("is").rewind().ignore_then(choice((negated, missing, asked))).boxed()
}

fn binary(
    left: Expression,
    (meaning, sign): (Meaning, Span),
    right: Expression,
    extra: &mut chumsky::input::MapExtra<'static, '_, super::Input, super::Extra>,
) -> Expression {
    let span = at(extra.span());
    let of = |operator, left: Expression, right: Expression| Expression {
        kind: ExpressionKind::Binary { operator, left: Box::new(left), right: Box::new(right), at: sign },
        span,
    };
    match meaning {
        Meaning::Operator(operator) => of(operator, left, right),
        Meaning::Contains => of(BinaryOperator::In, right, left),
        Meaning::NotIn => unary(UnaryOperator::Not, of(BinaryOperator::In, left, right), span),
        Meaning::Function(name) => called(name, sign, [left, right], span),
        Meaning::Nothing => Expression::hole(span),
    }
}

/// The call of a function that is not written as one.
fn called<const N: usize>(name: &str, name_at: Span, values: [Expression; N], span: Span) -> Expression {
    let callee = Box::new(Expression { kind: ExpressionKind::Name(name.into()), span: name_at });
    let arguments = values.map(|value| Argument { name: None, value }).into();
    Expression { kind: ExpressionKind::Call { callee, arguments, brackets: span }, span }
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
    let begins = select! { Token::Symbol("." | "[" | "(" | "!") => () }.labelled("something else").rewind();
    begins.ignore_then(choice((field, index, call, present))).boxed()
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
    let condition = keyword("if").ignore_then(expression_or_hole(expression)).or_not();
    // A look ahead, so that nested lists are not read once as this and then again as lists.
    let item = junk().and_is(keyword("for").not()).repeated();
    let is_comprehension = symbol("[").then(item).then(newlines()).then(keyword("for")).rewind();
    let comprehension = is_comprehension
        .ignore_then(symbol("["))
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
    let operand = choice((text, record, literal, jq, template_habit(), rule, name, comprehension, array, group))
        .map_with(|kind, extra| Expression { kind, span: at(extra.span()) })
        .labelled("a value")
        .boxed();
    word_too_many().ignore_then(operand.clone()).or(operand).boxed()
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
