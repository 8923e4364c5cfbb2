//! Lines that begin like those of other languages, and hold what no statement here has. They are left out as a whole,
//! or put right, before a flow is read.

use super::meant::{WORDS, begins_statement, is, word};
use super::mistake::Mistake;
use super::place;
use crate::Span;
use crate::lexer::{RESERVED, Token};

/// What begins a statement in other languages, and what to do here.
const ELSEWHERE: &[(&[&str], &str)] = &[
    (&["unless"], "write `if !(condition) { … }`"),
    (&["until"], "write `while !(condition) { … }`"),
    (&["do", "repeat", "loop"], "write `while condition { … }`"),
    (&["retry", "retries", "backoff"], RETRY),
    (&["finally", "ensure", "defer"], "what is done in any case stands behind the `try` and its `catch`"),
    (&["parallel", "concurrent", "spawn", "async", "go", "branch"], "statements run one after another, in their order"),
    (&["print", "println", "echo", "log", "puts", "debug"], LOG),
    (&["function", "fn", "def", "func", "fun", "lambda", "class", "struct", "enum", "test"], ITEM),
    (
        &["import", "include", "use", "using", "from", "require"],
        "files are imported at the top: `import \"./file.zis\"`",
    ),
    (&["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"], REQUEST),
    (&["get", "post", "put", "patch", "http", "request", "fetch", "curl"], REQUEST),
    (
        &["call", "run", "invoke", "execute", "await", "perform"],
        "a call is its name and brackets: `slack.post(text: \"hi\")`",
    ),
    (&["assert", "expect", "check"], "write `if !(condition) { fail \"Name\", \"what went wrong\" }`"),
    (&["delete", "del", "unset", "remove"], "a value stays; leave out a field where the record is written"),
    (&["with", "begin", "pass", "noop", "block"], "leave it out"),
];

const RETRY: &str = "the platform runs the whole flow again where a request fails for a while; to ask until something \
                     has come, write `while` with a `wait` in it";
const LOG: &str = "a flow leaves a text in the log where it ends: `succeed \"…\"` or `fail \"Name\", \"…\"`";
const ITEM: &str = "a flow holds statements; what is used several times is an `action` at the top of the file";
const REQUEST: &str = "a request stands in an action at the top of the file, and a flow calls that: \
                       `action name() { GET \"https://…\" }`";

/// Members of states in JSON, and what says it here.
const MEMBERS: &[(&str, &str)] = &[
    ("Next", "the next statement follows; to another one leads `goto Label`"),
    ("End", "write `return`"),
    ("Type", "the statement says what state it is"),
    ("ResultPath", "write `let name = …` in front of the call"),
    ("ActionName", "write the call: `slack.post(text: \"hi\")`"),
    ("Comment", "write it above the statement, after `///`"),
    ("Seconds", "write `wait 30s`"),
    ("Cause", "write `fail \"Name\", \"what went wrong\"`"),
    ("Error", "write `fail \"Name\", \"what went wrong\"`"),
    ("Message", "write `succeed \"…\"`"),
    ("Default", "write `else { … }`"),
    ("StartAt", "a flow begins with its first statement"),
];

/// Leaves out what the line at `position` begins with, or puts it right.
pub(super) fn other_line(
    tokens: &mut [(Token, Span)],
    position: usize,
    left_out: &mut [bool],
    text: &str,
) -> Option<Mistake> {
    if !begins_statement(tokens, position) {
        return None;
    }
    comment(tokens, position, left_out, text)
        .or_else(|| state_in_json(tokens, position, left_out))
        .or_else(|| member_of_state(tokens, position, left_out))
        .or_else(|| switch(tokens, position, left_out))
        .or_else(|| brackets_of_a_call(tokens, position, left_out, text))
        .or_else(|| named_parts(tokens, position, left_out, text))
        .or_else(|| unknown_statement(tokens, position, left_out))
}

/// Where the line ends that `position` is in, blocks on it included.
pub(super) fn line_end(tokens: &[(Token, Span)], position: usize) -> usize {
    let mut depth = 0_usize;
    let ends = |(token, _): &(Token, Span)| {
        match token {
            Token::Symbol("{" | "(" | "[") => depth += 1,
            Token::Symbol("}" | ")" | "]") if depth == 0 => return true,
            Token::Symbol("}" | ")" | "]") => depth -= 1,
            _ => {}
        }
        depth == 0 && *token == Token::Newline
    };
    tokens[position..].iter().position(ends).map_or(tokens.len(), |length| position + length)
}

fn skip_line(tokens: &[(Token, Span)], position: usize, left_out: &mut [bool]) -> usize {
    let end = line_end(tokens, position);
    left_out[position..end].fill(true);
    end
}

/// `-- a comment`
fn comment(tokens: &[(Token, Span)], position: usize, left_out: &mut [bool], text: &str) -> Option<Mistake> {
    let dashes = tokens[position].1.cover(tokens.get(position + 1)?.1);
    if !is(tokens, position, "-") || !is(tokens, position + 1, "-") || usize::from(dashes.len()) != 2 {
        return None;
    }
    let start = usize::from(dashes.start());
    let end = text[start..].find('\n').map_or(text.len(), |length| start + length);
    let on_line = tokens[position..].iter().take_while(|(_, span)| usize::from(span.start()) < end).count();
    left_out[position..position + on_line].fill(true);
    let mistake = Mistake::because(place(dashes), "a comment begins with `//`", "`--` begins no comment", None);
    Some(mistake.habitual().with_fix("write `//`", dashes, "//"))
}

/// Whether the braces around a place are those of a record, and not of a block.
fn in_record(tokens: &[(Token, Span)], position: usize) -> bool {
    let mut depth = 0_usize;
    let open = tokens[..position].iter().rposition(|(token, _)| match token {
        Token::Symbol("}") => {
            depth += 1;
            false
        }
        Token::Symbol("{") if depth > 0 => {
            depth -= 1;
            false
        }
        token => *token == Token::Symbol("{"),
    });
    let Some(before) = open.and_then(|open| open.checked_sub(1)) else { return false };
    match &tokens[before].0 {
        Token::Symbol(sign) => matches!(*sign, "=" | ":" | "," | "(" | "["),
        Token::Word(word) => matches!(word.as_str(), "extra" | "raw"),
        Token::QuoteEnd => before.checked_sub(3).is_some_and(|raw| matches!(word(tokens, raw), Some(("raw", _)))),
        _ => false,
    }
}

/// `"GetTicket": { "Type": "Action", … }`
fn state_in_json(tokens: &[(Token, Span)], position: usize, left_out: &mut [bool]) -> Option<Mistake> {
    let [
        (Token::Quote, start),
        (Token::Text(name), _),
        (Token::QuoteEnd, _),
        (Token::Symbol(":"), colon),
        (Token::Symbol("{"), _),
        rest @ ..,
    ] = &tokens[position..]
    else {
        return None;
    };
    let first = rest.iter().find(|(token, _)| *token != Token::Newline && *token != Token::Quote);
    let is_state =
        matches!(first, Some((Token::Text(member), _)) if member.starts_with(|c: char| c.is_ascii_uppercase()));
    if !is_state || in_record(tokens, position) {
        return None;
    }
    let front = start.cover(*colon);
    skip_line(tokens, position, left_out);
    let help = format!("write what the state does, or keep it as JSON: `raw \"{name}\" {{ … }}`");
    let why = "states are written as statements";
    let mistake = Mistake::because(place(front), format!("`{name}` is a state in JSON"), why, Some(help));
    Some(mistake.habitual().with_fix("keep it as JSON", front, &format!("raw \"{name}\"")))
}

/// `Next: "Done"`
fn member_of_state(tokens: &[(Token, Span)], position: usize, left_out: &mut [bool]) -> Option<Mistake> {
    let (found, span) = word(tokens, position)?;
    let (_, help) = MEMBERS.iter().find(|(member, _)| *member == found)?;
    let is_value = match &tokens.get(position + 2)?.0 {
        Token::Quote | Token::Number(_) => true,
        Token::Word(word) => matches!(word.as_str(), "true" | "false" | "null"),
        _ => false,
    };
    if !is(tokens, position + 1, ":") || !is_value || in_record(tokens, position) {
        return None;
    }
    skip_line(tokens, position, left_out);
    let why = "states are written as statements";
    let headline = format!("`{found}` is a member of a state in JSON");
    Some(Mistake::because(place(span), headline, why, Some((*help).to_owned())).habitual())
}

/// `switch x { case "a": … default: … }`
fn switch(tokens: &[(Token, Span)], position: usize, left_out: &mut [bool]) -> Option<Mistake> {
    let (found, span) = word(tokens, position)?;
    if found != "switch" || is(tokens, position + 1, "=") {
        return None;
    }
    let end = line_end(tokens, position);
    let has_cases = (position..end).any(|at| {
        matches!(word(tokens, at), Some(("case" | "default", _)))
            && matches!(tokens[at - 1].0, Token::Newline | Token::Symbol("{"))
            && !is(tokens, at + 1, "{")
    });
    if !has_cases {
        return None;
    }
    left_out[position..end].fill(true);
    let help = "write `match value { \"a\", \"b\" { … } else { … } }`".to_owned();
    Some(
        Mistake::because(place(span), "`switch` is written `match`", "each case has braces of its own", Some(help))
            .habitual(),
    )
}

/// `slack.post text: "hi"` and `fail("Name", "why")`.
fn brackets_of_a_call(tokens: &[(Token, Span)], position: usize, left_out: &mut [bool], text: &str) -> Option<Mistake> {
    let (found, span) = word(tokens, position)?;
    if found == "fail" && is(tokens, position + 1, "(") {
        let close = line_end(tokens, position) - 1;
        let comma = (position + 2..close).find(|at| is(tokens, *at, ","))?;
        if !is(tokens, close, ")") || comma > close {
            return None;
        }
        left_out[position + 1] = true;
        left_out[close] = true;
        let brackets = tokens[position + 1].1.cover(tokens[close].1);
        let inside = &text[usize::from(brackets.start()) + 1..usize::from(brackets.end()) - 1];
        let written = format!("{}{}", if span.end() == brackets.start() { " " } else { "" }, inside.trim());
        let mistake = Mistake::because(place(brackets), "`fail` has no brackets", "its two texts follow at once", None);
        return Some(mistake.habitual().with_fix("remove the brackets", brackets, &written));
    }
    if RESERVED.contains(&found) {
        return None;
    }
    let mut name = position;
    while is(tokens, name + 1, ".") && word(tokens, name + 2).is_some() {
        name += 2;
    }
    let first = name + 1;
    if name == position || word(tokens, first).is_none() || !is(tokens, first + 1, ":") {
        return None;
    }
    let end = line_end(tokens, position);
    let whole = tokens[first].1.cover(tokens[end - 1].1);
    let arguments = &text[usize::from(whole.start())..usize::from(whole.end())];
    left_out[position..end].fill(true);
    let gap = Span::new(tokens[name].1.end(), whole.end());
    let mistake = Mistake::because(
        place(whole),
        "the arguments of a call stand in brackets",
        "these are given to what is called",
        Some(format!("write `({arguments})`")),
    );
    Some(mistake.habitual().with_fix("put brackets around them", gap, &format!("({arguments})")))
}

/// `wait seconds: 5`, `fail error: "Name", cause: "why"`: what these statements take has no names.
fn named_parts(tokens: &mut [(Token, Span)], position: usize, left_out: &mut [bool], text: &str) -> Option<Mistake> {
    let (statement, _) = word(tokens, position)?;
    let first = position + 1;
    let is_number = matches!(tokens.get(position + 2)?.0, Token::Number(_));
    if statement == "wait" && is(tokens, first, "(") && is_number && is(tokens, position + 3, ")") {
        // The brackets of a call; what is said about the number is right without them.
        left_out[first] = true;
        left_out[position + 3] = true;
        return None;
    }
    if !matches!(statement, "wait" | "fail" | "succeed") || word(tokens, first).is_none() || !is(tokens, first + 1, ":")
    {
        return None;
    }
    let statement = statement.to_owned();
    let end = line_end(tokens, position);
    let whole = tokens[first].1.cover(tokens[end - 1].1);
    let mut written = text[usize::from(whole.start())..usize::from(whole.end())].to_owned();
    for at in (first..end).rev() {
        let follows = at == first || is(tokens, at - 1, ",");
        if follows && word(tokens, at).is_some() && is(tokens, at + 1, ":") {
            left_out[at] = true;
            left_out[at + 1] = true;
            let value = tokens[..end].get(at + 2).map_or(whole.end(), |(_, span)| span.start());
            let name = Span::new(tokens[at].1.start(), value) - whole.start();
            written.replace_range(std::ops::Range::<usize>::from(name), "");
        }
    }
    if let Some((Token::Number(seconds), span)) = tokens.get(first + 2)
        && statement == "wait"
        && first + 3 == end
    {
        written = format!("{seconds}s");
        tokens[first + 2] = (Token::Duration(written.as_str().into()), *span);
    }
    let mistake = Mistake::because(
        place(whole),
        format!("what `{statement}` takes has no names"),
        "the values follow at once",
        Some(format!("write `{statement} {written}`")),
    );
    Some(mistake.habitual().with_fix("leave out the names", whole, &written))
}

/// A word that begins no statement, and something behind it that no name has behind it. Its line is left out.
fn unknown_statement(tokens: &[(Token, Span)], position: usize, left_out: &mut [bool]) -> Option<Mistake> {
    let (found, span) = word(tokens, position)?;
    let is_read_elsewhere = matches!(
        found,
        "jq" | "const"
            | "var"
            | "throw"
            | "raise"
            | "elif"
            | "elsif"
            | "elseif"
            | "switch"
            | "case"
            | "default"
            | "when"
    );
    if RESERVED.contains(&found) || WORDS.contains(&found) || is_read_elsewhere {
        return None;
    }
    let elsewhere = ELSEWHERE.iter().find(|(words, _)| words.contains(&found)).map(|(_, help)| *help);
    let begins_nothing = match &tokens.get(position + 1)?.0 {
        Token::Word(next) => {
            !matches!(next.as_str(), "in" | "is" | "catch" | "extra" | "else" | "and" | "or" | "if" | "for")
        }
        Token::Quote | Token::Number(_) | Token::Duration(_) => true,
        Token::Symbol("{") => elsewhere.is_some(),
        Token::Symbol("!" | "$") => elsewhere.is_some() && matches!(found, "unless" | "until" | "assert"),
        _ => false,
    };
    if !begins_nothing || is(tokens, position + 2, "=>") {
        return None;
    }
    skip_line(tokens, position, left_out);
    let label = "no statement begins with this word";
    let general =
        "a statement is a call such as `slack.post(text: \"hi\")`, or begins with `let`, `if`, `for` and the like";
    let help = elsewhere.unwrap_or(general).to_owned();
    let mistake = Mistake::because(place(span), format!("`{found}` begins no statement"), label, Some(help));
    Some(if elsewhere.is_some() { mistake.habitual() } else { mistake })
}
