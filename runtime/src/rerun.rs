//! When the platform runs a whole flow again.

use crate::error::StateError;
use std::time::Duration;

/// How often a flow runs in all (documented).
const ATTEMPTS: u32 = 4;

/// After how long the platform runs a flow again that ended with this error in its run number `attempt` (older
/// documentation: for the answer 429 and for errors of the other side). Which other errors count is not known.
pub(crate) fn delay(error: &StateError, attempt: u32) -> Option<Duration> {
    const LONGEST: u64 = 120;
    let answer = error.answer.filter(|answer| answer.status == 429 || answer.status >= 500)?;
    let seconds = match answer.retry_after {
        Some(seconds) if answer.status == 429 => seconds.min(LONGEST),
        _ if attempt == 1 => 30,
        _ => 60,
    };
    (attempt < ATTEMPTS).then_some(Duration::from_secs(seconds))
}
