//! `zisc graph`: a flow as a picture.

use crate::Outcome;
use crate::build;
use crate::choose;
use crate::complaint::Complaint;
use crate::file::{self, TextFile};
use crate::project;
use crate::render::Colors;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use zisc_bundle::json::{self, Comments};
use zisc_bundle::{Bundle, Flow};
use zisc_core::{Diagram, Notation};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// A .zis file, bundle JSON, or a folder with a main.zis; the current folder where none is named
    file: Option<PathBuf>,
    /// The flow to draw; may be left out where there is one
    flow: Option<String>,
    /// How it is written
    #[arg(long, value_enum, default_value = "svg", value_name = "FORMAT")]
    format: Format,
    /// Where to write it; standard output where it is left out
    #[arg(short, long, value_name = "OUT")]
    output: Option<PathBuf>,
    #[command(flatten)]
    project: project::Environment,
}

/// How a picture is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A picture for browsers, light or dark as the reader has it
    Svg,
    /// Text that Markdown viewers draw
    Mermaid,
    /// Text for Graphviz
    Dot,
}

pub(crate) fn run(arguments: &Arguments, colors: Colors) -> anyhow::Result<Outcome> {
    let file = Arc::new(file::source(arguments.file.as_deref())?);
    let is_source = Notation::of(&file.name(), &file.text) == Notation::Source;
    let (bundle, map) = if is_source {
        let project = project::of(&file, &arguments.project)?;
        let Some(built) = build::built(&file, &project, colors)? else { return Ok(Outcome::Faulty) };
        (built.bundle().clone(), Some(built.map()))
    } else {
        let (json, errors) = json::read_with(&file.text, Comments::Skipped);
        if !errors.is_empty() {
            for error in errors {
                Complaint::error(error.message.clone()).at(&file, error.span).show(colors);
            }
            return Ok(Outcome::Faulty);
        }
        // What is broken in a bundle is a part of its picture.
        (Bundle::from_json(&json).0, None)
    };
    let flow = match flow(&file, &bundle, arguments.flow.as_deref()) {
        Ok(flow) => flow,
        Err(complaint) => {
            complaint.show(colors);
            return Ok(Outcome::NotCarriedOut);
        }
    };
    let mut diagram = Diagram::of(&flow.machine);
    if let Some(source) = map.and_then(|map| map.flow(&bundle, &flow.name)) {
        diagram = diagram.moved(source.start());
    }
    let text = match arguments.format {
        Format::Svg => diagram.svg(&format!("Flow {}", *flow.name)),
        Format::Mermaid => diagram.mermaid(),
        Format::Dot => diagram.dot(&flow.name),
    };
    match &arguments.output {
        Some(path) => file::write(path, &text)?,
        None => std::io::stdout().lock().write_all(text.as_bytes())?,
    }
    Ok(Outcome::Done)
}

/// The flow of this name, or the only one.
fn flow<'b>(file: &TextFile, bundle: &'b Bundle, name: Option<&str>) -> Result<&'b Flow, Complaint> {
    let flows: Vec<&Flow> = bundle.flows().collect();
    let names = || flows.iter().map(|flow| flow.name.as_str());
    match (name, flows.as_slice()) {
        (Some(name), _) => bundle.flow(name).ok_or_else(|| choose::unknown("flow", name, names())),
        (None, [only]) => Ok(only),
        (None, []) => Err(Complaint::error(format!("{} has no flow to draw", file.name()))),
        (None, _) => Err(Complaint::error(format!("{} has several flows", file.name()))
            .help(format!("name one: {}", names().collect::<Vec<_>>().join(", ")))),
    }
}
