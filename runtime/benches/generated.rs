//! Runs one generated flow, or the jq programs of a file, for a second: `generated FOLDER SHAPE`,
//! `generated FOLDER jq PROGRAMS`. One line of JSON for each; `compare/compare.mjs` makes the table of them.
#![expect(clippy::print_stdout, reason = "the figures are the result")]

use std::time::{Duration, Instant};
use zisc_bundle::Bundle;
use zisc_runtime::{Account, Event, NoHttp, Runtime, Time, Value, World};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let file = |name: &str| std::fs::read_to_string(format!("{}/{name}", arguments[0]));
    match &arguments[..] {
        [_, shape, programs] if shape == "jq" => {
            for program in std::fs::read_to_string(programs)?.lines() {
                let (states, seconds) = measured(&jq_states(program), Value::from_json_text(&file("event.json")?)?)?;
                println!("{}", Value::object([("seconds", Value::number(seconds / states as f64))]));
            }
        }
        [_, shape] => {
            let event = event_for(shape, Value::from_json_text(&file("event.json")?)?);
            let (states, seconds) = measured(&file(&format!("{shape}.zis.json"))?, event)?;
            let figures = [
                ("perSecond", Value::number(1.0 / seconds)),
                ("states", states.into()),
                ("mebibytes", Value::number(most_memory())),
            ];
            println!("{}", Value::object(figures));
        }
        _ => println!("usage: generated FOLDER SHAPE, or generated FOLDER jq PROGRAMS"),
    }
    Ok(())
}

/// How many states one run of the only flow of a bundle goes through, and how many seconds it takes.
fn measured(bundle: &str, event: Value) -> Result<(usize, f64), Failure> {
    let (bundle, problems) = Bundle::read(bundle);
    assert!(problems.is_empty(), "{problems:?}");
    let mut runtime = Runtime::load(&bundle).map_err(|problems| format!("{problems:?}"))?;
    runtime.limits.choose("map_items", "none")?;
    runtime.limits.choose("transitions", "none")?;
    let event = Event::from_data(event);
    let flow = runtime.flow_names().next().unwrap_or_default().to_owned();
    let tokio = tokio::runtime::Builder::new_current_thread().build()?;
    let (mut runs, mut states, begin) = (0u32, 0, Instant::now());
    while begin.elapsed() < Duration::from_secs(1) {
        let mut world = World { account: Account::default(), http: NoHttp, time: Time::Virtual };
        let trace = tokio.block_on(runtime.run(&flow, &event, &mut world)).ok_or("no flow")?;
        assert!(trace.outcome.is_success(), "{:?}", trace.outcome);
        states = trace.steps.len();
        runs += 1;
    }
    Ok((states, begin.elapsed().as_secs_f64() / f64::from(runs)))
}

/// The event, with ten thousand items for the shape that goes through them.
fn event_for(shape: &str, mut event: Value) -> Value {
    if let (Value::Object(members), "map") = (&mut event, shape) {
        let item = |number: usize| Value::object([("v", Value::from(number))]);
        members.insert("input", Value::object([("items", Value::array((0..10_000).map(item)))]));
    }
    event
}

/// A flow that runs the program again and again.
fn jq_states(program: &str) -> String {
    const STATES: usize = 200;
    let states: Vec<String> = (0..STATES)
        .map(|number| {
            format!(
                r#""S{number}":{{"Type":"Action","ActionName":"zis:common:transform:Jq","Parameters":{{"expr":{},"data.$":"$"}},"ResultPath":"$.out","Next":"S{}"}}"#,
                Value::from(program),
                number + 1
            )
        })
        .collect();
    format!(
        r#"{{"zis_template_version":"2019-10-14","name":"b","resources":{{"f":{{"type":"ZIS::Flow","properties":{{"name":"f","definition":{{"StartAt":"S0","States":{{{},"S{STATES}":{{"Type":"Succeed"}}}}}}}}}}}}}}"#,
        states.join(",")
    )
}

/// The most memory that the process has had, in MiB, on systems that tell it in a file.
fn most_memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}
