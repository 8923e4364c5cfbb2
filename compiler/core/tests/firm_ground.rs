//! What the compiler makes of ordinary code depends on nothing that the platform's documentation leaves open. Each
//! rule here is one of those that the design calls firm ground; each is asked of every state of every example.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use zisc_bundle::json::{self, Json, Value};
use zisc_bundle::{Bundle, Condition, Delay, Machine, State, StateKind};
use zisc_core::jq::infer;
use zisc_core::{Database, Level, Settings, SourceFile, Type};

/// A state, the flow it is in, and all names of that flow.
struct Seen<'a> {
    flow: &'a str,
    state: &'a State,
}

/// What a rule says of a state: nothing where it holds.
type Rule = fn(&Seen<'_>) -> Option<String>;

const RULES: &[(&str, Rule)] = &[
    ("every result has its place", result_path),
    ("an error has its place, and every error is caught", catch),
    ("logical operators nest once", nesting),
    ("a value that is not text is passed as a path", no_lone_placeholder),
    ("jq that the compiler wrote yields exactly one value", one_value),
    ("a wait is longer than nothing and shorter than a flow may live", wait),
    ("a name has letters, digits, `_` and `.`, 80 at the most", name),
];

#[test]
fn every_state_stands_on_firm_ground() {
    let mut states = 0;
    for (path, bundle) in bundles() {
        for flow in bundle.flows() {
            let mut all = Vec::new();
            gather(&flow.machine, &mut all);
            let mut names = HashSet::new();
            for state in all {
                states += 1;
                let unique = names.insert(state.name.value.clone());
                assert!(unique, "{}: two states are called {}", path.display(), state.name.value);
                let seen = Seen { flow: &flow.name, state };
                for (what, rule) in RULES {
                    let told = rule(&seen);
                    let shown = json::compact(&state.to_json());
                    assert!(told.is_none(), "{}: {what}: {told:?}\n{}: {shown}", path.display(), seen.flow);
                }
            }
        }
    }
    assert!(states > 100, "only {states} states were seen");
}

/// The check of bundle JSON knows the same ground: what is built from faultless source has no fault as JSON.
#[test]
fn what_is_built_has_no_findings_as_a_bundle() {
    for (path, bundle) in bundles() {
        let db = Database::default();
        let text = bundle.write();
        let file = SourceFile::new(&db, "bundle.json".to_owned(), text);
        let found = zisc_core::findings(&db, file, Settings::standard(&db));
        let wrong: Vec<_> =
            found.iter().filter(|its| its.level == Level::Error).map(|its| (its.rule.code, &its.headline)).collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}", path.display());
    }
}

fn result_path(seen: &Seen<'_>) -> Option<String> {
    match &seen.state.kind {
        StateKind::Action { result_path, .. }
        | StateKind::Map { result_path, .. }
        | StateKind::Pass { result_path, .. } => result_path.is_none().then(|| "no ResultPath".to_owned()),
        _ => None,
    }
}

fn catch(seen: &Seen<'_>) -> Option<String> {
    seen.state.kind.catch().iter().find_map(|catcher| {
        let all = catcher
            .error_equals
            .as_array()
            .is_some_and(|names| names.len() == 1 && names[0].as_str() == Some("States.ALL"));
        (!all || catcher.result_path.is_none()).then(|| "another Catch".to_owned())
    })
}

fn nesting(seen: &Seen<'_>) -> Option<String> {
    fn depth(condition: &Condition) -> usize {
        match condition {
            Condition::And(inner) | Condition::Or(inner) => 1 + inner.iter().map(depth).max().unwrap_or(0),
            Condition::Not(inner) => 1 + depth(inner),
            Condition::Compare { .. } | Condition::Unknown(_) => 0,
        }
    }
    let StateKind::Choice { rules, .. } = &seen.state.kind else { return None };
    rules.iter().map(|rule| depth(&rule.condition)).find(|depth| *depth > 1).map(|depth| format!("nested {depth} deep"))
}

fn no_lone_placeholder(seen: &Seen<'_>) -> Option<String> {
    fn find(json: &Json) -> Option<String> {
        match &json.value {
            Value::Object(members) => members.iter().find_map(|member| {
                let text = member.value.as_str().unwrap_or_default();
                let lone =
                    member.key.ends_with(".$") && text.starts_with("{{") && text.find("}}") == Some(text.len() - 2);
                if lone { Some(format!("{}: {text}", *member.key)) } else { find(&member.value) }
            }),
            Value::Array(items) => items.iter().find_map(find),
            _ => None,
        }
    }
    match &seen.state.kind {
        StateKind::Action { parameters: Some(parameters), .. } => {
            find(parameters).filter(|told| !told.starts_with("data.$"))
        }
        StateKind::Pass { result: Some(result), .. } => find(result),
        _ => None,
    }
}

fn one_value(seen: &Seen<'_>) -> Option<String> {
    let StateKind::Action { parameters: Some(parameters), .. } = &seen.state.kind else { return None };
    if !seen.state.name.ends_with(".Values") {
        return None;
    }
    let program = parameters.get("expr").and_then(Json::as_str)?;
    let found = infer(program, &Type::Any);
    (found.certain_error || (found.count.least, found.count.most) != (1, 1)).then(|| program.to_owned())
}

fn wait(seen: &Seen<'_>) -> Option<String> {
    let StateKind::Wait { delay: Delay::Seconds(seconds), .. } = &seen.state.kind else { return None };
    let seconds = seconds.as_f64().unwrap_or_default();
    (seconds <= 0.0 || seconds > 100.0).then(|| format!("{seconds} s"))
}

fn name(seen: &Seen<'_>) -> Option<String> {
    let name = &seen.state.name.value;
    let fits = name.len() <= 80 && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
    (!fits).then(|| name.clone())
}

fn gather<'m>(machine: &'m Machine, all: &mut Vec<&'m State>) {
    for state in machine.states.values() {
        all.push(state);
        if let StateKind::Map { iterator, .. } = &state.kind {
            gather(iterator, all);
        }
    }
}

/// The bundles of all examples and cases that have no mistake, other than what is kept as JSON or in the platform's own
/// notation: that is the author's.
fn bundles() -> Vec<(PathBuf, Bundle)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    let mut sources = Vec::new();
    for folder in ["examples", "cases/flows"] {
        sources_below(&root.join(folder), &mut sources);
    }
    let mut bundles = Vec::new();
    for path in sources {
        let text = fs::read_to_string(&path).expect("a source");
        let own = ["raw \"", "extra {", ".$\"", "let _ =", "import "].iter().any(|word| text.contains(word));
        if own {
            continue;
        }
        let db = Database::default();
        let settings = Settings::standard(&db);
        let file = SourceFile::new(&db, path.display().to_string(), text);
        if zisc_core::findings(&db, file, settings).iter().all(|finding| finding.level != Level::Error) {
            bundles.push((path, zisc_core::bundle(&db, file, settings).clone()));
        }
    }
    bundles
}

fn sources_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            sources_below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "zis") {
            found.push(path);
        }
    }
    found.sort();
}
