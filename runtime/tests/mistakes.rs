//! What a flow may not say, and what its actions refuse: each with the message that its author sees.

use zisc_bundle::{Bundle, json};
use zisc_runtime::{Account, Event, Exchanges, Outcome, Runtime, Stop, Time, Value, World};

/// A bundle of one flow with these states, and an action `call` with this definition.
fn load(states: &str, definition: &str) -> Result<Runtime, String> {
    let text = format!(
        r#"{{"zis_template_version":"2019-10-14","name":"b","resources":{{
            "call":{{"type":"ZIS::Action::Http","properties":{{"name":"call","definition":{definition}}}}},
            "f":{{"type":"ZIS::Flow","properties":{{"name":"f","definition":{{"StartAt":"A","States":{{{states}}}}}}}}}}}}}"#
    );
    let (bundle, problems) = Bundle::read(&text);
    assert_eq!(problems, []);
    Runtime::load(&bundle)
        .map_err(|problems| problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>().join("; "))
}

const GET: &str = r#"{"method":"GET","url":"https://x.example/"}"#;

#[test]
fn a_flow_that_the_platform_would_run_otherwise_is_refused() {
    for (states, message) in [
        (r#""A":{"Type":"Pass","Result":{"k":1,"k.$":"$.x"},"End":true}"#, "both `k` and `k.$` are given"),
        (r#""A":{"Type":"Succeed","End":true}"#, "a Succeed state has no `End` on the platform"),
        (
            r#""A":{"Type":"Choice","Choices":[{"Variable":"$.x","IsNull":true,"Next":"A"}],"Next":"A"}"#,
            "a Choice state has no `Next` on the platform",
        ),
        (
            r#""A":{"Type":"Action","ActionName":"zis:k:action:call","Catch":[{"ErrorEquals":["States.Timeout"],"Next":"A"}],"End":true}"#,
            "a catcher can only catch all errors",
        ),
        (
            r#""A":{"Type":"Action","ActionName":"zis:k:action:call","Retry":[],"End":true}"#,
            "an Action state has no `Retry` on the platform",
        ),
    ] {
        assert_eq!(load(states, GET).map(|_| ()), Err(message.to_owned()), "{states}");
    }
}

const ACCOUNT: &str = r#"{"links":[
    {"link_type":"t","left_object":{"name":"1"},"right_object":{"name":"a"}},
    {"link_type":"t","left_object":{"name":"1"},"right_object":{"name":"b"}},
    {"link_type":"t","left_object":{"name":"1"},"right_object":{"name":"c"}}]}"#;

/// What a flow of one action gives at `$.r`, or the cause of its failure.
async fn called(action: &str, parameters: &str, definition: &str, response: &str) -> Result<String, String> {
    let state = format!(
        r#""A":{{"Type":"Action","ActionName":"zis:{action}","Parameters":{parameters},"ResultPath":"$.r","End":true}}"#
    );
    let runtime = load(&state, definition).expect("a flow that can run");
    let (account, problems) = Account::read(&json::read(ACCOUNT).0, &|_| None);
    assert_eq!(problems, []);
    let (http, problems) = Exchanges::read(&json::read(&format!(r#"{{"exchanges":[{response}]}}"#)).0);
    assert_eq!(problems, []);
    let mut world = World { account, http, time: Time::Virtual };
    let trace = runtime.run("f", &Event::from_data(Value::object([("x", Value::Null)])), &mut world).await;
    let trace = trace.expect("the flow");
    match trace.outcome {
        Outcome::Succeeded { .. } => Ok(trace.final_data.get("r").map(Value::to_json).unwrap_or_default()),
        Outcome::Failed { cause, .. } => Err(cause),
    }
}

#[tokio::test]
async fn actions_take_what_they_are_documented_to_take() {
    let load = |more: &str| format!(r#"{{"link_type":"t","left_object_name":"1"{more}}}"#);
    for (more, expected) in [
        (r#","page_size":"5""#, Err("LoadLinks: `page_size` is a whole number from 1 to 100, and this is \"5\"")),
        (r#","page_size":2.5"#, Err("LoadLinks: `page_size` is a whole number from 1 to 100, and this is 2.5")),
        (
            r#","page_after_cursor":"x""#,
            Err("LoadLinks: `page_after_cursor` is a cursor from the `meta` of an earlier answer, and this is \"x\""),
        ),
        (
            r#","page_after_cursor":"1","page_before_cursor":"2""#,
            Err("LoadLinks: give either `page_after_cursor` or `page_before_cursor`, not both"),
        ),
        (
            r#","page_size":2,"page_before_cursor":"1""#,
            Ok(
                r#"{"links":[{"link_type":"t","left_object":{"name":"1"},"right_object":{"name":"a"}}],"meta":{"has_more":true,"after_cursor":"1"}}"#,
            ),
        ),
    ] {
        let given = called("common:action:LoadLinks", &load(more), GET, "").await;
        assert_eq!(given.as_deref().map_err(String::as_str), expected, "{more}");
    }
    let same = r#"{"link_type":"t","left_object_name":"1","right_object":{"name":"b"}}"#;
    let given = called("common:action:PatchLink", same, GET, "").await;
    assert_eq!(given, Err("link already exists: t between 1 and b".to_owned()));
}

#[tokio::test]
async fn requests_meet_every_kind_of_answer() {
    for (definition, response, expected) in [
        (
            r#"{"method":"GET","url":"/api"}"#,
            r#"{"response":{}}"#,
            Err("external action failed: the address is no URL"),
        ),
        (
            GET,
            r#"{"response":{"headers":{"Content-Type":"application/json"},"text":"<html>"}}"#,
            Ok(r#"{"__httpresponse":"<html>"}"#),
        ),
        (GET, r#"{"response":{"headers":{"X-A":"b"},"body":"text"}}"#, Ok(r#"{"__httpresponse":"text"}"#)),
        (GET, r#"{"response":{"seconds":9.5,"body":{}}}"#, Ok("{}")),
        (
            GET,
            r#"{"response":{"seconds":10.5,"body":{}}}"#,
            Err("external action failed: the request timed out after 10 s"),
        ),
        (GET, r#"{"fault":"timeout"}"#, Err("external action failed: the request timed out after 10 s")),
        (
            GET,
            r#"{"fault":{"kind":"timeout","seconds":3}}"#,
            Err("external action failed: the request timed out after 3 s"),
        ),
        (GET, r#"{"fault":"refused"}"#, Err("external action failed: the connection was refused")),
    ] {
        let given = called("k:action:call", "{}", definition, response).await;
        assert_eq!(given.as_deref().map_err(String::as_str), expected, "{response}");
    }
}

#[tokio::test]
async fn a_flow_without_its_connection_does_not_start() {
    let call = |next: &str| format!(r#"{{"Type":"Action","ActionName":"zis:k:action:call",{next}}}"#);
    let runtime =
        load(&format!(r#""A":{}"#, call(r#""End":true"#)), r#"{"method":"GET","path":"/","connectionName":"crm"}"#);
    let runtime = runtime.expect("a flow that can run");
    let mut world = World { account: Account::default(), http: Exchanges::default(), time: Time::Virtual };
    let trace = runtime.run("f", &Event::from_data(Value::Null), &mut world).await.expect("the flow");
    let Outcome::Failed { cause, stop, .. } = trace.outcome else { panic!("{:?}", trace.outcome) };
    assert_eq!(cause, "Cannot start flow because the connection named \"crm\" does not exist");
    assert_eq!(stop, Some(Stop::NoConnections(vec!["crm".to_owned()])));
}
