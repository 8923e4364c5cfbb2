//! The ways of a machine as a whole: what they never reach.

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
}
