//! The thread that owns the database. Changes are applied in the order in which they came; questions run beside it.

use crate::convert;
use crate::document::{self, Encoding};
use crate::features::diagnostics;
use crate::snapshot::Snapshot;
use salsa::{CancellationToken, Cancelled, Database as _, Setter};
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tower_lsp::Client;
use tower_lsp::ls_types::{DidChangeTextDocumentParams, TextDocumentItem, Uri};
use zisc_core::{Database, Settings, SourceFile};

/// What the main loop is told.
pub(crate) enum Event {
    /// How the client counts columns.
    Encoding(Encoding),
    /// A file was opened.
    Open(TextDocumentItem),
    /// An open file was changed.
    Change(DidChangeTextDocumentParams),
    /// A file was closed.
    Close(Uri),
    /// A question about the present state, and where to leave the means to stop it.
    Read(Arc<OnceLock<CancellationToken>>, Box<dyn FnOnce(Snapshot) + Send>),
}

/// Runs until the queue is closed.
pub(crate) fn run(mut events: mpsc::UnboundedReceiver<Event>, client: &Client, runtime: &Handle) {
    let db = Database::default();
    let settings = Settings::standard(&db);
    let mut state = Snapshot { db, settings, encoding: Encoding::default(), files: HashMap::new() };
    while let Some(event) = events.blocking_recv() {
        match event {
            Event::Encoding(encoding) => state.encoding = encoding,
            Event::Open(document) => {
                set_text(&mut state, &document.uri, document.text);
                publish(&state, client, runtime, document.uri, Some(document.version));
            }
            Event::Change(change) => {
                let uri = change.text_document.uri;
                let Some(file) = state.file(&uri) else { continue };
                let text = document::changed(file.text(&state.db), change.content_changes, state.encoding);
                set_text(&mut state, &uri, text);
                publish(&state, client, runtime, uri, Some(change.text_document.version));
            }
            Event::Close(uri) => {
                if state.files.remove(&uri).is_some() {
                    let client = client.clone();
                    runtime.spawn(async move { client.publish_diagnostics(uri, Vec::new(), None).await });
                }
            }
            Event::Read(token, question) => {
                let snapshot = state.clone();
                let _ = token.set(snapshot.db.cancellation_token());
                runtime.spawn_blocking(move || question(snapshot));
            }
        }
    }
}

/// A write cancels the questions that are under way, and waits until they have let go of the state.
fn set_text(state: &mut Snapshot, uri: &Uri, text: String) {
    match state.file(uri) {
        Some(file) => {
            file.set_text(&mut state.db).to(text);
        }
        None => {
            let file = SourceFile::new(&state.db, uri.to_string(), text);
            state.files.insert(uri.clone(), file);
        }
    }
}

fn publish(state: &Snapshot, client: &Client, runtime: &Handle, uri: Uri, version: Option<i32>) {
    let (state, client) = (state.clone(), client.clone());
    let work = runtime.spawn_blocking(move || {
        let found = Cancelled::catch(AssertUnwindSafe(|| {
            let file = state.file(&uri)?;
            let lines = state.lines(file);
            let findings = diagnostics::diagnostics(&state, file);
            Some(findings.iter().map(|finding| convert::diagnostic(finding, &lines, &uri)).collect::<Vec<_>>())
        }));
        drop(state);
        (found, uri)
    });
    runtime.spawn(async move {
        // A cancelled round says nothing: the change that cancelled it has a round of its own.
        if let Ok((Ok(Some(diagnostics)), uri)) = work.await {
            client.publish_diagnostics(uri, diagnostics, version).await;
        }
    });
}
