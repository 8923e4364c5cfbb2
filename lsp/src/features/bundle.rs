//! The same for bundle JSON. What source has as well is asked from the feature's own file.

pub(super) mod completion;
pub(super) mod hover;
pub(super) mod lenses;
pub(super) mod names;
