//! The table of messages, held to the running server.

use crate::client::Client;
use serde_json::{Value, json};
use std::path::Path;
use zisc_lsp::methods::{Here, METHODS, Sort, page};

#[test]
fn the_table_says_what_the_server_says() {
    let mut client = Client::connect();
    let capabilities = client.initialize(json!({ "processId": null, "rootUri": null, "capabilities": {} }));
    for method in METHODS.iter().filter(|method| !method.capability.is_empty()) {
        let said = !matches!(capabilities.pointer(method.capability), None | Some(Value::Null | Value::Bool(false)));
        assert_eq!(said, matches!(method.here, Here::Used(_)), "{} and {}", method.name, method.capability);
    }
    for key in capabilities.as_object().expect("capabilities").keys().filter(|key| *key != "positionEncoding") {
        let is_known = |capability: &str| capability.split('/').nth(1) == Some(key);
        assert!(METHODS.iter().any(|method| is_known(method.capability)), "no message needs {key}");
    }
}

#[test]
fn messages_that_are_used_are_answered_and_others_refused() {
    const METHOD_NOT_FOUND: i64 = -32601;
    let mut client = Client::start(&["utf-16"]);
    let asked = METHODS.iter().filter(|method| method.sort == Sort::Request);
    for method in asked.filter(|method| !matches!(method.name, "initialize" | "shutdown")) {
        let answer = client.request(method.name, json!({ "nothing": "that fits" }));
        let refused = answer["error"]["code"] == METHOD_NOT_FOUND;
        // Whether the parameters fit is looked at before whether the message is known.
        let unfit = answer["error"]["code"] == -32602;
        match method.here {
            Here::Used(_) => assert!(!refused, "{}: {answer}", method.name),
            Here::Unused(_) => assert!(refused || unfit, "{}: {answer}", method.name),
        }
    }
}

#[test]
fn the_page_is_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("lsp/METHODS.md");
    if std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
        std::fs::write(&path, page()).expect("the page can be written");
    }
    let written = std::fs::read_to_string(&path).expect("the page is there");
    assert_eq!(written, page(), "run the test with INSTA_UPDATE=always");
}
