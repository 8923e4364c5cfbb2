//! Pictures of flows as text: Mermaid, DOT, and the bytes of a small SVG.

use zisc_bundle::Bundle;
use zisc_core::{Database, Diagram, Settings, SourceFile};

const SOURCE: &str = r##"integration acme

connection slack: bearer_token

action slack.post(text: string) -> { ok: bool } {
  POST "https://slack.com/api/chat.postMessage"
  connection slack
  body { text }
}

job on_comment: support.ticket.CommentAdded -> announce

flow announce(event) {
  let ticket = event.ticket_event.ticket
  if ticket.status in ["new", "open"] && ticket.priority == "urgent" {
    Post: let reply = slack.post(text: "ticket ${ticket.id}") catch err {
      fail "SlackUnreachable", "${err.Cause}"
    }
    if !reply.ok { fail "SlackRefused", "no reason given" }
  }
  for tag in ticket.tags {
    wait 1s
    slack.post(text: tag)
  }
}
"##;

const BROKEN: &str = r#"{ "zis_template_version": "2019-10-14", "name": "a", "resources": { "f": { "type": "ZIS::Flow",
  "properties": { "name": "f", "definition": { "StartAt": "Count", "States": {
    "Count": { "Type": "Action", "ActionName": "zis:common:transform:Jq", "Parameters": { "expr": ".n + \"<1>\"", "data.$": "$" },
               "ResultPath": "$.n", "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "Nowhere" }], "Next": "Check" },
    "Check": { "Type": "Choice", "Choices": [{ "Variable": "$.n", "NumericLessThan": 5, "Next": "Pause" },
               { "Variable": "$.n", "NumericGreaterThan": 50, "Next": "Done" }, { "Variable": "$.input.quiet", "BooleanEquals": true, "Next": "Done" }] },
    "Pause": { "Type": "Wait", "Seconds": 30, "Next": "Count" },
    "Old": { "Type": "Pass", "Next": "Done" },
    "Done": { "Type": "Succeed", "Message": "done \"{{$.n}}\"" } } } } } } }"#;

fn of_source() -> Diagram {
    let db = Database::default();
    let file = SourceFile::new(&db, "main.zis".to_owned(), SOURCE.to_owned());
    let settings = Settings::standard(&db);
    assert_eq!(zisc_core::findings(&db, file, settings), []);
    Diagram::of(&zisc_core::bundle(&db, file, settings).flow("announce").expect("the flow is there").machine)
}

fn of_broken() -> Diagram {
    Diagram::of(&Bundle::read(BROKEN).0.flow("f").expect("the flow is there").machine)
}

#[test]
fn mermaid() {
    insta::assert_snapshot!("mermaid", of_source().mermaid());
    insta::assert_snapshot!("mermaid_of_a_broken_flow", of_broken().mermaid());
}

#[test]
fn dot() {
    insta::assert_snapshot!("dot", of_source().dot("announce"));
    insta::assert_snapshot!("dot_of_a_broken_flow", of_broken().dot("f"));
}

#[test]
fn svg() {
    insta::assert_snapshot!("svg", of_broken().svg("a broken flow"));
}

#[test]
fn what_is_clicked_leads_to_its_place() {
    let svg = of_broken().svg("f");
    for name in ["Count", "Check", "Pause", "Old", "Done"] {
        let (_, after) = svg.split_once(&format!(r#"data-state="{name}" data-start=""#)).expect(name);
        let start: usize = after.split('"').next().and_then(|number| number.parse().ok()).expect("a number");
        assert!(BROKEN[start..].starts_with(&format!("\"{name}\"")), "{name}");
    }
}

#[test]
fn nothing_in_a_flow_breaks_the_text_that_is_written() {
    let odd = r#"<&>\"'\u0001\\ ` {{$.x}} #; end"#;
    let text = BROKEN.replace("\"Old\"", &format!("\"{odd}\"")).replace("done ", odd);
    let bundle = Bundle::read(&text).0;
    let diagram = Diagram::of(&bundle.flow("f").expect("the flow is there").machine);
    let svg = diagram.svg(odd);
    let drawn = svg.split_once("</style>").expect("the style comes first").1;
    assert_eq!(drawn.matches('<').count(), drawn.matches('>').count(), "{drawn}");
    assert!(!drawn.contains('\u{1}') && !drawn.contains("<&"));
    let name = diagram.nodes.iter().find(|node| node.name.starts_with("<&>")).map(|node| node.name.as_str());
    assert!(name.is_some() && diagram.mermaid().lines().all(|line| line.matches('"').count() % 2 == 0));
}
