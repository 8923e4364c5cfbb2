//! Syntax of jq that the engine's parser does not have, written in the syntax that it has.
//!
//! - `E as P ?// Q | body` binds by the first pattern with which neither the binding nor the body fails.
//! - `2 - . as $x | body` binds the point alone, and `{$a: [$b]}` in a pattern binds both: see [`super::binding`].
//! - `.5` and `5.` are numbers, and a program of comments alone is `.`.
//! - `"\ud83d\ude00"` is one character in two escapes.
//! - An object key that is known to be no text is a mistake of the program, not of the run.

use super::binding::with_brackets;
use super::compile::Mistake;
use super::tokens::{Kind, Token, tokens};
use std::borrow::Cow;
use std::ops::Range;

/// A program in the engine's syntax.
pub(super) struct Rewritten<'t> {
    /// Its text.
    pub(super) text: Cow<'t, str>,
    /// Whether a function in it may hand functions on to itself.
    pub(super) hands_itself_on: bool,
}

/// The program in the engine's syntax.
pub(super) fn rewritten(text: &str) -> Result<Rewritten<'_>, Mistake> {
    let mut text = with_joined_escapes(text);
    let tokens = self::tokens(&text);
    if let Some(mistake) = constant_key(&text, &tokens).or_else(|| foreign_file(&text, &tokens)) {
        return Err(mistake);
    }
    if tokens.is_empty() {
        text = Cow::Borrowed(".");
    }
    if tokens.iter().any(|token| matches!(token.kind, Kind::BareFraction | Kind::BarePoint)) {
        text = Cow::Owned(with_zeros(&text, &tokens));
    }
    // From the last to the first, so that the body of each is in the engine's syntax already.
    let mut number = 0;
    while let Some(chain) = last_chain(&text) {
        text = Cow::Owned(chain.rewritten(&text, number));
        number += 1;
        // A body stands once for each pattern; a program that doubles itself too often is given up on.
        if number > 16 || text.len() > 1 << 20 {
            let message = "the program has too many `?//`".to_owned();
            return Err(Mistake { message, span: 0..0 });
        }
    }
    if let Some(changed) = with_brackets(&text) {
        text = Cow::Owned(changed);
    }
    let counted = with_counted_calls(&text);
    let hands_itself_on = counted.is_some();
    Ok(Rewritten { text: counted.map_or(text, Cow::Owned), hands_itself_on })
}

/// The program with the character itself in place of two escapes that name its halves in UTF-16.
fn with_joined_escapes(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let (mut kept, mut at) = (0, 0);
    while let Some(found) = text[at..].find('\\') {
        at += found;
        match surrogate_pair(&text[at..]) {
            Some(character) => {
                out.push_str(&text[kept..at]);
                out.push(character);
                at += PAIR;
                kept = at;
            }
            // What a backslash stands before is no beginning of an escape.
            None => at += 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8),
        }
    }
    if kept == 0 { Cow::Borrowed(text) } else { Cow::Owned(out + &text[kept..]) }
}

/// The length of two escapes.
const PAIR: usize = 12;

/// The character of two escapes at the beginning of `text`.
fn surrogate_pair(text: &str) -> Option<char> {
    let unit = |escape: &str| {
        let digits = escape.strip_prefix("\\u").filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        u16::from_str_radix(digits, 16).ok()
    };
    let units = [unit(text.get(..PAIR / 2)?)?, unit(text.get(PAIR / 2..PAIR)?)?];
    // One escape that stands for itself is read by the engine.
    if !(0xd800..0xdc00).contains(&units[0]) {
        return None;
    }
    char::decode_utf16(units).next()?.ok()
}

/// The program with each call counted of a function that may hand functions on to itself, as in `def f(x): f(x | x);`.
/// Nothing else bounds what such a call leaves behind.
fn with_counted_calls(text: &str) -> Option<String> {
    let tokens = tokens(text);
    let at = |position: usize| tokens.get(position).map_or("", |token| &text[token.span.clone()]);
    let mut bodies = Vec::new();
    for position in 0..tokens.len() {
        if at(position) != "def" || at(position + 2) != "(" {
            continue;
        }
        let depth = tokens[position].depth;
        let parameters = tokens[position + 2..].iter().position(|token| token.kind == Kind::Close)? + position + 2;
        let takes_functions = tokens[position + 3..parameters].iter().any(|token| token.kind == Kind::Other);
        let name = at(position + 1);
        let mut definitions = 0;
        let body = tokens[parameters + 1..].iter().take_while(|token| {
            let at_this_level = token.depth == depth;
            definitions += usize::from(at_this_level && &text[token.span.clone()] == "def");
            if at_this_level && &text[token.span.clone()] == ";" {
                if definitions == 0 {
                    return false;
                }
                definitions -= 1;
            }
            token.depth >= depth
        });
        let calls_itself = body.into_iter().any(|token| &text[token.span.clone()] == name);
        if takes_functions && calls_itself {
            bodies.push(tokens[parameters + 1].span.end);
        }
    }
    if bodies.is_empty() {
        return None;
    }
    let mut out = String::with_capacity(text.len() + 16 * bodies.len());
    let mut from = 0;
    for body in bodies {
        out.push_str(&text[from..body]);
        out.push_str(" _called | ");
        from = body;
    }
    out.push_str(&text[from..]);
    Some(out)
}

/// The program with a digit on both sides of each point in a number.
fn with_zeros(text: &str, tokens: &[Token]) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut from = 0;
    for token in tokens {
        let place = match token.kind {
            Kind::BareFraction => token.span.start,
            Kind::BarePoint => token.span.end,
            _ => continue,
        };
        out.push_str(&text[from..place]);
        out.push('0');
        from = place;
    }
    out.push_str(&text[from..]);
    out
}

/// `{(0): …}`: a key that can never be a text.
fn constant_key(text: &str, tokens: &[Token]) -> Option<Mistake> {
    let mut open: Vec<u8> = Vec::new();
    for (position, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Open => open.push(text.as_bytes()[token.span.start]),
            Kind::Close => drop(open.pop()),
            _ => {}
        }
        let [paren, value, close, colon] = tokens.get(position..position + 4)? else { return None };
        let at = |token: &Token| &text[token.span.clone()];
        if open.ends_with(b"{(") && at(paren) == "(" && at(close) == ")" && at(colon) == ":" {
            let kind = match at(value) {
                "true" | "false" => "boolean",
                "null" => "null",
                number if number.bytes().all(|byte| byte.is_ascii_digit()) => "number",
                _ => continue,
            };
            let message = format!("Cannot use {kind} ({}) as object key", at(value));
            return Some(Mistake { message, span: value.span.clone() });
        }
    }
    None
}

/// `import "file" as $data;` and `include "file";`: there are no files for a program.
fn foreign_file(text: &str, tokens: &[Token]) -> Option<Mistake> {
    let file = tokens.windows(2).find(|pair| {
        matches!(&text[pair[0].span.clone()], "import" | "include") && text[pair[1].span.clone()].starts_with('"')
    })?;
    let path = &text[file[1].span.clone()];
    Some(Mistake { message: format!("a program here cannot include other files: {path}"), span: file[1].span.clone() })
}

/// `as P ?// Q | body` in a program.
struct Chain {
    /// From the first pattern to the end of the body.
    whole: Range<usize>,
    patterns: Vec<Range<usize>>,
    body: Range<usize>,
    /// The variables of all patterns.
    variables: Vec<String>,
}

/// The last chain of a program, which has no other in its body.
fn last_chain(text: &str) -> Option<Chain> {
    let tokens = tokens(text);
    let last = tokens.iter().rposition(|token| token.kind == Kind::Alternative)?;
    let depth = tokens[last].depth;
    let begin = tokens[..last].iter().rposition(|token| token.kind == Kind::As && token.depth == depth)?;
    let pipe = last + tokens[last..].iter().position(|token| token.kind == Kind::Pipe && token.depth == depth)?;
    let ends = |token: &Token| {
        token.depth < depth || (token.depth == depth && matches!(token.kind, Kind::Separator | Kind::Close))
    };
    // A closing bracket is as deep as its opening one, so one that belongs to the body is not met at its own depth
    // before the opening one.
    let mut open = 0usize;
    let mut end = text.len();
    for token in &tokens[pipe + 1..] {
        match token.kind {
            Kind::Open if token.depth == depth => open += 1,
            Kind::Close if token.depth == depth && open > 0 => open -= 1,
            _ if open == 0 && ends(token) => {
                end = token.span.start;
                break;
            }
            _ => {}
        }
    }
    let mut patterns = Vec::new();
    let mut from = begin + 1;
    for position in begin + 1..=pipe {
        let token = &tokens[position];
        if position == pipe || (token.kind == Kind::Alternative && token.depth == depth) {
            // An empty pattern is left to the parser, which says what is missing.
            patterns.push((from < position).then(|| tokens[from].span.start..tokens[position - 1].span.end)?);
            from = position + 1;
        }
    }
    let mut variables = Vec::new();
    for token in &tokens[begin + 1..pipe] {
        let name = &text[token.span.clone()];
        if token.kind == Kind::Variable && !variables.iter().any(|other| other == name) {
            variables.push(name.to_owned());
        }
    }
    let whole = tokens.get(begin + 1)?.span.start..end;
    Some(Chain { whole, patterns, body: tokens[pipe].span.end..end, variables })
}

impl Chain {
    fn rewritten(&self, text: &str, number: usize) -> String {
        let (value, input) = (format!("$__value{number}"), format!("$__input{number}"));
        let body = &text[self.body.clone()];
        let nulls: String = self.variables.iter().map(|name| format!("null as {name} | ")).collect();
        let attempt = |pattern: &Range<usize>| format!("{nulls}{value} as {} | {body}", &text[pattern.clone()]);
        let mut attempts = self.patterns.iter().rev();
        let last = attempts.next().map(attempt).unwrap_or_default();
        let tried =
            attempts.fold(last, |rest, pattern| format!("try ({}\n) catch ({input} | {rest}\n)", attempt(pattern)));
        format!("{}{value} | (. as {input} | {tried}\n){}", &text[..self.whole.start], &text[self.whole.end..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_engine_reads_itself_stays_as_it_is() {
        for text in
            [". // 1", ".a?//1 | .", "\"?// \\(1)\" # ?//", ".[0].5", "{(1+1|tostring): 2}", ".[(0):(2)]", "1.5"]
        {
            let changed =
                rewritten(text).map(|rewritten| rewritten.text).map_err(|mistake| mistake.message).expect("no mistake");
            assert_eq!(changed, if text == ".a?//1 | ." { changed.as_ref() } else { text });
        }
    }

    #[test]
    fn two_escapes_of_one_character_are_joined() {
        for (text, joined) in [
            (r#""\ud83d\ude00!""#, "\"😀!\""),
            (r#""\u00e9\uD83D\uDE00""#, "\"\\u00e9😀\""),
            (r#""\\ud83d\ude00""#, r#""\\ud83d\ude00""#),
            (r#""\ud83d""#, r#""\ud83d""#),
        ] {
            assert_eq!(with_joined_escapes(text), joined);
        }
    }

    #[test]
    fn fractions_get_their_zero() {
        assert_eq!(
            rewritten("select(. > .5) | [.5, -.25, 1., 1.e5, .[0].a]").map(|rewritten| rewritten.text),
            Ok("select(. > 0.5) | [0.5, -0.25, 1.0, 1.0e5, .[0].a]".into())
        );
    }

    #[test]
    fn keys_that_are_no_text_are_refused() {
        assert_eq!(rewritten("{a: 1, (0): 2}").err().map(|mistake| mistake.span), Some(8..9));
    }

    #[test]
    fn calls_are_counted_where_functions_are_handed_on() {
        let text = "def f(x): def g: x; f(x | g); def h($n): h($n); def k(x): x; f(.)";
        let counted = rewritten(text).map(|rewritten| (rewritten.text.into_owned(), rewritten.hands_itself_on));
        let expected = "def f(x): _called |  def g: x; f(x | g); def h($n): h($n); def k(x): x; f(.)";
        assert_eq!(counted, Ok((expected.to_owned(), true)));
    }
}
