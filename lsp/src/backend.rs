//! What the server answers to: one handler for each message. None of them does any work.

use crate::capabilities::capabilities;
use crate::features::{
    beside, call_hierarchy, code_actions, completion, decompile, definition, diagnostics, file_renames, folding,
    formatting, graph, hover, inlay_hints, lenses, links, references, rename, selection, semantic_tokens, signature,
    symbols,
};
use crate::main_loop::{self, Event};
use crate::session::{Preferences, Session};
use crate::snapshot::{Snapshot, View};
use crate::wire::Wire;
use crate::workspace;
use salsa::{CancellationToken, Cancelled};
use serde_json::Value;
use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use text_size::TextSize;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::*;
use tower_lsp::{Client, LanguageServer};

pub(crate) struct Backend {
    events: mpsc::UnboundedSender<Event>,
    client: Client,
    session: Arc<OnceLock<Session>>,
    was_shut_down: Arc<AtomicBool>,
    /// How often the client has changed a text.
    edits: AtomicU64,
    /// The last words of each file, for who asks what has changed since.
    tokens: Arc<Mutex<HashMap<Uri, SemanticTokens>>>,
}

impl Backend {
    /// A backend and, beside it, the main loop that works for it.
    pub(crate) fn start(client: Client, wire: Wire, runtime: Handle, was_shut_down: Arc<AtomicBool>) -> Self {
        let (events, queue) = mpsc::unbounded_channel();
        let for_loop = client.clone();
        std::thread::spawn(move || main_loop::run(queue, &for_loop, wire, &runtime));
        Self {
            events,
            client,
            session: Arc::default(),
            was_shut_down,
            edits: AtomicU64::new(0),
            tokens: Arc::default(),
        }
    }

    fn tell(&self, event: Event) {
        // The main loop ends only with the server: then there is nobody left to tell.
        let _ = self.events.send(event);
    }

    /// An edit: what is asked of the text before is of no use any more.
    fn tell_edit(&self, event: Event) {
        self.edits.fetch_add(1, Ordering::SeqCst);
        self.tell(event);
    }

    /// Asks a question about the present state. The next edit cancels it, and so does the client's cancellation; what
    /// else changes makes it begin again.
    async fn ask<T: Send + 'static>(&self, question: impl Fn(&Snapshot) -> T + Send + Sync + 'static) -> Result<T> {
        let question = Arc::new(question);
        let edits = self.edits.load(Ordering::SeqCst);
        loop {
            match self.ask_once(question.clone()).await {
                Some(Ok(value)) => return Ok(value),
                Some(Err(_)) if self.edits.load(Ordering::SeqCst) == edits => {}
                Some(Err(_)) => {
                    let message = "the document changed".into();
                    return Err(Error { code: ErrorCode::ContentModified, message, data: None });
                }
                None => return Err(Error::internal_error()),
            }
        }
    }

    /// The answer, unless a change came first; nothing where the question went wrong.
    async fn ask_once<T: Send + 'static>(
        &self,
        question: Arc<impl Fn(&Snapshot) -> T + Send + Sync + 'static>,
    ) -> Option<std::result::Result<T, Cancelled>> {
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
        answer.await.ok()?.ok()
    }

    /// Asks about a file; nothing where nobody told of one.
    async fn ask_of<T: Send + 'static>(
        &self,
        file: Uri,
        question: impl Fn(&View<'_>) -> T + Send + Sync + 'static,
    ) -> Result<Option<T>> {
        self.ask(move |snapshot| snapshot.view(&file).map(|view| question(&view))).await
    }

    /// Asks about a place in a file.
    async fn ask_at<T: Send + 'static>(
        &self,
        place: TextDocumentPositionParams,
        question: impl Fn(&View<'_>, TextSize) -> Option<T> + Send + Sync + 'static,
    ) -> Result<Option<T>> {
        self.ask(move |snapshot| snapshot.at(&place).and_then(|(view, offset)| question(&view, offset))).await
    }

    /// Asks the client for its settings.
    fn pull_settings(&self) {
        let (events, client) = (self.events.clone(), self.client.clone());
        tokio::spawn(async move {
            let item = ConfigurationItem { scope_uri: None, section: Some("zisc".to_owned()) };
            let settings = client.configuration(vec![item]).await.ok().and_then(|settings| settings.into_iter().next());
            if let Some(settings) = settings.filter(|settings| !settings.is_null()) {
                let _ = events.send(Event::Preferences(Preferences::read(&settings)));
            }
        });
    }

    /// A question that panics: tests ask it, to see that nothing else suffers.
    pub(crate) async fn go_wrong(&self) -> Result<()> {
        self.ask(|_| panic!("somebody asked for it")).await
    }

    /// Reads what stands in folders, beside everything else.
    fn read_folders(&self, folders: Vec<Uri>) {
        let (events, client) = (self.events.clone(), self.client.clone());
        let shows_progress = self.session.get().is_some_and(|session| session.progress);
        tokio::spawn(async move {
            let found = tokio::task::spawn_blocking(move || {
                folders.iter().flat_map(workspace::sources).filter_map(Uri::from_file_path).collect::<Vec<_>>()
            });
            let Ok(found) = found.await else { return };
            const WORTH_TELLING: usize = 50;
            let progress = match shows_progress && found.len() > WORTH_TELLING {
                true => begin(&client, "zisc/read-folders", "Reading .zis files and bundles").await,
                false => None,
            };
            let read = tokio::task::spawn_blocking(move || {
                for file in found {
                    if let Some(text) = workspace::read(&file) {
                        let _ = events.send(Event::Found(file, text));
                    }
                }
            });
            let _ = read.await;
            if let Some(progress) = progress {
                progress.finish().await;
            }
        });
    }
}

/// Tells the client that something takes long.
async fn begin(
    client: &Client,
    token: &str,
    title: &str,
) -> Option<tower_lsp::OngoingProgress<tower_lsp::Unbounded, tower_lsp::NotCancellable>> {
    let token = NumberOrString::String(token.to_owned());
    client.create_work_done_progress(token.clone()).await.ok()?;
    Some(client.progress(token, title).begin().await)
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

/// What the protocol has no word for.
impl Backend {
    /// `{ textDocument, position?, flow? }`
    pub(crate) async fn graph(&self, parameters: Value) -> Result<Option<Value>> {
        let position = parameters.get("position").and_then(|place| serde_json::from_value(place.clone()).ok());
        let flow = parameters.get("flow").and_then(Value::as_str).map(str::to_owned);
        let question = move |view: &View<'_>| {
            graph::graph(view, position.map(|position| view.lines.offset(position)), flow.as_deref())
        };
        self.ask_of(document_in(&parameters)?, question).await.map(Option::flatten)
    }

    /// `{ textDocument }`
    pub(crate) async fn bundle(&self, parameters: Value) -> Result<Option<Value>> {
        self.ask_of(document_in(&parameters)?, beside::bundle).await.map(Option::flatten)
    }

    /// `{ text }`, or `{ textDocument }` of a file that is known here
    pub(crate) async fn decompile(&self, parameters: Value) -> Result<Option<Value>> {
        match parameters.get("text").and_then(Value::as_str).map(str::to_owned) {
            Some(text) => self.ask(move |_| Some(decompile::decompile(&text))).await,
            None => self.ask_of(document_in(&parameters)?, |view| decompile::decompile(view.text)).await,
        }
    }
}

/// The file that a message of our own is about.
fn document_in(parameters: &Value) -> Result<Uri> {
    uri_in(parameters.get("textDocument")).ok_or_else(|| Error::invalid_params("no `textDocument` is named"))
}

impl LanguageServer for Backend {
    async fn initialize(&self, parameters: InitializeParams) -> Result<InitializeResult> {
        let session = Session::new(&parameters);
        let capabilities = capabilities(&session);
        self.tell(Event::Initialize(session.clone()));
        let _ = self.session.set(session);
        Ok(InitializeResult {
            capabilities,
            server_info: Some(ServerInfo {
                name: "zisc".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
            ..InitializeResult::default()
        })
    }

    async fn initialized(&self, _: InitializedParams) {
        let Some(session) = self.session.get() else { return };
        self.read_folders(session.folders.clone());
        if session.pulls_settings {
            self.pull_settings();
        }
        if session.watches_files {
            let client = self.client.clone();
            // A request to the client from a handler would wait for an answer that nobody reads.
            tokio::spawn(async move {
                let watcher =
                    |glob: &str| FileSystemWatcher { glob_pattern: GlobPattern::String(glob.to_owned()), kind: None };
                let watchers = ["**/*.zis", "**/*.bundle.json", "**/bundle.json", "**/zisc.toml"].map(watcher).to_vec();
                let options = DidChangeWatchedFilesRegistrationOptions { watchers };
                let _ = client
                    .register_capability(vec![Registration {
                        id: "zisc-files".to_owned(),
                        method: "workspace/didChangeWatchedFiles".to_owned(),
                        register_options: serde_json::to_value(options).ok(),
                    }])
                    .await;
            });
        }
    }

    // No await before an event is in the queue: so events keep the order in which they came.
    async fn did_open(&self, parameters: DidOpenTextDocumentParams) {
        self.tell_edit(Event::Open(parameters.text_document));
    }

    async fn did_change(&self, parameters: DidChangeTextDocumentParams) {
        self.tell_edit(Event::Change(parameters));
    }

    async fn did_close(&self, parameters: DidCloseTextDocumentParams) {
        let uri = parameters.text_document.uri;
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner).remove(&uri);
        self.tell_edit(Event::Close(uri));
    }

    async fn did_change_watched_files(&self, parameters: DidChangeWatchedFilesParams) {
        parameters.changes.into_iter().for_each(|change| self.tell(Event::Touched(change.uri)));
    }

    async fn did_change_workspace_folders(&self, parameters: DidChangeWorkspaceFoldersParams) {
        let uris = |folders: Vec<WorkspaceFolder>| folders.into_iter().map(|folder| folder.uri).collect::<Vec<_>>();
        let (added, removed) = (uris(parameters.event.added), uris(parameters.event.removed));
        self.tell(Event::Folders { added: added.clone(), removed });
        self.read_folders(added);
    }

    async fn did_change_configuration(&self, parameters: DidChangeConfigurationParams) {
        // Clients that are asked for their settings only say that some changed.
        match self.session.get().is_some_and(|session| session.pulls_settings) && parameters.settings.is_null() {
            true => self.pull_settings(),
            false => self.tell(Event::Preferences(Preferences::read(&parameters.settings))),
        }
    }

    async fn will_rename_files(&self, parameters: RenameFilesParams) -> Result<Option<WorkspaceEdit>> {
        self.ask(move |snapshot| file_renames::edits(snapshot, &parameters.files)).await
    }

    async fn completion(&self, parameters: CompletionParams) -> Result<Option<CompletionResponse>> {
        self.ask_at(parameters.text_document_position, completion::answer).await
    }

    async fn completion_resolve(&self, item: CompletionItem) -> Result<CompletionItem> {
        self.ask(move |snapshot| completion::resolve(snapshot, item.clone())).await
    }

    async fn hover(&self, parameters: HoverParams) -> Result<Option<Hover>> {
        self.ask_at(parameters.text_document_position_params, hover::hover).await
    }

    async fn signature_help(&self, parameters: SignatureHelpParams) -> Result<Option<SignatureHelp>> {
        self.ask_at(parameters.text_document_position_params, signature::signature).await
    }

    async fn goto_definition(&self, parameters: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        self.ask_at(parameters.text_document_position_params, definition::definition).await
    }

    async fn goto_type_definition(&self, parameters: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        self.ask_at(parameters.text_document_position_params, definition::type_definition).await
    }

    async fn goto_implementation(&self, parameters: GotoDefinitionParams) -> Result<Option<GotoDefinitionResponse>> {
        self.ask_at(parameters.text_document_position_params, definition::implementation).await
    }

    async fn references(&self, parameters: ReferenceParams) -> Result<Option<Vec<Location>>> {
        let with_declaration = parameters.context.include_declaration;
        self.ask_at(parameters.text_document_position, move |view, offset| {
            references::references(view, offset, with_declaration)
        })
        .await
    }

    async fn document_highlight(&self, parameters: DocumentHighlightParams) -> Result<Option<Vec<DocumentHighlight>>> {
        self.ask_at(parameters.text_document_position_params, references::highlights).await
    }

    async fn document_symbol(&self, parameters: DocumentSymbolParams) -> Result<Option<DocumentSymbolResponse>> {
        self.ask_of(parameters.text_document.uri, symbols::document).await
    }

    async fn symbol(&self, parameters: WorkspaceSymbolParams) -> Result<Option<WorkspaceSymbolResponse>> {
        self.ask(move |snapshot| Some(symbols::workspace(snapshot, &parameters.query))).await
    }

    async fn prepare_rename(&self, parameters: TextDocumentPositionParams) -> Result<Option<PrepareRenameResponse>> {
        self.ask_at(parameters, |view, offset| Some(rename::prepare(view, offset))).await?.unwrap_or(Ok(None))
    }

    async fn rename(&self, parameters: RenameParams) -> Result<Option<WorkspaceEdit>> {
        let name = parameters.new_name;
        self.ask_at(parameters.text_document_position, move |view, offset| Some(rename::rename(view, offset, &name)))
            .await?
            .unwrap_or(Ok(None))
    }

    async fn code_action(&self, parameters: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        self.ask_of(parameters.text_document.uri, move |view| {
            code_actions::actions(view, parameters.range, &parameters.context)
        })
        .await
    }

    async fn code_action_resolve(&self, action: CodeAction) -> Result<CodeAction> {
        let file = uri_in(action.data.as_ref());
        let unchanged = action.clone();
        let Some(file) = file else { return Ok(action) };
        Ok(self.ask_of(file, move |view| code_actions::resolve(view, action.clone())).await?.unwrap_or(unchanged))
    }

    async fn code_lens(&self, parameters: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        self.ask_of(parameters.text_document.uri, lenses::lenses).await
    }

    async fn code_lens_resolve(&self, lens: CodeLens) -> Result<CodeLens> {
        let Some(file) = uri_in(lens.data.as_ref()) else { return Ok(lens) };
        let unchanged = lens.clone();
        Ok(self.ask_of(file, move |view| lenses::resolve(view, lens.clone())).await?.unwrap_or(unchanged))
    }

    async fn semantic_tokens_full(&self, parameters: SemanticTokensParams) -> Result<Option<SemanticTokensResult>> {
        let kept = self.tokens.clone();
        self.ask_of(parameters.text_document.uri, move |view| {
            let tokens = semantic_tokens::full(view);
            kept.lock().unwrap_or_else(PoisonError::into_inner).insert(view.uri.clone(), tokens.clone());
            tokens.into()
        })
        .await
    }

    async fn semantic_tokens_full_delta(
        &self,
        parameters: SemanticTokensDeltaParams,
    ) -> Result<Option<SemanticTokensFullDeltaResult>> {
        let kept = self.tokens.clone();
        self.ask_of(parameters.text_document.uri, move |view| {
            let previous = kept.lock().unwrap_or_else(PoisonError::into_inner).get(&view.uri).cloned();
            let (tokens, result) = semantic_tokens::delta(view, previous.as_ref(), &parameters.previous_result_id);
            kept.lock().unwrap_or_else(PoisonError::into_inner).insert(view.uri.clone(), tokens);
            result
        })
        .await
    }

    async fn semantic_tokens_range(
        &self,
        parameters: SemanticTokensRangeParams,
    ) -> Result<Option<SemanticTokensRangeResult>> {
        self.ask_of(parameters.text_document.uri, move |view| {
            semantic_tokens::range(view, view.lines.span(parameters.range)).into()
        })
        .await
    }

    async fn inlay_hint(&self, parameters: InlayHintParams) -> Result<Option<Vec<InlayHint>>> {
        self.ask_of(parameters.text_document.uri, move |view| {
            inlay_hints::hints(view, view.lines.span(parameters.range))
        })
        .await
    }

    async fn formatting(&self, parameters: DocumentFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.ask_of(parameters.text_document.uri, formatting::document).await
    }

    async fn range_formatting(&self, parameters: DocumentRangeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.ask_of(parameters.text_document.uri, move |view| {
            formatting::range(view, view.lines.span(parameters.range))
        })
        .await
    }

    async fn on_type_formatting(&self, parameters: DocumentOnTypeFormattingParams) -> Result<Option<Vec<TextEdit>>> {
        self.ask_at(parameters.text_document_position, move |view, offset| {
            Some(formatting::on_type(view, offset, &parameters.ch))
        })
        .await
    }

    async fn folding_range(&self, parameters: FoldingRangeParams) -> Result<Option<Vec<FoldingRange>>> {
        self.ask_of(parameters.text_document.uri, folding::folds).await
    }

    async fn selection_range(&self, parameters: SelectionRangeParams) -> Result<Option<Vec<SelectionRange>>> {
        self.ask_of(parameters.text_document.uri, move |view| selection::selections(view, &parameters.positions)).await
    }

    async fn document_link(&self, parameters: DocumentLinkParams) -> Result<Option<Vec<DocumentLink>>> {
        self.ask_of(parameters.text_document.uri, links::links).await
    }

    async fn prepare_call_hierarchy(
        &self,
        parameters: CallHierarchyPrepareParams,
    ) -> Result<Option<Vec<CallHierarchyItem>>> {
        self.ask_at(parameters.text_document_position_params, call_hierarchy::prepare).await
    }

    async fn incoming_calls(
        &self,
        parameters: CallHierarchyIncomingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyIncomingCall>>> {
        self.ask_at(place_of(parameters.item), call_hierarchy::incoming).await
    }

    async fn outgoing_calls(
        &self,
        parameters: CallHierarchyOutgoingCallsParams,
    ) -> Result<Option<Vec<CallHierarchyOutgoingCall>>> {
        self.ask_at(place_of(parameters.item), call_hierarchy::outgoing).await
    }

    async fn diagnostic(&self, parameters: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        let known = parameters.previous_result_id;
        let report = self
            .ask_of(parameters.text_document.uri, move |view| diagnostics::report(view, known.as_deref()))
            .await
            .map_err(again)?
            .unwrap_or_else(|| RelatedFullDocumentDiagnosticReport::default().into());
        Ok(DocumentDiagnosticReportResult::Report(report))
    }

    async fn workspace_diagnostic(
        &self,
        parameters: WorkspaceDiagnosticParams,
    ) -> Result<WorkspaceDiagnosticReportResult> {
        let report = self
            .ask(move |snapshot| diagnostics::workspace_report(snapshot, &parameters.previous_result_ids))
            .await
            .map_err(again)?;
        Ok(WorkspaceDiagnosticReportResult::Report(report))
    }

    async fn shutdown(&self) -> Result<()> {
        self.was_shut_down.store(true, Ordering::SeqCst);
        Ok(())
    }
}

/// Diagnostics that an edit made old are to be asked for again.
fn again(error: Error) -> Error {
    const SERVER_CANCELLED: i64 = -32802;
    if error.code != ErrorCode::ContentModified {
        return error;
    }
    let data = DiagnosticServerCancellationData { retrigger_request: true };
    Error { code: ErrorCode::ServerError(SERVER_CANCELLED), data: serde_json::to_value(data).ok(), ..error }
}

/// The file that an answer was about, as it says itself.
fn uri_in(data: Option<&Value>) -> Option<Uri> {
    serde_json::from_value(data?.get("uri")?.clone()).ok()
}

fn place_of(item: CallHierarchyItem) -> TextDocumentPositionParams {
    TextDocumentPositionParams::new(TextDocumentIdentifier::new(item.uri), item.selection_range.start)
}
