//! What operators make of types, as the engine's operators do with values.
//!
//! Numbers beyond what a double holds are left out: infinity less infinity is not a number, and prints as null.

use super::access::items;
use super::lattice::{Kind, field, find, list, map, record, unite, values_of_record};
use super::outcome::Outcome;
use crate::Shared;
use crate::by_name::ByName;
use crate::types::{FieldType, RecordType, Type};
use jaq_core::ops::Math;

/// More pairs than this are not looked at one by one.
const MOST_PAIRS: usize = 256;

/// `left operator right`
pub(super) fn math(operator: Math, left: &Type, right: &Type) -> Outcome {
    let (lefts, rights) = (left.alternatives(), right.alternatives());
    if lefts.is_empty() || rights.is_empty() {
        return Outcome::none();
    }
    if lefts.len() * rights.len() > MOST_PAIRS {
        return Outcome::one(Type::Any).fallible();
    }
    let mut kinds = Vec::new();
    let (mut fails, mut succeeds) = (false, false);
    for left in lefts {
        for right in rights {
            match pair(operator, left, right) {
                Some((kind, may_fail)) => {
                    succeeds = true;
                    fails |= may_fail;
                    kinds.push(kind);
                }
                None => fails = true,
            }
        }
    }
    match (succeeds, fails) {
        (false, _) => Outcome::failure(),
        (true, false) => Outcome::one(unite(kinds)),
        (true, true) => Outcome::one(unite(kinds)).fallible(),
    }
}

/// The sum of none or more values of this type, from null.
pub(super) fn sum(item: &Type) -> Type {
    let mut total = Type::Null;
    for _ in 0..4 {
        let next = unite([total.clone(), math(Math::Add, &total, item).kind]);
        if next == total {
            return total;
        }
        total = next;
    }
    Type::Any
}

/// What one of each gives, and whether it may fail; nothing where it always fails.
fn pair(operator: Math, left: &Type, right: &Type) -> Option<(Type, bool)> {
    match operator {
        Math::Add => add(left, right),
        Math::Sub => subtract(left, right),
        Math::Mul => multiply(left, right),
        Math::Div => divide(left, right),
        Math::Rem => numbers(left, right).map(|_| (Type::Int, true)),
    }
}

/// The type of a calculation with both, where both can be numbers.
fn numbers(left: &Type, right: &Type) -> Option<Type> {
    let is_number = |kind: &Type| matches!(kind, Type::Any | Type::Int | Type::Number);
    if !is_number(left) || !is_number(right) {
        return None;
    }
    Some(if *left == Type::Int && *right == Type::Int { Type::Int } else { Type::Number })
}

fn add(left: &Type, right: &Type) -> Option<(Type, bool)> {
    let sure = |kind: Type| Some((kind, false));
    match (left, right) {
        (Type::Any, Type::Any) => Some((Type::Any, true)),
        (Type::Null, other) | (other, Type::Null) => sure(other.clone()),
        // Null and something is that; anything else must be of its kind.
        (Type::Any, other) | (other, Type::Any) => Some((
            match Kind::of(other)? {
                Kind::Null => Type::Any,
                // Null added to it leaves it as it is, and nothing else can be added.
                Kind::Bool => Type::Bool,
                kind => kind.whole(),
            },
            true,
        )),
        (Type::Array(a), Type::Array(b)) => sure(list(unite([(**a).clone(), (**b).clone()]))),
        (Type::Record(a), Type::Record(b)) => sure(merged(a, b)),
        (Type::Record(a), Type::Map(b)) => sure(overridden(a, b)),
        (Type::Map(_), Type::Record(b)) if !b.fields.is_empty() => sure(Type::Record(Shared::new(RecordType {
            fields: b
                .fields
                .iter()
                .map(|field| FieldType {
                    kind: if field.optional { unite([field.kind.clone(), items(left)]) } else { field.kind.clone() },
                    ..field.clone()
                })
                .collect(),
            ..RecordType::default()
        }))),
        (Type::Map(_), Type::Map(_) | Type::Record(_)) => sure(map(unite([items(left), items(right)]))),
        _ => match (Kind::of(left)?, Kind::of(right)?) {
            (Kind::Text, Kind::Text) => sure(Type::String),
            _ => numbers(left, right).map(|kind| (kind, false)),
        },
    }
}

/// A record with the fields of another over its own.
pub(super) fn merged(under: &RecordType, over: &RecordType) -> Type {
    let mut fields = ByName::default();
    for field in under.fields.iter() {
        match find(over, &field.name) {
            Some(other) if other.optional => {
                fields.set(FieldType { kind: unite([field.kind.clone(), other.kind.clone()]), ..field.clone() })
            }
            Some(other) => fields.set(other.clone()),
            None if over.closed => fields.set(field.clone()),
            None => fields.set(FieldType { kind: Type::Any, ..field.clone() }),
        }
    }
    for other in over.fields.iter().filter(|other| find(under, &other.name).is_none()) {
        match other.optional && !under.closed {
            true => fields.set(FieldType { kind: Type::Any, ..other.clone() }),
            false => fields.set(other.clone()),
        }
    }
    Type::Record(Shared::new(RecordType { fields, closed: under.closed && over.closed, ..RecordType::default() }))
}

/// A record with fields over it that are not known by name.
pub(super) fn overridden(under: &RecordType, value: &Type) -> Type {
    if under.closed {
        return map(unite([values_of_record(under), value.clone()]));
    }
    let fields = under
        .fields
        .iter()
        .map(|field| FieldType { kind: unite([field.kind.clone(), value.clone()]), ..field.clone() });
    Type::Record(Shared::new(RecordType { fields: fields.collect(), closed: false, ..RecordType::default() }))
}

fn subtract(left: &Type, right: &Type) -> Option<(Type, bool)> {
    match (left, right) {
        (Type::Any, Type::Any) => Some((unite([Type::Number, list(Type::Any)]), true)),
        (Type::Array(_), Type::Array(_)) => Some((left.clone(), false)),
        (Type::Array(_), Type::Any) => Some((left.clone(), true)),
        (Type::Any, Type::Array(_)) => Some((list(Type::Any), true)),
        _ => numbers(left, right).map(|kind| (kind, *left == Type::Any || *right == Type::Any)),
    }
}

fn multiply(left: &Type, right: &Type) -> Option<(Type, bool)> {
    if *left == Type::Any && *right == Type::Any {
        return Some((unite([Type::Number, Type::String, map(Type::Any), Type::Null]), true));
    }
    if *left == Type::Any || *right == Type::Any {
        let other = if *left == Type::Any { right } else { left };
        return match Kind::of(other)? {
            // A text times a number is repeated, on either side; times none at all it is null.
            Kind::Number => Some((unite([Type::Number, Type::String, Type::Null]), true)),
            Kind::Text => Some((unite([Type::String, Type::Null]), true)),
            Kind::Object => Some((map(Type::Any), true)),
            _ => None,
        };
    }
    match (Kind::of(left)?, Kind::of(right)?) {
        (Kind::Text, Kind::Number) | (Kind::Number, Kind::Text) => Some((unite([Type::String, Type::Null]), false)),
        (Kind::Object, Kind::Object) => Some((deeply_merged(left, right), false)),
        _ => numbers(left, right).map(|kind| (kind, false)),
    }
}

/// Two objects, with objects in both merged all the way down.
fn deeply_merged(left: &Type, right: &Type) -> Type {
    let (Type::Record(under), Type::Record(over)) = (left, right) else { return map(Type::Any) };
    let can_be_object = |kind: &Type| super::lattice::kinds_of(kind).contains(&Kind::Object);
    // What both may have as an object is not followed further.
    let over = RecordType {
        fields: over
            .fields
            .iter()
            .map(|field| {
                let below = find(under, &field.name).map_or(!under.closed, |below| can_be_object(&below.kind));
                let both = below && can_be_object(&field.kind);
                FieldType { kind: if both { Type::Any } else { field.kind.clone() }, ..field.clone() }
            })
            .collect(),
        ..RecordType::clone(over)
    };
    merged(under, &over)
}

fn divide(left: &Type, right: &Type) -> Option<(Type, bool)> {
    let texts = list(Type::String);
    if *left == Type::Any && *right == Type::Any {
        return Some((unite([Type::Number, texts]), true));
    }
    let can_be_text = |kind: &Type| *kind == Type::Any || Kind::of(kind) == Some(Kind::Text);
    if can_be_text(left) && can_be_text(right) {
        return Some((texts, *left == Type::Any || *right == Type::Any));
    }
    // Division by zero fails.
    numbers(left, right).map(|_| (Type::Number, true))
}

/// `-value`
pub(super) fn negated(kind: &Type) -> Outcome {
    let mut kinds = Vec::new();
    let mut fails = false;
    for kind in kind.alternatives() {
        match kind {
            Type::Int | Type::Number => kinds.push(kind.clone()),
            Type::Any => {
                fails = true;
                kinds.push(Type::Number);
            }
            _ => fails = true,
        }
    }
    match (kinds.is_empty(), fails) {
        (true, true) => Outcome::failure(),
        (true, false) => Outcome::none(),
        (false, true) => Outcome::one(unite(kinds)).fallible(),
        (false, false) => Outcome::one(unite(kinds)),
    }
}

/// An object with one more member, under a key of this type.
pub(super) fn with_member(object: &Type, key: &Type, value: &Type) -> Type {
    let Type::Record(fields) = object else {
        return match object {
            Type::Map(_) => map(unite([items(object), value.clone()])),
            _ => object.clone(),
        };
    };
    let names: Option<Vec<&crate::Text>> = key
        .alternatives()
        .iter()
        .map(|key| match key {
            Type::Literal(name) => Some(name),
            _ => None,
        })
        .collect();
    match names.as_deref() {
        Some([name]) => merged_with(fields, field((*name).clone(), value.clone())),
        Some(names) if !names.is_empty() => {
            let mut object = object.clone();
            for name in names {
                let member = FieldType { optional: true, ..field((*name).clone(), value.clone()) };
                if let Type::Record(fields) = &object {
                    object = merged_with(fields, member);
                }
            }
            object
        }
        _ => overridden(fields, value),
    }
}

fn merged_with(under: &RecordType, member: FieldType) -> Type {
    merged(under, &RecordType { fields: std::iter::once(member).collect(), closed: true, ..RecordType::default() })
}

/// `{}`
pub(super) fn empty_object() -> Type {
    record([])
}
