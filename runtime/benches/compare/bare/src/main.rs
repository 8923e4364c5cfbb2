//! Runs jq programs, each compiled once, on one value that is in memory: `bare EVENT.json PROGRAMS`, a program on each
//! line of the second file. One line of JSON for each program.

use jaq_core::load::{Arena, File, Loader};
use jaq_core::{Compiler, Ctx, Vars, data, unwrap_valr};
use jaq_json::{Val, read};
use std::time::{Duration, Instant};

type Engine = data::JustLut<Val>;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let file = |position: usize| std::fs::read_to_string(&arguments[position]).expect("a file");
    let input = read::parse_single(file(0).as_bytes()).expect("JSON");
    for program in file(1).lines() {
        let definitions = jaq_core::defs().chain(jaq_std::defs()).chain(jaq_json::defs());
        let functions = jaq_core::funs().chain(jaq_std::funs()).chain(jaq_json::funs());
        let arena = Arena::default();
        let modules = Loader::new(definitions).load(&arena, File { code: program, path: () }).expect("a program");
        let filter = Compiler::default().with_funs(functions).compile(modules).expect("a program");
        let (mut runs, begin) = (0u32, Instant::now());
        while begin.elapsed() < Duration::from_secs(1) {
            for _ in 0..100 {
                let context = Ctx::<Engine>::new(&filter.lut, Vars::new([]));
                for output in filter.id.run((context, input.clone())).map(unwrap_valr) {
                    std::hint::black_box(output.expect("a value"));
                }
                runs += 1;
            }
        }
        println!("{{\"seconds\":{}}}", begin.elapsed().as_secs_f64() / f64::from(runs));
    }
}
