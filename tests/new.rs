//! A new project does at once what it promises.

use std::path::Path;
use std::process::{Command, Output};

fn zisc(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zisc")).args(arguments).current_dir(folder).output().expect("the program runs")
}

#[test]
fn a_new_project_checks_builds_and_runs() {
    let folder = std::env::temp_dir().join(format!("zisc-new-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    assert!(zisc(&folder, &["new", "my_project"]).status.success());
    let project = folder.join("my_project");
    let fixtures =
        ["--event", "fixtures/solved.json", "--account", "fixtures/account.json", "--http", "fixtures/http.json"];
    let run: Vec<&str> = std::iter::once("run").chain(fixtures).collect();
    let staging = ["build", "--env", "staging", "-o", "staging.json"];
    for command in [&["check"][..], &["fmt", "--check"], &["build", "-o", "bundle.json"], &staging, &run] {
        let output = zisc(&project, command);
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let built = std::fs::read_to_string(project.join("staging.json")).expect("the bundle of an environment");
    assert!(built.contains("#support-test") && built.contains("zis:my_project_staging:"), "{built}");
    let again = zisc(&folder, &["new", "my_project"]);
    assert_eq!(again.status.code(), Some(2), "what is there is not overwritten");
    assert_eq!(zisc(&folder, &["new", "My Project"]).status.code(), Some(2), "no integration can have this key");
    std::fs::remove_dir_all(&folder).expect("the folder is ours");
}
