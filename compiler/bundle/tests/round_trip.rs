//! Reading and writing give back the same JSON, and broken JSON is reported at every place.

use zisc_bundle::Bundle;
use zisc_bundle::json::{self, Loss};

const BUNDLE: &str = r##"{
  "zis_template_version": "2019-10-14",
  "name": "everything",
  "description": "One of each",
  "resources": {
    "post": {
      "type": "ZIS::Action::Http",
      "properties": {
        "name": "post",
        "definition": {
          "method": "POST",
          "url.$": "$.url",
          "headers": [{ "key": "X-A", "value": "1" }, { "key": "X-B", "value.$": "$.b" }],
          "queryParams": [{ "key": "q", "value": "{{$.q}}" }],
          "connectionName": "slack",
          "requestBody": { "n": 1.50, "text.$": "$.text" }
        }
      }
    },
    "main": {
      "type": "ZIS::Flow",
      "properties": {
        "name": "main",
        "definition": {
          "StartAt": "Check",
          "States": {
            "Check": {
              "Type": "Choice",
              "Comment": "which way",
              "Choices": [
                { "Variable": "$.input.a", "NumericGreaterThan": 3, "Next": "Wait" },
                { "And": [{ "Variable": "$.input.b", "IsPresent": true }, { "Not": { "Variable": "$.input.b", "StringEquals": "x" } }], "Next": "Post" }
              ],
              "Default": "Stop"
            },
            "Wait": { "Type": "Wait", "Seconds": 0.5, "Next": "Post" },
            "Post": {
              "Type": "Action",
              "ActionName": "zis:acme:action:post",
              "Parameters": { "url": "https://example.com" },
              "ResultPath": "$.reply",
              "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Stop" }],
              "Next": "Each"
            },
            "Each": {
              "Type": "Map",
              "ItemsPath": "$.reply.items",
              "Iterator": { "StartAt": "Keep", "States": { "Keep": { "Type": "Pass", "Result": "Hello", "ResultPath": "$.x", "End": true } } },
              "ResultPath": "$.all",
              "Next": "Done"
            },
            "Done": { "Type": "Succeed", "Message": "ok", "Note": [1, 2] },
            "Stop": { "Type": "Fail", "Error": "E", "Cause": "because" }
          }
        }
      }
    },
    "job": {
      "type": "ZIS::JobSpec",
      "properties": { "name": "job", "event_source": "support", "event_type": "ticket.TicketCreated", "flow_name": "zis:acme:flow:main" }
    }
  },
  "uuid": "kept"
}"##;

#[test]
fn a_bundle_is_written_as_it_was_read() {
    let (bundle, problems) = Bundle::read(BUNDLE);
    assert_eq!(problems, []);
    let written = bundle.write();
    let (original, again) = (json::read(BUNDLE).0, json::read(&written).0);
    assert!(original.same(&again), "{written}");
}

#[test]
fn every_mistake_in_broken_json_is_placed() {
    let text = "{ \"a\": tru, 'b': 01, \"c\": [1 2,], \"d\": \"\\x\", }";
    let found: Vec<_> =
        json::read(text).1.into_iter().map(|error| format!("{}: {}", &text[error.span], error.message)).collect();
    assert_eq!(
        found,
        [
            "tru: `tru` is not a JSON value: text stands in double quotes",
            "'b': strings stand in double quotes",
            "01: `01` is not a JSON number",
            ": a `,` is missing between this item and the next",
            ",: no `,` stands after the last item",
            "\\x: no such escape in JSON: a backslash itself is written \\\\",
            ",: no `,` stands after the last member",
        ]
    );
}

#[test]
fn a_mistake_says_what_is_lost_by_it() {
    let worst = |text: &str| json::read(text).1.iter().map(|error| error.loss).max();
    for text in ["{ \"a\": 1, }", "[1 2]", "{ a: 1 }", "{ 'a': True }", "{ \"a\" = 1 }"] {
        assert_eq!(worst(text), Some(Loss::Nothing), "{text}");
    }
    for text in ["{ \"a\": }", "{ \"a\" }", "{ a }", "{ a: , \"b\": 1 }", "[01]", "[open]", "[1 + 2]"] {
        assert_eq!(worst(text), Some(Loss::Value), "{text}");
    }
    for text in ["{", "{ \"a\": ", "[1", "{ \"a\": [ }", "{ \"a\": \"b }", "[1] 2", "{ 5: {} }", "[ 'a ]"] {
        assert_eq!(worst(text), Some(Loss::Structure), "{text}");
        assert_eq!(json::read(text).1.len(), 1, "{text}: one mistake, one message");
    }
    assert_eq!(worst("[1] // one"), Some(Loss::Comment));
}

#[test]
fn what_closes_the_brackets_around_an_open_string_is_not_in_it() {
    let text = "{ \"a\": { \"b\": \"{{$.c}} },\n  \"d\": { \"e\": \"{{$.f}}\n} }";
    let (json, errors) = json::read(text);
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!(json.get("a").and_then(|a| a.get("b")).and_then(|b| b.as_str()), Some("{{$.c}}"));
    assert_eq!(json.get("d").and_then(|d| d.get("e")).and_then(|e| e.as_str()), Some("{{$.f}}"));
}

#[test]
fn no_prefix_of_a_bundle_makes_the_reader_fail() {
    for end in 0..BUNDLE.len() {
        let (_, problems) = Bundle::read(&BUNDLE[..end]);
        assert!(!problems.is_empty(), "{end} bytes were taken for a bundle");
    }
}

#[test]
fn deep_nesting_is_an_error_and_not_a_crash() {
    let text = "[".repeat(100_000);
    assert!(json::read(&text).1[0].message.contains("nested deeper"));
}

#[test]
fn a_dangling_target_names_the_nearest_state() {
    let text = BUNDLE.replace("\"Next\": \"Done\"", "\"Next\": \"Doen\"");
    let (_, problems) = Bundle::read(&text);
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].help.as_deref(), Some("did you mean `Done`?"));
    assert_eq!(&text[problems[0].span], "\"Doen\"");
}

#[test]
fn values_nested_too_deeply_are_one_mistake() {
    let (_, errors) = json::read(&"[".repeat(100_000));
    let messages: Vec<_> = errors.iter().map(|error| error.message.as_str()).collect();
    assert_eq!(messages, ["values are nested deeper than 500 levels here"]);
}
