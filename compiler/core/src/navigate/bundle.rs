//! The same questions about bundle JSON: what stands at a place, where it is defined and used, what can be written.
//!
//! [`members`] is the table of what each object can hold. [`place`] finds out in which object a place is, [`names`] what
//! refers to what, [`outline`] what is in a bundle, [`value`] which data there is at a place, [`expected`] what can be
//! written there.

mod expected;
mod members;
mod names;
mod outline;
mod place;
mod value;

pub use expected::{Expected, ExpectedKind, expected};
pub use members::{Holds, MEMBERS, Member, Owner, RESOURCE_TYPES, STATE_TYPES, member, members_of};
pub use names::{BundleName, BundleSymbol, is_taken, name_at, names_in, places_of, reference_at};
pub(super) use outline::bundle_outline;
pub use place::{Around, BundlePlace, Quotes, Side, Written};
pub use value::{PathRead, data_at, jq_at, jq_field_at, jq_function_at, path_at, state_at, writers_at};

use crate::{Db, SourceFile};
use zisc_bundle::json::{self, Comments, Loss, Value};
use zisc_bundle::{Bundle, Span};

/// The bundle in a file, as far as it can be read.
#[salsa::tracked]
pub fn bundle_in(db: &dyn Db, file: SourceFile) -> Bundle {
    Bundle::from_json(&json::read_with(file.text(db), Comments::Skipped).0).0
}

/// The values of a file's JSON and their members, each in front of what is in it.
pub fn parts_in(db: &dyn Db, file: SourceFile) -> Vec<Part> {
    let (json, _) = json::read_with(file.text(db), Comments::Skipped);
    let mut parts = Vec::new();
    let mut waiting = vec![&json];
    while let Some(json) = waiting.pop() {
        let is_nested = matches!(json.value, Value::Object(_) | Value::Array(_));
        parts.push(Part { span: json.span, is_nested });
        for member in json.as_object().unwrap_or_default() {
            parts.push(Part { span: member.key.span.cover(member.value.span), is_nested: false });
            parts.push(Part { span: member.key.span, is_nested: false });
        }
        waiting.extend(json.as_object().unwrap_or_default().iter().map(|member| &member.value));
        waiting.extend(json.as_array().unwrap_or_default());
    }
    parts
}

/// A part of a JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// From its first to its last byte.
    pub span: Span,
    /// It is an object or a list.
    pub is_nested: bool,
}

/// The mistake in a file's JSON behind which nobody knows what belongs to what, if there is one.
pub fn broken_in(db: &dyn Db, file: SourceFile) -> Option<json::Error> {
    let (_, errors) = json::read_with(file.text(db), Comments::Skipped);
    errors.into_iter().find(|error| error.loss == Loss::Structure)
}

/// The key of the integration that a bundle belongs to; what most of its references say.
pub fn integration_of(bundle: &Bundle) -> Option<&str> {
    crate::bundle_check::usual_integration(bundle)
}
