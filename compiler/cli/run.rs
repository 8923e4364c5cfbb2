//! `zisc run`: executes a flow of a bundle on this machine.

use crate::Outcome;
use crate::choose::{Chosen, choose};
use crate::complaint::Complaint;
use crate::file;
use crate::input::{self, Input, Stop, complaints};
use crate::project;
use crate::remedy::{failure_in_source, remedy};
use crate::render::Colors;
use crate::source_map::Source;
use crate::timeline::{Telling, timeline};
use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use zisc_bundle::Span;
use zisc_runtime::{Account, Event, Http, Live, NoHttp, Recording, Runtime, Time, Trace, Value, World};

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
    pub(crate) account: Option<PathBuf>,
    /// Answers requests from the exchanges of this file; without it a flow stops at its first request
    #[arg(long, value_name = "FILE")]
    pub(crate) http: Option<PathBuf>,
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
    /// Another limit, as in map_items=none; the limits are run_time, map_items, transitions, nested_transitions,
    /// request_time and response_bytes; times are in seconds
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
    let Input { file, bundle, project, map } =
        input::bundle(arguments.file.as_deref(), &arguments.project, colors.messages)?;
    let mut runtime = Runtime::load(&bundle).map_err(|problems| Stop::Faulty(complaints(&file, &problems)))?;
    configure(&mut runtime, &project.platform, arguments)?;
    let account = arguments.account.as_deref().map_or_else(|| Ok(Account::default()), input::account)?;
    let event = runtime.event(input::event(&arguments.event)?, &account);
    let chosen = choose(&file, &bundle, &event, arguments.flow.as_deref(), arguments.job.as_deref())?;
    if let (Some(other), Some((_, label))) = (&chosen.other_event, event.label()) {
        Complaint::warning(format!("the event is \"{label}\", and the flow listens for {other}")).show(colors.messages);
    }
    let attempts = attempts(&runtime, &chosen, &event, account, arguments)?;
    let source = map.and_then(|map| map.flow(&bundle, &chosen.flow));
    print(&attempts, source.as_ref(), arguments, colors)?;
    let Some(trace) = attempts.into_iter().next_back() else {
        return Err(Complaint::error(format!("the bundle has no flow `{}`", chosen.flow)).into());
    };
    if let Some(complaint) = remedy(&trace, arguments).or_else(|| failure_in_source(&trace, source.as_ref()?)) {
        complaint.show(colors.messages);
    }
    Ok(trace)
}

/// Takes what the project and the options say about the platform and the limits.
fn configure(
    runtime: &mut Runtime,
    platform: &BTreeMap<String, String>,
    arguments: &Arguments,
) -> Result<(), Complaint> {
    let pair = |option: &'_ str| {
        option
            .split_once('=')
            .map_or((option.to_owned(), String::new()), |(name, value)| (name.to_owned(), value.to_owned()))
    };
    for (name, value) in platform {
        let chosen = runtime.platform.choose(name, value);
        chosen.map_err(|message| Complaint::error(format!("[platform] of zisc.toml: {name}: {message}")))?;
    }
    for option in &arguments.platform {
        let (name, value) = pair(option);
        let chosen = runtime.platform.choose(&name, &value);
        chosen.map_err(|message| Complaint::error(format!("--platform {option}: {message}")))?;
    }
    for option in &arguments.limit {
        let (name, number) = pair(option);
        let chosen = runtime.limits.choose(&name, &number);
        chosen.map_err(|message| Complaint::error(format!("--limit {option}: {message}")))?;
    }
    Ok(())
}

/// Runs the flow with whoever answers its requests: a file, the network, or nobody. One trace for each attempt.
fn attempts(
    runtime: &Runtime,
    chosen: &Chosen,
    event: &Event,
    account: Account,
    arguments: &Arguments,
) -> Result<Vec<Trace>, Stop> {
    let time = if arguments.real_time { Time::Real } else { Time::Virtual };
    let reruns = arguments.reruns;
    if let Some(path) = &arguments.http {
        let http = input::exchanges(path)?;
        return play(runtime, chosen, event, &mut World { account, http, time }, reruns);
    }
    if let Some(path) = &arguments.record {
        let http = Recording::new(Live::new(&runtime.limits), &account);
        let mut world = World { account, http, time };
        let attempts = play(runtime, chosen, event, &mut world, reruns)?;
        file::write(path, &format!("{}\n", world.http.to_json().to_json_pretty()))?;
        return Ok(attempts);
    }
    if arguments.live {
        let http = Live::new(&runtime.limits);
        return play(runtime, chosen, event, &mut World { account, http, time }, reruns);
    }
    play(runtime, chosen, event, &mut World { account, http: NoHttp, time }, reruns)
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
    let mut out = BufWriter::new(std::io::stdout().lock());
    let written = match (arguments.format, attempts) {
        (Format::Json, [earlier @ .., last]) => {
            let place = |span: Span| source.map(|source| source.file.place(source.span(span)));
            let mut json = last.to_json_with_places(&place);
            if let (Value::Object(members), false) = (&mut json, earlier.is_empty()) {
                members.insert(
                    "earlier_attempts",
                    Value::array(earlier.iter().map(|trace| trace.to_json_with_places(&place))),
                );
            }
            json.write_json_pretty(&mut out).and_then(|()| out.write_all(b"\n"))
        }
        (Format::Json, []) => Ok(()),
        (Format::Text, attempts) => attempts.iter().enumerate().try_for_each(|(position, trace)| {
            if position > 0 {
                writeln!(out)?;
            }
            let telling = Telling {
                values: arguments.trace,
                colors: colors.results,
                run: (attempts.len() > 1).then_some(position + 1),
                followed: position + 1 < attempts.len(),
            };
            timeline(trace, telling, &mut out)
        }),
    };
    written.and_then(|()| out.flush()).map_err(anyhow::Error::from)?;
    Ok(())
}
