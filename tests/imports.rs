//! Files that import others.

use std::process::{Command, Output};

fn zisc(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zisc"))
        .args(["--color", "never"])
        .args(arguments)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/imports"))
        .output()
        .expect("the program runs")
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("text")
}

#[test]
fn the_imported_actions_that_are_called_are_in_the_bundle() {
    let output = zisc(&["build", "main.zis", "--set", "channel=#ops"]);
    assert!(output.status.success(), "{}", text(output.stderr));
    let bundle = text(output.stdout);
    assert!(!bundle.contains("slack.test"), "nobody calls it");
    insta::assert_snapshot!("bundle_with_imports", bundle);
}

#[test]
fn a_source_map_leads_from_each_resource_and_state_to_its_file() {
    let folder = tempfile();
    let out = folder.join("out.json");
    let output = zisc(&["build", "main.zis", "--set", "channel=#ops", "-o", &out.to_string_lossy()]);
    assert!(output.status.success(), "{}", text(output.stderr));
    insta::assert_snapshot!("source_map", std::fs::read_to_string(folder.join("out.json.map.json")).expect("a map"));
}

#[test]
fn what_is_wrong_with_an_import_is_told() {
    insta::assert_snapshot!("mistakes_in_imports", text(zisc(&["check", "mistakes.zis"]).stderr));
}

#[test]
fn a_mistake_in_an_imported_file_stops_the_build() {
    let folder = tempfile();
    std::fs::write(folder.join("main.zis"), "integration acme\n\nimport \"./lib.zis\"\n").expect("written");
    std::fs::write(folder.join("lib.zis"), "action a.b() {\n  POST \"https://example.com\"\n  connection gone\n}\n")
        .expect("written");
    let output = zisc(&["build", &folder.join("main.zis").to_string_lossy()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let told = text(output.stderr);
    assert!(told.contains("no connection is called `gone`") && told.contains("lib.zis:3:14"), "{told}");
}

#[test]
fn a_library_is_checked_on_its_own() {
    let output = zisc(&["check", "slack.zis", "other.zis"]);
    assert!(output.status.success(), "{}", text(output.stderr));
}

fn tempfile() -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("zisc-imports-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the test");
    folder
}
