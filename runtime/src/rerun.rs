//! When the platform runs a whole flow again.

use crate::error::StateError;
use crate::platform::{Platform, ServerErrors};
use std::time::Duration;

/// How often a flow runs in all (documented).
const ATTEMPTS: u32 = 4;

/// After how long the platform runs a flow again that ended with this error in its run number `attempt` (older
/// documentation: for the answer 429 and for errors of the other side). Which other errors count is not known.
pub(crate) fn delay(error: &StateError, attempt: u32, platform: &Platform) -> Option<Duration> {
    const LONGEST: u64 = 120;
    let server_errors = platform.server_errors == ServerErrors::Rerun;
    let answer = error.answer.filter(|answer| answer.status == 429 || (answer.status >= 500 && server_errors))?;
    let seconds = match answer.retry_after {
        Some(seconds) if answer.status == 429 => seconds.min(LONGEST),
        _ if attempt == 1 => 30,
        _ => 60,
    };
    (attempt < ATTEMPTS).then_some(Duration::from_secs(seconds))
}
