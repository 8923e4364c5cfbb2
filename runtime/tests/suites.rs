//! Public suites, replayed: comparison operators, state machines, paths, JSON texts, and the documented fragments.
//!
//! They stand outside of this repository; where one is absent its test says so and passes.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "what is skipped, and how much of a suite passes")]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fs;
use zisc_bundle::{Bundle, Operator, Path, Step, json};
use zisc_runtime::jq::{Outputs, Programs};
use zisc_runtime::limit::Limits;
use zisc_runtime::{Account, Event, NoHttp, Outcome, Runtime, Time, Trace, Value, World};

/// A file of the suites, where it is there.
fn suite(path: &str) -> Option<Value> {
    let path = format!("{}/../../shared/corpus/{path}", env!("CARGO_MANIFEST_DIR"));
    let Ok(text) = fs::read_to_string(&path) else {
        eprintln!("skipped: {path} is not there");
        return None;
    };
    Some(Value::from_json_text(&text).expect("JSON"))
}

fn text<'v>(case: &'v Value, key: &str) -> &'v str {
    case.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn cases(suite: &Value) -> impl Iterator<Item = &Value> {
    suite.as_array().expect("cases").iter()
}

/// Fails with everything that differs.
fn report(what: &str, count: usize, differences: &[String]) {
    println!("{what}: {} of {count}", count - differences.len());
    assert!(differences.is_empty(), "{what}: {} of {count} differ:\n{}", differences.len(), differences.join("\n"));
}

/// Loads a flow with this definition; the messages of what is refused otherwise.
fn load(definition: &str) -> Result<Runtime, String> {
    let bundle = format!(
        r#"{{"zis_template_version":"2019-10-14","name":"b","resources":{{"f":{{"type":"ZIS::Flow","properties":{{"name":"f","definition":{definition}}}}}}}}}"#
    );
    let messages = |problems: Vec<zisc_bundle::Problem>| {
        problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>().join("; ")
    };
    let (bundle, problems) = Bundle::read(&bundle);
    if !problems.is_empty() {
        return Err(messages(problems));
    }
    Runtime::load(&bundle).map_err(messages)
}

async fn run(runtime: &Runtime, data: Value) -> Trace {
    let mut world = World { account: Account::default(), http: NoHttp, time: Time::Virtual };
    runtime.run("f", &Event::from_data(data), &mut world).await.expect("the flow")
}

/// Whether a rule of a Choice holds; an error of the state otherwise.
async fn rule_holds(rule: &Value, data: &Value) -> Result<bool, String> {
    let mut rule = rule.as_object().expect("a rule").clone();
    rule.insert("Next", Value::from("Yes"));
    let definition = format!(
        r#"{{"StartAt":"C","States":{{"C":{{"Type":"Choice","Choices":[{}],"Default":"No"}},"Yes":{{"Type":"Succeed"}},"No":{{"Type":"Succeed"}}}}}}"#,
        Value::Object(rule)
    );
    match run(&load(&definition)?, data.clone()).await.outcome {
        Outcome::Succeeded { state, .. } => Ok(state == "Yes"),
        Outcome::Failed { cause, .. } => Err(cause),
    }
}

#[tokio::test]
async fn choice_fragments() {
    let Some(fragments) = suite("docs/fragments/choice-cases.json") else { return };
    let (mut count, mut differences) = (0, Vec::new());
    for case in cases(fragments.get("tests").expect("tests")) {
        let (rule, data) = (case.get("rule").expect("a rule"), case.get("data").expect("data"));
        let Some(expected) = case.get("expected").and_then(Value::as_bool) else { continue };
        count += 1;
        let given = rule_holds(rule, data).await;
        if given != Ok(expected) {
            differences.push(format!("{rule}: {given:?}"));
        }
    }
    report("choice fragments", count, &differences);
}

#[tokio::test]
async fn choice_operators() {
    let Some(suite) = suite("suites/asl-choice-operators/cases.json") else { return };
    let (mut count, mut differences) = (0, Vec::new());
    for case in cases(&suite).filter(|case| Operator::named(text(case, "operator")).is_some()) {
        count += 1;
        let operator = Operator::named(text(case, "operator")).expect("an operator");
        let member = |key: &str| case.get(key).cloned().unwrap_or_default();
        let right = if operator.by_path { Value::from("$.Value") } else { member("value") };
        let rule = Value::object([("Variable", Value::from("$.Variable")), (operator.name, right)]);
        let data = Value::object([("Variable", member("variable")), ("Value", member("value"))]);
        let given = rule_holds(&rule, &data).await;
        if given != Ok(case.get("result") == Some(&Value::Bool(true))) {
            differences.push(format!("{}: {rule} on {data}: {given:?}", text(case, "id")));
        }
    }
    report("choice operators", count, &differences);
}

#[test]
fn jq_cheat_sheet() {
    let Some(sheet) = suite("docs/fragments/jq-cheat-sheet.json") else { return };
    let programs = Programs::default();
    let (mut count, mut differences) = (0, Vec::new());
    for list in ["documented", "from_other_documented_bundles"] {
        for case in cases(sheet.get(list).expect("a list")) {
            count += 1;
            let input = case.get("input").expect("an input");
            let program = programs.compile(text(case, "expr")).expect("a program");
            let given = program.run(input, 0.0, Limits::default());
            if given != Ok(Outputs::One(case.get("result").cloned().unwrap_or_default())) {
                differences.push(format!("{}: {given:?}", text(case, "expr")));
            }
        }
    }
    report("jq cheat sheet", count, &differences);
}

#[test]
fn reference_paths() {
    let Some(suite) = suite("suites/jsonpath-cts/cases.json") else { return };
    let (mut count, mut differences) = (0, Vec::new());
    for case in cases(&suite).filter(|case| text(case, "applies") == "reference-path") {
        count += 1;
        let selector = text(case, "selector");
        let path = match Path::parse(selector) {
            Ok(path) => path,
            Err(error) => {
                differences.push(format!("{selector}: {error}"));
                continue;
            }
        };
        let found = path.steps.iter().try_fold(case.get("document").expect("a document"), |value, step| match step {
            Step::Member(name) => value.get(name),
            Step::Index(index) => value.as_array()?.get(*index),
        });
        let expected = case.get("result").and_then(Value::as_array).and_then(|result| result.first());
        if found != expected {
            differences.push(format!("{selector}: {found:?} instead of {expected:?}"));
        }
        if Path::parse(&path.to_string()).as_ref() != Ok(&path) {
            differences.push(format!("{selector}: prints as {path}"));
        }
    }
    report("reference paths", count, &differences);
}

#[test]
fn json_texts() {
    let Some(suite) = suite("suites/json-parsing/cases.json") else { return };
    let (mut count, mut differences) = (0, Vec::new());
    for case in cases(&suite) {
        count += 1;
        let bytes = STANDARD.decode(text(case, "base64")).expect("base64");
        // Files are text before they are JSON; what is no UTF-8 is refused there.
        let accepted = String::from_utf8(bytes).is_ok_and(|text| {
            let (_, errors) = json::read(&text);
            errors.is_empty() && Value::from_json_text(&text).is_ok()
        });
        let right = match text(case, "expect") {
            "accept" => accepted,
            "reject" => !accepted,
            _ => true,
        };
        if !right {
            differences.push(format!("{}: accepted {accepted}", text(case, "id")));
        }
    }
    report("JSON texts", count, &differences);
}

/// What the platform documents otherwise than the Amazon States Language.
const DOCUMENTED_OTHERWISE: &[&str] = &[
    // Seconds may have a fraction, and a wait of zero or less goes on at once (page "Wait state").
    "base/test_wait::test_base_wait_seconds_path[1.5]",
    "base/test_wait::test_base_wait_seconds_path[-1.5]",
];

#[tokio::test]
async fn state_machines_run_as_recorded_or_are_refused() {
    let Some(suite) = suite("suites/asl-scenarios/cases.json") else { return };
    let (mut count, mut ran, mut differences) = (0, 0, Vec::new());
    for case in cases(&suite).filter(|case| !DOCUMENTED_OTHERWISE.contains(&text(case, "id"))) {
        count += 1;
        let definition = case.get("definition").expect("a definition").to_json();
        // Refused with a message: the flow uses what the platform does not have.
        let runtime = match load(&definition) {
            Ok(runtime) => runtime,
            Err(message) => {
                println!("refused: {}: {message}", text(case, "id"));
                continue;
            }
        };
        ran += 1;
        let trace = run(&runtime, case.get("input").cloned().unwrap_or_default()).await;
        let entered =
            Value::array(trace.steps.iter().map(|step| Value::from(step.name.rsplit("].").next().unwrap_or_default())));
        let same = match &trace.outcome {
            Outcome::Succeeded { .. } => {
                text(case, "end") == "ExecutionSucceeded"
                    && case.get("output") == Some(&trace.final_data)
                    && case.get("entered") == Some(&entered)
            }
            Outcome::Failed { .. } => text(case, "end") == "ExecutionFailed",
        };
        if !same {
            differences.push(format!(
                "{}: {:?} after {entered} with {}",
                text(case, "id"),
                trace.outcome,
                trace.final_data
            ));
        }
    }
    println!("{ran} of {count} state machines ran, the others are refused");
    report("state machines", count, &differences);
}
