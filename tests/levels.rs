//! How bad findings are is for the project to say.

use std::process::{Command, Output};

const PROGRAM: &str = "integration acme\n\nconnection slack: oauth\n";

/// What `zisc check` says of the program with these levels in its `zisc.toml`.
fn check(name: &str, levels: &str) -> Output {
    let folder = std::env::temp_dir().join(format!("zisc-levels-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for the test");
    std::fs::write(folder.join("main.zis"), PROGRAM).expect("written");
    std::fs::write(folder.join("zisc.toml"), format!("[levels]\n{levels}\n")).expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_zisc"))
        .args(["check", "--color", "never", &folder.to_string_lossy()])
        .output()
        .expect("the program runs");
    std::fs::remove_dir_all(&folder).expect("removed");
    output
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_warning_can_be_an_error_a_hint_or_nothing() {
    let error = check("error", "unused = \"error\"");
    assert_eq!(error.status.code(), Some(1));
    assert!(told(&error).starts_with("[W0504] Error:"), "{}", told(&error));
    let hint = check("hint", "W0504 = \"hint\"");
    assert!(hint.status.success() && told(&hint).starts_with("[W0504] Hint:"), "{}", told(&hint));
    let off = check("off", "unused = \"off\"");
    assert!(off.status.success() && told(&off).is_empty(), "{}", told(&off));
}

#[test]
fn what_means_nothing_is_told() {
    for (levels, expected) in [
        ("unusd = \"off\"", "did you mean `unused`?"),
        ("unused = \"no\"", "is off, hint, warning or error, and `no` is none"),
        ("unknown-name = \"off\"", "is an error and stays one; @allow(\"unknown-name\") accepts it at one place"),
    ] {
        let output = check("nothing", levels);
        assert_eq!(output.status.code(), Some(2));
        assert!(told(&output).contains(expected), "{}", told(&output));
    }
}
