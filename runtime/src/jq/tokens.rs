//! The tokens of a program, as far as [`super::rewrite`] and [`super::binding`] need to know them.

use std::ops::Range;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `(`, `[`, `{`, and `if`, which `end` closes.
    Open,
    /// What closes those.
    Close,
    /// `?//`.
    Alternative,
    /// `|`.
    Pipe,
    /// `;`, and the words between `if` and `end`.
    Separator,
    /// The word `as`.
    As,
    /// `$name`.
    Variable,
    /// A number that begins with its point.
    BareFraction,
    /// The point with which a number ends: `1.`, `1.e5`.
    BarePoint,
    /// Everything else.
    Other,
}

#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
    /// How many brackets are open around it.
    pub(super) depth: usize,
}

/// The tokens of a program. Interpolations in strings are taken apart too, as they hold programs.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens: Vec<Token> = Vec::new();
    let mut depth = 0;
    // For each open interpolation, the depth at which its string goes on.
    let mut strings: Vec<usize> = Vec::new();
    let mut at = 0;
    let word_byte = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    while at < bytes.len() {
        let start = at;
        let kind = match bytes[at] {
            byte if byte.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            b'#' => {
                at += bytes[at..].iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len() - at);
                continue;
            }
            b'"' => {
                at = string_end(bytes, at + 1, &mut strings, &mut depth);
                Kind::Other
            }
            b'(' | b'[' | b'{' => {
                at += 1;
                Kind::Open
            }
            b')' if strings.last() == Some(&depth) => {
                strings.pop();
                depth -= 1;
                at = string_end(bytes, at + 1, &mut strings, &mut depth);
                Kind::Other
            }
            b')' | b']' | b'}' => {
                at += 1;
                Kind::Close
            }
            b'?' if bytes[at..].starts_with(b"?//") && bytes.get(at + 3) != Some(&b'=') => {
                at += 3;
                Kind::Alternative
            }
            b'|' => {
                at += if bytes.get(at + 1) == Some(&b'=') { 2 } else { 1 };
                if at - start == 1 { Kind::Pipe } else { Kind::Other }
            }
            b';' => {
                at += 1;
                Kind::Separator
            }
            b'$' => {
                at += 1;
                at += bytes[at..].iter().take_while(|byte| word_byte(**byte)).count();
                Kind::Variable
            }
            b'.' if bytes.get(at + 1).is_some_and(u8::is_ascii_digit) && begins_operand(text, &tokens) => {
                at += 1;
                Kind::BareFraction
            }
            b'.' if ends_number(text, at, &tokens) => {
                at += 1;
                Kind::BarePoint
            }
            byte if word_byte(byte) || byte == b'@' => {
                at += 1;
                at += bytes[at..].iter().take_while(|byte| word_byte(**byte)).count();
                // After a point, a word is the name of a member.
                let member = start > 0 && bytes[start - 1] == b'.';
                match &text[start..at] {
                    _ if member => Kind::Other,
                    "if" => Kind::Open,
                    "end" => Kind::Close,
                    "then" | "elif" | "else" => Kind::Separator,
                    "as" => Kind::As,
                    _ => Kind::Other,
                }
            }
            _ => {
                at += text[at..].chars().next().map_or(1, char::len_utf8);
                Kind::Other
            }
        };
        if kind == Kind::Close {
            depth = depth.saturating_sub(1);
        }
        tokens.push(Token { kind, span: start..at, depth });
        if kind == Kind::Open {
            depth += 1;
        }
    }
    tokens
}

/// Where a string ends that goes on at `at`, or where its next interpolation begins.
fn string_end(bytes: &[u8], mut at: usize, strings: &mut Vec<usize>, depth: &mut usize) -> usize {
    while at < bytes.len() {
        match bytes[at] {
            b'"' => return at + 1,
            b'\\' if bytes.get(at + 1) == Some(&b'(') => {
                *depth += 1;
                strings.push(*depth);
                return at + 2;
            }
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// Whether a point at this place ends a number: digits before it, and no digit, name or point behind it.
fn ends_number(text: &str, at: usize, tokens: &[Token]) -> bool {
    let is_number =
        |token: &Token| token.span.end == at && text[token.span.clone()].bytes().all(|byte| byte.is_ascii_digit());
    let behind = &text[at + 1..];
    let exponent = behind.trim_start_matches(['e', 'E']).trim_start_matches(['+', '-']);
    let goes_on = behind.starts_with(|next: char| next.is_alphanumeric() || matches!(next, '_' | '.' | '[' | '"'));
    let has_exponent = behind.starts_with(['e', 'E']) && exponent.starts_with(|next: char| next.is_ascii_digit());
    let after_member = tokens.iter().rev().nth(1).is_some_and(|token| &text[token.span.clone()] == ".");
    tokens.last().is_some_and(is_number) && !after_member && (!goes_on || has_exponent)
}

/// Whether what comes next begins a value, and does not go on with one.
fn begins_operand(text: &str, tokens: &[Token]) -> bool {
    let Some(last) = tokens.last() else { return true };
    match last.kind {
        Kind::Open | Kind::Pipe | Kind::Separator | Kind::As | Kind::Alternative => true,
        Kind::Close | Kind::Variable | Kind::BareFraction | Kind::BarePoint => false,
        Kind::Other => {
            let last = &text[last.span.clone()];
            matches!(last, "and" | "or" | "not") || last.ends_with(['<', '>', '=', '+', '-', '*', '/', '%', ',', ':'])
        }
    }
}
