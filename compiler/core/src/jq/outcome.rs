//! What a program or a part of it can do: which values it yields, how many, and whether it fails.

use super::lattice::{nothing, unite};
use crate::types::Type;

/// How many values a program yields: at least, where it does not fail, and at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// At least so many; 2 stands for two and more.
    pub least: u8,
    /// At most so many; 2 stands for any number.
    pub most: u8,
}

impl Count {
    /// No value.
    pub const NONE: Count = Count { least: 0, most: 0 };
    /// One value.
    pub const EXACTLY_ONE: Count = Count { least: 1, most: 1 };
    /// One value or none.
    pub const AT_MOST_ONE: Count = Count { least: 0, most: 1 };
    /// One value or more.
    pub const AT_LEAST_ONE: Count = Count { least: 1, most: 2 };
    /// Nobody knows.
    pub const ANY_NUMBER: Count = Count { least: 0, most: 2 };

    /// Whether so many values are possible.
    pub fn allows(self, count: usize) -> bool {
        count >= usize::from(self.least) && (self.most >= 2 || count <= usize::from(self.most))
    }

    pub(super) fn plus(self, other: Count) -> Count {
        Count { least: (self.least + other.least).min(2), most: (self.most + other.most).min(2) }
    }

    pub(super) fn times(self, other: Count) -> Count {
        Count { least: (self.least * other.least).min(2), most: (self.most * other.most).min(2) }
    }
}

/// Whether a program ends with an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fails {
    Never,
    Maybe,
    Always,
}

impl Fails {
    /// One of the two happens.
    pub(super) fn or(self, other: Fails) -> Fails {
        if self == other { self } else { Fails::Maybe }
    }

    /// Both happen.
    pub(super) fn and(self, other: Fails) -> Fails {
        match (self, other) {
            (Fails::Always, _) | (_, Fails::Always) => Fails::Always,
            (Fails::Never, Fails::Never) => Fails::Never,
            _ => Fails::Maybe,
        }
    }

    /// It happens so often.
    pub(super) fn times(self, count: Count) -> Fails {
        match self {
            Fails::Never => Fails::Never,
            _ if count.most == 0 => Fails::Never,
            Fails::Always if count.least > 0 => Fails::Always,
            _ => Fails::Maybe,
        }
    }
}

/// What a part of a program can do.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    /// Every value that it yields is of this type.
    pub(super) kind: Type,
    /// How many there are, where it does not fail.
    pub(super) count: Count,
    pub(super) fails: Fails,
}

impl Outcome {
    /// One value of this type.
    pub(super) fn one(kind: Type) -> Self {
        Self { kind, count: Count::EXACTLY_ONE, fails: Fails::Never }
    }

    /// Nothing is known.
    pub(super) fn unknown() -> Self {
        Self { kind: Type::Any, count: Count::ANY_NUMBER, fails: Fails::Maybe }
    }

    /// It yields nothing.
    pub(super) fn none() -> Self {
        Self { kind: nothing(), count: Count::NONE, fails: Fails::Never }
    }

    /// It fails.
    pub(super) fn failure() -> Self {
        Self { kind: nothing(), count: Count::NONE, fails: Fails::Always }
    }

    pub(super) fn counted(mut self, count: Count) -> Self {
        self.count = count;
        self
    }

    pub(super) fn failing(mut self, fails: Fails) -> Self {
        self.fails = self.fails.and(fails);
        self
    }

    /// It may fail as well.
    pub(super) fn fallible(self) -> Self {
        self.failing(Fails::Maybe)
    }

    /// One of the two happens.
    pub(super) fn or(self, other: Outcome) -> Self {
        // What fails has no say in how many values there are at least where nothing fails.
        let least = match (self.fails, other.fails) {
            (Fails::Always, _) => other.count.least,
            (_, Fails::Always) => self.count.least,
            _ => self.count.least.min(other.count.least),
        };
        Self {
            kind: unite([self.kind, other.kind]),
            count: Count { least, most: self.count.most.max(other.count.most) },
            fails: self.fails.or(other.fails),
        }
    }

    /// For each value of `self`, `next` happens; its type is that over all of them.
    pub(super) fn then(self, next: Outcome) -> Self {
        Self {
            kind: next.kind,
            count: self.count.times(next.count),
            fails: self.fails.and(next.fails.times(self.count)),
        }
    }

    /// Both happen, once for each pair of values, in an order that nobody relies on. The type is that of `other`.
    pub(super) fn beside(self, other: Outcome) -> Self {
        let fails = match (self.fails, other.fails) {
            (Fails::Never, Fails::Never) => Fails::Never,
            // Where the other side yields nothing, this one may never be reached.
            (Fails::Always, _) if other.count.least > 0 => Fails::Always,
            (_, Fails::Always) if self.count.least > 0 => Fails::Always,
            _ => Fails::Maybe,
        };
        Self { kind: other.kind, count: self.count.times(other.count), fails }
    }

    /// Errors end it in silence.
    pub(super) fn silenced(mut self) -> Self {
        if self.fails != Fails::Never {
            self.count.least = 0;
            self.fails = Fails::Never;
        }
        self
    }
}
