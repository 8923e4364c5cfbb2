use super::mistake::Mistake;
use super::{Rule, any_word, at, colon, keyword, list, name, symbol};
use crate::lexer::Token;
use crate::tree::{Documentation, FieldType, Name, TypeExpression, TypeExpressionKind};
use chumsky::prelude::*;

/// `A | B`, `T[]`, `T?`, `{ a: T }` …
pub(super) fn type_expression() -> Rule<TypeExpression> {
    recursive(|whole| {
        let whole = whole.boxed();
        let literal = super::plain_text().map(|text| TypeExpressionKind::Literal(text.text));
        let null = keyword("null").to(TypeExpressionKind::Name("null".into()));
        let word = name().map(|name| TypeExpressionKind::Name(name.text));
        let generic = generic_habit(&whole);
        let map = keyword("string")
            .delimited_by(symbol("["), symbol("]"))
            .ignore_then(symbol(":"))
            .ignore_then(whole.clone())
            .delimited_by(symbol("{").then(super::newlines()), super::newlines().then(symbol("}")))
            .map(|value| TypeExpressionKind::Map(Box::new(value)));
        let record = fields(&whole).map(TypeExpressionKind::Record);
        let list = list_habit(&whole);
        let group = whole.clone().delimited_by(symbol("("), symbol(")")).map(|inner: TypeExpression| inner.kind);
        let plain = choice((literal, null, generic, word, map, record, list, group))
            .map_with(|kind, extra| TypeExpression { kind, span: at(extra.span()) });
        let suffix = symbol("[").ignore_then(symbol("]")).to(true).or(symbol("?").to(false));
        let suffixed = plain.foldl_with(suffix.repeated(), |inner, array, extra| {
            let inner = Box::new(inner);
            let kind = if array { TypeExpressionKind::Array(inner) } else { TypeExpressionKind::Nullable(inner) };
            TypeExpression { kind, span: at(extra.span()) }
        });
        suffixed
            .separated_by(symbol("|"))
            .allow_leading()
            .at_least(1)
            .collect::<Vec<_>>()
            .map_with(|mut types, extra| match types.len() {
                1 => types.swap_remove(0),
                _ => TypeExpression { kind: TypeExpressionKind::Union(types), span: at(extra.span()) },
            })
            .labelled("a type")
    })
    .boxed()
}

/// `Array<T>` and `Map<string, T>` of other languages.
fn generic_habit(types: &Rule<TypeExpression>) -> Rule<TypeExpressionKind> {
    let arguments = types.clone().separated_by(symbol(",")).at_least(1).collect::<Vec<_>>();
    name()
        .then(
            arguments
                .clone()
                .delimited_by(symbol("<"), symbol(">"))
                .map(|arguments| ("<…>", arguments))
                .or(arguments.delimited_by(symbol("["), symbol("]")).map(|arguments| ("[…]", arguments))),
        )
        .validate(|(name, (brackets, mut arguments)), extra, emitter| {
            let mistake = Mistake::because(
                extra.span(),
                format!("`{}{brackets}` is not how a type is written", name.text),
                format!("types take nothing in `{brackets}`"),
                Some("a list is written `T[]`, a record with any keys `{ [string]: T }`".to_owned()),
            )
            .habitual();
            let Some(last) = arguments.pop() else { return TypeExpressionKind::Error };
            let mistake = match &last.kind {
                TypeExpressionKind::Name(item) if arguments.is_empty() => {
                    let is_optional = matches!(name.text.as_str(), "Optional" | "Option" | "Maybe" | "Nullable");
                    let written = format!("{item}{}", if is_optional { "?" } else { "[]" });
                    mistake.with_fix(&format!("write `{written}`"), at(extra.span()), &written)
                }
                _ => mistake,
            };
            emitter.emit(mistake);
            match arguments.is_empty() {
                true => TypeExpressionKind::Array(Box::new(last)),
                false => TypeExpressionKind::Map(Box::new(last)),
            }
        })
        .boxed()
}

/// `[T]` of other languages.
fn list_habit(types: &Rule<TypeExpression>) -> Rule<TypeExpressionKind> {
    types
        .clone()
        .delimited_by(symbol("["), symbol("]"))
        .validate(|item, extra, emitter| {
            let mistake = Mistake::because(
                extra.span(),
                "a list is written with `[]` behind its items",
                "this is how another language writes it",
                Some("write `T[]`".to_owned()),
            )
            .habitual();
            emitter.emit(match &item.kind {
                TypeExpressionKind::Name(name) => {
                    let written = format!("{name}[]");
                    mistake.with_fix(&format!("write `{written}`"), at(extra.span()), &written)
                }
                _ => mistake,
            });
            TypeExpressionKind::Array(Box::new(item))
        })
        .boxed()
}

/// A type, or a hole with a message where there is none.
pub(super) fn type_or_hole(types: &Rule<TypeExpression>) -> Rule<TypeExpression> {
    types
        .clone()
        .recover_with(via_parser(
            empty().map_with(|(), extra| TypeExpression { kind: TypeExpressionKind::Error, span: at(extra.span()) }),
        ))
        .boxed()
}

/// `{ a: T, b?: T }`
pub(super) fn fields(types: &Rule<TypeExpression>) -> Rule<Vec<FieldType>> {
    let key = any_word().or(super::plain_text().map(|text| Name { text: text.text, span: text.span }));
    let field = documentation()
        .then(key)
        .then(symbol("?").or_not())
        .then_ignore(colon())
        .then(type_or_hole(types))
        .then_ignore(default_habit().or_not())
        .map(|(((documentation, name), optional), kind)| FieldType {
            documentation,
            name,
            optional: optional.is_some(),
            kind,
        })
        .labelled("a field")
        .boxed();
    list("{", field, "}").map(|(fields, _)| fields).boxed()
}

/// `= value` behind the type of a field.
fn default_habit() -> Rule<()> {
    let value = super::junk().repeated().at_least(1);
    just(Token::Symbol("="))
        .then(value)
        .validate(|_, extra, emitter| {
            let help = "leave it out, make the field optional, as `name?: string`, and write `… ?? \"default\"` where it is read";
            let mistake =
                Mistake::because(extra.span(), "a field has no default", "a type says what may come", Some(help.to_owned()));
            emitter.emit(mistake.habitual());
        })
        .ignored()
        .labelled("something else")
        .boxed()
}

/// The lines of `///` above something, joined.
pub(super) fn documentation() -> Rule<Documentation> {
    select! { Token::Documentation(text) => text }
        .map_with(|text, extra| Name { text, span: at(extra.span()) })
        .then_ignore(super::newlines())
        .repeated()
        .collect::<Vec<_>>()
        .map(|lines| {
            let span = lines.iter().map(|line| line.span).reduce(|all, line| all.cover(line));
            let texts: Vec<_> = lines.iter().map(|line| line.text.as_str()).collect();
            Documentation(span.map(|span| Name { text: texts.join("\n").into(), span }))
        })
        .boxed()
}
