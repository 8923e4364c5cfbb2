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
    let mut before: Vec<Option<Type>> = steps.list.iter().map(|_| None).collect();
    let mut visits = vec![0_usize; steps.list.len()];
    let mut arrivals = Arrivals::new(steps);
    arrivals.arrive(steps.start(), start.clone());
    while let Some((position, new)) = arrivals.next() {
        let data = before[position].as_ref().map_or_else(|| new.clone(), |known| known.join(&new));
        if before[position].as_ref() == Some(&data) {
            continue; // nothing new is learnt
        }
        before[position] = Some(data.clone());
        visits[position] += 1;
        let step = &steps.list[position];
        for (label, after) in ways(step, &data, context, visits[position] > PATIENCE) {
            arrivals.arrive(label, after);
        }
        if matches!(step.kind, StepKind::Succeed { .. }) {
            arrivals.ends.push(data);
        }
    }
    Data { before, end: join_all(arrivals.ends) }
}

/// What has come to the steps of a machine and was not looked at.
struct Arrivals<'s> {
    steps: &'s Steps<'s>,
    ranks: Vec<usize>,
    coming: Vec<Vec<Type>>,
    waiting: BTreeSet<(usize, usize)>,
    /// What has come to the end of the machine.
    ends: Vec<Type>,
}

impl<'s> Arrivals<'s> {
    fn new(steps: &'s Steps<'s>) -> Self {
        let coming = steps.list.iter().map(|_| Vec::new()).collect();
        Self { steps, ranks: ranks(steps), coming, waiting: BTreeSet::new(), ends: Vec::new() }
    }

    fn arrive(&mut self, label: Label, data: Type) {
        match self.steps.step_at(label) {
            Some(position) => {
                self.coming[position].push(data);
                self.waiting.insert((self.ranks[position], position));
            }
            None => self.ends.push(data),
        }
    }

    /// The first step that something has come to, and all of that together.
    fn next(&mut self) -> Option<(usize, Type)> {
        let (_, position) = self.waiting.pop_first()?;
        Some((position, join_all(std::mem::take(&mut self.coming[position]))?))
    }
}

/// The places of the steps in an order in which a step stands behind all that lead to it, but for the ways back of
/// loops: so all ways to a step have come together before it is looked at.
fn ranks(steps: &Steps<'_>) -> Vec<usize> {
    let mut rank = vec![usize::MAX; steps.list.len()];
    let Some(start) = steps.step_at(steps.start()) else { return rank };
    let mut next = steps.list.len();
    let mut is_seen = vec![false; steps.list.len()];
    is_seen[start] = true;
    // The last way first: what is left first stands last, and the body of a loop before what follows the loop.
    let ways_of = |position: usize| steps.list[position].ways();
    let mut open = vec![(start, ways_of(start))];
    while let Some((position, ways)) = open.last_mut() {
        match ways.pop().map(|label| steps.step_at(label)) {
            Some(Some(step)) if !is_seen[step] => {
                is_seen[step] = true;
                open.push((step, ways_of(step)));
            }
            Some(_) => {}
            None => {
                next -= 1;
                rank[*position] = next;
                open.pop();
            }
        }
    }
    rank
}

/// The type of a value that came by one of these ways. Neighbours are joined first: a `catch` that a thousand statements
/// share gets a thousand records, of which each differs little from the one before, and much from the first.
fn join_all(mut types: Vec<Type>) -> Option<Type> {
    while types.len() > 1 {
        types = types.chunks(2).map(|pair| pair.iter().skip(1).fold(pair[0].clone(), |a, b| a.join(b))).collect();
    }
    types.pop()
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
        StepKind::Request { result, kind, .. } => {
            let value = written(kind.as_deref(), context).unwrap_or(Type::Any);
            ways.push((step.next, after(before, result, value)));
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
        ..FieldType::default()
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
