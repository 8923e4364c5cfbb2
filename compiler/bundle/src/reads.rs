use crate::json::{Member, Value};
use crate::{Condition, Delay, Path, StateKind, Template};

impl StateKind {
    /// Calls `visit` with every path of `$` that the state reads; those of an iterator are read elsewhere.
    pub fn reads(&self, visit: &mut impl FnMut(&Path)) {
        match self {
            Self::Action { parameters: Some(template), .. } | Self::Pass { result: Some(template), .. } => {
                template_reads(&template.value, false, visit);
            }
            Self::Choice { rules, .. } => rules.iter().for_each(|rule| rule.condition.reads(visit)),
            Self::Map { items_path, .. } => text_reads(items_path, true, visit),
            Self::Wait { delay: Delay::SecondsPath(path), .. } => text_reads(path, true, visit),
            Self::Succeed { message } => message.iter().for_each(|text| text_reads(text, true, visit)),
            Self::Fail { error, cause } => [error, cause].into_iter().for_each(|text| text_reads(text, true, visit)),
            Self::Action { .. } | Self::Pass { .. } | Self::Wait { .. } | Self::Unknown(_) => {}
        }
    }
}

impl Condition {
    /// Calls `visit` with every path that the condition reads.
    pub fn reads(&self, visit: &mut impl FnMut(&Path)) {
        match self {
            Self::Compare { variable, operator, operand } => {
                text_reads(variable, true, visit);
                if let Some(path) = operand.as_str().filter(|_| operator.by_path) {
                    text_reads(path, true, visit);
                }
            }
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.reads(visit)),
            Self::Not(part) => part.reads(visit),
            Self::Unknown(_) => {}
        }
    }
}

impl Member {
    /// Calls `visit` with every path that the member of a template reads.
    pub fn reads(&self, visit: &mut impl FnMut(&Path)) {
        template_reads(&self.value.value, self.key.ends_with(".$"), visit);
    }
}

fn template_reads(value: &Value, is_dynamic: bool, visit: &mut impl FnMut(&Path)) {
    match value {
        Value::String(text) => text_reads(text, is_dynamic, visit),
        Value::Object(members) => members.iter().for_each(|member| member.reads(visit)),
        Value::Array(items) => items.iter().for_each(|item| template_reads(&item.value, false, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The placeholders of a text, or the path that all of it is, where it may be one.
fn text_reads(text: &str, may_be_path: bool, visit: &mut impl FnMut(&Path)) {
    match Path::parse(text) {
        Ok(path) if may_be_path => visit(&path),
        _ => Template::parse(text).iter().flat_map(Template::paths).for_each(visit),
    }
}

#[cfg(test)]
mod tests {
    use crate::json;
    use crate::{Placed, State};

    fn read_by(state: &str) -> Vec<String> {
        let (json, _) = json::read(state);
        let mut paths = Vec::new();
        State::raw(Placed::default(), &json).kind.reads(&mut |path| paths.push(path.to_string()));
        paths
    }

    #[test]
    fn a_state_reads_what_its_type_resolves() {
        let action = r#"{ "Type": "Action", "ActionName": "zis:a:action:b", "End": true, "Parameters":
            { "a.$": "$.x.y", "b": "{{$.z}} and {{$.x}}", "c": { "d.$": "$.w" }, "e": "$.plain" } }"#;
        assert_eq!(read_by(action), ["$.x.y", "$.z", "$.x", "$.w"]);
        let choice = r#"{ "Type": "Choice", "Default": "A", "Choices": [{ "Next": "A", "And": [
            { "Variable": "$.a", "StringEquals": "$.b" }, { "Not": { "Variable": "$.c", "StringEqualsPath": "$.d" } }] }] }"#;
        assert_eq!(read_by(choice), ["$.a", "$.c", "$.d"]);
        assert_eq!(read_by(r#"{ "Type": "Fail", "Error": "x", "Cause": "not {{$.e}}" }"#), ["$.e"]);
    }
}
