//! What happened in a run, as data. Printing it is somebody else's work; [`Trace::to_json`] is the form for machines.

use crate::Value;
use crate::choice::{Seen, Test};
use crate::error::{StateError, Stop};
use crate::http::{Request, is_secret_name};
use crate::secrets::{HIDDEN, Secrets};
use crate::value::Text;
use std::sync::Arc;
use std::time::Duration;

/// What happened in a run.
///
/// Values are kept as the flow saw them. Credentials are among them where a flow reads `$.connections`, so whoever shows
/// a value takes it through [`Trace::shown`].
#[derive(Clone, Debug)]
pub struct Trace {
    /// The name of the bundle.
    pub bundle: String,
    /// The job spec that chose the flow, where one did.
    pub job_spec: Option<String>,
    /// The name of the flow.
    pub flow: String,
    /// The states in the order in which they began.
    pub steps: Vec<Step>,
    /// The requests of custom actions, in order.
    pub requests: Vec<SentRequest>,
    /// How the run ended.
    pub outcome: Outcome,
    /// `$` at the end, with `$.connections` as it was put in.
    pub final_data: Value,
    /// The links of the account after the run.
    pub links: Vec<Value>,
    /// The configs of the account after the run.
    pub configs: Value,
    /// What a reader should know: where the run rests on a guess about the platform.
    pub notes: Vec<Note>,
    /// How long the flow took, in its own time.
    pub duration: Duration,
    /// After how long the platform would run the whole flow again; `None` where it would not.
    pub rerun_after: Option<Duration>,
    pub(crate) secrets: Secrets,
}

/// One state that ran.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its name; `Each[0].Post` inside an iteration.
    pub name: Text,
    /// Its `Type`.
    pub kind: &'static str,
    /// When it began, counted from the beginning of the run.
    pub began: Duration,
    /// How long it took.
    pub duration: Duration,
    /// The full reference of the action that is called.
    pub action: Option<Arc<str>>,
    /// The parameters of an action, filled in.
    pub parameters: Option<Value>,
    /// What the state gave.
    pub output: Option<Value>,
    /// Where that was written.
    pub result_path: Option<Arc<str>>,
    /// How many items a Map goes through.
    pub items: Option<usize>,
    /// What went wrong.
    pub error: Option<StateError>,
    /// Whether a `Catch` took the error.
    pub caught: bool,
    /// What a Choice decided, and why.
    pub decision: Option<Decision>,
    /// The state after this one.
    pub next: Option<Text>,
    /// How many states it lies below the top: 1 inside a Map.
    pub depth: usize,
    /// Where the state stands in the bundle's text.
    pub span: zisc_bundle::Span,
}

/// What a Choice decided.
#[derive(Clone, Debug, Default)]
pub struct Decision {
    /// The rule that held, from 0; `None` for `Default`.
    pub matched: Option<usize>,
    /// The rules that were tried, up to the one that held.
    pub(crate) tried: Vec<Tried>,
}

/// A rule that was tried.
#[derive(Clone, Debug)]
pub(crate) struct Tried {
    pub(crate) test: Arc<Test>,
    pub(crate) seen: Seen,
}

impl Decision {
    /// For each rule that was tried: what it wanted, and each value it looked at (`None` where there is none).
    pub fn tried(&self) -> impl Iterator<Item = (String, Vec<(String, Option<&Value>)>)> {
        self.tried.iter().map(|tried| {
            let seen = tried.seen.iter().map(|(path, value)| (path.to_string(), value.as_ref())).collect();
            (tried.test.to_string(), seen)
        })
    }
}

/// A request that was sent, or stopped the run.
#[derive(Clone, Debug)]
pub struct SentRequest {
    /// The request.
    pub request: Request,
    /// The position in [`Trace::steps`] of the state that sent it.
    pub step: usize,
    /// The status of the answer, where there was one.
    pub status: Option<u16>,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The flow ended well.
    Succeeded {
        /// The last state.
        state: String,
        /// The text for the log.
        message: String,
    },
    /// The flow failed.
    Failed {
        /// The state in which it failed; none where the flow did not start.
        state: Option<String>,
        /// The name of the error.
        error: String,
        /// The text of the error.
        cause: String,
        /// What ended the run, where that was no error of a state.
        stop: Option<Stop>,
    },
}

impl Outcome {
    /// Whether the flow ended well.
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Succeeded { .. })
    }
}

/// A remark about the run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The remark.
    pub message: &'static str,
    /// The states it is about, each once.
    pub states: Vec<Text>,
}

/// Remarks while they are made: each is there once, whatever number of states and iterations give rise to it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes(pub(crate) Vec<Note>);

impl Notes {
    pub(crate) fn add(&mut self, message: &'static str, state: &Text) {
        let at = self.0.iter().position(|note| note.message == message).unwrap_or_else(|| {
            self.0.push(Note { message, states: Vec::new() });
            self.0.len() - 1
        });
        let states = &mut self.0[at].states;
        if !states.contains(state) {
            states.push(state.clone());
        }
    }
}

impl Trace {
    /// A value without `$.connections`, which the run put in and the platform's own examples leave out.
    pub fn without_connections(&self, value: &Value) -> Value {
        self.secrets.without_connections(value)
    }

    /// A value as it may be shown: without `$.connections`, and with every credential replaced.
    pub fn shown(&self, value: &Value) -> Value {
        let value = self.without_connections(value);
        self.secrets.hide_in(&value)
    }

    /// A text as it may be shown.
    pub fn shown_text(&self, text: &str) -> String {
        self.secrets.hide(text).unwrap_or_else(|| text.to_owned())
    }

    /// The headers of a request as they may be shown: `Authorization: Bearer ***`.
    pub fn shown_headers(&self, request: &Request) -> Vec<(String, String)> {
        let shown = |header: &crate::http::Header| {
            if !header.secret && !is_secret_name(&header.name) {
                return self.shown_text(&header.value);
            }
            match header.value.split_once(' ') {
                Some((scheme @ ("Bearer" | "Basic"), _)) => format!("{scheme} {HIDDEN}"),
                _ => HIDDEN.to_owned(),
            }
        };
        request.headers.iter().map(|header| (header.name.clone(), shown(header))).collect()
    }

    /// The names of the states in order.
    pub fn path(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().map(|step| &*step.name)
    }

    /// The trace as one JSON object, without credentials.
    pub fn to_json(&self) -> Value {
        self.to_json_with_places(&|_| None)
    }

    /// The same, with the place of each state where `place` knows one: `main.zis:12:3`.
    pub fn to_json_with_places(&self, place: &dyn Fn(zisc_bundle::Span) -> Option<String>) -> Value {
        let optional = |text: &Option<String>| text.as_deref().map_or(Value::Null, Value::from);
        let mut out = vec![
            ("bundle", Value::from(self.bundle.as_str())),
            ("job_spec", optional(&self.job_spec)),
            ("flow", Value::from(self.flow.as_str())),
            ("path", Value::array(self.path().map(Value::from))),
            ("states", Value::array(self.steps.iter().map(|step| self.step_to_json(step, place(step.span))))),
            ("requests", Value::array(self.requests.iter().map(|sent| self.request_to_json(sent)))),
            ("outcome", self.outcome_to_json()),
            ("final_data", self.shown(&self.final_data)),
            ("links", self.shown(&Value::array(self.links.iter().cloned()))),
            ("configs", self.shown(&self.configs)),
            ("seconds", Value::number(self.duration.as_secs_f64())),
        ];
        if let Some(after) = self.rerun_after {
            out.push(("rerun_after_seconds", Value::number(after.as_secs_f64())));
        }
        if !self.notes.is_empty() {
            let states = |note: &Note| Value::array(note.states.iter().cloned().map(Value::String));
            let notes = self
                .notes
                .iter()
                .map(|note| Value::object([("message", Value::from(note.message)), ("states", states(note))]));
            out.push(("notes", Value::array(notes)));
        }
        Value::object(out)
    }

    fn step_to_json(&self, step: &Step, place: Option<String>) -> Value {
        let mut out = vec![("name", Value::String(step.name.clone())), ("type", Value::from(step.kind))];
        if step.depth > 0 {
            out.push(("depth", Value::from(step.depth)));
        }
        if let Some(action) = &step.action {
            out.push(("action", Value::from(&**action)));
        }
        if let Some(place) = place {
            out.push(("place", Value::from(place)));
        }
        if let Some(parameters) = &step.parameters {
            out.push(("parameters", self.shown(parameters)));
        }
        if let Some(output) = &step.output {
            out.push(("output", self.shown(output)));
        }
        if let Some(path) = &step.result_path {
            out.push(("result_path", Value::from(&**path)));
        }
        if let Some(decision) = &step.decision
            && step.error.is_none()
        {
            out.push(("matched_rule", decision.matched.map_or_else(|| Value::from("Default"), Value::from)));
        }
        if let Some(decision) = &step.decision {
            out.push(("rules", Value::array(decision.tried().map(|(wanted, seen)| self.rule_to_json(&wanted, &seen)))));
        }
        if let Some(error) = &step.error {
            out.push(("runtime_error", Value::from(self.shown_text(&error.cause))));
            if let Some(detail) = &error.detail {
                out.push(("detail", Value::from(self.shown_text(detail))));
            }
            if step.caught {
                out.push(("caught", Value::Bool(true)));
            }
        }
        if let Some(next) = &step.next {
            out.push(("next", Value::String(next.clone())));
        }
        if !step.began.is_zero() {
            out.push(("began_seconds", Value::number(step.began.as_secs_f64())));
        }
        if !step.duration.is_zero() {
            out.push(("seconds", Value::number(step.duration.as_secs_f64())));
        }
        Value::object(out)
    }

    /// A rule that was tried; where there is nothing at a path that it looked at, `value` is left out.
    fn rule_to_json(&self, wanted: &str, seen: &[(String, Option<&Value>)]) -> Value {
        let seen = seen.iter().map(|(path, value)| {
            let value = value.map(|value| ("value", self.shown(value)));
            Value::object([("path", Value::from(path.as_str()))].into_iter().chain(value))
        });
        Value::object([("wanted", Value::from(self.shown_text(wanted))), ("seen", Value::array(seen))])
    }

    fn request_to_json(&self, sent: &SentRequest) -> Value {
        let request = &sent.request;
        let headers = self.shown_headers(request).into_iter().map(|(name, value)| (name, Value::from(value)));
        let mut out = vec![
            ("state", Value::from(request.state.as_str())),
            ("action", Value::from(request.action.as_str())),
            ("method", Value::from(request.method.as_str())),
            ("url", Value::from(self.shown_text(&request.url))),
            ("headers", Value::object(headers)),
        ];
        if let Some(body) = &request.body {
            out.push(("body", self.shown(body)));
        }
        if let Some(status) = sent.status {
            out.push(("status", Value::from(usize::from(status))));
        }
        Value::object(out)
    }

    fn outcome_to_json(&self) -> Value {
        match &self.outcome {
            Outcome::Succeeded { state, message } => Value::object([
                ("status", Value::from("succeeded")),
                ("state", Value::from(state.as_str())),
                ("message", Value::from(self.shown_text(message))),
            ]),
            Outcome::Failed { state, error, cause, stop: _ } => Value::object([
                ("status", Value::from("failed")),
                ("state", state.as_deref().map_or(Value::Null, Value::from)),
                ("error", Value::from(self.shown_text(error))),
                ("cause", Value::from(self.shown_text(cause))),
            ]),
        }
    }
}
