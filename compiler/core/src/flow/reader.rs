//! What an expression reads: its type, and its path where it is one.

use super::compute::Fragment;
use super::scope::{Named, Scope};
use super::template::constant;
use crate::finding::Finding;
use crate::types::Type;
use crate::{Declarations, Shared, Text, rules};
use zisc_bundle::{Path, Span, Step, nearest};
use zisc_syntax::tree::{ArrayItem, Expression, ExpressionKind, Name, RecordMember, TextPart, UnaryOperator};

/// Reads expressions where the data has a certain type, and notes what is wrong with them.
pub(crate) struct Reader<'a> {
    pub(crate) declarations: &'a Declarations,
    /// The type of `$`.
    pub(crate) data: &'a Type,
    pub(crate) scope: &'a Scope,
    pub(crate) findings: Vec<Finding>,
    /// Names that the expression itself binds, with the types of their values.
    pub(crate) variables: Vec<(Text, Type)>,
    /// Whether a jq state can stand in front, for what the platform cannot compute in place.
    pub(crate) lifting: Lifting,
    /// The values that such a state has to give, by their names.
    pub(crate) lifted: Vec<(String, Fragment)>,
}

/// Whether a jq state can stand in front of what is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lifting {
    /// It can: this is a statement.
    Possible,
    /// It cannot: this is a definition.
    Impossible,
}

/// A path that is read.
#[derive(Clone, Debug)]
pub(crate) struct ReadPath {
    pub(crate) path: Path,
    pub(crate) kind: Type,
    /// It may lead nowhere.
    pub(crate) optional: bool,
}

impl<'a> Reader<'a> {
    /// Reads expressions of a statement.
    pub(crate) fn new(declarations: &'a Declarations, data: &'a Type, scope: &'a Scope) -> Self {
        Self {
            declarations,
            data,
            scope,
            findings: Vec::new(),
            variables: Vec::new(),
            lifting: Lifting::Possible,
            lifted: Vec::new(),
        }
    }

    /// Reads expressions of a definition.
    pub(crate) fn of_definition(declarations: &'a Declarations, data: &'a Type, scope: &'a Scope) -> Self {
        Self { lifting: Lifting::Impossible, ..Self::new(declarations, data, scope) }
    }

    /// Reads where the data has another type.
    pub(crate) fn with_data<T>(&mut self, data: &Type, read: impl FnOnce(&mut Reader<'_>) -> T) -> T {
        let mut inner = Reader {
            declarations: self.declarations,
            data,
            scope: self.scope,
            findings: std::mem::take(&mut self.findings),
            variables: std::mem::take(&mut self.variables),
            lifting: self.lifting,
            lifted: std::mem::take(&mut self.lifted),
        };
        let value = read(&mut inner);
        self.findings = inner.findings;
        self.variables = inner.variables;
        self.lifted = inner.lifted;
        value
    }

    /// The path that an expression names. `None`: it is none. Mistakes in it are noted, and make it `any`.
    pub(crate) fn path(&mut self, expression: &Expression) -> Option<ReadPath> {
        match &expression.kind {
            ExpressionKind::Root => Some(ReadPath { path: Path::default(), kind: self.data.clone(), optional: false }),
            ExpressionKind::Name(name) => Some(self.named(name, expression.span)),
            ExpressionKind::Field { base, name, .. } => {
                let base_path = self.path(base)?;
                let Some(name) = name else {
                    return Some(ReadPath { kind: Type::Any, optional: false, ..base_path });
                };
                Some(self.field(base, base_path, name))
            }
            ExpressionKind::Index { base, index } => {
                let base_path = self.path(base)?;
                match &index.kind {
                    ExpressionKind::Number(text) => {
                        let index = text.parse::<usize>().ok()?;
                        let kind = base_path.kind.item().unwrap_or_default();
                        let mut path = base_path.path;
                        path.steps.push(Step::Index(index));
                        // Whether a list is long enough is not known; what is `any` is not nagged about.
                        Some(ReadPath { path, optional: kind != Type::Any, kind })
                    }
                    ExpressionKind::Text(parts) => {
                        let [TextPart::Text(text)] = parts.as_slice() else { return None };
                        let name = Name { text: text.text.clone(), span: text.span };
                        Some(self.field(base, base_path, &name))
                    }
                    _ => None,
                }
            }
            ExpressionKind::Present(inner) => {
                let inner = self.path(inner)?;
                Some(ReadPath { kind: inner.kind.without_null(), optional: false, ..inner })
            }
            _ => None,
        }
    }

    fn named(&mut self, name: &Text, span: Span) -> ReadPath {
        let unknown = |path| ReadPath { path, kind: Type::Any, optional: false };
        match self.scope.named(name) {
            Some(Named::Alias(alias)) => {
                let (path, kind) = (alias.path.clone(), alias.kind.clone());
                let read = self.at(&path);
                ReadPath { kind: kind.unwrap_or(read.kind), ..read }
            }
            Some(Named::Event) => self.at(&Path::default().member("input")),
            Some(Named::Member) => {
                let path = Path::default().member(name.clone());
                match self.data.field(name) {
                    Some(read) => ReadPath { path, kind: read.kind, optional: read.optional },
                    None => {
                        self.findings.push(
                            rules::NOT_SET
                                .at(span, format!("`{name}` is not set here"))
                                .label("no statement on the way here sets it")
                                .help(format!("set it before, with `let {name} = …`")),
                        );
                        unknown(path)
                    }
                }
            }
            None => {
                let near = nearest(name, self.scope.names().map(Text::as_str));
                let mut finding =
                    rules::UNKNOWN_NAME.at(span, format!("nothing is called `{name}`")).label("not known here");
                finding = match near {
                    Some(near) => finding.did_you_mean(span, Some(near)),
                    None if self.declarations.actions.contains_key(name) => finding.help(format!(
                        "`{name}` is an action: call it with `{name}(…)`, as a statement or after `let x =`"
                    )),
                    None => {
                        let names: Vec<_> = self.scope.names().take(6).map(|name| format!("`{name}`")).collect();
                        match names.as_slice() {
                            [] => finding,
                            names => finding.help(format!("known here: {}", names.join(", "))),
                        }
                    }
                };
                self.findings.push(finding);
                unknown(Path::default().member(name.clone()))
            }
        }
    }

    /// The type at a path that is known to be right.
    pub(crate) fn at(&self, path: &Path) -> ReadPath {
        let mut kind = self.data.clone();
        let mut optional = false;
        for step in &path.steps {
            (kind, optional) = match step {
                Step::Member(name) => {
                    kind.field(name).map_or((Type::Any, false), |read| (read.kind, optional || read.optional))
                }
                Step::Index(_) => (kind.item().unwrap_or_default(), true),
            };
        }
        ReadPath { path: path.clone(), kind, optional }
    }

    fn field(&mut self, base: &Expression, read: ReadPath, name: &Name) -> ReadPath {
        let path = read.path.member(name.text.clone());
        if let Some(found) = read.kind.field(&name.text) {
            return ReadPath { path, kind: found.kind, optional: read.optional || found.optional };
        }
        self.findings.push(self.unknown_field(base, &read.kind, name));
        ReadPath { path, kind: Type::Any, optional: false }
    }

    pub(crate) fn unknown_field(&self, base: &Expression, kind: &Type, name: &Name) -> Finding {
        let what = base.dotted().map_or_else(|| "this value".to_owned(), |name| format!("`{}`", name.text));
        let fields: Vec<&str> = kind.fields().map(|field| field.name.as_str()).collect();
        if fields.is_empty() {
            return rules::UNKNOWN_FIELD
                .at(name.span, format!("{what} has no fields"))
                .label(format!("{what} is {}", described(kind)))
                .note(base.span, format!("of type {kind}"));
        }
        let finding =
            rules::UNKNOWN_FIELD.at(name.span, format!("{what} has no field `{}`", name.text)).label("no such field");
        match nearest(&name.text, fields.iter().copied()) {
            Some(near) => finding.did_you_mean(name.span, Some(near)),
            None => {
                let mut shown: Vec<_> = fields.iter().take(12).map(|field| format!("`{field}`")).collect();
                if fields.len() > shown.len() {
                    shown.push("…".to_owned());
                }
                finding.help(format!("it has {}", shown.join(", ")))
            }
        }
    }

    /// The type of any expression. Mistakes in it are noted.
    pub(crate) fn kind(&mut self, expression: &Expression) -> Type {
        if let Some(read) = self.path(expression) {
            return if read.optional { Type::union([read.kind, Type::Null]) } else { read.kind };
        }
        match &expression.kind {
            ExpressionKind::Null => Type::Null,
            ExpressionKind::Bool(_) => Type::Bool,
            ExpressionKind::Number(text) if text.contains('.') => Type::Number,
            ExpressionKind::Number(_) => Type::Int,
            ExpressionKind::Text(parts) => self.text_kind(parts),
            ExpressionKind::Unary { operator: UnaryOperator::Negate, operand } => self.kind(operand),
            ExpressionKind::Record(_) | ExpressionKind::Array(_) if constant(expression).is_some() => {
                self.literal_kind(expression)
            }
            ExpressionKind::Error | ExpressionKind::Jq { .. } | ExpressionKind::Duration(_) => Type::Any,
            _ => self.compute(expression).kind().clone(),
        }
    }

    /// The type of a record or list that holds nothing but literals.
    fn literal_kind(&mut self, expression: &Expression) -> Type {
        match &expression.kind {
            ExpressionKind::Record(members) => self.record_kind(members),
            ExpressionKind::Array(items) => {
                let kinds: Vec<Type> = items
                    .iter()
                    .map(|item| match item {
                        ArrayItem::Value(value) | ArrayItem::Spread(value) => self.kind(value),
                    })
                    .collect();
                Type::Array(Shared::new(Type::union(kinds)))
            }
            _ => Type::Any,
        }
    }

    pub(crate) fn text_kind(&self, parts: &[TextPart]) -> Type {
        match parts {
            [] => Type::Literal(Text::default()),
            [TextPart::Text(text)] => Type::Literal(text.text.clone()),
            _ => Type::String,
        }
    }

    fn record_kind(&mut self, members: &[RecordMember]) -> Type {
        let mut kind = Type::Record(Shared::new(crate::RecordType { closed: true, ..crate::RecordType::default() }));
        for member in members {
            match member {
                RecordMember::Field { key, value } => {
                    kind = kind.with(std::slice::from_ref(&key.text), self.kind(value), false)
                }
                RecordMember::Short(name) => {
                    let value = self.named(&name.text, name.span).kind;
                    kind = kind.with(std::slice::from_ref(&name.text), value, false);
                }
                RecordMember::Spread(_) => return Type::Any,
            }
        }
        kind
    }

    /// The value of `expression` is read in place: it must be there.
    pub(crate) fn must_be_there(&mut self, read: &ReadPath, expression: &Expression) {
        if !read.optional {
            return;
        }
        let what = expression.dotted().map_or_else(|| read.path.to_string(), |name| name.text.to_string());
        let finding = rules::MAY_BE_MISSING
            .at(expression.span, format!("`{what}` may be missing here"))
            .label("reading it fails the flow where it is missing")
            .help(format!(
                "ask before: `if {what} is present {{ … }}`; or write `{what}!` where it is certain to be there"
            ))
            .fix("say that it is there", Span::empty(expression.span.end()), "!");
        self.findings.push(finding);
    }
}

/// A type in a sentence.
pub(crate) fn described(kind: &Type) -> String {
    match kind {
        Type::Null => "null".to_owned(),
        Type::Bool => "a bool".to_owned(),
        Type::Int => "a whole number".to_owned(),
        Type::Number => "a number".to_owned(),
        Type::String => "a text".to_owned(),
        Type::Timestamp => "a timestamp".to_owned(),
        Type::Literal(text) => format!("the text {:?}", text.as_str()),
        Type::Array(_) => "a list".to_owned(),
        Type::Map(_) | Type::Record(_) => "a record".to_owned(),
        Type::Any | Type::Union(_) => format!("of type {kind}"),
    }
}
