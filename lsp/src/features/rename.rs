//! Another name for something, everywhere.

use super::bundle;
use crate::snapshot::View;
use std::collections::HashMap;
use text_size::TextSize;
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::ls_types::{PrepareRenameResponse, TextEdit, Uri, WorkspaceEdit};
use zisc_core::ItemSource;
use zisc_core::navigate::{self, Access, Form, LocalSort, Occurrence, Sort, Symbol};

/// The name at a place, where it can get another one.
pub(crate) fn prepare(view: &View<'_>, offset: TextSize) -> Result<Option<PrepareRenameResponse>> {
    if view.is_bundle() {
        return bundle::names::prepare_rename(view, offset);
    }
    let Some((item, occurrence)) = navigate::occurrence_at(view.db, view.file, offset) else {
        return no_name(view, offset);
    };
    check(view, item, occurrence)?;
    let span = occurrence.span + item.start(view.db);
    let placeholder = view.text[span].to_owned();
    Ok(Some(PrepareRenameResponse::RangeWithPlaceholder { range: view.range(span), placeholder }))
}

/// The changes that give the name at a place another one.
pub(crate) fn rename(view: &View<'_>, offset: TextSize, new: &str) -> Result<Option<WorkspaceEdit>> {
    if view.is_bundle() {
        return bundle::names::rename(view, offset, new);
    }
    let Some((item, occurrence)) = navigate::occurrence_at(view.db, view.file, offset) else {
        return no_name(view, offset);
    };
    check(view, item, occurrence)?;
    let symbol = navigate::meant(view.db, view.file, &occurrence.symbol);
    let new = fitting(&symbol, new)?;
    if let Some(why) = navigate::why_not_called(&symbol, &new) {
        return Err(refused(format!("`{new}` cannot be the name: {why}")));
    }
    if new != *symbol.name() && navigate::is_taken(view.db, view.file, item, &symbol, &new) {
        return Err(refused(format!("`{new}` is taken here: choose another name")));
    }
    let found = navigate::references(view.db, &view.snapshot.files(), view.file, item, &occurrence.symbol);
    #[allow(clippy::mutable_key_type, reason = "the protocol's type; nobody changes an address that is a key")]
    let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
    for (file, found) in &found {
        let Some(in_file) = view.snapshot.uri(*file).and_then(|uri| view.snapshot.view(&uri)) else { continue };
        let edit = edit(&in_file, found, &new);
        changes.entry(in_file.uri).or_default().push(edit);
    }
    Ok(Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }))
}

pub(super) fn refused(message: String) -> Error {
    Error { code: ErrorCode::ServerError(-32803), message: message.into(), data: None }
}

/// The answer where nothing stands that has a name of its own.
fn no_name<T>(view: &View<'_>, offset: TextSize) -> Result<Option<T>> {
    let read = navigate::field_at(view.db, view.file, view.settings, offset).map(|read| read.name.text);
    let declared = || {
        let site = navigate::declared_field(view.db, view.file, offset)?;
        Some(zisc_core::Name::new(&view.text[site.name]))
    };
    match read.or_else(declared) {
        Some(name) => Err(refused(format!("`{name}` is a field: the data is called so, whatever is written here"))),
        None => Ok(None),
    }
}

/// Whether the name is one that the file itself gives.
fn check(view: &View<'_>, item: ItemSource<'_>, occurrence: &Occurrence) -> Result<()> {
    if !navigate::definitions(view.db, view.file, item, &occurrence.symbol).is_empty() {
        return Ok(());
    }
    let name = occurrence.symbol.name();
    Err(refused(match &occurrence.symbol {
        Symbol::JqFunction(..) => format!("`{name}` is a function of jq"),
        Symbol::Item(Sort::Event, _) => format!("`{name}` is an event of Zendesk"),
        _ => format!("`{name}` is not defined here, so it cannot be renamed"),
    }))
}

/// The new name as it is written, where it can be one.
fn fitting(symbol: &Symbol, new: &str) -> Result<zisc_core::Name> {
    let is_dotted_name = |name: &str| name.split('.').all(is_word) && !name.is_empty();
    let fits = match symbol {
        Symbol::Local { sort: LocalSort::JqVariable, .. } => {
            let bare = new.trim_start_matches('$');
            if is_word(bare) {
                return Ok(format!("${bare}").into());
            }
            false
        }
        Symbol::Local { sort: LocalSort::JqFunction, .. } => is_word(new),
        Symbol::Local { sort: LocalSort::Label, .. } => is_dotted_name(new),
        Symbol::Item(Sort::Action | Sort::Flow | Sort::Job | Sort::Event, _) | Symbol::Callable(_) => {
            is_dotted_name(new) && new.split('.').next().is_some_and(zisc_syntax::is_name)
        }
        _ => zisc_syntax::is_name(new),
    };
    match fits {
        true => Ok(new.into()),
        false => Err(refused(format!(
            "`{new}` cannot be a name here: write letters, digits and `_`, and no word of the language"
        ))),
    }
}

fn is_word(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || c == '_')
        && !text.starts_with(|c: char| c.is_ascii_digit())
        && !text.is_empty()
}

fn edit(view: &View<'_>, found: &Occurrence, new: &str) -> TextEdit {
    let old = &view.text[found.span];
    let new_text = match (found.form, &found.symbol) {
        (Form::Plain, _) if old.starts_with('"') => format!("\"{new}\""),
        (Form::Plain, _) => new.to_owned(),
        // `f(name)` gives a parameter; in its action, and everywhere else, `{ name }` keeps its key.
        (Form::KeyAndValue, Symbol::Parameter(..)) if found.access == Access::Write => format!("{new}: {old}"),
        (Form::KeyAndValue, _) => format!("{}: {new}", old.trim_start_matches('$')),
    };
    TextEdit::new(view.range(found.span), new_text)
}
