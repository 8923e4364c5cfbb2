//! Items as text: the integration, connections, configs, events, actions, jobs.

use super::program::{Parameter, Program};
use super::spelling::{Manner, Names, Setting, constant, dotted, key, plain_path, quoted};
use super::statement::{in_order, is_documentation};
use crate::catalogue;
use indexmap::IndexMap;
use zisc_bundle::json::{Json, Member, Value};
use zisc_bundle::{Bundle, Header, HttpAction, JobSpec, Reference, Resource, Span, TEMPLATE_VERSION, Target};

/// What the registry adds to a bundle that it hands out. It is never uploaded.
const OF_THE_REGISTRY: &[&str] = &["uuid", "integration", "zendesk_account_id", "created_at", "updated_at"];

/// `extra { … }`
pub(super) fn extra(members: &[Member]) -> String {
    let members = Json::new(Value::Object(members.to_vec()), Span::default());
    format!("extra {}", constant(&members))
}

/// An item, and what of its resource it does not say.
#[derive(Default)]
pub(super) struct Written {
    pub(super) text: String,
    pub(super) properties: Vec<Member>,
    pub(super) definition: Vec<Member>,
}

impl Written {
    /// The item with an `extra` behind it for all that it does not say.
    pub(super) fn with_extra(self, resource: &Resource) -> String {
        let object = |members| Json::new(Value::Object(members), Span::default());
        let mut properties = self.properties;
        if !self.definition.is_empty() {
            properties.push(Member::new("definition", object(self.definition)));
        }
        let mut members = resource.extra.clone();
        if !properties.is_empty() {
            members.push(Member::new("properties", object(properties)));
        }
        match members.is_empty() {
            true => self.text,
            false => format!("{} {}", self.text, extra(&members)),
        }
    }
}

/// `raw "key" { … }`
pub(super) fn raw(resource: &Resource, original: &Json) -> String {
    format!("raw {} {}\n", quoted(&resource.key), in_order(resource.to_json(), original))
}

/// The first lines: the integration and what belongs to the whole bundle.
pub(super) fn head(bundle: &Bundle, program: &Program) -> String {
    let mut out = String::new();
    let mut more: Vec<Member> = Vec::new();
    if let Some(description) = &bundle.description {
        if is_documentation(description) {
            documentation(description, &mut out);
        } else {
            more.push(Member::new("description", Json::string(description.value.clone(), description.span)));
        }
    }
    let key = &program.integration;
    let is_plain = !key.is_empty()
        && key.split('-').all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
    out.push_str(&format!("integration {}\n", if is_plain { key.clone() } else { quoted(key) }));
    if *bundle.name != *key {
        out.push_str(&format!("\nbundle {}\n", quoted(&bundle.name)));
    }
    if *bundle.template_version != TEMPLATE_VERSION {
        more.push(Member::new(
            "zis_template_version",
            Json::string(bundle.template_version.value.clone(), Span::default()),
        ));
    }
    more.extend(bundle.extra.iter().filter(|member| !is_of_the_registry(member)).cloned());
    if !more.is_empty() {
        out.push_str(&format!("\n{}\n", extra(&more)));
    }
    out
}

/// Whether the registry adds this member of a bundle.
pub(super) fn is_of_the_registry(member: &Member) -> bool {
    OF_THE_REGISTRY.contains(&member.key.as_str())
}

fn documentation(text: &str, out: &mut String) {
    for line in text.split('\n') {
        out.push_str(if line.is_empty() { "///" } else { "/// " });
        out.push_str(line);
        out.push('\n');
    }
}

/// The connections that actions use.
pub(super) fn connections(bundle: &Bundle) -> String {
    let mut names: Vec<&str> = Vec::new();
    for connection in bundle.http_actions().filter_map(|action| action.connection.as_ref()) {
        if !names.contains(&connection.as_str()) {
            names.push(connection);
        }
    }
    names.iter().map(|name| format!("connection {}\n", dotted(name))).collect()
}

/// The configs that flows load and change.
pub(super) fn configs(program: &Program) -> String {
    let mut out = String::new();
    for (scope, config) in &program.configs {
        let fields = config.fields.written();
        out.push_str(&format!("config {}({}){fields}\n", config.name, quoted(scope)));
    }
    out
}

/// The events that jobs answer to and the catalogue does not have, by source and type, with a name each.
pub(super) fn events(bundle: &Bundle, program: &Program) -> IndexMap<(String, String), String> {
    let mut events: IndexMap<(String, String), String> = IndexMap::new();
    for job in bundle.job_specs() {
        let known = catalogue::event(&job.event_source, &job.event_type).is_some();
        let pair = (job.event_source.value.clone(), job.event_type.value.clone());
        if known || events.contains_key(&pair) || flow_of(job, bundle, program).is_none() {
            continue;
        }
        let mut name: String = String::new();
        for c in pair.1.chars() {
            name.push(if c.is_alphanumeric() { c } else { '_' });
        }
        let name = name.trim_matches('_').to_owned();
        let name = if zisc_syntax::is_name(&name) { name } else { format!("event_{name}") };
        let name = if zisc_syntax::is_name(&name) { name } else { "event".to_owned() };
        let name = crate::flow::names::numbered(&name, |name| events.values().all(|known| known != name));
        events.insert(pair, name);
    }
    events
}

/// The declarations of these events.
pub(super) fn event_items(events: &IndexMap<(String, String), String>, program: &Program) -> String {
    let mut out = String::new();
    for (pair, name) in events {
        let fields = program.events.get(pair).map_or_else(String::new, super::program::Fields::written);
        out.push_str(&format!("event {name}({}, {}){fields}\n", quoted(&pair.0), quoted(&pair.1)));
    }
    out
}

/// The lines above an item: its key, and what it accepts.
pub(super) fn attributes(resource: &Resource, name: &str) -> String {
    match resource.key.as_str() == name {
        true => String::new(),
        false => format!("@key({})\n", quoted(&resource.key)),
    }
}

/// A job; nothing where its flow is none of this bundle.
pub(super) fn job(
    job: &JobSpec,
    bundle: &Bundle,
    program: &Program,
    events: &IndexMap<(String, String), String>,
) -> Option<Written> {
    let flow = flow_of(job, bundle, program)?;
    let pair = (job.event_source.value.clone(), job.event_type.value.clone());
    let event = match events.get(&pair) {
        Some(name) => name.clone(),
        None => catalogue::event(&job.event_source, &job.event_type)?.name.to_owned(),
    };
    let text = format!("job {}: {} -> {}", dotted(&job.name), dotted(&event), dotted(flow.name));
    let mut properties = job.extra.clone();
    if flow.integration != program.integration {
        properties.push(Member::new("flow_name", Json::string(job.flow_name.value.clone(), Span::default())));
    }
    Some(Written { text, properties, definition: Vec::new() })
}

/// The flow that a job starts, where the language can say so: it is one of this integration, or of this bundle.
fn flow_of<'a>(job: &'a JobSpec, bundle: &Bundle, program: &Program) -> Option<Reference<'a>> {
    let flow = Reference::parse(&job.flow_name).filter(|flow| flow.kind == "flow")?;
    (flow.integration == program.integration || bundle.flow(flow.name).is_some()).then_some(flow)
}

/// An action; nothing where the language has no word for something in it.
pub(super) fn action(action: &HttpAction, program: &Program) -> Option<Written> {
    let parameters = program.actions.get(action.name.as_str()).map_or(&[] as &[Parameter], Vec::as_slice);
    let names =
        Names { members: parameters.iter().map(|parameter| parameter.name.clone()).collect(), ..Names::default() };
    let written: Vec<String> = parameters
        .iter()
        .map(|parameter| {
            let optional = if parameter.optional { "?" } else { "" };
            let kind = parameter.kind.map_or_else(String::new, |kind| format!(": {kind}"));
            format!("{}{optional}{kind}", parameter.name)
        })
        .collect();
    let mut out = format!("action {}({}) {{\n", dotted(&action.name), written.join(", "));
    let (word, target) = match &action.target {
        Target::Url(member) => ("", member),
        Target::Path(member) => ("path ", member),
        Target::Missing => return None,
    };
    let address = match template(target, &names) {
        Some(address) => format!("{word}{address}"),
        None => format!("{} {}", quoted(&target.key), quoted(target.value.as_str()?)),
    };
    out.push_str(&format!("  {} {address}\n", method(&action.method)?));
    if let Some(connection) = &action.connection {
        out.push_str(&format!("  connection {}\n", dotted(connection)));
    }
    out.push_str(&headers("headers", &action.headers, &names)?);
    out.push_str(&headers("query", &action.query, &names)?);
    let mut definition = action.definition_extra.clone();
    if let Some(body) = &action.body {
        match template(body, &names) {
            Some(value) => out.push_str(&format!("  body {value}\n")),
            None => definition.push(body.clone()),
        }
    }
    out.push('}');
    Some(Written { text: out, properties: action.extra.clone(), definition })
}

fn method(method: &str) -> Option<&str> {
    ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"].contains(&method).then_some(method)
}

/// A value of a definition that is one text or one path.
fn template(member: &Member, names: &Names) -> Option<String> {
    match (&member.value.value, member.key.ends_with(".$")) {
        (Value::String(text), true) => plain_path(text).map(|path| names.path(&path, false)),
        (_, true) => None,
        _ => Some(names.value(&member.value, Manner::Plain, Setting::Definition)),
    }
}

fn headers(word: &str, headers: &[Header], names: &Names) -> Option<String> {
    if headers.is_empty() {
        return Some(String::new());
    }
    let fields: Option<Vec<String>> = headers
        .iter()
        .map(|header| {
            let name = header.key.as_str();
            Some(match template(&header.value, names) {
                Some(value) => format!("{}: {value}", key(name)),
                None => format!("{}: {}", quoted(&format!("{name}.$")), quoted(header.value.value.as_str()?)),
            })
        })
        .collect();
    Some(format!("  {word} {{ {} }}\n", fields?.join(", ")))
}
