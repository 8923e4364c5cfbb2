//! A state machine as a graph: which state leads where.

use crate::bundle_check::Guesses;
use zisc_bundle::{Machine, Placed, State, StateKind, Transition};

/// The states of a machine and the ways between them.
pub(crate) struct Graph<'a> {
    pub(crate) states: Vec<&'a State>,
    /// The ways out of each state.
    pub(crate) ways: Vec<Vec<Way>>,
    /// The state that runs first.
    pub(crate) start: Option<usize>,
    /// Some state does not say where it leads, so nobody can say what is reached.
    pub(crate) is_broken: bool,
}

/// A way from one state to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) sort: WaySort,
    pub(crate) to: usize,
}

/// When a way is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WaySort {
    /// When the state is done.
    Next,
    /// When the state fails: by the catcher with this number.
    Catch(usize),
    /// When the rule with this number is the first that is true.
    Rule(usize),
    /// When no rule is true.
    Default,
}

impl<'a> Graph<'a> {
    pub(crate) fn new(machine: &'a Machine, guesses: &mut Guesses) -> Self {
        let mut target = |name: &str| {
            // A name that is misspelt leads where it was meant to lead: it is reported, and one report is enough.
            machine.states.get_index_of(name).or_else(|| {
                let meant = guesses.nearest(name, machine.states.keys().map(String::as_str))?;
                machine.states.get_index_of(meant)
            })
        };
        let mut is_broken = false;
        let mut ways = Vec::with_capacity(machine.states.len());
        for state in machine.states.values() {
            let mut out = Vec::new();
            for (sort, name) in ways_of(&state.kind) {
                match target(name) {
                    Some(to) => out.push(Way { sort, to }),
                    None => is_broken = true,
                }
            }
            is_broken |= matches!(state.kind, StateKind::Unknown(_)) || state.kind.then() == Some(&Transition::Missing);
            ways.push(out);
        }
        let start = target(&machine.start_at);
        is_broken |= start.is_none();
        Self { states: machine.states.values().collect(), ways, start, is_broken }
    }

    /// The states that can be reached, each in front of those it leads to as far as loops allow.
    pub(crate) fn order(&self) -> Vec<usize> {
        let mut order = Vec::with_capacity(self.states.len());
        let mut seen = vec![false; self.states.len()];
        // Each with the number of its ways that have been followed: a flow may be a chain of any length.
        let mut open: Vec<(usize, usize)> = Vec::new();
        if let Some(start) = self.start {
            seen[start] = true;
            open.push((start, 0));
        }
        while let Some((state, followed)) = open.last_mut() {
            match self.ways[*state].get(*followed) {
                Some(way) => {
                    *followed += 1;
                    if !std::mem::replace(&mut seen[way.to], true) {
                        open.push((way.to, 0));
                    }
                }
                None => {
                    order.push(*state);
                    open.pop();
                }
            }
        }
        order.reverse();
        order
    }

    /// The states that lead to each other, each loop in the given order: loops in loops are one.
    pub(crate) fn loops(&self, order: &[usize]) -> Vec<Vec<usize>> {
        let back = self.back();
        let mut found: Vec<Vec<usize>> = Vec::new();
        // Against the ways, in the order of the ways, each state is met first by those it leads back to.
        let mut left = vec![false; self.states.len()];
        order.iter().for_each(|state| left[*state] = true);
        for first in order {
            let mut members = Vec::new();
            let mut waiting = vec![*first];
            while let Some(state) = waiting.pop() {
                if std::mem::replace(&mut left[state], false) {
                    members.push(state);
                    waiting.extend(&back[state]);
                }
            }
            if members.len() > 1 || members.iter().any(|state| self.ways[*state].iter().any(|way| way.to == *state)) {
                found.push(members);
            }
        }
        let mut rank = vec![usize::MAX; self.states.len()];
        order.iter().enumerate().for_each(|(position, state)| rank[*state] = position);
        found.iter_mut().for_each(|members| members.sort_by_key(|state| rank[*state]));
        found
    }

    /// For each state, those that lead to it.
    fn back(&self) -> Vec<Vec<usize>> {
        let mut back: Vec<Vec<usize>> = vec![Vec::new(); self.states.len()];
        for (from, ways) in self.ways.iter().enumerate() {
            for way in ways {
                back[way.to].push(from);
            }
        }
        back
    }

    /// For each state, whether a way from it leads to one that `is_goal`.
    pub(crate) fn leads_to(&self, is_goal: impl Fn(usize) -> bool) -> Vec<bool> {
        let back = self.back();
        let mut leads: Vec<bool> = (0..self.states.len()).map(&is_goal).collect();
        let mut waiting: Vec<usize> = (0..self.states.len()).filter(|state| leads[*state]).collect();
        while let Some(state) = waiting.pop() {
            for from in &back[state] {
                if !std::mem::replace(&mut leads[*from], true) {
                    waiting.push(*from);
                }
            }
        }
        leads
    }

    /// Whether a state can be the last one of the machine.
    pub(crate) fn is_end(&self, state: usize) -> bool {
        let kind = &self.states[state].kind;
        matches!(kind, StateKind::Succeed { .. } | StateKind::Fail { .. }) || kind.then() == Some(&Transition::End)
    }
}

/// The ways out of a state, by the names of the states they lead to.
pub(crate) fn ways_of(kind: &StateKind) -> Vec<(WaySort, &Placed<String>)> {
    let mut ways = Vec::new();
    if let StateKind::Choice { rules, default } = kind {
        ways.extend(rules.iter().enumerate().map(|(number, rule)| (WaySort::Rule(number), &rule.next)));
        ways.extend(default.iter().map(|default| (WaySort::Default, default)));
    }
    if let Some(Transition::Next(next)) = kind.then() {
        ways.push((WaySort::Next, next));
    }
    ways.extend(kind.catch().iter().enumerate().map(|(number, catcher)| (WaySort::Catch(number), &catcher.next)));
    ways
}
