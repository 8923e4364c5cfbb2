//! What can go wrong in a run.

use crate::Value;
use crate::platform::{ErrorObject, Platform};
use std::fmt;

/// The error of a state: what a `Catch` sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateError {
    /// Its name, `Error` of the error object.
    pub name: ErrorName,
    /// Its text, `Cause` of the error object.
    pub cause: String,
    /// What a person should know beside the text, which is the platform's.
    pub detail: Option<String>,
    /// The HTTP answer behind it.
    pub answer: Option<ErrorAnswer>,
}

/// An HTTP answer that is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorAnswer {
    /// Its status.
    pub status: u16,
    /// `Retry-After` in seconds, where it says so.
    pub retry_after: Option<u64>,
}

/// The names of errors. The platform documents `Cause` only; the names are those of the Amazon States Language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorName {
    /// The flow itself asked for something impossible, such as a path that leads nowhere.
    Runtime,
    /// An action failed.
    TaskFailed,
    /// No rule of a Choice held.
    NoChoiceMatched,
    /// A `Fail` state in an iterator gave this name.
    Named(String),
}

impl ErrorName {
    /// As it stands in an error object.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Runtime => "States.Runtime",
            Self::TaskFailed => "States.TaskFailed",
            Self::NoChoiceMatched => "States.NoChoiceMatched",
            Self::Named(name) => name,
        }
    }
}

impl fmt::Display for ErrorName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl StateError {
    /// An error of the flow itself.
    pub fn runtime(cause: impl Into<String>) -> Self {
        Self { name: ErrorName::Runtime, cause: cause.into(), detail: None, answer: None }
    }

    /// An error of an action.
    pub fn task_failed(cause: impl Into<String>) -> Self {
        Self { name: ErrorName::TaskFailed, ..Self::runtime(cause) }
    }

    /// A path that leads nowhere (documentation page "Fixing common ZIS errors").
    pub(crate) fn path_not_found(path: impl fmt::Display) -> Self {
        Self::runtime(format!("JSON path not found: {path}"))
    }

    /// The same error with something for a person to read.
    #[must_use]
    pub(crate) fn with_detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    /// What `Catch` writes at its `ResultPath`.
    pub(crate) fn to_value(&self, platform: &Platform) -> Value {
        let name = match platform.error_object {
            ErrorObject::ErrorAndCause => Some(("Error", Value::from(self.name.as_str()))),
            ErrorObject::Cause => None,
        };
        Value::object(name.into_iter().chain([("Cause", Value::from(self.cause.as_str()))]))
    }
}

impl fmt::Display for StateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cause)
    }
}

impl std::error::Error for StateError {}

/// Why a state did not end well.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Failure {
    /// An error that a `Catch` of the state may take.
    Error(StateError),
    /// An end that nothing in the flow can stop.
    Stop(Stop),
}

/// An end that nothing in the flow can stop.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop {
    /// The flow took longer than a flow may (documented: 100 seconds).
    TimedOut,
    /// The flow went through more states than any flow should.
    TooManyTransitions(u64),
    /// A request that this run does not send: there is no answer for it. The text says what to do.
    Unanswered(Box<crate::http::Unanswered>),
    /// The flow did not start, because the account has no connections of these names.
    NoConnections(Vec<String>),
    /// A `Fail` state inside an iterator or at the top.
    Failed {
        /// `Error` of the state.
        error: String,
        /// `Cause` of the state.
        cause: String,
    },
}

impl From<StateError> for Failure {
    fn from(error: StateError) -> Self {
        Self::Error(error)
    }
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}
