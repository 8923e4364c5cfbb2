//! The documented examples, replayed: path, requests, outcome and data of each must be as expected.
//!
//! The examples stand outside of this repository; where they are absent the test says so and passes.

use std::fs;
use std::path::{Path, PathBuf};
use zisc_bundle::{Bundle, json};
use zisc_runtime::{Account, Exchanges, Outcome, Runtime, Time, Trace, Value, World};

const DOCUMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus/docs");

#[tokio::test]
async fn documented_examples_run_as_expected() {
    let Ok(folders) = fs::read_dir(DOCUMENTS) else {
        eprintln!("skipped: {DOCUMENTS} is not there");
        return;
    };
    let mut cases: Vec<(PathBuf, String)> = Vec::new();
    for folder in folders.flatten().map(|entry| entry.path()).filter(|path| path.join("bundle.json").exists()) {
        for file in fs::read_dir(&folder).expect("a folder").flatten() {
            let name = file.file_name().to_string_lossy().into_owned();
            if let Some(case) = name.strip_prefix("expected").and_then(|name| name.strip_suffix("json")) {
                cases.push((folder.clone(), case.trim_matches('.').to_owned()));
            }
        }
    }
    cases.sort();
    let mut failed = Vec::new();
    for (folder, case) in &cases {
        let differences = replay(folder, case).await;
        if !differences.is_empty() {
            failed.push(format!("{} {case}:\n  {}", folder.display(), differences.join("\n  ")));
        }
    }
    println!("{} of {} cases", cases.len() - failed.len(), cases.len());
    assert!(failed.is_empty(), "{} of {} cases differ:\n{}", failed.len(), cases.len(), failed.join("\n"));
}

fn file(folder: &Path, kind: &str, case: &str) -> Option<String> {
    let name = if case.is_empty() { format!("{kind}.json") } else { format!("{kind}.{case}.json") };
    fs::read_to_string(folder.join(name)).ok()
}

/// Runs one case and lists what differs from its file.
async fn replay(folder: &Path, case: &str) -> Vec<String> {
    let value = |text: String| Value::from_json_text(&text).expect("JSON");
    let expected = value(file(folder, "expected", case).expect("what is expected"));
    let (bundle, problems) = Bundle::read(&fs::read_to_string(folder.join("bundle.json")).expect("a bundle"));
    assert_eq!(problems, [], "{}", folder.display());
    let runtime = Runtime::load(&bundle).expect("a bundle that can run");

    let account = file(folder, "env", case).map_or_else(Account::default, |text| {
        let (account, problems) = Account::read(&json::read(&text).0, &|_| None);
        assert_eq!(problems, [], "{}", folder.display());
        account
    });
    let recorded = file(folder, "http", case).unwrap_or_else(|| r#"{"exchanges":[]}"#.to_owned());
    let (exchanges, problems) = Exchanges::read(&json::read(&recorded).0);
    assert_eq!(problems, [], "{}", folder.display());

    let event = runtime.event(value(file(folder, "event", case).expect("an event")), &account);
    let mut world = World { account, http: exchanges, time: Time::Virtual };
    let flow = expected.get("flow").and_then(Value::as_str).expect("a flow");
    let trace = runtime.run(flow, &event, &mut world).await.expect("the flow");
    compare(&trace, &expected, &value(recorded))
}

fn compare(trace: &Trace, expected: &Value, recorded: &Value) -> Vec<String> {
    let mut differences = Vec::new();
    let not_pinned: Vec<&str> = expected
        .get("not_pinned")
        .and_then(Value::as_array)
        .map(|list| list.iter().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let pinned = |about: &str| !not_pinned.iter().any(|text| text.contains(about));
    let mut check = |what: &str, wanted: &Value, given: &Value| {
        if !fits(wanted, given, pinned("uuid")) {
            differences.push(format!("{what}: expected {wanted}\n    but it was {given}"));
        }
    };
    let part = |key: &str| expected.get(key).cloned().unwrap_or_default();
    check("path", &part("path"), &Value::array(trace.path().map(Value::from)));
    check("final_data", &part("final_data"), &trace.without_connections(&trace.final_data));
    if let Some(links) = expected.get("links_after") {
        check("links", links, &Value::array(trace.links.iter().cloned()));
    }
    if let Some(configs) = expected.get("configs_after") {
        check("configs", configs, &trace.configs);
    }
    let outcome = match &trace.outcome {
        Outcome::Succeeded { state, message } => Value::object([
            ("status", "succeeded".into()),
            ("state", state.as_str().into()),
            ("message", Value::from(message.as_str())),
        ]),
        Outcome::Failed { state, error, cause, .. } => Value::object([
            ("status", Value::from("failed")),
            ("state", state.as_deref().map_or(Value::Null, Value::from)),
            ("error", Value::from(error.as_str())),
            ("cause", Value::from(cause.as_str())),
        ]),
    };
    for (key, wanted) in part("outcome").as_object().expect("an outcome") {
        // The texts of runtime errors are informative only.
        if &**key != "runtime_error" {
            check(&format!("outcome.{key}"), wanted, outcome.get(key).unwrap_or(&Value::Null));
        }
    }
    for (wanted, step) in part("states").as_array().expect("states").iter().zip(&trace.steps) {
        let what = |key: &str| format!("{} {key}", step.name);
        let shown =
            |value: &Option<Value>| value.as_ref().map(|value| trace.without_connections(value)).unwrap_or_default();
        check(&what("name"), &wanted.get("name").cloned().unwrap_or_default(), &Value::from(&*step.name));
        check(&what("type"), &wanted.get("type").cloned().unwrap_or_default(), &Value::from(step.kind));
        for (key, given) in [("parameters", shown(&step.parameters)), ("output", shown(&step.output))] {
            if let Some(wanted) = wanted.get(key) {
                check(&what(key), wanted, &given);
            }
        }
        if let Some(path) = wanted.get("result_path") {
            check(&what("result_path"), path, &step.result_path.as_deref().map_or(Value::Null, Value::from));
        }
        if let Some(rule) = wanted.get("matched_rule") {
            let matched = step.decision.as_ref().and_then(|decision| decision.matched);
            check(&what("matched_rule"), rule, &matched.map_or_else(|| Value::from("Default"), Value::from));
        }
        check(&what("error"), &Value::Bool(wanted.get("runtime_error").is_some()), &Value::Bool(step.error.is_some()));
        check(&what("caught"), &Value::Bool(wanted.get("caught").is_some()), &Value::Bool(step.caught));
    }
    let exchanges = recorded.get("exchanges").and_then(Value::as_array).map_or(0, |exchanges| exchanges.len());
    if pinned("number of requests") {
        check("number of requests", &Value::from(exchanges), &Value::from(trace.requests.len()));
    }
    differences
}

/// Whether a value is as wanted: `{"@any": …}` fits everything, and so does a uuid where it is not pinned.
fn fits(wanted: &Value, given: &Value, uuid_counts: bool) -> bool {
    match (wanted, given) {
        (Value::Object(members), _) if members.get("@any").is_some() => true,
        (Value::Object(wanted), Value::Object(given)) => {
            wanted.len() == given.len()
                && wanted.iter().all(|(key, wanted)| {
                    given
                        .get(key)
                        .is_some_and(|given| (!uuid_counts && &**key == "uuid") || fits(wanted, given, uuid_counts))
                })
        }
        (Value::Array(wanted), Value::Array(given)) => {
            wanted.len() == given.len()
                && wanted.iter().zip(given.iter()).all(|(wanted, given)| fits(wanted, given, uuid_counts))
        }
        (wanted, given) => wanted == given,
    }
}
