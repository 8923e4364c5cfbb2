use std::ops::Deref;

/// A range of bytes in the text that something was made from.
pub type Span = text_size::TextRange;

/// A value and the place it was read from or made from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Placed<T> {
    /// The value itself.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl<T> Placed<T> {
    /// `value`, standing at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

impl<T> Deref for Placed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}
