//! Payload templates (`"key.$": "$.path"`) and texts with placeholders (`{{$.path}}`), read once and filled in often.

use crate::Value;
use crate::data::read;
use crate::error::StateError;
use crate::platform::{PlaceholderType, PlainPaths, PlainPlaceholders, Platform};
use crate::value::Text;
use std::collections::HashSet;
use zisc_bundle::json::{Json, Member, Value as Read};
use zisc_bundle::{Part, Path, Problem, ProblemKind, Step, Template};

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
    /// A text that is one placeholder, whose type is disputed.
    Placeholder(Path),
    /// A text that the platform may take as it is, and what it may stand for.
    Disputed(Text, Box<Payload>),
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
    /// In `Parameters`: elsewhere too, if the platform is so.
    InParameters,
    /// In definitions of custom actions: everywhere (seen in production).
    Everywhere,
}

/// What templates are filled in with, and what came of that is not known for sure.
#[derive(Debug)]
pub(crate) struct Filling<'a> {
    pub(crate) data: &'a Value,
    pub(crate) platform: &'a Platform,
    /// Remarks for the trace.
    pub(crate) notes: Vec<&'static str>,
}

impl<'a> Filling<'a> {
    pub(crate) fn new(data: &'a Value, platform: &'a Platform) -> Self {
        Self { data, platform, notes: Vec::new() }
    }

    /// The text of a value; for how the platform writes arrays, objects and null there is no documentation.
    fn text(&mut self, value: &Value) -> Result<String, StateError> {
        if matches!(value, Value::Null | Value::Array(_) | Value::Object(_)) {
            self.notes.push("a placeholder met null, an array or an object, and how the platform writes those in a text is not known: here as JSON");
        }
        rendered(value)
    }
}

impl Payload {
    /// Reads a template.
    pub(crate) fn load(json: &Json, placeholders: Placeholders, problems: &mut Vec<Problem>) -> Self {
        match &json.value {
            Read::String(text) if placeholders != Placeholders::WithSuffix && text.contains("{{$") => {
                let filled_in = Self::load_text(text);
                match placeholders {
                    Placeholders::InParameters => Self::Disputed(text.as_str().into(), filled_in.into()),
                    Placeholders::WithSuffix | Placeholders::Everywhere => filled_in,
                }
            }
            Read::String(text) if placeholders == Placeholders::Everywhere && text.starts_with("$.") => {
                match Path::parse(text) {
                    Ok(path) => Self::Disputed(text.as_str().into(), Self::At(path).into()),
                    Err(_) => Self::Literal(Value::from(text.as_str())),
                }
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
                instead: None,
            });
            return (key.into(), Self::Literal(Value::Null));
        };
        let payload = match Path::parse(text) {
            Ok(path) => Self::At(path),
            Err(_) if means_a_path(text) => Self::Text(Line::Broken(text.to_owned())),
            Err(_) => Self::load_text(text),
        };
        (key.into(), payload)
    }

    fn load_text(text: &str) -> Self {
        match Line::load(text) {
            Line::Parts(Template { parts }) if matches!(&parts[..], [Part::Path(_)]) => {
                match parts.into_iter().next() {
                    Some(Part::Path(path)) => Self::Placeholder(path),
                    _ => Self::Literal(Value::Null),
                }
            }
            line => Self::Text(line),
        }
    }

    /// Whether a path in it begins with this member.
    pub(crate) fn reads_member(&self, name: &str) -> bool {
        let begins = |path: &Path| matches!(path.steps.first(), Some(Step::Member(first)) if first == name);
        match self {
            Self::Literal(_) => false,
            Self::Array(items) => items.iter().any(|item| item.reads_member(name)),
            Self::Object(members) => members.iter().any(|(_, value)| value.reads_member(name)),
            Self::At(path) | Self::Placeholder(path) => begins(path),
            Self::Text(Line::Parts(template)) => template.paths().any(begins),
            Self::Text(Line::Whole(path)) => begins(path),
            Self::Text(Line::Broken(_)) => false,
            Self::Disputed(_, payload) => payload.reads_member(name),
        }
    }

    fn literal(&self) -> Option<Value> {
        match self {
            Self::Literal(value) => Some(value.clone()),
            Self::Array(_)
            | Self::Object(_)
            | Self::At(_)
            | Self::Text(_)
            | Self::Placeholder(_)
            | Self::Disputed(..) => None,
        }
    }

    /// Fills in from the data.
    pub(crate) fn fill(&self, filling: &mut Filling<'_>) -> Result<Value, StateError> {
        let filled = self.fill_part(filling)?;
        crate::data::within_limits(&filled)?;
        Ok(filled)
    }

    fn fill_part(&self, filling: &mut Filling<'_>) -> Result<Value, StateError> {
        match self {
            Self::Literal(value) => Ok(value.clone()),
            Self::Array(items) => items.iter().map(|item| item.fill_part(filling)).collect(),
            Self::Object(members) => {
                let filled = members.iter().map(|(key, value)| Ok((key.clone(), value.fill_part(filling)?)));
                Ok(Value::Object(filled.collect::<Result<_, StateError>>()?))
            }
            Self::At(path) => read(filling.data, path).cloned(),
            Self::Text(line) => line.fill(filling).map(Value::from),
            Self::Placeholder(path) => {
                let value = read(filling.data, path)?;
                if value.as_str().is_none() {
                    filling.notes.push("a text is one placeholder for a value that is no text, and whether it keeps its type on the platform is not known (placeholder_type)");
                }
                match filling.platform.placeholder_type {
                    PlaceholderType::Text => filling.text(value).map(Value::from),
                    PlaceholderType::Value => Ok(value.clone()),
                }
            }
            Self::Disputed(text, payload) => {
                let (note, taken) = match **payload {
                    Self::At(_) => (
                        "a path stands under a key without `.$` in a definition, and whether the platform reads it is not known (plain_paths)",
                        filling.platform.plain_paths == PlainPaths::Read,
                    ),
                    _ => (
                        "a placeholder stands under a key without `.$` in Parameters, and whether the platform fills it in is not known (plain_placeholders)",
                        filling.platform.plain_placeholders == PlainPlaceholders::FilledIn,
                    ),
                };
                filling.notes.push(note);
                if taken { payload.fill_part(filling) } else { Ok(Value::String(text.clone())) }
            }
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
                instead: None,
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

    /// The text, filled in from the data.
    pub(crate) fn fill(&self, filling: &mut Filling<'_>) -> Result<String, StateError> {
        let data = filling.data;
        let template = match self {
            Self::Parts(template) => template,
            Self::Whole(path) => return filling.text(read(data, path)?),
            Self::Broken(text) => {
                return Err(StateError::path_not_found(text)
                    .with_detail("a path here names one place: `$`, then `.name`, `[0]` or `[\"name\"]`"));
            }
        };
        let mut out = String::new();
        for part in &template.parts {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Path(path) => out.push_str(&filling.text(read(data, path)?)?),
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
        Value::Float(number) if number.fract() == 0.0 => number.to_string(),
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
        let platform = Platform::default();
        let mut filling = Filling::new(&data, &platform);
        payload.fill(&mut filling).map(|value| value.to_json()).map_err(|error| error.cause)
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
