//! Reading what a run is given: a bundle, an event, an account and exchanges, with a sentence for what is none of these.

use crate::build;
use crate::complaint::Complaint;
use crate::file::{self, TextFile};
use crate::project;
use crate::render::Colors;
use crate::source_map::SourceMap;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;
use text_size::TextSize;
use zisc_bundle::json::{self, Comments, Json};
use zisc_bundle::{Bundle, Problem, Span};
use zisc_core::{Notation, Project};
use zisc_runtime::{Account, Exchanges, Value};

/// Why a command stops.
pub(crate) enum Stop {
    /// The source, the bundle or the run has errors.
    Faulty(Vec<Complaint>),
    /// The command cannot be carried out.
    NotCarriedOut(Vec<Complaint>),
    /// Something else, such as output that cannot be written.
    Other(anyhow::Error),
}

impl From<Complaint> for Stop {
    fn from(complaint: Complaint) -> Self {
        Self::NotCarriedOut(vec![complaint])
    }
}

impl From<anyhow::Error> for Stop {
    fn from(error: anyhow::Error) -> Self {
        Self::Other(error)
    }
}

/// A bundle to run, and the text that its places are in.
pub(crate) struct Input {
    pub(crate) file: Arc<TextFile>,
    pub(crate) bundle: Bundle,
    /// The project around it.
    pub(crate) project: Project,
    /// Where the bundle comes from, where the text is source.
    pub(crate) map: Option<SourceMap>,
}

/// The bundle to run and the text it came from: bundle JSON as it is, source after it is built.
pub(crate) fn bundle(path: Option<&Path>, arguments: &project::Environment, colors: Colors) -> Result<Input, Stop> {
    let file = match path {
        Some(path) if !path.is_dir() => read(path)?,
        path => Arc::new(file::source(path)?),
    };
    let project = project::of(&file, arguments)?;
    if Notation::of(&file.name(), &file.text) == Notation::Source {
        let built = build::built(&file, &project, colors)?.ok_or_else(|| Stop::Faulty(Vec::new()))?;
        return Ok(Input { file, bundle: built.bundle().clone(), project, map: Some(built.map()) });
    }
    refuse_too_many_values(&file)?;
    let (json, errors) = json::read_with(&file.text, Comments::Skipped);
    if errors.is_empty() && json.get("resources").is_none() && json.get("zis_template_version").is_none() {
        let complaint = Complaint::error(format!(
            "{} is no bundle: it has no `zis_template_version` and no `resources`",
            file.name()
        ));
        return Err(Stop::Faulty(vec![complaint.help("give the bundle first, and the event as --event FILE")]));
    }
    drop(json);
    let (bundle, problems) = Bundle::read(&file.text);
    if problems.is_empty() {
        Ok(Input { file, bundle, project, map: None })
    } else {
        Err(Stop::Faulty(complaints(&file, &problems)))
    }
}

/// The JSON of an event; `-` is standard input.
pub(crate) fn event(path: &Path) -> Result<Value, Stop> {
    let file = if path == Path::new("-") { read_standard_input()? } else { read(path)? };
    let event = Value::from_json_file(&file.text).map_err(|errors| mistakes(&file, &errors))?;
    if event.as_object().is_none() {
        let complaint = Complaint::error(format!("an event is an object, and this is {}", event.kind()));
        let help =
            "give the whole envelope with `input` in it, or the payload alone, such as { \"ticket_event\": { … } }";
        let whole = Span::up_to(TextSize::of(file.text.as_str()));
        return Err(complaint.at(&file, whole).help(help).into());
    }
    Ok(event)
}

/// The local account.
pub(crate) fn account(path: &Path) -> Result<Account, Stop> {
    let file = read(path)?;
    let (account, problems) = Account::read(&json(&file)?, &|name| std::env::var(name).ok());
    if problems.is_empty() { Ok(account) } else { Err(Stop::NotCarriedOut(complaints(&file, &problems))) }
}

/// Recorded answers.
pub(crate) fn exchanges(path: &Path) -> Result<Exchanges, Stop> {
    let file = read(path)?;
    let (exchanges, problems) = Exchanges::read(&json(&file)?);
    if problems.is_empty() { Ok(exchanges) } else { Err(Stop::NotCarriedOut(complaints(&file, &problems))) }
}

/// A complaint for each problem.
pub(crate) fn complaints(file: &Arc<TextFile>, problems: &[Problem]) -> Vec<Complaint> {
    problems.iter().map(|problem| Complaint::problem(file, problem)).collect()
}

/// A file's JSON. Comments are read over: people keep these files.
fn json(file: &Arc<TextFile>) -> Result<Json, Stop> {
    refuse_too_many_values(file)?;
    let (json, errors) = json::read_with(&file.text, Comments::Skipped);
    if errors.is_empty() {
        return Ok(json);
    }
    Err(mistakes(file, &errors))
}

/// A complaint for each mistake in a JSON text.
fn mistakes(file: &Arc<TextFile>, errors: &[json::Error]) -> Stop {
    let complaints = errors.iter().map(|error| Complaint::error(error.message.clone()).at(file, error.span));
    Stop::NotCarriedOut(complaints.collect())
}

/// Refuses a text of more values than a file for people has: each is kept with its place. Commas in strings count too.
fn refuse_too_many_values(file: &TextFile) -> Result<(), Stop> {
    const MOST: usize = 1_000_000;
    if file.text.bytes().filter(|byte| matches!(byte, b',' | b'[' | b'{')).take(MOST).count() < MOST {
        return Ok(());
    }
    Err(Complaint::error(format!("{} holds more than {MOST} values, and no more are read", file.name())).into())
}

/// The largest file that is read, in bytes.
const LARGEST: u64 = 64 << 20;

/// Nobody has an event or a bundle of this size, and what would be made of it fills the memory.
fn too_large(name: &str) -> Stop {
    Complaint::error(format!("{name} is larger than {} MiB, and nothing larger is read", LARGEST >> 20)).into()
}

fn read(path: &Path) -> Result<Arc<TextFile>, Stop> {
    let found = std::fs::metadata(path);
    if found.as_ref().is_ok_and(|file| file.len() > LARGEST) {
        return Err(too_large(&path.display().to_string()));
    }
    if found.is_err_and(|error| error.kind() == ErrorKind::NotFound) {
        let complaint = Complaint::error(format!("there is no file {}", path.display()));
        return Err(complaint
            .help(match neighbour(path) {
                Some(name) => format!("did you mean {name}?"),
                None => "check the name and the folder".to_owned(),
            })
            .into());
    }
    Ok(Arc::new(TextFile::read(path)?))
}

fn read_standard_input() -> Result<Arc<TextFile>, Stop> {
    let mut text = String::new();
    std::io::stdin().lock().take(LARGEST + 1).read_to_string(&mut text).map_err(|error| {
        Complaint::error(format!("standard input cannot be read: {error}")).help("pipe the event's JSON in, as UTF-8")
    })?;
    if text.len() as u64 > LARGEST {
        return Err(too_large("standard input"));
    }
    Ok(Arc::new(TextFile { path: "<standard input>".into(), text }))
}

/// The file in the same folder whose name is most like the one that is not there.
fn neighbour(path: &Path) -> Option<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = std::fs::read_dir(folder).ok()?.flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let wanted = path.file_name()?.to_string_lossy();
    let name = zisc_bundle::nearest(&wanted, names.iter().map(String::as_str))?;
    Some(path.with_file_name(name).display().to_string())
}
