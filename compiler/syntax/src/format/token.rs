//! The tokens of an item with what stands between them: comments, line ends, empty lines.

use crate::lexer::{Lexed, Token};
use std::ops::Range;

/// A token and what stands around it.
pub(super) struct PlacedToken<'a> {
    pub(super) token: Token,
    pub(super) start: usize,
    pub(super) end: usize,
    /// The comments above it, each on a line of its own.
    pub(super) above: Vec<Comment<'a>>,
    /// The comment behind it, on its line.
    pub(super) behind: Option<&'a str>,
    /// What separates it from the token or comment before it.
    pub(super) gap: Gap,
    /// The token that closes what this one opens; itself where it opens nothing.
    pub(super) partner: usize,
}

/// A comment on a line of its own.
pub(super) struct Comment<'a> {
    pub(super) text: &'a str,
    pub(super) gap: Gap,
}

/// What separates two things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    SameLine,
    LineEnd,
    EmptyLine,
}

impl Gap {
    pub(super) fn of(text: &str) -> Self {
        match text.bytes().filter(|byte| *byte == b'\n').count() {
            0 => Gap::SameLine,
            1 => Gap::LineEnd,
            _ => Gap::EmptyLine,
        }
    }
}

/// The tokens, line ends left out, and the comments after the last.
pub(super) fn placed_tokens(text: &str, lexed: Lexed) -> (Vec<PlacedToken<'_>>, Vec<Comment<'_>>) {
    let mut tokens = lexed.tokens.into_iter().filter(|(token, _)| *token != Token::Newline).peekable();
    let mut comments = lexed.comments.into_iter().map(Range::<usize>::from).peekable();
    let mut placed: Vec<PlacedToken<'_>> = Vec::new();
    let mut above = Vec::new();
    let mut end = 0; // of what was read last
    loop {
        let next_token = tokens.peek().map(|(_, span)| usize::from(span.start()));
        if let Some(place) = comments.next_if(|place| next_token.is_none_or(|start| place.start < start)) {
            let gap = Gap::of(&text[end..place.start]);
            let comment = text[place.clone()].trim_end();
            end = place.end;
            match placed.last_mut() {
                Some(token) if gap == Gap::SameLine => token.behind = Some(comment),
                _ => above.push(Comment { text: comment, gap }),
            }
            continue;
        }
        let Some((token, span)) = tokens.next() else { break };
        let place = Range::<usize>::from(span);
        let gap = Gap::of(&text[end..place.start]);
        end = place.end;
        placed.push(PlacedToken {
            token,
            start: place.start,
            end: place.end,
            above: std::mem::take(&mut above),
            behind: None,
            gap,
            partner: placed.len(),
        });
    }
    find_partners(&mut placed);
    (placed, above)
}

fn find_partners(tokens: &mut [PlacedToken<'_>]) {
    let mut open = Vec::new();
    for at in 0..tokens.len() {
        match tokens[at].token {
            Token::Symbol("(" | "[" | "{") | Token::Quote | Token::Interpolate => open.push(at),
            Token::Symbol(")" | "]" | "}") | Token::QuoteEnd | Token::InterpolateEnd => {
                if let Some(opener) = open.pop() {
                    tokens[opener].partner = at;
                }
            }
            _ => {}
        }
    }
}
