//! The loop: one state after the other until the machine ends.

use crate::Value;
use crate::account::Account;
use crate::actions::{Call, Literal};
use crate::error::{Failure, StateError, Stop};
use crate::http::Http;
use crate::limit::Limits;
use crate::load::Loader;
use crate::platform::Platform;
use crate::runtime::{RunLimits, Runtime, Time};
use crate::states::{Passed, State, Target};
use crate::trace::{Note, SentRequest, Step};
use crate::value::Text;
use std::time::Duration;
use zisc_bundle::Machine as Read;

/// A state machine, ready to run: a flow's definition, or the iterator of a Map.
#[derive(Debug)]
pub(crate) struct Machine {
    states: Vec<State>,
    start: Target,
}

/// How a machine ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The data at the end.
    pub(crate) data: Value,
    /// The last state.
    pub(crate) state: Text,
    /// The text for the log, from a `Succeed` that has one.
    pub(crate) message: Option<String>,
}

impl Machine {
    /// Reads a machine.
    pub(crate) fn load<'a>(machine: &'a Read, loader: &mut Loader<'a>) -> Self {
        loader.inside(machine.states.keys().map(String::as_str), |loader| Self {
            states: machine.states.values().map(|state| State::load(state, loader)).collect(),
            start: loader.target(&machine.start_at),
        })
    }

    /// Runs from the first state to an end.
    pub(crate) async fn run<H: Http>(&self, mut data: Value, run: &mut Run<'_, H>) -> Result<Ended, Failure> {
        let mut target = self.start;
        let mut last = Text::default();
        while let Target::State(position) = target {
            let Some(state) = self.states.get(position) else { break };
            if let Err(stop) = run.begin(state) {
                run.leave(data);
                return Err(stop.into());
            }
            let entry = run.keep(&data);
            match state.run(data, run).await {
                Ok(Passed::On(new, next)) => {
                    run.end(self.name(next));
                    (data, target, last) = (new, next, state.name.clone());
                }
                Ok(Passed::Succeeded(data, message)) => {
                    run.end(None);
                    return Ok(Ended { data, state: state.name.clone(), message: Some(message) });
                }
                Err(failure) => {
                    run.fail(&failure, entry);
                    return Err(failure);
                }
            }
        }
        Ok(Ended { data, state: last, message: None })
    }

    /// Whether a Map lies inside of a Map.
    pub(crate) fn has_nested_maps(&self) -> bool {
        let maps = |machine: &Self| machine.states.iter().any(|state| state.iterator().is_some());
        self.states.iter().filter_map(State::iterator).any(|iterator| maps(iterator) || iterator.has_nested_maps())
    }

    fn name(&self, target: Target) -> Option<&Text> {
        match target {
            Target::State(position) => self.states.get(position).map(|state| &state.name),
            Target::End => None,
        }
    }

    /// Adds the connections that the actions of this machine name, each once.
    pub(crate) fn collect_connections(&self, names: &mut Vec<String>) {
        for state in &self.states {
            if let Some(name) = state.custom_action().and_then(|action| action.connection.as_ref())
                && !names.contains(name)
            {
                names.push(name.clone());
            }
            if let Some(iterator) = state.iterator() {
                iterator.collect_connections(names);
            }
        }
    }
}

/// A run under way: what its states share.
pub(crate) struct Run<'a, H> {
    pub(crate) runtime: &'a Runtime,
    pub(crate) account: &'a mut Account,
    pub(crate) http: &'a mut H,
    pub(crate) time: Time,
    /// When the run began, in seconds since 1970.
    pub(crate) began: f64,
    /// The flow's time since then.
    pub(crate) elapsed: Duration,
    /// `$.subdomain`, `$.account_id` and `$.integration_key` as the flow began with them.
    pub(crate) subdomain: String,
    pub(crate) account_id: Value,
    pub(crate) integration_key: String,
    pub(crate) steps: Vec<Step>,
    pub(crate) requests: Vec<SentRequest>,
    pub(crate) notes: Vec<Note>,
    /// The position in `steps` of the state that runs.
    current: usize,
    /// `Each[0].` inside an iteration.
    prefix: String,
    depth: usize,
    transitions: u64,
    most_transitions: u64,
    /// The data of the state in which the run failed.
    left: Option<Value>,
}

impl<'a, H: Http> Run<'a, H> {
    pub(crate) fn new(runtime: &'a Runtime, account: &'a mut Account, http: &'a mut H, time: Time) -> Self {
        Self {
            runtime,
            account,
            http,
            time,
            began: 0.0,
            elapsed: Duration::ZERO,
            subdomain: String::new(),
            account_id: Value::Null,
            integration_key: String::new(),
            steps: Vec::new(),
            requests: Vec::new(),
            notes: Vec::new(),
            current: 0,
            prefix: String::new(),
            depth: 0,
            transitions: 0,
            most_transitions: runtime.limits.transitions,
            left: None,
        }
    }

    /// Takes the limit for flows whose Maps lie in one another.
    pub(crate) fn expect_nested_maps(&mut self) {
        self.most_transitions =
            self.limits().nested_transitions.unwrap_or(self.most_transitions).min(self.most_transitions);
    }

    fn begin(&mut self, state: &State) -> Result<(), Stop> {
        self.transitions += 1;
        if self.transitions > self.most_transitions {
            return Err(Stop::TooManyTransitions(self.most_transitions));
        }
        let name =
            if self.prefix.is_empty() { state.name.clone() } else { format!("{}{}", self.prefix, state.name).into() };
        self.current = self.steps.len();
        self.steps.push(Step {
            name,
            kind: state.type_name(),
            began: self.elapsed,
            duration: Duration::ZERO,
            action: state.action_name().cloned(),
            parameters: None,
            output: None,
            result_path: None,
            error: None,
            caught: false,
            decision: None,
            next: None,
            depth: self.depth,
            span: state.span,
        });
        Ok(())
    }

    fn end(&mut self, next: Option<&Text>) {
        let elapsed = self.elapsed;
        let step = self.step();
        step.duration = elapsed.saturating_sub(step.began);
        step.next = next.cloned();
    }

    /// The data for the case that the state fails. A copy of the top costs a count; iterations need none.
    fn keep(&self, data: &Value) -> Option<Value> {
        (self.depth == 0 && self.left.is_none()).then(|| data.clone())
    }

    fn fail(&mut self, failure: &Failure, data: Option<Value>) {
        self.end(None);
        if let Failure::Error(error) = failure {
            self.step().error = Some(error.clone());
        }
        if self.left.is_none() {
            self.left = data;
        }
    }

    /// The entry of the state that runs.
    pub(crate) fn step(&mut self) -> &mut Step {
        let current = self.current;
        &mut self.steps[current]
    }

    pub(crate) fn current(&self) -> usize {
        self.current
    }

    /// Goes back to the entry of a Map after its iterations.
    pub(crate) fn return_to(&mut self, step: usize) {
        self.current = step;
    }

    /// Enters an iteration; gives back what [`Run::leave_iteration`] needs.
    pub(crate) fn enter(&mut self, prefix: &str) -> usize {
        let outer = self.prefix.len();
        self.prefix.push_str(prefix);
        self.depth += 1;
        outer
    }

    pub(crate) fn leave_iteration(&mut self, outer: usize) {
        self.prefix.truncate(outer);
        self.depth -= 1;
    }

    /// Notes an error that a `Catch` took.
    pub(crate) fn caught(&mut self, error: &StateError) {
        let step = self.step();
        step.error = Some(error.clone());
        step.caught = true;
    }

    /// The data that a failing end leaves.
    pub(crate) fn leave(&mut self, data: Value) {
        if self.depth == 0 {
            self.left = Some(data);
        }
    }

    pub(crate) fn take_left(&mut self) -> Option<Value> {
        self.left.take()
    }

    /// Tells a reader of the trace something about the state that runs, once.
    pub(crate) fn note(&mut self, message: &str) {
        let note = Note { state: Some(self.state_name().to_owned()), message: message.to_owned() };
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    pub(crate) fn platform(&self) -> &'a Platform {
        &self.runtime.platform
    }

    pub(crate) fn state_name(&self) -> &str {
        &self.steps[self.current].name
    }

    pub(crate) fn subdomain(&self) -> &str {
        &self.subdomain
    }

    pub(crate) fn account(&self) -> &Account {
        self.account
    }

    pub(crate) fn http(&mut self) -> &mut H {
        self.http
    }

    pub(crate) fn limits(&self) -> &RunLimits {
        &self.runtime.limits
    }

    pub(crate) fn sent(&mut self, request: SentRequest) {
        self.requests.push(request);
    }

    /// The token that a receiver can check to know that the request comes from the integration. Only a request that
    /// really leaves needs a real one.
    pub(crate) fn identity_token(&self) -> String {
        "unsigned".to_owned()
    }

    /// What a built-in action sees.
    pub(crate) fn call(&mut self, literal: Literal) -> Call<'_> {
        Call {
            account: self.account,
            platform: &self.runtime.platform,
            account_id: &self.account_id,
            integration_key: &self.integration_key,
            programs: &self.runtime.programs,
            jq_limits: Limits::default(),
            now: self.began + self.elapsed.as_secs_f64(),
            literal,
            state: &self.steps[self.current].name,
            notes: &mut self.notes,
        }
    }

    /// Lets time pass: at once, or really.
    pub(crate) async fn pass_time(&mut self, seconds: f64) -> Result<(), Failure> {
        let wanted = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
        let left = self.limits().run_time.map_or(Duration::MAX, |most| most.saturating_sub(self.elapsed));
        if self.time == Time::Real {
            tokio::time::sleep(wanted.min(left)).await;
        }
        self.add_time(wanted)
    }

    /// Counts the time that a request took; it has passed already.
    pub(crate) fn pass_time_of_request(&mut self, seconds: f64) -> Result<(), Failure> {
        self.add_time(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::ZERO))
    }

    fn add_time(&mut self, time: Duration) -> Result<(), Failure> {
        let elapsed = self.elapsed.saturating_add(time);
        match self.limits().run_time {
            Some(most) if elapsed > most => {
                self.elapsed = most;
                Err(Stop::TimedOut.into())
            }
            _ => {
                self.elapsed = elapsed;
                Ok(())
            }
        }
    }
}
