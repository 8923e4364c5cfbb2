//! Expressions as payload templates: `"k": literal`, `"k.$": "$.path"`, `"k.$": "text {{$.path}}"`.

use super::compute::{Fragment, is_jq_name};
use super::names::numbered;
use super::reader::{Lifting, Reader, described};
use crate::rules;
use crate::types::Type;
use zisc_bundle::json::{Json, Member, Value};
use zisc_bundle::{Path, Placed, Span};
use zisc_syntax::tree::{ArrayItem, Expression, ExpressionKind, PlainText, RecordMember, TextPart, UnaryOperator};

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
        for member in members {
            let (key, templated) = match member {
                RecordMember::Field { key, value } if key.text.ends_with(".$") => {
                    // The platform's own notation is taken as it stands.
                    let text = self.template(value, &Type::Any, setting, "value").value;
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
        let start = text.span.start() + text_size::TextSize::try_from(at).unwrap_or_default();
        let span = Span::at(start, text_size::TextSize::from(3)).intersect(text.span).unwrap_or(text.span);
        self.findings.push(
            rules::DANGLING_PLACEHOLDER
                .at(span, "`{{$` in a text would be filled in by the platform")
                .label("the platform reads a placeholder here")
                .help("write `${…}` for a value; the platform knows no way to write `{{$` itself"),
        );
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
            (_, None) => {
                let value = self.compute(expression);
                placeholder(&self.lift(value, key))
            }
        };
        Placed::new(text, expression.span)
    }

    /// Notes where a value of type `kind` does not fit.
    pub(crate) fn expect(&mut self, expression: &Expression, kind: &Type, wanted: &Type) {
        if kind.fits(wanted) {
            return;
        }
        let span = expression.span;
        let wants_text = wanted.alternatives().contains(&Type::String);
        let numbers = kind.alternatives().iter().all(|kind| matches!(kind, Type::Int | Type::Number | Type::Bool));
        let without_null = kind.without_null();
        let mut finding = rules::WRONG_TYPE
            .at(span, format!("{} is wanted here, and this is {}", wanted_words(wanted), described(kind)));
        finding = finding.label(format!("of type {kind}"));
        finding = if wants_text && numbers {
            let written = expression.dotted().map(|name| name.text);
            let finding = finding.help("write it into a text");
            match (&expression.kind, written) {
                (_, Some(name)) => finding.fix(format!("write \"${{{name}}}\""), span, format!("\"${{{name}}}\"")),
                (ExpressionKind::Number(text), None) => {
                    finding.fix(format!("write \"{text}\""), span, format!("\"{text}\""))
                }
                _ => finding,
            }
        } else if without_null != *kind && without_null.fits(wanted) {
            let name = expression.dotted().map_or_else(|| "it".to_owned(), |name| format!("`{}`", name.text));
            finding.help(format!("{name} may be null: ask before with `if {} != null {{ … }}`", name.trim_matches('`')))
        } else if let Type::Literal(text) = kind {
            let values = wanted.alternatives().iter().filter_map(|kind| match kind {
                Type::Literal(text) => Some(text.as_str()),
                _ => None,
            });
            match zisc_bundle::nearest(text, values) {
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
                    .filter(|field| !field.optional && written.fields.iter().all(|other| other.name != field.name))
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
                .label(what.to_owned()),
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
        ExpressionKind::Text(parts) => match parts.as_slice() {
            [] => Value::String(String::new()),
            [TextPart::Text(text)] => Value::String(text.text.to_string()),
            _ => return None,
        },
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
