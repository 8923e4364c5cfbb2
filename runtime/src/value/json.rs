//! Values from JSON and to JSON text.

use super::number::write_number;
use super::{Array, Object, Value};
use std::fmt;
use zisc_bundle::json::{self, Json, Value as Read};

impl From<&Json> for Value {
    fn from(json: &Json) -> Self {
        match &json.value {
            Read::Null => Self::Null,
            Read::Bool(truth) => Self::Bool(*truth),
            Read::Number(text) => Self::from_number_text(text),
            Read::String(text) => Self::string(text),
            Read::Array(items) => Self::Array(items.iter().map(Self::from).collect()),
            Read::Object(members) => Self::Object(
                members.iter().map(|member| (member.key.as_str().into(), Self::from(&member.value))).collect(),
            ),
        }
    }
}

impl Value {
    /// Reads a JSON text; the first mistake is the error.
    ///
    /// ```
    /// use zisc_runtime::Value;
    ///
    /// let value = Value::from_json_text(r#"{ "id": 9007199254740993, "tags": ["a"] }"#)?;
    /// assert_eq!(value.to_json(), r#"{"id":9007199254740993,"tags":["a"]}"#);
    /// # Ok::<(), zisc_bundle::json::Error>(())
    /// ```
    pub fn from_json_text(text: &str) -> Result<Self, json::Error> {
        let (json, errors) = json::read(text);
        match errors.into_iter().next() {
            None => Ok(Self::from(&json)),
            Some(error) => Err(error),
        }
    }

    /// The value of a number as it is written in JSON or jq.
    pub(crate) fn from_number_text(text: &str) -> Self {
        match text.parse() {
            Ok(0) if text.starts_with('-') => Self::Float(-0.0),
            Ok(whole) => Self::Integer(whole),
            Err(_) => {
                let number: f64 = text.parse().unwrap_or(f64::NAN);
                Self::number(if number.is_infinite() { f64::MAX.copysign(number) } else { number })
            }
        }
    }

    /// JSON text on one line, without blanks.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        Writer { out: &mut out, indented: false }.value(self, 0);
        out
    }

    /// JSON text over several lines, two spaces to a level, without a line end after it.
    pub fn to_json_pretty(&self) -> String {
        let mut out = String::new();
        Writer { out: &mut out, indented: true }.value(self, 0);
        out
    }

    /// The same value with other strings in it where `rewrite` gives some; keys included.
    pub(crate) fn with_strings(&self, rewrite: &dyn Fn(&str) -> Option<String>) -> Self {
        match self {
            Self::String(text) => rewrite(text).map_or_else(|| self.clone(), |text| Self::String(text.into())),
            Self::Array(items) => Self::array(items.iter().map(|item| item.with_strings(rewrite))),
            Self::Object(members) => Self::object(members.iter().map(|(key, value)| {
                (rewrite(key).map_or_else(|| key.clone(), Into::into), value.with_strings(rewrite))
            })),
            Self::Null | Self::Bool(_) | Self::Integer(_) | Self::Float(_) => self.clone(),
        }
    }
}

impl fmt::Display for Value {
    /// JSON text on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_json())
    }
}

struct Writer<'a> {
    out: &'a mut String,
    indented: bool,
}

impl Writer<'_> {
    fn value(&mut self, value: &Value, level: usize) {
        let before = self.out.len();
        match value {
            Value::Null => self.out.push_str("null"),
            Value::Bool(true) => self.out.push_str("true"),
            Value::Bool(false) => self.out.push_str("false"),
            Value::Integer(number) => self.out.push_str(&number.to_string()),
            Value::Float(number) => write_number(*number, self.out),
            Value::String(text) => write_string(text, self.out),
            Value::Array(items) => return self.array(items, level),
            Value::Object(members) => return self.object(members, level),
        }
        crate::limit::bytes(self.out.len() - before);
    }

    fn array(&mut self, items: &Array, level: usize) {
        self.out.push('[');
        for (position, item) in items.iter().enumerate() {
            self.separate(position, level + 1);
            self.value(item, level + 1);
        }
        self.close(']', items.is_empty(), level);
    }

    fn object(&mut self, members: &Object, level: usize) {
        self.out.push('{');
        for (position, (key, value)) in members.iter().enumerate() {
            self.separate(position, level + 1);
            write_string(key, self.out);
            self.out.push_str(if self.indented { ": " } else { ":" });
            self.value(value, level + 1);
        }
        self.close('}', members.is_empty(), level);
    }

    fn separate(&mut self, position: usize, level: usize) {
        if position > 0 {
            self.out.push(',');
        }
        self.new_line(level);
        crate::limit::bytes(1);
    }

    fn close(&mut self, bracket: char, empty: bool, level: usize) {
        if !empty {
            self.new_line(level);
        }
        self.out.push(bracket);
    }

    fn new_line(&mut self, level: usize) {
        if self.indented {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n("  ", level));
        }
    }
}

/// A JSON string with the escapes that jq writes.
pub(crate) fn write_string(text: &str, out: &mut String) {
    out.push('"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0x08 => "\\b",
            0x0c => "\\f",
            0..=0x1f | 0x7f => "",
            _ => continue,
        };
        out.push_str(&text[plain..at]);
        match escape {
            "" => out.push_str(&format!("\\u{byte:04x}")),
            escape => out.push_str(escape),
        }
        plain = at + 1;
    }
    out.push_str(&text[plain..]);
    out.push('"');
}
