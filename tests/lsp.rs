//! The language server, as an editor speaks to it: the built program over standard input and output.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

const URI: &str = "file:///work/main.zis";
const PATIENCE: Duration = Duration::from_secs(20);

const HEADER: &str = "integration acme

connection slack: oauth

action slack.post(channel: string, text: string) -> { ok: bool } {
  POST \"https://slack.com/api/chat.postMessage\"
  connection slack
  body { channel, text }
}

job on_status: support.ticket.StatusChanged -> announce

";

/// A client that speaks to a server of its own.
struct Client {
    server: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    /// Notifications that arrived while an answer was waited for.
    put_by: Vec<Value>,
    version: i32,
    id: i32,
}

impl Client {
    fn start(encodings: &[&str]) -> Self {
        let mut server = Command::new(env!("CARGO_BIN_EXE_zisc"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let input = server.stdin.take().expect("its input");
        let mut output = BufReader::new(server.stdout.take().expect("its output"));
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read_message(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let mut client = Self { server, input, messages, put_by: Vec::new(), version: 0, id: 0 };
        let capabilities = json!({ "general": { "positionEncodings": encodings } });
        client.request("initialize", json!({ "processId": null, "rootUri": null, "capabilities": capabilities }));
        client.notify("initialized", json!({}));
        client
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("the server reads");
        self.input.flush().expect("the server reads");
    }

    fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// The whole answer, be it a result or an error.
    fn request(&mut self, method: &str, params: Value) -> Value {
        self.id += 1;
        let id = self.id;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.messages.recv_timeout(PATIENCE).expect("an answer");
            if message["id"] == id {
                return message;
            }
            self.put_by.push(message);
        }
    }

    fn open(&mut self, text: &str) {
        self.version += 1;
        self.notify(
            "textDocument/didOpen",
            json!({ "textDocument": { "uri": URI, "languageId": "zis", "version": self.version, "text": text } }),
        );
    }

    /// Replaces the whole text.
    fn change(&mut self, text: &str) {
        self.change_with(json!([{ "text": text }]));
    }

    fn change_with(&mut self, changes: Value) {
        self.version += 1;
        self.notify(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": URI, "version": self.version }, "contentChanges": changes }),
        );
    }

    /// The diagnostics of the newest version, as `line:column message`, both from 0.
    fn diagnostics(&mut self) -> Vec<String> {
        let version = self.version;
        let newest = |message: &Value| {
            message["method"] == "textDocument/publishDiagnostics" && message["params"]["version"] == version
        };
        let message = match self.put_by.iter().position(newest) {
            Some(position) => self.put_by.remove(position),
            None => loop {
                let message = self.messages.recv_timeout(PATIENCE).expect("diagnostics");
                if newest(&message) {
                    break message;
                }
            },
        };
        let diagnostics = message["params"]["diagnostics"].as_array().expect("a list").clone();
        diagnostics
            .iter()
            .map(|diagnostic| {
                let start = &diagnostic["range"]["start"];
                format!("{}:{} {}", start["line"], start["character"], diagnostic["message"].as_str().expect("a text"))
            })
            .collect()
    }

    /// The labels offered at the `$0` of a text, in the order in which an editor shows them.
    fn completions(&mut self, text: &str) -> Vec<String> {
        let at = text.find("$0").expect("a cursor");
        let before = &text[..at];
        let line = before.matches('\n').count();
        let character = before.len() - before.rfind('\n').map_or(0, |end| end + 1);
        self.change(&text.replacen("$0", "", 1));
        let params = json!({ "textDocument": { "uri": URI }, "position": { "line": line, "character": character } });
        let answer = self.request("textDocument/completion", params);
        let mut items: Vec<(String, String)> = answer["result"]
            .as_array()
            .unwrap_or_else(|| panic!("completions, not {answer}"))
            .iter()
            .map(|item| {
                let text = |key: &str| item[key].as_str().expect("a text").to_owned();
                (text("sortText"), text("label"))
            })
            .collect();
        items.sort();
        items.into_iter().map(|(_, label)| label).collect()
    }

    fn leave(mut self) -> Option<i32> {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        self.server.wait().expect("the server ends").code()
    }
}

fn read_message(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            header => {
                if let Some(value) = header.strip_prefix("Content-Length: ") {
                    length = value.parse().ok()?;
                }
            }
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

/// A flow around some statements.
fn flow(body: &str) -> String {
    let other = "flow other(event) {\n  slack.post(channel: \"#help\", text: \"hi\")\n}\n";
    format!("{HEADER}flow announce(event) {{\n{body}\n}}\n\n{other}")
}

#[test]
fn a_mistake_is_reported_and_goes_when_it_is_mended() {
    let mut client = Client::start(&["utf-16"]);
    client.open(&flow("  succeed \"${event.ticket_event.ticket.stauts}\""));
    assert_eq!(
        client.diagnostics(),
        ["13:39 `event.ticket_event.ticket` has no field `stauts`\ndid you mean `status`?"]
    );
    client.change_with(json!([{
        "range": { "start": { "line": 13, "character": 39 }, "end": { "line": 13, "character": 45 } },
        "text": "status",
    }]));
    assert!(client.diagnostics().is_empty());
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn columns_are_counted_as_agreed() {
    let text = flow("  succeed \"😀 ${event.nothing}\"");
    let mut wide = Client::start(&["utf-16"]);
    wide.open(&text);
    assert!(wide.diagnostics()[0].starts_with("13:22 "), "{:?}", wide.put_by);
    let mut narrow = Client::start(&["utf-8", "utf-16"]);
    narrow.open(&text);
    assert!(narrow.diagnostics()[0].starts_with("13:24 "));
}

#[test]
fn fields_of_the_event_are_offered_after_a_dot() {
    let mut client = Client::start(&["utf-16"]);
    client.open(&flow(""));
    let labels = client.completions(&flow("  succeed \"${event.ticket_event.ticket.$0}\""));
    assert!(
        ["id", "status", "priority", "tags", "requester_id"].iter().all(|name| labels.contains(&(*name).to_owned())),
        "{labels:?}"
    );
    assert!(!labels.contains(&"let".to_owned()), "{labels:?}");
}

#[test]
fn completion_works_in_half_written_code() {
    let mut client = Client::start(&["utf-16"]);
    client.open(&flow(""));
    let expected = ["current", "meta", "previous", "ticket", "type"];
    for half in [
        "  let x = event.ticket_event.$0",
        "  let x = event.ticket_event.$0\n  let y = slack.post(channel: \"a\", text: \"b\")",
        "  slack.post(channel: event.ticket_event.$0",
        "  slack.post(channel: \"#a\", text: \"${event.ticket_event.$0",
        "  if event.ticket_event.$0",
        "  if event.ticket_event.$0 {\n    succeed\n  }",
        "  slack.post(\n    channel: event.ticket_event.$0\n    text: \"x\",\n  )",
    ] {
        assert_eq!(client.completions(&flow(half)), expected, "{half}");
    }
}

#[test]
fn names_in_scope_come_with_what_can_be_called() {
    let mut client = Client::start(&["utf-16"]);
    client.open(&flow(""));
    let labels = client.completions(&flow("  let ticket = event.ticket_event.ticket\n  $0\n  succeed"));
    assert_eq!(&labels[..3], ["event", "ticket", "slack.post"]);
    assert!(labels.contains(&"succeed".to_owned()));
}

#[test]
fn parameters_of_an_action_are_offered_until_they_are_given() {
    let mut client = Client::start(&["utf-16"]);
    client.open(&flow(""));
    assert_eq!(client.completions(&flow("  slack.post($0)"))[..2], ["channel", "text"]);
    let labels = client.completions(&flow("  slack.post(channel: \"#help\", $0)"));
    assert_eq!(labels[0], "text");
    assert!(!labels.contains(&"channel".to_owned()));
}

#[test]
fn events_and_flows_are_offered_in_a_job() {
    let mut client = Client::start(&["utf-16"]);
    client.open(&flow(""));
    let events = client.completions(&flow("").replace("support.ticket.StatusChanged", "support.ticket.$0"));
    assert!(events.contains(&"support.ticket.CommentAdded".to_owned()));
    let flows = client.completions(&flow("").replace("-> announce", "-> $0"));
    assert_eq!(flows, ["announce", "other"]);
}

#[test]
fn a_burst_of_edits_ends_in_one_right_answer() {
    let mut client = Client::start(&["utf-16"]);
    client.open(&flow(""));
    for round in 0..200 {
        client.change(&flow(&format!("  succeed \"${{event.wrong_{round}}}\"")));
    }
    client.change(&flow("  succeed \"${event.ticket_event.ticket.id}\""));
    assert!(client.diagnostics().is_empty());
}

#[test]
fn messages_that_make_no_sense_are_answered_and_survived() {
    let mut client = Client::start(&["utf-16"]);
    assert_eq!(client.request("textDocument/nonsense", json!({}))["error"]["code"], -32601);
    let unknown =
        json!({ "textDocument": { "uri": "file:///not/open.zis" }, "position": { "line": 9, "character": 9 } });
    assert_eq!(client.request("textDocument/completion", unknown)["result"], Value::Null);
    client.change("before it was opened");
    client.open(&flow(""));
    client.change_with(json!([{ "range": { "start": { "line": 999, "character": 5 }, "end": { "line": 0, "character": 0 } }, "text": "" }]));
    client.change(&flow("  succeed"));
    assert!(client.diagnostics().is_empty());
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn a_client_that_leaves_without_a_word_is_told_so_by_the_exit_code() {
    let mut client = Client::start(&["utf-16"]);
    client.notify("exit", Value::Null);
    assert_eq!(client.server.wait().expect("the server ends").code(), Some(1));
}
