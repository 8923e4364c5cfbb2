//! Types of JSON values: what they are, how they are written, and when one fits where another is wanted.

use crate::by_name::{ByName, HasName};
use crate::catalogue::{Confidence, Record, Shape};
use crate::{Shared, Text};
use std::fmt;
use zisc_bundle::Step;

/// The type of a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Type {
    /// Nothing is known. It agrees with everything and is never worth a finding.
    #[default]
    Any,
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A whole number.
    Int,
    /// Any number.
    Number,
    /// Any text.
    String,
    /// A text that is an instant.
    Timestamp,
    /// This text and no other.
    Literal(Text),
    /// A list.
    Array(Shared<Type>),
    /// An object with keys that are not known.
    Map(Shared<Type>),
    /// An object with known fields.
    Record(Shared<RecordType>),
    /// One of these: never a union itself, never `Any`, no two equal. One of none is the item of an empty list.
    Union(Shared<Vec<Type>>),
}

/// An object with known fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordType {
    /// What it is called, where it has a name.
    pub name: Option<Text>,
    /// The fields in order.
    pub fields: ByName<FieldType>,
    /// These are all fields there are.
    pub closed: bool,
    /// There may be more, but nothing says so: reading another field is a mistake. Closed records are not marked.
    pub listed: bool,
}

/// A field of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldType {
    /// Its name.
    pub name: Text,
    /// Its type.
    pub kind: Type,
    /// It may be missing.
    pub optional: bool,
    /// What it means.
    pub summary: Text,
    /// Texts that it is known to hold; there may be others.
    pub known_values: &'static [&'static str],
}

/// What reading a field gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Read {
    pub(crate) kind: Type,
    /// It may be missing.
    pub(crate) optional: bool,
}

impl Type {
    /// One of these types.
    pub fn union(types: impl IntoIterator<Item = Type>) -> Self {
        let mut members: Vec<Type> = Vec::new();
        for kind in types {
            match kind {
                Type::Any => return Type::Any,
                Type::Union(inner) => {
                    members.extend(inner.iter().filter(|kind| !members.contains(kind)).cloned().collect::<Vec<_>>())
                }
                kind if members.contains(&kind) => {}
                kind => members.push(kind),
            }
        }
        if members.contains(&Type::String) {
            members.retain(|kind| !matches!(kind, Type::Literal(_)));
        }
        if members.contains(&Type::Number) {
            members.retain(|kind| *kind != Type::Int);
        }
        match members.len() {
            1 => members.swap_remove(0),
            _ => Type::Union(Shared::new(members)),
        }
    }

    /// The alternatives: the members of a union, or the type alone.
    pub fn alternatives(&self) -> &[Type] {
        match self {
            Type::Union(members) => members,
            single => std::slice::from_ref(single),
        }
    }

    /// Whether it may be null, as far as is known.
    pub fn is_nullable(&self) -> bool {
        self.alternatives().iter().any(|kind| matches!(kind, Type::Null | Type::Any))
    }

    /// The type without null.
    #[must_use]
    pub fn without_null(&self) -> Self {
        match self {
            Type::Union(members) => Type::union(members.iter().filter(|kind| **kind != Type::Null).cloned()),
            kind => kind.clone(),
        }
    }

    /// What reading `name` gives; `None` where there certainly is no such field.
    pub(crate) fn field(&self, name: &str) -> Option<Read> {
        let mut found: Vec<Type> = Vec::new();
        let mut optional = false;
        let mut known = false;
        for kind in self.alternatives() {
            match kind {
                Type::Any => return Some(Read { kind: Type::Any, optional: false }),
                Type::Map(value) => {
                    known = true;
                    optional = true;
                    found.push((**value).clone());
                }
                Type::Record(record) => match record.fields.get(name) {
                    Some(field) => {
                        known = true;
                        optional |= field.optional;
                        found.push(field.kind.clone());
                    }
                    // An open record may have more than is written: what that is, nobody knows.
                    None if !record.closed && !record.listed => {
                        known = true;
                        found.push(Type::Any);
                    }
                    None => optional = true,
                },
                Type::Null => optional = true,
                _ => {}
            }
        }
        known.then(|| Read { kind: Type::union(found), optional })
    }

    /// What reading the item at an index gives.
    pub fn item(&self) -> Option<Type> {
        let items: Vec<Type> = self
            .alternatives()
            .iter()
            .filter_map(|kind| match kind {
                Type::Any => Some(Type::Any),
                Type::Array(item) => Some((**item).clone()),
                _ => None,
            })
            .collect();
        (!items.is_empty()).then(|| Type::union(items))
    }

    /// The fields that can be read, for completion and for guesses.
    pub fn fields(&self) -> impl Iterator<Item = &FieldType> {
        let records = self.alternatives().iter().filter_map(|kind| match kind {
            Type::Record(record) => Some(record),
            _ => None,
        });
        records.flat_map(|record| record.fields.iter())
    }

    /// The texts that it names one by one.
    pub(crate) fn literals(&self) -> Vec<&str> {
        let literals = self.alternatives().iter().filter_map(|kind| match kind {
            Type::Literal(text) => Some(text.as_str()),
            _ => None,
        });
        literals.collect()
    }

    /// Whether a value of this type can stand where `wanted` is wanted.
    pub(crate) fn fits(&self, wanted: &Type) -> bool {
        if matches!(self, Type::Any) || matches!(wanted, Type::Any) {
            return true;
        }
        self.alternatives().iter().all(|kind| wanted.alternatives().iter().any(|wanted| kind.fits_one(wanted)))
    }

    fn fits_one(&self, wanted: &Type) -> bool {
        match (self, wanted) {
            (Type::Any, _) | (_, Type::Any) => true,
            (Type::Int, Type::Number) | (Type::Literal(_) | Type::Timestamp, Type::String) => true,
            // Whether a number is whole, and a text an instant, is seen only when it runs.
            (Type::Number, Type::Int) => true,
            (Type::String | Type::Literal(_), Type::Timestamp) => true,
            (Type::Array(a), Type::Array(b)) | (Type::Map(a), Type::Map(b)) => a.fits(b),
            (Type::Record(a), Type::Map(b)) => a.fields.iter().all(|field| field.kind.fits(b)),
            (Type::Record(a), Type::Record(b)) => b.fields.iter().all(|wanted| match a.fields.get(&wanted.name) {
                Some(field) => (wanted.optional || !field.optional) && field.kind.fits(&wanted.kind),
                None => wanted.optional || !a.closed,
            }),
            (a, b) => a == b,
        }
    }

    /// Whether some value is of both types.
    pub(crate) fn overlaps(&self, other: &Type) -> bool {
        self.alternatives().iter().any(|a| {
            other.alternatives().iter().any(|b| match (a, b) {
                (Type::Any, _) | (_, Type::Any) => true,
                (Type::Int | Type::Number, Type::Int | Type::Number) => true,
                (Type::Literal(a), Type::Literal(b)) => a == b,
                (
                    Type::String | Type::Timestamp | Type::Literal(_),
                    Type::String | Type::Timestamp | Type::Literal(_),
                ) => true,
                (Type::Array(_), Type::Array(_)) | (Type::Record(_) | Type::Map(_), Type::Record(_) | Type::Map(_)) => {
                    true
                }
                (a, b) => a == b,
            })
        })
    }

    /// The type with the value at `path` set to `value`, objects made where they are missing.
    #[must_use]
    pub(crate) fn with(&self, path: &[Text], value: Type, optional: bool) -> Self {
        let Some((first, rest)) = path.split_first() else { return value };
        let mut record = match self {
            Type::Record(record) => (**record).clone(),
            Type::Any | Type::Map(_) | Type::Union(_) => RecordType { closed: false, ..RecordType::default() },
            _ => RecordType { closed: true, ..RecordType::default() },
        };
        let changed = match record.fields.get(first) {
            Some(field) => FieldType { kind: field.kind.with(rest, value, optional), optional, ..field.clone() },
            None => {
                let inner = Type::Record(Shared::new(RecordType { closed: true, ..RecordType::default() }));
                let kind = inner.with(rest, value, false);
                FieldType { name: first.clone(), kind, optional, ..FieldType::default() }
            }
        };
        record.fields.set(changed);
        Type::Record(Shared::new(record))
    }

    /// The type where the value at `path` is known to be there, and of the alternatives that `keep` lets through.
    #[must_use]
    pub(crate) fn narrowed(&self, path: &[Step], keep: &dyn Fn(&Type) -> bool) -> Type {
        let Some((first, rest)) = path.split_first() else {
            return match self {
                Type::Union(members) => {
                    let kept: Vec<_> = members.iter().filter(|kind| keep(kind)).cloned().collect();
                    if kept.is_empty() { self.clone() } else { Type::union(kept) }
                }
                kind => kind.clone(),
            };
        };
        let Step::Member(name) = first else { return self.clone() };
        let narrow = |kind: &Type| match kind {
            Type::Record(record) => match record.fields.get(name) {
                Some(field) => {
                    let kind = field.kind.narrowed(rest, keep);
                    if kind == field.kind && !field.optional {
                        return Some(Type::Record(record.clone()));
                    }
                    let mut record = (**record).clone();
                    record.fields.set(FieldType { kind, optional: false, ..field.clone() });
                    Some(Type::Record(Shared::new(record)))
                }
                None if record.closed => None,
                None => Some(Type::Record(record.clone())),
            },
            Type::Null => None,
            kind => Some(kind.clone()),
        };
        let kept: Vec<_> = self.alternatives().iter().filter_map(narrow).collect();
        if kept.is_empty() { self.clone() } else { Type::union(kept) }
    }

    /// The type of a value that came by one way or another. A field that one way lacks may be missing.
    #[must_use]
    pub(crate) fn join(&self, other: &Type) -> Type {
        match (self, other) {
            (a, b) if a == b => a.clone(),
            (Type::Record(a), Type::Record(b)) => Type::Record(Shared::new(join_records(a, b))),
            (a, b) => Type::union([a.clone(), b.clone()]),
        }
    }
}

fn join_records(a: &RecordType, b: &RecordType) -> RecordType {
    let both = |a: &FieldType, b: &FieldType| FieldType {
        kind: a.kind.join(&b.kind),
        optional: a.optional || b.optional,
        ..a.clone()
    };
    RecordType {
        name: a.name.clone().filter(|name| b.name.as_ref() == Some(name)),
        fields: a.fields.join(&b.fields, both, |field| FieldType { optional: true, ..field.clone() }),
        closed: a.closed && b.closed,
        listed: !(a.closed && b.closed) && (a.closed || a.listed) && (b.closed || b.listed),
    }
}

impl HasName for FieldType {
    fn name(&self) -> &Text {
        &self.name
    }
}

impl From<&Shape> for Type {
    fn from(shape: &Shape) -> Self {
        match shape {
            Shape::Any => Type::Any,
            Shape::Null => Type::Null,
            Shape::Bool => Type::Bool,
            Shape::Int => Type::Int,
            Shape::Number => Type::Number,
            Shape::String => Type::String,
            Shape::Timestamp => Type::Timestamp,
            Shape::Literal(text) => Type::Literal(Text::new_static(text)),
            Shape::Array(item) => Type::Array(Shared::new(Type::from(*item))),
            Shape::Map(value) => Type::Map(Shared::new(Type::from(*value))),
            Shape::Union(members) => Type::union(members.iter().map(Type::from)),
            Shape::Record(record) => Type::from(*record),
        }
    }
}

impl From<&Record> for Type {
    fn from(record: &Record) -> Self {
        let fields = record.fields.iter().map(|field| FieldType {
            name: Text::new_static(field.name),
            kind: match Type::from(&field.shape) {
                kind if field.known_values_complete => literals(&kind, field.known_values),
                // Null only because nothing rules it out: to insist on it would nag.
                kind if field.null_is_precaution => kind.without_null(),
                kind => kind,
            },
            optional: field.optional,
            summary: Text::new_static(field.summary),
            known_values: field.known_values,
        });
        let closed = record.closed && record.confidence == Confidence::Documented;
        Type::Record(Shared::new(RecordType {
            name: Some(Text::new_static(record.name)),
            fields: fields.collect(),
            closed,
            listed: record.closed && !closed,
        }))
    }
}

/// The type with its text narrowed to the values that are known to be all.
fn literals(kind: &Type, values: &'static [&'static str]) -> Type {
    let others = kind.alternatives().iter().filter(|kind| **kind != Type::String).cloned();
    Type::union(values.iter().map(|value| Type::Literal(Text::new_static(value))).chain(others))
}

/// The notation of the language. A record with a name is shown by it.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Any => f.write_str("any"),
            Type::Null => f.write_str("null"),
            Type::Bool => f.write_str("bool"),
            Type::Int => f.write_str("int"),
            Type::Number => f.write_str("number"),
            Type::String => f.write_str("string"),
            Type::Timestamp => f.write_str("timestamp"),
            Type::Literal(text) => write!(f, "{:?}", text.as_str()),
            Type::Array(item) if matches!(**item, Type::Union(_)) => write!(f, "({item})[]"),
            Type::Array(item) => write!(f, "{item}[]"),
            Type::Map(value) => write!(f, "{{ [string]: {value} }}"),
            Type::Record(record) => match &record.name {
                Some(name) => f.write_str(name),
                None if record.fields.is_empty() => f.write_str("{}"),
                None => {
                    f.write_str("{ ")?;
                    for (position, field) in record.fields.iter().enumerate() {
                        let comma = if position == 0 { "" } else { ", " };
                        let mark = if field.optional { "?" } else { "" };
                        write!(f, "{comma}{}{mark}: {}", field.name, field.kind)?;
                    }
                    f.write_str(" }")
                }
            },
            Type::Union(members) if members.is_empty() => f.write_str("nothing"),
            Type::Union(members) => {
                for (position, member) in members.iter().enumerate() {
                    let bar = if position == 0 { "" } else { " | " };
                    write!(f, "{bar}{member}")?;
                }
                Ok(())
            }
        }
    }
}
