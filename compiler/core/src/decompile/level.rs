//! How far a state may go from the platform's notation, and how each one is known.

use super::spelling::Manner;
use std::collections::HashMap;
use zisc_bundle::State;

/// What a state is known by: where it stands in the bundle.
pub(super) type StateId = u32;

/// What a state is known by.
pub(super) fn id(state: &State) -> StateId {
    state.span.start().into()
}

/// How far a statement goes from the platform's notation: each level is tried where the one before it does not build
/// back to the same state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// As a person writes it.
    #[default]
    Nice,
    /// jq stands as jq.
    Spelled,
    /// Nothing is taken to be missing, and no text to be one.
    Careful,
    /// Values and rules stand in the platform's notation, actions under their full names.
    Quoted,
    /// The state stands as it is.
    Raw,
}

impl Level {
    pub(super) fn manner(self) -> Manner {
        match self {
            Level::Nice | Level::Spelled => Manner::Plain,
            Level::Careful => Manner::Careful,
            Level::Quoted | Level::Raw => Manner::Quoted,
        }
    }

    fn next(self) -> Self {
        match self {
            Level::Nice => Level::Spelled,
            Level::Spelled => Level::Careful,
            Level::Careful => Level::Quoted,
            Level::Quoted | Level::Raw => Level::Raw,
        }
    }
}

/// The level of each state, and of each rule of a Choice.
#[derive(Clone, Debug, Default)]
pub(super) struct Levels {
    states: HashMap<StateId, Level>,
    rules: HashMap<(StateId, usize), Level>,
}

impl Levels {
    pub(super) fn of(&self, state: &State) -> Level {
        self.states.get(&id(state)).copied().unwrap_or_default()
    }

    /// The level of a rule: that of its state, or a plainer one.
    pub(super) fn of_rule(&self, state: &State, rule: usize) -> Level {
        self.rules.get(&(id(state), rule)).copied().unwrap_or_default().max(self.of(state))
    }

    /// Has what came out otherwise written plainer; whether that is possible.
    pub(super) fn raise(&mut self, different: &Different<'_>) -> bool {
        let state = different.state;
        let mut raised = false;
        for rule in &different.rules {
            let level = self.of_rule(state, *rule);
            if level < Level::Quoted {
                self.rules.insert((id(state), *rule), level.next());
                raised = true;
            }
        }
        if raised {
            return true;
        }
        let level = self.of(state);
        self.states.insert(id(state), level.next());
        level != Level::Raw
    }
}

/// A state that came out otherwise.
pub(super) struct Different<'m> {
    pub(super) state: &'m State,
    /// The rules of a Choice that did, where the rest of it is the same.
    pub(super) rules: Vec<usize>,
}
