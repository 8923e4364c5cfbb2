use crate::features::description::{self, Description};
use crate::snapshot::View;
use text_size::{TextRange, TextSize};
use zisc_bundle::{Bundle, HttpAction, Operator, Reference, State, StateKind, Target, Transition};
use zisc_core::navigate::Access;
use zisc_core::navigate::bundle::{self, BundlePlace, BundleSymbol, Holds, RESOURCE_TYPES, STATE_TYPES, Side};
use zisc_core::{Topic, Type, built_in, catalogue};

/// What stands at a place of a bundle, in words.
pub(in crate::features) fn describe(view: &View<'_>, offset: TextSize) -> Option<(Description, TextRange)> {
    jq(view, offset).or_else(|| name(view, offset)).or_else(|| path(view, offset)).or_else(|| member(view, offset))
}

/// A field that a jq program reads, or a function that it calls.
fn jq(view: &View<'_>, offset: TextSize) -> Option<(Description, TextRange)> {
    if let Some(called) = bundle::jq_function_at(view.db, view.file, view.settings, offset) {
        return Some((description::of_symbol(view, &called.symbol)?, called.span));
    }
    let read = bundle::jq_field_at(view.db, view.file, view.settings, offset)?;
    let field = read.field?;
    let mut description = description::of_value(&field.name, &field.kind);
    description.text = field.summary.to_string();
    Some((description, read.name.span))
}

fn name(view: &View<'_>, offset: TextSize) -> Option<(Description, TextRange)> {
    let name = bundle::reference_at(view.db, view.file, offset)?;
    let places = bundle::places_of(view.db, view.file, &name.symbol);
    let defined = places.iter().find(|place| place.access == Access::Declaration);
    let bundle = bundle::bundle_in(view.db, view.file);
    let description = match &name.symbol {
        BundleSymbol::State(..) => {
            let inside = defined?.whole.end();
            state(view, bundle::state_at(bundle, inside)?, inside)
        }
        BundleSymbol::Action(name) => action(bundle.http_actions().find(|action| action.name.as_str() == name)?),
        BundleSymbol::Flow(name) => flow(bundle, name)?,
        BundleSymbol::Job(name) => {
            let job = bundle.job_specs().find(|job| job.name.as_str() == name)?;
            let mut description = event(&job.event_source, &job.event_type);
            description.code = format!("job {name}: {}.{}", *job.event_source, *job.event_type);
            description
        }
        BundleSymbol::Connection(name) => {
            let uses = if places.len() == 1 {
                "1 custom action".to_owned()
            } else {
                format!("{} custom actions", places.len())
            };
            Description::new(format!("connection {name}"), format!("Signs the requests of {uses}."))
        }
    };
    let is_inside = name.span.contains_inclusive(offset);
    let span = if is_inside { name.span } else { BundlePlace::at(view.text, offset).word };
    Some((description, span))
}

/// A state: what it does, where it leads, and what is in `$` in front of it.
fn state(view: &View<'_>, state: &State, inside: TextSize) -> Description {
    let kind = state.kind.type_name();
    let does = STATE_TYPES.iter().find(|(name, _)| *name == kind).map_or("cannot be read", |(_, does)| *does);
    let mut text = format!("A state of type {kind}: {does}.");
    let mut ways: Vec<String> = state.kind.targets().iter().map(|target| format!("`{}`", target.value)).collect();
    ways.dedup();
    if !ways.is_empty() {
        text.push_str(&format!("\n\nLeads to {}.", ways.join(", ")));
    }
    let ends = matches!(state.kind, StateKind::Succeed { .. } | StateKind::Fail { .. })
        || state.kind.then() == Some(&Transition::End);
    if ends {
        text.push_str("\n\nThe machine ends here.");
    }
    let data = bundle::data_at(view.db, view.file, view.settings, inside).unwrap_or(Type::Any);
    Description::new(description::lines_of("$", &data), text).about(Topic::State(kind))
}

fn action(action: &HttpAction) -> Description {
    let target = match &action.target {
        Target::Url(member) | Target::Path(member) => member.value.as_str().unwrap_or_default(),
        Target::Missing => "",
    };
    let connection = action.connection.as_ref().map(|name| format!("Signed by the connection `{}`.", name.value));
    Description::new(
        format!("action {} {{\n  {} {:?}\n}}", *action.name, *action.method, target),
        connection.unwrap_or_default(),
    )
    .about(Topic::CustomActions)
}

fn flow(bundle: &Bundle, name: &str) -> Option<Description> {
    let flow = bundle.flow(name)?;
    let jobs = bundle.job_specs().filter(|job| Reference::parse(&job.flow_name).is_some_and(|it| it.name == name));
    let jobs: Vec<String> =
        jobs.map(|job| format!("`{}` on {}.{}", *job.name, *job.event_source, *job.event_type)).collect();
    let started = if jobs.is_empty() { String::new() } else { format!("\n\nStarted by {}.", jobs.join(", ")) };
    let count = flow.machine.states.len();
    let states = if count == 1 { "1 state".to_owned() } else { format!("{count} states") };
    Some(Description::new(
        format!("flow {name}"),
        format!("{states}, the first is `{}`.{started}", *flow.machine.start_at),
    ))
}

fn event(source: &str, kind: &str) -> Description {
    description::of_event(&format!("{source}.{kind}"))
        .unwrap_or_else(|| Description::new(format!("event {source}.{kind}"), ""))
}

fn path(view: &View<'_>, offset: TextSize) -> Option<(Description, TextRange)> {
    let read = bundle::path_at(view.db, view.file, view.settings, offset)?;
    let mut description = match read.path.as_str() {
        "$" => Description::new(description::lines_of("$", &read.kind), ""),
        path => description::of_value(path, &read.kind),
    };
    description.text = read.summary.to_string();
    Some((description, read.span))
}

/// A member, or one of the words that it can hold.
fn member(view: &View<'_>, offset: TextSize) -> Option<(Description, TextRange)> {
    let place = BundlePlace::at(view.text, offset);
    let word = &view.text[place.word];
    let description = match place.side {
        Side::Key => match (place.member(), Operator::named(word)) {
            (Some(member), _) => {
                let need = if member.is_required { "\n\nRequired." } else { "" };
                Description::new("", format!("`{}`: {}{need}", member.name, member.summary))
            }
            (None, Some(operator)) => Description::new("", format!("`{}`: {}", operator.name, operator.meaning())),
            (None, None) => parameter(&place)?,
        },
        Side::Value => match place.value()? {
            Holds::ActionName => match Reference::parse(word)? {
                Reference { integration: "common", kind: "transform", .. } => {
                    Description::new("", "Runs the jq program `expr` on `data`.")
                }
                Reference { integration: "common", name, .. } => {
                    let name = format!("zis.{name}");
                    let action = built_in(&name)?;
                    let text = action.documentation.as_deref().unwrap_or_default();
                    Description::new(format!("action {}", action.signature(&name)), text).about(Topic::BuiltInActions)
                }
                _ => return None,
            },
            Holds::EventType => event(place.object()?.text("event_source")?, word),
            Holds::EventSource => {
                let count = catalogue::events().iter().filter(|event| event.source == word).count();
                let known = count > 0;
                Description::new("", if known { format!("{count} events.") } else { "An inbound webhook.".to_owned() })
            }
            Holds::OneOf(_) => {
                let (_, does) = STATE_TYPES.iter().chain(RESOURCE_TYPES).find(|(name, _)| *name == word)?;
                let description = Description::new("", format!("`{word}`: {does}."));
                if word.contains("::") { description } else { description.about(Topic::State(word)) }
            }
            _ => return None,
        },
    };
    Some((description, place.word))
}

/// A parameter of the action that a state calls.
fn parameter(place: &BundlePlace) -> Option<Description> {
    let [.., state, parameters] = place.around.as_slice() else { return None };
    let (key, action) = (parameters.key.as_deref()?, state.text("ActionName")?);
    let key = key.strip_suffix(".$").unwrap_or(key);
    let Reference { integration, kind: "action", name } = Reference::parse(action)? else { return None };
    if state.key.as_deref() != Some("Parameters") {
        return None;
    }
    let text = format!("A parameter of `{name}`.");
    if integration != "common" {
        return Some(Description::new(key, text));
    }
    let known = built_in(&format!("zis.{name}"))?.parameters.iter().find(|parameter| parameter.name == key)?;
    Some(Description::new(known.signature(), text))
}
