//! What cannot be judged where the JSON itself is broken: to tell what comes of that would be a second message for one
//! mistake.

use text_size::TextSize;
use zisc_bundle::json::{self, Loss};
use zisc_bundle::{Bundle, Flow, Machine, ResourceKind, Span, State, StateKind};

/// The parts of a bundle in which a value could not be read.
pub(super) struct Gaps<'a> {
    /// The flows, which nobody can follow.
    flows: Vec<&'a Flow>,
    /// What is around each gap: a state, or else the flow.
    around: Vec<Span>,
}

impl<'a> Gaps<'a> {
    /// Nothing where the gaps spoil everything: outside of flows stands what all of them rely on.
    pub(super) fn of(bundle: &'a Bundle, errors: &[json::Error]) -> Option<Self> {
        let mut gaps = Self { flows: Vec::new(), around: Vec::new() };
        for error in errors {
            match error.loss {
                Loss::Comment | Loss::Nothing => {}
                Loss::Value => gaps.add(bundle, error.span.start())?,
                Loss::Structure => return None,
            }
        }
        Some(gaps)
    }

    fn add(&mut self, bundle: &'a Bundle, place: TextSize) -> Option<()> {
        let (flow, whole) = bundle.resources.values().find_map(|resource| match &resource.kind {
            ResourceKind::Flow(flow) if resource.span.contains_inclusive(place) => Some((flow, resource.span)),
            _ => None,
        })?;
        self.flows.push(flow);
        self.around.push(state_around(&flow.machine, place).map_or(whole, whole_of));
        Some(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.around.is_empty()
    }

    /// Whether some value of a flow is not known.
    pub(super) fn are_in(&self, flow: &Flow) -> bool {
        self.flows.iter().any(|other| std::ptr::eq(*other, flow))
    }

    /// Whether what stands at a place may come of a gap.
    pub(super) fn hide(&self, span: Span) -> bool {
        self.around.iter().any(|around| around.contains_range(span))
    }
}

fn state_around(machine: &Machine, place: TextSize) -> Option<&State> {
    let state = machine.states.values().find(|state| whole_of(state).contains_inclusive(place))?;
    let inner = match &state.kind {
        StateKind::Map { iterator, .. } => state_around(iterator, place),
        _ => None,
    };
    Some(inner.unwrap_or(state))
}

fn whole_of(state: &State) -> Span {
    state.name.span.cover(state.span)
}
