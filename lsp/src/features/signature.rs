//! What a call takes, while it is written.

use super::completion::half::{self, Around};
use super::completion::jq::defined;
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
    let called = around.iter().flat_map(|around| around.iter().rev()).find_map(|node| match node {
        Node::Expression(Expression { kind: ExpressionKind::Call { callee, arguments, brackets }, .. })
            if brackets.start() < at && !is_behind(text, *brackets, at) =>
        {
            Some((callee.dotted()?.text, Given::read(text, arguments, at)))
        }
        _ => None,
    });
    let (name, given) = called.or_else(|| half_written(&text[..usize::from(at)], at))?;
    let declarations = declarations(view.db, view.file);
    let action = declarations.actions.get(&name).or_else(|| built_in(&name));
    let (label, parameters, active) = if let Some(action) = action {
        let names: Vec<&str> = action.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
        let parameters = action.parameters.iter().map(zisc_core::ParameterSignature::signature).collect();
        (action.signature(&name), parameters, given.active(&names))
    } else if let Some(function) = function(&name) {
        let parameters = function.parameters.iter().map(zisc_core::FunctionParameter::signature).collect();
        (function.signature(), parameters, Some(given.position))
    } else if let Some(fields) = name.strip_suffix(".patch").and_then(|config| declarations.configs.get(config)) {
        let settings = fields.kind.to_string();
        (format!("{name}({settings})"), vec![settings], Some(0))
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

/// What a call is given at the cursor.
struct Given {
    /// The name of the argument that is being written.
    here: Option<String>,
    /// The names of the others.
    others: Vec<String>,
    /// How many arguments stand in front.
    position: usize,
}

impl Given {
    fn read(text: &str, arguments: &[Argument], at: TextSize) -> Self {
        // Behind a colon nothing may stand yet: up to the next comma it is the same argument.
        let is_here = |argument: &Argument| {
            let span = Node::Argument(argument).span();
            span.contains_inclusive(at)
                || (span.end() < at && !text[usize::from(span.end())..usize::from(at)].contains(','))
        };
        let named = |argument: &Argument| match (&argument.name, &argument.value.kind) {
            (Some(name), _) => Some(name.text.to_string()),
            (None, ExpressionKind::Name(name)) if argument.value.span.end() < at => Some(name.to_string()),
            _ => None,
        };
        let here = arguments.iter().find(|argument| is_here(argument) && argument.name.is_some());
        Self {
            here: here.and_then(named),
            others: arguments.iter().filter_map(named).collect(),
            position: arguments.iter().take_while(|argument| argument.value.span.end() < at).count(),
        }
    }

    /// The parameter whose argument is being written: the one that is named, or the next that is not given.
    fn active(&self, parameters: &[&str]) -> Option<usize> {
        match &self.here {
            Some(here) => parameters.iter().position(|parameter| parameter == here),
            None => parameters.iter().position(|parameter| self.others.iter().all(|other| other != parameter)),
        }
    }
}

/// The call that is open where a text ends which is too broken to be read as a tree.
fn half_written(before: &str, at: TextSize) -> Option<(zisc_core::Name, Given)> {
    let Around::Call { callee, given, argument, position } = half::around(before, at)? else { return None };
    let others = given.into_iter().map(str::to_owned).collect();
    Some((callee.into(), Given { here: argument.map(str::to_owned), others, position }))
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
        if let Some(own) = defined(before).find(|own| own.name == name && own.parameters.len() > *position) {
            let parameters = own.parameters.iter().map(ToString::to_string).collect();
            return Some(help(own.signature(), parameters, Some(*position), None));
        }
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
