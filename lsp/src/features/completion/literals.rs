//! The texts that a value is known to be one of.

use super::text::{in_text, last_line, size, word_before};
use super::{Completion, Kind, completion, is_word, words};
use text_size::TextRange;
use zisc_core::Type;

/// The literals of a type, over the string that has been begun.
pub(super) fn of(kind: &Type, before: &str, text: &str) -> Vec<Completion> {
    let replace = match in_text(last_line(before)) {
        true => {
            let Some(open) = before.rfind('"') else { return Vec::new() };
            let behind = &text[before.len()..];
            let rest = behind.trim_start_matches(is_word);
            let length = if rest.starts_with('"') { behind.len() - rest.len() + 1 } else { 0 };
            TextRange::new(size(open), size(before.len() + length))
        }
        false => word_before(before),
    };
    let literals = kind.alternatives().iter().filter(|kind| matches!(kind, Type::Literal(_)));
    literals.map(|kind| completion(&kind.to_string(), Kind::Value, None, None, replace, "0")).collect()
}

/// The same, and the constants that have names.
pub(super) fn all(kind: &Type, before: &str, text: &str) -> Vec<Completion> {
    let mut all = of(kind, before, text);
    let fits = |wanted: &Type| kind.alternatives().iter().any(|kind| *kind == Type::Any || kind == wanted);
    let word = word_before(before);
    if !in_text(last_line(before)) {
        all.extend(words(if fits(&Type::Bool) { &["true", "false"] } else { &[] }, word));
        all.extend(words(if fits(&Type::Null) { &["null"] } else { &[] }, word));
    }
    all
}
