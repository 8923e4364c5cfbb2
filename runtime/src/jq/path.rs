//! jq functions that take paths as data.

use super::natives::Line;
use crate::Value;
use jaq_core::native::{bome, unary, v};
use jaq_core::path::Opt;
use jaq_core::{Error, ValR, ValT};
use std::iter::once;

/// The natives of this file.
pub(super) fn table() -> Box<[Line]> {
    Box::new([
        ("delpaths", v(1), |cv| unary(cv, delete_all)),
        ("_tostream", v(0), |cv| bome(Ok(Value::array(stream(&cv.1))))),
    ])
}

/// Deletes from the last path to the first, so that the ones before keep their meaning.
fn delete_all(value: Value, paths: Value) -> ValR<Value> {
    let Value::Array(paths) = paths else {
        return Err(Error::str("Paths must be specified as an array"));
    };
    let mut paths = paths.into_vec();
    paths.sort();
    paths.dedup();
    paths.into_iter().rev().try_fold(value, |value, path| match &path {
        Value::Array(steps) => delete(value, steps),
        _ => Err(Error::str("Path must be specified as an array")),
    })
}

fn delete(value: Value, steps: &[Value]) -> ValR<Value> {
    if value.is_null() {
        return Ok(value);
    }
    let (step, rest) = match steps {
        [] => return Ok(Value::Null),
        [step] => (step, None),
        [step, rest @ ..] => (step, Some(rest)),
    };
    // What is not there needs no deleting, and must not be made on the way.
    if value.clone().index(step)?.is_null() && !present(&value, step) {
        return Ok(value);
    }
    let deleted = match rest {
        None => value.map_index(step, Opt::Essential, |_| std::iter::empty()),
        Some(rest) => value.map_index(step, Opt::Essential, |inner| once(delete(inner, rest).map_err(Into::into))),
    };
    deleted.map_err(|exception| exception.get_err().unwrap_or_else(|_| Error::str("break")))
}

fn present(value: &Value, step: &Value) -> bool {
    match (value, step) {
        (Value::Object(members), Value::String(key)) => members.get(key).is_some(),
        (Value::Array(items), step) => step.as_f64().is_some_and(|at| {
            let at = if at < 0.0 { at + items.len() as f64 } else { at };
            at >= 0.0 && at < items.len() as f64
        }),
        _ => false,
    }
}

/// The events of `tostream`: each leaf with its path, and the path of the last member when a container closes.
fn stream(value: &Value) -> Vec<Value> {
    let mut events = Vec::new();
    into_stream(value, &mut Vec::new(), &mut events);
    events
}

fn into_stream(value: &Value, path: &mut Vec<Value>, events: &mut Vec<Value>) {
    crate::limit::step();
    let children: Vec<(Value, &Value)> = match value {
        Value::Array(items) => items.iter().enumerate().map(|(at, item)| (at.into(), item)).collect(),
        Value::Object(members) => members.iter().map(|(key, value)| (Value::String(key.clone()), value)).collect(),
        _ => Vec::new(),
    };
    let path_value = |path: &[Value]| Value::array(path.iter().cloned());
    let Some((last, _)) = children.last().cloned() else {
        return events.push(Value::array([path_value(path), value.clone()]));
    };
    for (key, child) in children {
        path.push(key);
        into_stream(child, path, events);
        path.pop();
    }
    path.push(last);
    events.push(Value::array([path_value(path)]));
    path.pop();
}
