//! A second, naive interpreter that shares no code with the first one. Both run random flows on random data and must
//! agree on the path, the end and the data.
//!
//! `ZISC_RANDOM_FLOWS=100000 cargo test --release -p zisc-runtime --test second_interpreter` runs that many.

mod naive;
mod random;

use random::Random;
use serde_json::{Value as Json, json};
use zisc_bundle::Bundle;
use zisc_bundle::json::read;
use zisc_runtime::{Account, Event, Exchanges, Outcome, Runtime, Time, Value, World};

const FLOWS: u64 = 3_000;
/// States of one run; circles end there, before their data fills the memory.
const MOST_STATES: u64 = 60;

#[tokio::test]
async fn both_interpreters_agree_on_random_flows() {
    let flows = std::env::var("ZISC_RANDOM_FLOWS").ok().and_then(|flows| flows.parse().ok()).unwrap_or(FLOWS);
    let mut ends = [0u64; 3];
    for seed in 0..flows {
        let mut random = Random::new(seed);
        let (bundle, data) = (random::bundle(&mut random), random::data(&mut random));
        let platform = random::platform(&mut random);
        let Some(expected) = naive::run(&bundle, &data, &platform) else { continue };
        let given = run(&bundle, &data, &platform).await;
        assert!(
            expected == given,
            "seed {seed}\nbundle {bundle}\ndata {data}\n{platform:?}\n{}",
            expected.difference(&given)
        );
        ends[if expected.succeeded {
            0
        } else if expected.path.len() as u64 >= MOST_STATES {
            2
        } else {
            1
        }] += 1;
    }
    // Flows that all end in their first state would agree on nothing.
    assert!(ends.iter().take(2).all(|count| *count * 10 > flows), "{ends:?}");
}

/// What both must agree on.
#[derive(Debug, PartialEq)]
struct Run {
    path: Vec<String>,
    succeeded: bool,
    /// The message of a success, the cause of a failure.
    text: String,
    data: Json,
    /// Method, address, body and `X-A` header of each.
    requests: Vec<Json>,
    configs: Json,
    links: Json,
}

impl Run {
    fn difference(&self, other: &Self) -> String {
        let same = self.path.iter().zip(&other.path).take_while(|(a, b)| a == b).count();
        let part = |run: &Self| {
            let path = run.path.iter().skip(same).take(3).collect::<Vec<_>>();
            format!(
                "{} states, {path:?} after {same}, {} {:?}\n  {}\n  {:?}\n  {}\n  {}",
                run.path.len(),
                run.succeeded,
                run.text,
                run.data,
                run.requests,
                run.configs,
                run.links
            )
        };
        format!("naive: {}\nruntime: {}", part(self), part(other))
    }
}

async fn run(bundle: &Json, data: &Json, platform: &[(&str, &str)]) -> Run {
    let (bundle, problems) = Bundle::read(&bundle.to_string());
    assert_eq!(problems, []);
    let mut runtime = Runtime::load(&bundle).expect("a bundle that can run");
    runtime.limits.transitions = MOST_STATES;
    for (name, value) in platform {
        runtime.platform.choose(name, value).expect("a setting");
    }
    let (exchanges, problems) = Exchanges::read(&read(random::EXCHANGES).0);
    assert_eq!(problems, []);
    let (account, problems) = Account::read(&read(random::ACCOUNT).0, &|_| None);
    assert_eq!(problems, []);
    let mut world = World { account, http: exchanges, time: Time::Virtual };
    let event = Event::from_data(Value::from_json_text(&data.to_string()).expect("JSON"));
    let trace = runtime.run("f", &event, &mut world).await.expect("the flow");
    let (succeeded, text) = match &trace.outcome {
        Outcome::Succeeded { message, .. } => (true, message.clone()),
        Outcome::Failed { cause, .. } => (false, cause.clone()),
    };
    Run {
        path: trace.path().map(str::to_owned).collect(),
        succeeded,
        text,
        data: plain(&trace.final_data),
        requests: trace
            .requests
            .iter()
            .map(|sent| {
                let request = &sent.request;
                let body = request.body.as_ref().map_or(Json::Null, plain);
                json!([request.method, request.url, body, request.header("X-A"), sent.status])
            })
            .collect(),
        configs: plain(&trace.configs),
        links: plain(&Value::array(trace.links)),
    }
}

fn plain(value: &Value) -> Json {
    serde_json::from_str(&value.to_json()).expect("JSON")
}
