//! The JSON schemas of bundles and of `zisc.toml`, made from the tables that the compiler reads.

use serde_json::{Map, Value, json};
use std::path::Path;
use zisc_bundle::{OPERATORS, Operand, Operator};
use zisc_core::navigate::bundle::{Holds, Member, Owner, RESOURCE_TYPES, STATE_TYPES, members_of};
use zisc_core::{Level, RULES};
use zisc_runtime::platform::SETTINGS;

const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

#[test]
fn the_schema_of_bundles_is_the_table_of_members() {
    compare("bundle.schema.json", &bundle());
}

#[test]
fn the_schema_of_projects_is_the_tables_of_findings_and_settings() {
    compare("zisc-toml.schema.json", &project());
}

#[test]
fn the_schema_names_all_members_and_operators() {
    let schema = bundle();
    let rule =
        schema.pointer("/definitions/Rule/properties").and_then(Value::as_object).expect("the members of a rule");
    assert!(OPERATORS.iter().all(|operator| rule.contains_key(operator.name)));
    let states =
        schema["definitions"].as_object().expect("definitions").keys().filter(|name| name.starts_with("State."));
    assert_eq!(states.count(), STATE_TYPES.len());
}

fn compare(name: &str, schema: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("editors/vscode/schemas").join(name);
    let text = format!("{schema:#}\n");
    if std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
        std::fs::write(&path, &text).expect("the schema can be written");
    }
    let written = std::fs::read_to_string(&path).expect("the schema is there");
    assert!(written == text, "{name} is old: run the test with INSTA_UPDATE=always");
}

fn bundle() -> Value {
    let mut definitions = Map::new();
    for owner in [Owner::Header, Owner::Machine, Owner::Request, Owner::Catcher, Owner::Rule, Owner::Condition] {
        definitions.insert(format!("{owner:?}"), object(members_of(owner, None)));
    }
    for owner in ["Rule", "Condition"] {
        let members = definitions[owner]["properties"].as_object_mut().expect("members");
        members.extend(OPERATORS.iter().map(|operator| (operator.name.to_owned(), compared(operator))));
    }
    for (owner, types, key) in [(Owner::State, STATE_TYPES, "Type"), (Owner::Resource, RESOURCE_TYPES, "type")] {
        definitions.insert(format!("{owner:?}s"), map_of(&format!("{owner:?}")));
        definitions.insert(format!("{owner:?}"), by_type(owner, types, key));
        for (kind, _) in types {
            definitions.insert(format!("{owner:?}.{kind}"), object(members_of(owner, Some(kind))));
        }
    }
    // What the properties of a resource are follows from the type beside them.
    for (kind, _) in RESOURCE_TYPES {
        let mut properties = object(members_of(Owner::Properties, Some(kind)));
        if let Some(definition) = properties.pointer_mut("/properties/definition/$ref") {
            let owner = if *kind == "ZIS::Flow" { Owner::Machine } else { Owner::Request };
            *definition = json!(format!("#/definitions/{owner:?}"));
        }
        definitions.insert(format!("Properties.{kind}"), properties);
        let resource = &mut definitions[&format!("Resource.{kind}")];
        resource["properties"]["properties"] = json!({ "$ref": format!("#/definitions/Properties.{kind}") });
    }
    let Value::Object(members) = object(members_of(Owner::Bundle, None)) else { unreachable!("an object") };
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!(DRAFT));
    schema.insert("title".to_owned(), json!("A bundle of Zendesk Integration Services"));
    schema.extend(members);
    schema.insert("definitions".to_owned(), Value::Object(definitions));
    Value::Object(schema)
}

/// Objects of one sort by their names.
fn map_of(name: &str) -> Value {
    json!({ "type": "object", "additionalProperties": { "$ref": format!("#/definitions/{name}") } })
}

/// An object whose members depend on one of them.
fn by_type(owner: Owner, types: &[(&str, &str)], key: &str) -> Value {
    let cases = types.iter().map(|(kind, _)| {
        json!({
            "if": { "properties": { key: { "const": kind } }, "required": [key] },
            "then": { "$ref": format!("#/definitions/{owner:?}.{kind}") },
        })
    });
    let kinds: Vec<_> = types.iter().map(|(kind, _)| kind).collect();
    let meanings: Vec<_> = types.iter().map(|(_, meaning)| meaning).collect();
    let summary = members_of(owner, None).find(|member| member.name == key).expect("a type").summary;
    json!({
        "type": "object",
        "properties": { key: { "enum": kinds, "enumDescriptions": meanings, "description": summary } },
        "required": [key],
        "allOf": cases.collect::<Vec<_>>(),
    })
}

/// What stands behind an operator.
fn compared(operator: &Operator) -> Value {
    let kind = match operator.operand {
        _ if operator.by_path => "string",
        Operand::String | Operand::Timestamp => "string",
        Operand::Number => "number",
        Operand::Boolean | Operand::Presence | Operand::Null => "boolean",
    };
    json!({ "type": kind, "description": operator.meaning() })
}

fn object(members: impl Iterator<Item = &'static Member>) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for member in members {
        let mut schema = holds(member.holds);
        schema["description"] = json!(member.summary);
        if matches!((member.of, member.holds), (Owner::Request | Owner::Header, Holds::Template | Holds::Text)) {
            let path = json!({ "type": "string", "description": format!("{} As a path, or with placeholders.", member.summary) });
            properties.insert(format!("{}.$", member.name), path);
        } else if member.is_required {
            required.push(member.name);
        }
        properties.insert(member.name.to_owned(), schema);
    }
    json!({ "type": "object", "properties": properties, "required": required })
}

fn holds(holds: Holds) -> Value {
    let of = |owner: Owner| json!({ "$ref": format!("#/definitions/{owner:?}") });
    match holds {
        Holds::Object(owner) => of(owner),
        Holds::List(owner) => json!({ "type": "array", "items": of(owner) }),
        Holds::Template | Holds::Operand => json!({}),
        Holds::OneOf(words) => json!({ "enum": words }),
        Holds::SomeOf(words) => json!({ "type": "array", "items": { "enum": words } }),
        Holds::ResultPath => json!({ "type": ["string", "null"], "pattern": r"^\$" }),
        Holds::Path => json!({ "type": "string", "pattern": r"^\$" }),
        Holds::ActionName => json!({ "type": "string", "pattern": "^zis:" }),
        Holds::FlowName => json!({ "type": "string", "pattern": "^zis:[^:]+:flow:" }),
        Holds::Number => json!({ "type": "number", "minimum": 0 }),
        Holds::True => json!({ "const": true }),
        Holds::Text | Holds::Name | Holds::StateName | Holds::Connection | Holds::EventSource | Holds::EventType => {
            json!({ "type": "string" })
        }
    }
}

fn project() -> Value {
    let mut levels = Map::new();
    for rule in RULES {
        let schema = match rule.level {
            Level::Error => {
                json!({ "enum": ["error"], "description": format!("{} An error stays one.", rule.summary) })
            }
            _ => json!({ "enum": ["off", "hint", "warning", "error"], "description": rule.summary }),
        };
        levels.insert(rule.name.to_owned(), schema.clone());
        levels.insert(rule.code.to_owned(), schema);
    }
    let platform: Map<String, Value> = SETTINGS
        .iter()
        .map(|setting| {
            let about = format!(
                "How the platform behaves where nobody knows for sure: {}? The first is the default.",
                setting.question
            );
            (setting.name.to_owned(), json!({ "enum": setting.values, "description": about }))
        })
        .collect();
    let texts = |about: &str| json!({ "type": "object", "additionalProperties": { "type": ["string", "number", "boolean"] }, "description": about });
    json!({
        "$schema": DRAFT,
        "title": "A project of zisc",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "env": {
                "type": "object",
                "description": "The environments to build for: `zisc build --env NAME`.",
                "additionalProperties": {
                    "type": "object",
                    "additionalProperties": false,
                    "properties": {
                        "integration": { "type": "string", "description": "The key of the integration in this environment." },
                        "params": texts("The values of params in this environment."),
                        "connections": texts("What connections are called in this environment."),
                    },
                },
            },
            "levels": {
                "type": "object",
                "description": "How bad findings are, by name or by code.",
                "additionalProperties": false,
                "properties": levels,
            },
            "platform": {
                "type": "object",
                "description": "How the platform behaves where nobody knows for sure.",
                "additionalProperties": false,
                "properties": platform,
            },
        },
    })
}
