use super::Passed;
use crate::Value;
use crate::error::Failure;
use crate::http::Http;
use crate::run::Run;
use crate::template::Line;

/// The text that the log shows for an end without one (documented).
pub(crate) const SUCCESSFUL: &str = "Execution Successful";

/// Ends the machine as done.
#[derive(Debug)]
pub(crate) struct Succeed {
    message: Option<Line>,
}

impl Succeed {
    pub(super) fn load(message: Option<&str>) -> Self {
        Self { message: message.map(Line::load_log_text) }
    }

    pub(super) fn run<H: Http>(&self, data: Value, run: &mut Run<'_, H>) -> Result<Passed, Failure> {
        let message = match &self.message {
            Some(message) => run.fill(&data, |filling| message.fill(filling))?,
            None => SUCCESSFUL.to_owned(),
        };
        Ok(Passed::Succeeded(data, message))
    }
}
