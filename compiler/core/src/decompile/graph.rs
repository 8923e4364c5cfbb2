//! A machine as a graph: which states follow which, what dominates what, and where loops begin.

use std::collections::{HashMap, HashSet};
use zisc_bundle::{Machine, Placed, State, StateKind, Transition};

/// Where a way leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Way {
    /// To a state, by its position.
    State(usize),
    /// To the end of the machine.
    End,
}

/// A machine as a graph. States are known by their position in the bundle.
pub(super) struct Graph<'a> {
    pub(super) states: Vec<&'a State>,
    pub(super) start: Option<usize>,
    by_name: HashMap<&'a str, usize>,
    /// The first rule of each arm of a Choice: several rules of one `match` may be one arm.
    pub(super) arms: Vec<Vec<usize>>,
    /// The states that each one leads to, an entry for every way: arms, default, next, and what catches.
    pub(super) ways: Vec<Vec<Edge>>,
    /// How many ways lead forward to each state, and how many of them are catches.
    pub(super) arrivals: Vec<Arrivals>,
    /// The states that each one dominates directly, those reached first in front.
    pub(super) children: Vec<Vec<usize>>,
    /// The states from which nothing before leads on: the start, and what no way leads to.
    pub(super) roots: Vec<usize>,
    /// The root from which each state was reached first. A way from what another root leads to is always a jump.
    part: Vec<usize>,
    /// Position in an order in which every state comes after those that lead to it, loops aside.
    pub(super) order: Vec<usize>,
    dominator: Vec<Option<usize>>,
    /// First and last number in the tree of dominators: one state dominates another where it holds its number.
    range: Vec<(usize, usize)>,
    /// Whether a way leads back to the state from what it dominates.
    pub(super) begins_loop: Vec<bool>,
}

/// A way from a state to a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) to: usize,
    pub(super) is_catch: bool,
}

/// The ways that lead forward to a state.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Arrivals {
    pub(super) all: usize,
    pub(super) catches: usize,
}

impl<'a> Graph<'a> {
    /// The graph of a machine. `arms` says which rules of a Choice begin an arm.
    pub(super) fn new(machine: &'a Machine, arms: &dyn Fn(&State) -> Vec<usize>) -> Self {
        let states: Vec<&State> = machine.states.values().collect();
        let by_name: HashMap<&str, usize> =
            states.iter().enumerate().map(|(position, state)| (state.name.as_str(), position)).collect();
        let start = by_name.get(machine.start_at.as_str()).copied();
        let arms: Vec<Vec<usize>> = states.iter().map(|state| arms(state)).collect();
        let ways: Vec<Vec<Edge>> = states.iter().zip(&arms).map(|(state, arms)| ways(state, arms, &by_name)).collect();
        let mut graph = Self {
            start,
            by_name,
            arrivals: vec![Arrivals::default(); states.len()],
            children: vec![Vec::new(); states.len()],
            roots: Vec::new(),
            part: vec![0; states.len()],
            order: vec![0; states.len()],
            dominator: vec![None; states.len()],
            range: vec![(0, 0); states.len()],
            begins_loop: vec![false; states.len()],
            arms,
            ways,
            states,
        };
        let order = graph.reverse_postorder();
        graph.dominators(&order);
        graph.number(&order);
        graph.count();
        graph
    }

    /// The state that a name stands for.
    pub(super) fn named(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    /// Whether `a` is on every way to `b`.
    pub(super) fn dominates(&self, a: usize, b: usize) -> bool {
        self.range[a].0 <= self.range[b].0 && self.range[b].0 <= self.range[a].1
    }

    /// How many states are reached only through this one, itself included.
    pub(super) fn size(&self, state: usize) -> usize {
        self.range[state].1 + 1 - self.range[state].0
    }

    /// Every state after those that lead to it, as far as there are no loops; then what no way leads to.
    fn reverse_postorder(&mut self) -> Vec<usize> {
        let mut seen = vec![false; self.states.len()];
        let mut order = Vec::new();
        // What nothing leads to comes before what only circles lead to, and each circle before what it leads to.
        let mut is_target = vec![false; self.states.len()];
        for edge in self.ways.iter().flatten() {
            is_target[edge.to] = true;
        }
        let unreached = (0..self.states.len()).filter(|state| !is_target[*state]);
        let in_circles = (0..self.states.len()).filter(|state| is_target[*state]);
        let roots: Vec<usize> = self.start.into_iter().chain(unreached).chain(in_circles).collect();
        let mut before: Vec<Vec<usize>> = vec![Vec::new(); self.states.len()];
        for (from, edges) in self.ways.iter().enumerate() {
            edges.iter().for_each(|edge| before[edge.to].push(from));
        }
        for root in roots {
            if seen[root] || (Some(root) != self.start && !self.leads_to_all_before(root, &before, &seen)) {
                continue;
            }
            let mut reached = self.finished(root, &mut seen);
            reached.iter().for_each(|state| self.part[*state] = root);
            self.roots.push(root);
            reached.reverse();
            order.append(&mut reached);
        }
        for (position, state) in order.iter().enumerate() {
            self.order[*state] = position;
        }
        order
    }

    /// Whether a state leads to all that leads to it, as far as that has not been seen: it is in a circle that nothing
    /// else leads into.
    fn leads_to_all_before(&self, state: usize, before: &[Vec<usize>], seen: &[bool]) -> bool {
        let mut after = seen.to_vec();
        self.finished(state, &mut after);
        let mut known = seen.to_vec();
        let mut waiting = vec![state];
        while let Some(state) = waiting.pop() {
            for from in &before[state] {
                if !after[*from] {
                    return false;
                }
                if !std::mem::replace(&mut known[*from], true) {
                    waiting.push(*from);
                }
            }
        }
        true
    }

    /// What a state leads to and has not been seen, itself included, each after all that it leads to.
    fn finished(&self, state: usize, seen: &mut [bool]) -> Vec<usize> {
        let mut finished = Vec::new();
        if std::mem::replace(&mut seen[state], true) {
            return finished;
        }
        let mut stack = vec![(state, 0)];
        while let Some((state, next)) = stack.last_mut() {
            match self.ways[*state].get(*next) {
                Some(edge) => {
                    *next += 1;
                    if !std::mem::replace(&mut seen[edge.to], true) {
                        stack.push((edge.to, 0));
                    }
                }
                None => {
                    finished.push(*state);
                    stack.pop();
                }
            }
        }
        finished
    }

    /// The nearest state on every way to each (Cooper, Harvey and Kennedy: "A simple, fast dominance algorithm").
    /// Roots have none, and neither has what several roots lead to.
    fn dominators(&mut self, order: &[usize]) {
        let count = self.states.len();
        let mut before: Vec<Vec<usize>> = vec![Vec::new(); count];
        for (from, edges) in self.ways.iter().enumerate() {
            for edge in edges.iter().filter(|edge| self.part[edge.to] == self.part[from]) {
                before[edge.to].push(from);
            }
        }
        // The state in front of all roots has the number `count`, and comes first.
        let top = count;
        let place = |state: usize| if state == top { 0 } else { self.order[state] + 1 };
        let mut known: Vec<Option<usize>> = vec![None; count];
        let mut is_root = vec![false; count];
        for root in &self.roots {
            known[*root] = Some(top);
            is_root[*root] = true;
        }
        let mut changed = true;
        while changed {
            changed = false;
            for state in order {
                if is_root[*state] {
                    continue;
                }
                let mut nearest: Option<usize> = None;
                for from in &before[*state] {
                    if known[*from].is_none() {
                        continue;
                    }
                    nearest = Some(match nearest {
                        None => *from,
                        Some(other) => {
                            let (mut a, mut b) = (*from, other);
                            while a != b {
                                while place(a) > place(b) {
                                    a = known[a].unwrap_or(top);
                                }
                                while place(b) > place(a) {
                                    b = known[b].unwrap_or(top);
                                }
                            }
                            a
                        }
                    });
                }
                if nearest.is_some() && known[*state] != nearest {
                    known[*state] = nearest;
                    changed = true;
                }
            }
        }
        for state in order {
            match known[*state] {
                Some(dominator) if dominator != top => {
                    self.dominator[*state] = Some(dominator);
                    self.children[dominator].push(*state);
                }
                _ if !is_root[*state] => self.roots.push(*state),
                _ => {}
            }
        }
        let place = &self.order;
        self.roots[usize::from(self.start.is_some())..].sort_by_key(|state| place[*state]);
    }

    fn number(&mut self, order: &[usize]) {
        let mut next = 0;
        for root in self.roots.clone() {
            let mut stack = vec![(root, 0)];
            self.range[root].0 = next;
            next += 1;
            while let Some((state, child)) = stack.last_mut() {
                match self.children[*state].get(*child) {
                    Some(below) => {
                        *child += 1;
                        self.range[*below].0 = next;
                        next += 1;
                        stack.push((*below, 0));
                    }
                    None => {
                        self.range[*state].1 = next - 1;
                        stack.pop();
                    }
                }
            }
        }
        debug_assert_eq!(next, order.len(), "every state has a number");
    }

    fn count(&mut self) {
        for from in 0..self.states.len() {
            for edge in self.ways[from].clone() {
                if self.part[from] != self.part[edge.to] {
                    continue;
                }
                if self.dominates(edge.to, from) {
                    self.begins_loop[edge.to] = true;
                } else {
                    self.arrivals[edge.to].all += 1;
                    self.arrivals[edge.to].catches += usize::from(edge.is_catch);
                }
            }
        }
        if let Some(start) = self.start {
            self.arrivals[start].all += 1;
        }
    }

    /// Whether a way leads to `to` from a state that `from` dominates.
    pub(super) fn leads_to(&self, from: usize, to: Way) -> bool {
        self.region(from).into_iter().any(|state| match to {
            Way::State(to) => self.ways[state].iter().any(|edge| edge.to == to),
            Way::End => self.states[state].kind.then() == Some(&Transition::End),
        })
    }

    /// Whether a way between two states leads on, in what one root leads to.
    pub(super) fn leads_forward(&self, from: usize, to: usize) -> bool {
        self.part[from] == self.part[to] && !self.dominates(to, from)
    }

    /// The states that one dominates, itself included.
    pub(super) fn region(&self, state: usize) -> Vec<usize> {
        let mut all = vec![state];
        let mut at = 0;
        while let Some(state) = all.get(at) {
            all.extend(&self.children[*state]);
            at += 1;
        }
        all
    }

    /// The states of the loop that begins here: those on the ways from it that lead back.
    pub(super) fn circle(&self, begin: usize) -> HashSet<usize> {
        let mut before: HashMap<usize, Vec<usize>> = HashMap::new();
        for from in self.region(begin) {
            self.ways[from].iter().for_each(|edge| before.entry(edge.to).or_default().push(from));
        }
        let mut inside = HashSet::from([begin]);
        let mut waiting = vec![begin];
        while let Some(state) = waiting.pop() {
            for from in before.get(&state).into_iter().flatten() {
                if inside.insert(*from) {
                    waiting.push(*from);
                }
            }
        }
        inside
    }

    /// Where a transition leads.
    pub(super) fn way(&self, transition: &Transition) -> Option<Way> {
        match transition {
            Transition::Next(name) => self.named(name).map(Way::State),
            Transition::End => Some(Way::End),
            Transition::Missing => None,
        }
    }
}

fn ways(state: &State, arms: &[usize], by_name: &HashMap<&str, usize>) -> Vec<Edge> {
    let edge = |name: &Placed<String>, is_catch| by_name.get(name.as_str()).map(|to| Edge { to: *to, is_catch });
    let mut ways = Vec::new();
    if let Some(Transition::Next(next)) = state.kind.then() {
        ways.extend(edge(next, false));
    }
    if let StateKind::Choice { rules, default } = &state.kind {
        ways.extend(arms.iter().filter_map(|first| edge(&rules.get(*first)?.next, false)));
        ways.extend(default.iter().filter_map(|default| edge(default, false)));
    }
    ways.extend(state.kind.catch().iter().filter_map(|catcher| edge(&catcher.next, true)));
    ways
}
