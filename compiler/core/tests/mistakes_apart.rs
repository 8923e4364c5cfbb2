//! A mistake on one line is told of, and what is said about other lines stays: squiggles elsewhere do not flicker while
//! somebody types.

use zisc_core::{Database, Settings, SourceFile, findings};

const PROGRAM: &str = r#"integration acme

action spare(text: string) {
  POST "https://acme.example/spare"
  body { text }
}

action post(text: string) {
  POST "https://acme.example/posts"
  body { text }
}

job on_status: support.ticket.StatusChanged -> first
job on_comment: support.ticket.CommentAdded -> second

flow first(event) {
  let ticket = event.ticket_event.ticket
  Keep: let kept = { step: 0, tag: "a" }
  let program = jq(event)`.ticket_event | {event: .}`
  let answer = post(text: 5) catch error {
    Failed: fail "Acme", "an action failed"
  }
  if event.ticket_event.ticket.status == "solved" {
    let inner = { done: true }
  }
  let second = jq(event)`.subject`
  Last: let last = [1, 2]
  Done: succeed
}

flow second(event) {
  let unread = event.ticket_event.comment
  post(text: "hi")
}
"#;

/// What is typed behind a line.
const TYPED: &[&str] = &[" = (", "(", " [", "\"", "\"\"\"", "`", " foo", " nope.", " =", ")", "}", " 5 5"];

/// Line, code and headline of all findings, without those of one line.
fn without(text: &str, line: usize) -> Vec<(usize, &'static str, String)> {
    let db = Database::default();
    let settings = Settings::standard(&db);
    let file = SourceFile::new(&db, "main.zis".to_owned(), text.to_owned());
    let line_of = |at: usize| text[..at].matches('\n').count();
    findings(&db, file, settings)
        .iter()
        .map(|finding| (line_of(finding.span.start().into()), finding.rule.code, finding.headline.clone()))
        .filter(|(at, _, _)| *at != line)
        .collect()
}

#[test]
fn what_is_said_of_other_lines_stays() {
    let mut lost = Vec::new();
    let at_rest = without(PROGRAM, usize::MAX);
    assert!(at_rest.len() >= 8, "{at_rest:?}");
    let lines: Vec<&str> = PROGRAM.split('\n').collect();
    let first = lines.iter().position(|line| line.starts_with("flow first")).expect("there is such a flow");
    let statements = (first + 1..lines.len()).filter(|at| lines[*at].starts_with("  ") && !lines[*at].ends_with('{'));
    for line in statements {
        for typed in TYPED {
            let mut edited: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
            edited[line].push_str(typed);
            let edited = edited.join("\n");
            let is_same = |found: &&(usize, &str, String)| found.0 != line;
            let now = without(&edited, usize::MAX);
            assert!(now.iter().any(|(_, code, _)| code.starts_with('E')), "{:?} {typed:?}: no error", lines[line]);
            for old in at_rest.iter().filter(is_same).filter(|old| !now.contains(old)) {
                lost.push(format!("{:?} {typed:?}: lost {old:?}", lines[line]));
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}
