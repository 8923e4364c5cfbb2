//! Links between objects of two systems: `CreateLink`, `LoadLinks`, `PatchLink` and `DeleteLink`.
//!
//! Documented are the parameters and the answer of `CreateLink`; the other answers are guesses after the Links API.

use super::{Call, fits, text};
use crate::Value;
use crate::error::StateError;
use crate::platform::{LoadLinks, MissingLink};

/// `zis:common:action:CreateLink`.
pub(super) fn create(parameters: &Value, call: &mut Call<'_>) -> Result<Option<Value>, StateError> {
    let link_type = text(parameters, "link_type")?;
    let (left, right) = (side(parameters, "left_object")?, side(parameters, "right_object")?);
    let names = (name_of(&left), name_of(&right));
    if call.account.links.iter().any(|link| is_of_type(link, link_type) && side_names(link) == names) {
        return Err(exists(link_type, &names));
    }
    let link = Value::object([
        ("account_id", call.account_id.clone()),
        ("integration", Value::from(call.integration_key)),
        ("left_object", left),
        ("link_type", Value::from(link_type)),
        ("right_object", right),
        ("uuid", Value::from(new_uuid(&call.account.links))),
    ]);
    call.account.links.push(link.clone());
    Ok(Some(Value::object([("link", link)])))
}

/// `zis:common:action:LoadLinks`.
pub(super) fn load(parameters: &Value, call: &mut Call<'_>) -> Result<Option<Value>, StateError> {
    let link_type = text(parameters, "link_type")?;
    let (left, right) = (optional(parameters, "left_object_name"), optional(parameters, "right_object_name"));
    if left.is_none() && right.is_none() {
        return Err(StateError::task_failed(
            "LoadLinks: one of the parameters `left_object_name` and `right_object_name` must be given",
        ));
    }
    let wanted = |link: &&Value| {
        is_of_type(link, link_type)
            && left.as_deref().is_none_or(|name| fits(name, &side_name(link, "left_object")))
            && right.as_deref().is_none_or(|name| fits(name, &side_name(link, "right_object")))
    };
    let found: Vec<Value> = call.account.links.iter().filter(wanted).cloned().collect();
    let (page, meta) = page(parameters, found)?;
    call.note("what LoadLinks gives is documented nowhere (load_links)");
    let meta = (call.platform.load_links == LoadLinks::Page).then_some(("meta", meta));
    Ok(Some(Value::object([("links", Value::array(page))].into_iter().chain(meta))))
}

/// `zis:common:action:PatchLink`.
pub(super) fn patch(parameters: &Value, call: &mut Call<'_>) -> Result<Option<Value>, StateError> {
    let link_type = text(parameters, "link_type")?;
    let left = named(parameters, "left_object_name")?;
    let right = optional(parameters, "right_object_name");
    let sides = ["left_object", "right_object"];
    let changes =
        sides.into_iter().filter(|key| parameters.get(key).is_some()).map(|key| Ok((key, side(parameters, key)?)));
    let changes = changes.collect::<Result<Vec<_>, StateError>>()?;
    if changes.is_empty() {
        return Err(StateError::task_failed(
            "PatchLink: one of the parameters `left_object` and `right_object` must be given",
        ));
    }
    let Some(position) = position(link_type, &left, right.as_deref(), call)? else { return Ok(Some(Value::Null)) };
    let Some(Value::Object(link)) = call.account.links.get(position) else {
        return Err(missing(link_type, &left, right.as_deref()));
    };
    let mut link = link.clone();
    for (key, side) in changes {
        link.insert(key, side);
    }
    let link = Value::Object(link);
    let names = side_names(&link);
    let same = |other: &Value| is_of_type(other, link_type) && side_names(other) == names;
    if call.account.links.iter().enumerate().any(|(at, other)| at != position && same(other)) {
        return Err(exists(link_type, &names));
    }
    call.account.links[position] = link.clone();
    Ok(Some(Value::object([("link", link)])))
}

/// `zis:common:action:DeleteLink`.
pub(super) fn delete(parameters: &Value, call: &mut Call<'_>) -> Result<Option<Value>, StateError> {
    let link_type = text(parameters, "link_type")?;
    let (left, right) = (named(parameters, "left_object_name")?, named(parameters, "right_object_name")?);
    if let Some(position) = position(link_type, &left, Some(&right), call)? {
        call.account.links.remove(position);
    }
    Ok(None)
}

/// A side of a link, whose name is kept as text: 1001 becomes "1001" (documented by the example of `CreateLink`).
fn side(parameters: &Value, key: &str) -> Result<Value, StateError> {
    let given = parameters.get(key).and_then(Value::as_object);
    let name = given.and_then(|side| side.get("name")).and_then(as_name);
    let (Some(given), Some(name)) = (given, name) else {
        return Err(StateError::task_failed(format!("the parameter `{key}` is an object with a `name`")));
    };
    let mut side = given.clone();
    side.insert("name", Value::from(name));
    Ok(Value::Object(side))
}

fn as_name(value: &Value) -> Option<String> {
    match value {
        Value::String(name) => Some(name.to_string()),
        Value::Integer(_) | Value::Float(_) => Some(value.to_json()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn optional(parameters: &Value, key: &str) -> Option<String> {
    parameters.get(key).and_then(as_name)
}

fn named(parameters: &Value, key: &str) -> Result<String, StateError> {
    optional(parameters, key).ok_or_else(|| StateError::task_failed(format!("the parameter `{key}` is missing")))
}

fn is_of_type(link: &Value, link_type: &str) -> bool {
    link.get("link_type").and_then(Value::as_str) == Some(link_type)
}

fn side_name(link: &Value, side: &str) -> String {
    link.get(side).map(name_of).unwrap_or_default()
}

/// The names of the left and the right side.
fn side_names(link: &Value) -> (String, String) {
    (side_name(link, "left_object"), side_name(link, "right_object"))
}

fn name_of(side: &Value) -> String {
    side.get("name").and_then(as_name).unwrap_or_default()
}

/// Where the link is; nothing where there is none, if the platform passes over that.
fn position(
    link_type: &str,
    left: &str,
    right: Option<&str>,
    call: &mut Call<'_>,
) -> Result<Option<usize>, StateError> {
    let wanted = |link: &Value| {
        is_of_type(link, link_type)
            && side_name(link, "left_object") == left
            && right.is_none_or(|right| side_name(link, "right_object") == right)
    };
    if let Some(found) = call.account.links.iter().position(wanted) {
        return Ok(Some(found));
    }
    call.note("there is no such link, and what the platform does then is not known (missing_link)");
    match call.platform.missing_link {
        MissingLink::Error => Err(missing(link_type, left, right)),
        MissingLink::Nothing => Ok(None),
    }
}

/// Documented: the type and both names together identify a link.
fn exists(link_type: &str, (left, right): &(String, String)) -> StateError {
    StateError::task_failed(format!("link already exists: {link_type} between {left} and {right}"))
}

fn missing(link_type: &str, left: &str, right: Option<&str>) -> StateError {
    let to = right.map(|right| format!(" and {right}")).unwrap_or_default();
    StateError::task_failed(format!("link not found: {link_type} of {left}{to}"))
}

/// A page of links and where it stands among the others. A cursor is the position of the next link.
fn page(parameters: &Value, found: Vec<Value>) -> Result<(Vec<Value>, Value), StateError> {
    const DEFAULT_SIZE: usize = 20;
    let refused = |what: String| StateError::task_failed(format!("LoadLinks: {what}"));
    let size = match parameters.get("page_size") {
        None => DEFAULT_SIZE,
        Some(Value::Integer(size @ 1..=100)) => *size as usize,
        Some(other) => {
            return Err(refused(format!("`page_size` is a whole number from 1 to 100, and this is {other}")));
        }
    };
    let cursor = |key: &str| match parameters.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(given) => match as_name(given).and_then(|cursor| cursor.parse::<usize>().ok()) {
            Some(position) => Ok(Some(position)),
            None => {
                Err(refused(format!("`{key}` is a cursor from the `meta` of an earlier answer, and this is {given}")))
            }
        },
    };
    let count = found.len();
    let (start, end) = match (cursor("page_after_cursor")?, cursor("page_before_cursor")?) {
        (Some(_), Some(_)) => {
            return Err(refused("give either `page_after_cursor` or `page_before_cursor`, not both".to_owned()));
        }
        (None, Some(before)) => (before.min(count).saturating_sub(size), before.min(count)),
        (after, None) => {
            let start = after.unwrap_or(0).min(count);
            (start, start.saturating_add(size).min(count))
        }
    };
    // A cursor that leads nowhere is left out, as in the documented cases.
    let cursor = |key: &'static str, at: usize| (key, Value::from(at.to_string()));
    let cursors =
        [(end < count).then(|| cursor("after_cursor", end)), (start > 0).then(|| cursor("before_cursor", start))];
    let meta = [("has_more", Value::Bool(end < count))].into_iter().chain(cursors.into_iter().flatten());
    Ok((found[start..end].to_vec(), Value::object(meta)))
}

/// An identifier that no other link has, and that is the same in each run.
fn new_uuid(links: &[Value]) -> String {
    let mut number = links.len() as u64 + 1;
    loop {
        let uuid = format!("00000000-0000-4000-8000-{number:012x}");
        if !links.iter().any(|link| link.get("uuid").and_then(Value::as_str) == Some(&uuid)) {
            return uuid;
        }
        number += 1;
    }
}
