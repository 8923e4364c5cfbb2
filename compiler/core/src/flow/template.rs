//! Expressions as payload templates: `"k": literal`, `"k.$": "$.path"`, `"k.$": "text {{$.path}}"`.

use super::compute::{Fragment, is_jq_name};
use super::names::numbered;
use super::reader::{Lifting, Reader, described, spelled};
use crate::finding::Finding;
use crate::rules;
use crate::types::Type;
use zisc_bundle::json::{Json, Member, Value};
use zisc_bundle::{Path, Placed, Span};
use zisc_syntax::tree::{
    ArrayItem, Expression, ExpressionKind, Name, PlainText, RecordMember, TextPart, UnaryOperator,
};

/// Where a template stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setting {
    /// In a state: a text with placeholders needs a key that ends in `.$`.
    State,
    /// In the definition of an action: placeholders are filled in everywhere.
    Definition,
}

/// A value of a template: whether its key has to end in `.$`, and the value.
pub(crate) struct Templated {
    pub(crate) dynamic: bool,
    pub(crate) value: Json,
}

impl Templated {
    /// The value as a member of an object.
    pub(crate) fn member(self, key: &str, span: Span) -> Member {
        let key = if self.dynamic { format!("{key}.$") } else { key.to_owned() };
        Member { key: Placed::new(key, span), value: self.value }
    }
}

/// The member of `$` that holds the values of the jq state in front.
pub(crate) const VALUES: &str = "zisc";

impl Reader<'_> {
    /// The expression as a template, checked against the type that is wanted. What the platform cannot fill in is
    /// computed in front, under a name made of `key`.
    pub(crate) fn template(
        &mut self,
        expression: &Expression,
        wanted: &Type,
        setting: Setting,
        key: &str,
    ) -> Templated {
        let literal = |value| Templated { dynamic: false, value: Json::new(value, expression.span) };
        if let Some(read) = self.path(expression) {
            self.must_be_there(&read, expression);
            self.expect(expression, &read.kind, wanted);
            return Templated { dynamic: true, value: Json::string(read.path.to_string(), expression.span) };
        }
        match &expression.kind {
            ExpressionKind::Error => literal(Value::Null),
            ExpressionKind::Text(parts) => {
                let kind = self.text_kind(parts);
                self.expect(expression, &kind, wanted);
                if !self.fills_in(parts, setting) {
                    return self.computed(expression, &Type::Any, key);
                }
                let (text, placeholders) = self.text(parts);
                let dynamic = placeholders && setting == Setting::State;
                Templated { dynamic, value: Json::string(text, expression.span) }
            }
            ExpressionKind::Record(members) if !has_spread(members) => {
                let kind =
                    if *wanted == Type::Any { Type::Any } else { self.silently(|reader| reader.kind(expression)) };
                self.expect_record(expression, &kind, wanted);
                literal(self.record(members, wanted, setting))
            }
            ExpressionKind::Array(items) => match self.items(items, wanted, setting) {
                Some(items) => {
                    if !wanted.alternatives().iter().any(|kind| matches!(kind, Type::Any | Type::Array(_))) {
                        self.wrong_type(expression.span, "a list", wanted);
                    }
                    literal(Value::Array(items))
                }
                None => self.computed(expression, wanted, key),
            },
            _ => match constant(expression) {
                Some(value) => {
                    let kind = self.kind(expression);
                    self.expect(expression, &kind, wanted);
                    literal(value)
                }
                None => self.computed(expression, wanted, key),
            },
        }
    }

    /// The expression as a value of the jq state in front.
    fn computed(&mut self, expression: &Expression, wanted: &Type, key: &str) -> Templated {
        if self.lifting == Lifting::Impossible {
            self.not_in_place(expression.span);
            return Templated { dynamic: false, value: Json::new(Value::Null, expression.span) };
        }
        let value = self.compute(expression);
        self.expect(expression, &value.kind().clone(), wanted);
        let path = self.lift(value, key);
        Templated { dynamic: true, value: Json::string(path.to_string(), expression.span) }
    }

    /// Has a value computed in front; the path at which it is then found.
    pub(crate) fn lift(&mut self, value: Fragment, key: &str) -> Path {
        let wanted = if is_jq_name(key) { key } else { "value" };
        let name = numbered(wanted, |name| self.lifted.iter().all(|(known, _)| known != name));
        self.lifted.push((name.clone(), value));
        Path::default().member(VALUES).member(name)
    }

    /// The items of a list, where all of them are the same in JSON: the platform fills in members, not items.
    fn items(&mut self, items: &[ArrayItem], wanted: &Type, setting: Setting) -> Option<Vec<Json>> {
        let wanted = wanted.item().unwrap_or_default();
        let (noted, lifted) = (self.findings.len(), self.lifted.len());
        let mut out = Vec::new();
        for item in items {
            let templated = match item {
                ArrayItem::Value(value) => Some(self.template(value, &wanted, setting, "item")),
                ArrayItem::Spread(_) => None,
            };
            match templated {
                Some(templated) if !templated.dynamic => out.push(templated.value),
                _ => {
                    self.findings.truncate(noted);
                    self.lifted.truncate(lifted);
                    return None;
                }
            }
        }
        Some(out)
    }

    /// The members of a record as an object.
    pub(crate) fn record(&mut self, members: &[RecordMember], wanted: &Type, setting: Setting) -> Value {
        let mut out: Vec<Member> = Vec::new();
        let mut seen: Vec<&Name> = Vec::new();
        for member in members {
            if let RecordMember::Field { key, .. } | RecordMember::Short(key) = member {
                if let Some(first) = seen.iter().find(|name| name.text == key.text) {
                    self.findings.push(
                        rules::DUPLICATE_NAME
                            .at(key.span, format!("two members are called `{}`", key.text))
                            .label("the second one")
                            .note(first.span, "the first one")
                            .help("give one of the members another name, or remove it"),
                    );
                }
                seen.push(key);
            }
            let (key, templated) = match member {
                RecordMember::Field { key, value } if key.text.ends_with(".$") => {
                    let text = self.platform_text(value);
                    (key, Templated { dynamic: false, value: text })
                }
                RecordMember::Field { key, value } => {
                    let wanted = wanted.field(&key.text).map_or(Type::Any, |read| read.kind);
                    (key, self.template(value, &wanted, setting, &key.text))
                }
                RecordMember::Short(name) => {
                    let wanted = wanted.field(&name.text).map_or(Type::Any, |read| read.kind);
                    let value = Expression { kind: ExpressionKind::Name(name.text.clone()), span: name.span };
                    (name, self.template(&value, &wanted, setting, &name.text))
                }
                RecordMember::Spread(value) => {
                    self.not_in_place(value.span);
                    continue;
                }
            };
            out.push(templated.member(&key.text, key.span));
        }
        Value::Object(out)
    }

    /// A text in the platform's own notation, under a key that ends in `.$`: taken as it stands, its paths checked.
    pub(crate) fn platform_text(&mut self, expression: &Expression) -> Json {
        let written = match &expression.kind {
            ExpressionKind::Text(parts) => match parts.as_slice() {
                [TextPart::Text(text)] => Some(text),
                _ => None,
            },
            _ => None,
        };
        let Some(text) = written else {
            self.findings.push(
                rules::DANGLING_PLACEHOLDER
                    .at(expression.span, "a key that ends in `.$` takes the platform's own notation")
                    .label("a plain string is wanted here")
                    .help("write a path such as \"$.input\"; or leave out the `.$` and write the value itself"),
            );
            return Json::new(Value::Null, expression.span);
        };
        let broken = match text.text.starts_with('$') && !text.text.contains("{{") {
            true => Path::parse(&text.text).err(),
            false => zisc_bundle::Template::parse(&text.text).err(),
        };
        if let Some(error) = broken {
            self.findings.push(
                rules::DANGLING_PLACEHOLDER
                    .at(text.span, "the platform cannot read this path")
                    .label(error.message)
                    .help("a path looks like `$.input.ticket_event.ticket.tags[0]`"),
            );
        }
        Json::string(text.text.as_str(), expression.span)
    }

    /// Whether the platform can fill in a text: paths and literals, and never one value alone that is no text, since
    /// it is not known whether that would become one.
    fn fills_in(&mut self, parts: &[TextPart], setting: Setting) -> bool {
        let alone = parts.len() == 1 && setting == Setting::State;
        parts.iter().all(|part| match part {
            TextPart::Text(_) => true,
            TextPart::Value(value) => match self.silently(|reader| reader.path(value)) {
                Some(read) => !alone || read.kind.fits(&Type::String),
                None => constant(value).is_some() || value.kind == ExpressionKind::Error,
            },
        })
    }

    /// A text with its placeholders, and whether it has any.
    fn text(&mut self, parts: &[TextPart]) -> (String, bool) {
        let mut out = String::new();
        let mut placeholders = false;
        for part in parts {
            match part {
                TextPart::Text(text) => {
                    self.check_placeholder(text);
                    out.push_str(&text.text);
                }
                TextPart::Value(value) => match (self.path(value), constant(value)) {
                    (Some(read), _) => {
                        placeholders = true;
                        self.must_be_there(&read, value);
                        out.push_str(&format!("{{{{{}}}}}", read.path));
                    }
                    (None, Some(Value::String(text) | Value::Number(text))) => out.push_str(&text),
                    (None, Some(literal)) => out.push_str(&zisc_bundle::json::compact(&Json::new(literal, value.span))),
                    (None, None) => {}
                },
            }
        }
        (out, placeholders)
    }

    fn check_placeholder(&mut self, text: &PlainText) {
        let Some(at) = text.text.find("{{$") else { return };
        self.findings.push(self.placeholder(text, at));
    }

    /// A placeholder of the platform, at a byte of a text.
    fn placeholder(&self, text: &PlainText, at: usize) -> Finding {
        let size = |length: usize| text_size::TextSize::try_from(length).unwrap_or_default();
        let whole = text.text[at..].find("}}").map_or("{{$", |end| &text.text[at..at + end + 2]);
        let start = text.span.start() + size(at);
        let span = Span::at(start, size(whole.len())).intersect(text.span).unwrap_or(text.span);
        let finding = rules::DANGLING_PLACEHOLDER
            .at(span, "the platform would fill in `{{$` in a text")
            .label("a placeholder of the platform");
        let path = whole.strip_prefix("{{$.").and_then(|rest| rest.strip_suffix("}}")).unwrap_or_default();
        let value = match (path.strip_prefix("input."), self.scope.event.as_deref()) {
            (Some(rest), Some(event)) => format!("{event}.{rest}"),
            _ => path.to_owned(),
        };
        let has_escapes = text.text.len() != usize::from(text.span.len());
        let plain = value.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.')) && !value.is_empty();
        if plain && !has_escapes {
            let written = format!("${{{value}}}");
            finding.help(format!("write `{written}`")).fix(format!("write `{written}`"), span, written)
        } else {
            finding.help("a value is written `${…}`; there is no way to write `{{$` itself")
        }
    }

    /// A message: text with placeholders, or a value that is written as text.
    pub(crate) fn message(&mut self, expression: &Expression, key: &str) -> Placed<String> {
        let placeholder = |path: &Path| format!("{{{{{path}}}}}");
        let text = match (&expression.kind, self.path(expression)) {
            (ExpressionKind::Text(parts), _) if self.fills_in(parts, Setting::Definition) => self.text(parts).0,
            (_, Some(read)) => {
                self.must_be_there(&read, expression);
                placeholder(&read.path)
            }
            (ExpressionKind::Error, None) => String::new(),
            (_, None) if constant(expression).is_some() => {
                let kind = self.kind(expression);
                self.expect(expression, &kind, &Type::String);
                String::new()
            }
            (_, None) => {
                let value = self.compute(expression);
                placeholder(&self.lift(value, key))
            }
        };
        Placed::new(text, expression.span)
    }

    /// Notes where a value of type `kind` does not fit.
    pub(crate) fn expect(&mut self, expression: &Expression, kind: &Type, wanted: &Type) {
        // A number may be whole when it runs, but not one that is written with a fraction.
        let is_fraction = matches!(expression.kind, ExpressionKind::Number(_)) && *kind == Type::Number;
        let fits_only_whole = is_fraction && wanted.without_null() == Type::Int;
        if kind.fits(wanted) && !fits_only_whole {
            return;
        }
        let span = expression.span;
        let wants_text = wanted.alternatives().contains(&Type::String);
        let numbers = kind.alternatives().iter().all(|kind| matches!(kind, Type::Int | Type::Number | Type::Bool));
        let without_null = kind.without_null();
        let mut finding = rules::WRONG_TYPE
            .at(span, format!("{} is wanted here, and this is {}", wanted_words(wanted), described(kind)));
        finding = finding.label(match kind {
            Type::Any | Type::Union(_) | Type::Record(_) | Type::Array(_) | Type::Map(_) => {
                format!("of type {kind}, and should be {wanted}")
            }
            _ => format!("should be {wanted}"),
        });
        finding = if wants_text && numbers {
            let replacement = match (&expression.kind, spelled(expression)) {
                (_, Some(name)) => Some(format!("\"${{{name}}}\"")),
                (ExpressionKind::Number(text), None) => Some(format!("\"{text}\"")),
                (ExpressionKind::Bool(value), None) => Some(format!("\"{value}\"")),
                _ => None,
            };
            match replacement {
                Some(replacement) => finding.help(format!("write it as a text: `{replacement}`")).fix(
                    format!("write `{replacement}`"),
                    span,
                    replacement,
                ),
                None => finding.help("write it as a text"),
            }
        } else if let Some(unquoted) = without_quotes(kind, wanted) {
            finding.help(format!("write `{unquoted}`, without quotes")).fix(
                format!("write `{unquoted}`"),
                span,
                unquoted,
            )
        } else if without_null != *kind && without_null.fits(wanted) {
            let name = spelled(expression).unwrap_or_else(|| "it".to_owned());
            finding.headline = format!("{} is wanted here, and `{name}` may be null", wanted_words(wanted));
            finding.help(format!("ask before: `if {name} != null {{ … }}`"))
        } else if let Some(written) =
            in_source(expression).filter(|_| wanted.item().is_some_and(|item| item != Type::Any && kind.fits(&item)))
        {
            let written = format!("[{written}]");
            finding.help(format!("write `{written}` for a list of one")).fix(
                format!("write `{written}`"),
                span,
                written,
            )
        } else if wanted.item().is_some() && matches!(kind, Type::Record(_) | Type::Map(_)) {
            let record = in_source(expression).unwrap_or_else(|| "…".to_owned());
            finding.help(format!("`entries({record})` lists its fields, each with `key` and `value`"))
        } else if let Type::Literal(text) = kind {
            match zisc_bundle::nearest(text, wanted.literals()) {
                Some(near) => finding.help(format!("did you mean \"{near}\"?")).fix(
                    format!("write \"{near}\""),
                    span,
                    format!("\"{near}\""),
                ),
                None => finding,
            }
        } else {
            finding
        };
        self.findings.push(finding);
    }

    /// Notes where a record lacks a field; the fields it has are checked one by one.
    fn expect_record(&mut self, expression: &Expression, kind: &Type, wanted: &Type) {
        let records: Vec<_> = wanted
            .alternatives()
            .iter()
            .filter_map(|kind| match kind {
                Type::Record(record) => Some(record),
                _ => None,
            })
            .collect();
        let open = wanted.alternatives().iter().any(|kind| matches!(kind, Type::Any | Type::Map(_)));
        match (records.as_slice(), kind) {
            _ if open => {}
            ([], _) => self.wrong_type(expression.span, "a record", wanted),
            ([record], Type::Record(written)) => {
                let missing: Vec<_> = record
                    .fields
                    .iter()
                    .filter(|field| !field.optional && written.fields.get(&field.name).is_none())
                    .map(|field| format!("`{}`", field.name))
                    .collect();
                if !missing.is_empty() {
                    self.findings.push(
                        rules::WRONG_TYPE
                            .at(expression.span, format!("this record lacks {}", missing.join(" and ")))
                            .label(format!("{wanted} is wanted here"))
                            .help(format!("add {}", missing.join(" and "))),
                    );
                }
            }
            _ => {}
        }
    }

    fn wrong_type(&mut self, span: Span, what: &str, wanted: &Type) {
        self.findings.push(
            rules::WRONG_TYPE
                .at(span, format!("{} is wanted here, and this is {what}", wanted_words(wanted)))
                .label(format!("should be {wanted}")),
        );
    }

    /// Runs `read` without keeping what it finds: somebody else reports that.
    pub(crate) fn silently<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> T {
        let kept = self.findings.len();
        let value = read(self);
        self.findings.truncate(kept);
        value
    }

    /// Notes something that would have to be computed where nothing can be.
    pub(crate) fn not_in_place(&mut self, span: Span) {
        self.findings.push(
            rules::NOT_IN_PLACE
                .at(span, "this cannot be computed in a definition")
                .label("needs a state in front, and a definition has none")
                .help("make it a parameter, and compute it at the call"),
        );
    }
}

fn has_spread(members: &[RecordMember]) -> bool {
    members.iter().any(|member| matches!(member, RecordMember::Spread(_)))
}

/// A path or a plain text as it is written.
pub(crate) fn in_source(expression: &Expression) -> Option<String> {
    match constant(expression) {
        Some(Value::String(text)) => Some(format!("{text:?}")),
        Some(Value::Number(text)) => Some(text),
        _ => spelled(expression),
    }
}

/// What a text says without its quotes, where that is what is wanted.
pub(crate) fn without_quotes(kind: &Type, wanted: &Type) -> Option<String> {
    let Type::Literal(text) = kind else { return None };
    let value = match text.as_str() {
        "true" | "false" => Type::Bool,
        number if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => Type::Int,
        _ => return None,
    };
    value.fits(wanted).then(|| text.to_string())
}

fn wanted_words(wanted: &Type) -> String {
    match wanted {
        Type::Union(_) | Type::Record(_) | Type::Map(_) => format!("{wanted}"),
        kind => described(kind),
    }
}

/// The JSON of an expression that is one without reading anything.
pub(crate) fn constant(expression: &Expression) -> Option<Value> {
    Some(match &expression.kind {
        ExpressionKind::Null => Value::Null,
        ExpressionKind::Bool(value) => Value::Bool(*value),
        ExpressionKind::Number(text) => Value::Number(text.to_string()),
        ExpressionKind::Unary { operator: UnaryOperator::Negate, operand } => match &operand.kind {
            ExpressionKind::Number(text) => Value::Number(format!("-{text}")),
            _ => return None,
        },
        ExpressionKind::Text(parts) => {
            let parts = parts.iter().map(|part| match part {
                TextPart::Text(text) => Some(text.text.to_string()),
                TextPart::Value(value) => match constant(value)? {
                    Value::String(text) | Value::Number(text) => Some(text),
                    Value::Bool(value) => Some(value.to_string()),
                    _ => None,
                },
            });
            Value::String(parts.collect::<Option<_>>()?)
        }
        ExpressionKind::Array(items) => {
            let items = items.iter().map(|item| match item {
                ArrayItem::Value(value) => Some(Json::new(constant(value)?, value.span)),
                ArrayItem::Spread(_) => None,
            });
            Value::Array(items.collect::<Option<_>>()?)
        }
        ExpressionKind::Record(members) => {
            let members = members.iter().map(|member| match member {
                RecordMember::Field { key, value } => Some(Member {
                    key: Placed::new(key.text.to_string(), key.span),
                    value: Json::new(constant(value)?, value.span),
                }),
                _ => None,
            });
            Value::Object(members.collect::<Option<_>>()?)
        }
        _ => return None,
    })
}
