//! Reading parts of values: fields, items, slices.

use super::lattice::{Kind, find, kinds_of, list, nothing, record, unite, values_of_record};
use super::outcome::{Count, Outcome};
use crate::types::Type;

/// Combines what reading from each of the alternatives does.
fn each(kind: &Type, read: impl Fn(&Type) -> Outcome) -> Outcome {
    let mut outcomes = kind.alternatives().iter().map(read);
    let Some(first) = outcomes.next() else { return Outcome::none() };
    let outcomes: Vec<Outcome> = outcomes.collect();
    // One union at the end costs less than one after each.
    let mut all = first;
    let mut kinds = vec![std::mem::take(&mut all.kind)];
    for mut outcome in outcomes {
        kinds.push(std::mem::replace(&mut outcome.kind, nothing()));
        all.kind = nothing();
        all = all.or(outcome);
    }
    all.kind = unite(kinds);
    all
}

/// `.name`
pub(super) fn field(kind: &Type, name: &str) -> Outcome {
    each(kind, |kind| match kind {
        Type::Any => Outcome::one(Type::Any).fallible(),
        Type::Null => Outcome::one(Type::Null),
        Type::Record(record) => Outcome::one(match find(record, name) {
            Some(field) if field.optional => unite([field.kind.clone(), Type::Null]),
            Some(field) => field.kind.clone(),
            None if record.closed => Type::Null,
            None => Type::Any,
        }),
        Type::Map(value) => Outcome::one(unite([(**value).clone(), Type::Null])),
        _ => Outcome::failure(),
    })
}

/// Whether a value of this type certainly is an object without this field, as far as its author says.
pub(super) fn certainly_lacks(kind: &Type, name: &str) -> bool {
    let alternatives = kind.alternatives();
    !alternatives.is_empty()
        && alternatives
            .iter()
            .all(|kind| matches!(kind, Type::Record(record) if (record.closed || record.listed) && find(record, name).is_none()))
}

/// `.[index]`
pub(super) fn index(kind: &Type, index: &Type) -> Outcome {
    each(index, |index| match index {
        Type::Literal(name) => field(kind, name),
        Type::String | Type::Timestamp => any_field(kind),
        Type::Int | Type::Number => item(kind),
        Type::Null => only(kind, &[Kind::Null], |_| Type::Null),
        Type::Array(_) => only(kind, &[Kind::List], |_| list(Type::Int)),
        Type::Record(_) | Type::Map(_) => slice(kind).fallible(),
        Type::Any => [any_field(kind), item(kind), slice(kind), only(kind, &[Kind::List], |_| list(Type::Int))]
            .into_iter()
            .fold(Outcome::failure(), Outcome::or)
            .or(only(kind, &[Kind::List, Kind::Null], |_| Type::Null))
            .fallible(),
        Type::Bool | Type::Union(_) => Outcome::failure(),
    })
}

/// What `read` makes of values of the kinds it takes; others fail.
fn only(kind: &Type, kinds: &[Kind], read: impl Fn(&Type) -> Type) -> Outcome {
    each(kind, |kind| match Kind::of(kind) {
        None => Outcome::one(unite(kinds.iter().map(|kind| read(&kind.whole())))).fallible(),
        Some(found) if kinds.contains(&found) => Outcome::one(read(kind)),
        Some(_) => Outcome::failure(),
    })
}

fn any_field(kind: &Type) -> Outcome {
    only(kind, &[Kind::Object, Kind::Null], |kind| match kind {
        Type::Record(record) => unite([values_of_record(record), Type::Null]),
        Type::Map(value) => unite([(**value).clone(), Type::Null]),
        _ => Type::Null,
    })
}

fn item(kind: &Type) -> Outcome {
    only(kind, &[Kind::List, Kind::Null], |kind| match kind {
        Type::Array(item) => unite([(**item).clone(), Type::Null]),
        _ => Type::Null,
    })
}

/// `.[from:to]`
pub(super) fn slice(kind: &Type) -> Outcome {
    only(kind, &[Kind::List, Kind::Text, Kind::Null], |kind| match Kind::of(kind) {
        Some(Kind::Text) => Type::String,
        _ => kind.clone(),
    })
}

/// `.[]`
pub(super) fn iterate(kind: &Type) -> Outcome {
    each(kind, |kind| match kind {
        Type::Any => Outcome::unknown(),
        Type::Array(item) if **item == nothing() => Outcome::none(),
        Type::Array(item) | Type::Map(item) => Outcome::one((**item).clone()).counted(Count::ANY_NUMBER),
        Type::Record(record) => {
            let certain = record.fields.iter().filter(|field| !field.optional).count();
            let most = if record.closed { record.fields.len() } else { 2 };
            let count = Count { least: certain.min(2) as u8, most: most.min(2) as u8 };
            Outcome::one(values_of_record(record)).counted(count)
        }
        _ => Outcome::failure(),
    })
}

/// What iterating gives, whatever is none of it.
pub(super) fn items(kind: &Type) -> Type {
    iterate(kind).kind
}

/// `..`: the value and all its parts.
pub(super) fn all_parts(kind: &Type) -> Type {
    let mut all = kind.clone();
    // As deep as types are let grow; each round goes one level down.
    for _ in 0..48 {
        let more = unite([all.clone(), items(&all)]);
        if more == Type::Any || super::lattice::is_part_of(&more, &all) {
            return more;
        }
        all = more;
    }
    Type::Any
}

/// `keys`
pub(super) fn keys(kind: &Type) -> Outcome {
    only(kind, &[Kind::List, Kind::Object], |kind| match Kind::of(kind) {
        Some(Kind::List) => list(Type::Int),
        _ => list(Type::String),
    })
}

/// `to_entries`
pub(super) fn entries(kind: &Type) -> Outcome {
    only(kind, &[Kind::List, Kind::Object], |kind| {
        let key = if Kind::of(kind) == Some(Kind::List) { Type::Int } else { Type::String };
        let value = items(kind);
        if value == nothing() { list(nothing()) } else { list(record([("key", key), ("value", value)])) }
    })
}

/// `from_entries`
pub(super) fn object_of_entries(kind: &Type) -> Outcome {
    let entries = items(kind);
    let mut values = Vec::new();
    for entry in entries.alternatives() {
        values.push(match entry {
            Type::Record(record) => {
                let mut found = Vec::new();
                let mut certain = false;
                for name in ["value", "v", "Value", "V"] {
                    match find(record, name) {
                        Some(field) => {
                            found.push(field.kind.clone());
                            certain = !field.optional;
                        }
                        None if record.closed => {}
                        None => found.push(Type::Any),
                    }
                    if certain {
                        break;
                    }
                }
                if !certain {
                    found.push(Type::Null);
                }
                unite(found)
            }
            Type::Map(value) => unite([(**value).clone(), Type::Null]),
            Type::Any => Type::Any,
            _ => nothing(),
        });
    }
    let result = super::lattice::map(unite(values));
    only(kind, &[Kind::List, Kind::Object], |_| result.clone()).fallible()
}

/// `flatten`, so many levels deep; nothing: all.
pub(super) fn flattened(kind: &Type, depth: Option<u8>) -> Outcome {
    only(kind, &[Kind::List, Kind::Object], |kind| list(unite(flat(&items(kind), depth))))
}

fn flat(item: &Type, depth: Option<u8>) -> Vec<Type> {
    let mut out = Vec::new();
    for kind in item.alternatives() {
        match (kind, depth) {
            (Type::Array(_), Some(0)) => out.push(kind.clone()),
            (Type::Array(inner), Some(depth)) => out.extend(flat(inner, Some(depth - 1))),
            (Type::Array(inner), None) => out.extend(flat(inner, None)),
            (other, _) => out.push(other.clone()),
        }
    }
    out
}

/// Words for the kinds of a type, as `type` gives them.
pub(super) fn kind_names(kind: &Type) -> Type {
    unite(kinds_of(kind).into_iter().map(|kind| Type::Literal(crate::Text::new_static(kind.name()))))
}

/// The type without null.
pub(super) fn true_part(kind: &Type) -> Type {
    Type::union(kind.alternatives().iter().filter(|kind| **kind != Type::Null).cloned().collect::<Vec<_>>())
}
