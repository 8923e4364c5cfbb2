//! A graph as statements: blocks, loops, guard clauses, and jumps where the graph has none of these.
//!
//! A state stands where the state that dominates it stands: in one of its blocks where it alone leads there, behind it
//! where several ways meet. So every state is written once, and a way that does not lead to what follows in the text
//! is a jump.

use super::graph::{Graph, Way};
use std::collections::{HashMap, HashSet};
use zisc_bundle::{Catcher, Rule, StateKind, Transition};

/// Blocks nested deeper than this are laid flat: nobody reads them, and brackets have a limit.
const DEEP: usize = 16;

/// A statement, or a jump.
#[derive(Debug)]
pub(super) enum Piece {
    /// A state that leads to one place.
    State(usize),
    /// A Choice.
    Choice(Choice),
    /// A Choice that begins a loop; with `negated`, its rule leads out of it.
    While { state: usize, negated: bool, body: Vec<Piece> },
    /// A loop that is left from within.
    Forever { body: Vec<Piece> },
    /// States that go to one place where they fail.
    Try { state: usize, body: Vec<Piece>, handler: Vec<Piece> },
    /// A way that does not lead to what follows.
    Jump(Jump),
}

/// A Choice and its blocks.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) state: usize,
    /// The block of each arm.
    pub(super) arms: Vec<Vec<Piece>>,
    /// What happens when no rule is true, where that is not what follows.
    pub(super) otherwise: Vec<Piece>,
    /// The one rule leads to what follows, and its default into the block.
    pub(super) negated: bool,
}

/// A way that is no falling through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Jump {
    Return,
    Continue,
    /// To the end of an iteration.
    EndIteration,
    Break,
    Goto(usize),
}

/// A machine as statements.
pub(super) struct Structure {
    pub(super) pieces: Vec<Piece>,
    /// What happens where a state fails, for those that say it themselves.
    pub(super) handlers: HashMap<usize, Vec<Piece>>,
    /// The states to which a `goto` leads.
    pub(super) labels: HashSet<usize>,
    /// How many ways are a `goto`.
    pub(super) gotos: usize,
    /// How many of those start where no way from the beginning leads.
    pub(super) dead_gotos: usize,
    /// How many ways are jumps of other sorts.
    jumps: usize,
    /// How many states have been written.
    states: usize,
}

impl Structure {
    fn cost(&self) -> usize {
        self.gotos * 10 + self.jumps
    }
}

/// What the writing of blocks has to know of the states.
pub(super) trait Shape {
    /// Whether the Choice can be written so that its one rule leads to what follows.
    fn can_negate(&self, state: usize) -> bool;
    /// Whether the state is written as plain as can be, with a `goto` for each way.
    fn is_plain(&self, state: usize) -> bool;
    /// Whether the end of the machine is an iteration's.
    fn in_iteration(&self) -> bool;
    /// Whether the state is the end that the compiler makes for a Choice that leads nowhere.
    fn is_made_end(&self, state: usize) -> bool;
}

/// Machines with more states are written as they come: looking for better places takes time.
const LARGE: usize = 150;

/// How often another place is tried for a state.
const PATIENCE: usize = 200;

/// The statements of a machine. A state to which a `goto` leads is tried in the places of other ways that lead there:
/// what is left with the fewest jumps is easiest to read.
pub(super) fn structure(graph: &Graph<'_>, shape: &dyn Shape) -> Structure {
    let mut best_placing = Placing::default();
    let mut best = written(graph, shape, &best_placing);
    let mut tried = 0;
    while best.gotos > 0 && graph.states.len() <= LARGE && tried < PATIENCE {
        let mut better: Option<(Structure, Placing)> = None;
        for placing in best_placing.others(graph, shape, &best.labels) {
            tried += 1;
            let structure = written(graph, shape, &placing);
            let least = better.as_ref().map_or(&best, |(structure, _)| structure);
            if structure.states == graph.states.len() && structure.cost() < least.cost() {
                better = Some((structure, placing));
            }
        }
        let Some(found) = better else { break };
        (best, best_placing) = found;
    }
    best
}

/// Where states stand that several ways lead to, other than behind the state that dominates them.
#[derive(Clone, Default)]
struct Placing {
    /// Those that stand where one of the ways comes from.
    at: HashMap<usize, usize>,
    /// Those that stand behind others which stand in the same place.
    last: HashSet<usize>,
}

impl Placing {
    /// The placings that differ in one of these states.
    fn others(&self, graph: &Graph<'_>, shape: &dyn Shape, states: &HashSet<usize>) -> Vec<Self> {
        let mut states: Vec<usize> = states.iter().copied().filter(|state| !graph.roots.contains(state)).collect();
        states.sort_by_key(|state| graph.order[*state]);
        let mut sources: Vec<usize> = (0..graph.states.len()).collect();
        sources.sort_by_key(|state| graph.order[*state]);
        let mut others = Vec::new();
        for to in states {
            if !self.last.contains(&to) {
                let mut other = self.clone();
                other.last.insert(to);
                others.push(other);
            }
            for from in sources.iter().copied() {
                let ways = graph.ways[from].iter().filter(|edge| edge.to == to);
                let (count, catches) =
                    ways.fold((0, 0), |(count, catches), edge| (count + 1, catches + usize::from(edge.is_catch)));
                let fits = count == 1 && catches == 0 && !shape.is_plain(from) && graph.leads_forward(from, to);
                if fits && self.at.get(&to) != Some(&from) {
                    let mut other = self.clone();
                    other.at.insert(to, from);
                    others.push(other);
                }
            }
        }
        others
    }
}

fn written(graph: &Graph<'_>, shape: &dyn Shape, placing: &Placing) -> Structure {
    let mut writer = Writer {
        graph,
        shape,
        placing,
        is_handler: handlers(graph, shape),
        endless: HashMap::new(),
        exits: HashSet::new(),
        structure: Structure {
            pieces: Vec::new(),
            handlers: HashMap::new(),
            labels: HashSet::new(),
            gotos: 0,
            dead_gotos: 0,
            jumps: 0,
            states: 0,
        },
    };
    writer.endless = writer.endless_loops();
    writer.exits = writer.exits_of_loops();
    let mut pieces = Vec::new();
    let is_made = |root: &usize| shape.is_made_end(*root);
    let roots: Vec<usize> = graph.roots.iter().copied().filter(|root| !is_made(root)).collect();
    for (position, root) in roots.iter().enumerate() {
        let follow = (position + 1 == roots.len()).then_some(Way::End);
        let before = writer.structure.gotos;
        pieces.extend(writer.block(*root, Place { follow, repetition: None, depth: 0 }));
        if graph.start != Some(*root) {
            writer.structure.dead_gotos += writer.structure.gotos - before;
        }
    }
    writer.structure.states += (0..graph.states.len()).filter(is_made).count();
    writer.structure.pieces = pieces;
    writer.structure
}

/// Where a block stands.
#[derive(Clone, Copy)]
struct Place {
    /// Where its end leads; nothing where that must not be reached.
    follow: Option<Way>,
    /// The loop around it: where it begins again, and what follows it.
    repetition: Option<(usize, Option<Way>)>,
    depth: usize,
}

impl Place {
    fn inside(self, follow: Option<Way>) -> Self {
        Self { follow, depth: self.depth + 1, ..self }
    }
}

struct Writer<'g, 'a> {
    graph: &'g Graph<'a>,
    shape: &'g dyn Shape,
    placing: &'g Placing,
    structure: Structure,
    /// The states that are reached only by failing, and are written behind what fails.
    is_handler: Vec<bool>,
    /// The states that begin a loop which only what stands in it leaves, and what follows that loop.
    endless: HashMap<usize, Option<Way>>,
    /// Those of the states that follow.
    exits: HashSet<usize>,
}

/// The states that are reached only by failing. Where failing follows failing too often, a jump is easier to read.
fn handlers(graph: &Graph<'_>, shape: &dyn Shape) -> Vec<bool> {
    let mut is_handler: Vec<bool> = (0..graph.states.len())
        .map(|state| {
            let arrivals = graph.arrivals[state];
            arrivals.all > 0 && arrivals.all == arrivals.catches && !graph.begins_loop[state]
        })
        .collect();
    for (state, edges) in graph.ways.iter().enumerate() {
        if shape.is_plain(state) {
            edges.iter().for_each(|edge| is_handler[edge.to] = false);
        }
    }
    for root in &graph.roots {
        is_handler[*root] = false;
        let mut waiting = vec![(*root, 0)];
        while let Some((state, depth)) = waiting.pop() {
            is_handler[state] &= depth < 5 && !shape.is_made_end(state);
            let depth = depth + usize::from(is_handler[state]);
            waiting.extend(graph.children[state].iter().map(|child| (*child, depth)));
        }
    }
    is_handler
}

/// Where pieces begin; nothing where that is not one place.
fn entry(pieces: &[Piece]) -> Option<Way> {
    match pieces.first()? {
        Piece::State(state) | Piece::While { state, .. } => Some(Way::State(*state)),
        Piece::Choice(choice) => Some(Way::State(choice.state)),
        Piece::Try { body, .. } | Piece::Forever { body } => entry(body),
        Piece::Jump(Jump::Return | Jump::EndIteration) => Some(Way::End),
        Piece::Jump(Jump::Goto(state)) => Some(Way::State(*state)),
        Piece::Jump(Jump::Continue | Jump::Break) => None,
    }
}

/// How a state of a block goes on.
enum Plan {
    Plain,
    Choice { negated: bool },
    While { negated: bool, body: usize },
    Forever { exit: Option<Way> },
}

impl Writer<'_, '_> {
    /// The way to a state; the end, where the compiler would make that state itself.
    fn to(&self, state: usize) -> Way {
        if self.shape.is_made_end(state) { Way::End } else { Way::State(state) }
    }

    fn named(&self, name: &str) -> Option<Way> {
        self.graph.named(name).map(|state| self.to(state))
    }

    /// The statements from `entry` on, up to what several ways around them lead to.
    fn block(&mut self, entry: usize, place: Place) -> Vec<Piece> {
        let (sequence, plans) = self.sequence(entry, place);
        let mut pieces: Vec<Piece> = Vec::new();
        // Where each state of the sequence stands among the pieces.
        let mut starts = Vec::new();
        for (position, (state, plan)) in sequence.iter().zip(plans).enumerate() {
            let next = match sequence.get(position + 1) {
                Some(next) => Some(Way::State(*next)),
                None => place.follow,
            };
            starts.push(pieces.len());
            self.state(*state, plan, next, place, &mut pieces);
        }
        self.catches(&sequence, starts, place, pieces)
    }

    /// The states that stand one behind the other, and how each is written.
    fn sequence(&self, entry: usize, place: Place) -> (Vec<usize>, Vec<Plan>) {
        let graph = self.graph;
        let Place { follow, depth, .. } = place;
        let (mut sequence, mut plans) = (Vec::new(), Vec::new());
        let mut waiting: Vec<usize> = Vec::new();
        let mut current = Some(entry);
        while let Some(state) = current {
            // The loop that begins here, unless this is its body.
            let exit = self.endless.get(&state).filter(|_| place.repetition.is_none_or(|(begin, _)| begin != state));
            if let Some(exit) = exit {
                let following = match exit {
                    Some(Way::State(to)) if graph.dominates(state, *to) => Some(*to),
                    _ => None,
                };
                sequence.push(state);
                plans.push(Plan::Forever { exit: *exit });
                current = following.or_else(|| waiting.pop());
                continue;
            }
            // What several ways from here lead to follows behind; what is reached first comes first.
            let is_plain = self.shape.is_plain(state);
            let mut meeting: Vec<usize> = graph.children[state]
                .iter()
                .copied()
                .filter(|child| !self.is_handler[*child] && !self.shape.is_made_end(*child) && !self.is_exit(*child))
                .filter(|child| is_plain || !self.is_sole(state, *child))
                .collect();
            meeting.retain(|child| !self.placing.at.contains_key(child));
            meeting.sort_by_key(|child| std::cmp::Reverse((self.placing.last.contains(child), graph.order[*child])));
            waiting.extend(meeting);
            let next = waiting.last().map_or(follow, |state| Some(Way::State(*state)));
            let (plan, going_on) = self.plan(state, next, depth);
            sequence.push(state);
            plans.push(plan);
            current = going_on.or_else(|| waiting.pop());
        }
        (sequence, plans)
    }

    /// Whether the state follows a loop that is left from within.
    fn is_exit(&self, state: usize) -> bool {
        self.exits.contains(&state)
    }

    /// Whether only one way leads to a state, and that comes from `from`.
    fn is_sole(&self, from: usize, to: usize) -> bool {
        if self.is_exit(to) {
            return false;
        }
        if let Some(place) = self.placing.at.get(&to) {
            return *place == from;
        }
        self.graph.arrivals[to].all == 1
            && self.graph.arrivals[to].catches == 0
            && self.graph.children[from].contains(&to)
            && !self.shape.is_made_end(to)
    }

    /// How a state is written, and which state then follows it that it alone leads to.
    fn plan(&self, state: usize, next: Option<Way>, depth: usize) -> (Plan, Option<usize>) {
        let graph = self.graph;
        let sole = |way: Option<Way>| match way {
            Some(Way::State(to)) if self.is_sole(state, to) => Some(to),
            _ => None,
        };
        if self.shape.is_plain(state) {
            return (Plan::Plain, None);
        }
        let StateKind::Choice { rules, default } = &graph.states[state].kind else {
            let way = graph.states[state].kind.then().and_then(|then| graph.way(then));
            return (Plan::Plain, sole(way));
        };
        let otherwise = default.as_ref().and_then(|default| self.named(default));
        let targets = self.arms(state, rules);
        if graph.begins_loop[state]
            && depth < DEEP
            && rules.len() == 1
            && let [then] = targets.as_slice()
        {
            let inside = |way: Option<Way>| sole(way).filter(|body| self.leads_back(*body, state));
            let (yes, no) = (inside(*then), inside(otherwise));
            match (yes, no) {
                (Some(body), None) => return (Plan::While { negated: false, body }, sole(otherwise)),
                (None, Some(body)) if self.shape.can_negate(state) => {
                    return (Plan::While { negated: true, body }, sole(*then));
                }
                _ => {}
            }
        }
        let choice = |negated| Plan::Choice { negated };
        // Whether falling out of what a way leads to would reach what follows.
        let falls = |way: Option<Way>| match (way, next) {
            (None, _) => false,
            (way, next) if way == next => true,
            (way, Some(next)) => sole(way).is_some_and(|to| self.leads_to(to, next)),
            (_, None) => false,
        };
        let size = |way: Option<Way>| sole(way).map_or(0, |to| graph.size(to));
        let none_falls = !targets.iter().any(|way| falls(*way));
        if let [then] = targets.as_slice() {
            // A `match` with one arm is a guard clause as it stands: the arm is empty.
            let is_guard = rules.len() > 1;
            let flat_then = (is_guard || self.shape.can_negate(state))
                && sole(*then).is_some()
                && !falls(otherwise)
                && (size(otherwise) < size(*then) || sole(otherwise).is_none());
            if flat_then {
                return (choice(!is_guard), sole(*then));
            }
            if *then == next && sole(otherwise).is_some() && self.shape.can_negate(state) {
                return (choice(true), None);
            }
        }
        if none_falls && sole(otherwise).is_some() {
            return (choice(false), sole(otherwise));
        }
        if depth >= DEEP {
            let all = targets.iter().chain([&otherwise]);
            let largest = all.filter_map(|way| sole(*way)).max_by_key(|to| graph.size(*to));
            return (choice(false), largest);
        }
        (choice(false), None)
    }

    /// Where each arm of a Choice leads.
    fn arms(&self, state: usize, rules: &[Rule]) -> Vec<Option<Way>> {
        self.graph.arms[state].iter().map(|first| self.named(&rules.get(*first)?.next)).collect()
    }

    fn leads_to(&self, from: usize, to: Way) -> bool {
        let made_end = (0..self.graph.states.len()).find(|state| self.shape.is_made_end(*state));
        self.graph.leads_to(from, to)
            || (to == Way::End && made_end.is_some_and(|end| self.graph.leads_to(from, Way::State(end))))
    }

    /// The loops that no condition begins, and what follows each: the most that is reached only by leaving it, or where
    /// all ways out of it lead. What is left of such a loop at one state stands in it.
    fn endless_loops(&self) -> HashMap<usize, Option<Way>> {
        let graph = self.graph;
        let mut found = HashMap::new();
        // The loops around each state that have been found so far.
        let mut around = vec![0; graph.states.len()];
        let mut begins: Vec<usize> = (0..graph.states.len()).filter(|state| graph.begins_loop[*state]).collect();
        begins.sort_by_key(|state| graph.order[*state]);
        for begin in begins {
            let is_while = matches!(self.plan(begin, None, 0).0, Plan::While { .. });
            if is_while || self.shape.is_plain(begin) || around[begin] >= DEEP / 2 {
                continue;
            }
            let inside = graph.circle(begin);
            inside.iter().for_each(|state| around[*state] += 1);
            let mut ways: Vec<Way> = Vec::new();
            for state in &inside {
                let out = graph.ways[*state].iter().filter(|edge| !edge.is_catch && !inside.contains(&edge.to));
                ways.extend(out.map(|edge| self.to(edge.to)));
                ways.extend((graph.states[*state].kind.then() == Some(&Transition::End)).then_some(Way::End));
            }
            let own = ways.iter().filter_map(|way| match way {
                Way::State(to) if graph.dominates(begin, *to) && !self.is_handler[*to] => Some(*to),
                _ => None,
            });
            let exit = match own.max_by_key(|to| (graph.size(*to), std::cmp::Reverse(graph.order[*to]))) {
                Some(to) if graph.size(to) == 1 && self.ends_here(to) => None,
                Some(to) => Some(Way::State(to)),
                None => ways.first().copied().filter(|way| ways.iter().all(|other| other == way)),
            };
            found.insert(begin, exit);
        }
        found
    }

    fn ends_here(&self, state: usize) -> bool {
        let kind = &self.graph.states[state].kind;
        matches!(kind, StateKind::Succeed { .. } | StateKind::Fail { .. }) || kind.then() == Some(&Transition::End)
    }

    /// The states behind loops that are reached only by leaving them.
    fn exits_of_loops(&self) -> HashSet<usize> {
        let own = |(begin, exit): (&usize, &Option<Way>)| match exit {
            Some(Way::State(to)) if self.graph.dominates(*begin, *to) => Some(*to),
            _ => None,
        };
        self.endless.iter().filter_map(own).collect()
    }

    /// Whether a way leads back to the beginning of a loop from what `from` dominates.
    fn leads_back(&self, from: usize, header: usize) -> bool {
        self.graph.leads_to(from, Way::State(header))
    }

    /// A state with the blocks in it. `next` is what follows it.
    fn state(&mut self, state: usize, plan: Plan, next: Option<Way>, place: Place, pieces: &mut Vec<Piece>) {
        let graph = self.graph;
        if let Plan::Forever { exit } = plan {
            let inner =
                Place { follow: Some(Way::State(state)), repetition: Some((state, exit)), depth: place.depth + 1 };
            let body = self.block(state, inner);
            pieces.push(Piece::Forever { body });
            if exit.is_some() {
                self.jump(exit, next, place, pieces);
            }
            return;
        }
        self.structure.states += 1;
        match (&graph.states[state].kind, plan) {
            (StateKind::Choice { rules, default }, Plan::Choice { negated }) => {
                let inner = place.inside(next);
                let mut arms = Vec::new();
                for way in self.arms(state, rules) {
                    arms.push(self.arm(state, way, inner));
                }
                let otherwise = default.as_ref().and_then(|default| self.named(default));
                let otherwise = self.arm(state, otherwise, inner);
                pieces.push(Piece::Choice(Choice { state, arms, otherwise, negated }));
            }
            (StateKind::Choice { rules, default }, Plan::While { negated, body }) => {
                let then = rules.first().and_then(|rule| self.named(&rule.next));
                let otherwise = default.as_ref().and_then(|default| self.named(default));
                let leaves_to = if negated { then } else { otherwise };
                let inner = Place {
                    follow: Some(Way::State(state)),
                    repetition: Some((state, leaves_to)),
                    depth: place.depth + 1,
                };
                let body = self.block(body, inner);
                pieces.push(Piece::While { state, negated, body });
                self.jump(leaves_to, next, place, pieces);
            }
            (StateKind::Choice { .. }, _) => {
                // A state that is kept as it is names where it leads itself.
                for edge in &graph.ways[state] {
                    self.structure.labels.insert(edge.to);
                }
                pieces.push(Piece::State(state));
            }
            (kind, _) => {
                pieces.push(Piece::State(state));
                if self.shape.is_plain(state) {
                    for edge in &graph.ways[state] {
                        self.structure.labels.insert(edge.to);
                    }
                } else if let Some(then) = kind.then() {
                    let way = graph.way(then);
                    self.jump(way, next, place, pieces);
                }
            }
        }
    }

    /// The block of an arm that leads along a way.
    fn arm(&mut self, from: usize, way: Option<Way>, place: Place) -> Vec<Piece> {
        match way {
            Some(Way::State(to)) if self.is_sole(from, to) && place.follow != way => self.block(to, place),
            way => {
                let mut pieces = Vec::new();
                self.jump(way, place.follow, place, &mut pieces);
                pieces
            }
        }
    }

    /// A jump along a way, where it does not lead to what follows.
    fn jump(&mut self, way: Option<Way>, next: Option<Way>, place: Place, pieces: &mut Vec<Piece>) {
        if way == next {
            return;
        }
        let jump = match (way, place.repetition) {
            (None, _) => return,
            (Some(Way::State(to)), Some((begin, _))) if to == begin => Jump::Continue,
            (way, Some((_, end))) if way == end => Jump::Break,
            (Some(Way::End), Some(_)) if self.shape.in_iteration() => Jump::Return,
            (Some(Way::End), _) if self.shape.in_iteration() => Jump::EndIteration,
            (Some(Way::End), _) => Jump::Return,
            (Some(Way::State(to)), _) => {
                self.structure.labels.insert(to);
                self.structure.gotos += 1;
                Jump::Goto(to)
            }
        };
        self.structure.jumps += usize::from(!matches!(jump, Jump::Goto(_)));
        if !matches!(jump, Jump::Goto(_)) {
            self.structure.jumps += 1;
        }
        pieces.push(Piece::Jump(jump));
    }

    /// Puts what happens where states fail behind them: a `try` around all that go to one place, or a `catch` at each.
    fn catches(
        &mut self,
        sequence: &[usize],
        mut starts: Vec<usize>,
        place: Place,
        mut pieces: Vec<Piece>,
    ) -> Vec<Piece> {
        // What fails into something that is reached otherwise, too.
        for position in 0..pieces.len() {
            let Piece::State(state) = pieces[position] else { continue };
            let Some(Catcher { next, .. }) = self.graph.states[state].kind.catch().first() else { continue };
            let Some(to) = self.graph.named(next) else { continue };
            if self.shape.is_plain(state) || self.is_handler[to] {
                continue;
            }
            let following = self.next_of(&pieces, position, place.follow);
            let mut block = Vec::new();
            self.jump(Some(self.to(to)), following, place, &mut block);
            self.structure.handlers.insert(state, block);
        }
        // Where what fails goes, and all that go there. The innermost come first: they end first.
        let mut handlers: Vec<(usize, usize)> = Vec::new();
        for (position, state) in sequence.iter().enumerate().rev() {
            // What fails in a loop is caught in it.
            if starts.get(position).is_some_and(|start| matches!(pieces.get(*start), Some(Piece::Forever { .. }))) {
                continue;
            }
            let mut here: Vec<usize> =
                self.graph.children[*state].iter().copied().filter(|child| self.is_handler[*child]).collect();
            here.sort_by_key(|child| self.graph.order[*child]);
            handlers.extend(here.into_iter().map(|handler| (position, handler)));
        }
        for (position, handler) in handlers {
            let first = starts[position];
            let is_one = |piece: &Piece| self.fails_to(piece, handler);
            let Some(last) = pieces.iter().rposition(is_one) else {
                continue;
            };
            let first = pieces[first..=last].iter().position(is_one).map_or(first, |skipped| first + skipped);
            let next = self.next_of(&pieces, last, place.follow);
            if first == last
                && let Piece::State(state) = pieces[last]
            {
                let block = self.block(handler, place.inside(next));
                self.structure.handlers.insert(state, block);
                continue;
            }
            if place.depth < DEEP && pieces[first..=last].iter().all(|piece| self.may_fail_only_to(piece, handler)) {
                let block = self.block(handler, place.inside(next));
                let body: Vec<Piece> = pieces.drain(first..=last).collect();
                let taken = body.len() - 1;
                let state = self.first_failing(&body, handler);
                pieces.insert(first, Piece::Try { state, body, handler: block });
                for start in &mut starts {
                    if *start > last {
                        *start -= taken;
                    } else if *start > first {
                        *start = first;
                    }
                }
                continue;
            }
            // The first says what happens, the others go there.
            let all = self.all_failing(&pieces[first..=last], handler);
            for (count, state) in all.into_iter().enumerate() {
                let block = if count == 0 {
                    self.block(handler, place.inside(None))
                } else {
                    let mut block = Vec::new();
                    self.jump(Some(Way::State(handler)), None, place, &mut block);
                    block
                };
                self.structure.handlers.insert(state, block);
            }
        }
        pieces
    }

    /// Where the end of a piece leads.
    fn next_of(&self, pieces: &[Piece], position: usize, follow: Option<Way>) -> Option<Way> {
        if position + 1 < pieces.len() { entry(&pieces[position + 1..]) } else { follow }
    }

    fn target_of_catch(&self, state: usize) -> Option<usize> {
        self.graph.states[state].kind.catch().first().and_then(|catcher| self.graph.named(&catcher.next))
    }

    /// Whether something in a piece goes to `handler` where it fails.
    fn fails_to(&self, piece: &Piece, handler: usize) -> bool {
        !self.all_failing(std::slice::from_ref(piece), handler).is_empty()
    }

    fn first_failing(&self, pieces: &[Piece], handler: usize) -> usize {
        self.all_failing(pieces, handler).first().copied().unwrap_or_default()
    }

    /// The states in these pieces that go to `handler` where they fail, in order.
    fn all_failing(&self, pieces: &[Piece], handler: usize) -> Vec<usize> {
        let mut found = Vec::new();
        for piece in pieces {
            if let Piece::State(state) = piece
                && self.target_of_catch(*state) == Some(handler)
                && !self.structure.handlers.contains_key(state)
            {
                found.push(*state);
            }
            for block in self.blocks(piece) {
                found.extend(self.all_failing(block, handler));
            }
        }
        found
    }

    /// Whether all that may fail in a piece goes to `handler`, and leaves the error in one place.
    fn may_fail_only_to(&self, piece: &Piece, handler: usize) -> bool {
        if let Piece::State(state) = piece {
            let kind = &self.graph.states[*state].kind;
            let may_fail = matches!(kind, StateKind::Action { .. } | StateKind::Map { .. });
            if self.shape.is_plain(*state) {
                return false;
            }
            if may_fail && !self.structure.handlers.contains_key(state) {
                let to_handler = self.target_of_catch(*state) == Some(handler);
                let first = self.graph.states.iter().find(|other| {
                    other.kind.catch().first().is_some_and(|catcher| self.graph.named(&catcher.next) == Some(handler))
                });
                let path = |kind: &StateKind| {
                    kind.catch()
                        .first()
                        .and_then(|catcher| catcher.result_path.clone())
                        .and_then(|path| path.as_str().map(str::to_owned))
                };
                let same_place = first.is_some_and(|first| path(&first.kind) == path(kind));
                if !to_handler || !same_place {
                    return false;
                }
            }
        }
        self.blocks(piece).into_iter().flatten().all(|piece| self.may_fail_only_to(piece, handler))
    }

    /// The blocks in a piece whose failures are its own: those in the body of a `try` are not.
    fn blocks<'p>(&'p self, piece: &'p Piece) -> Vec<&'p [Piece]> {
        match piece {
            Piece::State(state) => self.structure.handlers.get(state).into_iter().map(Vec::as_slice).collect(),
            Piece::Choice(choice) => {
                choice.arms.iter().map(Vec::as_slice).chain([choice.otherwise.as_slice()]).collect()
            }
            Piece::While { body, .. } | Piece::Forever { body } => vec![body],
            Piece::Try { handler, .. } => vec![handler],
            Piece::Jump(_) => Vec::new(),
        }
    }
}
