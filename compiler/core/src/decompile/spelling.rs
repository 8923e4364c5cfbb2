//! Values of a bundle as expressions: paths, texts, payload templates.

use crate::flow::template::VALUES;
use std::collections::{HashMap, HashSet};
use zisc_bundle::json::{Json, Value};
use zisc_bundle::{Part, Path, Step, Template};
use zisc_syntax::is_name;

/// What the names of an expression stand for.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    /// The name of the event.
    pub(super) event: Option<String>,
    /// The members that have a name.
    pub(super) members: HashSet<String>,
    /// Names for longer paths, the longest first.
    pub(super) aliases: Vec<(String, Path)>,
    /// What the jq state in front of a statement computes: expressions by the names that it gives them.
    pub(super) values: HashMap<String, String>,
}

/// How close an expression stays to the platform's notation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Manner {
    /// As a person writes it.
    Plain,
    /// A text that is one value alone stands in the platform's notation: whether it is a text is not known.
    Careful,
    /// Every text with values stands in the platform's notation.
    Quoted,
}

/// Where a value stands: placeholders of a definition are filled in everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Setting {
    State,
    Definition,
}

impl Names {
    /// A path as it is written; with `certain`, what it leads to is there.
    pub(super) fn path(&self, path: &Path, certain: bool) -> String {
        if let Some(value) = self.computed(path) {
            return value.clone();
        }
        let mut out = String::new();
        let mut steps = path.steps.as_slice();
        if let Some((name, to)) = self.aliases.iter().find(|(_, to)| path.steps.starts_with(&to.steps)) {
            out.push_str(name);
            steps = &steps[to.steps.len()..];
        } else {
            match steps.first() {
                Some(Step::Member(first)) if first == "input" && self.event.is_some() => {
                    out.push_str(self.event.as_deref().unwrap_or_default());
                    steps = &steps[1..];
                }
                Some(Step::Member(first)) if self.members.contains(first) && is_name(first) => {
                    out.push_str(first);
                    steps = &steps[1..];
                }
                _ => out.push('$'),
            }
        }
        out.push_str(&suffix(steps));
        if certain && out != "$" {
            out.push('!');
        }
        out
    }

    /// What the jq state in front computes at a path.
    fn computed(&self, path: &Path) -> Option<&String> {
        match path.steps.as_slice() {
            [Step::Member(first), Step::Member(name)] if first == VALUES => self.values.get(name),
            _ => None,
        }
    }

    /// A text with placeholders; nothing where it cannot be said so.
    pub(super) fn text(&self, text: &str) -> Option<String> {
        let template = Template::parse(text).ok()?;
        let mut out = String::from("\"");
        for part in &template.parts {
            match part {
                Part::Text(text) => out.push_str(&escaped(text)),
                Part::Path(path) => {
                    out.push_str("${");
                    out.push_str(&self.path(path, false));
                    out.push('}');
                }
            }
        }
        out.push('"');
        Some(out)
    }

    /// A message: text with placeholders.
    pub(super) fn message(&self, text: &str) -> String {
        if let Ok(template) = Template::parse(text)
            && let [Part::Path(path)] = template.parts.as_slice()
            && self.computed(path).is_some()
        {
            return self.path(path, false);
        }
        self.text(text).unwrap_or_else(|| quoted(text))
    }

    /// A value of a payload template.
    pub(super) fn value(&self, json: &Json, manner: Manner, setting: Setting) -> String {
        match &json.value {
            Value::String(text) if setting == Setting::Definition => self.message(text),
            Value::String(text) => quoted(text),
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(|item| self.value(item, manner, setting)).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Object(_) => self.record(json, manner, setting),
            _ => literal(json),
        }
    }

    /// An object of a payload template.
    pub(super) fn record(&self, json: &Json, manner: Manner, setting: Setting) -> String {
        let members = json.as_object().unwrap_or_default();
        let members: Vec<String> =
            members.iter().map(|member| self.member(&member.key, &member.value, manner, setting)).collect();
        if members.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", members.join(", ")) }
    }

    /// `key: value`, or the name alone that stands for both.
    pub(super) fn member(&self, key: &str, value: &Json, manner: Manner, setting: Setting) -> String {
        let (name, value) = match key.strip_suffix(".$").zip(value.as_str()) {
            Some((plain, text)) => match self.dynamic(text, manner, setting) {
                Some(value) => (plain, value),
                None => (key, quoted(text)),
            },
            None => (key, self.value(value, manner, setting)),
        };
        if name == value && is_name(name) { value } else { format!("{}: {value}", self::key(name)) }
    }

    /// What stands under a key that ends in `.$`; nothing where only the platform's notation says it.
    pub(super) fn dynamic(&self, text: &str, manner: Manner, setting: Setting) -> Option<String> {
        if let Some(path) = plain_path(text) {
            return (manner < Manner::Quoted).then(|| self.path(&path, manner == Manner::Careful && !path.is_root()));
        }
        let template = Template::parse(text).ok().filter(Template::has_placeholder)?;
        let alone = template.parts.len() == 1;
        // In a definition, a text stands under a plain key.
        if setting == Setting::Definition || manner == Manner::Quoted || (manner == Manner::Careful && alone) {
            return None;
        }
        self.text(text)
    }
}

/// The path that a text is, where it prints the same.
pub(super) fn plain_path(text: &str) -> Option<Path> {
    Path::parse(text).ok().filter(|path| path.to_string() == text)
}

/// `.a["b c"][0]`
pub(super) fn suffix(steps: &[Step]) -> String {
    let mut out = String::new();
    for step in steps {
        match step {
            Step::Member(name) if is_word(name) => {
                out.push('.');
                out.push_str(name);
            }
            Step::Member(name) => out.push_str(&format!("[{}]", quoted(name))),
            Step::Index(index) => out.push_str(&format!("[{index}]")),
        }
    }
    out
}

/// Whether a text can stand as a name after a dot and before a colon.
pub(super) fn is_word(text: &str) -> bool {
    is_name(text) || zisc_syntax::RESERVED.contains(&text)
}

/// A key of a record or of a call.
pub(super) fn key(text: &str) -> String {
    if is_word(text) { text.to_owned() } else { quoted(text) }
}

/// A dotted name, or a string where it is none.
pub(super) fn dotted(text: &str) -> String {
    let mut words = text.split('.');
    let is_dotted = words.next().is_some_and(is_name) && words.all(is_word);
    if is_dotted { text.to_owned() } else { quoted(text) }
}

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '$' if characters.peek() == Some(&'{') => out.push_str("\\$"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                out.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out
}

/// A jq text in backticks; nothing where no backticks can hold it.
pub(super) fn jq_text(program: &str) -> Option<String> {
    if program.starts_with('`') || program.ends_with('`') || program.is_empty() || program.contains('\r') {
        return None;
    }
    let mut runs: HashSet<usize> = HashSet::new();
    let mut run = 0;
    for byte in program.bytes().chain([b' ']) {
        if byte == b'`' {
            run += 1;
        } else if run > 0 {
            runs.insert(std::mem::take(&mut run));
        }
    }
    let ticks = (1..).find(|count| !runs.contains(count)).unwrap_or(1);
    let fence = "`".repeat(ticks);
    Some(format!("{fence}{program}{fence}"))
}

/// A literal that is no text and holds nothing.
fn literal(json: &Json) -> String {
    match &json.value {
        Value::Number(text) => number(text),
        Value::Bool(value) => value.to_string(),
        _ => "null".to_owned(),
    }
}

/// JSON that is kept as it stands.
pub(super) fn constant(json: &Json) -> String {
    match &json.value {
        Value::String(text) => quoted(text),
        Value::Array(items) => format!("[{}]", items.iter().map(constant).collect::<Vec<_>>().join(", ")),
        Value::Object(members) if members.is_empty() => "{}".to_owned(),
        Value::Object(members) => {
            let members = members.iter().map(|member| format!("{}: {}", quoted(&member.key), constant(&member.value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join(", "))
        }
        _ => literal(json),
    }
}

/// A number without an exponent, which the language does not write.
pub(super) fn number(text: &str) -> String {
    let has_exponent = text.contains(['e', 'E']);
    match text.parse::<f64>() {
        Ok(number) if has_exponent => number.to_string(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backticks_hold_any_program_but_one_that_begins_or_ends_with_one() {
        assert_eq!(jq_text(".a").as_deref(), Some("`.a`"));
        assert_eq!(jq_text("\"a`b\"").as_deref(), Some("``\"a`b\"``"));
        assert_eq!(jq_text("`"), None);
    }

    #[test]
    fn a_text_says_what_it_holds() {
        let names = Names { event: Some("event".to_owned()), ..Names::default() };
        assert_eq!(names.message("a ${b} {{$.input.c}} {{D}}\n"), r#""a \${b} ${event.c} {{D}}\n""#);
        assert_eq!(names.message("{{$.a b}}"), r#""{{$.a b}}""#);
    }
}
