//! The types of this crate to JSON. Members come in one order, so the same bundle is always the same text.

use crate::bundle::{Header, HttpAction, JobSpec, Resource, ResourceKind, Target};
use crate::flow::{Catcher, Condition, Delay, Rule, State, StateKind, Transition};
use crate::json::{self, Json, Member, Value};
use crate::{Bundle, Flow, Machine, Placed, Span};

impl Bundle {
    /// The bundle as JSON text: two spaces to a level, and a line end at the end.
    pub fn write(&self) -> String {
        json::pretty(&self.to_json())
    }

    /// The bundle as a JSON tree that keeps the places.
    pub fn to_json(&self) -> Json {
        let mut out = Object::default();
        out.string("zis_template_version", &self.template_version);
        out.string("name", &self.name);
        out.optional_string("description", self.description.as_ref());
        out.put(
            "resources",
            object(self.resources.values().map(|resource| (resource.key.clone(), resource.to_json()))),
        );
        out.finish(&self.extra)
    }
}

impl Resource {
    /// The resource as a JSON tree.
    pub fn to_json(&self) -> Json {
        let (kind, properties) = match &self.kind {
            ResourceKind::Flow(flow) => ("ZIS::Flow", flow.to_json()),
            ResourceKind::JobSpec(job_spec) => ("ZIS::JobSpec", job_spec.to_json()),
            ResourceKind::HttpAction(action) => ("ZIS::Action::Http", action.to_json()),
            ResourceKind::Unknown(json) => return json.clone(),
        };
        let mut out = Object::default();
        out.put("type", Json::string(kind, self.span));
        out.put("properties", properties);
        out.finish(&self.extra)
    }
}

impl Flow {
    fn to_json(&self) -> Json {
        let mut out = Object::default();
        out.string("name", &self.name);
        out.put("definition", self.machine.to_json());
        out.finish(&self.extra)
    }
}

impl JobSpec {
    fn to_json(&self) -> Json {
        let mut out = Object::default();
        out.string("name", &self.name);
        out.string("event_source", &self.event_source);
        out.string("event_type", &self.event_type);
        out.string("flow_name", &self.flow_name);
        out.finish(&self.extra)
    }
}

impl HttpAction {
    fn to_json(&self) -> Json {
        let mut definition = Object::default();
        definition.string("method", &self.method);
        match &self.target {
            Target::Url(member) | Target::Path(member) => definition.0.push(member.clone()),
            Target::Missing => {}
        }
        definition.list("headers", self.headers.iter().map(Header::to_json).collect());
        definition.list("queryParams", self.query.iter().map(Header::to_json).collect());
        definition.optional_string("connectionName", self.connection.as_ref());
        definition.0.extend(self.body.clone());
        let mut out = Object::default();
        out.string("name", &self.name);
        out.put("definition", definition.finish(&self.definition_extra));
        out.finish(&self.extra)
    }
}

impl Header {
    fn to_json(&self) -> Json {
        let mut out = Object::default();
        out.string("key", &self.key);
        out.0.push(self.value.clone());
        out.finish(&[])
    }
}

impl Machine {
    fn to_json(&self) -> Json {
        let mut out = Object::default();
        out.optional_string("Comment", self.comment.as_ref());
        out.string("StartAt", &self.start_at);
        out.put("States", object(self.states.values().map(|state| (state.name.clone(), state.to_json()))));
        out.finish(&self.extra)
    }
}

impl State {
    /// The state as it stands under its name.
    pub fn to_json(&self) -> Json {
        let mut out = Object::default();
        if let StateKind::Unknown(json) = &self.kind {
            return json.clone();
        }
        out.put("Type", Json::string(self.kind.type_name(), self.span));
        out.optional_string("Comment", self.comment.as_ref());
        match &self.kind {
            StateKind::Action { action, parameters, result_path, catch, then } => {
                out.string("ActionName", action);
                out.optional("Parameters", parameters.as_ref());
                out.optional("ResultPath", result_path.as_ref());
                out.list("Catch", catch.iter().map(Catcher::to_json).collect());
                out.transition(then);
            }
            StateKind::Choice { rules, default } => {
                out.put("Choices", array(rules.iter().map(Rule::to_json).collect()));
                out.optional_string("Default", default.as_ref());
            }
            StateKind::Map { items_path, iterator, result_path, catch, then } => {
                out.string("ItemsPath", items_path);
                out.put("Iterator", iterator.to_json());
                out.optional("ResultPath", result_path.as_ref());
                out.list("Catch", catch.iter().map(Catcher::to_json).collect());
                out.transition(then);
            }
            StateKind::Pass { result, result_path, then } => {
                out.optional("Result", result.as_ref());
                out.optional("ResultPath", result_path.as_ref());
                out.transition(then);
            }
            StateKind::Succeed { message } => out.optional_string("Message", message.as_ref()),
            StateKind::Fail { error, cause } => {
                out.string("Error", error);
                out.string("Cause", cause);
            }
            StateKind::Wait { delay, then } => {
                match delay {
                    Delay::Seconds(seconds) => out.put("Seconds", seconds.clone()),
                    Delay::SecondsPath(path) => out.string("SecondsPath", path),
                }
                out.transition(then);
            }
            StateKind::Unknown(_) => {}
        }
        out.finish(&self.extra)
    }
}

impl Catcher {
    /// The state as a JSON tree.
    pub fn to_json(&self) -> Json {
        let mut out = Object::default();
        out.put("ErrorEquals", self.error_equals.clone());
        out.optional("ResultPath", self.result_path.as_ref());
        out.string("Next", &self.next);
        out.finish(&self.extra)
    }
}

impl Rule {
    fn to_json(&self) -> Json {
        let mut out = self.condition.to_object();
        out.0.retain(|member| *member.key != "Next");
        out.string("Next", &self.next);
        out.finish(&self.extra)
    }
}

impl Condition {
    /// The condition as a nested rule.
    pub fn to_json(&self) -> Json {
        self.to_object().finish(&[])
    }

    fn to_object(&self) -> Object {
        let mut out = Object::default();
        match self {
            Self::Compare { variable, operator, operand } => {
                out.string("Variable", variable);
                out.put(operator.name, operand.clone());
            }
            Self::And(conditions) => out.put("And", array(conditions.iter().map(Self::to_json).collect())),
            Self::Or(conditions) => out.put("Or", array(conditions.iter().map(Self::to_json).collect())),
            Self::Not(condition) => out.put("Not", condition.to_json()),
            Self::Unknown(json) => out.0.extend(json.as_object().unwrap_or_default().iter().cloned()),
        }
        out
    }
}

/// An object while its members are put together.
#[derive(Default)]
struct Object(Vec<Member>);

impl Object {
    fn put(&mut self, key: &str, value: Json) {
        self.0.push(Member::new(key, value));
    }

    fn string(&mut self, key: &str, text: &Placed<String>) {
        self.put(key, Json::string(text.value.clone(), text.span));
    }

    fn optional_string(&mut self, key: &str, text: Option<&Placed<String>>) {
        if let Some(text) = text {
            self.string(key, text);
        }
    }

    fn optional(&mut self, key: &str, value: Option<&Json>) {
        if let Some(value) = value {
            self.put(key, value.clone());
        }
    }

    fn list(&mut self, key: &str, items: Vec<Json>) {
        if !items.is_empty() {
            self.put(key, array(items));
        }
    }

    fn transition(&mut self, then: &Transition) {
        match then {
            Transition::Next(name) => self.string("Next", name),
            Transition::End => self.put("End", Json::new(Value::Bool(true), Span::default())),
            Transition::Missing => {}
        }
    }

    fn finish(mut self, extra: &[Member]) -> Json {
        self.0.extend(extra.iter().cloned());
        Json::new(Value::Object(self.0), Span::default())
    }
}

fn array(items: Vec<Json>) -> Json {
    Json::new(Value::Array(items), Span::default())
}

fn object(entries: impl Iterator<Item = (Placed<String>, Json)>) -> Json {
    Json::new(Value::Object(entries.map(|(key, value)| Member { key, value }).collect()), Span::default())
}
