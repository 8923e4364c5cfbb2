//! The bundle that a source becomes, beside it: its text, and which part comes from where.

use crate::document::Lines;
use crate::snapshot::View;
use serde_json::{Value, json};
use zisc_core::{Level, bundle_text, findings};

/// The bundle of a source, as far as it could be made; nothing for a file that is one already.
pub(crate) fn bundle(view: &View<'_>) -> Option<Value> {
    if view.is_bundle() {
        return None;
    }
    let bundle = bundle_text(view.db, view.file, view.settings);
    let written = Lines::new(&bundle.text, view.snapshot.session.encoding);
    let pairs = bundle.pairs.iter().filter_map(|pair| {
        let source = view.snapshot.place(pair.file, pair.source)?;
        Some(json!({ "source": source, "target": written.range(pair.target), "isWhole": pair.is_whole }))
    });
    let is_whole = findings(view.db, view.file, view.settings).iter().all(|finding| finding.level != Level::Error);
    Some(json!({ "isWhole": is_whole, "pairs": pairs.collect::<Vec<_>>(), "text": bundle.text }))
}
