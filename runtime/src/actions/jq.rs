//! The jq transform: parameters `expr` and `data`.

use super::Call;
use crate::Value;
use crate::error::StateError;
use crate::jq::{Outputs, Program};
use crate::platform::{JqNone, JqSeveral};

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
        other => other.clone(),
    };
    let failed = |message: String| StateError::task_failed(format!("jq: error: {message}"));
    let program = call.programs.compile(text).map_err(|mistake| {
        let shown = text.get(mistake.span.start..).unwrap_or_default();
        let place: String = shown.chars().take(40).collect();
        let error = failed(mistake.message);
        if place.is_empty() { error } else { error.with_detail(format!("at `{place}`")) }
    })?;
    if call.platform.jq_several == JqSeveral::Array {
        return every_output(&program, &data, call).map(Some);
    }
    let outputs = program.run(&data, call.now, call.jq_limits).map_err(|failure| failed(failure.message))?;
    Ok(Some(match outputs {
        Outputs::One(value) => value,
        Outputs::None if call.platform.jq_none == JqNone::Error => {
            return Err(failed("the program gave no output".to_owned()));
        }
        Outputs::None => {
            call.note(
                "the jq program gave no output, and null was taken; what the platform does is not known (jq_none)",
            );
            Value::Null
        }
        Outputs::Several(_) if call.platform.jq_several == JqSeveral::Error => {
            return Err(failed("the program gave several outputs".to_owned()));
        }
        Outputs::Several(first) => {
            call.note("the jq program gave several outputs, and the first was taken; what the platform does is not known (jq_several)");
            first
        }
    }))
}

/// One output as it is, any other number of them as an array.
fn every_output(program: &Program, data: &Value, call: &mut Call<'_>) -> Result<Value, StateError> {
    const MOST: usize = 1_000_000;
    match program.outputs(data, call.now, call.jq_limits, MOST) {
        (_, Some(failure)) => Err(StateError::task_failed(format!("jq: error: {}", failure.message))),
        (outputs, None) if outputs.len() == 1 => Ok(outputs.into_iter().next().unwrap_or_default()),
        (outputs, None) => Ok(Value::array(outputs)),
    }
}
