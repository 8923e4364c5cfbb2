//! The `zisc` program: compiles, checks and runs integrations for Zendesk Integration Services.

mod build;
mod check;
mod choose;
mod complaint;
mod completions;
mod decompile;
mod excerpt;
mod explain;
mod file;
mod fmt;
mod graph;
mod import;
mod input;
mod lsp;
mod machine;
mod new;
mod project;
mod remedy;
mod render;
mod run;
mod source_map;
mod timeline;
mod watch;

use crate::complaint::Complaint;
use clap::{Parser, Subcommand, ValueEnum};
use std::io::IsTerminal;
use std::process::ExitCode;

/// Trees and types are many small pieces, made and given back all the time.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A language for Zendesk Integration Services: check it, build bundles from it, run them here.
#[derive(Parser)]
#[command(name = "zisc", version, max_term_width = 100)]
struct Arguments {
    /// Whether messages are coloured. `auto` does so in a terminal, unless NO_COLOR is set.
    #[arg(long, value_enum, default_value = "auto", global = true, value_name = "WHEN")]
    color: Color,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Makes a project that checks, builds and runs
    New(new::Arguments),
    /// Reports what is wrong with files, or could be better
    Check(check::Arguments),
    /// Builds the bundle JSON that the platform takes
    Build(build::Arguments),
    /// Runs a flow on an event and tells what each state did
    Run(run::Arguments),
    /// Draws a flow as SVG, Mermaid or DOT
    Graph(graph::Arguments),
    /// Formats files in place
    Fmt(fmt::Arguments),
    /// Turns bundle JSON back into source
    Decompile(decompile::Arguments),
    /// Shows the page of a finding
    Explain(explain::Arguments),
    /// Prints what a shell needs to complete what is typed behind `zisc`
    Completions(completions::Arguments),
    /// Serves editors: the language server, on standard input and output
    Lsp(lsp::Arguments),
}

/// When messages are coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

/// How a command ended. What could not be carried out at all is an error instead.
enum Outcome {
    /// Everything is as it should be.
    Done,
    /// The source, the bundle or the run has errors; they have been shown.
    Faulty,
    /// The command could not be carried out; why has been shown.
    NotCarriedOut,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let color = render::Colors::choose(arguments.color, std::io::stderr().is_terminal());
    let results = render::Colors::choose(arguments.color, std::io::stdout().is_terminal());
    let result = match arguments.command {
        Command::New(arguments) => new::run(&arguments),
        Command::Check(arguments) => check::run(&arguments, color),
        Command::Build(arguments) => build::run(&arguments, color),
        Command::Run(arguments) => run::run(&arguments, run::BothColors { results, messages: color }),
        Command::Graph(arguments) => graph::run(&arguments, color),
        Command::Fmt(arguments) => fmt::run(&arguments, color),
        Command::Decompile(arguments) => decompile::run(&arguments, color),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Lsp(arguments) => lsp::run(&arguments),
    };
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Faulty) => ExitCode::from(1),
        Ok(Outcome::NotCarriedOut) => ExitCode::from(2),
        // Whoever reads our output has had enough of it: that is no mistake.
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            match error.downcast_ref::<Complaint>() {
                Some(complaint) => complaint.show(color),
                None => render::error(&error, color),
            }
            ExitCode::from(2)
        }
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
