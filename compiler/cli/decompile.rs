//! `zisc decompile`: bundle JSON to source.

use crate::Outcome;
use crate::file::{self, TextFile};
use crate::input;
use crate::render::Colors;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A bundle as the registry takes it, or hands it out
    bundle: PathBuf,
    /// Where to write the source; standard output where it is left out
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments, colors: Colors) -> anyhow::Result<Outcome> {
    let source = Arc::new(TextFile::read(&arguments.bundle)?);
    let decompiled = match zisc_core::decompile(&source.text) {
        Ok(decompiled) => decompiled,
        Err(problems) => {
            input::complaints(&source, &problems).iter().for_each(|complaint| complaint.show(colors));
            return Ok(Outcome::NotCarriedOut);
        }
    };
    match &arguments.output {
        Some(path) => {
            file::write(path, &decompiled.text)?;
            let zisc_core::Figures { states, raw_states, raw_resources, .. } = decompiled.figures;
            let kept = match (raw_states, raw_resources) {
                (0, 0) => String::new(),
                (states, 0) => format!("; {states} kept as JSON"),
                (states, resources) => format!("; {states} states and {resources} resources kept as JSON"),
            };
            writeln!(std::io::stderr(), "wrote {}: {states} states{kept}", path.display())?;
        }
        None => std::io::stdout().lock().write_all(decompiled.text.as_bytes())?,
    }
    Ok(Outcome::Done)
}
