//! What a regular expression says about its groups, where it is written out.

/// The groups of a regular expression.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Groups {
    /// The names of those that have one.
    pub(super) names: Vec<String>,
    /// How many there are, with and without a name.
    pub(super) count: usize,
    /// Some take no part in some matches: their text is null then.
    pub(super) may_be_missing: bool,
}

/// The groups of an expression; nothing where it uses a notation that is not followed here.
pub(super) fn groups(expression: &str) -> Option<Groups> {
    let mut groups = Groups::default();
    let mut rest = expression;
    while let Some(character) = rest.chars().next() {
        rest = &rest[character.len_utf8()..];
        match character {
            '\\' => {
                let escaped = rest.chars().next()?;
                if matches!(escaped, 'Q' | 'E') {
                    return None;
                }
                rest = &rest[escaped.len_utf8()..];
            }
            '[' => rest = after_class(rest)?,
            '(' => rest = open(rest, &mut groups)?,
            '|' => groups.may_be_missing = true,
            ')' if rest.starts_with(['?', '*', '{']) => groups.may_be_missing = true,
            _ => {}
        }
    }
    let mut sorted = groups.names.clone();
    sorted.sort();
    sorted.dedup();
    (sorted.len() == groups.names.len()).then_some(groups)
}

/// What follows a class such as `[a-z]`.
fn after_class(class: &str) -> Option<&str> {
    let class = class.strip_prefix('^').unwrap_or(class);
    if class.starts_with(']') {
        return None;
    }
    let mut characters = class.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => {
                characters.next()?;
            }
            // A class in a class, or a set of classes.
            '[' | '&' => return None,
            ']' => return Some(&class[at + 1..]),
            _ => {}
        }
    }
    None
}

fn open<'e>(rest: &'e str, groups: &mut Groups) -> Option<&'e str> {
    let Some(special) = rest.strip_prefix('?') else {
        groups.count += 1;
        return Some(rest);
    };
    for plain in [":", "=", "<=", ">"] {
        if let Some(rest) = special.strip_prefix(plain) {
            return Some(rest);
        }
    }
    for negative in ["!", "<!"] {
        if let Some(rest) = special.strip_prefix(negative) {
            groups.may_be_missing = true;
            return Some(rest);
        }
    }
    let named = special.strip_prefix("P<").or_else(|| special.strip_prefix('<'))?;
    let (name, rest) = named.split_once('>')?;
    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return None;
    }
    groups.names.push(name.to_owned());
    groups.count += 1;
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_counted_and_named() {
        let found = groups(r"^(?<year>\d{4})-(?P<month>[0-9]+) \(not\) (?:no) (x)").expect("plain notation");
        assert_eq!(found, Groups { names: vec!["year".into(), "month".into()], count: 3, may_be_missing: false });
        assert!(groups("(?<a>x)?").expect("plain notation").may_be_missing);
        assert!(groups("(?<a>x)|y").expect("plain notation").may_be_missing);
        assert_eq!(groups("[[:alpha:]](?<a>x)"), None);
        assert_eq!(groups("(?i)(?<a>x)"), None);
    }
}
