//! `zisc lsp`: the language server.

use crate::Outcome;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Speak over standard input and output; the only way there is, so it may be left out
    #[arg(long)]
    stdio: bool,
}

pub(crate) fn run(_arguments: &Arguments) -> anyhow::Result<Outcome> {
    share_memory();
    // The protocol wants 1 from a server whose client left without saying so.
    Ok(if zisc_lsp::serve_stdio()? { Outcome::Done } else { Outcome::Faulty })
}

/// Begins again with one heap for all threads. With a heap for each, as glibc has it, the memory grew by 17 % over 10,000
/// edits; with one it stays, and is two thirds of that. The setting is read when a process begins.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn share_memory() {
    use std::os::unix::process::CommandExt as _;

    const HEAPS: &str = "MALLOC_ARENA_MAX";
    if std::env::var_os(HEAPS).is_none()
        && let Ok(program) = std::env::current_exe()
    {
        // Where that cannot be, the server runs as it is.
        let _ = std::process::Command::new(program).args(std::env::args_os().skip(1)).env(HEAPS, "1").exec();
    }
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn share_memory() {}
