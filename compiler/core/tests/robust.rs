//! Half-written and broken programs: whatever is missing or wrong, nothing panics, nothing hangs, and every finding
//! stands inside the text.
//!
//! `ZISC_MUTATIONS` sets how many mutated programs are looked at, and `ZISC_SEED` which. A million:
//!
//! ```sh
//! ZISC_MUTATIONS=1_000_000 cargo test --release -p zisc-core --test robust mutated
//! ```

mod mutation;

use mutation::{Random, mutate, number, words};

use std::path::Path;
use std::time::{Duration, Instant};
use zisc_core::{Database, Finding, Settings, SourceFile};

#[test]
fn every_beginning_of_an_example_is_read() {
    for example in examples() {
        let ends = example.char_indices().map(|(at, _)| at).filter(|at| at % 3 == 0);
        for end in ends {
            check(&example[..end]);
        }
    }
}

#[test]
fn mutated_programs_are_read() {
    let count = number("ZISC_MUTATIONS").unwrap_or(4_000);
    let mut random = Random::new(0x9e37_79b9_7f4a_7c15);
    let sources: Vec<Vec<String>> = sources().iter().map(|source| words(source)).collect();
    for _ in 0..count {
        let mut text = sources[random.below(sources.len())].clone();
        for _ in 0..=random.below(4) {
            mutate(&mut text, &sources, &mut random);
        }
        check(&text.concat());
    }
}

#[test]
fn a_mistake_in_one_item_leaves_the_others_as_they_are() {
    let broken = [
        "flow broken(event) {\n  let x =\n",
        "flow broken(event) {\n  if event.a {\n    succeed \"x\n",
        "flow broken(event) {\n  first(text: \"a\"\n}\n",
        "flow broken(event) {\n  let x = jq(event)`.a |\n}\n",
        "flow broken(event) {\n  succeed \"${event.\n}\n",
        "action broken(text: string) {\n  POST \"https://example.com\n  body { text\n",
        "type Broken = { a: string, b: {\n",
        "job broken: support.ticket.\n",
        "config broken(\"acme\" { a: string }\n",
        "event broken(\"a\",\n",
        "connection broken:\n",
        "flow broken(\n",
        "flow broken(event)\n",
        "}\n",
    ];
    for item in broken {
        let text = format!(
            "integration acme\n\naction first(text: string) {{\n  POST \"https://example.com\"\n  body {{ text }}\n}}\n\n{item}\nflow after(event) {{\n  first(text: event.a, oops: 1)\n}}\n"
        );
        let db = Database::default();
        let file = SourceFile::new(&db, "broken.zis".to_owned(), text.clone());
        let findings = zisc_core::findings(&db, file, Settings::standard(&db));
        let after = text.find("flow after").expect("the flow stands in the text");
        let (before, behind): (Vec<_>, Vec<_>) =
            findings.iter().partition(|finding| usize::from(finding.span.start()) < after);
        assert!(!before.is_empty(), "a mistake is told: {item:?}");
        let codes: Vec<_> = behind.iter().map(|finding| finding.rule.code).collect();
        assert_eq!(codes, ["E0203"], "the flow after it has its own mistake and no other: {item:?}");
    }
}

fn check(text: &str) {
    let start = Instant::now();
    let (findings, bundle) = meaning(text);
    for finding in &findings {
        let spans = finding.notes.iter().map(|note| note.span).chain(finding.fix.iter().map(|fix| fix.span));
        for span in spans.chain([finding.span]) {
            let range = std::ops::Range::<usize>::from(span);
            assert!(
                text.get(range.clone()).is_some(),
                "{range:?} is a place in the text: {}\n{text}",
                finding.headline
            );
        }
        assert!(!finding.headline.is_empty() && !finding.headline.ends_with('.'), "{:?}", finding.headline);
        assert!(!finding.label.is_empty(), "{:?} says why here", finding.headline);
    }
    // What can be formatted is formatted once, and means the same.
    if let Ok(formatted) = zisc_syntax::format(text) {
        assert_eq!(zisc_syntax::format(&formatted).as_ref(), Ok(&formatted), "{text}");
        assert_eq!(meaning(&formatted).1, bundle, "{text}");
    }
    assert!(start.elapsed() < Duration::from_secs(20), "this takes too long:\n{text}");
}

fn meaning(text: &str) -> (Vec<Finding>, String) {
    let db = Database::default();
    let file = SourceFile::new(&db, "half.zis".to_owned(), text.to_owned());
    let settings = Settings::standard(&db);
    (zisc_core::findings(&db, file, settings).to_vec(), zisc_core::bundle(&db, file, settings).write())
}

fn examples() -> Vec<String> {
    sources_below("tests/examples")
}

fn sources() -> Vec<String> {
    let mut sources = examples();
    sources.extend(sources_below("tests/cases"));
    // Pieces of no program, too.
    sources.extend(["\u{feff}", "}}}}", "`\\`${\"", "\r\n\r", "🎉"].map(str::to_owned));
    sources
}

fn sources_below(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut waiting = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder)];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).expect("the folder can be read").flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|extension| extension == "zis") {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(!found.is_empty());
    found.iter().map(|path| std::fs::read_to_string(path).expect("a source can be read")).collect()
}
