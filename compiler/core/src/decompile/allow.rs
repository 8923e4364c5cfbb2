//! What is wrong with a bundle itself: `@allow` accepts it, so that the source of a bundle builds.

use super::statement::INDENT;
use crate::Finding;
use crate::finding::Level;
use text_size::TextSize;
use zisc_bundle::Span;
use zisc_syntax::tree::{Block, ItemKind};

/// The text with a `!` behind each path of which a finding says that it may be missing.
pub(super) fn certain(text: &str, findings: &[Finding]) -> String {
    let may_be_missing = findings.iter().filter(|finding| finding.rule.code == crate::rules::MAY_BE_MISSING.code);
    let mut fixes: Vec<_> = may_be_missing.filter_map(|finding| finding.fix.as_ref()).collect();
    fixes.sort_by_key(|fix| std::cmp::Reverse(fix.span.start()));
    let mut out = text.to_owned();
    for fix in fixes {
        let place = std::ops::Range::<usize>::from(fix.span);
        let replacement = match short_member(text, place.start) {
            Some(name) => format!(": {name}{}", fix.replacement),
            None => fix.replacement.clone(),
        };
        out.replace_range(place, &replacement);
    }
    out
}

/// The name that ends at `end`, where it stands for a member or an argument and its value: `{ id }`, `f(id)`.
fn short_member(text: &str, end: usize) -> Option<&str> {
    let before = &text[..end];
    let name = &before[before
        .rfind(|c: char| !c.is_alphanumeric() && c != '_')
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8))..];
    let in_front = before[..end - name.len()].trim_end().chars().next_back()?;
    let behind = text[end..].trim_start().chars().next()?;
    (matches!(in_front, '{' | '(' | ',') && matches!(behind, '}' | ')' | ',')).then_some(name)
}

/// The text with an `@allow` in front of each statement, or item, that has an error.
pub(super) fn accepted(text: &str, findings: &[Finding]) -> String {
    let mut insertions: Vec<(usize, String)> = Vec::new();
    let items = zisc_syntax::split(text);
    for finding in findings.iter().filter(|finding| finding.rule.level == Level::Error) {
        let Some(item) = items.iter().rev().find(|item| item.start <= finding.span.start()) else { continue };
        let start = usize::from(item.start);
        let span = Span::new(finding.span.start() - item.start, finding.span.end() - item.start);
        let allowed = format!("@allow(\"{}\")\n", finding.rule.code);
        let (place, line) = match statement_at(&item.text, span) {
            Some(place) => (start + place, format!("{allowed}{INDENT}")),
            None => (start + beginning(&item.text, 0), allowed),
        };
        if !insertions.iter().any(|known| *known == (place, line.clone())) {
            insertions.push((place, line));
        }
    }
    insertions.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| b.1.cmp(&a.1)));
    let mut out = text.to_owned();
    for (place, line) in insertions {
        out.insert_str(place, &line);
    }
    out
}

/// Where the innermost statement around a place begins, its documentation left out.
fn statement_at(item: &str, span: Span) -> Option<usize> {
    let parsed = zisc_syntax::parse(item);
    let ItemKind::Flow(flow) = &parsed.item.kind else { return None };
    let mut found: Option<TextSize> = None;
    let mut blocks: Vec<&Block> = flow.body.iter().collect();
    while let Some(block) = blocks.pop() {
        for statement in block.statements.iter().filter(|statement| statement.span.contains_range(span)) {
            found = Some(statement.span.start());
            blocks = statement.blocks();
        }
    }
    Some(beginning(item, found?.into()))
}

/// The first byte from `at` on that is no documentation and no blank.
fn beginning(text: &str, at: usize) -> usize {
    let mut at = at;
    loop {
        let rest = &text[at..];
        at += rest.len() - rest.trim_start().len();
        if !text[at..].starts_with("///") {
            return at;
        }
        at += text[at..].find('\n').map_or(text.len() - at, |end| end + 1);
    }
}
