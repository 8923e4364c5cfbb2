//! One file for each thing that an editor asks for: from a snapshot and a place to the answer. What it takes to answer,
//! `zisc-core` knows.

pub(crate) mod beside;
mod bundle;
pub(crate) mod call_hierarchy;
pub(crate) mod code_actions;
pub(crate) mod completion;
pub(crate) mod decompile;
pub(crate) mod definition;
mod description;
pub(crate) mod diagnostics;
pub(crate) mod file_renames;
pub(crate) mod folding;
pub(crate) mod formatting;
pub(crate) mod graph;
pub(crate) mod hover;
mod imports;
pub(crate) mod inlay_hints;
pub(crate) mod lenses;
pub(crate) mod links;
pub(crate) mod references;
pub(crate) mod rename;
pub(crate) mod selection;
pub(crate) mod semantic_tokens;
pub(crate) mod signature;
pub(crate) mod symbols;
mod words;
