//! What type a value has at its place, and which states a statement becomes.

use super::item_at;
use crate::flow::reader::Reader;
use crate::types::Type;
use crate::{
    Analysis, Db, Declarations, ItemSource, Place, Settings, SourceFile, Text, declarations, flow_graph, parsed,
};
use text_size::TextSize;
use zisc_bundle::json::{self, Json, Value};
use zisc_bundle::{Machine, Span, State, StateKind};
use zisc_syntax::Node;
use zisc_syntax::tree::{Block, Expression, ExpressionKind, ItemKind, LetTarget, Name, Statement, StatementKind};

/// The innermost statement around a place, or the next one in the innermost block around it: what can be read in front
/// of that one can be read here.
pub fn value_place(analysis: &Analysis, offset: TextSize) -> Option<&Place> {
    let places = &analysis.places;
    let blocks = places.iter().map(|place| place.block).filter(|block| block.contains(offset));
    let block = blocks.min_by_key(|block| block.len());
    let inside = places.iter().filter(|place| Some(place.block) == block);
    let around =
        inside.clone().filter(|place| place.span.contains_inclusive(offset)).min_by_key(|place| place.span.len());
    around
        .or_else(|| inside.filter(|place| place.span.start() >= offset).min_by_key(|place| place.span.start()))
        .or_else(|| places.iter().filter(|place| place.span.start() < offset).max_by_key(|place| place.span.start()))
        .or(places.last())
}

/// The type of an expression of a flow, at its place.
pub fn kind_of(db: &dyn Db, file: SourceFile, settings: Settings, item: ItemSource<'_>, value: &Expression) -> Type {
    let analysis = flow_graph(db, item, file, settings);
    let Some(place) = value_place(analysis, value.span.start()) else { return Type::Any };
    let declarations = declarations(db, file);
    let mut reader = Reader::new(declarations, &place.data, place.scope());
    let whole = Node::Item(&parsed(db, item).item);
    for node in whole.around(value.span.start()) {
        // Names that the list around the value binds.
        if let Node::Expression(Expression { kind: ExpressionKind::Comprehension { name, list, .. }, .. }) = node
            && !list.span.contains_range(value.span)
        {
            let item = reader.compute(list).kind().item().unwrap_or_default();
            reader.bind(&name.text, item);
        }
    }
    if let ExpressionKind::Name(name) = &value.kind
        && reader.variables.is_empty()
        && reader.scope.named(name).is_none()
    {
        return param_kind(declarations, name);
    }
    if reader.variables.is_empty() { reader.kind(value) } else { reader.compute(value).kind().clone() }
}

fn param_kind(declarations: &Declarations, name: &Text) -> Type {
    declarations.params.get(name).map(|param| param.kind.clone()).unwrap_or_default()
}

/// A name that a statement binds, and the type of its value from there on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The name, or the first part of it: `x` in `x.y`.
    pub name: Name,
    /// The type of its value.
    pub kind: Type,
    /// The type is written beside it.
    pub is_written: bool,
}

/// The names that the statements of a flow bind, in the order of the text.
pub fn bindings(db: &dyn Db, file: SourceFile, settings: Settings, item: ItemSource<'_>) -> Vec<Bound> {
    let ItemKind::Flow(flow) = &parsed(db, item).item.kind else { return Vec::new() };
    let mut found = Bindings { analysis: flow_graph(db, item, file, settings), found: Vec::new() };
    if let (Some(parameter), Some(body)) = (&flow.parameter, &flow.body) {
        found.note(&parameter.name, parameter.kind.is_some(), found.first_in(body.span));
    }
    flow.body.iter().for_each(|body| found.block(body));
    found.found
}

struct Bindings<'a> {
    analysis: &'a Analysis,
    found: Vec<Bound>,
}

impl<'a> Bindings<'a> {
    fn first_in(&self, block: Span) -> Option<&'a Place> {
        self.analysis.places.iter().filter(|place| place.block == block).min_by_key(|place| place.span.start())
    }

    fn after(&self, statement: &Statement, block: Span) -> Option<&'a Place> {
        let following = |place: &&Place| place.block == block && place.span.start() >= statement.span.end();
        self.analysis.places.iter().filter(following).min_by_key(|place| place.span.start())
    }

    fn note(&mut self, name: &Name, is_written: bool, place: Option<&Place>) {
        let kind = place.and_then(|place| place.kind_of_name(&name.text)).unwrap_or_default();
        self.found.push(Bound { name: name.clone(), kind, is_written });
    }

    fn target(&mut self, target: &LetTarget, is_written: bool, place: Option<&Place>) {
        if let LetTarget::Member { root, .. } = target {
            self.note(root, is_written, place);
        }
    }

    fn block(&mut self, block: &Block) {
        for statement in &block.statements {
            match &statement.kind {
                StatementKind::Let { target, kind, .. } => {
                    self.target(target, kind.is_some(), self.after(statement, block.span));
                }
                StatementKind::For { target, item, body, .. } => {
                    target.iter().for_each(|target| self.target(target, false, self.after(statement, block.span)));
                    item.iter().for_each(|item| self.note(item, false, self.first_in(body.span)));
                }
                _ => {}
            }
            let catch = statement.catch().map(|catch| catch.block.span);
            for inner in statement.blocks() {
                if let (true, Some(caught)) = (Some(inner.span) == catch, statement.catch()) {
                    self.target(&caught.target, false, self.first_in(inner.span));
                }
                self.block(inner);
            }
        }
    }
}

/// A state that a statement becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeState {
    /// Its name.
    pub name: String,
    /// Its type, as the platform calls it.
    pub kind: String,
    /// The program, where it runs one that the compiler made.
    pub jq: Option<String>,
    /// The state as JSON. What runs inside a Map is left out.
    pub json: String,
    /// The statement, counted from the start of the item.
    pub statement: Span,
}

/// The states of a flow, in the order of the bundle, those of its Maps after each.
pub fn states(analysis: &Analysis) -> Vec<MadeState> {
    fn in_machine(machine: &Machine, found: &mut Vec<MadeState>) {
        for state in machine.states.values() {
            found.push(made(state));
            if let StateKind::Map { iterator, .. } = &state.kind {
                in_machine(iterator, found);
            }
        }
    }
    let mut found = Vec::new();
    in_machine(&analysis.machine, &mut found);
    found
}

/// The states that the statement at `statement` becomes, in the order in which they run; those of its blocks left out.
pub fn states_at(analysis: &Analysis, statement: Span) -> Vec<MadeState> {
    states(analysis).into_iter().filter(|state| state.statement == statement).collect()
}

fn made(state: &State) -> MadeState {
    let mut shown = state.clone();
    if let StateKind::Map { iterator, .. } = &mut shown.kind {
        iterator.states.clear();
    }
    let program = match &state.kind {
        StateKind::Action { parameters: Some(Json { value: Value::Object(members), .. }), .. }
            if state.name.value.ends_with(".Values") =>
        {
            members.iter().find(|member| *member.key == "expr").and_then(|member| member.value.as_str())
        }
        _ => None,
    };
    MadeState {
        name: state.name.value.clone(),
        kind: state.kind.type_name().to_owned(),
        jq: program.map(str::to_owned),
        json: json::pretty(&shown.to_json()),
        statement: state.span,
    }
}

/// The types of the names that can be read at a place of a file.
pub fn names_at(db: &dyn Db, file: SourceFile, settings: Settings, offset: TextSize) -> Vec<(Text, Type)> {
    let Some(item) = item_at(db, file, offset) else { return Vec::new() };
    let place = value_place(flow_graph(db, item, file, settings), offset - item.start(db));
    place.map(Place::names).unwrap_or_default()
}
