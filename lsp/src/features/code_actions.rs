//! Changes that are offered at a place: what mends a finding, and what writes the same in another way.

mod accept;
mod arguments;
pub(super) mod extract;
mod fixes;
mod flow;
mod import;
mod inline;
mod match_cases;
mod removal;
mod request;
mod rewrite;
mod wrap;

use super::{bundle, lenses};
use crate::snapshot::View;
use std::collections::HashMap;
use text_size::{TextRange, TextSize};
use tower_lsp::ls_types::{
    CodeAction, CodeActionContext, CodeActionKind, CodeActionOrCommand, Diagnostic, Range, TextEdit, Uri, WorkspaceEdit,
};
use zisc_core::{ItemSource, navigate, parsed};
use zisc_syntax::Node;
use zisc_syntax::tree::Statement;

/// The kinds of changes that are offered.
pub(crate) const KINDS: &[CodeActionKind] = &[
    CodeActionKind::QUICKFIX,
    CodeActionKind::REFACTOR_EXTRACT,
    CodeActionKind::REFACTOR_INLINE,
    CodeActionKind::REFACTOR_REWRITE,
    CodeActionKind::SOURCE_FIX_ALL,
];

/// A change that is offered.
struct Offer {
    title: String,
    kind: CodeActionKind,
    /// It is most likely what the person wants.
    is_preferred: bool,
    /// What it mends.
    mends: Vec<Diagnostic>,
    /// What to write in place of what, in the file.
    edits: Vec<(TextRange, String)>,
}

impl Offer {
    fn new(kind: CodeActionKind, title: impl Into<String>, edits: Vec<(TextRange, String)>) -> Self {
        Self { title: title.into(), kind, is_preferred: false, mends: Vec::new(), edits }
    }
}

/// What is selected.
struct Selection<'a> {
    view: &'a View<'a>,
    item: ItemSource<'a>,
    /// Where the item begins.
    start: TextSize,
    /// What is selected, in the file.
    span: TextRange,
    /// The parts of the item around it, the largest first.
    around: Vec<Node<'a>>,
}

impl<'a> Selection<'a> {
    fn new(view: &'a View<'a>, span: TextRange) -> Option<Self> {
        let item = navigate::item_at(view.db, view.file, span.start())?;
        let start = item.start(view.db);
        let mut around = Node::Item(&parsed(view.db, item).item).around(span.start() - start);
        around.retain(|node| (node.span() + start).contains_range(span));
        Some(Self { view, item, start, span, around })
    }

    /// The innermost statement around it.
    fn statement(&self) -> Option<&'a Statement> {
        self.around.iter().rev().find_map(|node| match node {
            Node::Statement(statement) => Some(*statement),
            _ => None,
        })
    }

    /// The text of a part of the item.
    fn text(&self, span: TextRange) -> &'a str {
        &self.view.text[span + self.start]
    }

    /// The blanks at the beginning of the line on which a part of the item stands.
    fn indentation(&self, at: TextSize) -> &'a str {
        let line = &self.view.text[self.view.lines.line_at(at + self.start)];
        &line[..line.len() - line.trim_start().len()]
    }
}

/// What can be done with what is selected.
pub(crate) fn actions(view: &View<'_>, range: Range, context: &CodeActionContext) -> Vec<CodeActionOrCommand> {
    let wanted = |kind: &CodeActionKind| {
        let is_part = |only: &CodeActionKind| {
            kind.as_str() == only.as_str() || kind.as_str().starts_with(&format!("{}.", only.as_str()))
        };
        context.only.as_ref().is_none_or(|only| only.is_empty() || only.iter().any(is_part))
    };
    let offers = offers(view, range).into_iter().filter(|offer| wanted(&offer.kind));
    let offered = offers.map(|offer| action(view, range, offer, Detail::Later));
    // A lightbulb that shines wherever one looks says nothing.
    let is_asked = range.start.line == 0 || context.only.as_ref().is_some_and(|only| !only.is_empty());
    let decompile = decompile(view).filter(|action| is_asked && action.kind.as_ref().is_some_and(wanted));
    offered.chain(decompile).map(CodeActionOrCommand::CodeAction).collect()
}

/// The bundle as source, in an editor that can show it.
fn decompile(view: &View<'_>) -> Option<CodeAction> {
    if !view.is_bundle() || !view.snapshot.session.knows_command(lenses::DECOMPILE) {
        return None;
    }
    let command = bundle::lenses::decompile(view);
    Some(CodeAction {
        title: command.title.clone(),
        kind: Some(CodeActionKind::REFACTOR_REWRITE),
        command: Some(command),
        ..CodeAction::default()
    })
}

/// The same action with its change.
pub(crate) fn resolve(view: &View<'_>, action: CodeAction) -> CodeAction {
    let range = action.data.as_ref().and_then(|data| serde_json::from_value(data.get("range")?.clone()).ok());
    let Some(range) = range else { return action };
    match offers(view, range).into_iter().find(|offer| offer.title == action.title) {
        Some(offer) => self::action(view, range, offer, Detail::Now),
        None => action,
    }
}

/// When the change itself is told.
#[derive(Clone, Copy, PartialEq)]
enum Detail {
    Now,
    /// When the person chose it, where the client can ask then.
    Later,
}

fn offers(view: &View<'_>, range: Range) -> Vec<Offer> {
    let span = view.lines.span(range);
    let mut offers = fixes::at(view, span);
    offers.extend(import::offers(view, span));
    offers.extend(fixes::all(view));
    if let Some(selection) = Selection::new(view, span) {
        offers.extend(match_cases::offer(&selection));
        offers.extend(arguments::offer(&selection));
        offers.extend(request::offer(&selection));
        offers.extend(flow::offer(&selection));
        offers.extend(wrap::offer(&selection));
        offers.extend(extract::offers(&selection));
        offers.extend(inline::offer(&selection));
        offers.extend(rewrite::offers(&selection));
        offers.extend(accept::offers(&selection));
    }
    offers
}

fn action(view: &View<'_>, range: Range, offer: Offer, detail: Detail) -> CodeAction {
    let asks_later = view.snapshot.session.resolves_actions && detail == Detail::Later;
    let edits = offer.edits.into_iter().map(|(span, text)| TextEdit::new(view.range(span), text)).collect();
    #[allow(clippy::mutable_key_type, reason = "the protocol's type; nobody changes an address that is a key")]
    let changes: HashMap<Uri, Vec<TextEdit>> = HashMap::from([(view.uri.clone(), edits)]);
    CodeAction {
        title: offer.title,
        kind: Some(offer.kind),
        diagnostics: (!offer.mends.is_empty()).then_some(offer.mends),
        edit: (!asks_later).then(|| WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }),
        is_preferred: offer.is_preferred.then_some(true),
        data: asks_later.then(|| serde_json::json!({ "uri": view.uri, "range": range })),
        ..CodeAction::default()
    }
}

/// Whether two places share something, or touch.
fn touches(a: TextRange, b: TextRange) -> bool {
    a.intersect(b).is_some()
}
