use super::{Size, Value};
use std::ops::Deref;
use std::sync::Arc;

/// The items of an array, shared until changed.
#[derive(Clone, Debug)]
pub struct Array(Arc<Items>);

#[derive(Clone, Debug)]
struct Items {
    values: Vec<Value>,
    size: Size,
}

impl Items {
    fn measure(values: &[Value]) -> Size {
        values.iter().fold(Size::EMPTY, |size, value| size.with(value.size()))
    }
}

impl Default for Array {
    fn default() -> Self {
        Self(Arc::new(Items { values: Vec::new(), size: Size::EMPTY }))
    }
}

impl Deref for Array {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.0.values
    }
}

impl From<Vec<Value>> for Array {
    fn from(values: Vec<Value>) -> Self {
        crate::limit::bytes(size_of::<Items>() + size_of::<Value>() * (values.len() + 1));
        let size = Items::measure(&values);
        Self(Arc::new(Items { values, size }))
    }
}

impl FromIterator<Value> for Array {
    fn from_iter<I: IntoIterator<Item = Value>>(iter: I) -> Self {
        let mut values = Vec::new();
        let mut size = Size::EMPTY;
        for value in iter {
            crate::limit::bytes(size_of::<Value>());
            size = size.with(value.size());
            values.push(value);
        }
        Self(Arc::new(Items { values, size }))
    }
}

impl Array {
    pub(crate) fn size(&self) -> Size {
        self.0.size
    }

    /// Whether both are one array in memory.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The items for themselves; copied only where somebody else holds the array too.
    pub fn into_vec(self) -> Vec<Value> {
        Arc::try_unwrap(self.0).map_or_else(
            |items| {
                crate::limit::bytes(size_of::<Value>() * items.values.len());
                items.values.clone()
            },
            |items| items.values,
        )
    }

    /// Adds an item at the end.
    pub fn push(&mut self, value: Value) {
        crate::limit::bytes(size_of::<Value>());
        let items = self.own();
        items.size = items.size.with(value.size());
        items.values.push(value);
    }

    /// Adds items at the end.
    pub fn extend(&mut self, values: &[Value]) {
        crate::limit::bytes(size_of_val(values));
        let items = self.own();
        items.size = values.iter().fold(items.size, |size, value| size.with(value.size()));
        items.values.extend_from_slice(values);
    }

    /// Takes the item out and leaves null there, so that nobody else holds it while it is changed.
    pub(crate) fn take(&mut self, index: usize) -> Value {
        self.own().values.get_mut(index).map(std::mem::take).unwrap_or_default()
    }

    /// Puts an item where `taken`, of this size, was taken from.
    pub(crate) fn put_back(&mut self, index: usize, taken: Size, value: Value) {
        let items = self.own();
        let new = value.size();
        if let Some(place) = items.values.get_mut(index) {
            *place = value;
        }
        items.size = match items.size.without(taken) {
            Some(size) => size.with(new),
            None if new.depth >= taken.depth => {
                let weight = items.size.weight.saturating_sub(taken.weight);
                Size { weight, ..items.size }.with(new)
            }
            None => Items::measure(&items.values),
        };
    }

    /// Sets the item at `index`, with nulls before it where the array is shorter.
    pub(crate) fn set(&mut self, index: usize, value: Value) {
        while self.len() <= index {
            self.push(Value::Null);
        }
        let old = self[index].size();
        self.put_back(index, old, value);
    }

    /// Removes the item at `index`.
    pub(crate) fn remove(&mut self, index: usize) {
        let items = self.own();
        if index < items.values.len() {
            items.values.remove(index);
            items.size = Items::measure(&items.values);
        }
    }

    /// The array with other items in it where `rewrite` gives some; `None` where all stay.
    pub(crate) fn rewritten(&self, rewrite: impl Fn(&Value) -> Option<Value>) -> Option<Self> {
        let mut changed: Option<Vec<Value>> = None;
        for (position, item) in self.iter().enumerate() {
            if let Some(new) = rewrite(item) {
                changed.get_or_insert_with(|| self.to_vec())[position] = new;
            }
        }
        changed.map(Self::from)
    }

    fn own(&mut self) -> &mut Items {
        if Arc::strong_count(&self.0) > 1 {
            crate::limit::bytes(size_of::<Value>() * self.0.values.len());
        }
        Arc::make_mut(&mut self.0)
    }
}
