//! Steps as states, checked against the data that each sees.

use super::call::{call, request};
use super::compute::{Program, program_of};
use super::condition::narrow_test;
use super::data::{flow_through, iteration_data};
use super::gap::Ways;
use super::names::values_name;
use super::reader::Reader;
use super::steps::{Label, Pairing, ResultTo, SCRATCH, Step, StepKind, Steps, Test};
use super::template::{self, Setting};
use super::transform::{computed, transform};
use super::{Analysis, Context, Place};
use crate::finding::Finding;
use crate::platform::LONGEST_RUN;
use crate::types::Type;
use crate::{Shared, rules};
use std::collections::HashSet;
use zisc_bundle::json::{Json, Member, Value};
use zisc_bundle::{Catcher, Condition, Delay, Machine, Path, Placed, Rule, Span, State, StateKind, Transition};
use zisc_syntax::tree::{Expression, ExpressionKind, Flow, TextPart, UnaryOperator};

/// The states of a flow.
pub(crate) fn emit(flow: &Flow, steps: &Steps<'_>, start: &Type, context: &Context<'_>) -> Analysis {
    let mut analysis = Analysis { findings: steps.findings.clone(), ..Analysis::default() };
    let name_span = flow.name.as_ref().map_or_else(Span::default, |name| name.span);
    analysis.machine = Shared::new(machine(steps, start, ("Done", name_span), context, &mut analysis));
    analysis
}

/// The states of a flow, or of an iteration of a Map.
fn machine(
    steps: &Steps<'_>,
    start: &Type,
    (end_name, name_span): (&str, Span),
    context: &Context<'_>,
    analysis: &mut Analysis,
) -> Machine {
    let data = flow_through(steps, start, context);
    let mut drafts = Vec::new();
    let mut silent_until = Span::default();
    for (here, step) in steps.list.iter().enumerate() {
        let ways = Ways { steps, data: &data.before, context, here };
        let data = &data.before[here];
        if data.is_none()
            && !silent_until.contains_range(step.span)
            && let Some(finding) = unreachable(step)
        {
            analysis.findings.push(finding);
            silent_until = step.block;
        }
        let data = data.clone().unwrap_or_default();
        drafts.push(draft(step, &data, ways, analysis));
        analysis.places.push(Place { span: step.span, block: step.block, data, scope: step.scope.clone() });
    }
    let mut emitter = Emitter { steps, drafts: &drafts, end_name, needs_end: None, states: Vec::new() };
    let mut machine = Machine::default();
    if let Some(start) = emitter.target(steps.start(), name_span) {
        machine.start_at = start;
    }
    for (step, draft) in steps.list.iter().zip(&drafts) {
        emitter.step(step, draft);
    }
    emitter.end_state();
    once(&mut analysis.findings);
    for state in emitter.states {
        machine.states.entry(state.name.value.clone()).or_insert(state);
    }
    machine
}

/// The same is not told twice of one place. A name that is not there is told of where it is read first: mended there, it
/// is mended everywhere. One that looks misspelt is told of at each place.
fn once(findings: &mut Vec<Finding>) {
    let mut told = HashSet::new();
    findings.retain(|finding| {
        let about_a_name = *finding.rule == rules::UNKNOWN_NAME || *finding.rule == rules::NOT_SET;
        let place = (!about_a_name || finding.fix.is_some()).then_some(finding.span);
        told.insert((finding.rule.code, place, finding.headline.clone()))
    });
}

fn unreachable(step: &Step<'_>) -> Option<Finding> {
    let before = step.after?;
    Some(
        rules::UNREACHABLE
            .at(step.span, "this statement is never reached")
            .label("no way leads here")
            .note(before, "every way ends or leaves here")
            .help("remove it, move it in front, or lead a way here with `goto`"),
    )
}

/// A step on its way to a state: what it does is known, where it leads is not.
enum Draft {
    /// It makes no state.
    Nothing,
    /// One state, and the values that a jq state in front of it computes.
    State { values: Option<Program>, kind: Box<StateKind> },
    /// Choices, each leading to the next where it does not decide.
    Choices(Vec<ChoiceDraft>),
}

/// One Choice of a step.
#[derive(Default)]
struct ChoiceDraft {
    values: Option<Program>,
    rules: Vec<(Condition, Goal, Span)>,
    /// Where to go when no rule is true.
    default: Goal,
}

/// Where a rule of a Choice leads.
#[derive(Clone, Copy, Default)]
enum Goal {
    /// To the next Choice of the same step.
    #[default]
    NextChoice,
    Label(Label),
}

fn draft(step: &Step<'_>, data: &Type, ways: Ways<'_>, analysis: &mut Analysis) -> Draft {
    let context = ways.context;
    let mut reader = Reader::new(context.declarations, data, &step.scope);
    reader.ways = Some(ways);
    let kind = match &step.kind {
        StepKind::Nothing => None,
        StepKind::Alias { value, kind } => {
            let read = reader.path(value);
            if let (Some(read), Some(wanted)) = (read, kind) {
                let wanted = context.declarations.resolve(wanted);
                // What may be of the type is trusted to be.
                if !read.kind.overlaps(&wanted) {
                    reader.expect(value, &read.kind, &wanted);
                }
            }
            None
        }
        StepKind::Call { callee, arguments, brackets, .. } => {
            Some(call(&mut reader, callee, arguments, *brackets, context))
        }
        StepKind::Request { action, .. } => Some(request(&mut reader, action, context)),
        StepKind::Jq { data, program, kind, .. } => Some(transform(&mut reader, *data, program, *kind)),
        StepKind::Value { value, kind, .. } => {
            let wanted = kind.map_or(Type::Any, |kind| context.declarations.resolve(kind));
            Some(value_of(&mut reader, value, &wanted))
        }
        StepKind::Map { list, pairing, body, .. } => {
            let start = iteration_data(&mut reader, list, pairing);
            let items_path = items(&mut reader, list, pairing);
            let end_name = format!("{}.Done", step.name);
            let iterator = machine(body, &start, (&end_name, step.span), context, analysis);
            Some(StateKind::Map {
                items_path,
                iterator,
                result_path: None,
                catch: Vec::new(),
                then: Transition::Missing,
            })
        }
        StepKind::Same { .. } => Some(StateKind::Pass { result: None, result_path: None, then: Transition::Missing }),
        StepKind::Succeed { message } => {
            Some(StateKind::Succeed { message: message.map(|message| reader.message(message, "message")) })
        }
        StepKind::Fail { error, cause } => Some(fail(&mut reader, *error, *cause, step.span)),
        StepKind::Wait { delay } => {
            Some(StateKind::Wait { delay: wait(&mut reader, delay), then: Transition::Missing })
        }
        StepKind::Raw { json, .. } => Some(StateKind::Unknown(kept(json, &mut reader.findings))),
        StepKind::Choice { arms, otherwise, has_else } => {
            let choices = choices(&mut reader, arms, *otherwise, *has_else);
            analysis.findings.append(&mut reader.findings);
            return Draft::Choices(choices);
        }
    };
    if let Some(extra) = step.extra {
        kept(extra, &mut reader.findings);
    }
    analysis.findings.append(&mut reader.findings);
    match kind {
        Some(kind) => Draft::State { values: program_of(&reader.lifted, data), kind: Box::new(kind) },
        None => Draft::Nothing,
    }
}

/// The path of what a Map goes through: the list itself, or pairs of its items and what the body uses besides.
fn items(reader: &mut Reader<'_>, list: &Expression, pairing: &Pairing) -> Placed<String> {
    let path = match (pairing, reader.path(list)) {
        (Pairing::Item, Some(read)) => {
            reader.must_be_there(&read, list);
            reader.expect(list, &read.kind, &Type::Array(Shared::new(Type::Any)));
            scalar_items(reader, list, &read.kind);
            read.path
        }
        (Pairing::Item, None) => {
            let value = reader.compute(list);
            let kind = value.kind().clone();
            reader.expect(list, &kind, &Type::Array(Shared::new(Type::Any)));
            scalar_items(reader, list, &kind);
            reader.lift(value, "items")
        }
        (Pairing::Record { item, captured }, _) => {
            let pairs = reader.compute_pairs(list, item, captured);
            reader.lift(pairs, "items")
        }
    };
    Placed::new(path.to_string(), list.span)
}

/// Notes a list of plain values: the platform goes through objects only.
fn scalar_items(reader: &mut Reader<'_>, list: &Expression, kind: &Type) {
    let Some(item) = kind.item() else { return };
    let object = Type::Map(Shared::new(Type::Any));
    if item != Type::Any && !item.alternatives().iter().any(|kind| kind.fits(&object)) {
        reader.findings.push(
            rules::WRONG_TYPE
                .at(list.span, "the platform goes through lists of records only")
                .label(format!("of type {kind}"))
                .help("give the item a name: `for item in …` wraps each into a record"),
        );
    }
}

/// The conditions of an `if` as Choices: one, unless a condition is computed, or answers "no" before all are asked.
fn choices(reader: &mut Reader<'_>, arms: &[(Test<'_>, Label)], otherwise: Label, has_else: bool) -> Vec<ChoiceDraft> {
    let guard = arms.len() == 1 && !has_else;
    let mut choices: Vec<ChoiceDraft> = Vec::new();
    let mut current = ChoiceDraft::default();
    let mut data = reader.data.clone();
    for (position, (test, then)) in arms.iter().enumerate() {
        let last = position + 1 == arms.len();
        let (decision, values, rest) = reader.with_data(&data, |reader| {
            let decision = reader.decide(*test, guard);
            let values = program_of(&std::mem::take(&mut reader.lifted), reader.data);
            (decision, values, narrow_test(reader, *test, false))
        });
        data = rest;
        if values.is_some() && !current.rules.is_empty() {
            choices.push(std::mem::take(&mut current));
        }
        current.values = values;
        let no = if last { Goal::Label(otherwise) } else { Goal::NextChoice };
        let says_no = decision.otherwise || decision.rules.iter().any(|(_, holds)| !holds);
        let goal = |holds: bool| if holds { Goal::Label(*then) } else { no };
        current.default = goal(decision.otherwise);
        current
            .rules
            .extend(decision.rules.into_iter().map(|(condition, holds)| (condition, goal(holds), test.span())));
        // A rule that answers "no" leads past the conditions after it, so those are asked in a Choice of their own.
        if last || says_no || current.values.is_some() {
            choices.push(std::mem::take(&mut current));
        }
    }
    if !has_else {
        missing_case(reader, arms, &data);
    }
    choices
}

/// Notes where a `match` over a closed type leaves out a value that can occur.
fn missing_case(reader: &mut Reader<'_>, arms: &[(Test<'_>, Label)], rest: &Type) {
    let Some((Test::IsOneOf(value, _), _)) = arms.first() else { return };
    let closed = |kind: &Type| kind.alternatives().iter().all(|kind| matches!(kind, Type::Literal(_) | Type::Null));
    let Some(read) = reader.silently(|reader| reader.path(value)).filter(|read| closed(&read.kind)) else { return };
    let left = reader.with_data(rest, |reader| reader.at(&read.path).kind);
    let cases = arms.iter().filter_map(|(test, _)| match test {
        Test::IsOneOf(_, cases) => Some(*cases),
        Test::Holds(_) => None,
    });
    // A name that does not exist may have been meant for any value.
    let is_known = |case: &Expression| !matches!(case.kind, ExpressionKind::Name(_) | ExpressionKind::Error);
    if !cases.flatten().all(is_known) {
        return;
    }
    let asked: Vec<Type> = arms
        .iter()
        .filter_map(|(test, _)| match test {
            Test::IsOneOf(_, cases) => Some(cases.iter().filter_map(template::constant)),
            Test::Holds(_) => None,
        })
        .flatten()
        .map(|case| match case {
            Value::String(text) => Type::Literal(text.as_str().into()),
            _ => Type::Null,
        })
        .collect();
    let missing: Vec<String> =
        left.alternatives().iter().filter(|kind| !asked.contains(kind)).map(ToString::to_string).collect();
    if !missing.is_empty() {
        reader.findings.push(
            rules::MISSING_CASE
                .at(value.span, format!("this `match` has no case for {}", missing.join(", ")))
                .label(format!("of type {}", read.kind))
                .help("add the cases, or `else { … }` for all others"),
        );
    }
}

struct Emitter<'a, 't> {
    steps: &'a Steps<'t>,
    drafts: &'a [Draft],
    /// How to call the state that ends the machine where no other can say so.
    end_name: &'a str,
    /// Its name, once it is needed.
    needs_end: Option<String>,
    states: Vec<State>,
}

impl<'t> Emitter<'_, 't> {
    fn step(&mut self, step: &Step<'t>, draft: &Draft) {
        match draft {
            Draft::Nothing => {}
            Draft::State { values, kind } => {
                self.values(step, &step.name, values.as_ref());
                self.state(step, StateKind::clone(kind));
            }
            Draft::Choices(choices) => self.choices(step, choices),
        }
    }

    /// The jq state in front of a state, where one is needed.
    fn values(&mut self, step: &Step<'t>, name: &str, values: Option<&Program>) {
        let Some(values) = values else { return };
        let mut kind = computed(values, step.span);
        if let StateKind::Action { result_path, catch, then, .. } = &mut kind {
            let path = Path::default().member(template::VALUES);
            *result_path = Some(Json::string(path.to_string(), step.span));
            *catch = self.catcher(step);
            *then = Transition::Next(Placed::new(name.to_owned(), step.span));
        }
        self.states.push(State {
            name: Placed::new(values_name(name), step.name_span),
            comment: None,
            kind,
            extra: Vec::new(),
            span: step.span,
        });
    }

    /// Adds the state, with the ways out of it.
    fn state(&mut self, step: &Step<'t>, mut kind: StateKind) {
        let next = self.transition(step);
        match &mut kind {
            StateKind::Action { result_path, catch, then, .. } | StateKind::Map { result_path, catch, then, .. } => {
                *result_path = written_result_path(step);
                *catch = self.catcher(step);
                *then = next;
            }
            StateKind::Pass { result_path, then, .. } => {
                *result_path = written_result_path(step);
                *then = next;
            }
            StateKind::Wait { then, .. } => *then = next,
            StateKind::Choice { .. } | StateKind::Succeed { .. } | StateKind::Fail { .. } | StateKind::Unknown(_) => {}
        }
        let name = Placed::new(step.name.to_string(), step.name_span);
        self.states.push(match kind {
            StateKind::Unknown(json) => {
                let documented = comment(step).map(|text| Member::new("Comment", Json::string(text.value, text.span)));
                let comment = Json::new(Value::Object(documented.into_iter().collect()), step.span);
                State { span: step.span, ..State::raw(name, &json.merged(&comment)) }
            }
            kind => State { name, comment: comment(step), kind, extra: Vec::new(), span: step.span },
        });
        self.extra(step);
    }

    /// Adds to the last state what it has beside.
    fn extra(&mut self, step: &Step<'t>) {
        let Some(extra) = step.extra else { return };
        if let Some(state) = self.states.pop() {
            self.states.push(state.with_extra(&kept(extra, &mut Vec::new())));
        }
    }

    fn transition(&self, step: &Step<'t>) -> Transition {
        match self.steps.state_at(step.next) {
            Some(next) => Transition::Next(Placed::new(self.entry(next), step.span)),
            None => match self.steps.missing_at(step.next) {
                Some(label) => Transition::Next(Placed::new(label.text.to_string(), label.span)),
                None => Transition::End,
            },
        }
    }

    fn catcher(&mut self, step: &Step<'t>) -> Vec<Catcher> {
        let Some((result, label)) = &step.catch else { return Vec::new() };
        let Some(next) = self.target(*label, step.span) else { return Vec::new() };
        let all = Json::string("States.ALL", step.span);
        vec![Catcher {
            error_equals: Json::new(Value::Array(vec![all]), step.span),
            next,
            result_path: result_path(result, step.span),
            extra: Vec::new(),
            span: step.span,
        }]
    }

    /// The state at which a step begins: the jq state in front, where there is one.
    fn entry(&self, step: usize) -> String {
        let name = &self.steps.list[step].name;
        let values = match &self.drafts[step] {
            Draft::Nothing => None,
            Draft::State { values, .. } => values.as_ref(),
            Draft::Choices(choices) => choices.first().and_then(|choice| choice.values.as_ref()),
        };
        if values.is_some() { values_name(name) } else { name.to_string() }
    }

    /// The name of the state at which a way arrives. Where that is the end of the flow, a state is made that ends it.
    fn target(&mut self, label: Label, span: Span) -> Option<Placed<String>> {
        if let Some(missing) = self.steps.missing_at(label) {
            return Some(Placed::new(missing.text.to_string(), missing.span));
        }
        let name = match self.steps.state_at(label) {
            Some(step) => self.entry(step),
            None if self.steps.list.iter().all(|step| !step.kind.is_state()) => return None,
            None => self
                .needs_end
                .get_or_insert_with(|| match &self.steps.end_name {
                    Some(name) => name.to_string(),
                    None => self.steps.names.unused(self.end_name),
                })
                .clone(),
        };
        Some(Placed::new(name, span))
    }

    fn end_state(&mut self) {
        if let Some(name) = self.needs_end.take() {
            self.states.push(State {
                name: Placed::new(name, Span::default()),
                comment: None,
                kind: StateKind::Succeed { message: None },
                extra: Vec::new(),
                span: Span::default(),
            });
        }
    }

    fn choices(&mut self, step: &Step<'t>, choices: &[ChoiceDraft]) {
        let mut name = step.name.to_string();
        for (position, choice) in choices.iter().enumerate() {
            let following = format!("{name}.Else");
            let next_entry = match choices.get(position + 1) {
                Some(next) if next.values.is_some() => values_name(&following),
                _ => following.clone(),
            };
            self.values(step, &name, choice.values.as_ref());
            let goal = |emitter: &mut Self, goal: Goal, span: Span| match goal {
                Goal::NextChoice => Some(Placed::new(next_entry.clone(), span)),
                Goal::Label(label) => emitter.target(label, span),
            };
            let mut rules = Vec::new();
            for (condition, to, span) in &choice.rules {
                if let Some(next) = goal(self, *to, *span) {
                    rules.push(Rule { condition: condition.clone(), next, extra: Vec::new(), span: *span });
                }
            }
            let default = goal(self, choice.default, step.span);
            self.states.push(State {
                name: Placed::new(std::mem::replace(&mut name, following), step.name_span),
                comment: if position == 0 { comment(step) } else { None },
                kind: StateKind::Choice { rules, default },
                extra: Vec::new(),
                span: step.span,
            });
            if position == 0 {
                self.extra(step);
            }
        }
    }
}

/// JSON that is kept as it stands, from a record in which all is written out.
pub(crate) fn kept(json: &Expression, findings: &mut Vec<Finding>) -> Json {
    let value = template::constant(json);
    if value.is_none() && !has_hole(json) {
        findings.push(
            rules::NOT_IN_PLACE
                .at(json.span, "this JSON is kept as it stands, and not all of it is written out")
                .label("a name or a computed value is in it")
                .help("write texts, numbers, true, false, null, lists and records of these; a param may stand for one"),
        );
    }
    Json::new(value.unwrap_or_default(), json.span)
}

fn has_hole(expression: &Expression) -> bool {
    expression.kind == ExpressionKind::Error || expression.parts().into_iter().any(has_hole)
}

fn comment(step: &Step<'_>) -> Option<Placed<String>> {
    step.documentation.text().map(|text| Placed::new(text.to_owned(), step.span))
}

fn written_result_path(step: &Step<'_>) -> Option<Json> {
    match &step.kind {
        StepKind::Call { result, .. }
        | StepKind::Request { result, .. }
        | StepKind::Jq { result, .. }
        | StepKind::Value { result, .. }
        | StepKind::Same { result }
        | StepKind::Map { result, .. } => result_path(result, step.span),
        _ => None,
    }
}

fn result_path(result: &ResultTo, span: Span) -> Option<Json> {
    let path = match result {
        ResultTo::Member(names) => names.iter().fold(Path::default(), |path, name| path.member(name.clone())),
        ResultTo::Root => Path::default(),
        ResultTo::Unsaid => return None,
        ResultTo::Scratch => Path::default().member(SCRATCH),
    };
    Some(Json::string(path.to_string(), span))
}

/// The state that puts a value somewhere: a Pass where the platform can fill it in, else jq.
fn value_of(reader: &mut Reader<'_>, value: &Expression, wanted: &Type) -> StateKind {
    let noted = reader.findings.len();
    let templated = reader.template(value, wanted, Setting::State, "value");
    if !templated.dynamic && reader.lifted.is_empty() {
        return StateKind::Pass { result: Some(templated.value), result_path: None, then: Transition::Missing };
    }
    reader.findings.truncate(noted);
    reader.lifted.clear();
    let fragment = reader.compute(value);
    reader.expect(value, &fragment.kind().clone(), wanted);
    computed(&fragment.program(reader.data), value.span)
}

fn fail(reader: &mut Reader<'_>, error: Option<&Expression>, cause: Option<&Expression>, span: Span) -> StateKind {
    let name = match error.map(|error| &error.kind) {
        Some(ExpressionKind::Text(parts)) => match parts.as_slice() {
            [TextPart::Text(text)] => format!("{:?}", text.text.as_str()),
            _ => "\"Name\"".to_owned(),
        },
        _ => "\"Name\"".to_owned(),
    };
    let incomplete = |what: &str| {
        rules::INCOMPLETE
            .at(span, format!("`fail` needs {what}"))
            .label(format!("{what} is missing"))
            .help(format!("write `fail {name}, \"what went wrong\"`: a name for the error, and the text for the log"))
    };
    match (error, cause) {
        (None, _) => reader.findings.push(incomplete("the error's name")),
        (Some(_), None) => reader.findings.push(incomplete("a cause")),
        (Some(_), Some(_)) => {}
    }
    let mut text = |expression: Option<&Expression>, key: &str| {
        expression.map_or_else(Placed::default, |expression| reader.message(expression, key))
    };
    StateKind::Fail { error: text(error, "error"), cause: text(cause, "cause") }
}

fn wait(reader: &mut Reader<'_>, delay: &Expression) -> Delay {
    if let Some(read) = reader.path(delay) {
        reader.must_be_there(&read, delay);
        reader.expect(delay, &read.kind, &Type::Number);
        return Delay::SecondsPath(Placed::new(read.path.to_string(), delay.span));
    }
    let seconds = match &delay.kind {
        ExpressionKind::Duration(text) => seconds(text),
        ExpressionKind::Number(text) => {
            reader.findings.push(
                rules::INVALID_DURATION
                    .at(delay.span, "a duration has a unit")
                    .label("seconds or minutes?")
                    .help(format!("write `{text}s`"))
                    .fix(format!("write `{text}s`"), delay.span, format!("{text}s")),
            );
            text.parse().ok()
        }
        ExpressionKind::Error => None,
        ExpressionKind::Text(parts) => {
            let finding = rules::INVALID_DURATION.at(delay.span, "a duration is not a text").label("a text");
            reader.findings.push(match parts.as_slice() {
                [TextPart::Text(text)] if self::seconds(&text.text).is_some() => finding
                    .help(format!("write `{}`, without quotes", text.text))
                    .fix(format!("write `{}`", text.text), delay.span, text.text.as_str()),
                _ => finding.help("write it like `30s` or `2m`"),
            });
            None
        }
        ExpressionKind::Unary { operator: UnaryOperator::Negate, operand }
            if matches!(operand.kind, ExpressionKind::Duration(_)) =>
        {
            Some(0.0)
        }
        _ => {
            let seconds = reader.compute(delay);
            reader.expect(delay, &seconds.kind().clone(), &Type::Number);
            return Delay::SecondsPath(Placed::new(reader.lift(seconds, "seconds").to_string(), delay.span));
        }
    };
    match seconds {
        Some(seconds) if seconds <= 0.0 => {
            reader.findings.push(
                rules::INVALID_DURATION
                    .at(delay.span, "a wait takes more than no time")
                    .label("not longer than nothing")
                    .help("remove the statement, or wait longer"),
            );
        }
        Some(seconds) if seconds > LONGEST_RUN => {
            reader.findings.push(
                rules::LONG_WAIT
                    .at(delay.span, format!("a flow may run for {LONGEST_RUN} seconds, and this waits longer"))
                    .label(format!("{seconds} seconds: the platform ends the flow before"))
                    .help("wait for a shorter time"),
            );
        }
        _ => {}
    }
    let number = seconds.map_or_else(|| Value::Null, |seconds| Value::Number(seconds.to_string()));
    Delay::Seconds(Json::new(number, delay.span))
}

/// `30s`, `1.5s`, `2m` in seconds.
fn seconds(text: &str) -> Option<f64> {
    let (number, factor) = match text.strip_suffix('m') {
        Some(minutes) => (minutes, 60.0),
        None => (text.strip_suffix('s')?, 1.0),
    };
    Some(number.parse::<f64>().ok()? * factor)
}
