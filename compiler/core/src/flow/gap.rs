//! Why a name may not be set: where the way without it leaves those that set it, and where they come together.

use super::Context;
use super::data::ways;
use super::steps::{Step, StepKind, Steps};
use crate::Text;
use crate::finding::Finding;
use crate::types::Type;
use std::collections::HashSet;
use zisc_bundle::Span;

/// The ways of a machine, looked at from one of its steps.
#[derive(Clone, Copy)]
pub(crate) struct Ways<'a> {
    pub(crate) steps: &'a Steps<'a>,
    /// The type of `$` in front of each step.
    pub(crate) data: &'a [Option<Type>],
    pub(crate) context: &'a Context<'a>,
    /// The step from which they are looked at.
    pub(crate) here: usize,
}

/// The way without the name.
struct Gap<'a> {
    /// Where it leaves the others.
    leaves: &'a Step<'a>,
    exit: Exit,
    /// Where they come together.
    joins: usize,
}

/// A way from one step to another.
struct Way {
    from: usize,
    exit: Exit,
    to: usize,
    has_name: bool,
}

/// How a way leaves a step.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Exit {
    Catch,
    /// The arm of a Choice; behind the last one is the way that is left.
    Arm(usize),
    Next,
    /// Past a loop that begins here and is not entered.
    Round,
}

impl Ways<'_> {
    /// Says in a finding about `name` which way does not set it.
    pub(crate) fn explain(&self, name: &Text, finding: Finding) -> Finding {
        let Some(Gap { leaves, exit, joins }) = self.gap(name) else { return finding };
        let joining =
            self.steps.state_at_step(joins).filter(|_| joins != self.here).map(|state| &self.steps.list[state]);
        let place = joining.map_or_else(|| "here".to_owned(), |state| format!("at `{}`", state.name));
        let why = match exit {
            Exit::Round => format!("the loop at `{}` may not go round", leaves.name),
            Exit::Catch => format!("the catch of `{}` joins {place}", leaves.name),
            _ if leaves.name.is_empty() => format!("a way without it joins {place}"),
            Exit::Arm(_) | Exit::Next => format!("a way from `{}` joins {place}", leaves.name),
        };
        let (span, when) = match (&leaves.kind, exit) {
            (StepKind::Choice { arms, .. }, Exit::Arm(arm)) if arm < arms.len() => (arms[arm].0.span(), "holds"),
            (StepKind::Choice { arms, .. }, _) => {
                (arms.last().map_or(leaves.span, |(test, _)| test.span()), "does not hold")
            }
            (_, Exit::Catch) => (short(leaves), "fails"),
            _ => (short(leaves), "is left"),
        };
        let headline = format!("`{name}` may be missing here: {why}");
        let finding = Finding { headline, ..finding }.note(span, format!("where this {when}, `{name}` is not set"));
        match joining {
            Some(state) if exit != Exit::Round => finding.note(short(state), "the ways come together here"),
            _ => finding,
        }
    }

    fn gap(&self, name: &Text) -> Option<Gap<'_>> {
        let mut arriving: Vec<Vec<Way>> = self.steps.list.iter().map(|_| Vec::new()).collect();
        for way in self.all(name) {
            arriving[way.to].push(way);
        }
        // Back over ways that all lack the name, to where some lack it.
        let mut seen = HashSet::from([self.here]);
        let mut waiting = vec![self.here];
        let joins = loop {
            let at = waiting.pop()?;
            if arriving[at].iter().any(|way| way.has_name) {
                break at;
            }
            waiting.extend(arriving[at].iter().map(|way| way.from).filter(|from| seen.insert(*from)));
        };
        let with: Vec<usize> = arriving[joins].iter().filter(|way| way.has_name).map(|way| way.from).collect();
        let common = behind(with, &arriving);
        // Back over the way that lacks it, to where the others left it.
        let mut seen = HashSet::new();
        let mut way = arriving[joins].iter().find(|way| !way.has_name)?;
        let is_loop = common.contains(&joins) && matches!(self.steps.list[joins].kind, StepKind::Choice { .. });
        if is_loop && common.contains(&way.from) {
            return Some(Gap { leaves: &self.steps.list[joins], exit: Exit::Round, joins });
        }
        while !common.contains(&way.from) {
            seen.insert(way.from);
            way = arriving[way.from].iter().find(|way| !way.has_name && !seen.contains(&way.from))?;
        }
        Some(Gap { leaves: &self.steps.list[way.from], exit: way.exit, joins })
    }

    /// All ways of the machine, and whether the name is set along each.
    fn all(&self, name: &Text) -> impl Iterator<Item = Way> {
        self.steps.list.iter().enumerate().flat_map(move |(from, step)| {
            let ways = match &self.data[from] {
                Some(before) => ways(step, before, self.context, false),
                None => Vec::new(),
            };
            let last = ways.len();
            ways.into_iter().enumerate().filter_map(move |(number, (label, after))| {
                let exit = match &step.kind {
                    _ if step.catch.is_some() && number + 1 == last => Exit::Catch,
                    StepKind::Choice { .. } => Exit::Arm(number),
                    _ => Exit::Next,
                };
                let has_name = after.field(name).is_some_and(|read| !read.optional);
                Some(Way { from, exit, to: self.steps.step_at(label)?, has_name })
            })
        })
    }
}

/// The steps from which ways lead to those of `ends`.
fn behind(ends: Vec<usize>, arriving: &[Vec<Way>]) -> HashSet<usize> {
    let mut found: HashSet<usize> = ends.iter().copied().collect();
    let mut waiting = ends;
    while let Some(at) = waiting.pop() {
        waiting.extend(arriving[at].iter().map(|way| way.from).filter(|from| found.insert(*from)));
    }
    found
}

/// A part of a step that stands for all of it.
fn short(step: &Step<'_>) -> Span {
    match &step.kind {
        _ if !step.name_span.is_empty() => step.name_span,
        StepKind::Choice { arms, .. } => arms.first().map_or(step.span, |(test, _)| test.span()),
        StepKind::Map { list, .. } => list.span,
        StepKind::Call { callee, .. } => callee.span,
        StepKind::Jq { program, .. } => program.span,
        _ => step.span,
    }
}
