//! Names that are longer than any that is known to work. That names have dots is a habit of the language, and of the
//! documentation's own examples.

use super::statements;
use crate::finding::Finding;
use crate::navigate::Sort;
use crate::rules;
use zisc_syntax::tree::{Item, ItemKind, Name};

/// The longest name of an action, a flow or a job that a deployed bundle is known to have.
const LONGEST_KNOWN: usize = 50;

/// The longest name of a state where state machines come from.
const LONGEST_STATE: usize = 80;

pub(super) fn check(item: &Item, findings: &mut Vec<Finding>) {
    let mut longer = |name: &Name, sort: &str, most: usize, why: &str| {
        let length = name.text.chars().count();
        if length > most {
            findings.push(
                rules::DOCUMENTED_NAME
                    .at(name.span, format!("the name of this {sort} has {length} characters"))
                    .label(format!("{why} {most}"))
                    .help("shorten it: whether the platform takes longer ones is not known"),
            );
        }
    };
    if let (ItemKind::Action(_) | ItemKind::Flow(_) | ItemKind::Job { .. }, Some(name)) = (&item.kind, item.name()) {
        longer(name, Sort::of(item).map_or("item", Sort::word), LONGEST_KNOWN, "the longest that is known to work has");
    }
    if let ItemKind::Flow(flow) = &item.kind {
        let mut all = Vec::new();
        flow.body.iter().for_each(|body| statements(body, &mut all));
        for label in all.iter().filter_map(|statement| statement.label.as_ref()) {
            longer(label, "state", LONGEST_STATE, "state machines allow");
        }
    }
}
