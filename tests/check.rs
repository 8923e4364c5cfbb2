//! `zisc check` for machines: the formats are stable.

use std::process::{Command, Output};

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

/// Checks files in the folder of bundles.
fn check_bundles(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zisc"))
        .args(["check", "--color", "never"])
        .args(arguments)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/check/bundles"))
        .output()
        .expect("the program runs")
}

#[test]
fn a_folder_is_checked_with_all_source_and_bundles_in_it() {
    let output = check_bundles(&[".", "--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let told: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let files: Vec<_> = told["files"]
        .as_array()
        .expect("files")
        .iter()
        .map(|file| {
            let codes = file["findings"].as_array().expect("findings").iter().map(|finding| finding["code"].as_str());
            (file["path"].as_str().expect("a path").replace('\\', "/"), codes.flatten().collect::<Vec<_>>())
        })
        .collect();
    let expected =
        [("./faultless.json", vec![]), ("./source.zis", vec!["W0501"]), ("./unreached.json", vec!["W0501", "E0201"])];
    assert_eq!(files.iter().map(|(path, codes)| (path.as_str(), codes.clone())).collect::<Vec<_>>(), expected);
}

#[test]
fn bundles_are_told_of_in_every_format() {
    let told = |format| String::from_utf8(check_bundles(&["unreached.json", "--format", format]).stdout).expect("text");
    insta::assert_snapshot!("bundle_github", told("github"));
    assert!(told("sarif").contains("\"ruleId\": \"E0201\""));
}

#[test]
fn of_a_bundle_without_line_breaks_only_the_parts_that_matter_are_shown() {
    let output = check_bundles(&["one_line.bundle"]);
    let told = String::from_utf8(output.stderr).expect("text");
    assert!(told.lines().all(|line| line.chars().count() < 300), "{told}");
    insta::assert_snapshot!("one_line", told);
}

#[test]
fn a_folder_without_source_and_bundles_is_no_place_to_check() {
    let output = check_bundles(&["nothing"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("nothing has neither source nor bundles in it"));
}
