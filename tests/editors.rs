//! The grammars of the editors know the words of the language, and no others.

use std::collections::BTreeSet;
use std::path::Path;
use zisc_core::navigate::built_in_types;
use zisc_syntax::{CONTEXTUAL_WORDS, ITEM_WORDS, METHODS, RESERVED, STATEMENT_WORDS};

type Words = BTreeSet<String>;

/// What the lines of a `test` begin with, and what may follow.
const TEST_WORDS: &[&str] = &["mock", "run", "expect", "call", "error", "times"];

/// The words of the language that are no types. `jq` is what a jq text begins with.
fn language() -> Words {
    [RESERVED, ITEM_WORDS, CONTEXTUAL_WORDS, METHODS, TEST_WORDS, &["jq"]]
        .concat()
        .into_iter()
        .map(str::to_owned)
        .collect()
}

fn types() -> Words {
    built_in_types().map(str::to_owned).collect()
}

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("editors").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The words that a regular expression looks for: without escapes, classes of characters and single letters.
fn words_of(expression: &str) -> Words {
    let mut plain = String::new();
    let mut characters = expression.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                // Vim's `\zs` and `\ze` are escapes of two letters.
                if characters.next() == Some('z') && matches!(characters.peek(), Some('s' | 'e')) {
                    characters.next();
                }
                plain.push(' ');
            }
            '[' => {
                characters.by_ref().take_while(|character| *character != ']').for_each(drop);
                plain.push(' ');
            }
            _ => plain.push(character),
        }
    }
    let is_word = |word: &&str| word.len() > 1 && word.chars().all(|letter| letter.is_ascii_alphabetic());
    plain
        .split(|character: char| !character.is_alphanumeric() && character != '_')
        .filter(is_word)
        .map(str::to_owned)
        .collect()
}

#[track_caller]
fn assert_same(found: &Words, expected: &Words) {
    let show = |words: Vec<&String>| words.into_iter().map(String::as_str).collect::<Vec<_>>().join(", ");
    let (missing, unknown) = (show(expected.difference(found).collect()), show(found.difference(expected).collect()));
    assert!(missing.is_empty() && unknown.is_empty(), "missing: {missing}\nnot of the language: {unknown}");
}

fn json(path: &str) -> serde_json::Value {
    serde_json::from_str(&read(path)).expect("JSON")
}

/// All objects in a value.
fn objects(value: &serde_json::Value) -> Vec<&serde_json::Map<String, serde_json::Value>> {
    match value {
        serde_json::Value::Object(members) => {
            std::iter::once(members).chain(members.values().flat_map(objects)).collect()
        }
        serde_json::Value::Array(items) => items.iter().flat_map(objects).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn tree_sitter_knows_the_words_of_the_language() {
    let grammar = json("tree-sitter-zis/src/grammar.json");
    let signs_and_words = objects(&grammar["rules"]).into_iter().filter(|rule| rule["type"] == "STRING");
    let is_word = |text: &&str| text.chars().all(|letter| letter.is_ascii_alphabetic());
    let found = signs_and_words.filter_map(|rule| rule["value"].as_str()).filter(is_word).map(str::to_owned).collect();
    // A method may be written small, and `string` stands in the type of a record with any keys.
    let small = METHODS.iter().map(|method| method.to_lowercase());
    assert_same(&found, &language().into_iter().chain(small).chain(["string".to_owned()]).collect());
}

#[test]
fn tree_sitter_colours_the_types_of_the_language() {
    let query = read("tree-sitter-zis/queries/highlights.scm");
    let lists = query.split("(#any-of? @type.builtin").skip(1).map(|rest| rest.split(')').next().expect("a list"));
    let found: Words = lists.flat_map(words_of).collect();
    assert_same(&found, &types());
}

#[test]
fn tree_sitter_ends_lines_where_the_language_does() {
    let scanner = read("tree-sitter-zis/src/scanner.c");
    let list = |name: &str| {
        let rest = scanner.split_once(&format!("{name}[] = {{")).expect("the list").1;
        rest.split_once("NULL").expect("its end").0.split('"').skip(1).step_by(2).map(str::to_owned).collect::<Words>()
    };
    assert_same(&list("ITEM_WORDS"), &ITEM_WORDS.iter().copied().map(str::to_owned).collect());
    assert_same(&list("STATEMENT_WORDS"), &STATEMENT_WORDS.iter().copied().map(str::to_owned).collect());
}

#[test]
fn vs_code_knows_the_words_of_the_language() {
    let grammar = json("vscode/syntaxes/zis.tmLanguage.json");
    let rules = objects(&grammar["repository"]).into_iter();
    let expressions =
        rules.flat_map(|rule| ["match", "begin", "end"].into_iter().filter_map(|key| rule.get(key)?.as_str()));
    let found = expressions.flat_map(words_of).collect();
    // What comes before a word of the language, and what a wrong unit of time looks like.
    let more = ["as", "ms"].map(str::to_owned);
    assert_same(&found, &language().into_iter().chain(types()).chain(more).collect());
}

#[test]
fn neovim_knows_the_words_of_the_language() {
    let script = read("neovim/syntax/zis.vim");
    let mut found = Words::new();
    for line in script.lines() {
        if let Some(rest) = line.strip_prefix("syntax keyword ") {
            found.extend(rest.split(' ').skip(1).map(str::to_owned));
        } else if let Some(rest) = line.strip_prefix("syntax match ") {
            found.extend(words_of(rest.split_once('/').expect("a pattern").1.rsplit_once('/').expect("its end").0));
        }
    }
    assert_same(&found, &language().into_iter().chain(types()).chain(["ms".to_owned()]).collect());
}

#[test]
fn emacs_knows_the_words_of_the_language() {
    let mode = read("emacs/zis-mode.el");
    let rest = mode.split_once("(defconst zis--font-lock-keywords").expect("the words").1;
    let body = rest.split_once("\n  \"The words of zis").expect("their description").0;
    let expected = language().into_iter().chain(types()).collect();
    assert_same(&lisp_strings(body).iter().flat_map(|text| words_of(text)).collect(), &expected);
}

/// The strings of a program in Lisp, without the classes of characters in `(any "…")`.
fn lisp_strings(program: &str) -> Vec<String> {
    let mut strings = Vec::new();
    let mut before = String::new();
    let mut characters = program.chars();
    while let Some(character) = characters.next() {
        match character {
            ';' => characters.by_ref().take_while(|character| *character != '\n').for_each(drop),
            '"' => {
                let mut text = String::new();
                while let Some(character) = characters.next().filter(|character| *character != '"') {
                    text.extend(if character == '\\' { characters.next() } else { Some(character) });
                }
                if !before.ends_with("(any ") && !before.ends_with("(any alnum ") {
                    strings.push(text);
                }
                before.clear();
            }
            _ => before.push(character),
        }
    }
    strings
}
