//! A bundle to flows that are ready to run: paths and templates read once, names of states and actions resolved.

use crate::actions::{self, BUILT_IN, Custom};
use crate::choice::Test;
use crate::data::ResultPath;
use crate::machine::Machine;
use crate::states::Target;
use crate::template::{Payload, Placeholders};
use indexmap::IndexMap;
use std::collections::HashMap;
use std::sync::Arc;
use zisc_bundle::json::{Json, Member};
use zisc_bundle::{
    Bundle, Catcher, Condition, Path, Placed, Problem, ProblemKind, Reference, Span, State, StateKind, Step,
    Transition, nearest,
};

/// A flow, ready to run.
#[derive(Debug)]
pub(crate) struct Flow {
    pub(crate) machine: Machine,
    /// The connections that its actions name, in the order of the states.
    pub(crate) connections: Vec<String>,
    /// Whether a Map lies inside of a Map, for which the platform has a limit of its own.
    pub(crate) nested_maps: bool,
    /// Whether a state looks at the `Error` of what a `Catch` wrote.
    pub(crate) reads_error_names: bool,
}

/// Loads all flows of a bundle.
pub(crate) fn flows(bundle: &Bundle) -> Result<IndexMap<String, Flow>, Vec<Problem>> {
    let mut loader = Loader { actions: HashMap::new(), positions: Vec::new(), problems: Vec::new() };
    for action in bundle.http_actions() {
        let custom = Custom::load(action, &mut loader);
        loader.actions.insert(action.name.value.clone(), Arc::new(custom));
    }
    let mut flows = IndexMap::new();
    for flow in bundle.flows() {
        let machine = Machine::load(&flow.machine, &mut loader);
        let mut connections = Vec::new();
        machine.collect_connections(&mut connections);
        let loaded = Flow {
            nested_maps: machine.has_nested_maps(),
            machine,
            connections,
            reads_error_names: reads_error_names(&flow.machine),
        };
        flows.insert(flow.name.value.clone(), loaded);
    }
    if loader.problems.is_empty() { Ok(flows) } else { Err(loader.problems) }
}

/// Whether a path or a jq program of the machine ends at, or goes through, a member `Error`.
fn reads_error_names(machine: &zisc_bundle::Machine) -> bool {
    machine.states.values().any(|state| {
        let mut found = false;
        state.kind.reads(&mut |path| found |= path.steps.iter().any(|step| *step == Step::Member("Error".to_owned())));
        found
            || match &state.kind {
                StateKind::Action { parameters: Some(parameters), .. } => {
                    parameters.get("expr").and_then(Json::as_str).is_some_and(|program| program.contains(".Error"))
                }
                StateKind::Map { iterator, .. } => reads_error_names(iterator),
                _ => false,
            }
    })
}

/// What is known while states are loaded.
pub(crate) struct Loader<'a> {
    actions: HashMap<String, Arc<Custom>>,
    /// The positions of states by name, of the machine being loaded and those around it.
    positions: Vec<HashMap<&'a str, usize>>,
    problems: Vec<Problem>,
}

impl<'a> Loader<'a> {
    /// Makes the states of a machine known while `load` runs.
    pub(crate) fn inside<T>(&mut self, states: impl Iterator<Item = &'a str>, load: impl FnOnce(&mut Self) -> T) -> T {
        self.positions.push(states.enumerate().map(|(position, name)| (name, position)).collect());
        let loaded = load(self);
        self.positions.pop();
        loaded
    }
}

impl Loader<'_> {
    /// The state of this name in the machine being loaded.
    pub(crate) fn target(&mut self, name: &Placed<String>) -> Target {
        let states = self.positions.last();
        match states.and_then(|states| states.get(name.as_str())) {
            Some(position) => Target::State(*position),
            None => {
                let names = states.into_iter().flat_map(|states| states.keys().copied());
                let help = nearest(name, names).map(|name| format!("did you mean `{name}`?"));
                self.problem(name.span, format!("there is no state called `{}`", name.value), help);
                Target::End
            }
        }
    }

    pub(crate) fn transition(&mut self, then: &Transition) -> Target {
        match then {
            Transition::Next(name) => self.target(name),
            Transition::End | Transition::Missing => Target::End,
        }
    }

    pub(crate) fn path(&mut self, text: &Placed<String>) -> Path {
        Path::parse(text).unwrap_or_else(|error| {
            self.bad_path(&error, text.span);
            Path::default()
        })
    }

    pub(crate) fn result_path(&mut self, json: Option<&Json>) -> ResultPath {
        ResultPath::load(json).unwrap_or_else(|error| {
            self.bad_path(&error, json.map(|json| json.span).unwrap_or_default());
            ResultPath::Default
        })
    }

    /// What to do after an error. Every catcher takes every error, so the first one counts.
    pub(crate) fn catch(&mut self, catchers: &[Catcher]) -> Option<(ResultPath, Target)> {
        for equals in catchers.iter().map(|catcher| &catcher.error_equals) {
            let names = equals.as_array().unwrap_or_default();
            if names.len() != 1 || names[0].as_str() != Some("States.ALL") {
                let help = "write [\"States.ALL\"], and ask for the text in `Cause` in a Choice to tell errors apart";
                self.problem(equals.span, "a catcher can only catch all errors".to_owned(), Some(help.to_owned()));
            }
        }
        let first = catchers.first()?;
        Some((self.result_path(first.result_path.as_ref()), self.target(&first.next)))
    }

    pub(crate) fn test(&mut self, condition: &Condition) -> Arc<Test> {
        Arc::new(Test::load(condition).unwrap_or_else(|error| {
            self.bad_path(&error, error.span);
            Test::Or(Vec::new())
        }))
    }

    pub(crate) fn payload(&mut self, json: &Json, placeholders: Placeholders) -> Payload {
        Payload::load(json, placeholders, &mut self.problems)
    }

    pub(crate) fn member(&mut self, member: &Member, placeholders: Placeholders) -> Payload {
        Payload::load_member(member, placeholders, &mut self.problems).1
    }

    /// What `ActionName` refers to.
    pub(crate) fn action(&mut self, name: &Placed<String>) -> actions::Target {
        if let Some(action) = BUILT_IN.iter().find(|action| action.name == name.as_str()) {
            return actions::Target::BuiltIn(action);
        }
        let custom = match Reference::parse(name) {
            Some(Reference { integration, kind: "action", name }) if integration != "common" => Some(name),
            _ => None,
        };
        if let Some(action) = custom.and_then(|name| self.actions.get(name)) {
            return actions::Target::Custom(action.clone());
        }
        let help = match custom {
            Some(custom) => nearest(custom, self.actions.keys().map(String::as_str)),
            None => nearest(name, BUILT_IN.iter().map(|action| action.name)),
        };
        let message = match custom {
            Some(custom) => format!("this bundle defines no action `{custom}`"),
            None => format!("`{}` is no action of the platform", name.value),
        };
        let help = help.map(|name| format!("did you mean `{name}`?"));
        self.problem(
            name.span,
            message,
            help.or_else(|| Some("a custom action is called zis:INTEGRATION:action:NAME".to_owned())),
        );
        actions::Target::BuiltIn(&BUILT_IN[0])
    }

    /// Refuses members that would change what a state does: to pass over them would be to run another flow. They are
    /// of the Amazon States Language; the platform documents none of them.
    pub(crate) fn refuse_foreign(&mut self, state: &State) {
        const FOREIGN: &[&str] = &[
            "InputPath",
            "OutputPath",
            "Parameters",
            "ResultSelector",
            "Retry",
            "TimeoutSeconds",
            "TimeoutSecondsPath",
            "HeartbeatSeconds",
            "HeartbeatSecondsPath",
            "MaxConcurrency",
            "MaxConcurrencyPath",
            "ItemSelector",
            "ItemProcessor",
            "ItemReader",
            "ItemBatcher",
            "ResultWriter",
            "ToleratedFailureCount",
            "ToleratedFailurePercentage",
            "Branches",
            "ErrorPath",
            "CausePath",
            "Timestamp",
            "TimestampPath",
            "Resource",
            "Assign",
            "Arguments",
            "Output",
            "QueryLanguage",
            "Credentials",
            "Result",
            "ResultPath",
            "Catch",
            "Choices",
            "Next",
            "End",
        ];
        for member in state.extra.iter().filter(|member| FOREIGN.contains(&member.key.as_str())) {
            let kind = state.kind.type_name();
            let article = if kind.starts_with('A') { "an" } else { "a" };
            let message = format!("{article} {kind} state has no `{}` on the platform", *member.key);
            let help = match member.key.as_str() {
                "Next" | "End" if kind == "Choice" => {
                    "each rule of `Choices` says where to go in its own `Next`, and `Default` where none of them holds"
                }
                "Next" | "End" => "leave it out: the flow ends here",
                "Parameters" | "InputPath" | "OutputPath" | "ResultSelector" | "ItemSelector" | "Assign"
                | "Arguments" | "Output" => {
                    "shape the data with the action zis:common:transform:Jq before or after this state"
                }
                "Retry" => "the platform repeats whole flows; catch the error with `Catch` instead",
                "Timestamp" | "TimestampPath" => "compute the seconds with jq, and use `SecondsPath`",
                "ErrorPath" | "CausePath" => "`Error` and `Cause` take a path or placeholders themselves",
                _ => "leave it out",
            };
            self.problem(member.key.span, message, Some(help.to_owned()));
        }
    }

    fn bad_path(&mut self, error: &zisc_bundle::PathError, span: Span) {
        // The place inside the text: after its opening quote. Escapes before it are not counted.
        let at = u32::try_from(error.at + 1).unwrap_or(u32::MAX);
        let start = span.start().checked_add(at.into()).unwrap_or(span.start()).min(span.end());
        self.problem(
            Span::new(start, span.end()),
            format!("this is no path: {}", error.message),
            Some("a path names one place: `$`, then `.name`, `[0]` or `[\"name\"]`".to_owned()),
        );
    }

    fn problem(&mut self, span: Span, message: String, help: Option<String>) {
        self.problems.push(Problem { kind: ProblemKind::Unusable, message, help, span, instead: None });
    }
}
