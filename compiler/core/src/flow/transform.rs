//! jq states: the program and the data it works on.

use super::compute::Program;
use super::reader::Reader;
use crate::types::Type;
use crate::{jq, rules};
use zisc_bundle::json::{Json, Member, Value};
use zisc_bundle::{Path, Placed, Span, StateKind, Transition};
use zisc_syntax::tree::{Expression, ExpressionKind, PlainText, TextPart, TypeExpression};

/// The platform's action for jq.
pub(crate) const JQ: &str = "zis:common:transform:Jq";

/// The state of a program that the compiler made.
pub(crate) fn computed(program: &Program, span: Span) -> StateKind {
    state(program.expr.clone(), from_path(&program.data, span), span)
}

/// The type of what a jq text yields.
pub(crate) fn outputs(reader: &mut Reader<'_>, data: Option<&Expression>, program: &PlainText) -> Type {
    let input = reader.silently(|reader| input(reader, data));
    jq::infer(&program.text, &input).outputs
}

/// The type of what a jq text works on.
pub(crate) fn input(reader: &mut Reader<'_>, data: Option<&Expression>) -> Type {
    let Some(expression) = data else { return reader.data.clone() };
    if let Some(read) = reader.path(expression) {
        return read.kind;
    }
    match &expression.kind {
        // The platform reads a text here as JSON.
        ExpressionKind::Text(parts) if matches!(parts.as_slice(), [TextPart::Text(_)]) => Type::Any,
        ExpressionKind::Error => Type::Any,
        _ => reader.compute(expression).kind().clone(),
    }
}

/// The state of a jq text; `kind` is the type that is written for its result.
pub(crate) fn transform(
    reader: &mut Reader<'_>,
    data: Option<&Expression>,
    program: &PlainText,
    kind: Option<&TypeExpression>,
) -> StateKind {
    let input = reader.silently(|reader| input(reader, data));
    let wanted = kind.map(|kind| (reader.declarations.resolve(kind), kind.span));
    reader.findings.extend(jq::findings(program, &input, wanted.as_ref().map(|(kind, span)| (kind, *span))));
    values_in_program(reader, program);
    let expr = program.text.to_string();
    let Some(expression) = data else { return state(expr, from_path(&Path::default(), program.span), program.span) };
    if let Some(read) = reader.path(expression) {
        reader.must_be_there(&read, expression);
        return state(expr, from_path(&read.path, expression.span), program.span);
    }
    match &expression.kind {
        // The platform reads a text here as JSON.
        ExpressionKind::Text(parts) if matches!(parts.as_slice(), [TextPart::Text(_)]) => {
            let [TextPart::Text(text)] = parts.as_slice() else {
                return state(expr, from_path(&Path::default(), program.span), program.span);
            };
            state(expr, Member::new("data", Json::string(text.text.as_str(), expression.span)), program.span)
        }
        ExpressionKind::Error => state(expr, from_path(&Path::default(), program.span), program.span),
        // What is not a path becomes the start of the program, over the smallest part of the data that it needs.
        _ => {
            let start = reader.compute(expression).program(reader.data);
            state(format!("{} | {expr}", start.expr), from_path(&start.data, expression.span), program.span)
        }
    }
}

/// `${ticket.id}` in a program: nothing is put there, since a program is taken as it stands.
fn values_in_program(reader: &mut Reader<'_>, program: &PlainText) {
    for (at, _) in program.text.match_indices("{{$") {
        let length = program.text[at..].find("}}").map_or(3, |length| length + 2);
        reader.findings.push(
            rules::HABIT
                .at(program.part(at..at + length), "no values are put into a jq text")
                .label("jq reads this as it stands")
                .help("give it as data, and read it from there: ``jq({ x: ticket.id })`.x` ``"),
        );
    }
    for (at, _) in program.text.match_indices("${") {
        let rest = &program.text[at + 2..];
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if reader.scope.named(&name).is_none() {
            continue;
        }
        let length = rest.find('}').map_or(2, |length| length + 3);
        reader.findings.push(
            rules::HABIT
                .at(program.part(at..at + length), "no values are put into a jq text")
                .label("jq reads this as it stands")
                .help(format!("give it as data, and read it from there: ``jq({{ {name} }})`.{name}` ``")),
        );
    }
}

fn from_path(path: &Path, span: Span) -> Member {
    Member::new("data.$", Json::string(path.to_string(), span))
}

fn state(expr: String, data: Member, span: Span) -> StateKind {
    let parameters = vec![Member::new("expr", Json::string(expr, span)), data];
    StateKind::Action {
        action: Placed::new(JQ.to_owned(), span),
        parameters: Some(Json::new(Value::Object(parameters), span)),
        result_path: None,
        catch: Vec::new(),
        then: Transition::Missing,
    }
}
