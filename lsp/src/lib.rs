//! The language server: what `zisc-core` knows about a file, in the words of the Language Server Protocol.
//!
//! ```no_run
//! let clean = zisc_lsp::serve_stdio().expect("standard input can be read");
//! std::process::exit(if clean { 0 } else { 1 });
//! ```
//!
//! Handlers do no work: they put events into a queue, in the order of the wire ([`backend`]). One thread owns the
//! database and applies changes in that order ([`main_loop`]). Questions run on snapshots beside it and are cancelled
//! by the next edit. Each feature is a file with one function from a file and a place to the answer ([`features`]); what
//! it must know, it asks `zisc_core::navigate`. [`methods`] lists every message of the protocol and what becomes of it.
//!
//! What is not here: any analysis. What is asked, `zisc-core` answers.

mod backend;
mod capabilities;
mod convert;
mod document;
mod features;
mod main_loop;
pub mod methods;
mod projects;
mod session;
mod snapshot;
mod wire;
mod workspace;

use backend::Backend;
use tower_lsp::{LspService, Server};
use wire::Wire;

/// Serves one client on standard input and output, until it leaves. Whether it left in order: `shutdown`, then `exit`.
pub fn serve_stdio() -> std::io::Result<bool> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let clean = runtime.block_on(async {
        let handle = tokio::runtime::Handle::current();
        let was_shut_down = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let (wire, output, writer) = Wire::open(std::io::stdout());
        let (service, socket) = LspService::build(|client| Backend::start(client, wire, handle, was_shut_down.clone()))
            .custom_method("zisc/graph", Backend::graph)
            .custom_method("zisc/bundle", Backend::bundle)
            .custom_method("zisc/decompile", Backend::decompile)
            .custom_method("zisc/goWrong", Backend::go_wrong)
            .finish();
        Server::new(tokio::io::stdin(), output, socket).concurrency_level(64).serve(service).await;
        let _ = writer.join();
        was_shut_down.load(std::sync::atomic::Ordering::SeqCst)
    });
    // A read of standard input that is still waiting must not hold up the end.
    runtime.shutdown_background();
    Ok(clean)
}
