//! What an account must have for a bundle to work there.

use crate::import::closure;
use crate::{Db, Settings, SourceFile, bundle, items, parsed};
use std::collections::{BTreeMap, BTreeSet};
use zisc_bundle::{Machine, StateKind};
use zisc_syntax::tree::ItemKind;

/// What an account must have for a bundle to work there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirements {
    /// The connections by name, with their kinds where the source says them: `oauth`, `api_key`.
    pub connections: BTreeMap<String, Option<String>>,
    /// The scopes of the configs that flows load or change, where they are written out.
    pub configs: BTreeSet<String>,
    /// The job specs, which must be installed again after the upload: name, source of the event, type of the event.
    pub job_specs: Vec<(String, String, String)>,
}

/// What the bundle of a file needs.
pub fn requirements(db: &dyn Db, file: SourceFile, settings: Settings) -> Requirements {
    let bundle = bundle(db, file, settings);
    let mut needs = Requirements::default();
    for name in bundle.http_actions().filter_map(|action| action.connection.as_ref()) {
        needs.connections.insert(name.value.clone(), None);
    }
    for (position, source) in closure(db, file).into_iter().enumerate() {
        for item in items(db, source) {
            let ItemKind::Connection { name: Some(name), kind, .. } = &parsed(db, *item).item.kind else { continue };
            let name = settings.connections(db).get(name.text.as_str()).map_or(name.text.as_str(), String::as_str);
            // What another file declares is needed where an action that is called uses it.
            if position == 0 || needs.connections.contains_key(name) {
                let kind = kind.as_ref().map(|kind| kind.text.to_string());
                let known = needs.connections.entry(name.to_owned()).or_default();
                *known = known.take().or(kind);
            }
        }
    }
    for flow in bundle.flows() {
        config_scopes(&flow.machine, &mut needs.configs);
    }
    needs.job_specs = bundle
        .job_specs()
        .map(|job| (job.name.value.clone(), job.event_source.value.clone(), job.event_type.value.clone()))
        .collect();
    needs
}

fn config_scopes(machine: &Machine, scopes: &mut BTreeSet<String>) {
    for state in machine.states.values() {
        match &state.kind {
            StateKind::Action { action, parameters: Some(parameters), .. }
                if ["zis:common:action:LoadConfig", "zis:common:action:PatchConfig"].contains(&action.as_str()) =>
            {
                scopes.extend(parameters.get("scope").and_then(|scope| scope.as_str()).map(str::to_owned));
            }
            StateKind::Map { iterator, .. } => config_scopes(iterator, scopes),
            _ => {}
        }
    }
}
