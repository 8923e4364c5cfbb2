use crate::features::lenses::{DECOMPILE, RUN_FLOW, run, states};
use crate::snapshot::View;
use text_size::{TextRange, TextSize};
use tower_lsp::ls_types::{CodeLens, Command};
use zisc_core::navigate::{self, OutlineKind, Sort};

/// Above the bundle, what opens it as source; above each flow, its states and what runs it.
pub(in crate::features) fn lenses(view: &View<'_>) -> Vec<CodeLens> {
    let mut lenses = Vec::new();
    let lens = |span, command| CodeLens { range: view.range(span), command: Some(command), data: None };
    if view.snapshot.session.knows_command(DECOMPILE) {
        lenses.push(lens(TextRange::empty(TextSize::from(0)), decompile(view)));
    }
    for flow in navigate::outline(view.db, view.file) {
        if flow.kind != OutlineKind::Item(Sort::Flow) {
            continue;
        }
        lenses.push(lens(flow.place, states(view, flow.children.len(), &flow.name)));
        if view.snapshot.session.knows_command(RUN_FLOW) {
            lenses.push(lens(flow.place, run(view, &flow.name)));
        }
    }
    lenses
}

/// Opens the bundle as source.
pub(in crate::features) fn decompile(view: &View<'_>) -> Command {
    Command::new("open as .zis".to_owned(), DECOMPILE.to_owned(), Some(vec![serde_json::json!(view.uri)]))
}
