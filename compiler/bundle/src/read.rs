//! JSON to the types of this crate. Reading never stops: what is wrong becomes a [`Problem`], the rest is kept.

use crate::bundle::{Header, HttpAction, JobSpec, Resource, ResourceKind, TEMPLATE_VERSION, Target};
use crate::flow::{Catcher, Condition, Delay, Rule, State, StateKind, Transition};
use crate::json::{self, Comments, Json, Member, Value};
use crate::{Bundle, Flow, Machine, Operator, Placed, Span, nearest};
use indexmap::IndexMap;

/// Something in a bundle that the platform would not take or could not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What sort of problem it is.
    pub kind: ProblemKind,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Where it stands in the text.
    pub span: Span,
    /// The JSON that mends it in that place, where there is one.
    pub instead: Option<String>,
}

/// What sort of [`Problem`] it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// The text is no JSON here.
    Json,
    /// A member is missing.
    Missing,
    /// A value is of another kind than is wanted here.
    WrongKind,
    /// Two members exclude each other.
    Contradiction,
    /// The platform has no such type of state or resource, or no such version.
    UnknownType,
    /// The platform has no such operator.
    UnknownOperator,
    /// No state has this name.
    UnknownState,
    /// A key stands twice in one object.
    Duplicate,
    /// The value itself cannot be used here.
    Unusable,
}

impl From<json::Error> for Problem {
    fn from(error: json::Error) -> Self {
        let json::Error { message, span, loss: _, instead } = error;
        Self { kind: ProblemKind::Json, message, help: None, span, instead }
    }
}

impl Bundle {
    /// Reads a bundle from its JSON text. Comments are skipped.
    pub fn read(text: &str) -> (Self, Vec<Problem>) {
        let (json, errors) = json::read_with(text, Comments::Skipped);
        let mut problems: Vec<Problem> = errors.into_iter().map(Problem::from).collect();
        let (bundle, found) = Self::from_json(&json);
        // Broken JSON makes members go missing; to report those too would be a second message for one mistake.
        if problems.is_empty() {
            problems = found;
        }
        (bundle, problems)
    }

    /// Takes a bundle from JSON that was read already.
    pub fn from_json(json: &Json) -> (Self, Vec<Problem>) {
        let mut reader = Reader::default();
        let bundle = reader.bundle(json);
        (bundle, reader.problems)
    }
}

/// The members of one object while they are taken out; what nobody asked for is left over.
struct Members<'a> {
    /// Where to point when something is missing: the key of the object, or its first bracket.
    span: Span,
    what: String,
    left: Vec<&'a Member>,
}

impl<'a> Members<'a> {
    fn take(&mut self, key: &str) -> Option<&'a Member> {
        let at = self.left.iter().rposition(|member| *member.key == key)?;
        Some(self.left.remove(at))
    }

    /// `key` or `key.$`.
    fn take_template(&mut self, key: &str) -> Option<&'a Member> {
        self.take(key).or_else(|| self.take(&format!("{key}.$")))
    }

    fn rest(self) -> Vec<Member> {
        self.left.into_iter().cloned().collect()
    }
}

/// The member that holds the whole bundle, as in what the registry answers.
fn wrapper(json: &Json) -> Option<&Member> {
    let is_bundle = |json: &Json| json.get("resources").is_some_and(|resources| resources.as_object().is_some());
    let holds = |value: &Json| is_bundle(value) || value.as_array().is_some_and(|items| items.iter().any(is_bundle));
    json.as_object()?.iter().find(|member| holds(&member.value)).filter(|_| json.get("resources").is_none())
}

/// What upload says about a rule without an operator that it knows: it tries `And` first, and complains of that.
const REFUSAL: &str = "And is required";

/// How many times a name that does not exist is compared with all that do.
const MOST_GUESSES: usize = 50;

#[derive(Default)]
pub(crate) struct Reader {
    problems: Vec<Problem>,
    guesses: usize,
}

impl Reader {
    fn problem(&mut self, kind: ProblemKind, span: Span, message: impl Into<String>, help: impl Into<Option<String>>) {
        self.problems.push(Problem { kind, message: message.into(), help: help.into(), span, instead: None });
    }

    /// A problem with a string that a near one mends.
    fn misspelt(&mut self, kind: ProblemKind, span: Span, message: String, help: Option<String>, near: Option<&str>) {
        let instead = near.map(|near| format!("\"{}\"", json::escaped(near)));
        self.problems.push(Problem { kind, message, help, span, instead });
    }

    /// The name that was probably meant. Names are compared a limited number of times: a file that is wrong all over
    /// needs no guess at every place.
    fn guess<'n>(&mut self, wanted: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
        self.guesses += 1;
        if self.guesses <= MOST_GUESSES { nearest(wanted, names) } else { None }
    }

    fn bundle(&mut self, json: &Json) -> Bundle {
        if let Some(wrapper) = wrapper(json) {
            let message =
                format!("the bundle stands inside of `{}` here, and upload takes it alone", wrapper.key.value);
            let help = "keep what stands there, from its `{` to its `}`, in a file of its own".to_owned();
            self.problem(ProblemKind::WrongKind, wrapper.key.span, message, help);
            return Bundle::default();
        }
        let Some(mut members) = self.members(json, "a bundle") else {
            return Bundle::default();
        };
        let template_version = self.string(&mut members, "zis_template_version");
        if !template_version.is_empty() && *template_version != TEMPLATE_VERSION {
            self.problem(
                ProblemKind::UnknownType,
                template_version.span,
                format!(
                    "this bundle is of template version {}, and only {TEMPLATE_VERSION} can be run and uploaded",
                    *template_version
                ),
                format!("write \"{TEMPLATE_VERSION}\": it names the format, not a version of the bundle"),
            );
        }
        let name = self.string(&mut members, "name");
        let description = self.optional_string(&mut members, "description");
        let mut resources = IndexMap::new();
        match members.take("resources") {
            Some(member) => {
                if member.value.as_object().is_some_and(<[_]>::is_empty) {
                    self.problem(
                        ProblemKind::Missing,
                        member.value.span,
                        "`resources` is empty",
                        "a bundle has a ZIS::Flow and the ZIS::JobSpec that starts it".to_owned(),
                    );
                }
                for (key, json) in self.entries(&member.value, "`resources`") {
                    let resource = self.resource(key, json);
                    if let Some(before) = resources.insert(key.value.clone(), resource) {
                        self.twice(key, &before.key);
                    }
                }
            }
            None => self.missing(&members, "resources"),
        }
        Bundle { template_version, name, description, resources, extra: members.rest() }
    }

    pub(crate) fn resource(&mut self, key: &Placed<String>, json: &Json) -> Resource {
        let unknown = |kind| Resource { key: key.clone(), kind, extra: Vec::new(), span: json.span };
        let Some(mut members) = self.members_of(key, json, &format!("resource `{}`", key.value)) else {
            return unknown(ResourceKind::Unknown(json.clone()));
        };
        let kind = self.string(&mut members, "type");
        let Some(properties) = members.take("properties") else {
            self.missing(&members, "properties");
            return unknown(ResourceKind::Unknown(json.clone()));
        };
        let what = format!("the properties of `{}`", key.value);
        let Some(mut properties) = self.members_of(&properties.key, &properties.value, &what) else {
            return unknown(ResourceKind::Unknown(json.clone()));
        };
        let kind = match kind.as_str() {
            "ZIS::Flow" => ResourceKind::Flow(self.flow(properties)),
            "ZIS::JobSpec" if self.is_nested(&properties) => ResourceKind::JobSpec(JobSpec {
                name: self.string(&mut properties, "name"),
                extra: properties.rest(),
                ..JobSpec::default()
            }),
            "ZIS::JobSpec" => ResourceKind::JobSpec(JobSpec {
                name: self.string(&mut properties, "name"),
                event_source: self.string(&mut properties, "event_source"),
                event_type: self.string(&mut properties, "event_type"),
                flow_name: self.string(&mut properties, "flow_name"),
                extra: properties.rest(),
            }),
            "ZIS::Action::Http" => ResourceKind::HttpAction(self.http_action(properties)),
            "" => return unknown(ResourceKind::Unknown(json.clone())),
            other => {
                self.problem(
                    ProblemKind::UnknownType,
                    kind.span,
                    format!("`{other}` is no type of resource"),
                    "a resource is a ZIS::Flow, a ZIS::JobSpec or a ZIS::Action::Http".to_owned(),
                );
                return unknown(ResourceKind::Unknown(json.clone()));
            }
        };
        Resource { key: key.clone(), kind, extra: members.rest(), span: json.span }
    }

    /// Whether the members of a job spec stand one level too deep.
    fn is_nested(&mut self, properties: &Members<'_>) -> bool {
        let definition = properties.left.iter().find(|member| {
            *member.key == "definition"
                && ["event_source", "event_type"].iter().any(|key| member.value.get(key).is_some())
        });
        let Some(definition) = definition else { return false };
        self.problem(
            ProblemKind::Missing,
            definition.key.span,
            "a job spec has no `definition`",
            "write `event_source`, `event_type` and `flow_name` into `properties` itself".to_owned(),
        );
        true
    }

    fn flow(&mut self, mut properties: Members<'_>) -> Flow {
        let name = self.string(&mut properties, "name");
        let machine = match properties.take("definition") {
            Some(member) => self.machine(member, &format!("the definition of flow `{}`", *name)),
            None => {
                self.missing(&properties, "definition");
                Machine::default()
            }
        };
        Flow { name, machine: machine.into(), extra: properties.rest() }
    }

    fn machine(&mut self, member: &Member, what: &str) -> Machine {
        let Some(mut members) = self.members_of(&member.key, &member.value, what) else {
            return Machine::default();
        };
        let start_at = self.string(&mut members, "StartAt");
        let comment = self.optional_string(&mut members, "Comment");
        let mut states: IndexMap<String, State> = IndexMap::new();
        match members.take("States") {
            Some(member) => {
                for (key, json) in self.entries(&member.value, "`States`") {
                    let state = self.state(key, json);
                    if let Some(before) = states.insert(key.value.clone(), state) {
                        self.twice(key, &before.name);
                    }
                }
            }
            None => self.missing(&members, "States"),
        }
        let machine = Machine { start_at, states, comment, extra: members.rest() };
        self.targets(&machine, what);
        machine
    }

    /// Every transition of a machine leads to a state of the same machine.
    fn targets(&mut self, machine: &Machine, what: &str) {
        let named =
            std::iter::once(&machine.start_at).chain(machine.states.values().flat_map(|state| state.kind.targets()));
        for target in named {
            if !target.is_empty() && !machine.states.contains_key(&target.value) {
                let near = self.guess(target, machine.states.keys().map(String::as_str));
                let help = near.map(|name| format!("did you mean `{name}`?"));
                let message = format!("{what} has no state called `{}`", target.value);
                self.misspelt(ProblemKind::UnknownState, target.span, message, help, near);
            }
        }
    }

    pub(crate) fn state(&mut self, name: &Placed<String>, json: &Json) -> State {
        let state = |kind, extra| State { name: name.clone(), comment: None, kind, extra, span: json.span };
        let Some(mut members) = self.members_of(name, json, &format!("state `{}`", name.value)) else {
            return state(StateKind::Unknown(json.clone()), Vec::new());
        };
        let kind = self.string(&mut members, "Type");
        let comment = self.optional_string(&mut members, "Comment");
        let kind = match kind.as_str() {
            "Action" => StateKind::Action {
                action: self.string(&mut members, "ActionName"),
                parameters: self.optional_object(&mut members, "Parameters"),
                result_path: self.result_path(&mut members),
                catch: self.catch(&mut members),
                then: self.transition(&mut members),
            },
            "Choice" => StateKind::Choice {
                rules: self.rules(&mut members),
                default: self.optional_string(&mut members, "Default"),
            },
            "Map" => StateKind::Map {
                items_path: self.string(&mut members, "ItemsPath"),
                iterator: match members.take("Iterator") {
                    Some(member) => self.machine(member, &format!("the iterator of `{}`", name.value)),
                    None => {
                        self.missing(&members, "Iterator");
                        Machine::default()
                    }
                },
                result_path: self.result_path(&mut members),
                catch: self.catch(&mut members),
                then: self.transition(&mut members),
            },
            "Pass" => StateKind::Pass {
                result: members.take("Result").map(|member| member.value.clone()),
                result_path: self.result_path(&mut members),
                then: self.transition(&mut members),
            },
            "Succeed" => StateKind::Succeed { message: self.optional_string(&mut members, "Message") },
            "Fail" => {
                StateKind::Fail { error: self.string(&mut members, "Error"), cause: self.string(&mut members, "Cause") }
            }
            "Wait" => StateKind::Wait { delay: self.delay(&mut members), then: self.transition(&mut members) },
            "" => return state(StateKind::Unknown(json.clone()), Vec::new()),
            other => {
                self.problem(
                    ProblemKind::UnknownType,
                    kind.span,
                    format!("`{other}` is no type of state"),
                    "a state is an Action, Choice, Fail, Map, Pass, Succeed or Wait".to_owned(),
                );
                return state(StateKind::Unknown(json.clone()), Vec::new());
            }
        };
        State { comment, ..state(kind, members.rest()) }
    }

    fn result_path(&mut self, members: &mut Members<'_>) -> Option<Json> {
        let value = &members.take("ResultPath")?.value;
        if !matches!(value.value, Value::String(_) | Value::Null) {
            self.problem(
                ProblemKind::WrongKind,
                value.span,
                format!("`ResultPath` is a path in quotes, and this is {}", value.kind()),
                None,
            );
        }
        Some(value.clone())
    }

    fn transition(&mut self, members: &mut Members<'_>) -> Transition {
        let (next, end) = (members.take("Next"), members.take("End"));
        match (next, end) {
            (Some(next), Some(end)) => {
                self.problem(
                    ProblemKind::Contradiction,
                    end.key.span,
                    format!("{} has both `Next` and `End`", members.what),
                    "keep the one that is meant: `Next` goes on, `End` ends the flow".to_owned(),
                );
                self.target(next)
            }
            (Some(next), None) => self.target(next),
            (None, Some(end)) => {
                if end.value.value != Value::Bool(true) {
                    self.problem(
                        ProblemKind::Missing,
                        end.value.span,
                        "`End` can only be true",
                        "leave it out and write `Next` to go on".to_owned(),
                    );
                }
                Transition::End
            }
            (None, None) => {
                if !self.under_another_name(members, &["Next", "End"]) {
                    self.problem(
                        ProblemKind::Missing,
                        members.span,
                        format!("{} does not say where to go", members.what),
                        "add \"Next\": \"…\" or \"End\": true".to_owned(),
                    );
                }
                Transition::Missing
            }
        }
    }

    fn target(&mut self, member: &Member) -> Transition {
        match &member.value.value {
            Value::String(name) => Transition::Next(Placed::new(name.clone(), member.value.span)),
            _ => {
                self.problem(
                    ProblemKind::WrongKind,
                    member.value.span,
                    format!(
                        "`{}` is the name of a state in quotes, and this is {}",
                        member.key.value,
                        member.value.kind()
                    ),
                    None,
                );
                Transition::Missing
            }
        }
    }

    fn catch(&mut self, members: &mut Members<'_>) -> Vec<Catcher> {
        let Some(member) = members.take("Catch") else {
            return Vec::new();
        };
        self.items(&member.value, "Catch")
            .iter()
            .filter_map(|json| {
                let mut catcher = self.members(json, &format!("a catcher of {}", members.what))?;
                let error_equals = match catcher.take("ErrorEquals") {
                    Some(member) => member.value.clone(),
                    None => {
                        self.missing(&catcher, "ErrorEquals");
                        Json::default()
                    }
                };
                Some(Catcher {
                    error_equals,
                    next: self.string(&mut catcher, "Next"),
                    result_path: self.result_path(&mut catcher),
                    extra: catcher.rest(),
                    span: json.span,
                })
            })
            .collect()
    }

    fn delay(&mut self, members: &mut Members<'_>) -> Delay {
        match (members.take("Seconds"), members.take("SecondsPath")) {
            (Some(seconds), path) => {
                if let Some(path) = path {
                    self.problem(
                        ProblemKind::Contradiction,
                        path.key.span,
                        format!("{} has both `Seconds` and `SecondsPath`", members.what),
                        "keep the one that is meant".to_owned(),
                    );
                }
                if seconds.value.as_f64().is_none_or(|seconds| seconds <= 0.0) {
                    self.problem(
                        ProblemKind::Unusable,
                        seconds.value.span,
                        "`Seconds` is a number above 0",
                        "to wait for a computed time, use `SecondsPath`".to_owned(),
                    );
                }
                Delay::Seconds(seconds.value.clone())
            }
            (None, Some(path)) => Delay::SecondsPath(self.expect_string(path)),
            (None, None) => {
                let until = members.left.iter().find(|member| member.key.starts_with("Timestamp"));
                if let Some(until) = until {
                    self.problem(
                        ProblemKind::Missing,
                        until.key.span,
                        format!("the platform knows no `{}`", until.key.value),
                        "compute the seconds with jq, and use `SecondsPath`".to_owned(),
                    );
                } else if !self.under_another_name(members, &["Seconds", "SecondsPath"]) {
                    self.problem(
                        ProblemKind::Missing,
                        members.span,
                        format!("{} does not say how long", members.what),
                        "add \"Seconds\": 30, or \"SecondsPath\" with a path to a number".to_owned(),
                    );
                }
                Delay::Seconds(Json::default())
            }
        }
    }

    fn rules(&mut self, members: &mut Members<'_>) -> Vec<Rule> {
        let Some(member) = members.take("Choices") else {
            self.missing(members, "Choices");
            return Vec::new();
        };
        let items = self.items(&member.value, "Choices");
        if items.is_empty() && member.value.as_array().is_some() {
            self.problem(
                ProblemKind::Missing,
                member.value.span,
                "`Choices` has no rule",
                "a Choice has one rule at least".to_owned(),
            );
        }
        let what = format!("a rule of {}", members.what);
        items
            .iter()
            .filter_map(|json| {
                let mut rule = self.members(json, &what)?;
                let next = self.string(&mut rule, "Next");
                let condition = self.condition(json, &mut rule);
                Some(Rule { condition, next, extra: rule.rest(), span: json.span })
            })
            .collect()
    }

    /// A rule asks one thing: a comparison, or one of `And`, `Or` and `Not`.
    fn one_test(&mut self, members: &Members<'_>) {
        let is_test = |key: &str| matches!(key, "And" | "Or" | "Not") || Operator::named(key).is_some();
        let mut tests = members.left.iter().filter(|member| is_test(&member.key));
        let (first, second) = (tests.next(), tests.next());
        if let (Some(first), Some(second)) = (first, second) {
            self.problem(
                ProblemKind::Contradiction,
                second.key.span,
                format!("{} has both `{}` and `{}`", members.what, *first.key, *second.key),
                "write one rule for each, or put both into an `And`".to_owned(),
            );
        }
    }

    fn condition(&mut self, json: &Json, members: &mut Members<'_>) -> Condition {
        let nested = |reader: &mut Self, json: &Json| match reader.members(json, "a nested rule") {
            Some(mut members) => reader.condition(json, &mut members),
            None => Condition::Unknown(json.clone()),
        };
        self.one_test(members);
        if let Some(member) = members.take("And") {
            return Condition::And(self.items(&member.value, "And").iter().map(|json| nested(self, json)).collect());
        }
        if let Some(member) = members.take("Or") {
            return Condition::Or(self.items(&member.value, "Or").iter().map(|json| nested(self, json)).collect());
        }
        if let Some(member) = members.take("Not") {
            return Condition::Not(Box::new(nested(self, &member.value)));
        }
        let Some((member, operator)) =
            members.left.iter().find_map(|member| Some((*member, Operator::named(&member.key)?)))
        else {
            let odd = members.left.iter().find(|member| *member.key != "Variable" && *member.key != "Comment");
            match odd {
                Some(member) => {
                    let near = self.guess(&member.key, crate::OPERATORS.iter().map(|operator| operator.name));
                    let help = match near {
                        Some(name) => format!("did you mean `{name}`? Upload refuses the rule with: {REFUSAL}"),
                        None => format!("compute it with jq before; upload refuses the rule with: {REFUSAL}"),
                    };
                    let message = format!("`{}` is no operator that the platform has", member.key.value);
                    self.misspelt(ProblemKind::UnknownOperator, member.key.span, message, Some(help), near);
                }
                None => self.problem(
                    ProblemKind::Missing,
                    members.span,
                    format!("{} compares nothing", members.what),
                    "add an operator such as \"StringEquals\": \"…\"".to_owned(),
                ),
            }
            return Condition::Unknown(json.clone());
        };
        members.left.retain(|other| !std::ptr::eq(*other, member));
        Condition::Compare { variable: self.string(members, "Variable"), operator, operand: member.value.clone() }
    }

    fn http_action(&mut self, mut properties: Members<'_>) -> HttpAction {
        let name = self.string(&mut properties, "name");
        let Some(definition) = properties.take("definition") else {
            self.missing(&properties, "definition");
            return HttpAction { name, ..HttpAction::default() };
        };
        let what = format!("the definition of action `{}`", *name);
        let Some(mut definition) = self.members_of(&definition.key, &definition.value, &what) else {
            return HttpAction { name, ..HttpAction::default() };
        };
        let method = self.string(&mut definition, "method");
        let (url, path) = (definition.take_template("url"), definition.take_template("path"));
        let target = match (url, path) {
            (Some(url), path) => {
                if let Some(path) = path {
                    self.problem(
                        ProblemKind::Contradiction,
                        path.key.span,
                        format!("action `{}` has both `url` and `path`", *name),
                        "keep `url` for another host, `path` for the account's own".to_owned(),
                    );
                }
                Target::Url(url.clone())
            }
            (None, Some(path)) => Target::Path(path.clone()),
            (None, None) => {
                self.problem(
                    ProblemKind::Missing,
                    definition.span,
                    format!("action `{}` does not say where to send its request", *name),
                    "add `url`, or `path` for the account's own host".to_owned(),
                );
                Target::Missing
            }
        };
        HttpAction {
            name,
            method,
            target,
            headers: self.headers(&mut definition, "headers"),
            query: self.headers(&mut definition, "queryParams"),
            connection: self.optional_string(&mut definition, "connectionName"),
            body: definition.take_template("requestBody").cloned(),
            definition_extra: definition.rest(),
            extra: properties.rest(),
        }
    }

    fn headers(&mut self, definition: &mut Members<'_>, key: &str) -> Vec<Header> {
        let Some(member) = definition.take(key) else {
            return Vec::new();
        };
        if member.value.as_object().is_some() {
            self.problem(
                ProblemKind::WrongKind,
                member.value.span,
                format!("`{key}` is an array, and this is an object"),
                "write [{ \"key\": \"Name\", \"value\": \"…\" }], one entry for each".to_owned(),
            );
            return Vec::new();
        }
        self.items(&member.value, key)
            .iter()
            .filter_map(|json| {
                let mut header = self.members(json, &format!("an entry of `{key}`"))?;
                let name = self.string(&mut header, "key");
                match header.take_template("value") {
                    Some(value) => Some(Header { key: name, value: value.clone() }),
                    None => {
                        self.missing(&header, "value");
                        None
                    }
                }
            })
            .collect()
    }

    fn members<'a>(&mut self, json: &'a Json, what: &str) -> Option<Members<'a>> {
        let bracket = Span::at(json.span.start(), 1.into());
        match json.as_object() {
            Some(members) => Some(Members { span: bracket, what: what.to_owned(), left: members.iter().collect() }),
            None => {
                self.problem(
                    ProblemKind::WrongKind,
                    json.span,
                    format!("{what} is an object, and this is {}", json.kind()),
                    None,
                );
                None
            }
        }
    }

    /// The same for an object that a key stands in front of.
    fn members_of<'a>(&mut self, key: &Placed<String>, json: &'a Json, what: &str) -> Option<Members<'a>> {
        self.members(json, what).map(|members| Members { span: key.span, ..members })
    }

    fn entries<'a>(&mut self, json: &'a Json, what: &str) -> Vec<(&'a Placed<String>, &'a Json)> {
        match self.members(json, what) {
            Some(members) => members.left.into_iter().map(|member| (&member.key, &member.value)).collect(),
            None => Vec::new(),
        }
    }

    fn items<'a>(&mut self, json: &'a Json, what: &str) -> &'a [Json] {
        json.as_array().unwrap_or_else(|| {
            self.problem(
                ProblemKind::WrongKind,
                json.span,
                format!("`{what}` is an array, and this is {}", json.kind()),
                None,
            );
            &[]
        })
    }

    fn string(&mut self, members: &mut Members<'_>, key: &str) -> Placed<String> {
        match members.take(key) {
            Some(member) => self.expect_string(member),
            None => {
                self.missing(members, key);
                Placed::new(String::new(), members.span)
            }
        }
    }

    fn optional_string(&mut self, members: &mut Members<'_>, key: &str) -> Option<Placed<String>> {
        members.take(key).map(|member| self.expect_string(member))
    }

    fn expect_string(&mut self, member: &Member) -> Placed<String> {
        let text = match member.value.as_str() {
            Some(text) => text.to_owned(),
            None => {
                self.problem(
                    ProblemKind::WrongKind,
                    member.value.span,
                    format!("`{}` is a string, and this is {}", member.key.value, member.value.kind()),
                    None,
                );
                String::new()
            }
        };
        Placed::new(text, member.value.span)
    }

    fn optional_object(&mut self, members: &mut Members<'_>, key: &str) -> Option<Json> {
        let value = &members.take(key)?.value;
        if value.as_object().is_none() {
            self.problem(
                ProblemKind::WrongKind,
                value.span,
                format!("`{key}` is an object, and this is {}", value.kind()),
                None,
            );
        }
        Some(value.clone())
    }

    fn missing(&mut self, members: &Members<'_>, key: &str) {
        if !self.under_another_name(members, &[key]) {
            self.problem(ProblemKind::Missing, members.span, format!("`{key}` is missing in {}", members.what), None);
        }
    }

    /// Notes a member that is there, but under another name: `next` instead of `Next`, or `CausePath` instead of
    /// `Cause`, as other state machines have it.
    fn under_another_name(&mut self, members: &Members<'_>, keys: &[&str]) -> bool {
        let meant = |member: &Member| {
            let is_meant =
                |key: &&str| key.eq_ignore_ascii_case(member.key.strip_suffix("Path").unwrap_or(&member.key));
            keys.iter().copied().find(is_meant)
        };
        let Some((found, key)) = members.left.iter().find_map(|member| Some((*member, meant(member)?))) else {
            return false;
        };
        let help = match key.eq_ignore_ascii_case(&found.key) {
            true => "small and capital letters make a difference in the names of members".to_owned(),
            false => format!("`{key}` takes a path or placeholders itself"),
        };
        let message = format!("`{}` is written `{key}`", found.key.value);
        self.misspelt(ProblemKind::Missing, found.key.span, message, Some(help), Some(key));
        true
    }

    fn twice(&mut self, key: &Placed<String>, _before: &Placed<String>) {
        self.problem(
            ProblemKind::Duplicate,
            key.span,
            format!("`{}` stands twice; the platform sees only the last one", key.value),
            "give one of the two another name".to_owned(),
        );
    }
}
