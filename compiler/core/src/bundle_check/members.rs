//! The members of `$`, cheap to copy and to join.
//!
//! A flow of ten thousand states has ten thousand such maps, each a little different from the one before. So this is a
//! tree over the bits of the members' numbers in which unchanged parts are shared, and joining two maps looks only at
//! the parts that are not the same.

use std::sync::Arc;

/// A map from numbers to values. A copy costs nothing.
#[derive(Clone, Debug)]
pub(super) struct Members<V>(Option<Arc<Node<V>>>);

#[derive(Debug)]
enum Node<V> {
    Leaf(u32, V),
    /// All keys below begin with the bits of `prefix` above `bit`; in `zero` that bit is 0, in `one` it is 1.
    Branch {
        prefix: u32,
        bit: u32,
        zero: Arc<Node<V>>,
        one: Arc<Node<V>>,
    },
}

impl<V> Default for Members<V> {
    fn default() -> Self {
        Self(None)
    }
}

impl<V: Clone + PartialEq> Members<V> {
    pub(super) fn get(&self, key: u32) -> Option<&V> {
        find(self.0.as_ref()?, key)
    }

    /// The map with `key` set to `value`.
    #[must_use]
    pub(super) fn with(&self, key: u32, value: V) -> Self {
        Self(Some(match &self.0 {
            Some(root) => set(root, key, value),
            None => Arc::new(Node::Leaf(key, value)),
        }))
    }

    /// What both maps have, each value joined with the other. Where that is all of this map, it is this very map.
    #[must_use]
    pub(super) fn in_both(&self, other: &Self, join: &mut impl FnMut(&V, &V) -> V) -> Self {
        match (&self.0, &other.0) {
            (Some(a), Some(b)) => Self(in_both(a, b, join)),
            _ => Self(None),
        }
    }

    /// Whether they are the same map, not only equal ones.
    pub(super) fn is(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        }
    }

    /// The first members by number, at most so many.
    pub(super) fn first(&self, most: usize) -> Vec<(u32, &V)> {
        let mut all = Vec::new();
        let mut waiting: Vec<&Node<V>> = self.0.as_deref().into_iter().collect();
        while let Some(node) = waiting.pop() {
            match node {
                Node::Leaf(key, value) => all.push((*key, value)),
                Node::Branch { zero, one, .. } => waiting.extend([&**one, &**zero]),
            }
            if all.len() == most {
                break;
            }
        }
        all
    }
}

/// The bits above `bit`.
fn above(key: u32, bit: u32) -> u32 {
    key & !(bit | (bit - 1))
}

fn find<V>(mut node: &Arc<Node<V>>, key: u32) -> Option<&V> {
    loop {
        match &**node {
            Node::Leaf(known, value) => return (*known == key).then_some(value),
            Node::Branch { prefix, bit, zero, one } => {
                if above(key, *bit) != *prefix {
                    return None;
                }
                node = if key & bit == 0 { zero } else { one };
            }
        }
    }
}

fn set<V: Clone>(node: &Arc<Node<V>>, key: u32, value: V) -> Arc<Node<V>> {
    match &**node {
        Node::Leaf(known, _) if *known == key => Arc::new(Node::Leaf(key, value)),
        Node::Leaf(known, _) => fork(key, Arc::new(Node::Leaf(key, value)), *known, node.clone()),
        Node::Branch { prefix, bit, .. } if above(key, *bit) != *prefix => {
            fork(key, Arc::new(Node::Leaf(key, value)), *prefix, node.clone())
        }
        Node::Branch { prefix, bit, zero, one } => {
            let (zero, one) = match key & bit {
                0 => (set(zero, key, value), one.clone()),
                _ => (zero.clone(), set(one, key, value)),
            };
            Arc::new(Node::Branch { prefix: *prefix, bit: *bit, zero, one })
        }
    }
}

/// A branch of two trees whose keys differ.
fn fork<V>(a_key: u32, a: Arc<Node<V>>, b_key: u32, b: Arc<Node<V>>) -> Arc<Node<V>> {
    let bit = 1 << (31 - (a_key ^ b_key).leading_zeros());
    let (zero, one) = if a_key & bit == 0 { (a, b) } else { (b, a) };
    Arc::new(Node::Branch { prefix: above(a_key, bit), bit, zero, one })
}

fn in_both<V: Clone + PartialEq>(
    a: &Arc<Node<V>>,
    b: &Arc<Node<V>>,
    join: &mut impl FnMut(&V, &V) -> V,
) -> Option<Arc<Node<V>>> {
    if Arc::ptr_eq(a, b) {
        return Some(a.clone());
    }
    match (&**a, &**b) {
        (Node::Leaf(key, value), _) => {
            let joined = join(value, find(b, *key)?);
            Some(if joined == *value { a.clone() } else { Arc::new(Node::Leaf(*key, joined)) })
        }
        (_, Node::Leaf(key, other)) => Some(Arc::new(Node::Leaf(*key, join(find(a, *key)?, other)))),
        (
            Node::Branch { prefix, bit, zero, one },
            Node::Branch { prefix: other_prefix, bit: other_bit, zero: other_zero, one: other_one },
        ) => {
            if bit > other_bit {
                return if above(*other_prefix, *bit) == *prefix {
                    in_both(if other_prefix & bit == 0 { zero } else { one }, b, join)
                } else {
                    None
                };
            }
            if bit < other_bit {
                return if above(*prefix, *other_bit) == *other_prefix {
                    in_both(a, if prefix & other_bit == 0 { other_zero } else { other_one }, join)
                } else {
                    None
                };
            }
            if prefix != other_prefix {
                return None;
            }
            match (in_both(zero, other_zero, join), in_both(one, other_one, join)) {
                (Some(new_zero), Some(new_one)) if Arc::ptr_eq(zero, &new_zero) && Arc::ptr_eq(one, &new_one) => {
                    Some(a.clone())
                }
                (Some(zero), Some(one)) => Some(Arc::new(Node::Branch { prefix: *prefix, bit: *bit, zero, one })),
                (zero, one) => zero.or(one),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn it_is_a_map_whatever_the_keys() {
        let mut random: u32 = 0x9e37_79b9;
        let mut next = |below: u32| {
            random ^= random << 13;
            random ^= random >> 17;
            random ^= random << 5;
            random % below
        };
        for size in [1, 3, 40, 400] {
            for _ in 0..50 {
                let mut both = [(Members::default(), BTreeMap::new()), (Members::default(), BTreeMap::new())];
                for (members, known) in &mut both {
                    for _ in 0..size {
                        let (key, value) = (next(size * 2), next(3));
                        *members = members.with(key, value);
                        known.insert(key, value);
                    }
                    let listed: BTreeMap<u32, u32> = members.first(usize::MAX).iter().map(|(k, v)| (*k, **v)).collect();
                    assert_eq!(listed, *known);
                    assert!((0..size * 2).all(|key| members.get(key) == known.get(&key)));
                }
                let joined = both[0].0.in_both(&both[1].0, &mut |a, b| *a.max(b));
                for key in 0..size * 2 {
                    let wanted = both[0].1.get(&key).and_then(|a| Some(*a.max(both[1].1.get(&key)?)));
                    assert_eq!(joined.get(key).copied(), wanted);
                }
                let again = joined.in_both(&both[1].0, &mut |a, b| *a.max(b));
                assert!(again.is(&joined), "a join that changes nothing gives the same map");
            }
        }
    }
}
