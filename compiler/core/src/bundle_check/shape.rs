//! What cannot be read as a bundle, and members that the platform does not know.

use super::Checker;
use crate::finding::Finding;
use crate::rules;
use zisc_bundle::json::{self, Loss, Member};
use zisc_bundle::{Condition, Problem, ProblemKind, ResourceKind, State, StateKind, nearest};

/// A mistake in the JSON itself.
pub(super) fn broken(error: &json::Error) -> Finding {
    let finding = match error.loss {
        Loss::Comment => rules::COMMENT
            .at(error.span, error.message.clone())
            .label("the registry does not read over it")
            .help("remove it; what people should know can stand in a `Comment` of the flow or of a state"),
        Loss::Nothing | Loss::Value | Loss::Structure => {
            rules::UNEXPECTED.at(error.span, error.message.clone()).label("not JSON here")
        }
    };
    mended(finding, error.instead.as_deref())
}

/// The finding with the JSON that is right in its place.
fn mended(finding: Finding, instead: Option<&str>) -> Finding {
    let span = finding.span;
    match instead {
        Some("") => finding.fix("remove it", span, ""),
        Some(text) if span.is_empty() => finding.fix(format!("add `{text}`"), span, text),
        Some(text) => finding.fix(format!("write `{text}`"), span, text),
        None => finding,
    }
}

/// What the reader of bundles says. What is missing in one object is told of at once.
pub(super) fn problems(problems: &[Problem]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for problem in problems {
        let Some((what, rest)) = problem.message.split_once(" is missing in ") else {
            findings.push(self::problem(problem));
            continue;
        };
        let same = findings.last_mut().filter(|last| last.span == problem.span);
        match same.and_then(|last| Some((last.headline.strip_suffix(&format!(" missing in {rest}"))?.to_owned(), last)))
        {
            Some((before, last)) => {
                let before = before.trim_end_matches(" is").trim_end_matches(" are").replace(" and ", ", ");
                last.headline = format!("{before} and {what} are missing in {rest}");
            }
            None => findings.push(self::problem(problem)),
        }
    }
    findings
}

/// What the reader of bundles says about something.
fn problem(problem: &Problem) -> Finding {
    let (rule, label) = match problem.kind {
        ProblemKind::Json => (&rules::UNEXPECTED, "not JSON here"),
        ProblemKind::Missing => (&rules::INCOMPLETE, "something is missing here"),
        ProblemKind::WrongKind => (&rules::WRONG_TYPE, "of another kind than is wanted"),
        ProblemKind::Contradiction => (&rules::CONTRADICTION, "excludes the other"),
        ProblemKind::UnknownType => (&rules::UNKNOWN_SORT, "not known to the platform"),
        ProblemKind::UnknownOperator => (&rules::UNKNOWN_OPERATOR, "no such operator"),
        ProblemKind::UnknownState => (&rules::UNKNOWN_LABEL, "no such state"),
        ProblemKind::Duplicate => (&rules::DUPLICATE_NAME, "the second one"),
        ProblemKind::Unusable => (&rules::INVALID_DURATION, "cannot be used here"),
    };
    let finding = rule.at(problem.span, problem.message.clone()).label(label).help_if(problem.help.clone());
    match &problem.instead {
        Some(text) => finding.fix(format!("write `{}`", text.trim_matches('"')), problem.span, text),
        None => finding,
    }
}

/// The members of each type of state, beside `Type` and `Comment`.
const STATE_MEMBERS: &[(&str, &[&str])] = &[
    ("Action", &["ActionName", "Parameters", "ResultPath", "Catch", "Next", "End"]),
    ("Choice", &["Choices", "Default"]),
    ("Map", &["ItemsPath", "Iterator", "ResultPath", "Catch", "Next", "End"]),
    ("Pass", &["Result", "ResultPath", "Next", "End"]),
    ("Succeed", &["Message"]),
    ("Fail", &["Error", "Cause"]),
    ("Wait", &["Seconds", "SecondsPath", "Next", "End"]),
];

const DEFINITION_MEMBERS: &[&str] =
    &["method", "url", "path", "headers", "queryParams", "requestBody", "connectionName"];

impl<'a> Checker<'a> {
    /// Notes members that the platform passes over.
    pub(super) fn unknown_members(&mut self) {
        let bundle = self.bundle;
        // What the registry adds when it hands a bundle out is no mistake.
        let top = ["name", "description", "zis_template_version", "resources"];
        let added = ["uuid", "integration", "zendesk_account_id"];
        for member in bundle.extra.iter().filter(|member| !added.contains(&member.key.as_str())) {
            self.unknown_member(member, "a bundle", &top, false);
        }
        for resource in bundle.resources.values() {
            match &resource.kind {
                ResourceKind::Flow(flow) => self.unknown_members_of_machine(&flow.machine),
                ResourceKind::HttpAction(action) => {
                    for member in &action.definition_extra {
                        self.unknown_member(member, "the definition of an action", DEFINITION_MEMBERS, true);
                    }
                }
                ResourceKind::JobSpec(_) | ResourceKind::Unknown(_) => {}
            }
        }
    }

    fn unknown_members_of_machine(&mut self, machine: &'a zisc_bundle::Machine) {
        for member in &machine.extra {
            self.unknown_member(member, "a flow", &["StartAt", "States", "Comment"], true);
        }
        for state in machine.states.values() {
            self.unknown_members_of_state(state);
            if let StateKind::Map { iterator, .. } = &state.kind {
                self.unknown_members_of_machine(iterator);
            }
        }
    }

    fn unknown_members_of_state(&mut self, state: &'a State) {
        let sort = state.kind.type_name();
        let known = STATE_MEMBERS.iter().find(|(name, _)| *name == sort).map_or(&[][..], |(_, known)| known);
        for member in &state.extra {
            let article = if sort == "Action" { "an" } else { "a" };
            self.unknown_member(member, &format!("{article} {sort}"), known, true);
        }
        for member in state.kind.catch().iter().flat_map(|catcher| &catcher.extra) {
            self.unknown_member(member, "a catcher", &["ErrorEquals", "Next", "ResultPath"], true);
        }
        if let StateKind::Choice { rules, .. } = &state.kind {
            for rule in rules.iter().filter(|rule| !matches!(rule.condition, Condition::Unknown(_))) {
                for member in &rule.extra {
                    self.unknown_member(member, "a rule", &["Variable", "And", "Or", "Not", "Next"], true);
                }
            }
        }
    }

    /// One member that nobody asked for. Where `strict`, every one is worth a word; elsewhere only one that looks like
    /// a known one: the platform accepts others.
    fn unknown_member(&mut self, member: &Member, what: &str, known: &[&str], strict: bool) {
        let key = member.key.as_str();
        // What is missing in its right form has been told of.
        if key == "Comment" || self.findings.iter().any(|finding| finding.span == member.key.span) {
            return;
        }
        if known.contains(&key) {
            self.findings.push(
                rules::DUPLICATE_NAME
                    .at(member.key.span, format!("`{key}` stands twice; the platform sees only the last one"))
                    .label("this one is not seen")
                    .help("remove one of the two"),
            );
            return;
        }
        let near = known.iter().copied().find(|name| name.eq_ignore_ascii_case(key)).or_else(|| match key {
            "query" | "params" => Some("queryParams").filter(|name| known.contains(name)),
            "body" => Some("requestBody").filter(|name| known.contains(name)),
            "connection" => Some("connectionName").filter(|name| known.contains(name)),
            _ => nearest(key, known.iter().copied()),
        });
        if near.is_none() && !strict {
            return;
        }
        let finding = rules::UNKNOWN_MEMBER
            .at(member.key.span, format!("the platform knows no `{key}` in {what}"))
            .label("passed over");
        self.findings.push(match (near, instead(key)) {
            (_, Some(instead)) => finding.help(instead),
            (Some(near), None) => finding.help(format!("did you mean `{near}`?")).fix(
                format!("write `{near}`"),
                member.key.span,
                format!("\"{near}\""),
            ),
            (None, None) => finding.help("remove it"),
        });
    }
}

/// What takes the place of a member that state machines elsewhere have.
fn instead(key: &str) -> Option<&'static str> {
    Some(match key {
        "InputPath" | "OutputPath" | "Parameters" | "ResultSelector" | "ItemSelector" | "Assign" | "Arguments"
        | "Output" | "Result" => "shape the data in a state of its own, with zis:common:transform:Jq",
        "Retry" => "the platform repeats whole flows; to go on after an error, use `Catch`",
        "TimeoutSeconds" | "HeartbeatSeconds" => "a flow may run for 100 seconds, and nothing changes that",
        "Timestamp" | "TimestampPath" => "compute the seconds with jq, and use `SecondsPath`",
        "ErrorPath" | "CausePath" => "`Error` and `Cause` take a path or placeholders themselves",
        "ItemProcessor" => "a Map runs what stands in `Iterator`",
        "MaxConcurrency" => "remove it: the items of a Map are taken one after the other",
        "Resource" => "an Action names what it runs in `ActionName`",
        "Branches" => "the platform runs one branch at a time: put the states one after the other",
        "ResultPath" | "Catch" => "it belongs to an Action or a Map",
        _ => return None,
    })
}
