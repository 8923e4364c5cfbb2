//! What can be written at a place of a bundle.

use super::members::{Holds, Member, Owner, RESOURCE_TYPES, STATE_TYPES, excludes, members_of};
use super::place::{Around, BundlePlace, Quotes, Side};
use super::value::{behind_dot, data_at, may_hold_paths, takes_path, takes_placeholders};
use super::{bundle_in, integration_of};
use crate::built_in::{built_in, built_ins, reference};
use crate::types::Type;
use crate::{Db, Settings, SourceFile, catalogue};
use text_size::TextSize;
use zisc_bundle::{Bundle, OPERATORS, Operand, Operator, Reference, Span, TEMPLATE_VERSION};

/// The platform's action for jq, and what it is called with.
const JQ: &str = "zis:common:transform:Jq";
const JQ_PARAMETERS: &[(&str, &str)] = &[("expr", "the program"), ("data", "what the program works on")];

/// Something that can be written at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// How it is called.
    pub label: String,
    /// What it is.
    pub kind: ExpectedKind,
    /// More about it, in short.
    pub detail: Option<String>,
    /// What it means.
    pub summary: Option<String>,
    /// What to write.
    pub insert: String,
    /// Where in it the writing goes on; at its end where nothing is said.
    pub hole: Option<usize>,
    /// What to write it over.
    pub replace: Span,
}

/// What can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectedKind {
    /// A key.
    Member,
    /// The name of a state.
    State,
    /// A reference to an action.
    Action,
    /// A reference to a flow.
    Flow,
    /// A field behind a dot.
    Field,
    /// An event, or its source.
    Event,
    /// The name of a connection.
    Connection,
    /// Any other text.
    Word,
}

/// What is written behind a new key.
#[derive(Clone, Copy)]
enum Start {
    /// A whole value.
    Whole(&'static str),
    /// What stands around the place where the writing goes on.
    Around(&'static str, &'static str),
}

impl Start {
    const TEXT: Self = Self::Around("\"", "\"");
    const OBJECT: Self = Self::Around("{", "}");
    const LIST: Self = Self::Around("[", "]");
    const TRUE: Self = Self::Whole("true");
    const OTHER: Self = Self::Around("", "");

    fn of(holds: Holds) -> Self {
        match holds {
            Holds::Object(_) | Holds::Template => Self::OBJECT,
            Holds::List(_) | Holds::SomeOf(_) => Self::LIST,
            Holds::True => Self::TRUE,
            Holds::Number | Holds::Operand => Self::OTHER,
            Holds::Text
            | Holds::Name
            | Holds::Path
            | Holds::ResultPath
            | Holds::StateName
            | Holds::ActionName
            | Holds::FlowName
            | Holds::Connection
            | Holds::OneOf(_)
            | Holds::EventSource
            | Holds::EventType => Self::TEXT,
        }
    }

    fn of_operator(operator: &Operator) -> Self {
        match operator.operand {
            _ if operator.by_path => Self::TEXT,
            Operand::String | Operand::Timestamp => Self::TEXT,
            Operand::Number => Self::OTHER,
            Operand::Boolean | Operand::Presence | Operand::Null => Self::TRUE,
        }
    }
}

/// What can be written at a place of a bundle.
pub fn expected(db: &dyn Db, file: SourceFile, settings: Settings, offset: TextSize) -> Vec<Expected> {
    let text = file.text(db);
    if text.trim().is_empty() {
        return vec![skeleton(offset)];
    }
    let place = BundlePlace::at(text, offset);
    let cursor = Cursor { db, file, settings, offset, bundle: bundle_in(db, file), place: &place, text };
    match place.side {
        // A comma comes first.
        _ if place.is_behind_value => Vec::new(),
        Side::Key => cursor.keys(),
        Side::Value => cursor.values(),
    }
}

/// A bundle without resources.
fn skeleton(offset: TextSize) -> Expected {
    let head = format!("{{\n  \"zis_template_version\": \"{TEMPLATE_VERSION}\",\n  \"name\": \"");
    Expected {
        label: "bundle".to_owned(),
        kind: ExpectedKind::Word,
        detail: None,
        summary: Some("A bundle without resources.".to_owned()),
        hole: Some(head.len()),
        insert: format!("{head}\",\n  \"description\": \"\",\n  \"resources\": {{}}\n}}\n"),
        replace: Span::empty(offset),
    }
}

struct Cursor<'a> {
    db: &'a dyn Db,
    file: SourceFile,
    settings: Settings,
    offset: TextSize,
    bundle: &'a Bundle,
    place: &'a BundlePlace,
    text: &'a str,
}

impl Cursor<'_> {
    /// The members that the object around the place can have, without those that it has.
    fn keys(&self) -> Vec<Expected> {
        let Some(object) = self.place.object() else { return Vec::new() };
        let own = object.key.as_deref();
        let others: Vec<&str> =
            object.members.iter().map(|member| member.key.as_str()).filter(|key| own != Some(key)).collect();
        let is_free =
            |name: &str| !others.iter().any(|key| key.strip_suffix(".$").unwrap_or(key) == name || excludes(key, name));
        match self.place.owner() {
            Some(owner) => {
                let known = members_of(owner, self.place.kind_here()).filter(|member| is_free(member.name));
                let mut all: Vec<Expected> = known.map(|member| self.key(member)).collect();
                // Where the type is not known, two types may have a member of one name.
                all.dedup_by(|one, other| one.label == other.label);
                if matches!(owner, Owner::Rule | Owner::Condition) {
                    let free = OPERATORS.iter().filter(|operator| is_free(operator.name));
                    all.extend(free.map(|operator| self.operator(operator)));
                }
                all
            }
            None => self.parameters().into_iter().filter(|parameter| is_free(&parameter.label)).collect(),
        }
    }

    fn key(&self, member: &Member) -> Expected {
        let detail = member.is_required.then(|| "required".to_owned());
        self.written(member.name, detail, Some(member.summary.to_owned()), Start::of(member.holds))
    }

    fn operator(&self, operator: &Operator) -> Expected {
        self.written(operator.name, None, Some(operator.meaning()), Start::of_operator(operator))
    }

    /// What the action around the place is called with.
    fn parameters(&self) -> Vec<Expected> {
        let [.., state, _] = self.place.around.as_slice() else { return Vec::new() };
        if state.key.as_deref() != Some("Parameters") {
            return Vec::new();
        }
        let action = state.text("ActionName").unwrap_or_default();
        let parameter = |name: &str, detail: Option<String>, summary: Option<String>, start: Start| {
            // A value that is computed, and one that is written here.
            [(format!("{name}.$"), Start::TEXT), (name.to_owned(), start)]
                .map(|(key, start)| self.written(&key, detail.clone(), summary.clone(), start))
        };
        if action == JQ {
            let all = JQ_PARAMETERS.iter();
            let start = |name: &str| if name == "expr" { Start::TEXT } else { Start::OBJECT };
            return all
                .flat_map(|(name, summary)| parameter(name, None, Some((*summary).to_owned()), start(name)))
                .collect();
        }
        match Reference::parse(action) {
            Some(Reference { integration: "common", name, .. }) => {
                let signature = built_in(&format!("zis.{name}"));
                let all = signature.iter().flat_map(|signature| &signature.parameters);
                all.flat_map(|known| {
                    let start = if known.kind.overlaps(&Type::String) { Start::TEXT } else { Start::OTHER };
                    parameter(&known.name, Some(known.kind.to_string()), None, start)
                })
                .collect()
            }
            Some(Reference { kind: "action", name, .. }) => {
                let own = self.bundle.http_actions().find(|action| action.name.as_str() == name);
                let reads = own.map(crate::bundle_check::reads_of).unwrap_or_default();
                reads.iter().flat_map(|name| parameter(name, None, None, Start::TEXT)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn values(&self) -> Vec<Expected> {
        if may_hold_paths(self.place) {
            return self.paths();
        }
        let bare =
            |text: &str| Expected { insert: text.to_owned(), ..self.value(ExpectedKind::Word, text, None, None) };
        if let Some(operator) = self.place.operator() {
            let is_truth = matches!(operator.operand, Operand::Boolean | Operand::Presence | Operand::Null);
            let truths = ["true", "false"].into_iter().filter(|_| is_truth && self.place.quotes == Quotes::None);
            return truths.map(bare).collect();
        }
        let Some(holds) = self.place.value() else { return Vec::new() };
        let word = |text: &str| self.value(ExpectedKind::Word, text, None, None);
        match holds {
            Holds::StateName => {
                let own = self.own_state();
                let states = self.place.machine().map(|machine| machine.keys("States")).unwrap_or_default();
                let others = states.iter().filter(|state| own != Some(state.as_str()));
                others.map(|state| self.value(ExpectedKind::State, state, None, None)).collect()
            }
            Holds::ActionName => self.actions(),
            Holds::FlowName => {
                let flows = self.bundle.flows().map(|flow| flow.name.as_str()).filter(|name| !name.is_empty());
                flows.map(|flow| self.value(ExpectedKind::Flow, &self.own("flow", flow), None, None)).collect()
            }
            Holds::Connection => {
                let mut known: Vec<&str> = self
                    .bundle
                    .http_actions()
                    .filter_map(|action| Some(action.connection.as_ref()?.as_str()))
                    .collect();
                known.push("zendesk");
                known.sort_unstable();
                known.dedup();
                let names = known.into_iter().filter(|name| !name.is_empty() && *name != self.place.before);
                names.map(|name| self.value(ExpectedKind::Connection, name, None, None)).collect()
            }
            Holds::OneOf(texts) => {
                let summaries = STATE_TYPES.iter().chain(RESOURCE_TYPES);
                let summary =
                    |text: &str| summaries.clone().find(|(name, _)| *name == text).map(|(_, it)| (*it).into());
                texts.iter().map(|text| self.value(ExpectedKind::Word, text, None, summary(text))).collect()
            }
            Holds::EventSource => catalogue::source_names()
                .iter()
                .map(|source| self.value(ExpectedKind::Event, source, None, None))
                .collect(),
            Holds::EventType => {
                let source = self.place.object().and_then(|object| object.text("event_source")).unwrap_or("support");
                let events = catalogue::events().iter().filter(|event| event.source == source);
                events
                    .map(|event| {
                        let label = Some(event.label.to_owned());
                        self.value(ExpectedKind::Event, event.event_type, label, Some(event.summary.to_owned()))
                    })
                    .collect()
            }
            Holds::SomeOf(texts) if self.place.quotes == Quotes::None => {
                let list = |text: &str| Expected { insert: format!("[\"{text}\"]"), ..word(text) };
                texts.iter().copied().map(list).collect()
            }
            Holds::True if self.place.quotes == Quotes::None => vec![bare("true")],
            _ => Vec::new(),
        }
    }

    /// The name of the state around the place: nobody goes from it to itself at once.
    fn own_state(&self) -> Option<&str> {
        let states = |around: &&Around| around.key.as_deref() == Some("States");
        let depth = self.place.around.iter().rposition(|around| states(&around))?;
        self.place.around.get(depth + 1)?.key.as_deref()
    }

    fn own(&self, kind: &str, name: &str) -> String {
        let integration = self.settings.integration(self.db).or_else(|| integration_of(self.bundle));
        format!("zis:{}:{kind}:{name}", integration.unwrap_or("INTEGRATION"))
    }

    fn actions(&self) -> Vec<Expected> {
        let own = self.bundle.http_actions().filter(|action| !action.name.is_empty()).map(|action| {
            let detail = Some(action.method.value.clone()).filter(|method| !method.is_empty());
            self.value(ExpectedKind::Action, &self.own("action", &action.name), detail, None)
        });
        let jq = self.value(ExpectedKind::Action, JQ, None, Some("Runs a jq program.".to_owned()));
        let brought = built_ins().map(|(name, signature)| {
            let summary = signature.documentation.as_ref().map(ToString::to_string);
            self.value(ExpectedKind::Action, &reference(name), Some(signature.signature("")), summary)
        });
        own.chain([jq]).chain(brought).collect()
    }

    /// Fields behind the last dot; where a path begins, the members of `$` as paths.
    fn paths(&self) -> Vec<Expected> {
        let before = self.place.before.as_str();
        let field = |field: &crate::FieldType, label: String, replace: Span| {
            let mark = if field.optional { "?" } else { "" };
            Expected {
                insert: label.clone(),
                hole: None,
                label,
                kind: ExpectedKind::Field,
                detail: Some(format!("{}{mark}", field.kind)),
                summary: (!field.summary.is_empty()).then(|| field.summary.to_string()),
                replace,
            }
        };
        if let Some((kind, name)) = behind_dot(self.db, self.file, self.settings, self.offset, before) {
            let length = TextSize::try_from(before.len() - name).unwrap_or_default();
            let replace = Span::new(self.offset - length, self.offset);
            return kind.fields().map(|known| field(known, known.name.to_string(), replace)).collect();
        }
        let head = before.strip_suffix('$').unwrap_or(before);
        let in_braces = head.ends_with("{{") && takes_placeholders(self.place);
        let is_begun = in_braces || (head.is_empty() && takes_path(self.place));
        if !is_begun {
            return Vec::new();
        }
        let data = data_at(self.db, self.file, self.settings, self.offset).unwrap_or(Type::Any);
        let paths = data.fields().map(|known| {
            let path = self.value(ExpectedKind::Field, &format!("$.{}", known.name), None, None);
            if !in_braces {
                return Expected { insert: path.insert, ..field(known, path.label, path.replace) };
            }
            let length = TextSize::of(&before[head.len()..]);
            let is_closed = self.text[usize::from(self.offset)..].starts_with("}}");
            let insert = if is_closed { path.label.clone() } else { format!("{}}}}}", path.label) };
            Expected { insert, ..field(known, path.label, Span::new(self.offset - length, self.offset)) }
        });
        paths.collect()
    }

    /// A key. Where no colon follows, it is written with the beginning of a value, and a comma in front of what follows.
    fn written(&self, name: &str, detail: Option<String>, summary: Option<String>, start: Start) -> Expected {
        let word = self.place.word;
        let rest = &self.text[usize::from(word.end())..];
        let rest = if self.place.quotes == Quotes::Closed { rest.strip_prefix('"').unwrap_or(rest) } else { rest };
        let follows = rest.trim_start();
        let key = Expected {
            label: name.to_owned(),
            kind: ExpectedKind::Member,
            detail,
            summary,
            insert: String::new(),
            hole: None,
            replace: word,
        };
        let open = if self.place.quotes == Quotes::None { "\"" } else { "" };
        if follows.starts_with(':') {
            let close = if self.place.quotes == Quotes::Closed { "" } else { "\"" };
            return Expected { insert: format!("{open}{name}{close}"), ..key };
        }
        let (before, behind, goes_on) = match start {
            Start::Whole(value) => (value, "", false),
            Start::Around(before, behind) => (before, behind, true),
        };
        let comma = if follows.starts_with('"') { "," } else { "" };
        let head = format!("{open}{name}\": {before}");
        Expected {
            hole: goes_on.then_some(head.len()),
            insert: format!("{head}{behind}{comma}"),
            // The quote that closes the key goes with it.
            replace: Span::new(word.start(), TextSize::of(self.text) - TextSize::of(rest)),
            ..key
        }
    }

    /// A text, with the quotes that are not there yet.
    fn value(&self, kind: ExpectedKind, text: &str, detail: Option<String>, summary: Option<String>) -> Expected {
        let insert = match self.place.quotes {
            Quotes::None => format!("\"{text}\""),
            Quotes::Closed => text.to_owned(),
            Quotes::Open => format!("{text}\""),
        };
        Expected { label: text.to_owned(), kind, detail, summary, insert, hole: None, replace: self.place.word }
    }
}
