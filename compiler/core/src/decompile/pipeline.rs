//! Pipelines as people write them, in the form in which the compiler writes the same: `.a | map(select(. != "b")) | length`
//! as `([.a[] as $item | select($item != "b") | $item] | length)`.

/// The same program; nothing where a part of it is not of a known form. `item` is a name that nothing in it has.
pub(super) fn as_compiled(program: &str, item: &str) -> Option<String> {
    let parts = split(program.trim())?;
    let (first, rest) = parts.split_first()?;
    let is_path = first.starts_with('.') && !first.contains(' ');
    let (mut made, rest) = if is_path { ((*first).to_owned(), rest) } else { (".".to_owned(), parts.as_slice()) };
    for (position, part) in rest.iter().enumerate() {
        let is_last = position + 1 == rest.len();
        let inside = |before: &str, behind: &str| part.strip_prefix(before)?.strip_suffix(behind);
        made = match (inside("map(select(", "))"), inside("map(", ")"), part.split_once(' ')) {
            (Some(condition), ..) => {
                format!("[{made}[] as ${item} | select({}) | ${item}]", of_item(condition, item)?)
            }
            (_, Some(value), _) => format!("[{made}[] as ${item} | {}]", of_item(value, item)?),
            _ if is_call(part) => format!("({made} | {part})"),
            // What is compared is no part of the data, so it may stand outside.
            (.., Some((name, compared))) if is_last && is_word(name) && !compared.contains(['.', '$', '(']) => {
                format!("({made} | {name}) {compared}")
            }
            _ => return None,
        };
    }
    (!rest.is_empty()).then_some(made)
}

/// The parts between the pipes that stand in no bracket and no text.
fn split(program: &str) -> Option<Vec<&str>> {
    let (mut parts, mut start, mut depth, mut in_text) = (Vec::new(), 0, 0_i32, false);
    for (at, c) in program.char_indices() {
        match c {
            // A text with signs of its own is not looked into.
            '\\' | '#' => return None,
            '"' => in_text = !in_text,
            _ if in_text => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            '|' if depth == 0 => {
                parts.push(program[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(program[start..].trim());
    Some(parts)
}

/// What is read of `.`, read of a variable.
fn of_item(value: &str, item: &str) -> Option<String> {
    let mut out = String::new();
    let (mut in_text, mut before) = (false, ' ');
    let mut characters = value.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' => in_text = !in_text,
            _ if in_text => {}
            // A further pipe would give `.` another meaning.
            '|' => return None,
            '.' if !(before.is_alphanumeric() || "_])?\"".contains(before)) => {
                out.push_str(&format!("${item}"));
                let reads_field = characters.peek().is_some_and(|next| next.is_alphabetic() || "_\"".contains(*next));
                before = c;
                if !reads_field {
                    continue;
                }
            }
            _ => {}
        }
        out.push(c);
        before = c;
    }
    // What a function is called on is `.` too, without being written.
    let outside_of_texts: String = out.split('"').step_by(2).collect::<Vec<_>>().join(" ");
    let is_known = |word: &str| {
        word.is_empty()
            || word.starts_with('$')
            || word.starts_with(|c: char| c.is_ascii_digit())
            || ["and", "or", "null", "true", "false"].contains(&word)
    };
    let mut words = outside_of_texts.split(|c: char| !(c.is_alphanumeric() || "_$.".contains(c)));
    words.all(is_known).then_some(out)
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// `length`, `join(", ")`: a function with arguments that are no part of the data.
fn is_call(text: &str) -> bool {
    match text.split_once('(') {
        None => is_word(text),
        Some((name, arguments)) => {
            let outside: String = arguments.split('"').step_by(2).collect();
            is_word(name) && arguments.ends_with(')') && !outside.contains(['.', '$', '('])
        }
    }
}
