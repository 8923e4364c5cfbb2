//! How fast flows run: `cargo bench -p zisc-runtime`.

use divan::Bencher;
use divan::counter::ItemsCount;
use zisc_bundle::Bundle;
use zisc_runtime::jq::Programs;
use zisc_runtime::limit::Limits;
use zisc_runtime::{Account, Event, NoHttp, Runtime, Time, Trace, Value, World};

fn main() {
    divan::main();
}

/// A flow of these states, begun at the first.
fn runtime(start: &str, states: &str) -> Runtime {
    let text = format!(
        r#"{{"zis_template_version":"2019-10-14","name":"b","resources":{{"f":{{"type":"ZIS::Flow","properties":{{"name":"f","definition":{{"StartAt":"{start}","States":{{{states}}}}}}}}}}}}}"#
    );
    let (bundle, problems) = Bundle::read(&text);
    assert!(problems.is_empty(), "{problems:?}");
    let mut runtime = Runtime::load(&bundle).expect("a bundle that can run");
    runtime.limits.map_items = None;
    runtime.limits.transitions = u64::MAX;
    runtime
}

fn run(runtime: &Runtime, event: &Event) -> Trace {
    let mut world = World { account: Account::default(), http: NoHttp, time: Time::Virtual };
    let tokio = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    let trace = tokio.block_on(runtime.run("f", event, &mut world)).expect("the flow");
    assert!(trace.outcome.is_success(), "{:?}", trace.outcome);
    trace
}

fn ticket_event() -> Event {
    let text = r#"{"account_id":12345,"integration_key":"k","subdomain":"example","input":{"ticket_event":{"type":"Status Changed","current":"solved","previous":"open",
        "meta":{"occurred_at":"2021-08-12T08:46:37Z","ref":"18-646602214","sequence":{"id":"C2056","position":1,"total":9},"version":"1.0"},
        "ticket":{"assignee_id":313502247511,"brand_id":32040676813,"created_at":"2021-08-12T08:46:37Z","external_id":"order-42","form_id":37201638591,"group_id":null,
        "id":1001,"organization_id":361454622831,"priority":"urgent","requester_id":323401287712,"status":"solved","tags":["a","b"],"type":"question","via":{"channel":"web"}}}}}"#;
    Event::from_data(Value::from_json_text(text).expect("JSON"))
}

/// A thousand times Pass and Choice, one after the other.
#[divan::bench]
fn pass_and_choice(bencher: Bencher<'_, '_>) {
    const STATES: usize = 1_000;
    let mut states = String::new();
    for number in 0..STATES {
        states.push_str(&format!(
            r#""P{number}":{{"Type":"Pass","Result":{{"n.$":"$.input.ticket_event.ticket.id"}},"ResultPath":"$.step","Next":"C{number}"}},
               "C{number}":{{"Type":"Choice","Choices":[{{"Variable":"$.step.n","NumericEquals":1,"Next":"End"}},{{"Variable":"$.input.ticket_event.ticket.status","StringEquals":"solved","Next":"P{}"}}],"Default":"End"}},"#,
            number + 1
        ));
    }
    states.push_str(&format!(r#""P{STATES}":{{"Type":"Succeed"}},"End":{{"Type":"Succeed"}}"#));
    let (runtime, event) = (runtime("P0", &states), ticket_event());
    bencher.counter(ItemsCount::new(2 * STATES)).bench_local(|| run(&runtime, &event));
}

const FIVE_STATES: &str = r#"
    "Check":{"Type":"Choice","Choices":[{"Variable":"$.input.ticket_event.ticket.status","StringEquals":"solved","Next":"Order"}],"Default":"Ignored"},
    "Order":{"Type":"Action","ActionName":"zis:common:transform:Jq","Parameters":{"expr":".external_id | split(\"-\") | .[1] | tonumber","data.$":"$.input.ticket_event.ticket"},"ResultPath":"$.order","Next":"Text"},
    "Text":{"Type":"Pass","Result":{"text.$":"Ticket {{$.input.ticket_event.ticket.id}} of order {{$.order}}"},"ResultPath":"$.message","Next":"Pause"},
    "Pause":{"Type":"Wait","Seconds":5,"Next":"Done"},
    "Done":{"Type":"Succeed","Message":"{{$.message.text}}"},
    "Ignored":{"Type":"Succeed"}"#;

/// A flow of five states on a ticket's event.
#[divan::bench]
fn five_states(bencher: Bencher<'_, '_>) {
    let (runtime, event) = (runtime("Check", FIVE_STATES), ticket_event());
    bencher.counter(ItemsCount::new(1usize)).bench_local(|| run(&runtime, &event));
}

/// A Map over ten thousand items, with one Pass for each.
#[divan::bench]
fn map_of_ten_thousand(bencher: Bencher<'_, '_>) {
    const ITEMS: usize = 10_000;
    let runtime = runtime(
        "Each",
        r#""Each":{"Type":"Map","ItemsPath":"$.items","Iterator":{"StartAt":"P","States":{"P":{"Type":"Pass","Result":{"x.$":"$.id"},"ResultPath":"$.out","End":true}}},"ResultPath":"$.all","End":true}"#,
    );
    let item = |id: usize| Value::object([("id", Value::from(id)), ("name", Value::from("item"))]);
    let event = Event::from_data(Value::object([("items", Value::array((0..ITEMS).map(item)))]));
    bencher.counter(ItemsCount::new(ITEMS)).bench_local(|| run(&runtime, &event));
}

const PROGRAM: &str =
    ".input.ticket_event.ticket | {id, status, tags: (.tags | map(ascii_upcase)), text: \"\\(.id): \\(.priority)\"}";

/// A jq program that was compiled before.
#[divan::bench]
fn jq_compiled(bencher: Bencher<'_, '_>) {
    let programs = Programs::default();
    let program = programs.compile(PROGRAM).expect("a program");
    let input = data();
    bencher.bench_local(|| program.run(&input, 0.0, Limits::default()));
}

/// The same through a state of a flow.
#[divan::bench]
fn jq_state(bencher: Bencher<'_, '_>) {
    let states = format!(
        r#""J":{{"Type":"Action","ActionName":"zis:common:transform:Jq","Parameters":{{"expr":{},"data.$":"$"}},"ResultPath":"$.out","End":true}}"#,
        Value::from(PROGRAM)
    );
    let (runtime, event) = (runtime("J", &states), ticket_event());
    bencher.bench_local(|| run(&runtime, &event));
}

/// A jq program from its text, nothing remembered.
#[divan::bench]
fn jq_compile(bencher: Bencher<'_, '_>) {
    bencher.bench_local(|| Programs::default().compile(PROGRAM).is_ok());
}

fn data() -> Value {
    let text =
        r#"{"input":{"ticket_event":{"ticket":{"id":1001,"status":"solved","priority":"urgent","tags":["a","b"]}}}}"#;
    Value::from_json_text(text).expect("JSON")
}
