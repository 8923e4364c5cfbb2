//! What the server answers: a source with marked places, requests about them, and the answers, as one text.
//!
//! In a case `$1` to `$9` mark places and do not belong to the source. Its last lines are the requests:
//! `//? textDocument/hover $1`, with members of the parameters after the place, if any: `newName="x"`. What stands behind
//! `//= other.zis` is another file, which is open, too.

use crate::client::{BUNDLE_URI, Client, URI};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

#[test]
fn answers_are_as_before() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/lsp");
    let mut cases: Vec<_> =
        std::fs::read_dir(&folder).expect("there are cases").flatten().map(|it| it.path()).collect();
    cases.sort();
    assert!(cases.len() > 10, "the cases are gone");
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path("../snapshots");
    settings.set_omit_expression(true);
    for case in cases {
        let text = std::fs::read_to_string(&case).expect("a case can be read");
        let name = case.file_stem().expect("a case has a name").to_string_lossy();
        let uri = if case.extension().is_some_and(|it| it == "json") { BUNDLE_URI } else { URI };
        settings.bind(|| insta::assert_snapshot!(format!("lsp__{name}"), answers(&text, uri)));
    }
}

/// The source with its markers, then each request with its answer.
fn answers(case: &str, uri: &str) -> String {
    let (marked, requests) = case.split_at(case.find("//?").expect("a request"));
    let (marked, others) = marked.split_at(marked.find("//= ").unwrap_or(marked.len()));
    let (source, places) = without_markers(marked);
    let mut client = Client::connect();
    let capabilities = client.initialize(json!({
        "processId": null,
        "rootUri": null,
        "capabilities": {
            "general": { "positionEncodings": ["utf-16"] },
            "experimental": { "commands": ["zisc.runFlow", "zisc.showReferences", "zisc.decompile"] },
            "textDocument": {
                "completion": { "completionItem": { "snippetSupport": true } },
                "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
            },
        },
    }));
    let legend = capabilities["semanticTokensProvider"]["legend"].clone();
    client.open_as(uri, &source);
    for (name, text) in others.split("//= ").filter_map(|other| other.split_once('\n')) {
        client.open_as(&URI.replace("main.zis", name), text);
    }
    let mut out = format!("{marked}{others}");
    for request in requests.lines().filter_map(|line| line.strip_prefix("//? ")) {
        let _ = writeln!(out, "────── {request}");
        let mut words = request.splitn(2, ' ');
        let method = words.next().expect("a method");
        let params = parameters(method, words.next().unwrap_or_default(), &places, uri);
        let answer = client.request(method, params);
        let answer = match answer.get("error") {
            Some(error) => format!("error: {}", error["message"].as_str().unwrap_or_default()),
            None if method.starts_with("textDocument/semanticTokens") => words_of(&source, &legend, &answer["result"]),
            None if method == "textDocument/completion" => completions(&answer["result"]),
            None if method == "zisc/graph" => drawing(&answer["result"]),
            None if method == "zisc/bundle" => origins(&source, &answer["result"]),
            None => shown(&answer["result"]),
        };
        let _ = writeln!(out, "{answer}");
    }
    out
}

/// The text without `$1` and the like, and where they stood, as line and column.
fn without_markers(marked: &str) -> (String, BTreeMap<char, (usize, usize)>) {
    let mut source = String::new();
    let mut places = BTreeMap::new();
    let mut characters = marked.chars().peekable();
    while let Some(c) = characters.next() {
        match (c, characters.peek()) {
            ('$', Some(&marker @ '1'..='9')) => {
                characters.next();
                let line = source.matches('\n').count();
                let column = source.rsplit('\n').next().unwrap_or_default().encode_utf16().count();
                places.insert(marker, (line, column));
            }
            _ => source.push(c),
        }
    }
    (source, places)
}

/// The parameters of a request: `$1` is a position, `$1-$2` a range, `name=json` any member.
fn parameters(method: &str, words: &str, places: &BTreeMap<char, (usize, usize)>, uri: &str) -> Value {
    let context = match method {
        "textDocument/references" => Some(json!({ "includeDeclaration": true })),
        "textDocument/codeAction" => Some(json!({ "diagnostics": [] })),
        _ => None,
    };
    let position = |marker: &str| {
        let (line, character) = places[&marker.chars().nth(1).expect("a marker has a number")];
        json!({ "line": line, "character": character })
    };
    let mut params = Map::new();
    params.insert("textDocument".to_owned(), json!({ "uri": uri }));
    let (place, rest) = words.split_once(' ').unwrap_or((words, ""));
    let rest = if place.starts_with('$') { rest } else { words };
    if let Some((from, to)) = place.split_once('-').filter(|_| place.starts_with('$')) {
        params.insert("range".to_owned(), json!({ "start": position(from), "end": position(to) }));
    } else if place.starts_with('$') {
        params.insert("position".to_owned(), position(place));
        params.insert("positions".to_owned(), json!([position(place)]));
    }
    params.extend(context.map(|context| ("context".to_owned(), context)));
    for member in rest.split(';').filter(|member| !member.is_empty()) {
        let (name, value) = member.split_once('=').expect("a member has a value");
        params.insert(name.trim().to_owned(), serde_json::from_str(value).expect("the value is JSON"));
    }
    Value::Object(params)
}

/// An answer as a person reads it: texts as they are, places as `line:column`.
fn shown(answer: &Value) -> String {
    if let Some(text) = answer.pointer("/contents/value").and_then(Value::as_str) {
        return format!("{}\n{}", short(&answer["range"]), text);
    }
    match short(answer) {
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| item.to_string().replace("\\n", "\n    ")).collect();
            if items.is_empty() { "nothing".to_owned() } else { items.join("\n") }
        }
        Value::Null => "nothing".to_owned(),
        other => serde_json::to_string_pretty(&other).expect("JSON can be written").replace("\\n", "\n      "),
    }
}

fn short(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let number = |value: &Value, path: &str| value.pointer(path).and_then(Value::as_u64);
            let place = |value: &Value| Some(format!("{}:{}", number(value, "/line")?, number(value, "/character")?));
            if let (Some(start), Some(end)) = (members.get("start").and_then(place), members.get("end").and_then(place))
            {
                return Value::String(format!("{start}-{end}"));
            }
            if let Some(place) = place(value) {
                return Value::String(place);
            }
            let kept = members.iter().map(|(key, value)| (without_folder(key), short(value)));
            Value::Object(kept.collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(short).collect()),
        Value::String(text) if text == URI || text == BUNDLE_URI => Value::String(without_folder(text)),
        other => other.clone(),
    }
}

fn without_folder(uri: &str) -> String {
    uri.replace("file:///work/", "")
}

/// The words of a source with what they are.
fn words_of(source: &str, legend: &Value, answer: &Value) -> String {
    let lines: Vec<Vec<u16>> = source.split('\n').map(|line| line.encode_utf16().collect()).collect();
    let numbers: Vec<usize> = answer["data"]
        .as_array()
        .expect("a list of numbers")
        .iter()
        .map(|number| number.as_u64().and_then(|number| usize::try_from(number).ok()).expect("a number"))
        .collect();
    let (mut line, mut column) = (0, 0);
    let mut out = Vec::new();
    for token in numbers.chunks(5) {
        let [down, right, length, kind, modifiers] = token else { panic!("five numbers for each word") };
        column = if *down == 0 { column + right } else { *right };
        line += down;
        let word = String::from_utf16(&lines[line][column..column + length]).expect("a word");
        let mut words = vec![legend["tokenTypes"][kind].as_str().expect("a type").to_owned()];
        let known = legend["tokenModifiers"].as_array().expect("modifiers").iter().enumerate();
        words.extend(
            known.filter(|(at, _)| modifiers >> at & 1 == 1).map(|(_, it)| it.as_str().unwrap_or("").to_owned()),
        );
        out.push(format!("{line}:{column} {word} → {}", words.join(" ")));
    }
    out.join("\n")
}

/// The states of a picture, with their places.
fn drawing(answer: &Value) -> String {
    let flows = answer["flows"].as_array().expect("a list of flows");
    let drawn = &flows[usize::try_from(answer["flow"].as_u64().expect("a number")).expect("a small one")];
    let mut out = format!("{} flows, drawn is {}", flows.len(), short(drawn));
    let svg = answer["svg"].as_str().expect("a picture");
    let groups: Vec<&str> = svg.lines().filter(|line| line.starts_with("<g class=\"state ")).collect();
    let states = answer["states"].as_array().expect("a list of states");
    assert_eq!(groups.len(), states.len(), "each state is drawn once");
    for (group, state) in groups.iter().zip(states) {
        let class = group.split('"').nth(1).expect("a class");
        let way: Vec<&str> = state["way"].as_array().expect("names").iter().filter_map(Value::as_str).collect();
        assert!(group.contains(&format!("data-state=\"{}\"", way.last().expect("a name"))), "{group}");
        let _ = write!(
            out,
            "\n{class}: {}, name {}, whole {}",
            way.join(" › "),
            short(&state["name"]),
            short(&state["whole"])
        );
    }
    out
}

/// What of a bundle comes from which text.
fn origins(source: &str, answer: &Value) -> String {
    let bundle = answer["text"].as_str().expect("a text");
    let mut out = vec![format!("whole: {}", answer["isWhole"])];
    for pair in answer["pairs"].as_array().expect("pairs") {
        let line = format!("{} ⇒ {}", cut(source, &pair["source"]["range"]), cut(bundle, &pair["target"]));
        if !out.contains(&line) {
            out.push(line);
        }
    }
    out.join("\n")
}

/// A part of a text on one line; of a long one, both ends.
fn cut(text: &str, range: &Value) -> String {
    let at = |place: &Value| {
        let number = |key: &str| usize::try_from(place[key].as_u64().expect("a number")).expect("a small one");
        let line: usize = text.split_inclusive('\n').take(number("line")).map(str::len).sum();
        line + number("character")
    };
    let words: Vec<&str> = text[at(&range["start"])..at(&range["end"])].split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(50) {
        Some(_) => {
            format!("{} … {}", &line[..line.char_indices().nth(30).map_or(0, |(at, _)| at)], words[words.len() - 1])
        }
        None => line,
    }
}

/// What is offered, in the order in which an editor shows it; of many the first.
fn completions(answer: &Value) -> String {
    let mut items: Vec<&Value> = answer.as_array().map(|items| items.iter().collect()).unwrap_or_default();
    items.sort_by_key(|item| item["sortText"].as_str().unwrap_or_default().to_owned());
    let count = items.len();
    let mut out: Vec<String> = items
        .iter()
        .take(14)
        .map(|item| {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let edit = short(&item["textEdit"]);
            let line =
                format!("{} {} ⇒ {} {}", text(&item["label"]), text(&item["detail"]), edit["range"], edit["newText"]);
            let beside = short(&item["additionalTextEdits"]);
            let beside = if beside.is_null() { String::new() } else { format!(", and {beside}") };
            line.replace("  ", " ") + &beside
        })
        .collect();
    if count > out.len() {
        out.push("…".to_owned());
    }
    if out.is_empty() { "nothing".to_owned() } else { out.join("\n") }
}
