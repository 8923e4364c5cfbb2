//! What a file, or all files, hold.

use crate::snapshot::{Snapshot, View};
use tower_lsp::ls_types::{
    DocumentSymbol, DocumentSymbolResponse, Location, OneOf, SymbolInformation, SymbolKind, WorkspaceSymbol,
    WorkspaceSymbolResponse,
};
use zisc_core::navigate::{self, Outline, OutlineKind, Sort};

/// So many symbols are given for one search at the most: nobody reads more.
const MOST: usize = 500;

/// The names in a file.
pub(crate) fn document(view: &View<'_>) -> DocumentSymbolResponse {
    let outline = navigate::outline(view.db, view.file);
    if view.snapshot.session.nested_symbols {
        return DocumentSymbolResponse::Nested(outline.iter().map(|symbol| nested(view, symbol)).collect());
    }
    let mut all = Vec::new();
    outline.iter().for_each(|symbol| flat(view, symbol, None, &mut all));
    DocumentSymbolResponse::Flat(all)
}

/// The items of all files whose names hold the letters of `query`, in order.
pub(crate) fn workspace(snapshot: &Snapshot, query: &str) -> WorkspaceSymbolResponse {
    let mut found = Vec::new();
    for view in snapshot.views() {
        for (symbol, site) in navigate::items_named(view.db, view.file, |name| holds(name, query)) {
            found.push(WorkspaceSymbol {
                name: symbol.name.to_string(),
                kind: kind(symbol.kind),
                tags: None,
                container_name: zisc_core::declarations(view.db, view.file)
                    .integration
                    .as_ref()
                    .map(ToString::to_string),
                location: OneOf::Left(view.location(site.name)),
                data: None,
            });
            if found.len() >= MOST {
                return WorkspaceSymbolResponse::Nested(found);
            }
        }
    }
    WorkspaceSymbolResponse::Nested(found)
}

/// Whether the letters of `query` stand in `name`, in their order.
fn holds(name: &str, query: &str) -> bool {
    let mut letters = name.chars().flat_map(char::to_lowercase);
    query.chars().flat_map(char::to_lowercase).all(|wanted| letters.any(|letter| letter == wanted))
}

#[allow(deprecated, reason = "the protocol's type has a field that nobody may use")]
fn nested(view: &View<'_>, symbol: &Outline) -> DocumentSymbol {
    DocumentSymbol {
        name: symbol.name.to_string(),
        detail: symbol.detail.clone(),
        kind: kind(symbol.kind),
        tags: None,
        deprecated: None,
        range: view.range(symbol.whole.cover(symbol.place)),
        selection_range: view.range(symbol.place),
        children: (!symbol.children.is_empty())
            .then(|| symbol.children.iter().map(|child| nested(view, child)).collect()),
    }
}

#[allow(deprecated, reason = "the protocol's type has a field that nobody may use")]
fn flat(view: &View<'_>, symbol: &Outline, container: Option<&Outline>, all: &mut Vec<SymbolInformation>) {
    all.push(SymbolInformation {
        name: symbol.name.to_string(),
        kind: kind(symbol.kind),
        tags: None,
        deprecated: None,
        location: Location::new(view.uri.clone(), view.range(symbol.whole)),
        container_name: container.map(|container| container.name.to_string()),
    });
    symbol.children.iter().for_each(|child| flat(view, child, Some(symbol), all));
}

pub(crate) fn kind(kind: OutlineKind) -> SymbolKind {
    match kind {
        OutlineKind::Item(Sort::Integration) => SymbolKind::PACKAGE,
        OutlineKind::Item(Sort::Param) => SymbolKind::CONSTANT,
        OutlineKind::Item(Sort::Connection) => SymbolKind::KEY,
        OutlineKind::Item(Sort::Config) => SymbolKind::OBJECT,
        OutlineKind::Item(Sort::Type) => SymbolKind::STRUCT,
        OutlineKind::Item(Sort::Event | Sort::Job) => SymbolKind::EVENT,
        OutlineKind::Item(Sort::Action) => SymbolKind::FUNCTION,
        OutlineKind::Item(Sort::Flow) => SymbolKind::MODULE,
        OutlineKind::Field => SymbolKind::FIELD,
        OutlineKind::Label | OutlineKind::State => SymbolKind::METHOD,
        OutlineKind::Variable => SymbolKind::VARIABLE,
    }
}
