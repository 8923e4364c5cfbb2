use super::{Json, Member, Value};

/// The value over several lines, two spaces to a level, with a line end after it.
pub fn pretty(json: &Json) -> String {
    let mut out = String::new();
    write(json, Some(0), &mut out);
    out.push('\n');
    out
}

/// The value on one line, without blanks.
pub fn compact(json: &Json) -> String {
    let mut out = String::new();
    write(json, None, &mut out);
    out
}

/// A text as it stands between the quotes of a string.
pub fn escaped(text: &str) -> String {
    let mut quoted = String::new();
    string(text, &mut quoted);
    quoted[1..quoted.len() - 1].to_owned()
}

fn write(json: &Json, level: Option<usize>, out: &mut String) {
    match &json.value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(text) => out.push_str(text),
        Value::String(text) => string(text, out),
        Value::Array(items) => list('[', items, ']', level, out, write),
        Value::Object(members) => list('{', members, '}', level, out, |member: &Member, level, out| {
            string(&member.key, out);
            out.push_str(if level.is_some() { ": " } else { ":" });
            write(&member.value, level, out);
        }),
    }
}

fn list<T>(
    open: char,
    items: &[T],
    close: char,
    level: Option<usize>,
    out: &mut String,
    write: impl Fn(&T, Option<usize>, &mut String),
) {
    out.push(open);
    let inner = level.map(|level| level + 1);
    for (position, item) in items.iter().enumerate() {
        if position > 0 {
            out.push(',');
        }
        new_line(inner, out);
        write(item, inner, out);
    }
    if !items.is_empty() {
        new_line(level, out);
    }
    out.push(close);
}

fn new_line(level: Option<usize>, out: &mut String) {
    if let Some(level) = level {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", level));
    }
}

fn string(text: &str, out: &mut String) {
    if text.bytes().all(|byte| byte >= b' ' && !matches!(byte, b'"' | b'\\')) {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&serde_json::to_string(text).expect("a string is always JSON"));
    }
}
