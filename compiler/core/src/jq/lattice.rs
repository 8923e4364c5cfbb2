//! Types ordered by which values they hold: what one holds of another, and the smallest that holds several.

use crate::Shared;
use crate::types::{FieldType, RecordType, Type};

/// Texts of a union beyond so many are any text.
const MOST_LITERALS: usize = 24;
/// Records of a union beyond so many are one record.
const MOST_RECORDS: usize = 6;
/// Types with more parts than this are taken for `any`: nobody reads them, and programs can make them grow without end.
const MOST_PARTS: usize = 6_000;
/// Types nested deeper are taken for `any`.
const DEEPEST: usize = 40;

/// The kinds of JSON values, as `type` tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Bool,
    Number,
    Text,
    List,
    Object,
}

impl Kind {
    pub(super) const ALL: &'static [Kind] =
        &[Kind::Null, Kind::Bool, Kind::Number, Kind::Text, Kind::List, Kind::Object];

    /// The kind of a type that is no union; nothing for `any`.
    pub(super) fn of(kind: &Type) -> Option<Kind> {
        match kind {
            Type::Any | Type::Union(_) => None,
            Type::Null => Some(Kind::Null),
            Type::Bool => Some(Kind::Bool),
            Type::Int | Type::Number => Some(Kind::Number),
            Type::String | Type::Timestamp | Type::Literal(_) => Some(Kind::Text),
            Type::Array(_) => Some(Kind::List),
            Type::Map(_) | Type::Record(_) => Some(Kind::Object),
        }
    }

    /// jq's word for it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Null => "null",
            Kind::Bool => "boolean",
            Kind::Number => "number",
            Kind::Text => "string",
            Kind::List => "array",
            Kind::Object => "object",
        }
    }

    /// All values of the kind.
    pub(super) fn whole(self) -> Type {
        match self {
            Kind::Null => Type::Null,
            Kind::Bool => Type::Bool,
            Kind::Number => Type::Number,
            Kind::Text => Type::String,
            Kind::List => list(Type::Any),
            Kind::Object => map(Type::Any),
        }
    }
}

/// The type that no value has.
pub(super) fn nothing() -> Type {
    Type::union([])
}

/// Whether no value has this type.
pub(super) fn is_nothing(kind: &Type) -> bool {
    kind.alternatives().is_empty()
}

pub(super) fn list(item: Type) -> Type {
    Type::Array(Shared::new(item))
}

pub(super) fn map(value: Type) -> Type {
    Type::Map(Shared::new(value))
}

/// An object of these fields and no others.
pub(super) fn record(fields: impl IntoIterator<Item = (&'static str, Type)>) -> Type {
    let fields = fields.into_iter().map(|(name, kind)| field(name, kind));
    Type::Record(Shared::new(RecordType { fields: fields.collect(), closed: true, ..RecordType::default() }))
}

pub(super) fn field(name: impl Into<crate::Text>, kind: Type) -> FieldType {
    FieldType { name: name.into(), kind, ..FieldType::default() }
}

/// A type that holds every value of these types.
pub(super) fn unite(kinds: impl IntoIterator<Item = Type>) -> Type {
    let mut members: Vec<Type> = Vec::new();
    for kind in kinds {
        if kind == Type::Any {
            return Type::Any;
        }
        for kind in kind.alternatives() {
            if members.iter().any(|known| is_part_of(kind, known)) {
                continue;
            }
            members.retain(|known| !is_part_of(known, kind));
            members.push(kind.clone());
        }
    }
    one_list(&mut members);
    few_texts(&mut members);
    few_objects(&mut members);
    // Null is read best at the end.
    members.sort_by_key(|kind| *kind == Type::Null);
    limited(Type::union(members))
}

fn one_list(members: &mut Vec<Type>) {
    let items: Vec<Type> = members
        .iter()
        .filter_map(|kind| match kind {
            Type::Array(item) => Some((**item).clone()),
            _ => None,
        })
        .collect();
    if items.len() < 2 {
        return;
    }
    let merged = list(unite(items));
    let first = members.iter().position(|kind| matches!(kind, Type::Array(_))).unwrap_or_default();
    let mut position = 0;
    members.retain(|kind| {
        position += 1;
        position - 1 == first || !matches!(kind, Type::Array(_))
    });
    members[first] = merged;
}

fn few_texts(members: &mut Vec<Type>) {
    if members.iter().filter(|kind| matches!(kind, Type::Literal(_))).count() > MOST_LITERALS {
        members.retain(|kind| !matches!(kind, Type::Literal(_) | Type::Timestamp));
        members.push(Type::String);
    }
}

fn few_objects(members: &mut Vec<Type>) {
    let is_object = |kind: &Type| matches!(kind, Type::Record(_) | Type::Map(_));
    if members.iter().filter(|kind| is_object(kind)).count() <= MOST_RECORDS {
        return;
    }
    let objects: Vec<Type> = members.iter().filter(|kind| is_object(kind)).cloned().collect();
    let values = values_of(&objects);
    members.retain(|kind| !is_object(kind));
    members.push(map(values));
}

/// What the members of these objects can be.
fn values_of(objects: &[Type]) -> Type {
    unite(objects.iter().flat_map(|object| match object {
        Type::Record(record) if record.closed => record.fields.iter().map(|field| field.kind.clone()).collect(),
        Type::Map(value) => vec![(**value).clone()],
        _ => vec![Type::Any],
    }))
}

/// What the members of a record can be.
pub(super) fn values_of_record(record: &RecordType) -> Type {
    if record.closed { unite(record.fields.iter().map(|field| field.kind.clone())) } else { Type::Any }
}

/// Whether every value of `part` is certainly one of `whole`. Unlike where something is wanted, `any` is only part of
/// `any` here.
pub(super) fn is_part_of(part: &Type, whole: &Type) -> bool {
    if *whole == Type::Any {
        return true;
    }
    part.alternatives()
        .iter()
        .all(|part| *part != Type::Any && whole.alternatives().iter().any(|whole| is_part_of_one(part, whole)))
}

fn is_part_of_one(part: &Type, whole: &Type) -> bool {
    match (part, whole) {
        (Type::Int, Type::Number) | (Type::Literal(_) | Type::Timestamp, Type::String) => true,
        (Type::Array(a), Type::Array(b)) => Shared::ptr_eq(a, b) || is_part_of(a, b),
        (Type::Map(a), Type::Map(b)) => is_part_of(a, b),
        (Type::Record(a), Type::Map(b)) => {
            **b == Type::Any || (a.closed && a.fields.iter().all(|field| is_part_of(&field.kind, b)))
        }
        (Type::Map(a), Type::Record(b)) => {
            !b.closed && b.fields.iter().all(|field| field.optional && is_part_of(a, &field.kind))
        }
        (Type::Record(a), Type::Record(b)) => Shared::ptr_eq(a, b) || is_record_part_of(a, b),
        (a, b) => a == b,
    }
}

fn is_record_part_of(a: &RecordType, b: &RecordType) -> bool {
    let every_wanted = b.fields.iter().all(|wanted| match find(a, &wanted.name) {
        Some(field) => (wanted.optional || !field.optional) && is_part_of(&field.kind, &wanted.kind),
        None => wanted.optional && (a.closed || wanted.kind == Type::Any),
    });
    every_wanted && (!b.closed || (a.closed && a.fields.iter().all(|field| find(b, &field.name).is_some())))
}

pub(super) fn find<'r>(record: &'r RecordType, name: &str) -> Option<&'r FieldType> {
    record.fields.get(name)
}

/// Whether no value can be of both types. Lists are never apart: both hold the empty one.
pub(super) fn are_apart(a: &Type, b: &Type) -> bool {
    a.alternatives().iter().all(|a| b.alternatives().iter().all(|b| are_apart_one(a, b)))
}

fn are_apart_one(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::Any, _) | (_, Type::Any) | (Type::Array(_), Type::Array(_)) => false,
        (Type::Literal(a), Type::Literal(b)) => a != b,
        (Type::Record(a), Type::Record(b)) => has_impossible_field(a, b) || has_impossible_field(b, a),
        _ => Kind::of(a) != Kind::of(b),
    }
}

/// Whether a field that `a` certainly has cannot be in `b`.
fn has_impossible_field(a: &RecordType, b: &RecordType) -> bool {
    a.fields.iter().filter(|field| !field.optional).any(|field| match find(b, &field.name) {
        Some(other) => are_apart(&field.kind, &other.kind),
        None => b.closed,
    })
}

/// The type, or `any` where it is larger than anybody can use.
pub(super) fn limited(kind: Type) -> Type {
    let mut left = MOST_PARTS;
    if is_small(&kind, DEEPEST, &mut left) { kind } else { Type::Any }
}

fn is_small(kind: &Type, depth: usize, left: &mut usize) -> bool {
    if depth == 0 || *left == 0 {
        return false;
    }
    *left -= 1;
    match kind {
        Type::Array(inner) | Type::Map(inner) => is_small(inner, depth - 1, left),
        Type::Record(record) => record.fields.iter().all(|field| is_small(&field.kind, depth - 1, left)),
        Type::Union(members) => members.iter().all(|kind| is_small(kind, depth - 1, left)),
        Type::Any
        | Type::Null
        | Type::Bool
        | Type::Int
        | Type::Number
        | Type::String
        | Type::Timestamp
        | Type::Literal(_) => true,
    }
}

/// The values of these kinds.
pub(super) fn of_kinds(kind: &Type, kinds: &[Kind]) -> Type {
    if *kind == Type::Any {
        if kinds.len() == Kind::ALL.len() {
            return Type::Any;
        }
        return unite(kinds.iter().map(|kind| kind.whole()));
    }
    let kept = kind.alternatives().iter().filter(|kind| Kind::of(kind).is_none_or(|kind| kinds.contains(&kind)));
    Type::union(kept.cloned())
}

/// The kinds that values of this type can have.
pub(super) fn kinds_of(kind: &Type) -> Vec<Kind> {
    let mut kinds = Vec::new();
    for kind in kind.alternatives() {
        match Kind::of(kind) {
            None => return Kind::ALL.to_vec(),
            Some(kind) if kinds.contains(&kind) => {}
            Some(kind) => kinds.push(kind),
        }
    }
    kinds
}

/// Whether values of this type are never null or false, and whether they are always.
pub(super) fn truth(kind: &Type) -> (bool, bool) {
    let alternatives = kind.alternatives();
    let never_false = alternatives.iter().all(|kind| !matches!(kind, Type::Any | Type::Null | Type::Bool));
    let never_true = alternatives.iter().all(|kind| *kind == Type::Null);
    (never_false, never_true)
}
