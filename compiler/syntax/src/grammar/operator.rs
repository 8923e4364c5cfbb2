//! What stands in front of, between and behind operands: signs, the words that other languages have for them, and how
//! tightly they bind.

use super::mistake::Mistake;
use super::{Place, Rule, at, keyword, symbol, where_begins};
use crate::Span;
use crate::lexer::Token;
use crate::tree::{Argument, BinaryOperator, Expression, ExpressionKind, IsTest, UnaryOperator};
use chumsky::prelude::*;

/// What stands in front of an operand.
#[derive(Clone, Copy)]
enum Prefix {
    Not,
    Negate,
    KindOf,
}

/// `!a`, `-a`: an operand behind any number of prefixes.
pub(super) fn prefixed(operand: Rule<Expression>) -> Rule<Expression> {
    let prefix = choice((
        symbol("!").or(not_habit()).map(|span| (Prefix::Not, span)),
        typeof_habit().map(|span| (Prefix::KindOf, span)),
        symbol("-").map(|span| (Prefix::Negate, span)),
    ));
    let begins = |token: &Token| match token {
        Token::Symbol(sign) => matches!(*sign, "!" | "-"),
        Token::Word(word) => matches!(word.as_str(), "not" | "typeof"),
        _ => false,
    };
    where_begins(begins, prefix.boxed())
        .repeated()
        .foldr_with(operand, |(prefix, sign), operand, extra| {
            let span = at(extra.span());
            match prefix {
                Prefix::Not => unary(UnaryOperator::Not, operand, span),
                Prefix::Negate => unary(UnaryOperator::Negate, operand, span),
                Prefix::KindOf => called("kind_of", sign, [operand], span),
            }
        })
        .boxed()
}

/// What puts two operands together.
enum Link {
    Operator(&'static Sign, Span),
    /// `? then :`
    Conditional(Expression),
    /// `if condition else`
    Between(Expression),
}

/// What stands behind an operand.
enum Tail {
    Operand(Link, Expression),
    Is(Option<IsTest>, Span),
}

/// `a + b`, `c ? a : b`, `a is present`: operands and what links them.
pub(super) fn linked(operand: Rule<Expression>, expression: &Rule<Expression>) -> Rule<Expression> {
    let link = choice((
        operator().map(|(sign, at)| Link::Operator(sign, at)),
        conditional(expression).map(Link::Conditional),
        condition_between(expression).map(Link::Between),
    ));
    // A sign of another language may mean something else where nothing follows: `"open" => {`.
    let is_ours = |(sign, _): &(&Sign, Span)| sign.habit.is_none();
    let unfinished = operator().filter(is_ours).map(|(sign, at)| Link::Operator(sign, at)).then(second_missing());
    let linked = link.then(operand.clone()).or(unfinished).map(|(link, operand)| Tail::Operand(link, operand));
    let tail = choice((linked, is_test().map(|(test, span)| Tail::Is(test, span)))).boxed();
    let begins = |token: &Token| match token {
        Token::Symbol("?") => true,
        Token::Word(word) if matches!(word.as_str(), "is" | "if") => true,
        token => Sign::of(token).is_some(),
    };
    operand.then(where_begins(begins, tail).repeated().collect()).map(|(first, tails)| tree(first, tails)).boxed()
}

/// The end of a line, a list or a head where an operator promised a second operand.
fn second_missing() -> Rule<Expression> {
    let stops = |token: &Token| matches!(token, Token::Newline | Token::Symbol("{" | "}" | ")" | "]" | ","));
    let stop = any().filter(stops).ignored().or(end());
    stop.rewind()
        .validate(|(), extra, emitter| {
            let place: Place = extra.span();
            let end = place.start.min(place.end);
            let place = Place::from(end..end);
            emitter.emit(Mistake::because(place, "a value is missing", "a value is expected here", None));
            Expression::hole(at(place))
        })
        .labelled("a value")
        .boxed()
}

/// Operands and what links them as a tree: what binds more tightly is put together first.
fn tree(first: Expression, tails: Vec<Tail>) -> Expression {
    let mut last = first;
    // What waits for its second operand, with the first.
    let mut open: Vec<(Expression, Link)> = Vec::new();
    for tail in tails {
        let binding = match &tail {
            Tail::Operand(link, _) => link.binding(),
            Tail::Is(..) => Binding::Comparison,
        };
        while let Some((left, link)) = open.pop_if(|(_, link)| link.binding().comes_before(binding)) {
            last = link.join(left, last);
        }
        match tail {
            Tail::Operand(link, operand) => open.push((std::mem::replace(&mut last, operand), link)),
            Tail::Is(test, at) => {
                let span = last.span.cover(at);
                last = Expression { kind: ExpressionKind::Is { operand: Box::new(last), test }, span };
            }
        }
    }
    open.into_iter().rev().fold(last, |right, (left, link)| link.join(left, right))
}

impl Link {
    fn binding(&self) -> Binding {
        match self {
            Link::Operator(sign, _) => sign.binding,
            Link::Conditional(_) | Link::Between(_) => Binding::Choice,
        }
    }

    fn join(self, left: Expression, right: Expression) -> Expression {
        let span = left.span.cover(right.span);
        match self {
            Link::Operator(sign, at) => binary(left, sign.meaning, at, right, span),
            Link::Conditional(then) => choose(left, then, right, span),
            Link::Between(condition) => choose(condition, left, right, span),
        }
    }
}

/// How tightly something holds its operands, the loosest first.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Binding {
    Choice,
    Either,
    Both,
    Comparison,
    Default,
    Sum,
    Product,
}

impl Binding {
    /// Whether what stands before has its operands together before what follows binds like `next`.
    fn comes_before(self, next: Binding) -> bool {
        let from_the_right = matches!(self, Binding::Choice | Binding::Default);
        self > next || (self == next && !from_the_right)
    }
}

/// What stands for an operator, or what other languages write for it.
struct Sign {
    text: &'static str,
    binding: Binding,
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

const fn sign(text: &'static str, binding: Binding, operator: BinaryOperator) -> Sign {
    Sign { text, binding, meaning: Meaning::Operator(operator), habit: None }
}

/// A sign of another language for one that is here too.
const fn habit(text: &'static str, instead: &'static str, why: &'static str, sign: Sign) -> Sign {
    Sign { text, habit: Some(Habit::Sign { instead, why }), ..sign }
}

/// A sign of another language for what has no sign here.
const fn form(text: &'static str, instead: &'static str, why: &'static str, meaning: Meaning) -> Sign {
    Sign { text, binding: Binding::Comparison, meaning, habit: Some(Habit::Form { instead, why }) }
}

const WORDS_ARE_SIGNS: &str = "operators are signs here";
const A_FUNCTION: &str = "a function asks this";
const MATCHES: (&str, Meaning) = ("matches(text, pattern)", Meaning::Function("matches"));
const STARTS: (&str, Meaning) = ("starts_with(text, start)", Meaning::Function("starts_with"));
const ENDS: (&str, Meaning) = ("ends_with(text, end)", Meaning::Function("ends_with"));
const CONTAINS: (&str, Meaning) = ("part in whole", Meaning::Contains);
const CONTAINED: &str = "what is looked for stands first";

const REMAINDER: Sign = sign("%", Binding::Product, BinaryOperator::Remainder);
const EQUAL: Sign = sign("==", Binding::Comparison, BinaryOperator::Equal);
const NOT_EQUAL: Sign = sign("!=", Binding::Comparison, BinaryOperator::NotEqual);
const LESS: Sign = sign("<", Binding::Comparison, BinaryOperator::Less);
const LESS_OR_EQUAL: Sign = sign("<=", Binding::Comparison, BinaryOperator::LessOrEqual);
const GREATER: Sign = sign(">", Binding::Comparison, BinaryOperator::Greater);
const GREATER_OR_EQUAL: Sign = sign(">=", Binding::Comparison, BinaryOperator::GreaterOrEqual);
const AND: Sign = sign("&&", Binding::Both, BinaryOperator::And);
const OR: Sign = sign("||", Binding::Either, BinaryOperator::Or);

static SIGNS: &[Sign] = &[
    sign("*", Binding::Product, BinaryOperator::Multiply),
    sign("/", Binding::Product, BinaryOperator::Divide),
    REMAINDER,
    sign("+", Binding::Sum, BinaryOperator::Add),
    sign("-", Binding::Sum, BinaryOperator::Subtract),
    sign("??", Binding::Default, BinaryOperator::Default),
    EQUAL,
    NOT_EQUAL,
    LESS_OR_EQUAL,
    GREATER_OR_EQUAL,
    LESS,
    GREATER,
    sign("in", Binding::Comparison, BinaryOperator::In),
    AND,
    OR,
    habit("mod", "%", WORDS_ARE_SIGNS, REMAINDER),
    habit("=>", ">=", "the `=` comes last", GREATER_OR_EQUAL),
    habit("=<", "<=", "the `=` comes last", LESS_OR_EQUAL),
    habit("<>", "!=", "there is one inequality", NOT_EQUAL),
    habit("=", "==", "a single `=` binds a name, after `let`", EQUAL),
    habit("eq", "==", WORDS_ARE_SIGNS, EQUAL),
    habit("equals", "==", WORDS_ARE_SIGNS, EQUAL),
    habit("ne", "!=", WORDS_ARE_SIGNS, NOT_EQUAL),
    habit("lt", "<", WORDS_ARE_SIGNS, LESS),
    habit("le", "<=", WORDS_ARE_SIGNS, LESS_OR_EQUAL),
    habit("gt", ">", WORDS_ARE_SIGNS, GREATER),
    habit("ge", ">=", WORDS_ARE_SIGNS, GREATER_OR_EQUAL),
    habit("and", "&&", WORDS_ARE_SIGNS, AND),
    habit("or", "||", WORDS_ARE_SIGNS, OR),
    form("..", "[0, 1, 2]", "there are no ranges: a list is written out, and `while` counts", Meaning::Nothing),
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

impl Sign {
    /// What a token is written for, where it stands behind an operand.
    fn of(token: &Token) -> Option<&'static Sign> {
        let written = match token {
            Token::Symbol(text) => text,
            Token::Word(text) => text.as_str(),
            _ => return None,
        };
        // Most words and signs differ from all of these in the first letter.
        let first = written.as_bytes().first();
        SIGNS.iter().find(|sign| sign.text.as_bytes().first() == first && sign.text == written)
    }
}

/// One of the signs.
fn operator() -> Rule<(&'static Sign, Span)> {
    chumsky::primitive::select(|token, _| Sign::of(&token))
        .labelled("something else")
        .validate(|sign: &'static Sign, extra, emitter| {
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
            (sign, at(extra.span()))
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

fn is_test() -> Rule<(Option<IsTest>, Span)> {
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
    keyword("is")
        .rewind()
        .ignore_then(choice((negated, missing, asked)))
        .map_with(|test, extra| (test, at(extra.span())))
        .boxed()
}

fn binary(left: Expression, meaning: Meaning, sign: Span, right: Expression, span: Span) -> Expression {
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
