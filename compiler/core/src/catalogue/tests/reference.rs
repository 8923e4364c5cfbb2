//! The reference data is kept beside the repository, not in it. Where it is missing these tests say so and pass.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::*;

const FAMILIES: [&str; 6] = ["ticket", "user", "organization", "custom_object", "legacy_custom_object", "activity"];

#[test]
fn the_catalogue_has_the_events_of_the_reference() {
    let Some(reference) = Reference::find() else { return };
    let mut differences = Vec::new();
    let index = reference.read("index.json");
    let rows = index["events"].as_array().unwrap();
    for row in rows {
        let text = |key: &str| row[key].as_str().unwrap();
        let Some(event) = event(text("event_source"), text("event_type")) else {
            differences.push(format!("{}: is not in the catalogue", text("event_type")));
            continue;
        };
        let ours =
            (event.label, event.root, word(event.confidence), word(event.name_confidence), event.aliases.to_vec());
        let aliases = texts(&row["aliases"]);
        let theirs = (text("display"), text("root"), text("confidence"), text("name_confidence"), aliases);
        if ours != theirs {
            differences.push(format!("{}: {ours:?}, reference {theirs:?}", event.name));
        }
    }
    assert_eq!(differences, Vec::<String>::new());
    assert_eq!(events().len(), rows.len(), "the catalogue has events that the reference lacks");
}

#[test]
fn the_shapes_are_those_of_the_reference() {
    let Some(reference) = Reference::find() else { return };
    let mut comparison = Comparison::default();
    for family in FAMILIES {
        let data = reference.read(&format!("{family}.json"));
        let source = data["source"].as_str().unwrap();
        for (event_type, described) in data["events"].as_object().unwrap() {
            let event = event(source, event_type).unwrap();
            comparison.shape(event.payload, &described["payload"], &data["$defs"], event.name);
        }
    }
    comparison.record(envelope(), &reference.read("envelope.json"), &Value::Null, "envelope");
    assert_eq!(comparison.differences, Vec::<String>::new());
    assert!(comparison.fields > 1000, "only {} fields were compared", comparison.fields);
}

#[test]
fn every_sample_of_the_reference_has_the_shape_of_its_event() {
    let Some(reference) = Reference::find() else { return };
    let mut differences = Vec::new();
    for event in events() {
        let sample = reference.read(&format!("samples/{}.json", event.event_type));
        mismatches(&sample["input"], event.payload, event.name, &mut differences);
        mismatches(&sample, &Shape::Record(envelope()), "envelope", &mut differences);
    }
    assert_eq!(differences, Vec::<String>::new());
}

#[test]
fn a_value_of_another_shape_is_noticed() {
    let mut found = Vec::new();
    let event = event_named("support.organization.TagsChanged").unwrap();
    let value = serde_json::json!({
        "type": "Tags Renamed",
        "meta": { "version": "1.0", "occurred_at": "yesterday", "ref": "1", "sequence": null, "colour": "red" },
        "tags_added": ["a", 1],
    });
    mismatches(&value, &Shape::Record(event.body), "$", &mut found);
    let expected = [
        "$.type: \"Tags Renamed\" is no \"Tags Changed\"",
        "$.meta.occurred_at: \"yesterday\" is no timestamp",
        "$.meta.sequence.id: is missing",
        "$.meta.sequence.position: is missing",
        "$.meta.sequence.total: is missing",
        "$.meta.sequence: null is no EventSequence",
        "$.meta.colour: is not in the catalogue",
        "$.organization: is missing",
        "$.tags_added[]: 1 is no string",
    ];
    assert_eq!(found, expected);
}

struct Reference(PathBuf);

impl Reference {
    fn find() -> Option<Reference> {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let directory = repository.join("../shared/reference/events");
        if directory.join("index.json").exists() {
            return Some(Reference(directory));
        }
        // Written past the capture of the test harness, which would hide it.
        let note = "SKIPPED: there is no reference data in ../shared/reference/events beside the repository";
        writeln!(std::io::stderr(), "{note}").unwrap();
        None
    }

    fn read(&self, file: &str) -> Value {
        let text = fs::read_to_string(self.0.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
    }
}

/// Compares our shapes with schemas, and keeps what differs.
#[derive(Default)]
struct Comparison {
    differences: Vec<String>,
    fields: usize,
}

impl Comparison {
    fn record(&mut self, record: &Record, schema: &Value, definitions: &Value, path: &str) {
        let properties = schema["properties"].as_object().unwrap();
        let required = texts(&schema["required"]);
        self.same(path, "closed", record.closed, schema["x-zis-closed"] == true);
        self.same(path, "confidence", word(record.confidence), schema["x-confidence"].as_str().unwrap());
        let ours: BTreeSet<_> = record.fields.iter().map(|field| field.name).collect();
        let theirs: BTreeSet<_> = properties.keys().map(String::as_str).collect();
        self.same(path, "fields", &ours, &theirs);
        for field in record.fields {
            let Some(schema) = properties.get(field.name) else { continue };
            let path = format!("{path}.{}", field.name);
            self.fields += 1;
            self.same(&path, "optional", field.optional, !required.contains(&field.name));
            self.same(&path, "known values", field.known_values, texts(&schema["x-known-values"]));
            let complete = schema["x-known-values-complete"] == true;
            self.same(&path, "completeness of values", field.known_values_complete, complete);
            self.same(&path, "precaution", field.null_is_precaution, schema["x-nullability"] == "inferred");
            // On an object it speaks of the fields inside.
            if schema["x-confidence"] == "inferred" && schema["type"] != "object" {
                self.same(&path, "confidence", word(field.confidence), "inferred");
            }
            self.shape(&field.shape, schema, definitions, &path);
        }
    }

    fn shape(&mut self, shape: &Shape, schema: &Value, definitions: &Value, path: &str) {
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
            return self.shape(shape, &definitions[name], definitions, path);
        }
        // What depends on the data at run time is `any` for us, whatever the schema lists.
        if schema["x-zis-dynamic"] == true || schema["type"].is_null() {
            return self.same(path, "type", *shape, Shape::Any);
        }
        if let Some(label) = schema["const"].as_str() {
            return self.same(path, "type", shape.to_string(), format!("{label:?}"));
        }
        let types = match &schema["type"] {
            Value::Array(_) => texts(&schema["type"]),
            single => vec![single.as_str().unwrap()],
        };
        match shape {
            Shape::Record(record) => {
                self.same(path, "type", vec!["object"], types);
                self.record(record, schema, definitions, path);
            }
            Shape::Array(item) => {
                self.same(path, "type", vec!["array"], types);
                self.shape(item, &schema["items"], definitions, path);
            }
            Shape::Map(_) => {
                self.same(path, "type", (shape.to_string(), vec!["object"]), ("{ [string]: any }".to_owned(), types));
                self.same(path, "properties", schema["properties"].as_object().map(|all| all.len()), Some(0));
                self.same(path, "closed", false, schema["x-zis-closed"] == true);
            }
            Shape::Any
            | Shape::Null
            | Shape::Bool
            | Shape::Int
            | Shape::Number
            | Shape::String
            | Shape::Timestamp
            | Shape::Literal(_)
            | Shape::Union(_) => {
                let word = |name| match name {
                    "integer" => "int",
                    "boolean" => "bool",
                    "string" if schema["format"] == "date-time" => "timestamp",
                    other => other,
                };
                let theirs: Vec<_> = types.into_iter().map(word).collect();
                self.same(path, "type", shape.to_string(), theirs.join(" | "));
            }
        }
    }

    fn same<Ours: PartialEq<Theirs> + fmt::Debug, Theirs: fmt::Debug>(
        &mut self,
        path: &str,
        what: &str,
        ours: Ours,
        theirs: Theirs,
    ) {
        if ours != theirs {
            self.differences.push(format!("{path}: {what} is {ours:?}, reference {theirs:?}"));
        }
    }
}

/// Where a value is not of a shape, a field that a closed record does not have included.
fn mismatches(value: &Value, shape: &Shape, path: &str, found: &mut Vec<String>) {
    let fits = match shape {
        Shape::Any => true,
        Shape::Null => value.is_null(),
        Shape::Bool => value.is_boolean(),
        Shape::Int => value.is_i64() || value.is_u64(),
        Shape::Number => value.is_number(),
        Shape::String => value.is_string(),
        Shape::Timestamp => value.as_str().is_some_and(is_timestamp),
        Shape::Literal(text) => value == text,
        Shape::Array(item) => {
            for value in value.as_array().into_iter().flatten() {
                mismatches(value, item, &format!("{path}[]"), found);
            }
            value.is_array()
        }
        Shape::Map(item) => {
            for (key, value) in value.as_object().into_iter().flatten() {
                mismatches(value, item, &format!("{path}.{key}"), found);
            }
            value.is_object()
        }
        Shape::Union(members) => members.iter().any(|member| {
            let mut here = Vec::new();
            mismatches(value, member, path, &mut here);
            here.is_empty()
        }),
        Shape::Record(record) => {
            for field in record.fields {
                let path = format!("{path}.{}", field.name);
                match value.get(field.name) {
                    Some(value) => {
                        mismatches(value, &field.shape, &path, found);
                        let texts = field.known_values;
                        if field.known_values_complete && value.as_str().is_some_and(|text| !texts.contains(&text)) {
                            found.push(format!("{path}: {value} is not among {texts:?}"));
                        }
                    }
                    None if field.optional => {}
                    None => found.push(format!("{path}: is missing")),
                }
            }
            for key in value.as_object().into_iter().flat_map(|members| members.keys()) {
                if record.closed && record.field(key).is_none() {
                    found.push(format!("{path}.{key}: is not in the catalogue"));
                }
            }
            value.is_object()
        }
    };
    if !fits {
        found.push(format!("{path}: {value} is no {shape}"));
    }
}

/// Enough of RFC 3339 to tell an instant from other text.
fn is_timestamp(text: &str) -> bool {
    let digits = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect::<String>();
    digits.starts_with("0000-00-00T00:00:00") && digits.ends_with('Z')
}

fn word(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Documented => "documented",
        Confidence::Inferred => "inferred",
    }
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}
