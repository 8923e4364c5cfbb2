//! The examples: each builds, runs on its fixtures as recorded, and does what the documented bundle does.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const DOCUMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus/docs");

/// An example, the runs of it that are recorded, and the documented bundle that does the same.
///
/// A run is the names of an event and of the answers to its requests; an account of that name stands before the common one.
struct Example {
    name: &'static str,
    runs: &'static [(&'static str, &'static str)],
    documented: &'static str,
}

const EXAMPLES: &[Example] = &[
    Example {
        name: "public_comments_to_slack",
        runs: &[("public", "public"), ("private", "")],
        documented: "zis-bundle-adding-a-choice-state",
    },
    Example {
        name: "slack_on_status_change",
        runs: &[
            ("solved", "solved"),
            ("solved", "refused"),
            ("pending", "pending"),
            ("hold", ""),
            ("comment", "comment"),
        ],
        documented: "zis-bundle-posting-a-message-in-slack-when-ticket-status-changes",
    },
    Example {
        name: "slack_on_priority",
        runs: &[("high", "high"), ("low", ""), ("high", "unset")],
        documented: "zendesk-app-admin-interface",
    },
    Example {
        name: "thread_per_ticket",
        runs: &[("created", "created"), ("comment", "comment"), ("comment", "")],
        documented: "using-zis-links",
    },
    Example {
        name: "solved_tickets",
        runs: &[("solved", "solved"), ("open", "")],
        documented: "conditional-branching",
    },
    Example { name: "ticket_id_as_text", runs: &[("created", "created")], documented: "data-transformation" },
    Example {
        name: "read_tickets",
        runs: &[("created", "created"), ("created", "missing")],
        documented: "state-retry-error-handling",
    },
    Example { name: "hello_world", runs: &[("created", "")], documented: "registry-bundle-hello-world" },
    Example {
        name: "event_as_text",
        runs: &[("created", "created")],
        documented: "zis-bundle-parsing-sending-event-to-an-external-api",
    },
    Example {
        name: "field_named_by_a_value",
        runs: &[("joined", "joined")],
        documented: "zis-bundle-creating-an-http-request-body-using-jq",
    },
    Example {
        name: "first_integration",
        runs: &[("created", "created"), ("unset", "unset")],
        documented: "building-your-first-zis-integration",
    },
    Example {
        name: "ticket_to_webhook",
        runs: &[("created", "created"), ("unset", "unset")],
        documented: "part-3-creating-a-zis-flow",
    },
    Example {
        name: "tag_attachments",
        runs: &[("attached", "attached"), ("attached", "refused")],
        documented: "zis-action-authenticate-requests",
    },
    Example {
        name: "remind_contacts",
        runs: &[("created", "created"), ("created", "refused")],
        documented: "map-state-notify-contacts",
    },
    Example {
        name: "large_orders",
        runs: &[("large", "large"), ("boundary", "large"), ("small", "")],
        documented: "using-zis-inbound-webhooks",
    },
    Example {
        name: "refunds",
        runs: &[("small", "small"), ("large", "premium"), ("large", "basic"), ("large", "unknown"), ("other", "")],
        documented: "user-activity-events",
    },
    Example {
        name: "verified_comments",
        runs: &[("comment", "comment")],
        documented: "using-jwts-to-verify-requests-from-zis",
    },
    Example {
        name: "redact_addresses",
        runs: &[("one", "one"), ("two", "two"), ("none", ""), ("hold", "")],
        documented: "zendesk-app-redact-bundle",
    },
];

fn zisc(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_zisc")).args(arguments).current_dir(ROOT).output().expect("the program runs")
}

/// The arguments of a run, with those of the files that exist.
fn run_arguments(event: &str, account: &str, http: &str) -> Vec<String> {
    let mut arguments = vec!["--event".to_owned(), event.to_owned()];
    for (option, path) in [("--account", account), ("--http", http)] {
        if Path::new(ROOT).join(path).exists() {
            arguments.extend([option.to_owned(), path.to_owned()]);
        }
    }
    arguments
}

#[test]
fn every_example_has_nothing_wrong_and_always_builds_the_same() {
    for example in EXAMPLES {
        let folder = format!("tests/examples/{}", example.name);
        let check = zisc(&["check", &folder]);
        let told = String::from_utf8_lossy(&check.stderr);
        // Documented bundles keep answers that nobody reads: those are hints.
        assert!(check.status.success() && !told.contains("Error") && !told.contains("Warning"), "{told}");
        let build = zisc(&["build", &folder]);
        assert!(build.status.success());
        insta::assert_snapshot!(format!("{}.bundle", example.name), String::from_utf8_lossy(&build.stdout));
    }
}

#[test]
fn every_example_runs_as_recorded() {
    for example in EXAMPLES {
        let folder = format!("tests/examples/{}", example.name);
        for (event, answers) in example.runs {
            let fixture = |name: &str| format!("{folder}/fixtures/{name}.json");
            let own_account = fixture(&format!("{answers}.account"));
            let account = if Path::new(ROOT).join(&own_account).exists() { own_account } else { fixture("account") };
            let options = run_arguments(&fixture(event), &account, &fixture(&format!("{answers}.http")));
            let mut arguments = vec!["run", folder.as_str()];
            arguments.extend(options.iter().map(String::as_str));
            let output = zisc(&arguments);
            let told =
                format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            insta::assert_snapshot!(format!("{}.{event}.{answers}", example.name), told);
        }
    }
}

#[test]
fn every_example_does_what_the_documented_bundle_does() {
    if !Path::new(DOCUMENTS).exists() {
        eprintln!("skipped: {DOCUMENTS} is not there");
        return;
    }
    let mut cases = 0;
    for example in EXAMPLES {
        let documented = Path::new(DOCUMENTS).join(example.documented);
        for case in cases_of(&documented) {
            cases += 1;
            let file = |kind: &str| documented.join(format!("{kind}{case}.json")).display().to_string();
            let options = run_arguments(&file("event"), &file("env"), &file("http"));
            let run = |program: &str| {
                let mut arguments = vec!["run", "--format", "json", program];
                arguments.extend(options.iter().map(String::as_str));
                let output = zisc(&arguments);
                let text = String::from_utf8_lossy(&output.stderr).into_owned();
                let trace: Value = serde_json::from_slice(&output.stdout)
                    .unwrap_or_else(|error| panic!("{program} {case}: {error}\n{text}"));
                effects(&trace)
            };
            let ours = run(&format!("tests/examples/{}", example.name));
            let theirs = run(&documented.join("bundle.json").display().to_string());
            assert_eq!(ours, theirs, "{}{case}", example.name);
        }
    }
    assert_eq!(cases, 39, "the documented cases of all bundles");
}

/// What the world sees of a run: the requests and how it ended.
fn effects(trace: &Value) -> Value {
    let requests: Vec<Value> = trace["requests"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|request| serde_json::json!([request["method"], request["url"], request["body"], request["status"]]))
        .collect();
    let outcome = &trace["outcome"];
    serde_json::json!([requests, outcome["status"], outcome["message"], outcome["error"], outcome["cause"]])
}

fn cases_of(documented: &Path) -> Vec<String> {
    let mut cases: Vec<String> = fs::read_dir(documented)
        .expect("a folder")
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            name.strip_prefix("expected")?.strip_suffix(".json").map(str::to_owned)
        })
        .collect();
    cases.sort();
    cases
}

#[test]
fn an_example_takes_a_third_of_the_documented_lines_on_average_and_no_jq() {
    let (mut ours, mut documented) = (0, 0);
    for example in EXAMPLES {
        let text = fs::read_to_string(format!("{ROOT}/tests/examples/{}/main.zis", example.name)).expect("an example");
        assert!(!text.contains("jq"), "{} contains jq", example.name);
        let bundle: PathBuf = Path::new(DOCUMENTS).join(example.documented).join("bundle.json");
        let Ok(bundle) = fs::read_to_string(&bundle) else {
            eprintln!("skipped: {} is not there", bundle.display());
            continue;
        };
        let (lines, bundle_lines) = (text.lines().count(), bundle.lines().count());
        let share = lines * 100 / bundle_lines;
        println!("{}: {lines} of {bundle_lines} lines, {share} %", example.name);
        assert!(share <= 40, "{} takes {share} % of the lines", example.name);
        ours += lines;
        documented += bundle_lines;
    }
    println!("together: {ours} of {documented} lines");
    assert!(ours * 3 <= documented, "{ours} of {documented} lines are more than a third");
}
