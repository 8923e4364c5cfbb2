//! Arithmetic, as jq's operators do it, with jq's error texts.

use super::{Array, Object, Value, kind_name, shown};
use jaq_core::{Error, ValR};
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

fn refuse(left: &Value, right: &Value, what: &str) -> Error<Value> {
    Error::str(format!(
        "{} ({}) and {} ({}) cannot be {what}",
        kind_name(left),
        shown(left),
        kind_name(right),
        shown(right)
    ))
}

/// Exact where both are whole and the result fits, else in floating point as jq always does.
fn calculate(
    left: &Value,
    right: &Value,
    exact: fn(i64, i64) -> Option<i64>,
    rounded: fn(f64, f64) -> f64,
) -> Option<Value> {
    if let (Value::Integer(left), Value::Integer(right)) = (left, right)
        && let Some(result) = exact(*left, *right)
    {
        return Some(Value::Integer(result));
    }
    Some(Value::number(rounded(left.as_f64()?, right.as_f64()?)))
}

impl Add for Value {
    type Output = ValR<Self>;

    fn add(self, other: Self) -> ValR<Self> {
        crate::limit::step();
        match (self, other) {
            (Self::Null, other) => Ok(other),
            (value, Self::Null) => Ok(value),
            (Self::String(mut a), Self::String(b)) => {
                a.push_str(&b);
                Ok(Self::String(a))
            }
            (Self::Array(mut a), Self::Array(b)) => {
                a.extend(&b);
                Ok(Self::Array(a))
            }
            (Self::Object(mut a), Self::Object(b)) => {
                for (key, value) in &b {
                    a.insert(key.clone(), value.clone());
                }
                Ok(Self::Object(a))
            }
            (a, b) => calculate(&a, &b, i64::checked_add, |a, b| a + b).ok_or_else(|| refuse(&a, &b, "added")),
        }
    }
}

impl Sub for Value {
    type Output = ValR<Self>;

    fn sub(self, other: Self) -> ValR<Self> {
        crate::limit::step();
        match (self, other) {
            (Self::Array(a), Self::Array(b)) => Ok(Self::array(a.iter().filter(|item| !b.contains(item)).cloned())),
            (a, b) => calculate(&a, &b, i64::checked_sub, |a, b| a - b).ok_or_else(|| refuse(&a, &b, "subtracted")),
        }
    }
}

impl Mul for Value {
    type Output = ValR<Self>;

    fn mul(self, other: Self) -> ValR<Self> {
        crate::limit::step();
        match (self, other) {
            (Self::String(text), times) | (times, Self::String(text)) if times.as_f64().is_some() => {
                Ok(repeat(&text, &times))
            }
            (Self::Object(a), Self::Object(b)) => Ok(Self::Object(merge(a, &b))),
            (a, b) => calculate(&a, &b, i64::checked_mul, |a, b| a * b).ok_or_else(|| refuse(&a, &b, "multiplied")),
        }
    }
}

/// `"ab" * 2` is `"abab"`; none at all is null.
fn repeat(text: &str, times: &Value) -> Value {
    let times = times.as_f64().unwrap_or(0.0);
    if times.is_nan() || times <= 0.0 {
        return Value::Null;
    }
    // 2.5 times is twice and half a time is once, as in jq 1.6.
    let times = (times as usize).max(1);
    crate::limit::bytes(text.len().saturating_mul(times));
    Value::String(text.repeat(times).into())
}

/// Objects in both are merged all the way down; else the right side counts.
fn merge(mut left: Object, right: &Object) -> Object {
    for (key, value) in right {
        crate::limit::step();
        let merged = match (left.get(key), value) {
            (Some(Value::Object(left)), Value::Object(right)) => Value::Object(merge(left.clone(), right)),
            _ => value.clone(),
        };
        left.insert(key.clone(), merged);
    }
    left
}

impl Div for Value {
    type Output = ValR<Self>;

    fn div(self, other: Self) -> ValR<Self> {
        crate::limit::step();
        if let (Self::String(text), Self::String(separator)) = (&self, &other) {
            return Ok(split(text, separator));
        }
        if self.as_f64().is_some() && other.as_f64() == Some(0.0) {
            return Err(refuse(&self, &other, "divided because the divisor is zero"));
        }
        let exact = |a: i64, b: i64| (a.checked_rem(b)? == 0).then(|| a.checked_div(b)).flatten();
        calculate(&self, &other, exact, |a, b| a / b).ok_or_else(|| refuse(&self, &other, "divided"))
    }
}

/// The pieces of `text` between `separator`s; its characters where that is empty.
pub(crate) fn split(text: &str, separator: &str) -> Value {
    if text.is_empty() {
        return Value::Array(Array::default());
    }
    if separator.is_empty() {
        return Value::array(text.chars().map(|character| Value::string(character.encode_utf8(&mut [0; 4]))));
    }
    Value::array(text.split(separator).map(Value::string))
}

impl Rem for Value {
    type Output = ValR<Self>;

    /// Of the whole parts, with the sign of the left side.
    fn rem(self, other: Self) -> ValR<Self> {
        crate::limit::step();
        let whole = |value: &Self| match value {
            Self::Integer(number) => Some(*number),
            // The cast saturates, as jq's does.
            Self::Float(number) => Some(*number as i64),
            _ => None,
        };
        let (Some(left), Some(right)) = (whole(&self), whole(&other)) else {
            return Err(refuse(&self, &other, "divided (remainder)"));
        };
        if right == 0 {
            return Err(refuse(&self, &other, "divided (remainder) because the divisor is zero"));
        }
        let rest = left.unsigned_abs() % right.unsigned_abs();
        // It is smaller than the divisor, and 2^63 is no remainder.
        let rest = i64::try_from(rest).unwrap_or(i64::MAX);
        Ok(Self::Integer(if left < 0 { -rest } else { rest }))
    }
}

impl Neg for Value {
    type Output = ValR<Self>;

    fn neg(self) -> ValR<Self> {
        match self {
            Self::Integer(0) => Ok(Self::Float(-0.0)),
            Self::Integer(number) => {
                Ok(number.checked_neg().map_or_else(|| Self::number(-(number as f64)), Self::Integer))
            }
            Self::Float(number) => Ok(Self::number(-number)),
            other => Err(Error::str(format!("{} ({}) cannot be negated", kind_name(&other), shown(&other)))),
        }
    }
}
