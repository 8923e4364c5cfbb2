//! From the bundle back to its source: where each resource stands, and each state of a flow.

use crate::emit::{Emitted, resources};
use crate::{Db, Settings, SourceFile};
use indexmap::IndexMap;
use text_size::TextSize;
use zisc_bundle::{Machine, Resource, ResourceKind, Span, StateKind};

/// Where the resources of a bundle stand in source, by their keys.
pub type SourceMap = IndexMap<String, ResourcePlace>;

/// Where a resource stands in source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourcePlace {
    /// Its file: that of the bundle, or one that is imported.
    pub file: SourceFile,
    /// Its place in that file.
    pub span: Span,
    /// The states of a flow, in the order of the bundle.
    pub states: Vec<StatePlace>,
    /// Where its item begins. The places that the bundle itself holds are counted from here.
    start: TextSize,
}

/// Where a state stands in source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatePlace {
    /// Its name.
    pub name: String,
    /// Its place in the file of the flow.
    pub span: Span,
    /// The states of a Map.
    pub states: Vec<StatePlace>,
}

impl ResourcePlace {
    /// A place that the bundle holds for a part of this resource, as a place in its file.
    pub fn absolute(&self, span: Span) -> Span {
        span + self.start
    }
}

/// Where the bundle of a file comes from.
pub fn source_map(db: &dyn Db, file: SourceFile, settings: Settings) -> SourceMap {
    let mut map = SourceMap::new();
    for Emitted { file, item, resource } in resources(db, file, settings) {
        let start = item.start(db);
        map.entry(resource.key.value.clone()).or_insert_with(|| ResourcePlace {
            file,
            span: resource.span + start,
            states: machine(&resource).map(|machine| states(machine, resource.span, start)).unwrap_or_default(),
            start,
        });
    }
    map
}

fn machine(resource: &Resource) -> Option<&Machine> {
    match &resource.kind {
        ResourceKind::Flow(flow) => Some(&flow.machine),
        _ => None,
    }
}

/// The places of a machine's states; one that nobody wrote stands where what is around it does.
fn states(machine: &Machine, around: Span, start: TextSize) -> Vec<StatePlace> {
    let place = |state: &zisc_bundle::State| {
        let span = if state.span.is_empty() { around } else { state.span };
        let inner = match &state.kind {
            StateKind::Map { iterator, .. } => states(iterator, span, start),
            _ => Vec::new(),
        };
        StatePlace { name: state.name.value.clone(), span: span + start, states: inner }
    };
    machine.states.values().map(place).collect()
}
