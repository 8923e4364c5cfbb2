//! One file for each thing that an editor asks for: a function from a snapshot and a place to plain data.

pub(crate) mod completion;
pub(crate) mod diagnostics;
