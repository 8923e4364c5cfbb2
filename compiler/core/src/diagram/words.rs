//! Rules of a Choice, paths and texts in the words of the language.

use zisc_bundle::json::{Json, compact};
use zisc_bundle::{Condition, Operand, Operator, Part, Path, Relation, Step, Template};

/// A condition, as the language would write it.
pub(super) fn condition(condition: &Condition) -> String {
    joined(condition, false)
}

/// A condition; with `inner`, it stands beside others and may need brackets.
fn joined(condition: &Condition, inner: bool) -> String {
    let (text, is_chain) = match condition {
        Condition::Compare { variable, operator, operand } => (comparison(variable, operator, operand), false),
        Condition::And(conditions) => {
            let kept: Vec<&Condition> = conditions.iter().filter(|one| !is_guard(one, conditions)).collect();
            match kept.as_slice() {
                [one] => return joined(one, inner),
                all => (list(all, " && "), true),
            }
        }
        Condition::Or(conditions) => match alternatives(conditions) {
            Some(text) => (text, false),
            None => (list(&conditions.iter().collect::<Vec<_>>(), " || "), true),
        },
        Condition::Not(inner) => (negated(inner), false),
        Condition::Unknown(_) => ("?".to_owned(), false),
    };
    if inner && is_chain { format!("({text})") } else { text }
}

fn list(conditions: &[&Condition], sign: &str) -> String {
    conditions.iter().map(|condition| joined(condition, true)).collect::<Vec<_>>().join(sign)
}

/// Whether this only asks for what another condition of the same rule needs: the language adds such questions itself.
fn is_guard(condition: &Condition, all: &[Condition]) -> bool {
    let Condition::Compare { variable, operator, operand } = condition else { return false };
    let asks = operator.operand == Operand::Presence && compact(operand) == "true";
    asks && all.iter().any(|other| match other {
        Condition::Compare { variable: compared, operator, .. } => {
            compared.value == variable.value && operator.operand != Operand::Presence
        }
        Condition::Not(inner) => {
            matches!(&**inner, Condition::Compare { variable: compared, .. } if compared.value == variable.value)
        }
        _ => false,
    })
}

/// `x in ["a", "b"]`, where all conditions ask whether one value is equal to something.
fn alternatives(conditions: &[Condition]) -> Option<String> {
    let mut values = Vec::new();
    let mut of: Option<&str> = None;
    for condition in conditions {
        let Condition::Compare { variable, operator, operand } = condition else { return None };
        let is_value = operator.relation == Relation::Equals
            && !operator.by_path
            && matches!(operator.operand, Operand::String | Operand::Number);
        if !is_value || of.is_some_and(|of| of != variable.as_str()) {
            return None;
        }
        of = Some(variable);
        values.push(compact(operand));
    }
    let of = of.filter(|_| values.len() > 1)?;
    Some(format!("{} in [{}]", path(of), values.join(", ")))
}

fn negated(inner: &Condition) -> String {
    match inner {
        Condition::Compare { variable, operator, operand } => match (operator.operand, operator.relation) {
            (Operand::String | Operand::Number | Operand::Timestamp, Relation::Equals) => {
                format!("{} != {}", path(variable), right(operator, operand))
            }
            (Operand::Boolean, Relation::Equals) if compact(operand) == "true" => format!("!{}", path(variable)),
            _ => format!("!({})", joined(inner, false)),
        },
        _ => format!("!({})", joined(inner, false)),
    }
}

fn comparison(variable: &str, operator: &Operator, operand: &Json) -> String {
    let left = path(variable);
    let holds = compact(operand) == "true";
    match operator.operand {
        Operand::Presence if holds => format!("{left} is present"),
        Operand::Presence => format!("!({left} is present)"),
        Operand::Null if holds => format!("{left} is null"),
        Operand::Null => format!("!({left} is null)"),
        Operand::Boolean if !operator.by_path && holds => left,
        Operand::Boolean if !operator.by_path => format!("!{left}"),
        _ => {
            let sign = match operator.relation {
                Relation::Equals => "==",
                Relation::LessThan => "<",
                Relation::GreaterThan => ">",
                Relation::LessThanEquals => "<=",
                Relation::GreaterThanEquals => ">=",
            };
            format!("{left} {sign} {}", right(operator, operand))
        }
    }
}

fn right(operator: &Operator, operand: &Json) -> String {
    match operand.as_str() {
        Some(text) if operator.by_path => path(text),
        _ => compact(operand),
    }
}

/// A path by its last names: what stands around the event is left out, as a name in the language would.
pub(super) fn path(text: &str) -> String {
    let Ok(path) = Path::parse(text) else { return text.to_owned() };
    let steps = path.steps.as_slice();
    let is_member = |step: Option<&Step>, name: &str| matches!(step, Some(Step::Member(member)) if member == name);
    let rest = match steps {
        [] => return "$".to_owned(),
        [_, Step::Member(event), rest @ ..]
            if is_member(steps.first(), "input") && event.ends_with("_event") && !rest.is_empty() =>
        {
            return spelled(rest);
        }
        [_, rest @ ..] if is_member(steps.first(), "input") => rest,
        steps => return spelled(steps),
    };
    match rest {
        [] => "event".to_owned(),
        rest => {
            let spelled = spelled(rest);
            if spelled.starts_with('[') { format!("event{spelled}") } else { format!("event.{spelled}") }
        }
    }
}

/// The text after `$.`, or after `$` where an index comes first.
fn spelled(steps: &[Step]) -> String {
    let text = Path { steps: steps.to_vec() }.to_string();
    let text = text.trim_start_matches('$');
    text.strip_prefix('.').unwrap_or(text).to_owned()
}

/// A text with `${…}` where values are put in.
pub(super) fn text(text: &str) -> String {
    if Path::parse(text).is_ok() {
        return path(text);
    }
    let Ok(template) = Template::parse(text) else { return text.to_owned() };
    let parts = template.parts.iter().map(|part| match part {
        Part::Text(text) => text.clone(),
        Part::Path(read) => format!("${{{}}}", path(&read.to_string())),
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use zisc_bundle::{Bundle, StateKind};

    fn said(rule: &str) -> String {
        let text = format!(
            r#"{{"zis_template_version":"2019-10-14","name":"a","resources":{{"f":{{"type":"ZIS::Flow","properties":{{"name":"f","definition":{{
            "StartAt":"A","States":{{"A":{{"Type":"Choice","Choices":[{{"Next":"A",{rule}}}],"Default":"A"}}}}}}}}}}}}}}"#
        );
        let (bundle, problems) = Bundle::read(&text);
        assert_eq!(problems, [], "{text}");
        match &bundle.flow("f").expect("a flow").machine.states["A"].kind {
            StateKind::Choice { rules, .. } => super::condition(&rules[0].condition),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn rules_are_said_in_the_words_of_the_language() {
        let p = "$.input.ticket_event.ticket.priority";
        for (rule, words) in [
            (format!(r#""Variable":"{p}","StringEquals":"urgent""#), r#"ticket.priority == "urgent""#),
            (format!(r#""Not":{{"Variable":"{p}","StringEquals":"urgent"}}"#), r#"ticket.priority != "urgent""#),
            (format!(r#""And":[{{"Variable":"{p}","IsPresent":true}},{{"Variable":"{p}","StringEquals":"low"}}]"#), r#"ticket.priority == "low""#),
            (format!(r#""Or":[{{"Variable":"{p}","StringEquals":"a"}},{{"Variable":"{p}","StringEquals":"b"}}]"#), r#"ticket.priority in ["a", "b"]"#),
            (r#""Variable":"$.x.n","NumericLessThanEqualsPath":"$.y""#.to_owned(), "x.n <= y"),
            (r#""Variable":"$.ok","BooleanEquals":false"#.to_owned(), "!ok"),
            (r#""Variable":"$.input.id","IsPresent":false"#.to_owned(), "!(event.id is present)"),
            (r#""And":[{"Or":[{"Variable":"$.a","IsNull":true},{"Variable":"$.b","BooleanEquals":true}]},{"Variable":"$.c","NumericGreaterThan":1.5}]"#.to_owned(), "(a is null || b) && c > 1.5"),
        ] {
            assert_eq!(said(&rule), words);
        }
    }
}
