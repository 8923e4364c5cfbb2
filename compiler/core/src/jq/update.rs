//! Changing parts of values: `=`, `|=`, `+=`, `del`.
//!
//! An update goes down the path on its left, changes what it finds there, and gives the whole with that part changed.

use super::access::{self, items};
use super::arithmetic::{merged, overridden};
use super::functions::{self, Gives};
use super::infer::{Interpreter, literal_place};
use super::lattice::{Kind, field, find, is_nothing, is_part_of, list, map, nothing, of_kinds, unite};
use super::outcome::{Count, Outcome};
use super::scope::{Called, Scope};
use crate::by_name::ByName;
use crate::types::{FieldType, RecordType, Type};
use crate::{Shared, Text};
use jaq_core::load::parse::{BinaryOp, Term};
use jaq_core::path::{Opt, Part};

/// What happens at the end of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// The part gets another value, and what is missing on the way there is made.
    Set,
    /// The part goes away, and what is missing on the way stays so.
    Delete,
}

/// What becomes of a part of this type. No value: it goes away.
type Changing<'c, 't> = &'c mut dyn FnMut(&mut Interpreter<'t>, &Type) -> Outcome;

impl<'t> Interpreter<'t> {
    /// The input with the parts changed that `target` leads to.
    pub(super) fn update(
        &mut self,
        target: &'t Term<&'t str>,
        input: &Type,
        scope: &Scope<'t>,
        change: Change,
        changing: Changing<'_, 't>,
    ) -> Outcome {
        if is_nothing(input) {
            return Outcome::none();
        }
        if !self.enter() {
            return Outcome::unknown();
        }
        let outcome = super::with_room(|| self.update_term(target, input, scope, change, changing));
        self.leave();
        outcome
    }

    fn update_term(
        &mut self,
        target: &'t Term<&'t str>,
        input: &Type,
        scope: &Scope<'t>,
        change: Change,
        changing: Changing<'_, 't>,
    ) -> Outcome {
        match target {
            Term::Id => changing(self, input),
            Term::Path(base, path) => {
                let parts = path.0.as_slice();
                self.update(base, input, scope, change, &mut |this, value| {
                    this.update_parts(parts, value, value, scope, change, changing)
                })
            }
            Term::BinOp(left, BinaryOp::Pipe(None), right) => {
                self.update(left, input, scope, change, &mut |this, value| {
                    this.update(right, value, scope, change, changing)
                })
            }
            Term::BinOp(left, BinaryOp::Pipe(Some(pattern)), right) => {
                let value = self.term(left, input, scope);
                if value.count != Count::EXACTLY_ONE {
                    return Outcome::unknown();
                }
                let (scope, bound) = self.bind(pattern, &value.kind, input, scope);
                if bound.count != Count::EXACTLY_ONE {
                    return Outcome::unknown();
                }
                self.update(right, input, &scope, change, changing).fallible()
            }
            Term::BinOp(left, BinaryOp::Comma, right) => {
                let first = self.update(left, input, scope, change, changing);
                let second = self.update(right, &first.kind, scope, change, changing);
                first.then(second)
            }
            Term::BinOp(left, BinaryOp::Alt, right) => {
                let first = self.update(left, input, scope, change, changing);
                first.or(self.update(right, input, scope, change, changing)).fallible()
            }
            Term::IfThenElse(arms, otherwise) => {
                let mut outcome = match otherwise {
                    Some(otherwise) => self.update(otherwise, input, scope, change, changing),
                    None => changing(self, input),
                };
                for (condition, then) in arms {
                    if self.asked(condition, input, scope).count != Count::EXACTLY_ONE {
                        return Outcome::unknown();
                    }
                    outcome = outcome.or(self.update(then, input, scope, change, changing));
                }
                outcome.fallible()
            }
            Term::Call(name, arguments) => self.update_call(name, arguments, input, scope, change, changing),
            _ => Outcome::unknown(),
        }
    }

    fn update_call(
        &mut self,
        name: &'t str,
        arguments: &'t [Term<&'t str>],
        input: &Type,
        scope: &Scope<'t>,
        change: Change,
        changing: Changing<'_, 't>,
    ) -> Outcome {
        match scope.called(name, arguments.len()) {
            Some(Called::Argument(term, scope)) => return self.update(term, input, &scope, change, changing),
            Some(Called::Value | Called::Definition(..)) => return Outcome::unknown(),
            None => {}
        }
        match (name, arguments) {
            ("empty", []) => Outcome::one(input.clone()),
            ("first", []) => self.update_item(&Type::Int, true, input, Opt::Essential, change, changing),
            ("last", []) => self.update_item(&Type::Int, false, input, Opt::Essential, change, changing),
            ("select", [condition]) => {
                let asked = self.asked(condition, input, scope);
                if asked.count.most > 1 {
                    return Outcome::unknown();
                }
                // What is deleted is chosen before anything is: conditions then say nothing about what is there now.
                // And a condition that yields nothing leaves the value, true or not.
                let narrow = |this: &Self, wanted| match change {
                    Change::Set if wanted || asked.count.least > 0 => this.narrowed(condition, input, wanted, scope),
                    _ => input.clone(),
                };
                let (chosen, others) = (narrow(self, true), narrow(self, false));
                self.partly(&chosen, others, changing)
            }
            _ => match functions::function(name, arguments.len()).map(|function| &function.gives) {
                Some(Gives::Kept(kinds)) => {
                    let chosen = of_kinds(input, kinds);
                    let others: Vec<Kind> = Kind::ALL.iter().copied().filter(|kind| !kinds.contains(kind)).collect();
                    let others = of_kinds(input, &others);
                    let others = if change == Change::Delete { input.clone() } else { others };
                    self.partly(&chosen, others, changing)
                }
                _ => Outcome::unknown(),
            },
        }
    }

    /// The values of one type changed, those of another left.
    fn partly(&mut self, chosen: &Type, others: Type, changing: Changing<'_, 't>) -> Outcome {
        let others = (!is_nothing(&others)).then(|| Outcome::one(others));
        let chosen = (!is_nothing(chosen)).then(|| changing(self, chosen));
        match (chosen, others) {
            (Some(chosen), Some(others)) => chosen.or(others).fallible(),
            (Some(one), None) | (None, Some(one)) => one.fallible(),
            (None, None) => Outcome::none(),
        }
    }

    /// Goes down the parts of a path from `value`; what stands in brackets sees `around`.
    fn update_parts(
        &mut self,
        parts: &'t [(Part<Term<&'t str>>, Opt)],
        value: &Type,
        around: &Type,
        scope: &Scope<'t>,
        change: Change,
        changing: Changing<'_, 't>,
    ) -> Outcome {
        let Some(((part, optional), rest)) = parts.split_first() else { return changing(self, value) };
        let mut below = |this: &mut Self, inner: &Type| {
            if rest.is_empty() {
                changing(this, inner)
            } else {
                this.update_parts(rest, inner, around, scope, change, changing)
            }
        };
        match part {
            Part::Index(index) => {
                if let Some(name) = literal_place(index) {
                    return self.update_field(name, value, *optional, change, &mut below);
                }
                let is_first = matches!(index, Term::Num("0"));
                let index = self.term(index, around, scope);
                if is_nothing(&index.kind) {
                    return Outcome::unknown();
                }
                if is_part_of(&index.kind, &Type::Number) {
                    self.update_item(&index.kind, is_first, value, *optional, change, &mut below)
                } else if is_part_of(&index.kind, &Type::String) {
                    self.update_any_field(value, *optional, change, &mut below)
                } else {
                    Outcome::unknown()
                }
            }
            Part::Range(None, None) => self.update_all(value, *optional, &mut below),
            Part::Range(..) => Outcome::unknown(),
        }
    }

    fn update_field(
        &mut self,
        name: &str,
        value: &Type,
        optional: Opt,
        change: Change,
        changing: Changing<'_, 't>,
    ) -> Outcome {
        let deletes = change == Change::Delete;
        self.each(value, optional, &mut |this, kind| {
            Some(match kind {
                Type::Any if deletes => Type::Any,
                Type::Null if deletes => Type::Null,
                Type::Any => one_field(name, changing(this, &Type::Any), false),
                Type::Null => one_field(name, changing(this, &Type::Null), true),
                Type::Map(inner) if deletes => map(unite([(**inner).clone(), changing(this, inner).kind])),
                Type::Map(inner) => {
                    let new = changing(this, &unite([(**inner).clone(), Type::Null]));
                    map(unite([(**inner).clone(), new.kind]))
                }
                Type::Record(record) => match find(record, name) {
                    Some(old) => {
                        let seen = match old.optional && !deletes {
                            true => unite([old.kind.clone(), Type::Null]),
                            false => old.kind.clone(),
                        };
                        let new = changing(this, &seen);
                        let optional = new.count.least == 0 || (deletes && old.optional);
                        replaced(record, name, new, optional)
                    }
                    None if deletes => kind.clone(),
                    None => {
                        let old = if record.closed { Type::Null } else { Type::Any };
                        let new = changing(this, &old);
                        let optional = new.count.least == 0;
                        added(record, name, new, optional)
                    }
                },
                _ => return None,
            })
        })
    }

    fn update_any_field(&mut self, value: &Type, optional: Opt, change: Change, changing: Changing<'_, 't>) -> Outcome {
        self.each(value, optional, &mut |this, kind| {
            Some(match kind {
                Type::Any | Type::Null if change == Change::Delete => kind.clone(),
                Type::Any => map(Type::Any),
                Type::Null => map(changing(this, &Type::Null).kind),
                Type::Map(inner) => {
                    let new = changing(this, &unite([(**inner).clone(), Type::Null]));
                    map(unite([(**inner).clone(), new.kind]))
                }
                Type::Record(record) => {
                    let new = changing(this, &unite([items(kind), Type::Null]));
                    let mut record = (**record).clone();
                    if new.count.least == 0 {
                        record.fields = record.fields.map(|field| FieldType { optional: true, ..field.clone() });
                    }
                    overridden(&record, &new.kind)
                }
                _ => return None,
            })
        })
    }

    fn update_item(
        &mut self,
        index: &Type,
        is_first: bool,
        value: &Type,
        optional: Opt,
        change: Change,
        changing: Changing<'_, 't>,
    ) -> Outcome {
        debug_assert!(is_part_of(index, &Type::Number));
        self.each(value, optional, &mut |this, kind| {
            // What lies between the end of a list and the place written to becomes null.
            let filling = if is_first { nothing() } else { Type::Null };
            Some(match kind {
                Type::Any => match change {
                    Change::Set => list(Type::Any),
                    Change::Delete => Type::Any,
                },
                Type::Null if change == Change::Delete => Type::Null,
                Type::Null => list(unite([changing(this, &Type::Null).kind, filling])),
                Type::Array(item) if change == Change::Delete => {
                    list(unite([(**item).clone(), changing(this, item).kind]))
                }
                Type::Array(item) => {
                    let new = changing(this, &unite([(**item).clone(), Type::Null]));
                    list(unite([(**item).clone(), new.kind, filling]))
                }
                _ => return None,
            })
        })
    }

    fn update_all(&mut self, value: &Type, optional: Opt, changing: Changing<'_, 't>) -> Outcome {
        self.each(value, optional, &mut |this, kind| {
            Some(match kind {
                Type::Any => unite([list(Type::Any), map(Type::Any)]),
                Type::Array(item) if is_nothing(item) => kind.clone(),
                Type::Array(item) => list(changing(this, item).kind),
                Type::Map(inner) => map(changing(this, inner).kind),
                Type::Record(record) => {
                    let mut fields = ByName::default();
                    for field in record.fields.iter() {
                        let new = changing(this, &field.kind);
                        if !is_nothing(&new.kind) {
                            let optional = field.optional || new.count.least == 0;
                            fields.set(FieldType { kind: new.kind, optional, ..field.clone() });
                        }
                    }
                    if !record.closed {
                        // What is not written may become anything that is not written either.
                        changing(this, &Type::Any);
                    }
                    Type::Record(Shared::new(RecordType { fields, closed: record.closed, ..RecordType::default() }))
                }
                _ => return None,
            })
        })
    }

    /// The value changed, alternative by alternative; nothing where one fails.
    fn each(
        &mut self,
        value: &Type,
        optional: Opt,
        change: &mut dyn FnMut(&mut Self, &Type) -> Option<Type>,
    ) -> Outcome {
        let mut kinds = Vec::new();
        for kind in value.alternatives() {
            match change(self, kind) {
                Some(Type::Any) => return Outcome::one(Type::Any).fallible(),
                Some(changed) => {
                    kinds.push(changed);
                    if *kind == Type::Any && matches!(optional, Opt::Optional) {
                        return Outcome::one(Type::Any).fallible();
                    }
                }
                None if matches!(optional, Opt::Optional) => kinds.push(kind.clone()),
                None => {}
            }
        }
        if kinds.is_empty() { Outcome::failure() } else { Outcome::one(unite(kinds)).fallible() }
    }

    /// `del(target)`
    pub(super) fn deleted(&mut self, target: &'t Term<&'t str>, input: &Type, scope: &Scope<'t>) -> Outcome {
        // Conditions are asked for what they read.
        let outcome = self.update(target, input, scope, Change::Delete, &mut |_, _| Outcome::none());
        if outcome.kind == Type::Any {
            return Outcome::one(Type::Any).fallible();
        }
        // The whole deleted is null.
        let kind = if outcome.count.least == 0 { unite([outcome.kind, Type::Null]) } else { outcome.kind };
        Outcome::one(kind).fallible()
    }
}

fn one_field(name: &str, new: Outcome, closed: bool) -> Type {
    let record = RecordType { closed, ..RecordType::default() };
    let optional = new.count.least == 0;
    added(&record, name, new, optional)
}

fn added(record: &RecordType, name: &str, new: Outcome, optional: bool) -> Type {
    if is_nothing(&new.kind) {
        return Type::Record(Shared::new(RecordType { name: None, ..record.clone() }));
    }
    let mut record = RecordType { name: None, ..record.clone() };
    record.fields.set(FieldType { optional, ..field(Text::new(name), new.kind) });
    Type::Record(Shared::new(record))
}

fn replaced(record: &RecordType, name: &str, new: Outcome, optional: bool) -> Type {
    let mut record = RecordType { name: None, ..record.clone() };
    if is_nothing(&new.kind) {
        record.fields.remove(name);
    } else if let Some(field) = record.fields.get(name).cloned() {
        record.fields.set(FieldType { kind: new.kind, optional, ..field });
    }
    Type::Record(Shared::new(record))
}

/// The value at a path that is written out as a list of names and positions.
pub(super) fn at_path(kind: &Type, path: &[Type]) -> Outcome {
    path.iter().fold(Outcome::one(kind.clone()), |outcome, step| {
        let found = access::index(&outcome.kind, step);
        outcome.then(found)
    })
}

/// An object over another, for `setpath` with names only.
pub(super) fn with_path(kind: &Type, names: &[Text], value: &Type) -> Option<Type> {
    let Some((name, rest)) = names.split_first() else { return Some(value.clone()) };
    let inner = access::field(kind, name);
    let below = if is_nothing(&inner.kind) { Type::Null } else { inner.kind };
    let changed = field(name.clone(), with_path(&below, rest, value)?);
    let over = RecordType { fields: std::iter::once(changed).collect(), closed: true, ..RecordType::default() };
    let mut kinds = Vec::new();
    for kind in kind.alternatives() {
        kinds.push(match kind {
            Type::Record(record) => merged(record, &over),
            Type::Null => Type::Record(Shared::new(over.clone())),
            Type::Map(_) | Type::Any => Type::Record(Shared::new(RecordType { closed: false, ..over.clone() })),
            _ => continue,
        });
    }
    Some(unite(kinds))
}
