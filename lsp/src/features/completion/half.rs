//! What stands around the cursor in code that is too broken to be read as a tree: told by the text in front of it alone.

use super::is_word;
use super::text::last_line;
use text_size::{TextRange, TextSize};
use zisc_syntax::tree::{Expression, ExpressionKind, Name};

/// The value in front of the last dot of a text, where it ends with `a.b.c`; with the length of the word behind that dot.
pub(super) fn base(before: &str, at: TextSize) -> Option<(Expression, usize)> {
    let word = before.len() - before.trim_end_matches(is_word).len();
    let chain = before[..before.len() - word].strip_suffix('.')?;
    Some((path(chain, at)?, word))
}

/// The value that is compared with the one at the cursor, in front of it or behind.
pub(super) fn compared(line: &str, behind: &str, at: TextSize) -> Option<Expression> {
    let head = line.trim_end_matches(is_word).trim_end_matches('"').trim_end();
    let head = match innermost_open(head) {
        // `x in ["a", `
        Some((bracket, '[')) => head[..bracket].trim_end().strip_suffix(" in"),
        _ => head.strip_suffix("==").or_else(|| head.strip_suffix("!=")),
    };
    let in_front = head.and_then(|left| path(left.trim_end(), at));
    in_front.or_else(|| {
        let rest = behind.trim_start_matches(is_word).trim_start_matches('"').trim_start();
        let right = rest.strip_prefix("==").or_else(|| rest.strip_prefix("!="))?.trim_start();
        path(&right[..right.find(|c| !is_word(c) && c != '.').unwrap_or(right.len())], at)
    })
}

/// The innermost bracket that is open where a text ends, and what it belongs to.
pub(in crate::features) enum Around<'t> {
    /// A call, the names that it is given so far, the one whose value is being written, and how many arguments there are
    /// in front of that.
    Call { callee: &'t str, given: Vec<&'t str>, argument: Option<&'t str>, position: usize },
    /// The cases of a `match` over a value, where that is a path, and the values of those in front.
    Match(Option<Expression>, Vec<&'t str>),
}

/// What a text ends in.
pub(in crate::features) fn around(before: &str, at: TextSize) -> Option<Around<'_>> {
    inside(&opener(before)?, before, at)
}

/// The same, where the innermost bracket is known.
pub(super) fn inside<'t>(opener: &Opener<'t>, before: &'t str, at: TextSize) -> Option<Around<'t>> {
    match opener.bracket {
        '(' => {
            let arguments = arguments(&before[opener.at + 1..]);
            let is_name = |text: &str| !text.is_empty() && text.chars().all(is_word);
            let names = arguments.iter().map(|argument| argument.split(':').next().unwrap_or_default().trim());
            let mut given: Vec<&str> = names.filter(|name| is_name(name)).collect();
            let last = arguments.last().copied().unwrap_or_default();
            let argument = last.split_once(':').map(|(name, _)| name.trim()).filter(|name| is_name(name));
            // What is being written is not given yet.
            if argument.is_none() && is_name(last.trim()) {
                given.pop();
            }
            let position = arguments.len().saturating_sub(1);
            let callee = opener.callee();
            (!callee.is_empty()).then_some(Around::Call { callee, given, argument, position })
        }
        '{' if opener.word() == "match" => {
            let value = opener.statement().strip_prefix("match")?.trim();
            let used = before[opener.at + 1..].lines().filter_map(|line| line.trim().split_once('{'));
            let used = used.flat_map(|(values, _)| values.split(',')).map(str::trim).collect();
            Some(Around::Match(path(value, at), used))
        }
        _ => None,
    }
}

/// The parts of a text between the commas that stand in no bracket and no string.
fn arguments(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut in_string) = (Vec::new(), 0, 0_usize, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => in_string = !in_string,
            _ if in_string => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// A bracket that is open where a text ends.
#[derive(Clone, Copy)]
pub(super) struct Opener<'t> {
    pub(super) bracket: char,
    /// Where it stands.
    at: usize,
    /// What stands in front of it on its line.
    head: &'t str,
}

impl<'t> Opener<'t> {
    /// What stands in front of it, without what ended on the line and without a label.
    pub(super) fn statement(&self) -> &'t str {
        let head = self.head.trim().trim_start_matches('}').trim_start();
        match head.split_once(": ") {
            Some((label, rest)) if label.chars().all(|c| is_word(c) || c == '.') => rest.trim_start(),
            _ => head,
        }
    }

    /// The word that says what is between the brackets: `try`, `for`, `headers`.
    pub(super) fn word(&self) -> &'t str {
        let statement = self.statement();
        match statement.strip_prefix("let ").and_then(|rest| rest.split_once("= ")) {
            Some((_, value)) if value.trim_start().starts_with("for ") => "for",
            _ => &statement[..statement.find(|c| !is_word(c)).unwrap_or(statement.len())],
        }
    }

    pub(super) fn begins_with(&self, words: &str) -> bool {
        self.statement().starts_with(words)
    }

    /// The dotted name in front of it.
    pub(super) fn callee(&self) -> &'t str {
        let head = self.head.trim_end();
        &head[head.trim_end_matches(|c| is_word(c) || c == '.').len()..]
    }

    /// Whether lines stand in it, and no value or type.
    pub(super) fn begins_block(&self) -> bool {
        let head = self.head.trim_end();
        self.bracket == '{' && !head.is_empty() && !head.ends_with(['=', ':', ',', '(', '[', '{', '?', '|', '&', '>'])
    }
}

/// The innermost bracket that is open where a text ends.
pub(super) fn opener(text: &str) -> Option<Opener<'_>> {
    let (at, bracket) = innermost_open(text)?;
    Some(Opener { bracket, at, head: last_line(&text[..at]) })
}

/// The brackets around a bracket of a text, itself first.
pub(super) fn outwards<'t>(text: &'t str, innermost: Option<Opener<'t>>) -> impl Iterator<Item = Opener<'t>> {
    std::iter::successors(innermost, |inner| opener(&text[..inner.at]))
}

/// The name that the `for` of a list binds, and the list: `[… for item in list`, seen from between the two.
pub(super) fn bound_in_list(
    opener: &Opener<'_>,
    before: &str,
    behind: &str,
    at: TextSize,
) -> Option<(String, Option<Expression>)> {
    if opener.bracket != '[' {
        return None;
    }
    let whole = format!("{}{}", last_line(&before[opener.at + 1..]), behind);
    let (_, rest) = whole.split_once("for ")?;
    let (name, list) = rest.split_once(" in ")?;
    let end = list.find(|c| !is_word(c) && c != '.').unwrap_or(list.len());
    zisc_syntax::is_name(name.trim()).then(|| (name.trim().to_owned(), path(&list[..end], at)))
}

/// The last bracket of a text that is not closed in it. Strings are read over.
fn innermost_open(text: &str) -> Option<(usize, char)> {
    const FAR: usize = 10_000;
    let mut closed = 0_usize;
    let mut in_string = text[text.rfind('\n').map_or(0, |end| end + 1)..].matches('"').count() % 2 == 1;
    for (at, c) in text.char_indices().rev().take(FAR) {
        match c {
            '\n' => in_string = false,
            '"' => in_string = !in_string,
            _ if in_string => {}
            ')' | ']' | '}' => closed += 1,
            '(' | '[' | '{' if closed == 0 => return Some((at, c)),
            '(' | '[' | '{' => closed -= 1,
            _ => {}
        }
    }
    None
}

/// The `a.b.c` with which a text ends, as a value that stands at `at`.
fn path(text: &str, at: TextSize) -> Option<Expression> {
    let start = text.trim_end_matches(|c| is_word(c) || c == '.').len();
    let mut names = text[start..].split('.');
    let span = TextRange::empty(at);
    let first = names.next().filter(|name| zisc_syntax::is_name(name));
    let kind = match first {
        Some(name) => ExpressionKind::Name(name.into()),
        None if text[start..].starts_with('.') && text[..start].ends_with('$') => ExpressionKind::Root,
        None => return None,
    };
    let mut value = Expression { kind, span };
    for name in names {
        let name = Some(Name { text: name.into(), span }).filter(|name| !name.text.is_empty())?;
        value = Expression { kind: ExpressionKind::Field { base: Box::new(value), name: Some(name), dot: span }, span };
    }
    Some(value)
}
