//! `zisc lsp`: the language server.

use crate::Outcome;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Speak over standard input and output; the only way there is, so it may be left out
    #[arg(long)]
    stdio: bool,
}

pub(crate) fn run(_arguments: &Arguments) -> anyhow::Result<Outcome> {
    keep_pages_small();
    // The protocol wants 1 from a server whose client left without saying so.
    Ok(if zisc_lsp::serve_stdio()? { Outcome::Done } else { Outcome::Faulty })
}

/// Begins again without pages of 2 MiB. The system clears each of them when it is first touched: the first edit on a
/// thread waited 15 ms for that, and the server took twice the memory. The setting is read when a process begins.
#[cfg(target_os = "linux")]
fn keep_pages_small() {
    use std::os::unix::process::CommandExt as _;

    const LARGE_PAGES: &str = "MIMALLOC_ALLOW_THP";
    if std::env::var_os(LARGE_PAGES).is_none()
        && let Ok(program) = std::env::current_exe()
    {
        // Where that cannot be, the server runs as it is.
        let _ = std::process::Command::new(program).args(std::env::args_os().skip(1)).env(LARGE_PAGES, "0").exec();
    }
}

#[cfg(not(target_os = "linux"))]
fn keep_pages_small() {}
