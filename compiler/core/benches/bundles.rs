//! How long it takes to check a bundle and to draw its flow, by the number of states.
//!
//! `cargo bench -p zisc-core`; with `ZISC_BUNDLE=FILE` that bundle is measured as well.

use divan::Bencher;
use zisc_bundle::Bundle;
use zisc_core::{Database, Diagram, Settings, SourceFile};

fn main() {
    divan::main();
}

#[divan::bench(args = [10, 100, 1_000, 10_000])]
fn check(bencher: Bencher<'_, '_>, states: usize) {
    measure(bencher, &bundle(states));
}

#[divan::bench]
fn check_of_a_file(bencher: Bencher<'_, '_>) {
    let text = std::env::var("ZISC_BUNDLE").ok().and_then(|path| std::fs::read_to_string(path).ok());
    measure(bencher, &text.unwrap_or_else(|| bundle(1)));
}

#[divan::bench(args = [10, 100, 1_000])]
fn svg(bencher: Bencher<'_, '_>, states: usize) {
    let (bundle, _) = Bundle::read(&bundle(states));
    let flow = bundle.flow("f").expect("the flow is there");
    bencher.bench_local(|| Diagram::of(&flow.machine).svg("a flow"));
}

fn measure(bencher: Bencher<'_, '_>, text: &str) {
    bencher.bench_local(|| {
        let db = Database::default();
        let file = SourceFile::new(&db, "bundle.json".to_owned(), text.to_owned());
        zisc_core::findings(&db, file, Settings::standard(&db)).len()
    });
}

/// A flow of values, conditions, jq and calls whose errors are caught, each writing a member of its own.
fn bundle(states: usize) -> String {
    let all: Vec<String> = (0..states)
        .map(|number| {
            let next = if number + 1 == states { "End".to_owned() } else { format!("S{}", number + 1) };
            let before = number.saturating_sub(1);
            let state = match number % 4 {
                0 => format!(r#""Type":"Pass","Result":{{"step":{number},"tag.$":"$.input.ticket_event.ticket.status"}},"ResultPath":"$.r{number}","Next":"{next}""#),
                1 => format!(r#""Type":"Choice","Choices":[{{"And":[{{"Variable":"$.r{before}.step","NumericEquals":1}},{{"Not":{{"Variable":"$.input.ticket_event.ticket.status","StringEquals":"open"}}}}],"Next":"{next}"}}],"Default":"{next}""#),
                2 => format!(r#""Type":"Action","ActionName":"zis:common:transform:Jq","Parameters":{{"expr":".ticket_event.ticket | {{id, status}}","data.$":"$.input"}},"ResultPath":"$.r{number}","Next":"{next}""#),
                _ => format!(r#""Type":"Action","ActionName":"zis:a:action:post","Parameters":{{"id.$":"$.r{before}.id"}},"ResultPath":"$.r{number}","Catch":[{{"ErrorEquals":["States.ALL"],"ResultPath":"$.error","Next":"Failed"}}],"Next":"{next}""#),
            };
            format!(r#""S{number}": {{{state}}}"#)
        })
        .collect();
    format!(
        r#"{{"zis_template_version":"2019-10-14","name":"a","resources":{{
        "j":{{"type":"ZIS::JobSpec","properties":{{"name":"j","event_source":"support","event_type":"ticket.TicketCreated","flow_name":"zis:a:flow:f"}}}},
        "post":{{"type":"ZIS::Action::Http","properties":{{"name":"post","definition":{{"method":"POST","url":"https://example.com/","requestBody":{{"id.$":"$.id"}}}}}}}},
        "f":{{"type":"ZIS::Flow","properties":{{"name":"f","definition":{{"StartAt":"S0","States":{{{},
        "End":{{"Type":"Succeed"}},"Failed":{{"Type":"Fail","Error":"E","Cause":"{{{{$.error.Cause}}}}"}}}}}}}}}}}}}}"#,
        all.join(",\n")
    )
}
