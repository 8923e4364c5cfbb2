//! The JSON value of a run: the data of a flow, and what its jq programs work on.
//!
//! A copy costs a count: strings, arrays and objects are shared until somebody changes one. Objects keep the order of
//! their keys. Whole numbers are exact to 64 bits.

mod array;
mod jq;
mod json;
mod number;
mod object;
mod operators;
mod order;
mod size;
mod text;

pub use array::Array;
pub(crate) use jq::{Bounds, cannot_index, indices_in_array, kind_name, shown};
pub use number::number_text;
pub use object::Object;
pub(crate) use size::Size;
pub use text::Text;

/// Values nested deeper than this are not made: the reader of JSON stops earlier, and a stack has an end.
pub const DEPTH_LIMIT: usize = 1_000;

/// A JSON value.
#[derive(Clone, Debug, Default)]
pub enum Value {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number that is not whole, or too large to be exact. See [`Value::number`].
    Float(f64),
    /// A string.
    String(Text),
    /// An array.
    Array(Array),
    /// An object.
    Object(Object),
}

impl Value {
    /// A number: whole ones become exact integers, as JSON knows one kind of number only.
    pub fn number(number: f64) -> Self {
        // Above 2^53 a float stands for many integers, and below zero it may be the one that prints as `-0`.
        const EXACT: f64 = 9_007_199_254_740_992.0;
        if number.fract() == 0.0 && number.abs() <= EXACT && !(number == 0.0 && number.is_sign_negative()) {
            Self::Integer(number as i64)
        } else {
            Self::Float(number)
        }
    }

    /// A string.
    pub fn string(text: &str) -> Self {
        Self::String(Text::from(text))
    }

    /// An object of these members.
    pub fn object<K: Into<Text>>(members: impl IntoIterator<Item = (K, Value)>) -> Self {
        Self::Object(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// An array of these items.
    pub fn array(items: impl IntoIterator<Item = Value>) -> Self {
        Self::Array(items.into_iter().collect())
    }

    /// Whether this is `null`.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The truth value.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(truth) => Some(*truth),
            _ => None,
        }
    }

    /// The number, rounded where it is a whole one above 2^53.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Integer(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            _ => None,
        }
    }

    /// The whole number.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// The items of an array.
    pub fn as_array(&self) -> Option<&Array> {
        match self {
            Self::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The members of an object.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The member `key` of an object that has it.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_object()?.get(key)
    }

    /// What kind of value this is, in words for a message: "a string", "an object".
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Integer(_) | Self::Float(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }

    /// How large this is, written out: known without looking, however often parts are shared.
    pub(crate) fn size(&self) -> Size {
        match self {
            Self::Float(number) if !number.is_finite() => Size::NO_JSON_NUMBER,
            Self::Null | Self::Bool(_) | Self::Integer(_) | Self::Float(_) => Size::SCALAR,
            Self::String(text) => Size::of_text(text),
            Self::Array(items) => items.size(),
            Self::Object(members) => members.size(),
        }
    }

    /// About how many bytes this takes when nothing in it is shared.
    pub fn weight(&self) -> u64 {
        self.size().weight
    }
}
