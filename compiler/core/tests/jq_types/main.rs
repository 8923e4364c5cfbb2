//! Types of jq programs against what the engine really yields: every output is of the type that was found before.

mod corpus;
mod generate;
mod member;
mod programs;

use generate::Random;
use zisc_core::jq::{Count, FUNCTIONS, Inferred, infer};
use zisc_core::{Database, SourceFile, Type, declarations};
use zisc_runtime::jq::Programs;
use zisc_runtime::limit::Limits;

/// Types of inputs, in the notation of the language. `Event` is what a flow works on.
const TYPES: &[(&str, &str)] = &[
    ("Comment", "{ id: int, body: string, is_public: bool, author?: { id: int, name: string } }"),
    (
        "Ticket",
        "{ id: int, subject: string, status: \"new\" | \"open\" | \"solved\", tags: string[], name: string?, assignee?: { id: int, email: string? }, custom_fields: { id: int, value: string | bool | null }[], created_at: timestamp, price: number }",
    ),
    ("Event", "{ ticket: Ticket, comment: Comment, items: { id: int, name: string, tags: string[] }[] }"),
    ("Names", "{ [string]: string }"),
    ("Numbers", "number[]"),
    ("Wholes", "int[]"),
    ("Texts", "string[]"),
    ("Matrix", "int[][]"),
    ("Mixed", "(string | int | null | { a: int })[]"),
    ("Text", "string"),
    ("Whole", "int"),
    ("Real", "number"),
    ("Truth", "bool"),
    ("Nothing", "null"),
    ("Either", "string | { a: int, b?: string } | int[] | null"),
    ("Word", "\"a\" | \"b c\" | \"x-y\""),
    ("Time", "timestamp"),
    ("Pairs", "{ key: string, value: int }[]"),
    ("Deep", "{ a: { b?: { c: int | null } | null, d: string[] }, tags?: string[] }"),
    ("Maps", "{ [string]: { id: int, tags?: string[] } }"),
    ("Unknown", "any"),
    ("Optional", "{ a?: int, b?: string | null, id?: int }"),
];

fn types() -> Vec<(&'static str, Type)> {
    let text: String = TYPES.iter().map(|(name, text)| format!("type {name} = {text}\n")).collect();
    let db = Database::default();
    let file = SourceFile::new(&db, "types.zis".to_owned(), text);
    let declared = &declarations(&db, file).types;
    let written = TYPES.iter().map(|(name, _)| (*name, declared.get(*name).expect("the type is declared").clone()));
    let mut all: Vec<_> = written.collect();
    // What jq constructs is closed, and nothing in the notation is.
    let closed = infer("{a: 1, b: (.x | tostring), id: 3, tags: [\"x\", \"y\"]}", &Type::Any);
    all.push(("Closed", closed.outputs));
    all.push(("Entries", infer("to_entries", &Type::Record(Default::default())).outputs));
    all
}

/// A time that programs see.
const NOW: f64 = 1_700_000_000.25;
/// More outputs than this are not looked at.
const MOST_OUTPUTS: usize = 12;

struct Bench {
    programs: Programs,
    random: Random,
    runs: usize,
    yielded: usize,
    wrong: Vec<String>,
}

impl Bench {
    fn new(seed: u64) -> Self {
        Self { programs: Programs::default(), random: Random::new(seed), runs: 0, yielded: 0, wrong: Vec::new() }
    }

    fn check(&mut self, code: &str, name: &str, kind: &Type, inputs: usize) {
        let Ok(program) = self.programs.compile(code) else { return };
        let inferred = infer(code, kind);
        for _ in 0..inputs {
            let input = self.random.value(kind, 4);
            assert!(member::is_of(&input, kind), "the input {} is no {kind}", input.to_json());
            self.runs += 1;
            let limits = Limits { steps: 20_000, ..Limits::default() };
            let (outputs, failure) = program.outputs(&input, NOW, limits, MOST_OUTPUTS);
            self.yielded += usize::from(failure.is_none());
            let count = if failure.is_some() { Count { least: 0, ..inferred.count } } else { inferred.count };
            let stranger = outputs.iter().find(|output| !member::is_of(output, &inferred.outputs));
            let what = match stranger {
                Some(stranger) => format!("yields {}", stranger.to_json()),
                None if inferred.certain_error && failure.is_none() && outputs.len() < MOST_OUTPUTS => {
                    "does not fail".to_owned()
                }
                None if !count.allows(outputs.len()) => format!("yields {} values", outputs.len()),
                None => continue,
            };
            let Inferred { outputs, count, .. } = &inferred;
            self.wrong.push(format!(
                "{name} | {code}\n  of {}\n  {what}, and {outputs} {count:?} was found",
                input.to_json()
            ));
            return;
        }
    }

    /// What was done, where nothing was wrong.
    fn report(self) -> String {
        let shown: Vec<_> = self.wrong.iter().take(15).cloned().collect();
        assert!(self.wrong.is_empty(), "{} unsound:\n{}", self.wrong.len(), shown.join("\n"));
        format!("{} runs, {} without an error", self.runs, self.yielded)
    }
}

/// How many runs are wanted of the random programs: `ZISC_SOUNDNESS_RUNS=100000` looks longer, `ZISC_SOUNDNESS_SEED=7`
/// looks elsewhere.
fn wanted(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|value| value.parse().ok()).unwrap_or(usual)
}

#[test]
fn what_known_programs_yield_is_of_the_type_found() {
    let mut bench = Bench::new(1);
    let types = types();
    let own = programs::PROGRAMS;
    assert!(own.len() >= 150, "{} programs", own.len());
    for code in own {
        let is_run = !NOT_IN_THE_ENGINE.iter().any(|name| code.contains(name));
        assert!(
            !is_run || bench.programs.compile(code).is_ok(),
            "{code} is no program: {:?}",
            bench.programs.compile(code).err()
        );
        for (name, kind) in &types {
            bench.check(code, name, kind, 2);
        }
    }
    assert!(bench.runs >= 10_000);
    println!("known programs: {}", bench.report());
}

#[test]
fn what_random_programs_yield_is_of_the_type_found() {
    let seed = wanted("ZISC_SOUNDNESS_SEED", 2);
    let mut bench = Bench::new(seed);
    let types = types();
    let runs = wanted("ZISC_SOUNDNESS_RUNS", 10_000);
    let mut programs = Random::new(seed + 1);
    while (bench.runs as u64) < runs {
        let code = programs.program(5);
        for _ in 0..3 {
            let (name, kind) = &types[programs.below(types.len())];
            bench.check(&code, name, kind, 3);
        }
    }
    println!("random programs: {}", bench.report());
}

/// Functions of jq 1.6 that the engine lacks; a program with one is right, and cannot be run here.
const NOT_IN_THE_ENGINE: &[&str] = &["format", "recurse_down"];

#[test]
fn every_function_exists_when_a_program_runs() {
    let programs = Programs::default();
    let missing: Vec<_> = FUNCTIONS
        .iter()
        .filter(|function| !NOT_IN_THE_ENGINE.contains(&function.name))
        .filter(|function| {
            let arguments = vec!["."; function.parameters.len()].join("; ");
            let call =
                if arguments.is_empty() { function.name.to_owned() } else { format!("{}({arguments})", function.name) };
            programs.compile(&call).is_err()
        })
        .map(|function| format!("{}/{}", function.name, function.parameters.len()))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn programs_for_flows_have_the_types_that_people_expect() {
    let types = types();
    let mut wrong = Vec::new();
    for (name, code, expected) in programs::EXPECTED {
        let kind = types.iter().find(|(known, _)| known == name).map(|(_, kind)| kind).expect("a type of the table");
        let found = infer(code, kind).outputs.to_string();
        if found != *expected {
            wrong.push(format!("{name} | {code}\n  is {found}\n  instead of {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn how_many_values_come_out_is_known_where_it_is_certain() {
    let many = Count { least: 2, most: 2 };
    for (code, count) in [
        (".", Count::EXACTLY_ONE),
        ("empty", Count::NONE),
        (".a, .b", many),
        (".[]", Count::ANY_NUMBER),
        ("first(.[])", Count::AT_MOST_ONE),
        ("select(.a)", Count::AT_MOST_ONE),
        ("[.[] | select(.a)]", Count::EXACTLY_ONE),
        ("if . then 1 else 2, 3 end", Count::AT_LEAST_ONE),
        ("..", Count::AT_LEAST_ONE),
        ("reduce .[] as $x (0; . + 1)", Count::EXACTLY_ONE),
        ("(1, 2) as $x | empty", Count::NONE),
        ("{a: (1, 2)}", many),
    ] {
        assert_eq!(infer(code, &Type::Any).count, count, "{code}");
    }
}

#[test]
fn no_text_makes_inference_fall_over() {
    let deep = ["(".repeat(90) + "." + &")".repeat(90), "[".repeat(99) + "1" + &"]".repeat(99)];
    let long = [
        "-".repeat(15_000),
        "if ".repeat(10_000),
        format!("{}.", ".|".repeat(9_000)),
        format!("{}.", "try ".repeat(9_000)),
        format!("{}.", "def f: .; ".repeat(3_000)),
        format!(".{}", "?".repeat(9_000)),
        format!(".{}", ".a".repeat(9_000)),
        "{a:., b:.}|".repeat(60) + ".",
        "[.,.,[.]]|".repeat(60) + ".",
        "def f: f; f".to_owned(),
        "def f: f, f | f; f".to_owned(),
        "def f(g): g | f(f(g)); f(.)".to_owned(),
        "def f: {a: f}; f".to_owned(),
        "def f: [f, f, f, f]; f".to_owned(),
        "reduce range(9) as $x (.; [., reduce range(9) as $y (.; {a: ., b: [.]})])".to_owned(),
        "recurse(recurse(recurse(recurse([.]))))".to_owned(),
        "until(until(until(false; [.]); {a: .}); [.])".to_owned(),
        "\"\\(\"\\(\"\\(.)\")\")\"".to_owned(),
        "\u{0}".to_owned(),
        "@".to_owned(),
        "$".to_owned(),
        ".[".to_owned(),
        "{(\"a\",\"b\",\"c\"): (.a, .b)}".to_owned(),
    ];
    for code in deep.iter().chain(&long) {
        infer(code, &Type::Any);
    }
    let mut random = Random::new(9);
    for _ in 0..2_000 {
        infer(&random.garbage(), &Type::Any);
    }
}
