//! What `zisc check` says about every file in `tests/cases/findings`, source or bundle JSON: exit code and message, as a snapshot beside it.
//!
//! `INSTA_UPDATE=always cargo test --test findings` writes the snapshots.

use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn every_mistake_is_told_as_the_snapshot_says() {
    let cases: Vec<PathBuf> = ["zis", "json"].iter().flat_map(|extension| files(&folder(), extension)).collect();
    assert!(cases.len() >= 60, "only {} cases were found", cases.len());
    let wrong: Vec<String> =
        cases.iter().filter(|case| catch_unwind(|| check(case)).is_err()).map(|case| name(case)).collect();
    assert!(wrong.is_empty(), "{} of {} cases differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn every_snapshot_has_its_case() {
    let left: Vec<String> = files(&folder(), "snap")
        .iter()
        .filter(|snapshot| ["zis", "json"].iter().all(|extension| !snapshot.with_extension(extension).is_file()))
        .map(|snapshot| name(snapshot))
        .collect();
    assert!(left.is_empty(), "snapshots without a case:\n{}", left.join("\n"));
}

fn check(case: &Path) {
    let output = Command::new(env!("CARGO_BIN_EXE_zisc"))
        .args(["check", "--color", "never", &name(case)])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("the built program runs");
    assert!(output.stdout.is_empty(), "{}: findings belong on standard error", name(case));
    let told = String::from_utf8_lossy(&output.stderr);
    let code = output.status.code().filter(|code| [0, 1].contains(code));
    let code = code.unwrap_or_else(|| panic!("{}: the program gave up\n{told}", name(case)));
    let told = format!("exit code {code}\n\n{told}");
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(case.parent().expect("a case stands in a folder"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let stem = case.file_stem().expect("a case has a name").to_string_lossy().into_owned();
    settings.bind(|| insta::assert_snapshot!(stem, told));
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/findings")
}

/// The path from the root of the repository.
fn name(path: &Path) -> String {
    path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// All files in a folder and the folders in it whose names end in `.extension`, in order.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder of the cases can be read") {
        let path = entry.expect("its entries can be read").path();
        if path.is_dir() {
            all.extend(files(&path, extension));
        } else if path.extension().is_some_and(|found| found == extension) {
            all.push(path);
        }
    }
    all.sort();
    all
}
