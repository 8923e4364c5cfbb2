use super::{Passed, Target};
use crate::Value;
use crate::choice::Test;
use crate::error::{ErrorName, Failure, StateError};
use crate::http::Http;
use crate::load::Loader;
use crate::platform::Platform;
use crate::run::Run;
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
        if let Some(message) = disputed(&decision) {
            run.note(message);
        }
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

/// What the decision rests on and is not known for sure.
fn disputed(decision: &Decision) -> Option<&'static str> {
    let seen = |wanted: fn(&Option<crate::Value>) -> bool, part: fn(&Test) -> bool| {
        decision.tried.iter().any(|tried| part(&tried.test) && tried.seen.iter().any(|(_, value)| wanted(value)))
    };
    if seen(Option::is_none, Test::compares_values) {
        return Some(
            "a Variable leads nowhere, and whether that is an error on the platform is not known (missing_variable)",
        );
    }
    if seen(|value| value.as_ref().is_some_and(crate::Value::is_null), Test::asks_presence) {
        return Some("IsPresent met a null, and whether that is present on the platform is not known (null)");
    }
    None
}
