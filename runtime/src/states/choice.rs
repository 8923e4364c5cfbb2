use super::{Passed, Target};
use crate::Value;
use crate::choice::Test;
use crate::error::{ErrorName, Failure, StateError};
use crate::http::Http;
use crate::load::Loader;
use crate::machine::Run;
use crate::platform::Platform;
use crate::trace::{Decision, Tried};
use std::sync::Arc;
use zisc_bundle::{Placed, Rule};

/// Goes where the first rule that holds leads. The data stays as it is.
#[derive(Debug)]
pub(crate) struct Choice {
    rules: Vec<(Arc<Test>, Target)>,
    default: Option<Target>,
}

impl Choice {
    pub(super) fn load(rules: &[Rule], default: Option<&Placed<String>>, loader: &mut Loader<'_>) -> Self {
        let rules = rules.iter().map(|rule| (loader.test(&rule.condition), loader.target(&rule.next))).collect();
        Self { rules, default: default.map(|default| loader.target(default)) }
    }

    pub(super) fn run<H: Http>(&self, data: Value, run: &mut Run<'_, H>) -> Result<Passed, Failure> {
        let mut decision = Decision::default();
        let decided = self.decide(&data, &run.runtime.platform, &mut decision);
        run.step().decision = Some(decision);
        Ok(Passed::On(data, decided?))
    }

    fn decide(&self, data: &Value, platform: &Platform, decision: &mut Decision) -> Result<Target, StateError> {
        for (position, (test, target)) in self.rules.iter().enumerate() {
            let mut seen = Vec::new();
            let holds = test.holds(data, platform, &mut seen);
            decision.tried.push(Tried { test: test.clone(), seen });
            if holds? {
                decision.matched = Some(position);
                return Ok(*target);
            }
        }
        self.default.ok_or_else(|| StateError {
            name: ErrorName::NoChoiceMatched,
            // The platform does not document what happens here; the text is ours.
            ..StateError::runtime("no rule of the Choice held, and it has no Default")
        })
    }
}
