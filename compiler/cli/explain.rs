//! `zisc explain`: the page of a finding.

use crate::Outcome;
use anyhow::bail;
use std::io::Write;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The code or the name of a finding, such as E0201 or unknown-field
    code: String,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let Some(rule) = zisc_core::rule(&arguments.code) else {
        let names = zisc_core::RULES.iter().flat_map(|rule| [rule.code, rule.name]);
        match zisc_bundle::nearest(&arguments.code, names) {
            Some(near) => bail!("no finding is called `{}`: did you mean `{near}`?", arguments.code),
            None => bail!("no finding is called `{}`: codes look like E0201", arguments.code),
        }
    };
    std::io::stdout().lock().write_all(rule.page.as_bytes())?;
    Ok(Outcome::Done)
}
