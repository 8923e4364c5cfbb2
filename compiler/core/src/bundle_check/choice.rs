//! Rules of a Choice: whether they can be true, and what is known where they are.

use super::data::Data;
use super::flow::Walk;
use super::place::{Quoted, escaped};
use crate::rules;
use crate::types::Type;
use text_size::TextSize;
use zisc_bundle::json::{self, Json, Value};
use zisc_bundle::{Condition, Operand, Operator, Path, Placed, Relation, Rule, Span, State};

/// What is known where a condition holds, and where it does not.
struct Both {
    yes: Data,
    no: Data,
}

impl<'a> Walk<'_, 'a> {
    /// The data where each rule decides, in order, and at the end where none does.
    pub(super) fn rules(&mut self, rules: &'a [Rule], data: &Data) -> Vec<Data> {
        let mut data = data.clone();
        let mut all = Vec::with_capacity(rules.len() + 1);
        for rule in rules {
            let Both { yes, no } = self.condition(&rule.condition, &data);
            all.push(yes);
            data = no;
        }
        all.push(data);
        all
    }

    fn condition(&mut self, condition: &'a Condition, data: &Data) -> Both {
        let same = || Both { yes: data.clone(), no: data.clone() };
        match condition {
            Condition::Compare { variable, operator, operand } => {
                if variable.is_empty() {
                    return same(); // it is missing, and that has been told
                }
                self.comparison(variable, operator, operand, data)
            }
            Condition::And(conditions) => {
                // What the first one makes sure of holds where the next is looked at.
                let yes = conditions.iter().fold(data.clone(), |data, condition| self.condition(condition, &data).yes);
                Both { yes, no: data.clone() }
            }
            Condition::Or(conditions) => {
                let no = conditions.iter().fold(data.clone(), |data, condition| self.condition(condition, &data).no);
                Both { yes: data.clone(), no }
            }
            Condition::Not(inner) => {
                let Both { yes, no } = self.condition(inner, data);
                Both { yes: no, no: yes }
            }
            Condition::Unknown(_) => same(),
        }
    }

    fn comparison(
        &mut self,
        variable: &'a Placed<String>,
        operator: &'static Operator,
        operand: &'a Json,
        data: &Data,
    ) -> Both {
        let quoted = self.quoted(variable);
        let same = || Both { yes: data.clone(), no: data.clone() };
        let path = match Path::parse(&variable.value) {
            Ok(path) => path,
            Err(error) => {
                self.note(super::read::bad_path(quoted, 0, &error));
                return same();
            }
        };
        if matches!(operator.operand, Operand::Presence | Operand::Null) {
            let Value::Bool(wanted) = operand.value else {
                self.wrong_operand(operator, operand);
                return same();
            };
            return self.presence(&path, operator, wanted, data);
        }
        let kind = self.read(&path, quoted, 0, data);
        let right = self.operand(operator, operand, data);
        if let Some(right) = &right {
            let comparable = kind.overlaps(&comparable(operator.operand)) && kind.overlaps(right);
            if !comparable {
                self.never_true(quoted, &kind, operator, operand, right);
            }
        }
        self.narrowed(&path, operator, operand, data)
    }

    /// The type of the right side; nothing where it is of the wrong kind, which is noted.
    fn operand(&mut self, operator: &'static Operator, operand: &'a Json, data: &Data) -> Option<Type> {
        let string = operand.as_str().map(|value| Quoted { file: self.checker.text, value, span: operand.span });
        if operator.by_path {
            let Some(quoted) = string else {
                self.wrong_operand(operator, operand);
                return None;
            };
            return self.path(quoted, data).map(|(_, kind)| kind);
        }
        let kind = match (&operand.value, operator.operand) {
            (Value::String(text), Operand::String) => Type::Literal(text.as_str().into()),
            (Value::Number(_), Operand::Number) => Type::Number,
            (Value::Bool(_), Operand::Boolean) => Type::Bool,
            (Value::String(text), Operand::Timestamp) => {
                if !is_instant(text) {
                    self.note(
                        rules::NEVER_EQUAL
                            .at(operand.span, format!("{text:?} is no timestamp, so this is never true"))
                            .label("not an instant")
                            .help("write it like \"2024-05-01T08:30:00Z\", with `T` and `Z` or an offset"),
                    );
                }
                Type::String
            }
            _ => {
                self.wrong_operand(operator, operand);
                return None;
            }
        };
        if let Some(quoted) = string.filter(|quoted| quoted.value.starts_with("$.") || quoted.value.contains("{{$")) {
            let finding = rules::NOT_FILLED_IN
                .at(quoted.inside(), "this is compared as it stands")
                .label("a text, not the value found there");
            let by_path = Operator::find(operator.operand, operator.relation, true);
            self.note(match by_path {
                Some(by_path) => finding.help(format!("to compare with what a path leads to, use `{}`", by_path.name)),
                None => finding.help("to compare with what a path leads to, compute the answer with jq before"),
            });
        }
        Some(kind)
    }

    fn wrong_operand(&mut self, operator: &Operator, operand: &Json) {
        let wanted = match operator.operand {
            _ if operator.by_path => "a path in quotes",
            Operand::String => "a string",
            Operand::Number => "a number",
            Operand::Boolean | Operand::Presence | Operand::Null => "true or false",
            Operand::Timestamp => "a timestamp in quotes",
        };
        let finding = rules::WRONG_TYPE
            .at(operand.span, format!("`{}` takes {wanted}, and this is {}", operator.name, operand.kind()))
            .label("of another kind than is wanted");
        let other = match (&operand.value, operator.relation) {
            (Value::String(_), Relation::Equals) => Some("StringEquals"),
            (Value::Number(_), Relation::Equals) => Some("NumericEquals"),
            (Value::Bool(_), _) => Some("BooleanEquals"),
            _ => None,
        };
        let key = self.key_of(operator, operand).filter(|_| operator.relation == Relation::Equals);
        let unquoted = operand.as_str().filter(|text| match operator.operand {
            Operand::Number => is_number(text),
            Operand::Boolean | Operand::Presence | Operand::Null => matches!(*text, "true" | "false"),
            Operand::String | Operand::Timestamp => false,
        });
        self.note(match (unquoted, other) {
            (Some(text), _) if !operator.by_path => {
                finding.help(format!("write {text}, without quotes")).fix(format!("write {text}"), operand.span, text)
            }
            (_, Some(other)) if other != operator.name => {
                let finding = finding.help(format!("{} is compared with `{other}`", operand.kind()));
                match key {
                    Some(key) => finding.fix(format!("write `{other}`"), key, format!("\"{other}\"")),
                    None => finding,
                }
            }
            _ => finding,
        });
    }

    /// The key that an operand stands behind.
    fn key_of(&self, operator: &Operator, operand: &Json) -> Option<Span> {
        let before = self.checker.text[..usize::from(operand.span.start())].trim_end().strip_suffix(':')?.trim_end();
        let front = before.strip_suffix(&format!("\"{}\"", operator.name))?;
        Some(Span::new(TextSize::of(front), TextSize::of(before)))
    }

    /// The same comparison by another operator: its place, and what to write there.
    fn compared_by(
        &self,
        other: &Operator,
        operator: &Operator,
        operand: &Json,
        right: &Type,
    ) -> Option<(Span, String)> {
        let key = self.key_of(operator, operand)?;
        let written = match (&operand.value, other.operand) {
            _ if right.overlaps(&comparable(other.operand)) => self.checker.text[operand.span].to_owned(),
            (Value::String(text), Operand::Number) if is_number(text) => text.clone(),
            (Value::String(text), Operand::Boolean) if matches!(text.as_str(), "true" | "false") => text.clone(),
            (Value::Number(_) | Value::Bool(_), Operand::String) => format!("\"{}\"", &self.checker.text[operand.span]),
            _ => return None,
        };
        let between = &self.checker.text[usize::from(key.end())..usize::from(operand.span.start())];
        Some((key.cover(operand.span), format!("\"{}\"{between}{written}", other.name)))
    }

    /// `IsPresent` and `IsNull` may be asked of anything.
    fn presence(&mut self, path: &Path, operator: &Operator, wanted: bool, data: &Data) -> Both {
        let names = &mut self.checker.names;
        let not_null = |kind: &Type| *kind != Type::Null;
        let there = match operator.operand {
            Operand::Presence => data.present(path, names),
            _ => data.present(path, names).narrowed(path, &|kind| kind.is_nullable(), names),
        };
        let not = match operator.operand {
            // What is there although it was thought not to be may still be of any type.
            Operand::Presence => data.clone(),
            _ => data.narrowed(path, &not_null, names),
        };
        match wanted {
            true => Both { yes: there, no: not },
            false => Both { yes: not, no: there },
        }
    }

    /// What is known where a comparison holds: the value is of the kind that is compared, or even this text.
    fn narrowed(&mut self, path: &Path, operator: &Operator, operand: &Json, data: &Data) -> Both {
        let names = &mut self.checker.names;
        let compared = comparable(operator.operand);
        let literal = match (&operand.value, operator.relation, operator.operand) {
            (Value::String(text), Relation::Equals, Operand::String) if !operator.by_path => {
                Some(Type::Literal(text.as_str().into()))
            }
            _ => None,
        };
        let wanted = literal.clone().unwrap_or(compared);
        let yes = data.narrowed(path, &|kind| kind.overlaps(&wanted), names);
        let no = match literal {
            Some(literal) => data.narrowed(path, &|kind| *kind != literal, names),
            None => data.clone(),
        };
        Both { yes, no }
    }

    fn never_true(&mut self, quoted: Quoted<'_>, kind: &Type, operator: &Operator, operand: &Json, right: &Type) {
        let path = quoted.value;
        let wrong_sort = !kind.overlaps(&comparable(operator.operand));
        let (rule, headline) = match operator.relation {
            Relation::Equals if wrong_sort => (
                &rules::NEVER_EQUAL,
                format!("`{path}` is never equal: `{}` compares {}s", operator.name, noun(operator.operand)),
            ),
            Relation::Equals => (&rules::NEVER_EQUAL, format!("`{path}` is never equal to {right}")),
            _ => (
                &rules::CANNOT_ORDER,
                format!("`{path}` is no {}, so `{}` is never true", noun(operator.operand), operator.name),
            ),
        };
        let finding = rule
            .at(operand.span, headline)
            .label("this is always false")
            .note(quoted.inside(), format!("of type {kind}"));
        let values = kind.literals();
        self.note(match (right, values.is_empty()) {
            (Type::Literal(text), false) => match zisc_bundle::nearest(text, values.iter().copied()) {
                Some(near) => finding.help(format!("did you mean {near:?}?")).fix(
                    format!("write {near:?}"),
                    operand.span,
                    format!("\"{}\"", escaped(near)),
                ),
                None => {
                    let values: Vec<_> = values.iter().take(12).map(|value| format!("{value:?}")).collect();
                    finding.help(format!("it can be {}", values.join(", ")))
                }
            },
            _ => match fitting(kind, operator) {
                Some(other) => {
                    let finding = finding.help(format!("compare it with `{}`", other.name));
                    match self.compared_by(other, operator, operand, right) {
                        Some((span, text)) => finding.fix(format!("compare it with `{}`", other.name), span, text),
                        None => finding,
                    }
                }
                None => finding,
            },
        });
    }

    /// Notes a Choice after which the flow may not know where to go.
    pub(super) fn without_default(&mut self, state: &'a State, rules: &'a [Rule], default: Option<&Placed<String>>) {
        if default.is_some() || rules.is_empty() || is_exhaustive(rules) {
            return;
        }
        self.note(
            rules::NO_DEFAULT
                .at(state.name.span, format!("`{}` does not say what happens when no rule is true", *state.name))
                .label("no `Default`")
                .help("add \"Default\": \"…\"; without it the flow fails there"),
        );
    }
}

/// Whether two of the rules are the two answers to one question.
fn is_exhaustive(rules: &[Rule]) -> bool {
    let asked: Vec<(&str, &str, bool)> = rules
        .iter()
        .filter_map(|rule| match &rule.condition {
            Condition::Compare { variable, operator, operand: Json { value: Value::Bool(wanted), .. } } => {
                Some((variable.as_str(), operator.name, *wanted))
            }
            _ => None,
        })
        .take(100)
        .collect();
    asked.iter().any(|(variable, operator, wanted)| asked.contains(&(variable, operator, !wanted)))
}

/// The type of values that an operator compares.
fn comparable(operand: Operand) -> Type {
    match operand {
        Operand::String | Operand::Timestamp => Type::String,
        Operand::Number => Type::Number,
        Operand::Boolean => Type::Bool,
        Operand::Presence | Operand::Null => Type::Any,
    }
}

fn noun(operand: Operand) -> &'static str {
    match operand {
        Operand::String => "text",
        Operand::Number => "number",
        Operand::Boolean => "boolean",
        Operand::Timestamp => "timestamp",
        Operand::Presence | Operand::Null => "value",
    }
}

/// The operator that compares values of this type in the same way.
fn fitting(kind: &Type, operator: &Operator) -> Option<&'static Operator> {
    let operand = [Operand::String, Operand::Number, Operand::Boolean]
        .into_iter()
        .find(|operand| kind.overlaps(&comparable(*operand)))?;
    Operator::find(operand, operator.relation, operator.by_path)
}

/// Whether a text is a number of JSON.
fn is_number(text: &str) -> bool {
    let (number, errors) = json::read(text);
    errors.is_empty() && number.as_f64().is_some()
}

/// Whether a text is an RFC 3339 instant with a zone.
fn is_instant(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits =
        |range: std::ops::Range<usize>| bytes.get(range).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    let sign = |at: usize, sign: u8| bytes.get(at) == Some(&sign);
    let dated = digits(0..4) && sign(4, b'-') && digits(5..7) && sign(7, b'-') && digits(8..10) && sign(10, b'T');
    let timed = digits(11..13) && sign(13, b':') && digits(14..16) && sign(16, b':') && digits(17..19);
    let rest = text.get(19..).unwrap_or_default();
    let zone = match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => rest,
    };
    let offset = zone.len() == 6 && zone.starts_with(['+', '-']) && zone.as_bytes()[3] == b':';
    dated && timed && (zone == "Z" || offset)
}
