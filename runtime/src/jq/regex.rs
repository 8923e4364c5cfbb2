//! Regular expressions: matching, and cutting a text at its matches.

use super::natives::{Line, named};
use crate::Value;
use fancy_regex::{Captures, Regex, RegexBuilder};
use jaq_core::native::{bome, v};
use jaq_core::{Error, ValR};

/// The natives of this file.
pub(super) fn table() -> Box<[Line]> {
    Box::new([
        ("_pattern", v(1), |mut cv| bome(pattern(cv.0.pop_var()))),
        ("_match", v(3), |mut cv| {
            let only_test = cv.0.pop_var();
            let (flags, expression) = (cv.0.pop_var(), cv.0.pop_var());
            bome(if only_test == Value::Bool(true) {
                Search::new(&expression, &flags, &cv.1).and_then(|search| search.test(&cv.1))
            } else {
                Search::new(&expression, &flags, &cv.1).and_then(|search| search.matches(&cv.1))
            })
        }),
        ("_cut", v(2), |mut cv| {
            let (flags, expression) = (cv.0.pop_var(), cv.0.pop_var());
            bome(Search::new(&expression, &flags, &cv.1).and_then(|search| search.cut(&cv.1)))
        }),
    ])
}

/// One argument stands for both: a text, or an array of expression and flags.
fn pattern(value: Value) -> ValR<Value> {
    match &value {
        Value::String(_) => Ok(Value::array([value, Value::Null])),
        Value::Array(items) => match &items[..] {
            [expression] => Ok(Value::array([expression.clone(), Value::Null])),
            [expression, flags, ..] => Ok(Value::array([expression.clone(), flags.clone()])),
            [] => Err(Error::str("array not a string or array")),
        },
        other => Err(Error::str(format!("{} not a string or array", crate::value::kind_name(other)))),
    }
}

/// An expression with its flags.
struct Search {
    expression: Regex,
    /// Find all, not the first only.
    global: bool,
    /// Leave out empty matches.
    skip_empty: bool,
}

/// So many steps back the engine takes before it gives up on a text.
const BACKTRACK_LIMIT: usize = 1_000_000;
/// What a compiled expression may take.
const COMPILED_SIZE: usize = 8 << 20;

/// Classes that hold the letters and digits of every script in jq's dialect, and those of ASCII in the engine's.
const CLASSES: [(&str, &str); 6] = [
    ("[:alpha:]", r"\p{Alphabetic}"),
    ("[:alnum:]", r"\p{Alphabetic}\p{Nd}"),
    ("[:digit:]", r"\p{Nd}"),
    ("[:lower:]", r"\p{Lowercase}"),
    ("[:upper:]", r"\p{Uppercase}"),
    ("[:space:]", r"\s"),
];

/// The expression with each `$` matching in front of a last line break, too.
fn before_last_break(expression: &str) -> String {
    let mut out = String::new();
    let (mut escaped, mut in_class) = (false, false);
    for character in expression.chars() {
        match character {
            '$' if !escaped && !in_class => out.push_str(r"(?=\n?\z)"),
            _ => out.push(character),
        }
        match character {
            '[' if !escaped => in_class = true,
            ']' if !escaped => in_class = false,
            _ => {}
        }
        escaped = character == '\\' && !escaped;
    }
    out
}

impl Search {
    /// The expression as it is meant for `text`.
    fn new(expression: &Value, flags: &Value, text: &Value) -> Result<Self, Error<Value>> {
        let Value::String(expression) = expression else {
            return Err(Error::str(format!("{} cannot be matched, as it is not a string", named(expression))));
        };
        let flags = match flags {
            Value::Null => "",
            Value::String(flags) => flags,
            other => return Err(Error::str(format!("{} is not a string", named(other)))),
        };
        let mut global = false;
        let mut skip_empty = false;
        let mut inline = String::new();
        for flag in flags.chars() {
            match flag {
                'g' => global = true,
                'n' => skip_empty = true,
                'i' | 'x' => inline.push(flag),
                // In jq `s` is "single line" of Oniguruma, which only changes what `$` means, and that is the case here
                // anyway; `l` asks for the longest of several matches, which this engine cannot.
                's' | 'l' => {}
                'p' => inline.push('s'),
                _ => return Err(Error::str(format!("{flags} is not a valid modifier string"))),
            }
        }
        // In jq's dialect `^` and `$` match at the ends of the text, and `$` in front of a last line break as well.
        let ends_with_break = text.as_str().is_some_and(|text| text.ends_with('\n'));
        let mut pattern = if ends_with_break { before_last_break(expression) } else { expression.to_string() };
        for (name, class) in CLASSES {
            if pattern.contains(name) {
                pattern = pattern.replace(name, class);
            }
        }
        let flagged = if inline.is_empty() { pattern } else { format!("(?{inline}){pattern}") };
        let mut builder = RegexBuilder::new(&flagged);
        builder
            .backtrack_limit(BACKTRACK_LIMIT)
            .delegate_size_limit(COMPILED_SIZE)
            .delegate_dfa_size_limit(COMPILED_SIZE);
        crate::limit::steps(100 + expression.len() as u64);
        match builder.build() {
            Ok(expression) => Ok(Self { expression, global, skip_empty }),
            Err(error) => Err(Error::str(format!("{} (at offset 0) is not a valid regex: {error}", &**expression))),
        }
    }

    fn test(&self, value: &Value) -> ValR<Value> {
        let text = matchable(value)?;
        crate::limit::steps(text.len() as u64 / 8);
        if self.skip_empty {
            return self.find(text).map(|found| Value::Bool(!found.is_empty()));
        }
        self.expression.is_match(text).map(Value::Bool).map_err(failed)
    }

    /// The matches as jq gives them: offsets and lengths in characters.
    fn matches(&self, value: &Value) -> ValR<Value> {
        let text = matchable(value)?;
        let mut places = Places { text, byte: 0, character: 0 };
        let mut out = Vec::new();
        for found in self.find(text)? {
            out.push(self.describe(&found, &mut places));
        }
        Ok(Value::array(out))
    }

    /// The text between matches as strings, the matches as objects, in turn.
    fn cut(&self, value: &Value) -> ValR<Value> {
        let text = matchable(value)?;
        let mut places = Places { text, byte: 0, character: 0 };
        let mut out = Vec::new();
        let mut from = 0;
        for found in self.find(text)? {
            let Some(whole) = found.get(0) else { continue };
            out.push(Value::string(&text[from..whole.start()]));
            out.push(self.describe(&found, &mut places));
            from = whole.end();
        }
        out.push(Value::string(&text[from..]));
        Ok(Value::array(out))
    }

    fn find<'t>(&self, text: &'t str) -> Result<Vec<Captures<'t>>, Error<Value>> {
        let mut found = Vec::new();
        let mut at = 0;
        loop {
            let captures = self.expression.captures_from_pos(text, at).map_err(failed)?;
            let whole = captures.as_ref().and_then(|captures| captures.get(0));
            let searched = whole.map_or(text.len(), |whole| whole.end()) - at;
            crate::limit::steps(1 + searched as u64 / 64);
            let (Some(captures), Some(whole)) = (captures, whole) else { break };
            let empty = whole.start() == whole.end();
            at = if empty { next_character(text, whole.end()) } else { whole.end() };
            if !(empty && self.skip_empty) {
                crate::limit::bytes(64);
                found.push(captures);
            }
            // As in jq 1.6, an empty match at the very end is found in an empty text only.
            if !self.global || at >= text.len() {
                break;
            }
        }
        Ok(found)
    }

    fn describe(&self, found: &Captures<'_>, places: &mut Places<'_>) -> Value {
        let mut whole = Value::Null;
        let mut groups = Vec::new();
        for (position, name) in self.expression.capture_names().enumerate() {
            let (offset, length, string) = match found.get(position) {
                Some(part) => (
                    places.character_at(part.start()) as i64,
                    part.as_str().chars().count(),
                    Value::string(part.as_str()),
                ),
                None => (-1, 0, Value::Null),
            };
            let fields = [("offset", Value::Integer(offset)), ("length", length.into()), ("string", string)];
            if position == 0 {
                whole = Value::object(fields);
            } else {
                let name = name.map_or(Value::Null, Value::from);
                groups.push(Value::object(fields.into_iter().chain([("name", name)])));
            }
        }
        if let Value::Object(members) = &mut whole {
            members.insert("captures", Value::array(groups));
        }
        whole
    }
}

fn matchable(value: &Value) -> Result<&str, Error<Value>> {
    value.as_str().ok_or_else(|| Error::str(format!("{} cannot be matched, as it is not a string", named(value))))
}

fn failed(error: fancy_regex::Error) -> Error<Value> {
    Error::str(format!("the regular expression was given up: {error}"))
}

fn next_character(text: &str, at: usize) -> usize {
    at + text[at..].chars().next().map_or(1, char::len_utf8)
}

/// Byte positions to character positions; cheap as long as they rise.
struct Places<'t> {
    text: &'t str,
    byte: usize,
    character: usize,
}

impl Places<'_> {
    fn character_at(&mut self, byte: usize) -> usize {
        if byte < self.byte {
            (self.byte, self.character) = (0, 0);
        }
        self.character += self.text[self.byte..byte].chars().count();
        self.byte = byte;
        self.character
    }
}
