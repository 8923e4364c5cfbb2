//! The jq transform: parameters `expr` and `data`.

use super::Call;
use crate::Value;
use crate::error::StateError;
use crate::jq::{Outputs, Program};
use crate::platform::{JqNone, JqSeveral, JqText};
use crate::value::Array;

/// `zis:common:transform:Jq`.
pub(super) fn transform(parameters: &Value, call: &mut Call<'_>) -> Result<Option<Value>, StateError> {
    let text = match parameters.get("expr") {
        Some(Value::String(text)) => text,
        Some(other) => {
            return Err(StateError::task_failed(format!("jq: `expr` is a text, and this is {}", other.kind())));
        }
        None => return Err(StateError::task_failed("jq: the parameter `expr` is missing")),
    };
    let Some(data) = parameters.get("data") else {
        return Err(StateError::task_failed("jq: the parameter `data` is missing"));
    };
    let data = match data {
        // A text that the bundle spells out is JSON (as in Zendesk's own sample); one that a path gives stays a text.
        Value::String(text) if call.literal.data => Value::from_json_text(text).unwrap_or_else(|_| data.clone()),
        Value::String(text) => match Value::from_json_text(text) {
            Ok(decoded) => {
                call.note("a path gives a text that is JSON to a jq program, and whether the platform decodes it is not known (jq_text)");
                if call.platform.jq_text == JqText::Json { decoded } else { data.clone() }
            }
            Err(_) => data.clone(),
        },
        other => other.clone(),
    };
    let failed = |message: String| StateError::task_failed(format!("jq: error: {message}"));
    let program = call.programs.compile(text).map_err(|mistake| {
        let shown = text.get(mistake.span.start..).unwrap_or_default();
        let place: String = shown.chars().take(40).collect();
        let error = failed(mistake.message);
        if place.is_empty() { error } else { error.with_detail(format!("at `{place}`")) }
    })?;
    let outputs = program.run(&data, call.now, call.jq_limits).map_err(|failure| failed(failure.message))?;
    let several = call.platform.jq_several;
    Ok(Some(match (outputs, several) {
        (Outputs::One(value), _) => value,
        (Outputs::None, JqSeveral::Array) => {
            call.note("the jq program gave no output, and an empty array was taken; what the platform does is not known (jq_several)");
            Value::Array(Array::default())
        }
        (Outputs::None, _) => match call.platform.jq_none {
            JqNone::Error => {
                call.note("the jq program gave no output, which failed; what the platform does is not known (jq_none)");
                return Err(failed("the program gave no output".to_owned()));
            }
            JqNone::Null => {
                call.note(
                    "the jq program gave no output, and null was taken; what the platform does is not known (jq_none)",
                );
                Value::Null
            }
        },
        (Outputs::Several(first), JqSeveral::First) => {
            call.note("the jq program gave several outputs, and the first was taken; what the platform does is not known (jq_several)");
            first
        }
        (Outputs::Several(_), JqSeveral::Array) => {
            call.note("the jq program gave several outputs, and an array of them was taken; what the platform does is not known (jq_several)");
            every_output(&program, &data, call)?
        }
        (Outputs::Several(_), JqSeveral::Error) => {
            call.note(
                "the jq program gave several outputs, which failed; what the platform does is not known (jq_several)",
            );
            return Err(failed("the program gave several outputs".to_owned()));
        }
    }))
}

fn every_output(program: &Program, data: &Value, call: &Call<'_>) -> Result<Value, StateError> {
    const MOST: usize = 1_000_000;
    match program.outputs(data, call.now, call.jq_limits, MOST) {
        (_, Some(failure)) => Err(StateError::task_failed(format!("jq: error: {}", failure.message))),
        (outputs, None) => Ok(Value::array(outputs)),
    }
}
