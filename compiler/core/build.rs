//! Makes the tables of the event catalogue, `src/catalogue.rs`, from `data/events.json`.
//!
//! The data file says at its top how it is written. Whatever is wrong in it fails the build with the name of the entry.
#![allow(clippy::print_stdout, reason = "a build script speaks to cargo on the standard output")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

use serde_json::{Map, Value};

const DATA: &str = "data/events.json";

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={DATA}");
    if let Err(problem) = make_tables() {
        println!("cargo::error={DATA}: {problem}");
    }
}

fn make_tables() -> Result<(), Problem> {
    let text = fs::read_to_string(DATA).map_err(|error| error.to_string())?;
    let data: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
    let catalogue = Catalogue::read(&data)?;
    catalogue.check()?;
    let directory = env::var_os("OUT_DIR").ok_or("cargo has not said where to write")?;
    fs::write(PathBuf::from(directory).join("catalogue.rs"), catalogue.source()).map_err(|error| error.to_string())
}

/// A sentence that begins with the entry it is about.
type Problem = String;

struct Catalogue {
    envelope: String,
    values: Vec<Values>,
    records: Vec<Record>,
    events: Vec<Event>,
}

/// The texts that some fields are known to hold, under a name.
struct Values {
    name: String,
    texts: Vec<String>,
    complete: bool,
}

struct Record {
    name: String,
    summary: String,
    closed: bool,
    confidence: Confidence,
    fields: Vec<Field>,
}

#[derive(Clone)]
struct Field {
    name: String,
    optional: bool,
    shape: Shape,
    /// Empty where the record that the field holds says it.
    summary: String,
    values: Option<String>,
    confidence: Confidence,
    null_is_precaution: bool,
}

/// An event; its two records stand among the others, named after it.
struct Event {
    source: String,
    event_type: String,
    label: String,
    root: String,
    summary: String,
    aliases: Vec<String>,
    name_confidence: Confidence,
    confidence: Confidence,
}

#[derive(Clone, Copy)]
enum Confidence {
    Documented,
    Inferred,
}

#[derive(Clone)]
enum Shape {
    Any,
    Null,
    Bool,
    Int,
    Number,
    String,
    Timestamp,
    Literal(String),
    Array(Box<Shape>),
    Map(Box<Shape>),
    Union(Vec<Shape>),
    Record(String),
}

// Reading.

impl Catalogue {
    fn read(data: &Value) -> Result<Catalogue, Problem> {
        let top = Entry::read(data, "the top", &["about", "envelope", "values", "records", "families"])?;
        let mut catalogue = Catalogue {
            envelope: top.text("envelope")?.to_owned(),
            values: top.list("values")?.iter().map(Values::read).collect::<Result<_, _>>()?,
            records: top.list("records")?.iter().map(Record::read).collect::<Result<_, _>>()?,
            events: Vec::new(),
        };
        for family in top.list("families")? {
            catalogue.read_family(family)?;
        }
        Ok(catalogue)
    }

    fn read_family(&mut self, data: &Value) -> Result<(), Problem> {
        let members = ["source", "root", "name_confidence", "fields", "events"];
        let family = Entry::named(data, "", "family", "root", &members)?;
        let common = family.fields(Confidence::Documented)?;
        for event in family.list("events")? {
            let (event, records) = Event::read(event, &family, &common)?;
            self.events.push(event);
            self.records.extend(records);
        }
        Ok(())
    }
}

impl Values {
    fn read(data: &Value) -> Result<Values, Problem> {
        let entry = Entry::named(data, "", "values", "name", &["name", "complete", "values"])?;
        let texts = entry.texts("values")?;
        if texts.is_empty() {
            return Err(format!("{}: has no values", entry.place));
        }
        Ok(Values { name: entry.text("name")?.to_owned(), texts, complete: entry.flag("complete")? })
    }
}

impl Record {
    fn read(data: &Value) -> Result<Record, Problem> {
        let members = ["name", "summary", "open", "confidence", "fields"];
        let entry = Entry::named(data, "", "record", "name", &members)?;
        let name = entry.text("name")?.to_owned();
        if !is_record_name(&name) {
            return Err(format!("{}: the name has to be in PascalCase", entry.place));
        }
        let confidence = entry.confidence("confidence", Confidence::Documented)?;
        Ok(Record {
            name,
            summary: entry.sentence("summary")?,
            closed: !entry.flag("open")?,
            confidence,
            fields: entry.fields(confidence)?,
        })
    }
}

impl Event {
    /// The event, the record under its root and the record around the root.
    fn read(data: &Value, family: &Entry<'_>, common: &[Field]) -> Result<(Event, [Record; 2]), Problem> {
        let members = ["event", "label", "summary", "aliases", "open", "confidence", "label_confidence", "fields"];
        let entry = Entry::named(data, &family.place, "event", "event", &members)?;
        let source = family.text("source")?.to_owned();
        let root = family.text("root")?.to_owned();
        let event_type = entry.text("event")?.to_owned();
        if event_type.split('.').filter(|part| !part.is_empty()).count() != 2 {
            return Err(format!("{}: a type is written `entity.Name`", entry.place));
        }
        let label = entry.text("label")?.to_owned();
        let summary = entry.sentence("summary")?;
        let confidence = entry.confidence("confidence", Confidence::Documented)?;

        let label_field = Field {
            name: "type".to_owned(),
            optional: false,
            shape: Shape::Literal(label.clone()),
            summary: "The label of the event, always this text.".to_owned(),
            values: None,
            confidence: entry.confidence("label_confidence", confidence)?,
            null_is_precaution: false,
        };
        let payload_name = format!("{source}.{event_type}");
        let body = Record {
            name: format!("{payload_name}.{root}"),
            summary: summary.clone(),
            closed: !entry.flag("open")?,
            confidence,
            fields: [vec![label_field], common.to_vec(), entry.fields(confidence)?].concat(),
        };
        let payload = Record {
            name: payload_name,
            summary: summary.clone(),
            closed: true,
            confidence: Confidence::Documented,
            fields: vec![Field {
                name: root.clone(),
                optional: false,
                shape: Shape::Record(body.name.clone()),
                summary: summary.clone(),
                values: None,
                confidence: Confidence::Documented,
                null_is_precaution: false,
            }],
        };
        let event = Event {
            source,
            event_type,
            label,
            root,
            summary,
            aliases: entry.texts("aliases")?,
            name_confidence: family.confidence("name_confidence", Confidence::Documented)?,
            confidence,
        };
        Ok((event, [payload, body]))
    }

    fn name(&self) -> String {
        format!("{}.{}", self.source, self.event_type)
    }
}

impl Field {
    fn read(data: &Value, within: &str, default: Confidence) -> Result<Field, Problem> {
        let members = ["field", "summary", "values", "confidence", "null_is_precaution"];
        let entry = Entry::named(data, within, "field", "field", &members)?;
        let declaration = entry.text("field")?;
        let (name, shape) = declaration
            .split_once(':')
            .ok_or_else(|| format!("{}: is written `name: type` or `name?: type`", entry.place))?;
        let shape = Notation::read(shape).map_err(|problem| format!("{}: {problem}", entry.place))?;
        let (name, optional) = match name.strip_suffix('?') {
            Some(name) => (name, true),
            None => (name, false),
        };
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            return Err(format!("{}: `{name}` is no name of a field", entry.place));
        }
        Ok(Field {
            name: name.to_owned(),
            optional,
            summary: match shape {
                Shape::Record(_) if !entry.has("summary") => String::new(),
                _ => entry.sentence("summary")?,
            },
            shape,
            values: entry.has("values").then(|| entry.text("values").map(str::to_owned)).transpose()?,
            confidence: entry.confidence("confidence", default)?,
            null_is_precaution: entry.flag("null_is_precaution")?,
        })
    }
}

/// One object of the data file, with the words that name it in a message.
struct Entry<'a> {
    place: String,
    members: &'a Map<String, Value>,
}

impl<'a> Entry<'a> {
    fn read(data: &'a Value, place: &str, known: &[&str]) -> Result<Entry<'a>, Problem> {
        let members = data.as_object().ok_or_else(|| format!("{place}: is not an object"))?;
        match members.keys().find(|member| !known.contains(&member.as_str())) {
            Some(member) => Err(format!("{place}: has no use for `{member}`; it can have {}", known.join(", "))),
            None => Ok(Entry { place: place.to_owned(), members }),
        }
    }

    /// An entry that is called after one of its members.
    fn named(data: &'a Value, within: &str, kind: &str, member: &str, known: &[&str]) -> Result<Entry<'a>, Problem> {
        let within = if within.is_empty() { String::new() } else { format!("{within}, ") };
        let Some(name) = data.get(member).and_then(Value::as_str) else {
            return Err(format!("{within}a {kind} has no `{member}`: {data}"));
        };
        Entry::read(data, &format!("{within}{kind} `{name}`"), known)
    }

    fn has(&self, member: &str) -> bool {
        self.members.contains_key(member)
    }

    fn text(&self, member: &str) -> Result<&'a str, Problem> {
        match self.members.get(member).and_then(Value::as_str) {
            Some(text) if !text.trim().is_empty() => Ok(text),
            Some(_) | None => Err(format!("{}: `{member}` has to be a text", self.place)),
        }
    }

    fn sentence(&self, member: &str) -> Result<String, Problem> {
        let text = self.text(member)?;
        if !text.ends_with('.') {
            return Err(format!("{}: `{member}` has to end with a full stop", self.place));
        }
        Ok(text.to_owned())
    }

    fn flag(&self, member: &str) -> Result<bool, Problem> {
        match self.members.get(member) {
            None => Ok(false),
            Some(Value::Bool(true)) => Ok(true),
            Some(_) => Err(format!("{}: `{member}` is true or not there", self.place)),
        }
    }

    fn list(&self, member: &str) -> Result<&'a [Value], Problem> {
        match self.members.get(member) {
            None => Ok(&[]),
            Some(Value::Array(list)) => Ok(list),
            Some(_) => Err(format!("{}: `{member}` has to be a list", self.place)),
        }
    }

    fn texts(&self, member: &str) -> Result<Vec<String>, Problem> {
        let mut texts = Vec::new();
        for value in self.list(member)? {
            let text = value.as_str().ok_or_else(|| format!("{}: `{member}` holds {value}, no text", self.place))?;
            if texts.iter().any(|other| other == text) {
                return Err(format!("{}: `{member}` holds \"{text}\" twice", self.place));
            }
            texts.push(text.to_owned());
        }
        Ok(texts)
    }

    fn fields(&self, default: Confidence) -> Result<Vec<Field>, Problem> {
        self.list("fields")?.iter().map(|field| Field::read(field, &self.place, default)).collect()
    }

    fn confidence(&self, member: &str, default: Confidence) -> Result<Confidence, Problem> {
        match self.members.get(member).map(|value| value.as_str()) {
            None => Ok(default),
            Some(Some("documented")) => Ok(Confidence::Documented),
            Some(Some("inferred")) => Ok(Confidence::Inferred),
            Some(_) => Err(format!("{}: `{member}` is \"documented\" or \"inferred\"", self.place)),
        }
    }
}

fn is_record_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase()) && name.chars().all(|c| c.is_ascii_alphanumeric())
}

/// The reader of types, over the text that is still to be read.
struct Notation<'a> {
    rest: &'a str,
}

impl Notation<'_> {
    fn read(text: &str) -> Result<Shape, Problem> {
        let mut notation = Notation { rest: text };
        let shape = notation.union()?;
        match notation.rest.trim_start() {
            "" => Ok(shape),
            rest => Err(format!("`{rest}` is too much in the type `{}`", text.trim())),
        }
    }

    fn union(&mut self) -> Result<Shape, Problem> {
        let first = self.list()?;
        let mut members = vec![first];
        while self.takes("|") {
            members.push(self.list()?);
        }
        Ok(if members.len() == 1 { members.remove(0) } else { Shape::Union(members) })
    }

    fn list(&mut self) -> Result<Shape, Problem> {
        let mut shape = self.single()?;
        while self.takes("[") {
            self.expect("]")?;
            shape = Shape::Array(Box::new(shape));
        }
        Ok(shape)
    }

    fn single(&mut self) -> Result<Shape, Problem> {
        if self.takes("(") {
            let shape = self.union()?;
            self.expect(")")?;
            return Ok(shape);
        }
        if self.takes("{") {
            for part in ["[", "string", "]", ":"] {
                self.expect(part)?;
            }
            let shape = self.union()?;
            self.expect("}")?;
            return Ok(Shape::Map(Box::new(shape)));
        }
        if self.takes("\"") {
            let (text, rest) = self.rest.split_once('"').ok_or("a text in a type is not closed")?;
            self.rest = rest;
            return Ok(Shape::Literal(text.to_owned()));
        }
        let rest = self.rest.trim_start();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let (word, rest) = rest.split_at(end);
        self.rest = rest;
        match word {
            "any" => Ok(Shape::Any),
            "null" => Ok(Shape::Null),
            "bool" => Ok(Shape::Bool),
            "int" => Ok(Shape::Int),
            "number" => Ok(Shape::Number),
            "string" => Ok(Shape::String),
            "timestamp" => Ok(Shape::Timestamp),
            "" => Err(format!("a type is missing before `{rest}`")),
            name if is_record_name(name) => Ok(Shape::Record(name.to_owned())),
            other => Err(format!("`{other}` is no type")),
        }
    }

    fn takes(&mut self, part: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(part);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, part: &str) -> Result<(), Problem> {
        if self.takes(part) { Ok(()) } else { Err(format!("`{part}` is missing before `{}`", self.rest)) }
    }
}

// Checking: what reading one entry alone cannot see.

impl Catalogue {
    fn check(&self) -> Result<(), Problem> {
        unique("values", self.values.iter().map(|values| &values.name))?;
        unique("record", self.records.iter().map(|record| &record.name))?;
        let records: BTreeMap<&str, &Record> =
            self.records.iter().map(|record| (record.name.as_str(), record)).collect();

        let events: BTreeSet<String> = self.events.iter().map(Event::name).collect();
        let mut reached = BTreeSet::new();
        for name in events.iter().chain([&self.envelope]) {
            self.check_record(name, &records, &mut Vec::new(), &mut reached)?;
        }
        if let Some(record) = self.records.iter().find(|record| !reached.contains(record.name.as_str())) {
            return Err(format!("record `{}`: no event has it", record.name));
        }

        let mut aliases = BTreeMap::new();
        for event in &self.events {
            for alias in &event.aliases {
                let name = format!("{}.{alias}", event.source);
                if events.contains(&name) {
                    return Err(format!("event `{}`: its alias `{alias}` is an event itself", event.name()));
                }
                if let Some(other) = aliases.insert(name, event.name()) {
                    return Err(format!("event `{}`: `{other}` has the alias `{alias}` too", event.name()));
                }
            }
        }
        Ok(())
    }

    fn check_record<'a>(
        &'a self,
        name: &'a str,
        records: &BTreeMap<&'a str, &'a Record>,
        around: &mut Vec<&'a str>,
        reached: &mut BTreeSet<&'a str>,
    ) -> Result<(), Problem> {
        let Some(record) = records.get(name) else {
            return Err(match around.last() {
                Some(holder) => format!("record `{holder}`: there is no record `{name}`"),
                None => format!("envelope: there is no record `{name}`"),
            });
        };
        if around.contains(&name) {
            return Err(format!("record `{name}`: holds itself, by way of {}", around.join(", ")));
        }
        if !reached.insert(name) {
            return Ok(());
        }
        around.push(name);
        unique(&format!("record `{name}`, field"), record.fields.iter().map(|field| &field.name))?;
        for field in &record.fields {
            let place = format!("record `{name}`, field `{}`", field.name);
            if let Some(values) = &field.values {
                if !self.values.iter().any(|known| known.name == *values) {
                    return Err(format!("{place}: there are no values `{values}`"));
                }
                if !field.shape.may_be(|shape| matches!(shape, Shape::String)) {
                    return Err(format!("{place}: has values but holds no string"));
                }
            }
            if field.null_is_precaution && !field.shape.may_be(|shape| matches!(shape, Shape::Null)) {
                return Err(format!("{place}: `null_is_precaution` needs `null` in its type"));
            }
            for held in field.shape.records() {
                self.check_record(held, records, around, reached)?;
            }
        }
        around.pop();
        Ok(())
    }
}

impl Shape {
    fn may_be(&self, wanted: impl Fn(&Shape) -> bool) -> bool {
        match self {
            Shape::Union(members) => members.iter().any(wanted),
            single => wanted(single),
        }
    }

    fn records(&self) -> Vec<&str> {
        match self {
            Shape::Record(name) => vec![name],
            Shape::Array(item) | Shape::Map(item) => item.records(),
            Shape::Union(members) => members.iter().flat_map(Shape::records).collect(),
            Shape::Any
            | Shape::Null
            | Shape::Bool
            | Shape::Int
            | Shape::Number
            | Shape::String
            | Shape::Timestamp
            | Shape::Literal(_) => Vec::new(),
        }
    }
}

fn unique<'a>(kind: &str, names: impl Iterator<Item = &'a String>) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(format!("{kind} `{name}`: is there twice"));
        }
    }
    Ok(())
}

// Writing.

impl Catalogue {
    fn source(&self) -> String {
        let mut source = String::from("// Made from data/events.json by build.rs.\n");
        for record in &self.records {
            let fields: String = record.fields.iter().map(|field| self.field_source(field)).collect();
            let Record { name, summary, closed, confidence, .. } = record;
            line(
                &mut source,
                format_args!(
                    "static {}: Record = Record {{ name: {name:?}, summary: {summary:?}, closed: {closed}, \
                     confidence: {}, fields: &[{fields}\n] }};",
                    static_name(name),
                    confidence.source(),
                ),
            );
        }

        let records: String = self.records.iter().map(|record| format!("&{}, ", static_name(&record.name))).collect();
        line(&mut source, format_args!("pub(super) static RECORDS: &[&Record] = &[{records}];"));
        line(&mut source, format_args!("pub(super) static ENVELOPE: &Record = &{};", static_name(&self.envelope)));

        let sources: BTreeSet<&str> = self.events.iter().map(|event| event.source.as_str()).collect();
        let sources = Vec::from_iter(sources);
        line(&mut source, format_args!("pub(super) static SOURCES: &[&str] = &{sources:?};"));

        line(&mut source, format_args!("pub(super) static EVENTS: &[Event] = &["));
        for event in &self.events {
            let Event { source: event_source, event_type, label, root, summary, aliases, .. } = event;
            line(
                &mut source,
                format_args!(
                    "Event {{ name: {name:?}, source: {event_source:?}, event_type: {event_type:?}, label: {label:?}, \
                     root: {root:?}, summary: {summary:?}, aliases: &{aliases:?}, name_confidence: {}, \
                     confidence: {}, payload: &Shape::Record(&{}), body: &{} }},",
                    event.name_confidence.source(),
                    event.confidence.source(),
                    static_name(&event.name()),
                    static_name(&format!("{}.{root}", event.name())),
                    name = event.name(),
                ),
            );
        }
        line(&mut source, format_args!("];"));
        source
    }

    fn field_source(&self, field: &Field) -> String {
        let Field { name, optional, shape, summary, values, confidence, null_is_precaution } = field;
        let held = self.records.iter().find(|record| matches!(shape, Shape::Record(held) if *held == record.name));
        let summary = if summary.is_empty() { held.map_or("", |record| &record.summary) } else { summary };
        let values = values.as_ref().and_then(|name| self.values.iter().find(|values| values.name == *name));
        let (texts, complete) = values.map_or((&[][..], false), |values| (&values.texts, values.complete));
        format!(
            "\nField {{ name: {name:?}, shape: {}, optional: {optional}, summary: {summary:?}, \
             known_values: &{texts:?}, known_values_complete: {complete}, confidence: {}, \
             null_is_precaution: {null_is_precaution} }},",
            shape.source(),
            confidence.source(),
        )
    }
}

impl Shape {
    fn source(&self) -> String {
        match self {
            Shape::Any => "Shape::Any".to_owned(),
            Shape::Null => "Shape::Null".to_owned(),
            Shape::Bool => "Shape::Bool".to_owned(),
            Shape::Int => "Shape::Int".to_owned(),
            Shape::Number => "Shape::Number".to_owned(),
            Shape::String => "Shape::String".to_owned(),
            Shape::Timestamp => "Shape::Timestamp".to_owned(),
            Shape::Literal(text) => format!("Shape::Literal({text:?})"),
            Shape::Array(item) => format!("Shape::Array(&{})", item.source()),
            Shape::Map(item) => format!("Shape::Map(&{})", item.source()),
            Shape::Union(members) => {
                let members: Vec<String> = members.iter().map(Shape::source).collect();
                format!("Shape::Union(&[{}])", members.join(", "))
            }
            Shape::Record(name) => format!("Shape::Record(&{})", static_name(name)),
        }
    }
}

impl Confidence {
    fn source(self) -> &'static str {
        match self {
            Confidence::Documented => "Confidence::Documented",
            Confidence::Inferred => "Confidence::Inferred",
        }
    }
}

/// `TicketVia` becomes `RECORD_TICKETVIA`. Two names that become the same do not compile.
fn static_name(name: &str) -> String {
    format!("RECORD_{}", name.replace('.', "_").to_uppercase())
}

fn line(source: &mut String, text: std::fmt::Arguments<'_>) {
    writeln!(source, "{text}").expect("a String takes whatever is written");
}
