use std::fmt;

/// A reference path such as `$.input.ticket_event.ticket.tags[0]`: it names exactly one place in the data.
///
/// The grammar is the part of JSONPath that bundles are known to use: `$`, then `.name`, `[0]`, `["name"]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Path {
    /// The way from `$` down.
    pub steps: Vec<Step>,
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Into a member of an object.
    Member(String),
    /// Into an item of an array, from 0.
    Index(usize),
}

/// Why a text is no reference path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathError {
    /// The byte at which reading stopped.
    pub at: usize,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PathError {}

impl Path {
    /// Reads a path; the whole text must be one.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let fail = |at: usize, message: &str| Err(PathError { at, message: message.to_owned() });
        let Some(mut rest) = text.strip_prefix('$') else {
            return fail(0, "a path begins with `$`");
        };
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let at = text.len() - rest.len();
            if let Some(after) = rest.strip_prefix('.') {
                let length = after.find(|c: char| !is_name_character(c)).unwrap_or(after.len());
                if length == 0 {
                    return fail(
                        at + 1,
                        if after.starts_with('.') {
                            "`..` names more than one place"
                        } else {
                            "a name is missing after `.`"
                        },
                    );
                }
                steps.push(Step::Member(after[..length].to_owned()));
                rest = &after[length..];
            } else if let Some(after) = rest.strip_prefix('[') {
                let (step, length) = bracket(after).map_err(|message| PathError { at: at + 1, message })?;
                steps.push(step);
                rest = &after[length..];
            } else {
                return fail(at, "`.` or `[` is expected here");
            }
        }
        Ok(Self { steps })
    }

    /// This path and one member more.
    #[must_use]
    pub fn member(&self, name: impl Into<String>) -> Self {
        let mut steps = self.steps.clone();
        steps.push(Step::Member(name.into()));
        Self { steps }
    }

    /// Whether this is `$` alone.
    pub fn is_root(&self) -> bool {
        self.steps.is_empty()
    }
}

/// What stands between `[` and `]`, and how many bytes it takes with the closing bracket.
fn bracket(text: &str) -> Result<(Step, usize), String> {
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let end = text[1..].find(quote).ok_or("the quoted name is not closed")? + 1;
        if !text[end + 1..].starts_with(']') {
            return Err("`]` is missing after the name".to_owned());
        }
        return Ok((Step::Member(text[1..end].to_owned()), end + 2));
    }
    let end = text.find(']').ok_or("`]` is missing")?;
    let inner = &text[..end];
    if inner.is_empty() || !inner.bytes().all(|b| b.is_ascii_digit()) {
        return Err(match inner {
            "*" => "`[*]` names more than one place".to_owned(),
            _ if inner.starts_with('?') => "a filter `[?…]` names more than one place".to_owned(),
            _ if inner.contains(':') => "a slice names more than one place".to_owned(),
            _ => format!("`[{inner}]` is no index: write a whole number from 0, or a name in quotes"),
        });
    }
    let index = inner.parse().map_err(|_| format!("index {inner} is too large"))?;
    Ok((Step::Index(index), end + 1))
}

/// What may stand in a name after a dot.
fn is_name_character(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        for step in &self.steps {
            match step {
                Step::Member(name) if !name.is_empty() && name.chars().all(is_name_character) => write!(f, ".{name}")?,
                Step::Member(name) if name.contains('"') => write!(f, "['{name}']")?,
                Step::Member(name) => write!(f, "[\"{name}\"]")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_and_prints_the_same() {
        for text in ["$", "$.a", "$.a.b[0].c", "$.a-b.ü", "$[\"a b\"]", "$.a[12][\"x.y\"]"] {
            assert_eq!(Path::parse(text).expect(text).to_string(), text);
        }
        assert_eq!(Path::parse("$['a b']").expect("single quotes").to_string(), "$[\"a b\"]");
    }

    #[test]
    fn what_names_more_than_one_place_is_refused_with_its_place() {
        for (text, at) in
            [("", 0), ("a.b", 0), ("$.", 2), ("$..a", 2), ("$.a[*]", 4), ("$.a[0:2]", 4), ("$a", 1), ("$.a[-1]", 4)]
        {
            assert_eq!(Path::parse(text).expect_err(text).at, at, "{text}");
        }
    }
}
