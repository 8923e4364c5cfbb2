//! Parts of a source as the decompiler would write them.

use super::computed::Computed;
use super::decompile;
use super::pipeline;
use super::spelling::Names;
use crate::{Db, Settings, SourceFile, items};
use zisc_bundle::json::compact;
use zisc_bundle::{Path, ResourceKind};
use zisc_syntax::tree::ItemKind;

/// The expression that computes what a jq program does, where the language has one. `data` is what the program works on,
/// as it is written.
pub fn jq_as_expression(program: &str, data: &str) -> Option<String> {
    let root = Path::default().member(data);
    let names = Names { aliases: vec![(data.to_owned(), root.clone())], ..Names::default() };
    let read = Computed { names: &names, data: &root };
    // A pipe stands in brackets where the compiler writes one.
    let as_written = || read.expression(program).or_else(|| read.expression(&format!("({program})")));
    let item = if data.split('.').any(|part| part == "item") { "entry" } else { "item" };
    as_written().or_else(|| read.expression(&pipeline::as_compiled(program, item)?))
}

/// The text of a flow with the same states, where fewer of its ways are a `goto`.
pub fn with_fewer_gotos(db: &dyn Db, file: SourceFile, settings: Settings, flow: &str) -> Option<String> {
    let is_flow = |text: &str| {
        matches!(&zisc_syntax::parse(text).item.kind, ItemKind::Flow(found)
            if found.name.as_ref().is_some_and(|name| name.text == flow))
    };
    let before = items(db, file).iter().map(|item| item.text(db)).find(|text| is_flow(text))?;
    let mut bundle = crate::bundle(db, file, settings).clone();
    bundle.resources.retain(|_, resource| match &resource.kind {
        ResourceKind::Flow(other) => other.name.as_str() == flow,
        ResourceKind::JobSpec(_) | ResourceKind::HttpAction(_) | ResourceKind::Unknown(_) => true,
    });
    let written = decompile(&compact(&bundle.to_json())).ok()?.text;
    let after = zisc_syntax::split(&written).into_iter().find(|item| is_flow(&item.text))?.text;
    (gotos(&after) < gotos(before)).then(|| after.trim().to_owned())
}

fn gotos(text: &str) -> usize {
    zisc_syntax::tokens(text).iter().filter(|(_, span)| &text[*span] == "goto").count()
}
