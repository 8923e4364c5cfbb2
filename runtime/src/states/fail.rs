use super::Passed;
use crate::Value;
use crate::error::{Failure, Stop};
use crate::http::Http;
use crate::run::Run;
use crate::template::Line;

/// Ends the machine as failed. Inside a Map that fails the iteration, and so the Map.
#[derive(Debug)]
pub(crate) struct Fail {
    error: Line,
    cause: Line,
}

impl Fail {
    pub(super) fn load(error: &str, cause: &str) -> Self {
        Self { error: Line::load_log_text(error), cause: Line::load_log_text(cause) }
    }

    pub(super) fn run<H: Http>(&self, data: Value, run: &mut Run<'_, H>) -> Result<Passed, Failure> {
        let (error, cause) = run.fill(&data, |filling| Ok((self.error.fill(filling)?, self.cause.fill(filling)?)))?;
        run.leave(data);
        Err(Stop::Failed { error, cause }.into())
    }
}
