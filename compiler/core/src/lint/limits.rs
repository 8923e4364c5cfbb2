//! Limits of the platform that a flow may run into.

use crate::finding::Finding;
use crate::flow::LONGEST_WAIT;
use crate::rules;
use std::collections::HashMap;
use zisc_bundle::{Delay, Machine, Span, State, StateKind};

/// Waits that are short enough each, and too long together: the longest way through the flow counts, each loop once.
pub(super) fn waits(machine: &Machine, findings: &mut Vec<Finding>) {
    let mut longest = Longest { machine, known: HashMap::new(), under_way: Vec::new() };
    let way = longest.from(&machine.start_at);
    if way.seconds > LONGEST_WAIT
        && let Some(last) = way.waits.first()
        && way.waits.len() > 1
    {
        let mut finding = rules::LONG_WAIT
            .at(*last, format!("the waits on the way to here take {} seconds together", way.seconds))
            .label(format!("the platform ends the flow after {LONGEST_WAIT} seconds"))
            .help("wait for a shorter time, or let another flow go on when an event comes");
        for earlier in way.waits.iter().skip(1).rev() {
            finding = finding.note(*earlier, "this one counts too");
        }
        findings.push(finding);
    }
}

/// How long the waits on a way take, and where they stand; the last one first.
#[derive(Clone, Default)]
struct Way {
    seconds: f64,
    waits: Vec<Span>,
}

struct Longest<'m> {
    machine: &'m Machine,
    known: HashMap<&'m str, Way>,
    under_way: Vec<&'m str>,
}

impl<'m> Longest<'m> {
    /// The longest way from a state to an end. Without recursion: a flow may be thousands of states long.
    fn from(&mut self, start: &str) -> Way {
        let Some((start, _)) = self.machine.states.get_key_value(start) else { return Way::default() };
        let mut waiting = vec![(start.as_str(), false)];
        while let Some((name, done)) = waiting.pop() {
            let Some(state) = self.machine.states.get(name) else { continue };
            if done {
                let way = self.behind(state);
                self.known.insert(name, way);
                self.under_way.retain(|other| *other != name);
            } else if !self.known.contains_key(name) && !self.under_way.contains(&name) && has_wait(self.machine) {
                self.under_way.push(name);
                waiting.push((name, true));
                let targets = state
                    .kind
                    .targets()
                    .into_iter()
                    .filter_map(|target| self.machine.states.get_key_value(target.as_str()));
                waiting.extend(targets.map(|(name, _)| (name.as_str(), false)));
            }
        }
        self.known.get(start.as_str()).cloned().unwrap_or_default()
    }

    /// The longest of the ways out of a state, with its own wait.
    fn behind(&self, state: &State) -> Way {
        let targets = state.kind.targets();
        let ways = targets.iter().filter_map(|target| self.known.get(target.as_str()));
        let mut way = ways.max_by(|one, other| one.seconds.total_cmp(&other.seconds)).cloned().unwrap_or_default();
        if let StateKind::Wait { delay: Delay::Seconds(seconds), .. } = &state.kind {
            way.seconds += seconds.as_f64().unwrap_or_default();
            way.waits.push(state.span);
        }
        way
    }
}

fn has_wait(machine: &Machine) -> bool {
    machine.states.values().any(|state| matches!(state.kind, StateKind::Wait { .. }))
}
