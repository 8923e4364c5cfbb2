//! `zisc decompile` as a user meets it, and the page that shows what it makes.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const PAGE: &str = include_str!("cases/decompile/README.md");

fn zisc(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zisc")).args(arguments).current_dir(ROOT).output().expect("the program runs")
}

fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("text")
}

/// A folder of its own for a test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

#[test]
fn the_page_shows_what_the_program_makes() {
    let mut blocks = PAGE.split("\n```zis\n").skip(1).map(|rest| rest.split("\n```").next().expect("a closed block"));
    for case in ["escalations", "orders", "reminders"] {
        let made = stdout(&zisc(&["decompile", &format!("tests/cases/decompile/{case}.json")]));
        assert_eq!(blocks.next(), Some(made.trim_end()), "{case}");
    }
    assert_eq!(blocks.next(), None);
}

#[test]
fn what_is_written_builds_to_the_same_bundle() {
    let folder = folder("decompiled");
    for case in ["escalations", "orders", "reminders"] {
        let bundle = format!("tests/cases/decompile/{case}.json");
        let source = folder.join(format!("{case}.zis")).display().to_string();
        let told = zisc(&["decompile", &bundle, "-o", &source]);
        assert!(stdout(&told).is_empty(), "the source is in the file");
        assert!(String::from_utf8_lossy(&told.stderr).starts_with(&format!("wrote {source}: ")));
        let built: serde_json::Value = serde_json::from_str(&stdout(&zisc(&["build", &source]))).expect("JSON");
        let text = std::fs::read_to_string(Path::new(ROOT).join(&bundle)).expect("the bundle");
        assert_eq!(built, serde_json::from_str::<serde_json::Value>(&text).expect("JSON"), "{case}");
    }
}

#[test]
fn what_is_no_bundle_is_told_with_its_place_and_nothing_is_written() {
    let folder = folder("not_decompiled");
    let target = folder.join("main.zis");
    for (name, text, wanted) in [
        ("broken.json", "{ \"name\": ", "broken.json:1"),
        ("list.json", "[]", "a bundle is an object"),
        ("other.json", "{ \"name\": \"x\" }", "`resources`"),
        ("answer.json", "{ \"bundle\": { \"name\": \"x\", \"resources\": {} } }", "inside of `bundle`"),
    ] {
        let path = folder.join(name);
        std::fs::write(&path, text).expect("a file");
        let told = zisc(&["decompile", &path.display().to_string(), "-o", &target.display().to_string()]);
        assert_eq!(told.status.code(), Some(2), "{name}");
        let message = String::from_utf8_lossy(&told.stderr).into_owned();
        assert!(message.contains(wanted), "{name}: {message}");
        assert!(!target.exists(), "{name}");
    }
    let told = zisc(&["decompile", "nowhere.json"]);
    assert_eq!(told.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&told.stderr).contains("nowhere.json"));
}
