//! Values in code that is too broken to be read as a tree: told by the text in front of the cursor alone.

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
