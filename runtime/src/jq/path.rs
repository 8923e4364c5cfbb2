//! jq functions that take paths as data.

use super::natives::Line;
use crate::Value;
use crate::value::{Bounds, kind_name};
use jaq_core::native::{bome, unary, v};
use jaq_core::path::Opt;
use jaq_core::{Error, ValR, ValT, ValX};
use std::iter::once;
use std::ops::Range;

/// The natives of this file.
pub(super) fn table() -> Box<[Line]> {
    Box::new([
        ("delpaths", v(1), |cv| unary(cv, delete_all)),
        ("_tostream", v(0), |cv| bome(Ok(Value::array(stream(&cv.1))))),
    ])
}

/// Deletes all paths at once: those of one container are resolved before the first of them is deleted.
fn delete_all(value: Value, paths: Value) -> ValR<Value> {
    let Value::Array(paths) = paths else {
        return Err(Error::str("Paths must be specified as an array"));
    };
    let mut steps = Vec::with_capacity(paths.len());
    for path in paths.iter() {
        match path {
            Value::Array(path) => steps.push(&path[..]),
            _ => return Err(Error::str("Path must be specified as an array")),
        }
    }
    steps.sort();
    delete(value, &steps)
}

/// Deletes sorted paths: first inside of the members, then the members themselves.
fn delete(mut value: Value, paths: &[&[Value]]) -> ValR<Value> {
    crate::limit::step();
    let mut members = Vec::new();
    let mut rest = paths;
    while let Some((first, _)) = rest.split_first() {
        let Some(step) = first.first() else {
            return Ok(Value::Null);
        };
        let same = rest.iter().take_while(|path| path.first() == Some(step)).count();
        let (group, others) = rest.split_at(same);
        rest = others;
        let deeper: Vec<&[Value]> = group.iter().map(|path| &path[1..]).collect();
        if deeper.iter().any(|path| path.is_empty()) {
            members.push(step);
        } else if !value.is_null() && !value.clone().index(step)?.is_null() {
            let inner = |part| once(delete(part, &deeper).map_err(Into::into));
            value = unwrapped(value.map_index(step, Opt::Essential, inner))?;
        }
    }
    delete_members(value, &members)
}

fn delete_members(value: Value, steps: &[&Value]) -> ValR<Value> {
    match value {
        _ if steps.is_empty() => Ok(value),
        Value::Null => Ok(Value::Null),
        Value::Object(mut members) => {
            for step in steps {
                match step {
                    Value::String(key) => drop(members.remove(key)),
                    other => return Err(Error::str(format!("Cannot delete {} field of object", kind_name(other)))),
                }
            }
            Ok(Value::Object(members))
        }
        Value::Array(items) => {
            let mut gone = vec![false; items.len()];
            for step in steps {
                match (step.as_f64(), slice(step, items.len())) {
                    (Some(at), _) => {
                        let at = if at < 0.0 { at + items.len() as f64 } else { at }.floor();
                        if at >= 0.0
                            && let Some(mark) = gone.get_mut(at as usize)
                        {
                            *mark = true;
                        }
                    }
                    (None, Some(range)) => gone[range?].fill(true),
                    (None, None) => {
                        return Err(Error::str(format!("Cannot delete {} element of array", kind_name(step))));
                    }
                }
            }
            Ok(Value::array(items.iter().zip(gone).filter(|(_, gone)| !gone).map(|(item, _)| item.clone())))
        }
        other => Err(Error::str(format!("Cannot delete field of {}", kind_name(&other)))),
    }
}

/// The positions that a slice of a path means.
fn slice(step: &Value, length: usize) -> Option<Result<Range<usize>, Error<Value>>> {
    Some(Bounds::of(step)?.within(length))
}

fn unwrapped(result: ValX<'_, Value>) -> ValR<Value> {
    result.map_err(|exception| exception.get_err().unwrap_or_else(|_| Error::str("break")))
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
