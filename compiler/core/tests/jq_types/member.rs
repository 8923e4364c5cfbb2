//! Whether a value is of a type.

use zisc_core::Type;
use zisc_runtime::Value;

pub(crate) fn is_of(value: &Value, kind: &Type) -> bool {
    match kind {
        Type::Any => true,
        Type::Null => value.is_null(),
        Type::Bool => value.as_bool().is_some(),
        Type::Int => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        Type::Number => value.as_f64().is_some(),
        Type::String => value.as_str().is_some(),
        Type::Timestamp => value.as_str().is_some_and(is_timestamp),
        Type::Literal(text) => value.as_str() == Some(text.as_str()),
        Type::Array(item) => value.as_array().is_some_and(|items| items.iter().all(|value| is_of(value, item))),
        Type::Map(inner) => {
            value.as_object().is_some_and(|members| members.iter().all(|(_, value)| is_of(value, inner)))
        }
        Type::Record(record) => value.as_object().is_some_and(|members| {
            let fields = record.fields.iter().all(|field| match members.get(&field.name) {
                Some(value) => is_of(value, &field.kind),
                None => field.optional,
            });
            let is_known = |key: &str| record.fields.iter().any(|field| field.name == key);
            fields && (!record.closed || members.iter().all(|(key, _)| is_known(key)))
        }),
        Type::Union(members) => members.iter().any(|kind| is_of(value, kind)),
    }
}

/// `2024-01-31T12:00:00Z`, as the generator writes it.
fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 20
        && bytes.iter().zip(b"dddd-dd-ddTdd:dd:ddZ").all(|(byte, form)| match form {
            b'd' => byte.is_ascii_digit(),
            other => byte == other,
        })
}
