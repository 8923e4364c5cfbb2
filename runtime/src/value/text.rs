use std::borrow::Borrow;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// A string or a key, shared until changed. Text that nobody else holds grows in place, so that building a long one
/// piece by piece takes the time of its length.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(Arc<String>);

impl Text {
    /// Adds `more` at the end.
    pub(crate) fn push_str(&mut self, more: &str) {
        if Arc::strong_count(&self.0) > 1 {
            crate::limit::bytes(self.0.len());
        }
        crate::limit::bytes(more.len());
        Arc::make_mut(&mut self.0).push_str(more);
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        crate::limit::bytes(text.len() + size_of::<String>());
        Self(Arc::new(text))
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for Text {
    fn borrow(&self) -> &str {
        self
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}
