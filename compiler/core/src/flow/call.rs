//! Calls: what is called, with what, and what it gives.

use super::Context;
use super::compute::method_as_function;
use super::reader::{Reader, described};
use super::scope::Scope;
use super::template::{Setting, Templated, constant, in_source};
use crate::built_in::{self, built_in};
use crate::finding::Finding;
use crate::functions::FUNCTIONS;
use crate::types::{FieldType, Type};
use crate::{ActionSignature, LoadConfig, Shared, rules};
use zisc_bundle::json::{Json, Member, Value};
use zisc_bundle::{Placed, Reference, Span, StateKind, Transition, nearest};
use zisc_syntax::tree::{Action, Argument, Expression, ExpressionKind, Name, RecordMember, TextPart};

/// What calls give when the name is no custom action.
enum Callee<'a> {
    Action(&'a ActionSignature),
    BuiltIn(&'static ActionSignature),
    /// An action that is called by its full name.
    Reference,
    /// An action of this bundle that stands as JSON.
    Raw,
    Load(&'a crate::Fields),
    Patch(&'a crate::Fields),
}

fn callee<'a>(name: &Name, context: &Context<'a>) -> Option<Callee<'a>> {
    if let Some(action) = context.declarations.actions.get(&name.text) {
        return Some(Callee::Action(action));
    }
    if let Some(action) = built_in(&name.text) {
        return Some(Callee::BuiltIn(action));
    }
    if Reference::parse(&name.text).is_some() {
        return Some(Callee::Reference);
    }
    if context.declarations.open_actions.contains(&name.text) {
        return Some(Callee::Raw);
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
        Some(Callee::Action(action) | Callee::BuiltIn(action)) => action.result.clone(),
        Some(Callee::Load(config)) => match context.load_config {
            LoadConfig::Bare => config.kind.clone(),
            LoadConfig::Wrapped => Type::Any.with(&[crate::Text::new_static("config")], config.kind.clone(), false),
        },
        Some(Callee::Patch(_)) => Type::Null,
        Some(Callee::Reference | Callee::Raw) | None => Type::Any,
    }
}

/// The state of a request that no action has: what it reads is looked at, and the flow is drawn with it.
pub(crate) fn request(reader: &mut Reader<'_>, request: &Action, context: &Context<'_>) -> StateKind {
    request.values().for_each(|value| drop(reader.kind(value)));
    let name = request.method.as_ref().map_or("", |method| method.text.as_str());
    let action = Reference { integration: context.integration(), kind: "action", name }.to_string();
    let span = request.method.as_ref().map_or_else(Span::default, |method| method.span);
    state(Placed::new(action, span), None)
}

/// The state of a call.
pub(crate) fn call(
    reader: &mut Reader<'_>,
    name: &Name,
    arguments: &[Argument],
    brackets: Span,
    context: &Context<'_>,
) -> StateKind {
    let found = callee(name, context);
    let integration = context.integration();
    let action = match &found {
        Some(Callee::Load(_)) => built_in::reference("LoadConfig"),
        Some(Callee::Patch(_)) => built_in::reference("PatchConfig"),
        Some(Callee::BuiltIn(_)) => built_in::reference(&name.text),
        Some(Callee::Reference) => name.text.to_string(),
        Some(Callee::Action(_) | Callee::Raw) | None => {
            Reference { integration, kind: "action", name: &name.text }.to_string()
        }
    };
    let parameters = match found {
        Some(Callee::Action(signature) | Callee::BuiltIn(signature)) => {
            self::arguments(reader, name, signature, arguments)
        }
        Some(Callee::Reference) => {
            reader.findings.extend(unknown_reference(name, context));
            unchecked(reader, arguments)
        }
        Some(Callee::Raw) => unchecked(reader, arguments),
        Some(Callee::Load(config)) => {
            for argument in arguments {
                reader.findings.push(
                    rules::UNKNOWN_ARGUMENT
                        .at(argument.value.span, format!("`{}` takes nothing", name.text))
                        .label("not wanted")
                        .help(format!(
                            "write `{}()`: it gives all settings, and each is read from what it gives",
                            name.text
                        )),
                );
            }
            scope_of(config, context)
        }
        Some(Callee::Patch(config)) => {
            let mut members = scope_of(config, context);
            match arguments {
                [Argument { name: None, value }] => {
                    unknown_settings(reader, name, &config.kind, value);
                    members.push(Member::new(
                        "config",
                        reader.template(value, &partial(&config.kind), Setting::State, "config").value,
                    ));
                }
                _ => {
                    let given: Vec<_> = arguments
                        .iter()
                        .filter_map(|argument| argument.name.as_ref())
                        .map(|name| format!("{}: …", name.text))
                        .collect();
                    let settings = if given.is_empty() { "…".to_owned() } else { given.join(", ") };
                    reader.findings.push(
                        rules::MISSING_ARGUMENT
                            .at(brackets, format!("`{}` takes the settings to change", name.text))
                            .label("one record is wanted here")
                            .help(format!("write `{}({{ {settings} }})`", name.text)),
                    );
                }
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
    state(Placed::new(action, name.span), parameters)
}

fn state(action: Placed<String>, parameters: Option<Json>) -> StateKind {
    StateKind::Action { action, parameters, result_path: None, catch: Vec::new(), then: Transition::Missing }
}

/// An action by its full name that is one of the platform or of this bundle, and which there is none of.
fn unknown_reference(name: &Name, context: &Context<'_>) -> Option<Finding> {
    let reference = Reference::parse(&name.text)?;
    let is_common = reference.integration == "common";
    if reference.kind != "action" || !(is_common || reference.integration == context.integration()) {
        return None;
    }
    let known: Vec<String> = match is_common {
        true => built_in::built_ins().map(|(name, _)| name.trim_start_matches("zis.").to_owned()).collect(),
        false => {
            let declarations = context.declarations;
            declarations.actions.keys().chain(&declarations.open_actions).map(ToString::to_string).collect()
        }
    };
    if known.iter().any(|known| known == reference.name) {
        return None;
    }
    let finding =
        rules::UNKNOWN_ACTION.at(name.span, format!("no action is called `{}`", name.text)).label("no such action");
    Some(match nearest(reference.name, known.iter().map(String::as_str)) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None if is_common => finding.help(format!("the platform has {}", known.join(", "))),
        None => finding.help(format!("define it with `action {}(…) {{ … }}`", reference.name)),
    })
}

/// Settings that the config does not declare.
fn unknown_settings(reader: &mut Reader<'_>, callee: &Name, settings: &Type, value: &Expression) {
    let ExpressionKind::Record(members) = &value.kind else { return };
    let declared: Vec<&str> = settings.fields().map(|field| field.name.as_str()).collect();
    for member in members {
        let (RecordMember::Field { key, .. } | RecordMember::Short(key)) = member else { continue };
        let name = key.text.strip_suffix(".$").unwrap_or(&key.text);
        if declared.contains(&name) {
            continue;
        }
        let config = callee.text.strip_suffix(".patch").unwrap_or(&callee.text);
        let finding = rules::UNKNOWN_FIELD
            .at(key.span, format!("config `{config}` has no setting `{name}`"))
            .label("no such setting");
        reader.findings.push(match nearest(name, declared.iter().copied()) {
            Some(near) if matches!(member, RecordMember::Field { .. }) => finding.did_you_mean(key.span, Some(near)),
            _ => finding.help(format!("declare it in `config {config}`: `{name}: any`")),
        });
    }
}

/// The arguments of an action about which nothing is known.
fn unchecked(reader: &mut Reader<'_>, arguments: &[Argument]) -> Vec<Member> {
    let mut members = Vec::new();
    for argument in arguments {
        match argument.name.clone().or_else(|| short_name(&argument.value)) {
            Some(name) => {
                let (plain, quoted) = plain_name(&name);
                let templated = argument_value(reader, &argument.value, &Type::Any, plain, quoted);
                members.push(templated.member(plain, name.span));
            }
            None => reader.findings.push(
                rules::UNKNOWN_ARGUMENT
                    .at(argument.value.span, "an argument has a name")
                    .label("which parameter is this for?"),
            ),
        }
    }
    members
}

fn argument_value(reader: &mut Reader<'_>, value: &Expression, wanted: &Type, name: &str, quoted: bool) -> Templated {
    match quoted {
        true => Templated { dynamic: true, value: reader.platform_text(value) },
        false => reader.template(value, wanted, Setting::State, name),
    }
}

/// The parameter that an argument names, and whether it is written in the platform's own notation, with `.$`.
fn plain_name(name: &Name) -> (&str, bool) {
    match name.text.strip_suffix(".$") {
        Some(plain) => (plain, true),
        None => (name.text.as_str(), false),
    }
}

/// The settings, each of which may be left out: a patch names only what changes.
fn partial(kind: &Type) -> Type {
    match kind {
        Type::Record(record) => {
            let mut record = (**record).clone();
            record.fields = record.fields.map(|field| FieldType { optional: true, ..field.clone() });
            Type::Record(Shared::new(record))
        }
        kind => kind.clone(),
    }
}

fn scope_of(config: &crate::Fields, context: &Context<'_>) -> Vec<Member> {
    let scope = config.scope.as_ref().map(|scope| context.params.in_value(scope));
    let scope = scope.as_ref().and_then(constant_text);
    match scope {
        // The scope stands in another item: its place means nothing here.
        Some(scope @ Value::String(_)) => vec![Member::new("scope", Json::new(scope, Span::default()))],
        _ => Vec::new(),
    }
}

/// A text that holds nothing but literals.
fn constant_text(expression: &Expression) -> Option<Value> {
    let ExpressionKind::Text(parts) = &expression.kind else { return constant(expression) };
    let texts = parts.iter().map(|part| match part {
        TextPart::Text(text) => Some(text.text.to_string()),
        TextPart::Value(value) => match constant(value)? {
            Value::String(text) | Value::Number(text) => Some(text),
            _ => None,
        },
    });
    Some(Value::String(texts.collect::<Option<String>>()?))
}

fn unknown_action(name: &Name, context: &Context<'_>, scope: &Scope) -> Finding {
    let declarations = context.declarations;
    let finding =
        rules::UNKNOWN_ACTION.at(name.span, format!("no action is called `{}`", name.text)).label("no such action");
    let configs = declarations.configs.keys().flat_map(|config| [format!("{config}.load"), format!("{config}.patch")]);
    let built_in: Vec<String> = built_in::built_ins().map(|(name, _)| name.to_owned()).collect();
    let mut known: Vec<String> = declarations.actions.keys().map(ToString::to_string).chain(configs).collect();
    if name.text.starts_with("zis.") {
        known.clone_from(&built_in);
    }
    if matches!(name.text.as_str(), "console.log" | "print" | "println" | "log" | "puts") {
        return finding
            .help("a flow leaves a text in the log where it ends: `succeed \"…\"` or `fail \"Name\", \"…\"`");
    }
    if declarations.flows.contains_key(&name.text) {
        return finding.help(format!(
            "`{}` is a flow: a job starts it, and a flow cannot call another; actions can be shared",
            name.text
        ));
    }
    if name.text == "jq" {
        return finding.help("a jq text in backticks follows: ``jq(data)`.field` ``");
    }
    if let Some(help) = method_as_function(&name.text, scope) {
        return finding.help(help);
    }
    if FUNCTIONS.iter().any(|function| function.name == name.text) {
        return rules::NO_EFFECT
            .at(name.span, format!("what `{}` gives is not used", name.text))
            .label("a function does nothing else")
            .help(format!("give it a name: `let x = {}(…)`", name.text));
    }
    if let Some((help, meant)) = elsewhere(&name.text, declarations) {
        return match meant {
            Some(meant) => finding.did_you_mean(name.span, Some(&meant)),
            None => finding.help(help),
        };
    }
    let functions = FUNCTIONS.iter().map(|function| function.name.to_owned());
    let all: Vec<String> = known.iter().cloned().chain(built_in).chain(functions).collect();
    match nearest(&name.text, all.iter().map(String::as_str)) {
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

/// What other languages, and the platform's own notation, have for something that is said otherwise here: what to do,
/// and the name that is meant, where it takes the same.
fn elsewhere(name: &str, declarations: &crate::Declarations) -> Option<(&'static str, Option<String>)> {
    let help = match name.rsplit('.').next().unwrap_or(name) {
        "Jq" | "jq" | "transform" => "a jq text is run with ``let x = jq(data)`.field` ``",
        "fetch" | "axios" | "request" | "curl" | "Fetch" => REQUEST,
        "get" | "post" | "put" | "patch"
            if matches!(name.split('.').next(), Some("http" | "https" | "requests" | "axios")) =>
        {
            REQUEST
        }
        "sleep" | "delay" | "pause" | "setTimeout" | "Wait" => "write `wait 30s`",
        "panic" | "throw" | "raise" | "abort" | "assert" => "write `fail \"Name\", \"what went wrong\"`",
        "exit" | "quit" | "stop" => "write `return`",
        verb => {
            let config = name.strip_suffix(verb)?.strip_suffix('.')?;
            let meant = match verb {
                "save" | "set" | "update" | "put" | "write" | "store" | "merge" => "patch",
                "get" | "read" | "fetch" | "Load" => "load",
                _ => return None,
            };
            declarations.configs.contains_key(config).then_some(())?;
            return Some(("", Some(format!("{config}.{meant}"))));
        }
    };
    Some((help, None))
}

const REQUEST: &str = "a request stands in an action, `action name() { GET \"https://…\" }`, and a flow calls that";

fn arguments(
    reader: &mut Reader<'_>,
    action: &Name,
    signature: &ActionSignature,
    arguments: &[Argument],
) -> Vec<Member> {
    if let [Argument { name: None, value }] = arguments
        && matches!(value.kind, ExpressionKind::Record(_))
    {
        reader.kind(value);
        reader.findings.push(
            rules::UNKNOWN_ARGUMENT
                .at(value.span, "arguments stand without braces")
                .label("one record, and which parameter is it for?")
                .help(format!("write `{}(name: value)`", action.text)),
        );
        return Vec::new();
    }
    let mut members: Vec<(usize, Member)> = Vec::new();
    let mut given: Vec<(crate::Text, Span)> = Vec::new();
    let mut nameless = 0;
    for argument in arguments {
        let Some(name) = argument.name.clone().or_else(|| short_name(&argument.value)) else {
            reader.kind(&argument.value);
            nameless += 1;
            if nameless > 1 {
                continue;
            }
            let finding = rules::UNKNOWN_ARGUMENT
                .at(argument.value.span, "an argument has a name")
                .label("which parameter is this for?");
            let free =
                signature.parameters.iter().find(|parameter| given.iter().all(|(name, _)| *name != parameter.name));
            let together = in_order(signature, arguments).filter(|_| given.is_empty());
            reader.findings.push(match free {
                _ if let Some((span, written)) = together => rules::UNKNOWN_ARGUMENT
                    .at(span, "arguments have names")
                    .label("which parameters are these for?")
                    .help(format!("write `{written}`"))
                    .fix("name them", span, written),
                Some(parameter) => finding.help(format!("write `{}: …`", parameter.name)).fix(
                    format!("write `{}: `", parameter.name),
                    Span::empty(argument.value.span.start()),
                    format!("{}: ", parameter.name),
                ),
                None => finding.help(format!("`{}` takes nothing more: remove it", action.text)),
            });
            continue;
        };
        let (plain, quoted) = plain_name(&name);
        if let Some((_, first)) = given.iter().find(|(known, _)| known == plain) {
            reader.findings.push(
                rules::DUPLICATE_NAME
                    .at(name.span, format!("`{plain}` is given twice"))
                    .label("the second time")
                    .note(*first, "the first time")
                    .help("remove one of them"),
            );
            continue;
        }
        given.push((crate::Text::new(plain), name.span));
        let Some(position) = signature.parameters.iter().position(|parameter| parameter.name == plain) else {
            let finding = rules::UNKNOWN_ARGUMENT
                .at(name.span, format!("`{}` has no parameter `{plain}`", action.text))
                .label("no such parameter");
            let names: Vec<&str> = signature.parameters.iter().map(|parameter| parameter.name.as_str()).collect();
            let free = names.iter().copied().filter(|name| given.iter().all(|(known, _)| known != name));
            let short = argument.name.is_none();
            // Where one is missing and one is unknown, that is the one that is meant.
            let unknown = |argument: &&Argument| {
                argument.name.as_ref().is_some_and(|name| names.iter().all(|known| *known != plain_name(name).0))
            };
            let missing = names.iter().copied().filter(|known| {
                arguments.iter().filter_map(|argument| argument.name.as_ref()).all(|name| plain_name(name).0 != *known)
            });
            let (mut missing, unknown) = (missing, arguments.iter().filter(unknown).count());
            let only = match (missing.next(), missing.next()) {
                (Some(name), None) if unknown == 1 && !short => Some(name),
                _ => None,
            };
            let kind_of_parameter = |near: &str| {
                signature.parameters.iter().find(|parameter| parameter.name == near).map(|parameter| &parameter.kind)
            };
            let given_kind = reader.silently(|reader| reader.kind(&argument.value));
            let finding = match nearest(plain, free.clone()).or(only) {
                Some(near) if kind_of_parameter(near).is_some_and(|wanted| !given_kind.overlaps(wanted)) => finding
                    .help(format!("`{near}` takes {}", kind_of_parameter(near).map_or_else(String::new, described))),
                Some(near) if short => finding.help(format!("did you mean `{near}: {plain}`?")).fix(
                    format!("write `{near}: {plain}`"),
                    name.span,
                    format!("{near}: {plain}"),
                ),
                Some(near) => finding.did_you_mean(name.span, Some(near)),
                None if names.is_empty() => finding.help("it takes nothing"),
                // Only one is left to give: that is the one.
                None if free.clone().count() == 1 && short => {
                    let only = free.clone().next().unwrap_or_default();
                    finding.help(format!("write `{only}: {plain}`")).fix(
                        format!("write `{only}: {plain}`"),
                        name.span,
                        format!("{only}: {plain}"),
                    )
                }
                None => {
                    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
                    finding.help(format!("it takes {}", names.join(", ")))
                }
            };
            reader.findings.push(finding);
            continue;
        };
        let parameter = &signature.parameters[position];
        if plain == "page_size" && action.text == "zis.LoadLinks" {
            reader.findings.extend(size_of_page(&argument.value));
        }
        let templated = argument_value(reader, &argument.value, &parameter.kind, plain, quoted);
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
    if missing.len() > wrongly_named + nameless {
        let names: Vec<_> = missing.iter().map(|parameter| format!("`{}`", parameter.name)).collect();
        let text: Vec<_> = missing.iter().map(|parameter| format!("{}: …", parameter.name)).collect();
        reader.findings.push(
            rules::MISSING_ARGUMENT
                .at(action.span, format!("`{}` needs {}", action.text, names.join(" and ")))
                .label(format!("called without {}", names.join(" and ")))
                .help(format!("add `{}`", text.join(", "))),
        );
    }
    if wrongly_named + nameless == 0 {
        one_of_several(reader, action, &given);
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

/// A page of links that is larger or smaller than the platform gives (page "Links": 1 to 100).
fn size_of_page(value: &Expression) -> Option<Finding> {
    let Value::Number(number) = constant(value)? else { return None };
    let size: f64 = number.parse().ok()?;
    let fits = (1.0..=100.0).contains(&size);
    (!fits).then(|| {
        let finding =
            rules::WRONG_TYPE.at(value.span, "a page has 1 to 100 links").label(format!("{number} are asked for"));
        finding.help("ask for 100, and for the next page with `page_after_cursor`")
    })
}

/// Of which parameters an action of the platform needs one at least.
const ONE_OF: &[(&str, [&str; 2])] =
    &[("zis.LoadLinks", ["left_object_name", "right_object_name"]), ("zis.PatchLink", ["left_object", "right_object"])];

fn one_of_several(reader: &mut Reader<'_>, action: &Name, given: &[(crate::Text, Span)]) {
    let Some((_, [left, right])) = ONE_OF.iter().find(|(name, _)| action.text == *name) else { return };
    if given.iter().all(|(name, _)| name != left && name != right) {
        reader.findings.push(
            rules::MISSING_ARGUMENT
                .at(action.span, format!("`{}` needs `{left}` or `{right}`", action.text))
                .label("called without both")
                .help(format!("add `{left}: …`, or `{right}: …`")),
        );
    }
}

/// Several arguments without names, as many as there are parameters, with the names in their order.
fn in_order(signature: &ActionSignature, arguments: &[Argument]) -> Option<(Span, String)> {
    let (first, last) = (arguments.first()?, arguments.last()?);
    let is_bare = |argument: &Argument| argument.name.is_none() && short_name(&argument.value).is_none();
    if arguments.len() < 2 || arguments.len() > signature.parameters.len() || !arguments.iter().all(is_bare) {
        return None;
    }
    let named: Option<Vec<String>> = signature
        .parameters
        .iter()
        .zip(arguments)
        .map(|(parameter, argument)| Some(format!("{}: {}", parameter.name, in_source(&argument.value)?)))
        .collect();
    Some((first.value.span.cover(last.value.span), named?.join(", ")))
}

/// `channel` alone is short for `channel: channel`.
fn short_name(value: &Expression) -> Option<Name> {
    match &value.kind {
        ExpressionKind::Name(text) => Some(Name { text: text.clone(), span: value.span }),
        _ => None,
    }
}
