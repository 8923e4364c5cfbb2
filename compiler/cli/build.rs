//! `zisc build`: the bundle.

use crate::Outcome;
use crate::check;
use crate::file::{self, TextFile};
use crate::import::Sources;
use crate::project;
use crate::render::{self, Colors};
use crate::source_map::SourceMap;
use crate::watch;
use anyhow::bail;
use std::io::Write;
use std::path::{Path, PathBuf};
use zisc_bundle::Bundle;
use zisc_core::{Database, Level, Project, Requirements, Settings};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A .zis file, or a folder with a main.zis; the current folder where none is named
    pub(crate) file: Option<PathBuf>,
    /// Where to write the bundle, and OUT.map.json with the place of each state in the source; standard output where it
    /// is left out
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    /// Builds again whenever the source, a file that it imports or zisc.toml changes, until it is interrupted
    #[arg(long, requires = "output")]
    watch: bool,
    #[command(flatten)]
    project: project::Environment,
}

/// A source without errors, which becomes a bundle.
pub(crate) struct Built {
    db: Database,
    sources: Sources,
    settings: Settings,
}

impl Built {
    pub(crate) fn bundle(&self) -> &Bundle {
        zisc_core::bundle(&self.db, self.sources.source(), self.settings)
    }

    pub(crate) fn map(&self) -> SourceMap {
        SourceMap::new(zisc_core::source_map(&self.db, self.sources.source(), self.settings), &self.sources.files)
    }

    fn needs(&self) -> Requirements {
        zisc_core::requirements(&self.db, self.sources.source(), self.settings)
    }
}

pub(crate) fn run(arguments: &Arguments, colors: Colors) -> anyhow::Result<Outcome> {
    if !arguments.watch {
        return build(arguments, colors);
    }
    watch::again_and_again(arguments.file.as_deref(), || {
        // What is wrong now may be right after the next change.
        if let Err(error) = build(arguments, colors) {
            render::error(&error, colors);
        }
    })
}

fn build(arguments: &Arguments, colors: Colors) -> anyhow::Result<Outcome> {
    let source = file::source(arguments.file.as_deref())?;
    let project = project::of(&source, &arguments.project)?;
    let Some(built) = built(&source, &project, colors)? else { return Ok(Outcome::Faulty) };
    write_files(&built, &source, arguments)?;
    if !arguments.watch {
        // The process ends: nothing has to be given back piece by piece.
        std::mem::forget(built);
    }
    Ok(Outcome::Done)
}

/// Writes what was built to where it is wanted.
fn write_files(built: &Built, source: &TextFile, arguments: &Arguments) -> anyhow::Result<()> {
    let bundle = built.bundle();
    let text = bundle.write();
    let Some(path) = &arguments.output else {
        return Ok(std::io::stdout().lock().write_all(text.as_bytes())?);
    };
    file::write(path, &text)?;
    if !file::is_stream(path) {
        let mut beside = path.as_os_str().to_owned();
        beside.push(".map.json");
        file::write(Path::new(&beside), &built.map().json(source.path.parent().unwrap_or(Path::new(""))))?;
    }
    let mut lines = vec![written(bundle, path)];
    if !arguments.watch {
        lines.extend(summary(&built.needs()));
    }
    writeln!(std::io::stderr(), "{}", lines.join("\n"))?;
    Ok(())
}

/// The bundle of a source; nothing where it has errors, which have been shown.
pub(crate) fn built(source: &TextFile, project: &Project, colors: Colors) -> anyhow::Result<Option<Built>> {
    let mut db = Database::default();
    let sources = Sources::read(&mut db, source.clone());
    let settings = project.settings(&db);
    let file = sources.source();
    project.check(zisc_core::declarations(&db, file)).map_err(anyhow::Error::msg)?;
    // Hints are for `zisc check` and the editor: nothing in them stands in the way of the bundle.
    let findings = zisc_core::findings(&db, file, settings).iter().filter(|finding| finding.level != Level::Hint);
    let mut errors = check::show(&findings.cloned().collect::<Vec<_>>(), source, colors)?;
    for (imported, findings) in sources.errors_of_imports(&db, settings) {
        errors += check::show(&findings, imported, colors)?;
    }
    if errors > 0 {
        return Ok(None);
    }
    if zisc_core::declarations(&db, file).integration.is_none() {
        bail!(
            "{} names no integration, so it makes no bundle: begin it with `integration my_integration`",
            source.name()
        );
    }
    Ok(Some(Built { db, sources, settings }))
}

/// What was written.
fn written(bundle: &Bundle, path: &Path) -> String {
    let flows = bundle.flows().count();
    let states: usize = bundle.flows().map(|flow| flow.machine.states.len()).sum();
    let counted = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    format!("wrote {}: {}, {}", path.display(), counted(flows, "flow"), counted(states, "state"))
}

/// Names that fill more than this stand below one another.
const LONGEST_LINE: usize = 100;

/// What the account must have for the bundle to work.
fn summary(needs: &Requirements) -> Vec<String> {
    let connections = needs.connections.iter().map(|(name, kind)| match kind {
        Some(kind) => format!("{name} ({kind})"),
        None => name.clone(),
    });
    let jobs = needs.job_specs.iter().map(|(name, source, event)| format!("{name} ({source}: {event})"));
    let mut sources: Vec<_> = needs.job_specs.iter().map(|(_, source, _)| source.clone()).collect();
    sources.retain(|source| zisc_core::catalogue::events().iter().all(|event| event.source != source));
    sources.sort();
    sources.dedup();
    [
        ("connections it needs", connections.collect::<Vec<_>>()),
        ("configs it needs", needs.configs.iter().cloned().collect()),
        ("event sources of your own that it listens to", sources),
        ("job specs to install again after the upload", jobs.collect()),
    ]
    .into_iter()
    .filter(|(_, names)| !names.is_empty())
    .map(|(what, names)| {
        let line = format!("  {what}: {}", names.join(", "));
        if line.len() <= LONGEST_LINE { line } else { format!("  {what}:\n    {}", names.join("\n    ")) }
    })
    .collect()
}
