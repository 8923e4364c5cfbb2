//! Which flow an event starts.

use crate::complaint::Complaint;
use crate::file::TextFile;
use std::sync::Arc;
use zisc_bundle::{Bundle, JobSpec, Reference, nearest};
use zisc_runtime::Event;

/// A flow, and the job spec that leads to it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Chosen {
    /// The flow's name.
    pub(crate) flow: String,
    /// The job spec's name, where there is one.
    pub(crate) job_spec: Option<String>,
    /// The event type of that job spec, where the event is of another one.
    pub(crate) other_event: Option<String>,
}

/// The event types that carry this label in this member of the payload: `Status Changed` in `ticket_event` is
/// `ticket.StatusChanged`.
fn event_types(member: &str, label: &str) -> Vec<&'static str> {
    let events = zisc_core::catalogue::events_with_label(label);
    events.filter(|event| event.root == member).map(|event| event.event_type).collect()
}

/// Chooses by the name of a flow, of a job spec, by the event, or because there is no choice.
pub(crate) fn choose(
    file: &Arc<TextFile>,
    bundle: &Bundle,
    event: &Event,
    flow: Option<&str>,
    job: Option<&str>,
) -> Result<Chosen, Complaint> {
    let types = event.label().map(|(member, label)| event_types(member, label)).unwrap_or_default();
    let fits = |job_spec: &JobSpec| types.contains(&job_spec.event_type.as_str());
    let chosen = |flow: &str, job_spec: Option<&JobSpec>| Chosen {
        flow: flow.to_owned(),
        job_spec: job_spec.map(|job_spec| job_spec.name.value.clone()),
        other_event: job_spec
            .filter(|job_spec| !types.is_empty() && !fits(job_spec))
            .map(|job_spec| job_spec.event_type.value.clone()),
    };
    if let Some(name) = flow {
        let Some(flow) = bundle.flow(name) else {
            return Err(unknown("flow", name, bundle.flows().map(|flow| flow.name.as_str())));
        };
        let jobs: Vec<_> = bundle.job_specs().filter(|job_spec| flow_of(job_spec) == Some(&flow.name)).collect();
        let first = jobs.iter().find(|job_spec| fits(job_spec)).or(jobs.first());
        return Ok(chosen(name, first.copied()));
    }
    if let Some(name) = job {
        let Some(job_spec) = bundle.job_specs().find(|job_spec| *job_spec.name == name) else {
            return Err(unknown("job spec", name, bundle.job_specs().map(|job_spec| job_spec.name.as_str())));
        };
        return by_job_spec(file, bundle, job_spec).map(|flow| chosen(&flow, Some(job_spec)));
    }
    let fitting: Vec<&JobSpec> = bundle.job_specs().filter(|job_spec| fits(job_spec)).collect();
    let flows: Vec<&str> = bundle.flows().map(|flow| flow.name.as_str()).collect();
    match (&fitting[..], &flows[..]) {
        ([job_spec], _) => by_job_spec(file, bundle, job_spec).map(|flow| chosen(&flow, Some(job_spec))),
        ([], [only]) => {
            let job_spec = bundle.job_specs().find(|job_spec| flow_of(job_spec) == Some(only));
            Ok(chosen(only, job_spec))
        }
        ([], []) => Err(Complaint::error(format!("{} has no flow to run", file.name()))
            .help("a bundle's `resources` hold one ZIS::Flow at least")),
        ([], _) => {
            let complaint = Complaint::error(match event.label() {
                Some((_, label)) => {
                    format!("no job spec answers to the event \"{label}\", and the bundle has several flows")
                }
                None => "the event does not say its type, and the bundle has several flows".to_owned(),
            });
            Err(complaint.help(format!(
                "name the flow: zisc run {} FLOW --event …\nthe flows are {}",
                file.name(),
                list(&flows)
            )))
        }
        (several, _) => {
            let names: Vec<&str> = several.iter().map(|job_spec| job_spec.name.as_str()).collect();
            let complaint = Complaint::error("several job specs answer to this event");
            Err(complaint.help(format!("choose one with --job: {}", list(&names))))
        }
    }
}

fn flow_of(job_spec: &JobSpec) -> Option<&str> {
    Reference::parse(&job_spec.flow_name).map(|reference| reference.name)
}

fn by_job_spec(file: &Arc<TextFile>, bundle: &Bundle, job_spec: &JobSpec) -> Result<String, Complaint> {
    let flow = flow_of(job_spec).filter(|name| bundle.flow(name).is_some());
    flow.map(str::to_owned).ok_or_else(|| {
        let names = bundle.flows().map(|flow| flow.name.as_str());
        let near = flow_of(job_spec).and_then(|name| nearest(name, names));
        let complaint =
            Complaint::error(format!("job spec `{}` starts a flow that this bundle does not have", *job_spec.name))
                .at(file, job_spec.flow_name.span);
        match near {
            Some(name) => complaint.help(format!("did you mean `{name}`?")),
            None => complaint,
        }
    })
}

pub(crate) fn unknown<'a>(kind: &str, name: &str, names: impl Iterator<Item = &'a str>) -> Complaint {
    let names: Vec<&str> = names.collect();
    let complaint = Complaint::error(format!("the bundle has no {kind} `{name}`"));
    match nearest(name, names.iter().copied()) {
        Some(near) => complaint.help(format!("did you mean `{near}`?")),
        None => complaint.help(format!("it has {}", list(&names))),
    }
}

fn list(names: &[&str]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
