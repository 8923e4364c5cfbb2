//! What calls what: jobs start flows, flows call actions.

use crate::snapshot::{Snapshot, View};
use text_size::{TextRange, TextSize};
use tower_lsp::ls_types::{CallHierarchyIncomingCall, CallHierarchyItem, CallHierarchyOutgoingCall, Range, SymbolKind};
use zisc_core::navigate::{self, Access, Site, Sort, Symbol};
use zisc_core::{ItemSource, Name, parsed};

/// The job, flow or action at a place.
pub(crate) fn prepare(view: &View<'_>, offset: TextSize) -> Option<Vec<CallHierarchyItem>> {
    let (item, occurrence) = navigate::occurrence_at(view.db, view.file, offset)?;
    let meant = navigate::meant(view.db, view.file, &occurrence.symbol);
    if !matches!(meant, Symbol::Callable(_) | Symbol::Item(Sort::Action | Sort::Flow | Sort::Job, _)) {
        return None;
    }
    let sites = navigate::definitions(view.db, view.file, item, &occurrence.symbol);
    Some(sites.iter().filter_map(|site| at_site(view.snapshot, site)).collect())
}

/// What calls it, or starts it.
pub(crate) fn incoming(view: &View<'_>, offset: TextSize) -> Option<Vec<CallHierarchyIncomingCall>> {
    let (item, occurrence) = navigate::occurrence_at(view.db, view.file, offset)?;
    let found = navigate::references(view.db, &view.snapshot.files(), view.file, item, &occurrence.symbol);
    let mut calls: Vec<CallHierarchyIncomingCall> = Vec::new();
    for (file, found) in found.iter().filter(|(_, found)| found.access != Access::Declaration) {
        let Some(view) = view.snapshot.uri(*file).and_then(|uri| view.snapshot.view(&uri)) else { continue };
        let Some(caller) = navigate::item_at(view.db, view.file, found.span.start()) else { continue };
        let Some(from) = entry(&view, caller) else { continue };
        let range = view.range(found.span);
        let same = |item: &CallHierarchyItem| item.selection_range == from.selection_range && item.uri == from.uri;
        match calls.iter_mut().find(|call| same(&call.from)) {
            Some(known) => known.from_ranges.push(range),
            None => calls.push(CallHierarchyIncomingCall { from, from_ranges: vec![range] }),
        }
    }
    Some(calls)
}

/// What it calls, or starts.
pub(crate) fn outgoing(view: &View<'_>, offset: TextSize) -> Option<Vec<CallHierarchyOutgoingCall>> {
    let item = navigate::item_at(view.db, view.file, offset)?;
    let start = item.start(view.db);
    let mut calls: Vec<CallHierarchyOutgoingCall> = Vec::new();
    let mut add = |symbol: &Symbol, span: TextRange| {
        let range: Range = view.range(span + start);
        for site in navigate::definitions(view.db, view.file, item, symbol) {
            let Some(to) = at_site(view.snapshot, &site) else { continue };
            match calls.iter_mut().find(|call| call.to.selection_range == to.selection_range && call.to.uri == to.uri) {
                Some(known) => known.from_ranges.push(range),
                None => calls.push(CallHierarchyOutgoingCall { to, from_ranges: vec![range] }),
            }
        }
    };
    for call in navigate::calls_in(view.db, item) {
        add(&Symbol::Callable(call.callee.clone()), call.span);
    }
    for occurrence in navigate::occurrences(view.db, item) {
        if matches!(occurrence.symbol, Symbol::Item(Sort::Flow, _)) && occurrence.access == Access::Read {
            add(&occurrence.symbol, occurrence.span);
        }
    }
    Some(calls)
}

fn at_site(snapshot: &Snapshot, site: &Site) -> Option<CallHierarchyItem> {
    let view = snapshot.view(&snapshot.uri(site.file)?)?;
    entry(&view, navigate::item_at(view.db, view.file, site.name.start())?)
}

fn entry(view: &View<'_>, item: ItemSource<'_>) -> Option<CallHierarchyItem> {
    let first = navigate::occurrences(view.db, item).first()?;
    let Symbol::Item(sort, name) = &first.symbol else { return None };
    let start = item.start(view.db);
    let name: &Name = name;
    Some(CallHierarchyItem {
        name: name.to_string(),
        kind: match sort {
            Sort::Job => SymbolKind::EVENT,
            Sort::Flow => SymbolKind::MODULE,
            _ => SymbolKind::FUNCTION,
        },
        tags: None,
        detail: Some(sort.word().to_owned()),
        uri: view.uri.clone(),
        range: view.range((parsed(view.db, item).item.span + start).cover(first.span + start)),
        selection_range: view.range(first.span + start),
        data: None,
    })
}
