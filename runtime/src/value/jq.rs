//! Our value as the value of the jq engine: how it is read, cut and updated, with jq's rules and error texts.
//!
//! Updates differ most between engines. As in jq, assigning below null makes what is missing, and writing past the end
//! of an array fills up with null.

use super::operators::split;
use super::{Array, Object, Text, Value};
use jaq_core::box_iter::{BoxIter, box_once};
use jaq_core::path::Opt;
use jaq_core::val::Range;
use jaq_core::{Error, Exn, ValR, ValT, ValX};

/// The type as jq names it.
pub(crate) fn kind_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Integer(_) | Value::Float(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// The value as it stands in an error text: cut short after eleven bytes where it has more than fourteen, as in jq 1.6.
pub(crate) fn shown(value: &Value) -> String {
    const WHOLE: usize = 14;
    const LENGTH: usize = 11;
    // A large value is not written out for the sake of its beginning.
    let text = match value {
        Value::String(text) => {
            let head: String = text.chars().take(WHOLE + 1).collect();
            Value::String(head.into()).to_json()
        }
        Value::Array(items) if items.len() > WHOLE => Value::array(items.iter().take(WHOLE).cloned()).to_json(),
        _ if value.weight() > 1 << 16 => return "...".to_owned(),
        _ => value.to_json(),
    };
    if text.len() <= WHOLE {
        return text;
    }
    let end = (0..=LENGTH).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    format!("{}...", &text[..end])
}

pub(crate) fn cannot_index(value: &Value, index: &Value) -> Error<Value> {
    Error::str(match index {
        Value::String(key) => format!("Cannot index {} with string \"{key}\"", kind_name(value)),
        _ => format!("Cannot index {} with {}", kind_name(value), kind_name(index)),
    })
}

fn cannot_iterate(value: &Value) -> Error<Value> {
    match value {
        Value::Null => Error::str("Cannot iterate over null (null)"),
        _ => Error::str(format!("Cannot iterate over {} ({})", kind_name(value), shown(value))),
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<isize> for Value {
    fn from(number: isize) -> Self {
        Self::Integer(number as i64)
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        i64::try_from(number).map_or_else(|_| Self::number(number as f64), Self::Integer)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::number(number)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text.into())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::string(text)
    }
}

impl From<Range<Self>> for Value {
    /// A slice as it stands in a path.
    fn from(range: Range<Self>) -> Self {
        Self::object([("start", range.start.unwrap_or_default()), ("end", range.end.unwrap_or_default())])
    }
}

impl FromIterator<Self> for Value {
    fn from_iter<I: IntoIterator<Item = Self>>(iter: I) -> Self {
        Self::array(iter)
    }
}

/// Where a slice begins and ends.
pub(crate) struct Bounds<'a> {
    start: &'a Value,
    end: &'a Value,
}

impl<'a> Bounds<'a> {
    /// The bounds that an object `{"start", "end"}` of a path means.
    pub(crate) fn of(index: &'a Value) -> Option<Self> {
        let members = index.as_object()?;
        Some(Self { start: members.get("start")?, end: members.get("end")? })
    }

    /// The positions meant in something of this length: from the end where negative, never outside.
    pub(crate) fn within(&self, length: usize) -> Result<std::ops::Range<usize>, Error<Value>> {
        let position = |bound: &Value, default: f64, round: fn(f64) -> f64| match bound {
            Value::Null => Ok(default),
            _ => bound
                .as_f64()
                .map(|at| if at < 0.0 { at + length as f64 } else { at })
                .map(|at| round(at).clamp(0.0, length as f64))
                .ok_or_else(|| Error::str("Start and end indices of an array slice must be numbers")),
        };
        let start = position(self.start, 0.0, f64::floor)? as usize;
        let end = position(self.end, length as f64, f64::ceil)? as usize;
        Ok(start..end.max(start))
    }

    fn cut(&self, value: &Value) -> ValR<Value> {
        match value {
            Value::Null => Ok(Value::Null),
            Value::Array(items) => {
                let range = self.within(items.len())?;
                Ok(Value::array(items.get(range).unwrap_or_default().iter().cloned()))
            }
            Value::String(text) => {
                let range = self.within(text.chars().count())?;
                let byte = |at: usize| text.char_indices().nth(at).map_or(text.len(), |(byte, _)| byte);
                Ok(Value::string(&text[byte(range.start)..byte(range.end)]))
            }
            other => Err(cannot_index(other, &Value::Object(Object::default()))),
        }
    }
}

/// The position that `index` means in an array; `None` before its beginning.
fn position(index: f64, length: usize) -> Option<usize> {
    let index = index.floor();
    let index = if index < 0.0 { index + length as f64 } else { index };
    (index >= 0.0).then_some(index as usize)
}

/// Longer arrays are not made by setting one item; jq 1.6 ends there as well.
const LONGEST_ARRAY: usize = 1 << 29;

impl ValT for Value {
    fn from_num(text: &str) -> ValR<Self> {
        Ok(Self::from_number_text(text))
    }

    fn from_map<I: IntoIterator<Item = (Self, Self)>>(members: I) -> ValR<Self> {
        let members = members.into_iter().map(|(key, value)| match key {
            Self::String(key) => Ok((key, value)),
            key => Err(Error::str(format!("Cannot use {} ({}) as object key", kind_name(&key), shown(&key)))),
        });
        members.collect::<Result<Object, _>>().map(Self::Object)
    }

    fn key_values(self) -> BoxIter<'static, Result<(Self, Self), Error<Self>>> {
        match self {
            Self::Array(items) => Box::new((0..items.len()).map(move |at| Ok((Self::from(at), items[at].clone())))),
            Self::Object(members) => {
                let entries: Vec<_> =
                    members.iter().map(|(key, value)| Ok((Self::String(key.clone()), value.clone()))).collect();
                Box::new(entries.into_iter())
            }
            other => box_once(Err(cannot_iterate(&other))),
        }
    }

    fn values(self) -> Box<dyn Iterator<Item = ValR<Self>>> {
        match self {
            Self::Array(items) => Box::new((0..items.len()).map(move |at| Ok(items[at].clone()))),
            Self::Object(members) => {
                let values: Vec<_> = members.values().cloned().map(Ok).collect();
                Box::new(values.into_iter())
            }
            other => box_once(Err(cannot_iterate(&other))),
        }
    }

    fn index(self, index: &Self) -> ValR<Self> {
        match (&self, index) {
            (Self::Object(members), Self::String(key)) => Ok(members.get(key).cloned().unwrap_or_default()),
            (Self::Null, Self::String(_) | Self::Integer(_) | Self::Float(_) | Self::Null) => Ok(Self::Null),
            // Between two items there is nothing.
            (Self::Array(_), Self::Float(at)) if at.fract() != 0.0 => Ok(Self::Null),
            (Self::Array(items), Self::Integer(_) | Self::Float(_)) => {
                let at = index.as_f64().and_then(|at| position(at, items.len()));
                Ok(at.and_then(|at| items.get(at)).cloned().unwrap_or_default())
            }
            (Self::Array(items), Self::Array(part)) => Ok(indices_in_array(items, part)),
            (_, Self::Object(_)) => match Bounds::of(index) {
                Some(bounds) => bounds.cut(&self),
                None if matches!(self, Self::Array(_)) => {
                    Err(Error::str("Start and end indices of an array slice must be numbers"))
                }
                None => Err(cannot_index(&self, index)),
            },
            _ => Err(cannot_index(&self, index)),
        }
    }

    fn range(self, range: Range<&Self>) -> ValR<Self> {
        Bounds { start: range.start.unwrap_or(&Self::Null), end: range.end.unwrap_or(&Self::Null) }.cut(&self)
    }

    fn map_values<'a, I: Iterator<Item = ValX<'a, Self>>>(self, opt: Opt, f: impl Fn(Self) -> I) -> ValX<'a, Self> {
        match self {
            Self::Array(items) => {
                let mut out = Array::default();
                for item in items.into_vec() {
                    if let Some(item) = f(item).next() {
                        out.push(item?);
                    }
                }
                Ok(Self::Array(out))
            }
            Self::Object(members) => {
                let mut out = Object::default();
                for (key, value) in &members {
                    if let Some(value) = f(value.clone()).next() {
                        out.insert(key.clone(), value?);
                    }
                }
                Ok(Self::Object(out))
            }
            other => opt.fail(other, |value| cannot_iterate(&value).into()),
        }
    }

    fn map_index<'a, I: Iterator<Item = ValX<'a, Self>>>(
        self,
        index: &Self,
        opt: Opt,
        f: impl Fn(Self) -> I,
    ) -> ValX<'a, Self> {
        match (self, index) {
            (Self::Null, Self::String(key)) => update_member(Object::default(), key, f),
            (Self::Object(members), Self::String(key)) => update_member(members, key, f),
            (Self::Null, Self::Integer(_) | Self::Float(_)) => update_item(Array::default(), index, f),
            (Self::Array(items), Self::Integer(_) | Self::Float(_)) => update_item(items, index, f),
            (value @ (Self::Null | Self::Array(_)), Self::Object(_)) => match Bounds::of(index) {
                Some(bounds) => update_slice(value, &bounds, f),
                None => opt.fail(value, |value| cannot_index(&value, index).into()),
            },
            (Self::Array(_), Self::Array(_)) => {
                opt.fail(Self::Null, |_| Error::str("Cannot update field at array index of array").into())
            }
            (other, _) => opt.fail(other, |value| cannot_index(&value, index).into()),
        }
    }

    fn map_range<'a, I: Iterator<Item = ValX<'a, Self>>>(
        self,
        range: Range<&Self>,
        opt: Opt,
        f: impl Fn(Self) -> I,
    ) -> ValX<'a, Self> {
        let bounds = Bounds { start: range.start.unwrap_or(&Self::Null), end: range.end.unwrap_or(&Self::Null) };
        match self {
            value @ (Self::Null | Self::Array(_)) => update_slice(value, &bounds, f),
            Self::String(_) => opt.fail(self, |_| Error::str("Cannot update field at object index of string").into()),
            other => opt.fail(other, |value| cannot_index(&value, &Self::Object(Object::default())).into()),
        }
    }

    fn as_bool(&self) -> bool {
        !matches!(self, Self::Null | Self::Bool(false))
    }

    fn into_string(self) -> Self {
        match self {
            Self::String(_) => self,
            other => Self::from(other.to_json()),
        }
    }
}

fn update_member<'a, I: Iterator<Item = ValX<'a, Value>>>(
    mut members: Object,
    key: &Text,
    f: impl Fn(Value) -> I,
) -> ValX<'a, Value> {
    match members.take(key) {
        Some(old) => {
            let size = old.size();
            match f(old).next() {
                Some(new) => members.put_back(key, size, new?),
                None => {
                    members.put_back(key, size, Value::Null);
                    members.remove(key);
                }
            }
        }
        None => {
            if let Some(new) = f(Value::Null).next() {
                members.insert(key.clone(), new?);
            }
        }
    }
    Ok(Value::Object(members))
}

fn update_item<'a, I: Iterator<Item = ValX<'a, Value>>>(
    mut items: Array,
    index: &Value,
    f: impl Fn(Value) -> I,
) -> ValX<'a, Value> {
    let Some(at) = index.as_f64().and_then(|at| position(at, items.len())) else {
        return Err(Exn::from(Error::str("Out of bounds negative array index")));
    };
    if at < items.len() {
        let size = items[at].size();
        match f(items.take(at)).next() {
            Some(new) => items.put_back(at, size, new?),
            None => items.remove(at),
        }
    } else if let Some(new) = f(Value::Null).next() {
        if at >= LONGEST_ARRAY {
            return Err(Exn::from(Error::str("Out of bounds array index")));
        }
        items.set(at, new?);
    }
    Ok(Value::Array(items))
}

fn update_slice<'a, I: Iterator<Item = ValX<'a, Value>>>(
    value: Value,
    bounds: &Bounds<'_>,
    f: impl Fn(Value) -> I,
) -> ValX<'a, Value> {
    let part = bounds.cut(&value)?;
    let items = match value {
        Value::Array(items) => items,
        _ => Array::default(),
    };
    let range = bounds.within(items.len())?;
    let new = match f(part).next() {
        Some(new) => match new? {
            Value::Array(new) => new,
            _ => return Err(Exn::from(Error::str("A slice of an array can only be assigned another array"))),
        },
        None => Array::default(),
    };
    let mut out = Array::default();
    out.extend(&items[..range.start]);
    out.extend(&new);
    out.extend(&items[range.end..]);
    Ok(Value::Array(out))
}

/// Every position at which `part` begins in `items`; null where `part` is empty.
pub(crate) fn indices_in_array(items: &[Value], part: &[Value]) -> Value {
    if part.is_empty() {
        return Value::array([]);
    }
    let found = items.windows(part.len()).enumerate().filter(|(_, window)| *window == part);
    Value::array(found.map(|(at, _)| Value::from(at)))
}

impl jaq_std::ValT for Value {
    fn into_seq<S: FromIterator<Self>>(self) -> Result<S, Self> {
        match self {
            Self::Array(items) => Ok(items.into_vec().into_iter().collect()),
            other => Err(other),
        }
    }

    fn is_int(&self) -> bool {
        matches!(self, Self::Integer(_))
    }

    fn as_isize(&self) -> Option<isize> {
        self.as_i64().and_then(|number| isize::try_from(number).ok())
    }

    fn as_f64(&self) -> Option<f64> {
        Self::as_f64(self)
    }

    fn is_utf8_str(&self) -> bool {
        matches!(self, Self::String(_))
    }

    fn as_bytes(&self) -> Option<&[u8]> {
        self.as_str().map(str::as_bytes)
    }

    fn as_sub_str(&self, part: &[u8]) -> Self {
        Self::from_utf8_bytes(part.to_vec())
    }

    fn from_utf8_bytes(bytes: impl AsRef<[u8]> + Send + 'static) -> Self {
        Self::string(&String::from_utf8_lossy(bytes.as_ref()))
    }
}

impl Value {
    /// The pieces of a string, for `split/1`.
    pub(crate) fn split_by(&self, separator: &Value) -> ValR<Value> {
        match (self, separator) {
            (Value::String(text), Value::String(separator)) => Ok(split(text, separator)),
            _ => Err(Error::str("split input and separator must be strings")),
        }
    }
}
