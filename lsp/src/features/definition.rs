//! Where a name is defined, where its type is, and what it leads to.

use super::bundle;
use crate::snapshot::View;
use text_size::TextSize;
use tower_lsp::ls_types::{GotoDefinitionResponse, Location};
use zisc_core::navigate::{self, LocalSort, Site, Sort, Symbol};
use zisc_core::{RecordType, Type};
use zisc_syntax::tree::{Expression, ExpressionKind};

/// Where the name at a place is defined.
pub(crate) fn definition(view: &View<'_>, offset: TextSize) -> Option<GotoDefinitionResponse> {
    if view.is_bundle() {
        return bundle::names::definition(view, offset).map(GotoDefinitionResponse::Array);
    }
    if let Some((item, occurrence)) = navigate::occurrence_at(view.db, view.file, offset) {
        let mut sites = navigate::definitions(view.db, view.file, item, &occurrence.symbol);
        if let Some(value) = navigate::value_beside(view.db, item, occurrence) {
            sites.extend(navigate::definitions(view.db, view.file, item, &value.symbol));
        }
        return answer(view, sites);
    }
    answer(view, field_sites(view, offset))
}

/// Where the field at a place is declared: a field that is read, or the declaration itself.
pub(super) fn field_sites(view: &View<'_>, offset: TextSize) -> Vec<Site> {
    let Some(read) = navigate::field_at(view.db, view.file, view.settings, offset) else {
        return navigate::declared_field(view.db, view.file, offset).into_iter().collect();
    };
    let records = records(&read.from);
    let sites = records.iter().map(|it| navigate::field_definitions(view.db, view.file, it, &read.name.text));
    sites.flatten().collect()
}

/// Where the type of the value at a place is defined.
pub(crate) fn type_definition(view: &View<'_>, offset: TextSize) -> Option<GotoDefinitionResponse> {
    let kind = kind_at(view, offset)?;
    let records = records(&kind);
    answer(view, records.iter().filter_map(|it| navigate::record_definition(view.db, view.file, it)).collect())
}

/// What the name at a place leads to: a job to its flow, an event to the flows of its jobs, anything else to itself.
pub(crate) fn implementation(view: &View<'_>, offset: TextSize) -> Option<GotoDefinitionResponse> {
    if view.is_bundle() {
        return bundle::names::implementation(view, offset).map(GotoDefinitionResponse::Array);
    }
    let (item, occurrence) = navigate::occurrence_at(view.db, view.file, offset)?;
    let flows = match &occurrence.symbol {
        Symbol::Item(Sort::Job, job) => navigate::flow_of_job(view.db, view.file, job).into_iter().collect(),
        Symbol::Item(Sort::Event, event) => navigate::flows_of_event(view.db, view.file, event),
        _ => return definition(view, offset),
    };
    let sites = flows
        .into_iter()
        .flat_map(|flow| navigate::definitions(view.db, view.file, item, &Symbol::Item(Sort::Flow, flow)));
    answer(view, sites.collect())
}

/// The type of the value whose name stands at a place.
fn kind_at(view: &View<'_>, offset: TextSize) -> Option<Type> {
    if let Some(read) = navigate::field_at(view.db, view.file, view.settings, offset) {
        return read.field.map(|field| field.kind);
    }
    let (item, occurrence) = navigate::occurrence_at(view.db, view.file, offset)?;
    match &occurrence.symbol {
        Symbol::Local { sort: LocalSort::Label | LocalSort::JqVariable | LocalSort::JqFunction, .. } => None,
        Symbol::Local { name, .. } => {
            let bound = navigate::bindings(view.db, view.file, view.settings, item);
            let bound = bound.into_iter().find(|bound| bound.name.span == occurrence.span);
            Some(bound.map_or_else(
                || {
                    let value = Expression { kind: ExpressionKind::Name(name.clone()), span: occurrence.span };
                    navigate::kind_of(view.db, view.file, view.settings, item, &value)
                },
                |bound| bound.kind,
            ))
        }
        Symbol::Callable(name) => Some(zisc_core::declarations(view.db, view.file).actions.get(name)?.result.clone()),
        Symbol::Item(Sort::Param, name) => {
            Some(zisc_core::declarations(view.db, view.file).params.get(name)?.kind.clone())
        }
        _ => None,
    }
}

/// The records that a value may be, or hold in lists.
fn records(kind: &Type) -> Vec<&RecordType> {
    kind.alternatives()
        .iter()
        .flat_map(|kind| match kind {
            Type::Record(record) => vec![&**record],
            Type::Array(item) | Type::Map(item) => records(item),
            _ => Vec::new(),
        })
        .collect()
}

fn answer(view: &View<'_>, sites: Vec<Site>) -> Option<GotoDefinitionResponse> {
    let locations: Vec<Location> = sites.iter().filter_map(|site| view.snapshot.location(site)).collect();
    (!locations.is_empty()).then_some(GotoDefinitionResponse::Array(locations))
}
