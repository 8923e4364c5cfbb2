//! Runs each generated flow for two seconds, one line of JSON for each; see `compare/compare.sh`.
#![expect(clippy::print_stdout, reason = "the figures are the result")]

use std::time::{Duration, Instant};
use zisc_bundle::Bundle;
use zisc_runtime::{Account, Event, NoHttp, Runtime, Time, Value, World};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let [folder, event, shapes @ ..] = &arguments[..] else {
        println!("usage: generated FOLDER EVENT SHAPE…");
        return Ok(());
    };
    let tokio = tokio::runtime::Builder::new_current_thread().build()?;
    for shape in shapes {
        let (bundle, problems) = Bundle::read(&std::fs::read_to_string(format!("{folder}/{shape}.zis.json"))?);
        assert!(problems.is_empty(), "{problems:?}");
        let mut runtime = Runtime::load(&bundle).map_err(|problems| format!("{problems:?}"))?;
        runtime.limits.choose("map_items", "none")?;
        runtime.limits.choose("transitions", "none")?;
        let event = event_for(shape, &std::fs::read_to_string(event)?)?;
        let flow = runtime.flow_names().next().unwrap_or_default().to_owned();
        let (mut runs, mut states) = (0u32, 0);
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(2) {
            let mut world = World { account: Account::default(), http: NoHttp, time: Time::Virtual };
            let trace = tokio.block_on(runtime.run(&flow, &event, &mut world)).ok_or("no flow")?;
            assert!(trace.outcome.is_success(), "{:?}", trace.outcome);
            states = trace.steps.len();
            runs += 1;
        }
        let per_second = f64::from(runs) / begin.elapsed().as_secs_f64();
        let line = [
            ("shape", Value::from(shape.as_str())),
            ("perSecond", Value::number(per_second)),
            ("states", states.into()),
        ];
        println!("{}", Value::object(line));
    }
    Ok(())
}

/// The event, with ten thousand items for the shape that goes through them.
fn event_for(shape: &str, text: &str) -> Result<Event, Box<dyn std::error::Error>> {
    let mut data = Value::from_json_text(text)?;
    if let (Value::Object(members), "map") = (&mut data, shape) {
        let item = |number: usize| Value::object([("v", Value::from(number))]);
        let input = Value::object([("items", Value::array((0..10_000).map(item)))]);
        members.insert("input", input);
    }
    Ok(Event::from_data(data))
}
