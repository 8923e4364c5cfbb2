//! The language reference is true: its programs have no mistake, the states it shows are those that are made, and its
//! tables are those of the code.
//!
//! `ZISC_REFERENCE=update cargo test -p zisc-core --test reference -- --test-threads=1` writes states and tables anew.

use std::fs;
use std::path::{Path, PathBuf};
use zisc_bundle::json::{self, Json};
use zisc_bundle::{OPERATORS, Placed};
use zisc_core::{Database, FUNCTIONS, Level, RULES, Settings, SourceFile};

/// What stands around the statements of a block that is marked as `zis flow`.
const BEFORE: &str = include_str!("../../reference/around.zis");

#[test]
fn every_program_is_right_and_becomes_what_is_shown() {
    let mut programs = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a page");
        let mut written = String::new();
        let mut states: Option<String> = None;
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            written.push_str(line);
            written.push('\n');
            let Some(language) = line.strip_prefix("```").filter(|language| !language.is_empty()) else { continue };
            let block: String =
                lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
            let shown = match (language, states.take()) {
                ("zis" | "zis flow", _) => {
                    programs += 1;
                    states = Some(built(&block, language == "zis flow", &page));
                    block
                }
                ("json", Some(states)) => states,
                _ => block,
            };
            written.push_str(&shown);
            written.push_str("```\n");
        }
        compare(&page, &text, &written);
    }
    assert!(programs >= 25, "only {programs} programs were found");
}

#[test]
fn every_table_is_that_of_the_code() {
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a page");
        let mut written = String::new();
        let mut rest = text.as_str();
        while let Some((before, after)) = rest.split_once("<!-- table: ") {
            let (name, after) = after.split_once(" -->").expect("the name of a table");
            let (_, after) = after.split_once("<!-- end -->").expect("the end of a table");
            written.push_str(&format!("{before}<!-- table: {name} -->\n\n{}\n<!-- end -->", table(name)));
            rest = after;
        }
        written.push_str(rest);
        compare(&page, &text, &written);
    }
}

/// The states of the last flow of a program, as JSON.
fn built(block: &str, is_body: bool, page: &Path) -> String {
    let program = match is_body {
        true => {
            let body: String = block.lines().map(|line| format!("  {line}\n")).collect();
            format!("{BEFORE}\nflow example(event) {{\n{body}}}\n")
        }
        false => block.to_owned(),
    };
    let db = Database::default();
    let settings = Settings::standard(&db);
    let file = SourceFile::new(&db, "reference.zis".to_owned(), program.clone());
    let wrong = |finding: &&zisc_core::Finding| finding.level == Level::Error;
    let told: Vec<_> = zisc_core::findings(&db, file, settings).iter().filter(wrong).map(|its| &its.headline).collect();
    assert!(told.is_empty(), "{}: {told:?}\n{program}", page.display());
    let bundle = zisc_core::bundle(&db, file, settings);
    let Some(flow) = bundle.flows().last() else { return String::new() };
    let states = flow.machine.states.values().map(|state| json::Member {
        key: Placed::new(state.name.value.clone(), state.name.span),
        value: state.to_json(),
    });
    let members: Vec<String> = states
        .map(|member| {
            format!(
                "  {}: {}",
                json::compact(&Json::string(member.key.value, member.key.span)),
                json::compact(&member.value)
            )
        })
        .collect();
    format!("{{\n{}\n}}\n", members.join(",\n"))
}

fn table(name: &str) -> String {
    let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
    let rows: Vec<String> = match name {
        "functions" => FUNCTIONS
            .iter()
            .map(|function| {
                let parameters: Vec<&str> = function.parameters.iter().map(|parameter| parameter.name).collect();
                let signature = format!("{}({})", function.name, parameters.join(", "));
                let (example, result) = function.example;
                format!("| `{signature}` | {} | `{}` → `{}` |", cell(function.summary), cell(example), cell(result))
            })
            .collect(),
        "findings" => RULES
            .iter()
            .map(|rule| {
                let level = format!("{:?}", rule.level).to_lowercase();
                format!("| {} | `{}` | {level} | {} |", rule.code, rule.name, cell(rule.summary))
            })
            .collect(),
        "operators" => OPERATORS.iter().map(|operator| format!("| `{}` |", operator.name)).collect(),
        "built-ins" => zisc_core::built_ins()
            .map(|(name, action)| {
                let parameters: Vec<String> = action
                    .parameters
                    .iter()
                    .map(|its| format!("{}{}: {}", its.name, if its.is_required() { "" } else { "?" }, its.kind))
                    .collect();
                let documentation = action.documentation.as_deref().unwrap_or_default();
                format!(
                    "| `{}({})` | `{}` | {} |",
                    name,
                    cell(&parameters.join(", ")),
                    cell(&action.result.to_string()),
                    cell(documentation)
                )
            })
            .collect(),
        other => panic!("no table is called {other}"),
    };
    let head = match name {
        "functions" => "| function | what it gives | example |\n|---|---|---|",
        "findings" => "| code | name | level | what it says |\n|---|---|---|---|",
        "operators" => "| operator |\n|---|",
        _ => "| action | what it gives | what it does |\n|---|---|---|",
    };
    format!("{head}\n{}\n", rows.join("\n"))
}

fn compare(page: &Path, text: &str, written: &str) {
    if std::env::var("ZISC_REFERENCE").is_ok_and(|value| value == "update") {
        fs::write(page, written).expect("the page can be written");
    } else {
        let differs = text.lines().zip(written.lines()).find(|(one, other)| one != other);
        assert!(differs.is_none() && text.len() == written.len(), "{}: {differs:?}", page.display());
    }
}

fn pages() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../reference");
    let mut pages: Vec<PathBuf> =
        fs::read_dir(folder).expect("the reference").flatten().map(|entry| entry.path()).collect();
    pages.retain(|page| page.extension().is_some_and(|extension| extension == "md"));
    pages.sort();
    assert!(!pages.is_empty());
    pages
}
