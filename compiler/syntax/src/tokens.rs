//! The words and signs of an item, for who colours them.

use crate::lexer::{RESERVED, Token};
use crate::{ITEM_WORDS, Span, lexer};

/// What a word or sign is, as far as can be told without reading the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A comment, documentation included.
    Comment,
    /// A word that may have a meaning of its own, unless a name stands there.
    Keyword,
    /// A number or a duration.
    Number,
    /// A piece of a string, quotes included.
    String,
    /// A sign.
    Operator,
    /// A jq text, backticks included.
    Jq,
}

/// Words with a meaning in some places only.
pub const CONTEXTUAL_WORDS: &[&str] =
    &["from", "headers", "query", "body", "path", "break", "continue", "yield", "present"];

/// The words and signs of an item, in order; plain names and brackets left out.
pub fn tokens(text: &str) -> Vec<(TokenKind, Span)> {
    let lexed = lexer::lex_with_comments(text);
    let mut tokens: Vec<(TokenKind, Span)> =
        lexed.comments.into_iter().map(|comment| (TokenKind::Comment, comment)).collect();
    for (token, span) in lexed.tokens {
        let kind = match &token {
            Token::Documentation(_) => TokenKind::Comment,
            Token::Word(word) => {
                let word = word.as_str();
                if !RESERVED.contains(&word) && !ITEM_WORDS.contains(&word) && !CONTEXTUAL_WORDS.contains(&word) {
                    continue;
                }
                TokenKind::Keyword
            }
            Token::Number(_) | Token::Duration(_) => TokenKind::Number,
            Token::Quote | Token::Text(_) | Token::QuoteEnd => TokenKind::String,
            Token::Interpolate | Token::InterpolateEnd => TokenKind::Operator,
            Token::Jq { .. } => TokenKind::Jq,
            Token::Symbol("(" | ")" | "[" | "]" | "{" | "}" | "," | "." | ":") | Token::Newline | Token::Hole => {
                continue;
            }
            Token::Symbol(_) => TokenKind::Operator,
        };
        if !span.is_empty() {
            tokens.push((kind, span));
        }
    }
    tokens.sort_by_key(|(_, span)| span.start());
    tokens
}
