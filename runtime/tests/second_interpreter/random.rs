//! Random flows and data: small names, so that states and paths meet often.

use serde_json::{Map, Value as Json, json};

/// A small generator with a seed; the same seed gives the same flow everywhere.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `end`.
    fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 33) % end
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// What the custom actions of every bundle get for an answer.
pub(crate) const EXCHANGES: &str = r#"{"exchanges":[
  {"request":{"url":"https://x.example/ok"},"response":{"status":200,"body":{"ok":true,"n":7}},"repeat":true},
  {"request":{"url":"https://x.example/list"},"response":{"status":201,"body":[{"a":1},{"a":2}]},"repeat":true},
  {"request":{"url":"https://x.example/text"},"response":{"status":200,"headers":{"Content-Type":"text/plain"},"body":"hello"},"repeat":true},
  {"request":{"url":"https://x.example/empty"},"response":{"status":204},"repeat":true},
  {"request":{"url":"https://x.example/gone"},"response":{"status":404,"body":{}},"repeat":true},
  {"request":{"url":"https://x.example/broken"},"response":{"status":500},"repeat":true},
  {"request":{"url":"https://x.example/slow"},"response":{"status":200,"body":{"a":3},"seconds":7},"repeat":true},
  {"request":{"url":"https://x.example/silent"},"fault":"timeout","repeat":true},
  {"request":{"method":"PUT"},"response":{"status":200,"body":{"b":"put"}},"repeat":true}]}"#;

const ACTIONS: [&str; 9] = ["ok", "list", "text", "empty", "gone", "broken", "slow", "silent", "put"];

/// What the account of every run has.
pub(crate) const ACCOUNT: &str = r#"{"configs":{"a":{"b":1,"c":{"x":1,"y":[2]}},"solved":{"a":"kept"}},
  "links":[{"link_type":"t","left_object":{"name":"1"},"right_object":{"name":"a"}},
           {"link_type":"t","left_object":{"name":"1"},"right_object":{"name":"b"}},
           {"link_type":"t","left_object":{"name":"solved"},"right_object":{"name":"2"}}]}"#;

/// What is assumed about the platform, each point as often one way as another.
pub(crate) fn platform(random: &mut Random) -> Vec<(&'static str, &'static str)> {
    zisc_runtime::platform::SETTINGS.iter().map(|setting| (setting.name, *random.pick(setting.values))).collect()
}

pub(crate) fn bundle(random: &mut Random) -> Json {
    let mut resources = Map::new();
    for action in ACTIONS {
        let definition = if action == "put" {
            json!({"method": "put", "url.$": "https://x.example/{{$.a}}#end", "queryParams": [{"key": "q w", "value.$": "$.b"}],
                   "headers": [{"key": "X-A", "value": "is {{$.a}} of {{$.zendeskHost}}"}], "requestBody.$": "$"})
        } else {
            json!({"method": "POST", "url": format!("https://x.example/{action}"), "requestBody": {"sent": ["{{$.a}}", {"b.$": "$.b"}]}})
        };
        resources.insert(
            action.into(),
            json!({"type": "ZIS::Action::Http", "properties": {"name": action, "definition": definition}}),
        );
    }
    let definition = machine(random, 2, "");
    resources.insert("f".into(), json!({"type": "ZIS::Flow", "properties": {"name": "f", "definition": definition}}));
    json!({"zis_template_version": "2019-10-14", "name": "b", "resources": resources})
}

/// Data with the members that the paths of the flows name, more often than not.
pub(crate) fn data(random: &mut Random) -> Json {
    let mut members = Map::new();
    for key in ["a", "b", "c"] {
        if random.chance(85) {
            members.insert(key.into(), value(random, 2));
        }
    }
    let count = if random.chance(2) { 101 } else { random.below(4) };
    members.insert("items".into(), Json::Array((0..count).map(|_| object(random, 1)).collect()));
    Json::Object(members)
}

fn object(random: &mut Random, depth: u32) -> Json {
    let keys = ["a", "b", "c"];
    let members = (0..random.below(4)).map(|_| (random.pick(&keys).to_string(), value(random, depth)));
    Json::Object(members.collect())
}

fn value(random: &mut Random, depth: u32) -> Json {
    match random.below(if depth == 0 { 7 } else { 10 }) {
        0 => Json::Null,
        1 => Json::Bool(random.chance(50)),
        2 => json!(random.below(5)),
        3 => json!(random.below(50) as f64 / 4.0),
        4 => json!(*random.pick(&["", "a", "b", "solved", "Z"])),
        5 => {
            json!(*random.pick(&[
                "2024-01-01T00:00:00Z",
                "2024-01-01T01:00:00+01:00",
                "2024-01-01T00:00:00.000Z",
                "2023-05-05T10:00:00Z",
                "2024-01-01T00:00:00z",
                "2024-01-01 00:00:00Z",
                "soon",
            ]))
        }
        6 => json!(-(random.below(5) as i64)),
        7 => Json::Array((0..random.below(3)).map(|_| value(random, depth - 1)).collect()),
        _ => object(random, depth - 1),
    }
}

fn path(random: &mut Random) -> String {
    let mut out = "$".to_owned();
    for _ in 0..random.below(4) {
        match random.below(8) {
            0 => out.push_str("[0]"),
            1 => out.push_str("[\"b\"]"),
            _ => out.push_str(random.pick::<&str>(&[".a", ".b", ".c", ".items", ".Cause", ".Error"])),
        }
    }
    out
}

/// A path that a result may be written to, without indexes more often than not; or none at all.
fn result_path(random: &mut Random) -> Json {
    match random.below(100) {
        0..=4 => Json::Null,
        5..=80 => json!(*random.pick(&["$.a", "$.b", "$.c.a", "$.new.deep", "$.items"])),
        _ => json!(path(random)),
    }
}

fn template(random: &mut Random, depth: u32) -> Json {
    let mut members = Map::new();
    for key in ["a", "b", "x"] {
        match random.below(7) {
            6 => members.insert(key.into(), json!(text(random))),
            0 => members.insert(format!("{key}.$"), json!(path(random))),
            1 => members.insert(format!("{key}.$"), json!(format!("{} is {{{{{}}}}}!", key, path(random)))),
            2 => members.insert(key.into(), value(random, 1)),
            3 if depth > 0 => members.insert(key.into(), template(random, depth - 1)),
            4 if depth > 0 => members.insert(key.into(), json!([template(random, depth - 1), 1])),
            _ => None,
        };
    }
    Json::Object(members)
}

fn machine(random: &mut Random, depth: u32, prefix: &str) -> Json {
    let count = 1 + random.below(6);
    let names: Vec<String> = (0..count).map(|number| format!("{prefix}S{number}")).collect();
    let mut states = Map::new();
    for (number, name) in names.iter().enumerate() {
        states.insert(name.clone(), state(random, depth, &names, number));
    }
    json!({"StartAt": names[0], "States": states})
}

/// `Next` leads forward more often than not, so that most flows end.
fn target(random: &mut Random, names: &[String], from: usize) -> Json {
    let first = if random.chance(97) { (from + 1).min(names.len() - 1) } else { 0 };
    json!(names[first + random.below((names.len() - first) as u64) as usize])
}

fn state(random: &mut Random, depth: u32, names: &[String], from: usize) -> Json {
    let mut out = Map::new();
    let last = from + 1 == names.len();
    match random.below(if depth == 0 { 13 } else { 15 }) {
        0..=3 => {
            out.insert("Type".into(), json!("Pass"));
            if random.chance(70) {
                out.insert("Result".into(), if random.chance(60) { template(random, 2) } else { value(random, 2) });
            }
            if random.chance(85) {
                out.insert("ResultPath".into(), result_path(random));
            }
        }
        4..=6 if !last => {
            out.insert("Type".into(), json!("Choice"));
            let rules: Vec<Json> = (0..1 + random.below(3))
                .map(|_| {
                    let mut rule = condition(random, 2);
                    rule["Next"] = target(random, names, from);
                    rule
                })
                .collect();
            out.insert("Choices".into(), Json::Array(rules));
            if random.chance(90) {
                out.insert("Default".into(), target(random, names, from));
            }
            return Json::Object(out);
        }
        7 => {
            out.insert("Type".into(), json!("Wait"));
            if random.chance(60) {
                out.insert("Seconds".into(), json!((1 + random.below(120)) as f64 / 4.0));
            } else {
                out.insert("SecondsPath".into(), json!(path(random)));
            }
        }
        8 if last => {
            out.insert("Type".into(), json!("Fail"));
            out.insert("Error".into(), json!("Bad"));
            out.insert("Cause".into(), json!(text(random)));
            return Json::Object(out);
        }
        9 if last => {
            out.insert("Type".into(), json!("Succeed"));
            if random.chance(80) {
                out.insert("Message".into(), json!(text(random)));
            }
            return Json::Object(out);
        }
        8..=12 => {
            out.insert("Type".into(), json!("Action"));
            let (name, parameters) = call(random);
            out.insert("ActionName".into(), json!(name));
            out.insert("Parameters".into(), parameters);
            after(random, names, from, &mut out);
        }
        _ if depth > 0 => {
            out.insert("Type".into(), json!("Map"));
            let items = if random.chance(75) { "$.items".to_owned() } else { path(random) };
            out.insert("ItemsPath".into(), json!(items));
            out.insert("Iterator".into(), machine(random, depth - 1, &format!("{}I", names[from])));
            after(random, names, from, &mut out);
        }
        _ => {
            out.insert("Type".into(), json!("Pass"));
        }
    }
    if last || random.chance(5) {
        out.insert("End".into(), json!(true));
    } else {
        out.insert("Next".into(), target(random, names, from));
    }
    Json::Object(out)
}

/// The name of an action and its parameters.
fn call(random: &mut Random) -> (String, Json) {
    const PROGRAMS: [&str; 10] =
        [".", ".a", "{a: .}", "error(\"no\")", "[.]", "empty", "., 1", "length", "tostring", "[.[]?]"];
    let own = |name: &str| format!("zis:common:action:{name}");
    // A name from the data now and then, which may be none.
    let name = |random: &mut Random, key: &str| match random.below(4) {
        0 => (format!("{key}.$"), json!(path(random))),
        1 => (key.to_owned(), json!(1 + random.below(2))),
        _ => (key.to_owned(), json!(*random.pick(&["a", "b", "1", "2", "solved", "*"]))),
    };
    let parameters = |members: Vec<(String, Json)>| Json::Object(members.into_iter().collect());
    let side = |random: &mut Random| parameters(vec![name(random, "name")]);
    match random.below(12) {
        0..=3 => {
            let data = json!({"expr": *random.pick(&PROGRAMS), "data.$": path(random)});
            ("zis:common:transform:Jq".to_owned(), data)
        }
        4 => (own("LoadConfig"), parameters(vec![name(random, "scope")])),
        5 => (own("PatchConfig"), json!({"scope": *random.pick(&["a", "s*", "zz"]), "config": template(random, 1)})),
        6 => match random.below(4) {
            0 => (
                own("CreateLink"),
                json!({"link_type": "t", "left_object": side(random), "right_object": side(random)}),
            ),
            1 => (
                own("LoadLinks"),
                parameters(vec![
                    ("link_type".to_owned(), json!("t")),
                    name(random, "left_object_name"),
                    ("page_size".to_owned(), json!(1 + random.below(3))),
                ]),
            ),
            2 => (
                own("PatchLink"),
                parameters(vec![
                    ("link_type".to_owned(), json!("t")),
                    name(random, "left_object_name"),
                    ("right_object".to_owned(), side(random)),
                ]),
            ),
            _ => (
                own("DeleteLink"),
                parameters(vec![
                    ("link_type".to_owned(), json!("t")),
                    name(random, "left_object_name"),
                    name(random, "right_object_name"),
                ]),
            ),
        },
        _ => {
            let parameters = if random.chance(70) {
                json!({"a.$": path(random), "b": *random.pick(&["plain", "{{$.b}} too"])})
            } else {
                template(random, 1)
            };
            (format!("zis:k:action:{}", random.pick(&ACTIONS)), parameters)
        }
    }
}

fn after(random: &mut Random, names: &[String], from: usize, out: &mut Map<String, Json>) {
    if random.chance(85) {
        out.insert("ResultPath".into(), result_path(random));
    }
    if random.chance(50) {
        let mut catcher = json!({"ErrorEquals": ["States.ALL"], "Next": target(random, names, from)});
        if random.chance(80) {
            catcher["ResultPath"] = result_path(random);
        }
        out.insert("Catch".into(), json!([catcher]));
    }
}

fn text(random: &mut Random) -> String {
    match random.below(3) {
        0 => "plain".to_owned(),
        1 => path(random),
        _ => format!("{{{{{}}}}} and {{{{{}}}}} {{{{NAME}}}}", path(random), path(random)),
    }
}

fn condition(random: &mut Random, depth: u32) -> Json {
    match random.below(if depth == 0 { 7 } else { 10 }) {
        7 => json!({"Not": condition(random, depth - 1)}),
        8 => json!({"And": [condition(random, depth - 1), condition(random, depth - 1)]}),
        9 => json!({"Or": [condition(random, depth - 1), condition(random, depth - 1)]}),
        kind => {
            let order = *random.pick(&["Equals", "LessThan", "GreaterThan", "LessThanEquals", "GreaterThanEquals"]);
            let (operator, operand) = match kind {
                0 => (format!("String{order}"), json!(*random.pick(&["", "a", "solved"]))),
                1 => (format!("Numeric{order}"), json!(random.below(4))),
                2 => (format!("Numeric{order}Path"), json!(path(random))),
                3 => ("BooleanEquals".to_owned(), json!(random.chance(50))),
                4 => (format!("Timestamp{order}"), json!("2024-01-01T00:00:00Z")),
                5 => ((*random.pick(&["StringEqualsPath", "BooleanEqualsPath"])).to_owned(), json!(path(random))),
                _ => ((*random.pick(&["IsPresent", "IsNull"])).to_owned(), json!(random.chance(60))),
            };
            json!({"Variable": path(random), operator: operand})
        }
    }
}
