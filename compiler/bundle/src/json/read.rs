use super::{Json, Member, Value};
use crate::{Placed, Span};
use std::fmt;
use text_size::TextSize;

/// Values nested deeper than this are not read: no bundle needs it, and a stack has an end.
pub const DEPTH_LIMIT: usize = 500;

/// Whether `//` and `/* */` are read over. JSON has no comments; files that people keep often do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comments {
    /// A comment is a mistake, as in the standard.
    Refused,
    /// Comments are skipped.
    Skipped,
}

/// A mistake in a JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What is wrong and what to write instead.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What is lost by it.
    pub loss: Loss,
    /// The text that mends it, where there is one.
    pub instead: Option<String>,
}

/// How much of a text is not known because of a mistake in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    /// A comment: a remark about what was read.
    Comment,
    /// Nothing: what was meant has been read.
    Nothing,
    /// The value or the member that stands there.
    Value,
    /// Nobody knows which bracket closes what.
    Structure,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// What a JSON text is read into: [`Json`], or values of another sort that need no places.
pub trait Build {
    /// A value.
    type Value;
    /// The members of an object that is being read.
    type Members: Default;

    /// Adds a member to an object.
    fn member(&mut self, members: &mut Self::Members, key: Placed<String>, value: Self::Value);

    /// Makes the value that stands at `span`.
    fn value(&mut self, part: Part<'_, Self>, span: Span) -> Self::Value;
}

/// A value that was read, its own values built already.
pub enum Part<'a, B: Build + ?Sized> {
    /// `null`, and what could not be read.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it is written.
    Number(&'a str),
    /// A string, unescaped.
    String(String),
    /// An array.
    Array(Vec<B::Value>),
    /// An object.
    Object(B::Members),
}

/// Builds [`Json`].
struct Tree;

impl Build for Tree {
    type Value = Json;
    type Members = Vec<Member>;

    fn member(&mut self, members: &mut Vec<Member>, key: Placed<String>, value: Json) {
        members.push(Member { key, value });
    }

    fn value(&mut self, part: Part<'_, Self>, span: Span) -> Json {
        let value = match part {
            Part::Null => Value::Null,
            Part::Bool(truth) => Value::Bool(truth),
            Part::Number(text) => Value::Number(text.to_owned()),
            Part::String(text) => Value::String(text),
            Part::Array(items) => Value::Array(items),
            Part::Object(members) => Value::Object(members),
        };
        Json::new(value, span)
    }
}

/// Reads a JSON text by the standard. What can be read is returned even where there are errors.
pub fn read(text: &str) -> (Json, Vec<Error>) {
    read_with(text, Comments::Refused)
}

/// Reads a JSON text, with or without comments.
pub fn read_with(text: &str, comments: Comments) -> (Json, Vec<Error>) {
    read_into(text, comments, &mut Tree)
}

/// Reads a JSON text into values of the builder's.
pub fn read_into<B: Build>(text: &str, comments: Comments, builder: &mut B) -> (B::Value, Vec<Error>) {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        depth: 0,
        comments,
        errors: Vec::new(),
        silent_to: 0,
        is_cut_off: false,
        line: (0, 0),
        askew: None,
        builder,
    };
    if text.len() > u32::MAX as usize {
        reader.error(0..0, Loss::Structure, "this file is larger than 4 GiB");
        return (reader.null(0), reader.errors);
    }
    if text.starts_with('\u{feff}') {
        reader.at = '\u{feff}'.len_utf8();
    }
    reader.blank();
    if reader.at == reader.bytes.len() {
        reader.error(0..0, Loss::Structure, "this file is empty, and JSON has at least one value");
        return (reader.null(0), reader.errors);
    }
    let value = reader.value();
    reader.blank();
    if reader.at < reader.bytes.len() {
        match reader.errors.iter_mut().rfind(|error| error.loss > Loss::Comment) {
            // It comes of that mistake: a bracket was not seen.
            Some(error) => error.loss = Loss::Structure,
            None => {
                let rest = reader.at..reader.bytes.len();
                reader.error(rest, Loss::Structure, "the JSON value ends before this, so nothing may follow");
            }
        }
    }
    (value, reader.errors)
}

struct Reader<'a, B> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    comments: Comments,
    errors: Vec<Error>,
    /// What stands in front of this follows from a mistake that was told.
    silent_to: usize,
    /// It has been said that the text ends too early.
    is_cut_off: bool,
    /// Where the line begins, and how far it is indented.
    line: (usize, usize),
    /// The first bracket that is closed on a line with another indentation than its own.
    askew: Option<usize>,
    builder: &'a mut B,
}

impl<'a, B: Build> Reader<'a, B> {
    fn value(&mut self) -> B::Value {
        let start = self.at;
        let part = match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => Part::String(self.string()),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'\'') => self.single_quoted(),
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' => self.word(),
            Some(_) => {
                let end = start + self.text[start..].chars().next().map_or(0, char::len_utf8);
                self.error(
                    start..end,
                    Loss::Value,
                    "a value is expected here: an object, an array, a string, a number, true, false or null",
                );
                if !matches!(self.peek(), Some(b',' | b'}' | b']' | b':')) {
                    self.at = end;
                }
                Part::Null
            }
            None => {
                self.error(start..start, Loss::Value, "the text ends where a value is expected");
                self.cut_off();
                Part::Null
            }
        };
        self.builder.value(part, span(start..self.at))
    }

    /// What stands where nothing could be read.
    fn null(&mut self, at: usize) -> B::Value {
        self.builder.value(Part::Null, span(at..at))
    }

    fn nested(&mut self, read: fn(&mut Self) -> Part<'a, B>) -> Part<'a, B> {
        if self.depth == DEPTH_LIMIT {
            let message = format!("values are nested deeper than {DEPTH_LIMIT} levels here");
            self.error(self.at..self.at + 1, Loss::Structure, message);
            // The brackets around are all open now, and none of them is a mistake.
            self.silent_to = usize::MAX;
            self.at = self.bytes.len();
            return Part::Null;
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Part<'a, B> {
        let (open, indent) = (self.at, self.line.1);
        self.at += 1;
        let mut members = B::Members::default();
        loop {
            self.blank();
            match self.peek() {
                Some(b'}') => {
                    self.close(open, indent);
                    return Part::Object(members);
                }
                None => {
                    self.unclosed(open);
                    return Part::Object(members);
                }
                Some(b']') => {
                    self.mismatch("`]` closes an array, but the innermost open bracket is a `{`");
                    return Part::Object(members);
                }
                _ => {}
            }
            let before = self.at;
            if let Some((key, value)) = self.member() {
                self.builder.member(&mut members, key, value);
            }
            self.separator(b'}', "member");
            if self.at == before {
                self.at += 1; // whatever this byte is, it has been reported
            }
        }
    }

    /// A bracket that closes the one at `open`, whose line is indented so far.
    fn close(&mut self, open: usize, indent: usize) {
        let (line, own) = self.line;
        if line + own == self.at && own != indent {
            self.askew.get_or_insert(open);
        }
        self.at += 1;
    }

    fn mismatch(&mut self, message: &str) {
        self.error(self.at..self.at + 1, Loss::Structure, message);
    }

    /// Where the text ends after what was told last, open brackets are the same mistake.
    fn cut_off(&mut self) {
        if self.peek().is_none()
            && let Some(last) = self.errors.last_mut()
        {
            last.loss = Loss::Structure;
            self.is_cut_off = true;
        }
    }

    /// The text ends in a bracket. Those around it are open too, and that is the same mistake.
    fn unclosed(&mut self, open: usize) {
        if std::mem::replace(&mut self.is_cut_off, true) {
            return;
        }
        if let Some(askew) = self.askew.filter(|askew| *askew > open) {
            let bracket = &self.text[askew..=askew];
            let message = format!("a bracket is not closed: by the indentation it is this `{bracket}`");
            self.error(askew..askew + 1, Loss::Structure, message);
            return;
        }
        let bracket = &self.text[open..=open];
        self.error(
            open..open + 1,
            Loss::Structure,
            match self.depth - 1 {
                0 => format!("this `{bracket}` is never closed"),
                1 => format!("this `{bracket}` is never closed, nor is the bracket around it"),
                around => format!("this `{bracket}` is never closed, nor are the {around} brackets around it"),
            },
        );
    }

    fn member(&mut self) -> Option<(Placed<String>, B::Value)> {
        let start = self.at;
        let key = match self.peek() {
            Some(b'"') => self.string(),
            Some(b'\'') => match self.single_quoted() {
                Part::String(key) => key,
                _ => String::new(),
            },
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' || byte == b'$' => {
                let word = self.take_word().to_owned();
                self.error(start..self.at, Loss::Nothing, format!("a key is a string: write \"{word}\""))
                    .instead(format!("\"{word}\""));
                word
            }
            _ => {
                let end = start + self.text[start..].chars().next().map_or(0, char::len_utf8);
                let loss = self.skip_to_separator();
                self.error(start..end, loss, "a key is expected here: a string in double quotes");
                return None;
            }
        };
        let key = Placed::new(key, span(start..self.at));
        self.blank();
        match self.peek() {
            Some(b':') => self.at += 1,
            Some(b'=') => {
                let span = self.at..self.at + 1;
                self.error(span, Loss::Nothing, "a key and its value are separated by `:`").instead(":");
                self.at += 1;
            }
            _ => {
                let message = format!("key \"{}\" has no value: a `:` and a value are missing", key.value);
                self.error(start..self.at, Loss::Value, message);
            }
        }
        let end = self.at;
        self.blank();
        let value = match self.peek() {
            Some(b'}' | b']' | b',') | None => {
                match self.errors.last_mut().filter(|error| error.span == key.span) {
                    Some(told) => told.loss = told.loss.max(Loss::Value),
                    None => drop(self.error(start..end, Loss::Value, format!("key \"{}\" has no value", key.value))),
                }
                self.cut_off();
                self.null(self.at)
            }
            _ => self.value(),
        };
        Some((key, value))
    }

    fn array(&mut self) -> Part<'a, B> {
        let (open, indent) = (self.at, self.line.1);
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.blank();
            match self.peek() {
                Some(b']') => {
                    self.close(open, indent);
                    return Part::Array(items);
                }
                None => {
                    self.unclosed(open);
                    return Part::Array(items);
                }
                Some(b'}') => {
                    self.mismatch("`}` closes an object, but the innermost open bracket is a `[`");
                    return Part::Array(items);
                }
                _ => {}
            }
            let before = self.at;
            items.push(self.value());
            self.separator(b']', "item");
            if self.at == before {
                self.at += 1; // whatever this byte is, it has been reported
            }
        }
    }

    /// After a member or an item: a comma and something more, or the closing bracket.
    fn separator(&mut self, close: u8, what: &str) {
        let end = self.at;
        self.blank();
        match self.peek() {
            Some(b',') => {
                let comma = self.at;
                self.at += 1;
                self.blank();
                if self.peek() == Some(close) {
                    let message = format!("no `,` stands after the last {what}");
                    self.error(comma..comma + 1, Loss::Nothing, message).instead("");
                }
            }
            Some(byte) if byte == close => {}
            Some(b'}' | b']') | None => {}
            Some(b'"' | b'{' | b'[' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') if self.at > end => {
                let message = format!("a `,` is missing between this {what} and the next");
                self.error(end..end, Loss::Nothing, message).instead(",");
            }
            Some(_) => {
                let start = self.at;
                let loss = self.skip_to_separator();
                self.error(start..self.at, loss, format!("a `,` or `{}` is expected here", close as char));
                if self.peek() == Some(b',') {
                    self.at += 1;
                }
            }
        }
    }

    fn string(&mut self) -> String {
        let open = self.at;
        self.at += 1;
        let mut out = String::new();
        loop {
            let run = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | 0..=0x1f)) {
                self.at += 1;
            }
            out.push_str(&self.text[run..self.at]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return out;
                }
                Some(b'\\') => self.escape(&mut out),
                None | Some(b'\n' | b'\r') => {
                    self.error(
                        open..self.at,
                        Loss::Structure,
                        "this string is not closed on its line; a line break inside a string is written \\n",
                    );
                    // What closes the brackets around it was not meant to be in it.
                    let line = &self.text[open + 1..self.at];
                    let kept = within_open_string(line);
                    out.truncate(out.len() - (line.len() - kept.len()).min(out.len()));
                    self.at = open + 1 + kept.len();
                    self.be_silent();
                    return out;
                }
                Some(byte) => {
                    let escape = format!("\\u{byte:04x}");
                    let message = format!("a control character stands in this string: write {escape}");
                    self.error(self.at..self.at + 1, Loss::Nothing, message).instead(escape);
                    out.push(char::from(byte));
                    self.at += 1;
                }
            }
        }
    }

    /// What seems wrong behind a string that is not closed comes of that, up to the end of the next line.
    fn be_silent(&mut self) {
        let rest = self.text[self.at..].char_indices().filter(|(_, c)| *c == '\n').nth(1);
        self.silent_to = rest.map_or(self.bytes.len(), |(length, _)| self.at + length);
    }

    fn escape(&mut self, out: &mut String) {
        let start = self.at;
        self.at += 1;
        let plain = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                match self.unicode() {
                    Some(character) => out.push(character),
                    None => {
                        self.error(
                            start..self.at,
                            Loss::Value,
                            "`\\u` takes four hexadecimal digits, and two of them for a surrogate pair",
                        );
                        out.push(char::REPLACEMENT_CHARACTER);
                    }
                }
                return;
            }
            _ => {
                let end = self.at + self.text[self.at..].chars().next().map_or(0, char::len_utf8);
                let doubled = format!("\\{}", &self.text[start..end]);
                self.error(start..end, Loss::Value, "no such escape in JSON: a backslash itself is written \\\\")
                    .instead(doubled);
                return;
            }
        };
        self.at += 1;
        out.push(plain);
    }

    fn unicode(&mut self) -> Option<char> {
        let high = self.hex()?;
        if !(0xd800..0xe000).contains(&high) {
            return char::from_u32(high);
        }
        if high >= 0xdc00 || self.bytes.get(self.at..self.at + 2) != Some(b"\\u") {
            return None;
        }
        self.at += 2;
        let low = self.hex()?;
        if !(0xdc00..0xe000).contains(&low) {
            return None;
        }
        char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.bytes.get(self.at..self.at + 4)?;
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    }

    fn single_quoted(&mut self) -> Part<'a, B> {
        let start = self.at;
        self.at += 1;
        while !matches!(self.peek(), None | Some(b'\'' | b'\n')) {
            self.at += 1;
        }
        let inner = &self.text[start + 1..self.at];
        let is_closed = self.peek() == Some(b'\'');
        let inner = if is_closed { inner } else { within_open_string(inner) };
        self.at = start + 1 + inner.len() + usize::from(is_closed);
        let loss = if is_closed { Loss::Nothing } else { Loss::Structure };
        let quoted = format!("\"{}\"", super::escaped(inner));
        self.error(start..self.at, loss, "strings stand in double quotes").instead(quoted);
        if !is_closed {
            self.be_silent();
        }
        Part::String(inner.to_owned())
    }

    fn number(&mut self) -> Part<'a, B> {
        let start = self.at;
        while matches!(self.peek(), Some(b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_')) {
            self.at += 1;
        }
        let text = &self.text[start..self.at];
        if !is_number(text.as_bytes()) {
            self.error(start..self.at, Loss::Value, format!("`{text}` is not a JSON number"));
            return Part::Null;
        }
        Part::Number(text)
    }

    fn word(&mut self) -> Part<'a, B> {
        let start = self.at;
        let word = self.take_word();
        match word {
            "true" => Part::Bool(true),
            "false" => Part::Bool(false),
            "null" => Part::Null,
            "True" | "False" | "None" | "undefined" | "NaN" | "Infinity" => {
                let (instead, part) = match word {
                    "True" => ("true", Part::Bool(true)),
                    "False" => ("false", Part::Bool(false)),
                    _ => ("null", Part::Null),
                };
                let message = format!("JSON has no `{word}`: write {instead}");
                self.error(start..self.at, Loss::Nothing, message).instead(instead);
                part
            }
            _ => {
                let message = format!("`{word}` is not a JSON value: text stands in double quotes");
                self.error(start..self.at, Loss::Value, message).instead(format!("\"{word}\""));
                Part::Null
            }
        }
    }

    fn take_word(&mut self) -> &'a str {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$')) {
            self.at += 1;
        }
        &self.text[start..self.at]
    }

    /// Skips what nobody can read, to the next `,`, bracket or line end.
    fn skip_to_separator(&mut self) -> Loss {
        let start = self.at;
        while !matches!(self.peek(), None | Some(b',' | b'}' | b']' | b'\n')) {
            self.at += 1;
        }
        // Brackets that open there are closed behind it.
        if self.text[start..self.at].contains(['{', '[', '"', '\'']) { Loss::Structure } else { Loss::Value }
    }

    fn blank(&mut self) {
        loop {
            let start = self.at;
            let mut line = self.line.0;
            while let Some(byte @ (b' ' | b'\t' | b'\n' | b'\r')) = self.peek() {
                self.at += 1;
                if byte == b'\n' {
                    line = self.at;
                }
            }
            if line > start {
                self.line = (line, self.at - line);
            }
            if self.peek() != Some(b'/') {
                return;
            }
            let start = self.at;
            match self.bytes.get(start + 1) {
                Some(b'/') => {
                    self.at = self.text[start..].find('\n').map_or(self.bytes.len(), |length| start + length);
                }
                Some(b'*') => match self.text[start + 2..].find("*/") {
                    Some(length) => self.at = start + 2 + length + 2,
                    None => {
                        self.at = self.bytes.len();
                        self.error(start..start + 2, Loss::Structure, "this comment is never closed");
                        return;
                    }
                },
                _ => return,
            }
            if self.comments == Comments::Refused {
                self.error(start..self.at, Loss::Comment, "JSON has no comments").instead("");
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn error(&mut self, range: std::ops::Range<usize>, loss: Loss, message: impl Into<String>) -> Told<'_> {
        if range.start < self.silent_to {
            return Told(None);
        }
        self.errors.push(Error { message: message.into(), span: span(range), loss, instead: None });
        Told(self.errors.last_mut())
    }
}

/// An error that was told, unless it comes of another one.
struct Told<'e>(Option<&'e mut Error>);

impl Told<'_> {
    /// What mends it.
    fn instead(self, text: impl Into<String>) {
        if let Some(error) = self.0 {
            error.instead = Some(text.into());
        }
    }
}

/// What belongs to a string that is not closed on its line: all but the commas and closing brackets at the end.
pub fn within_open_string(line: &str) -> &str {
    let kept = line.trim_end_matches(|c: char| matches!(c, ',' | '}' | ']') || c.is_whitespace());
    // A placeholder is closed by brackets too.
    let is_open = kept.matches("{{").count() > kept.matches("}}").count();
    if is_open && line[kept.len()..].starts_with("}}") { &line[..kept.len() + 2] } else { kept }
}

/// The number grammar of RFC 8259.
fn is_number(text: &[u8]) -> bool {
    let digits = |at: &mut usize| {
        let start = *at;
        while text.get(*at).is_some_and(u8::is_ascii_digit) {
            *at += 1;
        }
        *at > start
    };
    let mut at = usize::from(text.first() == Some(&b'-'));
    let whole = at;
    if !digits(&mut at) || (text[whole] == b'0' && at > whole + 1) {
        return false;
    }
    if text.get(at) == Some(&b'.') {
        at += 1;
        if !digits(&mut at) {
            return false;
        }
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        at += 1;
        at += usize::from(matches!(text.get(at), Some(b'+' | b'-')));
        if !digits(&mut at) {
            return false;
        }
    }
    at == text.len()
}

fn span(range: std::ops::Range<usize>) -> Span {
    let size = |at: usize| TextSize::new(u32::try_from(at).unwrap_or(u32::MAX));
    Span::new(size(range.start), size(range.end))
}
