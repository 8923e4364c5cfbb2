//! Where a field is read that a type of the sources declares.

use crate::features::definition;
use crate::snapshot::View;
use text_size::{TextRange, TextSize};
use tower_lsp::ls_types::Location;
use zisc_core::navigate::Site;
use zisc_core::{items, parsed};
use zisc_syntax::Node;
use zisc_syntax::tree::{Expression, ExpressionKind};

/// All places of the field at a place; nothing where none is there that is declared.
pub(super) fn references(view: &View<'_>, offset: TextSize, with_declaration: bool) -> Option<Vec<Location>> {
    let sites = definition::field_sites(view, offset);
    let site = sites.first()?;
    let declared = view.snapshot.views().into_iter().find(|other| other.file == site.file)?;
    let name = &declared.text[site.name];
    let mut found: Vec<Location> = Vec::new();
    if with_declaration {
        found.extend(sites.iter().filter_map(|site| view.snapshot.location(site)));
    }
    for other in view.snapshot.views().iter().filter(|other| !other.is_bundle() && other.text.contains(name)) {
        let reads = reads(other, name).into_iter().filter(|read| is_of(other, *read, &sites));
        found.extend(reads.map(|read| other.location(read)));
    }
    Some(found)
}

/// Where a field of this name is read in a file.
fn reads(view: &View<'_>, name: &str) -> Vec<TextRange> {
    let mut found = Vec::new();
    for item in items(view.db, view.file).iter().filter(|item| item.text(view.db).contains(name)) {
        Node::Item(&parsed(view.db, *item).item).walk(&mut |node| {
            if let Node::Expression(Expression { kind: ExpressionKind::Field { name: Some(read), .. }, .. }) = node
                && read.text == name
            {
                found.push(read.span + item.start(view.db));
            }
        });
    }
    found
}

fn is_of(view: &View<'_>, read: TextRange, sites: &[Site]) -> bool {
    definition::field_sites(view, read.start()).iter().any(|site| sites.contains(site))
}
