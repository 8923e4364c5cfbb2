//! What statements become: each case is a flow, and the snapshot shows its states beside it.

use std::path::Path;
use zisc_bundle::json;
use zisc_core::{Database, Settings, SourceFile};

#[test]
fn statements_become_these_states() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases/flows");
    let mut cases: Vec<_> = std::fs::read_dir(folder).expect("the cases").flatten().map(|entry| entry.path()).collect();
    cases.retain(|path| path.extension().is_some_and(|extension| extension == "zis"));
    cases.sort();
    assert!(!cases.is_empty(), "there are cases");
    for path in cases {
        let text = std::fs::read_to_string(&path).expect("a case");
        let db = Database::default();
        let settings = Settings::standard(&db);
        let file = SourceFile::new(&db, "case.zis".to_owned(), text.clone());
        let findings: Vec<_> = zisc_core::findings(&db, file, settings)
            .iter()
            .filter(|its| its.level == zisc_core::Level::Error)
            .map(|its| &its.headline)
            .collect();
        assert!(findings.is_empty(), "{}: {findings:?}", path.display());
        let mut shown = text;
        for flow in zisc_core::bundle(&db, file, settings).flows() {
            shown.push_str(&format!("\n--- {} starts at {}\n", flow.name.value, flow.machine.start_at.value));
            for state in flow.machine.states.values() {
                shown.push_str(&format!("{}: {}\n", state.name.value, json::compact(&state.to_json())));
            }
        }
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        insta::assert_snapshot!(name, shown);
    }
}
