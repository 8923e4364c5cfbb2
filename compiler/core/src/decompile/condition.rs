//! Rules of a Choice as conditions. What `flow/condition.rs` writes is read backwards here.

use super::level::Level;
use super::spelling::{self, Names, number, plain_path, quoted};
use zisc_bundle::json::{Json, Value};
use zisc_bundle::{Condition, Operand, Operator, Relation, Rule};

/// Writes the condition of a rule.
pub(super) struct Conditions<'a> {
    pub(super) names: &'a Names,
    pub(super) level: Level,
}

/// A condition as it is written.
pub(super) struct Written {
    pub(super) text: String,
    /// Whether it is a negation, which an `if` without `else` turns round.
    pub(super) is_negation: bool,
    /// How tightly it binds.
    binds: Binds,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binds {
    Or,
    And,
    Compare,
    Operand,
}

impl Written {
    fn within(self, level: Binds) -> String {
        if self.binds >= level { self.text } else { format!("({})", self.text) }
    }
}

/// The cases of a `match`: the value, and what it is compared with in each arm.
pub(super) struct Cases {
    pub(super) value: String,
    pub(super) arms: Vec<Arm>,
}

/// An arm of a `match`: several rules that lead to one state are one.
pub(super) struct Arm {
    pub(super) first_rule: usize,
    pub(super) values: Vec<String>,
}

impl Cases {
    /// The rules as cases over one value, where they are that; `conditions` writes the rule with a number.
    pub(super) fn of<'a>(rules: &[Rule], conditions: &dyn Fn(usize) -> Conditions<'a>) -> Option<Self> {
        if rules.len() < 2 {
            return None;
        }
        let mut value: Option<String> = None;
        let mut arms: Vec<Arm> = Vec::new();
        for (number, rule) in rules.iter().enumerate() {
            let (compared, case) = conditions(number).case(rule)?;
            if *value.get_or_insert_with(|| compared.clone()) != compared {
                return None;
            }
            match arms.last_mut().filter(|arm| *rules[arm.first_rule].next == *rule.next) {
                Some(arm) if !arm.values.contains(&case) => arm.values.push(case),
                _ => arms.push(Arm { first_rule: number, values: vec![case] }),
            }
        }
        Some(Self { value: value?, arms })
    }
}

impl Conditions<'_> {
    /// The condition of a rule; as JSON where the language has no word for it.
    pub(super) fn holds(&self, rule: &Rule) -> Written {
        self.said(rule).unwrap_or_else(|| {
            let condition = rule.condition.to_json();
            let members = condition.as_object().unwrap_or_default().iter().chain(&rule.extra);
            let members = members.filter(|member| *member.key != "Next").cloned().collect();
            let text = format!("raw {}", spelling::constant(&Json::new(Value::Object(members), condition.span)));
            Written { text, is_negation: false, binds: Binds::Operand }
        })
    }

    fn said(&self, rule: &Rule) -> Option<Written> {
        let can_be_said = self.level < Level::Quoted && rule.extra.is_empty();
        self.condition(&rule.condition).filter(|_| can_be_said)
    }

    /// The condition; nothing where the language has no word for it.
    fn condition(&self, condition: &Condition) -> Option<Written> {
        match condition {
            Condition::Compare { variable, operator, operand } => self.comparison(variable, operator, operand),
            Condition::And(parts) => {
                if let Some(value) = self.present_and_not_null(parts) {
                    let text = format!("{value} != null");
                    return Some(Written { text, is_negation: true, binds: Binds::Compare });
                }
                self.joined(parts, " && ", Binds::And)
            }
            Condition::Or(parts) => {
                if let Some(value) = self.missing_or_null(parts) {
                    let text = format!("{value} == null");
                    return Some(Written { text, is_negation: true, binds: Binds::Compare });
                }
                if let Some((value, cases)) = self.one_of(condition).filter(|(_, cases)| cases.len() > 1) {
                    let text = format!("{value} in [{}]", cases.join(", "));
                    return Some(Written { text, is_negation: false, binds: Binds::Compare });
                }
                self.joined(parts, " || ", Binds::Or)
            }
            Condition::Not(inner) => {
                let Condition::Compare { variable, operator, operand } = &**inner else { return None };
                let inner = self.comparison(variable, operator, operand)?;
                let text = format!("!{}", inner.within(Binds::Operand));
                Some(Written { text, is_negation: true, binds: Binds::Operand })
            }
            Condition::Unknown(_) => None,
        }
    }

    /// What holds where the condition does not, for an `if` that is turned round.
    pub(super) fn fails(&self, rule: &Rule) -> Option<String> {
        if let Condition::And(parts) = &rule.condition
            && let Some(value) = self.present_and_not_null(parts)
        {
            return Some(format!("{value} == null"));
        }
        let written = self.holds(rule);
        if written.is_negation {
            return None;
        }
        if let Condition::Compare { operator, operand, .. } = &rule.condition
            && operator.relation == Relation::Equals
            && !matches!(operator.operand, Operand::Presence | Operand::Null)
            && operand.value != Value::Bool(true)
        {
            return Some(written.text.replacen(" == ", " != ", 1));
        }
        Some(format!("!{}", written.within(Binds::Operand)))
    }

    /// The value that a rule compares, and the one literal that it compares it with.
    fn case(&self, rule: &Rule) -> Option<(String, String)> {
        self.said(rule)?;
        let (compared, mut values) = self.one_of(&rule.condition)?;
        let value = values.pop().filter(|_| values.is_empty())?;
        Some((compared, value))
    }

    /// The value that is compared, and the literals it is compared with.
    fn one_of(&self, condition: &Condition) -> Option<(String, Vec<String>)> {
        match condition {
            Condition::Compare { variable, operator, operand }
                if operator.relation == Relation::Equals
                    && !operator.by_path
                    && matches!(operator.operand, Operand::String | Operand::Number | Operand::Boolean) =>
            {
                Some((self.variable(variable)?, vec![constant(operator, operand)?]))
            }
            Condition::Compare { variable, operator, operand }
                if self.level == Level::Nice
                    && operator.operand == Operand::Null
                    && operand.value == Value::Bool(true) =>
            {
                Some((self.variable(variable)?, vec!["null".to_owned()]))
            }
            Condition::Or(parts) if self.level == Level::Nice && self.missing_or_null(parts).is_some() => {
                Some((self.missing_or_null(parts)?, vec!["null".to_owned()]))
            }
            Condition::Or(parts) if parts.len() > 1 => {
                let mut value: Option<String> = None;
                let mut cases = Vec::new();
                for part in parts {
                    let Condition::Compare { .. } = part else { return None };
                    let (compared, values) = self.one_of(part)?;
                    if *value.get_or_insert_with(|| compared.clone()) != compared {
                        return None;
                    }
                    cases.extend(values);
                }
                Some((value?, cases))
            }
            _ => None,
        }
    }

    fn joined(&self, parts: &[Condition], sign: &str, binds: Binds) -> Option<Written> {
        if parts.len() < 2 || !parts.iter().all(|part| matches!(part, Condition::Compare { .. })) {
            return None;
        }
        let parts: Option<Vec<String>> =
            parts.iter().map(|part| self.condition(part).map(|written| written.within(Binds::Compare))).collect();
        Some(Written { text: parts?.join(sign), is_negation: false, binds })
    }

    fn variable(&self, variable: &str) -> Option<String> {
        plain_path(variable).map(|path| self.names.path(&path, self.is_certain()))
    }

    /// Whether what is compared is said to be there, so that nothing asks before.
    fn is_certain(&self) -> bool {
        self.level > Level::Spelled
    }

    fn comparison(&self, variable: &str, operator: &Operator, operand: &Json) -> Option<Written> {
        // Whether something is there, and whether it is null, may be asked of anything.
        let certain = self.is_certain() && !matches!(operator.operand, Operand::Presence);
        let value = self.names.path(&plain_path(variable)?, certain);
        let test = |text: String, holds: bool| {
            let text = if holds { text } else { format!("!({text})") };
            let binds = if holds { Binds::Compare } else { Binds::Operand };
            Some(Written { text, is_negation: !holds, binds })
        };
        match (operator.operand, &operand.value) {
            (Operand::Presence, Value::Bool(present)) => return test(format!("{value} is present"), *present),
            (Operand::Null, Value::Bool(is_null)) => return test(format!("{value} is null"), *is_null),
            (Operand::Boolean, Value::Bool(true)) => {
                return Some(Written { text: value, is_negation: false, binds: Binds::Operand });
            }
            _ => {}
        }
        let right = if operator.by_path { self.variable(operand.as_str()?)? } else { constant(operator, operand)? };
        let sign = match operator.relation {
            Relation::Equals => "==",
            Relation::LessThan => "<",
            Relation::LessThanEquals => "<=",
            Relation::GreaterThan => ">",
            Relation::GreaterThanEquals => ">=",
        };
        Some(Written { text: format!("{value} {sign} {right}"), is_negation: false, binds: Binds::Compare })
    }

    /// `x == null`, as it is asked of a value that may be missing.
    fn missing_or_null(&self, parts: &[Condition]) -> Option<String> {
        self.presence_and_null(parts, false, true)
    }

    /// `x != null`, as a guard asks it.
    fn present_and_not_null(&self, parts: &[Condition]) -> Option<String> {
        self.presence_and_null(parts, true, false)
    }

    fn presence_and_null(&self, parts: &[Condition], present: bool, null: bool) -> Option<String> {
        let [
            Condition::Compare { variable: a, operator: first, operand: is_present },
            Condition::Compare { variable: b, operator: second, operand: is_null },
        ] = parts
        else {
            return None;
        };
        let fits = first.operand == Operand::Presence
            && second.operand == Operand::Null
            && a.value == b.value
            && is_present.value == Value::Bool(present)
            && is_null.value == Value::Bool(null)
            && !self.is_certain();
        if fits { self.variable(a) } else { None }
    }
}

/// The literal of a comparison, where it is of the type that the operator compares.
fn constant(operator: &Operator, operand: &Json) -> Option<String> {
    match (operator.operand, &operand.value) {
        (Operand::String | Operand::Timestamp, Value::String(text)) => Some(quoted(text)),
        (Operand::Number, Value::Number(text)) => Some(number(text)),
        (Operand::Boolean, Value::Bool(value)) => Some(value.to_string()),
        _ => None,
    }
}
