//! What stands behind a dot, in expressions and in jq texts.

use super::item_at;
use super::value::kind_of;
use crate::types::{FieldType, Type};
use crate::{Db, ItemSource, Settings, SourceFile, declarations, flow_graph, jq, parsed};
use std::borrow::Cow;
use text_size::TextSize;
use zisc_syntax::Node;
use zisc_syntax::tree::{Expression, ExpressionKind, Name, PlainText};

/// A field that is read.
#[derive(Clone, Debug)]
pub struct FieldRead {
    /// Its name, with its place in the file.
    pub name: Name,
    /// The type of what it is read from.
    pub from: Type,
    /// The field, where it is known.
    pub field: Option<FieldType>,
}

/// The field whose name is at a place of a file.
pub fn field_at(db: &dyn Db, file: SourceFile, settings: Settings, offset: TextSize) -> Option<FieldRead> {
    let item = item_at(db, file, offset)?;
    let start = item.start(db);
    let at = offset - start;
    let around = Node::Item(&parsed(db, item).item).around(at);
    let read = around.iter().rev().find_map(|node| match node {
        Node::Expression(Expression { kind: ExpressionKind::Field { base, name: Some(name), .. }, .. })
            if name.span.contains_inclusive(at) =>
        {
            Some((&**base, name))
        }
        _ => None,
    });
    let (from, name) = match (read, around.last()) {
        (Some((base, name)), _) => (kind_of(db, file, settings, item, base), name.clone()),
        (None, Some(Node::Expression(Expression { kind: ExpressionKind::Jq { .. }, .. }))) => {
            let place = jq_place(db, file, settings, offset)?;
            let (range, from) = jq::field_at(&place.program.text, &place.input, place.at)?;
            let text = crate::Text::new(&place.program.text[range.clone()]);
            (from, Name { text, span: place.program.part(range) })
        }
        _ => return None,
    };
    let field = from.fields().find(|field| field.name == name.text).cloned();
    Some(FieldRead { name: Name { span: name.span + start, ..name }, from, field })
}

/// A place in a jq text.
#[derive(Clone, Debug)]
pub struct JqPlace<'db> {
    /// The program, with its place counted from the start of the item.
    pub program: Cow<'db, PlainText>,
    /// The place, counted from the start of the program.
    pub at: usize,
    /// The type of what the program works on.
    pub input: Type,
}

/// The jq text around a place of a file.
pub fn jq_place<'db>(db: &'db dyn Db, file: SourceFile, settings: Settings, offset: TextSize) -> Option<JqPlace<'db>> {
    let item = item_at(db, file, offset)?;
    let at = offset - item.start(db);
    let around = Node::Item(&parsed(db, item).item).around(at);
    let Some(Node::Expression(Expression { kind: ExpressionKind::Jq { data, program }, .. })) = around.last() else {
        return None;
    };
    if !program.span.contains_inclusive(at) || !program.is_verbatim() {
        return None;
    }
    let input = input_of(db, file, settings, item, data.as_deref(), program);
    Some(JqPlace { program: Cow::Borrowed(program), at: usize::from(at - program.span.start()), input })
}

fn input_of(
    db: &dyn Db,
    file: SourceFile,
    settings: Settings,
    item: ItemSource<'_>,
    data: Option<&Expression>,
    program: &PlainText,
) -> Type {
    let analysis = flow_graph(db, item, file, settings);
    let Some(place) = super::value_place(analysis, program.span.start()) else { return Type::Any };
    place.jq_input(data, declarations(db, file))
}
