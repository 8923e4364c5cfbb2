use super::bundle_in;
use crate::navigate::{Outline, OutlineKind, Sort};
use crate::{Db, SourceFile, Text};
use zisc_bundle::{Machine, Placed, Resource, ResourceKind, Span, StateKind};

/// The resources of a bundle and the states of its flows, in the order of the text.
#[salsa::tracked(returns(deref))]
pub(in crate::navigate) fn bundle_outline(db: &dyn Db, file: SourceFile) -> Vec<Outline> {
    bundle_in(db, file).resources.values().filter_map(resource).collect()
}

fn resource(resource: &Resource) -> Option<Outline> {
    let (sort, name, detail, children) = match &resource.kind {
        ResourceKind::Flow(flow) => (Sort::Flow, &flow.name, None, states(&flow.machine)),
        ResourceKind::JobSpec(job) => {
            let event = format!("{}.{}", *job.event_source, *job.event_type);
            (Sort::Job, &job.name, Some(event), Vec::new())
        }
        ResourceKind::HttpAction(action) => (Sort::Action, &action.name, Some(action.method.value.clone()), Vec::new()),
        ResourceKind::Unknown(_) => return None,
    };
    // A name that is missing has the place of something else.
    let name = if name.is_empty() { &resource.key } else { name };
    Some(outline(OutlineKind::Item(sort), name, detail, &resource.key, resource.span, children))
}

fn states(machine: &Machine) -> Vec<Outline> {
    let state = |state: &zisc_bundle::State| {
        let children = match &state.kind {
            StateKind::Map { iterator, .. } => states(iterator),
            _ => Vec::new(),
        };
        let detail = Some(state.kind.type_name().to_owned());
        outline(OutlineKind::State, &state.name, detail, &state.name, state.span, children)
    };
    machine.states.values().map(state).collect()
}

fn outline(
    kind: OutlineKind,
    name: &Placed<String>,
    detail: Option<String>,
    key: &Placed<String>,
    span: Span,
    children: Vec<Outline>,
) -> Outline {
    let whole = key.span.cover(span);
    Outline { name: Text::new(&**name), kind, detail, whole, place: name.span, children }
}
