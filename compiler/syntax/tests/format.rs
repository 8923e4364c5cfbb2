//! What formatting does, and what it never does.

use std::path::{Path, PathBuf};
use zisc_syntax::tree::ItemKind;
use zisc_syntax::{format, parse, split};

#[test]
fn cases_are_formatted_like_this() {
    for (path, text) in files(&["tests/cases/format"]) {
        let formatted = formatted(&path, &text);
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        insta::with_settings!({ snapshot_suffix => "formatted", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, format!("{text}--- formatted\n{formatted}"));
        });
    }
}

#[test]
fn files_keep_their_meaning_and_are_changed_once() {
    for (path, text) in files(&["tests", "editors", "compiler/core/data", "compiler/cli/new"]) {
        if meaning(&text).is_some() {
            formatted(&path, &text);
        }
    }
}

#[test]
fn what_does_not_parse_is_refused_with_its_places() {
    let errors = format("integration acme\n\nflow f(event) {\n  let = 1\n}\n").expect_err("a mistake");
    let places: Vec<_> = errors.iter().map(|error| u32::from(error.span.start())).collect();
    assert_eq!(places, [40], "{errors:#?}");
}

#[test]
fn little_and_strange_texts_are_formatted() {
    for (text, expected) in [
        ("", ""),
        (" \n\n\t", ""),
        ("\u{feff}// c\r\n\r\n\r\n", "// c\n"),
        ("// c", "// c\n"),
        ("/// doc", "/// doc\n"),
        ("integration a\r\nbundle \"b\"\r\n", "integration a\nbundle \"b\"\n"),
        ("type A = B? ?", "type A = B? ?\n"),
        ("type A = | B", "type A = B\n"),
        ("type A = (| B | C)[]", "type A = (B | C)[]\n"),
        (
            "integration a\n\n\n\nconnection b\nconnection c\n\n\nconnection d",
            "integration a\n\nconnection b\nconnection c\n\nconnection d\n",
        ),
    ] {
        assert_eq!(formatted(Path::new("a text"), text), expected);
    }
}

#[test]
fn a_deep_expression_is_no_problem() {
    for (part, count) in [("!", 3000), ("-", 3000), ("x ?? ", 3000), ("x ? y : ", 3000), ("x + ", 3000)] {
        let text = format!("flow f(event) {{\n  let a = {}x\n}}\n", part.repeat(count));
        assert!(format(&text).is_ok(), "{part}");
    }
    let text = format!("flow f(event) {{\n  let a = x{}\n}}\n", ".y".repeat(3000));
    assert_eq!(format(&text).as_deref(), Ok(text.as_str()));
}

/// At every place of every sample where a comment may stand: it comes out once, between the same words.
#[test]
fn comments_stay_between_the_words_around_them() {
    let mut count = 0;
    for sample in samples() {
        let meant = meaning(&sample);
        for at in word_borders(&sample) {
            for comment in [" // c1\n", "\n\n// c1\n\n// c2\n\n"] {
                let text = format!("{}{comment}{}", &sample[..at], &sample[at..]);
                if meaning(&text) == meant {
                    count += 1;
                    let formatted = formatted(Path::new("a sample"), &text);
                    assert_eq!(comments(&formatted), comments(&text), "{text}\nbecomes\n{formatted}");
                }
            }
        }
    }
    println!("{count} comments");
    assert!(count > 3000, "{count} comments");
}

/// However spaces, line ends and comments are strewn over a sample, its meaning is kept.
#[test]
fn layout_does_not_matter() {
    const STREWN: &[&str] =
        &[" ", "  ", "\t", "\n", "\n\n\n", "\r\n", "\n      ", " // c\n", "\n// c\n", "\n\n// c\n\n"];
    let mut random = Random(7);
    let mut count = 0;
    for sample in samples() {
        let meant = meaning(&sample);
        let borders = word_borders(&sample);
        let harmless: Vec<(usize, &str)> = borders
            .iter()
            .flat_map(|at| STREWN.iter().map(|strewn| (*at, *strewn)))
            .filter(|_| random.below(9) == 0)
            .filter(|(at, strewn)| meaning(&format!("{}{strewn}{}", &sample[..*at], &sample[*at..])) == meant)
            .collect();
        for round in 0..12 {
            let mut text = sample.clone();
            for (at, strewn) in harmless.iter().rev().filter(|_| random.below(2 + round) == 0) {
                text.insert_str(*at, strewn);
            }
            if meaning(&text) == meant {
                count += 1;
                let formatted = formatted(Path::new("a sample"), &text);
                assert_eq!(comments(&formatted), comments(&text), "{text}\nbecomes\n{formatted}");
            }
        }
    }
    println!("{count} layouts");
    assert!(count > 1000, "{count} layouts");
}

/// The same between the items of whole files.
#[test]
fn layout_between_items_does_not_matter() {
    const STREWN: &[&str] = &["", "\n", "\n\n\n", "// c\n", "// c\n\n", "\n\n// c\n", "\n  // c\n// c\n\n\n// c\n"];
    let mut random = Random(11);
    for (path, text) in files(&["tests/cases/format", "tests/examples", "editors/vscode/test/workspace"]) {
        let meant = meaning(&text);
        for _ in 0..20 {
            let mut strewn = String::new();
            for item in split(&text) {
                strewn.push_str(STREWN[usize::try_from(random.below(7)).expect("a small number")]);
                strewn.push_str(if random.below(2) == 0 { item.text.trim_end() } else { &item.text });
                strewn.push('\n');
            }
            if meant.is_some() && meaning(&strewn) == meant {
                let formatted = formatted(&path, &strewn);
                assert_eq!(comments(&formatted), comments(&strewn), "{strewn}\nbecomes\n{formatted}");
            }
        }
    }
}

/// Where the words of a text begin and end; in strings too, where the meaning shows that nothing may stand.
fn word_borders(text: &str) -> Vec<usize> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let pairs = text.char_indices().zip(text.chars().skip(1));
    let borders = pairs.filter(|((_, before), after)| !(after.is_whitespace() || is_word(*before) && is_word(*after)));
    borders.map(|((at, before), _)| at + before.len_utf8()).collect()
}

/// The comments of a sample, each with how much code stands in front of it. Commas and the first `|` of a type come
/// and go.
fn comments(text: &str) -> Vec<(usize, String)> {
    let mut comments = Vec::new();
    let mut code = 0;
    for line in text.lines() {
        // In the samples, other strings than addresses have no `//`.
        let comment = line.match_indices("//").map(|(at, _)| at).find(|at| !line[..*at].ends_with(':'));
        let (before, comment) = line.split_at(comment.unwrap_or(line.len()));
        code += before.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '|')).count();
        if !comment.is_empty() {
            comments.push((code, comment.trim_start_matches('/').trim().to_owned()));
        }
    }
    comments
}

/// Every item and every statement of the cases and the examples, each a text of its own.
fn samples() -> Vec<String> {
    let mut samples = Vec::new();
    for (_, text) in files(&["tests/cases/format", "tests/examples", "editors/vscode/test/workspace"]) {
        for item in split(&text) {
            let parsed = parse(&item.text);
            match &parsed.item.kind {
                _ if !parsed.errors.is_empty() => {}
                ItemKind::Flow(flow) => samples.extend(
                    flow.body
                        .iter()
                        .flat_map(|body| &body.statements)
                        .map(|statement| format!("flow f(event) {{\n  {}\n}}\n", &item.text[statement.span])),
                ),
                _ => samples.push(item.text.clone()),
            }
        }
    }
    samples.sort();
    samples.dedup();
    samples
}

/// Numbers that are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// The formatted text, with all that is true of every one checked.
fn formatted(path: &Path, text: &str) -> String {
    let formatted = format(text).unwrap_or_else(|errors| panic!("{}: {errors:#?}\n{text}", path.display()));
    assert_eq!(meaning(&formatted), meaning(text), "{} means something else:\n{formatted}", path.display());
    match format(&formatted) {
        Ok(again) => assert_eq!(again, formatted, "{} is changed again", path.display()),
        Err(errors) => panic!("{} is broken: {errors:#?}\n{formatted}", path.display()),
    }
    formatted
}

/// The trees of a text without places; nothing for what does not parse.
fn meaning(text: &str) -> Option<Vec<String>> {
    let mut trees = Vec::new();
    for item in split(text) {
        let parsed = parse(&item.text);
        if !parsed.errors.is_empty() {
            return None;
        }
        trees.push(without_places(&format!("{:?}", parsed.item)));
    }
    trees.retain(|tree| !tree.contains("kind: Error"));
    Some(trees)
}

fn without_places(tree: &str) -> String {
    let mut out = String::with_capacity(tree.len());
    let mut rest = tree;
    while let Some(dots) = rest.find("..") {
        let (before, after) = (rest[..dots].trim_end_matches(|c: char| c.is_ascii_digit()), &rest[dots + 2..]);
        out.push_str(before);
        rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    out + rest
}

/// The `.zis` files of some folders of the repository, and their texts.
fn files(folders: &[&str]) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = folders.iter().map(|folder| root.join(folder)).collect();
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "zis") {
                let text = std::fs::read_to_string(&path).expect("a text");
                found.push((path, text));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "there are files");
    found
}
