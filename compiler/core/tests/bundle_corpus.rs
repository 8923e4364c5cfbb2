//! Bundles from elsewhere: those of the documentation are faultless, and in public ones the known defects are found.
//!
//! They stand outside of this repository; where they are absent the tests say so and pass.

#![allow(clippy::print_stderr, clippy::print_stdout, reason = "a test that is skipped says so")]

use std::collections::BTreeMap;
use std::path::Path;
use zisc_core::{Database, Finding, Level, Settings, SourceFile};

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus");

#[test]
fn documented_bundles_have_no_errors() {
    let mut checked = 0;
    for folder in entries("docs") {
        let path = folder.join("bundle.json");
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        checked += 1;
        let wrong: Vec<String> = findings(&text)
            .iter()
            .filter(|finding| finding.rule.level == Level::Error)
            .map(|finding| format!("{}: {}", finding.rule.code, finding.headline))
            .collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}", path.display());
    }
    eprintln!("{checked} documented bundles");
}

#[test]
fn known_defects_of_public_bundles_are_found() {
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let files: Vec<_> =
        entries("public").into_iter().filter(|path| path.extension().is_some_and(|e| e == "json")).collect();
    if files.is_empty() {
        return;
    }
    for path in files {
        let text = std::fs::read_to_string(&path).expect("a file of the corpus can be read");
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for finding in findings(&text) {
            found.entry(finding.rule.code).or_default().push(format!("{name}: {}", finding.headline));
        }
    }
    let count = |code: &str| found.get(code).map_or(0, Vec::len);
    assert_eq!(count("E0105"), 2, "jobs whose flow does not exist: {:#?}", found.get("E0105"));
    assert!(found["E0401"].iter().any(|headline| headline.ends_with("a job spec has no `definition`")));
    assert_eq!(count("W0501"), 9, "states that are never reached");
    assert_eq!(count("W0504"), 3, "actions that are not used");
    assert_eq!(count("E0202"), 1, "a call with a wrong name of a parameter");
    assert_eq!(count("W0710"), 6, "calls that give what is not read, beside that one");
    assert_eq!(count("E0207"), 3, "reads of what no state sets: {:#?}", found.get("E0207"));
    assert_eq!(count("W0505"), 9, "credentials in headers");
    // Everything else that is an error has been looked at: an event and a version that do not exist, and an address
    // that is none.
    let errors: usize = found.iter().filter(|(code, _)| code.starts_with('E')).map(|(_, all)| all.len()).sum();
    assert_eq!(errors, 10, "{found:#?}");
}

fn entries(folder: &str) -> Vec<std::path::PathBuf> {
    let folder = Path::new(CORPUS).join(folder);
    let Ok(entries) = std::fs::read_dir(&folder) else {
        eprintln!("skipped: {} is not there", folder.display());
        return Vec::new();
    };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn findings(text: &str) -> Vec<Finding> {
    let db = Database::default();
    let file = SourceFile::new(&db, "bundle.json".to_owned(), text.to_owned());
    zisc_core::findings(&db, file, Settings::standard(&db)).to_vec()
}
