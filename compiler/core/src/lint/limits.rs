//! Limits of the platform that a flow may run into.

use super::statements;
use crate::bundle_check::Guesses;
use crate::bundle_check::graph::Graph;
use crate::finding::Finding;
use crate::platform::{LONGEST_RUN, MOST_ITEMS};
use crate::rules;
use zisc_bundle::{Delay, Machine, StateKind};
use zisc_syntax::tree::{Block, ExpressionKind, StatementKind};

/// Lists that are written out, and hold more items than a Map takes.
pub(crate) fn lists(body: &Block, findings: &mut Vec<Finding>) {
    let mut all = Vec::new();
    statements(body, &mut all);
    for statement in all {
        let StatementKind::For { list, .. } = &statement.kind else { continue };
        let ExpressionKind::Array(items) = &list.kind else { continue };
        if items.len() > MOST_ITEMS {
            findings.push(
                rules::TOO_MANY_ITEMS
                    .at(
                        list.span,
                        format!("`for` goes through {MOST_ITEMS} items at the most, and these are {}", items.len()),
                    )
                    .label("the platform ends the flow here")
                    .help("go through it in parts, each in a `for` of its own"),
            );
        }
    }
}

/// Waits that are short enough each, and too long together: the longest way through the flow counts, each loop once.
pub(crate) fn waits(machine: &Machine, findings: &mut Vec<Finding>) {
    let graph = Graph::new(machine, &mut Guesses::none());
    let seconds_of = |state: usize| match &graph.states[state].kind {
        StateKind::Wait { delay: Delay::Seconds(seconds), .. } => {
            Some((seconds.span, seconds.as_f64().filter(|seconds| *seconds > 0.0)?))
        }
        _ => None,
    };
    let order = graph.order();
    if order.iter().all(|state| seconds_of(*state).is_none()) {
        return;
    }
    let mut rank = vec![usize::MAX; graph.states.len()];
    for (position, state) in order.iter().enumerate() {
        rank[*state] = position;
    }
    // The longest way to each state: how long it waits, and the last state that does.
    let mut longest: Vec<(f64, Option<usize>)> = vec![(0.0, None); graph.states.len()];
    let mut before: Vec<Option<usize>> = vec![None; graph.states.len()];
    for state in &order {
        if let Some((_, seconds)) = seconds_of(*state) {
            let (waited, last) = longest[*state];
            before[*state] = last;
            longest[*state] = (waited + seconds, Some(*state));
        }
        // A way back would have to be gone once more: how often, nobody knows.
        for way in graph.ways[*state].iter().filter(|way| rank[way.to] > rank[*state]) {
            if longest[*state].0 > longest[way.to].0 {
                longest[way.to] = longest[*state];
            }
        }
    }
    let worst = order.iter().copied().max_by(|a, b| longest[*a].0.total_cmp(&longest[*b].0));
    let Some((together, Some(last))) = worst.map(|state| longest[state]) else { return };
    let earlier: Vec<usize> = std::iter::successors(before[last], |state| before[*state]).collect();
    if together <= LONGEST_RUN || earlier.is_empty() {
        return;
    }
    let place = |state: usize| seconds_of(state).map(|(span, _)| span).unwrap_or_default();
    let finding = rules::LONG_WAIT
        .at(place(last), format!("the waits on the way to here take {together} seconds together"))
        .label(format!("the platform ends the flow after {LONGEST_RUN} seconds"))
        .help("wait for a shorter time, or let another flow go on when an event comes");
    let finding =
        earlier.iter().rev().fold(finding, |finding, state| finding.note(place(*state), "this one counts too"));
    findings.push(finding);
}
