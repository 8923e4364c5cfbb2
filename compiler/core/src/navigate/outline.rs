//! What a file holds, as a tree of names.

use super::bundle::bundle_outline;
use super::definition::Site;
use super::symbol::Sort;
use crate::{Db, ItemSource, Notation, SourceFile, Text, items, parsed};
use text_size::TextSize;
use zisc_bundle::Span;
use zisc_syntax::Node;
use zisc_syntax::tree::{FieldType, ItemKind, LetTarget, Name, StatementKind, TypeExpressionKind};

/// Something with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Its name.
    pub name: Text,
    /// What it is.
    pub kind: OutlineKind,
    /// More about it: an event, a method.
    pub detail: Option<String>,
    /// All of it.
    pub whole: Span,
    /// Its name.
    pub place: Span,
    /// What is in it.
    pub children: Vec<Outline>,
}

/// What something with a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OutlineKind {
    /// What an item declares.
    Item(Sort),
    /// A field of a type or a config.
    Field,
    /// A statement with a label.
    Label,
    /// A state of bundle JSON.
    State,
    /// A name that a statement binds.
    Variable,
}

/// The names in a file, in the order of the text.
pub fn outline(db: &dyn Db, file: SourceFile) -> Vec<Outline> {
    if Notation::of(file.path(db), file.text(db)) == Notation::Bundle {
        return bundle_outline(db, file).to_vec();
    }
    let moved = |item: &ItemSource<'_>| {
        item_outline(db, *item).as_ref().map(|outline| {
            let mut outline = outline.clone();
            move_by(&mut outline, item.start(db));
            outline
        })
    };
    items(db, file).iter().filter_map(moved).collect()
}

/// The items of a file whose names match, without what is in them.
pub fn items_named(db: &dyn Db, file: SourceFile, matches: impl Fn(&str) -> bool) -> Vec<(&Outline, Site)> {
    if Notation::of(file.path(db), file.text(db)) == Notation::Bundle {
        let found = bundle_outline(db, file).iter().filter(|outline| matches(&outline.name));
        return found.map(|outline| (outline, Site { file, whole: outline.whole, name: outline.place })).collect();
    }
    let found = items(db, file).iter().filter_map(|item| {
        let outline = item_outline(db, *item).as_ref().filter(|outline| matches(&outline.name))?;
        let start = item.start(db);
        Some((outline, Site { file, whole: outline.whole + start, name: outline.place + start }))
    });
    found.collect()
}

fn move_by(outline: &mut Outline, start: TextSize) {
    outline.whole += start;
    outline.place += start;
    outline.children.iter_mut().for_each(|child| move_by(child, start));
}

#[salsa::tracked]
fn item_outline<'db>(db: &'db dyn Db, item: ItemSource<'db>) -> Option<Outline> {
    let item = &parsed(db, item).item;
    let name = item.name()?;
    let text = |name: &Option<Name>| name.as_ref().map(|name| name.text.to_string());
    let (detail, children) = match &item.kind {
        ItemKind::Connection { kind, .. } => (text(kind), Vec::new()),
        ItemKind::Config { fields, .. } | ItemKind::Event { fields, .. } => (None, fields_outline(fields)),
        ItemKind::Type { value, .. } => {
            let fields = value.as_ref().and_then(|value| match &value.kind {
                TypeExpressionKind::Record(fields) => Some(fields_outline(fields)),
                _ => None,
            });
            (None, fields.unwrap_or_default())
        }
        ItemKind::Action(action) => (text(&action.method), Vec::new()),
        ItemKind::Job { event, .. } => (text(event), Vec::new()),
        ItemKind::Flow(_) => (None, in_flow(Node::Item(item))),
        _ => (None, Vec::new()),
    };
    let kind = OutlineKind::Item(Sort::of(item)?);
    let whole = item.span.cover(name.span);
    Some(Outline { name: name.text.clone(), kind, detail, whole, place: name.span, children })
}

fn fields_outline(fields: &[FieldType]) -> Vec<Outline> {
    let outline = |field: &FieldType| Outline {
        name: field.name.text.clone(),
        kind: OutlineKind::Field,
        detail: None,
        whole: Node::Field(field).span(),
        place: field.name.span,
        children: Vec::new(),
    };
    fields.iter().map(outline).collect()
}

/// Labels and what is bound, each with what stands in its statement.
fn in_flow(node: Node<'_>) -> Vec<Outline> {
    let mut found = Vec::new();
    for child in node.children() {
        let inner = in_flow(child);
        let Node::Statement(statement) = child else {
            found.extend(inner);
            continue;
        };
        let bound = match &statement.kind {
            StatementKind::Let { target: LetTarget::Member { root, .. }, .. }
            | StatementKind::For { target: Some(LetTarget::Member { root, .. }), .. } => Some(root),
            _ => None,
        };
        let named = match (&statement.label, bound) {
            (Some(label), _) => Some((label, OutlineKind::Label)),
            (None, bound) => bound.map(|name| (name, OutlineKind::Variable)),
        };
        match named {
            Some((name, kind)) => found.push(Outline {
                name: name.text.clone(),
                kind,
                detail: None,
                whole: statement.span,
                place: name.span,
                children: inner,
            }),
            None => found.extend(inner),
        }
    }
    found
}
