//! Bundles become source that builds back to the same bundles.

mod random;

use std::path::{Path, PathBuf};
use zisc_bundle::json::{Comments, Json, Value, read_with};
use zisc_core::{Database, Figures, Level, Settings, SourceFile};

/// The source of a bundle, when it has been seen that it builds back, is formatted and has no errors.
fn checked(text: &str) -> Result<(String, Figures), String> {
    let decompiled = zisc_core::decompile(text).map_err(|problems| format!("no bundle: {problems:?}"))?;
    let db = Database::default();
    let settings = Settings::standard(&db);
    let file = SourceFile::new(&db, "main.zis".to_owned(), decompiled.text.clone());
    let errors: Vec<String> = zisc_core::findings(&db, file, settings)
        .iter()
        .filter(|finding| finding.rule.level == Level::Error)
        .map(|finding| format!("{} {}", finding.rule.code, finding.headline))
        .collect();
    if !errors.is_empty() {
        return Err(format!("has errors: {errors:#?}\n{}", decompiled.text));
    }
    let built = zisc_core::bundle(&db, file, settings);
    if !without_registry(&read_with(text, Comments::Skipped).0).same(&built.to_json()) {
        return Err(format!("builds to another bundle:\n{}", decompiled.text));
    }
    if zisc_core::format(&decompiled.text).as_deref() != Ok(&decompiled.text) {
        return Err(format!("is not formatted:\n{}", decompiled.text));
    }
    let again = zisc_core::decompile(&built.write()).map_err(|problems| format!("{problems:?}"))?;
    if again.text != decompiled.text {
        return Err(format!("is another text the second time:\n{}\n---\n{}", decompiled.text, again.text));
    }
    Ok((decompiled.text, decompiled.figures))
}

/// A bundle without what the registry adds when it hands one out.
fn without_registry(json: &Json) -> Json {
    let added = ["uuid", "integration", "zendesk_account_id", "created_at", "updated_at"];
    let members = json.as_object().unwrap_or_default().iter();
    let kept = members.filter(|member| !added.contains(&member.key.as_str())).cloned().collect();
    Json::new(Value::Object(kept), json.span)
}

fn bundles_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            bundles_below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "json")
            && std::fs::read_to_string(&path).is_ok_and(|text| text.contains("zis_template_version"))
        {
            found.push(path);
        }
    }
    found.sort();
}

#[test]
fn real_bundles_come_back() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let mut paths = Vec::new();
    bundles_below(&corpus.join("public"), &mut paths);
    bundles_below(&corpus.join("docs"), &mut paths);
    if paths.is_empty() {
        eprintln!("skipped: there is no corpus beside the project");
        return;
    }
    let mut all = Figures::default();
    let (mut json_lines, mut source_lines) = (0, 0);
    let mut failures = Vec::new();
    for path in &paths {
        let text = std::fs::read_to_string(path).expect("a bundle");
        if zisc_core::decompile(&text).is_err() {
            continue; // a piece of one, in the documents
        }
        match checked(&text) {
            Ok((source, figures)) => {
                all.states += figures.states;
                all.raw_states += figures.raw_states;
                all.transitions += figures.transitions;
                all.gotos += figures.gotos;
                all.dead_gotos += figures.dead_gotos;
                all.raw_resources += figures.raw_resources;
                if path.starts_with(corpus.join("public")) {
                    json_lines += text.lines().count();
                    source_lines += source.lines().count();
                }
            }
            Err(failure) => failures.push(format!("{} {failure}", path.display())),
        }
    }
    eprintln!("{all:?}; {source_lines} lines of {json_lines}");
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), paths.len(), failures.join("\n\n"));
    assert!(all.raw_states * 100 < all.states, "raw: {all:?}");
    assert!((all.gotos - all.dead_gotos) * 20 <= all.transitions, "goto: {all:?}");
    assert!(source_lines * 100 <= json_lines * 40, "{source_lines} lines of {json_lines}");
}

/// The sources in a folder and below it, which are complete programs.
fn sources_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources_below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "zis") {
            found.push(path);
        }
    }
    found.sort();
}

#[test]
fn what_was_built_comes_back() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    let mut paths = Vec::new();
    sources_below(&tests.join("cases/flows"), &mut paths);
    sources_below(&tests.join("examples"), &mut paths);
    assert!(!paths.is_empty(), "there are sources");
    for path in paths {
        let db = Database::default();
        let settings = Settings::standard(&db);
        let source = std::fs::read_to_string(&path).expect("a source");
        let file = SourceFile::new(&db, "main.zis".to_owned(), source);
        let bundle = zisc_core::bundle(&db, file, settings).write();
        let (text, _) = checked(&bundle).unwrap_or_else(|failure| panic!("{} {failure}", path.display()));
        let name = path.strip_prefix(&tests).expect("below").with_extension("").display().to_string().replace('/', "_");
        insta::assert_snapshot!(format!("built_{name}"), text);
    }
}

/// Bundles as people keep them: in every style, with what is rare in it.
#[test]
fn bundles_of_every_style_come_back() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases/decompile/bundles");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the folder").flatten().map(|entry| entry.path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "there are bundles");
    for path in paths {
        let bundle = std::fs::read_to_string(&path).expect("a bundle");
        let (text, figures) = checked(&bundle).unwrap_or_else(|failure| panic!("{} {failure}", path.display()));
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        insta::assert_snapshot!(format!("style_{name}"), format!("{text}\n// {figures:?}"));
    }
}

/// How many random bundles are tried, and from which seed on: `ZISC_RANDOM_BUNDLES=10000` looks longer,
/// `ZISC_RANDOM_SEED=7` elsewhere.
fn wanted(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}

#[test]
fn random_bundles_come_back() {
    let first = wanted("ZISC_RANDOM_SEED", 1);
    let mut failures = Vec::new();
    for seed in first..first + wanted("ZISC_RANDOM_BUNDLES", 200) {
        let bundle = serde_json::to_string_pretty(&random::Random::new(seed).bundle()).expect("JSON");
        if let Err(failure) = checked(&bundle) {
            failures.push(format!("seed {seed} {failure}"));
        }
    }
    let shown: Vec<&str> = failures.iter().take(3).map(String::as_str).collect();
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), shown.join("\n\n"));
}
