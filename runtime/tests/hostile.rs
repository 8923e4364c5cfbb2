//! Programs and data that want all time, memory or stack: each ends in an error, and the next run is unaffected.

use std::time::{Duration, Instant};
use zisc_runtime::Value;
use zisc_runtime::jq::{Outputs, Programs};
use zisc_runtime::limit::Limits;

const HOSTILE: &[&str] = &[
    "[range(1e12)]",
    "last(range(1e12))",
    "def f: f; f",
    "def f: 1 + f; f",
    "def f: [f]; f",
    "def f: f, f; f",
    "def f(x): f(x | x); f(.)",
    "def f(x): def g(y): f(y | x); g(x); f(.)",
    "\"x\" * 1e9",
    "\"x\" * 1e18",
    "[limit(1e9; repeat(\"x\"))] | add",
    "reduce range(1e9) as $i (0; . + 1)",
    "reduce range(1e9) as $i ([]; [.])",
    "reduce range(64) as $i ([1]; [., .]) | tojson",
    "reduce range(64) as $i ([1]; [., .]) | length, tostring",
    "reduce range(64) as $i ([1]; [., .]) as $a | reduce range(64) as $i ([1]; [., .]) as $b | $a == $b",
    "reduce range(64) as $i (\"x\"; . + .)",
    "reduce range(64) as $i ({}; {a: ., b: .}) | [..] | length",
    "reduce range(64) as $i ([1]; [., .]) | flatten",
    "reduce range(64) as $i ([1]; [., .]) | [paths] | length",
    "reduce range(64) as $i ([1]; [., .]) | tostream",
    "reduce range(64) as $i ([1]; [., .]) | walk(.)",
    "reduce range(64) as $i ([1]; [., .]) | sort, unique",
    ".[1e18] = 1",
    "[][4e8] = 1",
    "[range(1e6)] | combinations(9)",
    "[range(100)] | combinations(100)",
    "\"a\" * 100000 | test(\"(a+)+$b\")",
    "\"a\" * 40 + \"b\" | test(\"^(a|a)*$\")",
    "\"a\" * 100000 | [match(\"(a*)*b\"; \"g\")]",
    "\"ab\" * 100000 | gsub(\"(?<x>a)\"; .x * 100)",
    "\"a\" * 10000 | test(\"(?<=a{1,1000}){1000}b\")",
    "[range(100000)] | until(false; .)",
    "[recurse]",
    "[1] | [recurse([.])]",
    "[while(true; .)]",
    "label $out | repeat(1) | if . == 2 then break $out else empty end",
    "[range(300000)] | [.[] as $x | .[] | $x]",
    "[range(1000000)] | map(tostring) | join(\",\") | explode | implode * 1000",
    "[range(100000)] | [., .] | transpose | transpose | add | map({(tostring): .}) | add | tojson * 1000",
    "def f(n): if n == 0 then 0 else f(n - 1) + f(n - 1) end; f(60)",
    "input_line_number | [splits(\"\")] | repeat(.)",
    "try error(\"x\" * 1e8 | . * 1e8) catch .",
    "[range(1e5) | {a: \"x\" * 1000}] | map(.a) | add | test(\"y\")",
    "\"\\(\"x\" * 1e7)\" * 100",
    "@base64 \"\\(\"x\" * 1e9)\"",
    "{} | .a[1e9].b = 1",
    "[limit(100000; repeat([range(1000)]))]",
    "first(range(1; 1e18) | select(. < 0))",
    "isempty(range(1e18) | select(. < 0))",
    "nth(1e15; repeat(1))",
    "[skip(1e15; repeat(1))]",
    "[.[]?, (range(1e9) | . as $x | [$x])]",
    "any(range(1e15); false)",
    "INDEX(range(1e9); .)",
    "ltrimstr(\"x\" * 1e9)",
    "[getpath([range(1e9)])]",
    "fromstream(range(1e9) | [[0], 1])",
    "reduce range(1e5) as $i ({}; .[\"k\\($i)\"] = (\"v\" * 2000))",
    "[splits(\"a\"; \"g\")] | until(false; [.])",
    "strftime(\"%Y\" * 1e8)",
];

/// How long this thread has computed, on systems that tell it; on a machine with other work to do, the clock tells more
/// about that. Elsewhere the clock has to do.
fn computed(since: Instant) -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|number| number.parse().ok());
    nanoseconds.map_or_else(|| since.elapsed(), Duration::from_nanos)
}

#[test]
fn hostile_programs_end_in_time_and_harm_nobody() {
    let programs = Programs::default();
    let input = Value::from_json_text(r#"{"a":[1,2,3]}"#).expect("JSON");
    // Less than by default, so that a build without optimisation gets there soon.
    let limits = Limits { steps: 200_000, bytes: 8 << 20, time: Duration::from_secs(5) };
    let mut told = Vec::new();
    let began = Instant::now();
    for text in HOSTILE {
        let begin = computed(began);
        let result = match programs.compile(text) {
            Ok(program) => match program.outputs(&input, 0.0, limits, 1_000) {
                (_, Some(failure)) => failure.message,
                (outputs, None) => format!("{} outputs", outputs.len()),
            },
            Err(mistake) => mistake.message,
        };
        let took = computed(began) - begin;
        assert!(took < Duration::from_secs(10), "{text} takes {took:?}");
        let result: String = result.chars().take(100).collect();
        told.push(format!("{:>6} ms  {text}\n           {result}", took.as_millis()));
        let next = programs.compile(".a | add").expect("a program").run(&input, 0.0, limits);
        assert_eq!(next, Ok(Outputs::One(Value::Integer(6))), "after {text}");
    }
    println!("{}", told.join("\n"));
}
