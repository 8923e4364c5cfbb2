use crate::json::{Json, Member};
use crate::{Operator, Placed, Span};
use indexmap::IndexMap;

/// A state machine: a flow's definition, or the iterator of a Map.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Machine {
    /// The state that runs first.
    pub start_at: Placed<String>,
    /// The states by name, in the order of the file.
    pub states: IndexMap<String, State>,
    /// `Comment` of the machine.
    pub comment: Option<Placed<String>>,
    /// Members that are none of the above, kept as they are.
    pub extra: Vec<Member>,
}

/// A state of a flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// Its name, with the place of its key.
    pub name: Placed<String>,
    /// `Comment`.
    pub comment: Option<Placed<String>>,
    /// What it does.
    pub kind: StateKind,
    /// Members that its type does not have, kept as they are.
    pub extra: Vec<Member>,
    /// The whole state.
    pub span: Span,
}

/// What a state does, by its `Type`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StateKind {
    /// Runs a built-in or custom action.
    Action {
        /// `ActionName`, a full reference.
        action: Placed<String>,
        /// `Parameters`, a payload template.
        parameters: Option<Json>,
        /// `ResultPath`; absent means `$`.
        result_path: Option<Json>,
        /// `Catch`.
        catch: Vec<Catcher>,
        /// `Next` or `End`.
        then: Transition,
    },
    /// Goes where the first true rule leads.
    Choice {
        /// `Choices`, in order.
        rules: Vec<Rule>,
        /// `Default`: where to go when no rule is true.
        default: Option<Placed<String>>,
    },
    /// Runs a machine for each item of an array.
    Map {
        /// `ItemsPath`.
        items_path: Placed<String>,
        /// `Iterator`.
        iterator: Machine,
        /// `ResultPath`; absent means `$`.
        result_path: Option<Json>,
        /// `Catch`.
        catch: Vec<Catcher>,
        /// `Next` or `End`.
        then: Transition,
    },
    /// Hands its input on, or puts `Result` somewhere.
    Pass {
        /// `Result`, a payload template.
        result: Option<Json>,
        /// `ResultPath`; absent means `$`.
        result_path: Option<Json>,
        /// `Next` or `End`.
        then: Transition,
    },
    /// Ends the flow as done.
    Succeed {
        /// `Message` for the log.
        message: Option<Placed<String>>,
    },
    /// Ends the flow as failed.
    Fail {
        /// `Error`, a short name.
        error: Placed<String>,
        /// `Cause`, the text for the log.
        cause: Placed<String>,
    },
    /// Waits.
    Wait {
        /// `Seconds` or `SecondsPath`.
        delay: Delay,
        /// `Next` or `End`.
        then: Transition,
    },
    /// A state that could not be understood; it is kept, and a problem says why.
    Unknown(Json),
}

/// How long a Wait waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delay {
    /// `Seconds`: a number, as written.
    Seconds(Json),
    /// `SecondsPath`: a path to a number.
    SecondsPath(Placed<String>),
}

/// Where a state goes when it is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transition {
    /// `Next`: to the state of this name.
    Next(Placed<String>),
    /// `End`: the machine ends here.
    End,
    /// Neither could be read; a problem says so.
    Missing,
}

/// What happens when an Action or a Map fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catcher {
    /// `ErrorEquals`; the platform knows `["States.ALL"]` only.
    pub error_equals: Json,
    /// The state to go on with.
    pub next: Placed<String>,
    /// Where the error object goes; absent means `$`.
    pub result_path: Option<Json>,
    /// Members that are none of the above, kept as they are.
    pub extra: Vec<Member>,
    /// The whole catcher.
    pub span: Span,
}

/// A rule of a Choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What must hold.
    pub condition: Condition,
    /// Where to go then.
    pub next: Placed<String>,
    /// Members that are none of the above, kept as they are.
    pub extra: Vec<Member>,
    /// The whole rule.
    pub span: Span,
}

/// What a rule of a Choice tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// One comparison.
    Compare {
        /// The path on the left.
        variable: Placed<String>,
        /// How to compare.
        operator: &'static Operator,
        /// The value on the right, or the path to it.
        operand: Json,
    },
    /// All of these.
    And(Vec<Condition>),
    /// At least one of these.
    Or(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// A rule that could not be understood; a problem says why.
    Unknown(Json),
}

impl StateKind {
    /// The state's `Type`.
    pub fn type_name(&self) -> &str {
        match self {
            Self::Action { .. } => "Action",
            Self::Choice { .. } => "Choice",
            Self::Map { .. } => "Map",
            Self::Pass { .. } => "Pass",
            Self::Succeed { .. } => "Succeed",
            Self::Fail { .. } => "Fail",
            Self::Wait { .. } => "Wait",
            Self::Unknown(json) => json.get("Type").and_then(Json::as_str).unwrap_or("unknown"),
        }
    }

    /// `Next` or `End`, for the states that have one.
    pub fn then(&self) -> Option<&Transition> {
        match self {
            Self::Action { then, .. } | Self::Map { then, .. } | Self::Pass { then, .. } | Self::Wait { then, .. } => {
                Some(then)
            }
            Self::Choice { .. } | Self::Succeed { .. } | Self::Fail { .. } | Self::Unknown(_) => None,
        }
    }

    /// `ResultPath`, for the states that have one and say it.
    pub fn result_path(&self) -> Option<&Json> {
        match self {
            Self::Action { result_path, .. } | Self::Map { result_path, .. } | Self::Pass { result_path, .. } => {
                result_path.as_ref()
            }
            Self::Choice { .. } | Self::Succeed { .. } | Self::Fail { .. } | Self::Wait { .. } | Self::Unknown(_) => {
                None
            }
        }
    }

    /// The catchers, for the states that have them.
    pub fn catch(&self) -> &[Catcher] {
        match self {
            Self::Action { catch, .. } | Self::Map { catch, .. } => catch,
            _ => &[],
        }
    }

    /// Every state this one can lead to, with the place that says so.
    pub fn targets(&self) -> Vec<&Placed<String>> {
        let mut targets = Vec::new();
        if let Some(Transition::Next(next)) = self.then() {
            targets.push(next);
        }
        if let Self::Choice { rules, default } = self {
            targets.extend(rules.iter().map(|rule| &rule.next));
            targets.extend(default);
        }
        targets.extend(self.catch().iter().map(|catcher| &catcher.next));
        targets
    }
}
