//! Every message of the protocol, version 3.17, and what becomes of it here; then those of our own, `zisc/…`.

use std::fmt::Write as _;

/// A message of the protocol.
pub struct Method {
    /// Its name.
    pub name: &'static str,
    /// Who sends it, and whether it is answered.
    pub sort: Sort,
    /// Where the server says that it knows it: a path in the capabilities, empty where nothing is said.
    pub capability: &'static str,
    /// What becomes of it.
    pub here: Here,
}

/// Who sends a message, and whether it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// The client asks.
    Request,
    /// The client tells.
    Notification,
    /// The server asks.
    FromServer,
    /// The server tells.
    ToldByServer,
}

/// What becomes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    /// It is used; how.
    Used(&'static str),
    /// It is not used; why.
    Unused(&'static str),
}

macro_rules! methods {
    ($($sort:ident $name:literal $capability:literal $here:ident $text:literal)*) => {
        /// The messages of the protocol.
        pub const METHODS: &[Method] = &[$(Method {
            name: $name,
            sort: Sort::$sort,
            capability: $capability,
            here: Here::$here($text),
        }),*];
    };
}

methods! {
    Request "initialize" "" Used "agrees on UTF-8 or UTF-16 columns, and on what the client can show"
    Notification "initialized" "" Used "reads the `.zis` files of the open folders, asks the client to watch them"
    FromServer "client/registerCapability" "" Used "file watching"
    FromServer "client/unregisterCapability" "" Unused "what was registered stays to the end"
    Notification "$/setTrace" "" Unused "nothing is traced"
    ToldByServer "$/logTrace" "" Unused "nothing is traced"
    Request "shutdown" "" Used "exit code 0 after it, 1 without it"
    Notification "exit" "" Used "ends at once"
    Notification "$/cancelRequest" "" Used "stops the question itself, not only its answer"
    ToldByServer "$/progress" "" Used "while many files are read"

    Notification "textDocument/didOpen" "/textDocumentSync/openClose" Used "what is open counts, whatever the disk says"
    Notification "textDocument/didChange" "/textDocumentSync/change" Used "incremental; cancels what is asked of the text before"
    Notification "textDocument/willSave" "/textDocumentSync/willSave" Unused "nothing depends on saving"
    Request "textDocument/willSaveWaitUntil" "/textDocumentSync/willSaveWaitUntil" Unused "editors format on save themselves"
    Notification "textDocument/didSave" "/textDocumentSync/save" Unused "nothing depends on saving"
    Notification "textDocument/didClose" "/textDocumentSync/openClose" Used "the disk counts again"
    Notification "notebookDocument/didOpen" "/notebookDocumentSync" Unused "there are no notebooks of flows"
    Notification "notebookDocument/didChange" "/notebookDocumentSync" Unused "there are no notebooks of flows"
    Notification "notebookDocument/didSave" "/notebookDocumentSync" Unused "there are no notebooks of flows"
    Notification "notebookDocument/didClose" "/notebookDocumentSync" Unused "there are no notebooks of flows"

    Request "textDocument/declaration" "/declarationProvider" Unused "the same as the definition"
    Request "textDocument/definition" "/definitionProvider" Used "names, fields, labels, variables of jq"
    Request "textDocument/typeDefinition" "/typeDefinitionProvider" Used "of a value, the type with a name"
    Request "textDocument/implementation" "/implementationProvider" Used "of a job its flow, of an event the flows it starts"
    Request "textDocument/references" "/referencesProvider" Used "names of all sorts, variables of jq too"
    Request "textDocument/documentHighlight" "/documentHighlightProvider" Used "reads and writes apart"
    Request "textDocument/prepareCallHierarchy" "/callHierarchyProvider" Used "jobs, flows, actions"
    Request "callHierarchy/incomingCalls" "/callHierarchyProvider" Used "who calls an action, what starts a flow"
    Request "callHierarchy/outgoingCalls" "/callHierarchyProvider" Used "what a flow calls, what a job starts"
    Request "textDocument/prepareTypeHierarchy" "/typeHierarchyProvider" Unused "types have no hierarchy"
    Request "typeHierarchy/supertypes" "/typeHierarchyProvider" Unused "types have no hierarchy"
    Request "typeHierarchy/subtypes" "/typeHierarchyProvider" Unused "types have no hierarchy"
    Request "textDocument/documentLink" "/documentLinkProvider" Used "files that are named in strings"
    Request "documentLink/resolve" "/documentLinkProvider/resolveProvider" Unused "links come with their targets"
    Request "textDocument/hover" "/hoverProvider" Used "types, documentation, the states and the jq that a statement becomes"
    Request "textDocument/codeLens" "/codeLensProvider" Used "references, states, run a flow, open a bundle as source"
    Request "codeLens/resolve" "/codeLensProvider/resolveProvider" Used "counts when the lens is seen"
    Request "textDocument/foldingRange" "/foldingRangeProvider" Used "items, blocks, records, jq texts, comments"
    Request "textDocument/selectionRange" "/selectionRangeProvider" Used "word, expression, statement, block, item, file"
    Request "textDocument/documentSymbol" "/documentSymbolProvider" Used "items, fields, labels and names in flows"
    Request "textDocument/semanticTokens/full" "/semanticTokensProvider/full" Used "every word, inside jq texts too"
    Request "textDocument/semanticTokens/full/delta" "/semanticTokensProvider/full/delta" Used "what has changed since"
    Request "textDocument/semanticTokens/range" "/semanticTokensProvider/range" Used "what is on the screen"
    Request "textDocument/inlineValue" "/inlineValueProvider" Unused "there is no debugger"
    Request "textDocument/inlayHint" "/inlayHintProvider" Used "types of names, states in front of others, parameters of functions"
    Request "inlayHint/resolve" "/inlayHintProvider/resolveProvider" Unused "hints come whole"
    Request "textDocument/moniker" "/monikerProvider" Unused "nothing is indexed over projects"
    Request "textDocument/completion" "/completionProvider" Used "names, fields, arguments, events, labels, statements, what can be imported, inside jq texts too"
    Request "completionItem/resolve" "/completionProvider/resolveProvider" Used "the documentation"
    ToldByServer "textDocument/publishDiagnostics" "" Used "to clients that do not ask themselves"
    Request "textDocument/diagnostic" "/diagnosticProvider" Used "with `unchanged` where nothing is new"
    Request "workspace/diagnostic" "/diagnosticProvider/workspaceDiagnostics" Used "all files of the open folders"
    FromServer "workspace/diagnostic/refresh" "" Used "when a file changes that is not open"
    Request "textDocument/signatureHelp" "/signatureHelpProvider" Used "actions, functions, functions of jq"
    Request "textDocument/codeAction" "/codeActionProvider" Used "mends findings, extracts, declares, inlines, wraps, completes, writes without jq or jumps"
    Request "codeAction/resolve" "/codeActionProvider/resolveProvider" Used "the change itself"
    Request "textDocument/documentColor" "/colorProvider" Unused "there are no colours in flows"
    Request "textDocument/colorPresentation" "/colorProvider" Unused "there are no colours in flows"
    Request "textDocument/formatting" "/documentFormattingProvider" Used "the one style of `zisc fmt`, as few changes as it takes"
    Request "textDocument/rangeFormatting" "/documentRangeFormattingProvider" Used "the changes that touch the range"
    Request "textDocument/onTypeFormatting" "/documentOnTypeFormattingProvider" Used "indentation after Enter and `}`"
    Request "textDocument/rename" "/renameProvider" Used "names of all sorts, variables of jq too"
    Request "textDocument/prepareRename" "/renameProvider/prepareProvider" Used "says why something cannot be renamed"
    Request "textDocument/linkedEditingRange" "/linkedEditingRangeProvider" Unused "no two places must always agree"

    Request "workspace/symbol" "/workspaceSymbolProvider" Used "items of all files, by letters of their names"
    Request "workspaceSymbol/resolve" "/workspaceSymbolProvider/resolveProvider" Unused "symbols come with their places"
    FromServer "workspace/configuration" "" Used "which hints and lenses are shown"
    Notification "workspace/didChangeConfiguration" "" Used "which hints and lenses are shown"
    FromServer "workspace/workspaceFolders" "" Unused "clients name them when they start"
    Notification "workspace/didChangeWorkspaceFolders" "/workspace/workspaceFolders" Used "reads and forgets their files"
    Request "workspace/willCreateFiles" "" Unused "new files change nothing in others"
    Notification "workspace/didCreateFiles" "" Unused "file watching tells the same"
    Request "workspace/willRenameFiles" "/workspace/fileOperations/willRename" Used "imports follow files and folders"
    Notification "workspace/didRenameFiles" "" Unused "file watching tells the same"
    Request "workspace/willDeleteFiles" "" Unused "a deleted file changes nothing in others"
    Notification "workspace/didDeleteFiles" "" Unused "file watching tells the same"
    Notification "workspace/didChangeWatchedFiles" "" Used "files that are not open follow the disk"
    Request "workspace/executeCommand" "/executeCommandProvider" Unused "the commands of lenses are the editor's"
    FromServer "workspace/applyEdit" "" Unused "changes come as answers"
    FromServer "workspace/semanticTokens/refresh" "" Unused "colours depend on the file alone"
    FromServer "workspace/inlayHint/refresh" "" Unused "hints depend on the file alone"
    FromServer "workspace/inlineValue/refresh" "" Unused "there is no debugger"
    FromServer "workspace/codeLens/refresh" "" Unused "lenses are counted when they are seen"

    ToldByServer "window/showMessage" "" Unused "nothing is worth a box"
    FromServer "window/showMessageRequest" "" Unused "nothing is worth a box"
    ToldByServer "window/logMessage" "" Unused "there is nothing to log"
    FromServer "window/showDocument" "" Unused "the person decides what is shown"
    FromServer "window/workDoneProgress/create" "" Used "while many files are read"
    Notification "window/workDoneProgress/cancel" "" Unused "nothing takes that long"
    ToldByServer "telemetry/event" "" Unused "nothing is reported to anybody"

    Request "zisc/graph" "" Used "`{ textDocument, position?, flow? }`: a flow as SVG, broken or whole, and where its states stand"
    Request "zisc/bundle" "" Used "`{ textDocument }`: the bundle's text, and which part of it comes from where"
    Request "zisc/decompile" "" Used "`{ textDocument }` or `{ text }`: bundle JSON as source, or why it is none"
}

/// The table as a page in Markdown.
pub fn page() -> String {
    let mut page = String::from(
        "# What the language server does with each message\n\nVersion 3.17 of the Language Server Protocol, then messages of our own. Made from `src/methods.rs`; a test compares it with the running server.\n\n| message | from | here |\n|---|---|---|\n",
    );
    for method in METHODS {
        let from = match method.sort {
            Sort::Request => "client, answered",
            Sort::Notification => "client",
            Sort::FromServer => "server, answered",
            Sort::ToldByServer => "server",
        };
        let here = match method.here {
            Here::Used(how) => format!("yes: {how}"),
            Here::Unused(why) => format!("no: {why}"),
        };
        let _ = writeln!(page, "| `{}` | {from} | {here} |", method.name);
    }
    page
}
