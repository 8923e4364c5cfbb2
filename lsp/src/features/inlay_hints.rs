//! What is not written, shown between what is: types of names, and states that are made in front of others.

use crate::convert::shortened;
use crate::snapshot::View;
use text_size::{TextRange, TextSize};
use tower_lsp::ls_types::{InlayHint, InlayHintKind, InlayHintLabel, InlayHintTooltip, MarkupContent, MarkupKind};
use zisc_core::{ItemSource, Type, flow_graph, items, navigate, parsed};
use zisc_syntax::Node;
use zisc_syntax::tree::{Expression, ExpressionKind, ItemKind};

/// Longer types are cut: a hint is read in passing.
const LONGEST: usize = 40;

/// The hints in a part of a file.
pub(crate) fn hints(view: &View<'_>, within: TextRange) -> Vec<InlayHint> {
    let mut hints = Vec::new();
    for item in items(view.db, view.file) {
        let start = item.start(view.db);
        let whole = TextRange::at(start, TextSize::of(item.text(view.db)));
        let is_flow = matches!(parsed(view.db, *item).item.kind, ItemKind::Flow(_));
        if is_flow && whole.intersect(within).is_some() {
            of_flow(view, *item, within, &mut hints);
        }
    }
    hints
}

fn of_flow(view: &View<'_>, item: ItemSource<'_>, within: TextRange, hints: &mut Vec<InlayHint>) {
    let start = item.start(view.db);
    let preferences = &view.snapshot.session.preferences;
    if preferences.type_hints {
        for bound in navigate::bindings(view.db, view.file, view.settings, item) {
            let place = bound.name.span + start;
            let says_nothing = matches!(bound.kind, Type::Any) || bound.is_written;
            if says_nothing || !within.contains_inclusive(place.end()) {
                continue;
            }
            let whole = bound.kind.to_string();
            let mut label = format!(": {}", shortened(&whole, LONGEST));
            // What a dotted name is part of has the type, so the hint stands behind the first name only where it is all.
            if view.text[usize::from(place.end())..].starts_with('.') {
                label.clear();
            }
            if !label.is_empty() {
                hints.push(hint(view, place.end(), label, Some(InlayHintKind::TYPE), code(&whole, "zis")));
            }
        }
    }
    if preferences.parameter_hints {
        Node::Item(&parsed(view.db, item).item).walk(&mut |node| parameters(view, node, start, within, hints));
    }
    if preferences.state_hints {
        for state in navigate::states(flow_graph(view.db, item, view.file, view.settings)) {
            let place = state.statement + start;
            let Some(program) = state.jq.filter(|_| within.contains_inclusive(place.start())) else { continue };
            let mut hint = hint(view, place.start(), state.name, None, code(&program, "jq"));
            hint.padding_right = Some(true);
            hints.push(hint);
        }
    }
}

/// The names of parameters in front of values that do not say what they are.
fn parameters(view: &View<'_>, node: Node<'_>, start: TextSize, within: TextRange, hints: &mut Vec<InlayHint>) {
    let Node::Expression(Expression { kind: ExpressionKind::Call { callee, arguments, .. }, .. }) = node else {
        return;
    };
    let Some(function) = callee.dotted().and_then(|name| zisc_core::function(&name.text)) else { return };
    if function.parameters.len() < 2 {
        return;
    }
    for (parameter, argument) in function.parameters.iter().zip(arguments) {
        let at = argument.value.span.start() + start;
        let speaks = argument.name.is_some() || matches!(argument.value.kind, ExpressionKind::Name(_));
        if !speaks && within.contains_inclusive(at) {
            let mut hint = hint(
                view,
                at,
                format!("{}:", parameter.name),
                Some(InlayHintKind::PARAMETER),
                code(&function.signature(), "zis"),
            );
            hint.padding_right = Some(true);
            hints.push(hint);
        }
    }
}

fn hint(view: &View<'_>, at: TextSize, label: String, kind: Option<InlayHintKind>, tooltip: String) -> InlayHint {
    InlayHint {
        position: view.position(at),
        label: InlayHintLabel::String(label),
        kind,
        text_edits: None,
        tooltip: Some(InlayHintTooltip::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value: tooltip })),
        padding_left: None,
        padding_right: None,
        data: None,
    }
}

fn code(text: &str, language: &str) -> String {
    format!("```{language}\n{text}\n```")
}
