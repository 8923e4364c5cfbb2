//! What can be written at a place of a bundle.

use super::members::{Holds, Member, Owner, RESOURCE_TYPES, STATE_TYPES, members_of};
use super::place::{Around, BundlePlace, Quotes, Side};
use super::value::{behind_dot, data_at, may_hold_paths};
use super::{bundle_in, integration_of};
use crate::built_in::{built_in, built_ins, reference};
use crate::types::Type;
use crate::{Db, Settings, SourceFile, catalogue};
use text_size::TextSize;
use zisc_bundle::{Bundle, OPERATORS, Operand, Operator, Reference, Span};

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

/// What can be written at a place of a bundle.
pub fn expected(db: &dyn Db, file: SourceFile, settings: Settings, offset: TextSize) -> Vec<Expected> {
    let text = file.text(db);
    let place = BundlePlace::at(text, offset);
    let cursor = Cursor { db, file, settings, offset, bundle: bundle_in(db, file), place: &place, text };
    match place.side {
        Side::Key => cursor.keys(),
        Side::Value => cursor.values(),
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
        let is_free = |name: &str| {
            let own = object.key.as_deref();
            let is = |key: &str| key.strip_suffix(".$").unwrap_or(key) == name;
            !object.members.iter().any(|member| is(&member.key) && own != Some(member.key.as_str()))
        };
        match self.place.owner() {
            Some(owner) => {
                let known = members_of(owner, self.place.kind_here()).filter(|member| is_free(member.name));
                let mut all: Vec<Expected> = known.map(|member| self.key(member)).collect();
                if matches!(owner, Owner::Rule | Owner::Condition) {
                    all.extend(OPERATORS.iter().map(|operator| self.operator(operator)));
                }
                all
            }
            None => self.parameters().into_iter().filter(|parameter| is_free(&parameter.label)).collect(),
        }
    }

    fn key(&self, member: &Member) -> Expected {
        let value = match member.holds {
            Holds::Object(_) => "{}",
            Holds::List(_) => "[]",
            Holds::True => "true",
            _ => "",
        };
        let detail = member.is_required.then(|| "required".to_owned());
        self.written(ExpectedKind::Member, member.name, detail, Some(member.summary.to_owned()), value)
    }

    fn operator(&self, operator: &Operator) -> Expected {
        let value = if matches!(operator.operand, Operand::Presence | Operand::Null) { "true" } else { "" };
        self.written(ExpectedKind::Member, operator.name, None, Some(operator.meaning()), value)
    }

    /// What the action around the place is called with.
    fn parameters(&self) -> Vec<Expected> {
        let [.., state, _] = self.place.around.as_slice() else { return Vec::new() };
        if state.key.as_deref() != Some("Parameters") {
            return Vec::new();
        }
        let action = state.text("ActionName").unwrap_or_default();
        let parameter = |name: &str, detail: Option<String>, summary: Option<String>| {
            // A value that is computed, and one that is written here.
            [format!("{name}.$"), name.to_owned()]
                .map(|key| self.written(ExpectedKind::Member, &key, detail.clone(), summary.clone(), ""))
        };
        if action == JQ {
            let all = JQ_PARAMETERS.iter();
            return all.flat_map(|(name, summary)| parameter(name, None, Some((*summary).to_owned()))).collect();
        }
        match Reference::parse(action) {
            Some(Reference { integration: "common", name, .. }) => {
                let signature = built_in(&format!("zis.{name}"));
                let all = signature.iter().flat_map(|signature| &signature.parameters);
                all.flat_map(|known| parameter(&known.name, Some(known.kind.to_string()), None)).collect()
            }
            Some(Reference { kind: "action", name, .. }) => {
                let own = self.bundle.http_actions().find(|action| action.name.as_str() == name);
                let reads = own.map(crate::bundle_check::reads_of).unwrap_or_default();
                reads.iter().flat_map(|name| parameter(name, None, None)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn values(&self) -> Vec<Expected> {
        if may_hold_paths(self.place) || self.is_path_operand() {
            return self.paths();
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
            Holds::True if self.place.quotes == Quotes::None => {
                vec![Expected { insert: "true".into(), ..word("true") }]
            }
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

    /// Whether the right side of a rule is a path: `StringEqualsPath`.
    fn is_path_operand(&self) -> bool {
        let key = self.place.object().and_then(|object| object.key.as_deref());
        key.and_then(Operator::named).is_some_and(|operator| operator.by_path)
    }

    /// Fields behind the last dot; where there is no path yet, the members of `$` as paths.
    fn paths(&self) -> Vec<Expected> {
        let before = self.place.before.as_str();
        let field = |field: &crate::FieldType, label: String, replace: Span| {
            let mark = if field.optional { "?" } else { "" };
            Expected {
                insert: label.clone(),
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
        let is_path = matches!(self.place.value(), Some(Holds::Path | Holds::ResultPath)) || self.is_path_operand();
        if !is_path || !before.trim_start_matches('$').is_empty() {
            return Vec::new();
        }
        let data = data_at(self.db, self.file, self.settings, self.offset).unwrap_or(Type::Any);
        let paths = data.fields().map(|known| {
            let path = self.value(ExpectedKind::Field, &format!("$.{}", known.name), None, None);
            Expected { insert: path.insert, ..field(known, path.label, path.replace) }
        });
        paths.collect()
    }

    /// A key, with its colon where that is not there yet.
    fn written(
        &self,
        kind: ExpectedKind,
        name: &str,
        detail: Option<String>,
        summary: Option<String>,
        value: &str,
    ) -> Expected {
        let behind = self.text[usize::from(self.place.word.end())..].trim_start_matches('"').trim_start();
        let insert = match (self.place.quotes, behind.starts_with(':')) {
            (Quotes::None, true) => format!("\"{name}\""),
            (Quotes::None, false) => format!("\"{name}\": {value}"),
            (Quotes::Open, false) => format!("{name}\": {value}"),
            (Quotes::Open | Quotes::Closed, _) => name.to_owned(),
        };
        Expected { label: name.to_owned(), kind, detail, summary, insert, replace: self.place.word }
    }

    /// A text, with the quotes that are not there yet.
    fn value(&self, kind: ExpectedKind, text: &str, detail: Option<String>, summary: Option<String>) -> Expected {
        let insert = match self.place.quotes {
            Quotes::None => format!("\"{text}\""),
            Quotes::Closed => text.to_owned(),
            Quotes::Open => format!("{text}\""),
        };
        Expected { label: text.to_owned(), kind, detail, summary, insert, replace: self.place.word }
    }
}
