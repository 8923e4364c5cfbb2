use super::expression::{expression, expression_or_hole};
use super::mistake::Mistake;
use super::statement::{attribute, block};
use super::types::{documentation, fields, type_expression, type_or_hole};
use super::{Rule, any_word, at, braces, dotted_name, keyword, list, name, newlines, plain_text, symbol};
use crate::lexer::Token;
use crate::split::ITEM_WORDS;
use crate::tree::{Action, Expression, Flow, HeaderField, Item, ItemKind, Parameter, TypeExpression};
use chumsky::prelude::*;

/// The HTTP methods that an action may use.
const METHODS: &[&str] = &["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"];

/// One item and nothing else. It cannot fail: what cannot be read is reported and skipped.
pub(super) fn item() -> Rule<Item> {
    let expression = expression();
    let types = type_expression();
    let kind = choice((
        keyword("integration").ignore_then(or_missing(integration_name())).map(|name| ItemKind::Integration { name }),
        keyword("bundle").ignore_then(or_missing(plain_text())).map(|name| ItemKind::Bundle { name }),
        connection(),
        config(&expression, &types),
        type_item(&types),
        event(&types),
        keyword("action").ignore_then(action(&expression, &types)).map(ItemKind::Action),
        job(),
        keyword("flow").ignore_then(flow(&expression, &types)).map(ItemKind::Flow),
    ));
    let anything = any().ignored().repeated();
    let unknown = any().validate(|token: Token, extra, emitter| {
        emitter.emit(unknown_item(&token, extra.span()));
        ItemKind::Error
    });
    let leftover = any()
        .validate(|token: Token, extra, emitter| {
            emitter.emit(unknown_item(&token, extra.span()));
        })
        .then_ignore(anything);
    newlines()
        .ignore_then(documentation())
        .then(attribute().then_ignore(newlines()).repeated().collect::<Vec<_>>())
        .then(kind.or(unknown.then_ignore(anything)).or(empty().to(ItemKind::Error)))
        .then_ignore(newlines())
        .map_with(|((documentation, attributes), kind), extra| Item {
            documentation,
            attributes,
            kind,
            span: at(extra.span()),
        })
        .then_ignore(leftover.or_not())
        .boxed()
}

fn unknown_item(token: &Token, place: super::Place) -> Mistake {
    let known = "an item begins with integration, connection, config, type, event, action, job or flow";
    match token {
        Token::Word(word) if matches!(word.as_str(), "import" | "param" | "test" | "raw" | "extra") => {
            Mistake::not_yet(place, word)
        }
        Token::Word(word) => {
            let near = ITEM_WORDS
                .iter()
                .find(|item| item.starts_with(&word[..1]) && item.len().abs_diff(word.len()) <= 1 && *item != word);
            let help = match (word.as_str(), near) {
                ("function" | "fn" | "def" | "fun", _) => "write `flow name(event) { … }`".to_owned(),
                ("struct" | "interface" | "record" | "class", _) => "write `type Name = { … }`".to_owned(),
                ("trigger" | "on", _) => "write `job name: support.ticket.TicketCreated -> flow`".to_owned(),
                (_, Some(near)) => format!("did you mean `{near}`?"),
                _ => known.to_owned(),
            };
            Mistake::because(place, format!("`{word}` begins no item"), "not a word that begins an item", Some(help))
        }
        token => Mistake::because(
            place,
            format!("{token} begins no item"),
            "an item is expected here",
            Some(known.to_owned()),
        ),
    }
}

/// The rule, or nothing and a message.
fn or_missing<O: 'static>(rule: Rule<O>) -> Rule<Option<O>> {
    rule.map(Some).recover_with(via_parser(empty().map(|()| None))).boxed()
}

/// An integration's key may hold hyphens.
fn integration_name() -> Rule<crate::tree::Name> {
    let part = select! { Token::Word(text) => text, Token::Number(text) => text };
    let words =
        part.then(symbol("-").ignore_then(part).repeated().collect::<Vec<_>>()).map_with(|(first, rest), extra| {
            let mut text = first.to_string();
            for word in rest {
                text.push('-');
                text.push_str(&word);
            }
            crate::tree::Name { text: text.into(), span: at(extra.span()) }
        });
    words
        .or(plain_text().map(|text| crate::tree::Name { text: text.text, span: text.span }))
        .labelled("the integration's key")
        .boxed()
}

fn connection() -> Rule<ItemKind> {
    let domain = plain_text().delimited_by(symbol("("), symbol(")"));
    keyword("connection")
        .ignore_then(or_missing(dotted_name()))
        .then(
            symbol(":")
                .ignore_then(or_missing(name().labelled("oauth, basic_auth, bearer_token or api_key").boxed()))
                .or_not(),
        )
        .then(domain.or_not())
        .map(|((name, kind), domain)| ItemKind::Connection { name, kind: kind.flatten(), domain })
        .boxed()
}

fn config(expression: &Rule<Expression>, types: &Rule<TypeExpression>) -> Rule<ItemKind> {
    let scope = expression.clone().delimited_by(symbol("("), symbol(")"));
    keyword("config")
        .ignore_then(or_missing(name()))
        .then(or_missing(scope.boxed()))
        .then(fields(types).or_not())
        .map(|((name, scope), fields)| ItemKind::Config { name, scope, fields: fields.unwrap_or_default() })
        .boxed()
}

fn type_item(types: &Rule<TypeExpression>) -> Rule<ItemKind> {
    keyword("type")
        .ignore_then(or_missing(name()))
        .then(or_missing(symbol("=").ignore_then(types.clone()).boxed()))
        .map(|(name, value)| ItemKind::Type { name, value })
        .boxed()
}

fn event(types: &Rule<TypeExpression>) -> Rule<ItemKind> {
    let pair = plain_text().then_ignore(symbol(",")).then(plain_text()).delimited_by(symbol("("), symbol(")"));
    keyword("event")
        .ignore_then(or_missing(name()))
        .then(or_missing(pair.boxed()))
        .then(fields(types).or_not())
        .map(|((name, pair), fields)| {
            let (source, event_type) = pair.unzip();
            ItemKind::Event { name, source, event_type, fields: fields.unwrap_or_default() }
        })
        .boxed()
}

fn job() -> Rule<ItemKind> {
    let arrow = symbol("->").or(just(Token::Symbol("=>")).validate(|_, extra, emitter| {
        emitter.emit(Mistake::habit(extra.span(), "=>", "->", "an arrow leads to the flow"));
        at(extra.span())
    }));
    keyword("job")
        .ignore_then(or_missing(dotted_name()))
        .then(or_missing(
            symbol(":").ignore_then(dotted_name().labelled("an event, such as support.ticket.TicketCreated")).boxed(),
        ))
        .then(or_missing(arrow.ignore_then(dotted_name().labelled("the name of a flow")).boxed()))
        .map(|((name, event), flow)| ItemKind::Job { name, event, flow })
        .boxed()
}

fn flow(expression: &Rule<Expression>, types: &Rule<TypeExpression>) -> Rule<Flow> {
    let parameter = name().then(symbol(":").ignore_then(type_or_hole(types)).or_not()).map(|(name, kind)| Parameter {
        name,
        kind,
        optional: false,
        default: None,
    });
    or_missing(dotted_name())
        .then(or_missing(list("(", parameter.labelled("the name of the event").boxed(), ")")))
        .then(or_missing(block(expression)))
        .validate(|((name, parameters), body), _, emitter| {
            let mut parameters = parameters.map_or_else(Vec::new, |(parameters, _)| parameters).into_iter();
            let parameter = parameters.next();
            if let Some(second) = parameters.next() {
                emitter.emit(Mistake::because(
                    place(second.name.span),
                    "a flow has one parameter, the event",
                    "one too many",
                    Some("what else a flow needs is read from the event, or loaded".to_owned()),
                ));
            }
            Flow { name, parameter, body }
        })
        .boxed()
}

fn place(span: crate::Span) -> super::Place {
    super::Place::from(usize::from(span.start())..usize::from(span.end()))
}

/// A line in the braces of an action.
enum Part {
    Request { method: crate::tree::Name, on_account: bool, address: Expression },
    Connection(Option<crate::tree::Name>),
    Headers(Vec<HeaderField>),
    Query(Vec<HeaderField>),
    Body(Expression),
    Error,
}

fn action(expression: &Rule<Expression>, types: &Rule<TypeExpression>) -> Rule<Action> {
    let value = expression_or_hole(expression);
    let parameter = name()
        .then(symbol("?").or_not())
        .then(symbol(":").ignore_then(type_or_hole(types)).or_not())
        .then(symbol("=").ignore_then(value.clone()).or_not())
        .map(|(((name, optional), kind), default)| Parameter { name, kind, optional: optional.is_some(), default })
        .labelled("a parameter")
        .boxed();
    let header_key = any_word().or(plain_text().map(|text| crate::tree::Name { text: text.text, span: text.span }));
    let header = header_key
        .then_ignore(symbol(":"))
        .then(value.clone())
        .map(|(key, value)| HeaderField { key, value })
        .labelled("a name and its value")
        .boxed();
    let method = select! { Token::Word(text) if METHODS.contains(&text.to_uppercase().as_str()) => text }
        .labelled("a method such as GET or POST")
        .map_with(|text, extra| crate::tree::Name { text, span: at(extra.span()) });
    let request = method
        .then(keyword("path").or_not())
        .then(value.clone())
        .map(|((method, on_account), address)| Part::Request { method, on_account: on_account.is_some(), address });
    let part = choice((
        request,
        keyword("connection").ignore_then(or_missing(dotted_name())).map(Part::Connection),
        keyword("headers")
            .ignore_then(or_missing(list("{", header.clone(), "}")))
            .map(|list| Part::Headers(list.map_or_else(Vec::new, |(list, _)| list))),
        keyword("query")
            .ignore_then(or_missing(list("{", header, "}")))
            .map(|list| Part::Query(list.map_or_else(Vec::new, |(list, _)| list))),
        keyword("body").ignore_then(value).map(Part::Body),
    ));
    let rest = super::junk().repeated();
    let line_end = just(Token::Newline).ignored().or(just(Token::Symbol("}")).ignored().rewind()).or(end());
    let part = part
        .then_ignore(line_end.clone().recover_with(via_parser(rest.then_ignore(line_end.clone()))))
        .recover_with(via_parser(super::junk().repeated().at_least(1).then_ignore(line_end).map(|()| Part::Error)));
    let parts = braces(part.then_ignore(newlines()).repeated().collect::<Vec<_>>().boxed());
    or_missing(dotted_name())
        .then(or_missing(list("(", parameter, ")")))
        .then(symbol("->").ignore_then(type_or_hole(types)).or_not())
        .then(or_missing(parts))
        .validate(|(((name, parameters), result), parts), _, emitter| {
            let mut action = Action {
                name,
                parameters: parameters.map_or_else(Vec::new, |(list, _)| list),
                result,
                ..Action::default()
            };
            for part in parts.map(|(parts, _)| parts).unwrap_or_default() {
                let mut once = |what: &str, span: Option<crate::Span>| {
                    if let Some(span) = span {
                        emitter.emit(Mistake::because(
                            place(span),
                            format!("an action has one {what}"),
                            "one stands above it",
                            Some("remove one of them".to_owned()),
                        ));
                    }
                };
                match part {
                    Part::Request { method, on_account, address } => {
                        once("request", action.method.as_ref().map(|_| method.span));
                        action.method = Some(method);
                        action.on_account = on_account;
                        action.address = Some(address);
                    }
                    Part::Connection(name) => {
                        once("connection", action.connection.as_ref().and(name.as_ref()).map(|name| name.span));
                        action.connection = name;
                    }
                    Part::Headers(headers) => action.headers.extend(headers),
                    Part::Query(query) => action.query.extend(query),
                    Part::Body(body) => {
                        once("body", action.body.as_ref().map(|_| body.span));
                        action.body = Some(body);
                    }
                    Part::Error => {}
                }
            }
            action
        })
        .boxed()
}
