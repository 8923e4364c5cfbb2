//! Names in bundles: where they are defined, where else they stand, and other names for them.

use crate::features::rename::refused;
use crate::snapshot::View;
use std::collections::HashMap;
use text_size::TextSize;
use tower_lsp::jsonrpc::Result;
use tower_lsp::ls_types::{Location, PrepareRenameResponse, TextEdit, Uri, WorkspaceEdit};
use zisc_core::navigate::Access;
use zisc_core::navigate::bundle::{self, BundleName, BundlePlace, BundleSymbol, places_of, reference_at};

/// Where the name at a place is defined, or which states write what the path there leads to.
pub(in crate::features) fn definition(view: &View<'_>, offset: TextSize) -> Option<Vec<Location>> {
    if let Some(name) = reference_at(view.db, view.file, offset) {
        return Some(declarations(view, &name.symbol));
    }
    let writers = bundle::writers_at(view.db, view.file, view.settings, offset);
    (!writers.is_empty()).then(|| writers.iter().map(|state| view.location(state.name.span)).collect())
}

/// A job leads to its flow, anything else to itself.
pub(in crate::features) fn implementation(view: &View<'_>, offset: TextSize) -> Option<Vec<Location>> {
    let name = reference_at(view.db, view.file, offset)?;
    if let BundleSymbol::Job(_) = &name.symbol {
        let inside = bundle::names_in(view.db, view.file).iter().filter(|other| name.whole.contains_range(other.span));
        let flow = inside.map(|other| &other.symbol).find(|symbol| matches!(symbol, BundleSymbol::Flow(_)))?;
        return Some(declarations(view, flow));
    }
    definition(view, offset)
}

fn declarations(view: &View<'_>, symbol: &BundleSymbol) -> Vec<Location> {
    let declared = places(view, symbol).into_iter().filter(|place| place.access == Access::Declaration);
    declared.map(|place| view.location(place.span)).collect()
}

/// All places of the name at a place.
pub(in crate::features) fn at<'a>(view: &View<'a>, offset: TextSize) -> Option<Vec<&'a BundleName>> {
    Some(places(view, &reference_at(view.db, view.file, offset)?.symbol))
}

fn places<'a>(view: &View<'a>, symbol: &BundleSymbol) -> Vec<&'a BundleName> {
    places_of(view.db, view.file, symbol)
}

/// The name at a place, where it can get another one.
pub(in crate::features) fn prepare_rename(view: &View<'_>, offset: TextSize) -> Result<Option<PrepareRenameResponse>> {
    let Some(name) = reference_at(view.db, view.file, offset) else { return Ok(None) };
    check(view, &name.symbol)?;
    let placeholder = view.text[name.span].to_owned();
    // From the key of a resource too, though its name stands on another line.
    let is_key = name.access == Access::Declaration && !name.span.contains_inclusive(offset);
    let span = if is_key { BundlePlace::at(view.text, offset).word } else { name.span };
    Ok(Some(PrepareRenameResponse::RangeWithPlaceholder { range: view.range(span), placeholder }))
}

/// The changes that give the name at a place another one: its key, its name, and all references.
pub(in crate::features) fn rename(view: &View<'_>, offset: TextSize, new: &str) -> Result<Option<WorkspaceEdit>> {
    let Some(name) = reference_at(view.db, view.file, offset) else { return Ok(None) };
    check(view, &name.symbol)?;
    if new.trim().is_empty() || new.contains(char::is_control) {
        return Err(refused(format!("`{new}` cannot be a name here")));
    }
    if new != *name.symbol.name() && bundle::is_taken(view.db, view.file, &name.symbol, new) {
        return Err(refused(format!("`{new}` is taken here: choose another name")));
    }
    let new = zisc_bundle::json::escaped(new);
    let found = places(view, &name.symbol);
    let edits = found.iter().map(|place| TextEdit::new(view.range(place.span), new.clone()));
    #[allow(clippy::mutable_key_type, reason = "the protocol's type; nobody changes an address that is a key")]
    let changes: HashMap<Uri, Vec<TextEdit>> = HashMap::from([(view.uri.clone(), edits.collect())]);
    Ok(Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }))
}

fn check(view: &View<'_>, symbol: &BundleSymbol) -> Result<()> {
    // Places that cannot be read would keep the old name.
    if let Some(mistake) = bundle::broken_in(view.db, view.file) {
        let line = view.position(mistake.span.start()).line + 1;
        return Err(refused(format!("mend the JSON first, line {line}: {mistake}")));
    }
    match declarations(view, symbol).is_empty() {
        false => Ok(()),
        true => Err(refused(format!("`{}` is not defined here, so it cannot be renamed", symbol.name()))),
    }
}
