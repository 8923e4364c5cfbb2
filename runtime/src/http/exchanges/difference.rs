//! Where a request differs from what an exchange expects. Credentials are compared, and not shown.

use super::Difference;
use crate::Value;
use crate::http::Request;

/// What a header of an exchange has against a request.
pub(super) fn header_difference(name: &str, expected: &Value, request: &Request) -> Option<Difference> {
    let sent = request.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
    let same = match (expected, sent) {
        (Value::String(expected), Some(header)) => **expected == header.value,
        (Value::Object(_), Some(_)) => matches_any(expected) || is_presence(expected, true),
        (Value::Object(_), None) => is_presence(expected, false),
        (Value::Null, None) => true,
        (expected, Some(header)) => expected.to_json() == header.value,
        (_, None) => false,
    };
    if same {
        return None;
    }
    let field = format!("header {name}");
    let secret = sent.is_some_and(|header| header.secret) || is_secret_name(name);
    let difference = |expected: &str, sent: &str| Difference {
        field: field.clone(),
        expected: expected.to_owned(),
        sent: sent.to_owned(),
    };
    Some(match sent {
        None => difference(&if secret { "a value".to_owned() } else { shown(expected) }, "no such header"),
        Some(_) if secret => difference("another value (hidden)", "a value (hidden)"),
        Some(header) => difference(&shown(expected), &format!("\"{}\"", header.value)),
    })
}

/// Headers whose values are credentials, whoever set them.
pub(crate) fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["authorization", "token", "api-key", "apikey", "api_key", "cookie", "secret", "password"]
        .iter()
        .any(|part| name.contains(part))
}

/// Compares bodies as JSON, down to the members that differ.
pub(super) fn body_differences(field: &str, expected: &Value, sent: Option<&Value>, differences: &mut Vec<Difference>) {
    let Some(sent) = sent else {
        if !matches_any(expected) && !is_presence(expected, false) && !expected.is_null() {
            differences.push(Difference {
                field: field.to_owned(),
                expected: shown(expected),
                sent: "nothing".to_owned(),
            });
        }
        return;
    };
    if matches_any(expected) || is_presence(expected, true) {
        return;
    }
    match (expected, sent) {
        (Value::Object(wanted), Value::Object(given)) => {
            for (key, value) in wanted {
                body_differences(&format!("{field}.{key}"), value, given.get(key), differences);
            }
            for (key, value) in given {
                if wanted.get(key).is_none() {
                    differences.push(Difference {
                        field: format!("{field}.{key}"),
                        expected: "nothing".to_owned(),
                        sent: shown(value),
                    });
                }
            }
        }
        (Value::Array(wanted), Value::Array(given)) if wanted.len() == given.len() => {
            for (position, (wanted, given)) in wanted.iter().zip(given.iter()).enumerate() {
                body_differences(&format!("{field}[{position}]"), wanted, Some(given), differences);
            }
        }
        (wanted, given) if wanted == given => {}
        (wanted, given) => {
            differences.push(Difference { field: field.to_owned(), expected: shown(wanted), sent: shown(given) });
        }
    }
}

/// `{"@any": …}` stands for any value.
fn matches_any(expected: &Value) -> bool {
    expected.get("@any").is_some()
}

/// `{"present": true}` stands for any value, `{"present": false}` for none.
fn is_presence(expected: &Value, present: bool) -> bool {
    expected.as_object().is_some_and(|members| members.len() == 1)
        && expected.get("present") == Some(&Value::Bool(present))
}

/// A value for a line of text.
fn shown(value: &Value) -> String {
    const LENGTH: usize = 200;
    let text = value.to_json();
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
