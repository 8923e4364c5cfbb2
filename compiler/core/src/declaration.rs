//! What the items of a file offer to each other: names and signatures, without bodies and without places.

use crate::types::{FieldType, RecordType, Type};
use crate::{Db, ItemSource, SourceFile, Text, catalogue, items, parsed};
use indexmap::IndexMap;
use std::sync::Arc;
use zisc_syntax::tree::{
    Expression, ExpressionKind, FieldType as WrittenField, Item, ItemKind, Name, Parameter, TypeExpression,
    TypeExpressionKind,
};

/// What one item declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Declaration {
    /// `integration KEY`, with its documentation.
    Integration(Text, Option<Text>),
    /// `bundle "NAME"`
    Bundle(Text),
    /// `param NAME: type = default`
    Param(Text, Option<TypeExpression>, Option<Expression>),
    /// `connection NAME`
    Connection(Text),
    /// `config NAME("scope") { fields }`
    Config(Text, Option<Expression>, Vec<WrittenField>),
    /// `type NAME = …`
    Type(Text, TypeExpression),
    /// `event NAME("source", "type") { fields }`
    Event(Text, Text, Text, Vec<WrittenField>),
    /// `action NAME(parameters) -> Type`, with its documentation.
    Action(Text, Vec<Parameter>, Option<TypeExpression>, Option<Text>),
    /// `job NAME: EVENT -> flow`
    Job(Text, Text, Text),
    /// `flow NAME(event)`, with the written type of the event.
    Flow(Text, Option<TypeExpression>),
}

/// What an item declares; nothing where it is too broken to say.
#[salsa::tracked]
pub(crate) fn declaration<'db>(db: &'db dyn Db, item: ItemSource<'db>) -> Option<Declaration> {
    declared_by(&parsed(db, item).item)
}

/// What the tree of an item declares.
pub(crate) fn declared_by(item: &Item) -> Option<Declaration> {
    let documentation = item.documentation.text().map(Text::new);
    let text = |name: &Option<Name>| name.as_ref().map(|name| name.text.clone());
    Some(match &item.kind {
        ItemKind::Integration { name } => Declaration::Integration(text(name)?, documentation),
        ItemKind::Bundle { name } => Declaration::Bundle(name.as_ref()?.text.clone()),
        ItemKind::Param { name, kind, default } => Declaration::Param(text(name)?, kind.clone(), default.clone()),
        ItemKind::Connection { name, .. } => Declaration::Connection(text(name)?),
        ItemKind::Config { name, scope, fields } => Declaration::Config(text(name)?, scope.clone(), fields.clone()),
        ItemKind::Type { name, value } => Declaration::Type(text(name)?, value.clone()?),
        ItemKind::Event { name, source, event_type, fields } => Declaration::Event(
            text(name)?,
            source.as_ref()?.text.clone(),
            event_type.as_ref()?.text.clone(),
            fields.clone(),
        ),
        ItemKind::Action(action) => {
            Declaration::Action(text(&action.name)?, action.parameters.clone(), action.result.clone(), documentation)
        }
        ItemKind::Job { name, event, flow } => Declaration::Job(text(name)?, text(event)?, text(flow)?),
        ItemKind::Flow(flow) => {
            Declaration::Flow(text(&flow.name)?, flow.parameter.as_ref().and_then(|parameter| parameter.kind.clone()))
        }
        ItemKind::Error => return None,
    })
}

/// What all items of a file declare, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declarations {
    /// The integration's key.
    pub integration: Option<Text>,
    /// What the documentation of the integration says.
    pub description: Option<Text>,
    /// The bundle's name, where it is not the integration's key.
    pub bundle: Option<Text>,
    /// The build-time constants.
    pub params: IndexMap<Text, Param>,
    /// The connections.
    pub connections: Vec<Text>,
    /// The configs and their settings.
    pub configs: IndexMap<Text, Fields>,
    /// The named types.
    pub types: IndexMap<Text, Type>,
    /// The declared events: source, type and payload.
    pub events: IndexMap<Text, (Text, Text, Type)>,
    /// The custom actions.
    pub actions: IndexMap<Text, ActionSignature>,
    /// The flows, with the written type of the event where there is one.
    pub flows: IndexMap<Text, Option<Type>>,
    /// The jobs: the event's name and the flow it starts.
    pub jobs: IndexMap<Text, (Text, Text)>,
}

/// A build-time constant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Param {
    /// Its type.
    pub kind: Type,
    /// What it is where nobody sets it.
    pub(crate) default: Option<Expression>,
}

impl Param {
    /// Whether somebody has to set it.
    pub fn is_required(&self) -> bool {
        self.default.is_none()
    }
}

/// The settings of a config.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    /// Their type.
    pub kind: Type,
    /// The scope as written.
    pub(crate) scope: Option<Expression>,
}

/// What an action takes and gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionSignature {
    /// What a call gives it.
    pub parameters: Vec<ParameterSignature>,
    /// What it gives back.
    pub result: Type,
    /// What its documentation says.
    pub documentation: Option<Text>,
}

/// A parameter of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParameterSignature {
    /// Its name.
    pub name: Text,
    /// Its type.
    pub kind: Type,
    /// A call may leave it out.
    pub optional: bool,
    /// What it is where a call leaves it out.
    pub(crate) default: Option<Expression>,
}

impl ActionSignature {
    /// How it is called: `slack.post(channel: string) -> Reply`.
    pub fn signature(&self, name: &str) -> String {
        let parameters: Vec<_> = self.parameters.iter().map(ParameterSignature::signature).collect();
        let arrow = if self.result == Type::Any { String::new() } else { format!(" -> {}", self.result) };
        format!("{name}({}){arrow}", parameters.join(", "))
    }
}

impl ParameterSignature {
    /// Its name and type.
    pub fn signature(&self) -> String {
        let mark = if self.is_required() { "" } else { "?" };
        match &self.kind {
            Type::Any => format!("{}{mark}", self.name),
            kind => format!("{}{mark}: {kind}", self.name),
        }
    }

    /// Whether a call has to give it.
    pub fn is_required(&self) -> bool {
        !self.optional && self.default.is_none()
    }
}

/// What the items of a file declare.
#[salsa::tracked]
pub fn declarations(db: &dyn Db, file: SourceFile) -> Declarations {
    let declared: Vec<&Declaration> =
        items(db, file).iter().filter_map(|item| declaration(db, *item).as_ref()).collect();
    gathered(&declared)
}

/// All declarations by name; the first of a name counts.
pub(crate) fn gathered(declared: &[&Declaration]) -> Declarations {
    let written: IndexMap<&str, &TypeExpression> = declared
        .iter()
        .filter_map(|declared| match *declared {
            Declaration::Type(name, kind) => Some((name.as_str(), kind)),
            _ => None,
        })
        .collect();
    let resolver = Resolver { written: &written };
    let mut all = Declarations::default();
    for declared in declared {
        match *declared {
            Declaration::Integration(key, description) => {
                all.integration.get_or_insert_with(|| key.clone());
                all.description = all.description.take().or_else(|| description.clone());
            }
            Declaration::Bundle(name) => all.bundle = Some(name.clone()),
            Declaration::Param(name, kind, default) => {
                let kind = match (kind, default.as_ref().map(|value| &value.kind)) {
                    (Some(kind), _) => resolver.resolve(kind, &mut Vec::new()),
                    (None, Some(ExpressionKind::Bool(_))) => Type::Bool,
                    (None, Some(ExpressionKind::Number(_))) => Type::Number,
                    (None, _) => Type::String,
                };
                all.params.entry(name.clone()).or_insert(Param { kind, default: default.clone() });
            }
            Declaration::Connection(name) => all.connections.push(name.clone()),
            Declaration::Config(name, scope, fields) => {
                let kind = resolver.record(fields, &mut Vec::new());
                all.configs.entry(name.clone()).or_insert(Fields { kind, scope: scope.clone() });
            }
            Declaration::Type(name, _) => {
                all.types.entry(name.clone()).or_insert_with(|| resolver.named(name, &mut Vec::new()));
            }
            Declaration::Event(name, source, event_type, fields) => {
                let kind = resolver.record(fields, &mut Vec::new());
                all.events.entry(name.clone()).or_insert_with(|| (source.clone(), event_type.clone(), kind));
            }
            Declaration::Action(name, parameters, result, documentation) => {
                let signature = ActionSignature {
                    parameters: parameters
                        .iter()
                        .map(|parameter| ParameterSignature {
                            name: parameter.name.text.clone(),
                            kind: parameter
                                .kind
                                .as_ref()
                                .map_or(Type::Any, |kind| resolver.resolve(kind, &mut Vec::new())),
                            optional: parameter.optional,
                            default: parameter.default.clone(),
                        })
                        .collect(),
                    result: result.as_ref().map_or(Type::Any, |kind| resolver.resolve(kind, &mut Vec::new())),
                    documentation: documentation.clone(),
                };
                all.actions.entry(name.clone()).or_insert(signature);
            }
            Declaration::Job(name, event, flow) => {
                all.jobs.entry(name.clone()).or_insert((event.clone(), flow.clone()));
            }
            Declaration::Flow(name, event) => {
                let event = event.as_ref().map(|kind| resolver.resolve(kind, &mut Vec::new()));
                all.flows.entry(name.clone()).or_insert(event);
            }
        }
    }
    all
}

impl Declarations {
    /// A written type.
    pub(crate) fn resolve(&self, written: &TypeExpression) -> Type {
        resolve(written, &mut |name| self.types.get(name).cloned().unwrap_or_default())
    }
}

/// The type of `$` when a flow starts: the envelope, with what the flow's jobs bring as its input.
#[salsa::tracked]
pub fn event_type<'db>(db: &'db dyn Db, file: SourceFile, flow: ItemSource<'db>) -> Type {
    let declarations = declarations(db, file);
    let name = match declaration(db, flow) {
        Some(Declaration::Flow(name, _)) => name.clone(),
        _ => Text::default(),
    };
    let written = declarations.flows.get(&name).cloned().flatten();
    let input = written.unwrap_or_else(|| {
        let payloads: Vec<Type> = declarations
            .jobs
            .values()
            .filter(|(_, flow)| *flow == name)
            .map(|(event, _)| match declarations.events.get(event) {
                Some((_, _, payload)) => payload.clone(),
                None => catalogue::event_named(event).map_or(Type::Any, |event| Type::from(event.payload)),
            })
            .collect();
        if payloads.is_empty() { Type::Any } else { Type::union(payloads) }
    });
    let Type::Record(envelope) = Type::from(catalogue::envelope()) else { return Type::Any };
    let mut envelope = RecordType { name: None, closed: true, ..(*envelope).clone() };
    for field in &mut envelope.fields {
        if field.name == "input" {
            field.kind = input.clone();
        }
    }
    Type::Record(Arc::new(envelope))
}

struct Resolver<'a> {
    written: &'a IndexMap<&'a str, &'a TypeExpression>,
}

impl Resolver<'_> {
    /// The type called `name`; `any` where it is part of itself, or does not exist.
    fn named(&self, name: &str, under_way: &mut Vec<Text>) -> Type {
        let Some(written) = self.written.get(name) else { return Type::Any };
        if under_way.iter().any(|other| other == name) {
            return Type::Any;
        }
        under_way.push(Text::new(name));
        let mut kind = self.resolve(written, under_way);
        under_way.pop();
        if let Type::Record(record) = &mut kind {
            Arc::make_mut(record).name = Some(Text::new(name));
        }
        kind
    }

    fn resolve(&self, written: &TypeExpression, under_way: &mut Vec<Text>) -> Type {
        resolve(written, &mut |name| self.named(name, under_way))
    }

    fn record(&self, fields: &[WrittenField], under_way: &mut Vec<Text>) -> Type {
        record(fields, &mut |name| self.named(name, under_way))
    }
}

/// The types that need no declaration.
pub(crate) const BUILT_IN_TYPES: &[(&str, Type)] = &[
    ("any", Type::Any),
    ("bool", Type::Bool),
    ("int", Type::Int),
    ("null", Type::Null),
    ("number", Type::Number),
    ("string", Type::String),
    ("timestamp", Type::Timestamp),
];

fn resolve(written: &TypeExpression, named: &mut dyn FnMut(&str) -> Type) -> Type {
    match &written.kind {
        TypeExpressionKind::Error => Type::Any,
        TypeExpressionKind::Name(name) => match BUILT_IN_TYPES.iter().find(|(built_in, _)| built_in == name) {
            Some((_, kind)) => kind.clone(),
            None => named(name),
        },
        TypeExpressionKind::Literal(text) => Type::Literal(text.clone()),
        TypeExpressionKind::Array(item) => Type::Array(Arc::new(resolve(item, named))),
        TypeExpressionKind::Nullable(inner) => Type::union([resolve(inner, named), Type::Null]),
        TypeExpressionKind::Union(members) => {
            Type::union(members.iter().map(|member| resolve(member, named)).collect::<Vec<_>>())
        }
        TypeExpressionKind::Record(fields) => record(fields, named),
        TypeExpressionKind::Map(value) => Type::Map(Arc::new(resolve(value, named))),
    }
}

/// A record as the author writes it is taken at its word for what it names, and is open for the rest.
fn record(fields: &[WrittenField], named: &mut dyn FnMut(&str) -> Type) -> Type {
    let fields = fields.iter().map(|field| FieldType {
        name: field.name.text.clone(),
        kind: resolve(&field.kind, named),
        optional: field.optional,
        summary: field.documentation.text().map(Text::new).unwrap_or_default(),
    });
    Type::Record(Arc::new(RecordType { name: None, fields: fields.collect(), closed: false }))
}
