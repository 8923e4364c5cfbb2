//! Resources: their names, what refers to what, and what nothing refers to.

use super::Checker;
use crate::finding::Finding;
use crate::{catalogue, rules};
use std::collections::HashMap;
use zisc_bundle::{Bundle, JobSpec, Machine, Placed, Reference, ResourceKind, Span, StateKind};

/// The longest name of a custom action, by its documentation.
const LONGEST_ACTION_NAME: usize = 20;
/// The longest name of a state where state machines come from.
const LONGEST_STATE_NAME: usize = 80;

impl<'a> Checker<'a> {
    pub(super) fn resources(&mut self) {
        self.names_of_resources();
        self.documented_names();
        let bundle = self.bundle;
        for job in bundle.job_specs() {
            self.event(job);
            self.flow_of_job(job);
        }
        self.other_integrations();
    }

    /// Names that stand twice: unique among all resources of a sort, in the bundle and in the integration.
    fn names_of_resources(&mut self) {
        let mut seen: HashMap<(&str, &str), Span> = HashMap::new();
        for resource in self.bundle.resources.values() {
            let Some((sort, name)) = sort_and_name(&resource.kind).filter(|(_, name)| !name.is_empty()) else {
                continue;
            };
            match seen.get(&(sort, name.as_str())) {
                None => drop(seen.insert((sort, name.as_str()), name.span)),
                Some(first) => self.findings.push(
                    rules::DUPLICATE_NAME
                        .at(name.span, format!("two {sort}s are called `{}`", **name))
                        .label("the second one")
                        .note(*first, "the first one")
                        .help("upload refuses this with: Bundle contains duplicated resources"),
                ),
            }
        }
    }

    /// Names that the documentation does not allow, though the platform takes them. One hint is enough.
    fn documented_names(&mut self) {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let odd: Vec<&Placed<String>> = self
            .bundle
            .http_actions()
            .map(|action| &action.name)
            .filter(|name| !name.contains("{{") && (name.len() > LONGEST_ACTION_NAME || !name.chars().all(fits)))
            .collect();
        self.hint_at_names(&odd, "an action", "at most 20 letters, digits and `_`");
        let mut odd: Vec<&Placed<String>> = Vec::new();
        let mut machines: Vec<&Machine> = self.bundle.flows().map(|flow| &*flow.machine).collect();
        while let Some(machine) = machines.pop() {
            for state in machine.states.values() {
                if state.name.chars().count() > LONGEST_STATE_NAME {
                    odd.push(&state.name);
                }
                if let StateKind::Map { iterator, .. } = &state.kind {
                    machines.push(iterator);
                }
            }
        }
        odd.sort_by_key(|name| name.span.start());
        self.hint_at_names(&odd, "a state", "at most 80 characters, where state machines come from");
    }

    fn hint_at_names(&mut self, odd: &[&Placed<String>], sort: &str, allowed: &str) {
        let Some((first, others)) = odd.split_first() else { return };
        let finding = rules::DOCUMENTED_NAME
            .at(first.span, format!("the documentation does not allow the name `{}` for {sort}", first.value))
            .label("the platform takes it all the same")
            .help(format!("{allowed}: keep to it where names are free to choose"));
        self.findings.push(match others.len() {
            0 => finding,
            1 => finding.note(others[0].span, "so is this one"),
            more => finding.note(others[0].span, format!("so is this one, and {} more", more - 1)),
        });
    }

    fn event(&mut self, job: &'a JobSpec) {
        let (source, event) = (&job.event_source, &job.event_type);
        if source.is_empty() || event.is_empty() || event.contains("{{") || catalogue::event(source, event).is_some() {
            return;
        }
        let quoted = self.quoted(event);
        if let Some(known) = catalogue::source_names().iter().find(|known| known.eq_ignore_ascii_case(source)) {
            let finding = if *known == source.as_str() {
                rules::UNKNOWN_EVENT.at(quoted.inside(), format!("`{}` has no event `{}`", source.value, event.value))
            } else {
                let span = self.quoted(source).inside();
                let finding = rules::UNKNOWN_EVENT.at(span, format!("there is no source of events `{}`", source.value));
                self.findings.push(finding.label("a job for it never runs").did_you_mean(span, Some(known)));
                return;
            };
            let finding = finding.label("a job for it never runs");
            let near = catalogue::nearest_event(known, event).filter(|near| near.source == *known);
            self.findings.push(match near {
                Some(near) => finding.did_you_mean(quoted.inside(), Some(near.event_type)),
                None => finding.help("upload accepts it, and the job then starts nothing"),
            });
        }
    }

    fn flow_of_job(&mut self, job: &'a JobSpec) {
        let name = &job.flow_name;
        if name.is_empty() {
            return; // it is missing, and that has been told
        }
        let quoted = self.quoted(name);
        let Some(Reference { kind: "flow", name: flow, .. }) = Reference::parse(name) else {
            let finding = rules::UNKNOWN_FLOW
                .at(quoted.inside(), format!("`{}` names no flow", name.value))
                .label("no name of a flow")
                .help("write zis:INTEGRATION:flow:NAME");
            let alone = self.bundle.flow(name).is_some();
            let integration = self.usual_integration.unwrap_or("INTEGRATION");
            let whole = format!("zis:{integration}:flow:{}", name.value);
            self.findings.push(match alone {
                true => finding.help(format!("write {whole}")).fix(format!("write {whole}"), quoted.inside(), whole),
                false => finding,
            });
            return;
        };
        if self.bundle.flow(flow).is_some() {
            return;
        }
        let span = quoted.part(name.len() - flow.len()..name.len());
        let finding = rules::UNKNOWN_FLOW.at(span, format!("no flow is called `{flow}`")).label("no such flow");
        // A key is easily taken for the name.
        let by_key = self.bundle.resources.get(flow).and_then(|resource| match &resource.kind {
            ResourceKind::Flow(flow) => Some(flow.name.as_str()),
            _ => None,
        });
        let names = self.bundle.flows().map(|flow| flow.name.as_str());
        let near = by_key.or_else(|| self.guesses.nearest(flow, names));
        let finding = match near {
            Some(near) => finding.did_you_mean(span, Some(near)),
            None => {
                let names: Vec<_> = self.bundle.flows().take(6).map(|flow| format!("`{}`", *flow.name)).collect();
                match names.is_empty() {
                    true => finding.help("upload accepts it, and the event then starts nothing"),
                    false => finding.help(format!(
                        "there are {}; upload accepts it, and the event then starts nothing",
                        names.join(", ")
                    )),
                }
            }
        };
        self.findings.push(finding);
    }

    /// Notes references to resources of another integration than the rest.
    fn other_integrations(&mut self) {
        let Some(usual) = self.usual_integration else { return };
        for (rule, reference, string) in references(self.bundle) {
            // What is filled in when the bundle is deployed may be the same.
            if reference.integration == usual || reference.integration.contains("{{") || usual.contains("{{") {
                continue;
            }
            let span = self.quoted(string).part(4..4 + reference.integration.len());
            self.findings.push(
                rule.at(
                    span,
                    format!(
                        "`{}` belongs to the integration `{}`, and this bundle to `{usual}`",
                        reference.name, reference.integration
                    ),
                )
                .label("another integration")
                .help(format!("did you mean `{usual}`?"))
                .fix(format!("write `{usual}`"), span, usual),
            );
        }
    }

    /// What nothing refers to. It is asked when all flows have been looked at.
    pub(super) fn unused(&mut self) {
        let unused = |name: &Placed<String>, headline: String, label: &str| -> Finding {
            rules::UNUSED.at(name.span, headline).label(label)
        };
        let called: Vec<Finding> = self
            .customs
            .values()
            .filter(|custom| !custom.is_called && !custom.action.name.is_empty())
            .map(|custom| {
                let name = &custom.action.name;
                unused(name, format!("action `{}` is not used", **name), "no state calls it")
                    .help("remove it, unless a flow of another bundle of the integration relies on it")
            })
            .collect();
        self.findings.extend(called);
        // A job that is itself wrong was meant for one of the flows.
        let is_certain = !self.has_gaps
            && self.bundle.job_specs().all(|job| {
                Reference::parse(&job.flow_name).is_some_and(|reference| self.bundle.flow(reference.name).is_some())
            });
        if !is_certain {
            return;
        }
        let started: Vec<&str> =
            self.bundle.job_specs().filter_map(|job| Some(Reference::parse(&job.flow_name)?.name)).collect();
        let flows: Vec<Finding> = self
            .bundle
            .flows()
            .filter(|flow| !started.contains(&flow.name.as_str()))
            .map(|flow| {
                unused(&flow.name, format!("flow `{}` is never started", *flow.name), "no job spec names it")
                    .help("add a ZIS::JobSpec for the event that starts it")
            })
            .collect();
        self.findings.extend(flows);
    }
}

fn sort_and_name(kind: &ResourceKind) -> Option<(&'static str, &Placed<String>)> {
    match kind {
        ResourceKind::Flow(flow) => Some(("flow", &flow.name)),
        ResourceKind::JobSpec(job) => Some(("job spec", &job.name)),
        ResourceKind::HttpAction(action) => Some(("action", &action.name)),
        ResourceKind::Unknown(_) => None,
    }
}

/// The integration that references are made for: what the registry says of the bundle, or what most of them say.
pub(crate) fn usual_integration(bundle: &Bundle) -> Option<&str> {
    let of_registry = bundle.extra.iter().find(|member| member.key.as_str() == "integration");
    of_registry.and_then(|member| member.value.as_str()).or_else(|| {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for (_, reference, _) in references(bundle) {
            *counts.entry(reference.integration).or_default() += 1;
        }
        counts.into_iter().max_by_key(|(name, count)| (*count, std::cmp::Reverse(*name))).map(|(name, _)| name)
    })
}

/// What refers to resources of an integration: the finding's rule, the reference, and the string it stands in.
fn references(bundle: &Bundle) -> Vec<(&'static crate::Rule, Reference<'_>, &Placed<String>)> {
    let mut all = Vec::new();
    for job in bundle.job_specs() {
        all.extend(Reference::parse(&job.flow_name).map(|reference| (&rules::UNKNOWN_FLOW, reference, &job.flow_name)));
    }
    let mut machines: Vec<&Machine> = bundle.flows().map(|flow| &*flow.machine).collect();
    while let Some(machine) = machines.pop() {
        for state in machine.states.values() {
            match &state.kind {
                StateKind::Action { action, .. } => {
                    all.extend(Reference::parse(action).map(|reference| (&rules::UNKNOWN_ACTION, reference, action)));
                }
                StateKind::Map { iterator, .. } => machines.push(iterator),
                _ => {}
            }
        }
    }
    all.retain(|(_, reference, _)| reference.integration != "common");
    all
}
