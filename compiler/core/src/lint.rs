//! What is not wrong but could be better, or will hurt later. Each file here asks one question of an item's tree.
//!
//! These are looked for only where nothing is wrong: a name that is misspelt where it is used would be told of twice.

mod all_data;
mod credentials;
mod encoding;
mod event_loop;
mod leftovers;
pub(crate) mod limits;
pub(crate) mod loops;
mod names;
mod overwritten;
pub(crate) mod secrets;
mod unused;

pub(crate) use overwritten::overwritten;

use crate::finding::{Finding, Level};
use crate::{Db, ItemSource, Settings, SourceFile, check, declarations, flow_graph, items, parsed};
use zisc_bundle::{Machine, Path, StateKind};
use zisc_syntax::tree::{Block, Expression, ItemKind, Statement};

/// What could be better in one item, placed from its start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Hints {
    /// In what it says.
    pub(crate) of_tree: Vec<Finding>,
    /// In what it declares or computes, and does not use.
    pub(crate) unused: Vec<Finding>,
}

/// What could be better in one item. Of one in which something is wrong, what may only follow from that is left out.
#[salsa::tracked]
pub(crate) fn of_item<'db>(db: &'db dyn Db, item: ItemSource<'db>, file: SourceFile, settings: Settings) -> Hints {
    let wrong = check::item_findings(db, item, file, settings);
    let tree = &parsed(db, item).item;
    let mut of_tree = item_lints(db, item, file);
    if wrong.iter().all(|finding| finding.rule.level != Level::Error) {
        of_tree.extend(machine_lints(db, item, file, settings));
        of_tree.extend(event_loop::event_loops(db, item, file).iter().cloned());
    } else {
        let text = item.text(db);
        of_tree.retain(|finding| !wrong.iter().any(|other| share_a_line(finding, other, text)));
    }
    check::accept(tree, &mut of_tree);
    // What is wrong with the attributes themselves has been told.
    of_tree.retain(|finding| !wrong.contains(finding));
    let mut unused = unused_in_item(db, item);
    if !wrong.is_empty() || !of_tree.is_empty() {
        let others: Vec<&Finding> = wrong.iter().chain(&of_tree).collect();
        let text = item.text(db);
        unused.retain(|finding| unused::is_certainly(finding, tree, text, &others));
    }
    Hints { of_tree, unused }
}

/// The items of a file that nothing uses. What is wrong in items may be why one looks unused: its name stands in such
/// an item, or is what was meant. Of an import no names are known here.
pub(crate) fn unused_in_file(db: &dyn Db, file: SourceFile, settings: Settings) -> Vec<Finding> {
    let unused = unused::unused_items(db, file);
    if unused.is_empty() {
        return Vec::new();
    }
    let items = items(db, file);
    let mut wrong = Vec::new();
    for item in items {
        let found = check::item_findings(db, *item, file, settings);
        let hints = &of_item(db, *item, file, settings).of_tree;
        wrong.extend(found.iter().chain(hints).map(|finding| (finding, item.text(db))));
    }
    let mut found = Vec::new();
    for (position, finding) in unused {
        let item = items[*position];
        let name = &item.text(db)[finding.span];
        let is_import = matches!(parsed(db, item).item.kind, ItemKind::Import { .. });
        let is_reason = |(other, text): &(&Finding, &str)| {
            is_import || unused::may_mean(other, text, name) || unused::places(text, name).next().is_some()
        };
        if !wrong.iter().any(is_reason) {
            found.push(finding.moved(item.start(db)));
        }
    }
    found
}

/// What an item declares or computes, and does not use, placed from its start.
fn unused_in_item(db: &dyn Db, item: ItemSource<'_>) -> Vec<Finding> {
    let tree = &parsed(db, item).item;
    let mut findings = Vec::new();
    match &tree.kind {
        ItemKind::Action(action) => unused::parameters(action, &mut findings),
        ItemKind::Flow(flow) => flow.body.iter().for_each(|body| unused::bindings(body, item.text(db), &mut findings)),
        _ => {}
    }
    check::accept(tree, &mut findings);
    findings
}

/// Whether two findings stand on one line of a text, or on lines that both reach.
fn share_a_line(one: &Finding, other: &Finding, text: &str) -> bool {
    let (first, second) = if one.span.start() <= other.span.start() { (one, other) } else { (other, one) };
    let between = usize::from(first.span.end().min(second.span.start()))..usize::from(second.span.start());
    !text.get(between).is_some_and(|between| between.contains('\n'))
}

/// What could be better in the words of one item, placed from its start.
fn item_lints(db: &dyn Db, item: ItemSource<'_>, file: SourceFile) -> Vec<Finding> {
    let tree = &parsed(db, item).item;
    let mut findings = Vec::new();
    names::check(tree, &mut findings);
    match &tree.kind {
        ItemKind::Action(action) => {
            credentials::check(action, &mut findings);
            secrets::in_action(action, &mut findings);
            leftovers::in_action(action, &mut findings);
        }
        ItemKind::Param { name: Some(name), default: Some(default), .. } => {
            secrets::in_param(&name.text, default, &mut findings);
        }
        ItemKind::Flow(flow) => {
            if let Some(body) = &flow.body {
                secrets::in_flow(body, &mut findings);
                let event = flow.parameter.as_ref().map(|parameter| parameter.name.text.as_str());
                leftovers::in_flow(event, body, &mut findings);
                all_data::check(body, declarations(db, file), &mut findings);
                limits::lists(body, &mut findings);
                encoding::check(body, declarations(db, file), &mut findings);
            }
        }
        _ => {}
    }
    findings
}

/// What could be better in the ways through a flow, placed from its start.
fn machine_lints(db: &dyn Db, item: ItemSource<'_>, file: SourceFile, settings: Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let ItemKind::Flow(flow) = &parsed(db, item).item.kind {
        let event = flow.parameter.as_ref().map_or("$.input", |parameter| &parameter.name.text);
        of_machine(&flow_graph(db, item, file, settings).machine, event, &mut findings);
    }
    findings
}

/// What could be better in the ways of a machine, and of those in it. `event` is what the flow calls its input.
fn of_machine(machine: &Machine, event: &str, findings: &mut Vec<Finding>) {
    limits::waits(machine, findings);
    let spell = |path: &Path| {
        let written = path.to_string();
        match written.strip_prefix("$.input") {
            Some(rest) if rest.is_empty() || rest.starts_with(['.', '[']) => format!("{event}{rest}"),
            _ => written.trim_start_matches("$.").to_owned(),
        }
    };
    loops::loops(machine, &spell, findings);
    for state in machine.states.values() {
        if let StateKind::Map { iterator, .. } = &state.kind {
            of_machine(iterator, event, findings);
        }
    }
}

/// All statements of a block and of the blocks in it, in the order of the text.
fn statements<'t>(block: &'t Block, found: &mut Vec<&'t Statement>) {
    for statement in &block.statements {
        found.push(statement);
        statement.blocks().into_iter().for_each(|block| statements(block, found));
    }
}

/// An expression and all of which it is made.
fn expressions<'t>(expression: &'t Expression, found: &mut Vec<&'t Expression>) {
    found.push(expression);
    expression.parts().into_iter().for_each(|part| expressions(part, found));
}
