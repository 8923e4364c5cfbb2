//! jq functions written in Rust: a table of name, number of arguments and what it does.
//!
//! To add one, add a line to a table here or, where it belongs to paths, regular expressions, dates or formats, to the
//! table in that file. One that is simpler in jq goes to `definitions.jq`.

use super::{Engine, compile, date, format, path, regex};
use crate::Value;
use crate::value::{Array, Text, cannot_index, indices_in_array, kind_name, shown};
use jaq_core::native::{Filter, Fun, bome, run, unary, v};
use jaq_core::{Error, Native, RunPtr, ValR};

/// Functions that reach outside of a program; a flow has none of them.
pub(super) const REFUSED: &[&str] = &["env", "halt", "halt_error", "input", "inputs", "stderr_empty", "debug_empty"];

/// Natives of the engine that ours replace, or that need what we do not offer.
const REPLACED: &[&str] = &[
    "now",
    "escape_html",
    "unescape_html",
    "encode_uri",
    "decode_uri",
    "encode_base64",
    "decode_base64",
    "escape_sh",
    "matches",
    "split_matches",
    "split_",
    "fromdateiso8601",
    "todateiso8601",
    "strftime",
    "strflocaltime",
    "gmtime",
    "localtime",
    "strptime",
    "mktime",
    "explode",
    "implode",
    "ltrimstr",
    "rtrimstr",
    "startswith",
    "endswith",
    "keys",
    "keys_unsorted",
    "utf8bytelength",
    "sort",
    "reverse",
    "floor",
    "ceil",
    "round",
    "nearbyint",
];

/// A line of a table.
pub(super) type Line = Filter<RunPtr<Engine>>;
type Result = ValR<Value>;

/// All natives of the language.
pub(super) fn all() -> impl Iterator<Item = Fun<Engine>> {
    let engine = jaq_core::funs::<Engine>().chain(jaq_std::funs::<Engine>());
    let engine = engine.filter(|(name, ..)| !REFUSED.contains(name) && !REPLACED.contains(name)).map(renamed);
    engine.chain(own().map(run::<Engine>))
}

/// The natives of this crate.
pub(super) fn own() -> impl Iterator<Item = Line> {
    [values(), text(), math(), path::table(), regex::table(), date::table(), format::table()]
        .into_iter()
        .flat_map(Vec::from)
}

/// Some functions of jq 1.6 are written in jq on top of the engine's.
fn renamed((name, arguments, native): Filter<Native<Engine>>) -> Filter<Native<Engine>> {
    let name = match name {
        "limit" => "_limit",
        "range" => "_range",
        "sort_by" => "_sort_by",
        "group_by" => "_group_by",
        other => other,
    };
    (name, arguments, native)
}

fn values() -> Box<[Line]> {
    Box::new([
        ("_type", v(0), |cv| bome(Ok(Value::from(kind_name(&cv.1))))),
        ("_count_call", v(0), |_| {
            crate::limit::deep_call();
            bome(Ok(Value::Bool(true)))
        }),
        ("now", v(0), |cv| bome(Ok(Value::number(cv.0.data().now)))),
        ("nan", v(0), |_| bome(Ok(Value::Float(f64::NAN)))),
        ("infinite", v(0), |_| bome(Ok(Value::Float(f64::INFINITY)))),
        ("isnan", v(0), |cv| bome(Ok(cv.1.as_f64().is_some_and(f64::is_nan).into()))),
        ("isinfinite", v(0), |cv| bome(Ok(cv.1.as_f64().is_some_and(f64::is_infinite).into()))),
        ("floor", v(0), |cv| bome(rounded(cv.1, f64::floor))),
        ("ceil", v(0), |cv| bome(rounded(cv.1, f64::ceil))),
        ("round", v(0), |cv| bome(rounded(cv.1, f64::round))),
        ("nearbyint", v(0), |cv| bome(rounded(cv.1, f64::round_ties_even))),
        ("length", v(0), |cv| bome(length(cv.1))),
        ("has", v(1), |cv| unary(cv, |value, key| has(&value, &key))),
        ("contains", v(1), |cv| unary(cv, |value, part| contains(&value, &part).map(Value::Bool))),
        ("indices", v(1), |cv| unary(cv, |value, part| indices(&value, &part))),
        ("keys", v(0), |cv| bome(keys(&cv.1).map(sorted))),
        ("keys_unsorted", v(0), |cv| bome(keys(&cv.1))),
        ("to_entries", v(0), |cv| bome(to_entries(&cv.1))),
        ("from_entries", v(0), |cv| bome(from_entries(&cv.1))),
        ("sort", v(0), |cv| bome(check_array(cv.1).map(sorted))),
        ("reverse", v(0), |cv| bome(reverse(cv.1))),
        ("add", v(0), |cv| bome(add(cv.1))),
        ("flatten", v(1), |cv| unary(cv, |value, depth| flatten(value, &depth))),
        ("bsearch", v(1), |cv| unary(cv, |value, wanted| bsearch(&value, &wanted))),
        ("builtins", v(0), |_| bome(Ok(Value::array(compile::function_names().map(Value::from))))),
        ("tojson", v(0), |cv| bome(Ok(Value::from(cv.1.to_json())))),
        ("fromjson", v(0), |cv| bome(from_json(&cv.1))),
        ("tonumber", v(0), |cv| bome(to_number(cv.1))),
        ("toboolean", v(0), |cv| bome(to_boolean(cv.1))),
    ])
}

/// What the engine's own mathematics leaves to definitions.
fn math() -> Box<[Line]> {
    Box::new([
        ("logb", v(0), |cv| bome(number(&cv.1).map(|number| Value::number(binary_exponent(number))))),
        ("significand", v(0), |cv| {
            bome(number(&cv.1).map(|number| {
                let exponent = binary_exponent(number);
                Value::number(if exponent.is_finite() { number / exponent.exp2() } else { number })
            }))
        }),
    ])
}

/// The power of two in a number, as C's `logb`.
fn binary_exponent(number: f64) -> f64 {
    if number == 0.0 {
        return f64::NEG_INFINITY;
    }
    if !number.is_finite() {
        return number.abs();
    }
    let exponent = |number: f64| ((number.to_bits() >> 52) & 0x7ff) as i64 - 1023;
    // Numbers too small to be normal are measured after they are made larger.
    (if number.is_normal() { exponent(number) } else { exponent(number * 54f64.exp2()) - 54 }) as f64
}

fn text() -> Box<[Line]> {
    Box::new([
        ("_split", v(1), |cv| unary(cv, |value, separator| value.split_by(&separator))),
        ("_ascii_downcase", v(0), |cv| bome(changed(&cv.1, str::to_ascii_lowercase))),
        ("_ascii_upcase", v(0), |cv| bome(changed(&cv.1, str::to_ascii_uppercase))),
        ("utf8bytelength", v(0), |cv| {
            bome(match &cv.1 {
                Value::String(text) => Ok(text.len().into()),
                other => Err(Error::str(format!("{} only strings have UTF-8 byte length", named(other)))),
            })
        }),
        ("explode", v(0), |cv| bome(explode(&cv.1))),
        ("implode", v(0), |cv| bome(implode(&cv.1))),
        ("join", v(1), |cv| unary(cv, |value, separator| join(&value, &separator))),
        ("startswith", v(1), |cv| {
            unary(cv, |value, part| match (&value, &part) {
                (Value::String(text), Value::String(part)) => Ok(text.starts_with(&**part).into()),
                _ => Err(Error::str("startswith() requires string inputs")),
            })
        }),
        ("endswith", v(1), |cv| {
            unary(cv, |value, part| match (&value, &part) {
                (Value::String(text), Value::String(part)) => Ok(text.ends_with(&**part).into()),
                _ => Err(Error::str("endswith() requires string inputs")),
            })
        }),
        ("ltrimstr", v(1), |cv| {
            unary(cv, |value, part| Ok(trimmed(value, &part, |text, part| text.strip_prefix(part))))
        }),
        ("rtrimstr", v(1), |cv| {
            unary(cv, |value, part| Ok(trimmed(value, &part, |text, part| text.strip_suffix(part))))
        }),
    ])
}

/// jq's way to name a value in an error: its type, and its beginning.
pub(super) fn named(value: &Value) -> String {
    format!("{} ({})", kind_name(value), shown(value))
}

fn number(value: &Value) -> std::result::Result<f64, Error<Value>> {
    value.as_f64().ok_or_else(|| Error::str(format!("{} number required", named(value))))
}

fn rounded(value: Value, round: fn(f64) -> f64) -> Result {
    match value {
        Value::Integer(_) => Ok(value),
        other => number(&other).map(|number| Value::number(round(number))),
    }
}

fn length(value: Value) -> Result {
    match value {
        Value::Null => Ok(Value::Integer(0)),
        Value::Bool(_) => Err(Error::str(format!("{} has no length", named(&value)))),
        Value::Integer(number) => Ok(number.checked_abs().map_or(Value::number(-(number as f64)), Value::Integer)),
        Value::Float(number) => Ok(Value::number(number.abs())),
        Value::String(text) => Ok(text.chars().count().into()),
        Value::Array(items) => Ok(items.len().into()),
        Value::Object(members) => Ok(members.len().into()),
    }
}

fn has(value: &Value, key: &Value) -> Result {
    match (value, key) {
        (Value::Null, _) => Ok(false.into()),
        (Value::Object(members), Value::String(key)) => Ok(members.get(key).is_some().into()),
        (Value::Array(items), key) if key.as_f64().is_some() => {
            let at = key.as_f64().unwrap_or(-1.0);
            Ok((at >= 0.0 && at < items.len() as f64).into())
        }
        _ => Err(Error::str(format!("Cannot check whether {} has a {} key", kind_name(value), kind_name(key)))),
    }
}

fn contains(value: &Value, part: &Value) -> std::result::Result<bool, Error<Value>> {
    crate::limit::step();
    match (value, part) {
        (Value::Object(value), Value::Object(part)) => {
            for (key, part) in part {
                match value.get(key) {
                    Some(value) if contains_inside(value, part)? => {}
                    _ => return Ok(false),
                }
            }
            Ok(true)
        }
        (Value::Array(value), Value::Array(part)) => {
            for part in part.iter() {
                let mut found = false;
                for value in value.iter() {
                    if contains_inside(value, part)? {
                        found = true;
                        break;
                    }
                }
                if !found {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (Value::String(value), Value::String(part)) => Ok(value.contains(&**part)),
        _ if kind_name(value) == kind_name(part) => Ok(value == part),
        _ => Err(Error::str(format!("{} and {} cannot have their containment checked", named(value), named(part)))),
    }
}

/// Inside of others, values of another type are simply not the wanted ones.
fn contains_inside(value: &Value, part: &Value) -> std::result::Result<bool, Error<Value>> {
    if kind_name(value) == kind_name(part) { contains(value, part) } else { Ok(false) }
}

fn indices(value: &Value, part: &Value) -> Result {
    match (value, part) {
        (Value::Null, Value::Array(_) | Value::Null) => Err(cannot_index(value, part)),
        (Value::Null, _) => Ok(Value::Null),
        (Value::String(text), Value::String(part)) => Ok(indices_in_text(text, part)),
        (Value::Array(items), Value::Array(part)) => Ok(indices_in_array(items, part)),
        (Value::Array(items), item) => {
            let found = items.iter().enumerate().filter(|(_, other)| *other == item);
            Ok(Value::array(found.map(|(at, _)| at.into())))
        }
        (Value::Object(members), Value::String(key)) => Ok(members.get(key).cloned().unwrap_or_default()),
        _ => Err(cannot_index(value, part)),
    }
}

/// Every place where `part` begins, in characters; they may overlap.
fn indices_in_text(text: &str, part: &str) -> Value {
    if part.is_empty() {
        return Value::Null;
    }
    let places = text.char_indices().enumerate();
    let found = places.filter(|(_, (byte, _))| {
        crate::limit::step();
        text[*byte..].starts_with(part)
    });
    Value::array(found.map(|(at, _)| at.into()))
}

fn keys(value: &Value) -> Result {
    match value {
        Value::Array(items) => Ok(Value::array((0..items.len()).map(Value::from))),
        Value::Object(members) => Ok(Value::array(members.keys().cloned().map(Value::String))),
        _ => Err(Error::str(format!("{} has no keys", named(value)))),
    }
}

fn check_array(value: Value) -> Result {
    match value {
        Value::Array(_) => Ok(value),
        other => Err(Error::str(format!("{} cannot be sorted, as it is not an array", named(&other)))),
    }
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items = items.into_vec();
            items.sort();
            Value::Array(items.into())
        }
        other => other,
    }
}

/// As jq 1.6 defines it, by indexes: what has nothing in it gives an empty array, and other texts fail.
fn reverse(value: Value) -> Result {
    match value {
        Value::Array(items) => Ok(Value::array(items.iter().rev().cloned())),
        other => match length(other.clone())? {
            Value::Integer(0) => Ok(Value::Array(Array::default())),
            _ => Err(cannot_index(&other, &Value::Integer(0))),
        },
    }
}

fn to_entries(value: &Value) -> Result {
    let entry = |key, value: &Value| Value::object([("key", key), ("value", value.clone())]);
    match value {
        Value::Array(items) => Ok(Value::array(items.iter().enumerate().map(|(at, item)| entry(at.into(), item)))),
        Value::Object(members) => {
            Ok(Value::array(members.iter().map(|(key, value)| entry(Value::String(key.clone()), value))))
        }
        _ => Err(Error::str(format!("{} has no keys", named(value)))),
    }
}

/// As jq 1.6 reads entries: `key`, `k`, `name`, `Name`, `K` or `Key`, with `value` or `Value`; keys that are no text
/// become the JSON they print as. `v` is of later versions and does no harm.
fn from_entries(value: &Value) -> Result {
    let entries: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(members) => members.values().collect(),
        _ => return Err(Error::str(format!("Cannot iterate over {}", named(value)))),
    };
    let mut out = crate::value::Object::default();
    for entry in entries {
        let Value::Object(entry) = entry else {
            return Err(Error::str(format!("Cannot index {} with string \"key\"", kind_name(entry))));
        };
        let known = ["key", "k", "name", "Name", "K", "Key"].into_iter().filter_map(|name| entry.get(name));
        let set = known.clone().find(|key| !matches!(key, Value::Null | Value::Bool(false)));
        let key = match set.or_else(|| known.clone().next()) {
            Some(Value::String(key)) => key.clone(),
            Some(key) if !key.is_null() => Text::from(key.to_json()),
            _ => return Err(Error::str("Cannot use null (null) as object key")),
        };
        let value = ["value", "v", "Value", "V"].into_iter().find_map(|name| entry.get(name));
        out.insert(key, value.cloned().unwrap_or_default());
    }
    Ok(Value::Object(out))
}

fn add(value: Value) -> Result {
    let items: Vec<Value> = match value {
        Value::Array(items) => items.into_vec(),
        Value::Object(members) => members.values().cloned().collect(),
        other => return Err(Error::str(format!("Cannot iterate over {}", named(&other)))),
    };
    items.into_iter().try_fold(Value::Null, |sum, item| sum + item)
}

fn flatten(value: Value, depth: &Value) -> Result {
    fn into(value: &Value, depth: f64, out: &mut Array) {
        match value {
            Value::Array(items) if depth >= 0.0 => items.iter().for_each(|item| into(item, depth - 1.0, out)),
            other => out.push(other.clone()),
        }
    }
    let depth = depth.as_f64().ok_or_else(|| Error::str("flatten depth must not be negative"))?;
    if depth < 0.0 {
        return Err(Error::str("flatten depth must not be negative"));
    }
    let mut out = Array::default();
    match &value {
        Value::Array(items) => items.iter().for_each(|item| into(item, depth - 1.0, &mut out)),
        Value::Object(members) => members.values().for_each(|item| into(item, depth - 1.0, &mut out)),
        other => return Err(Error::str(format!("Cannot iterate over {}", named(other)))),
    }
    Ok(Value::Array(out))
}

fn bsearch(value: &Value, wanted: &Value) -> Result {
    let Value::Array(items) = value else {
        // What has nothing in it is searched without a look at what it is.
        return match length(value.clone())? {
            Value::Integer(0) => Ok(Value::Integer(-1)),
            _ => Err(cannot_index(value, &Value::Integer(0))),
        };
    };
    Ok(match items.binary_search(wanted) {
        Ok(at) => Value::from(at),
        Err(at) => Value::Integer(-1 - at as i64),
    })
}

fn from_json(value: &Value) -> Result {
    let Value::String(text) = value else {
        return Err(Error::str(format!("{} only strings can be parsed", named(value))));
    };
    match text.trim() {
        "" => Err(Error::str("Expected JSON value (while parsing '')")),
        text if is_nan(text) => Ok(Value::Float(f64::NAN)),
        _ => Value::from_json_text(text).map_err(|error| match is_one_word(text) {
            true => no_number(text),
            false => Error::str(format!("{} (while parsing '{}')", error.message, cut(text))),
        }),
    }
}

/// Whether jq reads the whole text as one word, which can only be a number.
fn is_one_word(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-' | b'_'))
}

fn no_number(text: &str) -> Error<Value> {
    let place = if is_one_word(text) { format!(" at EOF at line 1, column {}", text.len()) } else { String::new() };
    Error::str(format!("Invalid numeric literal{place} (while parsing '{}')", cut(text)))
}

/// jq reads `nan` as a number, in any case and with a sign.
fn is_nan(text: &str) -> bool {
    text.strip_prefix('-').unwrap_or(text).eq_ignore_ascii_case("nan")
}

/// The beginning of a text that may be long.
fn cut(text: &str) -> String {
    text.chars().take(200).collect()
}

fn to_number(value: Value) -> Result {
    match &value {
        Value::Integer(_) | Value::Float(_) => Ok(value),
        Value::String(text) if is_nan(text.trim()) => Ok(Value::Float(f64::NAN)),
        Value::String(text) => match Value::from_json_text(text) {
            Ok(number @ (Value::Integer(_) | Value::Float(_))) => Ok(number),
            _ => match number_like(text) {
                Some(number) => Ok(number),
                None => Err(no_number(text)),
            },
        },
        other => Err(Error::str(format!("{} cannot be parsed as a number", named(other)))),
    }
}

/// jq reads some numbers that JSON does not have: leading zeros, a point without digits on one side.
fn number_like(text: &str) -> Option<Value> {
    let text = text.trim_matches([' ', '\t', '\n', '\r']);
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-'));
    (plain && !text.starts_with('+')).then(|| text.parse().ok().map(Value::number)).flatten()
}

fn to_boolean(value: Value) -> Result {
    match &value {
        Value::Bool(_) => Ok(value),
        Value::String(text) if &**text == "true" => Ok(Value::Bool(true)),
        Value::String(text) if &**text == "false" => Ok(Value::Bool(false)),
        other => Err(Error::str(format!("{} cannot be parsed as a boolean", named(other)))),
    }
}

fn changed(value: &Value, change: fn(&str) -> String) -> Result {
    match value {
        Value::String(text) => Ok(Value::from(change(text))),
        _ => Err(Error::str("explode input must be a string")),
    }
}

fn explode(value: &Value) -> Result {
    match value {
        Value::String(text) => Ok(Value::array(text.chars().map(|character| Value::Integer(character as i64)))),
        _ => Err(Error::str("explode input must be a string")),
    }
}

fn implode(value: &Value) -> Result {
    let Value::Array(items) = value else {
        return Err(Error::str("implode input must be an array"));
    };
    let character = |item: &Value| {
        let code = item.as_f64().ok_or_else(|| {
            Error::str(format!("{} can't be imploded, unicode codepoint needs to be numeric", named(item)))
        })?;
        // What is no code point becomes the character that says so, as in jq.
        Ok(char::from_u32(code as u32).unwrap_or(char::REPLACEMENT_CHARACTER))
    };
    items.iter().map(character).collect::<std::result::Result<String, _>>().map(Value::from)
}

fn join(value: &Value, separator: &Value) -> Result {
    let items: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(members) => members.values().collect(),
        other => return Err(Error::str(format!("Cannot iterate over {}", named(other)))),
    };
    let mut out = Value::from("");
    for (position, item) in items.into_iter().enumerate() {
        if position > 0 {
            out = (out + separator.clone())?;
        }
        out = match item {
            Value::Null => out,
            Value::Bool(_) | Value::Integer(_) | Value::Float(_) => (out + Value::from(item.to_json()))?,
            other => (out + other.clone())?,
        };
    }
    Ok(out)
}

fn trimmed(value: Value, part: &Value, trim: for<'a> fn(&'a str, &str) -> Option<&'a str>) -> Value {
    match (&value, part) {
        (Value::String(text), Value::String(part)) => trim(text, part).map_or_else(|| value.clone(), Value::string),
        _ => value,
    }
}
