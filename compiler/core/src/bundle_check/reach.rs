//! The ways of a machine as a whole: what they never reach, where they never end, how long they wait.

use super::data::Data;
use super::flow::Walk;
use crate::platform::LONGEST_RUN;
use crate::rules;
use zisc_bundle::json::Json;
use zisc_bundle::{Delay, StateKind};

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

    /// Waits that take too long together, though none alone does.
    pub(super) fn long_waits(&mut self, order: &[usize]) {
        let graph = self.graph;
        let mut rank = vec![usize::MAX; graph.states.len()];
        for (position, state) in order.iter().enumerate() {
            rank[*state] = position;
        }
        let mut waited = vec![0.0_f64; graph.states.len()];
        for state in order {
            let own = match &graph.states[*state].kind {
                StateKind::Wait { delay: Delay::Seconds(seconds), .. } => Some(seconds),
                _ => None,
            };
            let before = waited[*state];
            let seconds = own.and_then(Json::as_f64).filter(|seconds| *seconds > 0.0).unwrap_or_default();
            let together = before + seconds;
            if let Some(json) = own
                && together > LONGEST_RUN
                && before <= LONGEST_RUN
                && seconds <= LONGEST_RUN
            {
                self.note(
                    rules::LONG_WAIT
                        .at(
                            json.span,
                            format!("a flow may run for {LONGEST_RUN} seconds, and on one way here it waits longer"),
                        )
                        .label(format!("{together} seconds together with the waits before"))
                        .help("wait for shorter times"),
                );
            }
            // A way back would have to be gone once more: how often, nobody knows.
            for way in graph.ways[*state].iter().filter(|way| rank[way.to] > rank[*state]) {
                waited[way.to] = waited[way.to].max(together);
            }
        }
    }
}
