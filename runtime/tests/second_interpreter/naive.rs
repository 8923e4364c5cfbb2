//! The naive interpreter: the rules of the platform on plain JSON, without any preparation.

use crate::Run;
use serde_json::{Map, Value as Json, json};

/// An error that a Catch takes, or an end that nothing takes.
enum Trouble {
    Error {
        name: String,
        cause: String,
        /// The status of the answer behind it.
        status: u16,
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
    platform: &'a [(&'a str, &'a str)],
    configs: Map<String, Json>,
    links: Vec<Json>,
    requests: Vec<Json>,
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
pub(crate) fn run(bundle: &Json, data: &Json, platform: &[(&str, &str)]) -> Option<Run> {
    let definition = &bundle["resources"]["f"]["properties"]["definition"];
    let most = crate::MOST_STATES as usize;
    let account: Json = serde_json::from_str(crate::random::ACCOUNT).expect("JSON");
    let mut interpreter = Interpreter {
        bundle,
        platform,
        configs: account["configs"].as_object().expect("configs").clone(),
        links: account["links"].as_array().expect("links").clone(),
        requests: Vec::new(),
        path: Vec::new(),
        seconds: 0.0,
        most,
        left: data.clone(),
    };
    let (succeeded, text, data) = match interpreter.machine(definition, data.clone(), "") {
        Ok((data, message)) => (true, message.unwrap_or_else(|| "Execution Successful".to_owned()), data),
        Err(Trouble::TooLarge) => return None,
        Err(Trouble::Error { cause, .. } | Trouble::Failed { cause, .. } | Trouble::Stopped { cause }) => {
            (false, cause, interpreter.left)
        }
    };
    Some(Run {
        path: interpreter.path,
        succeeded,
        text,
        data: numbers(data),
        requests: interpreter.requests.into_iter().map(numbers).collect(),
        configs: numbers(Json::Object(interpreter.configs)),
        links: numbers(Json::Array(interpreter.links)),
    })
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
    Err(Trouble::Error { name: "States.Runtime".into(), cause: cause.into(), status: 0 })
}

fn task_failed<T>(cause: impl Into<String>) -> Attempt<T> {
    Err(Trouble::Error { name: "States.TaskFailed".into(), cause: cause.into(), status: 0 })
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
                        Some(result) => Some(self.fill(result, &data, false)?),
                        None if state.get("ResultPath").is_some() => Some(data.clone()),
                        None => None,
                    };
                    if let Some(result) = result {
                        data = write(data, state.get("ResultPath"), result)?;
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
                    let keeps = kind == "Action"
                        && state.get("ResultPath").is_none()
                        && self.assumes("default_result_path", "keep");
                    let result = if kind == "Map" {
                        self.map(&state, &data, &format!("{prefix}{name}")).map(Some)
                    } else {
                        self.action(&state, &data)
                    };
                    let written = result.and_then(|output| match output {
                        Some(output) if !keeps => write(data.clone(), state.get("ResultPath"), output),
                        // Nothing to write, or nowhere.
                        _ => Ok(data.clone()),
                    });
                    match written {
                        Ok(new) => {
                            data = new;
                            next(&state)
                        }
                        Err(Trouble::Error { name, cause, status })
                            if state.get("Catch").is_some()
                                && !(status >= 500
                                    && self.assumes("catch_or_rerun", "rerun")
                                    && self.assumes("server_errors", "rerun")) =>
                        {
                            let catcher = &state["Catch"][0];
                            let caught = match self.assumes("error_object", "cause") {
                                true => json!({"Cause": cause}),
                                false => json!({"Error": name, "Cause": cause}),
                            };
                            data = write(data, catcher.get("ResultPath"), caught)?;
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
        if items.len() > 100 {
            return error("Map state ItemsPath exceeds 100 items");
        }
        let mut results = Vec::new();
        for (position, item) in items.iter().enumerate() {
            match self.machine(&state["Iterator"], item.clone(), &format!("{full_name}[{position}].")) {
                Ok((data, _)) => results.push(data),
                Err(Trouble::Failed { name, cause }) => return Err(Trouble::Error { name, cause, status: 0 }),
                Err(trouble) => return Err(trouble),
            }
        }
        Ok(Json::Array(results))
    }

    /// Fills in a template; `everywhere` also where a key has no `.$`.
    fn fill(&self, template: &Json, data: &Json, everywhere: bool) -> Attempt<Json> {
        Ok(match template {
            Json::Array(items) => {
                Json::Array(items.iter().map(|item| self.fill(item, data, everywhere)).collect::<Attempt<_>>()?)
            }
            Json::Object(members) => {
                let mut out = Map::new();
                for (key, value) in members {
                    match key.strip_suffix(".$") {
                        Some(key) => {
                            let text = value.as_str().expect("a text");
                            let value = if text.starts_with('$') && !text.contains(' ') {
                                read(data, text)?.clone()
                            } else {
                                self.text(text, data)?
                            };
                            out.insert(key.to_owned(), value);
                        }
                        None => drop(out.insert(key.clone(), self.fill(value, data, everywhere)?)),
                    }
                }
                Json::Object(out)
            }
            Json::String(text) if everywhere => self.text(text, data)?,
            other => other.clone(),
        })
    }

    /// A text with placeholders; one that is a single placeholder may keep the type of its value.
    fn text(&self, text: &str, data: &Json) -> Attempt<Json> {
        let single = text.starts_with("{{$") && text.find("}}") == Some(text.len() - 2);
        if single && self.assumes("placeholder_type", "value") {
            return read(data, &text[2..text.len() - 2]).cloned();
        }
        Ok(json!(line(text, data)?))
    }

    fn assumes(&self, setting: &str, value: &str) -> bool {
        self.platform.contains(&(setting, value))
    }

    /// What the action gives, if anything.
    fn action(&mut self, state: &Json, data: &Json) -> Attempt<Option<Json>> {
        let everywhere = self.assumes("plain_placeholders", "filled_in");
        let parameters = self.fill(&state["Parameters"], data, everywhere)?;
        let action = state["ActionName"].as_str().expect("a name").rsplit(':').next().expect("a name").to_owned();
        match action.as_str() {
            "Jq" => self.jq(&parameters).map(Some),
            "LoadConfig" => {
                let scope = text(&parameters, "scope")?;
                let config = self.configs.iter().find(|(key, _)| fits(scope, key)).map(|(_, config)| config.clone());
                let config = match config {
                    Some(config) => config,
                    None if self.assumes("missing_config", "empty") => json!({}),
                    None => return task_failed(format!("config not found: {scope}")),
                };
                Ok(Some(if self.assumes("load_config", "wrapped") { json!({"config": config}) } else { config }))
            }
            "PatchConfig" => {
                let scope = text(&parameters, "scope")?;
                let shallow = self.assumes("patch_config", "shallow");
                let found = self.configs.iter_mut().find(|(key, _)| fits(scope, key));
                let Some((_, config)) = found else { return task_failed(format!("config not found: {scope}")) };
                merge(config, &parameters["config"], shallow);
                Ok(None)
            }
            "CreateLink" => {
                let (left, right) = (side(&parameters, "left_object")?, side(&parameters, "right_object")?);
                if self
                    .links
                    .iter()
                    .any(|link| link["left_object"]["name"] == left && link["right_object"]["name"] == right)
                {
                    return exists(&left, &right);
                }
                let mut number = self.links.len();
                let uuid = loop {
                    number += 1;
                    let uuid = json!(format!("00000000-0000-4000-8000-{number:012x}"));
                    if self.links.iter().all(|link| link["uuid"] != uuid) {
                        break uuid;
                    }
                };
                let link = json!({
                    "account_id": null, "integration": "", "left_object": {"name": left}, "link_type": "t",
                    "right_object": {"name": right}, "uuid": uuid
                });
                self.links.push(link.clone());
                Ok(Some(json!({"link": link})))
            }
            "LoadLinks" => {
                let Some(left) = as_name(&parameters["left_object_name"]) else {
                    return task_failed(
                        "LoadLinks: one of the parameters `left_object_name` and `right_object_name` must be given",
                    );
                };
                let names = |link: &&Json| fits(&left, link["left_object"]["name"].as_str().expect("a name"));
                let found: Vec<Json> = self.links.iter().filter(names).cloned().collect();
                let size = parameters["page_size"].as_u64().expect("a size") as usize;
                let meta = match found.len() > size {
                    true => json!({"has_more": true, "after_cursor": size.to_string()}),
                    false => json!({"has_more": false}),
                };
                let links: Vec<_> = found.into_iter().take(size).collect();
                Ok(Some(match self.assumes("load_links", "links") {
                    true => json!({"links": links}),
                    false => json!({"links": links, "meta": meta}),
                }))
            }
            "PatchLink" => {
                let left = name(&parameters, "left_object_name")?;
                let right = side(&parameters, "right_object")?;
                let Some(at) = self.links.iter().position(|link| link["left_object"]["name"] == left) else {
                    if self.assumes("missing_link", "nothing") {
                        return Ok(Some(Json::Null));
                    }
                    return task_failed(format!("link not found: t of {left}"));
                };
                let same = |link: &Json| link["left_object"]["name"] == left && link["right_object"]["name"] == right;
                if self.links.iter().enumerate().any(|(other, link)| other != at && same(link)) {
                    return exists(&json!(left), &right);
                }
                self.links[at]["right_object"] = json!({"name": right});
                Ok(Some(json!({"link": self.links[at]})))
            }
            "DeleteLink" => {
                let (left, right) = (name(&parameters, "left_object_name")?, name(&parameters, "right_object_name")?);
                let same = |link: &Json| link["left_object"]["name"] == left && link["right_object"]["name"] == right;
                let Some(at) = self.links.iter().position(same) else {
                    if self.assumes("missing_link", "nothing") {
                        return Ok(None);
                    }
                    return task_failed(format!("link not found: t of {left} and {right}"));
                };
                self.links.remove(at);
                Ok(None)
            }
            _ => self.request(&action, parameters).map(Some),
        }
    }

    fn jq(&self, parameters: &Json) -> Attempt<Json> {
        let mut data = parameters["data"].clone();
        if let (Some(text), true) = (data.as_str(), self.assumes("jq_text", "json"))
            && let Ok(decoded) = serde_json::from_str::<Json>(text)
        {
            data = decoded;
        }
        match parameters["expr"].as_str().expect("a program") {
            "." => Ok(data),
            "., 1" if self.assumes("jq_several", "array") => Ok(json!([data, 1])),
            "., 1" if self.assumes("jq_several", "error") => task_failed("jq: error: the program gave several outputs"),
            "., 1" => Ok(data),
            "empty" if self.assumes("jq_several", "array") => Ok(json!([])),
            "empty" if self.assumes("jq_none", "error") => task_failed("jq: error: the program gave no output"),
            "empty" => Ok(Json::Null),
            "[.]" => Ok(json!([data])),
            "{a: .}" => Ok(json!({"a": data})),
            ".a" => match &data {
                Json::Null => Ok(Json::Null),
                Json::Object(members) => Ok(members.get("a").cloned().unwrap_or(Json::Null)),
                other => task_failed(format!("jq: error: Cannot index {} with string \"a\"", kind(other))),
            },
            "length" => match &data {
                Json::Null => Ok(json!(0)),
                Json::Bool(truth) => task_failed(format!("jq: error: boolean ({truth}) has no length")),
                Json::Number(number) => Ok(json!(number.as_f64().expect("a number").abs())),
                Json::String(text) => Ok(json!(text.chars().count())),
                Json::Array(items) => Ok(json!(items.len())),
                Json::Object(members) => Ok(json!(members.len())),
            },
            "tostring" => Ok(json!(as_text(&data))),
            "[.[]?]" => Ok(match data {
                Json::Array(items) => Json::Array(items),
                Json::Object(members) => Json::Array(members.into_iter().map(|(_, value)| value).collect()),
                _ => json!([]),
            }),
            _ => task_failed("jq: error: no"),
        }
    }

    fn request(&mut self, name: &str, mut parameters: Json) -> Attempt<Json> {
        let definition = &self.bundle["resources"][name]["properties"]["definition"];
        let unresolved = |_| Trouble::Error {
            name: "States.Runtime".into(),
            cause: "Error Resolving JSON Params".into(),
            status: 0,
        };
        for (key, value) in [("subdomain", ""), ("zendeskHost", "zendesk.com")] {
            let named = definition.to_string().contains(&format!("$.{key}"));
            if named && parameters.get(key).is_none() && self.assumes("definition_names", "given") {
                parameters[key] = json!(value);
            }
        }
        let filled = self.fill(definition, &parameters, true).map_err(unresolved)?;
        let mut url = filled["url"].as_str().expect("a text").to_owned();
        let mut header = Json::Null;
        if name == "put" {
            let value = as_text(&filled["queryParams"][0]["value"]);
            let encoded = |text: &str| -> String {
                let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
                let one = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
                text.bytes().map(one).collect()
            };
            let (front, fragment) = url.split_once('#').expect("a fragment");
            let separator = if front.contains('?') { '&' } else { '?' };
            url = match self.assumes("query_params", "as_written") {
                true => format!("{front}{separator}q w={value}#{fragment}"),
                false => format!("{front}{separator}q%20w={}#{fragment}", encoded(&value)),
            };
            header = filled["headers"][0]["value"].clone();
        }
        let status = match name {
            "list" => json!(201),
            "empty" => json!(204),
            "gone" => json!(404),
            "broken" => json!(500),
            "silent" => Json::Null,
            _ => json!(200),
        };
        let method = if name == "put" { "PUT" } else { "POST" };
        self.requests.push(json!([method, url, filled["requestBody"], header, status]));
        let failed = |status: u16| Trouble::Error {
            name: "States.TaskFailed".into(),
            cause: format!("external action failed due to status code: {status}"),
            status,
        };
        match name {
            "ok" => Ok(json!({"ok": true, "n": 7})),
            "list" => Ok(json!([{"a": 1}, {"a": 2}])),
            "text" => Ok(json!({"__httpresponse": "hello"})),
            "empty" if self.assumes("empty_answer", "wrapped") => Ok(json!({"__httpresponse": ""})),
            "empty" => Ok(json!({})),
            "put" => Ok(json!({"b": "put"})),
            "slow" => self.pass(7.0).map(|()| json!({"a": 3})),
            "silent" => {
                self.pass(10.0)?;
                task_failed("external action failed: the request timed out after 10 s")
            }
            "gone" => Err(failed(404)),
            _ => Err(failed(500)),
        }
    }

    fn pass(&mut self, seconds: f64) -> Attempt<()> {
        self.seconds += seconds.max(0.0);
        if self.seconds > 100.0 { Err(Trouble::Stopped { cause: "flow execution timed out".into() }) } else { Ok(()) }
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
                        return error(format!(
                            "SecondsPath {} is {}, not a number",
                            printed(path),
                            with_article(value)
                        ));
                    }
                }
            }
        };
        self.pass(seconds)
    }

    fn choose(&mut self, state: &Json, data: &Json) -> Attempt<String> {
        for rule in state["Choices"].as_array().expect("rules") {
            if self.holds(rule, data)? {
                return Ok(rule["Next"].as_str().expect("a state").to_owned());
            }
        }
        match state["Default"].as_str() {
            Some(name) => Ok(name.to_owned()),
            None => Err(Trouble::Error {
                name: "States.NoChoiceMatched".into(),
                cause: "no rule of the Choice held, and it has no Default".into(),
                status: 0,
            }),
        }
    }

    fn holds(&self, rule: &Json, data: &Json) -> Attempt<bool> {
        if let Some(rules) = rule.get("And").and_then(Json::as_array) {
            for rule in rules {
                if !self.holds(rule, data)? {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        if let Some(rules) = rule.get("Or").and_then(Json::as_array) {
            for rule in rules {
                if self.holds(rule, data)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
        if let Some(rule) = rule.get("Not") {
            return Ok(!self.holds(rule, data)?);
        }
        let variable = rule["Variable"].as_str().expect("a path");
        let members = rule.as_object().expect("a rule");
        let (operator, operand) =
            members.iter().find(|(key, _)| !matches!(key.as_str(), "Variable" | "Next")).expect("an operator");
        if operator == "IsPresent" {
            let found = read(data, variable);
            let present = found.is_ok_and(|value| !value.is_null() || self.assumes("null", "present"));
            return Ok(present == operand.as_bool().expect("a truth value"));
        }
        let lenient = self.assumes("missing_variable", "false");
        let left = match read(data, variable) {
            Err(_) if lenient => return Ok(false),
            found => found?.clone(),
        };
        if operator == "IsNull" {
            return Ok(left.is_null() == operand.as_bool().expect("a truth value"));
        }
        let (operator, right) = match operator.strip_suffix("Path") {
            Some(operator) => match read(data, operand.as_str().expect("a path")) {
                Err(_) if lenient => return Ok(false),
                found => (operator, found?.clone()),
            },
            None => (operator.as_str(), operand.clone()),
        };
        let instant = |value: &Json| match value.as_str() {
            Some("2024-01-01T00:00:00Z" | "2024-01-01T01:00:00+01:00" | "2024-01-01T00:00:00.000Z") => Some(2),
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
}

fn text<'p>(parameters: &'p Json, key: &str) -> Attempt<&'p str> {
    match &parameters[key] {
        Json::String(text) => Ok(text),
        other => task_failed(format!("the parameter `{key}` is a text, and this is {}", with_article(other))),
    }
}

fn as_name(value: &Json) -> Option<String> {
    (value.is_string() || value.is_number()).then(|| as_text(value))
}

fn name(parameters: &Json, key: &str) -> Attempt<String> {
    as_name(&parameters[key]).map_or_else(|| task_failed(format!("the parameter `{key}` is missing")), Ok)
}

fn side(parameters: &Json, key: &str) -> Attempt<Json> {
    match as_name(&parameters[key]["name"]) {
        Some(name) => Ok(json!(name)),
        None => task_failed(format!("the parameter `{key}` is an object with a `name`")),
    }
}

fn exists<T>(left: &Json, right: &Json) -> Attempt<T> {
    let text = |name: &Json| name.as_str().expect("a name").to_owned();
    task_failed(format!("link already exists: t between {} and {}", text(left), text(right)))
}

/// Whether a name fits a pattern with at most one star.
fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        Some((front, back)) => {
            name.len() >= front.len() + back.len() && name.starts_with(front) && name.ends_with(back)
        }
        None => pattern == name,
    }
}

fn merge(old: &mut Json, new: &Json, shallow: bool) {
    let old = old.as_object_mut().expect("settings");
    for (key, value) in new.as_object().expect("settings") {
        match old.get_mut(key) {
            Some(inner) if inner.is_object() && value.is_object() && !shallow => merge(inner, value, shallow),
            _ => drop(old.insert(key.clone(), value.clone())),
        }
    }
}

fn with_article(value: &Json) -> String {
    match kind(value) {
        "null" => "null".to_owned(),
        kind if kind.starts_with(['a', 'o']) => format!("an {kind}"),
        kind => format!("a {kind}"),
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

fn write(data: Json, path: Option<&Json>, result: Json) -> Attempt<Json> {
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
    let path = match path {
        None => "$",
        Some(Json::Null) => return Ok(data),
        Some(path) => path.as_str().expect("a path"),
    };
    match put(data, &steps(path), result) {
        Some(data) => Ok(data),
        None => error(format!("JSON path not found: {}", printed(path))),
    }
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
