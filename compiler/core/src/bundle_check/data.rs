//! What is known about `$`.

use super::members::Members;
use crate::types::{FieldType, RecordType, Type};
use crate::{Shared, Text};
use std::collections::HashMap;
use zisc_bundle::{Path, Step};

/// A record of more members than this is not handed to jq as a whole: nobody reads types of this size.
const MOST_MEMBERS: usize = 64;
/// Types with more parts than this are taken for `any`.
const MOST_PARTS: usize = 400;

/// The numbers of the members of `$`.
#[derive(Default)]
pub(super) struct Names {
    numbers: HashMap<Text, u32>,
    names: Vec<Text>,
}

impl Names {
    pub(super) fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.numbers.insert(Text::new(name), number);
        self.names.push(Text::new(name));
        number
    }

    fn name(&self, number: u32) -> Text {
        self.names.get(number as usize).cloned().unwrap_or_default()
    }
}

/// What is known about `$` at one place: the members that are certainly there.
#[derive(Clone, Debug, Default)]
pub(super) struct Data {
    members: Members<Slot>,
    /// There may be others.
    open: bool,
    /// The last state that put its result in the place of all of `$`, counted from 1. Members of an earlier era are
    /// gone.
    era: u32,
}

/// A member of `$`.
#[derive(Clone, Debug, PartialEq)]
struct Slot {
    kind: Type,
    era: u32,
}

/// What a path leads to.
pub(super) enum Read {
    /// A value of this type.
    Found(Type),
    /// To what was there, before this state replaced all of `$`.
    Replaced(usize),
    /// To no member of `$` that is certain to be there.
    NoMember,
    /// The step with this number certainly leads nowhere in a value of this type.
    NoField(usize, Type),
}

impl Data {
    /// Nothing is known.
    pub(super) fn unknown() -> Self {
        Self { open: true, ..Self::default() }
    }

    /// A value of this type is all of `$`.
    pub(super) fn of(kind: &Type, names: &mut Names) -> Self {
        let Type::Record(record) = kind else { return Self::unknown() };
        let mut data = Self { open: !record.closed, ..Self::default() };
        for field in record.fields.iter().filter(|field| !field.optional) {
            data.members = data.members.with(names.number(&field.name), Slot { kind: field.kind.clone(), era: 0 });
        }
        data.open |= record.fields.iter().any(|field| field.optional);
        data
    }

    /// All of `$` as a type.
    pub(super) fn whole(&self, names: &Names) -> Type {
        let members = self.members.first(MOST_MEMBERS + 1);
        if members.len() > MOST_MEMBERS || members.iter().any(|(_, slot)| slot.era != self.era) {
            return Type::Any;
        }
        let fields = members.into_iter().map(|(number, slot)| FieldType {
            name: names.name(number),
            kind: slot.kind.clone(),
            ..FieldType::default()
        });
        // What is set on some ways only is not among the members: more may be there than is known.
        Type::Record(Shared::new(RecordType { fields: fields.collect(), ..RecordType::default() }))
    }

    /// What the path leads to.
    pub(super) fn read(&self, path: &Path, names: &mut Names) -> Read {
        let mut steps = path.steps.iter().enumerate();
        let mut kind = match steps.next() {
            None => return Read::Found(self.whole(names)),
            Some((_, Step::Index(_))) if self.open => return Read::Found(Type::Any),
            Some((_, Step::Index(_))) => return Read::NoField(0, self.whole(names)),
            Some((_, Step::Member(name))) => match self.members.get(names.number(name)) {
                Some(slot) if slot.era != self.era => {
                    return Read::Replaced((self.era as usize).saturating_sub(1));
                }
                Some(slot) => slot.kind.clone(),
                None if self.open => return Read::Found(Type::Any),
                None => return Read::NoMember,
            },
        };
        for (position, step) in steps {
            let next = match step {
                Step::Member(name) => kind.field(name).map(|read| read.kind),
                Step::Index(_) => kind.item(),
            };
            kind = match next {
                Some(next) => next,
                None => return Read::NoField(position, kind),
            };
        }
        Read::Found(kind)
    }

    /// The data with a value at a path; objects are made where they are missing.
    #[must_use]
    pub(super) fn with(&self, path: &Path, kind: Type, names: &mut Names) -> Self {
        let kind = bounded(kind);
        let mut members = path.steps.iter().map(|step| match step {
            Step::Member(name) => Some(Text::new(name)),
            Step::Index(_) => None,
        });
        let Some(first) = members.next() else { return Self::of(&kind, names) };
        // Into an item of a list, or very deep: what that makes is not followed.
        let rest: Option<Vec<Text>> = members.collect();
        let (Some(first), Some(rest)) = (first, rest.filter(|rest| rest.len() < 32)) else {
            return Self { open: true, ..self.clone() };
        };
        let number = names.number(&first);
        let before = self.members.get(number).filter(|slot| slot.era == self.era).map(|slot| &slot.kind);
        let kind = match (rest.is_empty(), before) {
            (true, _) => kind,
            (false, Some(before)) => bounded(before.with(&rest, kind, false)),
            // Other ways may have set other parts of it.
            (false, None) => Type::Any.with(&rest, kind, false),
        };
        Self { members: self.members.with(number, Slot { kind, era: self.era }), ..self.clone() }
    }

    /// Whether this member is known to be there.
    pub(super) fn certainly_has(&self, name: &str, names: &mut Names) -> bool {
        self.members.get(names.number(name)).is_some()
    }

    /// All of `$` is now the result of this state, and nobody knows what that holds.
    #[must_use]
    pub(super) fn replaced_by(&self, state: usize) -> Self {
        Self { open: true, era: u32::try_from(state + 1).unwrap_or(u32::MAX), ..self.clone() }
    }

    /// The data where the value at `path` is one of the alternatives that `keep` lets through.
    #[must_use]
    pub(super) fn narrowed(&self, path: &Path, keep: &dyn Fn(&Type) -> bool, names: &mut Names) -> Self {
        let Some((Step::Member(name), rest)) = path.steps.split_first() else { return self.clone() };
        let number = names.number(name);
        match self.members.get(number) {
            Some(slot) if is_kept(&slot.kind, rest, keep) => self.clone(),
            Some(slot) => {
                let kind = slot.kind.narrowed(rest, keep);
                if kind == slot.kind {
                    return self.clone();
                }
                Self { members: self.members.with(number, Slot { kind, ..slot.clone() }), ..self.clone() }
            }
            None => self.clone(),
        }
    }

    /// The data where something certainly is at `path`.
    #[must_use]
    pub(super) fn present(&self, path: &Path, names: &mut Names) -> Self {
        match self.read(path, names) {
            Read::Found(_) => self.narrowed(path, &|_| true, names),
            Read::NoMember | Read::NoField(..) => self.with(path, Type::Any, names),
            Read::Replaced(_) => self.clone(),
        }
    }

    /// What is known where data comes by one way or another. `None`: it is what was known before.
    pub(super) fn join(&self, coming: &Self) -> Option<Self> {
        let era = self.era.max(coming.era);
        let members = self.members.in_both(&coming.members, &mut |a, b| Slot {
            kind: if a.kind == b.kind { a.kind.clone() } else { bounded(a.kind.join(&b.kind)) },
            era: a.era.max(b.era),
        });
        let joined = Self { members, open: self.open || coming.open, era };
        let same = joined.members.is(&self.members) && joined.open == self.open && joined.era == self.era;
        (!same).then_some(joined)
    }
}

/// Whether narrowing would leave a type as it is: to find out costs less than to make it anew.
fn is_kept(kind: &Type, path: &[Step], keep: &dyn Fn(&Type) -> bool) -> bool {
    match (path.split_first(), kind) {
        (None, kind) => kind.alternatives().iter().all(keep) || !matches!(kind, Type::Union(_)),
        (Some((Step::Member(name), rest)), Type::Record(record)) => {
            record.fields.get(name).is_some_and(|field| !field.optional && is_kept(&field.kind, rest, keep))
        }
        (Some(_), kind) => *kind == Type::Any,
    }
}

/// The type of a computed value in which a single text is any text: such constants are switches, and to tell somebody
/// that a switch is off is noise.
pub(super) fn without_constants(kind: Type) -> Type {
    match kind {
        Type::Literal(_) => Type::String,
        Type::Record(record) if record.name.is_none() => {
            let mut record = (*record).clone();
            let plain = |field: &FieldType| FieldType { kind: without_constants(field.kind.clone()), ..field.clone() };
            record.fields = record.fields.map(plain);
            Type::Record(Shared::new(record))
        }
        Type::Array(item) => Type::Array(Shared::new(without_constants((*item).clone()))),
        kind => kind,
    }
}

/// The type, or `any` where it is too large to be of use. Types from the catalogue have names, and an end.
pub(super) fn bounded(kind: Type) -> Type {
    let mut left = MOST_PARTS;
    if fits_in(&kind, &mut left) { kind } else { Type::Any }
}

fn fits_in(kind: &Type, left: &mut usize) -> bool {
    if *left == 0 {
        return false;
    }
    *left -= 1;
    match kind {
        Type::Record(record) => record.name.is_some() || record.fields.iter().all(|field| fits_in(&field.kind, left)),
        Type::Array(inner) | Type::Map(inner) => fits_in(inner, left),
        Type::Union(members) => members.iter().all(|member| fits_in(member, left)),
        _ => true,
    }
}
