//! What the server can do: one handler for each message. None of them does any work.

use crate::document::Encoding;
use crate::main_loop::{self, Event};
use crate::snapshot::Snapshot;
use crate::{convert, features};
use salsa::{CancellationToken, Cancelled};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::{
    CompletionOptions, CompletionParams, CompletionResponse, DidChangeTextDocumentParams, DidCloseTextDocumentParams,
    DidOpenTextDocumentParams, InitializeParams, InitializeResult, PositionEncodingKind, ServerCapabilities,
    ServerInfo, TextDocumentSyncKind,
};
use tower_lsp::{Client, LanguageServer};

pub(crate) struct Backend {
    events: mpsc::UnboundedSender<Event>,
    was_shut_down: Arc<AtomicBool>,
}

impl Backend {
    /// A backend and, beside it, the main loop that works for it.
    pub(crate) fn start(client: Client, runtime: Handle, was_shut_down: Arc<AtomicBool>) -> Self {
        let (events, queue) = mpsc::unbounded_channel();
        std::thread::spawn(move || main_loop::run(queue, &client, &runtime));
        Self { events, was_shut_down }
    }

    fn tell(&self, event: Event) {
        // The main loop ends only with the server: then there is nobody left to tell.
        let _ = self.events.send(event);
    }

    /// Asks a question about the present state. The next change cancels it, and so does the client's cancellation.
    async fn ask<T: Send + 'static>(&self, question: impl FnOnce(&Snapshot) -> T + Send + 'static) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let job = move |snapshot: Snapshot| {
            if reply.is_closed() {
                return; // cancelled while it waited
            }
            let result = std::panic::catch_unwind(AssertUnwindSafe(|| {
                Cancelled::catch(AssertUnwindSafe(|| question(&snapshot)))
            }));
            drop(snapshot); // a snapshot that lives on would hold up the next change
            let _ = reply.send(result);
        };
        let stop = StopOnDrop::default();
        self.tell(Event::Read(stop.0.clone(), Box::new(job)));
        match answer.await {
            Ok(Ok(Ok(value))) => Ok(value),
            Ok(Ok(Err(_))) => {
                Err(Error { code: ErrorCode::ContentModified, message: "the document changed".into(), data: None })
            }
            Ok(Err(_)) | Err(_) => Err(Error::internal_error()),
        }
    }
}

/// Stops a running question when nobody waits for its answer any more.
#[derive(Default)]
struct StopOnDrop(Arc<OnceLock<CancellationToken>>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        if let Some(token) = self.0.get() {
            token.cancel();
        }
    }
}

impl LanguageServer for Backend {
    async fn initialize(&self, parameters: InitializeParams) -> Result<InitializeResult> {
        let offered =
            parameters.capabilities.general.and_then(|general| general.position_encodings).unwrap_or_default();
        let (encoding, kind) = if offered.contains(&PositionEncodingKind::UTF8) {
            (Encoding::Utf8, PositionEncodingKind::UTF8)
        } else {
            (Encoding::Utf16, PositionEncodingKind::UTF16)
        };
        self.tell(Event::Encoding(encoding));
        Ok(InitializeResult {
            capabilities: ServerCapabilities {
                position_encoding: Some(kind),
                text_document_sync: Some(TextDocumentSyncKind::INCREMENTAL.into()),
                completion_provider: Some(CompletionOptions {
                    trigger_characters: Some(vec![".".to_owned(), "{".to_owned(), "(".to_owned(), ":".to_owned()]),
                    ..CompletionOptions::default()
                }),
                ..ServerCapabilities::default()
            },
            server_info: Some(ServerInfo {
                name: "zisc".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            ..InitializeResult::default()
        })
    }

    // No await before an event is in the queue: so events keep the order in which they came.
    async fn did_open(&self, parameters: DidOpenTextDocumentParams) {
        self.tell(Event::Open(parameters.text_document));
    }

    async fn did_change(&self, parameters: DidChangeTextDocumentParams) {
        self.tell(Event::Change(parameters));
    }

    async fn did_close(&self, parameters: DidCloseTextDocumentParams) {
        self.tell(Event::Close(parameters.text_document.uri));
    }

    async fn completion(&self, parameters: CompletionParams) -> Result<Option<CompletionResponse>> {
        let at = parameters.text_document_position;
        self.ask(move |snapshot| {
            let file = snapshot.file(&at.text_document.uri)?;
            let lines = snapshot.lines(file);
            let completions = features::completion::completions(snapshot, file, lines.offset(at.position));
            Some(CompletionResponse::Array(
                completions.into_iter().map(|item| convert::completion(item, &lines)).collect(),
            ))
        })
        .await
    }

    async fn shutdown(&self) -> Result<()> {
        self.was_shut_down.store(true, Ordering::SeqCst);
        Ok(())
    }
}
