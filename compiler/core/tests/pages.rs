//! Every sort of finding has a page, and the page is true: its wrong program gives this finding and no other, its right
//! program none.

use zisc_core::{Database, RULES, Settings, SourceFile};

#[test]
fn every_page_has_the_title_of_its_rule() {
    for rule in RULES {
        let title = format!("# {}: {}\n", rule.code, rule.name.replace('-', " "));
        assert!(rule.page.starts_with(&title), "the page of {} begins with {title:?}", rule.code);
        let explanation = rule.page[title.len()..].split("## Wrong").next().unwrap_or_default().trim();
        assert!(explanation.ends_with('.'), "the page of {} explains it in sentences", rule.code);
    }
}

#[test]
fn every_wrong_program_gives_its_finding_and_no_other() {
    for rule in RULES {
        let found = codes(rule.page, &program(rule.page, "Wrong", rule.code));
        assert_eq!(found, [rule.code], "the wrong program of {}", rule.code);
    }
}

#[test]
fn every_right_program_gives_no_finding() {
    for rule in RULES {
        let found = codes(rule.page, &program(rule.page, "Right", rule.code));
        assert!(found.is_empty(), "the right program of {} gives {found:?}", rule.code);
    }
}

#[test]
fn pages_are_whole_programs() {
    for rule in RULES {
        for heading in ["Wrong", "Right"] {
            let (notation, program) = program(rule.page, heading, rule.code);
            let head = if notation == "json" { "\"zis_template_version\"" } else { "integration " };
            assert!(program.contains(head), "{}, {heading}: the program has {head}", rule.code);
        }
    }
}

/// The program under a heading, and what it is written in.
fn program(page: &str, heading: &str, code: &str) -> (&'static str, String) {
    let (_, after) = page.split_once(&format!("\n## {heading}\n")).unwrap_or_else(|| panic!("{code} has ## {heading}"));
    let section = after.split("\n## ").next().unwrap_or_default();
    let (notation, (_, after)) = ["zis", "json"]
        .into_iter()
        .find_map(|notation| Some((notation, section.split_once(&format!("```{notation}\n"))?)))
        .unwrap_or_else(|| panic!("{code}, {heading}: a program"));
    let (program, _) = after.split_once("\n```").unwrap_or_else(|| panic!("{code}, {heading}: the program ends"));
    (notation, format!("{program}\n"))
}

// Small programs declare things that they have no room to use: what is unused is asked of its own pages only.

/// The files that stand beside the programs of a page: each begins with its path in a comment.
fn files_beside(page: &str) -> Vec<(&str, String)> {
    let blocks = page.split("```zis\n// ./").skip(1);
    let files = blocks.filter_map(|block| block.split_once("\n```")?.0.split_once('\n'));
    files.map(|(path, text)| (path, text.to_owned())).collect()
}

fn codes(page: &str, (notation, program): &(&str, String)) -> Vec<&'static str> {
    let mut db = Database::default();
    let file = SourceFile::new(&db, format!("page.{notation}"), program.clone());
    let beside = files_beside(page);
    zisc_core::connect(&mut db, file, &mut |db, _, path| {
        let (_, text) = beside.iter().find(|(known, _)| format!("./{known}") == path)?;
        Some(SourceFile::new(db, path.to_owned(), text.clone()))
    });
    let unused = |code: &str| ["W0504", "H0602"].contains(&code) && !page.contains(code);
    let codes = zisc_core::findings(&db, file, Settings::standard(&db)).iter().map(|finding| finding.rule.code);
    codes.filter(|code| !unused(code)).collect()
}
