//! `zisc completions`: what a shell offers behind `zisc`.

use crate::Outcome;
use clap::CommandFactory;
use std::io::Write;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The shell, such as bash: `source <(zisc completions bash)`
    shell: clap_complete::Shell,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut crate::Arguments::command(), "zisc", &mut script);
    std::io::stdout().lock().write_all(&script)?;
    Ok(Outcome::Done)
}
