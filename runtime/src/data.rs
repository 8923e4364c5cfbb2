//! Reading and writing the data of a flow by paths.

use crate::Value;
use crate::error::StateError;
use crate::missing::explanation;
use zisc_bundle::json::{Json, Value as Read};
use zisc_bundle::{Path, Step};

/// The data of one run or iteration may grow to this weight; see [`Value::weight`]. The platform's limit is not known.
const LARGEST_DATA: u64 = 64 << 20;

/// The value at `path`. A null there is a value; a step into nothing is the error.
pub(crate) fn read<'d>(data: &'d Value, path: &Path) -> Result<&'d Value, StateError> {
    find(data, path).ok_or_else(|| not_found(data, path))
}

/// The error of a path that leads nowhere, and where its way ends.
pub(crate) fn not_found(data: &Value, path: &Path) -> StateError {
    StateError { detail: explanation(data, path), ..StateError::path_not_found(path) }
}

/// The value at `path`, where the path leads anywhere.
pub(crate) fn find<'d>(data: &'d Value, path: &Path) -> Option<&'d Value> {
    path.steps.iter().try_fold(data, |value, step| match step {
        Step::Member(name) => value.get(name),
        Step::Index(index) => value.as_array()?.get(*index),
    })
}

/// Where a result goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ResultPath {
    /// Nothing is written there: the default, `$`.
    Default,
    /// `null`: the result is dropped. Known from the Amazon States Language only.
    Discard,
    /// A path; `$` among them.
    At(Path),
}

impl ResultPath {
    /// Takes the member as it stands in a state.
    pub(crate) fn load(json: Option<&Json>) -> Result<Self, zisc_bundle::PathError> {
        match json.map(|json| &json.value) {
            None => Ok(Self::Default),
            Some(Read::Null) => Ok(Self::Discard),
            Some(Read::String(text)) => Path::parse(text).map(Self::At),
            // The reader of bundles has reported what is neither.
            Some(_) => Ok(Self::Default),
        }
    }

    /// As text, where a result is written at all.
    pub(crate) fn text(&self) -> Option<String> {
        match self {
            Self::Default => Some("$".to_owned()),
            Self::Discard => None,
            Self::At(path) => Some(path.to_string()),
        }
    }

    /// `data` with `result` in its place.
    pub(crate) fn write(&self, data: Value, result: Value) -> Result<Value, StateError> {
        let written = match self {
            Self::Default => result,
            Self::Discard => data,
            Self::At(path) => put(data, &path.steps, result).ok_or_else(|| {
                StateError::path_not_found(path)
                    .with_detail("a result goes only into objects, and there is another value on the way")
            })?,
        };
        within_limits(&written)?;
        Ok(written)
    }
}

/// Refuses data that no later state could print or send.
pub(crate) fn within_limits(data: &Value) -> Result<(), StateError> {
    if data.weight() > LARGEST_DATA {
        return Err(StateError::runtime(format!("the data grows beyond {} MiB", LARGEST_DATA >> 20)));
    }
    if data.size().depth as usize > crate::value::DEPTH_LIMIT {
        return Err(StateError::runtime("the data nests arrays or objects too deeply"));
    }
    Ok(())
}

/// `data` with `result` at the end of `steps`: missing parents become objects, anything else in the way is `None`.
fn put(data: Value, steps: &[Step], result: Value) -> Option<Value> {
    let Some((step, rest)) = steps.split_first() else {
        return Some(result);
    };
    match (data, step) {
        (Value::Object(mut members), Step::Member(name)) => {
            // The old value is taken out while it is changed, so that it need not be copied.
            match members.take(name) {
                Some(old) => {
                    let size = old.size();
                    let new = put(old, rest, result)?;
                    members.put_back(name, size, new);
                }
                None => members.insert(name.as_str(), put(Value::Object(Default::default()), rest, result)?),
            }
            Some(Value::Object(members))
        }
        (Value::Array(mut items), Step::Index(index)) if *index < items.len() => {
            let old = items.take(*index);
            let size = old.size();
            let new = put(old, rest, result)?;
            items.put_back(*index, size, new);
            Some(Value::Array(items))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(data: &str, path: &str, result: &str) -> Result<String, String> {
        let value = |text| Value::from_json_text(text).expect("JSON");
        let path = ResultPath::At(Path::parse(path).expect("a path"));
        path.write(value(data), value(result)).map(|value| value.to_json()).map_err(|error| error.cause)
    }

    #[test]
    fn a_result_lands_where_its_path_says() {
        for (data, path, result, expected) in [
            (r#"{"a":1}"#, "$", "2", "2"),
            (r#"{"a":1}"#, "$.b", "2", r#"{"a":1,"b":2}"#),
            (r#"{"a":{"b":1,"c":2}}"#, "$.a.b", "[3]", r#"{"a":{"b":[3],"c":2}}"#),
            (r#"{"a":{"b":1}}"#, "$.a", "{\"d\":1}", r#"{"a":{"d":1}}"#),
            ("{}", "$.a.b.c", "1", r#"{"a":{"b":{"c":1}}}"#),
            (r#"{"a":[1,2]}"#, "$.a[1]", "3", r#"{"a":[1,3]}"#),
            (r#"{"a":[{}]}"#, "$.a[0].b.c", "3", r#"{"a":[{"b":{"c":3}}]}"#),
        ] {
            assert_eq!(written(data, path, result).as_deref(), Ok(expected), "{data} {path}");
        }
        for (data, path) in
            [(r#"{"a":1}"#, "$.a.b"), ("[]", "$.a"), (r#"{"a":[]}"#, "$.a[0]"), (r#"{"a":null}"#, "$.a.b")]
        {
            assert_eq!(written(data, path, "1"), Err(format!("JSON path not found: {path}")));
        }
    }

    #[test]
    fn a_null_is_there_and_a_step_below_it_is_not() {
        let data = Value::from_json_text(r#"{"a":null,"b":[{"c":1}]}"#).expect("JSON");
        let at = |path: &str| {
            read(&data, &Path::parse(path).expect("a path")).map(Value::to_json).map_err(|error| error.cause)
        };
        assert_eq!(at("$.a").as_deref(), Ok("null"));
        assert_eq!(at("$.b[0].c").as_deref(), Ok("1"));
        assert_eq!(at("$.a.b"), Err("JSON path not found: $.a.b".to_owned()));
        assert_eq!(at("$.b[1]"), Err("JSON path not found: $.b[1]".to_owned()));
    }
}
