//! A client that says anything in any order: the server answers each request once, never ends, and knows in the end
//! what a server knows that saw nothing but the last texts.
//!
//! `ZISC_LSP_MESSAGES` sets how many messages are sent, `ZISC_LSP_SEED` where the chance begins.

use crate::client::Client;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::{Duration, Instant};
use zisc_lsp::methods::{METHODS, Sort};

const FILES: [&str; 5] = [
    "file:///work/one.zis",
    "file:///work/two.zis",
    "file:///w%C3%B6rk/th%20ree.zis",
    "file:///work/four.bundle.json",
    "file:///work/five.json",
];
const PATIENCE: Duration = Duration::from_secs(60);

/// What bundles are made of.
const BUNDLE_PIECES: &[&str] = &[
    "{ \"zis_template_version\": \"2019-10-14\", \"name\": \"acme\", \"resources\": {",
    "\"on\": { \"type\": \"ZIS::JobSpec\", \"properties\": { \"name\": \"on\", \"event_source\": \"support\", \"event_type\": \"ticket.CommentAdded\", \"flow_name\": \"zis:acme:flow:tell\" } },\n",
    "\"post\": { \"type\": \"ZIS::Action::Http\", \"properties\": { \"name\": \"post\", \"definition\": { \"method\": \"POST\", \"url\": \"https://a.example/{{$.id}}\" } } },\n",
    "\"tell\": { \"type\": \"ZIS::Flow\", \"properties\": { \"name\": \"tell\", \"definition\": { \"StartAt\": \"A\", \"States\": {\n",
    "\"A\": { \"Type\": \"Action\", \"ActionName\": \"zis:acme:action:post\", \"Parameters\": { \"id.$\": \"$.input.ticket_event.ticket.id\" }, \"ResultPath\": \"$.r\", \"Next\": \"B\" },\n",
    "\"B\": { \"Type\": \"Action\", \"ActionName\": \"zis:common:transform:Jq\", \"Parameters\": { \"expr\": \".a | length\", \"data.$\": \"$\" }, \"Next\": \"C\" },\n",
    "\"C\": { \"Type\": \"Choice\", \"Choices\": [{ \"Variable\": \"$.r\", \"StringEquals\": \"x\", \"Next\": \"A\" }], \"Default\": \"C\" }\n",
    "\"zis_template_version\": ",
    "\"States\": {",
    "\"Next\": \"",
    "\"$.",
    "\"\\u00e9\\\"",
    "{",
    "}",
    "}}}}}",
    "[",
    "]",
    "\"",
    ":",
    ",",
    "\n",
    "\r\n",
    "// note\n",
    "😀",
    "é",
    "\u{0}",
    "true",
    "1",
];

/// What sources are made of.
const PIECES: &[&str] = &[
    "integration acme\n",
    "connection slack: oauth\n",
    "action slack.post(channel: string, text: string) -> { ok: bool } {\n  POST \"https://slack.com/${channel}\"\n  body { channel, text }\n}\n",
    "job on_comment: support.ticket.CommentAdded -> announce\n",
    "flow announce(event) {\n  let ticket = event.ticket_event.ticket\n  if ticket.status == \"open\" {\n    slack.post(channel: \"#😀\", text: \"${ticket.id}\")\n  }\n}\n",
    "flow other(event) {\n  let words = split(\"a b\", \" \")\n  for word in words {\n    let x = jq(event)`.a as $b | $b`\n  }\n}\n",
    "type Reply = { ok: bool, text?: string[] }\n",
    "  let x = ",
    "  goto Here\n",
    "Here: ",
    "event.",
    "slack.post(",
    "\"",
    "\"\"\"",
    "`",
    "jq(",
    "${",
    "}",
    "{",
    "(",
    ")",
    "[",
    "]",
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "😀",
    "é",
    "\u{200d}",
    "ß",
    "中",
    "a",
    "0",
    ".",
    ":",
    ",",
    "->",
    "//",
    "///",
    "@allow(\"",
    "\u{0}",
    "\u{feff}",
    "param p = 1\n",
    "match x {\n  \"a\" {\n  }\n}\n",
    "try {\n} catch err {\n}\n",
    "while true {\n}\n",
];

#[test]
fn any_messages_in_any_order_are_survived() {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let messages = number("ZISC_LSP_MESSAGES").unwrap_or(1_500);
    let seed = number("ZISC_LSP_SEED").unwrap_or(7);
    let mut chaos = Chaos::new(seed);
    for _ in 0..messages {
        chaos.step();
    }
    chaos.settle();
    assert!(chaos.results > usize::try_from(messages / 20).unwrap_or(0), "only {} results", chaos.results);
    let seen = chaos.diagnostics();
    let texts: Vec<(usize, String)> = chaos.open.iter().map(|(file, open)| (*file, open.text.clone())).collect();
    assert_eq!(chaos.client.leave(), Some(0), "the server leaves in order; seed {seed}");
    let mut fresh = Chaos::new(seed);
    for (file, text) in texts {
        fresh.open(file, text);
    }
    fresh.settle();
    assert_eq!(seen, fresh.diagnostics(), "seed {seed}");
}

struct Open {
    text: String,
    version: i32,
}

struct Chaos {
    client: Client,
    random: Random,
    open: BTreeMap<usize, Open>,
    version: i32,
    /// Requests without an answer so far.
    pending: HashSet<i64>,
    next_id: i64,
    /// How many requests were answered with a result.
    results: usize,
    /// The newest diagnostics of each file, with their version.
    published: HashMap<String, (Value, Value)>,
}

impl Chaos {
    fn new(seed: u64) -> Self {
        Self {
            client: Client::start(&["utf-16"]),
            random: Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1),
            open: BTreeMap::new(),
            version: 0,
            pending: HashSet::new(),
            next_id: 1_000_000,
            results: 0,
            published: HashMap::new(),
        }
    }

    fn step(&mut self) {
        let file = self.random.below(FILES.len());
        match (self.random.below(100), self.open.contains_key(&file)) {
            (0..4, false) | (4..20, false) => {
                let text = self.text(file);
                self.open(file, text);
            }
            (0..2, true) => {
                self.open.remove(&file);
                self.client.notify("textDocument/didClose", json!({ "textDocument": { "uri": FILES[file] } }));
            }
            (2..45, true) => self.change(file),
            (45..85, _) => self.ask(file),
            (85..92, _) => {
                let ids: Vec<i64> = self.pending.iter().copied().collect();
                let id = if ids.is_empty() { 5 } else { ids[self.random.below(ids.len())] };
                self.client.notify("$/cancelRequest", json!({ "id": id }));
            }
            (92..96, _) => self.nonsense(file),
            (96..98, _) => self.drain(Duration::ZERO),
            // What is asked in peace is answered, not cancelled by the next change.
            _ => {
                self.settle();
                (0..30).for_each(|_| self.ask(file));
                self.settle();
            }
        }
        // A client that never reads is none.
        if self.pending.len() > 200 {
            self.drain(Duration::from_millis(20));
        }
    }

    fn text(&mut self, file: usize) -> String {
        (0..self.random.below(12)).map(|_| self.piece(file)).collect()
    }

    fn piece(&mut self, file: usize) -> &'static str {
        let pieces = if FILES[file].ends_with(".json") { BUNDLE_PIECES } else { PIECES };
        pieces[self.random.below(pieces.len())]
    }

    fn open(&mut self, file: usize, text: String) {
        self.version += 1;
        let document = json!({ "uri": FILES[file], "languageId": "zis", "version": self.version, "text": text });
        self.client.notify("textDocument/didOpen", json!({ "textDocument": document }));
        self.open.insert(file, Open { text, version: self.version });
    }

    fn change(&mut self, file: usize) {
        self.version += 1;
        let mut changes = Vec::new();
        for _ in 0..1 + self.random.below(3) {
            let piece = match self.random.below(3) {
                0 => String::new(),
                _ => self.piece(file).to_owned(),
            };
            let open = self.open.get_mut(&file).expect("the file is open");
            if self.random.below(30) == 0 {
                open.text = piece.clone();
                changes.push(json!({ "text": piece }));
                continue;
            }
            let start = position(&mut self.random, &open.text);
            let end = match self.random.below(3) {
                0 => start,
                1 => (start.0, start.1 + self.random.below(8)),
                _ => position(&mut self.random, &open.text),
            };
            let (from, to) = (byte(&open.text, start), byte(&open.text, end));
            open.text.replace_range(from..to.max(from), &piece);
            let range = json!({
                "start": { "line": start.0, "character": start.1 },
                "end": { "line": end.0, "character": end.1 },
            });
            changes.push(json!({ "range": range, "text": piece }));
        }
        let open = self.open.get_mut(&file).expect("the file is open");
        open.version = self.version;
        let document = json!({ "uri": FILES[file], "version": self.version });
        self.client.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
        // Texts stay small, so that there are many of them.
        if open.text.len() > 6_000 {
            self.open.remove(&file);
            self.client.notify("textDocument/didClose", json!({ "textDocument": { "uri": FILES[file] } }));
        }
    }

    fn ask(&mut self, file: usize) {
        let requests: Vec<&str> = METHODS
            .iter()
            .filter(|method| method.sort == Sort::Request && !matches!(method.name, "initialize" | "shutdown"))
            .map(|method| method.name)
            .collect();
        let method = requests[self.random.below(requests.len())];
        let text = self.open.get(&file).map(|open| open.text.clone()).unwrap_or_default();
        let (at, end) = (position(&mut self.random, &text), position(&mut self.random, &text));
        let place = |at: (usize, usize)| json!({ "line": at.0, "character": at.1 });
        let range = json!({ "start": place(at), "end": place(end) });
        let context = match method {
            "textDocument/codeAction" => json!({ "diagnostics": [] }),
            _ => json!({ "includeDeclaration": true, "triggerKind": 1 }),
        };
        let item = json!({ "name": "x", "kind": 2, "uri": FILES[file], "range": range, "selectionRange": range });
        let params = json!({
            "textDocument": { "uri": FILES[file] },
            "position": place(at),
            "positions": [place(at), place(end)],
            "range": range,
            "context": if method == "textDocument/signatureHelp" { Value::Null } else { context },
            "newName": self.piece(file),
            "query": "a",
            "ch": if self.random.below(2) == 0 { "\n" } else { "}" },
            "options": { "tabSize": 2, "insertSpaces": true },
            "previousResultId": "0",
            "previousResultIds": [],
            "item": item,
            "label": "x",
            "title": "fix all that can be fixed",
            "data": { "uri": FILES[file], "range": range, "what": "references", "name": "slack.post" },
        });
        self.request(method, params);
    }

    /// Messages that no client sends.
    fn nonsense(&mut self, file: usize) {
        match self.random.below(7) {
            0 => self.request("textDocument/nonsense", json!({})),
            1 => self.request("textDocument/hover", json!([1, 2, 3])),
            2 => self.request("textDocument/hover", json!({ "textDocument": { "uri": "not a uri" } })),
            3 => self.client.notify("textDocument/didChange", json!({ "textDocument": null })),
            4 => self.client.notify("no/such/notification", json!({ "a": [] })),
            5 => self
                .client
                .notify("textDocument/didClose", json!({ "textDocument": { "uri": "file:///never/opened.zis" } })),
            _ => {
                let change = json!({ "changes": [{ "uri": FILES[file], "type": 1 + self.random.below(3) }] });
                self.client.notify("workspace/didChangeWatchedFiles", change);
            }
        }
    }

    fn request(&mut self, method: &str, params: Value) {
        self.next_id += 1;
        self.pending.insert(self.next_id);
        self.client.send(&json!({ "jsonrpc": "2.0", "id": self.next_id, "method": method, "params": params }));
    }

    /// Reads what has come; waits for the first message as long as this.
    fn drain(&mut self, patience: Duration) {
        let mut patience = patience;
        while let Ok(message) = self.client.messages.recv_timeout(patience) {
            patience = Duration::ZERO;
            self.read(&message);
        }
    }

    fn read(&mut self, message: &Value) {
        if message["method"] == "textDocument/publishDiagnostics" {
            let params = &message["params"];
            let uri = params["uri"].as_str().expect("a file").to_owned();
            self.published.insert(uri, (params["version"].clone(), params["diagnostics"].clone()));
        } else if let Some(id) = message["id"].as_i64().filter(|_| message.get("method").is_none()) {
            assert!(self.pending.remove(&id), "{id} is answered twice: {message}");
            self.results += usize::from(message.get("result").is_some_and(|result| !result.is_null()));
            const INTERNAL_ERROR: i64 = -32603;
            assert_ne!(message["error"]["code"], INTERNAL_ERROR, "something went wrong inside: {message}");
        }
    }

    /// Waits until everything is answered and the newest texts are judged.
    fn settle(&mut self) {
        let end = Instant::now() + PATIENCE;
        loop {
            let judged = self.open.iter().all(|(file, open)| {
                self.published.get(FILES[*file]).is_some_and(|(version, _)| *version == open.version)
            });
            if judged && self.pending.is_empty() {
                return;
            }
            assert!(Instant::now() < end, "no answer to {:?}, judged: {judged}", self.pending);
            match self.client.messages.recv_timeout(PATIENCE) {
                Ok(message) => self.read(&message),
                Err(_) => panic!("no answer to {:?}, judged: {judged}", self.pending),
            }
        }
    }

    fn diagnostics(&self) -> BTreeMap<usize, Value> {
        self.open.keys().map(|file| (*file, self.published[FILES[*file]].1.clone())).collect()
    }
}

/// A place in a text or somewhat past it, perhaps in the middle of a character.
fn position(random: &mut Random, text: &str) -> (usize, usize) {
    let lines: Vec<&str> = text.split('\n').collect();
    let line = random.below(lines.len() + 1);
    let length = lines.get(line).map_or(0, |line| line.encode_utf16().count());
    (line, random.below(length + 3))
}

/// The byte of a position; what is past a line or the text is its end, what is in a character the end of that.
fn byte(text: &str, (line, column): (usize, usize)) -> usize {
    let mut start = 0;
    for _ in 0..line {
        match text[start..].find('\n') {
            Some(length) => start += length + 1,
            None => return text.len(),
        }
    }
    let line = text[start..].split('\n').next().unwrap_or_default().trim_end_matches('\r');
    let mut units = 0;
    for (at, c) in line.char_indices() {
        if units >= column {
            return start + at;
        }
        units += c.len_utf16();
    }
    start + line.len()
}

/// Numbers by chance, the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or(0) % limit.max(1)
    }
}
