//! The naive interpreter: the rules of the platform on plain JSON, without any preparation.

use crate::Run;
use serde_json::{Map, Value as Json, json};

/// An error that a Catch takes, or an end that nothing takes.
enum Trouble {
    Error {
        name: String,
        cause: String,
    },
    Failed {
        name: String,
        cause: String,
    },
    Stopped {
        cause: String,
    },
    /// The data grew beyond what plain JSON can be copied around with.
    TooLarge,
}

type Attempt<T> = Result<T, Trouble>;

struct Interpreter<'a> {
    bundle: &'a Json,
    path: Vec<String>,
    seconds: f64,
    most: usize,
    /// The data of the top when a run failed.
    left: Json,
}

/// Data with more values than this is not worth the time.
const LARGEST_DATA: usize = 2_000;
/// Nor is data that the reader of plain JSON refuses.
const DEEPEST_DATA: usize = 60;

/// Runs the flow; nothing where its data grows too large.
pub(crate) fn run(bundle: &Json, data: &Json) -> Option<Run> {
    let definition = &bundle["resources"]["f"]["properties"]["definition"];
    let most = crate::MOST_STATES as usize;
    let mut interpreter = Interpreter { bundle, path: Vec::new(), seconds: 0.0, most, left: data.clone() };
    let (succeeded, text, data) = match interpreter.machine(definition, data.clone(), "") {
        Ok((data, message)) => (true, message.unwrap_or_else(|| "Execution Successful".to_owned()), data),
        Err(Trouble::TooLarge) => return None,
        Err(Trouble::Error { cause, .. } | Trouble::Failed { cause, .. } | Trouble::Stopped { cause }) => {
            (false, cause, interpreter.left)
        }
    };
    Some(Run { path: interpreter.path, succeeded, text, data: numbers(data) })
}

fn depth(value: &Json) -> usize {
    match value {
        Json::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Json::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

fn count(value: &Json) -> usize {
    match value {
        Json::Array(items) => 1 + items.iter().map(count).sum::<usize>(),
        Json::Object(members) => 1 + members.values().map(count).sum::<usize>(),
        Json::String(text) => 1 + text.len() / 100,
        _ => 1,
    }
}

fn error<T>(cause: impl Into<String>) -> Attempt<T> {
    Err(Trouble::Error { name: "States.Runtime".into(), cause: cause.into() })
}

/// Whole numbers have no fraction: 2.0 is 2.
fn numbers(value: Json) -> Json {
    match value {
        Json::Number(number) => match number.as_f64() {
            Some(float) if float.fract() == 0.0 && float.abs() < 1e15 => json!(float as i64),
            _ => Json::Number(number),
        },
        Json::Array(items) => items.into_iter().map(numbers).collect(),
        Json::Object(members) => Json::Object(members.into_iter().map(|(key, value)| (key, numbers(value))).collect()),
        other => other,
    }
}

impl Interpreter<'_> {
    fn machine(&mut self, machine: &Json, mut data: Json, prefix: &str) -> Attempt<(Json, Option<String>)> {
        let mut name = machine["StartAt"].as_str().expect("a state").to_owned();
        loop {
            let top = prefix.is_empty();
            if count(&data) > LARGEST_DATA || depth(&data) > DEEPEST_DATA {
                return Err(Trouble::TooLarge);
            }
            if top {
                self.left = data.clone();
            }
            if self.path.len() == self.most {
                return Err(Trouble::Stopped {
                    cause: format!("the flow went through more than {} states; it may never end", self.most),
                });
            }
            self.path.push(format!("{prefix}{name}"));
            let state = machine["States"][&name].clone();
            let next = |state: &Json| state["Next"].as_str().map(str::to_owned);
            let target = match state["Type"].as_str().expect("a type") {
                "Pass" => {
                    let result = match state.get("Result") {
                        Some(result) => Some(fill(result, &data)?),
                        None if state.get("ResultPath").is_some() => Some(data.clone()),
                        None => None,
                    };
                    if let Some(result) = result {
                        data = write(data, state["ResultPath"].as_str().unwrap_or("$"), result)?;
                    }
                    next(&state)
                }
                "Choice" => Some(self.choose(&state, &data)?),
                "Wait" => {
                    self.wait(&state, &data)?;
                    next(&state)
                }
                "Succeed" => {
                    let message = state.get("Message").map(|message| log_text(message, &data)).transpose()?;
                    return Ok((data, Some(message.unwrap_or_else(|| "Execution Successful".to_owned()))));
                }
                "Fail" => {
                    let (name, cause) = (log_text(&state["Error"], &data)?, log_text(&state["Cause"], &data)?);
                    return Err(Trouble::Failed { name, cause });
                }
                kind => {
                    let result = if kind == "Map" {
                        self.map(&state, &data, &format!("{prefix}{name}"))
                    } else {
                        self.action(&state, &data)
                    };
                    let result_path = state["ResultPath"].as_str().unwrap_or("$");
                    match result.and_then(|output| write(data.clone(), result_path, output)) {
                        Ok(new) => {
                            data = new;
                            next(&state)
                        }
                        Err(Trouble::Error { name, cause }) if state.get("Catch").is_some() => {
                            let catcher = &state["Catch"][0];
                            let caught = json!({"Error": name, "Cause": cause});
                            data = write(data, catcher["ResultPath"].as_str().unwrap_or("$"), caught)?;
                            next(catcher)
                        }
                        Err(trouble) => return Err(trouble),
                    }
                }
            };
            match target {
                Some(target) => name = target,
                None => return Ok((data, None)),
            }
        }
    }

    fn map(&mut self, state: &Json, data: &Json, full_name: &str) -> Attempt<Json> {
        let items = read(data, state["ItemsPath"].as_str().expect("a path"))?;
        let Some(items) = items.as_array().filter(|items| items.iter().all(Json::is_object)) else {
            return error("Map state ItemsPath must be an array of objects");
        };
        let mut results = Vec::new();
        for (position, item) in items.iter().enumerate() {
            match self.machine(&state["Iterator"], item.clone(), &format!("{full_name}[{position}].")) {
                Ok((data, _)) => results.push(data),
                Err(Trouble::Failed { name, cause }) => return Err(Trouble::Error { name, cause }),
                Err(trouble) => return Err(trouble),
            }
        }
        Ok(Json::Array(results))
    }

    fn action(&mut self, state: &Json, data: &Json) -> Attempt<Json> {
        let failed = |cause: &str| Err(Trouble::Error { name: "States.TaskFailed".into(), cause: cause.into() });
        let parameters = fill(&state["Parameters"], data)?;
        let name = state["ActionName"].as_str().expect("a name").rsplit(':').next().expect("a name").to_owned();
        if name == "Jq" {
            let data = parameters["data"].clone();
            return match parameters["expr"].as_str().expect("a program") {
                "." | "., 1" => Ok(data),
                "empty" => Ok(Json::Null),
                "[.]" => Ok(json!([data])),
                "{a: .}" => Ok(json!({"a": data})),
                ".a" => match &data {
                    Json::Null => Ok(Json::Null),
                    Json::Object(members) => Ok(members.get("a").cloned().unwrap_or(Json::Null)),
                    other => failed(&format!("jq: error: Cannot index {} with string \"a\"", kind(other))),
                },
                _ => failed("jq: error: no"),
            };
        }
        let definition = &self.bundle["resources"][&name]["properties"]["definition"];
        assert!(definition.is_object());
        match name.as_str() {
            "ok" => Ok(json!({"ok": true, "n": 7})),
            "list" => Ok(json!([{"a": 1}, {"a": 2}])),
            "text" => Ok(json!({"__httpresponse": "hello"})),
            "empty" => Ok(json!({})),
            "gone" => failed("external action failed due to status code: 404"),
            _ => failed("external action failed due to status code: 500"),
        }
    }

    fn wait(&mut self, state: &Json, data: &Json) -> Attempt<()> {
        let seconds = match state.get("Seconds") {
            Some(seconds) => seconds.as_f64().expect("a number"),
            None => {
                let path = state["SecondsPath"].as_str().expect("a path");
                let value = read(data, path)?;
                match value.as_f64() {
                    Some(seconds) => seconds,
                    None => {
                        let article = match kind(value) {
                            "null" => "null",
                            "array" => "an array",
                            "object" => "an object",
                            "string" => "a string",
                            _ => "a boolean",
                        };
                        return error(format!("SecondsPath {} is {article}, not a number", printed(path)));
                    }
                }
            }
        };
        self.seconds += seconds.max(0.0);
        if self.seconds > 100.0 { Err(Trouble::Stopped { cause: "flow execution timed out".into() }) } else { Ok(()) }
    }

    fn choose(&mut self, state: &Json, data: &Json) -> Attempt<String> {
        for rule in state["Choices"].as_array().expect("rules") {
            if holds(rule, data)? {
                return Ok(rule["Next"].as_str().expect("a state").to_owned());
            }
        }
        match state["Default"].as_str() {
            Some(name) => Ok(name.to_owned()),
            None => Err(Trouble::Error {
                name: "States.NoChoiceMatched".into(),
                cause: "no rule of the Choice held, and it has no Default".into(),
            }),
        }
    }
}

fn kind(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

fn holds(rule: &Json, data: &Json) -> Attempt<bool> {
    if let Some(rules) = rule.get("And").and_then(Json::as_array) {
        for rule in rules {
            if !holds(rule, data)? {
                return Ok(false);
            }
        }
        return Ok(true);
    }
    if let Some(rules) = rule.get("Or").and_then(Json::as_array) {
        for rule in rules {
            if holds(rule, data)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    if let Some(rule) = rule.get("Not") {
        return Ok(!holds(rule, data)?);
    }
    let variable = rule["Variable"].as_str().expect("a path");
    let members = rule.as_object().expect("a rule");
    let (operator, operand) =
        members.iter().find(|(key, _)| !matches!(key.as_str(), "Variable" | "Next")).expect("an operator");
    if operator == "IsPresent" {
        return Ok(read(data, variable).is_ok() == operand.as_bool().expect("a truth value"));
    }
    let left = read(data, variable)?.clone();
    if operator == "IsNull" {
        return Ok(left.is_null() == operand.as_bool().expect("a truth value"));
    }
    let (operator, right) = match operator.strip_suffix("Path") {
        Some(operator) => (operator, read(data, operand.as_str().expect("a path"))?.clone()),
        None => (operator.as_str(), operand.clone()),
    };
    let instant = |value: &Json| match value.as_str() {
        Some("2024-01-01T00:00:00Z" | "2024-01-01T01:00:00+01:00") => Some(2),
        Some("2023-05-05T10:00:00Z") => Some(1),
        _ => None,
    };
    let (order, relation) = if let Some(relation) = operator.strip_prefix("String") {
        (left.as_str().zip(right.as_str()).map(|(left, right)| left.cmp(right)), relation)
    } else if let Some(relation) = operator.strip_prefix("Numeric") {
        (left.as_f64().zip(right.as_f64()).and_then(|(left, right)| left.partial_cmp(&right)), relation)
    } else if let Some(relation) = operator.strip_prefix("Timestamp") {
        (instant(&left).zip(instant(&right)).map(|(left, right): (i32, i32)| left.cmp(&right)), relation)
    } else {
        (left.as_bool().zip(right.as_bool()).map(|(left, right)| left.cmp(&right)), "Equals")
    };
    let Some(order) = order else { return Ok(false) };
    Ok(match relation {
        "Equals" => order.is_eq(),
        "LessThan" => order.is_lt(),
        "GreaterThan" => order.is_gt(),
        "LessThanEquals" => order.is_le(),
        _ => order.is_ge(),
    })
}

/// The steps of a path such as `$.a[0]["b"]`.
fn steps(path: &str) -> Vec<String> {
    let path = path.replace("[\"", ".").replace("\"]", "").replace('[', ".#").replace(']', "");
    path.split('.').skip(1).map(str::to_owned).collect()
}

/// A path as it is printed: names without brackets.
fn printed(path: &str) -> String {
    path.replace("[\"", ".").replace("\"]", "")
}

fn read<'d>(data: &'d Json, path: &str) -> Attempt<&'d Json> {
    let mut value = data;
    for step in steps(path) {
        let found = match step.strip_prefix('#') {
            Some(index) => value.as_array().and_then(|items| items.get(index.parse::<usize>().expect("an index"))),
            None => value.as_object().and_then(|members| members.get(&step)),
        };
        match found {
            Some(found) => value = found,
            None => return error(format!("JSON path not found: {}", printed(path))),
        }
    }
    Ok(value)
}

fn write(data: Json, path: &str, result: Json) -> Attempt<Json> {
    fn put(data: Json, steps: &[String], result: Json) -> Option<Json> {
        let Some((step, rest)) = steps.split_first() else { return Some(result) };
        match (data, step.strip_prefix('#')) {
            (Json::Object(mut members), None) => {
                let inner = members.get(step).cloned().unwrap_or_else(|| Json::Object(Map::new()));
                members.insert(step.clone(), put(inner, rest, result)?);
                Some(Json::Object(members))
            }
            (Json::Array(mut items), Some(index)) => {
                let index: usize = index.parse().expect("an index");
                let inner = items.get(index)?.clone();
                items[index] = put(inner, rest, result)?;
                Some(Json::Array(items))
            }
            _ => None,
        }
    }
    match put(data, &steps(path), result) {
        Some(data) => Ok(data),
        None => error(format!("JSON path not found: {}", printed(path))),
    }
}

fn fill(template: &Json, data: &Json) -> Attempt<Json> {
    Ok(match template {
        Json::Array(items) => Json::Array(items.iter().map(|item| fill(item, data)).collect::<Attempt<_>>()?),
        Json::Object(members) => {
            let mut out = Map::new();
            for (key, value) in members {
                match key.strip_suffix(".$") {
                    Some(key) => {
                        let text = value.as_str().expect("a text");
                        let value = if text.starts_with('$') && !text.contains(' ') {
                            read(data, text)?.clone()
                        } else {
                            json!(line(text, data)?)
                        };
                        out.insert(key.to_owned(), value);
                    }
                    None => drop(out.insert(key.clone(), fill(value, data)?)),
                }
            }
            Json::Object(out)
        }
        other => other.clone(),
    })
}

fn line(text: &str, data: &Json) -> Attempt<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(open) = rest.find("{{$") {
        let close = open + rest[open..].find("}}").expect("closed");
        out.push_str(&rest[..open]);
        out.push_str(&as_text(read(data, &rest[open + 2..close])?));
        rest = &rest[close + 2..];
    }
    out.push_str(rest);
    Ok(out)
}

fn log_text(text: &Json, data: &Json) -> Attempt<String> {
    let text = text.as_str().expect("a text");
    if text.starts_with('$') { read(data, text).map(as_text) } else { line(text, data) }
}

fn as_text(value: &Json) -> String {
    match numbers(value.clone()) {
        Json::String(text) => text,
        other => other.to_string(),
    }
}
