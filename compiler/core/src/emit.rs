//! The bundle of a file.

use crate::action::action_definition;
use crate::declaration::{Declaration, declaration};
use crate::flow::kept;
use crate::import::imported_items;
use crate::{Db, ItemSource, Settings, SourceFile, Text, catalogue, declarations, flow_graph, items, parsed};
use std::collections::HashSet;
use zisc_bundle::json::Value;
use zisc_bundle::{
    Bundle, Flow, JobSpec, Machine, Placed, Reference, Resource, ResourceKind, Span, StateKind, TEMPLATE_VERSION,
};
use zisc_syntax::tree::{ItemKind, attribute_texts};

/// The bundle that a file becomes. It is whole where the file has no findings that are errors.
#[salsa::tracked]
pub fn bundle(db: &dyn Db, file: SourceFile, settings: Settings) -> Bundle {
    let declarations = declarations(db, file);
    let here = |text: &str| Placed::new(text.to_owned(), Span::default());
    let integration = settings.integration(db).or(declarations.integration.as_deref()).unwrap_or_default();
    let mut bundle = Bundle {
        template_version: here(TEMPLATE_VERSION),
        name: here(declarations.bundle.as_deref().unwrap_or(integration)),
        description: declarations.description.as_deref().map(here),
        ..Bundle::default()
    };
    for Emitted { resource, .. } in resources(db, file, settings) {
        bundle.resources.entry(resource.key.value.clone()).or_insert(resource);
    }
    for item in items(db, file) {
        if let ItemKind::Extra { json } = &parsed(db, *item).item.kind {
            let json = kept(json, &mut Vec::new());
            for member in json.as_object().unwrap_or_default() {
                match (member.key.as_str(), &member.value.value) {
                    ("zis_template_version", Value::String(text)) => bundle.template_version = here(text),
                    ("name", Value::String(text)) => bundle.name = here(text),
                    ("description", Value::String(text)) => bundle.description = Some(here(text)),
                    _ => bundle.extra.push(member.clone()),
                }
            }
        }
    }
    bundle
}

/// A resource, and the item that became it.
pub(crate) struct Emitted<'db> {
    pub(crate) file: SourceFile,
    pub(crate) item: ItemSource<'db>,
    pub(crate) resource: Resource,
}

/// The resources that a file becomes: its own, and the actions that these call from files which it imports.
pub(crate) fn resources<'db>(db: &'db dyn Db, file: SourceFile, settings: Settings) -> Vec<Emitted<'db>> {
    let integration = settings.integration(db).or(declarations(db, file).integration.as_deref()).unwrap_or_default();
    let emitted = |file: SourceFile, item: ItemSource<'db>| {
        let resource = resource(db, item, file, integration, settings)?;
        Some(Emitted { file, item, resource })
    };
    let mut resources: Vec<Emitted<'db>> = items(db, file).iter().filter_map(|item| emitted(file, *item)).collect();
    let called = called_actions(&resources, integration);
    for (file, item) in imported_items(db, file) {
        let is_called = declaration(db, item)
            .as_ref()
            .and_then(Declaration::exported)
            .is_some_and(|name| called.contains(name.as_str()));
        if is_called {
            resources.extend(emitted(file, item));
        }
    }
    resources
}

/// The actions of this integration that flows call, by name.
fn called_actions(resources: &[Emitted<'_>], integration: &str) -> HashSet<String> {
    let machines = resources.iter().filter_map(|emitted| match &emitted.resource.kind {
        ResourceKind::Flow(flow) => Some(&*flow.machine),
        _ => None,
    });
    let mut called = HashSet::new();
    let mut waiting: Vec<&Machine> = machines.collect();
    while let Some(machine) = waiting.pop() {
        for state in machine.states.values() {
            match &state.kind {
                StateKind::Action { action, .. } => {
                    let reference = Reference::parse(action).filter(|reference| reference.kind == "action");
                    called
                        .extend(reference.filter(|its| its.integration == integration).map(|its| its.name.to_owned()));
                }
                StateKind::Map { iterator, .. } => waiting.push(iterator),
                _ => {}
            }
        }
    }
    called
}

/// The resource that an item becomes; most items are none.
fn resource<'db>(
    db: &'db dyn Db,
    item: ItemSource<'db>,
    file: SourceFile,
    integration: &str,
    settings: Settings,
) -> Option<Resource> {
    let tree = &parsed(db, item).item;
    let resource = match &tree.kind {
        ItemKind::Raw { key, json } => {
            let key = key.as_ref()?;
            let key = Placed::new(key.text.to_string(), key.span);
            Resource { span: tree.span, ..Resource::raw(key, &kept(json, &mut Vec::new())) }
        }
        _ => named_resource(db, item, file, integration, settings)?,
    };
    Some(match &tree.extra {
        Some(extra) => resource.with_extra(&kept(extra, &mut Vec::new())),
        None => resource,
    })
}

/// The resource that an item with a name becomes.
fn named_resource<'db>(
    db: &'db dyn Db,
    item: ItemSource<'db>,
    file: SourceFile,
    integration: &str,
    settings: Settings,
) -> Option<Resource> {
    let tree = &parsed(db, item).item;
    let declarations = declarations(db, file);
    let name = tree.name()?;
    let placed = |text: &Text| Placed::new(text.to_string(), name.span);
    let kind = match &tree.kind {
        ItemKind::Action(_) => ResourceKind::HttpAction(action_definition(db, item, file, settings).action.clone()),
        ItemKind::Flow(_) => ResourceKind::Flow(Flow {
            name: placed(&name.text),
            machine: flow_graph(db, item, file, settings).machine.clone(),
            extra: Vec::new(),
        }),
        ItemKind::Job { event, flow, .. } => {
            let (event, flow) = (event.as_ref()?, flow.as_ref()?);
            let (source, event_type) = match (declarations.events.get(&event.text), catalogue::event_named(&event.text))
            {
                (Some((source, event_type, _)), _) => (source.to_string(), event_type.to_string()),
                (None, Some(event)) => (event.source.to_owned(), event.event_type.to_owned()),
                (None, None) => {
                    let (source, event_type) = event.text.split_once('.')?;
                    (source.to_owned(), event_type.to_owned())
                }
            };
            let reference = Reference { integration, kind: "flow", name: &flow.text };
            ResourceKind::JobSpec(JobSpec {
                name: placed(&name.text),
                event_source: Placed::new(source, event.span),
                event_type: Placed::new(event_type, event.span),
                flow_name: Placed::new(reference.to_string(), flow.span),
                extra: Vec::new(),
            })
        }
        _ => return None,
    };
    let key = attribute_texts(&tree.attributes, "key").next();
    let key = key.map_or_else(|| placed(&name.text), |key| Placed::new(key.text.to_string(), key.span));
    Some(Resource { key, kind, extra: Vec::new(), span: tree.span })
}
