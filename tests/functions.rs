//! Every function of expressions gives what its example says, through the compiler and the runtime.

use std::process::Command;
use zisc_core::FUNCTIONS;

#[test]
fn every_example_of_a_function_is_true() {
    let mut source = String::from("integration acme\n\nflow main(event) {\n");
    for function in FUNCTIONS {
        source.push_str(&format!("  let out.{} = {}\n", function.name, function.example.0));
    }
    source.push_str("}\n");
    let trace = run(&source, "{}", "examples");
    assert_eq!(trace["outcome"]["status"], "succeeded", "{}", trace["outcome"]);
    for function in FUNCTIONS {
        let expected: serde_json::Value = serde_json::from_str(function.example.1).expect("JSON");
        assert_eq!(
            trace["final_data"]["out"][function.name], expected,
            "{} is not {}",
            function.example.0, function.example.1
        );
    }
}

/// What an argument reads is read from the flow's data, wherever in the jq it stands.
#[test]
fn arguments_are_read_from_the_data() {
    let cases = [
        ("starts_with(event.text, event.start)", "true"),
        ("replace(event.text, event.colon, event.plus)", "\"zen+7\""),
        ("join(event.list, event.plus)", "\"a+b\""),
        ("split(event.text, \"${event.colon}\")", "[\"zen\",\"7\"]"),
        ("contains(event.list, event.item)", "true"),
        ("event.start in event.text", "true"),
        ("event.item in event.list", "true"),
        ("custom_field(event.ticket, event.id)", "\"x\""),
        ("slice(event.list, event.one, event.id)", "[\"b\"]"),
        ("sort_by(event.ticket.custom_fields, event.by)", "[{\"id\":7,\"value\":\"x\"}]"),
        ("add_seconds(event.time, event.id)", "\"2021-08-12T08:46:44Z\""),
        ("starts_with(without_start(event.text, event.start), without_start(event.text, event.start))", "true"),
        ("[starts_with(start, event.item) for start in event.list]", "[true,false]"),
        ("[value.other ?? value.id for value in event.ticket.custom_fields]", "[7]"),
        ("[label for label in event.list]", "[\"a\",\"b\"]"),
        ("[straße for straße in event.list]", "[\"a\",\"b\"]"),
        (
            "[[[item, other] for item in event.list] for other in event.list]",
            "[[[\"a\",\"a\"],[\"b\",\"a\"]],[[\"a\",\"b\"],[\"b\",\"b\"]]]",
        ),
    ];
    let event = r#"{ "text": "zen:7", "start": "zen:", "colon": ":", "plus": "+", "list": ["a", "b"], "item": "a",
        "id": 7, "one": 1, "by": "id", "time": "2021-08-12T08:46:37Z",
        "ticket": { "custom_fields": [{ "id": 7, "value": "x" }] } }"#;
    let lets: String =
        cases.iter().enumerate().map(|(n, (code, _))| format!("  let out.case_{n} = {code}\n")).collect();
    let trace = run(
        &format!(
            "integration acme\n\nflow main(event: {{ text: string, start: string, colon: string, plus: string, list: string[], item: string, id: int, one: int, by: string, time: timestamp, ticket: {{ custom_fields: {{ id: int, other?: any, value: string }}[] }} }}) {{\n{lets}}}\n"
        ),
        event,
        "arguments",
    );
    assert_eq!(trace["outcome"]["status"], "succeeded", "{}", trace["outcome"]);
    for (n, (code, expected)) in cases.iter().enumerate() {
        let expected: serde_json::Value = serde_json::from_str(expected).expect("JSON");
        assert_eq!(trace["final_data"]["out"][format!("case_{n}")], expected, "{code}");
    }
}

/// The trace of a program's only flow.
fn run(source: &str, event: &str, name: &str) -> serde_json::Value {
    let folder = std::env::temp_dir().join(format!("zisc-functions-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("main.zis"), source).expect("a file");
    std::fs::write(folder.join("event.json"), event).expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_zisc"))
        .args(["run", "--format", "json", "--event", "event.json", "main.zis"])
        .current_dir(&folder)
        .output()
        .expect("the program runs");
    std::fs::remove_dir_all(&folder).expect("the folder is ours");
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}
