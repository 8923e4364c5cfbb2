/// What an operator of a Choice rule compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operand {
    /// Text, by code point.
    String,
    /// A number, by value.
    Number,
    /// `true` or `false`.
    Boolean,
    /// RFC 3339 text, compared as an instant.
    Timestamp,
    /// Whether the path leads anywhere; a null counts.
    Presence,
    /// Whether the path leads to null.
    Null,
}

/// How an operator of a Choice rule compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// Both sides are the same.
    Equals,
    /// The variable is the smaller one.
    LessThan,
    /// The variable is the larger one.
    GreaterThan,
    /// The variable is not the larger one.
    LessThanEquals,
    /// The variable is not the smaller one.
    GreaterThanEquals,
}

/// A comparison operator of a Choice rule.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Operator {
    /// The member's name in a rule.
    pub name: &'static str,
    /// The type of both sides.
    pub operand: Operand,
    /// What must hold between them.
    pub relation: Relation,
    /// Whether the right side is a path instead of a value.
    pub by_path: bool,
}

/// All operators that the platform accepts (documentation page "Choice state").
pub static OPERATORS: &[Operator] = {
    use Operand::{Boolean, Null, Number, Presence, String, Timestamp};
    use Relation::{Equals, GreaterThan, GreaterThanEquals, LessThan, LessThanEquals};
    &[
        value("StringEquals", String, Equals),
        path("StringEqualsPath", String, Equals),
        value("StringLessThan", String, LessThan),
        value("StringGreaterThan", String, GreaterThan),
        value("StringLessThanEquals", String, LessThanEquals),
        value("StringGreaterThanEquals", String, GreaterThanEquals),
        value("NumericEquals", Number, Equals),
        path("NumericEqualsPath", Number, Equals),
        value("NumericLessThan", Number, LessThan),
        path("NumericLessThanPath", Number, LessThan),
        value("NumericGreaterThan", Number, GreaterThan),
        path("NumericGreaterThanPath", Number, GreaterThan),
        value("NumericLessThanEquals", Number, LessThanEquals),
        path("NumericLessThanEqualsPath", Number, LessThanEquals),
        value("NumericGreaterThanEquals", Number, GreaterThanEquals),
        path("NumericGreaterThanEqualsPath", Number, GreaterThanEquals),
        value("BooleanEquals", Boolean, Equals),
        path("BooleanEqualsPath", Boolean, Equals),
        value("TimestampEquals", Timestamp, Equals),
        value("TimestampLessThan", Timestamp, LessThan),
        value("TimestampGreaterThan", Timestamp, GreaterThan),
        value("TimestampLessThanEquals", Timestamp, LessThanEquals),
        value("TimestampGreaterThanEquals", Timestamp, GreaterThanEquals),
        value("IsPresent", Presence, Equals),
        value("IsNull", Null, Equals),
    ]
};

const fn value(name: &'static str, operand: Operand, relation: Relation) -> Operator {
    Operator { name, operand, relation, by_path: false }
}

const fn path(name: &'static str, operand: Operand, relation: Relation) -> Operator {
    Operator { name, operand, relation, by_path: true }
}

impl Operator {
    /// The operator of this name.
    pub fn named(name: &str) -> Option<&'static Operator> {
        OPERATORS.iter().find(|operator| operator.name == name)
    }

    /// The operator that compares in this way, where the platform has one.
    pub fn find(operand: Operand, relation: Relation, by_path: bool) -> Option<&'static Operator> {
        OPERATORS.iter().find(|o| o.operand == operand && o.relation == relation && o.by_path == by_path)
    }

    /// What it asks, in a sentence.
    pub fn meaning(&self) -> String {
        let other = if self.by_path { "the value at this path" } else { "this one" };
        let kind = match self.operand {
            Operand::String => "a text",
            Operand::Number => "a number",
            Operand::Boolean => "a truth value",
            Operand::Timestamp => "an instant",
            Operand::Presence => {
                return "True where `Variable` leads to a value, null included; `false` turns it round.".into();
            }
            Operand::Null => return "True where `Variable` leads to null; `false` turns it round.".into(),
        };
        let relation = match self.relation {
            Relation::Equals => "the same as",
            Relation::LessThan => "less than",
            Relation::GreaterThan => "greater than",
            Relation::LessThanEquals => "at most",
            Relation::GreaterThanEquals => "at least",
        };
        format!("True where `Variable` is {kind}, and {relation} {other}. A value of another type makes it false.")
    }
}
