//! Loops that go round without end, or ask the same thing again at once.

use crate::bundle_check::Guesses;
use crate::bundle_check::graph::{Graph, WaySort};
use crate::finding::Finding;
use crate::rules;
use std::collections::HashMap;
use zisc_bundle::{Machine, Path, Span, State, StateKind, Step};

/// Loops of a machine that never end, or do not wait. `spell` says a path as the author does.
pub(crate) fn loops(machine: &Machine, spell: &dyn Fn(&Path) -> String, findings: &mut Vec<Finding>) {
    let graph = Graph::new(machine, &mut Guesses::none());
    if graph.is_broken {
        return;
    }
    let order = graph.order();
    for members in graph.loops(&order) {
        let seen = Loop::new(&graph, &members);
        let begin = place(graph.states[members[0]]);
        if seen.exits.is_empty() {
            findings.push(
                rules::NO_END
                    .at(begin, "no way leads out of this loop")
                    .label("the flow goes round until its time is up")
                    .help("leave the loop when what it waits for has come, or end the flow in it"),
            );
        } else if seen.never_changes() {
            let asked = seen.asked.iter().map(|path| format!("`{}`", spell(path))).collect::<Vec<_>>().join(" and ");
            let say = if seen.asked.len() == 1 { "says" } else { "say" };
            findings.push(
                rules::NO_END
                    .at(place(graph.states[seen.exits[0].0]), "this loop never ends once it has begun")
                    .label(format!("it goes on as long as {asked} {say} so, and nothing in it changes that"))
                    .help("set anew in the loop what its end depends on"),
            );
        } else if seen.asks_the_same_again() {
            findings.push(
                rules::NO_PAUSE
                    .at(begin, "this loop asks the same again at once")
                    .label("nothing in it waits, counts, or asks for something else")
                    .help("wait in the loop, such as `wait 5s`: after 250 steps, or 100 seconds, the platform ends the flow"),
            );
        }
    }
}

/// What the states of a loop read and write.
struct Loop<'g> {
    graph: &'g Graph<'g>,
    /// Its states, each in front of those it leads to as far as the loop allows.
    members: &'g [usize],
    /// The states that a way out begins at, and whether a decision takes it.
    exits: Vec<(usize, bool)>,
    /// What the decisions to leave are made by.
    asked: Vec<Path>,
    /// Where each member of `$` is written; nothing stands for all of `$`.
    written: HashMap<Option<String>, Vec<usize>>,
}

impl<'g> Loop<'g> {
    fn new(graph: &'g Graph<'g>, members: &'g [usize]) -> Self {
        let mut seen = Self { graph, members, exits: Vec::new(), asked: Vec::new(), written: HashMap::new() };
        let inside: std::collections::HashSet<usize> = members.iter().copied().collect();
        for (rank, state) in members.iter().enumerate() {
            let kind = &graph.states[*state].kind;
            let mut leaves = false;
            for way in &graph.ways[*state] {
                let is_decision = matches!(way.sort, WaySort::Rule(_) | WaySort::Default);
                if !inside.contains(&way.to) {
                    seen.exits.push((*state, is_decision));
                    leaves |= is_decision;
                }
            }
            if graph.is_end(*state) {
                seen.exits.push((*state, false));
            }
            if leaves {
                kind.reads(&mut |path| {
                    if !seen.asked.contains(path) {
                        seen.asked.push(path.clone());
                    }
                });
            }
            let results = kind.catch().iter().map(|catcher| catcher.result_path.as_ref());
            let own = matches!(kind, StateKind::Action { .. } | StateKind::Map { .. } | StateKind::Pass { .. });
            for result in own.then(|| kind.result_path()).into_iter().chain(results) {
                let path = result.and_then(|json| Path::parse(json.as_str()?).ok());
                seen.written.entry(path.and_then(|path| root(&path))).or_default().push(rank);
            }
        }
        seen
    }

    fn writers<'s>(&'s self, path: &Path) -> impl Iterator<Item = usize> + 's {
        let all = match root(path) {
            Some(name) => [self.written.get(&Some(name)), self.written.get(&None)],
            // Who reads all of `$` reads what any of them writes.
            None => [None, None],
        };
        let any = root(path).is_none().then(|| self.written.values().flatten());
        all.into_iter().flatten().flatten().chain(any.into_iter().flatten()).copied()
    }

    /// Whether the loop is left only by decisions, and nothing in it changes what they ask.
    fn never_changes(&self) -> bool {
        self.exits.iter().all(|(_, is_decision)| *is_decision)
            && !self.asked.is_empty()
            && self.asked.iter().all(|path| self.writers(path).next().is_none())
    }

    /// Whether each round does what the one before did: it calls, does not wait, and reads nothing from the round
    /// before.
    fn asks_the_same_again(&self) -> bool {
        let mut calls = false;
        for (rank, state) in self.members.iter().enumerate() {
            let kind = &self.graph.states[*state].kind;
            match kind {
                StateKind::Wait { .. } | StateKind::Map { .. } => return false,
                StateKind::Action { action, .. } => calls |= **action != *crate::flow::JQ,
                _ => {}
            }
            let mut from_before = false;
            // What a decision reads was set in this round, or it would have been made already.
            if !matches!(kind, StateKind::Choice { .. }) {
                kind.reads(&mut |path| from_before |= self.writers(path).any(|writer| writer >= rank));
            }
            if from_before {
                return false;
            }
        }
        calls
    }
}

/// Where a state stands: at its name, or where it has none at what it asks or does.
fn place(state: &State) -> Span {
    match &state.kind {
        _ if !state.name.span.is_empty() => state.name.span,
        StateKind::Choice { rules, .. } => rules.first().map_or(state.span, |rule| rule.span),
        _ => state.span,
    }
}

/// The member of `$` that a path leads through.
fn root(path: &Path) -> Option<String> {
    match path.steps.first() {
        Some(Step::Member(name)) => Some(name.clone()),
        _ => None,
    }
}
