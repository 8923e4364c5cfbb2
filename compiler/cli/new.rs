//! `zisc new`: a project to begin with.

use crate::Outcome;
use crate::file;
use anyhow::{Context, bail};
use std::io::Write;
use std::path::PathBuf;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder to make; its name becomes the integration's key
    name: PathBuf,
}

/// The files of a new project: where they stand, and their text, with NAME for the integration's key.
const FILES: &[(&str, &str)] = &[
    ("main.zis", include_str!("new/main.zis")),
    ("zisc.toml", include_str!("new/zisc.toml")),
    ("fixtures/solved.json", include_str!("new/solved.json")),
    ("fixtures/account.json", include_str!("new/account.json")),
    ("fixtures/http.json", include_str!("new/http.json")),
    (".vscode/extensions.json", include_str!("new/extensions.json")),
];

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let folder = &arguments.name;
    let Some(name) = folder.file_name().and_then(|name| name.to_str()) else {
        bail!("{} is no name for a project", folder.display());
    };
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    if name.len() > 64 || !name.chars().all(fits) {
        bail!(
            "`{name}` cannot be an integration's key, which has 1 to 64 characters of a-z, 0-9, `-` and `_`: choose another name"
        );
    }
    if folder.exists() {
        bail!("{} is there already, and nothing in it was changed: choose another name", folder.display());
    }
    for (path, text) in FILES {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        }
        file::write(&path, &text.replace("NAME", name))?;
    }
    let shown = folder.display();
    writeln!(
        std::io::stdout(),
        "made {shown}\n\n  cd {shown}\n  zisc check\n  zisc run --event fixtures/solved.json --account fixtures/account.json --http fixtures/http.json\n  zisc build -o bundle.json"
    )?;
    Ok(Outcome::Done)
}
