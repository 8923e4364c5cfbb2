//! Hyphens in names, as CSS, HTTP and shells write them: `-` means minus here.

use super::mistake::Mistake;
use super::place;
use crate::Span;
use crate::lexer::Token;

/// The words that a name follows.
const DECLARE: &[&str] = &["let", "flow", "action", "job", "connection", "param", "config", "type", "event"];

/// Makes one name of words with hyphens between them, where a name is declared and where a field of a record or a
/// header is named.
pub(super) fn in_names(tokens: &mut Vec<(Token, Span)>) -> Option<Mistake> {
    let position = (0..tokens.len()).find(|position| is_declared(tokens, *position) || is_key(tokens, *position))?;
    let end = hyphenated(tokens, position)?;
    let written: String = tokens[position..=end].iter().map(|(token, _)| spelling(token)).collect();
    let span = tokens[position].1.cover(tokens[end].1);
    let is_declared = is_declared(tokens, position);
    let instead = if is_declared { written.replace('-', "_") } else { format!("\"{written}\"") };
    let help = if is_declared { format!("write `{instead}`") } else { format!("write {instead}") };
    let name = if is_declared { instead.as_str() } else { written.as_str() };
    let length = end - position;
    let same: Vec<Token> = tokens[position..=end].iter().map(|(token, _)| token.clone()).collect();
    let is_here = |tokens: &[(Token, Span)], at: usize| {
        tokens[at..].iter().map(|(token, _)| token).take(same.len()).eq(same.iter())
            && hyphenated(tokens, at) == Some(at + length)
    };
    let places: Vec<usize> = (position..tokens.len()).filter(|at| is_here(tokens, *at)).collect();
    for at in places.iter().rev() {
        let span = tokens[*at].1.cover(tokens[at + length].1);
        tokens[*at] = (Token::Word(name.into()), span);
        tokens.drain(at + 1..=at + length);
    }
    let is_used_again = places.len() > 1;
    let mistake =
        Mistake::because(place(span), format!("`{written}` is no name"), "`-` means minus", Some(help.clone()));
    Some(if is_used_again { mistake } else { mistake.with_fix(&help, span, &instead) })
}

fn spelling(token: &Token) -> &str {
    match token {
        Token::Word(word) | Token::Number(word) => word,
        Token::Symbol(symbol) => symbol,
        _ => "",
    }
}

/// Where a name with hyphens and without blanks ends that begins here.
fn hyphenated(tokens: &[(Token, Span)], position: usize) -> Option<usize> {
    let mut end = position;
    matches!(tokens.get(position)?.0, Token::Word(_)).then_some(())?;
    while let [(_, before), (Token::Symbol("-"), hyphen), (Token::Word(_) | Token::Number(_), after), ..] =
        &tokens[end..]
        && before.end() == hyphen.start()
        && hyphen.end() == after.start()
    {
        end += 2;
    }
    (end > position).then_some(end)
}

fn is_declared(tokens: &[(Token, Span)], position: usize) -> bool {
    let before = position.checked_sub(1).map(|before| &tokens[before].0);
    matches!(before, Some(Token::Word(word)) if DECLARE.contains(&word.as_str()))
        && hyphenated(tokens, position).is_some()
}

/// A name in front of `:`, at the beginning of a line or after a comma or brace.
fn is_key(tokens: &[(Token, Span)], position: usize) -> bool {
    let before = position.checked_sub(1).map(|before| &tokens[before].0);
    matches!(before, Some(Token::Symbol("{" | ",") | Token::Newline))
        && hyphenated(tokens, position)
            .is_some_and(|end| matches!(tokens.get(end + 1), Some((Token::Symbol(":" | "="), _))))
}
