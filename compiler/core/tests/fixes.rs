//! A fix mends what it is offered for: applied, the finding is gone, and no other has come.

use std::path::{Path, PathBuf};
use zisc_core::{Database, Finding, Settings, SourceFile};

#[test]
fn every_fix_removes_its_finding() {
    let mut fixes = 0;
    let mut wrong = Vec::new();
    for path in cases(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases/findings")) {
        let text = std::fs::read_to_string(&path).expect("a case can be read");
        let before = findings(&text);
        for finding in &before {
            let Some(fix) = &finding.fix else { continue };
            fixes += 1;
            let mut mended = text.clone();
            mended.replace_range(std::ops::Range::<usize>::from(fix.span), &fix.replacement);
            let after = findings(&mended);
            let is_same =
                |other: &Finding| other.headline == finding.headline && other.span.start() == finding.span.start();
            if after.iter().any(is_same) || after.len() > before.len() {
                let told: Vec<_> = after.iter().map(|finding| finding.headline.as_str()).collect();
                wrong.push(format!("{}: {}\n{mended}{told:#?}", path.display(), fix.title));
            }
        }
    }
    assert!(fixes > 30, "only {fixes} fixes were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

fn findings(text: &str) -> Vec<Finding> {
    let db = Database::default();
    let file = SourceFile::new(&db, "case.zis".to_owned(), text.to_owned());
    zisc_core::findings(&db, file, Settings::standard(&db)).to_vec()
}

fn cases(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder of the cases can be read") {
        let path = entry.expect("its entries can be read").path();
        if path.is_dir() {
            all.extend(cases(&path));
        } else if path.extension().is_some_and(|extension| extension == "zis") {
            all.push(path);
        }
    }
    all.sort();
    all
}
