//! Things found by name, in order, whose copies share what they have in common.
//!
//! A flow of ten thousand statements has ten thousand records of what `$` holds, each with a field more than the one
//! before. So a long list is a tree of which a change copies one branch, and joining two of them looks only at what is
//! not shared. A short list is a list: most records have a handful of fields.

use crate::{Shared, Text};
use imbl::OrdMap;
use imbl::ordmap::DiffItem;

/// Lists of more things are trees.
const FEW: usize = 32;

/// What has a name.
pub trait HasName: Clone + PartialEq {
    /// Its name.
    fn name(&self) -> &Text;
}

/// Things of different names, in order. A copy costs nothing.
#[derive(Clone, Debug)]
pub struct ByName<V>(Kept<V>);

#[derive(Clone, Debug)]
enum Kept<V> {
    Few(Shared<Vec<V>>),
    /// Each with its place in the order; the next one gets the place after the last.
    Many(OrdMap<Text, (u32, Shared<V>)>, u32),
}

impl<V: HasName> ByName<V> {
    /// The thing of this name.
    pub fn get(&self, name: &str) -> Option<&V> {
        match &self.0 {
            Kept::Few(list) => list.iter().find(|known| known.name() == name),
            Kept::Many(tree, _) => tree.get(name).map(|(_, value)| &**value),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match &self.0 {
            Kept::Few(list) => list.len(),
            Kept::Many(tree, _) => tree.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All of them in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &V> + Clone {
        let (few, many) = match &self.0 {
            Kept::Few(list) => (list.as_slice(), Vec::new()),
            Kept::Many(tree, _) => {
                let mut all: Vec<_> = tree.values().collect();
                all.sort_unstable_by_key(|(place, _)| *place);
                (&[][..], all)
            }
        };
        few.iter().chain(many.into_iter().map(|(_, value)| &**value))
    }

    /// Puts it in the place of the one of its name, or at the end.
    pub fn set(&mut self, value: V) {
        match &mut self.0 {
            Kept::Few(list) => {
                let list = Shared::make_mut(list);
                match list.iter_mut().find(|known| known.name() == value.name()) {
                    Some(known) => *known = value,
                    None => list.push(value),
                }
                if list.len() > FEW {
                    let many = list.drain(..).enumerate();
                    let tree = many.map(|(place, value)| (value.name().clone(), (place as u32, Shared::new(value))));
                    self.0 = Kept::Many(tree.collect(), FEW as u32 + 1);
                }
            }
            Kept::Many(tree, next) => {
                let place = tree.get(value.name()).map_or(*next, |(place, _)| *place);
                *next = (*next).max(place + 1);
                tree.insert(value.name().clone(), (place, Shared::new(value)));
            }
        }
    }

    /// Puts it at the end, whether or not there is one of its name.
    pub fn set_last(&mut self, value: V) {
        self.remove(value.name());
        self.set(value);
    }

    /// Takes the one of this name away.
    pub fn remove(&mut self, name: &str) {
        match &mut self.0 {
            Kept::Few(list) if list.iter().any(|known| known.name() == name) => {
                Shared::make_mut(list).retain(|known| known.name() != name);
            }
            Kept::Few(_) => {}
            Kept::Many(tree, _) => drop(tree.remove(name)),
        }
    }

    /// All of them, changed.
    #[must_use]
    pub fn map(&self, change: impl FnMut(&V) -> V) -> Self {
        self.iter().map(change).collect()
    }

    /// What two lists hold together: `both` of what is in both, `one` of what is in one of them only. What is the same
    /// in both is taken as it is, and where that is everything, the outcome is this very list.
    #[must_use]
    pub fn join(&self, other: &Self, both: impl Fn(&V, &V) -> V, one: impl Fn(&V) -> V) -> Self {
        let mut joined = self.clone();
        let mut change = |from: &V, to: V| {
            if *from != to {
                joined.set(to);
            }
        };
        match (&self.0, &other.0) {
            (Kept::Many(a, _), Kept::Many(b, _)) => {
                // The others in the order of their own list, so that no order depends on how the trees are made.
                let mut new = Vec::new();
                for difference in a.diff(b) {
                    match difference {
                        DiffItem::Add(_, (place, value)) => new.push((*place, value)),
                        DiffItem::Remove(_, (_, value)) => change(value, one(value)),
                        DiffItem::Update { old: (_, (_, a)), new: (_, (_, b)) } if a != b => change(a, both(a, b)),
                        DiffItem::Update { .. } => {}
                    }
                }
                new.sort_unstable_by_key(|(place, _)| *place);
                new.into_iter().for_each(|(_, value)| joined.set(one(value)));
            }
            _ => {
                for a in self.iter() {
                    match other.get(a.name()) {
                        Some(b) if a == b => {}
                        Some(b) => change(a, both(a, b)),
                        None => change(a, one(a)),
                    }
                }
                let new = other.iter().filter(|b| self.get(b.name()).is_none());
                new.for_each(|b| joined.set(one(b)));
            }
        }
        joined
    }
}

impl<V> Default for ByName<V> {
    fn default() -> Self {
        Self(Kept::Few(Shared::default()))
    }
}

impl<V: HasName> PartialEq for ByName<V> {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Kept::Few(a), Kept::Few(b)) => Shared::ptr_eq(a, b) || a == b,
            (Kept::Many(a, _), Kept::Many(b, _)) => {
                a.len() == b.len()
                    && a.diff(b).all(
                        |difference| matches!(difference, DiffItem::Update { old: (_, a), new: (_, b) } if a.1 == b.1),
                    )
            }
            _ => self.len() == other.len() && self.iter().eq(other.iter()),
        }
    }
}

impl<V: HasName + Eq> Eq for ByName<V> {}

impl<V: HasName> FromIterator<V> for ByName<V> {
    fn from_iter<I: IntoIterator<Item = V>>(values: I) -> Self {
        let mut all = Self::default();
        values.into_iter().for_each(|value| all.set(value));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq)]
    struct Thing(Text, u32);

    impl HasName for Thing {
        fn name(&self) -> &Text {
            &self.0
        }
    }

    /// The same list, short and simple.
    fn set(list: &mut Vec<Thing>, value: Thing) {
        match list.iter_mut().find(|known| known.0 == value.0) {
            Some(known) => *known = value,
            None => list.push(value),
        }
    }

    #[test]
    fn long_lists_are_lists_too() {
        let mut random: u32 = 0x9e37_79b9;
        let mut next = |below: u32| {
            random ^= random << 13;
            random ^= random >> 17;
            random ^= random << 5;
            random % below
        };
        for size in [3, 20, 60, 300] {
            for _ in 0..30 {
                let mut both = [(ByName::default(), Vec::new()), (ByName::default(), Vec::new())];
                for (fast, slow) in &mut both {
                    for _ in 0..size {
                        let thing = Thing(Text::new(format!("n{}", next(size))), next(3));
                        match next(8) {
                            0 => {
                                fast.remove(&thing.0);
                                slow.retain(|known: &Thing| known.0 != thing.0);
                            }
                            1 => {
                                slow.retain(|known| known.0 != thing.0);
                                slow.push(thing.clone());
                                fast.set_last(thing);
                            }
                            _ => {
                                set(slow, thing.clone());
                                fast.set(thing);
                            }
                        }
                    }
                    assert!(fast.iter().eq(slow.iter()));
                    assert_eq!(fast.len(), slow.len());
                    assert!(slow.iter().all(|thing| fast.get(&thing.0) == Some(thing)));
                    assert_eq!(*fast, slow.iter().cloned().collect());
                }
                let [(a, slow_a), (b, slow_b)] = both;
                let joined = a.join(&b, |a, b| Thing(a.0.clone(), a.1.max(b.1)), |one| Thing(one.0.clone(), 9));
                for thing in slow_a.iter().chain(&slow_b) {
                    let of = |list: &[Thing]| list.iter().find(|known| known.0 == thing.0).map(|known| known.1);
                    let wanted = match (of(&slow_a), of(&slow_b)) {
                        (Some(a), Some(b)) => a.max(b),
                        _ => 9,
                    };
                    assert_eq!(joined.get(&thing.0).map(|thing| thing.1), Some(wanted));
                }
                let order = slow_a.iter().chain(slow_b.iter().filter(|b| slow_a.iter().all(|a| a.0 != b.0)));
                assert!(joined.iter().map(|thing| &thing.0).eq(order.map(|thing| &thing.0)));
                assert_eq!(joined.join(&joined.clone(), |a, _| a.clone(), Thing::clone), joined);
            }
        }
    }
}
