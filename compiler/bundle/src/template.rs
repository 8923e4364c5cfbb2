use crate::{Path, PathError};

/// A string with placeholders, such as `Ticket {{$.input.ticket_event.ticket.id}} was solved.`
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// Texts and paths in order.
    pub parts: Vec<Part>,
}

/// A piece of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text that stands for itself.
    Text(String),
    /// `{{$.path}}`: the value found there, as text.
    Path(Path),
}

impl Template {
    /// Reads the placeholders of `text`. `{{NAME}}` without `$` is no placeholder and stays text.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = text;
        while let Some(open) = rest.find("{{$") {
            let inner = &rest[open + 2..];
            let Some(close) = inner.find("}}") else { break };
            literal.push_str(&rest[..open]);
            if !literal.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut literal)));
            }
            let at = text.len() - inner.len();
            parts.push(Part::Path(
                Path::parse(&inner[..close]).map_err(|error| PathError { at: at + error.at, ..error })?,
            ));
            rest = &inner[close + 2..];
        }
        literal.push_str(rest);
        if !literal.is_empty() {
            parts.push(Part::Text(literal));
        }
        Ok(Self { parts })
    }

    /// Whether a placeholder stands in it.
    pub fn has_placeholder(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Path(_)))
    }

    /// The paths it reads.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.parts.iter().filter_map(|part| match part {
            Part::Path(path) => Some(path),
            Part::Text(_) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_from_text() {
        let template = Template::parse("a {{NAME}} {{$.x.y}}{{$.z}} {{$.open").expect("a template");
        let path = |text| Part::Path(Path::parse(text).expect("a path"));
        assert_eq!(
            template.parts,
            [Part::Text("a {{NAME}} ".into()), path("$.x.y"), path("$.z"), Part::Text(" {{$.open".into())]
        );
    }

    #[test]
    fn a_broken_path_is_placed_in_the_whole_text() {
        assert_eq!(Template::parse("ab {{$.x[}}").expect_err("broken").at, 9);
    }
}
