//! `zisc run` as a user meets it: the built binary, small files, and everything it prints.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/run");

/// Runs `zisc run` among the cases with the words of `arguments`.
fn zisc_run(arguments: &str) -> Output {
    zisc_run_in(Path::new(CASES), arguments)
}

fn zisc_run_in(folder: &Path, arguments: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zisc"))
        .arg("run")
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .env("SHOP_KEY", "PLANTED-KEY")
        .env_remove("NO_COLOR")
        .stdin(Stdio::null())
        .output()
        .expect("the binary runs")
}

/// Everything that a command prints, with its exit code.
fn told(output: &Output) -> String {
    let mut out = format!("exit code {}\n", output.status.code().expect("an exit code"));
    for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        let text = String::from_utf8_lossy(bytes);
        if !text.is_empty() {
            let _ = write!(out, "--- {name}\n{text}");
        }
    }
    assert!(!out.contains("PLANTED-KEY"), "a secret is printed:\n{out}");
    assert!(!out.contains("TOKEN-OF-ZENDESK"), "a secret is printed:\n{out}");
    out
}

/// A folder with files of its own.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("run").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    for case in ["bundle.json", "event.json", "account.json", "http.json"] {
        fs::copy(Path::new(CASES).join(case), folder.join(case)).expect("a copy");
    }
    for (file, text) in files {
        fs::write(folder.join(file), text).expect("a file");
    }
    folder
}

/// The message for one file that is not as it should be.
fn complaint(name: &str, file: &str, text: &str, arguments: &str) -> String {
    told(&zisc_run_in(&folder(name, &[(file, text)]), arguments))
}

const ALL: &str = "bundle.json --event event.json --account account.json --http http.json";

#[test]
fn a_run_reads_like_a_story() {
    insta::assert_snapshot!(told(&zisc_run(ALL)));
}

#[test]
fn trace_adds_what_went_in_and_came_out() {
    insta::assert_snapshot!(told(&zisc_run(&format!("{ALL} --trace"))));
}

#[test]
fn json_has_everything_but_secrets() {
    insta::assert_snapshot!(told(&zisc_run(&format!("{ALL} --format json"))));
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    for format in ["text --trace", "json"] {
        let arguments = format!("{ALL} --format {format}");
        assert_eq!(zisc_run(&arguments), zisc_run(&arguments));
    }
}

#[test]
fn iterations_stand_below_their_map() {
    let folder = folder("iterations", &[("event.json", r#"{"items":[{"count":1},{"count":2.5}]}"#)]);
    insta::assert_snapshot!(told(&zisc_run_in(&folder, "bundle.json count_items --event event.json --trace")));
}

#[test]
fn colours_come_when_asked_for_and_never_into_a_file() {
    assert!(!told(&zisc_run(ALL)).contains('\u{1b}'));
    assert!(told(&zisc_run(&format!("{ALL} --color always"))).contains('\u{1b}'));
}

#[test]
fn a_missing_connection_says_how_to_give_one() {
    insta::assert_snapshot!(told(&zisc_run("bundle.json --event event.json")));
}

#[test]
fn a_request_without_answers_says_how_to_go_on() {
    insta::assert_snapshot!(told(&zisc_run("bundle.json --event event.json --account account.json")));
}

#[test]
fn a_request_that_fits_no_exchange_is_shown_beside_the_nearest() {
    let http = fs::read_to_string(Path::new(CASES).join("http.json")).expect("exchanges");
    let http = http
        .replace("\"order\": 42", "\"order\": 43, \"gift\": true")
        .replace("PLANTED-KEY", "another key")
        .replace("ticket 1001", "ticket 7");
    insta::assert_snapshot!(complaint("nearest", "http.json", &http, ALL));
}

#[test]
fn an_exchange_is_used_once() {
    let twice = fs::read_to_string(Path::new(CASES).join("bundle.json")).expect("a bundle");
    let twice = twice.replace("\"Next\": \"Done\"", "\"Next\": \"Pause\"");
    insta::assert_snapshot!(complaint("used", "bundle.json", &twice, ALL));
}

#[test]
fn a_failing_answer_is_caught_and_told() {
    let http = r#"{"exchanges":[{"request":{},"response":{"status":409,"body":{"error":"gone"}}}]}"#;
    insta::assert_snapshot!(complaint("conflict", "http.json", http, ALL));
}

#[test]
fn faults_of_the_network_are_errors_of_the_state() {
    let http = r#"{"exchanges":[{"request":{"method":"POST"},"fault":"timeout"}]}"#;
    insta::assert_snapshot!(complaint("timeout", "http.json", http, ALL));
}

#[test]
fn a_flow_that_never_ends_is_stopped() {
    let circle = r#"{"zis_template_version":"2019-10-14","name":"b","resources":{"f":{"type":"ZIS::Flow","properties":{"name":"f","definition":
      {"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":30,"Next":"B"},"B":{"Type":"Pass","Next":"A"}}}}}}}"#;
    insta::assert_snapshot!(complaint("circle", "bundle.json", circle, "bundle.json --event event.json"));
}

#[test]
fn a_path_that_leads_nowhere_fails_the_flow() {
    let event = r#"{"ticket_event":{"type":"Status Changed","ticket":{"id":1}}}"#;
    insta::assert_snapshot!(complaint("nowhere", "event.json", event, ALL));
}

#[test]
fn a_jq_mistake_names_itself() {
    let bundle = fs::read_to_string(Path::new(CASES).join("bundle.json")).expect("a bundle");
    insta::assert_snapshot!(complaint("jq", "bundle.json", &bundle.replace("tonumber", "tonumbr"), ALL));
}

#[test]
fn files_that_are_not_there_are_named() {
    insta::assert_snapshot!("missing_near", told(&zisc_run("bundel.json --event event.json")));
    insta::assert_snapshot!("missing", told(&zisc_run("bundle.json --event nothing_like_it.txt")));
}

#[test]
fn mistakes_in_a_bundle_are_shown_where_they_stand() {
    let bundle = fs::read_to_string(Path::new(CASES).join("bundle.json")).expect("a bundle");
    let mistakes = [
        ("bundle_comma", bundle.replace("\"name\": \"order_desk\",", "\"name\": \"order_desk\"")),
        ("bundle_version", bundle.replace("2019-10-14", "2021-01-01")),
        ("bundle_target", bundle.replace("\"Next\": \"Pause\"", "\"Next\": \"Puase\"")),
        ("bundle_action", bundle.replace("zis:acme:action:shop_confirm", "zis:acme:action:shop_confrim")),
        ("bundle_built_in", bundle.replace("zis:common:transform:Jq", "zis:common:transform:jq")),
        ("bundle_path", bundle.replace("\"$.input.items\"", "\"$.input.items[*]\"")),
        ("bundle_operator", bundle.replace("\"StringEquals\"", "\"StringMatches\"")),
        ("bundle_event", fs::read_to_string(Path::new(CASES).join("event.json")).expect("an event")),
        ("bundle_empty", String::new()),
    ];
    for (name, text) in mistakes {
        insta::assert_snapshot!(name, complaint(name, "bundle.json", &text, ALL));
    }
}

#[test]
fn mistakes_in_other_files_are_shown_where_they_stand() {
    let mistakes = [
        ("event_text", "event.json", "\"solved\""),
        ("event_broken", "event.json", "{\n  \"ticket_event\": {\n    \"type\": 'Status Changed'\n}"),
        ("event_bytes", "event.json", "[1"),
        ("account_type", "account.json", r#"{"connections":{"shop":{"type":"apikey","api_key":"x"}}}"#),
        (
            "account_secret",
            "account.json",
            r#"{"connections":{"shop":{"type":"bearer_token","token":{"from_env":"NOT_SET_ANYWHERE"}}}}"#,
        ),
        ("account_member", "account.json", r#"{"conections":{}}"#),
        ("http_shape", "http.json", r#"{"exchange":[]}"#),
        ("http_member", "http.json", r#"{"exchanges":[{"request":{"methode":"GET"},"response":{"status":"ok"}}]}"#),
        ("http_no_response", "http.json", r#"{"exchanges":[{"request":{"method":"GET"}}]}"#),
    ];
    for (name, file, text) in mistakes {
        insta::assert_snapshot!(name, complaint(name, file, text, ALL));
    }
}

#[test]
fn the_flow_is_chosen_by_name_job_or_event() {
    let told = |arguments: &str, file: &str, text: &str| complaint("chosen", file, text, arguments);
    let other = r#"{"ticket_event":{"type":"Comment Created","ticket":{"id":1,"status":"closed"}}}"#;
    insta::assert_snapshot!("chosen_none", told(ALL, "event.json", other));
    insta::assert_snapshot!(
        "chosen_other",
        told("bundle.json confirm_order --event event.json --account account.json", "event.json", other)
    );
    insta::assert_snapshot!("chosen_unknown", told("bundle.json confirm_ordr --event event.json", "event.json", other));
    insta::assert_snapshot!("chosen_job", told("bundle.json --job on_satus --event event.json", "event.json", other));
}

#[test]
fn reruns_repeat_the_flow_as_the_platform_does() {
    let bundle = fs::read_to_string(Path::new(CASES).join("bundle.json")).expect("a bundle");
    let bundle = bundle.replace(
        "\"Catch\": [{ \"ErrorEquals\": [\"States.ALL\"], \"ResultPath\": \"$.error\", \"Next\": \"Rejected\" }],",
        "",
    );
    let http = r#"{"exchanges":[
      {"request":{},"response":{"status":429,"headers":{"Retry-After":"500"}}},
      {"request":{},"response":{"status":503}},
      {"request":{},"response":{"status":200,"body":{"state":"confirmed"}}}]}"#;
    let folder = folder("reruns", &[("bundle.json", &bundle), ("http.json", http)]);
    insta::assert_snapshot!("reruns_off", told(&zisc_run_in(&folder, ALL)));
    insta::assert_snapshot!("reruns_on", told(&zisc_run_in(&folder, &format!("{ALL} --reruns"))));
}

#[test]
fn disputed_points_are_told_and_can_be_chosen() {
    let bundle = r#"{"zis_template_version":"2019-10-14","name":"b","resources":{"f":{"type":"ZIS::Flow","properties":{"name":"f","definition":{"StartAt":"Load","States":{
      "Load":{"Type":"Action","ActionName":"zis:common:action:LoadConfig","Parameters":{"scope":"shop*"},"ResultPath":"$.settings","Next":"Any"},
      "Any":{"Type":"Action","ActionName":"zis:common:transform:Jq","Parameters":{"expr":".[]","data":"[1,2]"},"ResultPath":"$.any","Next":"Lost"},
      "Lost":{"Type":"Action","ActionName":"zis:common:transform:Jq","Parameters":{"expr":"{x: 1}","data":{}},"Next":"Done"},
      "Done":{"Type":"Succeed","Message":"{{$.x}}"}}}}}}}"#;
    let account = r#"{"configs":{"shop_settings":{"channel":"orders"}}}"#;
    let folder = folder("disputed", &[("bundle.json", bundle), ("account.json", account)]);
    let arguments = "bundle.json --event event.json --account account.json --trace";
    insta::assert_snapshot!("disputed", told(&zisc_run_in(&folder, arguments)));
    let chosen = format!(
        "{arguments} --platform load_config=wrapped --platform jq_several=array --platform default_result_path=keep"
    );
    insta::assert_snapshot!("disputed_chosen", told(&zisc_run_in(&folder, &chosen)));
    insta::assert_snapshot!(
        "disputed_unknown",
        told(&zisc_run_in(&folder, &format!("{arguments} --platform load_config=wraped")))
    );
}

#[test]
fn answers_from_a_file_and_from_the_network_exclude_each_other() {
    let output = zisc_run(&format!("{ALL} --live"));
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn source_is_built_and_its_places_are_told() {
    let source = r#"integration acme

action call(order: int) {
  GET "https://shop.example.com/orders/${order}"
}

job on_status: support.ticket.StatusChanged -> look

flow look(event) {
  Look: let order = call(order: event.ticket_event.ticket.id)
}
"#;
    let http = r#"{"exchanges":[{"request":{"method":"GET","url":"https://shop.example.com/orders/1001"},"response":{"status":404}}]}"#;
    let folder = folder("source", &[("main.zis", source), ("http.json", http)]);
    insta::assert_snapshot!("source", told(&zisc_run_in(&folder, "--event event.json --http http.json")));
    let json = told(&zisc_run_in(&folder, "--event event.json --http http.json --format json"));
    assert!(json.contains("\"place\": \"main.zis:10:3\""), "{json}");
}

#[test]
fn one_exchange_gives_several_answers_in_turn() {
    let twice = fs::read_to_string(Path::new(CASES).join("bundle.json")).expect("a bundle");
    let twice = twice
        .replace("\"Cause\": \"$.error.Cause\"", "\"Cause\": \"no\"")
        .replace("\"Next\": \"Rejected\"", "\"Next\": \"Pause\"");
    let http = r#"{"exchanges":[{"request":{},"responses":[{"status":503},{"fault":"refused"},{"body":{"state":"confirmed"}}]}]}"#;
    let folder = folder("answers", &[("bundle.json", &twice), ("http.json", http)]);
    insta::assert_snapshot!("answers", told(&zisc_run_in(&folder, ALL)));
}

#[test]
fn limits_can_be_lifted() {
    let items: Vec<String> = (0..101).map(|count| format!("{{\"count\":{count}}}")).collect();
    let event = format!("{{\"items\":[{}]}}", items.join(","));
    let folder = folder("limits", &[("event.json", &event)]);
    let arguments = "bundle.json count_items --event event.json";
    insta::assert_snapshot!("limit_map", told(&zisc_run_in(&folder, arguments)));
    assert_eq!(zisc_run_in(&folder, &format!("{arguments} --limit map_items=none")).status.code(), Some(0));
    insta::assert_snapshot!("limit_unknown", told(&zisc_run_in(&folder, &format!("{arguments} --limit items=5"))));
}

#[test]
fn a_recorded_run_replays_without_the_network() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let server = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut stream, _) = listener.accept().expect("a connection");
        let mut buffer = [0; 8192];
        let length = stream.read(&mut buffer).expect("a request");
        let body = r#"{"state":"confirmed"}"#;
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
            .expect("an answer");
        String::from_utf8_lossy(&buffer[..length]).into_owned()
    });
    let bundle = r#"{"zis_template_version":"2019-10-14","name":"b","resources":{
      "call":{"type":"ZIS::Action::Http","properties":{"name":"call","definition":{"method":"GET","url":"http://ADDRESS/orders/7"}}},
      "f":{"type":"ZIS::Flow","properties":{"name":"f","definition":{"StartAt":"C","States":{
        "C":{"Type":"Action","ActionName":"zis:acme:action:call","ResultPath":"$.reply","Next":"S"},
        "S":{"Type":"Succeed","Message":"{{$.reply.state}}"}}}}}}}"#;
    let folder = folder("record", &[("bundle.json", &bundle.replace("ADDRESS", &address.to_string()))]);
    let recorded = zisc_run_in(&folder, "bundle.json --event event.json --record recorded.json");
    assert_eq!(recorded.status.code(), Some(0), "{}", told(&recorded));
    let request = server.join().expect("the server").to_lowercase();
    // A token of three parts, to be checked by the key in its head.
    let token = request.lines().find_map(|line| line.strip_prefix("x-zis-authorization: ")).expect("a token");
    assert_eq!(token.split('.').count(), 3, "{token}");
    let file = fs::read_to_string(folder.join("recorded.json")).expect("the recording");
    assert!(!file.to_lowercase().contains(token), "{file}");
    let replayed = zisc_run_in(&folder, "bundle.json --event event.json --http recorded.json");
    assert_eq!(replayed.status.code(), Some(0), "{}", told(&replayed));
}

#[test]
fn a_result_that_nobody_could_print_is_refused() {
    let source = "integration acme\n\nflow big(event) {\n  let a = jq(event)`reduce range(64) as $i ([1]; [., .])` catch err { succeed err.Cause }\n  succeed \"${a}\"\n}\n";
    let output = zisc_run_in(&folder("big", &[("big.zis", source)]), "big.zis --event event.json --format json");
    let told = told(&output);
    assert!(told.contains("the data grows beyond 64 MiB") && told.len() < 10_000, "{told}");
}
