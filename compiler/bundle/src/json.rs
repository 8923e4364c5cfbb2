//! JSON with places: a tree whose values know where they stand, a reader that goes on after a mistake, a writer.

mod read;
mod write;

use crate::{Placed, Span};
use std::collections::HashMap;

pub use read::{Build, Comments, DEPTH_LIMIT, Error, Loss, Part, read, read_into, read_with, within_open_string};
pub use write::{compact, escaped, pretty};

/// A JSON value and where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Json {
    /// The value.
    pub value: Value,
    /// From its first to its last byte.
    pub span: Span,
}

/// What a JSON value can be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Value {
    /// `null`, and what stands where a value could not be read.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it was written: nothing is rounded before somebody asks for a Rust number.
    Number(String),
    /// A string, unescaped.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object: its members in order. A key may stand twice; the last one counts, as in every JSON reader.
    Object(Vec<Member>),
}

/// One `"key": value` of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The key, with the place of its string.
    pub key: Placed<String>,
    /// The value.
    pub value: Json,
}

impl Member {
    /// A member whose key and value both come from `value`'s place.
    pub fn new(key: impl Into<String>, value: Json) -> Self {
        Self { key: Placed::new(key.into(), value.span), value }
    }
}

impl Json {
    /// `value`, standing at `span`.
    pub fn new(value: Value, span: Span) -> Self {
        Self { value, span }
    }

    /// A string that stands at `span`.
    pub fn string(text: impl Into<String>, span: Span) -> Self {
        Self::new(Value::String(text.into()), span)
    }

    /// The text, where this is a string.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The members, where this is an object.
    pub fn as_object(&self) -> Option<&[Member]> {
        match &self.value {
            Value::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The items, where this is an array.
    pub fn as_array(&self) -> Option<&[Json]> {
        match &self.value {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The number, where this is one.
    pub fn as_f64(&self) -> Option<f64> {
        match &self.value {
            Value::Number(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// The value of member `key`, where this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.as_object()?.iter().rev().find(|member| *member.key == key).map(|member| &member.value)
    }

    /// What kind of value this is, in words for a message: "a string", "an object".
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        }
    }

    /// Whether both are the same JSON: places and the order of keys do not count.
    pub fn same(&self, other: &Json) -> bool {
        match (&self.value, &other.value) {
            (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b)),
            (Value::Object(a), Value::Object(b)) => {
                if a.len() != b.len() {
                    return false;
                }
                // Most often the order is the same, and a flow may have thousands of states.
                if a.iter().zip(b).all(|(a, b)| a.key.value == b.key.value) {
                    return a.iter().zip(b).all(|(a, b)| a.value.same(&b.value));
                }
                let values: HashMap<&str, &Json> = b.iter().map(|b| (b.key.as_str(), &b.value)).collect();
                a.iter().all(|a| values.get(a.key.as_str()).is_some_and(|value| a.value.same(value)))
            }
            (Value::Number(a), Value::Number(b)) => {
                a == b || (self.as_f64().is_some() && self.as_f64() == other.as_f64())
            }
            (a, b) => a == b,
        }
    }
}
