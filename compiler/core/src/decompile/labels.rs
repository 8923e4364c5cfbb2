//! Which states need no label: those that the compiler would call so by itself.

use super::level::StateId;
use crate::flow::names::Names;
use crate::flow::steps::{StepKind, Steps, lower, wanted_name};
use std::collections::{HashMap, HashSet};
use zisc_syntax::tree::ItemKind;

/// The states of a flow that need no label. In `text`, the flow's statements have the numbers of states as labels;
/// `names` says what each is called, and `named` which are the goal of a jump.
pub(super) fn derived(text: &str, names: &HashMap<StateId, String>, named: &HashSet<StateId>) -> HashSet<StateId> {
    let parsed = zisc_syntax::parse(text);
    let ItemKind::Flow(flow) = &parsed.item.kind else { return HashSet::new() };
    let machine = Machine::of(&lower(flow));
    let mut derived: HashSet<StateId> = HashSet::new();
    machine.each(&mut |state, wanted| {
        let is_numbered = |name: &str| {
            let rest = name.strip_prefix(wanted);
            rest.is_some_and(|rest| {
                rest.is_empty() || (rest.bytes().all(|byte| byte.is_ascii_digit()) && !rest.starts_with('0'))
            })
        };
        if !named.contains(&state) && names.get(&state).is_some_and(|name| is_numbered(name)) {
            derived.insert(state);
        }
    });
    // A number depends on the names before it: those that would come out otherwise keep their labels.
    loop {
        let before = derived.len();
        let mut taken = Names::default();
        machine.name(names, &mut derived, &mut taken);
        if derived.len() == before {
            return derived;
        }
    }
}

/// The steps of a machine that are states, in the order in which they are named.
struct Machine {
    steps: Vec<Step>,
}

struct Step {
    state: Option<StateId>,
    wanted: String,
    /// The iteration of a Map: it is named first.
    body: Option<Machine>,
}

impl Machine {
    fn of(steps: &Steps<'_>) -> Self {
        let steps = steps.list.iter().filter_map(|step| {
            let wanted = wanted_name(&step.kind)?;
            let body = match &step.kind {
                StepKind::Map { body, .. } => Some(Machine::of(body)),
                _ => None,
            };
            Some(Step { state: step.name.parse().ok(), wanted, body })
        });
        Self { steps: steps.collect() }
    }

    fn each(&self, visit: &mut impl FnMut(StateId, &str)) {
        for step in &self.steps {
            if let Some(state) = step.state {
                visit(state, &step.wanted);
            }
            if let Some(body) = &step.body {
                body.each(visit);
            }
        }
    }

    /// Names all steps as the compiler does, and takes those from `derived` that are called otherwise.
    fn name(&self, names: &HashMap<StateId, String>, derived: &mut HashSet<StateId>, taken: &mut Names) {
        for step in &self.steps {
            if let Some(state) = step.state.filter(|state| !derived.contains(state))
                && let Some(name) = names.get(&state)
            {
                taken.take(name);
            }
        }
        for step in &self.steps {
            if let Some(body) = &step.body {
                body.name(names, derived, taken);
            }
            if let Some(state) = step.state.filter(|state| derived.contains(state)) {
                let name = taken.free(&step.wanted);
                if names.get(&state).is_none_or(|wanted| *wanted != name) {
                    derived.remove(&state);
                }
            }
        }
    }
}
