use super::{Passed, Target};
use crate::Value;
use crate::data::read;
use crate::error::{Failure, StateError};
use crate::http::Http;
use crate::load::Loader;
use crate::run::Run;
use zisc_bundle::{Delay, Path, Transition};

/// Waits, in the flow's own time.
#[derive(Debug)]
pub(crate) struct Wait {
    seconds: Seconds,
    then: Target,
}

#[derive(Debug)]
enum Seconds {
    Fixed(f64),
    At(Path),
}

impl Wait {
    pub(super) fn load(delay: &Delay, then: &Transition, loader: &mut Loader<'_>) -> Self {
        let seconds = match delay {
            Delay::Seconds(json) => Seconds::Fixed(json.as_f64().unwrap_or(0.0)),
            Delay::SecondsPath(path) => Seconds::At(loader.path(path)),
        };
        Self { seconds, then: loader.transition(then) }
    }

    pub(super) async fn run<H: Http>(&self, data: Value, run: &mut Run<'_, H>) -> Result<Passed, Failure> {
        let seconds = match &self.seconds {
            Seconds::Fixed(seconds) => *seconds,
            Seconds::At(path) => {
                let value = read(&data, path)?;
                value.as_f64().ok_or_else(|| {
                    StateError::runtime(format!("SecondsPath {path} is {}, not a number", value.kind()))
                })?
            }
        };
        // Documented: a value of zero or less goes on at once, and the wait is cut when the flow times out.
        if seconds > 0.0 {
            run.pass_time(seconds).await?;
        }
        Ok(Passed::On(data, self.then))
    }
}
