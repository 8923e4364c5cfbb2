//! The type of `$` at each step.

use super::condition::narrow_test;
use super::reader::Reader;
use super::steps::{Label, Pairing, ResultTo, Step, StepKind, Steps};
use super::{Context, call, transform};
use crate::types::{FieldType, RecordType, Type};
use crate::{Shared, Text};
use std::collections::BTreeSet;
use zisc_syntax::tree::Expression;

/// After so many visits of one step, what it writes is taken to be `any`: a type that grows with each round of a loop
/// would never settle.
const PATIENCE: usize = 12;

/// The type of `$` along the ways of a machine.
pub(crate) struct Data {
    /// In front of each step; nothing where no way leads.
    pub(crate) before: Vec<Option<Type>>,
    /// Where the machine ends; nothing where it never does, other than by failing.
    pub(crate) end: Option<Type>,
}

/// The type of `$` in front of each step, and at the end.
pub(crate) fn flow_through(steps: &Steps<'_>, start: &Type, context: &Context<'_>) -> Data {
    let mut data: Vec<Option<Type>> = steps.list.iter().map(|_| None).collect();
    let mut end: Option<Type> = None;
    let mut ends = |coming: &Type| end = Some(end.as_ref().map_or_else(|| coming.clone(), |known| known.join(coming)));
    let mut visits = vec![0_usize; steps.list.len()];
    // In the order of the text, so that all ways to a step have come together before it is looked at.
    let mut waiting = BTreeSet::new();
    arrive(steps, steps.start(), start, &mut data, &mut waiting);
    while let Some(position) = waiting.pop_first() {
        let step = &steps.list[position];
        let Some(before) = data[position].clone() else { continue };
        visits[position] += 1;
        if matches!(step.kind, StepKind::Succeed { .. }) {
            ends(&before);
        }
        for (label, after) in ways(step, &before, context, visits[position] > PATIENCE) {
            if steps.step_at(label).is_none() {
                ends(&after);
            }
            arrive(steps, label, &after, &mut data, &mut waiting);
        }
    }
    Data { before: data, end }
}

/// The type of what an iteration of a Map sees.
pub(crate) fn iteration_data(reader: &mut Reader<'_>, list: &Expression, pairing: &Pairing) -> Type {
    let item = reader.silently(|reader| reader.kind(list)).item().unwrap_or_default();
    match pairing {
        Pairing::Item => item,
        Pairing::Record { item: name, captured } => {
            let empty = Type::Record(Shared::new(RecordType { closed: true, ..RecordType::default() }));
            captured.iter().fold(empty.with(std::slice::from_ref(name), item, false), |data, (name, path)| {
                let read = reader.at(path);
                let kind = if read.optional { Type::union([read.kind, Type::Null]) } else { read.kind };
                data.with(std::slice::from_ref(name), kind, false)
            })
        }
    }
}

/// Joins what comes along a way with what came before; a step that learns something new is looked at again.
fn arrive(steps: &Steps<'_>, label: Label, coming: &Type, data: &mut [Option<Type>], waiting: &mut BTreeSet<usize>) {
    let Some(position) = steps.step_at(label) else { return };
    let joined = match &data[position] {
        Some(known) => known.join(coming),
        None => coming.clone(),
    };
    if data[position].as_ref() != Some(&joined) {
        data[position] = Some(joined);
        waiting.insert(position);
    }
}

/// The ways out of a step, and the data along each.
pub(crate) fn ways(step: &Step<'_>, before: &Type, context: &Context<'_>, tired: bool) -> Vec<(Label, Type)> {
    let mut reader = Reader::new(context.declarations, before, &step.scope);
    let mut ways = Vec::new();
    match &step.kind {
        StepKind::Choice { arms, otherwise, .. } => {
            let mut remaining = before.clone();
            for (test, label) in arms {
                let mut reader = Reader::new(context.declarations, &remaining, &step.scope);
                ways.push((*label, narrow_test(&mut reader, *test, true)));
                remaining = narrow_test(&mut reader, *test, false);
            }
            ways.push((*otherwise, remaining));
        }
        // What a state does that stands as JSON is not known.
        StepKind::Raw { ways: leads, .. } => ways.extend(leads.iter().map(|label| (*label, Type::Any))),
        kind if kind.is_end() => {}
        StepKind::Call { result, kind, callee, .. } => {
            let value = written(kind.as_deref(), context).unwrap_or_else(|| call::result_of_call(callee, context));
            ways.push((step.next, after(before, result, if tired { Type::Any } else { value })));
        }
        StepKind::Jq { data, program, result, kind } => {
            let value =
                written(kind.as_deref(), context).unwrap_or_else(|| transform::outputs(&mut reader, *data, program));
            ways.push((step.next, after(before, result, if tired { Type::Any } else { value })));
        }
        StepKind::Map { list, pairing, body, result } => {
            let start = iteration_data(&mut reader, list, pairing);
            let end = flow_through(body, &start, context).end.unwrap_or_else(|| Type::union([]));
            let value = if tired { Type::Any } else { Type::Array(Shared::new(end)) };
            ways.push((step.next, after(before, result, value)));
        }
        StepKind::Value { value, result, kind } => {
            let value = written(kind.as_deref(), context).unwrap_or_else(|| reader.kind(value));
            ways.push((step.next, after(before, result, if tired { Type::Any } else { value })));
        }
        StepKind::Alias { .. }
        | StepKind::Nothing
        | StepKind::Same { .. }
        | StepKind::Wait { .. }
        | StepKind::Succeed { .. }
        | StepKind::Fail { .. } => {
            ways.push((step.next, before.clone()));
        }
    }
    if let Some((result, label)) = &step.catch {
        ways.push((*label, after(before, result, error_type())));
    }
    ways
}

fn written(kind: Option<&zisc_syntax::tree::TypeExpression>, context: &Context<'_>) -> Option<Type> {
    kind.map(|kind| context.declarations.resolve(kind))
}

fn after(before: &Type, result: &ResultTo, value: Type) -> Type {
    match result {
        ResultTo::Member(path) => before.with(path, value, false),
        ResultTo::Root => value,
        // What a state without ResultPath does to the data is disputed: nothing is claimed about it.
        ResultTo::Unsaid => Type::Any,
        ResultTo::Scratch => before.clone(),
    }
}

/// What a catch binds. `Cause` is documented; whether `Error` comes with it is not.
pub(crate) fn error_type() -> Type {
    let field = |name: &'static str, optional, summary: &'static str| FieldType {
        name: Text::new_static(name),
        kind: Type::String,
        optional,
        summary: Text::new_static(summary),
    };
    Type::Record(Shared::new(RecordType {
        name: Some(Text::new_static("Failure")),
        fields: [
            field("Cause", false, "What went wrong, such as `external action failed due to status code: 404`."),
            field("Error", true, "The sort of error, where the platform tells it."),
        ]
        .into_iter()
        .collect(),
        closed: true,
        listed: false,
    }))
}
