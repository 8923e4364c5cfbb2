//! Values from JSON and to JSON text.

use super::number::write_number;
use super::{Array, Object, Text, Value};
use crate::limit;
use std::collections::HashSet;
use std::{fmt, io};
use zisc_bundle::json::{self, Build, Comments, Json, Loss, Part, Value as Read};
use zisc_bundle::{Placed, Span};

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

/// Builds values while their text is read. Objects of one kind have the same keys, and lists the same words in them:
/// short texts are there once each.
#[derive(Default)]
struct Values {
    texts: HashSet<Text, foldhash::fast::RandomState>,
}

impl Values {
    fn text(&mut self, text: String) -> Text {
        /// So many short texts are kept, and so long is a short one.
        const MOST: usize = 1 << 12;
        const SHORT: usize = 32;
        if text.len() > SHORT {
            return text.into();
        }
        if let Some(known) = self.texts.get(text.as_str()) {
            return known.clone();
        }
        let text = Text::from(text);
        if self.texts.len() < MOST {
            self.texts.insert(text.clone());
        }
        text
    }
}

impl Build for Values {
    type Value = Value;
    type Members = Object;

    fn member(&mut self, members: &mut Object, key: Placed<String>, value: Value) {
        members.insert(self.text(key.value), value);
    }

    fn value(&mut self, part: Part<'_, Self>, _: Span) -> Value {
        // Its place in a list that grows by doubling.
        limit::bytes(2 * size_of::<Value>());
        match part {
            Part::Null => Value::Null,
            Part::Bool(truth) => Value::Bool(truth),
            Part::Number(text) => Value::from_number_text(text),
            Part::String(text) => Value::String(self.text(text)),
            Part::Array(mut items) => {
                items.shrink_to_fit();
                Value::Array(items.into())
            }
            Part::Object(mut members) => {
                members.shrink_to_fit();
                Value::Object(members)
            }
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
        let (value, errors) = json::read_into(text, Comments::Refused, &mut Values::default());
        match errors.into_iter().next() {
            None => Ok(value),
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

    /// Reads a JSON text that a person keeps: `//` and `/* */` are skipped, every mistake is told, and a text that would
    /// take more memory than a run has is refused.
    pub fn from_json_file(text: &str) -> Result<Self, Vec<json::Error>> {
        let read = || json::read_into(text, Comments::Skipped, &mut Values::default());
        match limit::within(limit::READING, limit::Stack::AtHand, read) {
            Ok((value, errors)) if errors.is_empty() => Ok(value),
            Ok((_, errors)) => Err(errors),
            Err(_) => Err(vec![json::Error {
                message: format!("these values take more than {} MiB of memory", limit::READING.bytes >> 20),
                span: Span::default(),
                loss: Loss::Structure,
                instead: None,
            }]),
        }
    }

    /// JSON text on one line, without blanks.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        Writer { out: &mut out, indented: false, full: None }.value(self, 0);
        out
    }

    /// JSON text over several lines, two spaces to a level, without a line end after it.
    pub fn to_json_pretty(&self) -> String {
        let mut out = String::new();
        Writer { out: &mut out, indented: true, full: None }.value(self, 0);
        out
    }

    /// Writes the same, piece by piece: a large value and its whole text need not be there at once.
    pub fn write_json_pretty(&self, to: &mut dyn io::Write) -> io::Result<()> {
        const PIECE: usize = 64 << 10;
        let mut result = Ok(());
        let mut hand_on = |piece: &mut String| {
            if piece.len() >= PIECE {
                if result.is_ok() {
                    result = to.write_all(piece.as_bytes());
                }
                piece.clear();
            }
        };
        let mut rest = String::new();
        Writer { out: &mut rest, indented: true, full: Some(&mut hand_on) }.value(self, 0);
        result?;
        to.write_all(rest.as_bytes())
    }

    /// The same value with other strings in it where `rewrite` gives some, keys included; `None` where all stay.
    pub(crate) fn with_strings(&self, rewrite: &dyn Fn(&str) -> Option<String>) -> Option<Self> {
        match self {
            Self::String(text) => rewrite(text).map(|text| Self::String(text.into())),
            Self::Array(items) => items.rewritten(|item| item.with_strings(rewrite)).map(Self::Array),
            Self::Object(members) => {
                let changed = members.iter().any(|(key, _)| rewrite(key).is_some());
                let values = members.rewritten(|value| value.with_strings(rewrite));
                match (values, changed) {
                    (values, false) => values.map(Self::Object),
                    (values, true) => {
                        Some(Self::object(
                            values.as_ref().unwrap_or(members).iter().map(|(key, value)| {
                                (rewrite(key).map_or_else(|| key.clone(), Into::into), value.clone())
                            }),
                        ))
                    }
                }
            }
            Self::Null | Self::Bool(_) | Self::Integer(_) | Self::Float(_) => None,
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
    /// Takes what has been written so far, now and then.
    full: Option<&'a mut dyn FnMut(&mut String)>,
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
        limit::bytes(self.out.len() - before);
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
        if let Some(full) = &mut self.full {
            full(self.out);
        }
        self.new_line(level);
        limit::bytes(1);
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
