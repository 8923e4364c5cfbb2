//! The jq transform: parameters `expr` and `data`.

use super::Call;
use crate::Value;
use crate::error::StateError;
use crate::jq::Outputs;

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
    let outputs = program.run(&data, call.now, call.jq_limits).map_err(|failure| failed(failure.message))?;
    Ok(Some(match outputs {
        Outputs::One(value) => value,
        // What the platform does with none or several is not documented.
        Outputs::None => {
            call.note("the jq program gave no output, and null was taken; what the platform does then is not known");
            Value::Null
        }
        Outputs::Several(first) => {
            call.note("the jq program gave several outputs, and the first was taken; what the platform does then is not known");
            first
        }
    }))
}
