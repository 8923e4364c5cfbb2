//! A ZIS bundle as data, with where each value stands in the file it came from.
//!
//! ```
//! use zisc_bundle::Bundle;
//!
//! let text = r#"{
//!   "zis_template_version": "2019-10-14",
//!   "name": "hello",
//!   "resources": {
//!     "greet": {
//!       "type": "ZIS::Flow",
//!       "properties": {
//!         "name": "greet",
//!         "definition": { "StartAt": "Done", "States": { "Done": { "Type": "Succeed" } } }
//!       }
//!     }
//!   }
//! }"#;
//! let (bundle, problems) = Bundle::read(text);
//! assert!(problems.is_empty());
//! assert!(bundle.flow("greet").is_some());
//! ```
//!
//! What is here: the JSON reader that knows places and survives mistakes ([`json`]), the bundle as Rust types
//! ([`Bundle`], [`Flow`], [`State`]), reference paths ([`Path`]), placeholders ([`Template`]), and both directions
//! between text and types. A [`Span`] is a place in whatever text a value was made from.
//!
//! What is not here: anything of the `.zis` language, any judgement about what a bundle does, and any execution.

mod bundle;
mod flow;
pub mod json;
mod nearest;
mod operator;
mod path;
mod placed;
mod raw;
mod read;
mod reads;
mod template;
mod write;

pub use bundle::{
    Bundle, Flow, Header, HttpAction, JobSpec, Reference, Resource, ResourceKind, TEMPLATE_VERSION, Target,
};
pub use flow::{Catcher, Condition, Delay, Machine, Rule, State, StateKind, Transition};
pub use nearest::nearest;
pub use operator::{OPERATORS, Operand, Operator, Relation};
pub use path::{Path, PathError, Step};
pub use placed::{Placed, Span};
pub use read::{Problem, ProblemKind};
pub use template::{Part, Template};
