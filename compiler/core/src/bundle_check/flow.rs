//! A flow from state to state: what each of them sees.

use super::data::Data;
use super::graph::{Graph, WaySort};
use super::place::Quoted;
use super::{Checker, Seen, Watched};
use crate::declaration::envelope;
use crate::finding::Finding;
use crate::flow::data::error_type;
use crate::lint::{limits, loops};
use crate::types::Type;
use crate::{Shared, catalogue, jq};
use std::collections::{BTreeSet, HashMap, HashSet};
use zisc_bundle::json::Json;
use zisc_bundle::{Bundle, Flow, JobSpec, Machine, Path, Placed, Reference, State, StateKind, Step};

/// After so many visits of one state, what it writes is taken to be `any`: a type that grows with each round of a loop
/// would never settle.
const PATIENCE: usize = 12;
/// After so many searches for ways in one flow, a way is taken to exist.
const MOST_SEARCHES: usize = 200;

/// What the jobs of a flow bring as its input.
pub(crate) fn event_of(bundle: &Bundle, flow: &Flow) -> Type {
    let payloads: Vec<Type> = payloads_of(bundle, flow).map(|(_, payload)| payload).collect();
    if payloads.is_empty() { Type::Any } else { Type::union(payloads) }
}

/// The jobs of a flow, and what each brings.
fn payloads_of<'a>(bundle: &'a Bundle, flow: &Flow) -> impl Iterator<Item = (&'a JobSpec, Type)> {
    let starts = |job: &&JobSpec| Reference::parse(&job.flow_name).is_some_and(|its| its.name == flow.name.as_str());
    bundle.job_specs().filter(starts).map(|job| {
        let event = catalogue::event(&job.event_source, &job.event_type);
        (job, event.map_or(Type::Any, |event| Type::from(event.payload)))
    })
}

/// A machine while it is looked at.
pub(super) struct Walk<'c, 'a> {
    pub(super) checker: &'c mut Checker<'a>,
    pub(super) graph: &'c Graph<'a>,
    /// Whether `$` is one item of a Map.
    pub(super) in_map: bool,
    /// While types are sought, nothing is reported: a state may be looked at several times.
    pub(super) silent: bool,
    /// What has been said and is not worth repeating.
    pub(super) told: HashSet<String>,
    /// Whether no way leads to the state that is looked at.
    pub(super) is_unreached: bool,
    /// The state that is looked at.
    pub(super) here: usize,
    /// What the jq of states does with the input that comes to them.
    pub(super) programs: HashMap<usize, (Type, (jq::Inferred, Vec<Finding>))>,
    /// The states whose jq fails on whatever comes to them.
    pub(super) failing: HashSet<usize>,
    /// Which states write which member of `$`; made when it is first asked for.
    writers: Option<HashMap<String, Vec<usize>>>,
    /// How often ways have been sought.
    searches: usize,
}

impl<'a> Checker<'a> {
    pub(super) fn flow(&mut self, flow: &'a Flow) {
        self.payloads = payloads_of(self.bundle, flow).collect();
        let data = Data::of(&envelope(event_of(self.bundle, flow)), &mut self.names);
        self.machine(&flow.machine, &data, false);
    }

    /// Follows the ways of a machine, then looks at each state with what is known there.
    fn machine(&mut self, machine: &'a Machine, start: &Data, in_map: bool) {
        limits::waits(machine, &mut self.findings);
        loops::loops(machine, &Path::to_string, &mut self.findings);
        let graph = Graph::new(machine, &mut self.guesses);
        let mut walk = Walk {
            checker: self,
            graph: &graph,
            in_map,
            silent: true,
            told: HashSet::new(),
            is_unreached: false,
            here: 0,
            programs: HashMap::new(),
            failing: HashSet::new(),
            writers: None,
            searches: 0,
        };
        let order = graph.order();
        let data = walk.follow(start, &order);
        walk.silent = false;
        walk.unreachable(&data);
        // In the order of the ways, so that what is told once is told where it is met first.
        let rest = (0..graph.states.len()).filter(|state| data[*state].is_none());
        for state in order.iter().copied().chain(rest) {
            walk.is_unreached = data[state].is_none();
            let before = data[state].clone().unwrap_or_else(Data::unknown);
            walk.watch(state, &before);
            walk.state(state, &before);
            if let StateKind::Map { iterator, items_path, .. } = &graph.states[state].kind {
                let item = walk.silently(|walk| walk.items(items_path, &before)).item().unwrap_or_default();
                let start = Data::of(&item, &mut walk.checker.names);
                walk.checker.machine(iterator, &start, true);
            }
        }
    }
}

impl<'a> Walk<'_, 'a> {
    pub(super) fn note(&mut self, finding: Finding) {
        if !self.silent {
            self.checker.findings.push(finding);
        }
    }

    /// Keeps what is known in front of the state around the watched place, or what it gives to the watched action. The
    /// states of a Map come after it.
    fn watch(&mut self, position: usize, before: &Data) {
        let state = self.graph.states[position];
        match (self.checker.watched, &state.kind) {
            (Some(Watched::Place(place)), _) if state.span.contains_inclusive(place) => {
                let after = self.silently(|walk| walk.after(position, before, false));
                let jq_input = self.jq_input(position, before);
                self.checker.seen = Some(Seen { before: before.clone(), after, jq_input });
            }
            (Some(Watched::Calls(name)), StateKind::Action { action, parameters: Some(parameters), .. })
                if Reference::parse(action).is_some_and(|called| called.kind == "action" && called.name == name) =>
            {
                let given = self.silently(|walk| walk.template(parameters, before));
                for field in given.fields() {
                    let known = self.checker.given.entry(field.name.clone()).or_insert_with(|| field.kind.clone());
                    *known = known.join(&field.kind);
                }
            }
            _ => {}
        }
    }

    pub(super) fn silently<T>(&mut self, look: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.silent, true);
        let value = look(self);
        self.silent = before;
        value
    }

    pub(super) fn quoted(&self, string: &'a Placed<String>) -> Quoted<'a> {
        self.checker.quoted(string)
    }

    /// The data in front of each state that is reached.
    fn follow(&mut self, start: &Data, order: &[usize]) -> Vec<Option<Data>> {
        let graph = self.graph;
        let mut data: Vec<Option<Data>> = vec![None; graph.states.len()];
        let mut rank = vec![usize::MAX; graph.states.len()];
        for (position, state) in order.iter().enumerate() {
            rank[*state] = position;
        }
        let mut visits = vec![0_usize; graph.states.len()];
        // Those in front first: so a state is looked at when all that leads to it has been, but for loops.
        let mut waiting: BTreeSet<usize> = BTreeSet::new();
        if let Some(first) = graph.start {
            data[first] = Some(start.clone());
            waiting.insert(rank[first]);
        }
        while let Some(position) = waiting.pop_first() {
            let state = order[position];
            let Some(before) = data[state].clone() else { continue };
            visits[state] += 1;
            for (to, coming) in self.ways(state, &before, visits[state] > PATIENCE) {
                let joined = match &data[to] {
                    Some(known) => known.join(&coming),
                    None => Some(coming),
                };
                if let Some(joined) = joined {
                    data[to] = Some(joined);
                    waiting.insert(rank[to]);
                }
            }
        }
        data
    }

    /// The data along each way out of a state.
    fn ways(&mut self, position: usize, before: &Data, tired: bool) -> Vec<(usize, Data)> {
        let state = self.graph.states[position];
        let decided = match &state.kind {
            StateKind::Choice { rules, .. } => self.rules(rules, before),
            _ => Vec::new(),
        };
        let graph = self.graph;
        let mut done = None;
        graph.ways[position]
            .iter()
            .filter_map(|way| {
                let coming = match way.sort {
                    WaySort::Rule(number) => decided.get(number)?.clone(),
                    WaySort::Default => decided.last()?.clone(),
                    WaySort::Catch(number) => {
                        let catcher = state.kind.catch().get(number)?;
                        self.write(catcher.result_path.as_ref(), before, error_type(), position)
                    }
                    WaySort::Next => done.get_or_insert_with(|| self.after(position, before, tired)).clone(),
                };
                Some((way.to, coming))
            })
            .collect()
    }

    /// The data when a state is done.
    fn after(&mut self, position: usize, before: &Data, tired: bool) -> Data {
        self.here = position;
        let state = self.graph.states[position];
        let value = |kind: Type| if tired { Type::Any } else { kind };
        match &state.kind {
            StateKind::Action { action, parameters, result_path, .. } => {
                // It has no result, and without a place for it nothing changes.
                if action.as_str() == "zis:common:action:PatchConfig" && result_path.is_none() {
                    return before.clone();
                }
                let kind = self.result_of(action, parameters.as_ref(), before);
                self.write(result_path.as_ref(), before, value(kind), position)
            }
            StateKind::Pass { result: Some(result), result_path, .. } => {
                let kind = self.template(result, before);
                self.write(result_path.as_ref(), before, value(kind), position)
            }
            StateKind::Pass { result: None, result_path: Some(path), .. } if path.as_str() != Some("$") => {
                self.write(Some(path), before, Type::Any, position)
            }
            StateKind::Map { result_path, .. } => {
                self.write(result_path.as_ref(), before, Type::Array(Shared::new(Type::Any)), position)
            }
            _ => before.clone(),
        }
    }

    /// The data with a result in its place.
    fn write(&mut self, result_path: Option<&Json>, before: &Data, kind: Type, position: usize) -> Data {
        let Some(result_path) = result_path else { return before.replaced_by(position) };
        match result_path.as_str().map(Path::parse) {
            Some(Ok(path)) => before.with(&path, kind, &mut self.checker.names),
            // A result that is dropped, or a path that has been told of.
            Some(Err(_)) => Data::unknown(),
            None => before.clone(),
        }
    }

    /// The states that write the member `name` of `$`, or a part of it.
    pub(super) fn writers(&mut self, name: &str) -> Vec<usize> {
        let graph = self.graph;
        let all = self.writers.get_or_insert_with(|| {
            let mut all: HashMap<String, Vec<usize>> = HashMap::new();
            for (position, state) in graph.states.iter().enumerate() {
                let own = state.kind.result_path().into_iter();
                let caught = state.kind.catch().iter().filter_map(|catcher| catcher.result_path.as_ref());
                for path in own.chain(caught).filter_map(|json| Path::parse(json.as_str()?).ok()) {
                    if let Some(Step::Member(first)) = path.steps.into_iter().next() {
                        all.entry(first).or_default().push(position);
                    }
                }
            }
            all
        });
        all.get(name).cloned().unwrap_or_default()
    }

    /// Whether some state that leads to the one that is looked at puts its result in the place of all of `$`.
    pub(super) fn replaces_data(&mut self) -> bool {
        self.searches += 1;
        if self.searches > MOST_SEARCHES {
            return true;
        }
        let is_all = |json: Option<&Json>| json.is_none_or(|json| json.as_str() == Some("$"));
        let replaces = |state: &State| {
            let has_result = matches!(
                state.kind,
                StateKind::Action { .. } | StateKind::Map { .. } | StateKind::Pass { result: Some(_), .. }
            );
            (has_result && is_all(state.kind.result_path()))
                || state.kind.catch().iter().any(|catcher| is_all(catcher.result_path.as_ref()))
        };
        let leads = self.graph.leads_to(|state| state == self.here);
        let mut states = self.graph.states.iter().zip(&self.graph.ways);
        states.any(|(state, ways)| replaces(state) && ways.iter().any(|way| leads[way.to]))
    }

    /// Whether a Choice or a catcher decides on the way to the state that is looked at.
    pub(super) fn is_decided(&mut self) -> bool {
        self.searches += 1;
        if self.searches > MOST_SEARCHES {
            return true;
        }
        let leads = self.graph.leads_to(|state| state == self.here);
        let decides = |state: &State| matches!(state.kind, StateKind::Choice { .. }) || !state.kind.catch().is_empty();
        self.graph.states.iter().zip(leads).any(|(state, leads)| leads && decides(state))
    }

    /// Whether a way leads from one of these states to the one that is looked at.
    pub(super) fn some_way_sets(&mut self, writers: &[usize]) -> bool {
        self.searches += 1;
        if writers.is_empty() || self.searches > MOST_SEARCHES {
            return !writers.is_empty();
        }
        let leads = self.graph.leads_to(|state| state == self.here);
        writers.iter().any(|writer| self.graph.ways[*writer].iter().any(|way| leads[way.to]))
    }

    /// Whether the state without a place for its result is replaced by what a catcher caught.
    pub(super) fn replaces_by_catch(&self, state: usize) -> bool {
        match &self.graph.states[state].kind {
            StateKind::Action { result_path, .. } | StateKind::Map { result_path, .. } => result_path.is_some(),
            StateKind::Choice { .. }
            | StateKind::Pass { .. }
            | StateKind::Succeed { .. }
            | StateKind::Fail { .. }
            | StateKind::Wait { .. }
            | StateKind::Unknown(_) => false,
        }
    }
}
