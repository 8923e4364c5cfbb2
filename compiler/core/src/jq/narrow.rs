//! What a condition says about the value that it was asked of.

use super::access::true_part;
use super::infer::{Interpreter, literal_place, plain_text};
use super::lattice::{Kind, find, is_nothing, nothing, of_kinds, unite};
use super::scope::Scope;
use crate::types::{FieldType, RecordType, Type};
use crate::{Shared, Text};
use jaq_core::load::parse::{BinaryOp, Term};
use jaq_core::ops::Cmp;
use jaq_core::path::Part;

/// Functions that fail for everything but text.
const OF_TEXT: &[(&str, usize)] =
    &[("test", 1), ("test", 2), ("startswith", 1), ("endswith", 1), ("ascii_downcase", 0), ("ascii_upcase", 0)];

/// Conditions in each other beyond so many say nothing.
const DEEPEST: usize = 60;

impl<'t> Interpreter<'t> {
    /// The values of `input` for which `condition` can be true, or false. A condition that is not understood says
    /// nothing.
    pub(super) fn narrowed(&self, condition: &Term<&'t str>, input: &Type, wanted: bool, scope: &Scope<'t>) -> Type {
        self.narrowed_within(condition, input, wanted, scope, DEEPEST)
    }

    fn narrowed_within(
        &self,
        condition: &Term<&'t str>,
        input: &Type,
        wanted: bool,
        scope: &Scope<'t>,
        depth: usize,
    ) -> Type {
        let Some(depth) = depth.checked_sub(1) else { return input.clone() };
        let narrowed = |condition: &Term<&'t str>, input: &Type, wanted: bool| {
            self.narrowed_within(condition, input, wanted, scope, depth)
        };
        if let Some(path) = path_of(condition) {
            return at(input, &path, &|kind| by_truth(kind, wanted));
        }
        match condition {
            Term::BinOp(left, BinaryOp::And, right) => {
                let first = narrowed(left, input, true);
                let both = narrowed(right, &first, wanted);
                if wanted { both } else { unite([narrowed(left, input, false), both]) }
            }
            Term::BinOp(left, BinaryOp::Or, right) => {
                let rest = narrowed(left, input, false);
                let second = narrowed(right, &rest, wanted);
                if wanted { unite([narrowed(left, input, true), second]) } else { second }
            }
            Term::BinOp(left, BinaryOp::Pipe(None), right) => {
                if let Term::Call("not", arguments) = &**right
                    && arguments.is_empty()
                    && self.is_built_in("not", 0, scope)
                {
                    return narrowed(left, input, !wanted);
                }
                match path_of(left) {
                    Some(path) => at(input, &path, &|kind| narrowed(right, kind, wanted)),
                    None => input.clone(),
                }
            }
            Term::BinOp(left, BinaryOp::Cmp(operator @ (Cmp::Eq | Cmp::Ne)), right) => {
                let equal = wanted == (*operator == Cmp::Eq);
                let sides = match (self.constant(right, scope), self.constant(left, scope)) {
                    (Some(constant), _) => Some((left, constant)),
                    (None, Some(constant)) => Some((right, constant)),
                    (None, None) => None,
                };
                let Some((asked, constant)) = sides else { return input.clone() };
                if let Some(path) = path_of(asked) {
                    return at(input, &path, &|kind| by_equality(kind, &constant, equal));
                }
                match (self.kind_asked(asked, scope), &constant) {
                    (Some(path), Type::Literal(name)) => at(input, &path, &|kind| by_kind(kind, name, equal)),
                    _ => input.clone(),
                }
            }
            Term::Call("not", arguments) if arguments.is_empty() && self.is_built_in("not", 0, scope) => {
                by_truth(input, !wanted)
            }
            Term::Call("has", arguments) if self.is_built_in("has", 1, scope) => {
                match arguments.first().and_then(literal_place) {
                    Some(name) => by_presence(input, name, wanted),
                    None => input.clone(),
                }
            }
            Term::Call(name, arguments)
                if OF_TEXT.contains(&(name, arguments.len())) && self.is_built_in(name, arguments.len(), scope) =>
            {
                of_kinds(input, &[Kind::Text])
            }
            _ => input.clone(),
        }
    }

    /// The one value of a term that is written out.
    fn constant(&self, term: &Term<&'t str>, scope: &Scope<'t>) -> Option<Type> {
        match term {
            Term::Str(None, parts) => plain_text(parts).map(|text| Type::Literal(Text::new(text))),
            Term::Num(_) => Some(Type::Number),
            Term::Call(name @ ("null" | "true" | "false"), arguments)
                if arguments.is_empty() && self.is_built_in(name, 0, scope) =>
            {
                Some(if *name == "null" { Type::Null } else { Type::Bool })
            }
            _ => None,
        }
    }

    /// The path of the value whose type a term asks for: `type`, `.a | type`.
    fn kind_asked<'c>(&self, term: &'c Term<&'t str>, scope: &Scope<'t>) -> Option<Vec<&'c str>> {
        let is_type = |term: &Term<&'t str>| {
            matches!(term, Term::Call("type", arguments) if arguments.is_empty()) && self.is_built_in("type", 0, scope)
        };
        match term {
            term if is_type(term) => Some(Vec::new()),
            Term::BinOp(left, BinaryOp::Pipe(None), right) if is_type(right) => path_of(left),
            _ => None,
        }
    }
}

/// The names of a path such as `.a.b`, which yields one value or fails.
pub(super) fn path_of<'c>(term: &'c Term<&str>) -> Option<Vec<&'c str>> {
    match term {
        Term::Id => Some(Vec::new()),
        Term::Path(base, path) => {
            let mut names = path_of(base)?;
            for (part, _) in &path.0 {
                match part {
                    Part::Index(index) => names.push(literal_place(index)?),
                    Part::Range(..) => return None,
                }
            }
            Some(names)
        }
        _ => None,
    }
}

/// The values whose part at `path` is one that `keep` lets through.
fn at(kind: &Type, path: &[&str], keep: &dyn Fn(&Type) -> Type) -> Type {
    let Some((name, rest)) = path.split_first() else { return keep(kind) };
    let null_is_kept = || !is_nothing(&at(&Type::Null, rest, keep));
    let kept = kind.alternatives().iter().filter_map(|kind| match kind {
        Type::Any | Type::Map(_) => Some(kind.clone()),
        Type::Null => null_is_kept().then_some(Type::Null),
        Type::Record(record) => match find(record, name) {
            Some(field) => {
                let inner = at(&field.kind, rest, keep);
                let may_be_missing = field.optional && null_is_kept();
                if is_nothing(&inner) && !may_be_missing {
                    return None;
                }
                if may_be_missing && is_nothing(&inner) || inner == field.kind && may_be_missing == field.optional {
                    return Some(kind.clone());
                }
                Some(with_field(record, FieldType { kind: inner, optional: may_be_missing, ..field.clone() }))
            }
            None if record.closed => null_is_kept().then(|| kind.clone()),
            None => Some(kind.clone()),
        },
        // Everything else has no fields: the condition fails.
        _ => None,
    });
    Type::union(kept.collect::<Vec<_>>())
}

fn with_field(record: &RecordType, changed: FieldType) -> Type {
    let mut record = record.clone();
    record.fields.set(changed);
    Type::Record(Shared::new(record))
}

fn by_truth(kind: &Type, wanted: bool) -> Type {
    match (kind, wanted) {
        (kind, true) => true_part(kind),
        (kind, false) => of_kinds(kind, &[Kind::Null, Kind::Bool]),
    }
}

fn by_equality(kind: &Type, constant: &Type, equal: bool) -> Type {
    if !equal {
        return match (kind, constant) {
            (Type::Any, _) | (_, Type::Bool | Type::Number) => kind.clone(),
            (kind, constant) => {
                Type::union(kind.alternatives().iter().filter(|kind| *kind != constant).cloned().collect::<Vec<_>>())
            }
        };
    }
    let wanted = Kind::of(constant);
    Type::union(
        kind.alternatives()
            .iter()
            .filter_map(|kind| match (kind, constant) {
                (Type::Any, _) => Some(constant.clone()),
                (Type::Literal(a), Type::Literal(b)) => (a == b).then(|| kind.clone()),
                (Type::String | Type::Timestamp, Type::Literal(_)) => Some(constant.clone()),
                _ => (Kind::of(kind) == wanted).then(|| kind.clone()),
            })
            .collect::<Vec<_>>(),
    )
}

fn by_kind(kind: &Type, name: &str, equal: bool) -> Type {
    let kinds: Vec<Kind> = Kind::ALL.iter().copied().filter(|kind| (kind.name() == name) == equal).collect();
    if kinds.is_empty() { nothing() } else { of_kinds(kind, &kinds) }
}

fn by_presence(kind: &Type, name: &str, wanted: bool) -> Type {
    let kept = kind.alternatives().iter().filter_map(|kind| match kind {
        Type::Record(record) => match find(record, name) {
            Some(field) if wanted => Some(with_field(record, FieldType { optional: false, ..field.clone() })),
            Some(field) => field.optional.then(|| kind.clone()),
            None if record.closed => (!wanted).then(|| kind.clone()),
            None => Some(kind.clone()),
        },
        Type::Any | Type::Map(_) => Some(kind.clone()),
        Type::Null => (!wanted).then_some(Type::Null),
        _ => None,
    });
    Type::union(kept.collect::<Vec<_>>())
}
