//! `zisc lsp`: the language server.

use crate::Outcome;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Speak over standard input and output; the only way there is, so it may be left out
    #[arg(long)]
    stdio: bool,
}

pub(crate) fn run(_arguments: &Arguments) -> anyhow::Result<Outcome> {
    // The protocol wants 1 from a server whose client left without saying so.
    Ok(if zisc_lsp::serve_stdio()? { Outcome::Done } else { Outcome::Faulty })
}
