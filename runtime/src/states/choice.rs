use super::{Passed, Target};
use crate::Value;
use crate::choice::{Look, Test};
use crate::error::{ErrorName, Failure, StateError};
use crate::http::Http;
use crate::load::Loader;
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
        let decided = self.decide(&data, &mut decision, run);
        run.step().decision = Some(decision);
        Ok(Passed::On(data, decided?))
    }

    fn decide<H: Http>(
        &self,
        data: &Value,
        decision: &mut Decision,
        run: &mut Run<'_, H>,
    ) -> Result<Target, StateError> {
        for (position, (test, target)) in self.rules.iter().enumerate() {
            let mut look = Look::new(run.platform());
            let holds = test.holds(data, &mut look);
            if look.met_nothing {
                run.note("a Variable leads nowhere, and whether that is an error on the platform is not known (missing_variable)");
            }
            if look.met_null {
                run.note("IsPresent met a null, and whether that is present on the platform is not known (null)");
            }
            decision.tried.push(Tried { test: test.clone(), seen: look.seen });
            if holds? {
                decision.matched = Some(position);
                return Ok(*target);
            }
        }
        self.default.ok_or_else(|| {
            run.note("what the platform does where no rule of a Choice holds, and it has no Default, is not documented: here the flow fails, as in the Amazon States Language");
            StateError {
                name: ErrorName::NoChoiceMatched,
                ..StateError::runtime("no rule of the Choice held, and it has no Default")
            }
        })
    }
}
