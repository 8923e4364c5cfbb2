//! Params, connections and the integration's key, by environment and from the command line.

use std::process::{Command, Output};

fn zisc(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zisc"))
        .args(arguments)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/project"))
        .output()
        .expect("the program runs")
}

/// What a build that cannot be carried out says.
fn refused(arguments: &[&str]) -> String {
    let output = zisc(&[&["build"], arguments].concat());
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).expect("text")
}

#[test]
fn an_environment_sets_params_connections_and_the_key() {
    let output = zisc(&["build", "--env", "production", "--set", "retries=5"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    insta::assert_snapshot!("production", String::from_utf8(output.stdout).expect("text"));
}

#[test]
fn what_has_no_value_yet_can_be_checked() {
    assert!(zisc(&["check"]).status.success());
}

#[test]
fn what_is_missing_or_wrong_is_named() {
    assert_eq!(
        [
            refused(&[]),
            refused(&["--env", "prodution"]),
            refused(&["--env", "production", "--set", "retries=often"]),
            refused(&["--env", "production", "--set", "retris=3"]),
            refused(&["--set", "retries"]),
            refused(&["--env", "staging"]),
            refused(&["--env", "production", "--set", "fields={ severity: 1 }"]),
        ]
        .concat(),
        "Error: param `host` has no value: give one with --set host=…, or in zisc.toml under [env.NAME.params]\n\
         Error: there is no environment `prodution`: did you mean `production`?\n\
         Error: param `retries` is of type int, and `often` is not\n\
         Error: there is no param `retris`: did you mean `retries`?\n\
         Error: --set retries sets nothing: write it as --set name=value\n\
         Error: param `fields` is of type { severity: int, team: { id: int } }, and \
         `{\"severity\":7,\"team\":{\"id\":\"eight\"}}` is not\n\
         Error: param `fields` is of type { severity: int, team: { id: int } }, and `{ severity: 1 }` is not\n"
    );
}
