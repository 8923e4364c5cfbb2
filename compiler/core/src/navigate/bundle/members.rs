//! What the objects of a bundle can hold: the one table that documentation and completion read.

use zisc_bundle::Operator;

/// An object of a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// The bundle itself.
    Bundle,
    /// The resources by key.
    Resources,
    /// A resource.
    Resource,
    /// `properties` of a resource.
    Properties,
    /// `definition` of a custom action.
    Request,
    /// A header, or a parameter of the query.
    Header,
    /// A machine: the definition of a flow, or the iterator of a Map.
    Machine,
    /// The states by name.
    States,
    /// A state.
    State,
    /// A catcher.
    Catcher,
    /// A rule of a Choice.
    Rule,
    /// A rule in a rule.
    Condition,
}

/// What stands in a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Holds {
    /// An object of this sort.
    Object(Owner),
    /// A list of such objects.
    List(Owner),
    /// Any JSON, with paths where a key ends in `.$`.
    Template,
    /// A text that may hold placeholders.
    Text,
    /// A name that is given here.
    Name,
    /// A path that is read.
    Path,
    /// A path that is written.
    ResultPath,
    /// The name of a state of the same machine.
    StateName,
    /// A full reference to an action.
    ActionName,
    /// A full reference to a flow.
    FlowName,
    /// The name of a connection.
    Connection,
    /// One of these texts.
    OneOf(&'static [&'static str]),
    /// A list of such texts.
    SomeOf(&'static [&'static str]),
    /// The source of an event.
    EventSource,
    /// The type of an event.
    EventType,
    /// A number of seconds.
    Number,
    /// `true`
    True,
    /// What the variable of a rule is compared with.
    Operand,
}

/// A member that an object can have.
#[derive(Debug, PartialEq, Eq)]
pub struct Member {
    /// The object.
    pub of: Owner,
    /// The `Type` of the states, or the `type` of the resources, that have it; of all where there is none.
    pub kinds: &'static [&'static str],
    /// Its name.
    pub name: &'static str,
    /// What stands in it.
    pub holds: Holds,
    /// Whether it cannot be left out.
    pub is_required: bool,
    /// What it means.
    pub summary: &'static str,
}

const FLOW: &[&str] = &["ZIS::Flow"];
const JOB: &[&str] = &["ZIS::JobSpec"];
const HTTP: &[&str] = &["ZIS::Action::Http"];
/// What a resource can be.
pub const RESOURCE_TYPES: &[(&str, &str)] = &[
    ("ZIS::Flow", "a flow: states that run one after the other"),
    ("ZIS::JobSpec", "a job spec: the event that starts a flow"),
    ("ZIS::Action::Http", "a custom action: one HTTP request"),
];
/// What a state can be.
pub const STATE_TYPES: &[(&str, &str)] = &[
    ("Action", "runs an action of the platform, or a custom one"),
    ("Choice", "goes where the first true rule leads"),
    ("Map", "runs a machine for each item of a list"),
    ("Pass", "hands its data on, or puts a result into it"),
    ("Succeed", "ends the flow as done"),
    ("Fail", "ends the flow as failed"),
    ("Wait", "waits some seconds"),
];
const TYPES_OF_RESOURCES: &[&str] = &["ZIS::Flow", "ZIS::JobSpec", "ZIS::Action::Http"];
const TYPES_OF_STATES: &[&str] = &["Action", "Choice", "Map", "Pass", "Succeed", "Fail", "Wait"];

/// All members that the platform knows, but for the operators of rules.
pub static MEMBERS: &[Member] = {
    use Holds::{List, Name, Object, OneOf, SomeOf, Template, Text};
    use Owner::{
        Bundle, Catcher, Condition, Header, Machine, Properties, Request, Resource, Resources, Rule, State, States,
    };
    &[
        needed(
            Bundle,
            &[],
            "zis_template_version",
            OneOf(&[zisc_bundle::TEMPLATE_VERSION]),
            "The format of bundles. There is one; it says nothing of the version of this bundle.",
        ),
        needed(Bundle, &[], "name", Name, "What the bundle is called. Uploading one of the same name replaces it."),
        free(Bundle, &[], "description", Text, "What the bundle is for, in words."),
        needed(Bundle, &[], "resources", Object(Resources), "Flows, job specs and custom actions, each under a key."),
        needed(Resource, &[], "type", OneOf(TYPES_OF_RESOURCES), "What the resource is."),
        needed(Resource, &[], "properties", Object(Properties), "The resource itself."),
        needed(
            Properties,
            &[],
            "name",
            Name,
            "The name by which the resource is referred to. The key is not used for that.",
        ),
        needed(Properties, FLOW, "definition", Object(Machine), "The states of the flow."),
        needed(Properties, HTTP, "definition", Object(Request), "The request."),
        needed(
            Properties,
            JOB,
            "event_source",
            Holds::EventSource,
            "Where the event comes from: `support` for Zendesk's own, or the name of an inbound webhook's source.",
        ),
        needed(Properties, JOB, "event_type", Holds::EventType, "Which event of the source starts the flow."),
        needed(Properties, JOB, "flow_name", Holds::FlowName, "The flow, as `zis:INTEGRATION:flow:NAME`."),
        needed(Request, &[], "method", OneOf(zisc_syntax::METHODS), "The method of HTTP."),
        free(Request, &[], "url", Text, "Where the request goes, with placeholders for parameters."),
        free(Request, &[], "path", Text, "Where the request goes on the account's own host. Use `url` for any other."),
        free(Request, &[], "connectionName", Holds::Connection, "The connection that signs the request."),
        free(Request, &[], "headers", List(Header), "The headers of the request."),
        free(Request, &[], "queryParams", List(Header), "The parameters of the query: they are encoded for you."),
        free(Request, &[], "requestBody", Template, "The body, as JSON."),
        needed(Header, &[], "key", Name, "Its name."),
        needed(Header, &[], "value", Text, "Its value."),
        needed(Machine, &[], "StartAt", Holds::StateName, "The state that runs first."),
        needed(Machine, &[], "States", Object(States), "The states by name."),
        free(Machine, &[], "Comment", Text, "A note for people."),
        needed(State, &[], "Type", OneOf(TYPES_OF_STATES), "What the state does."),
        free(State, &[], "Comment", Text, "A note for people."),
        needed(
            State,
            &["Action"],
            "ActionName",
            Holds::ActionName,
            "The action: `zis:common:action:NAME` for one of the platform, `zis:common:transform:Jq` for jq, `zis:INTEGRATION:action:NAME` for a custom one.",
        ),
        free(
            State,
            &["Action"],
            "Parameters",
            Template,
            "What the action is called with: all that it sees. A key that ends in `.$` takes a path or placeholders.",
        ),
        free(
            State,
            &["Action", "Map", "Pass"],
            "ResultPath",
            Holds::ResultPath,
            "Where the result goes. Without it, the result takes the place of all data.",
        ),
        free(State, &["Action", "Map"], "Catch", List(Catcher), "Where to go on when it fails."),
        needed(State, &["Choice"], "Choices", List(Rule), "The rules, in order: the first true one decides."),
        free(State, &["Choice"], "Default", Holds::StateName, "Where to go when no rule is true."),
        needed(State, &["Map"], "ItemsPath", Holds::Path, "The list to go through: at most 100 objects."),
        needed(
            State,
            &["Map"],
            "Iterator",
            Object(Machine),
            "The states that run for each item. In them `$` is the item, and nothing else can be read.",
        ),
        free(State, &["Pass"], "Result", Template, "What is put at `ResultPath`. Without it, the data stays as it is."),
        free(State, &["Succeed"], "Message", Text, "What the log says."),
        needed(State, &["Fail"], "Error", Text, "A short name for what went wrong."),
        needed(State, &["Fail"], "Cause", Text, "What went wrong, for the log."),
        free(State, &["Wait"], "Seconds", Holds::Number, "How long to wait. It counts as running time of the flow."),
        free(State, &["Wait"], "SecondsPath", Holds::Path, "Where the number of seconds stands."),
        free(State, &["Action", "Map", "Pass", "Wait"], "Next", Holds::StateName, "The state that runs next."),
        free(State, &["Action", "Map", "Pass", "Wait"], "End", Holds::True, "`true` where the flow ends here."),
        needed(Catcher, &[], "ErrorEquals", SomeOf(&["States.ALL"]), "Which errors: only `[\"States.ALL\"]` is known."),
        needed(Catcher, &[], "Next", Holds::StateName, "Where to go on."),
        free(
            Catcher,
            &[],
            "ResultPath",
            Holds::ResultPath,
            "Where the error goes: an object with `Cause`. Without it, the error takes the place of all data.",
        ),
        needed(Rule, &[], "Next", Holds::StateName, "Where to go when the rule is true."),
        free(Condition, &[], "Variable", Holds::Path, "The value that is compared."),
        free(Condition, &[], "And", List(Condition), "True when all of these are."),
        free(Condition, &[], "Or", List(Condition), "True when one of these is."),
        free(Condition, &[], "Not", Object(Condition), "True when this is not."),
    ]
};

const fn needed(
    of: Owner,
    kinds: &'static [&'static str],
    name: &'static str,
    holds: Holds,
    summary: &'static str,
) -> Member {
    Member { of, kinds, name, holds, is_required: true, summary }
}

const fn free(
    of: Owner,
    kinds: &'static [&'static str],
    name: &'static str,
    holds: Holds,
    summary: &'static str,
) -> Member {
    Member { of, kinds, name, holds, is_required: false, summary }
}

/// The members that an object of this sort and type can have. Where the type is not known, those of all types.
pub fn members_of(of: Owner, kind: Option<&str>) -> impl Iterator<Item = &'static Member> {
    // A rule is a condition that says where to go.
    let is_of = move |member: &&Member| member.of == of || (of == Owner::Rule && member.of == Owner::Condition);
    let fits = move |member: &&Member| kind.is_none_or(|kind| member.kinds.is_empty() || member.kinds.contains(&kind));
    MEMBERS.iter().filter(is_of).filter(fits)
}

/// The member of this name, `.$` left out.
pub fn member(of: Owner, kind: Option<&str>, name: &str) -> Option<&'static Member> {
    let plain = name.strip_suffix(".$").unwrap_or(name);
    members_of(of, kind).find(|member| member.name == plain)
}

/// Members of which an object has one at most.
const ALTERNATIVES: &[[&str; 2]] = &[["Next", "End"], ["Seconds", "SecondsPath"], ["url", "path"]];

/// Whether an object that has one member cannot have the other. A rule asks one thing.
pub(super) fn excludes(present: &str, other: &str) -> bool {
    let joins = |name: &str| matches!(name, "And" | "Or" | "Not");
    let compares = |name: &str| Operator::named(name).is_some();
    present != other
        && (ALTERNATIVES.iter().any(|pair| pair.contains(&present) && pair.contains(&other))
            || (joins(present) && (joins(other) || compares(other) || other == "Variable"))
            || (compares(present) && (joins(other) || compares(other)))
            || (present == "Variable" && joins(other)))
}
