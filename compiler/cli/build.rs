//! `zisc build`: the bundle.

use crate::Outcome;
use crate::check;
use crate::file::{self, TextFile};
use crate::import::Sources;
use crate::project::{self, Project};
use crate::render::Colors;
use anyhow::bail;
use std::io::Write;
use std::path::PathBuf;
use text_size::TextSize;
use zisc_bundle::Bundle;
use zisc_core::{Database, Level, SourceFile};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A .zis file, or a folder with a main.zis; the current folder where none is named
    file: Option<PathBuf>,
    /// Where to write the bundle; standard output where it is left out
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    #[command(flatten)]
    project: project::Environment,
}

pub(crate) fn run(arguments: &Arguments, colors: Colors) -> anyhow::Result<Outcome> {
    let source = file::source(arguments.file.as_deref())?;
    let project = Project::of(&source, &arguments.project)?;
    let Some(bundle) = bundle(&source, &project, colors)? else { return Ok(Outcome::Faulty) };
    let text = bundle.write();
    match &arguments.output {
        Some(path) => {
            file::write(path, &text)?;
            writeln!(std::io::stderr(), "{}", summary(&bundle, &path.display().to_string()))?;
        }
        None => std::io::stdout().lock().write_all(text.as_bytes())?,
    }
    Ok(Outcome::Done)
}

/// The bundle of a source; nothing where it has errors, which have been shown.
pub(crate) fn bundle(source: &TextFile, project: &Project, colors: Colors) -> anyhow::Result<Option<Bundle>> {
    let mut db = Database::default();
    let sources = Sources::read(&mut db, source.clone());
    let settings = project.settings(&db);
    let file = sources.source();
    project.check(zisc_core::declarations(&db, file))?;
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
    Ok(Some(zisc_core::bundle(&db, file, settings).clone()))
}

/// Where an item begins in its file. The places of what an item becomes are counted from there.
pub(crate) fn item_start(source: &TextFile, name: &str) -> Option<TextSize> {
    let db = Database::default();
    let file = SourceFile::new(&db, source.name(), source.text.clone());
    let named = |item: &&zisc_core::ItemSource<'_>| {
        zisc_core::parsed(&db, **item).item.name().is_some_and(|its| its.text.as_str() == name)
    };
    zisc_core::items(&db, file).iter().find(named).map(|item| item.start(&db))
}

/// What was written, and what the account must have for it to work.
fn summary(bundle: &Bundle, path: &str) -> String {
    let states: usize = bundle.flows().map(|flow| flow.machine.states.len()).sum();
    let flows = bundle.flows().count();
    let mut connections: Vec<_> =
        bundle.http_actions().filter_map(|action| action.connection.as_ref()).map(|name| name.value.clone()).collect();
    connections.sort();
    connections.dedup();
    let job_specs: Vec<_> = bundle.job_specs().map(|job_spec| job_spec.name.value.clone()).collect();
    let mut lines = vec![format!("wrote {path}: {flows} flow{}, {states} states", if flows == 1 { "" } else { "s" })];
    if !connections.is_empty() {
        lines.push(format!("  connections it needs: {}", connections.join(", ")));
    }
    if !job_specs.is_empty() {
        lines.push(format!("  job specs to install again after the upload: {}", job_specs.join(", ")));
    }
    lines.join("\n")
}
