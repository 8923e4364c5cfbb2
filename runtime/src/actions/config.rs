//! Stored settings: `LoadConfig` and `PatchConfig` (documentation page "Built-in actions").

use super::{Call, text};
use crate::Value;
use crate::error::StateError;
use crate::platform::{LoadConfig, MissingConfig, PatchConfig};
use crate::value::Object;

/// `zis:common:action:LoadConfig`.
pub(super) fn load(parameters: &Value, call: &mut Call<'_>) -> Result<Option<Value>, StateError> {
    let scope = text(parameters, "scope")?;
    let config = match find(&call.account.configs, scope) {
        Some(config) => config.clone(),
        None => match call.platform.missing_config {
            MissingConfig::Error => return Err(not_found(scope, call)),
            MissingConfig::Empty => Value::Object(Object::default()),
        },
    };
    Ok(Some(match call.platform.load_config {
        LoadConfig::Bare => {
            call.note(
                "LoadConfig gave the settings themselves; one page of the documentation shows them wrapped in `config` (load_config)",
            );
            config
        }
        LoadConfig::Wrapped => Value::object([("config", config)]),
    }))
}

/// `zis:common:action:PatchConfig`. It has no answer (older documentation).
pub(super) fn patch(parameters: &Value, call: &mut Call<'_>) -> Result<Option<Value>, StateError> {
    let scope = text(parameters, "scope")?;
    let Some(Value::Object(changes)) = parameters.get("config") else {
        return Err(StateError::task_failed("PatchConfig: the parameter `config` is an object of settings"));
    };
    let key = match find_key(&call.account.configs, scope) {
        Some(key) => key.to_owned(),
        None => return Err(not_found(scope, call)),
    };
    let deep = call.platform.patch_config == PatchConfig::Deep;
    let mut merged_below = false;
    if let Some(config) = call.account.configs.get_mut(&key) {
        let old = match std::mem::take(config) {
            Value::Object(members) => members,
            _ => Object::default(),
        };
        *config = Value::Object(merge(old, changes, deep, &mut merged_below));
    }
    if merged_below {
        call.note("PatchConfig merged an object inside of the settings; the platform may replace it as a whole (patch_config)");
    }
    Ok(None)
}

fn merge(mut settings: Object, changes: &Object, deep: bool, merged_below: &mut bool) -> Object {
    for (key, value) in changes {
        let value = match (settings.get(key), value) {
            (Some(Value::Object(old)), Value::Object(new)) if deep => {
                *merged_below = true;
                Value::Object(merge(old.clone(), new, deep, merged_below))
            }
            _ => value.clone(),
        };
        settings.insert(key.clone(), value);
    }
    settings
}

fn find<'a>(configs: &'a indexmap::IndexMap<String, Value>, scope: &str) -> Option<&'a Value> {
    configs.get(find_key(configs, scope)?)
}

/// The first scope that fits, in the order in which they were stored; `*` stands for anything (older documentation).
fn find_key<'a>(configs: &'a indexmap::IndexMap<String, Value>, scope: &str) -> Option<&'a str> {
    configs.keys().find(|key| super::fits(scope, key)).map(String::as_str)
}

fn not_found(scope: &str, call: &Call<'_>) -> StateError {
    let known = call.account.configs.keys().map(|scope| format!("`{scope}`")).collect::<Vec<_>>().join(", ");
    let known =
        if known.is_empty() { "the account has no configs".to_owned() } else { format!("the account has {known}") };
    StateError::task_failed(format!("config not found: {scope}")).with_detail(known)
}
