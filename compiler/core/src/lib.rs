//! What a `.zis` file means: names, types, findings, and the bundle it becomes.
//!
//! ```
//! use zisc_core::{Database, SourceFile, Settings};
//!
//! let db = Database::default();
//! let settings = Settings::standard(&db);
//! let file = SourceFile::new(&db, "main.zis".to_owned(), "integration acme\n\nflow hello(event) {\n  succeed \"hi\"\n}\n".to_owned());
//! assert!(zisc_core::findings(&db, file, settings).is_empty());
//! let bundle = zisc_core::bundle(&db, file, settings);
//! assert!(bundle.flow("hello").is_some());
//! ```
//!
//! One [`Database`] answers every question. Its inputs are the text of a file and the settings of the project;
//! everything else is computed from them on demand and again only where an edit has changed what it was computed from.
//! A file is cut into items, and what is known about a flow hangs on its item: an edit in one flow leaves the trees,
//! types and findings of all others as they are.
//!
//! What is not here: files, terminals, protocols, running a bundle.

mod action;
mod built_in;
mod bundle_check;
mod bundle_text;
mod by_name;
pub mod catalogue;
mod check;
mod cuts;
mod database;
mod declaration;
mod decompile;
mod diagram;
mod documentation;
mod emit;
mod finding;
mod flow;
mod functions;
mod import;
pub mod jq;
mod lint;
pub mod navigate;
mod notation;
mod params;
mod platform;
mod project;
mod requirements;
mod rules;
mod source;
mod source_map;
mod types;

pub use built_in::{built_in, built_ins};
pub use bundle_text::{BundleText, Pair, bundle_text};
pub use by_name::ByName;
pub use cuts::Cuts;
pub use database::{Database, Db, LoadConfig, Settings, SourceFile};
pub use declaration::{
    ActionSignature, Declaration, Declarations, Fields, Param, ParameterSignature, Raw, declarations, event_type,
};
pub use decompile::{Decompiled, Figures, decompile, jq_as_expression, with_fewer_gotos};
pub use diagram::{Diagram, Edge, Node, Sort};
pub use documentation::{Topic, page};
pub use emit::bundle;
pub use finding::{Finding, Fix, Level, Note, Rule};
pub use flow::{Analysis, Place, flow_graph};
pub use functions::{FUNCTIONS, Function, FunctionParameter, function};
pub use import::{connect, imports, plain_path};
pub use notation::{Notation, is_bundle};
pub use params::fits_param;
pub use project::{Project, ProjectError};
pub use requirements::{Requirements, requirements};
pub use rules::{RULES, rule};
pub use source::{ItemSource, items, parsed};
pub use source_map::{ResourcePlace, SourceMap, StatePlace, source_map};
pub use types::{FieldType, RecordType, Type};

use std::collections::BTreeMap;
use std::sync::Arc;

/// Everything that is wrong with a file or could be better, in the order of its text. The file may hold source or
/// bundle JSON.
#[salsa::tracked(returns(deref))]
pub fn findings(db: &dyn Db, file: SourceFile, settings: Settings) -> Vec<Finding> {
    let mut all = findings_of_file(db, file, settings).to_vec();
    for item in items(db, file) {
        let start = item.start(db);
        all.extend(findings_of_item(db, *item, file, settings).iter().map(|finding| finding.moved(start)));
    }
    in_order(&mut all);
    all
}

/// What is wrong with a file and with none of its items alone, in the order of its text. Bundle JSON has no items.
#[salsa::tracked(returns(deref))]
pub fn findings_of_file(db: &dyn Db, file: SourceFile, settings: Settings) -> Vec<Finding> {
    let mut all = match Notation::of(file.path(db), file.text(db)) {
        Notation::Source => check::file_findings(db, file),
        Notation::Bundle => bundle_check::bundle_findings(db, file, settings),
    };
    if all.is_empty() {
        all = lint::unused_in_file(db, file, settings);
    }
    at_level(&mut all, settings.levels(db));
    in_order(&mut all);
    all
}

/// What is wrong with one item or could be better, in the order of its text and placed from its start: an edit
/// elsewhere leaves it as it is.
#[salsa::tracked(returns(deref))]
pub fn findings_of_item<'db>(
    db: &'db dyn Db,
    item: ItemSource<'db>,
    file: SourceFile,
    settings: Settings,
) -> Vec<Finding> {
    let found = check::item_findings(db, item, file, settings).iter();
    let hints = lint::of_item(db, item, file, settings);
    let mut all: Vec<Finding> = found.chain(&hints.of_tree).chain(&hints.unused).cloned().collect();
    at_level(&mut all, settings.levels(db));
    in_order(&mut all);
    all
}

/// Gives findings the level that the project wants for them, and leaves out those that it does not want.
fn at_level(findings: &mut Vec<Finding>, levels: &BTreeMap<&'static str, Option<Level>>) {
    findings.retain_mut(|finding| match levels.get(finding.rule.code) {
        Some(Some(level)) => {
            finding.level = *level;
            true
        }
        Some(None) => false,
        None => true,
    });
}

fn in_order(findings: &mut [Finding]) {
    findings.sort_by_key(|finding| (finding.span.start(), finding.span.end()));
}

/// The text in the one formatting, or why it cannot be formatted: the mistakes in its form.
pub fn format(text: &str) -> Result<String, Vec<Finding>> {
    zisc_syntax::format(text).map_err(|errors| errors.iter().map(check::syntax_finding).collect())
}

/// A text that is cheap to share.
type Text = smol_str::SmolStr;
/// A name as others hold it.
pub use smol_str::SmolStr as Name;
/// A value that is cheap to share.
type Shared<T> = Arc<T>;
