//! Steps as states, checked against the data that each sees.

use super::condition::narrow;
use super::reader::{ReadPath, Reader};
use super::scope::Scope;
use super::steps::{Label, ResultTo, SCRATCH, Step, StepKind, Steps};
use super::template::{Setting, constant};
use super::{Analysis, Context, Place};
use crate::finding::Finding;
use crate::types::Type;
use crate::{ActionSignature, LoadConfig, Shared, jq, rules};
use zisc_bundle::json::{Json, Member, Value};
use zisc_bundle::{
    Catcher, Condition, Delay, Machine, Path, Placed, Reference, Rule, Span, State, StateKind, Step as PathStep,
    Transition, nearest,
};
use zisc_syntax::tree::{Argument, Expression, ExpressionKind, Flow, Name, PlainText, RecordMember, TextPart};

/// The longest a flow may run, in seconds (documentation page "Flow state limitations").
const LONGEST_WAIT: f64 = 100.0;

/// What calls give when the name is no custom action.
enum Callee<'a> {
    Action(&'a ActionSignature),
    Load(&'a crate::Fields),
    Patch(&'a crate::Fields),
}

fn callee<'a>(name: &Name, context: &Context<'a>) -> Option<Callee<'a>> {
    if let Some(action) = context.declarations.actions.get(&name.text) {
        return Some(Callee::Action(action));
    }
    let (config, verb) = name.text.rsplit_once('.')?;
    let config = context.declarations.configs.get(config)?;
    match verb {
        "load" => Some(Callee::Load(config)),
        "patch" => Some(Callee::Patch(config)),
        _ => None,
    }
}

/// The type of what a call gives.
pub(crate) fn result_of_call(name: &Name, context: &Context<'_>) -> Type {
    match callee(name, context) {
        Some(Callee::Action(action)) => action.result.clone(),
        Some(Callee::Load(config)) => match context.load_config {
            LoadConfig::Bare => config.kind.clone(),
            LoadConfig::Wrapped => Type::Any.with(&[crate::Text::new_static("config")], config.kind.clone(), false),
        },
        Some(Callee::Patch(_)) => Type::Null,
        None => Type::Any,
    }
}

/// The states of a flow.
pub(crate) fn emit(flow: &Flow, steps: &Steps<'_>, data: &[Option<Type>], context: &Context<'_>) -> Analysis {
    let mut emitter = Emitter { steps, context, findings: steps.findings.clone(), needs_end: None, states: Vec::new() };
    let mut places = Vec::new();
    let mut silent_until = Span::default();
    for (step, data) in steps.list.iter().zip(data) {
        if data.is_none()
            && !silent_until.contains_range(step.span)
            && let Some(finding) = unreachable(step)
        {
            emitter.findings.push(finding);
            silent_until = step.block;
        }
        let data = data.clone().unwrap_or_default();
        emitter.step(step, &data);
        places.push(Place { span: step.span, block: step.block, data, scope: step.scope.clone() });
    }
    let mut machine = Machine::default();
    if let Some(start) = emitter.target(steps.start(), flow.name.as_ref().map_or_else(Span::default, |name| name.span))
    {
        machine.start_at = start;
    }
    emitter.end_state();
    for state in emitter.states {
        machine.states.entry(state.name.value.clone()).or_insert(state);
    }
    Analysis { machine, findings: emitter.findings, places }
}

fn unreachable(step: &Step<'_>) -> Option<Finding> {
    let before = step.after?;
    Some(
        rules::UNREACHABLE
            .at(step.span, "this statement is never reached")
            .label("no way leads here")
            .note(before, "every way ends or leaves here")
            .help("remove it, or move it in front"),
    )
}

struct Emitter<'a, 't> {
    steps: &'a Steps<'t>,
    context: &'a Context<'a>,
    findings: Vec<Finding>,
    /// The name of the state that ends the flow where no other can say so.
    needs_end: Option<String>,
    states: Vec<State>,
}

impl<'t> Emitter<'_, 't> {
    fn step(&mut self, step: &Step<'t>, data: &Type) {
        let mut reader = Reader {
            declarations: self.context.declarations,
            data,
            scope: &step.scope,
            findings: std::mem::take(&mut self.findings),
        };
        let kind = match &step.kind {
            StepKind::Nothing => None,
            StepKind::Alias { value } => {
                reader.path(value);
                None
            }
            StepKind::Call { callee, arguments, brackets, .. } => {
                Some(call(&mut reader, callee, arguments, *brackets, self.context))
            }
            StepKind::Jq { data, program, .. } => Some(transform(&mut reader, *data, program)),
            StepKind::Value { value, kind, .. } => {
                let wanted = kind.map_or(Type::Any, |kind| self.context.declarations.resolve(kind));
                Some(StateKind::Pass {
                    result: Some(result(&mut reader, value, &wanted)),
                    result_path: None,
                    then: Transition::Missing,
                })
            }
            StepKind::Succeed { message } => {
                Some(StateKind::Succeed { message: message.map(|message| reader.message(message)) })
            }
            StepKind::Fail { error, cause } => Some(fail(&mut reader, *error, *cause, step.span)),
            StepKind::Wait { delay } => {
                Some(StateKind::Wait { delay: wait(&mut reader, delay), then: Transition::Missing })
            }
            StepKind::Choice { arms, otherwise, has_else } => {
                self.findings = std::mem::take(&mut reader.findings);
                self.choice(step, data, arms, *otherwise, *has_else);
                return;
            }
        };
        self.findings = reader.findings;
        if let Some(kind) = kind {
            self.state(step, kind);
        }
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
        self.states.push(State {
            name: Placed::new(step.name.to_string(), step.name_span),
            comment: step.documentation.text().map(|text| Placed::new(text.to_owned(), step.span)),
            kind,
            extra: Vec::new(),
            span: step.span,
        });
    }

    fn transition(&self, step: &Step<'t>) -> Transition {
        match self.steps.state_at(step.next) {
            Some(next) => Transition::Next(Placed::new(self.steps.list[next].name.to_string(), step.span)),
            None => Transition::End,
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

    /// The name of the state at which a way arrives. Where that is the end of the flow, a state is made that ends it.
    fn target(&mut self, label: Label, span: Span) -> Option<Placed<String>> {
        let name = match self.steps.state_at(label) {
            Some(step) => self.steps.list[step].name.to_string(),
            None if self.steps.list.is_empty() => return None,
            None => self
                .needs_end
                .get_or_insert_with(|| {
                    let taken = |name: &String| self.steps.list.iter().any(|step| step.name == name.as_str());
                    std::iter::once("Done".to_owned())
                        .chain((2_u64..).map(|number| format!("Done{number}")))
                        .find(|name| !taken(name))
                        .unwrap_or_default()
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

    fn choice(
        &mut self,
        step: &Step<'t>,
        data: &Type,
        arms: &[(&'t Expression, Label)],
        otherwise: Label,
        has_else: bool,
    ) {
        let guard = arms.len() == 1 && !has_else;
        let mut name = Placed::new(step.name.to_string(), step.name_span);
        let mut comment = step.documentation.text().map(|text| Placed::new(text.to_owned(), step.span));
        let mut rules: Vec<Rule> = Vec::new();
        let mut data = data.clone();
        for (position, (condition, then)) in arms.iter().enumerate() {
            let mut reader = Reader {
                declarations: self.context.declarations,
                data: &data,
                scope: &step.scope,
                findings: std::mem::take(&mut self.findings),
            };
            let decision = reader.decide(condition, guard);
            let rest = narrow(&mut reader, condition, false);
            self.findings = std::mem::take(&mut reader.findings);
            data = rest;
            let last = position + 1 == arms.len();
            let says_no = decision.otherwise || decision.rules.iter().any(|(_, holds)| !holds);
            // A rule that says "no" leads past all the other conditions, so those get a Choice of their own.
            let own_choice = says_no && !last;
            let following = format!("{}.Else", name.value);
            for (test, holds) in decision.rules {
                let next = match (holds, own_choice) {
                    (true, _) => self.target(*then, condition.span),
                    (false, true) => Some(Placed::new(following.clone(), condition.span)),
                    (false, false) => self.target(otherwise, condition.span),
                };
                if let Some(next) = next {
                    rules.push(rule(test, next, condition.span));
                }
            }
            if last || own_choice {
                let default = match (decision.otherwise, own_choice) {
                    (true, _) => self.target(*then, condition.span),
                    (false, true) => Some(Placed::new(following.clone(), condition.span)),
                    (false, false) => self.target(otherwise, step.span),
                };
                self.states.push(State {
                    name: std::mem::replace(&mut name, Placed::new(following, step.name_span)),
                    comment: comment.take(),
                    kind: StateKind::Choice { rules: std::mem::take(&mut rules), default },
                    extra: Vec::new(),
                    span: step.span,
                });
            }
        }
    }
}

fn rule(condition: Condition, next: Placed<String>, span: Span) -> Rule {
    Rule { condition, next, extra: Vec::new(), span }
}

fn written_result_path(step: &Step<'_>) -> Option<Json> {
    match &step.kind {
        StepKind::Call { result, .. } | StepKind::Jq { result, .. } | StepKind::Value { result, .. } => {
            result_path(result, step.span)
        }
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

fn call(
    reader: &mut Reader<'_>,
    name: &Name,
    arguments: &[Argument],
    brackets: Span,
    context: &Context<'_>,
) -> StateKind {
    let found = callee(name, context);
    let integration = context.declarations.integration.as_deref().unwrap_or_default();
    let action = match &found {
        Some(Callee::Load(_)) => "zis:common:action:LoadConfig".to_owned(),
        Some(Callee::Patch(_)) => "zis:common:action:PatchConfig".to_owned(),
        Some(Callee::Action(_)) | None => Reference { integration, kind: "action", name: &name.text }.to_string(),
    };
    let parameters = match found {
        Some(Callee::Action(signature)) => self::arguments(reader, name, signature, arguments),
        Some(Callee::Load(config)) => {
            for argument in arguments {
                reader.findings.push(
                    rules::UNKNOWN_ARGUMENT
                        .at(argument.value.span, format!("`{}` takes nothing", name.text))
                        .label("not wanted"),
                );
            }
            scope_of(config)
        }
        Some(Callee::Patch(config)) => {
            let mut members = scope_of(config);
            match arguments {
                [Argument { name: None, value }] => {
                    members.push(Member::new(
                        "config",
                        reader.template(value, &partial(&config.kind), Setting::State).value,
                    ));
                }
                _ => reader.findings.push(
                    rules::MISSING_ARGUMENT
                        .at(brackets, format!("`{}` takes the settings to change", name.text))
                        .label("one record is wanted here")
                        .help(format!("write `{}({{ … }})`", name.text)),
                ),
            }
            members
        }
        None => {
            for argument in arguments {
                reader.kind(&argument.value);
            }
            reader.findings.push(unknown_action(name, context, &reader.scope.clone()));
            Vec::new()
        }
    };
    let parameters = (!parameters.is_empty()).then(|| Json::new(Value::Object(parameters), brackets));
    StateKind::Action {
        action: Placed::new(action, name.span),
        parameters,
        result_path: None,
        catch: Vec::new(),
        then: Transition::Missing,
    }
}

/// The settings, each of which may be left out: a patch names only what changes.
fn partial(kind: &Type) -> Type {
    match kind {
        Type::Record(record) => {
            let mut record = (**record).clone();
            record.fields.iter_mut().for_each(|field| field.optional = true);
            Type::Record(Shared::new(record))
        }
        kind => kind.clone(),
    }
}

fn scope_of(config: &crate::Fields) -> Vec<Member> {
    let scope = config.scope.as_ref().and_then(constant);
    match scope {
        // The scope stands in another item: its place means nothing here.
        Some(scope @ Value::String(_)) => vec![Member::new("scope", Json::new(scope, Span::default()))],
        _ => Vec::new(),
    }
}

fn unknown_action(name: &Name, context: &Context<'_>, scope: &Scope) -> Finding {
    let declarations = context.declarations;
    let finding = rules::UNKNOWN_ACTION
        .at(name.span, format!("nothing called `{}` can be called", name.text))
        .label("no such action");
    let configs = declarations.configs.keys().flat_map(|config| [format!("{config}.load"), format!("{config}.patch")]);
    let known: Vec<String> = declarations.actions.keys().map(ToString::to_string).chain(configs).collect();
    match nearest(&name.text, known.iter().map(String::as_str)) {
        Some(near) => finding.did_you_mean(name.span, Some(near)),
        None if scope.named(&name.text).is_some() => {
            finding.help(format!("`{}` is a value, and values are not called", name.text))
        }
        None if known.is_empty() => finding.help(format!("define it with `action {}(…) {{ … }}`", name.text)),
        None => {
            let known: Vec<_> = known.iter().take(6).map(|name| format!("`{name}`")).collect();
            finding.help(format!("known here: {}", known.join(", ")))
        }
    }
}

fn arguments(
    reader: &mut Reader<'_>,
    action: &Name,
    signature: &ActionSignature,
    arguments: &[Argument],
) -> Vec<Member> {
    let mut members: Vec<(usize, Member)> = Vec::new();
    let mut given: Vec<(crate::Text, Span)> = Vec::new();
    for argument in arguments {
        let Some(name) = argument.name.clone().or_else(|| short_name(&argument.value)) else {
            reader.kind(&argument.value);
            let finding = rules::UNKNOWN_ARGUMENT
                .at(argument.value.span, "an argument has a name")
                .label("which parameter is this for?");
            let free =
                signature.parameters.iter().find(|parameter| given.iter().all(|(name, _)| *name != parameter.name));
            reader.findings.push(match free {
                Some(parameter) => finding.help(format!("write `{}: …`", parameter.name)).fix(
                    format!("write `{}: `", parameter.name),
                    Span::empty(argument.value.span.start()),
                    format!("{}: ", parameter.name),
                ),
                None => finding,
            });
            continue;
        };
        let (plain, quoted) = match name.text.strip_suffix(".$") {
            Some(plain) => (plain, true),
            None => (name.text.as_str(), false),
        };
        if let Some((_, first)) = given.iter().find(|(known, _)| known == plain) {
            reader.findings.push(
                rules::DUPLICATE_NAME
                    .at(name.span, format!("`{plain}` is given twice"))
                    .label("the second time")
                    .note(*first, "the first time"),
            );
            continue;
        }
        given.push((crate::Text::new(plain), name.span));
        let Some(position) = signature.parameters.iter().position(|parameter| parameter.name == plain) else {
            reader.silently(|reader| reader.kind(&argument.value));
            let finding = rules::UNKNOWN_ARGUMENT
                .at(name.span, format!("`{}` has no parameter `{plain}`", action.text))
                .label("no such parameter");
            let names: Vec<&str> = signature.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
            let free = names.iter().copied().filter(|name| given.iter().all(|(known, _)| known != name));
            let short = argument.name.is_none();
            let finding = match nearest(plain, free.clone()) {
                Some(near) if short => finding.help(format!("did you mean `{near}: {plain}`?")).fix(
                    format!("write `{near}: {plain}`"),
                    name.span,
                    format!("{near}: {plain}"),
                ),
                Some(near) => finding.did_you_mean(name.span, Some(near)),
                None if names.is_empty() => finding.help("it takes nothing"),
                None => {
                    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
                    finding.help(format!("it takes {}", names.join(", ")))
                }
            };
            reader.findings.push(finding);
            continue;
        };
        let parameter = &signature.parameters[position];
        let mut templated =
            reader.template(&argument.value, if quoted { &Type::Any } else { &parameter.kind }, Setting::State);
        templated.dynamic |= quoted;
        members.push((position, templated.member(plain, name.span)));
    }
    let wrongly_named =
        given.iter().filter(|(name, _)| signature.parameters.iter().all(|parameter| parameter.name != *name)).count();
    let missing: Vec<&crate::ParameterSignature> = signature
        .parameters
        .iter()
        .filter(|parameter| parameter.is_required() && given.iter().all(|(name, _)| *name != parameter.name))
        .collect();
    // An argument of a wrong name was most likely meant for one of the missing ones: that has been said.
    if missing.len() > wrongly_named {
        let names: Vec<_> = missing.iter().map(|parameter| format!("`{}`", parameter.name)).collect();
        let text: Vec<_> = missing.iter().map(|parameter| format!("{}: …", parameter.name)).collect();
        reader.findings.push(
            rules::MISSING_ARGUMENT
                .at(action.span, format!("`{}` needs {}", action.text, names.join(" and ")))
                .label(format!("called without {}", names.join(" and ")))
                .help(format!("add `{}`", text.join(", "))),
        );
    }
    for (position, parameter) in signature.parameters.iter().enumerate() {
        let left_out = given.iter().all(|(name, _)| *name != parameter.name);
        if let Some(value) = parameter.default.as_ref().filter(|_| left_out).and_then(constant) {
            // The default stands in another item: its place means nothing here.
            members.push((position, Member::new(parameter.name.as_str(), Json::new(value, Span::default()))));
        }
    }
    members.sort_by_key(|(position, _)| *position);
    members.into_iter().map(|(_, member)| member).collect()
}

/// `channel` alone is short for `channel: channel`.
fn short_name(value: &Expression) -> Option<Name> {
    match &value.kind {
        ExpressionKind::Name(text) => Some(Name { text: text.clone(), span: value.span }),
        _ => None,
    }
}

/// The jq transform: the program and the data it works on.
fn transform(reader: &mut Reader<'_>, data: Option<&Expression>, program: &PlainText) -> StateKind {
    reader.findings.extend(jq::findings(program));
    let mut expr = program.text.to_string();
    let dynamic = |path: &Path, span| Member::new("data.$", Json::string(path.to_string(), span));
    let data = match data {
        None => dynamic(&Path::default(), program.span),
        Some(expression) => match (&expression.kind, reader.path(expression)) {
            (_, Some(read)) => {
                reader.must_be_there(&read, expression);
                dynamic(&read.path, expression.span)
            }
            (ExpressionKind::Record(members), None) => {
                let (start, common) = picked(reader, members, expression.span);
                expr = format!("{start} | {expr}");
                dynamic(&common, expression.span)
            }
            (ExpressionKind::Text(parts), None) => match parts.as_slice() {
                [TextPart::Text(text)] => Member::new("data", Json::string(text.text.as_str(), expression.span)),
                _ => Member::new("data.$", Json::string(reader.text(parts).0, expression.span)),
            },
            (ExpressionKind::Error, None) => dynamic(&Path::default(), expression.span),
            _ => {
                reader.not_in_place(expression.span, "the data of a jq text");
                dynamic(&Path::default(), expression.span)
            }
        },
    };
    let parameters = vec![Member::new("expr", Json::string(expr, program.span)), data];
    StateKind::Action {
        action: Placed::new("zis:common:transform:Jq".to_owned(), program.span),
        parameters: Some(Json::new(Value::Object(parameters), program.span)),
        result_path: None,
        catch: Vec::new(),
        then: Transition::Missing,
    }
}

/// `{ a, b: x.y }` as the start of a jq program, over the smallest path that holds all of them.
fn picked(reader: &mut Reader<'_>, members: &[RecordMember], span: Span) -> (String, Path) {
    let mut picked: Vec<(String, Result<ReadPath, String>)> = Vec::new();
    for member in members {
        let (key, value) = match member {
            RecordMember::Field { key, value } => (key, value.clone()),
            RecordMember::Short(name) => {
                (name, Expression { kind: ExpressionKind::Name(name.text.clone()), span: name.span })
            }
            RecordMember::Spread(value) => {
                reader.not_in_place(value.span, "`...` in the data of a jq text");
                continue;
            }
        };
        match (reader.path(&value), constant(&value)) {
            (Some(read), _) => picked.push((key.text.to_string(), Ok(read))),
            (None, Some(value)) => {
                picked.push((key.text.to_string(), Err(zisc_bundle::json::compact(&Json::new(value, span)))))
            }
            (None, None) => reader.not_in_place(value.span, "this expression"),
        }
    }
    let mut paths = picked.iter().filter_map(|(_, value)| value.as_ref().ok().map(|read| read.path.steps.as_slice()));
    let first = paths.next().unwrap_or_default();
    let common = paths.fold(first, |common, steps| {
        let length = common.iter().zip(steps).take_while(|(a, b)| a == b).count();
        &common[..length]
    });
    let common = Path { steps: common.to_vec() };
    let parts: Vec<String> = picked
        .iter()
        .map(|(key, value)| {
            let key = if zisc_syntax::is_name(key) || is_jq_word(key) { key.clone() } else { format!("{key:?}") };
            match value {
                Ok(read) => format!("{key}: {}", jq_path(&read.path.steps[common.steps.len()..])),
                Err(literal) => format!("{key}: {literal}"),
            }
        })
        .collect();
    (format!("{{{}}}", parts.join(", ")), common)
}

fn is_jq_word(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !text.as_bytes()[0].is_ascii_digit()
}

fn jq_path(steps: &[PathStep]) -> String {
    let mut out = String::new();
    for step in steps {
        match step {
            PathStep::Member(name) if is_jq_word(name) => out.push_str(&format!(".{name}")),
            PathStep::Member(name) => out.push_str(&format!("{}[{name:?}]", if out.is_empty() { "." } else { "" })),
            PathStep::Index(index) => out.push_str(&format!("{}[{index}]", if out.is_empty() { "." } else { "" })),
        }
    }
    if out.is_empty() { ".".to_owned() } else { out }
}

/// The value of a Pass: what the platform can fill in.
fn result(reader: &mut Reader<'_>, value: &Expression, wanted: &Type) -> Json {
    let templated = reader.template(value, wanted, Setting::State);
    if templated.dynamic {
        reader.not_in_place(value.span, "a text with values in it, on its own,");
    }
    templated.value
}

fn fail(reader: &mut Reader<'_>, error: Option<&Expression>, cause: Option<&Expression>, span: Span) -> StateKind {
    let incomplete = |what: &str| {
        rules::INCOMPLETE
            .at(span, format!("`fail` needs {what}"))
            .label(format!("{what} is missing"))
            .help("write `fail \"Name\", \"what went wrong\"`: a name for the error, and the text for the log")
    };
    match (error, cause) {
        (None, _) => reader.findings.push(incomplete("the error's name")),
        (Some(_), None) => reader.findings.push(incomplete("a cause")),
        (Some(_), Some(_)) => {}
    }
    let mut text = |expression: Option<&Expression>| {
        expression.map_or_else(Placed::default, |expression| reader.message(expression))
    };
    StateKind::Fail { error: text(error), cause: text(cause) }
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
        _ => {
            reader.not_in_place(delay.span, "this duration");
            None
        }
    };
    match seconds {
        Some(seconds) if seconds <= 0.0 => {
            reader.findings.push(
                rules::INVALID_DURATION
                    .at(delay.span, "a wait is longer than nothing")
                    .label("no time at all")
                    .help("remove the statement"),
            );
        }
        Some(seconds) if seconds > LONGEST_WAIT => {
            reader.findings.push(
                rules::LONG_WAIT
                    .at(delay.span, format!("a flow may run for {LONGEST_WAIT} seconds, and this waits longer"))
                    .label(format!("{seconds} seconds"))
                    .help("the platform ends the flow before this is over"),
            );
        }
        _ => {}
    }
    let number = seconds.map_or_else(|| Value::Null, |seconds| Value::Number(seconds.to_string()));
    Delay::Seconds(Json::new(number, delay.span))
}

/// `30s`, `1.5s`, `2m` in seconds.
fn seconds(text: &str) -> Option<f64> {
    let (number, unit) = text.split_at(text.len().checked_sub(1)?);
    let number: f64 = number.parse().ok()?;
    Some(if unit == "m" { number * 60.0 } else { number })
}
