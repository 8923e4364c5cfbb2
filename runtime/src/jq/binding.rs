//! `E as P | body`, where jq binds tighter than the engine.
//!
//! In jq a binding takes the one term before `as`: `2 - . as $x | $x + 1` is `2 - (. as $x | $x + 1)`. The engine takes
//! the whole of `2 - .`, so what jq means is put in brackets. In patterns, `{$a: [$b]}` binds both `$a` and what is in
//! it, which the engine reads as `{$a, a: [$b]}`.

use super::tokens::{Kind, Token, tokens};
use std::borrow::Cow;

/// The program as the engine has to read it; nothing where it reads it right as it is.
pub(super) fn with_brackets(text: &str) -> Option<String> {
    let program = Program { text, tokens: tokens(text) };
    let mut insertions: Vec<(usize, Cow<'_, str>)> = Vec::new();
    for at in (0..program.tokens.len()).filter(|at| program.tokens[*at].kind == Kind::As) {
        let pattern_end = program.pattern_end(at);
        for variable in at + 1..pattern_end {
            if program.tokens[variable].kind == Kind::Variable && program.at(variable + 1) == ":" {
                let member = program.at(variable).trim_start_matches('$');
                insertions.push((program.tokens[variable].span.end, format!(", {member}").into()));
            }
        }
        let start = program.term_start(at);
        if program.tokens.get(pattern_end).is_some_and(|token| token.kind == Kind::Pipe)
            && start.checked_sub(1).is_some_and(|before| program.is_operator(before))
        {
            insertions.push((program.tokens[start].span.start, "(".into()));
            // On a line of its own, as the body may end in a comment.
            insertions.push((program.body_end(pattern_end), "\n)".into()));
        }
    }
    if insertions.is_empty() {
        return None;
    }
    insertions.sort_by_key(|(place, _)| *place);
    let mut out = String::with_capacity(text.len() + 8 * insertions.len());
    let mut from = 0;
    for (place, inserted) in insertions {
        out.push_str(&text[from..place]);
        out.push_str(&inserted);
        from = place;
    }
    out.push_str(&text[from..]);
    Some(out)
}

struct Program<'t> {
    text: &'t str,
    tokens: Vec<Token>,
}

impl Program<'_> {
    /// The text of a token; nothing beyond the last.
    fn at(&self, position: usize) -> &str {
        self.tokens.get(position).map_or("", |token| &self.text[token.span.clone()])
    }

    /// The token after the pattern of the `as` at this position: the `|` of a binding, or the bracket of a `reduce`.
    fn pattern_end(&self, position: usize) -> usize {
        let depth = self.tokens[position].depth;
        let ends = |token: &Token| {
            token.depth < depth
                || (token.depth == depth
                    && (token.kind == Kind::Pipe
                        || &self.text[token.span.clone()] == "("
                        || token.kind == Kind::Separator))
        };
        let rest = &self.tokens[position + 1..];
        position + 1 + rest.iter().position(ends).unwrap_or(rest.len())
    }

    /// Where the body ends whose `|` is at this position, in bytes. It goes as far as it can.
    fn body_end(&self, pipe: usize) -> usize {
        let depth = self.tokens[pipe].depth;
        let (mut open, mut definitions) = (0usize, 0usize);
        for (offset, token) in self.tokens[pipe + 1..].iter().enumerate() {
            let here = token.depth == depth;
            match token.kind {
                Kind::Open if here => open += 1,
                Kind::Close if here && open > 0 => open -= 1,
                _ if open > 0 => {}
                Kind::Separator if here && definitions > 0 && self.at(pipe + 1 + offset) == ";" => definitions -= 1,
                Kind::Separator | Kind::Close if here => return token.span.start,
                _ if token.depth < depth => return token.span.start,
                _ if here && self.at(pipe + 1 + offset) == "def" => definitions += 1,
                _ => {}
            }
        }
        self.text.len()
    }

    /// Whether the token is an operator that binds an operand, or a sign.
    fn is_operator(&self, position: usize) -> bool {
        let token = self.at(position);
        self.tokens[position].kind == Kind::Other
            && (matches!(token, "and" | "or") || token.ends_with(['+', '-', '*', '/', '%', '<', '>', '=']))
    }

    /// Whether a value can end with this token.
    fn ends_value(&self, position: usize) -> bool {
        const WORDS: [&str; 8] = ["and", "or", "reduce", "foreach", "try", "catch", "label", "def"];
        let token = self.at(position);
        match self.tokens[position].kind {
            Kind::Close | Kind::Variable => true,
            Kind::Other => {
                let is_member = position > 0 && self.at(position - 1) == ".";
                token.ends_with(|last: char| last.is_alphanumeric() || matches!(last, '_' | '"' | '?' | '.'))
                    && (is_member || !WORDS.contains(&token))
            }
            _ => false,
        }
    }

    /// The first token of the term that ends before this position: `.a[0].b?`, `f(x)`, `"text"`, `1.5e-3`.
    fn term_start(&self, end: usize) -> usize {
        let mut start = end;
        while let Some(last) = start.checked_sub(1) {
            let token = &self.tokens[last];
            let before = last.checked_sub(1);
            start = match (token.kind, self.at(last)) {
                (Kind::Close, closing) => {
                    let opens = |open: &Token| open.kind == Kind::Open && open.depth == token.depth;
                    let Some(open) = self.tokens[..last].iter().rposition(opens) else { return end };
                    match closing {
                        "]" if open.checked_sub(1).is_some_and(|before| self.ends_value(before)) => open,
                        ")" if open.checked_sub(1).is_some_and(|before| self.is_name(before)) => return open - 1,
                        _ => return open,
                    }
                }
                (Kind::Other, "?") => last,
                (Kind::Other, ".") => match before {
                    Some(before) if self.at(before) == "." => return before,
                    Some(before) if self.ends_value(before) => last,
                    _ => return last,
                },
                (Kind::Other, text) if text.ends_with('"') => {
                    let first = self.string_start(last);
                    match first.checked_sub(1) {
                        Some(before) if self.at(before) == "." => first,
                        Some(before) if self.at(before).starts_with('@') => return before,
                        _ => return first,
                    }
                }
                (Kind::Other, _) => match before {
                    Some(before) if self.at(before) == "." => last,
                    // `1e-5` is three tokens.
                    Some(sign) if sign > 0 && matches!(self.at(sign), "-" | "+") && self.is_mantissa(sign - 1) => sign,
                    _ => return last,
                },
                _ => return last,
            };
        }
        start
    }

    fn is_name(&self, position: usize) -> bool {
        let token = self.at(position);
        token.starts_with(|first: char| first.is_alphabetic() || first == '_') && self.ends_value(position)
    }

    /// `1e` of `1e-5`.
    fn is_mantissa(&self, position: usize) -> bool {
        let token = self.at(position);
        token.starts_with(|first: char| first.is_ascii_digit()) && token.ends_with(['e', 'E'])
    }

    /// The first piece of the string whose last piece this is.
    fn string_start(&self, last: usize) -> usize {
        if self.at(last).starts_with('"') {
            return last;
        }
        let depth = self.tokens[last].depth + 1;
        let begins = |token: &Token| {
            let piece = &self.text[token.span.clone()];
            token.depth == depth && piece.starts_with('"') && piece.ends_with('(')
        };
        self.tokens[..last].iter().rposition(begins).unwrap_or(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binding_takes_one_term() {
        for (text, expected) in [
            ("2 - 1 as $x | $x", "2 - (1 as $x | $x\n)"),
            ("[1 + .a[0].b? as $x | $x, 2] | .", "[1 + (.a[0].b? as $x | $x, 2\n)] | ."),
            ("1 + f(1; 2) as [$x] | def g: 2; $x + g", "1 + (f(1; 2) as [$x] | def g: 2; $x + g\n)"),
            ("if 1 == . as $x | $x then 1 else 2 end", "if 1 == (. as $x | $x \n)then 1 else 2 end"),
            ("1 - 2 as $x | 3 * $x as $y | $y", "1 - (2 as $x | 3 * ($x as $y | $y\n)\n)"),
            ("1 + 2.5e-3 as $x | $x", "1 + (2.5e-3 as $x | $x\n)"),
            ("1 + \"a\\(1 + 2)b\" as $x | $x", "1 + (\"a\\(1 + 2)b\" as $x | $x\n)"),
            ("1 + @base64 \"a\" as $x | $x", "1 + (@base64 \"a\" as $x | $x\n)"),
            ("1 + .. as $x | $x", "1 + (.. as $x | $x\n)"),
            ("-1 as $x | $x", "-(1 as $x | $x\n)"),
            (". as {$a: [$b]} | $b", ". as {$a, a: [$b]} | $b"),
        ] {
            assert_eq!(with_brackets(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_the_engine_reads_right_stays() {
        for text in [
            ". as $x | $x",
            "1, 2 as $x | $x",
            ".a | .b as $x | $x",
            "1 - reduce .[] as $x (0; . + $x)",
            "[foreach .[] as [$a, $b] (0; 1; 2)] | . + 1",
            "{a: (.b as $x | $x)}",
            "def f: . as $x | $x; f",
            ". as [$a] | $a == 1",
        ] {
            assert_eq!(with_brackets(text), None, "{text}");
        }
    }
}
