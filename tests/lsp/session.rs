//! Opening, changing and closing files, and what comes of it.

use crate::client::{Client, URI};
use serde_json::{Value, json};

const HEADER: &str = "integration acme

connection slack: oauth

action slack.post(channel: string, text: string) -> { ok: bool } {
  POST \"https://slack.com/api/chat.postMessage\"
  connection slack
  body { channel, text }
}

job on_status: support.ticket.StatusChanged -> announce

";

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
fn hints_and_lenses_can_be_turned_off() {
    let mut client = Client::start(&["utf-16"]);
    client.open(&flow("  let id = event.ticket_event.ticket.id"));
    let document = json!({ "uri": URI });
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": { "line": 99, "character": 0 } });
    let shown = |client: &mut Client| {
        let hints = client.request("textDocument/inlayHint", json!({ "textDocument": document, "range": range }));
        let lenses = client.request("textDocument/codeLens", json!({ "textDocument": document }));
        [hints, lenses].map(|answer| answer["result"].as_array().is_some_and(|list| !list.is_empty()))
    };
    assert_eq!(shown(&mut client), [true, true]);
    let settings =
        json!({ "zisc": { "inlayHints": { "types": false, "states": false }, "codeLens": { "enable": false } } });
    client.notify("workspace/didChangeConfiguration", json!({ "settings": settings }));
    assert_eq!(shown(&mut client), [false, false]);
}

#[test]
fn settings_are_asked_for() {
    let mut client = Client::connect();
    let capabilities = json!({ "workspace": { "configuration": true } });
    client.initialize(json!({ "processId": null, "rootUri": null, "capabilities": capabilities }));
    client.open(&flow("  let id = event.ticket_event.ticket.id"));
    let lenses = |client: &mut Client| {
        let answer = client.request("textDocument/codeLens", json!({ "textDocument": { "uri": URI } }));
        answer["result"].as_array().map_or(0, Vec::len)
    };
    for enabled in [false, true, false] {
        let asked = client.request_of_server("workspace/configuration");
        assert_eq!(asked["params"]["items"][0]["section"], "zisc");
        let settings = json!([{ "codeLens": { "enable": enabled } }]);
        client.send(&json!({ "jsonrpc": "2.0", "id": asked["id"], "result": settings }));
        let mut patience = 100;
        while (lenses(&mut client) > 0) != enabled {
            patience -= 1;
            assert!(patience > 0, "the settings were not heard");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        client.notify("workspace/didChangeConfiguration", json!({ "settings": null }));
    }
}

#[test]
fn what_is_asked_of_an_old_text_is_not_answered_with_a_new_one() {
    const CONTENT_MODIFIED: i64 = -32801;
    let mut client = Client::start(&["utf-16"]);
    client.open(&flow(&"  wait 1s\n".repeat(3_000)));
    // The question takes long, and an edit comes right behind it.
    client.send(&json!({ "jsonrpc": "2.0", "id": 900, "method": "textDocument/semanticTokens/full", "params": { "textDocument": { "uri": URI } } }));
    client.change(&flow("  succeed"));
    let answer = client.answer(900);
    assert!(answer["error"]["code"] == CONTENT_MODIFIED || answer["result"]["data"].is_array(), "{answer}");
    assert!(client.diagnostics().is_empty());
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
fn what_goes_wrong_inside_costs_one_answer() {
    const INTERNAL_ERROR: i64 = -32603;
    let mut client = Client::start(&["utf-16"]);
    client.open(&flow("  succeed \"${event.nothing}\""));
    for _ in 0..1_000 {
        assert_eq!(client.request("zisc/goWrong", Value::Null)["error"]["code"], INTERNAL_ERROR);
    }
    assert_eq!(client.diagnostics().len(), 1);
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

#[test]
fn what_is_pushed_is_what_is_answered() {
    let text = flow("  let früh = \"😀\"\n  let b = \"line\\\": 5\" nope");
    let text = format!("// 😀\n{text}\naction slack.post(text: string) {{\n  GET \"https://slack.com\"\n}}\n");
    let mut pushed = Client::start(&["utf-16"]);
    pushed.open(&format!("\n{text}"));
    pushed.change_with(json!([{ "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 1, "character": 0 } }, "text": "" }]));
    let version = pushed.version;
    let pushed = loop {
        let message = pushed.request_of_server("textDocument/publishDiagnostics");
        if message["params"]["version"] == version {
            break message["params"]["diagnostics"].as_array().expect("a list").clone();
        }
    };
    let mut pulling = Client::connect();
    pulling.initialize(json!({ "processId": null, "capabilities": { "textDocument": { "diagnostic": {} } } }));
    pulling.open(&text);
    let answer = pulling.request("textDocument/diagnostic", json!({ "textDocument": { "uri": URI } }));
    let pulled = answer["result"]["items"].as_array().expect("a list").clone();
    assert!(pulled.len() >= 4, "{pulled:?}");
    assert_eq!(pushed.len(), pulled.len());
    // One that is about two items stands in front of those of its item.
    assert!(pulled.iter().all(|diagnostic| pushed.contains(diagnostic)), "{pushed:#?} is not {pulled:#?}");
}

#[test]
fn a_client_may_choose_whether_the_rest_of_a_word_stays() {
    let mut client = Client::connect();
    client.initialize(json!({
        "processId": null,
        "rootUri": null,
        "capabilities": {
            "general": { "positionEncodings": ["utf-8"] },
            "textDocument": { "completion": { "completionItem": { "insertReplaceSupport": true } } },
        },
    }));
    client.open("integration acme\n\nparam room: string = \"\"\n\nflow x(event) {\n  succeed \"${roof}\"\n}\n");
    let place = json!({ "textDocument": { "uri": URI }, "position": { "line": 5, "character": 15 } });
    let answer = client.request("textDocument/completion", place);
    let items = answer["result"].as_array().expect("a list");
    let room = items.iter().find(|item| item["label"] == "room").expect("the param");
    let range =
        |start, end| json!({ "start": { "line": 5, "character": start }, "end": { "line": 5, "character": end } });
    assert_eq!(room["textEdit"], json!({ "newText": "room", "insert": range(13, 15), "replace": range(13, 17) }));
}
