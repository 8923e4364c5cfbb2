//! `zisc run`: executes a flow of a bundle on this machine.

use crate::Outcome;
use crate::build;
use crate::choose::{Chosen, choose};
use crate::complaint::Complaint;
use crate::file::{self, TextFile};
use crate::input::{self, Input, Stop, complaints};
use crate::project;
use crate::render::Colors;
use crate::timeline::{Detail, timeline};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use text_size::TextSize;
use zisc_bundle::Span;
use zisc_runtime::{
    Account, Event, Http, Live, LiveLimits, NoHttp, Recording, Runtime, Time, Trace, Unanswered, Value, World,
};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A bundle's JSON file, a .zis file, or a folder with a main.zis; the current folder where none is named
    file: Option<PathBuf>,
    /// The flow; may be left out where one job spec answers to the event, or where there is one flow
    flow: Option<String>,
    /// The event: a whole envelope, or a bare payload, which is wrapped; - reads standard input
    #[arg(long, value_name = "FILE")]
    event: PathBuf,
    /// The local account: its connections, configs and links; it has none where this is left out
    #[arg(long, value_name = "FILE")]
    account: Option<PathBuf>,
    /// Answers requests from the exchanges of this file; without it a flow stops at its first request
    #[arg(long, value_name = "FILE")]
    http: Option<PathBuf>,
    /// Sends requests for real
    #[arg(long, conflicts_with = "http")]
    live: bool,
    /// Sends requests for real, and writes what was exchanged to this file, credentials removed
    #[arg(long, value_name = "FILE", conflicts_with = "http")]
    record: Option<PathBuf>,
    /// The job spec whose flow is run
    #[arg(long, value_name = "NAME", conflicts_with = "flow")]
    job: Option<String>,
    /// Adds each state's parameters and result to the timeline
    #[arg(long)]
    trace: bool,
    /// What is printed: a timeline of states, or one JSON object
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: Format,
    /// Runs the whole flow again after errors that the platform does so for: at most four times
    #[arg(long)]
    reruns: bool,
    /// How the platform behaves where nobody knows for sure, as in load_config=wrapped; may be given several times
    #[arg(long, value_name = "SETTING=VALUE")]
    platform: Vec<String>,
    /// Another limit, as in map_items=none; the limits are run_time, map_items, transitions, nested_transitions
    #[arg(long, value_name = "LIMIT=NUMBER")]
    limit: Vec<String>,
    /// Waits as long as the flow waits; otherwise time is virtual, and waiting takes none
    #[arg(long)]
    real_time: bool,
    #[command(flatten)]
    project: project::Environment,
}

/// What is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

/// Colours of both streams: one may go to a file, the other to a terminal.
#[derive(Clone, Copy)]
pub(crate) struct BothColors {
    pub(crate) results: Colors,
    pub(crate) messages: Colors,
}

/// The source of the flow that runs.
struct Source {
    file: Arc<TextFile>,
    /// Where the flow begins; the places of its states are counted from there.
    start: TextSize,
}

impl Source {
    fn of(file: &Arc<TextFile>, flow: &str) -> Option<Self> {
        Some(Self { file: file.clone(), start: build::item_start(file, flow)? })
    }

    /// A place in the flow as a place in the file.
    fn span(&self, span: Span) -> Span {
        let size = TextSize::of(self.file.text.as_str());
        let shifted = |at: TextSize| at.checked_add(self.start).unwrap_or(size).min(size);
        Span::new(shifted(span.start()), shifted(span.end()))
    }
}

pub(crate) fn run(arguments: &Arguments, colors: BothColors) -> anyhow::Result<Outcome> {
    let show = |complaints: Vec<Complaint>| complaints.iter().for_each(|complaint| complaint.show(colors.messages));
    match execute(arguments, colors) {
        Ok(trace) if trace.outcome.is_success() => Ok(Outcome::Done),
        Ok(_) => Ok(Outcome::Faulty),
        Err(Stop::Faulty(complaints)) => {
            show(complaints);
            Ok(Outcome::Faulty)
        }
        Err(Stop::NotCarriedOut(complaints)) => {
            show(complaints);
            Ok(Outcome::NotCarriedOut)
        }
        Err(Stop::Other(error)) => Err(error),
    }
}

fn execute(arguments: &Arguments, colors: BothColors) -> Result<Trace, Stop> {
    let Input { file, bundle, project, is_source } =
        input::bundle(arguments.file.as_deref(), &arguments.project, colors.messages)?;
    let mut runtime = Runtime::load(&bundle).map_err(|problems| Stop::Faulty(complaints(&file, &problems)))?;
    for (name, value) in &project.platform {
        let chosen = runtime.platform.choose(name, value);
        chosen.map_err(|message| Complaint::error(format!("[platform] of zisc.toml: {name}: {message}")))?;
    }
    for setting in &arguments.platform {
        let (name, value) = setting.split_once('=').unwrap_or((setting, ""));
        runtime
            .platform
            .choose(name, value)
            .map_err(|message| Complaint::error(format!("--platform {setting}: {message}")))?;
    }
    for limit in &arguments.limit {
        let (name, number) = limit.split_once('=').unwrap_or((limit, ""));
        runtime
            .limits
            .choose(name, number)
            .map_err(|message| Complaint::error(format!("--limit {limit}: {message}")))?;
    }
    let account = arguments.account.as_deref().map_or_else(|| Ok(Account::default()), input::account)?;
    let exchanges = arguments.http.as_deref().map(input::exchanges).transpose()?;
    let event = runtime.event(input::event(&arguments.event)?, &account);
    let chosen = choose(&file, &bundle, &event, arguments.flow.as_deref(), arguments.job.as_deref())?;
    if let (Some(other), Some((_, label))) = (&chosen.other_event, event.label()) {
        Complaint::warning(format!("the event is \"{label}\", and the flow listens for {other}")).show(colors.messages);
    }
    let time = if arguments.real_time { Time::Real } else { Time::Virtual };
    let reruns = arguments.reruns;
    let attempts = match (exchanges, &arguments.record) {
        (Some(http), _) => play(&runtime, &chosen, &event, &mut World { account, http, time }, reruns)?,
        (None, Some(path)) => {
            let http = Recording::new(Live::new(LiveLimits::default()), &account);
            let mut world = World { account, http, time };
            let attempts = play(&runtime, &chosen, &event, &mut world, reruns)?;
            file::write(path, &format!("{}\n", world.http.to_json().to_json_pretty()))?;
            attempts
        }
        (None, None) if arguments.live => {
            let http = Live::new(LiveLimits::default());
            play(&runtime, &chosen, &event, &mut World { account, http, time }, reruns)?
        }
        (None, None) => play(&runtime, &chosen, &event, &mut World { account, http: NoHttp, time }, reruns)?,
    };
    let source = is_source.then(|| Source::of(&file, &chosen.flow)).flatten();
    let source = source.as_ref();
    print(&attempts, source, arguments, colors)?;
    let Some(trace) = attempts.into_iter().next_back() else {
        return Err(Complaint::error(format!("the bundle has no flow `{}`", chosen.flow)).into());
    };
    if let Some(complaint) = remedy(&trace, arguments).or_else(|| failure_in_source(&trace, source?)) {
        complaint.show(colors.messages);
    }
    Ok(trace)
}

/// Runs the flow, again where the platform would and that is asked for. One trace for each time.
fn play<H: Http>(
    runtime: &Runtime,
    chosen: &Chosen,
    event: &Event,
    world: &mut World<H>,
    reruns: bool,
) -> Result<Vec<Trace>, Stop> {
    let tokio = tokio::runtime::Builder::new_current_thread().enable_time().build().map_err(anyhow::Error::from)?;
    let mut attempts = tokio.block_on(async {
        if reruns {
            runtime.run_with_reruns(&chosen.flow, event, world).await
        } else {
            runtime.run(&chosen.flow, event, world).await.into_iter().collect()
        }
    });
    for trace in &mut attempts {
        trace.job_spec.clone_from(&chosen.job_spec);
    }
    Ok(attempts)
}

fn print(attempts: &[Trace], source: Option<&Source>, arguments: &Arguments, colors: BothColors) -> Result<(), Stop> {
    let mut text = String::new();
    match (arguments.format, attempts) {
        (Format::Json, [earlier @ .., last]) => {
            let place = |span: Span| source.map(|source| source.file.place(source.span(span)));
            let mut json = last.to_json_with_places(&place);
            if let (Value::Object(members), false) = (&mut json, earlier.is_empty()) {
                members.insert(
                    "earlier_attempts",
                    Value::array(earlier.iter().map(|trace| trace.to_json_with_places(&place))),
                );
            }
            text = format!("{}\n", json.to_json_pretty());
        }
        (Format::Json, []) => {}
        (Format::Text, attempts) => {
            let detail = if arguments.trace { Detail::Values } else { Detail::States };
            for (position, trace) in attempts.iter().enumerate() {
                if position > 0 {
                    text.push_str(&format!("\nattempt {}\n\n", position + 1));
                }
                text.push_str(&timeline(trace, detail, colors.results));
            }
        }
    }
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(anyhow::Error::from)?;
    Ok(())
}

/// Where in the source a flow failed. A `Fail` is what the source says and needs no pointing at.
fn failure_in_source(trace: &Trace, source: &Source) -> Option<Complaint> {
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
fn remedy(trace: &Trace, arguments: &Arguments) -> Option<Complaint> {
    let zisc_runtime::Outcome::Failed { state, cause, stop, .. } = &trace.outcome else { return None };
    match stop {
        Some(zisc_runtime::Stop::Unanswered(unanswered)) => Some(unanswered_request(unanswered, trace, arguments)),
        _ if state.is_none() && cause.starts_with("Cannot start flow") => {
            let name = cause.split('"').nth(1).unwrap_or("NAME");
            let entry =
                format!("\"{name}\": {{ \"type\": \"bearer_token\", \"token\": {{ \"from_env\": \"TOKEN\" }} }}");
            let complaint = Complaint::error(format!("the account has no connection `{name}`"));
            Some(match &arguments.account {
                Some(path) => complaint.help(format!("add it to `connections` of {}:\n{entry}", path.display())),
                None => complaint.help(format!(
                    "give an account that has it, as --account account.json with\n{{ \"connections\": {{ {entry} }} }}"
                )),
            })
        }
        _ => None,
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
