use super::action::action;
use super::expression::{expression, expression_or_hole, extra, json};
use super::mistake::Mistake;
use super::statement::{attribute, block};
use super::types::{documentation, fields, type_expression, type_or_hole};
use super::{
    Place, Rule, at, colon, dotted_name, keyword, list, name, newlines, or_missing, place, plain_text, symbol,
};
use crate::Span;
use crate::lexer::Token;
use crate::split::ITEM_WORDS;
use crate::tree::{Expression, Flow, Item, ItemKind, Name, Parameter, TypeExpression};
use chumsky::prelude::*;

/// One item and nothing else. It cannot fail: what cannot be read is reported and skipped.
pub(super) fn item() -> Rule<Item> {
    let expression = expression();
    let types = type_expression();
    let kind = choice((
        keyword("integration")
            .ignore_then(sign_too_many("an integration is no record"))
            .ignore_then(or_missing(integration_name()))
            .map(|name| ItemKind::Integration { name }),
        keyword("bundle")
            .ignore_then(sign_too_many("a bundle is no record"))
            .ignore_then(or_missing(plain_text()))
            .map(|name| ItemKind::Bundle { name }),
        import(),
        param(&expression, &types),
        connection(),
        config(&expression, &types),
        type_item(&types),
        event(&types),
        keyword("action").ignore_then(action(&expression, &types)).map(ItemKind::Action),
        job(),
        keyword("flow").ignore_then(flow(&expression, &types)).map(ItemKind::Flow),
        keyword("raw")
            .ignore_then(or_missing(plain_text().labelled("the key of the resource").boxed()))
            .then(json(&expression))
            .map(|(key, json)| ItemKind::Raw { key, json }),
        keyword("extra").ignore_then(json(&expression)).map(|json| ItemKind::Extra { json }),
    ));
    let anything = any().ignored().repeated();
    let begins_item =
        any().filter(|token: &Token| matches!(token, Token::Word(word) if known_words().any(|known| known == word)));
    let unknown = any().and_is(begins_item.not()).validate(|token: Token, extra, emitter| {
        emitter.emit(unknown_item(&token, extra.span()));
        ItemKind::Error
    });
    let leftover = just(Token::Newline)
        .repeated()
        .count()
        .then(any().map_with(|token: Token, extra| (token, extra.span())))
        .validate(|(line_ends, (token, place)), _, emitter| emitter.emit(leftover(&token, line_ends == 0, place)))
        .then_ignore(anything);
    newlines()
        .ignore_then(documentation())
        .then(attribute().then_ignore(newlines()).repeated().collect::<Vec<_>>())
        .then(
            unknown
                .then_ignore(anything)
                .or(kind.recover_with(via_parser(any().ignored().repeated().at_least(1).to(ItemKind::Error))))
                .or(empty().to(ItemKind::Error)),
        )
        .then(extra(&expression))
        .map_with(|(((documentation, attributes), kind), extra), at_end| Item {
            documentation,
            attributes,
            kind,
            extra,
            span: at(at_end.span()),
        })
        .then_ignore(leftover.or_not())
        .then_ignore(newlines())
        .boxed()
}

/// The words that begin an item which can be read: this version has no rule for `test`.
fn known_words() -> impl Iterator<Item = &'static str> {
    ITEM_WORDS.iter().copied().filter(|word| *word != "test")
}

/// What stands after an item, and before the next.
fn leftover(token: &Token, same_line: bool, place: Place) -> Mistake {
    match token {
        Token::Symbol("}" | ")" | "]") => Mistake::because(
            place,
            format!("this {token} closes nothing"),
            "everything is closed before it",
            Some("remove it, or look for one too many above".to_owned()),
        ),
        Token::Symbol("{") if same_line => Mistake::because(
            place,
            "no block stands here",
            "what stands before it is complete",
            Some("remove the braces; what is in them stands on its own, at the margin".to_owned()),
        ),
        _ if same_line => Mistake::because(
            place,
            format!("{token} cannot stand here"),
            "what stands before it is complete",
            Some("remove it, or begin a new line".to_owned()),
        ),
        _ => Mistake::because(
            place,
            format!("{token} stands outside of everything"),
            "everything is closed before it",
            Some("is there a `}` too many above?".to_owned()),
        ),
    }
}

/// Puts the word that was meant in place of one that begins no item, so that the item is read all the same.
pub(super) fn meant_word(tokens: &mut Vec<(Token, Span)>) -> Option<Mistake> {
    let position = tokens.iter().position(|(token, _)| !matches!(token, Token::Newline | Token::Documentation(_)))?;
    let (Token::Word(word), span) = tokens.get(position)?.clone() else { return None };
    if ITEM_WORDS.contains(&word.as_str()) {
        return None;
    }
    let followed_by_word = matches!(tokens.get(position + 1), Some((Token::Word(_), _)));
    let place = super::place(span);
    if matches!(word.as_str(), "export" | "public" | "pub" | "async") && followed_by_word {
        tokens.remove(position);
        let help = format!("remove `{word}`");
        let mistake = Mistake::because(place, format!("`{word}` begins no item"), "not needed", Some(help.clone()));
        return Some(mistake.habitual().with_fix(&help, span, ""));
    }
    if word == "variable"
        && let Some([(Token::Quote, _), (Token::Text(name), name_at), (Token::QuoteEnd, _)]) =
            tokens.get(position + 1..position + 4)
    {
        let name = (Token::Word(name.clone()), *name_at);
        let mistake = unknown_item(&tokens[position].0, place);
        tokens.splice(position.., [(Token::Word("param".into()), span), name]);
        return Some(mistake);
    }
    let meant = meant_item(&word).or_else(|| known_words().find(|item| is_near(item, &word)))?;
    if !followed_by_word || meant == "import" {
        return None;
    }
    let mistake = unknown_item(&Token::Word(word), place);
    tokens[position].0 = Token::Word(meant.into());
    if meant == "type"
        && let [_, (Token::Word(name), name_at), (Token::Symbol("{"), open), ..] = &tokens[position..]
    {
        let (written, whole) = (format!("type {name} ="), span.cover(*name_at));
        let before = Span::empty(open.start());
        tokens.insert(position + 2, (Token::Symbol("="), before));
        return Some(mistake.with_fix(&format!("write `{written}`"), whole, &written));
    }
    Some(mistake.with_fix(&format!("write `{meant}`"), span, meant))
}

/// Whether these are the tokens of a flow.
pub(super) fn is_flow(tokens: &[(Token, Span)]) -> bool {
    let words = tokens.iter().filter_map(|(token, _)| match token {
        Token::Word(word) => Some(word.as_str()),
        _ => None,
    });
    words.take(1).eq(["flow"])
}

/// The item that other languages begin with this word.
fn meant_item(word: &str) -> Option<&'static str> {
    Some(match word {
        "function" | "fn" | "def" | "fun" | "func" | "workflow" => "flow",
        "const" | "var" | "val" | "let" | "static" => "param",
        "trigger" | "job_spec" | "jobspec" => "job",
        "interface" | "struct" | "class" | "record" => "type",
        "settings" | "configuration" => "config",
        "include" | "require" | "use" | "using" => "import",
        _ => return None,
    })
}

fn unknown_item(token: &Token, place: Place) -> Mistake {
    let known = "an item begins with integration, import, param, connection, config, type, event, action, job or flow";
    match token {
        Token::Word(word) if word == "test" => Mistake::not_yet(place, word),
        Token::Word(word) => {
            let meant = meant_item(word);
            let near = meant.or_else(|| known_words().find(|item| is_near(item, word)));
            let help = match (word.as_str(), meant, near) {
                ("if" | "for" | "while" | "succeed" | "fail" | "return" | "wait" | "goto", ..) => {
                    "statements stand in a flow: `flow name(event) { … }`".to_owned()
                }
                ("enum", ..) => "write the values: `type Name = \"open\" | \"closed\"`".to_owned(),
                ("variable", ..) => "write `param name: string = \"default\"`".to_owned(),
                ("locals", ..) => "write `param name = \"value\"` for each of them".to_owned(),
                ("resource" | "data", ..) => "write `action name() { … }` or `flow name(event) { … }`".to_owned(),
                ("module" | "from", ..) => "write `import { name } from \"./file.zis\"`".to_owned(),
                ("provider" | "credentials" | "secret", ..) => "write `connection name: oauth`".to_owned(),
                ("on" | "schedule" | "cron" | "every", ..) => {
                    "an event starts a flow: `job name: support.ticket.TicketCreated -> flow`".to_owned()
                }
                (_, Some("flow"), _) => "write `flow name(event) { … }`".to_owned(),
                (_, Some("type"), _) => "write `type Name = { … }`".to_owned(),
                (_, Some("param"), _) => {
                    "write `param name = \"value\"`: it is known when the bundle is built".to_owned()
                }
                (_, Some("job"), _) => "write `job name: support.ticket.TicketCreated -> flow`".to_owned(),
                (_, Some("import"), _) => "write `import \"./file.zis\"`".to_owned(),
                (_, _, Some(near)) => format!("did you mean `{near}`?"),
                _ => known.to_owned(),
            };
            let mistake = Mistake::because(
                place,
                format!("`{word}` begins no item"),
                "not a word that begins an item",
                Some(help),
            );
            match near.filter(|near| *near != "import") {
                Some(near) => mistake.with_fix(&format!("write `{near}`"), at(place), near),
                None => mistake,
            }
        }
        Token::Symbol("{") => Mistake::because(
            place,
            "a `{` begins no item",
            "is this JSON?",
            Some("a file begins with `integration` and its key".to_owned()),
        ),
        Token::Symbol("}" | ")" | "]") => leftover(token, true, place),
        token => Mistake::because(
            place,
            format!("{token} begins no item"),
            "an item is expected here",
            Some(known.to_owned()),
        ),
    }
}

/// Whether two words differ in no more than one letter, or in the order of two.
pub(super) fn is_near(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let front = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[front..], &b[front..]);
    let back = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[..a.len() - back], &b[..b.len() - back]);
    (a.len() <= 1 && b.len() <= 1) || (a.len() == 2 && b.len() == 2 && a[0] == b[1] && a[1] == b[0])
}

/// An integration's key may hold hyphens.
fn integration_name() -> Rule<Name> {
    let part = select! { Token::Word(text) => text, Token::Number(text) => text };
    let words =
        part.then(symbol("-").ignore_then(part).repeated().collect::<Vec<_>>()).map_with(|(first, rest), extra| {
            let mut text = first.to_string();
            for word in rest {
                text.push('-');
                text.push_str(&word);
            }
            Name { text: text.into(), span: at(extra.span()) }
        });
    words
        .or(plain_text().map(|text| Name { text: text.text, span: text.span }))
        .labelled("the integration's key")
        .boxed()
}

/// `import "./file.zis"`, `import { a, b } from "./file.zis"`
fn import() -> Rule<ItemKind> {
    let path = or_missing(plain_text().labelled("the path of a file such as `\"./slack.zis\"`").boxed());
    let name = dotted_name().labelled("the name of what is brought").boxed();
    let names = list("{", name, "}").map(|(names, _)| names).then_ignore(or_missing(keyword("from")));
    let names = names.map(Some).or(names_without_braces());
    keyword("import")
        .ignore_then(names.or(empty().to(None)))
        .then(path)
        .map(|(names, path)| ItemKind::Import { names, path })
        .boxed()
}

/// `import name from`, `import * as name from`, as JavaScript writes it.
fn names_without_braces() -> Rule<Option<Vec<Name>>> {
    let one =
        dotted_name().and_is(just(Token::Quote).not()).then_ignore(keyword("from")).validate(|name, _, emitter| {
            let written = format!("{{ {} }}", name.text);
            let mistake = Mistake::because(place(name.span), "what is imported stands in braces", "only this", None);
            emitter.emit(mistake.habitual().with_fix(&format!("write `{written}`"), name.span, &written));
            Some(vec![name])
        });
    let all = symbol("*").then_ignore(keyword("as")).then(name()).then_ignore(keyword("from"));
    let all = all.validate(|_, extra, emitter| {
        let place: Place = extra.span();
        let help = "write `import \"./file.zis\"`: everything in it is known by its own name".to_owned();
        let mistake = Mistake::because(place, "an import gives no name", "not needed", Some(help));
        emitter.emit(mistake.habitual().with_fix("leave it out", at(place), ""));
        None
    });
    one.or(all).boxed()
}

fn param(expression: &Rule<Expression>, types: &Rule<TypeExpression>) -> Rule<ItemKind> {
    keyword("param")
        .ignore_then(or_missing(name()))
        .then(symbol(":").ignore_then(type_or_hole(types)).or_not())
        .then(symbol("=").ignore_then(expression_or_hole(expression)).or_not())
        .map(|((name, kind), default)| ItemKind::Param { name, kind, default })
        .boxed()
}

fn connection() -> Rule<ItemKind> {
    let domain = plain_text().delimited_by(symbol("("), symbol(")"));
    let quoted = plain_text().validate(|text, extra, emitter| {
        let place: Place = extra.span();
        let help = format!("write `{}`", text.text);
        emitter.emit(
            Mistake::because(place, "the kind of a connection stands without quotes", "not a text", Some(help.clone()))
                .habitual()
                .with_fix(&help, at(place), &text.text),
        );
        Name { text: text.text, span: text.span }
    });
    let kind = name().or(quoted).labelled("oauth, basic_auth, bearer_token or api_key").boxed();
    keyword("connection")
        .ignore_then(or_missing(dotted_name().labelled("the name of a connection").boxed()))
        .then(colon().ignore_then(or_missing(kind)).or_not())
        .then(domain.or_not())
        .map(|((name, kind), domain)| ItemKind::Connection { name, kind: kind.flatten(), domain })
        .boxed()
}

fn config(expression: &Rule<Expression>, types: &Rule<TypeExpression>) -> Rule<ItemKind> {
    let scope = expression.clone().delimited_by(symbol("("), symbol(")"));
    keyword("config")
        .ignore_then(or_missing(name().labelled("the name of the config").boxed()))
        .then(scope_forgotten().or(or_missing(scope.labelled("a scope such as `(\"acme_settings\")`").boxed())))
        .then(fields(types).or_not())
        .map(|((name, scope), fields)| ItemKind::Config { name, scope, fields: fields.unwrap_or_default() })
        .boxed()
}

/// The fields of a config right behind its name.
fn scope_forgotten() -> Rule<Option<Expression>> {
    just(Token::Symbol("{"))
        .rewind()
        .validate(|_, extra, emitter| {
            let place: Place = extra.span();
            let end = place.start.min(place.end);
            let place = Place::from(end..end);
            let help =
                "write `config settings(\"acme_settings\") { … }`: the account stores it under this scope".to_owned();
            emitter.emit(Mistake::because(
                place,
                "the scope of the config is missing",
                "under which name?",
                Some(help),
            ));
            None
        })
        .labelled("a scope such as `(\"acme_settings\")`")
        .boxed()
}

fn type_item(types: &Rule<TypeExpression>) -> Rule<ItemKind> {
    keyword("type")
        .ignore_then(or_missing(name().labelled("the name of the type").boxed()))
        .then(or_missing(symbol("=").ignored().or(equals_forgotten()).ignore_then(type_or_hole(types)).boxed()))
        .map(|(name, value)| ItemKind::Type { name, value })
        .boxed()
}

/// `type Name { … }`, as other languages write it.
fn equals_forgotten() -> Rule<()> {
    just(Token::Symbol("{"))
        .rewind()
        .validate(|_, extra, emitter| {
            let place: Place = extra.span();
            let start = Span::empty(at(place).start());
            emitter.emit(
                Mistake::because(
                    place,
                    "`=` is missing here",
                    "the type begins here",
                    Some("write `type Name = { … }`".into()),
                )
                .habitual()
                .with_fix("write `=`", start, " ="),
            );
        })
        .boxed()
}

fn event(types: &Rule<TypeExpression>) -> Rule<ItemKind> {
    let event_type = symbol(",").ignore_then(plain_text()).labelled("the type of the event").boxed();
    let pair = plain_text()
        .labelled("the source of the event")
        .then(or_missing(event_type))
        .delimited_by(symbol("("), symbol(")"))
        .labelled("a source and a type such as `(\"shop\", \"order_placed\")`");
    keyword("event")
        .ignore_then(or_missing(name().labelled("the name of the event").boxed()))
        .then(or_missing(pair.boxed()))
        .then(fields(types).or_not())
        .map(|((name, pair), fields)| {
            let (source, event_type) = pair.unzip();
            // Without its type it has been complained of; the jobs that name it are right.
            let event_type = event_type.flatten().or_else(|| source.clone());
            ItemKind::Event { name, source, event_type, fields: fields.unwrap_or_default() }
        })
        .boxed()
}

fn job() -> Rule<ItemKind> {
    let arrow = arrow_habit("an arrow leads to the flow");
    let event = dotted_name().labelled("an event, such as support.ticket.TicketCreated");
    let event = pair_of_texts().or(event.then_ignore(more_than_an_event().or_not())).boxed();
    let named = colon().ignore_then(event);
    let nameless = just(Token::Symbol("->")).rewind().ignored();
    let name = or_missing(dotted_name().labelled("the name of the job").boxed());
    let head = name.clone().then(or_missing(named.boxed())).boxed();
    let head_without_a_name = name.then_ignore(nameless).validate(|event, extra, emitter| {
        let event = event.unwrap_or_else(|| Name { text: "".into(), span: at(extra.span()) });
        emitter.emit(name_of_job_forgotten(&event));
        (None, Some(event))
    });
    keyword("job")
        .ignore_then(head_without_a_name.or(head))
        .then(or_missing(
            arrow
                .or(arrow_forgotten())
                .ignore_then(dotted_name().labelled("the name of a flow"))
                .labelled("`-> flow`")
                .then_ignore(called().or_not())
                .boxed(),
        ))
        .map(|((name, event), flow)| ItemKind::Job { name, event, flow })
        .boxed()
}

/// `->`, or the `=>` of other languages.
pub(super) fn arrow_habit(why: &'static str) -> Rule<Span> {
    symbol("->")
        .or(just(Token::Symbol("=>"))
            .validate(move |_, extra, emitter| {
                emitter.emit(Mistake::habit(extra.span(), "=>", "->", why));
                at(extra.span())
            })
            .labelled("something else"))
        .boxed()
}

fn name_of_job_forgotten(event: &Name) -> Mistake {
    let start = Span::empty(event.span.start());
    let written = match event.text.rsplit('.').next() {
        Some(sort) => format!("on{}: ", sort.chars().map(snake).collect::<String>()),
        None => "on_event: ".to_owned(),
    };
    let help = format!("write `job {written}{} -> …`", event.text);
    Mistake::because(place(event.span), "a job has a name", "this is the event", Some(help)).habitual().with_fix(
        "give it a name",
        start,
        &written,
    )
}

/// A letter of a name in capitals as it stands in one with underscores.
fn snake(letter: char) -> String {
    match letter {
        'A'..='Z' => format!("_{}", letter.to_ascii_lowercase()),
        _ => letter.to_string(),
    }
}

/// `"support", "ticket.StatusChanged"`: source and type of an event, as a job has them in a bundle.
fn pair_of_texts() -> Rule<Name> {
    plain_text()
        .then_ignore(symbol(","))
        .then(plain_text())
        .validate(|(source, sort), extra, emitter| {
            let place: Place = extra.span();
            let text = format!("{}.{}", source.text, sort.text);
            let help = format!("write `{text}`");
            let mistake = Mistake::because(place, "an event is written in one", "its source and its type", None);
            emitter.emit(mistake.habitual().with_fix(&help, at(place), &text));
            Name { text: text.into(), span: at(place) }
        })
        .boxed()
}

/// A second event, or what else other tools start something by. It is skipped.
fn more_than_an_event() -> Rule<()> {
    let rest = any().filter(|token: &Token| !matches!(token, Token::Newline | Token::Symbol("->" | "=>"))).repeated();
    select! { Token::Symbol(sign @ ("," | "|" | "(")) => sign }
        .validate(|sign, extra, emitter| {
            let (headline, why, help) = match sign {
                "(" => (
                    "an event takes nothing",
                    "only events start a flow",
                    "nothing starts a flow at a time of day; let a service that has a clock post to an inbound webhook",
                ),
                _ => ("a job answers to one event", "a second one", "write a second job that leads to the same flow"),
            };
            emitter.emit(Mistake::because(extra.span(), headline, why, Some(help.to_owned())).habitual());
        })
        .then_ignore(rest)
        .labelled("something else")
        .boxed()
}

/// The name of a flow without the arrow to it.
fn arrow_forgotten() -> Rule<Span> {
    name()
        .rewind()
        .validate(|_, extra, emitter| {
            let place: Place = extra.span();
            let start = Span::empty(at(place).start());
            let help = "write `->` in front of the flow";
            emitter.emit(
                Mistake::because(place, "`->` is missing here", "the flow that the event starts", None)
                    .habitual()
                    .with_fix(help, start, "-> "),
            );
            start
        })
        .boxed()
}

/// `()` behind the flow of a job.
fn called() -> Rule<()> {
    symbol("(")
        .ignore_then(name().or_not())
        .then_ignore(symbol(")"))
        .validate(|_, extra, emitter| {
            let place: Place = extra.span();
            let help = "remove the brackets";
            emitter.emit(
                Mistake::because(place, "a job names its flow", "the flow is not called here", None)
                    .habitual()
                    .with_fix(help, at(place), ""),
            );
        })
        .labelled("something else")
        .boxed()
}

fn flow(expression: &Rule<Expression>, types: &Rule<TypeExpression>) -> Rule<Flow> {
    let parameter = name().then(symbol(":").ignore_then(type_or_hole(types)).or_not()).map(|(name, kind)| Parameter {
        name,
        kind,
        optional: false,
        default: None,
    });
    let parameters = list("(", parameter.labelled("the name of the event").boxed(), ")");
    or_missing(dotted_name().labelled("the name of the flow").boxed())
        .then(brackets_forgotten().or(or_missing(parameters.labelled("`(event)`").boxed())))
        .then_ignore(result_habit(types).or_not())
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

/// `flow main {`
fn brackets_forgotten() -> Rule<Option<(Vec<Parameter>, Span)>> {
    just(Token::Symbol("{"))
        .rewind()
        .validate(|_, extra, emitter| {
            let place: Place = extra.span();
            let end = place.start.min(place.end);
            let place = Place::from(end..end);
            let mistake = Mistake::because(place, "`(event)` is missing here", "what a flow takes", None);
            emitter.emit(mistake.habitual().with_fix("write `(event)`", at(place), "(event)"));
            None
        })
        .labelled("`(event)`")
        .boxed()
}

/// A type of what a flow gives back: it gives nothing.
fn result_habit(types: &Rule<TypeExpression>) -> Rule<()> {
    symbol("->")
        .or(symbol(":"))
        .then(types.clone())
        .validate(|_, extra, emitter| {
            let place: Place = extra.span();
            let mistake = Mistake::because(place, "a flow gives nothing back", "nobody would read it", None);
            emitter.emit(mistake.habitual().with_fix("leave it out", at(place), ""));
        })
        .labelled("something else")
        .boxed()
}

/// A `:` or `=` between the word and what belongs to it, as in a record.
pub(super) fn sign_too_many(why: &'static str) -> Rule<()> {
    select! { Token::Symbol(sign @ (":" | "=")) => sign }
        .validate(move |sign, extra, emitter| {
            let place: Place = extra.span();
            let help = format!("remove the `{sign}`");
            let mistake = Mistake::because(place, format!("no `{sign}` stands here"), why, Some(help.clone()));
            emitter.emit(mistake.habitual().with_fix(&help, at(place), ""));
        })
        .labelled("something else")
        .or_not()
        .ignored()
        .boxed()
}
