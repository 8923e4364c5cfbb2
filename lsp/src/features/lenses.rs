//! What is shown above items: how often they are used, how many states they become, what can be done with them.

use super::bundle;
use crate::snapshot::View;
use tower_lsp::ls_types::{CodeLens, Command};
use zisc_core::navigate::{self, Access, Sort, Symbol};
use zisc_core::{flow_graph, items};

/// The command that runs a flow: the file, the flow's name. An editor that has it says so.
pub(crate) const RUN_FLOW: &str = "zisc.runFlow";
/// The command that draws a flow: the file, the flow's name. An editor that has it says so.
pub(crate) const SHOW_GRAPH: &str = "zisc.showGraph";
/// The command that shows references: the file, the place, the places. An editor that has it says so.
pub(crate) const SHOW_REFERENCES: &str = "zisc.showReferences";

/// The command that opens a bundle as source: the file. An editor that has it says so.
pub(crate) const DECOMPILE: &str = "zisc.decompile";

/// The lenses of a file. What they say is found out when they are seen.
pub(crate) fn lenses(view: &View<'_>) -> Vec<CodeLens> {
    if !view.snapshot.session.preferences.lenses {
        return Vec::new();
    }
    if view.is_bundle() {
        return bundle::lenses::lenses(view);
    }
    let runs_flows = view.snapshot.session.knows_command(RUN_FLOW);
    let mut lenses = Vec::new();
    for item in items(view.db, view.file) {
        let Some(first) = navigate::occurrences(view.db, *item).first() else { continue };
        let Symbol::Item(sort, name) = &first.symbol else { continue };
        let range = view.range(first.span + item.start(view.db));
        let lens = |what: &str| CodeLens {
            range,
            command: None,
            data: Some(serde_json::json!({ "uri": view.uri, "at": range.start, "what": what })),
        };
        match sort {
            Sort::Action | Sort::Type | Sort::Connection | Sort::Config | Sort::Param | Sort::Event => {
                lenses.push(lens("references"));
            }
            Sort::Flow => {
                lenses.push(lens("states"));
                if !runs_flows {
                    continue;
                }
                lenses.push(CodeLens { range, command: Some(run(view, name)), data: None });
            }
            Sort::Integration | Sort::Job => {}
        }
    }
    lenses
}

/// What a lens says.
pub(crate) fn resolve(view: &View<'_>, mut lens: CodeLens) -> CodeLens {
    let what = lens.data.as_ref().and_then(|data| data.get("what")?.as_str()).unwrap_or_default();
    let offset = view.lines.offset(lens.range.start);
    let Some((item, occurrence)) = navigate::occurrence_at(view.db, view.file, offset) else { return lens };
    lens.command = match what {
        "references" => {
            let found = navigate::references(view.db, &view.snapshot.files(), view.file, item, &occurrence.symbol);
            let locations: Vec<_> = found
                .iter()
                .filter(|(_, found)| found.access != Access::Declaration)
                .filter_map(|(file, found)| view.snapshot.place(*file, found.span))
                .collect();
            let title = match locations.len() {
                0 => "not used".to_owned(),
                count => counted(count, "reference"),
            };
            let arguments =
                vec![serde_json::json!(view.uri), serde_json::json!(lens.range.start), serde_json::json!(locations)];
            // A lens without a command says its words, and that is all.
            let command = if view.snapshot.session.knows_command(SHOW_REFERENCES) { SHOW_REFERENCES } else { "" };
            Some(Command::new(title, command.to_owned(), Some(arguments)))
        }
        "states" => {
            let count = navigate::states(flow_graph(view.db, item, view.file, view.settings)).len();
            let Symbol::Item(_, name) = &occurrence.symbol else { return lens };
            Some(states(view, count, name))
        }
        _ => None,
    };
    lens
}

/// How many states a flow has; shows them where the editor can.
pub(super) fn states(view: &View<'_>, count: usize, flow: &str) -> Command {
    let command = if view.snapshot.session.knows_command(SHOW_GRAPH) { SHOW_GRAPH } else { "" };
    let arguments = vec![serde_json::json!(view.uri), serde_json::json!(flow)];
    Command::new(counted(count, "state"), command.to_owned(), Some(arguments))
}

/// Runs a flow of the file.
pub(super) fn run(view: &View<'_>, flow: &str) -> Command {
    let arguments = vec![serde_json::json!(view.uri), serde_json::json!(flow)];
    Command::new("▶ run with an event".to_owned(), RUN_FLOW.to_owned(), Some(arguments))
}

pub(super) fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
