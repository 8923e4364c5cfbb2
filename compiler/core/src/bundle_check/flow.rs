//! A flow, state by state: what each sees, whether it is reached, and what is wrong with it.

use super::Checker;
use super::data::Data;
use super::graph::{Graph, WaySort};
use super::place::Quoted;
use super::read::bad_path;
use crate::finding::Finding;
use crate::flow::data::error_type;
use crate::platform::{LONGEST_RUN, MOST_ITEMS};
use crate::types::{FieldType, RecordType, Type};
use crate::{Shared, Text, catalogue, rules};
use std::collections::{BTreeSet, HashMap, HashSet};
use zisc_bundle::json::Json;
use zisc_bundle::{Catcher, Delay, Flow, Machine, Path, Placed, Reference, State, StateKind, Step};

/// After so many visits of one state, what it writes is taken to be `any`: a type that grows with each round of a loop
/// would never settle.
const PATIENCE: usize = 12;
/// After so many searches for ways in one flow, a way is taken to exist.
const MOST_SEARCHES: usize = 200;

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
    here: usize,
    /// Which states write which member of `$`; made when it is first asked for.
    writers: Option<HashMap<String, Vec<usize>>>,
    /// How often ways have been sought.
    searches: usize,
}

impl<'a> Checker<'a> {
    pub(super) fn flow(&mut self, flow: &'a Flow) {
        let Type::Record(envelope) = Type::from(catalogue::envelope()) else { return };
        let mut envelope = RecordType { name: None, closed: true, ..(*envelope).clone() };
        let input = self.event_of(flow);
        for field in envelope.fields.iter_mut().filter(|field| field.name == "input") {
            field.kind = input.clone();
        }
        // What older guides read the access tokens of connections from.
        envelope.fields.push(FieldType {
            name: Text::new_static("connections"),
            kind: Type::Any,
            optional: false,
            summary: Text::default(),
        });
        let data = Data::of(&Type::Record(Shared::new(envelope)), &mut self.names);
        self.machine(&flow.machine, &data, false);
    }

    /// What the jobs of a flow bring as its input.
    fn event_of(&self, flow: &Flow) -> Type {
        let payloads: Vec<Type> = self
            .bundle
            .job_specs()
            .filter(|job| {
                Reference::parse(&job.flow_name).is_some_and(|reference| reference.name == flow.name.as_str())
            })
            .map(|job| {
                catalogue::event(&job.event_source, &job.event_type)
                    .map_or(Type::Any, |event| Type::from(event.payload))
            })
            .collect();
        if payloads.is_empty() { Type::Any } else { Type::union(payloads) }
    }

    fn machine(&mut self, machine: &'a Machine, start: &Data, in_map: bool) {
        let graph = Graph::new(machine, &mut self.guesses);
        let mut walk = Walk {
            checker: self,
            graph: &graph,
            in_map,
            silent: true,
            told: HashSet::new(),
            is_unreached: false,
            here: 0,
            writers: None,
            searches: 0,
        };
        let order = graph.order();
        let data = walk.follow(start, &order);
        walk.silent = false;
        walk.unreachable(&data);
        walk.endless(&order);
        walk.long_waits(&order);
        // In the order of the ways, so that what is told once is told where it is met first.
        let rest = (0..graph.states.len()).filter(|state| data[*state].is_none());
        for state in order.iter().copied().chain(rest) {
            walk.is_unreached = data[state].is_none();
            let before = data[state].clone().unwrap_or_else(Data::unknown);
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
        let mut rules = match &state.kind {
            StateKind::Choice { rules, .. } => self.rules(rules, before).into_iter(),
            _ => Vec::new().into_iter(),
        };
        let graph = self.graph;
        let mut done = None;
        graph.ways[position]
            .iter()
            .filter_map(|way| {
                let coming = match way.sort {
                    WaySort::Rule(_) | WaySort::Default => rules.next()?,
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
            StateKind::Pass { result: None, result_path: Some(_), .. } => {
                let StateKind::Pass { result_path, .. } = &state.kind else { return before.clone() };
                let is_root = result_path.as_ref().and_then(Json::as_str) == Some("$");
                if is_root { before.clone() } else { self.write(result_path.as_ref(), before, Type::Any, position) }
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

    /// Looks at one state with the data in front of it.
    fn state(&mut self, position: usize, data: &Data) {
        let state = self.graph.states[position];
        self.here = position;
        self.catchers(state);
        match &state.kind {
            StateKind::Action { action, parameters, result_path, .. } => {
                self.call(action, parameters.as_ref(), data);
                self.result_path(result_path.as_ref());
            }
            StateKind::Choice { rules, default } => {
                self.rules(rules, data);
                self.without_default(state, rules, default.as_ref());
            }
            StateKind::Map { items_path, result_path, .. } => {
                self.items(items_path, data);
                self.result_path(result_path.as_ref());
            }
            StateKind::Pass { result, result_path, .. } => {
                if let Some(result) = result {
                    self.template(result, data);
                }
                self.result_path(result_path.as_ref());
            }
            StateKind::Succeed { message } => {
                if let Some(message) = message {
                    self.message(message, data);
                }
            }
            StateKind::Fail { error, cause } => {
                self.message(error, data);
                self.message(cause, data);
            }
            StateKind::Wait { delay: Delay::Seconds(seconds), .. } => self.seconds(seconds),
            StateKind::Wait { delay: Delay::SecondsPath(path), .. } => {
                let Some((_, kind)) = self.path(self.quoted(path), data) else { return };
                if !kind.overlaps(&Type::Number) {
                    self.note(
                        rules::WRONG_TYPE
                            .at(
                                self.quoted(path).inside(),
                                format!("a number of seconds is wanted, and `{}` is none", path.value),
                            )
                            .label(format!("of type {kind}")),
                    );
                }
            }
            StateKind::Unknown(_) => {}
        }
    }

    /// The list that a Map goes through.
    fn items(&mut self, items_path: &'a Placed<String>, data: &Data) -> Type {
        if items_path.is_empty() {
            return Type::Any;
        }
        let quoted = self.quoted(items_path);
        let Some((path, kind)) = self.path(quoted, data) else { return Type::Any };
        let wrong = |headline: String, kind: &Type| {
            rules::WRONG_TYPE.at(quoted.inside(), headline).label(format!("of type {kind}"))
        };
        match kind.item() {
            None if kind != Type::Any => {
                self.note(wrong(format!("a Map goes through a list, and `{path}` is none"), &kind));
            }
            Some(item) if item != Type::Any => {
                let object = Type::Map(Shared::new(Type::Any));
                if !item.alternatives().iter().any(|kind| kind.fits(&object)) {
                    let finding = wrong("the platform goes through lists of objects only".to_owned(), &kind);
                    self.note(finding.help("wrap each item into an object before, with jq: `map({ item: . })`"));
                }
            }
            _ => {}
        }
        let length = self.literal_length(&path);
        if length > MOST_ITEMS {
            self.note(
                rules::TOO_MANY_ITEMS
                    .at(
                        quoted.inside(),
                        format!("a Map takes {MOST_ITEMS} items at the most, and `{path}` has {length}"),
                    )
                    .label("the platform ends the flow here")
                    .help("split the list, or leave some out before"),
            );
        }
        kind
    }

    /// How long the list is that a Pass writes to `path` as it stands; 0 where none does.
    fn literal_length(&self, path: &Path) -> usize {
        let written = path.to_string();
        let length = |state: &&State| match &state.kind {
            StateKind::Pass { result: Some(result), result_path: Some(place), .. }
                if place.as_str() == Some(written.as_str()) =>
            {
                result.as_array().map(<[Json]>::len)
            }
            _ => None,
        };
        if self.silent { 0 } else { self.graph.states.iter().filter_map(length).max().unwrap_or_default() }
    }

    fn seconds(&mut self, seconds: &Json) {
        let Some(number) = seconds.as_f64().filter(|number| *number > LONGEST_RUN) else { return };
        self.note(
            rules::LONG_WAIT
                .at(seconds.span, format!("a flow may run for {LONGEST_RUN} seconds, and this waits longer"))
                .label(format!("{number} seconds: the platform ends the flow before"))
                .help("wait for a shorter time"),
        );
    }

    fn result_path(&mut self, json: Option<&'a Json>) {
        let Some((json, text)) = json.and_then(|json| Some((json, json.as_str()?))) else { return };
        let quoted = Quoted { file: self.checker.text, value: text, span: json.span };
        match Path::parse(text) {
            Err(error) => self.note(bad_path(quoted, 0, &error)),
            Ok(path) => {
                if let Some(step) = path.steps.iter().position(|step| matches!(step, Step::Index(_))) {
                    self.note(
                        rules::PATH_FORM
                            .at(quoted.step(0, &path, step), "a result cannot be put into a list")
                            .label("an index")
                            .help("put it into a member of its own, and the list together with jq"),
                    );
                }
            }
        }
    }

    fn catchers(&mut self, state: &'a State) {
        for catcher in state.kind.catch() {
            self.result_path(catcher.result_path.as_ref());
            self.error_equals(catcher);
        }
    }

    fn error_equals(&mut self, catcher: &Catcher) {
        let equals = &catcher.error_equals;
        let names: Option<Vec<&str>> = equals.as_array().map(|items| items.iter().filter_map(Json::as_str).collect());
        if names.as_deref() == Some(&["States.ALL"]) || equals.span.is_empty() {
            return;
        }
        self.note(
            rules::ERROR_EQUALS
                .at(equals.span, "a catcher can only catch all errors")
                .label("not [\"States.ALL\"]")
                .help("to tell errors apart, catch them all and ask for the text in `Cause` in a Choice")
                .fix("catch all errors", equals.span, "[\"States.ALL\"]"),
        );
    }

    fn unreachable(&mut self, data: &[Option<Data>]) {
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
    fn endless(&mut self, order: &[usize]) {
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
    fn long_waits(&mut self, order: &[usize]) {
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
