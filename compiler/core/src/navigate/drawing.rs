//! Which flows a file holds, and how they are drawn: source and bundle JSON alike, broken or whole.

use super::bundle::bundle_in;
use crate::{Db, Diagram, Notation, Settings, SourceFile, flow_graph, items, parsed};
use zisc_bundle::{Bundle, ResourceKind, Span};
use zisc_syntax::tree::ItemKind;

/// A flow in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlowPlace {
    /// Its name; empty where it has none yet.
    pub name: String,
    /// The place of the name.
    pub place: Span,
    /// The whole flow.
    pub whole: Span,
}

/// The flows of a file, in the order of its text.
pub fn flows(db: &dyn Db, file: SourceFile) -> Vec<FlowPlace> {
    if Notation::of(file.path(db), file.text(db)) == Notation::Bundle {
        return flows_of(bundle_in(db, file)).map(|(flow, _)| flow).collect();
    }
    let flows = items(db, file).iter().filter_map(|item| {
        let tree = &parsed(db, *item).item;
        let ItemKind::Flow(flow) = &tree.kind else { return None };
        let (name, place) = match &flow.name {
            Some(name) => (name.text.to_string(), name.span),
            None => (String::new(), Span::empty(tree.span.start())),
        };
        let start = item.start(db);
        Some(FlowPlace { name, place: place + start, whole: tree.span + start })
    });
    flows.collect()
}

/// The flow at this position of [`flows`] as a diagram, with its places in the file.
pub fn drawn_flow(db: &dyn Db, file: SourceFile, settings: Settings, number: usize) -> Option<Diagram> {
    if Notation::of(file.path(db), file.text(db)) == Notation::Bundle {
        return flows_of(bundle_in(db, file)).nth(number).map(|(_, diagram)| diagram);
    }
    let mut flows = items(db, file).iter().filter(|item| matches!(parsed(db, **item).item.kind, ItemKind::Flow(_)));
    let item = *flows.nth(number)?;
    Some(Diagram::of(&flow_graph(db, item, file, settings).machine).moved(item.start(db)))
}

fn flows_of(bundle: &Bundle) -> impl Iterator<Item = (FlowPlace, Diagram)> {
    bundle.resources.values().filter_map(|resource| match &resource.kind {
        ResourceKind::Flow(flow) => {
            let whole = resource.key.span.cover(resource.span);
            let place = FlowPlace { name: flow.name.value.clone(), place: resource.key.span, whole };
            Some((place, Diagram::of(&flow.machine)))
        }
        _ => None,
    })
}
