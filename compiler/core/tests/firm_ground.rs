//! What the compiler makes of ordinary code depends on nothing that the platform's documentation leaves open. Each
//! rule here is one of those that the design calls firm ground; each is asked of every state of every example.

use std::collections::HashSet;
use std::fs;
use std::path::PathBuf;
use zisc_bundle::json::{self, Json, Value};
use zisc_bundle::{Bundle, Condition, Delay, Machine, Path, ResourceKind, Span, State, StateKind};
use zisc_core::jq::infer;
use zisc_core::{Database, Finding, Level, Settings, SourceFile, SourceMap, Type};

/// A state, and the flow it is in.
struct Seen<'a> {
    flow: &'a str,
    state: &'a State,
    /// Whether the statement behind the state has a jq text, which is the author's.
    has_jq_text: bool,
}

/// What a rule says of a state: nothing where it holds.
type Rule = fn(&Seen<'_>) -> Option<String>;

const RULES: &[(&str, Rule)] = &[
    ("every result has its place", result_path),
    ("an error has its place, and every error is caught", catch),
    ("logical operators nest once", nesting),
    ("a value that is not text is passed as a path", no_lone_placeholder),
    ("nothing is filled in under a plain key, nor said twice", plain_keys),
    ("paths are of the form that is known to work", paths),
    ("a Choice says what happens when no rule is true", default),
    ("a literal is of the kind that its operator compares", operand),
    ("a state has the documented members only", members),
    ("jq that the compiler wrote yields exactly one value", one_value),
    ("jq that the compiler wrote is that of jq 1.6", known_jq),
    ("a wait is longer than nothing and shorter than a flow may live", wait),
    ("a name has letters, digits, `_` and `.`, 80 at the most", name),
];

#[test]
fn every_state_stands_on_firm_ground() {
    let mut states = 0;
    for Built { path, text, bundle, map } in bundles() {
        for (key, flow) in bundle.resources.iter().filter_map(|(key, resource)| match &resource.kind {
            ResourceKind::Flow(flow) => Some((key, flow)),
            _ => None,
        }) {
            let start = map[key].absolute(Span::default()).start();
            let mut all = Vec::new();
            gather(&flow.machine, &mut all);
            let mut names = HashSet::new();
            for state in all {
                states += 1;
                let unique = names.insert(state.name.value.clone());
                assert!(unique, "{}: two states are called {}", path.display(), state.name.value);
                let has_jq_text = text[state.span + start].contains("jq");
                let seen = Seen { flow: &flow.name, state, has_jq_text };
                for (what, rule) in RULES {
                    let told = rule(&seen);
                    let shown = json::compact(&state.to_json());
                    assert!(told.is_none(), "{}: {what}: {told:?}\n{}: {shown}", path.display(), seen.flow);
                }
            }
        }
    }
    assert!(states > 200, "only {states} states were seen");
}

/// What only follows from the data on the ways, such as a comparison without `IsPresent` of what may not be set, or a Map
/// over what are no objects, is found by the check of bundle JSON.
#[test]
fn what_is_built_has_no_findings_as_a_bundle() {
    // A source without items is built too, and an empty bundle is told of.
    for Built { path, text, bundle, .. } in bundles().into_iter().filter(|built| !built.bundle.resources.is_empty()) {
        let db = Database::default();
        let file = SourceFile::new(&db, "bundle.json".to_owned(), bundle.write());
        let found = zisc_core::findings(&db, file, Settings::standard(&db));
        // `x!` says that the author knows better.
        let asserts = ["!}", "!)", "!,", "!\n"].iter().any(|end| text.contains(end));
        let accepted = |finding: &&Finding| {
            ACCEPTED.contains(&finding.rule.name) || (asserts && finding.rule.name == "may-not-be-set")
        };
        let wrong: Vec<_> =
            found.iter().filter(|its| !accepted(its)).map(|its| (its.rule.code, &its.headline)).collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}", path.display());
    }
}

/// Findings about what the author wrote, and none about how the compiler wrote it down.
const ACCEPTED: &[&str] = &[
    "documented-name",
    "jq-differs",
    "jq-outputs",
    "jq-unattested",
    "long-wait",
    "no-credentials",
    "no-end",
    "no-pause",
    "not-encoded",
    "secret",
    "secret-in-log",
    "unreachable",
    "unused",
];

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

fn plain_keys(seen: &Seen<'_>) -> Option<String> {
    fn find(json: &Json) -> Option<String> {
        let Value::Object(members) = &json.value else {
            return json.as_array().unwrap_or_default().iter().find_map(find);
        };
        members.iter().find_map(|member| {
            let twice = members.iter().any(|other| *other.key == format!("{}.$", *member.key));
            let is_plain = !member.key.ends_with(".$");
            let filled = is_plain && member.value.as_str().is_some_and(|text| text.contains("{{$"));
            if twice || filled { Some(member.key.value.clone()) } else { find(&member.value) }
        })
    }
    template(seen).and_then(find)
}

fn paths(seen: &Seen<'_>) -> Option<String> {
    fn filled_in(json: &Json, found: &mut Vec<String>) {
        for member in json.as_object().unwrap_or_default() {
            match member.value.as_str().filter(|_| member.key.ends_with(".$")) {
                Some(text) if text.starts_with('$') => found.push(text.to_owned()),
                Some(text) => {
                    found.extend(text.split("{{").skip(1).filter_map(|part| Some(part.split_once("}}")?.0.to_owned())));
                }
                None => filled_in(&member.value, found),
            }
        }
        json.as_array().unwrap_or_default().iter().for_each(|item| filled_in(item, found));
    }
    fn compared(condition: &Condition, found: &mut Vec<String>) {
        match condition {
            Condition::And(inner) | Condition::Or(inner) => inner.iter().for_each(|inner| compared(inner, found)),
            Condition::Not(inner) => compared(inner, found),
            Condition::Compare { variable, operator, operand } => {
                found.push(variable.value.clone());
                found.extend(operand.as_str().filter(|_| operator.name.ends_with("Path")).map(str::to_owned));
            }
            Condition::Unknown(_) => {}
        }
    }
    let mut read = Vec::new();
    let mut written: Vec<&Json> = seen.state.kind.catch().iter().filter_map(|its| its.result_path.as_ref()).collect();
    match &seen.state.kind {
        StateKind::Action { result_path, .. } | StateKind::Pass { result_path, .. } => written.extend(result_path),
        StateKind::Map { items_path, result_path, .. } => {
            read.push(items_path.value.clone());
            written.extend(result_path);
        }
        StateKind::Choice { rules, .. } => rules.iter().for_each(|rule| compared(&rule.condition, &mut read)),
        StateKind::Wait { delay: Delay::SecondsPath(path), .. } => read.push(path.value.clone()),
        _ => {}
    }
    if let Some(template) = template(seen) {
        filled_in(template, &mut read);
    }
    let is_plain =
        |path: &str| Path::parse(path).is_ok() && !path.contains(['*', '?', '@', ':']) && !path.contains("..");
    let written = written.into_iter().map(|path| path.as_str().unwrap_or_default());
    let indexed = written.clone().find(|path| path.contains('['));
    let strange = read.iter().map(String::as_str).chain(written).find(|path| !is_plain(path));
    indexed.or(strange).map(str::to_owned)
}

/// What the platform fills in before the state does its work.
fn template<'a>(seen: &Seen<'a>) -> Option<&'a Json> {
    match &seen.state.kind {
        StateKind::Action { parameters, .. } => parameters.as_ref(),
        StateKind::Pass { result, .. } => result.as_ref(),
        _ => None,
    }
}

fn default(seen: &Seen<'_>) -> Option<String> {
    let StateKind::Choice { default, .. } = &seen.state.kind else { return None };
    default.is_none().then(|| "no Default".to_owned())
}

fn operand(seen: &Seen<'_>) -> Option<String> {
    fn fits(condition: &Condition) -> bool {
        match condition {
            Condition::And(inner) | Condition::Or(inner) => inner.iter().all(fits),
            Condition::Not(inner) => fits(inner),
            Condition::Unknown(_) => false,
            Condition::Compare { operator, operand, .. } => {
                let (name, value) = (operator.name, &operand.value);
                match value {
                    Value::String(text) if name.ends_with("Path") => text.starts_with('$'),
                    Value::String(text) if name.starts_with("Timestamp") => {
                        text.contains('T') && (text.ends_with('Z') || text.contains('+'))
                    }
                    Value::String(_) => name.starts_with("String"),
                    Value::Number(_) => name.starts_with("Numeric"),
                    Value::Bool(_) => name.starts_with("Boolean") || name.starts_with("Is"),
                    Value::Null | Value::Array(_) | Value::Object(_) => false,
                }
            }
        }
    }
    let StateKind::Choice { rules, .. } = &seen.state.kind else { return None };
    rules.iter().find(|rule| !fits(&rule.condition)).map(|_| "another operand".to_owned())
}

fn members(seen: &Seen<'_>) -> Option<String> {
    seen.state.extra.first().map(|member| member.key.value.clone())
}

/// The jq that the compiler wrote in a state.
fn own_program<'a>(seen: &Seen<'a>) -> Option<&'a str> {
    let StateKind::Action { action, parameters: Some(parameters), .. } = &seen.state.kind else { return None };
    let is_own = *action.value == *JQ && (seen.state.name.ends_with(".Values") || !seen.has_jq_text);
    parameters.get("expr").and_then(Json::as_str).filter(|_| is_own)
}

const JQ: &str = "zis:common:transform:Jq";

fn one_value(seen: &Seen<'_>) -> Option<String> {
    let program = own_program(seen)?;
    let found = infer(program, &Type::Any);
    (found.certain_error || (found.count.least, found.count.most) != (1, 1)).then(|| program.to_owned())
}

/// Words of jq, and functions of jq 1.6 that depend on nothing but their input; `now` alone is documented besides.
const KNOWN_JQ: &[&str] = &[
    "add",
    "all",
    "and",
    "any",
    "as",
    "ascii_downcase",
    "ascii_upcase",
    "capture",
    "ceil",
    "contains",
    "del",
    "elif",
    "else",
    "empty",
    "end",
    "false",
    "first",
    "flatten",
    "floor",
    "from_entries",
    "fromdateiso8601",
    "fromjson",
    "gsub",
    "has",
    "if",
    "index",
    "join",
    "keys",
    "length",
    "ltrimstr",
    "map",
    "match",
    "max",
    "min",
    "not",
    "now",
    "null",
    "objects",
    "or",
    "reverse",
    "round",
    "rtrimstr",
    "select",
    "sort",
    "sort_by",
    "split",
    "startswith",
    "endswith",
    "strftime",
    "test",
    "then",
    "to_entries",
    "todateiso8601",
    "tojson",
    "tonumber",
    "tostring",
    "true",
    "type",
    "unique",
    "@base64",
    "@base64d",
    "@html",
    "@uri",
];

fn known_jq(seen: &Seen<'_>) -> Option<String> {
    let program = own_program(seen)?;
    words(program).into_iter().find(|word| !KNOWN_JQ.contains(&word.as_str()))
}

/// The words of a jq program: no fields, variables, keys, or texts.
fn words(program: &str) -> Vec<String> {
    let letters: Vec<char> = program.chars().collect();
    let mut words = Vec::new();
    // How many brackets are open in each value that is put into a text.
    let mut inside: Vec<usize> = Vec::new();
    let mut at = 0;
    let text_from = |mut at: usize| {
        while at < letters.len() && letters[at] != '"' {
            if letters[at] == '\\' && letters.get(at + 1) == Some(&'(') {
                return (at + 2, true);
            }
            at += if letters[at] == '\\' { 2 } else { 1 };
        }
        (at + 1, false)
    };
    while at < letters.len() {
        let letter = letters[at];
        match letter {
            '"' => {
                let (next, is_value) = text_from(at + 1);
                inside.extend(is_value.then_some(0));
                at = next;
            }
            ')' if inside.last() == Some(&0) => {
                inside.pop();
                let (next, is_value) = text_from(at + 1);
                inside.extend(is_value.then_some(0));
                at = next;
            }
            _ if letter.is_ascii_alphabetic() || letter == '_' || letter == '@' => {
                let word: String =
                    letters[at..].iter().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '@')).collect();
                let before = at.checked_sub(1).map(|before| letters[before]);
                at += word.len();
                let is_key = letters.get(at) == Some(&':');
                if !matches!(before, Some('.' | '$')) && !is_key {
                    words.push(word);
                }
            }
            _ => {
                if let Some(open) = inside.last_mut() {
                    match letter {
                        '(' => *open += 1,
                        ')' => *open -= 1,
                        _ => {}
                    }
                }
                at += 1;
            }
        }
    }
    words
}

#[test]
fn the_words_of_a_program_are_those_that_jq_looks_up() {
    let program = r#"{items: [.map[] as $first | {a: "x \(.b | length) \"y\" \("z" | test("w"))"}], k: @uri}"#;
    assert_eq!(words(program), ["as", "length", "test", "@uri"]);
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

/// A source, and what it becomes.
struct Built {
    path: PathBuf,
    text: String,
    bundle: Bundle,
    map: SourceMap,
}

/// The bundles of all examples and cases in which nothing is wrong, other than what is kept as JSON or in the platform's own
/// notation: that is the author's.
fn bundles() -> Vec<Built> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    let mut sources = Vec::new();
    for folder in ["examples", "cases"] {
        sources_below(&root.join(folder), &mut sources);
    }
    let mut bundles = Vec::new();
    for path in sources {
        let text = fs::read_to_string(&path).expect("a source");
        let own = ["raw \"", "raw {", "extra {", ".$\"", "let _ =", "catch _", "import "];
        if own.iter().any(|word| text.contains(word)) {
            continue;
        }
        let db = Database::default();
        let settings = Settings::standard(&db);
        let file = SourceFile::new(&db, path.display().to_string(), text.clone());
        if zisc_core::findings(&db, file, settings).iter().all(|finding| finding.level == Level::Hint) {
            let bundle = zisc_core::bundle(&db, file, settings).clone();
            bundles.push(Built { path, text, bundle, map: zisc_core::source_map(&db, file, settings) });
        }
    }
    bundles
}

fn sources_below(folder: &std::path::Path, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            sources_below(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "zis") {
            found.push(path);
        }
    }
    found.sort();
}
