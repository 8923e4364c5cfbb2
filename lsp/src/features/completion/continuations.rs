//! Words that go on with what stands on the line already, and take the place of everything else there.

use super::half::{self, Opener};
use super::is_word;
use super::text::in_text;

/// A word, and what it is as a snippet.
pub(super) type Continuation = (&'static str, &'static str);

const CATCH: Continuation = ("catch", "catch ${1:err} {\n  $0\n}");
const ELSE: Continuation = ("else", "else {\n  $0\n}");
const ELSE_IF: Continuation = ("else if", "else if ${1:condition} {\n  $0\n}");
const PRESENT: Continuation = ("present", "present");
const NULL: Continuation = ("null", "null");

/// What goes on with the line in which a text ends; nothing where something else can stand there, too.
pub(super) fn of(before: &str, is_action: impl Fn(&str) -> bool) -> Option<&'static [Continuation]> {
    let head = before.trim_end_matches(is_word);
    let written = head.trim_end_matches([' ', '\t']);
    let is_apart = written.len() < head.len();
    if in_text(super::text::last_line(before)) {
        return None;
    }
    if is_apart && written.ends_with(" is") {
        return Some(&[PRESENT, NULL]);
    }
    let inside = written.strip_suffix(['}', ')'])?;
    let opener = half::opener(inside)?;
    match opener.bracket {
        '{' => Some(after_block(&opener)),
        '(' if is_apart && begins_statement(&opener) && is_action(opener.callee()) => Some(&[CATCH]),
        _ => None,
    }
}

fn after_block(opener: &Opener<'_>) -> &'static [Continuation] {
    match opener.word() {
        "try" | "for" => &[CATCH],
        "if" => &[ELSE_IF, ELSE],
        "else" if opener.begins_with("else if") => &[ELSE_IF, ELSE],
        _ => &[],
    }
}

/// Whether a call is all that its statement does, perhaps under a name.
fn begins_statement(opener: &Opener<'_>) -> bool {
    let rest = opener.statement().strip_suffix(opener.callee()).unwrap_or_default().trim_end();
    rest.is_empty() || (rest.starts_with("let ") && rest.ends_with('='))
}
