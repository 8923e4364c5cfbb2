//! Why a path leads nowhere, for the person who wrote it.

use crate::Value;
use crate::value::Object;
use zisc_bundle::{Path, Step, nearest};

/// What is where the path stops leading on: a name that was probably meant, or what there is instead.
pub(crate) fn explanation(data: &Value, path: &Path) -> Option<String> {
    let mut here = (data, Path::default());
    for (position, step) in path.steps.iter().enumerate() {
        let (value, way) = here;
        let next = match step {
            Step::Member(name) => value.get(name),
            Step::Index(index) => value.as_array().and_then(|items| items.get(*index)),
        };
        let mut steps = way.steps.clone();
        steps.push(step.clone());
        match next {
            Some(next) => here = (next, Path { steps }),
            None => return Some(stopped(value, &way, step, &path.steps[position + 1..])),
        }
    }
    None
}

/// `step` does not lead on from `value`, which is at `way`.
fn stopped(value: &Value, way: &Path, step: &Step, rest: &[Step]) -> String {
    match (value, step) {
        (Value::Object(members), Step::Member(name)) => missing_member(members, way, name, rest),
        (Value::Object(_), Step::Index(_)) => format!("{way} is an object, and an index reads arrays"),
        (Value::Array(items), Step::Index(_)) => match items.len() {
            0 => format!("{way} is an empty array"),
            1 => format!("{way} has one item, at [0]"),
            count => format!("{way} has {count} items, the last one at [{}]", count - 1),
        },
        (Value::Array(_), Step::Member(_)) => format!("{way} is an array: a Map goes through its items, [0] reads one"),
        (other, _) => format!("{way} is {}", other.kind()),
    }
}

fn missing_member(members: &Object, way: &Path, name: &str, rest: &[Step]) -> String {
    /// What every flow begins with.
    const ENVELOPE: [&str; 4] = ["account_id", "integration_key", "subdomain", "input"];
    /// More names than these help nobody.
    const LISTED: usize = 8;
    if let Some(near) = nearest(name, members.keys().map(|key| &**key)) {
        let mut meant = way.member(near);
        meant.steps.extend_from_slice(rest);
        return format!("did you mean `{meant}`?");
    }
    let names: Vec<&str> = members.keys().take(LISTED).map(|key| &**key).collect();
    let more = if members.len() > LISTED { format!(" and {} more", members.len() - LISTED) } else { String::new() };
    let has = if names.is_empty() { "nothing".to_owned() } else { format!("{}{more}", names.join(", ")) };
    if way.is_root() && ENVELOPE.contains(&name) {
        return format!(
            "{way} has {has}: inside of a Map it is one item, and a result without ResultPath takes its place"
        );
    }
    format!("{way} has {has}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_learns_where_the_way_ends_and_what_is_there() {
        let data = Value::from_json_text(
            r#"{"account_id":1,"input":{"ticket":{"status":"new","tags":["a"],"none":null},"empty":{}}}"#,
        );
        let data = data.expect("JSON");
        for (path, expected) in [
            ("$.accountId", Some("did you mean `$.account_id`?")),
            ("$.input.tickt.status", Some("did you mean `$.input.ticket.status`?")),
            ("$.input.ticket.priority", Some("$.input.ticket has status, tags, none")),
            (
                "$.input.ticket.tags.name",
                Some("$.input.ticket.tags is an array: a Map goes through its items, [0] reads one"),
            ),
            ("$.input.ticket.tags[3]", Some("$.input.ticket.tags has one item, at [0]")),
            ("$.input.ticket.none.x", Some("$.input.ticket.none is null")),
            ("$.input[0]", Some("$.input is an object, and an index reads arrays")),
            ("$.input.empty.x", Some("$.input.empty has nothing")),
            (
                "$.subdomain",
                Some(
                    "$ has account_id, input: inside of a Map it is one item, and a result without ResultPath takes its place",
                ),
            ),
            ("$.input.ticket", None),
        ] {
            assert_eq!(explanation(&data, &Path::parse(path).expect("a path")).as_deref(), expected, "{path}");
        }
    }
}
