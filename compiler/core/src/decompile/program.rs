//! What the items of a bundle offer to each other: the integration's key, actions with their parameters, configs.

use super::computed::steps;
use super::fuse::program_of;
use super::spelling::{Manner, dotted, is_word, plain_path, quoted};
use crate::built_in::built_in;
use crate::bundle_check::flow::event_of;
use crate::declaration::envelope;
use crate::types::Type;
use crate::{Shared, functions};
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use zisc_bundle::json::{Json, Member, Value};
use zisc_bundle::{Bundle, Condition, HttpAction, Machine, Operand, Path, Reference, StateKind, Step, Target};
use zisc_syntax::is_name;

/// What is known of a bundle as a whole.
pub(super) struct Program {
    pub(super) integration: String,
    /// The custom actions by name.
    pub(super) actions: HashMap<String, Vec<Parameter>>,
    /// The configs by scope.
    pub(super) configs: IndexMap<String, Config>,
    /// What is read of events, by their source and type.
    pub(super) events: HashMap<(String, String), Fields>,
}

/// A parameter of an action.
pub(super) struct Parameter {
    pub(super) name: String,
    /// Its type, where it is known.
    pub(super) kind: Option<&'static str>,
    pub(super) optional: bool,
}

/// A config: the settings that are stored under one scope.
pub(super) struct Config {
    pub(super) name: String,
    pub(super) fields: Fields,
}

/// Fields by name, with the types that their use tells.
#[derive(Default)]
pub(super) struct Fields(BTreeMap<String, &'static str>);

impl Fields {
    fn add(&mut self, name: &str, kind: Option<&'static str>) {
        let known = self.0.entry(name.to_owned()).or_insert(kind.unwrap_or(UNKNOWN));
        match kind {
            Some(kind) if *known == UNKNOWN => *known = kind,
            Some(kind) if *known != kind => *known = "any",
            _ => {}
        }
    }

    /// The fields as they are declared; empty where there are none.
    pub(super) fn written(&self) -> String {
        let fields = self.0.iter().filter(|(name, _)| is_word(name));
        let fields: Vec<String> =
            fields.map(|(name, kind)| format!("{name}: {}", if *kind == UNKNOWN { "any" } else { kind })).collect();
        if fields.is_empty() { String::new() } else { format!(" {{ {} }}", fields.join(", ")) }
    }
}

/// What a call names, and in which order it says its arguments.
pub(super) struct Callee {
    pub(super) name: String,
    pub(super) order: Option<Vec<String>>,
    /// Its only argument is the record of settings.
    pub(super) patch: bool,
}

/// A state that calls an action.
struct Call<'a> {
    /// The type of what it reads from; nothing is known of it in an iteration.
    data: Shared<Type>,
    action: &'a str,
    members: &'a [Member],
    result: Option<&'a str>,
}

impl Program {
    pub(super) fn new(bundle: &Bundle) -> Self {
        let mut calls = Vec::new();
        for flow in bundle.flows() {
            calls_of(&flow.machine, &Shared::new(envelope(event_of(bundle, flow))), &mut calls);
        }
        let integration = integration(bundle, &calls);
        let mut by_action: HashMap<&str, Vec<&Call<'_>>> = HashMap::new();
        for call in &calls {
            if let Some(reference) = Reference::parse(call.action)
                && (reference.integration, reference.kind) == (integration.as_str(), "action")
            {
                by_action.entry(reference.name).or_default().push(call);
            }
        }
        let actions = bundle
            .http_actions()
            .map(|action| {
                let callers = by_action.get(action.name.as_str()).map_or(&[] as &[_], Vec::as_slice);
                (action.name.value.clone(), parameters(action, callers))
            })
            .collect();
        let configs = configs(bundle, &integration, &calls);
        Self { integration, actions, configs, events: events(bundle) }
    }

    /// What is written for an action that is called with these parameters.
    pub(super) fn callee(&self, action: &str, members: &[Member], manner: Manner) -> Callee {
        let full = Callee { name: quoted(action), order: None, patch: false };
        let Some(reference) = Reference::parse(action).filter(|_| manner < Manner::Quoted) else { return full };
        let plain = |member: &Member| member.key.strip_suffix(".$").unwrap_or(&member.key).to_owned();
        let given: Vec<String> = members.iter().map(plain).collect();
        match (reference.integration, reference.kind) {
            ("common", "action") => {
                if let Some((config, patch)) = self.config(reference.name, members) {
                    let verb = if patch { "patch" } else { "load" };
                    return Callee { name: format!("{}.{verb}", config.name), order: Some(Vec::new()), patch };
                }
                let name = format!("zis.{}", reference.name);
                let Some(signature) = built_in(&name) else { return full };
                let known = |name: &String| signature.parameters.iter().any(|parameter| parameter.name == *name);
                let needed = |parameter: &&crate::ParameterSignature| parameter.is_required();
                let complete = signature
                    .parameters
                    .iter()
                    .filter(needed)
                    .all(|parameter| given.iter().any(|name| parameter.name == *name));
                if !complete || !given.iter().all(known) {
                    return full;
                }
                let order = signature.parameters.iter().map(|parameter| parameter.name.to_string()).collect();
                Callee { name, order: Some(order), patch: false }
            }
            (integration, "action") if integration == self.integration => {
                let Some(parameters) = self.actions.get(reference.name) else { return full };
                let known = |name: &String| parameters.iter().any(|parameter| parameter.name == *name);
                if !given.iter().all(known) || functions::function(reference.name).is_some() {
                    return full;
                }
                let order = parameters.iter().map(|parameter| parameter.name.clone()).collect();
                Callee { name: dotted(reference.name), order: Some(order), patch: false }
            }
            _ => full,
        }
    }

    /// The config that a call of a built-in action loads or changes.
    fn config(&self, action: &str, members: &[Member]) -> Option<(&Config, bool)> {
        let (scope, patch) = scope_of(action, members)?;
        Some((self.configs.get(scope)?, patch))
    }
}

/// The scope of a call that loads or changes a config, where it is a literal.
fn scope_of<'a>(action: &str, members: &'a [Member]) -> Option<(&'a str, bool)> {
    let member = |key: &str| members.iter().find(|member| *member.key == key).map(|member| &member.value);
    let scope = member("scope")?.as_str().filter(|scope| !scope.contains("{{$"))?;
    match (action, members.len()) {
        ("LoadConfig", 1) => Some((scope, false)),
        ("PatchConfig", 2) => member("config")?.as_object().map(|_| (scope, true)),
        _ => None,
    }
}

fn calls_of<'a>(machine: &'a Machine, data: &Shared<Type>, calls: &mut Vec<Call<'a>>) {
    for state in machine.states.values() {
        match &state.kind {
            StateKind::Action { action, parameters, result_path, .. } => calls.push(Call {
                data: data.clone(),
                action,
                members: parameters.as_ref().and_then(Json::as_object).unwrap_or_default(),
                result: result_path.as_ref().and_then(Json::as_str),
            }),
            StateKind::Map { iterator, .. } => calls_of(iterator, &Shared::new(Type::Any), calls),
            _ => {}
        }
    }
}

/// The key that most references have; else what the bundle says, else what can be made of its name.
fn integration(bundle: &Bundle, calls: &[Call<'_>]) -> String {
    let flows = bundle.job_specs().map(|job| job.flow_name.as_str());
    let mut counts: IndexMap<&str, usize> = IndexMap::new();
    for reference in flows.chain(calls.iter().map(|call| call.action)).filter_map(Reference::parse) {
        if reference.integration != "common" && matches!(reference.kind, "flow" | "action") {
            *counts.entry(reference.integration).or_default() += 1;
        }
    }
    let best = counts.into_iter().max_by_key(|(name, count)| (*count, std::cmp::Reverse(*name)));
    let said = bundle.extra.iter().find(|member| *member.key == "integration").and_then(|member| member.value.as_str());
    match best.map(|(name, _)| name).or(said) {
        Some(name) => name.to_owned(),
        None => {
            let fits = |c: char| if c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' { c } else { '_' };
            let name: String = bundle.name.to_lowercase().chars().map(fits).take(64).collect();
            if name.is_empty() { "integration".to_owned() } else { name }
        }
    }
}

/// The parameters of an action: what its definition reads, then what calls give besides.
fn parameters(action: &HttpAction, callers: &[&Call<'_>]) -> Vec<Parameter> {
    let mut names: Vec<String> = Vec::new();
    let add = |path: &Path, names: &mut Vec<String>| {
        if let Some(Step::Member(name)) = path.steps.first()
            && is_name(name)
            && !names.contains(name)
        {
            names.push(name.clone());
        }
    };
    let mut members: Vec<&Member> = Vec::new();
    match &action.target {
        Target::Url(member) | Target::Path(member) => members.push(member),
        Target::Missing => {}
    }
    members.extend(action.headers.iter().chain(&action.query).map(|header| &header.value));
    members.extend(&action.body);
    for member in members {
        member.reads(&mut |path| add(path, &mut names));
    }
    let given = callers.iter().flat_map(|call| call.members).map(plain_key).filter(|name| is_name(name));
    let given: BTreeSet<&str> = given.collect();
    for name in given {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
        .into_iter()
        .map(|name| {
            let given: Vec<_> = callers
                .iter()
                .map(|call| (call.members.iter().find(|member| plain_key(member) == name), &call.data))
                .collect();
            let optional = given.iter().any(|(member, _)| member.is_none());
            let kinds: Vec<Option<&'static str>> =
                given.into_iter().filter_map(|(member, data)| Some(kind_of(member?, data))).collect();
            let kind = kinds.first().copied().flatten().filter(|kind| kinds.iter().all(|other| *other == Some(kind)));
            Parameter { name, kind, optional }
        })
        .collect()
}

fn plain_key(member: &Member) -> &str {
    member.key.strip_suffix(".$").unwrap_or(&member.key)
}

/// The type of what a call gives, where that is plain to see.
fn kind_of(member: &Member, data: &Type) -> Option<&'static str> {
    match &member.value.value {
        Value::String(text) if member.key.ends_with(".$") => match plain_path(text) {
            Some(path) => kind_at(&path, data),
            None => Some("string"),
        },
        Value::String(_) => Some("string"),
        Value::Number(text) if text.contains(['.', 'e', 'E']) => Some("number"),
        Value::Number(_) => Some("int"),
        Value::Bool(_) => Some("bool"),
        _ => None,
    }
}

/// The type at a path, where something simple certainly is there.
fn kind_at(path: &Path, data: &Type) -> Option<&'static str> {
    let mut kind = data.clone();
    for step in &path.steps {
        let Step::Member(name) = step else { return None };
        kind = kind.field(name).filter(|read| !read.optional)?.kind;
    }
    match kind {
        Type::Bool => Some("bool"),
        Type::Int => Some("int"),
        Type::Number => Some("number"),
        Type::String | Type::Literal(_) => Some("string"),
        Type::Timestamp => Some("timestamp"),
        Type::Union(kinds) if kinds.iter().all(|kind| matches!(kind, Type::Literal(_))) => Some("string"),
        Type::Any | Type::Null | Type::Array(_) | Type::Map(_) | Type::Record(_) | Type::Union(_) => None,
    }
}

/// The configs that calls load and change, with the settings that are read and written.
fn configs(bundle: &Bundle, integration: &str, calls: &[Call<'_>]) -> IndexMap<String, Config> {
    let mut configs: IndexMap<String, Config> = IndexMap::new();
    let mut calls: Vec<&Call<'_>> = calls.iter().collect();
    calls.sort_by_key(|call| Reference::parse(call.action).and_then(|its| Some(scope_of(its.name, call.members)?.0)));
    for call in calls {
        let Some(reference) = Reference::parse(call.action).filter(|reference| reference.integration == "common")
        else {
            continue;
        };
        let Some((scope, patch)) = scope_of(reference.name, call.members) else { continue };
        if !configs.contains_key(scope) {
            let name = config_name(scope, integration, &configs);
            configs.insert(scope.to_owned(), Config { name, fields: Fields::default() });
        }
        let Some(config) = configs.get_mut(scope) else { continue };
        if patch {
            let settings = call.members.iter().find(|member| *member.key == "config");
            let settings = settings.and_then(|member| member.value.as_object()).unwrap_or_default();
            settings.iter().for_each(|member| config.fields.add(plain_key(member), None));
        } else if let Some(root) = call.result.and_then(plain_path).filter(|root| !root.is_root()) {
            for (path, kind) in read(bundle) {
                if let (true, Some(Step::Member(name))) =
                    (path.steps.starts_with(&root.steps), path.steps.get(root.steps.len()))
                {
                    config.fields.add(name, kind.filter(|_| path.steps.len() == root.steps.len() + 1));
                }
            }
        }
    }
    configs
}

/// What flows read of the events that start them, by source and type of these.
fn events(bundle: &Bundle) -> HashMap<(String, String), Fields> {
    let mut events: HashMap<(String, String), Fields> = HashMap::new();
    for job in bundle.job_specs() {
        let flow = Reference::parse(&job.flow_name).and_then(|flow| bundle.flow(flow.name));
        let fields = events.entry((job.event_source.value.clone(), job.event_type.value.clone())).or_default();
        let mut paths = Vec::new();
        if let Some(flow) = flow {
            read_in(&flow.machine, &mut paths, false);
            read_by_programs(&flow.machine, &mut paths);
        }
        for (path, kind) in paths {
            if let [Step::Member(input), Step::Member(name), rest @ ..] = path.steps.as_slice()
                && input == "input"
            {
                fields.add(name, kind.filter(|_| rest.is_empty()));
            }
        }
    }
    events
}

/// The type of a setting about which nothing is known yet.
const UNKNOWN: &str = "";

/// Every path that flows read: in templates, and in conditions, which tell its type.
fn read(bundle: &Bundle) -> Vec<(Path, Option<&'static str>)> {
    let mut paths = Vec::new();
    bundle.flows().for_each(|flow| {
        read_in(&flow.machine, &mut paths, true);
        read_by_programs(&flow.machine, &mut paths);
    });
    paths
}

/// Every path that the states of a machine read, those in iterations too where these are `deep`.
pub(super) fn read_in(machine: &Machine, paths: &mut Vec<(Path, Option<&'static str>)>, deep: bool) {
    for state in machine.states.values() {
        match &state.kind {
            StateKind::Choice { rules, .. } => rules.iter().for_each(|rule| read_by(&rule.condition, paths)),
            StateKind::Map { iterator, .. } if deep => read_in(iterator, paths, deep),
            kind => kind.reads(&mut |path| paths.push((path.clone(), None))),
        }
    }
}

/// What jq texts read of their data, as far as that is plain to see: what stands before a pipe, and what begins at `$`.
fn read_by_programs(machine: &Machine, paths: &mut Vec<(Path, Option<&'static str>)>) {
    for state in machine.states.values() {
        let Some((program, data)) = program_of(state) else { continue };
        let begins = program.find('|').unwrap_or(program.len());
        let mut in_text = false;
        let mut before = ' ';
        for (at, c) in program.char_indices() {
            in_text ^= c == '"' && before != '\\';
            let is_first = !before.is_alphanumeric() && !matches!(before, '_' | ']' | ')' | '.' | '?');
            if c == '.' && is_first && !in_text && (at < begins || data.is_root()) {
                let (steps, _) = steps(program, at);
                if !steps.is_empty() {
                    paths.push((Path { steps: data.steps.iter().cloned().chain(steps).collect() }, None));
                }
            }
            before = c;
        }
    }
}

fn read_by(condition: &Condition, paths: &mut Vec<(Path, Option<&'static str>)>) {
    match condition {
        Condition::Compare { variable, operator, operand } => {
            let kind = match operator.operand {
                Operand::String => Some("string"),
                Operand::Number => Some("number"),
                Operand::Boolean => Some("bool"),
                Operand::Timestamp | Operand::Presence | Operand::Null => None,
            };
            let by_path = operand.as_str().filter(|_| operator.by_path);
            paths.extend(
                [Some(variable.as_str()), by_path]
                    .into_iter()
                    .flatten()
                    .filter_map(plain_path)
                    .map(|path| (path, kind)),
            );
        }
        Condition::And(parts) | Condition::Or(parts) => parts.iter().for_each(|part| read_by(part, paths)),
        Condition::Not(inner) => read_by(inner, paths),
        Condition::Unknown(_) => {}
    }
}

/// A name for the settings under a scope: what the scope says beside the integration's key.
fn config_name(scope: &str, integration: &str, taken: &IndexMap<String, Config>) -> String {
    let rest = scope.strip_prefix(integration).unwrap_or(scope);
    let words = without_placeholders(rest).to_lowercase();
    let words = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("_");
    let name = if is_name(&name) { name } else { "settings".to_owned() };
    crate::flow::names::numbered(&name, |name| taken.values().all(|config| config.name != name))
}

/// A text without what the scripts of a deployment put into it: `{{NAME}}`.
fn without_placeholders(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once("{{") {
        out.push_str(before);
        out.push('_');
        rest = behind.split_once("}}").map_or("", |(_, rest)| rest);
    }
    out + rest
}
