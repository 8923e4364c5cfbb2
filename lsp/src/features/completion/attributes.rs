//! `@allow("…")` and `@key("…")`.

use super::text::{in_text, size, word_before};
use super::{Completion, Kind, completion, is_word};
use crate::snapshot::View;
use text_size::{TextRange, TextSize};
use zisc_core::{Level, RULES};

/// The attributes that items have.
pub(super) const ITEMS: &[&str] = &["allow", "key"];
/// Those that statements have.
const STATEMENTS: &[&str] = &["allow"];

/// What can be written on a line that begins with `@`; nothing for any other line.
pub(super) fn completions(view: &View<'_>, line: &str, offset: TextSize) -> Option<Vec<Completion>> {
    let written = line.trim_start();
    let rest = written.strip_prefix('@')?;
    let known = if written.len() == line.len() { ITEMS } else { STATEMENTS };
    let word = word_before(&view.text[..usize::from(offset)]);
    Some(match rest.split_once('(') {
        None if rest.chars().all(is_word) => {
            let replace = TextRange::new(word.start() - TextSize::of('@'), word.end());
            known.iter().map(|name| whole(name, replace)).collect()
        }
        Some(("allow", _)) => rules(view, line, offset),
        _ => Vec::new(),
    })
}

/// An attribute with its brackets.
pub(super) fn whole(name: &str, replace: TextRange) -> Completion {
    Completion {
        snippet: Some(format!("@{name}(\"$0\")")),
        ..completion(&format!("@{name}"), Kind::Keyword, None, None, replace, "5")
    }
}

/// The findings that can be accepted; first those about what follows.
fn rules(view: &View<'_>, line: &str, offset: TextSize) -> Vec<Completion> {
    let (before, behind) = view.text.split_at(usize::from(offset));
    let replace = match before.rfind('"').filter(|_| in_text(line)) {
        Some(quote) => {
            let rest = behind.trim_start_matches(|c: char| is_word(c) || c == '-');
            let to_other_quote = if rest.starts_with('"') { behind.len() - rest.len() + 1 } else { 0 };
            TextRange::new(size(quote), offset + size(to_other_quote))
        }
        None => word_before(before),
    };
    let next = next_code(view, offset);
    let findings = zisc_core::findings(view.db, view.file, view.settings);
    let is_found =
        |name: &str| findings.iter().any(|finding| finding.rule.name == name && next.contains_range(finding.span));
    let can_be_accepted = RULES.iter().filter(|rule| rule.level != Level::Error);
    can_be_accepted
        .map(|rule| {
            let (detail, summary) = (Some(rule.code.to_owned()), Some(rule.summary.to_owned()));
            let group = if is_found(rule.name) { "0" } else { "1" };
            completion(&format!("\"{}\"", rule.name), Kind::Value, detail, summary, replace, group)
        })
        .collect()
}

/// The next line that is neither blank nor an attribute nor a comment.
fn next_code(view: &View<'_>, offset: TextSize) -> TextRange {
    let mut line = view.lines.line_at(offset);
    while usize::from(line.end()) < view.text.len() {
        line = view.lines.line_at(line.end() + TextSize::of('\n'));
        let text = view.text[line].trim();
        if !text.is_empty() && !text.starts_with(['@', '/']) {
            break;
        }
    }
    line
}
