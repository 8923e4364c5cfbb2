//! What is known of the data at a place of a bundle.

use super::place::BundlePlace;
use super::{bundle_in, members::Holds};
use crate::bundle_check::KnownData;
use crate::navigate::{FieldRead, JqPlace};
use crate::types::Type;
use crate::{Db, Settings, SourceFile, Text, jq};
use std::borrow::Cow;
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
    let mut known = known(db, file, settings, offset)?;
    let summary = path.steps.split_last().and_then(|(last, base)| match last {
        Step::Member(name) => {
            let base = known.read(&Path { steps: base.to_vec() })?;
            base.fields().find(|field| field.name == name.as_str()).map(|field| field.summary.clone())
        }
        Step::Index(_) => None,
    });
    let kind = known.read(&path)?;
    let size = |at: usize| TextSize::try_from(at).unwrap_or_default();
    let span = Span::new(place.word.start() + size(start), place.word.start() + size(end));
    Some(PathRead { path: path.to_string(), span, kind, summary: summary.unwrap_or_default() })
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
    matches!(place.value(), Some(Holds::Path | Holds::ResultPath | Holds::Text | Holds::Template | Holds::Operand))
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
    let mut known = known(db, file, settings, offset);
    let input = parameters.text("data.$").and_then(|path| Path::parse(path).ok());
    let input = input.and_then(|path| known.as_mut()?.read(&path)).unwrap_or_default();
    let program = Text::new(parameters.text("expr").unwrap_or_default());
    let program = PlainText { text: program, span: place.word };
    Some(JqPlace { program: Cow::Owned(program), at: place.before.len(), input })
}

/// The field that a jq program reads at a place.
pub fn jq_field_at(db: &dyn Db, file: SourceFile, settings: Settings, offset: TextSize) -> Option<FieldRead> {
    let place = jq_at(db, file, settings, offset)?;
    let inside = place.program.span;
    if file.text(db)[inside] != *place.program.text {
        return None; // with escapes, what stands where is not worth the search
    }
    let (range, from) = jq::field_at(&place.program.text, &place.input, place.at)?;
    let size = |at: usize| inside.start() + TextSize::try_from(at).unwrap_or_default();
    let text = Text::new(&place.program.text[range.clone()]);
    let field = from.fields().find(|field| field.name == text).cloned();
    Some(FieldRead { name: Name { text, span: Span::new(size(range.start), size(range.end)) }, from, field })
}
