//! jq programs: parsed and compiled once, run on our own values, with the behaviour of jq 1.6.
//!
//! ```
//! use zisc_runtime::Value;
//! use zisc_runtime::jq::{Outputs, Programs};
//! use zisc_runtime::limit::Limits;
//!
//! let programs = Programs::default();
//! let program = programs.compile(".id | tostring")?;
//! let input = Value::from_json_text(r#"{ "id": 10.0 }"#)?;
//! let outputs = program.run(&input, 0.0, Limits::default())?;
//! assert_eq!(outputs, Outputs::One(Value::from("10")));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The engine is jaq. What differs from jq lies in three places, each a table: the operators of [`Value`], the natives
//! (`natives.rs` and what it lists) and the definitions (`definitions.jq`). Differences that remain are listed in
//! `DIFFERENCES.md` beside the manifest of this crate.

mod binding;
mod compile;
mod date;
mod format;
mod natives;
mod order;
mod path;
mod regex;
mod rewrite;
mod tokens;
mod update;

use crate::Value;
use crate::limit::{self, Limits, Stack};
use jaq_core::data::{DataT, HasLut};
use jaq_core::{Ctx, Filter, Lut, Vars};
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

pub use compile::Mistake;

/// Compiled programs by their text. Shared between flows, as compiling costs far more than running.
#[derive(Default)]
pub struct Programs {
    compiled: Mutex<HashMap<String, Result<Arc<Program>, Mistake>>>,
}

/// Texts made by placeholders may all differ; so many are remembered before the memory is given back.
const PROGRAMS_KEPT: usize = 1_000;

impl Programs {
    /// The program of this text.
    pub fn compile(&self, text: &str) -> Result<Arc<Program>, Mistake> {
        let lock = || self.compiled.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(program) = lock().get(text) {
            return program.clone();
        }
        let program = compile::compile(text).map(|(filter, stack)| Arc::new(Program { filter, stack }));
        let mut compiled = lock();
        if compiled.len() >= PROGRAMS_KEPT {
            compiled.clear();
        }
        compiled.insert(text.to_owned(), program.clone());
        program
    }
}

impl fmt::Debug for Programs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Programs")
    }
}

/// A compiled program.
pub struct Program {
    filter: Filter<Engine>,
    stack: Stack,
}

/// What a program gave.
#[derive(Clone, Debug, PartialEq)]
pub enum Outputs {
    /// Nothing.
    None,
    /// One value.
    One(Value),
    /// More than one value: the first of them.
    Several(Value),
}

/// Why a program stopped.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// The text of the error, as jq prints it.
    pub message: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

impl Program {
    /// Runs the program until its second output. `now` is the time that the program sees, in seconds since 1970.
    pub fn run(&self, input: &Value, now: f64, limits: Limits) -> Result<Outputs, Failure> {
        let (outputs, failure) = self.outputs(input, now, limits, 2);
        let mut outputs = outputs.into_iter();
        match (outputs.next(), outputs.next(), failure) {
            (_, _, Some(failure)) => Err(failure),
            (None, _, None) => Ok(Outputs::None),
            (Some(first), None, None) => Ok(Outputs::One(first)),
            (Some(first), Some(_), None) => Ok(Outputs::Several(first)),
        }
    }

    /// Runs the program and collects its outputs, `at_most` so many, up to the failure that ends them.
    pub fn outputs(&self, input: &Value, now: f64, limits: Limits, at_most: usize) -> (Vec<Value>, Option<Failure>) {
        let run = || {
            let environment = Environment { lut: &self.filter.lut, now };
            let context = Ctx::<Engine>::new(environment, Vars::new([SOURCE_POSITION.clone()]));
            let mut outputs = Vec::new();
            for result in self.filter.id.run((context, input.clone())).take(at_most) {
                match result {
                    Ok(value) => outputs.push(leave(value)),
                    Err(exception) => {
                        let message =
                            exception.get_err().map_or("break".to_owned(), |error| error_text(&error.into_val()));
                        return (outputs, Some(Failure { message }));
                    }
                }
            }
            (outputs, None)
        };
        limit::within(limits, self.stack, run)
            .unwrap_or_else(|exceeded| (Vec::new(), Some(Failure { message: exceeded.to_string() })))
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Program")
    }
}

/// The text of an error as jq prints it: what is no string is shown as JSON.
fn error_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_string(),
        Value::Null => "null (null) not a string".to_owned(),
        other => format!("(not a string): {}", other.to_json()),
    }
}

/// A value as it leaves a program: JSON has no NaN and no infinity, and jq prints null and the largest number for them.
fn leave(value: Value) -> Value {
    if !value.size().odd {
        return value;
    }
    match value {
        Value::Float(number) if number.is_nan() => Value::Null,
        Value::Float(number) => Value::number(number.clamp(f64::MIN, f64::MAX)),
        Value::Array(items) => Value::array(items.iter().cloned().map(leave)),
        Value::Object(members) => Value::object(members.iter().map(|(key, value)| (key.clone(), leave(value.clone())))),
        other => other,
    }
}

/// `$__loc__`: the engine gives no line, and programs of flows stand on one.
static SOURCE_POSITION: LazyLock<Value> =
    LazyLock::new(|| Value::object([("file", Value::from("<top-level>")), ("line", Value::Integer(1))]));

/// The kinds of data that our engine works with.
#[derive(Debug)]
pub(crate) struct Engine;

impl DataT for Engine {
    type V<'a> = Value;
    type Data<'a> = Environment<'a>;
}

/// What natives see of the outside.
#[derive(Clone, Copy)]
pub(crate) struct Environment<'a> {
    lut: &'a Lut<Engine>,
    now: f64,
}

impl<'a> HasLut<'a, Engine> for Environment<'a> {
    /// The engine asks for its program before each step, which is where steps are counted.
    fn lut(&self) -> &'a Lut<Engine> {
        limit::step();
        self.lut
    }
}
