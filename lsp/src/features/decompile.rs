//! Bundle JSON as source, or why it is none.

use serde_json::{Value, json};

/// The source of a text that should be bundle JSON.
pub(crate) fn decompile(text: &str) -> Value {
    let problems = match zisc_core::decompile(text) {
        Ok(decompiled) => return json!({ "source": decompiled.text }),
        Err(problems) => problems,
    };
    let refusal = problems.first().map(|problem| match &problem.help {
        Some(help) => format!("{}; {help}", problem.message),
        None => problem.message.clone(),
    });
    json!({ "refusal": refusal.unwrap_or_else(|| "this is no bundle".to_owned()) })
}
