//! The text formats of jq: `@csv`, `@tsv`, `@sh`, `@html`, `@uri`, `@base64` and `@base32`.

use super::natives::{Line, named};
use crate::Value;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD};
use base64::{DecodeError, Engine as _};
use jaq_core::native::{bome, v};
use jaq_core::{Error, ValR};

/// The natives of this file.
pub(super) fn table() -> Box<[Line]> {
    Box::new([
        ("_csv", v(0), |cv| bome(row(&cv.1, "csv", ",", |text| format!("\"{}\"", text.replace('"', "\"\""))))),
        ("_tsv", v(0), |cv| bome(row(&cv.1, "tsv", "\t", tsv_field))),
        ("_sh", v(0), |cv| bome(shell(&cv.1))),
        ("_html", v(0), |cv| bome(Ok(html(&cv.1)))),
        ("_uri", v(0), |cv| bome(Ok(uri(&cv.1)))),
        ("_base64", v(0), |cv| bome(Ok(Value::from(STANDARD.encode(text(&cv.1)))))),
        ("_base64d", v(0), |cv| bome(from_base64(&cv.1))),
        ("_base32", v(0), |cv| bome(Ok(Value::from(base32(text(&cv.1).as_bytes()))))),
        ("_base32d", v(0), |cv| bome(from_base32(&cv.1))),
    ])
}

/// Formats apply `tostring` first, so this is always a string.
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn row(value: &Value, format: &str, separator: &str, quote: fn(&str) -> String) -> ValR<Value> {
    let Value::Array(items) = value else {
        return Err(Error::str(format!("{} cannot be {format}-formatted, only array", named(value))));
    };
    let field = |item: &Value| match item {
        Value::Null => Ok(String::new()),
        Value::Bool(_) | Value::Integer(_) | Value::Float(_) => Ok(item.to_json()),
        Value::String(text) => Ok(quote(text)),
        other => Err(Error::str(format!("{} is not valid in a csv row", named(other)))),
    };
    items.iter().map(field).collect::<Result<Vec<_>, _>>().map(|fields| Value::from(fields.join(separator)))
}

fn tsv_field(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
}

fn shell(value: &Value) -> ValR<Value> {
    let word = |item: &Value| match item {
        Value::String(text) => Ok(format!("'{}'", text.replace('\'', "'\\''"))),
        Value::Array(_) | Value::Object(_) => Err(Error::str(format!("{} can not be escaped for shell", named(item)))),
        other => Ok(other.to_json()),
    };
    let words = match value {
        Value::Array(items) => items.iter().map(word).collect::<Result<Vec<_>, _>>()?,
        other => vec![word(other)?],
    };
    Ok(Value::from(words.join(" ")))
}

fn html(value: &Value) -> Value {
    let text = text(value);
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\'' => out.push_str("&apos;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    Value::from(out)
}

fn uri(value: &Value) -> Value {
    let mut out = String::new();
    for byte in text(value).bytes() {
        match byte {
            // jq 1.6 leaves these alone; later versions only `-_.~`.
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => out.push(char::from(byte)),
            b'-' | b'_' | b'.' | b'!' | b'~' | b'*' | b'\'' | b'(' | b')' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    Value::from(out)
}

fn from_base64(value: &Value) -> ValR<Value> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let engine = GeneralPurpose::new(&alphabet::STANDARD, config);
    match engine.decode(text(value)) {
        Ok(bytes) => Ok(Value::from(String::from_utf8_lossy(&bytes).into_owned())),
        Err(DecodeError::InvalidLength(_)) => Err(Error::str(format!("{} trailing base64 byte found", named(value)))),
        Err(_) => Err(Error::str(format!("{} is not valid base64 data", named(value)))),
    }
}

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn base32(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.chunks(5) {
        let mut padded = [0; 8];
        padded[3..3 + chunk.len()].copy_from_slice(chunk);
        let bits = u64::from_be_bytes(padded);
        let used = (chunk.len() * 8).div_ceil(5);
        for position in 0..8 {
            let index = (bits >> (35 - 5 * position)) & 31;
            out.push(if position < used { char::from(BASE32[index as usize]) } else { '=' });
        }
    }
    out
}

fn from_base32(value: &Value) -> ValR<Value> {
    let invalid = || Error::str(format!("{} is not valid base32 data", named(value)));
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0u32, 0);
    for character in text(value).trim_end_matches('=').bytes() {
        let index = BASE32.iter().position(|&other| other == character).ok_or_else(invalid)?;
        bits = (bits << 5) | index as u32;
        count += 5;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    String::from_utf8(bytes).map(Value::from).map_err(|_| invalid())
}
