//! Random bundles: every sort of state and resource, wherever they lead, under plain and odd names.

use serde_json::{Map, Value as Json, json};

/// A small generator with a seed; the same seed gives the same bundle everywhere.
pub(crate) struct Random(u64);

/// Names of states: what the compiler would call some, what it would make of them, and what no label can be.
const STATES: &[&str] = &[
    "Load",
    "Done",
    "Done2",
    "Succeed",
    "Fail",
    "Value",
    "Wait5s",
    "IfInputStatus",
    "X",
    "X2",
    "Loaded",
    "Post",
    "Zendesk.GetTicket",
    "Choice.Check",
    "001.Load",
    "log-it",
    "with blank",
    "Load.Values",
    "Each",
    "Tag.Done",
    "ü",
    "quote\"d",
    "back\\slash",
    "if",
    "return",
    "zisc",
    "${x}",
    "{{x}}",
    "a.b.c",
    "E01",
    "_",
    "Data",
];
/// Members of the flow's data, and below it.
const MEMBERS: &[&str] = &["a", "b", "error", "event", "config", "items", "reply", "in", "is", "ü", "_"];
const WORDS: &[&str] = &[
    "",
    "open",
    "solved",
    "a b",
    "ü",
    "quote\"d",
    "line\nbreak",
    "tab\t",
    "back\\slash",
    "cost ${x}",
    "$",
    "{{x}}",
    "{{KEY}}",
    "`tick`",
    "// no comment",
    "$.a",
    "2024-01-31T12:00:00Z",
    "\u{1}",
    "trailing ",
    "1",
];
const COMMENTS: &[&str] =
    &["Says what it does", "two\nlines", " indented", "trailing ", "", "a\n\nb", "ends\n", "/", "@allow(\"E0101\")"];
const PROGRAMS: &[&str] = &[
    ".",
    ".a",
    ".a | tostring",
    "{a: .b}",
    "[.items[] | .id]",
    "\"x\\(.a)\"",
    "`",
    "a `b` c",
    "1 +\n2",
    ".a // 0",
    "{value: .a}",
    "(.a | tostring)",
    "flow x",
    "action",
    "$x",
    "",
    "if .a then 1 else 2 end",
    ".[\"a b\"]",
    "]",
];
const OPERATORS: &[&str] = &[
    "StringEquals",
    "StringEqualsPath",
    "StringLessThan",
    "StringGreaterThanEquals",
    "NumericEquals",
    "NumericEqualsPath",
    "NumericLessThan",
    "NumericLessThanPath",
    "NumericGreaterThanEquals",
    "BooleanEquals",
    "BooleanEqualsPath",
    "TimestampEquals",
    "TimestampLessThan",
    "IsPresent",
    "IsNull",
];

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) % end.max(1) as u64) as usize
    }

    fn of<'a>(&mut self, these: &[&'a str]) -> &'a str {
        these[self.below(these.len())]
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// A bundle.
    pub(crate) fn bundle(&mut self) -> Json {
        let key = self.of(&["acme", "acme-2", "{{KEY}}"]);
        let mut resources = Map::new();
        let actions: Vec<&str> =
            (0..self.below(4)).map(|_| self.of(&["post", "zendesk.get", "log-it", "text", "first", "004.x"])).collect();
        for name in &actions {
            let resource_key = if self.chance(20) { format!("{name}_key") } else { (*name).to_owned() };
            resources.insert(resource_key, self.action(name));
        }
        for position in 0..1 + self.below(2) {
            let name = format!("{}{position}", self.of(&["flow", "my_flow", "my-flow", "{{x}}"]));
            let machine = self.machine(key, &actions, 0);
            let mut flow = json!({ "type": "ZIS::Flow", "properties": { "name": name, "definition": machine } });
            if self.chance(5) {
                flow["description"] = json!("a flow");
            }
            resources.insert(if self.chance(20) { format!("key {position}") } else { name.clone() }, flow);
            if self.chance(70) {
                let (source, kind) = [
                    ("support", "ticket.TicketCreated"),
                    ("support", "ticket.CommentAdded"),
                    ("shop", "order_placed"),
                    ("{{source}}", "{{type}}"),
                    ("support", "ticket.Exploded"),
                ][self.below(5)];
                let of = if self.chance(10) { "other" } else { key };
                let to = if self.chance(5) { "gone".to_owned() } else { name.clone() };
                let job = format!("job{position}");
                resources.insert(job.clone(), json!({ "type": "ZIS::JobSpec", "properties": {
                    "name": job, "event_source": source, "event_type": kind, "flow_name": format!("zis:{of}:flow:{to}") } }));
            }
        }
        let mut bundle = json!({ "zis_template_version": "2019-10-14", "name": self.of(&[key, "My bundle", ""]), "resources": resources });
        if self.chance(50) {
            bundle["description"] = json!(self.of(COMMENTS));
        }
        if self.chance(10) {
            bundle["uuid"] = json!("0f8f");
            bundle["zendesk_account_id"] = json!(12);
        }
        if self.chance(5) {
            bundle["zis_template_version"] = json!("2019-02-28");
            bundle["more"] = json!({ "a": [1, null] });
        }
        bundle
    }

    fn action(&mut self, name: &str) -> Json {
        let mut definition = Map::new();
        definition.insert("method".to_owned(), json!(self.of(&["GET", "POST", "PUT", "get", "PATCH", "DELETE"])));
        let (key, value) = [
            ("url", "https://x.example/{{$.id}}"),
            ("url", "https://x.example"),
            ("path", "/api/{{$.ticket.id}}"),
            ("path.$", "/api/{{$.id}}"),
            ("path.$", "$.path"),
            ("url.$", "{{$.base}}/x"),
            ("url", "/not/whole"),
            ("url", "https://x.example/{{$.a b}}"),
        ][self.below(8)];
        definition.insert(key.to_owned(), json!(value));
        if self.chance(50) {
            let value = if self.chance(70) {
                json!({ "key": "Content-Type", "value": "application/json" })
            } else {
                json!({ "key": "X", "value.$": "$.id" })
            };
            definition.insert("headers".to_owned(), json!([value]));
        }
        if self.chance(20) {
            definition.insert(
                "queryParams".to_owned(),
                json!([{ "key": "q", "value": "{{$.query}}" }, { "key": "q", "value": "1" }]),
            );
        }
        if self.chance(50) {
            definition.insert("connectionName".to_owned(), json!(self.of(&["zendesk", "my-slack", "{{c}}", "x"])));
        }
        if self.chance(60) {
            let body = self.template(2);
            definition.insert("requestBody".to_owned(), body);
        } else if self.chance(30) {
            definition.insert("requestBody.$".to_owned(), json!(self.of(&["$.body", "$", "{{$.text}} x"])));
        }
        if self.chance(5) {
            definition.insert("timeout".to_owned(), json!(3));
        }
        json!({ "type": "ZIS::Action::Http", "properties": { "name": name, "definition": definition } })
    }

    /// A machine: states that lead anywhere among themselves.
    fn machine(&mut self, key: &str, actions: &[&str], depth: usize) -> Json {
        let mut names: Vec<String> = Vec::new();
        for _ in 0..1 + self.below(if depth == 0 { 14 } else { 4 }) {
            let name = self.of(STATES).to_owned();
            let name = if depth > 0 { format!("{name}.{depth}") } else { name };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let mut states = Map::new();
        for position in 0..names.len() {
            // Mostly forward, sometimes anywhere.
            let anywhere = self.chance(25);
            let from = if anywhere { 0 } else { (position + 1).min(names.len() - 1) };
            let pool: Vec<String> = names[from..].to_vec();
            let state = self.state(&pool, position + 1 == names.len(), key, actions, depth);
            states.insert(names[position].clone(), state);
        }
        let start = if self.chance(90) { names[0].clone() } else { names[self.below(names.len())].clone() };
        let mut machine = json!({ "StartAt": start, "States": states });
        if self.chance(5) {
            machine["Comment"] = json!("a machine");
        }
        machine
    }

    fn state(&mut self, pool: &[String], last: bool, key: &str, actions: &[&str], depth: usize) -> Json {
        let to = |random: &mut Self| json!(pool[random.below(pool.len().min(4))]);
        let sort = if last && self.chance(70) { 5 + self.below(2) } else { self.below(10) };
        let mut state = match sort {
            0 | 7 => self.call(key, actions),
            1 => json!({ "Type": "Action", "ActionName": "zis:common:transform:Jq", "Parameters": {
                "expr": self.of(PROGRAMS), "data.$": self.path() } }),
            2 => json!({ "Type": "Pass" }),
            3 => json!({ "Type": "Wait" }),
            4 | 8 | 9 => {
                let mut rules: Vec<Json> = Vec::new();
                let same = self.path();
                let is_match = self.chance(25);
                for _ in 0..1 + self.below(3) {
                    let mut rule = match is_match {
                        true => json!({ "Variable": same, "StringEquals": self.of(WORDS) }),
                        false => self.condition(true),
                    };
                    rule["Next"] = to(self);
                    rules.push(rule);
                }
                let mut choice = json!({ "Type": "Choice", "Choices": rules });
                if self.chance(95) {
                    choice["Default"] = to(self);
                }
                choice
            }
            5 => match self.chance(50) {
                true => json!({ "Type": "Succeed" }),
                false => json!({ "Type": "Succeed", "Message": self.text() }),
            },
            _ if depth < 2 && self.chance(30) => {
                json!({ "Type": "Map", "ItemsPath": self.path(), "Iterator": self.machine(key, actions, depth + 1) })
            }
            _ => json!({ "Type": "Fail", "Error": self.text(), "Cause": self.text() }),
        };
        let kind = state["Type"].as_str().expect("a type").to_owned();
        if kind == "Pass" && self.chance(80) {
            state["Result"] = if self.chance(60) { self.template(2) } else { self.literal() };
        }
        if kind == "Wait" {
            match self.chance(70) {
                true => {
                    state["Seconds"] = [json!(5), json!(1.5), json!(60), json!(120), json!(0)][self.below(5)].clone()
                }
                false => state["SecondsPath"] = json!(self.path()),
            }
        }
        if matches!(kind.as_str(), "Action" | "Map" | "Pass") && self.chance(80) {
            state["ResultPath"] = json!(self.result_path());
        }
        if matches!(kind.as_str(), "Action" | "Map") && self.chance(30) {
            let mut catcher = json!({ "ErrorEquals": ["States.ALL"], "Next": to(self) });
            if self.chance(80) {
                catcher["ResultPath"] = json!(self.of(&["$.error", "$.err", "$"]));
            }
            state["Catch"] = json!([catcher]);
        }
        if matches!(kind.as_str(), "Action" | "Map" | "Pass" | "Wait") {
            match self.chance(85) {
                true => state["Next"] = to(self),
                false => state["End"] = json!(true),
            }
        }
        if self.chance(15) {
            state["Comment"] = json!(self.of(COMMENTS));
        }
        if self.chance(4) {
            state["TimeoutSeconds"] = json!(5);
        }
        state
    }

    fn call(&mut self, key: &str, actions: &[&str]) -> Json {
        let (name, parameters) = match self.below(8) {
            0 => (
                "zis:common:action:LoadConfig".to_owned(),
                json!({ "scope": self.of(&["acme_settings", "other", "{{x}}_settings"]) }),
            ),
            1 => (
                "zis:common:action:PatchConfig".to_owned(),
                json!({ "scope": "acme_settings", "config": { "k": self.literal(), "p.$": self.path() } }),
            ),
            2 => (
                "zis:common:action:CreateLink".to_owned(),
                json!({ "link_type": "x", "left_object": { "name.$": self.path() }, "right_object": { "name": "r" } }),
            ),
            3 => ("zis:other:action:gone".to_owned(), self.template(1)),
            _ => {
                let name = if actions.is_empty() { "gone" } else { actions[self.below(actions.len())] };
                (format!("zis:{key}:action:{name}"), self.template(1))
            }
        };
        let mut state = json!({ "Type": "Action", "ActionName": name });
        if self.chance(90) {
            state["Parameters"] = if parameters.is_object() { parameters } else { json!({}) };
        }
        state
    }

    fn condition(&mut self, outermost: bool) -> Json {
        if outermost && self.chance(25) {
            let parts: Vec<Json> = (0..1 + self.below(3)).map(|_| self.condition(self.0.is_multiple_of(7))).collect();
            return json!({ self.of(&["And", "Or"]): parts });
        }
        if outermost && self.chance(10) {
            return json!({ "Not": self.condition(false) });
        }
        let operator = self.of(OPERATORS);
        let operand = match operator {
            name if name.ends_with("Path") => json!(self.path()),
            "IsPresent" | "IsNull" | "BooleanEquals" => json!(self.chance(60)),
            name if name.starts_with("Numeric") => {
                [json!(1), json!(-2.5), json!(0), json!(1e21)][self.below(4)].clone()
            }
            name if name.starts_with("Timestamp") => json!("2024-01-31T12:00:00Z"),
            _ => json!(self.of(WORDS)),
        };
        json!({ "Variable": self.path(), operator: operand })
    }

    fn path(&mut self) -> String {
        let mut path = String::from("$");
        if self.chance(30) {
            path.push_str(self.of(&[
                ".input",
                ".input.ticket_event.ticket",
                ".input.ticket_event.ticket.id",
                ".account_id",
                ".input.ticket_event.comment",
            ]));
        }
        for _ in 0..self.below(3) {
            match self.below(8) {
                0 => path.push_str("[0]"),
                1 => path.push_str(self.of(&["[\"a b\"]", "['x']", ".a-b"])),
                _ => {
                    path.push('.');
                    path.push_str(self.of(MEMBERS));
                }
            }
        }
        path
    }

    fn result_path(&mut self) -> String {
        match self.below(20) {
            0 => "$".to_owned(),
            1 => "$.zisc_ignored".to_owned(),
            2 => self.path(),
            3 => "$.input".to_owned(),
            _ => format!("$.{}", self.of(MEMBERS)),
        }
    }

    /// Text, with placeholders perhaps.
    fn text(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..1 + self.below(3) {
            match self.chance(40) {
                true => text.push_str(&format!("{{{{{}}}}}", self.path())),
                false => text.push_str(self.of(WORDS)),
            }
        }
        text
    }

    fn literal(&mut self) -> Json {
        match self.below(8) {
            0 => json!(null),
            1 => json!(true),
            2 => json!(-3),
            3 => json!(1.25),
            4 => json!([1, "a", { "k": null }]),
            5 => json!({}),
            _ => json!(self.of(WORDS)),
        }
    }

    /// An object of a payload template.
    fn template(&mut self, depth: usize) -> Json {
        let mut members = Map::new();
        for _ in 0..self.below(4) {
            let key = self.of(&["id", "a", "text", "if", "a b", "x-y", "comment", "token"]);
            if members.contains_key(&format!("{key}.$")) || members.contains_key(key) {
                continue;
            }
            match self.below(6) {
                0 | 1 => drop(members.insert(format!("{key}.$"), json!(self.path()))),
                2 => drop(members.insert(format!("{key}.$"), json!(self.text()))),
                3 if depth > 0 => drop(members.insert(key.to_owned(), self.template(depth - 1))),
                4 if depth > 0 => {
                    let items: Vec<Json> = (0..self.below(3))
                        .map(|_| if self.chance(50) { self.literal() } else { self.template(0) })
                        .collect();
                    members.insert(key.to_owned(), json!(items));
                }
                _ => drop(members.insert(key.to_owned(), self.literal())),
            }
        }
        Json::Object(members)
    }
}
