//! Mistakes in a jq program that show without parsing it: brackets and strings that are not closed, and signs of other
//! languages. The parser sees most of them late, and says little.

/// A mistake at a range of bytes of the program.
pub(super) struct Mistake {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) headline: String,
    pub(super) label: &'static str,
    pub(super) help: String,
    /// What to write instead.
    pub(super) replacement: Option<String>,
}

/// Signs of other languages, and how jq writes them.
const SIGNS: &[(&str, &str)] = &[("&&", "and"), ("||", "or"), ("===", "=="), ("!==", "!="), ("$.", "."), ("<>", "!=")];

/// What is open at a place.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    Bracket(usize, char),
    Text(usize),
    /// `\(` in a string.
    Inner(usize),
}

/// The first such mistake.
pub(super) fn mistake(code: &str) -> Option<Mistake> {
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    while let Some(c) = code[at..].chars().next() {
        let rest = &code[at..];
        if let Some(Open::Text(_)) = open.last() {
            match c {
                '\\' if rest.starts_with("\\(") => {
                    open.push(Open::Inner(at));
                    at += 2;
                }
                '\\' => at += 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
                _ => {
                    if c == '"' {
                        open.pop();
                    }
                    at += c.len_utf8();
                }
            }
            continue;
        }
        if let Some((sign, instead)) = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign)) {
            return Some(sign_of_another_language(at, sign, instead));
        }
        if let Some(found) = elsewhere(code, at) {
            return Some(found);
        }
        match c {
            '#' => at += rest.find('\n').unwrap_or(rest.len()) - 1,
            '\'' => return Some(single_quoted(code, at)),
            '!' if !rest.starts_with("!=") => {
                return Some(Mistake {
                    start: at,
                    end: at + 1,
                    headline: "jq negates with `not`".to_owned(),
                    label: "not a sign of jq",
                    help: "write `… | not` after what is negated".to_owned(),
                    replacement: None,
                });
            }
            '"' => open.push(Open::Text(at)),
            '(' | '[' | '{' => open.push(Open::Bracket(at, c)),
            ')' | ']' | '}' => match open.pop() {
                Some(Open::Bracket(_, opener)) if closer(opener) == c => {}
                Some(Open::Inner(_)) if c == ')' => {}
                Some(Open::Bracket(start, _) | Open::Inner(start) | Open::Text(start)) => {
                    return Some(never_closed(code, start));
                }
                None => {
                    return Some(Mistake {
                        start: at,
                        end: at + 1,
                        headline: format!("this `{c}` closes nothing"),
                        label: "nothing is open here",
                        help: "remove it, or open it before".to_owned(),
                        replacement: Some(String::new()),
                    });
                }
            },
            _ => {}
        }
        at += c.len_utf8();
    }
    let (Open::Text(start) | Open::Bracket(start, _) | Open::Inner(start)) = open.pop()?;
    Some(never_closed(code, start))
}

/// What other languages write at a place: a function, a choice, a method, a negation, a condition.
fn elsewhere(code: &str, at: usize) -> Option<Mistake> {
    let rest = &code[at..];
    let of = |length: usize, headline: &str, help: &str, replacement: Option<&str>| {
        Some(Mistake {
            start: at,
            end: at + length,
            headline: headline.to_owned(),
            label: "not jq",
            help: help.to_owned(),
            replacement: replacement.map(str::to_owned),
        })
    };
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$' || c == '.';
    let begins_word = !code[..at].ends_with(is_word);
    let behind = |word: &str| {
        rest.strip_prefix(word).map(str::trim_start).filter(|behind| behind.len() + word.len() < rest.len())
    };
    if rest.starts_with("=>") {
        return of(2, "a jq function gives its value no name", "`.` is the item: write `map(. + 1)`", None);
    }
    if begins_word && behind("not").is_some_and(|behind| behind.starts_with('.')) {
        return of(3, "jq negates with `not` at the end", "write `… | not` after what is negated", None);
    }
    let count = |word: &str| code.split(|c| !is_word(c)).filter(|found| *found == word).count();
    if begins_word && behind("else").is_some_and(|behind| behind.starts_with("if ")) && count("end") < count("if") {
        let length = rest.len() - behind("else")?.len() + "if".len();
        return of(length, "jq writes `elif` for `else if`", "write `elif`", Some("elif"));
    }
    let is_choice = rest.starts_with("? ") && code[..at].ends_with(' ') && rest.contains(" : ");
    if is_choice {
        return of(1, "jq chooses with `if`", "write `if condition then value else other end`", None);
    }
    let name = rest.strip_prefix('.')?;
    let length = name.find(|c: char| !c.is_alphanumeric() && c != '_').filter(|length| *length > 0)?;
    if name[length..].starts_with('(') && name.starts_with(char::is_alphabetic) {
        let help = format!("write `… | {}`, with a function of jq", &name[..length]);
        return of(1 + length, "jq calls functions after `|`", &help, None);
    }
    None
}

fn closer(opener: char) -> char {
    match opener {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}

fn never_closed(code: &str, start: usize) -> Mistake {
    let (what, close) = match &code[start..] {
        text if text.starts_with('"') => ("\"", '"'),
        text if text.starts_with('\\') => ("\\(", ')'),
        text if text.starts_with('(') => ("(", ')'),
        text if text.starts_with('[') => ("[", ']'),
        _ => ("{", '}'),
    };
    Mistake {
        start,
        end: start + what.len(),
        headline: format!("this `{what}` is never closed"),
        label: "opened here",
        help: format!("close it with `{close}`"),
        replacement: None,
    }
}

fn sign_of_another_language(at: usize, sign: &str, instead: &str) -> Mistake {
    Mistake {
        start: at,
        end: at + sign.len(),
        headline: format!("jq writes `{instead}` for `{sign}`"),
        label: "not a sign of jq",
        help: format!("write `{instead}`"),
        replacement: Some(instead.to_owned()),
    }
}

fn single_quoted(code: &str, at: usize) -> Mistake {
    let inner = code[at + 1..].find(['\'', '\n']).map_or(&code[at + 1..], |length| &code[at + 1..at + 1 + length]);
    let end = at + 1 + inner.len();
    let closed = code[end..].starts_with('\'');
    let written = format!("\"{}\"", inner.replace('"', "\\\""));
    Mistake {
        start: at,
        end: end + usize::from(closed),
        headline: "strings of jq stand in double quotes".to_owned(),
        label: "single quotes mean nothing in jq",
        help: format!("write `{written}`"),
        replacement: closed.then_some(written),
    }
}
