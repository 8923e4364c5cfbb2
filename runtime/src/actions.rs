//! The actions that a state can call: those of the platform, and custom ones.
//!
//! A new built-in action is a line in [`BUILT_IN`] and a function in the file of its family.

mod config;
mod http;
mod jq;
mod links;

use crate::Value;
use crate::account::Account;
use crate::error::StateError;
use crate::jq::Programs;
use crate::platform::Platform;
use crate::trace::Notes;
use crate::value::Text;
use std::fmt;
use std::sync::Arc;
use zisc_bundle::json::Json;

pub(crate) use http::Custom;

/// An action of the platform.
pub(crate) struct BuiltIn {
    /// The full reference.
    pub(crate) name: &'static str,
    /// What it does with its parameters; `None` for an action without an answer.
    pub(crate) run: fn(&Value, &mut Call<'_>) -> Result<Option<Value>, StateError>,
}

impl fmt::Debug for BuiltIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// All actions of the platform (documentation page "Built-in actions").
pub(crate) static BUILT_IN: &[BuiltIn] = &[
    BuiltIn { name: "zis:common:transform:Jq", run: jq::transform },
    BuiltIn { name: "zis:common:action:LoadConfig", run: config::load },
    BuiltIn { name: "zis:common:action:PatchConfig", run: config::patch },
    BuiltIn { name: "zis:common:action:CreateLink", run: links::create },
    BuiltIn { name: "zis:common:action:LoadLinks", run: links::load },
    BuiltIn { name: "zis:common:action:PatchLink", run: links::patch },
    BuiltIn { name: "zis:common:action:DeleteLink", run: links::delete },
];

/// What an Action state calls.
#[derive(Debug)]
pub(crate) enum Target {
    /// One of the platform.
    BuiltIn(&'static BuiltIn),
    /// One that the bundle defines.
    Custom(Arc<Custom>),
}

/// What a built-in action sees beside its parameters.
pub(crate) struct Call<'a> {
    pub(crate) account: &'a mut Account,
    pub(crate) platform: &'a Platform,
    /// `$.account_id` as the flow began with it.
    pub(crate) account_id: &'a Value,
    /// `$.integration_key` as the flow began with it.
    pub(crate) integration_key: &'a str,
    pub(crate) programs: &'a Programs,
    pub(crate) jq_limits: crate::limit::Limits,
    /// The flow's time, in seconds since 1970.
    pub(crate) now: f64,
    pub(crate) literal: Literal,
    pub(crate) state: &'a Text,
    pub(crate) notes: &'a mut Notes,
}

impl Call<'_> {
    /// Tells a reader of the trace something about the state that runs, once.
    pub(crate) fn note(&mut self, message: &'static str) {
        self.notes.add(message, self.state);
    }
}

/// Which parameters the bundle spells out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Literal {
    /// `data` without `.$`.
    pub(crate) data: bool,
}

impl Literal {
    /// Looks at the parameters as they stand in a state.
    pub(crate) fn of(parameters: Option<&Json>) -> Self {
        Self { data: parameters.is_some_and(|parameters| parameters.get("data").is_some()) }
    }
}

/// A parameter that must be a text.
fn text<'p>(parameters: &'p Value, key: &str) -> Result<&'p str, StateError> {
    match parameters.get(key) {
        Some(Value::String(text)) => Ok(text),
        Some(other) => {
            Err(StateError::task_failed(format!("the parameter `{key}` is a text, and this is {}", other.kind())))
        }
        None => Err(StateError::task_failed(format!("the parameter `{key}` is missing"))),
    }
}

/// Whether a name fits a pattern in which `*` stands for anything.
fn fits(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, name, expected) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("*", "", true),
            ("a*", "abc", true),
            ("a*c*e", "abcde", true),
            ("a*c*e", "abdce", true),
            ("a*c*e", "ace", true),
            ("a*ba", "aba", true),
            ("ab*ba", "aba", false),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
        }
    }
}
