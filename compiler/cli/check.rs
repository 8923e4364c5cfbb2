//! `zisc check`: all findings.

use crate::Outcome;
use crate::file::{self, TextFile};
use crate::import::Sources;
use crate::machine::{self, Checked, Format};
use crate::project;
use crate::render::{self, Colors, Page};
use std::io::Write;
use std::path::PathBuf;
use zisc_core::{Database, Finding, Level};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Source, bundle JSON, or folders with them; the current folder where none is named
    files: Vec<PathBuf>,
    /// How findings are written; all but text go to standard output
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    format: Format,
    #[command(flatten)]
    project: project::Environment,
}

pub(crate) fn run(arguments: &Arguments, colors: Colors) -> anyhow::Result<Outcome> {
    let files = match arguments.files.as_slice() {
        [] => vec![file::source(None)?],
        files => files
            .iter()
            .map(|path| file::to_check(path))
            .collect::<anyhow::Result<Vec<_>>>()?
            .into_iter()
            .flatten()
            .collect(),
    };
    let mut db = Database::default();
    let mut sources = Vec::new();
    for file in &files {
        let settings = project::of(file, &arguments.project)?.settings(&mut db);
        sources.push((file, Sources::read(&mut db, file.clone()).source(), settings));
    }
    let checked: Vec<Checked<'_>> = sources
        .iter()
        .map(|(file, source, settings)| Checked { file, findings: zisc_core::findings(&db, *source, *settings) })
        .collect();
    let mut out = std::io::stdout().lock();
    match arguments.format {
        Format::Text => {
            for checked in &checked {
                show(checked.findings, checked.file, colors)?;
            }
        }
        Format::Json => out.write_all(machine::json(&checked).as_bytes())?,
        Format::Sarif => out.write_all(machine::sarif(&checked).as_bytes())?,
        Format::Github => out.write_all(machine::github(&checked).as_bytes())?,
    }
    let faulty = checked.iter().flat_map(|checked| checked.findings).any(|finding| finding.level == Level::Error);
    Ok(if faulty { Outcome::Faulty } else { Outcome::Done })
}

/// More findings than this are read by no person, and take long to draw.
const MOST_SHOWN: usize = 200;

/// Shows findings with the text they speak of, and how many there are. Gives the number of errors.
pub(crate) fn show(findings: &[Finding], file: &TextFile, colors: Colors) -> anyhow::Result<usize> {
    let mut out = std::io::stderr().lock();
    let page = Page::new(file.name().to_string(), &file.text);
    for finding in &findings[..findings.len().min(MOST_SHOWN)] {
        writeln!(out, "{}", render::report(&finding.into(), &page, colors))?;
    }
    let count = |level| findings.iter().filter(|finding| finding.level == level).count();
    let (errors, warnings) = (count(Level::Error), count(Level::Warning));
    let counted = |number: usize, word: &str| match number {
        0 => None,
        1 => Some(format!("1 {word}")),
        _ => Some(format!("{number} {word}s")),
    };
    let counts: Vec<_> = [counted(errors, "error"), counted(warnings, "warning")].into_iter().flatten().collect();
    if findings.len() > MOST_SHOWN {
        writeln!(out, "The first {MOST_SHOWN} of {} findings are shown; --format json writes all", findings.len())?;
    }
    if !counts.is_empty() {
        // The first of the worst.
        let first = findings.iter().min_by_key(|finding| std::cmp::Reverse(finding.level));
        let first = first.map(|finding| finding.rule.code).unwrap_or_default();
        writeln!(out, "{}: {}. `zisc explain {first}` tells more", file.name(), counts.join(", "))?;
    }
    Ok(errors)
}
