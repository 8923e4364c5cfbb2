//! The README says what is so: its source is the example, its JSON is what that builds, its command does what it shows.

use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const README: &str = include_str!("../README.md");
const SOURCE: &str = include_str!("examples/public_comments_to_slack/main.zis");

/// The text of the fenced blocks of one kind, in order.
fn blocks(kind: &str) -> Vec<&'static str> {
    let opening = format!("\n```{kind}\n");
    README.split(&opening).skip(1).map(|rest| rest.split("\n```").next().expect("a closed block")).collect()
}

fn zisc(arguments: &[&str]) -> String {
    let output =
        Command::new(env!("CARGO_BIN_EXE_zisc")).args(arguments).current_dir(ROOT).output().expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn the_source_is_the_example() {
    assert_eq!(blocks("zis")[0], SOURCE.trim_end());
}

#[test]
fn the_json_is_what_the_source_becomes() {
    assert_eq!(blocks("json")[0], zisc(&["build", "tests/examples/public_comments_to_slack"]).trim_end());
}

#[test]
fn the_command_does_what_is_shown() {
    let command = blocks("sh")[0].strip_prefix("cargo run --release -- ").expect("the command that runs");
    let arguments: Vec<&str> = command.split(' ').collect();
    assert!(README.contains(&format!("```\n{}\n```", zisc(&arguments).trim_end())), "{}", zisc(&arguments));
}

#[test]
fn every_command_is_named() {
    for command in ["new", "check", "build", "run", "fmt", "decompile", "explain", "lsp"] {
        assert!(README.contains(&format!("| `zisc {command}")), "{command}");
    }
}
