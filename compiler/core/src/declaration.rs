//! What the items of a file offer to each other: names and signatures, without bodies and without places.

use crate::by_name::ByName;
use crate::flow::template::constant;
use crate::types::{FieldType, RecordType, Type};
use crate::{Db, ItemSource, SourceFile, Text, catalogue, import, parsed};
use indexmap::IndexMap;
use std::collections::HashMap;
use std::sync::Arc;
use zisc_bundle::json::Json;
use zisc_bundle::{Placed, Resource, ResourceKind};
use zisc_syntax::tree::{
    Expression, ExpressionKind, FieldType as WrittenField, Item, ItemKind, Name, Parameter, PlainText, TextPart,
    TypeExpression, TypeExpressionKind,
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
    /// `action NAME(parameters) -> Type`, with its documentation and the names that become part of its address.
    Action(Text, Vec<Parameter>, Option<TypeExpression>, Option<Text>, Vec<Text>),
    /// `job NAME: EVENT -> flow`
    Job(Text, Text, Text),
    /// `flow NAME(event)`, with the written type of the event.
    Flow(Text, Option<TypeExpression>),
    /// `import { names } from "path"`
    Import(Text, Option<Vec<Text>>),
    /// `raw "key" { … }`, with the name it has where it is an action or a flow.
    Raw(Raw),
}

/// A resource that stands as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Raw {
    /// A flow of this name.
    Flow(Text),
    /// A custom action of this name.
    Action(Text),
    /// A job spec, or something that is not known.
    Other,
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
            let in_address = names_in_address(action.address.as_ref());
            Declaration::Action(
                text(&action.name)?,
                action.parameters.clone(),
                action.result.clone(),
                documentation,
                in_address,
            )
        }
        ItemKind::Job { name, event, flow } => Declaration::Job(text(name)?, text(event)?, text(flow)?),
        ItemKind::Flow(flow) => {
            Declaration::Flow(text(&flow.name)?, flow.parameter.as_ref().and_then(|parameter| parameter.kind.clone()))
        }
        ItemKind::Import { names, path } => Declaration::Import(
            path.as_ref()?.text.clone(),
            names.as_ref().map(|names| names.iter().map(|name| name.text.clone()).collect()),
        ),
        ItemKind::Raw { key, json } => Declaration::Raw(raw(key.as_ref(), json)),
        ItemKind::Extra { .. } | ItemKind::Error => return None,
    })
}

/// The names whose values become a part of an address; a value that is the whole of it is none.
fn names_in_address(address: Option<&Expression>) -> Vec<Text> {
    let Some(ExpressionKind::Text(parts)) = address.map(|address| &address.kind) else { return Vec::new() };
    if !matches!(parts.first(), Some(TextPart::Text(_))) {
        return Vec::new();
    }
    let names = parts.iter().filter_map(|part| match part {
        TextPart::Value(Expression { kind: ExpressionKind::Name(name), .. }) => Some(name.clone()),
        _ => None,
    });
    names.collect()
}

fn raw(key: Option<&PlainText>, json: &Expression) -> Raw {
    let key = key.map_or_else(Placed::default, |key| Placed::new(key.text.to_string(), key.span));
    match Resource::raw(key, &Json::new(constant(json).unwrap_or_default(), json.span)).kind {
        ResourceKind::Flow(flow) => Raw::Flow(Text::new(flow.name.as_str())),
        ResourceKind::HttpAction(action) => Raw::Action(Text::new(action.name.as_str())),
        _ => Raw::Other,
    }
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
    /// The actions of which no more is known than that they exist.
    pub open_actions: Vec<Text>,
    /// The names that two imports bring, with their paths.
    pub clashes: IndexMap<Text, [Text; 2]>,
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
    /// It becomes part of the address.
    pub(crate) in_address: bool,
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

/// What the items of a file declare, and what it imports.
#[salsa::tracked]
pub fn declarations(db: &dyn Db, file: SourceFile) -> Declarations {
    let files = import::closure(db, file);
    let declared: Vec<Declared<'_>> = files.iter().map(|file| import::declared(db, *file, &files)).collect();
    gathered(&declared)
}

/// What one file declares, and where its imports are.
pub(crate) struct Declared<'a> {
    items: Vec<&'a Declaration>,
    imports: Vec<Import<'a>>,
    types: HashMap<&'a str, &'a TypeExpression>,
}

impl<'a> Declared<'a> {
    pub(crate) fn new(items: Vec<&'a Declaration>, imports: Vec<Import<'a>>) -> Self {
        let mut types = HashMap::new();
        for declared in &items {
            if let Declaration::Type(name, kind) = *declared {
                types.entry(name.as_str()).or_insert(kind);
            }
        }
        Self { items, imports, types }
    }
}

/// A file that is imported.
pub(crate) struct Import<'a> {
    /// How the importing file calls it.
    pub(crate) path: &'a Text,
    /// What is brought; everything where it is left out.
    pub(crate) names: Option<&'a [Text]>,
    /// Its position among all files.
    pub(crate) file: usize,
}

impl Import<'_> {
    pub(crate) fn brings(&self, name: &str) -> bool {
        self.names.is_none_or(|names| names.iter().any(|brought| brought == name))
    }
}

/// All declarations of the first file by name, with what it imports. The first of a name counts, and its own before
/// what is imported.
pub(crate) fn gathered(files: &[Declared<'_>]) -> Declarations {
    let Some(own) = files.first() else { return Declarations::default() };
    let mut all = Declarations::default();
    all.add(&own.items, &Resolver { files, at: 0 });
    for import in &own.imports {
        let brought: Vec<&Declaration> = files[import.file]
            .items
            .iter()
            .copied()
            .filter(|declared| declared.exported().is_some_and(|name| import.brings(name)))
            .collect();
        for name in brought.iter().filter_map(|declared| declared.exported()) {
            let before = own.imports.iter().take_while(|other| !std::ptr::eq(*other, import)).find(|other| {
                let exports = |declared: &&Declaration| declared.exported() == Some(name);
                other.file != import.file && other.brings(name) && files[other.file].items.iter().any(exports)
            });
            if let Some(before) = before {
                all.clashes.entry(name.clone()).or_insert_with(|| [before.path.clone(), import.path.clone()]);
            }
        }
        all.add(&brought, &Resolver { files, at: import.file });
    }
    all
}

impl Declaration {
    /// The name under which other files can have it.
    pub(crate) fn exported(&self) -> Option<&Text> {
        match self {
            Self::Param(name, ..)
            | Self::Connection(name)
            | Self::Config(name, ..)
            | Self::Type(name, _)
            | Self::Event(name, ..)
            | Self::Action(name, ..) => Some(name),
            _ => None,
        }
    }
}

impl Declarations {
    /// Adds what items declare. What is there already stays.
    fn add(&mut self, declared: &[&Declaration], resolver: &Resolver<'_>) {
        let all = self;
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
                Declaration::Action(name, parameters, result, documentation, in_address) => {
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
                                in_address: in_address.contains(&parameter.name.text),
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
                Declaration::Raw(Raw::Flow(name)) => {
                    all.flows.entry(name.clone()).or_insert(None);
                }
                Declaration::Raw(Raw::Action(name)) => {
                    all.open_actions.push(name.clone());
                }
                Declaration::Raw(Raw::Other) | Declaration::Import(..) => {}
            }
        }
    }

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
    envelope(input)
}

/// The type of `$` when a flow starts with this input.
pub(crate) fn envelope(input: Type) -> Type {
    let Type::Record(envelope) = Type::from(catalogue::envelope()) else { return Type::Any };
    let mut envelope = RecordType { name: None, closed: true, ..(*envelope).clone() };
    if let Some(field) = envelope.fields.get("input").cloned() {
        envelope.fields.set(FieldType { kind: input, ..field });
    }
    // What older guides read the access tokens of connections from.
    envelope.fields.set(FieldType { name: Text::new_static("connections"), ..FieldType::default() });
    Type::Record(Arc::new(envelope))
}

/// Finds types by name, as one file sees them.
#[derive(Clone, Copy)]
struct Resolver<'a> {
    files: &'a [Declared<'a>],
    /// The file.
    at: usize,
}

impl<'a> Resolver<'a> {
    /// The type called `name`; `any` where it is part of itself, or does not exist.
    fn named(&self, name: &str, under_way: &mut Vec<(usize, Text)>) -> Type {
        let Some((at, written)) = self.written(name) else { return Type::Any };
        if under_way.iter().any(|(file, other)| *file == at && other == name) {
            return Type::Any;
        }
        under_way.push((at, Text::new(name)));
        let mut kind = Resolver { files: self.files, at }.resolve(written, under_way);
        under_way.pop();
        if let Type::Record(record) = &mut kind {
            Arc::make_mut(record).name = Some(Text::new(name));
        }
        kind
    }

    /// The type as it is written, and the file in which it is.
    fn written(&self, name: &str) -> Option<(usize, &'a TypeExpression)> {
        let in_file = |at: usize| self.files[at].types.get(name).map(|written| (at, *written));
        let imports = || self.files[self.at].imports.iter().filter(|import| import.brings(name));
        in_file(self.at).or_else(|| imports().find_map(|import| in_file(import.file)))
    }

    fn resolve(&self, written: &TypeExpression, under_way: &mut Vec<(usize, Text)>) -> Type {
        resolve(written, &mut |name| self.named(name, under_way))
    }

    fn record(&self, fields: &[WrittenField], under_way: &mut Vec<(usize, Text)>) -> Type {
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

/// A record as the author writes it is taken at its word for what it names. A value may hold more, which is not read.
fn record(fields: &[WrittenField], named: &mut dyn FnMut(&str) -> Type) -> Type {
    let fields = fields.iter().map(|field| FieldType {
        name: field.name.text.clone(),
        kind: resolve(&field.kind, named),
        optional: field.optional,
        summary: field.documentation.text().map(Text::new).unwrap_or_default(),
        ..FieldType::default()
    });
    let fields: ByName<FieldType> = fields.collect();
    // A record that names nothing says nothing: a config without fields may hold anything.
    let listed = !fields.is_empty();
    Type::Record(Arc::new(RecordType { name: None, fields, closed: false, listed }))
}
