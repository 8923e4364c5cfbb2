//! What shells are told about the program.

use std::process::{Command, Output};

fn zisc(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zisc")).args(arguments).output().expect("the program runs")
}

#[test]
fn each_shell_learns_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = zisc(&["completions", shell]);
        assert!(output.status.success(), "{shell}");
        let script = String::from_utf8(output.stdout).expect("a script");
        for word in ["decompile", "explain", "env"] {
            assert!(script.contains(word), "{shell} is not told of {word}");
        }
    }
}

#[test]
fn an_unknown_shell_is_told_which_there_are() {
    let output = zisc(&["completions", "csh"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("bash"));
}
