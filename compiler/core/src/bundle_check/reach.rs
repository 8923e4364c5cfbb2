//! The ways of a machine as a whole: what they never reach, where they never end.

use super::data::Data;
use super::flow::Walk;
use crate::rules;

impl Walk<'_, '_> {
    /// States that no way leads to.
    pub(super) fn unreachable(&mut self, data: &[Option<Data>]) {
        if self.graph.is_broken {
            return;
        }
        for (state, _) in self.graph.states.iter().zip(data).filter(|(_, data)| data.is_none()) {
            let finding = rules::UNREACHABLE
                .at(state.name.span, format!("state `{}` is never reached", *state.name))
                .label("no way leads here")
                .help("remove it, or lead a way here with `Next`");
            self.note(finding);
        }
    }

    /// States from which no way leads to an end.
    pub(super) fn endless(&mut self, order: &[usize]) {
        if self.graph.is_broken {
            return;
        }
        let graph = self.graph;
        let ends = graph.leads_to(|state| graph.is_end(state));
        if let Some(state) = order.iter().find(|state| !ends[**state]) {
            let name = &graph.states[*state].name;
            self.note(
                rules::NO_END
                    .at(name.span, format!("from state `{}` on, no way leads to an end", **name))
                    .label("the flow goes round until its time is up")
                    .help("lead a way to a Succeed, or write \"End\": true in the last state"),
            );
        }
    }
}
