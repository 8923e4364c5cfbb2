//! Names of states that have no label: made from what the statement does, numbered where taken.

use crate::Text;
use std::collections::HashMap;
use zisc_syntax::tree::{Expression, ExpressionKind, TextPart};

/// The names that are taken in a flow, each with the smallest number behind it that may still be free.
#[derive(Default)]
pub(crate) struct Names {
    taken: HashMap<String, u64>,
}

/// The first of a name needs no number.
const FIRST_NUMBER: u64 = 2;

impl Names {
    pub(crate) fn take(&mut self, name: &str) {
        self.taken.entry(name.to_owned()).or_insert(FIRST_NUMBER);
    }

    /// `wanted`, or `wanted` with the smallest number from 2 that makes it free; it is taken then.
    pub(crate) fn free(&mut self, wanted: &str) -> Text {
        let (name, number) = self.next(wanted);
        if let (Some(next), Some(number)) = (self.taken.get_mut(wanted), number) {
            *next = number + 1;
        }
        self.take(&name);
        Text::new(name)
    }

    /// The same, for a name that is not taken yet.
    pub(crate) fn unused(&self, wanted: &str) -> String {
        self.next(wanted).0
    }

    fn next(&self, wanted: &str) -> (String, Option<u64>) {
        let from = self.taken.get(wanted).copied().unwrap_or(FIRST_NUMBER);
        numbered_from(from, wanted, |name| !self.taken.contains_key(name))
    }
}

/// `wanted`, or `wanted` with the smallest number from 2 that makes it free.
pub(crate) fn numbered(wanted: &str, is_free: impl Fn(&str) -> bool) -> String {
    numbered_from(FIRST_NUMBER, wanted, is_free).0
}

/// The same where no smaller number is free, and the number.
fn numbered_from(number: u64, wanted: &str, is_free: impl Fn(&str) -> bool) -> (String, Option<u64>) {
    if is_free(wanted) {
        return (wanted.to_owned(), None);
    }
    let mut names = (number..).map(|number| (format!("{wanted}{number}"), Some(number)));
    names.find(|(name, _)| is_free(name)).unwrap_or_default()
}

/// `slack.post_message` as `SlackPostMessage`.
pub(crate) fn camel(text: &str) -> String {
    text.split(|c: char| !c.is_alphanumeric())
        .flat_map(|word| {
            let mut characters = word.chars();
            let first = characters.next().into_iter().flat_map(char::to_uppercase);
            first.chain(characters).collect::<Vec<_>>()
        })
        .collect()
}

/// `IfTicketStatus`, after the first thing that the condition reads.
pub(crate) fn of_condition(condition: &Expression) -> String {
    let words = first_path(condition).unwrap_or_default();
    let last = words.len().saturating_sub(2);
    format!("If{}", words[last..].iter().map(|word| camel(word)).collect::<String>())
}

/// `EachTag` for a list of tags.
pub(crate) fn of_list(list: &Expression) -> String {
    let last = first_path(list).and_then(|words| words.last().map(|word| camel(word))).unwrap_or_default();
    let one = match (last.strip_suffix("ies"), last.strip_suffix('s')) {
        (Some(stem), _) => format!("{stem}y"),
        (None, Some(stem)) if !stem.ends_with('s') => stem.to_owned(),
        _ => last,
    };
    format!("Each{one}")
}

/// `Wait30s`, `WaitDelay`.
pub(crate) fn of_wait(delay: &Expression) -> String {
    let what = match &delay.kind {
        ExpressionKind::Duration(text) | ExpressionKind::Number(text) => text.replace('.', "_"),
        _ => first_path(delay).and_then(|words| words.last().map(|word| camel(word))).unwrap_or_default(),
    };
    format!("Wait{what}")
}

fn first_path(expression: &Expression) -> Option<Vec<Text>> {
    match &expression.kind {
        ExpressionKind::Name(name) => Some(vec![name.clone()]),
        ExpressionKind::Field { base, name, .. } => {
            let mut words = first_path(base)?;
            words.extend(name.as_ref().map(|name| name.text.clone()));
            Some(words)
        }
        ExpressionKind::Index { base, .. } | ExpressionKind::Present(base) => first_path(base),
        ExpressionKind::Unary { operand, .. } | ExpressionKind::Is { operand, .. } => first_path(operand),
        ExpressionKind::Binary { left, right, .. } => first_path(left).or_else(|| first_path(right)),
        ExpressionKind::Text(parts) => parts.iter().find_map(|part| match part {
            TextPart::Value(value) => first_path(value),
            TextPart::Text(_) => None,
        }),
        _ => None,
    }
}

/// What the name of the jq state in front of a state ends in.
const VALUES: &str = ".Values";

/// The name of the jq state in front of a state.
pub(crate) fn values_name(name: &str) -> String {
    format!("{name}{VALUES}")
}

/// The name of the state that a jq state stands in front of.
pub(crate) fn without_values(name: &str) -> Option<&str> {
    name.strip_suffix(VALUES)
}
