//! The examples of `FILES.md` are what the readers take.

use zisc_bundle::json;
use zisc_runtime::{Account, Event, Exchanges, Value};

#[test]
fn the_documented_files_are_read_without_a_problem() {
    let page = include_str!("../FILES.md");
    let mut kinds = Vec::new();
    for block in page.split("```json ").skip(1) {
        let (kind, rest) = block.split_once('\n').expect("a kind");
        let (json, errors) = json::read(rest.split("```").next().expect("a block"));
        assert_eq!(errors, [], "{kind}");
        match kind {
            "account" => assert_eq!(Account::read(&json, &|_| Some("secret".to_owned())).1, []),
            "http" => assert_eq!(Exchanges::read(&json).1, []),
            "event" => {
                let event = Event::new(Value::from(&json), &Account::default(), "k");
                assert_eq!(event.label(), Some(("ticket_event", "Status Changed")));
            }
            other => panic!("{other}"),
        }
        kinds.push(kind);
    }
    assert_eq!(kinds, ["event", "account", "http"]);
}
