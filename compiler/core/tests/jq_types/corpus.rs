//! How much of published bundles gets a type. The bundles stand outside of this repository; where they are absent the
//! test says so and passes.

use serde_json::Value;
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zisc_core::jq::infer;
use zisc_core::{FieldType, RecordType, Type, catalogue};

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus");
const JQ: &str = "zis:common:transform:Jq";

#[derive(Default)]
struct Share {
    programs: usize,
    typed: usize,
    known: usize,
    known_typed: usize,
    untyped: Vec<String>,
}

#[test]
fn programs_of_published_bundles_get_a_type() {
    let bundles = bundles();
    if bundles.is_empty() {
        println!("skipped: there is no bundle in {CORPUS}");
        return;
    }
    let mut share = Share::default();
    for path in &bundles {
        let Ok(text) = fs::read_to_string(path) else { continue };
        let Ok(bundle) = serde_json::from_str::<Value>(&text) else { continue };
        measure(&bundle, &mut share);
    }
    let percent = |part: usize, whole: usize| 100.0 * part as f64 / whole.max(1) as f64;
    println!(
        "{} bundles, {} programs: {} typed ({:.1} %); {} on data of a known type: {} typed ({:.1} %)",
        bundles.len(),
        share.programs,
        share.typed,
        percent(share.typed, share.programs),
        share.known,
        share.known_typed,
        percent(share.known_typed, share.known),
    );
    println!("on known data without a type:\n{}", share.untyped.join("\n"));
    assert!(share.programs > 0);
    assert!(percent(share.known_typed, share.known) >= 80.0);
}

fn bundles() -> Vec<PathBuf> {
    let files = |folder: &Path| -> Vec<PathBuf> {
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
    };
    let mut bundles: Vec<PathBuf> =
        files(&Path::new(CORPUS).join("docs")).iter().map(|folder| folder.join("bundle.json")).collect();
    bundles.extend(files(&Path::new(CORPUS).join("public")));
    bundles.retain(|path| path.is_file() && path.extension().is_some_and(|extension| extension == "json"));
    bundles.sort();
    bundles
}

fn measure(bundle: &Value, share: &mut Share) {
    let resources: Vec<(&String, &Value)> = bundle["resources"].as_object().into_iter().flatten().collect();
    for (key, resource) in &resources {
        if resource["type"] != "ZIS::Flow" {
            continue;
        }
        let properties = &resource["properties"];
        let name = properties["name"].as_str().unwrap_or(key);
        let inputs = resources.iter().filter_map(|(_, job)| {
            let job = &job["properties"];
            let flow = job["flow_name"].as_str()?.rsplit(':').next()?;
            let event = catalogue::event(job["event_source"].as_str()?, job["event_type"].as_str()?)?;
            (flow == name).then(|| Type::from(event.payload))
        });
        let inputs: Vec<Type> = inputs.collect();
        let input = if inputs.is_empty() { Type::Any } else { Type::union(inputs) };
        let mut known = HashMap::from([("$.input".to_owned(), input)]);
        // Results are known to programs that stand before them in the text as well.
        states(&properties["definition"], &mut known, &mut Share::default());
        states(&properties["definition"], &mut known, share);
    }
}

fn states(definition: &Value, known: &mut HashMap<String, Type>, share: &mut Share) {
    for state in definition["States"].as_object().into_iter().flatten().map(|(_, state)| state) {
        let program = state["Parameters"]["expr"].as_str();
        if let Some(program) = program.filter(|_| state["ActionName"] == JQ) {
            let path = state["Parameters"]["data.$"].as_str().unwrap_or_default();
            let input = type_at(path, known);
            let output = infer(program, &input).outputs;
            share.programs += 1;
            share.typed += usize::from(output != Type::Any);
            if input != Type::Any {
                share.known += 1;
                share.known_typed += usize::from(output != Type::Any);
                if output == Type::Any {
                    share.untyped.push(format!("  {path} | {program}"));
                }
            }
            if let Some(result) = state["ResultPath"].as_str() {
                known.insert(result.to_owned(), output);
            }
        }
        // Inside a Map the data is the item, which is not followed here.
        states(&state["Iterator"], &mut HashMap::new(), share);
    }
}

/// The type at a path of the data, as far as the event and the results of programs tell.
fn type_at(path: &str, known: &HashMap<String, Type>) -> Type {
    let of = |start: &String| {
        path == start || path.strip_prefix(start.as_str()).is_some_and(|rest| rest.starts_with(['.', '[']))
    };
    let Some(start) = known.keys().filter(|start| of(start)).max_by_key(|start| start.len()) else {
        return match path.strip_prefix('$') {
            Some("") => whole(known),
            Some(rest) => infer(rest, &whole(known)).outputs,
            None => Type::Any,
        };
    };
    let rest = &path[start.len()..];
    if rest.is_empty() { known[start].clone() } else { infer(rest, &known[start]).outputs }
}

/// The type of `$`: what is known of its members, and nothing about the others.
fn whole(known: &HashMap<String, Type>) -> Type {
    let fields = known.iter().filter_map(|(path, kind)| {
        let name = path.strip_prefix("$.").filter(|name| !name.contains(['.', '[']))?;
        Some(FieldType { name: name.into(), kind: kind.clone(), optional: true, ..FieldType::default() })
    });
    Type::Record(Arc::new(RecordType { fields: fields.collect(), ..RecordType::default() }))
}
