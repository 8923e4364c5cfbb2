//! Words that are nearly those of a statement, and what other languages put around them. The word that was meant is put
//! in their place before a flow is read, so that the statement is read all the same.

use super::action::end_of_request;
use super::item::is_near;
use super::line::other_line;
use super::mistake::Mistake;
use super::place;
use crate::Span;
use crate::lexer::{RESERVED, Token};

/// The words that begin a statement or a part of one.
pub(super) const WORDS: &[&str] = &[
    "let", "if", "else", "match", "for", "while", "try", "catch", "return", "succeed", "fail", "wait", "goto", "break",
    "continue", "yield",
];

/// What other languages write at the beginning of a statement, and what is written here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("foreach", "for"),
    ("success", "succeed"),
    ("sucess", "succeed"),
    ("sucessful", "succeed"),
    ("error", "fail"),
    ("sleep", "wait"),
    ("delay", "wait"),
    ("exit", "return"),
    ("stop", "return"),
    ("end", "return"),
    ("except", "catch"),
    ("rescue", "catch"),
    ("loop", "while"),
    ("set", "let"),
    ("auto", "let"),
    ("when", "if"),
];

/// Words within a statement that may be meant otherwise; what begins one may be any word.
const INSIDE: &[&str] =
    &["catch", "except", "rescue", "then", "do", "for", "mut", "wait", "not", "is", "f", "r", "b", "s", "u", "t"];

/// How many words and signs a bracket is looked for.
const FARTHEST: usize = 100;

/// Puts what was meant in place of what nearly is a statement.
pub(super) fn in_flow(tokens: &mut Vec<(Token, Span)>, text: &str) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    let mut left_out = vec![false; tokens.len()];
    let mut kept_until = 0;
    // In front of the flow's own word stands what it is documented with.
    let first = tokens.iter().position(|(token, _)| matches!(token, Token::Word(_))).map_or(0, |word| word + 1);
    for position in first..tokens.len() {
        kept_until = kept_until.max(end_of_json(tokens, position)).max(end_of_request(tokens, position));
        if left_out[position] || position < kept_until || !may_be_meant(tokens, position) {
            continue;
        }
        let mistake = caught(tokens, position, &mut left_out)
            .or_else(|| meant_word(tokens, position))
            .or_else(|| too_many(tokens, position, &mut left_out))
            .or_else(|| counting(tokens, position, &mut left_out))
            .or_else(|| in_brackets(tokens, position, &mut left_out))
            .or_else(|| list_of(tokens, position))
            .or_else(|| other_sign(tokens, position, &mut left_out))
            .or_else(|| duration_in_words(tokens, position, &mut left_out))
            .or_else(|| in_two(tokens, position, &mut left_out))
            .or_else(|| letter_of_a_text(tokens, position, &mut left_out, text))
            .or_else(|| item_in_flow(tokens, position, &mut left_out))
            .or_else(|| other_line(tokens, position, &mut left_out, text));
        mistakes.extend(mistake);
    }
    let mut left_out = left_out.into_iter();
    tokens.retain(|_| !left_out.next().unwrap_or_default());
    mistakes
}

/// Whether anything below begins with such a token: most tokens are passed over after one look.
fn may_be_meant(tokens: &[(Token, Span)], position: usize) -> bool {
    let inside = match &tokens[position].0 {
        Token::Word(word) => INSIDE.contains(&word.as_str()),
        Token::Symbol(symbol) => matches!(*symbol, ":" | "!" | "?" | "$"),
        _ => false,
    };
    inside || begins_statement(tokens, position)
}

/// Where JSON ends that is kept as it stands, where `raw` or `extra` is at `position`: nothing else is meant in it.
fn end_of_json(tokens: &[(Token, Span)], position: usize) -> usize {
    let begins = matches!(word(tokens, position), Some(("raw" | "extra", _)));
    let name = tokens.get(position + 1..position + 4);
    let open = match name {
        Some([(Token::Quote, _), (Token::Text(_), _), (Token::QuoteEnd, _)]) => position + 4,
        _ => position + 1,
    };
    if begins && is(tokens, open, "{") { behind_braces(tokens, open) } else { 0 }
}

/// What follows the brace that closes the one at `open`; the beginning where none does.
pub(super) fn behind_braces(tokens: &[(Token, Span)], open: usize) -> usize {
    let mut depth = 0_usize;
    let closes = |(token, _): &(Token, Span)| {
        match token {
            Token::Symbol("{") => depth += 1,
            Token::Symbol("}") => depth -= 1,
            _ => {}
        }
        depth == 0
    };
    tokens[open..].iter().position(closes).map_or(0, |length| open + length + 1)
}

pub(super) fn word(tokens: &[(Token, Span)], position: usize) -> Option<(&str, Span)> {
    match tokens.get(position) {
        Some((Token::Word(word), span)) => Some((word.as_str(), *span)),
        _ => None,
    }
}

pub(super) fn is(tokens: &[(Token, Span)], position: usize, symbol: &str) -> bool {
    matches!(tokens.get(position), Some((Token::Symbol(found), _)) if *found == symbol)
}

/// Whether a statement may begin here.
pub(super) fn begins_statement(tokens: &[(Token, Span)], position: usize) -> bool {
    let before = position.checked_sub(1).map(|before| &tokens[before].0);
    matches!(before, Some(Token::Newline | Token::Symbol("{" | "}")))
}

/// A word where a statement begins that begins none, and something behind it that no name has behind it.
fn meant_word(tokens: &mut [(Token, Span)], position: usize) -> Option<Mistake> {
    let (found, span) = word(tokens, position)?;
    if !begins_statement(tokens, position) || RESERVED.contains(&found) || WORDS.contains(&found) {
        return None;
    }
    let next = &tokens.get(position + 1)?.0;
    if matches!(next, Token::Symbol(sign) if !matches!(*sign, "{" | "}" | "!" | "$")) {
        return None; // a label, a call, a name that is set
    }
    let after_block = is(tokens, position - 1, "}");
    let elsewhere = ELSEWHERE.iter().find(|(word, _)| *word == found).map(|(_, meant)| *meant);
    let meant = elsewhere.or_else(|| WORDS.iter().copied().find(|word| is_near(word, found)))?;
    let fits = match (next, meant) {
        (Token::Symbol("{"), "else" | "catch") => after_block,
        (Token::Symbol("{"), "try") => !after_block,
        (Token::Newline | Token::Symbol("}"), "return" | "succeed" | "break" | "continue") => true,
        (Token::Word(next), "else" | "catch") => after_block && (meant == "catch" || next == "if"),
        (Token::Word(next), "let") => {
            matches!(tokens.get(position + 2)?.0, Token::Symbol("=" | ":" | ".")) && next != "is"
        }
        (Token::Word(next), "for") => {
            word(tokens, position + 2).is_some_and(|(word, _)| matches!(word, "in" | "of")) && next != "in"
        }
        (Token::Word(next), "if" | "while" | "match") => !matches!(next.as_str(), "in" | "is"),
        (Token::Word(_), "goto") => true,
        (Token::Quote, "succeed" | "fail" | "match" | "if" | "while") => true,
        (Token::Symbol("!" | "$"), "if" | "while") => true,
        (Token::Duration(_), "wait") => true,
        _ => false,
    };
    if !fits {
        return None;
    }
    let mistake = Mistake::because(
        place(span),
        format!("`{found}` begins no statement"),
        "not a word of the language",
        Some(format!("did you mean `{meant}`?")),
    );
    let mistake = if elsewhere.is_some() { mistake.habitual() } else { mistake };
    tokens[position].0 = Token::Word(meant.into());
    Some(mistake.with_fix(&format!("write `{meant}`"), span, meant))
}

/// `catch Error err {`, `except Error as err {`: the sort of error is left out.
fn caught(tokens: &mut [(Token, Span)], position: usize, left_out: &mut [bool]) -> Option<Mistake> {
    let (keyword, span) = word(tokens, position)?;
    let (sort, _) = word(tokens, position + 1)?;
    let last = if matches!(word(tokens, position + 2), Some(("as", _))) { position + 3 } else { position + 2 };
    let (name, last_span) = word(tokens, last)?;
    let is_behind_block =
        position.checked_sub(1).is_some_and(|before| is(tokens, before, "}") || is(tokens, before, ")"));
    if !matches!(keyword, "catch" | "except" | "rescue") || !is_behind_block || !is(tokens, last + 1, "{") {
        return None;
    }
    let whole = span.cover(last_span);
    let written = format!("catch {name}");
    let mistake = Mistake::because(
        place(whole),
        format!("`catch` does not ask for `{sort}`"),
        "it takes every error, and the platform tells none apart",
        None,
    );
    let mistake = mistake.habitual().with_fix(&format!("write `{written}`"), whole, &written);
    tokens[position].0 = Token::Word("catch".into());
    left_out[position + 1..last].fill(true);
    Some(mistake)
}

/// `then` and `do` in front of a block, `mut` behind `let`, `:` in front of `=`.
fn too_many(tokens: &[(Token, Span)], position: usize, left_out: &mut [bool]) -> Option<Mistake> {
    let (written, why) = match &tokens[position].0 {
        Token::Word(found) if matches!(found.as_str(), "then" | "do") && is(tokens, position + 1, "{") => {
            let statement_begins =
                matches!(tokens[position.checked_sub(1)?].0, Token::Newline | Token::Symbol("{" | "}"));
            if statement_begins {
                return None;
            }
            (found.as_str(), "the block follows at once")
        }
        Token::Word(found) if found == "for" && word(tokens, position.checked_sub(1)?)?.0 == "wait" => {
            ("for", "how long to wait follows at once")
        }
        Token::Word(found) if found == "mut" && word(tokens, position.checked_sub(1)?)?.0 == "let" => {
            word(tokens, position + 1)?;
            ("mut", "what `let` has bound can be bound again")
        }
        Token::Symbol(":")
            if is(tokens, position + 1, "=") && tokens[position].1.end() == tokens[position + 1].1.start() =>
        {
            (":", "`let` is followed by a name and `=`")
        }
        _ => return None,
    };
    let help = format!("remove `{written}`");
    let span = tokens[position].1;
    let mistake = Mistake::because(place(span), format!("no `{written}` stands here"), why, Some(help.clone()));
    left_out[position] = true;
    Some(mistake.habitual().with_fix(&help, span, ""))
}

/// `for (const x of xs) {` and `catch (err) {`: the brackets and the word in them are left out.
fn in_brackets(tokens: &mut [(Token, Span)], position: usize, left_out: &mut [bool]) -> Option<Mistake> {
    let (keyword, _) = word(tokens, position)?;
    if !matches!(keyword, "for" | "catch") || !is(tokens, position + 1, "(") {
        return None;
    }
    let open = tokens[position + 1].1;
    let close = (position + 2..tokens.len().min(position + FARTHEST))
        .find(|close| is(tokens, *close, ")") && is(tokens, close + 1, "{"))?;
    let whole = open.cover(tokens[close].1);
    let form = if keyword == "for" { "for item in list { … }" } else { "catch err { … }" };
    let mistake = Mistake::because(
        place(whole),
        format!("`{keyword}` has no brackets"),
        "what it needs follows at once",
        Some(format!("write `{form}`")),
    )
    .habitual();
    let name = word(tokens, position + 2).map(|(name, _)| name.to_owned());
    let mistake = match name {
        Some(name) if keyword == "catch" && close == position + 3 => {
            mistake.with_fix(&format!("write `catch {name}`"), whole, &name)
        }
        _ => mistake,
    };
    left_out[close] = true;
    left_out[position + 1] = true;
    let declares = word(tokens, position + 2).is_some_and(|(found, _)| matches!(found, "let" | "const" | "var"));
    left_out[position + 2] |= declares;
    let between = position + 3 + usize::from(declares);
    if word(tokens, between).is_some_and(|(found, _)| found == "of") {
        tokens[between].0 = Token::Word("in".into());
    }
    Some(mistake)
}

/// `for (let i = 0; i < n; i++) {`. What is counted keeps its name.
fn counting(tokens: &mut [(Token, Span)], position: usize, left_out: &mut [bool]) -> Option<Mistake> {
    if !matches!(word(tokens, position), Some(("for", _))) {
        return None;
    }
    let close = (position + 2..tokens.len().min(position + FARTHEST))
        .find(|close| is(tokens, *close, ")") && is(tokens, close + 1, "{"))?;
    let inside = position + 2..close;
    let counted =
        inside.clone().find_map(|at| word(tokens, at).filter(|(word, _)| !RESERVED.contains(word)))?.0.to_owned();
    if close < position + 4 || !inside.clone().any(|at| is(tokens, at, ";")) {
        return None;
    }
    let whole = tokens[position + 1].1.cover(tokens[close].1);
    let mistake = Mistake::because(
        place(whole),
        "`for` goes through a list, and counts nothing",
        "not a list",
        Some(format!(
            "write `for item in list {{ … }}`; to count, `let {counted} = 0` and `while {counted} < 3 {{ … let {counted} = {counted} + 1 }}`"
        )),
    );
    let counted = if counted == "var" || counted == "const" { "item" } else { &counted };
    for (at, token) in [Token::Word(counted.into()), Token::Word("in".into()), Token::Hole].into_iter().enumerate() {
        tokens[position + 1 + at].0 = token;
    }
    left_out[position + 4..=close].fill(true);
    Some(mistake.habitual())
}

/// `for index, item in list {`. What the first name would stand for is not known.
fn in_two(tokens: &mut [(Token, Span)], position: usize, left_out: &mut [bool]) -> Option<Mistake> {
    let (first, first_span) = word(tokens, position + 1)?;
    let (second, second_span) = word(tokens, position + 3)?;
    let has_in = matches!(word(tokens, position + 4), Some(("in", _)));
    if !matches!(word(tokens, position), Some(("for", _))) || !is(tokens, position + 2, ",") || !has_in {
        return None;
    }
    let help = format!(
        "write `for {second} in list`; the fields of a record are `entries(record)`, each with `key` and `value`"
    );
    let both = first_span.cover(second_span);
    let first = first.to_owned();
    let mistake = Mistake::because(place(both), "`for` gives one name to an item", "two names", Some(help));
    left_out[position + 1..position + 3].fill(true);
    for at in position + 5..tokens.len() {
        let is_field = is(tokens, at - 1, ".") || is(tokens, at + 1, ":");
        if !is_field && word(tokens, at).is_some_and(|(word, _)| word == first) {
            tokens[at].0 = Token::Hole;
        }
    }
    let list = position + 5;
    let block = (list..tokens.len()).find(|at| is(tokens, *at, "{")).unwrap_or(list + 1);
    if let Some((token, _)) = tokens.get_mut(list) {
        *token = Token::Hole;
        left_out[list + 1..block.max(list + 1)].fill(true);
    }
    Some(mistake.habitual())
}

/// `f"…{x}…"`: the letter is left out, and so are the braces, which are told of here.
fn letter_of_a_text(
    tokens: &mut [(Token, Span)],
    position: usize,
    left_out: &mut [bool],
    text: &str,
) -> Option<Mistake> {
    let (letter, span) = word(tokens, position)?;
    let (Token::Quote, quote) = tokens.get(position + 1)? else { return None };
    // Behind a quote it is a text whose end was forgotten before.
    if position.checked_sub(1).is_some_and(|before| tokens[before].0 == Token::QuoteEnd) {
        return None;
    }
    if !matches!(letter, "f" | "r" | "b" | "s" | "u" | "t") || span.end() != quote.start() {
        return None;
    }
    let end = (position + 2..tokens.len()).find(|at| tokens[*at].0 == Token::QuoteEnd)?;
    let whole = quote.cover(tokens[end].1);
    let written = text[std::ops::Range::<usize>::from(whole)].replace("${", "{").replace('{', "${");
    let letter = letter.to_owned();
    let mistake = Mistake::because(
        place(span.cover(whole)),
        format!("no `{letter}` stands in front of a text"),
        "every text may hold values, as `${value}`",
        None,
    );
    left_out[position] = true;
    Some(mistake.habitual().with_fix(&format!("write `{written}`"), span.cover(whole), &written))
}

/// `for x of xs`
fn list_of(tokens: &mut [(Token, Span)], position: usize) -> Option<Mistake> {
    if word(tokens, position)?.0 != "for" || word(tokens, position + 2)?.0 != "of" {
        return None;
    }
    let span = tokens[position + 2].1;
    tokens[position + 2].0 = Token::Word("in".into());
    Some(Mistake::habit(place(span), "of", "in", "between the name of an item and its list stands `in`"))
}

/// `?:` for `??`, `$name` for `name`, `is "open"` for `== "open"`, and `not in`.
fn other_sign(tokens: &mut [(Token, Span)], position: usize, left_out: &mut [bool]) -> Option<Mistake> {
    let (next, next_span) = tokens.get(position + 1)?;
    let span = tokens[position].1;
    let is_negated = matches!(next, Token::Word(word) if word == "not");
    let compared = tokens.get(position + 1 + usize::from(is_negated)).map(|(token, _)| token);
    let is_compared = match compared {
        Some(Token::Quote | Token::Number(_)) => true,
        Some(Token::Word(word)) => matches!(word.as_str(), "true" | "false"),
        _ => false,
    };
    match (&tokens[position].0, next) {
        (Token::Symbol("!"), Token::Word(next)) if next == "in" && span.end() == next_span.start() => {
            tokens[position] = (Token::Symbol("not in"), span.cover(*next_span));
            left_out[position + 1] = true;
            return None;
        }
        (Token::Word(found), Token::Word(next)) if found == "not" && next == "in" => {
            tokens[position] = (Token::Symbol("not in"), span.cover(*next_span));
            left_out[position + 1] = true;
            return None;
        }
        (Token::Word(found), _) if found == "is" && is_compared && !is_member(tokens, position) => {
            let instead = if is_negated { "!=" } else { "==" };
            let span = if is_negated { span.cover(*next_span) } else { span };
            let written = if is_negated { "is not" } else { "is" };
            tokens[position] = (Token::Symbol(instead), span);
            left_out[position + 1] |= is_negated;
            return Some(Mistake::habit(place(span), written, instead, "`is` asks for `present` or `null`"));
        }
        _ => {}
    }
    if span.end() != next_span.start() {
        return None;
    }
    match (&tokens[position].0, next) {
        (Token::Symbol("?"), Token::Symbol(":")) if !is_optional_field(tokens, position) => {
            let span = span.cover(*next_span);
            tokens[position] = (Token::Symbol("??"), span);
            left_out[position + 1] = true;
            Some(Mistake::habit(place(span), "?:", "??", "what stands for a value that is missing or null"))
        }
        (Token::Symbol("$"), Token::Word(name)) => {
            let mistake = Mistake::because(place(span), format!("`{name}` is written without `$`"), "not needed", None);
            left_out[position] = true;
            Some(mistake.habitual().with_fix("remove the `$`", span, ""))
        }
        _ => None,
    }
}

/// Whether a `?` belongs to `b?: T` in a type.
fn is_optional_field(tokens: &[(Token, Span)], question_mark: usize) -> bool {
    let (Some(name), Some(before)) = (question_mark.checked_sub(1), question_mark.checked_sub(2)) else { return false };
    let touches = tokens[name].1.end() == tokens[question_mark].1.start();
    touches && matches!(tokens[before].0, Token::Newline | Token::Symbol("{" | ","))
}

/// Whether the word here is that of a field.
fn is_member(tokens: &[(Token, Span)], position: usize) -> bool {
    position.checked_sub(1).is_none_or(|before| is(tokens, before, ".")) || is(tokens, position + 1, ":")
}

/// `wait 2 minutes`
fn duration_in_words(tokens: &mut [(Token, Span)], position: usize, left_out: &mut [bool]) -> Option<Mistake> {
    if word(tokens, position)?.0 != "wait" {
        return None;
    }
    let (unit, unit_span) = word(tokens, position + 2)?;
    let Token::Number(number) = &tokens[position + 1].0 else { return None };
    let letter = match unit {
        "s" | "sec" | "secs" | "second" | "seconds" => 's',
        "m" | "min" | "mins" | "minute" | "minutes" => 'm',
        _ => return None,
    };
    let written = format!("{number}{letter}");
    let span = tokens[position + 1].1.cover(unit_span);
    tokens[position + 1] = (Token::Duration(written.as_str().into()), span);
    left_out[position + 2] = true;
    let mistake = Mistake::because(place(span), format!("a duration is written `{written}`"), "one word", None);
    Some(mistake.habitual().with_fix(&format!("write `{written}`"), span, &written))
}

/// An action or a flow in a flow. It is left out.
fn item_in_flow(tokens: &[(Token, Span)], position: usize, left_out: &mut [bool]) -> Option<Mistake> {
    let (found, span) = word(tokens, position)?;
    let sort = ["action", "flow", "job", "connection", "config", "param", "event", "type"];
    let sort = sort.into_iter().find(|sort| *sort == found)?;
    if !begins_statement(tokens, position) || word(tokens, position + 1).is_none() {
        return None;
    }
    let mut depth = 0_usize;
    let end = (position..tokens.len()).find(|at| {
        match &tokens[*at].0 {
            Token::Symbol("{" | "(" | "[") => depth += 1,
            Token::Symbol("}" | ")" | "]") if depth == 0 => return true,
            Token::Symbol("}" | ")" | "]") => depth -= 1,
            _ => {}
        }
        depth == 0 && tokens[*at].0 == Token::Newline
    });
    left_out[position..end.unwrap_or(tokens.len())].fill(true);
    Some(Mistake::because(
        place(span),
        format!("`{sort}` cannot stand in a flow"),
        "a flow holds statements",
        Some(format!("write the {sort} at the top of the file, outside of all braces")),
    ))
}
