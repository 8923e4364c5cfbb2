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

/// What stands between `[` and `]`, and how many bytes it takes with the closing bracket. Blanks may stand around it.
fn bracket(text: &str) -> Result<(Step, usize), String> {
    let inner = text.trim_start_matches(BLANKS);
    let start = text.len() - inner.len();
    if inner.starts_with(['"', '\'']) {
        let (name, length) = quoted(inner)?;
        let rest = inner[length..].trim_start_matches(BLANKS);
        if !rest.starts_with(']') {
            return Err("`]` is missing after the name".to_owned());
        }
        return Ok((Step::Member(name), text.len() - rest.len() + 1));
    }
    let end = inner.find(']').ok_or("`]` is missing")?;
    let digits = inner[..end].trim_end_matches(BLANKS);
    let leading_zero = digits.len() > 1 && digits.starts_with('0');
    if digits.is_empty() || leading_zero || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(match digits {
            "*" => "`[*]` names more than one place".to_owned(),
            _ if digits.starts_with('?') => "a filter `[?…]` names more than one place".to_owned(),
            _ if digits.contains(':') => "a slice names more than one place".to_owned(),
            _ if leading_zero => format!("`[{digits}]` is no index: leave out the zeros before the number"),
            _ => format!("`[{digits}]` is no index: write a whole number from 0, or a name in quotes"),
        });
    }
    let index = digits.parse().map_err(|_| format!("index {digits} is too large"))?;
    Ok((Step::Index(index), start + end + 1))
}

/// The blanks of JSON.
const BLANKS: [char; 4] = [' ', '\t', '\n', '\r'];

/// A name in quotes with its escapes, and how many bytes it takes.
fn quoted(text: &str) -> Result<(String, usize), String> {
    let mut characters = text.char_indices();
    let Some((_, quote)) = characters.next() else { return Err("a quoted name is expected".to_owned()) };
    let mut name = String::new();
    while let Some((at, character)) = characters.next() {
        match character {
            _ if character == quote => return Ok((name, at + 1)),
            '\\' => {
                let Some((_, escaped)) = characters.next() else { break };
                name.push(match escaped {
                    'b' => '\u{8}',
                    'f' => '\u{c}',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    '/' | '\\' => escaped,
                    'u' => {
                        let rest = characters.as_str();
                        let (unescaped, length) = code_point(rest).ok_or("`\\u` takes four hexadecimal digits")?;
                        characters.nth(length - 1);
                        unescaped
                    }
                    _ if escaped == quote => escaped,
                    _ => return Err(format!("`\\{escaped}` is no escape")),
                });
            }
            '\0'..='\u{1f}' => return Err("a control character cannot stand in a name: write an escape".to_owned()),
            _ => name.push(character),
        }
    }
    Err("the quoted name is not closed".to_owned())
}

/// The character of `XXXX`, or of a surrogate pair `XXXX\uXXXX`, and how many characters that takes.
fn code_point(text: &str) -> Option<(char, usize)> {
    let unit = |text: &str| {
        let digits = text.get(..4).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        u32::from_str_radix(digits, 16).ok()
    };
    let high = unit(text)?;
    if let Some(character) = char::from_u32(high) {
        return Some((character, 4));
    }
    let low = unit(text.get(4..)?.strip_prefix("\\u")?)?;
    let pair = (0xd800..0xdc00).contains(&high) && (0xdc00..0xe000).contains(&low);
    let character = pair.then(|| char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)))??;
    Some((character, 10))
}

/// What may stand in a name after a dot.
fn is_name_character(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-') || !c.is_ascii()
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("$")?;
        for step in &self.steps {
            match step {
                Step::Member(name) if !name.is_empty() && name.chars().all(is_name_character) => write!(f, ".{name}")?,
                Step::Member(name) if name.contains('"') && !name.contains(needs_escape) => write!(f, "['{name}']")?,
                Step::Member(name) => {
                    write!(f, "[{}]", crate::json::compact(&crate::json::Json::string(name, Default::default())))?
                }
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// What cannot stand between single quotes as it is.
fn needs_escape(c: char) -> bool {
    c == '\'' || c == '\\' || c < ' '
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_and_prints_the_same() {
        for text in ["$", "$.a", "$.a.b[0].c", "$.a-b.ü", "$[\"a b\"]", "$.a[12][\"x.y\"]"] {
            assert_eq!(Path::parse(text).expect(text).to_string(), text);
        }
        for (text, printed) in [
            ("$['a b']", r#"$["a b"]"#),
            ("$[ 'a' ][\t0\n]", "$.a[0]"),
            (r#"$["\u00e9\ud83d\ude00\\\/\t"]"#, r#"$["é😀\\/\t"]"#),
            (r#"$['say \"hi\'']"#.replace(r#"\""#, "\"").as_str(), r#"$["say \"hi'"]"#),
        ] {
            assert_eq!(Path::parse(text).expect(text).to_string(), printed);
        }
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
