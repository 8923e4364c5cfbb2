//! The project around a source: `zisc.toml`, the environment that is chosen, and what the command line sets.

use crate::file::TextFile;
use anyhow::{Context, anyhow, bail};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use toml::{Table, Value};
use zisc_bundle::nearest;
use zisc_core::{Database, Declarations, Level, LoadConfig, Settings};

/// Which environment, and what is set beside it.
#[derive(clap::Args)]
pub(crate) struct Environment {
    /// The environment of zisc.toml to build for
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// Sets a param; may be given several times
    #[arg(long, value_name = "PARAM=VALUE")]
    set: Vec<String>,
}

/// What the project says about itself.
#[derive(Default)]
pub(crate) struct Project {
    integration: Option<String>,
    params: BTreeMap<String, String>,
    connections: BTreeMap<String, String>,
    /// How the platform behaves where nobody knows for sure.
    pub(crate) platform: BTreeMap<String, String>,
    /// How bad findings are, by their code.
    levels: BTreeMap<&'static str, Option<Level>>,
}

impl Project {
    /// The project of a source.
    pub(crate) fn of(source: &TextFile, arguments: &Environment) -> anyhow::Result<Self> {
        let mut project = match find(&source.path) {
            Some(path) => read(&path, arguments.env.as_deref())?,
            None => match &arguments.env {
                Some(name) => bail!("there is no environment `{name}`: no zisc.toml stands beside {}", source.name()),
                None => Self::default(),
            },
        };
        for set in &arguments.set {
            let Some((name, value)) = set.split_once('=') else {
                bail!("--set {set} sets nothing: write it as --set name=value");
            };
            project.params.insert(name.to_owned(), value.to_owned());
        }
        Ok(project)
    }

    /// The same, as the compiler takes it.
    pub(crate) fn settings(&self, db: &Database) -> Settings {
        let load_config = match self.platform.get("load_config").map(String::as_str) {
            Some("wrapped") => LoadConfig::Wrapped,
            _ => LoadConfig::Bare,
        };
        Settings::builder(load_config, self.integration.clone(), self.params.clone(), self.connections.clone())
            .levels(self.levels.clone())
            .new(db)
    }

    /// Whether every param has a value of its type, and every value a param.
    pub(crate) fn check(&self, declarations: &Declarations) -> anyhow::Result<()> {
        for (name, value) in &self.params {
            let Some(param) = declarations.params.get(name.as_str()) else {
                return Err(unknown("param", name, declarations.params.keys().map(|name| name.as_str())));
            };
            if !zisc_core::fits_param(param, value) {
                bail!("param `{name}` is of type {}, and `{value}` is not", param.kind);
            }
        }
        let unset = |name: &str| !self.params.contains_key(name);
        if let Some((name, _)) = declarations.params.iter().find(|(name, param)| param.is_required() && unset(name)) {
            bail!("param `{name}` has no value: give one with --set {name}=…, or in zisc.toml under [env.NAME.params]");
        }
        for name in self.connections.keys() {
            if !declarations.connections.iter().any(|known| known == name) {
                return Err(unknown("connection", name, declarations.connections.iter().map(|name| name.as_str())));
            }
        }
        Ok(())
    }
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> anyhow::Error {
    let known: Vec<&str> = known.collect();
    match nearest(name, known.iter().copied()) {
        Some(near) => anyhow!("there is no {what} `{name}`: did you mean `{near}`?"),
        None => {
            let known: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
            match known.is_empty() {
                true => anyhow!("there is no {what} `{name}`, nor any other"),
                false => anyhow!("there is no {what} `{name}`: there are {}", known.join(", ")),
            }
        }
    }
}

/// The `zisc.toml` of a source, or where one would be.
pub(crate) fn file_of(source: &TextFile) -> Option<PathBuf> {
    find(&source.path).or_else(|| Some(std::path::absolute(&source.path).ok()?.with_file_name("zisc.toml")))
}

/// The `zisc.toml` beside a file, or in a folder above.
fn find(source: &Path) -> Option<PathBuf> {
    let folder = std::path::absolute(source).ok()?;
    folder.ancestors().skip(1).map(|folder| folder.join("zisc.toml")).find(|path| path.is_file())
}

fn read(path: &Path, environment: Option<&str>) -> anyhow::Result<Project> {
    let file = TextFile::read(path)?;
    let table: Table = file.text.parse().with_context(|| format!("{} is not TOML", path.display()))?;
    let mut project = Project::default();
    only(&table, &["env", "levels", "platform"], path, "")?;
    if let Some(levels) = table.get("levels") {
        project.levels = self::levels(&texts(levels, path, "levels")?, path)?;
    }
    if let Some(platform) = table.get("platform") {
        project.platform = texts(platform, path, "platform")?;
    }
    let environments = match table.get("env") {
        Some(Value::Table(environments)) => environments.clone(),
        Some(_) => bail!("`env` in {} is a table, as in [env.production]", path.display()),
        None => Table::new(),
    };
    let Some(name) = environment else { return Ok(project) };
    let Some(Value::Table(environment)) = environments.get(name) else {
        return Err(unknown("environment", name, environments.keys().map(String::as_str)));
    };
    let place = format!("env.{name}");
    only(environment, &["integration", "params", "connections"], path, &place)?;
    if let Some(integration) = environment.get("integration") {
        let Value::String(integration) = integration else {
            bail!("`{place}.integration` in {} is a text", path.display());
        };
        project.integration = Some(integration.clone());
    }
    if let Some(params) = environment.get("params") {
        project.params = self::params(params, path, &format!("{place}.params"))?;
    }
    if let Some(connections) = environment.get("connections") {
        project.connections = texts(connections, path, &format!("{place}.connections"))?;
    }
    Ok(project)
}

/// How bad findings are: `[levels]`, by code or by name. An error stays one: what cannot work does not work better
/// when nobody says so.
fn levels(table: &BTreeMap<String, String>, path: &Path) -> anyhow::Result<BTreeMap<&'static str, Option<Level>>> {
    let mut levels = BTreeMap::new();
    for (name, level) in table {
        let Some(rule) = zisc_core::rule(name) else {
            let names = zisc_core::RULES.iter().flat_map(|rule| [rule.code, rule.name]);
            return Err(match nearest(name, names) {
                Some(near) => anyhow!("no finding is called `{name}` in {}: did you mean `{near}`?", path.display()),
                None => anyhow!("no finding is called `{name}` in {}: name it by its code or its name", path.display()),
            });
        };
        let level = match level.as_str() {
            "off" => None,
            "hint" => Some(Level::Hint),
            "warning" => Some(Level::Warning),
            "error" => Some(Level::Error),
            other => {
                bail!("`levels.{name}` in {} is off, hint, warning or error, and `{other}` is none", path.display())
            }
        };
        if rule.level == Level::Error && level != Some(Level::Error) {
            bail!(
                "`{name}` in {} is an error and stays one; @allow(\"{}\") accepts it at one place",
                path.display(),
                rule.name
            );
        }
        levels.insert(rule.code, level);
    }
    Ok(levels)
}

/// A key that means nothing is most likely a slip.
fn only(table: &Table, known: &[&str], path: &Path, place: &str) -> anyhow::Result<()> {
    let Some(key) = table.keys().find(|key| !known.contains(&key.as_str())) else { return Ok(()) };
    let place = if place.is_empty() { String::new() } else { format!("{place}.") };
    match nearest(key, known.iter().copied()) {
        Some(near) => bail!("`{place}{key}` in {} means nothing: did you mean `{near}`?", path.display()),
        None => bail!("`{place}{key}` in {} means nothing: known are {}", path.display(), known.join(", ")),
    }
}

/// What params are set to: texts, numbers and booleans as they are written, lists and tables as JSON.
fn params(value: &Value, path: &Path, place: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let Value::Table(table) = value else { bail!("`{place}` in {} is a table", path.display()) };
    let written = |value: &Value| match value {
        Value::Array(_) | Value::Table(_) => serde_json::to_string(value).map_err(anyhow::Error::from),
        Value::Datetime(_) => {
            bail!("quote it: a param is a text, a number, true or false, or a list or table of these")
        }
        value => Ok(text(value).unwrap_or_default()),
    };
    let param = |(name, value): (&String, &Value)| {
        Ok((name.clone(), written(value).with_context(|| format!("`{place}.{name}` in {}", path.display()))?))
    };
    table.iter().map(param).collect()
}

/// A table of texts; numbers and booleans are taken as they are written.
fn texts(value: &Value, path: &Path, place: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let Value::Table(table) = value else { bail!("`{place}` in {} is a table", path.display()) };
    table
        .iter()
        .map(|(key, value)| match text(value) {
            Some(text) => Ok((key.clone(), text)),
            None => bail!("`{place}.{key}` in {} is a text, a number, true or false", path.display()),
        })
        .collect()
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Boolean(value) => Some(value.to_string()),
        Value::Datetime(_) | Value::Array(_) | Value::Table(_) => None,
    }
}
