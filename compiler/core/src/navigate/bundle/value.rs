//! What is known of the data at a place of a bundle.

use super::bundle_in;
use super::members::{Holds, Owner};
use super::place::BundlePlace;
use crate::bundle_check::KnownData;
use crate::bundle_check::place::Quoted;
use crate::flow::data::error_type;
use crate::navigate::{FieldRead, JqPlace, Occurrence, Symbol};
use crate::types::Type;
use crate::{Db, Settings, SourceFile, Text, jq};
use std::borrow::Cow;
use std::ops::Range;
use text_size::TextSize;
use zisc_bundle::{Bundle, Machine, Path, Span, State, StateKind, Step};
use zisc_syntax::tree::{Name, PlainText};

/// The platform's action for jq.
const JQ: &str = "zis:common:transform:Jq";

/// What is known of `$` in front of the innermost state around a place.
fn known(db: &dyn Db, file: SourceFile, settings: Settings, offset: TextSize) -> Option<KnownData> {
    KnownData::at(file.text(db), bundle_in(db, file), settings.integration(db), offset)
}

/// The type of `$` in front of the innermost state around a place.
pub fn data_at(db: &dyn Db, file: SourceFile, settings: Settings, offset: TextSize) -> Option<Type> {
    known(db, file, settings, offset)?.read(&Path::default())
}

/// The innermost state around a place.
pub fn state_at(bundle: &Bundle, offset: TextSize) -> Option<&State> {
    fn in_machine(machine: &Machine, offset: TextSize) -> Option<&State> {
        let state = machine.states.values().find(|state| state.span.contains_inclusive(offset))?;
        match &state.kind {
            StateKind::Map { iterator, .. } => in_machine(iterator, offset).or(Some(state)),
            _ => Some(state),
        }
    }
    bundle.flows().find_map(|flow| in_machine(&flow.machine, offset))
}

/// A path that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathRead {
    /// The path, up to the step at the place.
    pub path: String,
    /// Where it stands.
    pub span: Span,
    /// The type of what it leads to.
    pub kind: Type,
    /// What that means.
    pub summary: Text,
}

/// The path at a place, and what it leads to.
pub fn path_at(db: &dyn Db, file: SourceFile, settings: Settings, offset: TextSize) -> Option<PathRead> {
    let text = file.text(db);
    let place = BundlePlace::at(text, offset);
    if !may_hold_paths(&place) {
        return None;
    }
    let written = &text[place.word];
    let at = usize::from(offset - place.word.start());
    let start = path_start(&written[..at]).or_else(|| written[at..].starts_with('$').then_some(at))?;
    // The step at the place belongs to it as a whole.
    let is_inside = |c: char| is_step(c) || (c == '$' && start == at);
    let end = written[at..].find(|c| !is_inside(c)).map_or(written.len(), |length| at + length);
    let path = Path::parse(&written[start..end]).ok()?;
    let size = |at: usize| place.word.start() + TextSize::try_from(at).unwrap_or_default();
    let span = |part: Range<usize>| Span::new(size(part.start), size(part.end));
    let mut known = known(db, file, settings, offset)?;
    if place.value() == Some(Holds::ResultPath) {
        let kind = match place.owner() {
            Some(Owner::Catcher) => error_type(),
            _ => known.read_after(&path)?,
        };
        return Some(PathRead { path: path.to_string(), span: span(start..end), kind, summary: Text::default() });
    }
    let summary = path.steps.split_last().and_then(|(last, base)| match last {
        Step::Member(name) => {
            let base = known.read(&Path { steps: base.to_vec() })?;
            base.fields().find(|field| field.name == name.as_str()).map(|field| field.summary.clone())
        }
        Step::Index(_) => None,
    });
    let kind = known.read(&path)?;
    Some(PathRead { path: path.to_string(), span: span(start..end), kind, summary: summary.unwrap_or_default() })
}

/// The states that write what the path at a place leads to, or a part of it; of a path in the body of a Map that
/// nothing there writes, those around the Map.
pub fn writers_at(db: &dyn Db, file: SourceFile, settings: Settings, offset: TextSize) -> Vec<&State> {
    let Some(read) = path_at(db, file, settings, offset) else { return Vec::new() };
    let Ok(path) = Path::parse(&read.path) else { return Vec::new() };
    let mut machines = Vec::new();
    let mut around = bundle_in(db, file).flows().map(|flow| &*flow.machine).find(|machine| holds(machine, offset));
    while let Some(machine) = around {
        machines.push(machine);
        let inner = machine.states.values().filter_map(|state| match &state.kind {
            StateKind::Map { iterator, .. } => Some(iterator),
            _ => None,
        });
        around = { inner }.find(|machine| holds(machine, offset));
    }
    let writers = machines.into_iter().rev().map(|machine| {
        let writes = |state: &&State| {
            let caught = state.kind.catch().iter().filter_map(|catcher| catcher.result_path.as_ref());
            let mut written = state.kind.result_path().into_iter().chain(caught).filter_map(|path| path.as_str());
            // Of what is in one value of another, both say something.
            written.any(|written| Path::parse(written).is_ok_and(|written| meet(&written, &path)))
        };
        machine.states.values().filter(writes).collect::<Vec<_>>()
    });
    { writers }.find(|writers| !writers.is_empty()).unwrap_or_default()
}

fn holds(machine: &Machine, offset: TextSize) -> bool {
    machine.states.values().any(|state| state.span.contains_inclusive(offset))
}

/// Whether one of two paths leads into what the other leads to. All of `$` says nothing about a part.
fn meet(one: &Path, other: &Path) -> bool {
    let shared = one.steps.iter().zip(&other.steps).take_while(|(one, other)| one == other).count();
    shared > 0 && shared == one.steps.len().min(other.steps.len())
}

/// What a path that is written up to a place leads to: the type in front of its last dot, and where the name behind
/// that begins in the text in front of the place.
pub(super) fn behind_dot(
    db: &dyn Db,
    file: SourceFile,
    settings: Settings,
    offset: TextSize,
    before: &str,
) -> Option<(Type, usize)> {
    let start = path_start(before)?;
    let dot = before[start..].rfind('.').map(|dot| start + dot)?;
    let path = Path::parse(&before[start..dot]).ok()?;
    Some((known(db, file, settings, offset)?.read(&path)?, dot + 1))
}

/// Whether paths are followed in the value at a place.
pub(super) fn may_hold_paths(place: &BundlePlace) -> bool {
    takes_path(place) || takes_placeholders(place)
}

/// Whether the value at a place can be a path as a whole.
pub(super) fn takes_path(place: &BundlePlace) -> bool {
    let is_computed = || place.object().and_then(|object| object.key.as_deref()).is_some_and(|key| key.ends_with(".$"));
    match place.value() {
        Some(Holds::Path | Holds::ResultPath) => true,
        Some(Holds::Text | Holds::Template) => is_computed(),
        // `StringEqualsPath` and the like.
        _ => place.operator().is_some_and(|operator| operator.by_path),
    }
}

/// Whether placeholders are filled in the value at a place.
pub(super) fn takes_placeholders(place: &BundlePlace) -> bool {
    matches!(place.value(), Some(Holds::Text | Holds::Template))
}

/// Where the path begins that a text ends with.
fn path_start(before: &str) -> Option<usize> {
    let start = before.rfind('$')?;
    before[start + 1..].chars().all(|c| is_step(c) || matches!(c, '.' | '[' | ']' | '\'')).then_some(start)
}

fn is_step(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

/// The jq program around a place, and the type of what it works on.
pub fn jq_at<'db>(db: &'db dyn Db, file: SourceFile, settings: Settings, offset: TextSize) -> Option<JqPlace<'db>> {
    let text = file.text(db);
    let place = BundlePlace::at(text, offset);
    let [.., state, parameters] = place.around.as_slice() else { return None };
    let is_program = parameters.key.as_deref() == Some("expr") && state.key.as_deref() == Some("Parameters");
    if !is_program || state.text("ActionName") != Some(JQ) || place.value().is_none() {
        return None;
    }
    let input = known(db, file, settings, offset).and_then(KnownData::jq_input).unwrap_or_default();
    let program = Text::new(parameters.text("expr").unwrap_or_default());
    let program = PlainText { text: program, span: place.word };
    Some(JqPlace { program: Cow::Owned(program), at: place.before.len(), input })
}

/// The field that a jq program reads at a place.
pub fn jq_field_at(db: &dyn Db, file: SourceFile, settings: Settings, offset: TextSize) -> Option<FieldRead> {
    let place = jq_at(db, file, settings, offset)?;
    let (range, from) = jq::field_at(&place.program.text, &place.input, place.at)?;
    let text = Text::new(&place.program.text[range.clone()]);
    let field = from.fields().find(|field| field.name == text).cloned();
    Some(FieldRead { name: Name { text, span: in_file(file.text(db), &place, range) }, from, field })
}

/// The function of jq that a program calls at a place.
pub fn jq_function_at(db: &dyn Db, file: SourceFile, settings: Settings, offset: TextSize) -> Option<Occurrence> {
    let place = jq_at(db, file, settings, offset)?;
    let text = place.program.text.clone();
    let program = PlainText { span: Span::up_to(TextSize::of(text.as_str())), text };
    let at = TextSize::try_from(place.at).ok()?;
    let called = jq::occurrences(&program).into_iter().find(|occurrence| {
        occurrence.span.contains_inclusive(at) && matches!(occurrence.symbol, Symbol::JqFunction(..))
    })?;
    Some(Occurrence { span: in_file(file.text(db), &place, called.span.into()), ..called })
}

/// Where a part of a program stands in the file: escapes take more room there.
fn in_file(file: &str, place: &JqPlace<'_>, part: Range<usize>) -> Span {
    let inside = place.program.span;
    let quote = TextSize::of('"');
    let span = Span::new(inside.start() - quote, (inside.end() + quote).min(TextSize::of(file)));
    Quoted { file, value: &place.program.text, span }.part(part)
}
