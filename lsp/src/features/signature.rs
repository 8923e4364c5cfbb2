//! What a call takes, while it is written.

use super::description;
use crate::snapshot::View;
use text_size::TextSize;
use tower_lsp::ls_types::{
    Documentation, MarkupContent, MarkupKind, ParameterInformation, ParameterLabel, SignatureHelp, SignatureInformation,
};
use zisc_core::{built_in, declarations, function, jq, navigate, parsed};
use zisc_syntax::Node;
use zisc_syntax::tree::{Argument, Expression, ExpressionKind};

/// The signature of the innermost call around a place.
pub(crate) fn signature(view: &View<'_>, offset: TextSize) -> Option<SignatureHelp> {
    if let Some(place) = navigate::jq_place(view.db, view.file, view.settings, offset) {
        return in_jq(place.program.text.get(..place.at)?);
    }
    if view.is_bundle() {
        let place = navigate::bundle::jq_at(view.db, view.file, view.settings, offset)?;
        return in_jq(place.program.text.get(..place.at)?);
    }
    let item = navigate::item_at(view.db, view.file, offset)?;
    let at = offset - item.start(view.db);
    let text = item.text(view.db);
    let tree = Node::Item(&parsed(view.db, item).item);
    // A call that is not closed ends with what was written last; the cursor may stand behind it.
    let written = TextSize::of(text[..usize::from(at)].trim_end_matches([' ', '\t']));
    let around = [tree.around(at), tree.around(written)];
    let (callee, arguments) = around.iter().flat_map(|around| around.iter().rev()).find_map(|node| match node {
        Node::Expression(Expression { kind: ExpressionKind::Call { callee, arguments, brackets }, .. })
            if brackets.start() < at && !is_behind(text, *brackets, at) =>
        {
            Some((callee, arguments))
        }
        _ => None,
    })?;
    let name = callee.dotted()?.text;
    let declarations = declarations(view.db, view.file);
    let action = declarations.actions.get(&name).or_else(|| built_in(&name));
    let (label, parameters, active) = if let Some(action) = action {
        let names: Vec<&str> = action.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
        let parameters = action.parameters.iter().map(zisc_core::ParameterSignature::signature).collect();
        (action.signature(&name), parameters, named_argument(arguments, &names, at))
    } else if let Some(function) = function(&name) {
        let parameters = function.parameters.iter().map(zisc_core::FunctionParameter::signature).collect();
        (function.signature(), parameters, Some(arguments_before(arguments, at)))
    } else {
        let description = description::of_callable(view, &name)?;
        (description.code, Vec::new(), None)
    };
    let documentation = description::of_callable(view, &name).map(|description| description.text);
    Some(help(label, parameters, active, documentation))
}

fn is_behind(text: &str, brackets: text_size::TextRange, at: TextSize) -> bool {
    at >= brackets.end() && text[brackets].ends_with(')')
}

/// The parameter whose argument is being written: the one that is named, or the next that is not given.
fn named_argument(arguments: &[Argument], parameters: &[&str], at: TextSize) -> Option<usize> {
    let here = arguments.iter().find(|argument| Node::Argument(argument).span().contains_inclusive(at));
    if let Some(name) = here.and_then(|argument| argument.name.as_ref()) {
        return parameters.iter().position(|parameter| *parameter == name.text);
    }
    let given = |parameter: &str| {
        arguments.iter().any(|argument| match (&argument.name, &argument.value.kind) {
            (Some(name), _) => name.text == parameter,
            (None, ExpressionKind::Name(name)) => name == parameter && argument.value.span.end() < at,
            _ => false,
        })
    };
    parameters.iter().position(|parameter| !given(parameter))
}

fn arguments_before(arguments: &[Argument], at: TextSize) -> usize {
    arguments.iter().take_while(|argument| argument.value.span.end() < at).count()
}

/// The function of jq whose brackets are open at the end of a text.
fn in_jq(before: &str) -> Option<SignatureHelp> {
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut in_text = false;
    let mut escaped = false;
    for (at, c) in before.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_text => escaped = true,
            '"' => in_text = !in_text,
            _ if in_text => {}
            '(' | '[' | '{' => open.push((at, 0)),
            ')' | ']' | '}' => drop(open.pop()),
            ';' => open.iter_mut().last().into_iter().for_each(|(_, count)| *count += 1),
            _ => {}
        }
    }
    open.iter().rev().find_map(|(bracket, position)| {
        let head = &before[..*bracket];
        let name = &head[head.trim_end_matches(|c: char| c.is_alphanumeric() || c == '_').len()..];
        let function =
            jq::FUNCTIONS.iter().find(|function| function.name == name && function.parameters.len() > *position)?;
        let parameters = function.parameters.iter().map(ToString::to_string).collect();
        Some(help(description::jq_signature(function), parameters, Some(*position), Some(function.summary.to_owned())))
    })
}

fn help(label: String, parameters: Vec<String>, active: Option<usize>, documentation: Option<String>) -> SignatureHelp {
    let active = active.and_then(|active| u32::try_from(active).ok());
    let parameters = parameters
        .into_iter()
        .map(|parameter| ParameterInformation { label: ParameterLabel::Simple(parameter), documentation: None });
    let value = documentation.filter(|text| !text.is_empty());
    let signature = SignatureInformation {
        label,
        documentation: value
            .map(|value| Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value })),
        parameters: Some(parameters.collect()),
        active_parameter: active,
    };
    SignatureHelp { signatures: vec![signature], active_signature: Some(0), active_parameter: active }
}
