//! The documented examples through the built binary, without naming a flow: the event alone must find it.
//!
//! What each state does is compared in the runtime's own tests. The examples stand outside of this repository; where
//! they are absent the test says so and passes.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

const DOCUMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus/docs");

#[test]
fn documented_examples_run_without_naming_the_flow() {
    let Ok(folders) = fs::read_dir(DOCUMENTS) else {
        eprintln!("skipped: {DOCUMENTS} is not there");
        return;
    };
    let (mut cases, mut failed) = (0, Vec::new());
    for folder in folders.flatten().map(|entry| entry.path()).filter(|path| path.join("bundle.json").exists()) {
        for file in fs::read_dir(&folder).expect("a folder").flatten() {
            let name = file.file_name().to_string_lossy().into_owned();
            let Some(case) = name.strip_prefix("expected").and_then(|name| name.strip_suffix(".json")) else {
                continue;
            };
            cases += 1;
            let expected = serde_json::from_slice(&fs::read(file.path()).expect("a file")).expect("JSON");
            if let Err(difference) = replay(&folder, case, &expected) {
                failed.push(format!("{}{case}: {difference}", folder.display()));
            }
        }
    }
    println!("{} of {cases} cases", cases - failed.len());
    assert!(failed.is_empty(), "{} of {cases} cases differ:\n{}", failed.len(), failed.join("\n"));
}

fn replay(folder: &Path, case: &str, expected: &Value) -> Result<(), String> {
    let file = |kind: &str| folder.join(format!("{kind}{case}.json"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_zisc"));
    command.args(["run", "--format", "json", "--event"]).arg(file("event")).arg(folder.join("bundle.json"));
    for (option, path) in [("--account", file("env")), ("--http", file("http"))] {
        if path.exists() {
            command.arg(option).arg(path);
        }
    }
    let output = command.output().expect("the binary runs");
    let trace: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(&output.stderr)))?;
    for key in ["job_spec", "flow", "path"] {
        if trace[key] != expected[key] {
            return Err(format!("{key} is {} instead of {}", trace[key], expected[key]));
        }
    }
    for key in ["status", "state", "message", "error", "cause"] {
        let wanted = &expected["outcome"][key];
        if !wanted.is_null() && trace["outcome"][key] != *wanted {
            return Err(format!("outcome.{key} is {} instead of {wanted}", trace["outcome"][key]));
        }
    }
    let code = if expected["outcome"]["status"] == "succeeded" { 0 } else { 1 };
    if output.status.code() != Some(code) {
        return Err(format!("exit code {:?} instead of {code}", output.status.code()));
    }
    Ok(())
}
