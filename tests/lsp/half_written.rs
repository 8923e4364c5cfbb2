//! Code that is being written: the examples, cut off or with the rest of a line gone. What is offered at a place of the
//! whole text is offered there too, for nothing in front of the place has changed.

use crate::client::{Client, URI};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

/// What completion is asked behind.
const OPENERS: &[&str] = &[".", "= ", "(", ", ", ": ", "${", "[", "-> ", "goto "];

#[test]
fn what_is_offered_does_not_depend_on_what_is_not_written_yet() {
    let mut client = Client::start(&["utf-8"]);
    client.open("");
    let (mut asked, mut missed) = (0, Vec::new());
    for (name, text) in examples() {
        for at in places(&text) {
            let whole = offered(&mut client, &text, at);
            let rest_of_line = text[at..].find('\n').map_or(text.len(), |length| at + length);
            // Names that come later are not known yet.
            let comes_later = |label: &str| {
                (text.contains(label) && !text[..at].contains(label))
                    || text[at..rest_of_line].contains(&format!(" for {label} in "))
            };
            let known: BTreeSet<&String> = whole.iter().filter(|label| !comes_later(label)).collect();
            if known.is_empty() {
                continue;
            }
            let cuts =
                [("the end", text[..at].to_owned()), ("the line", text[..at].to_owned() + &text[rest_of_line..])];
            // The label that a `goto` names may come later.
            let skipped = usize::from(text[..at].ends_with("goto "));
            for (what, cut) in cuts.into_iter().skip(skipped) {
                asked += 1;
                let now = offered(&mut client, &cut, at);
                let lost: Vec<_> = known.iter().filter(|label| !now.contains(**label)).take(4).collect();
                if !lost.is_empty() {
                    let line = text[..at].rsplit('\n').next().unwrap_or_default();
                    missed.push(format!("{name}, without {what}: `{line}` lost {lost:?}, has {}", now.len()));
                }
            }
        }
    }
    assert!(asked > 500, "only {asked} places");
    assert!(missed.is_empty(), "{} of {asked}:\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn every_prefix_of_a_program_can_be_asked_about() {
    let mut client = Client::start(&["utf-8"]);
    client.open("");
    for (name, text) in examples() {
        // A step that meets every kind of place in some file.
        for at in (0..text.len()).step_by(7).filter(|at| text.is_char_boundary(*at)) {
            client.change(&text[..at]);
            for method in ["textDocument/completion", "textDocument/hover", "textDocument/signatureHelp"] {
                let answer = client.request(method, place(&text, at));
                assert!(answer.get("error").is_none(), "{method} at {at} of {name}: {answer}");
            }
        }
    }
}

#[test]
fn words_that_are_gone_take_nothing_else_with_them() {
    let mut client = Client::start(&["utf-8"]);
    client.open("");
    for (name, text) in examples() {
        let dots = places(&text).into_iter().filter(|at| text[..*at].ends_with("event.")).take(3);
        for at in dots {
            let whole = offered(&mut client, &text, at);
            // Each bracket, quote and comma in front of the place on its line, left out once.
            let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
            for (gone, _) in text[line..at].match_indices(['(', ',', ':', '=']) {
                let gone = line + gone;
                let cut = text[..gone].to_owned() + &text[gone + 1..];
                let now = offered(&mut client, &cut, at - 1);
                assert!(now.is_superset(&whole), "{name}, `{}`: {now:?}, not {whole:?}", &text[line..at]);
            }
        }
    }
}

fn examples() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/examples");
    let mut found: Vec<(String, String)> = std::fs::read_dir(folder)
        .expect("there are examples")
        .flatten()
        .filter_map(|example| {
            let text = std::fs::read_to_string(example.path().join("main.zis")).ok()?;
            Some((example.file_name().to_string_lossy().into_owned(), text))
        })
        .collect();
    found.sort();
    assert!(found.len() > 10, "the examples are gone");
    found
}

/// Places in flows behind what makes an editor ask, but for those in comments.
fn places(text: &str) -> Vec<usize> {
    let is_code = |at: &usize| {
        let is_comment = text[..*at].rsplit('\n').next().is_some_and(|line| line.contains("//"));
        // The last line at the margin says what it is in.
        let item = text[..*at].lines().rfind(|line| line.starts_with(|c: char| c.is_alphabetic()));
        !is_comment && item.is_some_and(|line| line.starts_with("flow "))
    };
    let all = OPENERS.iter().flat_map(|opener| text.match_indices(opener).map(|(at, _)| at + opener.len()));
    all.filter(is_code).collect::<BTreeSet<usize>>().into_iter().collect()
}

fn place(text: &str, at: usize) -> Value {
    let line = text[..at].matches('\n').count();
    let character = at - text[..at].rfind('\n').map_or(0, |end| end + 1);
    json!({ "textDocument": { "uri": URI }, "position": { "line": line, "character": character } })
}

fn offered(client: &mut Client, text: &str, at: usize) -> BTreeSet<String> {
    client.change(text);
    let answer = client.request("textDocument/completion", place(text, at));
    let items = answer["result"].as_array().unwrap_or_else(|| panic!("completions, not {answer}")).clone();
    items.iter().filter_map(|item| Some(item["label"].as_str()?.to_owned())).collect()
}
