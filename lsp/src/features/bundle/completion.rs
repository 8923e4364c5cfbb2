use crate::features::completion::{Completion, Kind, jq};
use crate::snapshot::View;
use text_size::TextSize;
use zisc_core::navigate::bundle::{self, Expected, ExpectedKind};

/// What can be written at a place of a bundle.
pub(in crate::features) fn completions(view: &View<'_>, offset: TextSize) -> Vec<Completion> {
    if let Some(place) = bundle::jq_at(view.db, view.file, view.settings, offset) {
        return jq::completions(&place, offset);
    }
    let expected = bundle::expected(view.db, view.file, view.settings, offset);
    expected.into_iter().enumerate().map(|(number, expected)| completion(number, expected)).collect()
}

/// In the order of the tables: what is needed comes first there.
fn completion(number: usize, expected: Expected) -> Completion {
    let snippet = expected.hole.map(|hole| {
        let (before, behind) = expected.insert.split_at(hole);
        format!("{}$1{}", escaped(before), escaped(behind))
    });
    Completion {
        label: expected.label,
        kind: match expected.kind {
            ExpectedKind::Member => Kind::Parameter,
            ExpectedKind::State => Kind::Label,
            ExpectedKind::Action => Kind::Action,
            ExpectedKind::Flow => Kind::Flow,
            ExpectedKind::Field => Kind::Field,
            ExpectedKind::Event => Kind::Event,
            ExpectedKind::Connection => Kind::Connection,
            ExpectedKind::Word => Kind::Type,
        },
        detail: expected.detail,
        documentation: expected.summary,
        insert: expected.insert,
        snippet,
        replace: expected.replace,
        order: format!("{number:04}"),
        about: None,
        beside: None,
    }
}

/// A text as it stands in a snippet.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$")
}
