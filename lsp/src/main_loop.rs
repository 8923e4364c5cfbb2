//! The thread that owns the database. Changes are applied in the order in which they came; questions run beside it.

use crate::document::{self, Lines, Text};
use crate::features::diagnostics;
use crate::projects::{Projects, is_project};
use crate::session::{Preferences, Session};
use crate::snapshot::{Document, Snapshot};
use crate::wire::{self, Wire};
use crate::workspace;
use salsa::{CancellationToken, Cancelled, Database as _, Setter};
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tower_lsp::Client;
use tower_lsp::ls_types::notification::PublishDiagnostics;
use tower_lsp::ls_types::{DidChangeTextDocumentParams, TextDocumentItem, Uri};
use zisc_core::{Cuts, Database, Notation, Settings, SourceFile};

/// What the main loop is told.
pub(crate) enum Event {
    /// What client and server agreed on.
    Initialize(Session),
    /// A file was opened.
    Open(TextDocumentItem),
    /// An open file was changed.
    Change(DidChangeTextDocumentParams),
    /// A file was closed.
    Close(Uri),
    /// A file in an open folder has this text.
    Found(Uri, String),
    /// A file was made, changed or removed outside the editor.
    Touched(Uri),
    /// The person chose something else.
    Preferences(Preferences),
    /// Folders were opened and closed.
    Folders {
        /// What was opened.
        added: Vec<Uri>,
        /// What was closed.
        removed: Vec<Uri>,
    },
    /// A question about the present state, and where to leave the means to stop it.
    Read(Arc<OnceLock<CancellationToken>>, Box<dyn FnOnce(Snapshot) + Send>),
}

/// Runs until the queue is closed.
pub(crate) fn run(mut events: mpsc::UnboundedReceiver<Event>, client: &Client, wire: Wire, runtime: &Handle) {
    let db = Database::default();
    let standard = Settings::standard(&db);
    let snapshot = Snapshot { db, session: Arc::default(), documents: Arc::default(), gone: Arc::default() };
    let publisher = publisher(wire, runtime);
    let mut state = State {
        snapshot,
        standard,
        projects: Projects::default(),
        client,
        runtime,
        publisher,
        unpublished: Vec::new(),
        under_way: Vec::new(),
        is_changed: false,
        is_unconnected: false,
        is_stale: false,
    };
    while let Some(event) = events.blocking_recv() {
        survive(|| state.apply(event));
        // Of a burst of changes only the last is worth a round.
        while let Ok(event) = events.try_recv() {
            survive(|| state.apply(event));
        }
        survive(|| state.publish());
    }
}

/// A mistake of ours costs an answer, not the session.
fn survive(work: impl FnOnce()) {
    let _ = std::panic::catch_unwind(AssertUnwindSafe(work));
}

/// The diagnostics of a file that was opened or changed, as a message, when they are known; nothing where a change came
/// before.
type Round = JoinHandle<Option<Vec<u8>>>;

/// The message that publishes a list of diagnostics, which is JSON already.
fn message(uri: &Uri, list: &str, version: Option<i32>) -> Vec<u8> {
    let name = serde_json::to_string(uri).unwrap_or_default();
    let version = version.map(|version| format!(r#","version":{version}"#)).unwrap_or_default();
    wire::notification::<PublishDiagnostics>(&[r#"{"uri":"#, &name, r#","diagnostics":"#, list, &version, "}"])
}

/// Sends diagnostics in the order in which their rounds began, so that the newest come last.
fn publisher(wire: Wire, runtime: &Handle) -> mpsc::UnboundedSender<Round> {
    let (rounds, mut queue) = mpsc::unbounded_channel::<Round>();
    runtime.spawn(async move {
        while let Some(round) = queue.recv().await {
            if let Ok(Some(message)) = round.await {
                wire.send(message).await;
            }
        }
    });
    rounds
}

/// Gives a file another text, of which it may be known where its items begin.
fn write(db: &mut Database, file: SourceFile, text: String, starts: Option<Vec<usize>>) {
    let lengths = (file.text(db).len(), text.len());
    let cuts = starts.map(|starts| file.cuts(db).cloned().unwrap_or_default().then(lengths, starts));
    file.set_text(db).to(text);
    file.set_cuts(db).to(cuts);
}

struct State<'a> {
    snapshot: Snapshot,
    /// What holds where no project says otherwise.
    standard: Settings,
    projects: Projects,
    client: &'a Client,
    runtime: &'a Handle,
    publisher: mpsc::UnboundedSender<Round>,
    /// Files whose diagnostics are to be sent.
    unpublished: Vec<Uri>,
    /// Files whose diagnostics are being found, and whether they have been.
    under_way: Vec<(Uri, Arc<AtomicBool>)>,
    /// Something was written since the last round.
    is_changed: bool,
    /// Files may import others than they did.
    is_unconnected: bool,
    /// A file that is not open changed: what the client asked for may be old.
    is_stale: bool,
}

impl State<'_> {
    fn apply(&mut self, event: Event) {
        match event {
            Event::Initialize(session) => self.snapshot.session = Arc::new(session),
            Event::Open(document) if is_project(&document.uri) => {
                self.set_project(&document.uri, Some(document.text), Some(document.version));
            }
            Event::Open(document) => self.set(&document.uri, document.text, Some(document.version)),
            Event::Change(change) if is_project(&change.text_document.uri) => {
                let uri = change.text_document.uri;
                let Some(known) = self.projects.get(&uri).filter(|known| known.version.is_some()) else { return };
                let lines = Lines::new(&known.text, self.snapshot.session.encoding);
                let text = document::changed(lines, None, change.content_changes).text;
                self.set_project(&uri, Some(text), Some(change.text_document.version));
            }
            Event::Change(change) => {
                let uri = change.text_document.uri;
                let Some(known) = self.snapshot.document(&uri).filter(|known| known.version.is_some()) else { return };
                let lines = self.snapshot.lines(known.file);
                let starts = known.file.cuts(&self.snapshot.db).map(Cuts::starts);
                let text = document::changed(lines, starts, change.content_changes);
                self.set(&uri, text, Some(change.text_document.version));
            }
            Event::Close(uri) if is_project(&uri) => self.set_project(&uri, workspace::read(&uri), None),
            Event::Close(uri) => self.close(uri),
            Event::Found(uri, text) => self.on_disk(uri, Some(text)),
            Event::Touched(uri) => {
                let text = workspace::read(&uri);
                self.on_disk(uri, text);
            }
            Event::Preferences(preferences) => {
                let known = &mut Arc::make_mut(&mut self.snapshot.session).preferences;
                let is_elsewhere = known.environment != preferences.environment;
                *known = preferences;
                for uri in self.projects.names().into_iter().filter(|_| is_elsewhere) {
                    let known = self.projects.get(&uri).map(|known| (known.text.clone(), known.version));
                    let (text, version) = known.unzip();
                    self.set_project(&uri, text, version.flatten());
                }
            }
            Event::Folders { added, removed } => {
                let session = Arc::make_mut(&mut self.snapshot.session);
                session.folders.retain(|folder| !removed.contains(folder));
                session.folders.extend(added);
                let gone: Vec<Uri> = self
                    .snapshot
                    .documents
                    .iter()
                    .filter(|(uri, document)| document.version.is_none() && workspace::is_in(uri, &removed))
                    .map(|(uri, _)| uri.clone())
                    .collect();
                gone.into_iter().for_each(|uri| self.on_disk(uri, None));
            }
            Event::Read(token, question) => {
                // Who asks right after a file was opened is answered with what that file imports.
                if self.is_unconnected {
                    self.connect();
                }
                let snapshot = self.snapshot.clone();
                let _ = token.set(snapshot.db.cancellation_token());
                self.runtime.spawn_blocking(move || question(snapshot));
            }
        }
    }

    /// A write cancels the questions that are under way, and waits until they have let go of the state.
    fn set(&mut self, uri: &Uri, text: impl Into<Text>, version: Option<i32>) {
        self.interrupt();
        let db = &mut self.snapshot.db;
        let Text { text, starts } = text.into();
        let is_source = Notation::of(uri.as_str(), &text) == Notation::Source;
        let starts = starts.filter(|_| is_source).or_else(|| is_source.then(|| zisc_syntax::item_starts(&text)));
        let file = match self.snapshot.documents.get(uri) {
            Some(known) => known.file,
            None => SourceFile::new(db, uri.as_str().to_owned(), String::new()),
        };
        if file.text(db) != text {
            write(db, file, text, starts);
        }
        let known = self.snapshot.documents.get(uri).copied();
        let settings = known.map_or_else(|| self.settings_for(uri), |known| known.settings);
        let imports = is_source && file.text(&self.snapshot.db).contains("import");
        if known.is_none() && self.snapshot.gone.contains(uri) {
            Arc::make_mut(&mut self.snapshot.gone).remove(uri);
        }
        // A file that was not there may be what others import.
        self.is_unconnected |= known.is_none() || imports;
        if known.is_none_or(|known| known.version != version || known.imports != imports) {
            Arc::make_mut(&mut self.snapshot.documents)
                .insert(uri.clone(), Document { file, settings, version, imports });
        }
        if version.is_some() && !self.unpublished.contains(uri) {
            self.unpublished.push(uri.clone());
        }
    }

    /// A change of one file ends the rounds of all: they begin again.
    fn interrupt(&mut self) {
        self.is_changed = true;
        for (uri, is_done) in std::mem::take(&mut self.under_way) {
            if !is_done.load(Ordering::Acquire) && !self.unpublished.contains(&uri) {
                self.unpublished.push(uri);
            }
        }
    }

    fn close(&mut self, uri: Uri) {
        let Some(known) = self.snapshot.document(&uri).filter(|known| known.version.is_some()) else { return };
        // What the person did not save is gone.
        match workspace::read(&uri).filter(|_| workspace::is_in(&uri, &self.snapshot.session.folders)) {
            Some(text) => self.set(&uri, text, None),
            None => self.forget(&uri, known),
        }
        self.unpublished.retain(|other| *other != uri);
        if !self.snapshot.session.pulls_diagnostics {
            let none = message(&uri, "[]", None);
            let _ = self.publisher.send(self.runtime.spawn(async move { Some(none) }));
        }
        self.is_stale = true;
    }

    /// What the project around a source says.
    fn settings_for(&mut self, source: &Uri) -> Settings {
        let Snapshot { db, session, .. } = &mut self.snapshot;
        self.projects.settings_for(db, session, source).unwrap_or(self.standard)
    }

    /// A `zisc.toml` has this text, or is gone: sources are looked at again by what it says.
    fn set_project(&mut self, uri: &Uri, text: Option<String>, version: Option<i32>) {
        self.interrupt();
        self.is_stale = true;
        let Snapshot { db, session, .. } = &mut self.snapshot;
        match text {
            Some(text) => self.projects.set(db, session, uri, text, version),
            None => self.projects.remove(uri),
        }
        let known: Vec<(Uri, Document)> =
            self.snapshot.documents.iter().map(|(uri, document)| (uri.clone(), *document)).collect();
        for (uri, document) in known {
            let settings = self.settings_for(&uri);
            if settings != document.settings {
                Arc::make_mut(&mut self.snapshot.documents).insert(uri.clone(), Document { settings, ..document });
            }
            if document.version.is_some() && !self.unpublished.contains(&uri) {
                self.unpublished.push(uri);
            }
        }
    }

    fn on_disk(&mut self, uri: Uri, text: Option<String>) {
        if is_project(&uri) {
            let known = self.projects.get(&uri);
            let is_same = known.map(|known| &known.text) == text.as_ref();
            if !is_same && known.is_none_or(|known| known.version.is_none()) {
                self.set_project(&uri, text, None);
            }
            return;
        }
        let known = self.snapshot.document(&uri);
        // What is open in the editor counts, whatever the disk says.
        if known.is_some_and(|known| known.version.is_some()) {
            return;
        }
        match (text, known) {
            (Some(text), _) => self.set(&uri, text, None),
            (None, Some(known)) => self.forget(&uri, known),
            (None, None) => return,
        }
        self.is_stale = true;
    }

    /// A file without text costs nothing; the database keeps its name.
    fn forget(&mut self, uri: &Uri, known: Document) {
        self.interrupt();
        write(&mut self.snapshot.db, known.file, String::new(), Some(Vec::new()));
        Arc::make_mut(&mut self.snapshot.documents).remove(uri);
        Arc::make_mut(&mut self.snapshot.gone).insert(uri.clone());
        self.is_unconnected = true;
    }

    /// Brings each file what it imports, and judges again who imports something.
    fn connect(&mut self) {
        let is_new = std::mem::take(&mut self.is_unconnected);
        let importing: Vec<(Uri, Document)> = self
            .snapshot
            .documents
            .iter()
            .filter(|(_, document)| document.imports)
            .map(|(uri, document)| (uri.clone(), *document))
            .collect();
        for (uri, document) in importing {
            if is_new {
                self.interrupt();
                let settings = document.settings;
                let (db, documents) = (&mut self.snapshot.db, &mut self.snapshot.documents);
                zisc_core::connect(db, document.file, &mut |db, importing, path| {
                    let imported = workspace::beside(&importing.path(db).parse().ok()?, path)?;
                    if let Some(known) = documents.get(&imported) {
                        return Some(known.file);
                    }
                    let text = workspace::read(&imported)?;
                    let imports = text.contains("import");
                    let file = SourceFile::new(db, imported.as_str().to_owned(), text);
                    Arc::make_mut(documents).insert(imported, Document { file, settings, version: None, imports });
                    Some(file)
                });
            }
            if document.version.is_some() && !self.unpublished.contains(&uri) {
                self.unpublished.push(uri);
            }
        }
    }

    fn publish(&mut self) {
        if !std::mem::take(&mut self.is_changed) {
            return;
        }
        self.connect();
        let session = &self.snapshot.session;
        for (uri, list, version) in self.projects.news(session) {
            let list = serde_json::to_string(&list).unwrap_or_else(|_| "[]".to_owned());
            let told = message(&uri, &list, version);
            let _ = self.publisher.send(self.runtime.spawn(async move { Some(told) }));
        }
        if session.pulls_diagnostics {
            self.unpublished.clear();
            if std::mem::take(&mut self.is_stale) && session.refreshes_diagnostics {
                let client = self.client.clone();
                self.runtime.spawn(async move { client.workspace_diagnostic_refresh().await });
            }
            return;
        }
        for uri in std::mem::take(&mut self.unpublished) {
            let snapshot = self.snapshot.clone();
            let Some(version) = snapshot.document(&uri).and_then(|known| known.version) else { continue };
            let is_done = Arc::new(AtomicBool::new(false));
            self.under_way.push((uri.clone(), is_done.clone()));
            let round = self.runtime.spawn_blocking(move || {
                // A cancelled round says nothing: there will be another.
                let list = Cancelled::catch(AssertUnwindSafe(|| {
                    snapshot.view(&uri).map_or_else(|| "[]".to_owned(), |view| diagnostics::written(&view))
                }));
                is_done.store(list.is_ok(), Ordering::Release);
                Some(message(&uri, &list.ok()?, Some(version)))
            });
            let _ = self.publisher.send(round);
        }
    }
}
