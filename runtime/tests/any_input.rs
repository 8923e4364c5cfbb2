//! Whatever a bundle, an event or a jq program says, nothing panics, and what leaves a program is JSON.

use std::panic::{AssertUnwindSafe, catch_unwind};
use zisc_bundle::{Bundle, json};
use zisc_runtime::jq::Programs;
use zisc_runtime::limit::Limits;
use zisc_runtime::{Account, Exchanges, Runtime, Time, Value, World};

/// A small generator with a fixed seed.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) as usize % end.max(1)
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const PIECES: &[&str] = &[
    ".",
    "..",
    ".a",
    ".[0]",
    ".[-1:]",
    ".[]",
    ".[]?",
    ".a.b",
    ".[\"x\"]",
    "|",
    ",",
    "//",
    "?//",
    "?",
    "+",
    "-",
    "*",
    "/",
    "%",
    "==",
    "<",
    "and",
    "or",
    "not",
    "=",
    "|=",
    "+=",
    "//=",
    "as $x |",
    "as [$x, {a: $y}] |",
    "as {$a} ?// [$a] |",
    "$x",
    "$__loc__",
    "if . then 1 else 2 end",
    "if",
    "then",
    "elif",
    "else",
    "end",
    "try error catch .",
    "try",
    "catch",
    "reduce .[] as $x (0; . + $x)",
    "foreach .[] as $x (0; . + $x; [$x, .])",
    "label $out |",
    "break $out",
    "def f: f; f",
    "def f(x): x | f(x); f(.)",
    "def g($n): if $n > 0 then g($n - 1) else . end; g(5)",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "{a: 1}",
    "{(.): 1}",
    "{\"a\\(1)\": .}",
    ":",
    ";",
    "\"",
    "\"a\\(.)b\"",
    "\"\\u00e9\"",
    "@base64d",
    "@csv",
    "@uri \"x=\\(.)\"",
    "@base32d",
    "@sh",
    "@tsv",
    "@html",
    "import \"a\" as $b;",
    "include \"a\";",
    "#",
    "\\",
    "'",
    "0",
    "1e1000",
    "-9223372036854775808",
    "9223372036854775807",
    "1.5",
    ".5",
    "nan",
    "infinite",
    "null",
    "empty",
    "length",
    "keys",
    "to_entries",
    "from_entries",
    "with_entries(.)",
    "map(.)",
    "add",
    "flatten",
    "range(3)",
    "range(0; 1; 0.1)",
    "limit(2; .[])",
    "first(.[])",
    "nth(1; .[])",
    "until(true; .)",
    "paths",
    "getpath([\"a\", 0])",
    "setpath([\"a\"]; 1)",
    "delpaths([[\"a\"], [0]])",
    "del(.[0])",
    "tostream",
    "fromstream(tostream)",
    "walk(.)",
    "sort_by(.)",
    "group_by(.)",
    "unique",
    "min",
    "transpose",
    "combinations",
    "test(\"a\")",
    "match(\"(a)?\"; \"g\")",
    "capture(\"(?<n>.)\")",
    "sub(\"a\"; \"b\")",
    "gsub(\"\"; \"x\")",
    "split(\"a\"; null)",
    "splits(\"b\")",
    "explode",
    "implode",
    "tojson",
    "fromjson",
    "tonumber",
    "tostring",
    "ascii",
    "ltrimstr(\"a\")",
    "join(\",\")",
    "now",
    "todate",
    "fromdate",
    "gmtime",
    "mktime",
    "strftime(\"%Y %e %Z\")",
    "strptime(\"%Y\")",
    "indices(1)",
    "index(\"a\")",
    "inside(.)",
    "contains(.)",
    "has(0)",
    "in({})",
    "input_line_number",
    "splits(.)",
    "ldexp(.; 1)",
    "frexp",
    "significand",
    "logb",
    "env",
    "input",
    "halt",
    "IN(.[])",
    "INDEX(.a)",
    "ascii_downcase",
    "bsearch(1)",
    "error(null)",
    "pick(.a)",
    "abs",
];

const INPUTS: &[&str] = &[
    "null",
    "true",
    "-9223372036854775808",
    "1e300",
    "-0.0",
    "\"\"",
    "\"héllo, wörld\"",
    "\"2015-03-05T23:51:47Z\"",
    "[]",
    "[1,[2,\"a\"],null]",
    "[[1,2],[3,4]]",
    "{}",
    r#"{"a":{"b":[1,{"c":null}]},"x":"y"}"#,
    r#"[{"key":"a","value":1}]"#,
    "[99999,99,99,99,99,99,9,9]",
    "[-9223372036854775808]",
    "[1e18,-1e18,0.1]",
];

#[test]
fn any_program_ends_without_panic_and_gives_json() {
    let mut random = Random(0x5eed);
    let limits = Limits { steps: 5_000, bytes: 1 << 20, ..Limits::default() };
    let programs = Programs::default();
    let mut compiled = 0;
    for _ in 0..6_000 {
        let pieces: Vec<&str> = (0..1 + random.below(7)).map(|_| random.pick(PIECES)).collect();
        let text = pieces.join(random.pick(&["", " ", " | "]));
        let input = Value::from_json_text(random.pick(INPUTS)).expect("JSON");
        let outputs = catch_unwind(AssertUnwindSafe(|| match programs.compile(&text) {
            Ok(program) => Some(program.outputs(&input, 1e9, limits, 50).0),
            Err(_) => None,
        }));
        let outputs = outputs.unwrap_or_else(|_| panic!("{text:?} on {input}"));
        compiled += usize::from(outputs.is_some());
        for output in outputs.iter().flatten() {
            assert!(Value::from_json_text(&output.to_json()).is_ok(), "{text:?} on {input} gives {output}");
        }
    }
    assert!(compiled > 1_000, "{compiled} programs compiled");
}

const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/cases/run");

#[tokio::test]
async fn any_bundle_event_account_and_exchanges_end_without_panic() {
    let file = |name: &str| std::fs::read_to_string(format!("{CASES}/{name}")).expect("a case");
    let files = [file("bundle.json"), file("event.json"), file("account.json"), file("http.json")];
    let mut random = Random(0xcafe);
    let mut ran = 0;
    for _ in 0..4_000 {
        let mut texts = files.clone();
        for _ in 0..1 + random.below(2) {
            let which = random.below(texts.len());
            texts[which] = mutated(&texts[which], &mut random);
        }
        let [bundle, event, account, exchanges] = &texts;
        let (bundle, problems) = Bundle::read(bundle);
        let (account, _) = Account::read(&json::read(account).0, &|_| Some("secret".to_owned()));
        let (http, _) = Exchanges::read(&json::read(exchanges).0);
        let Ok(runtime) = Runtime::load(&bundle) else { continue };
        let event = runtime.event(Value::from(&json::read(event).0), &account);
        let mut world = World { account, http, time: Time::Virtual };
        for flow in ["confirm_order", "count_items"] {
            if let Some(trace) = runtime.run(flow, &event, &mut world).await {
                ran += usize::from(problems.is_empty());
                assert!(!trace.to_json().to_json().contains("\"secret\""));
            }
        }
    }
    assert!(ran > 1_000, "{ran} runs");
}

/// The text with one value, key or character changed.
fn mutated(text: &str, random: &mut Random) -> String {
    const VALUES: &[&str] = &[
        "null",
        "true",
        "[]",
        "{}",
        "\"$\"",
        "\"$.input\"",
        "\"$.x[0]\"",
        "-1",
        "1e400",
        "\"{{$.input}}\"",
        "\"{{$.\"",
        "\"$[*]\"",
        "[[[]]]",
        "{\"a.$\": \"$\"}",
        "0.5",
        "\"Confirm\"",
        "\"\"",
    ];
    let mut out = text.to_owned();
    match random.below(3) {
        0 => {
            // The value after a colon.
            let colons: Vec<usize> = text.match_indices(": ").map(|(at, _)| at + 2).collect();
            let start = colons[random.below(colons.len())];
            let end = text[start..].find([',', '}', ']', '\n']).map_or(text.len(), |length| start + length);
            out.replace_range(start..end, random.pick(VALUES));
        }
        1 => {
            let words: Vec<usize> = text.match_indices('"').map(|(at, _)| at + 1).collect();
            let at = words[random.below(words.len())];
            out.insert_str(at, random.pick(&["x", "$", ".", "é", "Z", "{{"]));
        }
        _ => {
            let at = (0..=random.below(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
            out.insert_str(at, random.pick(&["\"", "{", "}", ",", "1", "\\", "\u{0}"]));
        }
    }
    out
}
