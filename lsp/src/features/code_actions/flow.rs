//! The flow that a job starts and nobody has written yet.

use super::{Offer, Selection, fixes, touches};
use text_size::TextRange;
use zisc_core::{items, parsed};
use zisc_syntax::Node;
use zisc_syntax::tree::{Item, ItemKind};

pub(super) fn offer(selection: &Selection<'_>) -> Option<Offer> {
    let Some(Node::Item(Item { kind: ItemKind::Job { flow: Some(flow), .. }, .. })) = selection.around.first() else {
        return None;
    };
    let view = selection.view;
    let name = flow.span + selection.start;
    if !touches(name, selection.span) {
        return None;
    }
    // Jobs that stand together stay together.
    let from_here = items(view.db, view.file).iter().filter(|item| item.start(view.db) >= selection.start);
    let trees = from_here.map(|item| (item.start(view.db), &parsed(view.db, *item).item));
    let (start, last_job) = trees.take_while(|(_, item)| matches!(item.kind, ItemKind::Job { .. })).last()?;
    let below = TextRange::empty(view.lines.line_at(last_job.span.end() + start).end());
    let text = format!("\n\nflow {}(event) {{\n  succeed \"done\"\n}}", flow.text);
    fixes::mending(view, "unknown-flow", name, format!("write the flow `{}`", flow.text), vec![(below, text)])
}
