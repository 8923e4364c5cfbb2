//! Tokens to trees. The grammar is built once for each thread; an item is parsed in one pass over it.

mod action;
mod expression;
mod hyphen;
mod item;
mod line;
mod meant;
mod mistake;
mod operator;
mod statement;
mod types;

pub use action::METHODS;

use crate::lexer::{RESERVED, Token};
use crate::tree::{Item, Name, PlainText};
use crate::{Span, SyntaxError};
use chumsky::input::IterInput;
use chumsky::prelude::*;
use mistake::Mistake;
use smol_str::SmolStr;
use std::rc::Rc;
use text_size::TextSize;

type Place = SimpleSpan<u32>;
type Input = IterInput<Tokens, Place>;
type Extra = extra::Err<Mistake>;
/// A rule of the grammar.
type Rule<O> = Boxed<'static, 'static, Input, O, Extra>;

/// The tokens of an item, one after another. They are lent to each pass over them.
#[derive(Clone)]
struct Tokens {
    list: Rc<Vec<(Token, Span)>>,
    at: usize,
}

impl Iterator for Tokens {
    type Item = (Token, Place);

    fn next(&mut self) -> Option<Self::Item> {
        let (token, span) = self.list.get(self.at)?;
        self.at += 1;
        Some((token.clone(), place(*span)))
    }
}

thread_local! {
    static ITEM: Rule<Item> = item::item();
}

/// Makes a tree of the tokens of a text.
pub(crate) fn parse_item(mut tokens: Vec<(Token, Span)>, text: &str) -> (Item, Vec<SyntaxError>) {
    let first_word = item::meant_word(&mut tokens);
    let hyphens = hyphen::in_names(&mut tokens);
    let in_flow = if item::is_flow(&tokens) { meant::in_flow(&mut tokens, text) } else { Vec::new() };
    let end = tokens.last().map_or(TextSize::of(text), |(_, span)| span.end());
    let tokens = Tokens { list: Rc::new(tokens), at: 0 };
    let parse = || {
        let input = IterInput::new(tokens.clone(), place(Span::empty(end)));
        ITEM.with(|item| item.parse(input)).into_output_errors()
    };
    let (mut item, mut mistakes) = mistake::quietly(parse);
    if !mistakes.is_empty() {
        (item, mistakes) = parse();
    }
    let item = item.unwrap_or_else(|| Item {
        documentation: crate::tree::Documentation::default(),
        attributes: Vec::new(),
        kind: crate::tree::ItemKind::Error,
        extra: None,
        span: Span::up_to(end),
    });
    (item, first_word.into_iter().chain(hyphens).chain(in_flow).chain(mistakes).map(Mistake::into_error).collect())
}

/// A place of the parser as a place of the tree. Where nothing was read, the parser's place runs from the token after
/// back to the one before: that is the empty place right after what was read last.
fn at(place: Place) -> Span {
    Span::new(place.start.min(place.end).into(), place.end.into())
}

/// The rule, asked only where it can begin: most tokens begin few of the alternatives. Where mistakes are told, all are
/// asked, for what they expected.
fn where_begins<O: 'static>(begins: impl Fn(&Token) -> bool + 'static, rule: Rule<O>) -> Rule<O> {
    custom(move |input: &mut chumsky::input::InputRef<'static, '_, Input, Extra>| {
        match mistake::is_told() || input.peek().is_some_and(|token| begins(&token)) {
            true => Ok(()),
            false => Err(Mistake::untold(input.span_since(&input.cursor()))),
        }
    })
    .ignore_then(rule)
    .boxed()
}

/// Whether a token is one of these words.
fn is_word(words: &'static [&'static str]) -> impl Fn(&Token) -> bool + Copy {
    move |token| matches!(token, Token::Word(found) if words.contains(&found.as_str()))
}

/// A punctuation mark.
fn symbol(symbol: &'static str) -> Rule<Span> {
    just(Token::Symbol(symbol)).map_with(|_, extra| at(extra.span())).boxed()
}

/// A word with a meaning where it stands.
fn keyword(word: &'static str) -> Rule<Span> {
    select! { Token::Word(text) if text == word => () }
        .labelled(mistake::quoted(word))
        .map_with(|(), extra| at(extra.span()))
        .boxed()
}

/// A name: any word that is not reserved.
fn name() -> Rule<Name> {
    select! { Token::Word(text) if !RESERVED.contains(&text.as_str()) => text }
        .labelled("a name")
        .map_with(|text, extra| Name { text, span: at(extra.span()) })
        .boxed()
}

/// A place of the tree as one of the parser.
fn place(span: Span) -> Place {
    Place::from(u32::from(span.start())..u32::from(span.end()))
}

/// A name where reserved words may stand too: after a dot, before a colon.
fn any_word() -> Rule<Name> {
    select! { Token::Word(text) => text }
        .labelled("a name")
        .map_with(|text, extra| Name { text, span: at(extra.span()) })
        .boxed()
}

/// `a.b.c`, or a name of the target that is none, in quotes.
fn dotted_name() -> Rule<Name> {
    let dot = symbol(".").then_ignore(any_word().not()).validate(|dot, _, emitter| {
        let end = place(Span::empty(dot.end()));
        emitter.emit(Mistake::because(end, "a name is missing after `.`", "goes on how?", None));
        dot
    });
    let rest = symbol(".").ignore_then(any_word()).repeated().collect::<Vec<_>>();
    let words = name().then(rest).then(dot.or_not()).map(|((first, rest), dot)| {
        if rest.is_empty() && dot.is_none() {
            return first;
        }
        let mut text = String::from(first.text.as_str());
        let mut span = first.span;
        for name in &rest {
            text.push('.');
            text.push_str(&name.text);
            span = span.cover(name.span);
        }
        Name { text: SmolStr::new(text), span: dot.map_or(span, |dot| span.cover(dot)) }
    });
    words.or(plain_text().map(|text| Name { text: text.text, span: text.span })).boxed()
}

/// A string without interpolation.
fn plain_text() -> Rule<PlainText> {
    select! { Token::Text(text) => text }
        .or_not()
        .delimited_by(just(Token::Quote), just(Token::QuoteEnd))
        .map_with(|text, extra| PlainText { text: text.unwrap_or_default(), span: at(extra.span()) })
        .labelled("a string")
        .boxed()
}

fn newlines() -> Rule<()> {
    just(Token::Newline).ignored().repeated().boxed()
}

/// `:`, or the `=` that other languages write between a name and its value.
fn colon() -> Rule<()> {
    let equals = just(Token::Symbol("=")).validate(|_, extra, emitter| {
        emitter.emit(Mistake::habit(extra.span(), "=", ":", "between a name and its value stands `:`"));
    });
    let arrow = just(Token::Symbol("=>")).validate(|_, extra, emitter| {
        emitter.emit(Mistake::habit(extra.span(), "=>", ":", "between a name and its value stands `:`"));
    });
    let arrow = arrow.labelled("something else");
    symbol(":").ignored().or(equals).or(arrow).boxed()
}

/// `:`, or a message where it was forgotten in front of a string or a number.
fn colon_of_value() -> Rule<()> {
    let forgotten = select! { Token::Quote => (), Token::Number(_) => (), Token::Duration(_) => () }.rewind().validate(
        |(), extra, emitter| {
            let place: Place = extra.span();
            let end = place.start.min(place.end);
            let help = "write `:` between them";
            emitter.emit(
                Mistake::because(Place::from(end..end), "`:` is missing here", "between a name and its value", None)
                    .habitual()
                    .with_fix(help, at(Place::from(end..end)), ":"),
            );
        },
    );
    colon().or(forgotten).boxed()
}

/// A message where the next name and its `:` stand instead of a value.
fn value_forgotten() -> Rule<()> {
    any_word()
        .then(symbol(":"))
        .rewind()
        .validate(|_, extra, emitter| {
            let place: Place = extra.span();
            let end = place.start.min(place.end);
            emitter.emit(Mistake::because(
                Place::from(end..end),
                "a value is missing",
                "a value is expected here",
                None,
            ));
        })
        .boxed()
}

/// The rule, or nothing and a message.
fn or_missing<O: 'static>(rule: Rule<O>) -> Rule<Option<O>> {
    rule.map(Some).recover_with(via_parser(empty().map(|()| None))).boxed()
}

/// Skips what cannot be read, brackets as a whole, up to where the rest of the line ends or a bracket closes.
fn junk() -> Rule<()> {
    recursive(|junk| {
        // A line ends in round and square brackets only where they were never closed.
        let inside = choice((junk, just(Token::Symbol(",")).ignored()));
        let lines = choice((inside.clone(), just(Token::Newline).ignored())).repeated();
        let inside = inside.repeated();
        let curly =
            lines.delimited_by(just(Token::Symbol("{")), just(Token::Symbol("}")).ignored().or(end().ignored()));
        let round = inside.clone().delimited_by(just(Token::Symbol("(")), just(Token::Symbol(")")).or_not());
        let square = inside.delimited_by(just(Token::Symbol("[")), just(Token::Symbol("]")).or_not());
        let plain = any()
            .filter(|token: &Token| {
                !matches!(token, Token::Newline | Token::Symbol("{" | "}" | "(" | ")" | "[" | "]" | ","))
            })
            .ignored();
        choice((plain, curly, round, square))
    })
    .boxed()
}

/// What stands between braces; where the closing one is missing, it ends with the item.
fn braces<O: 'static>(inner: Rule<O>) -> Rule<(O, Span)> {
    let closed = symbol("}").to(true).or(end().to(false)).boxed();
    let closed = closed.clone().recover_with(via_parser(junk().repeated().at_least(1).ignore_then(closed)));
    symbol("{")
        .then_ignore(newlines())
        .then(inner)
        .then(closed)
        .validate(|((open, inner), closed), extra, emitter| {
            if !closed {
                emitter.emit(Mistake::unclosed(open, "{", "}"));
            }
            (inner, at(extra.span()))
        })
        .boxed()
}

/// A list between two marks, over several lines if need be, its items separated by commas.
fn list<O: 'static>(open: &'static str, item: Rule<O>, close: &'static str) -> Rule<(Vec<O>, Span)> {
    // The lexer leaves out the line ends in round and square brackets: where one stands, the bracket was forgotten.
    let newlines = || if open == "{" { newlines() } else { empty().boxed() };
    let semicolon = just(Token::Symbol(";")).validate(|_, extra, emitter| {
        emitter.emit(Mistake::habit(extra.span(), ";", ",", "commas separate"));
    });
    let comma = just(Token::Symbol(",")).ignored().or(semicolon);
    let comma = newlines().ignore_then(comma.then_ignore(newlines()));
    let begins_item = any()
        .filter(|token: &Token| match token {
            Token::Word(word) => !RESERVED.contains(&word.as_str()),
            Token::Quote | Token::Symbol("...") | Token::Documentation(_) => true,
            _ => false,
        })
        .ignored();
    let next_line = just(Token::Newline).repeated().at_least(1).then_ignore(begins_item.rewind());
    let next_line = empty().filter(move |()| open == "{").ignore_then(next_line);
    let next_name = any_word().then(symbol("?").or_not()).then(symbol(":").or(symbol("="))).ignored().rewind();
    let next_literal = select! { Token::Quote => (), Token::Number(_) => () }.rewind();
    let forgotten = choice((next_line, next_name, next_literal)).validate(|(), extra, emitter| {
        let place: Place = extra.span();
        let end = place.start.min(place.end);
        emitter.emit(Mistake::missing_comma(Place::from(end..end)));
    });
    let items = item.separated_by(choice((comma, forgotten))).allow_trailing().collect::<Vec<_>>();
    let rest = choice((junk(), just(Token::Symbol(",")).ignored())).repeated();
    let stop = choice((
        just(Token::Newline).ignored(),
        any().filter(|token: &Token| matches!(token, Token::Symbol(")" | "]" | "}"))).ignored(),
        end(),
    ));
    let closed = newlines().ignore_then(symbol(close)).to(true);
    let unclosed = stop.rewind().to(false);
    let unreadable = rest.ignore_then(newlines().ignore_then(symbol(close)).or_not()).to(true);
    symbol(open)
        .then_ignore(newlines())
        .then(items)
        .then(closed.or(unclosed).recover_with(via_parser(unreadable)))
        .validate(move |((opener, items), closed), extra, emitter| {
            if !closed {
                emitter.emit(Mistake::unclosed(opener, open, close));
            }
            (items, at(extra.span()))
        })
        .boxed()
}
