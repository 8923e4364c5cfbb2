//! The project around a source: its `zisc.toml`, the environment that is chosen, and what the command line sets.

use crate::complaint::Complaint;
use crate::file::TextFile;
use anyhow::{anyhow, bail};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use zisc_core::{Project, ProjectError};

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

/// The project of a source.
pub(crate) fn of(source: &TextFile, arguments: &Environment) -> anyhow::Result<Project> {
    let mut project = match find(&source.path) {
        Some(path) => read(&path, arguments.env.as_deref())?,
        None => match &arguments.env {
            Some(name) => bail!("there is no environment `{name}`: no zisc.toml stands beside {}", source.name()),
            None => Project::default(),
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
    let file = Arc::new(TextFile::read(path)?);
    Project::read(&file.text, environment).map_err(|ProjectError { message, span }| match span {
        Some(span) => Complaint::error(message).at(&file, span).into(),
        None => anyhow!(message),
    })
}
