//! The loop: one state after the other until the machine ends.

use crate::Value;
use crate::error::Failure;
use crate::http::Http;
use crate::load::Loader;
use crate::run::Run;
use crate::states::{Passed, State, Target};
use crate::value::Text;
use zisc_bundle::Machine as Read;

/// A state machine, ready to run: a flow's definition, or the iterator of a Map.
#[derive(Debug)]
pub(crate) struct Machine {
    states: Vec<State>,
    start: Target,
}

/// How a machine ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The data at the end.
    pub(crate) data: Value,
    /// The last state.
    pub(crate) state: Text,
    /// The text for the log, from a `Succeed` that has one.
    pub(crate) message: Option<String>,
}

impl Machine {
    /// Reads a machine.
    pub(crate) fn load<'a>(machine: &'a Read, loader: &mut Loader<'a>) -> Self {
        loader.inside(machine.states.keys().map(String::as_str), |loader| Self {
            states: machine.states.values().map(|state| State::load(state, loader)).collect(),
            start: loader.target(&machine.start_at),
        })
    }

    /// Runs from the first state to an end.
    pub(crate) async fn run<H: Http>(&self, mut data: Value, run: &mut Run<'_, H>) -> Result<Ended, Failure> {
        let mut target = self.start;
        let mut last = Text::default();
        while let Target::State(position) = target {
            let Some(state) = self.states.get(position) else { break };
            if let Err(stop) = run.begin(state) {
                run.leave(data);
                return Err(stop.into());
            }
            let entry = run.keep(&data);
            match state.run(data, run).await {
                Ok(Passed::On(new, next)) => {
                    run.end(self.name(next));
                    (data, target, last) = (new, next, state.name.clone());
                }
                Ok(Passed::Succeeded(data, message)) => {
                    run.end(None);
                    return Ok(Ended { data, state: state.name.clone(), message: Some(message) });
                }
                Err(failure) => {
                    run.fail(&failure, entry);
                    return Err(failure);
                }
            }
        }
        Ok(Ended { data, state: last, message: None })
    }

    /// Whether a Map lies inside of a Map.
    pub(crate) fn has_nested_maps(&self) -> bool {
        let maps = |machine: &Self| machine.states.iter().any(|state| state.iterator().is_some());
        self.states.iter().filter_map(State::iterator).any(|iterator| maps(iterator) || iterator.has_nested_maps())
    }

    fn name(&self, target: Target) -> Option<&Text> {
        match target {
            Target::State(position) => self.states.get(position).map(|state| &state.name),
            Target::End => None,
        }
    }

    /// Adds the connections that the actions of this machine name, each once.
    pub(crate) fn collect_connections(&self, names: &mut Vec<String>) {
        for state in &self.states {
            if let Some(name) = state.custom_action().and_then(|action| action.connection.as_ref())
                && !names.contains(name)
            {
                names.push(name.clone());
            }
            if let Some(iterator) = state.iterator() {
                iterator.collect_connections(names);
            }
        }
    }
}
