//! The texts that a value is known to be one of.

use super::{Completion, Kind, completion, in_text, is_word, size, word_before};
use text_size::TextRange;
use zisc_core::Type;

/// The literals of a type, over the string that has been begun.
pub(super) fn of(kind: &Type, before: &str, text: &str) -> Vec<Completion> {
    let line = &before[before.rfind('\n').map_or(0, |end| end + 1)..];
    let replace = match in_text(line) {
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
