//! Mistakes that newcomers make, one in each file of `tests/cases/seeded`: what `zisc check` finds, where, and that the
//! fix it offers mends it.
//!
//! The mistake stands between `«` and `»`, which are not part of the program. The first line of a file is the code and
//! the message of the one finding; a second one, `// fix: …`, names the fix, where there is one.

use serde_json::Value;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A program with one mistake in it, and what is to be found.
struct Case {
    name: String,
    program: String,
    expected: Expected,
}

#[derive(Debug, PartialEq)]
struct Expected {
    finding: String,
    fix: Option<String>,
    start: usize,
    end: usize,
}

#[test]
fn each_seeded_mistake_is_found_once_where_it_is_and_its_fix_mends_it() {
    let cases = cases();
    assert!(cases.len() >= 80, "only {} cases were found", cases.len());
    let mut wrong = String::new();
    let findings = check("seeded", cases.iter().map(|case| (case.name.as_str(), case.program.as_str())));
    let mut mended = Vec::new();
    for (case, findings) in cases.iter().zip(&findings) {
        match findings.as_slice() {
            [finding] => {
                let found = found(finding);
                if found != case.expected {
                    let _ =
                        writeln!(wrong, "{}:\n  {found:?} is found, and\n  {:?} is expected", case.name, case.expected);
                }
                if !finding["fix"].is_null() {
                    mended.push((case.name.as_str(), applied(&case.program, &finding["fix"])));
                }
            }
            _ => {
                let _ = writeln!(wrong, "{}: {} findings: {findings:#?}", case.name, findings.len());
            }
        }
    }
    let left = check("mended", mended.iter().map(|(name, program)| (*name, program.as_str())));
    for ((name, program), findings) in mended.iter().zip(left) {
        if !findings.is_empty() {
            let _ = writeln!(wrong, "{name}: the fix leaves {findings:#?}\n{program}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn found(finding: &Value) -> Expected {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let offset = |name: &str| finding["place"][name].as_u64().expect("a number") as usize;
    Expected {
        finding: format!("{} {}", text(&finding["code"]), text(&finding["message"])),
        fix: finding["fix"].get("title").map(text),
        start: offset("start"),
        end: offset("end"),
    }
}

fn applied(program: &str, fix: &Value) -> String {
    let offset = |name: &str| fix["place"][name].as_u64().expect("a number") as usize;
    let replacement = fix["replacement"].as_str().expect("a text");
    format!("{}{replacement}{}", &program[..offset("start")], &program[offset("end")..])
}

/// What is found in each of some programs. They are written where tests may write.
fn check<'a>(folder: &str, programs: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<Vec<Value>> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
    programs
        .map(|(name, program)| {
            let path = folder.join(name).join("main.zis");
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(&path, program).expect("a file");
            let output = Command::new(env!("CARGO_BIN_EXE_zisc"))
                .args(["check", "--format", "json"])
                .arg(&path)
                .output()
                .expect("the program runs");
            let report: Value = serde_json::from_slice(&output.stdout)
                .unwrap_or_else(|error| panic!("{name}: {error}\n{}", String::from_utf8_lossy(&output.stderr)));
            let files = report["files"].as_array().expect("a list").iter();
            files.flat_map(|file| file["findings"].as_array().expect("a list").clone()).collect()
        })
        .collect()
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/seeded");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths.iter().map(|path| case(path)).collect()
}

fn case(path: &Path) -> Case {
    let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
    let text = fs::read_to_string(path).expect("a text");
    let mut lines = text.split_inclusive('\n');
    let mut next = |start: &str| {
        let line = lines.clone().next()?.strip_prefix(start)?.trim_end().to_owned();
        lines.next();
        Some(line)
    };
    let finding = next("// ").unwrap_or_else(|| panic!("{name}: the first line says what is found"));
    let fix = next("// fix: ");
    let marked: String = lines.collect();
    let start = marked.find('«').unwrap_or_else(|| panic!("{name}: `«` marks the mistake"));
    let marked = marked.replacen('«', "", 1);
    let end = marked.find('»').unwrap_or_else(|| panic!("{name}: `»` ends the mistake"));
    let program = marked.replacen('»', "", 1);
    Case { name, program, expected: Expected { finding, fix, start, end } }
}
