//! The rules of a Choice: 25 operators, combined by And, Or and Not.

use crate::Value;
use crate::data::{find, not_found};
use crate::error::StateError;
use crate::platform::{MissingVariable, Null, Platform};
use jiff::Timestamp;
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;
use zisc_bundle::{Condition, Operand, Operator, Path, PathError, Placed, Relation};

/// A condition with its paths read.
#[derive(Clone, Debug)]
pub(crate) enum Test {
    /// One comparison.
    Compare(Comparison),
    /// All of these.
    And(Vec<Test>),
    /// At least one of these.
    Or(Vec<Test>),
    /// Not this.
    Not(Box<Test>),
}

/// One comparison.
#[derive(Clone, Debug)]
pub(crate) struct Comparison {
    variable: Arc<Path>,
    operator: &'static Operator,
    right: Right,
}

/// What stands on the right of a comparison.
#[derive(Clone, Debug)]
enum Right {
    Value(Value),
    Path(Arc<Path>),
}

/// The values a test looked at, in order, each path once. `None`: the path leads nowhere.
pub(crate) type Seen = Vec<(Arc<Path>, Option<Value>)>;

/// A look at the data, and what it found.
#[derive(Debug)]
pub(crate) struct Look<'a> {
    pub(crate) platform: &'a Platform,
    pub(crate) seen: Seen,
    /// Whether a comparison had nothing to compare.
    pub(crate) met_nothing: bool,
    /// Whether `IsPresent` met a null.
    pub(crate) met_null: bool,
}

impl<'a> Look<'a> {
    pub(crate) fn new(platform: &'a Platform) -> Self {
        Self { platform, seen: Seen::new(), met_nothing: false, met_null: false }
    }

    fn at<'d>(&mut self, data: &'d Value, path: &Arc<Path>) -> Option<&'d Value> {
        let value = find(data, path);
        if !self.seen.iter().any(|(other, _)| other == path) {
            self.seen.push((path.clone(), value.cloned()));
        }
        value
    }

    /// The value that a comparison needs. Where there is none, the platform fails, or the comparison does not hold.
    fn needed<'d>(&mut self, data: &'d Value, path: &Arc<Path>) -> Result<Option<&'d Value>, StateError> {
        let value = self.at(data, path);
        self.met_nothing |= value.is_none();
        match (value, self.platform.missing_variable) {
            (None, MissingVariable::Error) => {
                let error = not_found(data, path);
                let found = error.detail.as_deref().map(|detail| format!("{detail}; ")).unwrap_or_default();
                let advice = format!("{found}test with IsPresent first where a value may be missing");
                Err(error.with_detail(advice))
            }
            (value, _) => Ok(value),
        }
    }
}

impl Test {
    /// Reads a condition; a path that is none is the error, with its place.
    pub(crate) fn load(condition: &Condition) -> Result<Self, Placed<PathError>> {
        let all = |conditions: &[Condition]| conditions.iter().map(Self::load).collect::<Result<Vec<_>, _>>();
        Ok(match condition {
            Condition::And(conditions) => Self::And(all(conditions)?),
            Condition::Or(conditions) => Self::Or(all(conditions)?),
            Condition::Not(condition) => Self::Not(Box::new(Self::load(condition)?)),
            Condition::Compare { variable, operator, operand } => {
                let path = |text: &str, span| Path::parse(text).map(Arc::new).map_err(|error| Placed::new(error, span));
                let right = match operand.as_str() {
                    Some(text) if operator.by_path => Right::Path(path(text, operand.span)?),
                    _ => Right::Value(Value::from(operand)),
                };
                Self::Compare(Comparison { variable: path(variable, variable.span)?, operator, right })
            }
            // Reported when the bundle was read; such a flow is not run.
            Condition::Unknown(_) => Self::Or(Vec::new()),
        })
    }

    /// Whether the condition holds for `data`. From left to right, and no further than needed: that is how a guard
    /// such as "is present, and equals" works.
    pub(crate) fn holds(&self, data: &Value, look: &mut Look<'_>) -> Result<bool, StateError> {
        match self {
            Self::Compare(comparison) => comparison.holds(data, look),
            Self::And(tests) => {
                for test in tests {
                    if !test.holds(data, look)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Self::Or(tests) => {
                for test in tests {
                    if test.holds(data, look)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Self::Not(test) => test.holds(data, look).map(|holds| !holds),
        }
    }
}

impl Comparison {
    fn holds(&self, data: &Value, look: &mut Look<'_>) -> Result<bool, StateError> {
        if self.operator.operand == Operand::Presence {
            let left = look.at(data, &self.variable);
            look.met_null |= left.is_some_and(Value::is_null);
            let present = left.is_some_and(|value| look.platform.null == Null::Present || !value.is_null());
            return Ok(self.expected() == present);
        }
        let Some(left) = look.needed(data, &self.variable)? else { return Ok(false) };
        if self.operator.operand == Operand::Null {
            return Ok(self.expected() == left.is_null());
        }
        let right = match &self.right {
            Right::Value(value) => Some(value),
            Right::Path(path) => look.needed(data, path)?,
        };
        let order = right.and_then(|right| order(self.operator.operand, left, right));
        Ok(order.is_some_and(|order| fits(self.operator.relation, order)))
    }

    /// `true` of `IsPresent: true`.
    fn expected(&self) -> bool {
        match &self.right {
            Right::Value(value) => value.as_bool().unwrap_or(true),
            Right::Path(_) => true,
        }
    }
}

/// How the two compare as the operator's type; `None` where one of them is of another type, which makes every
/// comparison false (recorded from the Amazon States Language; that the platform does the same is a guess).
fn order(operand: Operand, left: &Value, right: &Value) -> Option<Ordering> {
    match operand {
        Operand::String => Some(left.as_str()?.cmp(right.as_str()?)),
        Operand::Number => {
            left.as_f64()?;
            right.as_f64()?;
            Some(left.cmp(right))
        }
        Operand::Boolean => Some(left.as_bool()?.cmp(&right.as_bool()?)),
        Operand::Timestamp => Some(timestamp(left.as_str()?)?.cmp(&timestamp(right.as_str()?)?)),
        Operand::Presence | Operand::Null => None,
    }
}

fn fits(relation: Relation, order: Ordering) -> bool {
    match relation {
        Relation::Equals => order.is_eq(),
        Relation::LessThan => order.is_lt(),
        Relation::GreaterThan => order.is_gt(),
        Relation::LessThanEquals => order.is_le(),
        Relation::GreaterThanEquals => order.is_ge(),
    }
}

/// An RFC 3339 time with `T` and an upper-case `Z` or an offset; anything else is no timestamp.
pub(crate) fn timestamp(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() >= 20
        && bytes.iter().enumerate().take(19).all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            10 => *byte == b'T',
            13 | 16 => *byte == b':',
            _ => byte.is_ascii_digit(),
        });
    let zone = text.get(19..)?.trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    let zoned = zone == "Z" || (zone.len() == 6 && zone.starts_with(['+', '-']) && zone.as_bytes()[3] == b':');
    (shaped && zoned).then(|| text.parse().ok()).flatten()
}

impl fmt::Display for Test {
    /// As a person would write it: `$.status == "open" and $.id is present`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, tests: &[Test], word: &str| {
            for (position, test) in tests.iter().enumerate() {
                if position > 0 {
                    write!(f, " {word} ")?;
                }
                match test {
                    Test::And(_) | Test::Or(_) => write!(f, "({test})")?,
                    Test::Compare(_) | Test::Not(_) => write!(f, "{test}")?,
                }
            }
            Ok(())
        };
        match self {
            Self::And(tests) => list(f, tests, "and"),
            Self::Or(tests) => list(f, tests, "or"),
            Self::Not(test) => write!(f, "not ({test})"),
            Self::Compare(comparison) => write!(f, "{comparison}"),
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.variable)?;
        let not = if self.expected() { "" } else { "not " };
        let relation = match (self.operator.operand, self.operator.relation) {
            (Operand::Presence, _) => return write!(f, " is {not}present"),
            (Operand::Null, _) => return write!(f, " is {not}null"),
            (_, Relation::Equals) => "==",
            (_, Relation::LessThan) => "<",
            (_, Relation::GreaterThan) => ">",
            (_, Relation::LessThanEquals) => "<=",
            (_, Relation::GreaterThanEquals) => ">=",
        };
        write!(f, " {relation} ")?;
        match &self.right {
            Right::Value(value) => write!(f, "{value}"),
            Right::Path(path) => write!(f, "{path}"),
        }
    }
}
