//! Where things are defined, and what starts what.

use super::references;
use super::symbol::{Access, Occurrence, Sort, Symbol};
use crate::{Db, ItemSource, RecordType, SourceFile, Text, declarations, import, items, parsed};
use text_size::TextSize;
use zisc_bundle::Span;
use zisc_syntax::Node;
use zisc_syntax::tree::{FieldType, Item, ItemKind, Name, TypeExpression, TypeExpressionKind};

/// A place where something is defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Site {
    /// The file.
    pub file: SourceFile,
    /// All of it.
    pub whole: Span,
    /// Its name.
    pub name: Span,
}

/// Where what a symbol of `file` stands for is introduced.
pub fn definitions(db: &dyn Db, file: SourceFile, from: ItemSource<'_>, symbol: &Symbol) -> Vec<Site> {
    let all = references(db, &[], file, from, symbol);
    let declared = all.iter().filter(|(_, occurrence)| occurrence.access == Access::Declaration);
    declared.map(|(file, occurrence)| site(db, *file, occurrence)).collect()
}

/// What a symbol of `file` stands for, whichever way it is named there.
pub fn meant(db: &dyn Db, file: SourceFile, symbol: &Symbol) -> Symbol {
    home(db, file, symbol).map_or_else(|| symbol.clone(), |(_, symbol)| symbol)
}

/// The file that declares what a symbol of `file` stands for, and what it is there; nothing for what no file declares.
pub(super) fn home(db: &dyn Db, file: SourceFile, symbol: &Symbol) -> Option<(SourceFile, Symbol)> {
    match symbol {
        Symbol::Item(sort, name) => named(db, file, *sort, name).map(|(home, _)| (home, symbol.clone())),
        Symbol::Callable(name) => {
            named(db, file, Sort::Action, name).map(|(home, _)| (home, Symbol::Item(Sort::Action, name.clone())))
        }
        Symbol::Parameter(action, _) => named(db, file, Sort::Action, action).map(|(home, _)| (home, symbol.clone())),
        Symbol::Imported { path, name } => {
            let home = *file.imports(db).get(path.as_str())?;
            items(db, home).iter().find_map(|item| match super::occurrences(db, *item).first().map(|it| &it.symbol) {
                Some(Symbol::Item(sort, known)) if known == name && sort.can_be_imported() => {
                    Some((home, Symbol::Item(*sort, name.clone())))
                }
                _ => None,
            })
        }
        Symbol::Local { .. } | Symbol::JqFunction(..) => None,
    }
}

fn site(db: &dyn Db, file: SourceFile, occurrence: &Occurrence) -> Site {
    let whole = match (&occurrence.symbol, super::item_at(db, file, occurrence.span.start())) {
        (Symbol::Item(..), Some(item)) => parsed(db, item).item.span + item.start(db),
        (_, Some(item)) => {
            let start = item.start(db);
            let around = Node::Item(&parsed(db, item).item).around(occurrence.span.start() - start);
            let statement = around.iter().rev().find(|node| matches!(node, Node::Statement(_) | Node::Parameter(_)));
            statement.map_or(occurrence.span, |node| node.span() + start).cover(occurrence.span)
        }
        (_, None) => occurrence.span,
    };
    Site { file, whole, name: occurrence.span }
}

/// Where a record type is written that such a record may be of, and where it has this field.
pub fn field_definitions(db: &dyn Db, file: SourceFile, record: &RecordType, field: &str) -> Vec<Site> {
    let mut sites = Vec::new();
    for file in import::closure(db, file) {
        for item in items(db, file) {
            let start = item.start(db);
            for field in
                written_records(&parsed(db, *item).item, record).filter_map(|fields| named_field(fields, field))
            {
                sites.push(Site { file, whole: Node::Field(field).span() + start, name: field.name.span + start });
            }
        }
    }
    sites
}

/// The field of a record type whose name is at a place of a file.
pub fn declared_field(db: &dyn Db, file: SourceFile, offset: TextSize) -> Option<Site> {
    let item = super::item_at(db, file, offset)?;
    let (start, tree) = (item.start(db), Node::Item(&parsed(db, item).item));
    match tree.around(offset - start).last() {
        Some(node @ Node::Field(field)) if field.name.span.contains_inclusive(offset - start) => {
            Some(Site { file, whole: node.span() + start, name: field.name.span + start })
        }
        _ => None,
    }
}

/// Where the type of a record is declared, where it has a name here.
pub fn record_definition(db: &dyn Db, file: SourceFile, record: &RecordType) -> Option<Site> {
    let (file, item) = named(db, file, Sort::Type, record.name.as_ref()?)?;
    written_records(&parsed(db, item).item, record).next()?;
    super::occurrences(db, item).first().map(|name| {
        let start = item.start(db);
        site(db, file, &Occurrence { span: name.span + start, ..name.clone() })
    })
}

fn named_field<'t>(fields: &'t [FieldType], name: &str) -> Option<&'t FieldType> {
    fields.iter().find(|field| field.name.text == name)
}

/// The record types in an item that a record can be of: they have its fields, and its name where it has one. A record of
/// an event may be called like a type of the file.
fn written_records<'t>(item: &'t Item, record: &RecordType) -> impl Iterator<Item = &'t [FieldType]> {
    let mut records: Vec<(Option<&Name>, &[FieldType])> = Vec::new();
    match &item.kind {
        ItemKind::Config { fields, .. } | ItemKind::Event { fields, .. } => records.push((None, fields)),
        ItemKind::Type { name, value: Some(TypeExpression { kind: TypeExpressionKind::Record(fields), .. }) } => {
            records.push((name.as_ref(), fields));
        }
        _ => {}
    }
    Node::Item(item).walk(&mut |node| {
        if let Node::Type(TypeExpression { kind: TypeExpressionKind::Record(fields), .. }) = node
            && records.iter().all(|(_, known)| !std::ptr::eq(*known, fields.as_slice()))
        {
            records.push((None, fields));
        }
    });
    records.retain(|(name, fields)| {
        name.map(|name| &name.text) == record.name.as_ref()
            && fields.len() == record.fields.len()
            && fields.iter().all(|field| record.fields.get(&field.name.text).is_some())
    });
    records.into_iter().map(|(_, fields)| fields)
}

/// The item that declares something of this sort and name, in the file or in one that it imports.
pub fn named<'db>(db: &'db dyn Db, file: SourceFile, sort: Sort, name: &str) -> Option<(SourceFile, ItemSource<'db>)> {
    let declares = |item: &&ItemSource<'db>| {
        super::occurrences(db, **item)
            .first()
            .is_some_and(|first| matches!(&first.symbol, Symbol::Item(known, text) if *known == sort && text == name))
    };
    let files = if sort.can_be_imported() { import::closure(db, file) } else { vec![file] };
    files.into_iter().find_map(|file| items(db, file).iter().find(declares).map(|item| (file, *item)))
}

/// The flow that a job starts.
pub fn flow_of_job(db: &dyn Db, file: SourceFile, job: &str) -> Option<Text> {
    declarations(db, file).jobs.get(job).map(|(_, flow)| flow.clone())
}

/// The jobs that start a flow.
pub fn jobs_of_flow(db: &dyn Db, file: SourceFile, flow: &str) -> Vec<Text> {
    let jobs = declarations(db, file).jobs.iter();
    jobs.filter(|(_, (_, started))| started == flow).map(|(job, _)| job.clone()).collect()
}

/// The flows that an event starts.
pub fn flows_of_event(db: &dyn Db, file: SourceFile, event: &str) -> Vec<Text> {
    let jobs = declarations(db, file).jobs.values();
    jobs.filter(|(started_by, _)| started_by == event).map(|(_, flow)| flow.clone()).collect()
}

/// Whether something else bears `name` where `symbol` is known, so that it cannot be called so.
pub fn is_taken(db: &dyn Db, file: SourceFile, from: ItemSource<'_>, symbol: &Symbol, name: &str) -> bool {
    match symbol {
        Symbol::Local { sort, .. } => super::occurrences(db, from).iter().any(|other| match &other.symbol {
            Symbol::Local { sort: known, name: text, .. } => text == name && known.is_beside(*sort),
            Symbol::Item(Sort::Param, text) => text == name && sort.is_value(),
            _ => false,
        }),
        Symbol::Item(sort, _) => named(db, file, *sort, name).is_some(),
        Symbol::Callable(_) => named(db, file, Sort::Action, name).is_some(),
        Symbol::Parameter(action, _) => declarations(db, file)
            .actions
            .get(action)
            .is_some_and(|action| action.parameters.iter().any(|parameter| parameter.name == name)),
        Symbol::Imported { .. } | Symbol::JqFunction(..) => true,
    }
}
