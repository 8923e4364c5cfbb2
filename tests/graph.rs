//! `zisc graph`: pictures of flows, from source and from bundle JSON.

use std::process::{Command, Output};

fn graph(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zisc"))
        .args(["graph", "--color", "never"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

#[test]
fn the_states_of_source_lead_to_their_places_in_it() {
    let path = "tests/examples/slack_on_status_change/main.zis";
    let output = graph(&[path, "announce_status"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let svg = text(&output.stdout);
    assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n"));
    let source = std::fs::read_to_string(path).expect("the example");
    let flow = source.find("flow ").expect("a flow");
    let starts: Vec<usize> =
        svg.split("data-start=\"").skip(1).filter_map(|after| after.split('"').next()?.parse().ok()).collect();
    assert!(!starts.is_empty());
    assert!(starts.iter().all(|start| (flow..source.len()).contains(start)), "{starts:?}");
}

#[test]
fn every_format_is_written_to_a_file() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    for (format, begins) in [("svg", "<svg"), ("mermaid", "flowchart TD"), ("dot", "digraph")] {
        let out = folder.join(format!("graph.{format}"));
        let out = out.to_str().expect("a path");
        let output = graph(&["tests/cases/check/bundles/unreached.json", "greet", "--format", format, "-o", out]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(output.stdout.is_empty());
        assert!(std::fs::read_to_string(out).expect("the file").starts_with(begins));
    }
}

#[test]
fn what_is_broken_in_a_bundle_is_drawn() {
    let output = graph(&["tests/cases/findings/json/names_that_do_not_exist.json", "--format", "mermaid"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).contains("\"Faild<br/><small>no such state</small>\"]:::broken"));
}

#[test]
fn a_flow_that_is_not_there_is_told_of() {
    let output = graph(&["tests/cases/check/bundles/unreached.json", "gret"]);
    assert_eq!(output.status.code(), Some(2));
    let told = text(&output.stderr);
    assert!(told.contains("no flow `gret`") && told.contains("did you mean `greet`?"), "{told}");
    let output = graph(&["tests/cases/findings/json/broken_json.json"]);
    assert_eq!(output.status.code(), Some(1));
}
