//! What other files declare and this one does not import yet: the import comes with the name.

use super::{Completion, Kind, completion};
use crate::features::imports;
use crate::snapshot::View;
use text_size::TextRange;
use zisc_core::declarations;
use zisc_core::navigate::{self, OutlineKind, Sort};

pub(super) use crate::features::imports::libraries;

/// What the libraries around a file have of a sort.
pub(super) fn offers(view: &View<'_>, sort: Sort, replace: TextRange) -> Vec<Completion> {
    let known = declarations(view.db, view.file);
    let is_known = |name: &str| match sort {
        Sort::Action => known.actions.contains_key(name),
        Sort::Type => known.types.contains_key(name),
        Sort::Param => known.params.contains_key(name),
        _ => known.connections.iter().any(|known| known == name),
    };
    let mut all = Vec::new();
    for (path, library) in libraries(view) {
        for (found, _) in navigate::items_named(library.db, library.file, |name| !is_known(name)) {
            if found.kind == OutlineKind::Item(sort) {
                let from = Some(format!("from \"{path}\""));
                let item = completion(&found.name, kind_of(sort), from, None, replace, "4");
                all.push(Completion { beside: Some(imports::edit(view, &found.name, &path)), ..item });
            }
        }
    }
    all
}

/// What a file has for others.
pub(super) fn declared(library: &View<'_>) -> Vec<(Kind, String)> {
    let items = navigate::items_named(library.db, library.file, |_| true);
    items
        .into_iter()
        .filter_map(|(found, _)| match found.kind {
            OutlineKind::Item(sort) if navigate::SORTS.contains(&sort) => Some((kind_of(sort), found.name.to_string())),
            _ => None,
        })
        .collect()
}

fn kind_of(sort: Sort) -> Kind {
    match sort {
        Sort::Action => Kind::Action,
        Sort::Type => Kind::Type,
        Sort::Connection => Kind::Connection,
        Sort::Event => Kind::Event,
        _ => Kind::Value,
    }
}
