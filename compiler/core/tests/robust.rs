//! Half-written programs: whatever is missing, nothing panics, and every finding stands inside the text.

use std::path::Path;
use zisc_core::{Database, Settings, SourceFile};

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
fn examples_without_some_of_their_tokens_are_read() {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    for example in examples() {
        let tokens = tokens(&example);
        for _ in 0..250 {
            let left_out: Vec<usize> = (0..=random.below(3)).map(|_| random.below(tokens.len())).collect();
            let kept: String = tokens
                .iter()
                .enumerate()
                .filter(|(position, _)| !left_out.contains(position))
                .map(|(_, token)| *token)
                .collect();
            check(&kept);
        }
    }
}

#[test]
fn examples_with_tokens_in_other_places_are_read() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    for example in examples() {
        let tokens = tokens(&example);
        for _ in 0..150 {
            let mut moved = tokens.clone();
            moved[random.below(tokens.len())] = tokens[random.below(tokens.len())];
            moved.insert(random.below(tokens.len()), tokens[random.below(tokens.len())]);
            check(&moved.concat());
        }
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
    let db = Database::default();
    let file = SourceFile::new(&db, "half.zis".to_owned(), text.to_owned());
    let settings = Settings::standard(&db);
    for finding in zisc_core::findings(&db, file, settings) {
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
    zisc_core::bundle(&db, file, settings);
}

fn examples() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/examples");
    let mut folders: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder of the examples can be read")
        .map(|entry| entry.expect("its entries can be read").path().join("main.zis"))
        .filter(|path| path.is_file())
        .collect();
    folders.sort();
    assert!(!folders.is_empty());
    folders.iter().map(|path| std::fs::read_to_string(path).expect("an example can be read")).collect()
}

/// Words, blanks and single signs: near enough to tokens.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let sort = |c: char| (c.is_alphanumeric() || c == '_', c.is_whitespace());
        let end = match sort(first) {
            (false, false) => first.len_utf8(),
            kind => rest.find(|c| sort(c) != kind).unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at(end);
        tokens.push(token);
        rest = after;
    }
    tokens
}

/// Numbers that look random and are the same each time (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit.max(1) as u64).unwrap_or_default()
    }
}
