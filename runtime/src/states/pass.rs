use super::{Passed, Target};
use crate::Value;
use crate::data::ResultPath;
use crate::error::Failure;
use crate::http::Http;
use crate::load::Loader;
use crate::run::Run;
use crate::template::{Payload, Placeholders};
use zisc_bundle::Transition;
use zisc_bundle::json::Json;

/// Hands its data on, or puts `Result` somewhere.
#[derive(Debug)]
pub(crate) struct Pass {
    /// A template (documented by the example on the page about encoding URLs).
    result: Option<Payload>,
    result_path: ResultPath,
    then: Target,
}

impl Pass {
    pub(super) fn load(
        result: Option<&Json>,
        result_path: Option<&Json>,
        then: &Transition,
        loader: &mut Loader<'_>,
    ) -> Self {
        Self {
            result: result.map(|result| loader.payload(result, Placeholders::WithSuffix)),
            result_path: loader.result_path(result_path),
            then: loader.transition(then),
        }
    }

    pub(super) fn run<H: Http>(&self, data: Value, run: &mut Run<'_, H>) -> Result<Passed, Failure> {
        // Without `Result` the state gives its input, which goes where `ResultPath` says, as in the Amazon States
        // Language. Without both, the data stays as it is.
        let output = match (&self.result, &self.result_path) {
            (Some(result), _) => run.fill(&data, |filling| result.fill(filling))?,
            (None, ResultPath::Default) => return Ok(Passed::On(data, self.then)),
            (None, _) => data.clone(),
        };
        if self.result_path == ResultPath::Discard {
            run.note(super::DISCARDED);
        }
        run.step().output = Some(output.clone());
        Ok(Passed::On(self.result_path.write(data, output)?, self.then))
    }
}
