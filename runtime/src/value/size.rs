use super::{DEPTH_LIMIT, Value};

/// How large a value is when it is written out.
///
/// Shared parts count each time they stand: `[., .]` forty times over takes forty arrays of memory, and a thousand
/// billion to print. Every container knows its own size, so that nobody has to walk into such a value to find out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    /// Bytes in memory if nothing were shared.
    pub(crate) weight: u64,
    /// How deep containers lie in one another; 0 for what is no container.
    pub(crate) depth: u32,
    /// Whether a number in it may be one that JSON does not have. Once true it stays true.
    pub(crate) odd: bool,
}

impl Size {
    /// Of null, a boolean, a number.
    pub(crate) const SCALAR: Self = Self { weight: size_of::<Value>() as u64, depth: 0, odd: false };
    /// Of NaN and the infinities.
    pub(crate) const NO_JSON_NUMBER: Self = Self { odd: true, ..Self::SCALAR };
    /// Of an empty container.
    pub(crate) const EMPTY: Self = Self { weight: size_of::<Value>() as u64, depth: 1, odd: false };

    pub(crate) fn of_text(text: &str) -> Self {
        Self { weight: Self::SCALAR.weight + text.len() as u64, ..Self::SCALAR }
    }

    /// Of this container with `part` in it.
    pub(crate) fn with(self, part: Size) -> Self {
        let depth = self.depth.max(part.depth + 1);
        if depth as usize > DEPTH_LIMIT {
            crate::limit::depth();
        }
        Self { weight: self.weight.saturating_add(part.weight), depth, odd: self.odd || part.odd }
    }

    /// Of this container without `part`, where that can be told; else it must be measured again.
    pub(crate) fn without(self, part: Size) -> Option<Self> {
        (part.depth + 1 < self.depth && self.weight < u64::MAX / 2)
            .then(|| Self { weight: self.weight - part.weight, ..self })
    }
}
