//! A flow as a graph of states: what its statements become, which data each state sees, and what is wrong with it.
//!
//! Three passes. [`steps`] turns statements into steps and ways between them, without types. [`data`] follows the ways
//! and finds the type of `$` at each step. [`states`] turns each step into a state, with everything checked against
//! the data it sees.

mod call;
mod compute;
mod condition;
pub(crate) mod data;
mod gap;
pub(crate) mod names;
pub(crate) mod reader;
pub(crate) mod scope;
mod states;
pub(crate) mod steps;
pub(crate) mod template;
pub(crate) use states::kept;
mod transform;

pub(crate) use steps::SCRATCH;
pub(crate) use transform::JQ;

use crate::finding::Finding;
use crate::params::{Params, params};
use crate::types::Type;
use crate::{Db, ItemSource, Settings, Shared, SourceFile, Text, declarations, event_type, parsed};
use indexmap::IndexSet;
use scope::{Named, Scope};
use std::borrow::Cow;
pub(crate) use steps::may_name_path;
use zisc_bundle::{Machine, Span};
use zisc_syntax::tree::{Expression, ItemKind};

/// What is known about a flow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Analysis {
    /// The state machine it becomes. Its places are those of the source, counted from the start of the item.
    pub machine: Shared<Machine>,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
    /// Its statements, and what can be read at each.
    pub places: Vec<Place>,
}

/// A statement, and what can be read there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The statement; empty at the closing brace of a block.
    pub span: Span,
    /// The block around it.
    pub block: Span,
    /// The type of `$` in front of it.
    pub data: Type,
    pub(crate) scope: Shared<Scope>,
}

/// The graph of a flow, and what is wrong with it. An item that is no flow has an empty one.
#[salsa::tracked]
pub fn flow_graph<'db>(db: &'db dyn Db, item: ItemSource<'db>, file: SourceFile, settings: Settings) -> Analysis {
    let ItemKind::Flow(flow) = &parsed(db, item).item.kind else { return Analysis::default() };
    let params = params(db, file, settings);
    let context = Context {
        declarations: declarations(db, file),
        params,
        load_config: settings.load_config(db),
        integration: settings.integration(db),
    };
    let flow = &if params.is_empty() { Cow::Borrowed(flow) } else { Cow::Owned(params.in_flow(flow)) };
    let steps = steps::lower(flow);
    states::emit(flow, &steps, event_type(db, file, item), &context)
}

/// What a flow sees of its surroundings.
pub(crate) struct Context<'a> {
    pub(crate) declarations: &'a crate::Declarations,
    pub(crate) params: &'a Params,
    pub(crate) load_config: crate::LoadConfig,
    /// The integration's key in the environment.
    pub(crate) integration: Option<&'a str>,
}

impl Context<'_> {
    /// The integration's key.
    pub(crate) fn integration(&self) -> &str {
        self.integration.or(self.declarations.integration.as_deref()).unwrap_or_default()
    }
}

impl Place {
    /// The names that can be read here, with their types.
    pub fn names(&self) -> Vec<(Text, Type)> {
        let names: IndexSet<&Text> = self.scope.names().collect();
        names.into_iter().filter_map(|name| Some((name.clone(), self.kind_of_name(name)?))).collect()
    }

    /// The type of a name that can be read here.
    pub(crate) fn kind_of_name(&self, name: &str) -> Option<Type> {
        let field = |path: &zisc_bundle::Path| {
            let mut reader = self.reader(&EMPTY);
            reader.silently(|reader| reader.at(path).kind)
        };
        match self.scope.named(name)? {
            Named::Alias(alias) => Some(alias.kind.clone().unwrap_or_else(|| field(&alias.path))),
            Named::Event => Some(field(&zisc_bundle::Path::default().member("input"))),
            Named::Member(_) => self.data.field(name).map(|read| read.kind),
        }
    }

    /// The type of an expression that stands here.
    pub fn kind_of(&self, expression: &Expression, declarations: &crate::Declarations) -> Type {
        self.reader(declarations).kind(expression)
    }

    /// The type of what a jq text that stands here works on.
    pub(crate) fn jq_input(&self, data: Option<&Expression>, declarations: &crate::Declarations) -> Type {
        transform::input(&mut self.reader(declarations), data)
    }

    pub(crate) fn scope(&self) -> &Scope {
        &self.scope
    }

    fn reader<'a>(&'a self, declarations: &'a crate::Declarations) -> reader::Reader<'a> {
        reader::Reader::new(declarations, &self.data, &self.scope)
    }
}

static EMPTY: std::sync::LazyLock<crate::Declarations> = std::sync::LazyLock::new(crate::Declarations::default);
