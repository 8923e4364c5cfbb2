//! Payload templates (`"key.$": "$.path"`) and texts with placeholders (`{{$.path}}`), read once and filled in often.

use crate::Value;
use crate::data::read;
use crate::error::StateError;
use crate::value::Text;
use std::collections::HashSet;
use zisc_bundle::json::{Json, Member, Value as Read};
use zisc_bundle::{Part, Path, Problem, ProblemKind, Template};

/// JSON with places to fill in.
#[derive(Clone, Debug)]
pub(crate) enum Payload {
    /// Nothing to fill in.
    Literal(Value),
    /// An array with something to fill in.
    Array(Vec<Payload>),
    /// An object with something to fill in.
    Object(Vec<(Text, Payload)>),
    /// The value at a path, with its type.
    At(Path),
    /// A text with placeholders.
    Text(Line),
}

/// A text with placeholders.
#[derive(Clone, Debug)]
pub(crate) enum Line {
    /// Texts and paths in order.
    Parts(Template),
    /// One path that is the whole text.
    Whole(Path),
    /// A placeholder or path that names no single place. Filling it in fails, as on the platform.
    Broken(String),
}

/// In which strings `{{$.path}}` is a placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Placeholders {
    /// Only below keys that end in `.$` (documented).
    WithSuffix,
    /// In all: definitions of custom actions (seen in production), and `Parameters` (a guess, lenient).
    Everywhere,
}

impl Payload {
    /// Reads a template.
    pub(crate) fn load(json: &Json, placeholders: Placeholders, problems: &mut Vec<Problem>) -> Self {
        match &json.value {
            Read::String(text) if placeholders == Placeholders::Everywhere && text.contains("{{$") => {
                Self::Text(Line::load(text))
            }
            Read::Array(items) => {
                let items: Vec<_> = items.iter().map(|item| Self::load(item, placeholders, problems)).collect();
                match items.iter().map(Self::literal).collect::<Option<Vec<_>>>() {
                    Some(items) => Self::Literal(Value::Array(items.into())),
                    None => Self::Array(items),
                }
            }
            Read::Object(members) => {
                refuse_twice(members, problems);
                let members: Vec<_> =
                    members.iter().map(|member| Self::load_member(member, placeholders, problems)).collect();
                let literal = |(key, value): &(Text, Payload)| Some((key.clone(), value.literal()?));
                match members.iter().map(literal).collect::<Option<Vec<_>>>() {
                    Some(members) => Self::Literal(Value::object(members)),
                    None => Self::Object(members),
                }
            }
            _ => Self::Literal(Value::from(json)),
        }
    }

    /// Reads one member: its key without `.$`, and what to put there.
    pub(crate) fn load_member(
        member: &Member,
        placeholders: Placeholders,
        problems: &mut Vec<Problem>,
    ) -> (Text, Self) {
        let Some(key) = member.key.strip_suffix(".$") else {
            return (member.key.as_str().into(), Self::load(&member.value, placeholders, problems));
        };
        let Some(text) = member.value.as_str() else {
            problems.push(Problem {
                kind: ProblemKind::Unusable,
                message: format!(
                    "`{}` takes a path or a text with placeholders, and this is {}",
                    *member.key,
                    member.value.kind()
                ),
                help: Some(format!("write `{key}` without `.$` for a value as it is")),
                span: member.value.span,
            });
            return (key.into(), Self::Literal(Value::Null));
        };
        let payload = match Path::parse(text) {
            Ok(path) => Self::At(path),
            Err(_) if means_a_path(text) => Self::Text(Line::Broken(text.to_owned())),
            Err(_) => Self::Text(Line::load(text)),
        };
        (key.into(), payload)
    }

    fn literal(&self) -> Option<Value> {
        match self {
            Self::Literal(value) => Some(value.clone()),
            Self::Array(_) | Self::Object(_) | Self::At(_) | Self::Text(_) => None,
        }
    }

    /// Fills in from `data`.
    pub(crate) fn fill(&self, data: &Value) -> Result<Value, StateError> {
        let filled = self.fill_part(data)?;
        crate::data::within_limits(&filled)?;
        Ok(filled)
    }

    fn fill_part(&self, data: &Value) -> Result<Value, StateError> {
        match self {
            Self::Literal(value) => Ok(value.clone()),
            Self::Array(items) => items.iter().map(|item| item.fill_part(data)).collect(),
            Self::Object(members) => {
                let filled = members.iter().map(|(key, value)| Ok((key.clone(), value.fill_part(data)?)));
                Ok(Value::Object(filled.collect::<Result<_, StateError>>()?))
            }
            Self::At(path) => read(data, path).cloned(),
            Self::Text(line) => line.fill(data).map(Value::from),
        }
    }
}

/// Refuses a member that is there both as it is and with `.$`: each would write over the other.
fn refuse_twice(members: &[Member], problems: &mut Vec<Problem>) {
    let keys: HashSet<&str> = members.iter().map(|member| member.key.as_str()).collect();
    for member in members {
        let Some(key) = member.key.strip_suffix(".$") else { continue };
        if keys.contains(key) {
            problems.push(Problem {
                kind: ProblemKind::Unusable,
                message: format!("both `{key}` and `{key}.$` are given"),
                help: Some("remove one of them: both would write the same member".to_owned()),
                span: member.key.span,
            });
        }
    }
}

/// Whether a `.$` value was meant as a path, though it is none that is known to work.
fn means_a_path(text: &str) -> bool {
    (text.starts_with("$.") || text.starts_with("$["))
        && !text.contains("{{")
        && !text.contains(|c: char| c.is_whitespace())
}

impl Line {
    /// Reads a text with placeholders.
    pub(crate) fn load(text: &str) -> Self {
        Template::parse(text).map_or_else(|_| Self::Broken(text.to_owned()), Self::Parts)
    }

    /// Reads the text of a `Message`, `Error` or `Cause`, where a path alone stands for the value found there.
    pub(crate) fn load_log_text(text: &str) -> Self {
        match Path::parse(text) {
            Ok(path) => Self::Whole(path),
            Err(_) => Self::load(text),
        }
    }

    /// The text, filled in from `data`.
    pub(crate) fn fill(&self, data: &Value) -> Result<String, StateError> {
        let template = match self {
            Self::Parts(template) => template,
            Self::Whole(path) => return read(data, path).and_then(rendered),
            Self::Broken(text) => {
                return Err(StateError::path_not_found(text)
                    .with_detail("a path here names one place: `$`, then `.name`, `[0]` or `[\"name\"]`"));
            }
        };
        let mut out = String::new();
        for part in &template.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Path(path) => out.push_str(&rendered(read(data, path)?)?),
            }
        }
        Ok(out)
    }
}

/// A value as text: strings as they are, whole numbers without fraction or exponent, the rest as JSON. How the
/// platform writes numbers, arrays and objects is not documented; this is a guess.
fn rendered(value: &Value) -> Result<String, StateError> {
    crate::data::within_limits(value)?;
    Ok(match value {
        Value::String(text) => text.to_string(),
        Value::Float(number) if number.fract() == 0.0 => format!("{number:.0}"),
        other => other.to_json(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str, placeholders: Placeholders, data: &str) -> Result<String, String> {
        let (json, errors) = zisc_bundle::json::read(template);
        assert!(errors.is_empty());
        let payload = Payload::load(&json, placeholders, &mut Vec::new());
        let data = Value::from_json_text(data).expect("JSON");
        payload.fill(&data).map(|value| value.to_json()).map_err(|error| error.cause)
    }

    const DATA: &str =
        r#"{"id":7,"ratio":2.50,"big":100000000000000000000,"name":"Ann \"A\"","list":[1,"x"],"no":null}"#;

    #[test]
    fn paths_keep_types_and_placeholders_make_text() {
        for (template, expected) in [
            (r#"{"a.$":"$.id"}"#, r#"{"a":7}"#),
            (r#"{"a.$":"{{$.id}}"}"#, r#"{"a":"7"}"#),
            (
                r#"{"a.$":"{{$.name}}: {{$.ratio}}, {{$.big}}, {{$.list}}, {{$.no}}"}"#,
                r#"{"a":"Ann \"A\": 2.5, 100000000000000000000, [1,\"x\"], null"}"#,
            ),
            (r#"{"a":"$.id","b":[{"c.$":"$.list[1]"}]}"#, r#"{"a":"$.id","b":[{"c":"x"}]}"#),
            (r#"{"a":"{{$.id}}"}"#, r#"{"a":"{{$.id}}"}"#),
            (r#"{"expr.$":".x | index(1)"}"#, r#"{"expr":".x | index(1)"}"#),
            (r#"{"a.$":"{{NAME}} costs $5"}"#, r#"{"a":"{{NAME}} costs $5"}"#),
        ] {
            assert_eq!(filled(template, Placeholders::WithSuffix, DATA).as_deref(), Ok(expected), "{template}");
        }
        let everywhere = filled(r#"{"a":["{{$.id}}"]}"#, Placeholders::Everywhere, DATA);
        assert_eq!(everywhere.as_deref(), Ok(r#"{"a":["7"]}"#));
    }

    #[test]
    fn a_path_that_leads_nowhere_is_named() {
        for (template, path) in [
            (r#"{"a.$":"$.x.y"}"#, "$.x.y"),
            (r#"{"a.$":"is {{$.x}}"}"#, "$.x"),
            (r#"{"a.$":"$.list[*]"}"#, "$.list[*]"),
        ] {
            assert_eq!(filled(template, Placeholders::WithSuffix, DATA), Err(format!("JSON path not found: {path}")));
        }
    }
}
