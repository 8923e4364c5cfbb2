//! What to tell a person whose run failed: where in the source that was, or what is missing outside of the flow.

use crate::complaint::Complaint;
use crate::run::Arguments;
use crate::source_map::Source;
use zisc_runtime::{Outcome, Stop, Trace, Unanswered};

/// Where in the source a flow failed. A `Fail` is what the source says and needs no pointing at.
pub(crate) fn failure_in_source(trace: &Trace, source: &Source) -> Option<Complaint> {
    let step = trace.steps.iter().rev().find(|step| step.error.is_some() && !step.caught)?;
    let error = step.error.as_ref()?;
    let cause = trace.shown_text(&error.cause);
    let complaint =
        Complaint::error(format!("state `{}` failed: {cause}", step.name)).at(&source.file, source.span(step.span));
    Some(match &error.detail {
        Some(detail) => complaint.help(trace.shown_text(detail)),
        None => complaint,
    })
}

/// What to do about a run that could not go on for a reason outside of the flow.
pub(crate) fn remedy(trace: &Trace, arguments: &Arguments) -> Option<Complaint> {
    let Outcome::Failed { stop, .. } = &trace.outcome else { return None };
    match stop {
        Some(Stop::Unanswered(unanswered)) => Some(unanswered_request(unanswered, trace, arguments)),
        Some(Stop::NoConnections(names)) => Some(no_connections(names, arguments)),
        _ => None,
    }
}

fn no_connections(names: &[String], arguments: &Arguments) -> Complaint {
    let entry = |name: &String| {
        format!("\"{name}\": {{ \"type\": \"bearer_token\", \"token\": {{ \"from_env\": \"TOKEN\" }} }}")
    };
    let entries: Vec<String> = names.iter().map(entry).collect();
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let complaint = Complaint::error(match &quoted[..] {
        [name] => format!("the account has no connection {name}"),
        several => format!("the account has no connections {}", several.join(", ")),
    });
    let (entries, them) = (entries.join(",\n"), if names.len() == 1 { "it" } else { "them" });
    match &arguments.account {
        Some(path) => complaint.help(format!("add {them} to `connections` of {}:\n{entries}", path.display())),
        None => complaint.help(format!(
            "give an account that has {them}, as --account account.json with\n{{ \"connections\": {{ {entries} }} }}"
        )),
    }
}

fn unanswered_request(unanswered: &Unanswered, trace: &Trace, arguments: &Arguments) -> Complaint {
    let request = &unanswered.request;
    let (method, url) = (&request.method, trace.shown_text(&request.url));
    let complaint = Complaint::error(format!("nothing answers {method} {url} of state `{}`", request.state));
    let Some(path) = &arguments.http else {
        return complaint.help(format!(
            "send it for real with --live, or with --record http.json to keep the answer,\nor answer it from a file, as --http http.json with\n{{ \"exchanges\": [{{\n  \"request\": {{ \"method\": \"{method}\", \"url\": \"{url}\" }},\n  \"response\": {{ \"status\": 200, \"body\": {{}} }}\n}}] }}"
        ));
    };
    let path = path.display();
    let Some(nearest) = &unanswered.nearest else {
        return complaint.help(format!("{path} has no exchanges: add one for this request"));
    };
    let number = nearest.position;
    if nearest.differences.is_empty() {
        return complaint.help(format!(
            "exchange {number} of {path} fits, but an earlier request has used it:\nadd another one, or \"repeat\": true to it"
        ));
    }
    let used = if nearest.used { ", though an earlier request has used it," } else { "" };
    let mut help = format!("exchange {number} of {path} is the nearest{used} and differs in");
    for difference in &nearest.differences {
        let (expected, sent) = (trace.shown_text(&difference.expected), trace.shown_text(&difference.sent));
        help.push_str(&format!("\n  {}\n    expected  {expected}\n    it is     {sent}", difference.field));
    }
    complaint.help(help)
}
