//! `zisc.toml`: what a project says about itself beside its sources. Its environments, how bad findings are, and how
//! the platform behaves where nobody knows for sure.

use crate::finding::Level;
use crate::{Database, Declarations, LoadConfig, Settings, fits_param, rule};
use salsa::Setter;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};
use zisc_bundle::json::{Json, Member, Value, compact};
use zisc_bundle::{Span, nearest};

/// What the project says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// The integration's key in the environment.
    pub integration: Option<String>,
    /// What params are set to, as text; lists and records in JSON.
    pub params: BTreeMap<String, String>,
    /// What connections are called in the environment.
    pub connections: BTreeMap<String, String>,
    /// How the platform behaves where nobody knows for sure.
    pub platform: BTreeMap<String, String>,
    /// How bad findings are, by the code of their sort; nothing where they are not wanted.
    pub levels: BTreeMap<&'static str, Option<Level>>,
}

/// Why a `zisc.toml` cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectError {
    /// What is wrong, and what to write instead.
    pub message: String,
    /// Where in the text.
    pub span: Option<Span>,
}

type Table<'t> = DeTable<'t>;
type Key<'t> = Spanned<DeString<'t>>;
type Entry<'t> = Spanned<DeValue<'t>>;
type Read<T> = Result<T, ProjectError>;

impl Project {
    /// Reads the text of a `zisc.toml`, for one of its environments. All of it has to be right, the others too.
    pub fn read(text: &str, environment: Option<&str>) -> Read<Self> {
        let table = DeTable::parse(text).map_err(|error| ProjectError {
            message: format!("this is not TOML: {}", error.message()),
            span: error.span().map(span),
        })?;
        let table = table.get_ref();
        only(table, &["env", "levels", "platform"], "")?;
        let mut project = Self::default();
        if let Some(levels) = table.get("levels") {
            project.levels = self::levels(levels)?;
        }
        if let Some(platform) = table.get("platform") {
            project.platform = texts(platform, "platform")?;
        }
        let mut names = Vec::new();
        let mut is_found = false;
        if let Some(environments) = table.get("env") {
            for (name, written) in self::table(environments, "env", "as in [env.production]")? {
                let place = format!("env.{}", name.get_ref());
                let (integration, params, connections) = self::environment(written, &place)?;
                if environment == Some(name.get_ref()) {
                    is_found = true;
                    (project.integration, project.params, project.connections) = (integration, params, connections);
                }
                names.push(name.get_ref().to_string());
            }
        }
        match environment {
            Some(name) if !is_found => {
                let message = unknown("environment", name, names.iter().map(String::as_str));
                Err(ProjectError { message, span: None })
            }
            _ => Ok(project),
        }
    }

    /// The same, as the compiler takes it.
    pub fn settings(&self, db: &mut Database) -> Settings {
        let settings = Settings::standard(db);
        self.apply(db, settings);
        settings
    }

    /// Makes settings say what the project does, so that only what it changes is looked at again.
    pub fn apply(&self, db: &mut Database, settings: Settings) {
        let load_config = match self.platform.get("load_config").map(String::as_str) {
            Some("wrapped") => LoadConfig::Wrapped,
            _ => LoadConfig::Bare,
        };
        if settings.load_config(db) != load_config {
            settings.set_load_config(db).to(load_config);
        }
        if settings.integration(db) != self.integration.as_deref() {
            settings.set_integration(db).to(self.integration.clone());
        }
        if *settings.params(db) != self.params {
            settings.set_params(db).to(self.params.clone());
        }
        if *settings.connections(db) != self.connections {
            settings.set_connections(db).to(self.connections.clone());
        }
        if *settings.levels(db) != self.levels {
            settings.set_levels(db).to(self.levels.clone());
        }
    }

    /// Whether every param has a value of its type, and every value a param; what is wrong where not.
    pub fn check(&self, declarations: &Declarations) -> Result<(), String> {
        for (name, value) in &self.params {
            let Some(param) = declarations.params.get(name.as_str()) else {
                return Err(unknown("param", name, declarations.params.keys().map(|name| name.as_str())));
            };
            if !fits_param(param, value) {
                return Err(format!("param `{name}` is of type {}, and `{value}` is not", param.kind));
            }
        }
        let unset = |name: &str| !self.params.contains_key(name);
        if let Some((name, _)) = declarations.params.iter().find(|(name, param)| param.is_required() && unset(name)) {
            return Err(format!(
                "param `{name}` has no value: give one with --set {name}=…, or in zisc.toml under [env.NAME.params]"
            ));
        }
        let known = || declarations.connections.iter().map(|name| name.as_str());
        match self.connections.keys().find(|name| known().all(|known| known != name.as_str())) {
            Some(name) => Err(unknown("connection", name, known())),
            None => Ok(()),
        }
    }
}

type Environment = (Option<String>, BTreeMap<String, String>, BTreeMap<String, String>);

fn environment(written: &Entry<'_>, place: &str) -> Read<Environment> {
    let table = table(written, place, "as in [env.production]")?;
    only(table, &["integration", "params", "connections"], &format!("{place}."))?;
    let integration = match table.get("integration") {
        Some(written) => match written.get_ref() {
            DeValue::String(key) => Some(key.to_string()),
            _ => return wrong(written, format!("`{place}.integration` is a text")),
        },
        None => None,
    };
    let params = table.get("params").map(|params| self::params(params, &format!("{place}.params")));
    let connections = table.get("connections").map(|names| texts(names, &format!("{place}.connections")));
    Ok((integration, params.transpose()?.unwrap_or_default(), connections.transpose()?.unwrap_or_default()))
}

/// How bad findings are: `[levels]`, by code or by name. An error stays one: what cannot work does not work better
/// when nobody says so.
fn levels(written: &Entry<'_>) -> Read<BTreeMap<&'static str, Option<Level>>> {
    let mut levels = BTreeMap::new();
    for (name, level) in table(written, "levels", "as in [levels]")? {
        let Some(rule) = rule(name.get_ref()) else {
            let names = crate::RULES.iter().flat_map(|rule| [rule.code, rule.name]);
            return wrong(
                name,
                match nearest(name.get_ref(), names) {
                    Some(near) => format!("no finding is called `{}`: did you mean `{near}`?", name.get_ref()),
                    None => format!("no finding is called `{}`: name it by its code or its name", name.get_ref()),
                },
            );
        };
        let chosen = match text(level.get_ref()).as_deref() {
            Some("off") => None,
            Some("hint") => Some(Level::Hint),
            Some("warning") => Some(Level::Warning),
            Some("error") => Some(Level::Error),
            other => {
                let other = other.map_or_else(String::new, |other| format!(", and `{other}` is none"));
                return wrong(level, format!("`levels.{}` is off, hint, warning or error{other}", name.get_ref()));
            }
        };
        if rule.level == Level::Error && chosen != Some(Level::Error) {
            let message = format!(
                "`{}` is an error and stays one; @allow(\"{}\") accepts it at one place",
                name.get_ref(),
                rule.name
            );
            return wrong(level, message);
        }
        levels.insert(rule.code, chosen);
    }
    Ok(levels)
}

/// What params are set to: texts, numbers and booleans as they are written, lists and tables as JSON.
fn params(written: &Entry<'_>, place: &str) -> Read<BTreeMap<String, String>> {
    let param = |(name, value): (&Key<'_>, &Entry<'_>)| {
        let written = match (text(value.get_ref()), json(value.get_ref())) {
            (Some(text), _) => text,
            (None, Some(json)) => compact(&json),
            (None, None) => {
                return wrong(
                    value,
                    format!(
                        "`{place}.{}` is a text, a number, true or false, or a list or table of these",
                        name.get_ref()
                    ),
                );
            }
        };
        Ok((name.get_ref().to_string(), written))
    };
    table(written, place, "of names and values")?.iter().map(param).collect()
}

/// A table of texts; numbers and booleans are taken as they are written.
fn texts(written: &Entry<'_>, place: &str) -> Read<BTreeMap<String, String>> {
    let entry = |(name, value): (&Key<'_>, &Entry<'_>)| match text(value.get_ref()) {
        Some(text) => Ok((name.get_ref().to_string(), text)),
        None => wrong(value, format!("`{place}.{}` is a text, a number, true or false", name.get_ref())),
    };
    table(written, place, "of names and texts")?.iter().map(entry).collect()
}

fn text(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok().map(|it| it.to_string()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        DeValue::Boolean(value) => Some(value.to_string()),
        DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

fn json(value: &DeValue<'_>) -> Option<Json> {
    let value = match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Integer(_) | DeValue::Float(_) => Value::Number(text(value)?),
        DeValue::Boolean(value) => Value::Bool(*value),
        DeValue::Array(items) => Value::Array(items.iter().map(|item| json(item.get_ref())).collect::<Option<_>>()?),
        DeValue::Table(table) => {
            let member = |(key, value): (&Key<'_>, &Entry<'_>)| {
                Some(Member::new(key.get_ref().to_string(), json(value.get_ref())?))
            };
            Value::Object(table.iter().map(member).collect::<Option<_>>()?)
        }
        DeValue::Datetime(_) => return None,
    };
    Some(Json::new(value, Span::default()))
}

fn table<'e, 't>(written: &'e Entry<'t>, place: &str, example: &str) -> Read<&'e Table<'t>> {
    match written.get_ref() {
        DeValue::Table(table) => Ok(table),
        _ => wrong(written, format!("`{place}` is a table, {example}")),
    }
}

/// A key that means nothing is most likely a slip.
fn only(table: &Table<'_>, known: &[&str], place: &str) -> Read<()> {
    let Some(key) = table.keys().find(|key| !known.contains(&key.get_ref().as_ref())) else { return Ok(()) };
    let mut message = format!("`{place}{}` means nothing: ", key.get_ref());
    let _ = match nearest(key.get_ref(), known.iter().copied()) {
        Some(near) => write!(message, "did you mean `{near}`?"),
        None => write!(message, "known are {}", known.join(", ")),
    };
    wrong(key, message)
}

fn wrong<T, W>(written: &Spanned<W>, message: String) -> Read<T> {
    Err(ProjectError { message, span: Some(span(written.span())) })
}

fn span(range: std::ops::Range<usize>) -> Span {
    let at = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX).into();
    Span::new(at(range.start), at(range.end))
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    if let Some(near) = nearest(name, known.iter().copied()) {
        return format!("there is no {what} `{name}`: did you mean `{near}`?");
    }
    let known: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
    match known.is_empty() {
        true => format!("there is no {what} `{name}`, nor any other"),
        false => format!("there is no {what} `{name}`: there are {}", known.join(", ")),
    }
}
