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
use zisc_bundle::Bundle;
use zisc_bundle::json::{self, Comments, Loss};

/// The bundle in a file, as far as it can be read.
#[salsa::tracked]
pub fn bundle_in(db: &dyn Db, file: SourceFile) -> Bundle {
    Bundle::from_json(&json::read_with(file.text(db), Comments::Skipped).0).0
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
