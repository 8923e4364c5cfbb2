//! Stored settings: `LoadConfig` and `PatchConfig` (documentation page "Built-in actions").

use super::{Call, text};
use crate::Value;
use crate::error::StateError;
use crate::platform::{LoadConfig, MissingConfig, PatchConfig};
use crate::value::Object;

/// `zis:common:action:LoadConfig`.
pub(super) fn load(parameters: &Value, call: &mut Call<'_>) -> Result<Option<Value>, StateError> {
    let scope = text(parameters, "scope")?;
    if call.account.configs.keys().filter(|key| super::fits(scope, key)).nth(1).is_some() {
        call.note(
            "several configs fit this scope, and the first that was stored was taken, as older documentation says",
        );
    }
    let config = match find(&call.account.configs, scope) {
        Some(config) => config.clone(),
        None => {
            call.note(
                "no config has this scope, and what LoadConfig does then on the platform is not known (missing_config)",
            );
            match call.platform.missing_config {
                MissingConfig::Error => return Err(not_found(scope, call)),
                MissingConfig::Empty => Value::Object(Object::default()),
            }
        }
    };
    Ok(Some(match call.platform.load_config {
        LoadConfig::Bare => {
            call.note(
                "LoadConfig gave the settings themselves; one page of the documentation shows them wrapped in `config` (load_config)",
            );
            config
        }
        LoadConfig::Wrapped => {
            call.note(
                "LoadConfig gave the settings wrapped in `config`; other pages of the documentation show them bare (load_config)",
            );
            Value::object([("config", config)])
        }
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
        None => {
            call.note(
                "no config has this scope, and what PatchConfig does then on the platform is not known: here it fails",
            );
            return Err(not_found(scope, call));
        }
    };
    let deep = call.platform.patch_config == PatchConfig::Deep;
    let mut met = false;
    if let Some(config) = call.account.configs.get_mut(&key) {
        let old = match std::mem::take(config) {
            Value::Object(members) => members,
            _ => Object::default(),
        };
        *config = Value::Object(merge(old, changes, deep, &mut met));
    }
    if met {
        call.note(if deep {
            "PatchConfig merged an object inside of the settings; the platform may replace it as a whole (patch_config)"
        } else {
            "PatchConfig replaced an object inside of the settings; the platform may merge it (patch_config)"
        });
    }
    Ok(None)
}

/// `met` becomes true where both have an object, which is where the two ways to merge differ.
fn merge(mut settings: Object, changes: &Object, deep: bool, met: &mut bool) -> Object {
    for (key, value) in changes {
        let value = match (settings.get(key), value) {
            (Some(Value::Object(old)), Value::Object(new)) => {
                *met = true;
                if deep { Value::Object(merge(old.clone(), new, deep, met)) } else { value.clone() }
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
