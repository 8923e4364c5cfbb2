//! Whether two texts say the same: the same tokens and comments, in the same lines of statements.

use crate::lexer::{Token, lex_with_comments};
use crate::split;

/// Where the first text begins to say something that the second does not say.
pub(super) fn first_difference(text: &str, other: &str) -> Option<usize> {
    let (words, others) = (words(text), words(other));
    let mut pairs = words.iter().zip(&others);
    if let Some(((at, _), _)) = pairs.find(|((_, word), (_, other))| word != other) {
        return Some(*at);
    }
    match words.len().cmp(&others.len()) {
        std::cmp::Ordering::Equal => None,
        std::cmp::Ordering::Less => Some(text.len()),
        std::cmp::Ordering::Greater => words.get(others.len()).map(|(at, _)| *at),
    }
}

/// What a text says, and where.
#[derive(Debug, PartialEq)]
enum Word {
    Token(Token),
    Comment(String),
    EndOfItem,
}

/// The tokens item by item, but those that formatting adds and removes: line ends at the edges of blocks and lists,
/// commas behind the last element, the `|` in front of the first type. Then all comments.
fn words(text: &str) -> Vec<(usize, Word)> {
    let mut words = Vec::new();
    let mut comments = Vec::new();
    for item in split(text) {
        let item_start = usize::from(item.start);
        let lexed = lex_with_comments(&item.text);
        let mut kept: Vec<(usize, Token)> = Vec::with_capacity(lexed.tokens.len());
        let mut open = Vec::new(); // in round and square brackets, lines end no statement
        for (token, span) in lexed.tokens {
            match &token {
                Token::Newline if matches!(open.last(), Some(&("(" | "["))) => continue,
                Token::Newline
                    if kept.last().is_none_or(|(_, last)| ends_line_anyway(last)) || ends_attribute(&kept) =>
                {
                    continue;
                }
                Token::Symbol("}" | ")" | "]") => {
                    kept.pop_if(|(_, last)| *last == Token::Newline);
                    kept.pop_if(|(_, last)| *last == Token::Symbol(","));
                }
                Token::Symbol("|") if matches!(kept.last(), Some((_, Token::Symbol("=" | ":" | "(" | "->")))) => {
                    continue;
                }
                _ => {}
            }
            match token {
                Token::Symbol(symbol @ ("(" | "[" | "{")) => open.push(symbol),
                Token::Symbol(")" | "]" | "}") => {
                    open.pop();
                }
                _ => {}
            }
            kept.push((item_start + usize::from(span.start()), token));
        }
        kept.pop_if(|(_, last)| *last == Token::Newline);
        if kept.is_empty() && lexed.comments.is_empty() {
            continue;
        }
        words.extend(kept.into_iter().map(|(at, token)| (at, Word::Token(token))));
        words.push((item_start + item.text.trim_end().len(), Word::EndOfItem));
        comments.extend(lexed.comments.into_iter().map(|span| {
            let comment = item.text[span].trim_end().trim_start_matches('/').to_owned();
            (item_start + usize::from(span.start()), Word::Comment(comment))
        }));
    }
    words.append(&mut comments);
    words
}

fn ends_line_anyway(token: &Token) -> bool {
    matches!(token, Token::Symbol("{" | "}" | "," | ":") | Token::Newline)
}

/// Whether the tokens end with `@word` or `@word("text")`.
fn ends_attribute(tokens: &[(usize, Token)]) -> bool {
    use Token::{Quote, QuoteEnd, Symbol, Text, Word};
    let last: Vec<&Token> = tokens[tokens.len().saturating_sub(7)..].iter().map(|(_, token)| token).collect();
    matches!(
        last[..],
        [.., Symbol("@"), Word(_)]
            | [.., Symbol("@"), Word(_), Symbol("("), Quote, Text(_), QuoteEnd, Symbol(")")]
            | [.., Symbol("@"), Word(_), Symbol("("), Quote, QuoteEnd, Symbol(")")]
    )
}
