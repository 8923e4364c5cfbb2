//! The programs of jq's own test suite that jq 1.6 passes, error texts aside.
//!
//! The suite stands outside of this repository; where it is absent the test says so and passes.

use std::fs;
use std::path::Path;
use zisc_runtime::Value;
use zisc_runtime::jq::Programs;
use zisc_runtime::limit::Limits;

const SUITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/corpus/suites/jq/cases.json");

/// Cases in which only the text of an error differs.
const ABOUT_ERROR_TEXTS: &[&str] = &["jq:227", "jq:228", "jq:261", "jq:264"];

/// Programs that are to give nothing are to fail.
fn may_fail(case: &Value) -> bool {
    case.get("outputs").and_then(Value::as_array).is_some_and(|outputs| outputs.is_empty())
}

#[test]
fn jq_programs_behave_as_in_jq_1_6() {
    if !Path::new(SUITE).exists() {
        eprintln!("skipped: {SUITE} is not there");
        return;
    }
    let cases = Value::from_json_text(&fs::read_to_string(SUITE).expect("the suite")).expect("JSON");
    let programs = Programs::default();
    let (mut applicable, mut failed) = (0, Vec::new());
    for case in cases.as_array().expect("cases").iter() {
        let text = |key: &str| case.get(key).and_then(Value::as_str).unwrap_or_default();
        let passes_in_jq = case.get("engines").and_then(|engines| engines.get("jq-1.6")).and_then(Value::as_str);
        if text("applies") != "yes" || passes_in_jq != Some("pass") || ABOUT_ERROR_TEXTS.contains(&text("id")) {
            continue;
        }
        applicable += 1;
        let program = programs.compile(text("program"));
        let given = match (text("kind"), program) {
            ("run", Ok(program)) => {
                let input = Value::from_json_text(text("input")).unwrap_or_default();
                let wanted: Vec<Value> = case
                    .get("outputs")
                    .and_then(Value::as_array)
                    .map(|outputs| {
                        outputs
                            .iter()
                            .map(|text| Value::from_json_text(text.as_str().expect("text")).expect("JSON"))
                            .collect()
                    })
                    .unwrap_or_default();
                let (outputs, failure) = program.outputs(&input, 1.0, Limits::default(), 10_000);
                if outputs == wanted && (failure.is_none() || may_fail(case)) {
                    continue;
                }
                let failure = failure.map(|failure| format!(", then the error {failure}")).unwrap_or_default();
                format!("{}{failure} instead of {}", Value::array(outputs), Value::array(wanted))
            }
            ("run", Err(mistake)) => mistake.message,
            (_, Err(_)) => continue,
            (_, Ok(_)) => "compiles".to_owned(),
        };
        failed.push(format!("{}: {}   on {}\n    {given}", text("id"), text("program"), text("input")));
    }
    let share = 100.0 - 100.0 * failed.len() as f64 / f64::from(applicable);
    println!("{share:.2} % of {applicable} cases; these differ:\n{}", failed.join("\n"));
    assert!(share >= 98.0, "{share:.2} % of {applicable} cases; these differ:\n{}", failed.join("\n"));
}
