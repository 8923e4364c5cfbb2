//! Suites of other state machine checkers, translated: what they accept and refuse, and where the platform differs.
//!
//! The suites stand outside of this repository; where they are absent the test says so and passes.

#![allow(clippy::print_stderr, clippy::print_stdout, reason = "a test that is skipped says so")]

use serde_json::{Map, Value, json};
use zisc_core::{Database, Level, Settings, SourceFile};

const SUITES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus/suites");

/// Why a case comes out otherwise here: the platform has its own rules.
const DIFFERENCES: &[(&str, &str)] = &[
    ("choice-with-context-object.json", "there is no context object `$$` on the platform"),
    (
        "fail-with-error-and-cause-path-using-intrinsic-functions.json",
        "`Error` and `Cause` take paths themselves, and there are no functions in templates",
    ),
    ("fail-with-error-and-cause-path.json", "`Error` and `Cause` take paths themselves"),
    ("map-with-itemspath-context-object.json", "there is no context object `$$` on the platform"),
    ("map-with-parameters.json", "a Map needs its `ItemsPath` on the platform"),
    ("minimal-fail-state.json", "a Fail needs both `Error` and `Cause` on the platform"),
    ("succeed-with-comment-in-catcher.json", "a Fail needs both `Error` and `Cause` on the platform"),
    ("task-with-parameters.json", "`Parameters` are an object on the platform"),
    ("invalid-payload-template.asl.json", "what is no path under a key that ends in `.$` is a text with placeholders"),
    ("invalid-state-name-too-long.json", "the platform documents no longest name, so it is a hint"),
    ("invalid-task-alias-function.json", "there are no functions of Lambda to name"),
    ("valid-map-with-catch.json", "a Fail needs both `Error` and `Cause` on the platform"),
    ("valid-task-parameters.json", "a slice names several places; paths of the platform name one"),
    ("valid-task-timer.json", "a Wait takes seconds only"),
    ("valid-wait-state.json", "a Wait takes seconds only"),
];

#[test]
fn other_checkers_agree_but_for_known_differences() {
    let mut wrong = Vec::new();
    let (mut checked, mut differing) = (0, 0);
    for suite in ["statelint", "asl-validator"] {
        let path = format!("{SUITES}/{suite}/cases.json");
        let Ok(text) = std::fs::read_to_string(&path) else {
            eprintln!("skipped: {path} is not there");
            continue;
        };
        let cases: Value = serde_json::from_str(&text).expect("the suite is JSON");
        for case in cases["cases"].as_array().or(cases.as_array()).expect("cases") {
            let id = case["id"].as_str().expect("a name");
            let Some(expected) = case["expect"].as_str().filter(|_| case["applies"] != "no") else { continue };
            checked += 1;
            let found = findings(&bundle(&case["definition"]));
            let errors = found.iter().filter(|(level, _)| *level == Level::Error).count();
            let worth = found.iter().filter(|(level, _)| *level >= Level::Warning).count();
            let agrees = if expected == "valid" { errors == 0 } else { worth > 0 };
            let known = DIFFERENCES.iter().any(|(known, _)| *known == id);
            differing += usize::from(known);
            if agrees == known {
                let told: Vec<&String> = found.iter().map(|(_, told)| told).collect();
                wrong.push(format!("{suite}/{id}: {expected}, known difference: {known}, found {told:#?}"));
            }
        }
    }
    println!("{} of {checked} cases agree, {differing} differ as is known", checked - differing);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A bundle with the definition as its flow.
fn bundle(definition: &Value) -> String {
    let mut definition = definition.clone();
    machine(&mut definition);
    // Nothing is known about the input of these machines.
    let start = definition["StartAt"].take();
    definition["StartAt"] = json!("suite.start");
    if let Some(states) = definition["States"].as_object_mut() {
        let mut first = json!({ "Type": "Action", "ActionName": "zis:suite:action:any", "ResultPath": "$" });
        first["Next"] = start;
        states.insert("suite.start".to_owned(), first);
    }
    let bundle = json!({
        "zis_template_version": "2019-10-14",
        "name": "suite",
        "resources": {
            "job": { "type": "ZIS::JobSpec", "properties": {
                "name": "job", "event_source": "suite", "event_type": "any", "flow_name": "zis:suite:flow:flow" } },
            "flow": { "type": "ZIS::Flow", "properties": { "name": "flow", "definition": definition } },
            "any": { "type": "ZIS::Action::Http", "properties": { "name": "any", "definition": {
                "method": "POST", "url": "https://example.com/", "requestBody.$": "$" } } },
        },
    });
    bundle.to_string()
}

/// What elsewhere is called a Task is an Action here, and the processor of a Map its iterator.
fn machine(definition: &mut Value) {
    let Some(states) = definition["States"].as_object_mut() else { return };
    for state in states.values_mut().filter_map(Value::as_object_mut) {
        match state.get("Type").and_then(Value::as_str) {
            Some("Task") => {
                state.insert("Type".to_owned(), json!("Action"));
                if state.remove("Resource").is_some() {
                    state.insert("ActionName".to_owned(), json!("zis:suite:action:any"));
                }
            }
            Some("Map") => {
                processor(state);
                if let Some(iterator) = state.get_mut("Iterator") {
                    machine(iterator);
                }
            }
            _ => {}
        }
    }
}

fn processor(state: &mut Map<String, Value>) {
    if state.contains_key("Iterator") {
        return;
    }
    if let Some(mut processor) = state.remove("ItemProcessor") {
        if let Some(members) = processor.as_object_mut() {
            members.remove("ProcessorConfig");
        }
        state.insert("Iterator".to_owned(), processor);
    }
}

fn findings(text: &str) -> Vec<(Level, String)> {
    let db = Database::default();
    let file = SourceFile::new(&db, "bundle.json".to_owned(), text.to_owned());
    let findings = zisc_core::findings(&db, file, Settings::standard(&db));
    findings
        .iter()
        .map(|finding| (finding.rule.level, format!("{}: {}", finding.rule.code, finding.headline)))
        .collect()
}
