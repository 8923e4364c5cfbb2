//! Bundles as source: the nicest text that builds back to the same bundle.
//!
//! What is written is built at once, in memory. Where a state comes out otherwise, its statement is written plainer,
//! down to the state as it stands; where that does not help, so is the resource. So the text always builds to the
//! bundle that it was made from.
//!
//! | file | question |
//! |---|---|
//! | `graph.rs`, `structure.rs` | which blocks, loops and jumps is the graph? |
//! | `computed.rs`, `fuse.rs` | which expressions has the compiler made a jq state of? |
//! | `condition.rs` | which condition is a rule? |
//! | `alias.rs` | which paths get a name? |
//! | `spelling.rs` | how is a value, a path, a text written? |
//! | `statement.rs`, `item.rs` | how is a state written, and a resource? |
//! | `program.rs` | what is the integration called, which parameters do actions take, which configs are there? |
//! | `labels.rs` | which states need no label? |
//! | `level.rs`, `judge.rs` | how plain has a state to be written, and what does the compiler make of it? |
//! | `allow.rs` | what is wrong with the bundle itself? |
//! | `rewrite.rs` | how would a part of a source be written here? |

mod alias;
mod allow;
mod computed;
mod condition;
mod fuse;
mod graph;
mod item;
mod judge;
mod labels;
mod level;
mod pipeline;
mod program;
mod rewrite;
mod spelling;
mod statement;
mod structure;

pub use rewrite::{jq_as_expression, with_fewer_gotos};

use level::{Levels, StateId, id};
use program::Program;
use statement::{Gotos, Labels, Writer};
use std::collections::{HashMap, HashSet};
use zisc_bundle::json::{self, Comments, Json};
use zisc_bundle::{Bundle, Flow, Machine, Problem, Resource, ResourceKind, StateKind};

/// A bundle as source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decompiled {
    /// The text, formatted.
    pub text: String,
    /// How it came out.
    pub figures: Figures,
}

/// How much of a bundle could be said, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// The states of all flows.
    pub states: usize,
    /// Those that are kept as they are, alone or with their resource.
    pub raw_states: usize,
    /// The ways from state to state, and to the end.
    pub transitions: usize,
    /// Those that are a `goto`.
    pub gotos: usize,
    /// Those of them that no run takes: nothing leads to where they start.
    pub dead_gotos: usize,
    /// The resources that are kept as they are.
    pub raw_resources: usize,
}

/// The source of a bundle, or why its text is none.
pub fn decompile(text: &str) -> Result<Decompiled, Vec<Problem>> {
    let (json, errors) = json::read_with(text, Comments::Skipped);
    if !errors.is_empty() {
        return Err(errors.into_iter().map(Problem::from).collect());
    }
    let (bundle, problems) = Bundle::from_json(&json);
    if json.get("resources").and_then(Json::as_object).is_none() {
        return Err(problems);
    }
    let mut states = HashMap::new();
    for resource in bundle.resources.values() {
        if let ResourceKind::Flow(flow) = &resource.kind
            && let Some(definition) = definition(resource, &json)
        {
            states_of(&flow.machine, definition, &mut states);
        }
    }
    let mut decompiler = Decompiler {
        states,
        program: Program::new(&bundle),
        bundle: &bundle,
        json: &json,
        levels: Levels::default(),
        raw: HashSet::new(),
    };
    Ok(decompiler.run())
}

/// The JSON of a resource.
fn original<'j>(resource: &Resource, bundle: &'j Json) -> Option<&'j Json> {
    bundle.get("resources")?.get(&resource.key)
}

/// The JSON of a flow's machine.
fn definition<'j>(resource: &Resource, bundle: &'j Json) -> Option<&'j Json> {
    original(resource, bundle)?.get("properties")?.get("definition")
}

fn states_of<'j>(machine: &Machine, json: &'j Json, states: &mut HashMap<StateId, &'j Json>) {
    let members = judge::members(json.get("States"));
    for state in machine.states.values() {
        let Some(json) = members.get(state.name.as_str()).copied() else { continue };
        states.insert(id(state), json);
        if let (StateKind::Map { iterator, .. }, Some(inner)) = (&state.kind, json.get("Iterator")) {
            states_of(iterator, inner, states);
        }
    }
}

struct Decompiler<'a> {
    program: Program,
    bundle: &'a Bundle,
    json: &'a Json,
    /// The JSON of each state.
    states: HashMap<StateId, &'a Json>,
    levels: Levels,
    /// The resources that are kept as they are.
    raw: HashSet<String>,
}

impl Decompiler<'_> {
    fn run(&mut self) -> Decompiled {
        loop {
            let (text, gotos) = self.write();
            let built = judge::build(&text);
            if self.plainer(&built) {
                continue;
            }
            let (text, built) = certain(text, built);
            let text = allow::accepted(&text, &built.findings);
            let text = crate::format(&text).unwrap_or(text);
            return Decompiled { figures: self.figures(gotos), text };
        }
    }

    /// Has what came out otherwise written plainer; whether there is any.
    fn plainer(&mut self, built: &judge::Built) -> bool {
        let mut changed = false;
        for resource in self.bundle.resources.values() {
            let Some(original) = original(resource, self.json) else { continue };
            let after = built.resource(&resource.key);
            if after.is_some_and(|after| original.same(after)) || self.raw.contains(resource.key.as_str()) {
                continue;
            }
            let mut found = Vec::new();
            if let ResourceKind::Flow(flow) = &resource.kind
                && let Some(before) = definition(resource, self.json)
            {
                let after = after.and_then(|after| after.get("properties")?.get("definition"));
                judge::differing(&flow.machine, &self.levels, before, after, &mut found);
            }
            let mut raised = false;
            for different in found {
                raised |= self.levels.raise(&different);
            }
            if !raised {
                self.raw.insert(resource.key.value.clone());
            }
            changed = true;
        }
        changed
    }

    /// The whole source, and which ways in it are a `goto`.
    fn write(&self) -> (String, Gotos) {
        let events = item::events(self.bundle, &self.program);
        let mut out = item::head(self.bundle, &self.program);
        let mut gotos = Gotos::default();
        for part in
            [item::connections(self.bundle), item::configs(&self.program), item::event_items(&events, &self.program)]
        {
            if !part.is_empty() {
                out.push('\n');
                out.push_str(&part);
            }
        }
        let of_sort = |sort: u8| {
            self.bundle.resources.values().filter(move |resource| {
                sort == match &resource.kind {
                    ResourceKind::HttpAction(_) => 0,
                    ResourceKind::JobSpec(_) => 1,
                    ResourceKind::Flow(_) => 2,
                    ResourceKind::Unknown(_) => 3,
                }
            })
        };
        // The platform takes a name once; what has the name of another is kept as it is.
        let mut names: HashSet<(&str, &str)> = HashSet::new();
        for resource in (0..4).flat_map(of_sort) {
            out.push('\n');
            let is_first = sort_and_name(resource).is_none_or(|name| names.insert(name));
            match self.resource(resource, &events, &mut gotos).filter(|_| is_first) {
                Some(text) => out.push_str(&text),
                None => {
                    let json = original(resource, self.json).cloned().unwrap_or_default();
                    out.push_str(&item::raw(resource, &json));
                }
            }
        }
        (out, gotos)
    }

    /// A resource; nothing where it is kept as it is.
    fn resource(
        &self,
        resource: &Resource,
        events: &indexmap::IndexMap<(String, String), String>,
        gotos: &mut Gotos,
    ) -> Option<String> {
        if self.raw.contains(resource.key.as_str()) {
            return None;
        }
        let (name, written) = match &resource.kind {
            ResourceKind::HttpAction(action) => (&action.name, item::action(action, &self.program)?),
            ResourceKind::JobSpec(job) => (&job.name, item::job(job, self.bundle, &self.program, events)?),
            ResourceKind::Flow(flow) => {
                let (text, definition) = (self.flow(flow, gotos), flow.machine.extra.clone());
                (&flow.name, item::Written { text, properties: flow.extra.clone(), definition })
            }
            ResourceKind::Unknown(_) => return None,
        };
        Some(format!("{}{}\n", item::attributes(resource, name), written.with_extra(resource)))
    }

    fn flow(&self, flow: &Flow, gotos: &mut Gotos) -> String {
        let numbered = self.labelled(flow, Labels::Numbers);
        let mut names = HashMap::new();
        names_of(&flow.machine, &mut names);
        let derived = labels::derived(&numbered.out, &names, &numbered.named);
        let written = self.labelled(flow, Labels::Names(&derived));
        gotos.all += written.gotos.all;
        gotos.dead += written.gotos.dead;
        written.out
    }

    fn labelled<'l>(&'l self, flow: &Flow, labels: Labels<'l>) -> Writer<'l> {
        let event = event_name(&flow.machine);
        let mut writer = Writer {
            program: &self.program,
            levels: &self.levels,
            states: &self.states,
            labels,
            out: format!("flow {}({event}) {{\n", spelling::dotted(&flow.name)),
            named: HashSet::new(),
            gotos: Gotos::default(),
            end_label: None,
        };
        writer.machine(&flow.machine, Some(event), &[], "Done");
        writer.out.push('}');
        writer
    }

    fn figures(&self, gotos: Gotos) -> Figures {
        let mut figures =
            Figures { gotos: gotos.all, dead_gotos: gotos.dead, raw_resources: self.raw.len(), ..Figures::default() };
        for resource in self.bundle.resources.values() {
            if let ResourceKind::Flow(flow) = &resource.kind {
                self.count(&flow.machine, self.raw.contains(resource.key.as_str()), &mut figures);
            }
        }
        figures
    }

    fn count(&self, machine: &Machine, is_raw: bool, figures: &mut Figures) {
        for state in machine.states.values() {
            figures.states += 1;
            figures.raw_states += usize::from(is_raw || self.levels.of(state) == level::Level::Raw);
            figures.transitions +=
                state.kind.targets().len() + usize::from(state.kind.then() == Some(&zisc_bundle::Transition::End));
            if let StateKind::Map { iterator, .. } = &state.kind {
                self.count(iterator, is_raw, figures);
            }
        }
    }
}

fn sort_and_name(resource: &Resource) -> Option<(&'static str, &str)> {
    Some(match &resource.kind {
        ResourceKind::HttpAction(action) => ("action", &action.name),
        ResourceKind::JobSpec(job) => ("job", &job.name),
        ResourceKind::Flow(flow) => ("flow", &flow.name),
        ResourceKind::Unknown(_) => return None,
    })
}

/// The source with a `!` behind each path that may be missing, as far as it is built to the same: the author of the
/// bundle was certain.
fn certain(mut text: String, mut built: judge::Built) -> (String, judge::Built) {
    loop {
        let certain = allow::certain(&text, &built.findings);
        if certain == text {
            return (text, built);
        }
        let again = judge::build(&certain);
        if !again.json.same(&built.json) || crate::format(&certain).is_err() {
            return (text, built);
        }
        (text, built) = (certain, again);
    }
}

/// A name for the event that is no member of the flow's data.
fn event_name(machine: &Machine) -> String {
    let members = statement::members_set(machine);
    flow_names(&["event", "trigger", "payload"], |name| !members.contains(name))
}

fn flow_names(wanted: &[&str], is_free: impl Fn(&str) -> bool + Copy) -> String {
    match wanted.iter().find(|name| is_free(name)) {
        Some(name) => (*name).to_owned(),
        None => crate::flow::names::numbered("event", is_free),
    }
}

fn names_of(machine: &Machine, names: &mut HashMap<StateId, String>) {
    for state in machine.states.values() {
        names.insert(id(state), state.name.value.clone());
        if let StateKind::Map { iterator, .. } = &state.kind {
            names_of(iterator, names);
        }
    }
}
