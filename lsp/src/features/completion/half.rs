//! What stands around the cursor in code that is too broken to be read as a tree: told by the text in front of it alone.

use super::is_word;
use text_size::{TextRange, TextSize};
use zisc_syntax::tree::{Expression, ExpressionKind, Name};

/// The value in front of the last dot of a text, where it ends with `a.b.c`; with the length of the word behind that dot.
pub(super) fn base(before: &str, at: TextSize) -> Option<(Expression, usize)> {
    let word = before.len() - before.trim_end_matches(is_word).len();
    let chain = before[..before.len() - word].strip_suffix('.')?;
    Some((path(chain, at)?, word))
}

/// The value that is compared with what comes next.
pub(super) fn compared(line: &str, at: TextSize) -> Option<Expression> {
    let head = line.trim_end_matches(is_word).trim_end_matches('"').trim_end();
    let left = head.strip_suffix("==").or_else(|| head.strip_suffix("!="))?;
    path(left.trim_end(), at)
}

/// The list whose items a name stands for: `[a for a in list if a.`
pub(super) fn list_of(line: &str, name: &Expression, at: TextSize) -> Option<Expression> {
    let ExpressionKind::Name(name) = &name.kind else { return None };
    let (_, list) = line.rsplit_once(&format!(" for {name} in "))?;
    let end = list.find(|c| !is_word(c) && c != '.').unwrap_or(list.len());
    path(&list[..end], at)
}

/// The innermost bracket that is open where a text ends, and what it belongs to.
pub(super) enum Around<'t> {
    /// The call of an action, the names that it is given so far, and the one whose value is being written.
    Call { callee: &'t str, given: Vec<&'t str>, argument: Option<&'t str> },
    /// The cases of a `match` over a value, and the values of those in front.
    Match(Expression, Vec<&'t str>),
}

/// What a text ends in.
pub(super) fn around(before: &str, at: TextSize) -> Option<Around<'_>> {
    let (open, bracket) = innermost_open(before)?;
    let head = before[..open].trim_end();
    match bracket {
        '(' => {
            let callee = &head[head.trim_end_matches(|c| is_word(c) || c == '.').len()..];
            let arguments = &before[open + 1..];
            let is_name = |text: &str| !text.is_empty() && text.chars().all(is_word);
            let names = arguments.split(',').map(|argument| argument.split(':').next().unwrap_or_default().trim());
            let mut given: Vec<&str> = names.filter(|name| is_name(name)).collect();
            let last = arguments.rsplit(',').next().unwrap_or_default();
            let argument = last.split_once(':').map(|(name, _)| name.trim()).filter(|name| is_name(name));
            // What is being written is not given yet.
            if argument.is_none() && is_name(last.trim()) {
                given.pop();
            }
            (!callee.is_empty()).then_some(Around::Call { callee, given, argument })
        }
        '{' => {
            let line = head[head.rfind('\n').map_or(0, |end| end + 1)..].trim_start();
            let line =
                line.split_once(": match ").map_or_else(|| line.strip_prefix("match "), |(_, value)| Some(value));
            let used = before[open + 1..].lines().filter_map(|line| line.trim().split_once('{'));
            let used = used.flat_map(|(values, _)| values.split(',')).map(str::trim).collect();
            path(line?.trim(), at).map(|value| Around::Match(value, used))
        }
        _ => None,
    }
}

/// The last bracket of a text that is not closed in it. Strings are read over.
fn innermost_open(text: &str) -> Option<(usize, char)> {
    const FAR: usize = 4_000;
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
