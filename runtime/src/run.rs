//! A run under way: where it stands, what it has done, and what its states may reach outside.

use crate::Value;
use crate::account::Account;
use crate::actions::{Call, Literal};
use crate::error::{Failure, StateError, Stop};
use crate::http::Http;
use crate::limit::Limits;
use crate::load::Flow;
use crate::platform::{CatchOrRerun, Platform};
use crate::rerun;
use crate::runtime::{RunLimits, Runtime, Time};
use crate::states::State;
use crate::template::Filling;
use crate::trace::{Notes, SentRequest, Step};
use crate::value::Text;
use std::time::Duration;

/// A run under way: what its states share.
pub(crate) struct Run<'a, H> {
    pub(crate) runtime: &'a Runtime,
    flow: &'a Flow,
    /// The number of this run of the flow, from 1.
    pub(crate) attempt: u32,
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
    pub(crate) notes: Notes,
    /// The position in `steps` of the state that runs.
    current: usize,
    /// Its name, without the iteration that it is in.
    state: Text,
    /// `Each[0].` inside an iteration.
    prefix: String,
    depth: usize,
    transitions: u64,
    most_transitions: u64,
    /// The data of the state in which the run failed.
    left: Option<Value>,
}

impl<'a, H: Http> Run<'a, H> {
    pub(crate) fn new(
        runtime: &'a Runtime,
        flow: &'a Flow,
        account: &'a mut Account,
        http: &'a mut H,
        time: Time,
    ) -> Self {
        let RunLimits { transitions, nested_transitions, .. } = runtime.limits;
        let nested = nested_transitions.filter(|_| flow.nested_maps).unwrap_or(transitions);
        Self {
            runtime,
            flow,
            attempt: 1,
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
            notes: Notes::default(),
            state: Text::default(),
            current: 0,
            prefix: String::new(),
            depth: 0,
            transitions: 0,
            most_transitions: nested.min(transitions),
            left: None,
        }
    }

    pub(crate) fn begin(&mut self, state: &State) -> Result<(), Stop> {
        self.transitions += 1;
        if self.transitions > self.most_transitions {
            return Err(Stop::TooManyTransitions(self.most_transitions));
        }
        let name =
            if self.prefix.is_empty() { state.name.clone() } else { format!("{}{}", self.prefix, state.name).into() };
        self.current = self.steps.len();
        self.state = state.name.clone();
        self.steps.push(Step {
            name,
            kind: state.type_name(),
            began: self.elapsed,
            duration: Duration::ZERO,
            action: state.action_name().cloned(),
            parameters: None,
            output: None,
            result_path: None,
            items: None,
            error: None,
            caught: false,
            decision: None,
            next: None,
            depth: self.depth,
            span: state.span,
        });
        Ok(())
    }

    pub(crate) fn end(&mut self, next: Option<&Text>) {
        let elapsed = self.elapsed;
        let step = self.step();
        step.duration = elapsed.saturating_sub(step.began);
        step.next = next.cloned();
    }

    /// The data for the case that the state fails. A copy of the top costs a count; iterations need none.
    pub(crate) fn keep(&self, data: &Value) -> Option<Value> {
        (self.depth == 0 && self.left.is_none()).then(|| data.clone())
    }

    pub(crate) fn fail(&mut self, failure: &Failure, data: Option<Value>) {
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

    /// Goes back to the entry of the Map of this name after its iterations.
    pub(crate) fn return_to(&mut self, step: usize, name: &Text) {
        self.current = step;
        self.state = name.clone();
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

    /// Whether a `Catch` takes this error; if not, the platform runs the whole flow again.
    pub(crate) fn catches(&mut self, error: &StateError) -> bool {
        self.note_rerun(error);
        if rerun::delay(error, self.attempt, self.platform()).is_none() {
            return true;
        }
        self.note("the platform runs whole flows again after this answer, and whether a Catch comes first is not known (catch_or_rerun)");
        self.platform().catch_or_rerun == CatchOrRerun::Catch
    }

    /// Notes that it is disputed whether the platform runs the whole flow again after this error.
    pub(crate) fn note_rerun(&mut self, error: &StateError) {
        if error.answer.is_some_and(|answer| answer.status >= 500) {
            self.note("older documentation says that the whole flow runs again after this answer, and whether it still does is not known (server_errors)");
        }
    }

    /// Notes an error that a `Catch` took.
    pub(crate) fn caught(&mut self, error: &StateError) {
        if self.flow.reads_error_names {
            self.note(
                "the flow reads the name of a caught error, of which the documentation speaks nowhere (error_object)",
            );
        }
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
    pub(crate) fn note(&mut self, message: &'static str) {
        self.notes.add(message, &self.state);
    }

    /// Fills something in from `data`, and notes what is not known about it.
    pub(crate) fn fill<T>(
        &mut self,
        data: &Value,
        fill: impl FnOnce(&mut Filling<'_>) -> Result<T, StateError>,
    ) -> Result<T, StateError> {
        let mut filling = Filling::new(data, self.platform());
        let filled = fill(&mut filling);
        for note in filling.notes {
            self.note(note);
        }
        filled
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

    /// The token by which a receiver knows that the request comes from the integration. Only a request that really
    /// leaves needs one that can be checked.
    pub(crate) fn identity_token(&self) -> String {
        #[cfg(feature = "live")]
        if self.http.is_real()
            && let Some(identity) = self.runtime.identity(&self.integration_key)
        {
            return identity.token(&self.integration_key, &self.account_id);
        }
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
            state: &self.state,
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
        self.add_time(Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX))
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
