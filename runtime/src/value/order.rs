//! Equality and order of values, as jq has them: null, false, true, numbers, strings, arrays, objects.

use super::{Object, Value};
use std::cmp::Ordering;

impl PartialEq for Value {
    /// The same JSON: `1` and `1.0` are one number, the order of keys does not count.
    fn eq(&self, other: &Self) -> bool {
        crate::limit::step();
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Integer(a), Self::Integer(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a == b,
            (Self::Integer(a), Self::Float(b)) | (Self::Float(b), Self::Integer(a)) => compare_mixed(*a, *b).is_eq(),
            (Self::String(a), Self::String(b)) => a == b,
            (Self::Array(a), Self::Array(b)) => {
                a.is_same(b) || (a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| a == b))
            }
            (Self::Object(a), Self::Object(b)) => {
                a.is_same(b)
                    || (a.len() == b.len()
                        && a.iter().all(|(key, value)| b.get(key).is_some_and(|other| value == other)))
            }
            _ => false,
        }
    }
}

/// `NaN` is not equal to itself, and no value that leaves a jq program holds one.
impl Eq for Value {}

#[expect(clippy::non_canonical_partial_ord_impl, reason = "sorting needs a total order, jq's `<` is none")]
impl PartialOrd for Value {
    /// As jq's `<`: what is no number is smaller than any number, itself included.
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match self {
            Self::Float(number) if number.is_nan() && other.as_f64().is_some() => Some(Ordering::Less),
            _ => Some(self.cmp(other)),
        }
    }
}

impl Ord for Value {
    /// A total order for sorting; it differs from `<` in that `NaN` equals itself.
    fn cmp(&self, other: &Self) -> Ordering {
        crate::limit::step();
        match (self, other) {
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Integer(a), Self::Integer(b)) => a.cmp(b),
            (Self::Float(a), Self::Float(b)) => a.partial_cmp(b).unwrap_or_else(|| b.is_nan().cmp(&a.is_nan())),
            (Self::Integer(a), Self::Float(b)) => compare_mixed(*a, *b),
            (Self::Float(a), Self::Integer(b)) => compare_mixed(*b, *a).reverse(),
            // UTF-8 sorts as its code points do.
            (Self::String(a), Self::String(b)) => a.cmp(b),
            (Self::Array(a), Self::Array(b)) => {
                if a.is_same(b) {
                    return Ordering::Equal;
                }
                a.iter().cmp(b.iter())
            }
            (Self::Object(a), Self::Object(b)) => compare_objects(a, b),
            _ => self.rank().cmp(&other.rank()),
        }
    }
}

/// Exactly, without rounding the whole number: sorting relies on an order without contradictions.
fn compare_mixed(whole: i64, number: f64) -> Ordering {
    const END: f64 = 9_223_372_036_854_775_808.0; // 2^63
    if number.is_nan() {
        Ordering::Greater
    } else if number >= END {
        Ordering::Less
    } else if number < -END {
        Ordering::Greater
    } else {
        let floor = number.floor();
        whole.cmp(&(floor as i64)).then_with(|| if number > floor { Ordering::Less } else { Ordering::Equal })
    }
}

/// First the sorted keys, then the values in the order of the keys.
fn compare_objects(a: &Object, b: &Object) -> Ordering {
    if a.is_same(b) {
        return Ordering::Equal;
    }
    let sorted = |object: &Object| {
        let mut keys: Vec<_> = object.keys().cloned().collect();
        keys.sort_unstable();
        keys
    };
    let (a_keys, b_keys) = (sorted(a), sorted(b));
    a_keys.cmp(&b_keys).then_with(|| a_keys.iter().map(|key| a.get(key)).cmp(b_keys.iter().map(|key| b.get(key))))
}

impl Value {
    fn rank(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Bool(_) => 1,
            Self::Integer(_) | Self::Float(_) => 2,
            Self::String(_) => 3,
            Self::Array(_) => 4,
            Self::Object(_) => 5,
        }
    }
}
