//! `zisc check` for machines: the formats are stable.

use std::process::Command;

fn check(format: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_zisc"))
        .args(["check", "tests/cases/check/two_mistakes.zis", "--format", format])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(1), "the file has an error");
    assert!(output.stderr.is_empty(), "all of it goes to standard output");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn json_places_every_finding() {
    insta::assert_snapshot!("json", check("json"));
}

#[test]
fn github_annotations_are_one_line_each() {
    insta::assert_snapshot!("github", check("github"));
}

#[test]
fn sarif_names_the_rules_it_speaks_of() {
    let log: serde_json::Value = serde_json::from_str(&check("sarif")).expect("JSON");
    let run = &log["runs"][0];
    let rules: Vec<&str> = run["tool"]["driver"]["rules"]
        .as_array()
        .expect("rules")
        .iter()
        .filter_map(|rule| rule["id"].as_str())
        .collect();
    for result in run["results"].as_array().expect("results") {
        assert!(rules.contains(&result["ruleId"].as_str().expect("a rule")));
    }
    insta::assert_snapshot!("sarif", format!("{:#}\n", run["results"]));
}
