//! `zisc fmt`: the one formatting.

use crate::file::{self, TextFile};
use crate::render::Colors;
use crate::{Outcome, check};
use anyhow::{Context, bail};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Files, or folders with .zis files anywhere below; the current folder where none is named. `-` formats standard
    /// input to standard output
    files: Vec<PathBuf>,
    /// Writes nothing; lists the files that would change, and fails where there are any
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments, colors: Colors) -> anyhow::Result<Outcome> {
    let standard_input = Path::new("-");
    match &arguments.files[..] {
        [] => files(&[PathBuf::from(".")], arguments.check, colors),
        [only] if only == standard_input => stream(arguments.check, colors),
        paths if paths.iter().any(|path| path == standard_input) => {
            bail!("`-` is standard input, and stands alone: name it or files, not both")
        }
        paths => files(paths, arguments.check, colors),
    }
}

/// A file, and its text as it should be.
struct Formatted {
    file: TextFile,
    text: String,
}

/// Formats files in place, or lists those that would change. Nothing is written before all have been read.
fn files(paths: &[PathBuf], check: bool, colors: Colors) -> anyhow::Result<Outcome> {
    let mut outcome = Outcome::Done;
    let mut changed = Vec::new();
    let files = sources(paths)?;
    let count = files.len();
    for file in files {
        match formatted(&file, colors)? {
            Some(text) if text != file.text => changed.push(Formatted { file, text }),
            Some(_) => {}
            None => outcome = Outcome::Faulty,
        }
    }
    if check {
        let mut out = std::io::stdout().lock();
        for Formatted { file, .. } in &changed {
            writeln!(out, "{}", file.name())?;
            outcome = Outcome::Faulty;
        }
    } else {
        for Formatted { file, text } in &changed {
            file::write(&file.path, text)?;
        }
    }
    if !changed.is_empty() {
        let number = format!("{} of {count} file{}", changed.len(), if count == 1 { "" } else { "s" });
        let told = if check { format!("{number} would be formatted") } else { format!("formatted {number}") };
        writeln!(std::io::stderr(), "{told}")?;
    }
    Ok(outcome)
}

/// The files that are meant: those named, and those below the folders named.
fn sources(paths: &[PathBuf]) -> anyhow::Result<Vec<TextFile>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let below = file::sources_below(path)?;
            if below.is_empty() {
                writeln!(std::io::stderr(), "{} has no .zis files", path.display())?;
            }
            files.extend(below.into_iter().map(|file| match file.strip_prefix(".") {
                Ok(shorter) if path == Path::new(".") => shorter.to_owned(),
                _ => file,
            }));
        } else {
            files.push(path.clone());
        }
    }
    files.sort();
    files.dedup();
    files.iter().map(|path| TextFile::read(path)).collect()
}

/// Formats standard input to standard output.
fn stream(check: bool, colors: Colors) -> anyhow::Result<Outcome> {
    let mut text = String::new();
    std::io::stdin().lock().read_to_string(&mut text).context("cannot read standard input")?;
    let file = TextFile { path: PathBuf::from("standard input"), text };
    let Some(text) = formatted(&file, colors)? else { return Ok(Outcome::Faulty) };
    let mut out = std::io::stdout().lock();
    if !check {
        out.write_all(text.as_bytes())?;
    } else if text != file.text {
        writeln!(out, "{}", file.name())?;
        return Ok(Outcome::Faulty);
    }
    Ok(Outcome::Done)
}

/// The text of a file as it should be; nothing where it has mistakes, which have been shown.
fn formatted(file: &TextFile, colors: Colors) -> anyhow::Result<Option<String>> {
    match zisc_core::format(&file.text) {
        Ok(text) => Ok(Some(text)),
        Err(findings) => {
            check::show(&findings, file, colors)?;
            writeln!(
                std::io::stderr(),
                "{} cannot be formatted before that is mended; nothing in it was changed",
                file.name()
            )?;
            Ok(None)
        }
    }
}
