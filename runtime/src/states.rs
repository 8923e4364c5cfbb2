//! The states of a loaded flow: one file for each type.
//!
//! A new type of state is a file here, a variant of [`Kind`], and a line in each `match` below.

mod action;
mod choice;
mod fail;
mod map;
mod pass;
mod succeed;
mod wait;

use crate::Value;
use crate::data::{ResultPath, within_limits};
use crate::error::{Failure, StateError};
use crate::http::Http;
use crate::load::Loader;
use crate::machine::Machine;
use crate::platform::DefaultResultPath;
use crate::run::Run;
use crate::value::Text;
use std::sync::Arc;
use zisc_bundle::{Catcher, State as Read, StateKind, Transition};

pub(crate) use succeed::SUCCESSFUL;

/// A state, ready to run.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) name: Text,
    pub(crate) kind: Kind,
    pub(crate) span: zisc_bundle::Span,
}

/// What a state does.
#[derive(Debug)]
pub(crate) enum Kind {
    Action(Box<action::Action>),
    Choice(choice::Choice),
    Fail(fail::Fail),
    Map(Box<map::Map>),
    Pass(pass::Pass),
    Succeed(succeed::Succeed),
    Wait(wait::Wait),
}

/// Where to go on: the position of a state in its machine, or the end of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    State(usize),
    End,
}

/// What a state leaves behind when it ends well.
#[derive(Debug)]
pub(crate) enum Passed {
    /// The machine goes on, or ends, with this data.
    On(Value, Target),
    /// The machine ends here with a text for the log.
    Succeeded(Value, String),
}

impl State {
    /// Reads a state; what it refers to must be there.
    pub(crate) fn load<'a>(state: &'a Read, loader: &mut Loader<'a>) -> Self {
        loader.refuse_foreign(state);
        let kind = match &state.kind {
            StateKind::Action { action, parameters, result_path, catch, then } => {
                let steps = (result_path.as_ref(), catch.as_slice(), then);
                Kind::Action(Box::new(action::Action::load(action, parameters.as_ref(), steps, loader)))
            }
            StateKind::Choice { rules, default } => Kind::Choice(choice::Choice::load(rules, default.as_ref(), loader)),
            StateKind::Map { items_path, iterator, result_path, catch, then } => {
                let steps = (result_path.as_ref(), catch.as_slice(), then);
                Kind::Map(Box::new(map::Map::load(items_path, iterator, steps, loader)))
            }
            StateKind::Pass { result, result_path, then } => {
                Kind::Pass(pass::Pass::load(result.as_ref(), result_path.as_ref(), then, loader))
            }
            StateKind::Succeed { message } => {
                Kind::Succeed(succeed::Succeed::load(message.as_deref().map(String::as_str)))
            }
            StateKind::Fail { error, cause } => Kind::Fail(fail::Fail::load(error, cause)),
            StateKind::Wait { delay, then } => Kind::Wait(wait::Wait::load(delay, then, loader)),
            // Reported when the bundle was read; a flow with a problem is not run.
            StateKind::Unknown(_) => Kind::Succeed(succeed::Succeed::load(None)),
        };
        Self { name: state.name.as_str().into(), kind, span: state.span }
    }

    /// Runs the state on `data`.
    pub(crate) async fn run<H: Http>(&self, data: Value, run: &mut Run<'_, H>) -> Result<Passed, Failure> {
        match &self.kind {
            Kind::Action(action) => action.run(data, run).await,
            Kind::Choice(choice) => choice.run(data, run),
            Kind::Fail(fail) => fail.run(data, run),
            Kind::Map(map) => map.run(&self.name, data, run).await,
            Kind::Pass(pass) => pass.run(data, run),
            Kind::Succeed(succeed) => succeed.run(data, run),
            Kind::Wait(wait) => wait.run(data, run).await,
        }
    }

    /// The `Type` of the state.
    pub(crate) fn type_name(&self) -> &'static str {
        match &self.kind {
            Kind::Action(_) => "Action",
            Kind::Choice(_) => "Choice",
            Kind::Fail(_) => "Fail",
            Kind::Map(_) => "Map",
            Kind::Pass(_) => "Pass",
            Kind::Succeed(_) => "Succeed",
            Kind::Wait(_) => "Wait",
        }
    }

    /// The reference of the action that is called, for an Action.
    pub(crate) fn action_name(&self) -> Option<&Arc<str>> {
        match &self.kind {
            Kind::Action(action) => Some(&action.name),
            Kind::Choice(_) | Kind::Fail(_) | Kind::Map(_) | Kind::Pass(_) | Kind::Succeed(_) | Kind::Wait(_) => None,
        }
    }

    /// The machine inside, for a Map.
    pub(crate) fn iterator(&self) -> Option<&Machine> {
        match &self.kind {
            Kind::Map(map) => Some(&map.iterator),
            Kind::Action(_) | Kind::Choice(_) | Kind::Fail(_) | Kind::Pass(_) | Kind::Succeed(_) | Kind::Wait(_) => {
                None
            }
        }
    }

    /// The custom action that is called, for an Action that calls one.
    pub(crate) fn custom_action(&self) -> Option<&crate::actions::Custom> {
        match &self.kind {
            Kind::Action(action) => action.custom(),
            Kind::Choice(_) | Kind::Fail(_) | Kind::Map(_) | Kind::Pass(_) | Kind::Succeed(_) | Kind::Wait(_) => None,
        }
    }
}

/// About `"ResultPath": null`.
const DISCARDED: &str = "ResultPath is null, which the platform does not document: the result was dropped, as in the Amazon States Language";

/// `ResultPath`, `Catch` and `Next` or `End`, as Action and Map have them.
type After<'a> = (Option<&'a zisc_bundle::json::Json>, &'a [Catcher], &'a Transition);

/// What follows an Action or a Map.
#[derive(Debug)]
pub(crate) struct Ending {
    result_path: ResultPath,
    result_path_text: Option<Arc<str>>,
    catch: Option<(ResultPath, Target)>,
    then: Target,
}

impl Ending {
    fn load((result_path, catch, then): After<'_>, loader: &mut Loader<'_>) -> Self {
        let result_path = loader.result_path(result_path);
        Self {
            result_path_text: result_path.text().map(Into::into),
            result_path,
            catch: loader.catch(catch),
            then: loader.transition(then),
        }
    }

    /// Whether it has a `Catch`.
    fn catches(&self) -> bool {
        self.catch.is_some()
    }

    fn write<H: Http>(&self, data: Value, output: Value, run: &mut Run<'_, H>) -> Result<Value, StateError> {
        if self.result_path == ResultPath::Default && run.step().kind == "Action" {
            let keeps = run.platform().default_result_path == DefaultResultPath::Keep;
            // At the end of a flow nobody reads what is lost.
            if self.then != Target::End {
                run.note(if keeps {
                    "the action has no ResultPath, so its result was dropped; whether the platform does so is disputed (default_result_path)"
                } else {
                    "the action has no ResultPath, so its result replaced all data; whether the platform does so is disputed (default_result_path)"
                });
            }
            if keeps {
                run.step().result_path = None;
                return Ok(data);
            }
        }
        if self.result_path == ResultPath::Discard {
            run.note(DISCARDED);
        }
        self.result_path.write(data, output)
    }

    /// Goes on with what the state gave or, after an error, with the `Catch`.
    fn finish<H: Http>(
        &self,
        data: Value,
        result: Result<Value, Failure>,
        run: &mut Run<'_, H>,
    ) -> Result<Passed, Failure> {
        // A small jq program makes a value that nobody can print: it is refused before it is kept anywhere.
        let result = result.and_then(|output| within_limits(&output).map(|()| output).map_err(Failure::from));
        let written = match result {
            Ok(output) => {
                run.step().output = Some(output.clone());
                run.step().result_path = self.result_path_text.clone();
                self.write(data.clone(), output, run).map_err(Failure::from)
            }
            Err(failure) => Err(failure),
        };
        match (written, &self.catch) {
            (Ok(data), _) => Ok(Passed::On(data, self.then)),
            (Err(Failure::Error(error)), Some((path, target))) if run.catches(&error) => {
                run.caught(&error);
                let error = error.to_value(run.platform());
                Ok(Passed::On(path.write(data, error)?, *target))
            }
            (Err(failure), _) => Err(failure),
        }
    }
}
