use super::{Rule, any_word, at, keyword, list, name, symbol};
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
        let map = keyword("string")
            .delimited_by(symbol("["), symbol("]"))
            .ignore_then(symbol(":"))
            .ignore_then(whole.clone())
            .delimited_by(symbol("{").then(super::newlines()), super::newlines().then(symbol("}")))
            .map(|value| TypeExpressionKind::Map(Box::new(value)));
        let record = fields(&whole).map(TypeExpressionKind::Record);
        let group = whole.clone().delimited_by(symbol("("), symbol(")")).map(|inner: TypeExpression| inner.kind);
        let plain = choice((literal, null, word, map, record, group))
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
        .then_ignore(symbol(":"))
        .then(type_or_hole(types))
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
