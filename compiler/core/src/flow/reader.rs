//! What an expression reads: its type, and its path where it is one.

use super::compute::{Fragment, Variable};
use super::gap::Ways;
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
    pub(crate) variables: Vec<Variable>,
    /// Whether a jq state can stand in front, for what the platform cannot compute in place.
    pub(crate) lifting: Lifting,
    /// The values that such a state has to give, by their names.
    pub(crate) lifted: Vec<(String, Fragment)>,
    /// The ways that lead here, where they are known.
    pub(crate) ways: Option<Ways<'a>>,
    /// The fields that are read of what is read just now, the last one first.
    pub(crate) behind: Vec<Text>,
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
            ways: None,
            behind: Vec::new(),
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
            ways: self.ways,
            behind: Vec::new(),
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
                self.behind.extend(name.iter().map(|name| name.text.clone()));
                let base_path = self.path(base);
                self.behind.truncate(self.behind.len().saturating_sub(usize::from(name.is_some())));
                let base_path = base_path?;
                let Some(name) = name else {
                    return Some(ReadPath { kind: Type::Any, optional: false, ..base_path });
                };
                Some(self.field(base, base_path, name))
            }
            ExpressionKind::Index { base, index } => {
                let behind = std::mem::take(&mut self.behind);
                let base_path = self.path(base);
                self.behind = behind;
                let base_path = base_path?;
                match &index.kind {
                    ExpressionKind::Number(text) => {
                        let at = text.parse::<usize>().ok()?;
                        let item = base_path.kind.item();
                        if item.is_none() {
                            self.no_list(base, &base_path.kind, index.span);
                        }
                        let (index, kind) = (at, item.unwrap_or_default());
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
            Some(Named::Member(member)) => {
                let path = Path::default().member(name.clone());
                match self.data.field(name) {
                    Some(read) => ReadPath { path, kind: read.kind, optional: read.optional },
                    None => {
                        self.findings.push(
                            rules::NOT_SET
                                .at(span, format!("`{name}` is not set here"))
                                .label("no way that leads here sets it")
                                .note(member.span, "set here")
                                .help(format!("read it after it is set, or set it on this way too: `let {name} = …`")),
                        );
                        unknown(path)
                    }
                }
            }
            None => {
                self.findings.push(self.unknown_name(name, span));
                unknown(Path::default().member(name.clone()))
            }
        }
    }

    fn unknown_name(&self, name: &Text, span: Span) -> Finding {
        let declarations = self.declarations;
        let other = if declarations.actions.contains_key(name) {
            Some(("an action", format!("call it with `{name}(…)`, as a statement or after `let x =`")))
        } else if declarations.configs.contains_key(name) {
            Some(("a config", format!("load it before, with `let x = {name}.load()`, and read `x`")))
        } else if declarations.connections.contains(name) {
            Some(("a connection", format!("an action uses it with `connection {name}`")))
        } else {
            None
        };
        if let Some((sort, help)) = other {
            return rules::UNKNOWN_NAME
                .at(span, format!("`{name}` is {sort}, not a value"))
                .label("a value is wanted here")
                .help(help);
        }
        let finding = rules::UNKNOWN_NAME.at(span, format!("nothing is called `{name}`")).label("not known here");
        let elsewhere = match name.as_str() {
            "undefined" | "None" | "nil" | "NULL" | "Null" => Some("null"),
            "True" | "TRUE" => Some("true"),
            "False" | "FALSE" => Some("false"),
            "input" => self.scope.event.as_deref(),
            "default" | "otherwise" | "_" => Some("else"),
            _ => None,
        };
        if let Some(near) = elsewhere.or_else(|| nearest(name, self.scope.names().map(Text::as_str))) {
            return finding.did_you_mean(span, Some(near));
        }
        if name == "event" && self.scope.event.is_none() && self.lifting != Lifting::Impossible {
            return finding.help("a flow names what it is given: `flow main(event) { … }`");
        }
        let names: Vec<_> = self.scope.names().take(6).map(|name| format!("`{name}`")).collect();
        match names.as_slice() {
            [] => finding,
            names => finding.help(format!("known here: {}", names.join(", "))),
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

    /// An item is read of what has none.
    fn no_list(&mut self, base: &Expression, kind: &Type, index: Span) {
        let what = spelled(base).map_or_else(|| "this value".to_owned(), |name| format!("`{name}`"));
        self.findings.push(
            rules::WRONG_TYPE
                .at(index, format!("{what} has no items"))
                .label(format!("read of {}", described(kind)))
                .note(base.span, format!("of type {kind}"))
                .help("a field is read by its name, as in `x.name`"),
        );
    }

    pub(crate) fn unknown_field(&self, base: &Expression, kind: &Type, name: &Name) -> Finding {
        let what = base.dotted().map_or_else(|| "this value".to_owned(), |name| format!("`{}`", name.text));
        let fields: Vec<&str> = kind.fields().map(|field| field.name.as_str()).collect();
        if fields.is_empty() {
            let finding = rules::UNKNOWN_FIELD
                .at(name.span, format!("{what} has no fields"))
                .label(format!("nothing is called `{}` in {}", name.text, described(kind)))
                .note(base.span, format!("of type {kind}"));
            let function = match (kind.without_null(), name.text.as_str()) {
                (Type::Array(_) | Type::String, "length" | "size" | "count") => "length",
                (Type::Array(_), "first") => "first",
                (Type::Array(_), "last") => "last",
                (Type::Array(_), _) => return finding.help("an item is read by its place, as `[0]`"),
                _ => return finding,
            };
            let Some(base_text) = spelled(base) else { return finding };
            let written = format!("{function}({base_text})");
            let finding = finding.help(format!("write `{written}`"));
            let whole = base.span.cover(name.span);
            let behind_a_dot = whole.len() == base.span.len() + name.span.len() + text_size::TextSize::of('.');
            return if behind_a_dot { finding.fix(format!("write `{written}`"), whole, written) } else { finding };
        }
        let finding =
            rules::UNKNOWN_FIELD.at(name.span, format!("{what} has no field `{}`", name.text)).label("no such field");
        let behind: Vec<&str> = self.behind.iter().rev().map(Text::as_str).collect();
        let near = nearest(&name.text, fields.iter().copied());
        if let Some(near) = near
            && kind.field(near).is_some_and(|read| has_path(&read.kind, &behind))
        {
            return finding.did_you_mean(name.span, Some(near));
        }
        // A level of the path was left out, or its first name is another one.
        let whole: Vec<&str> = std::iter::once(name.text.as_str()).chain(behind.iter().copied()).collect();
        if let Some(front) = way_to(kind, &whole) {
            return finding.did_you_mean(name.span, Some(&format!("{}.{}", front.join("."), name.text)));
        }
        let elsewhere = way_to(kind, &behind).filter(|_| !behind.is_empty());
        let elsewhere = elsewhere.map(|front| format!("{}.{}", front.join("."), behind.join(".")));
        let item = near.filter(|near| {
            let item = kind.field(near).and_then(|read| read.kind.item());
            item.is_some_and(|item| item != Type::Any && has_path(&item, &behind))
        });
        if name.text == "connections" && base.kind == ExpressionKind::Root {
            return finding.help(
                "credentials are not read: an action names the connection that authenticates it, as in `connection slack`",
            );
        }
        match elsewhere.or_else(|| item.map(|near| format!("{near}[0]"))) {
            Some(meant) => finding.help(format!("did you mean `{meant}`?")),
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
            ExpressionKind::Error
            | ExpressionKind::Jq { .. }
            | ExpressionKind::Request(_)
            | ExpressionKind::Duration(_) => Type::Any,
            // A comparison with nothing is no condition yet.
            ExpressionKind::Binary { left, right, .. } if [left, right].iter().any(|side| is_hole(side)) => {
                self.compute(expression);
                Type::Any
            }
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
                RecordMember::Field { key, value } => match key.text.strip_suffix(".$") {
                    // The platform's own notation: what it fills in is not looked at.
                    Some(name) => kind = kind.with(&[Text::new(name)], Type::Any, false),
                    None => kind = kind.with(std::slice::from_ref(&key.text), self.kind(value), false),
                },
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
        // What may be missing is the shortest part of the path that may.
        let mut part = expression;
        while let ExpressionKind::Field { base, .. } | ExpressionKind::Index { base, .. } = &part.kind {
            match self.silently(|reader| reader.path(base)) {
                Some(read) if read.optional => part = base,
                _ => break,
            }
        }
        let what = spelled(part).unwrap_or_else(|| read.path.to_string());
        let finding = match &part.kind {
            ExpressionKind::Name(name) if self.lifting == Lifting::Impossible => {
                let finding = rules::MAY_BE_MISSING
                    .at(part.span, format!("a call may leave out `{what}`, and the request needs it"))
                    .label("the request fails where it is missing")
                    .help(format!(
                        "give it a default, as in `{what}: string = \"\"`, or let each call pass it: `{what}: string`"
                    ));
                self.findings.push(match self.scope.named(name) {
                    Some(Named::Member(member)) => finding.note(member.span, "may be left out"),
                    _ => finding,
                });
                return;
            }
            ExpressionKind::Name(name) => {
                let finding = rules::MAY_BE_MISSING
                    .at(part.span, format!("`{what}` may be missing here"))
                    .label("not every way that leads here sets it");
                match (self.scope.named(name), &self.ways) {
                    (Some(Named::Member(member)), Some(ways)) => {
                        ways.explain(name, finding.note(member.span, "set here"))
                    }
                    _ => finding,
                }
            }
            _ => rules::MAY_BE_MISSING
                .at(part.span, format!("`{what}` may be missing here"))
                .label("the flow fails here where it is missing"),
        };
        let certain = format!("write `{what}!` where it is certain to be there");
        let finding = match &part.kind {
            ExpressionKind::Index { .. } => finding.help(certain),
            _ => finding.help(format!("ask before: `if {what} is present {{ … }}`; or {certain}")),
        };
        let finding = finding.fix(format!("write `{what}!`"), Span::empty(part.span.end()), "!");
        // What was read once in a statement is there for the rest of it.
        if self.findings.iter().all(|known| known.headline != finding.headline || known.rule != finding.rule) {
            self.findings.push(finding);
        }
    }
}

/// A path as it is written.
pub(crate) fn spelled(expression: &Expression) -> Option<String> {
    Some(match &expression.kind {
        ExpressionKind::Root => "$".to_owned(),
        ExpressionKind::Name(name) => name.to_string(),
        ExpressionKind::Field { base, name: Some(name), .. } => format!("{}.{}", spelled(base)?, name.text),
        ExpressionKind::Index { base, index } => match &index.kind {
            ExpressionKind::Number(number) => format!("{}[{number}]", spelled(base)?),
            ExpressionKind::Text(parts) => match parts.as_slice() {
                [TextPart::Text(text)] => format!("{}[{:?}]", spelled(base)?, text.text.as_str()),
                _ => return None,
            },
            _ => return None,
        },
        ExpressionKind::Present(inner) => format!("{}!", spelled(inner)?),
        _ => return None,
    })
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
        Type::Any | Type::Union(_) => format!("a value of type {kind}"),
    }
}

/// Whether fields can be read of a value, one of the other.
fn has_path(kind: &Type, names: &[&str]) -> bool {
    match names {
        [] => true,
        [first, rest @ ..] => {
            *kind == Type::Any || kind.fields().any(|field| field.name == *first && has_path(&field.kind, rest))
        }
    }
}

/// The shortest way through the fields of a record to where others can be read: one that leads deeper than what an event
/// holds is none that was meant.
fn way_to(kind: &Type, names: &[&str]) -> Option<Vec<Text>> {
    let mut ways = vec![(Vec::new(), kind.clone())];
    for _ in 0..3 {
        let mut deeper = Vec::new();
        for (way, kind) in &ways {
            for field in kind.fields() {
                let way: Vec<Text> = way.iter().cloned().chain([field.name.clone()]).collect();
                let is_known = field.kind.fields().next().is_some();
                if is_known && has_path(&field.kind, names) {
                    return Some(way);
                }
                deeper.push((way, field.kind.clone()));
            }
        }
        ways = deeper;
    }
    None
}

fn is_hole(expression: &Expression) -> bool {
    expression.kind == ExpressionKind::Error
}
