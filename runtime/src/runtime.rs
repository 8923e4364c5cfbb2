use crate::Value;
use crate::account::Account;
use crate::error::{Failure, Stop};
use crate::event::Event;
use crate::http::Http;
use crate::jq::Programs;
use crate::load::{self, Flow};
use crate::machine::Ended;
use crate::platform::Platform;
use crate::rerun;
use crate::run::Run;
use crate::secrets::Secrets;
use crate::states::SUCCESSFUL;
use crate::trace::{Outcome, Trace};
use indexmap::IndexMap;
use std::time::Duration;
use zisc_bundle::{Bundle, Problem, Reference};

/// The flows of a bundle, ready to run. It is shared: any number of runs may use it at once.
#[derive(Debug)]
pub struct Runtime {
    bundle: String,
    pub(crate) integration: Option<String>,
    flows: IndexMap<String, Flow>,
    pub(crate) programs: Programs,
    /// The keys of integrations that sent real requests, by their names.
    #[cfg(feature = "live")]
    identities: std::sync::Mutex<std::collections::HashMap<String, Option<std::sync::Arc<crate::identity::Identity>>>>,
    /// The limits of runs.
    pub limits: RunLimits,
    /// What is assumed about the platform.
    pub platform: Platform,
}

/// What a run may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunLimits {
    /// The flow's own time (older documentation: 100 seconds).
    pub run_time: Option<Duration>,
    /// Items of a Map (older documentation: 100).
    pub map_items: Option<usize>,
    /// States that may run. The platform documents none for flows without nested Maps; this guards against a circle.
    pub transitions: u64,
    /// States that may run in a flow whose Maps lie in one another (older documentation: 250).
    pub nested_transitions: Option<u64>,
    /// How long a request may wait for its answer. The platform's value is not known.
    pub request_time: Option<Duration>,
    /// The largest body of a real answer, in bytes. The platform's value is not known.
    pub response_bytes: Option<u64>,
}

impl Default for RunLimits {
    fn default() -> Self {
        Self {
            run_time: Some(Duration::from_secs(100)),
            map_items: Some(100),
            transitions: 10_000,
            nested_transitions: Some(250),
            request_time: Some(Duration::from_secs(10)),
            response_bytes: Some(1 << 20),
        }
    }
}

impl RunLimits {
    /// The names that [`RunLimits::choose`] knows.
    pub const NAMES: [&'static str; 6] =
        ["run_time", "map_items", "transitions", "nested_transitions", "request_time", "response_bytes"];

    /// Sets a limit by name: a number, or `none`. Times are in seconds. The error says what there is to choose from.
    pub fn choose(&mut self, name: &str, value: &str) -> Result<(), String> {
        let number = match value {
            "none" => None,
            number => Some(number.parse::<u64>().map_err(|_| format!("`{value}` is no whole number, and not `none`"))?),
        };
        match name {
            "run_time" => self.run_time = number.map(Duration::from_secs),
            "map_items" => self.map_items = number.map(|number| usize::try_from(number).unwrap_or(usize::MAX)),
            "transitions" => self.transitions = number.unwrap_or(u64::MAX),
            "nested_transitions" => self.nested_transitions = number,
            "request_time" => self.request_time = number.map(Duration::from_secs),
            "response_bytes" => self.response_bytes = number,
            other => return Err(format!("there is no limit `{other}`; there are {}", Self::NAMES.join(", "))),
        }
        Ok(())
    }
}

/// How a run passes its time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Time {
    /// Waiting takes none, and is counted.
    #[default]
    Virtual,
    /// Waiting waits.
    Real,
}

/// What a run finds outside of its flow, and changes.
#[derive(Debug)]
pub struct World<H> {
    /// The account.
    pub account: Account,
    /// Who answers requests.
    pub http: H,
    /// How time passes.
    pub time: Time,
}

impl Runtime {
    /// Makes the flows of a bundle ready. Whatever the bundle's reader found should be looked at first; what is found
    /// here goes beyond the shape of the file: paths that are none, actions that nobody defines.
    pub fn load(bundle: &Bundle) -> Result<Self, Vec<Problem>> {
        let references = bundle.job_specs().map(|job_spec| job_spec.flow_name.as_str());
        let mut integrations =
            references.filter_map(Reference::parse).map(|reference| reference.integration.to_owned());
        Ok(Self {
            bundle: bundle.name.value.clone(),
            integration: integrations.next(),
            flows: load::flows(bundle)?,
            programs: Programs::default(),
            #[cfg(feature = "live")]
            identities: Default::default(),
            limits: RunLimits::default(),
            platform: Platform::default(),
        })
    }

    /// The integration's key, as the bundle's references have it.
    pub fn integration_key(&self) -> &str {
        self.integration.as_deref().unwrap_or("example_integration")
    }

    /// The key of an integration, made once.
    #[cfg(feature = "live")]
    pub(crate) fn identity(&self, integration: &str) -> Option<std::sync::Arc<crate::identity::Identity>> {
        let mut identities = self.identities.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let make = || crate::identity::Identity::of(integration).map(std::sync::Arc::new);
        identities.entry(integration.to_owned()).or_insert_with(make).clone()
    }

    /// The names of the flows.
    pub fn flow_names(&self) -> impl Iterator<Item = &str> {
        self.flows.keys().map(String::as_str)
    }

    /// Takes an event for this bundle and an account; see [`Event::new`].
    pub fn event(&self, json: Value, account: &Account) -> Event {
        Event::new(json, account, self.integration_key())
    }

    /// Runs a flow; `None` where the bundle has no flow of this name.
    pub async fn run<H: Http>(&self, flow: &str, event: &Event, world: &mut World<H>) -> Option<Trace> {
        self.attempt(flow, event, world, 1).await
    }

    /// Runs a flow as the platform does: again from its first state, up to four times in all, after an error that it
    /// repeats flows for. One trace for each attempt.
    pub async fn run_with_reruns<H: Http>(&self, flow: &str, event: &Event, world: &mut World<H>) -> Vec<Trace> {
        let mut traces = Vec::new();
        while let Some(trace) = self.attempt(flow, event, world, traces.len() as u32 + 1).await {
            let again = trace.rerun_after;
            traces.push(trace);
            match again {
                Some(after) if world.time == Time::Real => tokio::time::sleep(after).await,
                Some(_) => {}
                None => break,
            }
        }
        traces
    }

    async fn attempt<H: Http>(&self, flow: &str, event: &Event, world: &mut World<H>, attempt: u32) -> Option<Trace> {
        let (name, flow) = self.flows.get_key_value(flow)?;
        let mut data = event.data();
        let secrets = Secrets::of(&world.account);
        if let (Some(connections), Value::Object(members)) = (secrets.connections(), &mut data) {
            members.insert("connections", Value::Object(connections.clone()));
        }
        let has = |name: &&String| world.account.connections.contains_key(*name);
        let missing: Vec<String> = flow.connections.iter().filter(|name| !has(name)).cloned().collect();

        let mut run = Run::new(self, flow, &mut world.account, &mut world.http, world.time);
        (run.began, run.attempt) = (event.seconds(), attempt);
        let member = |key: &str| data.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        (run.subdomain, run.integration_key) = (member("subdomain"), member("integration_key"));
        run.account_id = data.get("account_id").cloned().unwrap_or_default();
        let mut rerun_after = None;
        let (outcome, final_data) = if !missing.is_empty() {
            (not_started(missing), data)
        } else {
            match flow.machine.run(data.clone(), &mut run).await {
                Ok(Ended { data, state, message }) => {
                    let message = message.unwrap_or_else(|| SUCCESSFUL.to_owned());
                    (Outcome::Succeeded { state: state.to_string(), message }, data)
                }
                Err(failure) => {
                    let state = run.steps.iter().rev().find(|step| step.depth == 0).map(|step| step.name.to_string());
                    if let Failure::Error(error) = &failure {
                        run.note_rerun(error);
                        rerun_after = rerun::delay(error, attempt, &self.platform);
                    }
                    (failed(state, failure), run.take_left().unwrap_or(data))
                }
            }
        };
        let (steps, requests, notes, duration) = (run.steps, run.requests, run.notes.0, run.elapsed);
        Some(Trace {
            bundle: self.bundle.clone(),
            job_spec: None,
            flow: name.clone(),
            steps,
            requests,
            outcome,
            final_data,
            links: world.account.links.clone(),
            configs: Value::object(
                world.account.configs.iter().map(|(scope, config)| (scope.as_str(), config.clone())),
            ),
            notes,
            duration,
            rerun_after,
            secrets,
        })
    }
}

/// Reported from the field: a flow whose connection is missing does not start at all, and the text names the first.
fn not_started(missing: Vec<String>) -> Outcome {
    let first = missing.first().map(String::as_str).unwrap_or_default();
    Outcome::Failed {
        state: None,
        error: "States.Runtime".to_owned(),
        cause: format!("Cannot start flow because the connection named \"{first}\" does not exist"),
        stop: Some(Stop::NoConnections(missing)),
    }
}

fn failed(state: Option<String>, failure: Failure) -> Outcome {
    match failure {
        Failure::Error(error) => {
            Outcome::Failed { state, error: error.name.to_string(), cause: error.cause, stop: None }
        }
        Failure::Stop(Stop::Failed { error, cause }) => Outcome::Failed { state, error, cause, stop: None },
        Failure::Stop(stop) => {
            // These texts are ours.
            let (error, cause) = match &stop {
                Stop::TimedOut => ("States.Timeout", "flow execution timed out".to_owned()),
                Stop::TooManyTransitions(most) => {
                    ("States.Runtime", format!("the flow went through more than {most} states; it may never end"))
                }
                Stop::Unanswered(unanswered) => {
                    ("unanswered request", format!("nothing answers {}", unanswered.request))
                }
                // Neither comes here: both have outcomes of their own.
                Stop::Failed { cause, .. } => ("States.TaskFailed", cause.clone()),
                Stop::NoConnections(_) => ("States.Runtime", String::new()),
            };
            Outcome::Failed { state, error: error.to_owned(), cause, stop: Some(stop) }
        }
    }
}
