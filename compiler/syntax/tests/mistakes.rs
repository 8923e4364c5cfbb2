//! Mistakes that the parser must not pass over: what it leaves out of the tree is reported.

use zisc_syntax::parse;

fn headlines(text: &str) -> Vec<String> {
    parse(text).errors.into_iter().map(|error| error.headline).collect()
}

#[test]
fn an_action_says_each_thing_once() {
    let action = "action a() {\n  GET \"x\"\n  connection b\n  body c\n  POST \"y\"\n  connection d\n  body e\n}\n";
    assert_eq!(
        headlines(action),
        ["an action has one request", "an action has one connection", "an action has one body"]
    );
    assert_eq!(headlines("action a() {\n  GET \"x\"\n  headers { a: 1 }\n  headers { b: 2 }\n}\n"), [""; 0]);
}

#[test]
fn a_flow_has_one_parameter() {
    assert_eq!(headlines("flow f(event, more) { }\n"), ["a flow has one parameter, the event"]);
    assert_eq!(headlines("flow f(event,) { }\n"), [""; 0]);
}

#[test]
fn brackets_are_closed() {
    let flow = |statement: &str| headlines(&format!("flow f(event) {{\n  {statement}\n  return\n}}\n"));
    assert_eq!(flow("let x = (a + b"), ["this `(` is never closed"]);
    assert_eq!(flow("let x = a[0"), ["this `[` is never closed"]);
    assert_eq!(flow("let x = (a)[0] + (b)"), [""; 0]);
}
