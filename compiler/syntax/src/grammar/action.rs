//! Actions: what they take and give, and the parts of their request.

use super::expression::expression_or_hole;
use super::item::{arrow_habit, is_near, sign_too_many};
use super::line::line_end;
use super::meant::{behind_braces, is, word};
use super::mistake::Mistake;
use super::types::type_or_hole;
use super::{
    Place, Rule, any_word, at, braces, colon, dotted_name, keyword, list, name, newlines, or_missing, place,
    plain_text, symbol, where_begins,
};
use crate::Span;
use crate::lexer::Token;
use crate::tree::{
    Action, Expression, ExpressionKind, HeaderField, Name, Parameter, PlainText, TypeExpression, TypeExpressionKind,
};
use chumsky::prelude::*;

/// The HTTP methods that an action may use.
pub const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"];

/// The words that begin a part of an action.
const PARTS: &[&str] = &["connection", "headers", "query", "body"];

/// A line in the braces of an action.
enum Part {
    Request { method: Name, on_account: bool, notation: Option<PlainText>, address: Expression },
    Connection(Option<Name>),
    Headers(Vec<HeaderField>),
    Query(Vec<HeaderField>),
    Body(Expression),
    Error,
}

impl Part {
    /// What an action has once; headers and parameters of the query may come in several lists.
    fn sort(&self) -> Option<&'static str> {
        match self {
            Part::Request { .. } => Some("request"),
            Part::Connection(_) => Some("connection"),
            Part::Body(_) => Some("body"),
            Part::Headers(_) | Part::Query(_) | Part::Error => None,
        }
    }
}

/// A line in an action that is none of its parts.
fn unknown_part() -> Rule<Part> {
    select! { Token::Word(text) => text }
        .validate(|word, extra, emitter| {
            let known =
                "an action has a request such as `POST \"https://…\"`, `connection`, `headers`, `query` and `body`";
            let meant = match word.as_str() {
                "header" => Some("headers"),
                "params" | "parameters" | "queryParams" | "query_params" => Some("query"),
                "requestBody" | "request_body" | "data" | "json" | "payload" => Some("body"),
                "connectionName" | "connection_name" | "auth" => Some("connection"),
                word => PARTS.iter().copied().find(|part| is_near(part, word)),
            };
            let help = match word.as_str() {
                "method" | "url" | "uri" | "path" => {
                    "write the request as `POST \"https://…\"`, or `GET path \"/api/…\"`"
                }
                "timeout" => "the platform says how long a request may take",
                "retry" | "retries" => "the platform runs the whole flow again where a request fails for a while",
                "return" | "result" | "response" => "what is answered is the result; its type stands behind `->`",
                "let" | "if" | "for" | "jq" => "an action is one request: what is computed is computed at the call",
                "name" | "description" | "type" => {
                    "the name stands behind `action`, a description above it, after `///`"
                }
                _ => match meant {
                    Some("headers") => "write `headers { \"Name\": \"value\" }`",
                    Some("query") => "write `query { name: value }`",
                    Some("body") => "write `body { … }`",
                    Some("connection") => "write `connection name`",
                    _ => known,
                },
            };
            let place: Place = extra.span();
            let headline = format!("an action has no `{word}`");
            let mistake = Mistake::because(place, headline, "not a part of an action", Some(help.to_owned()));
            emitter.emit(match meant {
                Some(meant) => mistake.with_fix(&format!("write `{meant}`"), at(place), meant),
                None => mistake,
            });
            Part::Error
        })
        .then_ignore(super::junk().repeated())
        .then_ignore(address_of_method().repeated())
        .boxed()
}

/// The second line of a request that is written as `method: "POST"` and `url: "https://…"`.
fn address_of_method() -> Rule<()> {
    select! { Token::Word(word) if matches!(word.as_str(), "method" | "url" | "uri") => () }
        .then(super::junk().repeated())
        .ignored()
        .delimited_by(just(Token::Newline), empty())
        .boxed()
}

fn in_braces(field: Rule<HeaderField>) -> Rule<Vec<HeaderField>> {
    or_missing(list("{", field, "}")).map(|list| list.map_or_else(Vec::new, |(list, _)| list)).boxed()
}

/// `headers [ … ]`, as a bundle has them.
fn list_for_braces() -> Rule<Vec<HeaderField>> {
    let rest = choice((super::junk(), just(Token::Symbol(",")).ignored())).repeated();
    select! { Token::Symbol("[") => true, Token::Quote => false }
        .validate(|is_list, extra, emitter| {
            let help = "write `{ name: value }`: the order stays, and a name may stand twice".to_owned();
            let what = if is_list { "a list of records" } else { "a text" };
            emitter.emit(Mistake::because(extra.span(), "these stand in braces", what, Some(help)).habitual());
            Vec::new()
        })
        .then_ignore(rest)
        .then_ignore(symbol("]").or_not())
        .labelled("something else")
        .boxed()
}

/// `action NAME(parameters) -> Type { … }`, without its first word.
pub(super) fn action(expression: &Rule<Expression>, types: &Rule<TypeExpression>) -> Rule<Action> {
    let value = expression_or_hole(expression);
    let parameter = name()
        .then(symbol("?").or_not())
        .then(symbol(":").ignore_then(type_or_hole(types)).or_not())
        .then(symbol("=").ignored().or(colon_for_equals()).ignore_then(value).or_not())
        .map(|(((name, optional), kind), default)| Parameter { name, kind, optional: optional.is_some(), default })
        .labelled("a parameter")
        .boxed();
    let parameter = type_without_a_colon().or(parameter).boxed();
    or_missing(dotted_name().labelled("the name of the action").boxed())
        .then(or_missing(list("(", parameter, ")").labelled("`(…)` with the parameters").boxed()))
        .then(
            arrow_habit("an arrow leads to the type of the answer")
                .or(colon_for_an_arrow())
                .ignore_then(type_or_hole(types))
                .or_not(),
        )
        .then(or_missing(braces(parts(part(expression)))))
        .map(|(((name, parameters), result), parts)| Action {
            name,
            parameters: parameters.map_or_else(Vec::new, |(list, _)| list),
            result,
            ..request_of(parts.map(|(parts, _)| parts).unwrap_or_default())
        })
        .boxed()
}

/// A request where a flow should call an action. Its parts stand in braces, or on the lines below.
pub(super) fn request_in_flow(expression: &Rule<Expression>) -> Rule<Expression> {
    let goes_on = any().filter(|token: &Token| !matches!(token, Token::Newline | Token::Symbol(_))).ignored();
    let goes_on = goes_on.or(symbol("{").ignored()).rewind();
    let begins_part = select! { Token::Word(word) if PARTS.contains(&word.as_str()) => () }.then(goes_on).rewind();
    let below = newlines().ignore_then(begins_part).ignore_then(part(expression)).repeated().collect::<Vec<_>>();
    let in_braces = braces(parts(part(expression))).map(|(parts, _)| parts);
    let address = just(Token::Quote).ignored().or(keyword("path").ignored());
    let request = method()
        .then_ignore(address.rewind())
        .rewind()
        .ignore_then(request(expression).labelled("something else"))
        .then(in_braces.or(below))
        .validate(|(request, parts), extra, emitter| {
            if let Part::Request { method, .. } = &request {
                let help = format!(
                    "write `action name() {{ {} \"…\" }}` at the top of the file and call it here; an editor offers to \
                     extract it",
                    method.text.to_uppercase()
                );
                let why = "a flow calls the action";
                let mistake = Mistake::because(place(method.span), "a request stands in an action", why, Some(help));
                emitter.emit(mistake.habitual());
            }
            let action = request_of(std::iter::once(request).chain(parts));
            Expression { kind: ExpressionKind::Request(Box::new(action)), span: at(extra.span()) }
        })
        .labelled("something else");
    where_begins(|token| matches!(token, Token::Word(word) if is_method(word)), request.boxed())
}

/// What the parts of a request come to.
fn request_of(parts: impl IntoIterator<Item = Part>) -> Action {
    let mut action = Action::default();
    for part in parts {
        match part {
            Part::Request { method, on_account, notation, address } => {
                action.method = Some(method);
                action.on_account = on_account;
                action.notation = notation;
                action.address = Some(address);
            }
            Part::Connection(name) => action.connection = name,
            Part::Headers(headers) => action.headers.extend(headers),
            Part::Query(query) => action.query.extend(query),
            Part::Body(body) => action.body = Some(body),
            Part::Error => {}
        }
    }
    action
}

/// The lines in the braces of an action.
fn parts(part: Rule<Part>) -> Rule<Vec<Part>> {
    let part = part.or(unknown_part()).map_with(|part, extra| (part, at(extra.span())));
    let rest = super::junk().repeated();
    let line_end = just(Token::Newline).ignored().or(just(Token::Symbol("}")).ignored().rewind()).or(end());
    let part = part
        .then_ignore(line_end.clone().recover_with(via_parser(rest.then_ignore(line_end.clone()))))
        .recover_with(via_parser(
            super::junk()
                .repeated()
                .at_least(1)
                .then_ignore(line_end)
                .map_with(|(), extra| (Part::Error, at(extra.span()))),
        ));
    let parts = part.then_ignore(newlines()).repeated().collect::<Vec<_>>().validate(|parts, _, emitter| {
        for (position, (part, span)) in parts.iter().enumerate() {
            if let Some(sort) = part.sort()
                && parts[..position].iter().any(|(before, _)| before.sort() == Some(sort))
            {
                emitter.emit(one_of_a_sort(sort, *span));
            }
        }
        parts.into_iter().map(|(part, _)| part).collect::<Vec<_>>()
    });
    parts.boxed()
}

/// A line in the braces of an action that is one of its parts.
fn part(expression: &Rule<Expression>) -> Rule<Part> {
    let value = expression_or_hole(expression);
    let header_key = any_word().or(plain_text().map(|text| Name { text: text.text, span: text.span }));
    let header = header_key
        .then_ignore(colon())
        .then(value.clone())
        .map(|(key, value)| HeaderField { key, value })
        .labelled("a name and its value")
        .boxed();
    let named_like_its_value = name().map(|key| {
        let value = Expression { kind: ExpressionKind::Name(key.text.clone()), span: key.span };
        HeaderField { key, value }
    });
    choice((
        request(expression),
        keyword("connection")
            .ignore_then(sign_too_many(IN_ACTION))
            .ignore_then(or_missing(dotted_name().labelled("the name of a connection").boxed()))
            .map(Part::Connection),
        keyword("headers")
            .ignore_then(sign_too_many(IN_ACTION))
            .ignore_then(list_for_braces().or(in_braces(header.clone())))
            .map(Part::Headers),
        keyword("query")
            .ignore_then(sign_too_many(IN_ACTION))
            .ignore_then(list_for_braces().or(in_braces(header.or(named_like_its_value).boxed())))
            .map(Part::Query),
        keyword("body").ignore_then(sign_too_many(IN_ACTION)).ignore_then(value).map(Part::Body),
    ))
    .boxed()
}

/// `POST "https://…"`, `GET path "/api/…"`
fn request(expression: &Rule<Expression>) -> Rule<Part> {
    method()
        .then_ignore(sign_too_many(IN_ACTION))
        .then(keyword("path").labelled("something else").or_not())
        .then(notation().or_not())
        .then(expression_or_hole(
            &expression.clone().labelled("an address such as `\"https://example.com/messages\"`").boxed(),
        ))
        .map(|(((method, on_account), notation), address)| {
            let on_account = on_account.is_some() || notation.as_ref().is_some_and(|key| key.text == "path.$");
            Part::Request { method, on_account, notation, address }
        })
        .boxed()
}

fn method() -> Rule<Name> {
    select! { Token::Word(text) if is_method(&text) => text }
        .labelled("a method such as GET or POST")
        .map_with(|text, extra| Name { text, span: at(extra.span()) })
        .boxed()
}

/// Whether a word is an HTTP method, however it is written.
fn is_method(word: &str) -> bool {
    METHODS.iter().any(|method| method.eq_ignore_ascii_case(word))
}

/// Where a request ends that begins at a place in a flow.
pub(super) fn end_of_request(tokens: &[(Token, Span)], position: usize) -> usize {
    let is_word = |at: usize, fits: fn(&str) -> bool| matches!(word(tokens, at), Some((word, _)) if fits(word));
    let is_text = |at: usize| matches!(tokens.get(at), Some((Token::Quote, _)));
    let has_address = is_text(position + 1) || is_word(position + 1, |word| word == "path") && is_text(position + 2);
    if !has_address || !is_word(position, is_method) {
        return 0;
    }
    let mut end = line_end(tokens, position);
    if let Some(open) = (position..end).find(|at| is(tokens, *at, "{")) {
        return behind_braces(tokens, open);
    }
    while is_word(end + 1, |word| PARTS.contains(&word)) {
        end = line_end(tokens, end + 1);
    }
    end
}

/// `"url.$"`, `"path.$"` in front of a text in the platform's notation.
fn notation() -> Rule<PlainText> {
    plain_text()
        .filter(|key| matches!(key.text.as_str(), "url.$" | "path.$"))
        .then_ignore(just(Token::Quote).rewind())
        .labelled("something else")
        .boxed()
}

/// `string text` and `text string`, as other languages write a parameter and its type.
fn type_without_a_colon() -> Rule<Parameter> {
    name()
        .then(name())
        .validate(|(first, second), extra, emitter| {
            let place: Place = extra.span();
            let is_type = |name: &str| matches!(name, "string" | "number" | "int" | "bool" | "any" | "timestamp");
            let (name, kind) = if is_type(&first.text) { (second, first) } else { (first, second) };
            let written = format!("{}: {}", name.text, kind.text);
            emitter.emit(
                Mistake::because(place, "`:` stands between a name and its type", "one of them is the type", None)
                    .habitual()
                    .with_fix(&format!("write `{written}`"), at(place), &written),
            );
            let kind = TypeExpression { kind: TypeExpressionKind::Name(kind.text), span: kind.span };
            Parameter { name, kind: Some(kind), optional: false, default: None }
        })
        .boxed()
}

fn one_of_a_sort(sort: &str, span: Span) -> Mistake {
    let place = super::place(span);
    let help = match sort {
        "request" => "write a second action for it",
        _ => "remove one of them",
    };
    Mistake::because(place, format!("an action has one {sort}"), "the second one", Some(help.to_owned()))
}

/// `:` in front of a default.
fn colon_for_equals() -> Rule<()> {
    just(Token::Symbol(":"))
        .validate(|_, extra, emitter| {
            emitter.emit(Mistake::habit(extra.span(), ":", "=", "in front of a default stands `=`"));
        })
        .labelled("something else")
        .boxed()
}

/// `: T` behind the parameters, as other languages write the type of a result.
fn colon_for_an_arrow() -> Rule<Span> {
    just(Token::Symbol(":"))
        .validate(|_, extra, emitter| {
            emitter.emit(Mistake::habit(extra.span(), ":", " ->", "an arrow leads to the type of the answer"));
            at(extra.span())
        })
        .labelled("something else")
        .boxed()
}

const IN_ACTION: &str = "a part of an action is no record";
