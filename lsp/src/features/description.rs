//! What a name is, in the notation of the language and in words.

use crate::snapshot::View;
use zisc_core::navigate::{self, LocalSort, MadeState, Sort, Symbol};
use zisc_core::{FieldType, Topic, Type, built_in, catalogue, declarations, function, jq, parsed};

/// Longer definitions are not shown as a whole.
const MOST_LINES: usize = 24;

/// What a name is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Description {
    /// In the notation of the language.
    pub(crate) code: String,
    /// The language of the code; `zis` where it is left out.
    pub(crate) language: Option<&'static str>,
    /// In words, in Markdown.
    pub(crate) text: String,
    /// The address of the page of the platform about it.
    pub(crate) page: Option<String>,
}

impl Description {
    pub(crate) fn new(code: impl Into<String>, text: impl Into<String>) -> Self {
        Self { code: code.into(), language: None, text: text.into(), page: None }
    }

    /// With a link to the platform's page.
    pub(crate) fn about(self, topic: Topic<'_>) -> Self {
        Self { page: Some(zisc_core::page(topic)), ..self }
    }

    /// Both, in Markdown.
    pub(crate) fn markdown(&self) -> String {
        let code = match self.code.is_empty() {
            true => String::new(),
            false => format!("```{}\n{}\n```\n", self.language.unwrap_or("zis"), self.code),
        };
        let page = self.page.as_ref().map(|page| format!("\n\n[Zendesk's page]({page})")).unwrap_or_default();
        format!("{code}\n{}{page}", self.text).trim().to_owned()
    }

    /// The same without Markdown.
    pub(crate) fn plain(&self) -> String {
        let page = self.page.as_deref().unwrap_or_default();
        format!("{}\n\n{}\n\n{page}", self.code, self.text).trim().to_owned()
    }
}

/// What a name of an item stands for.
pub(crate) fn of_symbol(view: &View<'_>, symbol: &Symbol) -> Option<Description> {
    let declarations = declarations(view.db, view.file);
    match symbol {
        Symbol::Item(sort, name) => match sort {
            Sort::Event if !declarations.events.contains_key(name) => of_event(name),
            sort => of_item(view, *sort, name),
        },
        Symbol::Callable(name) => of_callable(view, name),
        Symbol::Parameter(action, name) => {
            let signature = declarations.actions.get(action).or_else(|| built_in(action));
            if let Some(parameter) = signature.and_then(|it| it.parameters.iter().find(|it| it.name == *name)) {
                return Some(Description::new(parameter.signature(), format!("A parameter of `{action}`.")));
            }
            let parameter = function(action)?.parameters.iter().find(|parameter| parameter.name == name.as_str())?;
            Some(Description::new(parameter.signature(), format!("A parameter of `{action}`.")))
        }
        Symbol::Local { sort, name, .. } => match sort {
            LocalSort::Label => Some(Description::new(format!("{name}:"), "")),
            LocalSort::JqVariable => Some(in_jq(name, "A variable of this jq text.")),
            LocalSort::JqFunction => Some(in_jq(name, "A function that this jq text defines.")),
            // The type of a value depends on the place.
            LocalSort::Event | LocalSort::Alias | LocalSort::Member | LocalSort::Item => None,
        },
        Symbol::Imported { name, .. } => navigate::SORTS.iter().find_map(|sort| of_item(view, *sort, name)),
        Symbol::JqFunction(name, arguments) => of_jq_function(name, *arguments),
    }
}

/// An action, a function, or what a config can do.
pub(crate) fn of_callable(view: &View<'_>, name: &str) -> Option<Description> {
    let declarations = declarations(view.db, view.file);
    if let Some(action) = declarations.actions.get(name).or_else(|| built_in(name)) {
        let text = action.documentation.as_deref().unwrap_or_default();
        let description = Description::new(format!("action {}", action.signature(name)), text);
        return Some(match built_in(name) {
            Some(_) => description.about(Topic::BuiltInActions),
            None => description,
        });
    }
    if let Some(function) = function(name) {
        let (expression, value) = function.example;
        let example = format!("```zis\n{expression} // {value}\n```");
        return Some(Description::new(function.signature(), format!("{}\n\n{example}", function.summary)));
    }
    let (config, method) = name.rsplit_once('.')?;
    let fields = declarations.configs.get(config)?;
    match method {
        "load" => Some(Description::new(format!("{name}() -> {}", fields.kind), "Reads the settings of this config.")),
        "patch" => Some(Description::new(
            format!("{name}({{ … }})"),
            "Changes the settings that are named; the others stay as they are.",
        )),
        _ => None,
    }
}

pub(crate) fn of_jq_function(name: &str, arguments: usize) -> Option<Description> {
    let function =
        jq::FUNCTIONS.iter().find(|function| function.name == name && function.parameters.len() == arguments)?;
    Some(in_jq(&jq_signature(function), function.summary))
}

fn in_jq(code: &str, text: &str) -> Description {
    Description { language: Some("jq"), ..Description::new(code, text) }
}

/// How a function of jq is called.
pub(crate) fn jq_signature(function: &jq::Function) -> String {
    match function.parameters {
        [] => function.name.to_owned(),
        parameters => format!("{}({})", function.name, parameters.join("; ")),
    }
}

/// An event of Zendesk.
pub(crate) fn of_event(name: &str) -> Option<Description> {
    let event = catalogue::event_named(name)?;
    let text = format!("{}\n\nIts `type` is \"{}\". It carries `{}`.", event.summary, event.label, event.root);
    Some(Description::new(format!("event {name}"), text).about(Topic::Event(event)))
}

/// What an item declares: as it is written, where that is short.
fn of_item(view: &View<'_>, sort: Sort, name: &str) -> Option<Description> {
    if sort == Sort::Type && navigate::is_built_in_type(name) {
        return Some(Description::new(name, ""));
    }
    let (_, item) = navigate::named(view.db, view.file, sort, name)?;
    let tree = &parsed(view.db, item).item;
    let text = without_documentation(&item.text(view.db)[tree.span]);
    let code = match sort {
        Sort::Action => {
            let action = declarations(view.db, view.file).actions.get(name)?;
            format!("action {}", action.signature(name))
        }
        Sort::Flow => text.lines().next().unwrap_or_default().trim_end_matches(['{', ' ']).to_owned(),
        _ if text.lines().count() > MOST_LINES => {
            let mut lines: Vec<&str> = text.lines().take(MOST_LINES).collect();
            lines.push("  …");
            lines.join("\n")
        }
        _ => text.to_owned(),
    };
    let mut words = tree.documentation.text().unwrap_or_default().to_owned();
    if sort == Sort::Flow {
        let jobs = navigate::jobs_of_flow(view.db, view.file, name);
        let jobs: Vec<_> = jobs.iter().map(|job| format!("`{job}`")).collect();
        if !jobs.is_empty() {
            words = format!("{words}\n\nStarted by {}.", jobs.join(", "));
        }
    }
    let description = Description::new(code, words.trim());
    Some(if sort == Sort::Action { description.about(Topic::CustomActions) } else { description })
}

/// An item without the lines of documentation above it, which are told in words.
fn without_documentation(mut text: &str) -> &str {
    while let Some((_, rest)) = text.split_once('\n').filter(|(line, _)| line.trim_start().starts_with("///")) {
        text = rest;
    }
    text
}

/// A value: its name and type, with the fields of a record.
pub(crate) fn of_value(name: &str, kind: &Type) -> Description {
    let shown: Vec<String> = kind.fields().take(MOST_LINES).map(field_line).collect();
    let is_named = matches!(kind.without_null(), Type::Record(record) if record.name.is_some());
    let fields = match (is_named, shown.is_empty()) {
        (true, false) => {
            let more = if kind.fields().count() > shown.len() { "\n  …" } else { "" };
            format!(" {{\n{}{more}\n}}", shown.join("\n"))
        }
        _ => String::new(),
    };
    Description::new(format!("{name}: {kind}{fields}"), "")
}

/// A value with its fields, one a line.
pub(crate) fn lines_of(name: &str, kind: &Type) -> String {
    let Type::Record(record) = kind else { return format!("{name}: {kind}") };
    let mut lines: Vec<String> = record.fields.iter().take(MOST_LINES).map(field_line).collect();
    if record.fields.len() > lines.len() {
        lines.push("  …".to_owned());
    }
    format!("{name}: {{\n{}\n}}", lines.join("\n"))
}

fn field_line(field: &FieldType) -> String {
    format!("  {}{}: {}", field.name, if field.optional { "?" } else { "" }, field.kind)
}

/// The states that a statement becomes.
pub(crate) fn of_states(states: &[MadeState]) -> String {
    let mut out = String::new();
    for state in states {
        let page = zisc_core::page(Topic::State(&state.kind));
        out.push_str(&format!("\n\n`{}`, a state of type [{}]({page})", state.name, state.kind));
        match &state.jq {
            Some(program) => out.push_str(&format!(", computes what the platform cannot:\n```jq\n{program}\n```")),
            None => out.push_str(&format!(":\n```json\n{}\n```", state.json.trim_end())),
        }
    }
    out.trim().to_owned()
}
