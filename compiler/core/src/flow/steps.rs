//! Statements as steps and ways between them.

use super::names::{self, Names};
use super::reader::Reader;
use super::scope::{Alias, Member, Scope};
use super::template::constant;
use crate::bundle_check::Guesses;
use crate::by_name::ByName;
use crate::finding::Finding;
use crate::types::Type;
use crate::{Declarations, Shared, Text, functions, platform, rules};
use indexmap::{IndexMap, IndexSet};
use std::collections::HashMap;
use zisc_bundle::json::{Json, Value};
use zisc_bundle::{Path, Placed, Span, State};
use zisc_syntax::tree::{
    Action, Argument, BinaryOperator, Block, Case, Catch, Documentation, Expression, ExpressionKind, Flow, LetTarget,
    Name, PlainText, RecordMember, Statement, StatementKind, TextPart, TypeExpression,
};

/// A flow as steps, in the order of the text.
pub(crate) struct Steps<'t> {
    pub(crate) list: Vec<Step<'t>>,
    /// Where each label leads; the first is the start of the flow.
    labels: Vec<Target>,
    /// Labels that a `goto` names and no statement has.
    missing: Vec<Name>,
    pub(crate) names: Names,
    /// What the state is called that ends the machine where no other can say so: the label of a `return`.
    pub(crate) end_name: Option<Text>,
    pub(crate) findings: Vec<Finding>,
}

/// A place that ways lead to, before it is known which step stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Label(usize);

/// Where a way leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// To the step at this position.
    Step(usize),
    /// To the end of the flow.
    End,
    /// To a label that does not exist: as if the flow ended there.
    Missing(usize),
    /// To where another label leads.
    Same(Label),
}

static NO_DOCUMENTATION: Documentation = Documentation(None);

const START: Label = Label(0);
const END: Label = Label(1);

/// A step: a state, or a statement that makes none.
pub(crate) struct Step<'t> {
    pub(crate) name: Text,
    /// The label, or what stands for it.
    pub(crate) name_span: Span,
    pub(crate) documentation: &'t Documentation,
    pub(crate) kind: StepKind<'t>,
    pub(crate) next: Label,
    pub(crate) catch: Option<(ResultTo, Label)>,
    pub(crate) scope: Shared<Scope>,
    pub(crate) span: Span,
    /// The statement before it in its block.
    pub(crate) after: Option<Span>,
    /// The block it stands in.
    pub(crate) block: Span,
    /// What the state has beside.
    pub(crate) extra: Option<&'t Expression>,
}

/// What a step does.
pub(crate) enum StepKind<'t> {
    /// Makes no state: a jump, or a statement that could not be read.
    Nothing,
    /// Makes no state: a name for a path.
    Alias { value: &'t Expression, kind: Option<&'t TypeExpression> },
    /// Calls an action.
    Call { callee: Name, arguments: &'t [Argument], brackets: Span, result: ResultTo, kind: Option<&'t TypeExpression> },
    /// Sends a request that an action should send.
    Request { action: &'t Action, result: ResultTo, kind: Option<&'t TypeExpression> },
    /// Runs a jq program.
    Jq { data: Option<&'t Expression>, program: &'t PlainText, result: ResultTo, kind: Option<&'t TypeExpression> },
    /// Puts a value somewhere.
    Value { value: &'t Expression, result: ResultTo, kind: Option<&'t TypeExpression> },
    /// Hands its data on.
    Same { result: ResultTo },
    /// Goes where the first condition that holds leads.
    Choice { arms: Vec<(Test<'t>, Label)>, otherwise: Label, has_else: bool },
    /// Runs steps for each item of a list.
    Map { list: &'t Expression, pairing: Pairing, body: Box<Steps<'t>>, result: ResultTo },
    /// Ends the flow as done.
    Succeed { message: Option<&'t Expression> },
    /// Ends the flow as failed.
    Fail { error: Option<&'t Expression>, cause: Option<&'t Expression> },
    /// Waits.
    Wait { delay: &'t Expression },
    /// A state as JSON, and where that leads.
    Raw { json: &'t Expression, ways: Vec<Label> },
}

/// What an iteration of a Map sees.
#[derive(Clone, Debug)]
pub(crate) enum Pairing {
    /// The item as it is.
    Item,
    /// A record of the item, under its name, and of what the body uses of its surroundings.
    Record { item: Text, captured: Vec<(Text, Path)> },
}

/// What an arm of a Choice asks.
#[derive(Clone, Copy)]
pub(crate) enum Test<'t> {
    /// Whether a condition holds.
    Holds(&'t Expression),
    /// Whether a value is one of these.
    IsOneOf(&'t Expression, &'t [Expression]),
}

impl Test<'_> {
    pub(crate) fn span(&self) -> Span {
        match self {
            Test::Holds(condition) => condition.span,
            Test::IsOneOf(value, cases) => cases
                .iter()
                .fold(cases.first().map_or(value.span, |case| case.span), |span, case| span.cover(case.span)),
        }
    }
}

/// Where a result goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ResultTo {
    /// Into a member of `$`.
    Member(Vec<Text>),
    /// In place of `$`.
    Root,
    /// Nowhere: the state says nothing about it.
    Unsaid,
    /// Into the member that nobody reads.
    Scratch,
}

/// The member for results that nobody reads.
pub(crate) const SCRATCH: &str = "zisc_ignored";

impl Step<'_> {
    /// The ways out of the step, in the order of the text.
    pub(crate) fn ways(&self) -> Vec<Label> {
        let mut ways = match &self.kind {
            StepKind::Choice { arms, otherwise, .. } => {
                arms.iter().map(|(_, label)| *label).chain([*otherwise]).collect()
            }
            StepKind::Raw { ways, .. } => ways.clone(),
            kind if kind.is_end() => Vec::new(),
            _ => vec![self.next],
        };
        ways.extend(self.catch.as_ref().map(|(_, label)| *label));
        ways
    }
}

impl StepKind<'_> {
    /// Whether the step becomes a state.
    pub(crate) fn is_state(&self) -> bool {
        !matches!(self, StepKind::Nothing | StepKind::Alias { .. })
    }

    /// Whether the flow ends here.
    pub(crate) fn is_end(&self) -> bool {
        matches!(self, StepKind::Succeed { .. } | StepKind::Fail { .. })
    }
}

impl Steps<'_> {
    /// The step at which a way arrives; nothing where it leads to the end of the flow.
    pub(crate) fn step_at(&self, label: Label) -> Option<usize> {
        let mut at = label;
        for _ in 0..=self.labels.len() {
            match self.labels[at.0] {
                Target::Step(step) => return Some(step),
                Target::End | Target::Missing(_) => return None,
                Target::Same(other) => at = other,
            }
        }
        None // a jump to itself
    }

    /// The label at which a way arrives, past steps that make no state, and which no statement has.
    pub(crate) fn missing_at(&self, label: Label) -> Option<&Name> {
        let mut at = label;
        for _ in 0..=self.labels.len() + self.list.len() {
            at = match self.labels[at.0] {
                Target::Missing(name) => return self.missing.get(name),
                Target::Same(other) => other,
                Target::Step(step) if !self.list[step].kind.is_state() => self.list[step].next,
                Target::Step(_) | Target::End => return None,
            };
        }
        None // jumps in a circle
    }

    /// The state at which a way arrives, past steps that make none.
    pub(crate) fn state_at(&self, label: Label) -> Option<usize> {
        self.state_at_step(self.step_at(label)?)
    }

    /// The state that a way goes on to from a step, which may be the step itself.
    pub(crate) fn state_at_step(&self, step: usize) -> Option<usize> {
        let mut step = step;
        for _ in 0..=self.list.len() {
            if self.list[step].kind.is_state() {
                return Some(step);
            }
            step = self.step_at(self.list[step].next)?;
        }
        None // jumps in a circle
    }

    pub(crate) fn start(&self) -> Label {
        START
    }
}

/// The steps of a flow.
pub(crate) fn lower(flow: &Flow) -> Steps<'_> {
    let mut lowering = Lowering {
        steps: Steps {
            list: Vec::new(),
            labels: vec![Target::End, Target::End],
            missing: Vec::new(),
            names: Names::default(),
            end_name: None,
            findings: Vec::new(),
        },
        named: HashMap::new(),
        scope: Shared::new(Scope {
            event: flow.parameter.as_ref().map(|parameter| parameter.name.text.clone()),
            ..Scope::default()
        }),
        nothing: Declarations::default(),
        attempt: None,
        repetition: None,
        edge: Edge::Flow,
        raw: Vec::new(),
        guesses: Guesses::default(),
    };
    if let Some(body) = &flow.body {
        let mut members = ByName::default();
        lowering.announce(body, &mut members);
        Shared::make_mut(&mut lowering.scope).members = members;
        lowering.block(body, START, END);
    }
    lowering.finish()
}

struct Lowering<'t> {
    steps: Steps<'t>,
    /// The labels that statements have.
    named: HashMap<Text, (Label, Span)>,
    scope: Shared<Scope>,
    nothing: Declarations,
    /// The `try` around the current place.
    attempt: Option<(ResultTo, Label)>,
    /// The loop around the current place: where it begins again, and what follows it.
    repetition: Option<(Label, Label)>,
    /// The edge around the current place: a body of `for`, which no jump crosses.
    edge: Edge,
    /// The states that stand as JSON: they lead to states by name, and names are known at the end.
    raw: Vec<usize>,
    guesses: Guesses,
}

/// What surrounds the statements that are lowered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edge {
    Flow,
    Iteration,
}

impl<'t> Lowering<'t> {
    /// Collects labels and members, which are known in the whole flow.
    fn announce(&mut self, block: &'t Block, members: &mut ByName<Member>) {
        for statement in &block.statements {
            if let Some(label) = state_name(statement) {
                if let Some((_, first)) = self.named.get(&label.text) {
                    let finding = rules::DUPLICATE_NAME
                        .at(label.span, format!("two statements have the label `{}`", label.text))
                        .label("the second one")
                        .note(*first, "the first one")
                        .help("a label is the name of a state, and those are unique in a flow");
                    self.steps.findings.push(finding);
                } else {
                    let place = self.label();
                    self.named.insert(label.text.clone(), (place, label.span));
                    self.steps.names.take(&label.text);
                }
            }
            if let StatementKind::For { target: Some(target), .. } = &statement.kind {
                note_member(target, members);
            }
            if let StatementKind::Let { target, value, .. } = &statement.kind
                && !may_name_path(target, value)
            {
                note_member(target, members);
            }
            if let Some(catch) = statement.catch() {
                note_member(&catch.target, members);
            }
            let skipped = match &statement.kind {
                // The body of a `for` has members and labels of its own.
                StatementKind::For { .. } => 1,
                _ => 0,
            };
            for block in statement.blocks().into_iter().skip(skipped) {
                self.announce(block, members);
            }
        }
    }

    fn label(&mut self) -> Label {
        self.steps.labels.push(Target::End);
        Label(self.steps.labels.len() - 1)
    }

    fn lead(&mut self, label: Label, to: Target) {
        self.steps.labels[label.0] = to;
    }

    fn block(&mut self, block: &'t Block, entry: Label, after: Label) {
        let outer = self.scope.clone();
        let mut entry = entry;
        let mut before = None;
        for statement in &block.statements {
            let next = self.label();
            self.statement(statement, entry, next, before, block.span);
            entry = next;
            before = Some(statement.span);
        }
        self.end_of_block(block, entry, after);
        self.scope = outer;
    }

    /// A step at the closing brace that does nothing: what can be read there is what can be read in a new statement.
    fn end_of_block(&mut self, block: &'t Block, entry: Label, after: Label) {
        self.lead(entry, Target::Step(self.steps.list.len()));
        let brace = Span::empty(block.span.end());
        self.steps.list.push(Step {
            name: Text::default(),
            name_span: brace,
            documentation: &NO_DOCUMENTATION,
            kind: StepKind::Nothing,
            next: after,
            catch: None,
            scope: self.scope.clone(),
            span: brace,
            after: None,
            block: block.span,
            extra: None,
        });
    }

    fn statement(&mut self, statement: &'t Statement, entry: Label, next: Label, after: Option<Span>, block: Span) {
        self.lead(entry, Target::Step(self.steps.list.len()));
        if let Some(label) = state_name(statement)
            && let Some((place, _)) = self.named.get(&label.text).copied()
        {
            self.lead(place, Target::Same(entry));
        }
        let mut step = Step {
            name: Text::default(),
            name_span: state_name(statement).map_or_else(|| Span::empty(statement.span.start()), |label| label.span),
            documentation: &statement.documentation,
            kind: StepKind::Nothing,
            next,
            catch: self.attempt.clone(),
            scope: self.scope.clone(),
            span: statement.span,
            after,
            block,
            extra: None,
        };
        let mut blocks: Vec<(&'t Block, Label)> = Vec::new();
        match &statement.kind {
            StatementKind::Let { target: LetTarget::Root(_) | LetTarget::Ignored(_), value, .. }
                if value.kind == ExpressionKind::Root =>
            {
                let StatementKind::Let { target, .. } = &statement.kind else { return };
                step.kind = StepKind::Same { result: self.result(target) };
            }
            StatementKind::Let { target, kind, value, catch } => {
                if let Some(name) = self.name_for_path(target, value) {
                    step.kind = StepKind::Alias { value, kind: kind.as_ref() };
                    self.alias(name, kind.as_ref(), value);
                } else {
                    let result = self.result(target);
                    step.kind = self.value(value, result, kind.as_ref());
                }
                self.catch(catch.as_ref(), &mut step, &mut blocks);
            }
            StatementKind::Expression { value, catch } => {
                step.kind = match &value.kind {
                    ExpressionKind::Call { .. } | ExpressionKind::Request(_) => {
                        self.value(value, ResultTo::Scratch, None)
                    }
                    ExpressionKind::Error => StepKind::Nothing,
                    _ => {
                        self.no_effect(value);
                        StepKind::Nothing
                    }
                };
                self.catch(catch.as_ref(), &mut step, &mut blocks);
            }
            StatementKind::If { arms, otherwise } => {
                let arms = arms.iter().map(|arm| (Test::Holds(&arm.condition), &arm.block));
                step.kind = self.choice(arms, otherwise.as_ref(), next, &mut blocks);
            }
            StatementKind::Match { value, cases, otherwise } => {
                self.cases_given_twice(cases);
                let arms = cases.iter().map(|case| (Test::IsOneOf(value, &case.values), &case.block));
                step.kind = self.choice(arms, otherwise.as_ref(), next, &mut blocks);
            }
            StatementKind::While { condition, body } => {
                let inside = self.label();
                if condition.kind == ExpressionKind::Bool(true) {
                    // Nothing is to be decided: the way goes round.
                    step.next = inside;
                } else {
                    let arms = vec![(Test::Holds(condition), inside)];
                    step.kind = StepKind::Choice { arms, otherwise: next, has_else: false };
                }
                step.extra = statement.extra.as_ref();
                step.name = self.name(&step, statement.label.as_ref());
                self.steps.list.push(step);
                let outer = self.repetition.replace((entry, next));
                self.block(body, inside, entry);
                self.repetition = outer;
                return;
            }
            StatementKind::For { target, item, list, body, catch } => {
                let result = target.as_ref().map_or(ResultTo::Scratch, |target| self.result(target));
                let (pairing, body) = self.iteration(item.as_ref(), body);
                step.kind = StepKind::Map { list, pairing, body: Box::new(body), result };
                self.catch(catch.as_ref(), &mut step, &mut blocks);
            }
            StatementKind::Yield { value } => {
                if self.edge == Edge::Flow {
                    self.outside_of_loop(statement, "yield");
                }
                step.kind = StepKind::Value { value, result: ResultTo::Root, kind: None };
                if self.edge != Edge::Flow {
                    step.next = END;
                }
            }
            StatementKind::Break | StatementKind::Continue => {
                let word = if statement.kind == StatementKind::Break { "break" } else { "continue" };
                if self.repetition.is_none() && self.edge == Edge::Iteration {
                    self.name_end(statement);
                }
                step.next = match (self.repetition, &statement.kind) {
                    (Some((begin, _)), StatementKind::Continue) => begin,
                    (Some((_, end)), _) => end,
                    (None, StatementKind::Continue) if self.edge == Edge::Iteration => END,
                    (None, _) => {
                        self.outside_of_loop(statement, word);
                        next
                    }
                };
            }
            StatementKind::Try { body, catch } => {
                let inside = self.label();
                step.next = inside;
                self.steps.list.push(step);
                let caught = catch.as_ref().map(|catch| {
                    let entry = self.label();
                    (self.result_of_catch(catch), entry)
                });
                let outer = match &caught {
                    Some(caught) => self.attempt.replace(caught.clone()),
                    None => {
                        self.steps.findings.push(
                            rules::INCOMPLETE
                                .at(
                                    Span::at(statement.span.start(), text_size::TextSize::of("try")),
                                    "a `try` without a `catch`",
                                )
                                .label("what should happen when it fails?")
                                .help("add `catch err { … }` behind the block"),
                        );
                        self.attempt.clone()
                    }
                };
                if catch.is_some() {
                    self.needless_try(statement, body);
                }
                self.block(body, inside, next);
                self.attempt = outer;
                if let (Some(catch), Some((_, entry))) = (catch, caught) {
                    self.block(&catch.block, entry, next);
                }
                return;
            }
            StatementKind::Succeed { message } => step.kind = StepKind::Succeed { message: message.as_ref() },
            StatementKind::Fail { error, cause } => {
                step.kind = StepKind::Fail { error: error.as_ref(), cause: cause.as_ref() }
            }
            StatementKind::Wait { delay } => step.kind = StepKind::Wait { delay },
            StatementKind::Return => {
                if self.edge == Edge::Iteration {
                    self.outside_of_loop(statement, "return");
                }
                self.name_end(statement);
                step.next = END;
            }
            StatementKind::Goto { label } => {
                if let Some(label) = label {
                    step.next = self.named_label(label);
                }
            }
            StatementKind::Raw { json, .. } => {
                self.raw.push(self.steps.list.len());
                step.kind = StepKind::Raw { json, ways: Vec::new() };
            }
            StatementKind::Error => {}
        }
        if let Some(extra) = statement.extra.as_ref().filter(|_| !step.kind.is_state()) {
            self.steps.findings.push(
                rules::NO_EFFECT
                    .at(extra.span, "this statement makes no state")
                    .label("there is nothing to add it to")
                    .help("put it behind the statement whose state has it"),
            );
        }
        step.extra = statement.extra.as_ref();
        step.name = self.name(&step, state_name(statement).as_ref());
        self.steps.list.push(step);
        for (block, entry) in blocks {
            self.block(block, entry, next);
        }
    }

    /// The steps, with the ways out of the states that stand as JSON.
    fn finish(mut self) -> Steps<'t> {
        let mut states: IndexMap<Text, usize> = IndexMap::new();
        if !self.raw.is_empty() {
            for (position, step) in self.steps.list.iter().enumerate().filter(|(_, step)| step.kind.is_state()) {
                states.entry(step.name.clone()).or_insert(position);
            }
        }
        for position in std::mem::take(&mut self.raw) {
            let StepKind::Raw { json, .. } = self.steps.list[position].kind else { continue };
            let mut ways = Vec::new();
            for target in raw_targets(json) {
                if let Some(step) = self.state_named(&target, &states) {
                    let way = self.label();
                    self.lead(way, Target::Step(step));
                    ways.push(way);
                }
            }
            self.steps.list[position].kind = StepKind::Raw { json, ways };
        }
        self.circles();
        self.steps
    }

    /// Ways that come back to where they began without a state on them.
    fn circles(&mut self) {
        let steps = &self.steps;
        // The number of the walk that came by each step first.
        let mut walked = vec![None; steps.list.len()];
        let mut found = Vec::new();
        for start in 0..steps.list.len() {
            let mut at = Some(start);
            while let Some(step) = at.filter(|step| walked[*step].is_none() && !steps.list[*step].kind.is_state()) {
                walked[step] = Some(start);
                at = steps.step_at(steps.list[step].next);
            }
            // The walk has met itself.
            found.extend(at.filter(|step| walked[*step] == Some(start) && !steps.list[*step].kind.is_state()));
        }
        for step in found {
            let Step { name_span: name, span: whole, .. } = self.steps.list[step];
            let finding = rules::NO_EFFECT
                .at(if name.is_empty() { whole } else { name }, "this goes round and does nothing")
                .label("no state stands in this circle, so there is nothing that could run")
                .help("do something in it, such as `wait 5s`, or remove it");
            self.steps.findings.push(finding);
        }
    }

    /// The step whose state is called so, or which was most likely meant.
    fn state_named(&mut self, target: &Placed<String>, states: &IndexMap<Text, usize>) -> Option<usize> {
        let position = |name: &str| {
            let values = names::without_values(name).and_then(|name| states.get(name));
            states.get(name).or(values).copied()
        };
        if let Some(step) = position(target) {
            return Some(step);
        }
        let near = self.guesses.nearest(target, states.keys().map(Text::as_str));
        let meant = near.and_then(position);
        let near = near.map(|near| format!("\"{near}\""));
        let finding = rules::UNKNOWN_LABEL
            .at(target.span, format!("no state is called `{}`", target.value))
            .label("leads nowhere")
            .help(format!("write `{}:` in front of the statement to go to", target.value))
            .did_you_mean(target.span, near.as_deref());
        self.steps.findings.push(finding);
        meant
    }

    fn catch(&mut self, catch: Option<&'t Catch>, step: &mut Step<'t>, blocks: &mut Vec<(&'t Block, Label)>) {
        let Some(catch) = catch else { return };
        let kind = &step.kind;
        if !matches!(
            kind,
            StepKind::Call { .. } | StepKind::Request { .. } | StepKind::Jq { .. } | StepKind::Map { .. }
        ) {
            self.steps.findings.push(
                rules::NO_EFFECT
                    .at(catch.span, "nothing here can fail in a way that `catch` sees")
                    .label("only calls and jq can be caught")
                    .help("remove the `catch`"),
            );
        }
        let result = self.result_of_catch(catch);
        let entry = self.label();
        step.catch = Some((result, entry));
        blocks.push((&catch.block, entry));
    }

    /// A Choice, and the blocks that its arms lead to.
    fn choice(
        &mut self,
        arms: impl Iterator<Item = (Test<'t>, &'t Block)>,
        otherwise: Option<&'t Block>,
        next: Label,
        blocks: &mut Vec<(&'t Block, Label)>,
    ) -> StepKind<'t> {
        let mut lead_to = |block| {
            let entry = self.label();
            blocks.push((block, entry));
            entry
        };
        let arms = arms.map(|(test, block)| (test, lead_to(block))).collect();
        let has_else = otherwise.is_some();
        let otherwise = otherwise.map_or(next, lead_to);
        StepKind::Choice { arms, otherwise, has_else }
    }

    fn result_of_catch(&mut self, catch: &Catch) -> ResultTo {
        match &catch.target {
            LetTarget::Missing(_) => ResultTo::Scratch,
            target => self.result(target),
        }
    }

    /// The label of a statement that only ends the machine is the name of the state that this may take.
    fn name_end(&mut self, statement: &Statement) {
        if let Some(label) = &statement.label {
            self.steps.end_name.get_or_insert_with(|| label.text.clone());
        }
    }

    /// Notes a jump that would leave what it stands in.
    fn outside_of_loop(&mut self, statement: &Statement, word: &str) {
        let (headline, help) = match (self.edge, word) {
            (Edge::Iteration, _) => (
                format!("`{word}` does not leave the body of a `for`"),
                "`continue` ends this iteration, `fail` the whole loop".to_owned(),
            ),
            (Edge::Flow, "yield") => ("`yield` stands in no `for`".to_owned(), "`let x = …` keeps a value".to_owned()),
            (Edge::Flow, _) => (format!("`{word}` stands in no loop"), "`return` ends the flow".to_owned()),
        };
        self.steps.findings.push(
            rules::OUTSIDE_OF_LOOP.at(statement.span, headline).label("there is nothing it could leave").help(help),
        );
    }

    /// The body of a `for`: a machine of its own, that sees its item and what it names of its surroundings.
    fn iteration(&mut self, item: Option<&Name>, body: &'t Block) -> (Pairing, Steps<'t>) {
        let mut own = ByName::default();
        let mut inner = Lowering {
            steps: Steps {
                list: Vec::new(),
                labels: vec![Target::End, Target::End],
                missing: Vec::new(),
                names: std::mem::take(&mut self.steps.names),
                end_name: None,
                findings: Vec::new(),
            },
            named: HashMap::new(),
            scope: Shared::default(),
            nothing: Declarations::default(),
            attempt: None,
            repetition: None,
            edge: Edge::Iteration,
            raw: Vec::new(),
            guesses: Guesses::default(),
        };
        inner.announce(body, &mut own);
        let pairing = match item {
            None => Pairing::Item,
            Some(item) => {
                let mut used = IndexSet::new();
                names_in(body, &mut used);
                let mut captured: Vec<(Text, Path)> = Vec::new();
                for name in used {
                    let is_own = name == item.text || own.get(&name).is_some();
                    if !is_own && self.scope.named(&name).is_some() {
                        let value = Expression { kind: ExpressionKind::Name(name.clone()), span: item.span };
                        captured.extend(self.path(&value).map(|path| (name, path)));
                    }
                }
                let given = |name: &Text| Member { name: name.clone(), span: Span::empty(item.span.start()) };
                own.set(given(&item.text));
                captured.iter().for_each(|(name, _)| own.set(given(name)));
                Pairing::Record { item: item.text.clone(), captured }
            }
        };
        inner.scope = Shared::new(Scope { event: None, members: own, aliases: ByName::default() });
        inner.block(body, START, END);
        let mut body = inner.finish();
        self.steps.names = std::mem::take(&mut body.names);
        self.steps.findings.append(&mut body.findings);
        (pairing, body)
    }

    /// What a value on the right of `let`, or on its own, becomes.
    fn value(&mut self, value: &'t Expression, result: ResultTo, kind: Option<&'t TypeExpression>) -> StepKind<'t> {
        match &value.kind {
            ExpressionKind::Call { callee, arguments, brackets } => match callee_name(callee) {
                Some(name) if functions::function(&name.text).is_some() && result != ResultTo::Scratch => {
                    StepKind::Value { value, result, kind }
                }
                Some(callee) => StepKind::Call { callee, arguments, brackets: *brackets, result, kind },
                None => {
                    let finding = rules::UNKNOWN_ACTION
                        .at(callee.span, "this cannot be called")
                        .label("not the name of an action");
                    self.steps.findings.push(finding);
                    StepKind::Nothing
                }
            },
            ExpressionKind::Jq { data, program } => StepKind::Jq { data: data.as_deref(), program, result, kind },
            ExpressionKind::Request(action) => StepKind::Request { action, result, kind },
            _ => StepKind::Value { value, result, kind },
        }
    }

    /// The name that a `let` gives a path. A name that statements set is set here too: the value is copied.
    fn name_for_path<'n>(&self, target: &'n LetTarget, value: &Expression) -> Option<&'n Name> {
        let LetTarget::Member { root, .. } = target else { return None };
        let is_set = self.scope.members.get(&root.text).is_some_and(|member| !member.span.is_empty());
        (may_name_path(target, value) && !is_set).then_some(root)
    }

    fn alias(&mut self, name: &Name, kind: Option<&TypeExpression>, value: &Expression) {
        let path = self.path(value).unwrap_or_default();
        // A written type is looked up where the names of types are known.
        let kind = kind.map(|_| Type::Any);
        Shared::make_mut(&mut self.scope).aliases.set_last(Alias { name: name.text.clone(), path, kind });
    }

    fn path(&self, expression: &Expression) -> Option<Path> {
        let mut reader = Reader::new(&self.nothing, &Type::Any, &self.scope);
        reader.path(expression).map(|read| read.path)
    }

    fn result(&mut self, target: &LetTarget) -> ResultTo {
        match target {
            LetTarget::Member { root, rest } => {
                self.check_bindable(root);
                ResultTo::Member(std::iter::once(root).chain(rest).map(|name| name.text.clone()).collect())
            }
            LetTarget::Root(_) => ResultTo::Root,
            LetTarget::Ignored(_) => ResultTo::Unsaid,
            LetTarget::Missing(_) => ResultTo::Scratch,
        }
    }

    fn check_bindable(&mut self, name: &Name) {
        let is_event = self.scope.event.as_deref() == Some(&name.text);
        let reason = platform::why_not_a_member(&name.text).or(is_event.then_some("it is the name of the event"));
        let Some(reason) = reason else { return };
        self.steps.findings.push(
            rules::RESERVED_NAME
                .at(name.span, format!("`{}` cannot be set", name.text))
                .label(reason)
                .help(format!("choose another name, such as `{}_value`", name.text.trim_start_matches("zisc_"))),
        );
    }

    fn cases_given_twice(&mut self, cases: &[Case]) {
        let mut known: Vec<(Value, Span)> = Vec::new();
        for case in cases.iter().flat_map(|case| &case.values) {
            let Some(value) = constant(case) else { continue };
            match known.iter().find(|(other, _)| *other == value) {
                Some((_, first)) => self.steps.findings.push(
                    rules::UNREACHABLE
                        .at(case.span, "this case is never reached")
                        .label("the second of two cases for one value")
                        .note(*first, "this one is taken")
                        .help("remove one of them"),
                ),
                None => known.push((value, case.span)),
            }
        }
    }

    fn named_label(&mut self, label: &Name) -> Label {
        if let Some((place, _)) = self.named.get(&label.text) {
            return *place;
        }
        let near = self.guesses.nearest(&label.text, self.named.keys().map(Text::as_str)).map(Text::new);
        let finding = rules::UNKNOWN_LABEL
            .at(label.span, format!("no statement has the label `{}`", label.text))
            .label("no such label")
            .help(match self.edge {
                Edge::Iteration => format!("`goto` does not leave the body of a `for`; in it, write `{}:`", label.text),
                Edge::Flow => format!("write `{}:` in front of the statement to go to", label.text),
            })
            .did_you_mean(label.span, near.as_deref());
        self.steps.findings.push(finding);
        // To go where it was most likely meant to keeps the statement there reachable.
        if let Some((place, _)) = near.and_then(|near| self.named.get(&near)) {
            return *place;
        }
        let place = self.label();
        self.lead(place, Target::Missing(self.steps.missing.len()));
        self.steps.missing.push(label.clone());
        place
    }

    /// A `try` around nothing that the platform could catch.
    fn needless_try(&mut self, statement: &Statement, body: &Block) {
        let mut blocks = vec![body];
        let mut has_fail = None;
        while let Some(block) = blocks.pop() {
            for inner in &block.statements {
                match &inner.kind {
                    StatementKind::Fail { .. } => has_fail = Some(inner.span),
                    StatementKind::Succeed { .. } | StatementKind::Wait { .. } | StatementKind::Return => {}
                    StatementKind::If { .. } | StatementKind::Let { .. } => {}
                    _ => return,
                }
                if inner.expressions().into_iter().any(|value| !is_in_place(value)) {
                    return;
                }
                blocks.extend(inner.blocks());
            }
        }
        if body.statements.is_empty() {
            return;
        }
        let word = Span::at(statement.span.start(), text_size::TextSize::of("try"));
        let finding = rules::NO_EFFECT.at(word, "nothing in this `try` can fail in a way that `catch` sees");
        let finding = match has_fail {
            Some(fail) => finding
                .label("`catch` is for calls and jq")
                .note(fail, "`fail` ends the flow, whatever stands around it"),
            None => finding.label("only calls and jq can be caught"),
        };
        self.steps.findings.push(finding.help("write the statements without `try`"));
    }

    fn no_effect(&mut self, value: &Expression) {
        let finding = rules::NO_EFFECT.at(value.span, "this value is not used").label("does nothing");
        let finding = match value.dotted() {
            Some(name) => finding.help(format!(
                "give it a name with `let x = {}`; an action is called with `{}(…)`",
                name.text, name.text
            )),
            None => finding.help("give it a name with `let x = …`, or remove it"),
        };
        self.steps.findings.push(finding);
    }

    fn name(&mut self, step: &Step<'t>, label: Option<&Name>) -> Text {
        if let Some(label) = label {
            return label.text.clone();
        }
        match wanted_name(&step.kind) {
            Some(wanted) => self.steps.names.free(&wanted),
            None => Text::default(),
        }
    }
}

/// Whether the platform needs no jq for a value, whatever the data is.
fn is_in_place(value: &Expression) -> bool {
    let is_plain = match &value.kind {
        ExpressionKind::Call { .. } | ExpressionKind::Jq { .. } | ExpressionKind::Comprehension { .. } => false,
        ExpressionKind::Conditional { .. } | ExpressionKind::Request(_) | ExpressionKind::Error => false,
        ExpressionKind::Binary { operator, .. } => !matches!(
            operator,
            BinaryOperator::Add
                | BinaryOperator::Subtract
                | BinaryOperator::Multiply
                | BinaryOperator::Divide
                | BinaryOperator::Remainder
                | BinaryOperator::Default
                | BinaryOperator::In
        ),
        _ => true,
    };
    is_plain && value.parts().into_iter().all(is_in_place)
}

/// Whether a `let` gives a path a name and makes no state, where no other statement sets that name.
pub(crate) fn may_name_path(target: &LetTarget, value: &Expression) -> bool {
    matches!(target, LetTarget::Member { rest, .. } if rest.is_empty()) && is_path(value)
}

fn is_path(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Name(_) | ExpressionKind::Root => true,
        ExpressionKind::Field { base, .. } | ExpressionKind::Present(base) => is_path(base),
        ExpressionKind::Index { base, index } => {
            is_path(base) && matches!(index.kind, ExpressionKind::Number(_) | ExpressionKind::Text(_))
        }
        _ => false,
    }
}

/// What a step without a label is called, where nothing else is called so.
pub(crate) fn wanted_name(kind: &StepKind<'_>) -> Option<String> {
    let bound = |result: &ResultTo| match result {
        ResultTo::Member(path) => path.iter().map(|name| names::camel(name)).collect(),
        ResultTo::Root => "Data".to_owned(),
        ResultTo::Unsaid | ResultTo::Scratch => "Value".to_owned(),
    };
    Some(match kind {
        StepKind::Nothing | StepKind::Alias { .. } => return None,
        StepKind::Raw { .. } => "Raw".to_owned(),
        StepKind::Call { callee, .. } => names::camel(&callee.text),
        StepKind::Request { .. } => "Request".to_owned(),
        StepKind::Jq { result, .. } | StepKind::Value { result, .. } | StepKind::Same { result } => bound(result),
        StepKind::Choice { arms, .. } => match arms.first() {
            Some((Test::Holds(condition), _)) => names::of_condition(condition),
            Some((Test::IsOneOf(value, _), _)) => names::of_condition(value),
            None => "If".to_owned(),
        },
        StepKind::Map { list, .. } => names::of_list(list),
        StepKind::Succeed { .. } => "Succeed".to_owned(),
        StepKind::Fail { .. } => "Fail".to_owned(),
        StepKind::Wait { delay } => names::of_wait(delay),
    })
}

/// The name that a statement gives its state.
fn state_name(statement: &Statement) -> Option<Name> {
    match &statement.kind {
        StatementKind::Raw { name, .. } => name.as_ref().map(|name| Name { text: name.text.clone(), span: name.span }),
        _ => statement.label.clone(),
    }
}

/// The states that a state leads to which stands as JSON.
fn raw_targets(json: &Expression) -> Vec<Placed<String>> {
    let json = Json::new(constant(json).unwrap_or_default(), json.span);
    State::raw(Placed::default(), &json).kind.targets().into_iter().filter(|name| !name.is_empty()).cloned().collect()
}

/// Adds the member that a binding sets.
fn note_member(target: &LetTarget, members: &mut ByName<Member>) {
    if let LetTarget::Member { root, .. } = target
        && members.get(&root.text).is_none()
    {
        members.set(Member { name: root.text.clone(), span: root.span });
    }
}

/// The names that stand at the beginning of a value in a block, each once.
fn names_in(block: &Block, names: &mut IndexSet<Text>) {
    fn in_expression(expression: &Expression, names: &mut IndexSet<Text>) {
        match &expression.kind {
            ExpressionKind::Name(name) => drop(names.insert(name.clone())),
            ExpressionKind::Record(members) => {
                for member in members {
                    if let RecordMember::Short(name) = member {
                        names.insert(name.text.clone());
                    }
                }
            }
            _ => {}
        }
        expression.parts().into_iter().for_each(|part| in_expression(part, names));
    }
    for statement in &block.statements {
        statement.expressions().into_iter().for_each(|expression| in_expression(expression, names));
        statement.blocks().into_iter().for_each(|block| names_in(block, names));
    }
}

/// What a call names: `slack.post`, or the full name of an action in quotes.
fn callee_name(callee: &Expression) -> Option<Name> {
    match &callee.kind {
        ExpressionKind::Text(parts) => match parts.as_slice() {
            [TextPart::Text(text)] => Some(Name { text: text.text.clone(), span: callee.span }),
            _ => None,
        },
        _ => callee.dotted(),
    }
}
