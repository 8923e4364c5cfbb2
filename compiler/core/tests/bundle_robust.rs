//! Bundles that are broken in any way: nothing panics, nothing hangs, and every finding stands inside the text.
//!
//! `ZISC_MUTATIONS` sets how many mutated bundles are looked at, and `ZISC_SEED` which.

mod mutation;

use mutation::{Random, mutate, number};
use std::time::{Duration, Instant};
use zisc_core::{Database, Settings, SourceFile};

#[test]
fn mutated_bundles_are_read() {
    let count: usize = number("ZISC_MUTATIONS").unwrap_or(3_000);
    let mut random = Random::new(0x2545_f491_4f6c_dd1d);
    let bundles = bundles();
    let tokens: Vec<Vec<String>> = bundles.iter().map(|bundle| tokens(bundle)).collect();
    for _ in 0..count {
        let from = &tokens[random.below(tokens.len())];
        let mut text = from.clone();
        for _ in 0..=random.below(4) {
            mutate(&mut text, &tokens, &mut random);
        }
        check(&text.concat());
    }
}

#[test]
fn every_beginning_of_a_bundle_is_read() {
    for bundle in bundles() {
        for end in (0..bundle.len()).step_by(7).filter(|at| bundle.is_char_boundary(*at)) {
            check(&bundle[..end]);
        }
    }
}

#[test]
fn what_is_nested_too_deeply_is_told() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("{\"Not\":", "}")] {
        let text = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
        assert_eq!(check(&text), ["E0001"]);
    }
    let nested = |open: &str, inner: &str, close: &str| {
        flow(&format!("\"A\": {}", format_args!("{}{inner}{}", open.repeat(10_000), close.repeat(10_000))))
    };
    let map = r#"{"Type":"Map","ItemsPath":"$.a","End":true,"Iterator":{"StartAt":"A","States":{"A":"#;
    assert_eq!(check(&nested(map, "1", "}}}")), ["E0001"]);
}

#[test]
fn what_is_nested_as_deeply_as_is_read_is_checked_too() {
    let deep = |levels: usize, open: &str, inner: &str, close: &str| {
        format!("{}{inner}{}", open.repeat(levels), close.repeat(levels))
    };
    let object = deep(480, r#"{"a":"#, r#"{"b.$":"$.none"}"#, "}");
    let list = deep(480, "[", "1", "]");
    let states = [
        format!(r#""A": {{"Type":"Pass","Result":{object},"ResultPath":"$.x","End":true}}"#),
        format!(r#""A": {{"Type":"Pass","Result":{list},"ResultPath":"$.x","End":true}}"#),
        format!(
            r#""A": {{"Type":"Choice","Choices":[{{"Next":"A",{}}}],"Default":"A"}}"#,
            deep(480, r#""Not":{"#, r#""Variable":"$.none","IsPresent":true"#, "}")
        ),
        format!(
            r#""A": {}"#,
            deep(
                110,
                r#"{"Type":"Map","ItemsPath":"$.a","ResultPath":"$.b","End":true,"Iterator":{"StartAt":"A","States":{"A":"#,
                r#"{"Type":"Succeed"}"#,
                "}}}"
            )
        ),
    ];
    for state in states {
        let codes = check(&flow(&state));
        assert!(!codes.contains(&"E0001"), "it is read: {codes:?}");
        let (bundle, _) = zisc_bundle::Bundle::read(&flow(&state));
        zisc_core::Diagram::of(&bundle.flow("f").expect("the flow is there").machine).svg("deep");
    }
}

#[test]
fn long_paths_and_long_texts_are_read() {
    let path = format!("$.a{}", ".b".repeat(10_000));
    let long = flow(&format!(
        r#""A": {{"Type":"Pass","Result":{{"x.$":"{path}","y":"{}"}},"ResultPath":"{path}","Next":"B"}},
           "B": {{"Type":"Choice","Choices":[{{"Variable":"{path}","StringEquals":"x","Next":"A"}}],"Default":"A"}}"#,
        "{{$.a}}".repeat(10_000)
    ));
    check(&long);
    let program = format!("{}1{}", "(".repeat(10_000), ")".repeat(10_000));
    let deep = flow(&format!(
        r#""A": {{"Type":"Action","ActionName":"zis:common:transform:Jq","Parameters":{{"expr":"{program}","data.$":"$"}},"ResultPath":"$.x","End":true}}"#
    ));
    assert_eq!(check(&deep), ["E0301"]);
}

#[test]
fn types_that_would_grow_without_end_settle() {
    // Each round and each state wraps or doubles what was there before.
    let mut states: Vec<String> = (0..400)
        .map(|number| {
            let result = r#"{"l.$":"$.a","r.$":"$.a","s":["x"]}"#;
            format!(
                r#""S{number}": {{"Type":"Pass","Result":{result},"ResultPath":"$.a","Next":"S{}"}}"#,
                (number + 1) % 400
            )
        })
        .collect();
    states.insert(0, r#""A": {"Type":"Pass","Result":1,"ResultPath":"$.a","Next":"S0"}"#.to_owned());
    assert!(check(&flow(&states.join(","))).contains(&"W0712"), "it never ends");
}

/// Time may be short on a machine that is in use: only what is far from linear fails.
#[test]
fn time_grows_with_the_size() {
    let time = |states: usize| {
        let text = chain(states);
        let start = Instant::now();
        check(&text);
        start.elapsed()
    };
    let (small, large) = (time(1_000).max(Duration::from_millis(10)), time(8_000));
    assert!(large < small * 40, "1,000 states take {small:?}, 8,000 take {large:?}");
    let wrong = flow(
        &(0..4_000)
            .map(|number| {
                let written = (number + 7) % 4_000;
                format!(
                    r#""S{number}": {{"Type":"Pass","Result":{{"a.$":"$.r{written}","b.$":"$.none{number}"}},"ResultPath":"$.r{number}","Next":"T{number}"}}"#
                )
            })
            .collect::<Vec<_>>()
            .join(","),
    );
    let start = Instant::now();
    check(&wrong);
    assert!(start.elapsed() < small * 200, "4,000 broken states take {:?}", start.elapsed());
}

/// The codes of what is found, each once.
fn check(text: &str) -> Vec<&'static str> {
    let db = Database::default();
    let file = SourceFile::new(&db, "bundle.json".to_owned(), text.to_owned());
    let start = Instant::now();
    let findings = zisc_core::findings(&db, file, Settings::standard(&db));
    assert!(start.elapsed() < Duration::from_secs(20), "this takes too long:\n{text:.2000}");
    let mut codes: Vec<&'static str> = Vec::new();
    for finding in findings {
        let spans = [finding.span].into_iter().chain(finding.notes.iter().map(|note| note.span));
        for span in spans.chain(finding.fix.as_ref().map(|fix| fix.span)) {
            let range = std::ops::Range::<usize>::from(span);
            assert!(
                text.get(range).is_some(),
                "{} stands outside of the text: {span:?}\n{text:.2000}",
                finding.rule.code
            );
        }
        assert!(!finding.headline.is_empty());
        if !codes.contains(&finding.rule.code) {
            codes.push(finding.rule.code);
        }
    }
    codes
}

/// Strings, words, signs and blanks.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut in_string = false;
    for c in text.chars() {
        let joins = |last: &String| in_string || (c.is_alphanumeric() && last.chars().all(char::is_alphanumeric));
        match tokens.last_mut() {
            Some(last) if joins(last) => last.push(c),
            _ => tokens.push(c.to_string()),
        }
        if c == '"' {
            in_string = !in_string && tokens.last().is_some_and(|last| last == "\"");
        }
    }
    tokens
}

/// The bundles of the pages: each is small and has one thing in it.
fn bundles() -> Vec<String> {
    let mut bundles: Vec<String> = Vec::new();
    for rule in zisc_core::RULES {
        for part in rule.page.split("```json\n").skip(1) {
            bundles.extend(part.split("\n```").next().map(str::to_owned));
        }
    }
    assert!(bundles.len() > 20);
    bundles.push(chain(12));
    bundles
}

fn flow(states: &str) -> String {
    format!(
        r#"{{"zis_template_version":"2019-10-14","name":"a","resources":{{
        "j":{{"type":"ZIS::JobSpec","properties":{{"name":"j","event_source":"support","event_type":"ticket.TicketCreated","flow_name":"zis:a:flow:f"}}}},
        "f":{{"type":"ZIS::Flow","properties":{{"name":"f","definition":{{"StartAt":"A","States":{{{states}}}}}}}}}}}}}"#
    )
}

/// A flow of states of all sorts, each of which writes a member of its own.
fn chain(states: usize) -> String {
    let states: Vec<String> = (0..states)
        .map(|number| {
            let name = |number: usize| if number == 0 { "A".to_owned() } else { format!("S{number}") };
            let next = if number + 1 == states { "End".to_owned() } else { name(number + 1) };
            let before = number.saturating_sub(1);
            let state = match number % 4 {
                0 => format!(r#""Type":"Pass","Result":{{"step":{number},"tag.$":"$.input.ticket_event.ticket.status"}},"ResultPath":"$.r{number}","Next":"{next}""#),
                1 => format!(r#""Type":"Choice","Choices":[{{"And":[{{"Variable":"$.r{before}.step","NumericEquals":1}},{{"Not":{{"Variable":"$.input.ticket_event.ticket.status","StringEquals":"open"}}}}],"Next":"{next}"}}],"Default":"{next}""#),
                2 => format!(r#""Type":"Action","ActionName":"zis:common:transform:Jq","Parameters":{{"expr":".ticket_event.ticket | {{id, status}}","data.$":"$.input"}},"ResultPath":"$.r{number}","Catch":[{{"ErrorEquals":["States.ALL"],"ResultPath":"$.error","Next":"Failed"}}],"Next":"{next}""#),
                _ => format!(r#""Type":"Wait","SecondsPath":"$.r{before}.id","Next":"{next}""#),
            };
            format!(r#""{}": {{{state}}}"#, name(number))
        })
        .chain([
            r#""End": {"Type":"Succeed"}"#.to_owned(),
            r#""Failed": {"Type":"Fail","Error":"E","Cause":"{{$.error.Cause}}"}"#.to_owned(),
        ])
        .collect();
    flow(&states.join(","))
}
