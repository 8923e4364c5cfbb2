//! Many runs at once share one runtime.

use std::sync::Arc;
use zisc_bundle::Bundle;
use zisc_runtime::{
    Account, Event, Exchanges, Http, Outcome, Request, Response, Runtime, SendError, Time, Value, World,
};

const BUNDLE: &str = r#"{"zis_template_version":"2019-10-14","name":"b","resources":{
  "call":{"type":"ZIS::Action::Http","properties":{"name":"call","definition":{"method":"GET","url":"https://x.example/{{$.n}}"}}},
  "f":{"type":"ZIS::Flow","properties":{"name":"f","definition":{"StartAt":"J","States":{
    "J":{"Type":"Action","ActionName":"zis:common:transform:Jq","Parameters":{"expr":".n * 2","data.$":"$"},"ResultPath":"$.n","Next":"C"},
    "C":{"Type":"Action","ActionName":"zis:k:action:call","Parameters":{"n.$":"$.n"},"ResultPath":"$.reply","Next":"S"},
    "S":{"Type":"Succeed","Message":"{{$.reply.path}}"}}}}}}}"#;

/// Answers late, so that all runs wait at once.
struct Late;

impl Http for Late {
    async fn send(&mut self, request: &Request) -> Result<Response, SendError> {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        let path = Value::object([("path", Value::from(request.url.as_str()))]);
        Ok(Response { status: 200, body: zisc_runtime::Body::Json(path), ..Response::default() })
    }
}

fn runtime() -> Arc<Runtime> {
    let (bundle, problems) = Bundle::read(BUNDLE);
    assert_eq!(problems, []);
    Arc::new(Runtime::load(&bundle).expect("a bundle that can run"))
}

#[tokio::test]
async fn two_thousand_runs_wait_together() {
    let runtime = runtime();
    let begin = std::time::Instant::now();
    let runs: Vec<_> = (0..2_000)
        .map(|number| {
            let runtime = runtime.clone();
            // The future can move between threads.
            tokio::spawn(async move {
                let mut world = World { account: Account::default(), http: Late, time: Time::Virtual };
                let event = Event::from_data(Value::object([("n", Value::Integer(number))]));
                runtime.run("f", &event, &mut world).await.expect("the flow").outcome
            })
        })
        .collect();
    for (number, run) in runs.into_iter().enumerate() {
        let Outcome::Succeeded { message, .. } = run.await.expect("a run") else { panic!("run {number} failed") };
        assert_eq!(message, format!("https://x.example/{}", number * 2));
    }
    assert!(begin.elapsed().as_secs() < 10, "{:?}", begin.elapsed());
}

#[tokio::test]
async fn a_run_that_is_dropped_ends() {
    let runtime = runtime();
    let mut world = World { account: Account::default(), http: Late, time: Time::Real };
    let event = Event::from_data(Value::object([("n", Value::Integer(1))]));
    let run = runtime.run("f", &event, &mut world);
    assert!(tokio::time::timeout(std::time::Duration::from_millis(1), run).await.is_err());
    let mut world = World { account: Account::default(), http: Exchanges::default(), time: Time::Virtual };
    assert!(!runtime.run("f", &event, &mut world).await.expect("the flow").outcome.is_success());
}
