use super::{After, Ending, Passed};
use crate::Value;
use crate::actions::{self, Custom, Target};
use crate::error::Failure;
use crate::http::Http;
use crate::load::Loader;
use crate::run::Run;
use crate::template::{Payload, Placeholders};
use std::sync::Arc;
use zisc_bundle::json::Json;
use zisc_bundle::{Placed, Reference};

/// Runs a built-in or custom action.
#[derive(Debug)]
pub(crate) struct Action {
    pub(super) name: Arc<str>,
    target: Target,
    parameters: Option<Payload>,
    /// Which parameters stand there as they are, by a key without `.$`.
    literal: actions::Literal,
    ending: Ending,
}

impl Action {
    pub(super) fn load(
        name: &Placed<String>,
        parameters: Option<&Json>,
        after: After<'_>,
        loader: &mut Loader<'_>,
    ) -> Self {
        Self {
            name: name.as_str().into(),
            target: loader.action(name),
            parameters: parameters.map(|parameters| loader.payload(parameters, Placeholders::InParameters)),
            literal: actions::Literal::of(parameters),
            ending: Ending::load(after, loader),
        }
    }

    pub(super) fn custom(&self) -> Option<&Custom> {
        match &self.target {
            Target::Custom(custom) => Some(custom),
            Target::BuiltIn(_) => None,
        }
    }

    pub(super) async fn run<H: Http>(&self, data: Value, run: &mut Run<'_, H>) -> Result<Passed, Failure> {
        let result = self.call(&data, run).await;
        if let Ok(None) = result {
            // An action without an answer leaves the data as it is (a guess, after the documentation's own example).
            return Ok(Passed::On(data, self.ending.then));
        }
        let result = result.map(Option::unwrap_or_default);
        self.ending.finish(data, result, run)
    }

    async fn call<H: Http>(&self, data: &Value, run: &mut Run<'_, H>) -> Result<Option<Value>, Failure> {
        let parameters = match &self.parameters {
            Some(parameters) => run.fill(data, |filling| parameters.fill(filling))?,
            None => Value::Object(Default::default()),
        };
        run.step().parameters = Some(parameters.clone());
        match &self.target {
            Target::BuiltIn(action) => Ok((action.run)(&parameters, &mut run.call(self.literal))?),
            Target::Custom(custom) => {
                let named = Reference::parse(&self.name).map(|reference| reference.integration);
                if named.is_some_and(|named| run.runtime.integration.as_deref().is_some_and(|own| own != named)) {
                    run.note("ActionName names another integration than the job specs do: the action of this bundle was run, which the platform may not find");
                }
                custom.run(&parameters, run).await.map(Some)
            }
        }
    }
}
