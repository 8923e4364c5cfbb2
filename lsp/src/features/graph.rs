//! A flow as a picture that follows the cursor: SVG, and where each state stands.

use crate::snapshot::View;
use serde_json::{Value, json};
use text_size::TextSize;
use zisc_core::{Diagram, navigate};

/// The flow around a place, else the one of this name, else the first: drawn, whatever is wrong with it.
///
/// A state is named by its way: the Maps that it lies in, then itself, as the groups of the SVG lie in each other.
pub(crate) fn graph(view: &View<'_>, at: Option<TextSize>, name: Option<&str>) -> Option<Value> {
    let flows = navigate::flows(view.db, view.file);
    let around = |at: TextSize| flows.iter().position(|flow| flow.whole.contains_inclusive(at));
    let named = |name: &str| flows.iter().position(|flow| flow.name == name);
    let number = at.and_then(around).or_else(|| name.and_then(named)).unwrap_or_default();
    let flow = flows.get(number)?;
    let diagram = navigate::drawn_flow(view.db, view.file, view.settings, number)?;
    let mut states = Vec::new();
    add_states(view, &diagram, &[], &mut states);
    let names: Vec<_> =
        flows.iter().map(|flow| json!({ "name": flow.name, "range": view.range(flow.place) })).collect();
    Some(json!({
        "flow": number,
        "flows": names,
        "svg": diagram.svg(&format!("Flow {}", flow.name)),
        "states": states,
    }))
}

fn add_states(view: &View<'_>, diagram: &Diagram, around: &[&str], states: &mut Vec<Value>) {
    for node in &diagram.nodes {
        let mut way = around.to_vec();
        way.push(&node.name);
        let whole = (!node.whole.is_empty()).then(|| view.range(node.whole.cover(node.place)));
        states.push(json!({ "way": way, "name": view.range(node.place), "whole": whole }));
        if let Some(body) = &node.body {
            add_states(view, body, &way, states);
        }
    }
}
