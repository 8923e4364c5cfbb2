use super::{Size, Text, Value};
use indexmap::IndexMap;
use std::sync::Arc;

type Entries = IndexMap<Text, Value, foldhash::fast::RandomState>;

/// The members of an object in their order, shared until changed.
#[derive(Clone, Debug)]
pub struct Object(Arc<Members>);

#[derive(Clone, Debug)]
struct Members {
    entries: Entries,
    size: Size,
}

/// A member's share in the size of its object.
fn member_size(key: &str, value: &Value) -> Size {
    let value = value.size();
    Size { weight: value.weight.saturating_add(Size::of_text(key).weight), ..value }
}

/// What a member takes in memory beside what its key and value share with others.
const MEMBER: usize = size_of::<(usize, Text, Value)>();

/// What an object takes beside its members: itself, and the table that finds them.
const OBJECT: usize = size_of::<Members>() + 80;

impl Members {
    fn measure(&self) -> Size {
        self.entries.iter().fold(Size::EMPTY, |size, (key, value)| size.with(member_size(key, value)))
    }
}

impl Default for Object {
    fn default() -> Self {
        crate::limit::bytes(OBJECT);
        Self(Arc::new(Members { entries: Entries::default(), size: Size::EMPTY }))
    }
}

impl FromIterator<(Text, Value)> for Object {
    /// Where a key stands twice, the last value counts, at the place of the first.
    fn from_iter<I: IntoIterator<Item = (Text, Value)>>(iter: I) -> Self {
        let mut object = Self::default();
        for (key, value) in iter {
            object.insert(key, value);
        }
        object
    }
}

impl<'a> IntoIterator for &'a Object {
    type Item = (&'a Text, &'a Value);
    type IntoIter = indexmap::map::Iter<'a, Text, Value>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.entries.iter()
    }
}

impl Object {
    pub(crate) fn size(&self) -> Size {
        self.0.size
    }

    /// Whether both are one object in memory.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.0.entries.len()
    }

    /// Whether there is no member.
    pub fn is_empty(&self) -> bool {
        self.0.entries.is_empty()
    }

    /// The value of a member.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.0.entries.get(key)
    }

    /// The members in their order.
    pub fn iter(&self) -> indexmap::map::Iter<'_, Text, Value> {
        self.0.entries.iter()
    }

    /// The keys in their order.
    pub fn keys(&self) -> impl Iterator<Item = &Text> {
        self.0.entries.keys()
    }

    /// The values in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.0.entries.values()
    }

    /// Sets a member. One that exists keeps its place.
    pub fn insert(&mut self, key: impl Into<Text>, value: Value) {
        let key = key.into();
        let new = member_size(&key, &value);
        let members = self.own();
        if let Some(place) = members.entries.get_mut(&key) {
            let old = std::mem::replace(place, value);
            let taken = member_size(&key, &old);
            members.resize(taken, new);
        } else {
            crate::limit::bytes(MEMBER);
            members.size = members.size.with(new);
            members.entries.insert(key, value);
        }
    }

    /// Removes a member; the others keep their order.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        if !self.0.entries.contains_key(key) {
            return None;
        }
        let members = self.own();
        let value = members.entries.shift_remove(key)?;
        members.size = match members.size.without(member_size(key, &value)) {
            Some(size) => size,
            None => members.measure(),
        };
        Some(value)
    }

    /// Takes a member's value out and leaves null there, so that nobody else holds it while it is changed.
    pub(crate) fn take(&mut self, key: &str) -> Option<Value> {
        self.own().entries.get_mut(key).map(std::mem::take)
    }

    /// Puts a value where one of the size `taken` was taken from.
    pub(crate) fn put_back(&mut self, key: &str, taken: Size, value: Value) {
        let members = self.own();
        let text = Size::of_text(key).weight;
        let weighed = |size: Size| Size { weight: size.weight.saturating_add(text), ..size };
        let new = weighed(value.size());
        if let Some(place) = members.entries.get_mut(key) {
            *place = value;
            members.resize(weighed(taken), new);
        }
    }

    /// The object with other values in it where `rewrite` gives some; `None` where all stay.
    pub(crate) fn rewritten(&self, rewrite: impl Fn(&Value) -> Option<Value>) -> Option<Self> {
        let mut changed: Option<Self> = None;
        for (key, value) in self {
            if let Some(new) = rewrite(value) {
                changed.get_or_insert_with(|| self.clone()).insert(key.clone(), new);
            }
        }
        changed
    }

    /// Gives back what was taken for members that did not come.
    pub(crate) fn shrink_to_fit(&mut self) {
        self.own().entries.shrink_to_fit();
    }

    fn own(&mut self) -> &mut Members {
        if Arc::strong_count(&self.0) > 1 {
            crate::limit::bytes(MEMBER * self.0.entries.len());
        }
        Arc::make_mut(&mut self.0)
    }
}

impl Members {
    /// The new size after a member's share changed from `taken` to `new`.
    fn resize(&mut self, taken: Size, new: Size) {
        self.size = match self.size.without(taken) {
            Some(size) => size.with(new),
            None if new.depth >= taken.depth => {
                Size { weight: self.size.weight.saturating_sub(taken.weight), ..self.size }.with(new)
            }
            None => self.measure(),
        };
    }
}
