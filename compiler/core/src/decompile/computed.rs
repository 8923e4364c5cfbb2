//! jq programs that the compiler made, as the expressions that it made them of. What `flow/compute.rs` writes is read
//! backwards here; what it would not have written is none of its programs.

use super::spelling::{Names, quoted, suffix};
use crate::functions::FUNCTIONS;
use zisc_bundle::{Path, Step};

/// Reads programs over the data at a path.
pub(super) struct Computed<'a> {
    pub(super) names: &'a Names,
    pub(super) data: &'a Path,
}

/// What a Map goes through: the items of a list, each under a name, and beside it what else its body reads.
#[derive(Clone)]
pub(super) struct Pairs {
    pub(super) item: String,
    pub(super) list: String,
    pub(super) captured: Vec<(String, Path)>,
}

/// An expression, and how tightly its outermost operator binds.
#[derive(Clone)]
struct Read {
    text: String,
    binds: u8,
    /// A path alone, or a literal: nobody computes that.
    is_plain: bool,
    at: usize,
}

const CONDITIONAL: u8 = 1;
const OR: u8 = 3;
const AND: u8 = 4;
const COMPARE: u8 = 7;
const DEFAULT: u8 = 8;
const ADD: u8 = 9;
const MULTIPLY: u8 = 10;
const UNARY: u8 = 11;
const OPERAND: u8 = 12;

impl Read {
    fn within(&self, binds: u8) -> String {
        if self.binds >= binds { self.text.clone() } else { format!("({})", self.text) }
    }
}

impl Computed<'_> {
    /// The expression of a whole program, where it computes something.
    pub(super) fn expression(&self, program: &str) -> Option<String> {
        let read = self.any(program, 0, 0)?;
        (read.at == program.len() && !read.is_plain).then_some(read.text)
    }

    /// The path that a whole program reads, below the data.
    pub(super) fn copy(&self, program: &str) -> Option<String> {
        let read = program.starts_with('.').then(|| self.path(program, 0))??;
        (read.at == program.len()).then_some(read.text)
    }

    /// The values of a program that gives several for one state: `{name: value, …}`.
    pub(super) fn values(&self, program: &str) -> Option<Vec<(String, String)>> {
        let mut values = Vec::new();
        let mut at = eat(program, 0, "{")?;
        loop {
            let (name, after) = word(program, at)?;
            let value = self.term(program, eat(program, after, ": ")?, 0)?;
            at = value.at;
            values.push((name.to_owned(), value.text));
            match eat(program, at, ", ") {
                Some(next) => at = next,
                None => break,
            }
        }
        (eat(program, at, "}")? == program.len()).then_some(values)
    }

    /// The list and the names of a program that gives pairs: `{items: [list[] as $item | {item: $item, …}]}`.
    pub(super) fn pairs(&self, program: &str) -> Option<Pairs> {
        let at = eat(program, 0, "{items: [")?;
        let list = self.term(program, at, 0)?;
        let (item, at) = word(program, eat(program, list.at, "[] as $")?)?;
        let mut at = eat(program, at, &format!(" | {{{item}: ${item}"))?;
        let mut captured = Vec::new();
        while let Some(next) = eat(program, at, ", ") {
            let (name, after) = word(program, next)?;
            let start = eat(program, after, ": ")?;
            let (steps, end) = match steps(program, start) {
                (steps, end) if end == start => (steps, eat(program, start, ".")?),
                read => read,
            };
            captured.push((name.to_owned(), Path { steps: self.data.steps.iter().cloned().chain(steps).collect() }));
            at = end;
        }
        (eat(program, at, "}]}")? == program.len()).then(|| Pairs { item: item.to_owned(), list: list.text, captured })
    }

    /// Operators from the loosest on.
    fn any(&self, program: &str, at: usize, depth: usize) -> Option<Read> {
        self.binary(program, at, 0, depth)
    }

    fn binary(&self, program: &str, at: usize, level: usize, depth: usize) -> Option<Read> {
        /// The signs of jq and of the language, and how these bind.
        const LEVELS: &[&[(&str, &str, u8)]] = &[
            &[(" // ", "??", DEFAULT)],
            &[(" or ", "||", OR)],
            &[(" and ", "&&", AND)],
            &[
                (" == ", "==", COMPARE),
                (" != ", "!=", COMPARE),
                (" <= ", "<=", COMPARE),
                (" >= ", ">=", COMPARE),
                (" < ", "<", COMPARE),
                (" > ", ">", COMPARE),
            ],
            &[(" + ", "+", ADD), (" - ", "-", ADD)],
            &[(" * ", "*", MULTIPLY), (" / ", "/", MULTIPLY), (" % ", "%", MULTIPLY)],
        ];
        let Some(signs) = LEVELS.get(level) else { return self.term(program, at, depth) };
        let mut left = self.binary(program, at, level + 1, depth)?;
        while let Some((sign, written, binds)) = signs.iter().find(|(sign, ..)| program[left.at..].starts_with(sign)) {
            // `??` leans to the right, the others to the left, and comparisons form no chain.
            let leans_right = *written == "??";
            let right =
                self.binary(program, left.at + sign.len(), if leans_right { level } else { level + 1 }, depth)?;
            let (tight_left, tight_right) = if leans_right { (binds + 1, *binds) } else { (*binds, binds + 1) };
            let text = format!("{} {written} {}", left.within(tight_left), right.within(tight_right));
            left = Read { text, binds: *binds, is_plain: false, at: right.at };
        }
        Some(left)
    }

    fn term(&self, program: &str, at: usize, depth: usize) -> Option<Read> {
        if depth > 40 {
            return None;
        }
        let depth = depth + 1;
        let rest = &program[at..];
        let literal = |text: String, at| Some(Read { text, binds: OPERAND, is_plain: true, at });
        match rest.chars().next()? {
            '.' => self.path(program, at),
            '$' => {
                let (name, after) = word(program, at + 1)?;
                let (steps, end) = steps(program, after);
                literal(format!("{name}{}", suffix(&steps)), end)
            }
            '"' => self.text(program, at, depth),
            '[' => self.list(program, at, depth),
            '{' => self.record(program, at, depth),
            '(' => self.bracket(program, at, depth),
            '0'..='9' | '-' => {
                let length =
                    rest[1..].find(|c: char| !c.is_ascii_digit() && c != '.').map_or(rest.len(), |end| end + 1);
                literal(rest[..length].to_owned(), at + length)
            }
            _ if rest.starts_with("if ") => self.conditional(program, at, depth),
            _ if rest.starts_with("any(") => self.membership(program, at, depth),
            _ => {
                let (name, after) = word(program, at)?;
                matches!(name, "null" | "true" | "false").then(|| literal(name.to_owned(), after))?
            }
        }
    }

    fn path(&self, program: &str, at: usize) -> Option<Read> {
        let (steps, end) = match steps(program, at) {
            (steps, end) if end == at => (steps, eat(program, at, ".")?),
            read => read,
        };
        let end_of_path = &program[end..];
        if end_of_path.starts_with("[]") && steps.is_empty() && self.data.is_root() {
            return None;
        }
        let path = Path { steps: self.data.steps.iter().cloned().chain(steps).collect() };
        Some(Read { text: self.names.path(&path, false), binds: OPERAND, is_plain: true, at: end })
    }

    fn text(&self, program: &str, at: usize, depth: usize) -> Option<Read> {
        let mut parts = String::from("\"");
        let mut start = at + 1;
        let mut end = start;
        let plain = |piece: &str| {
            unquoted(piece).map(|text| {
                let text = quoted(&text);
                text[1..text.len() - 1].to_owned()
            })
        };
        let mut values = 0;
        loop {
            let rest = &program[end..];
            match rest.chars().next()? {
                '"' => {
                    parts.push_str(&plain(&program[start..end])?);
                    parts.push('"');
                    return Some(Read { text: parts, binds: OPERAND, is_plain: values == 0, at: end + 1 });
                }
                '\\' if rest.starts_with("\\(") => {
                    parts.push_str(&plain(&program[start..end])?);
                    let value = self.any(program, end + 2, depth)?;
                    parts.push_str(&format!("${{{}}}", value.text));
                    end = eat(program, value.at, ")")?;
                    start = end;
                    values += 1;
                }
                '\\' => end += 1 + rest[1..].chars().next()?.len_utf8(),
                c => end += c.len_utf8(),
            }
        }
    }

    fn list(&self, program: &str, at: usize, depth: usize) -> Option<Read> {
        if let Some(end) = eat(program, at, "[]") {
            return Some(Read { text: "[]".to_owned(), binds: OPERAND, is_plain: true, at: end });
        }
        if let Some(read) = self.comprehension(program, at, depth) {
            return Some(read);
        }
        let mut items = Vec::new();
        let mut next = at + 1;
        let mut is_plain = true;
        loop {
            let item = self.any(program, next, depth)?;
            is_plain &= item.is_plain && !item.text.starts_with(|c: char| c.is_alphabetic() || c == '$');
            items.push(item.text);
            match eat(program, item.at, ", ") {
                Some(after) => next = after,
                None => {
                    let text = format!("[{}]", items.join(", "));
                    return Some(Read { text, binds: OPERAND, is_plain, at: eat(program, item.at, "]")? });
                }
            }
        }
    }

    /// `[list[] as $x | select(condition) | item]`
    fn comprehension(&self, program: &str, at: usize, depth: usize) -> Option<Read> {
        let list = self.term(program, at + 1, depth)?;
        let after = eat(program, list.at, "[]? as $").or_else(|| eat(program, list.at, "[] as $"))?;
        let (name, after) = word(program, after)?;
        let mut next = eat(program, after, " | ")?;
        let mut condition = String::new();
        if let Some(inside) = eat(program, next, "select(") {
            let read = self.any(program, inside, depth)?;
            condition = format!(" if {}", read.text);
            next = eat(program, read.at, ") | ")?;
        }
        let item = self.any(program, next, depth)?;
        let text = format!("[{} for {name} in {}{condition}]", item.text, list.text);
        Some(Read { text, binds: OPERAND, is_plain: false, at: eat(program, item.at, "]")? })
    }

    fn record(&self, program: &str, at: usize, depth: usize) -> Option<Read> {
        if let Some(end) = eat(program, at, "{}") {
            return Some(Read { text: "{}".to_owned(), binds: OPERAND, is_plain: true, at: end });
        }
        let mut members = Vec::new();
        let mut next = at + 1;
        let mut is_plain = true;
        loop {
            let (key, after) = match program[next..].starts_with('"') {
                true => {
                    let end = next + 1 + program[next + 1..].find('"')?;
                    (unquoted(&program[next + 1..end])?, end + 1)
                }
                false => word(program, next).map(|(name, after)| (name.to_owned(), after))?,
            };
            let value = self.term(program, eat(program, after, ": ")?, depth)?;
            is_plain &= value.is_plain && !value.text.starts_with(|c: char| c.is_alphabetic() || c == '$');
            members.push(match value.text == key {
                true => key,
                false => format!("{}: {}", super::spelling::key(&key), value.text),
            });
            match eat(program, value.at, ", ") {
                Some(after) => next = after,
                None => {
                    let text = format!("{{ {} }}", members.join(", "));
                    return Some(Read { text, binds: OPERAND, is_plain, at: eat(program, value.at, "}")? });
                }
            }
        }
    }

    /// What stands in round brackets: a function, an operator that jq has no sign for, or something loose.
    fn bracket(&self, program: &str, at: usize, depth: usize) -> Option<Read> {
        let inner = at + 1;
        for function in FUNCTIONS {
            if let Some(read) = self.function(function.name, function.jq, program, at, depth) {
                return Some(read);
            }
        }
        let computed = |text: String, binds, at| Some(Read { text, binds, is_plain: false, at });
        if let Some(start) = eat(program, inner, "0 - ")
            && let Some(read) = self.binary(program, start, 5, depth)
            && let Some(end) = eat(program, read.at, ")")
        {
            return computed(format!("-{}", read.within(UNARY)), UNARY, end);
        }
        let read = self.any(program, inner, depth)?;
        if let Some(end) = eat(program, read.at, " | not)") {
            return computed(format!("!{}", read.within(UNARY)), UNARY, end);
        }
        if let Some(start) = eat(program, read.at, " | contains(")
            && let Some(item) = self.any(program, start, depth)
            && let Some(end) = eat(program, item.at, "))")
        {
            return computed(format!("{} in {}", item.within(DEFAULT), read.within(DEFAULT)), COMPARE, end);
        }
        let kept = " | if . == null then null else [.] end) as $value | if $value == null then ";
        if let Some(start) = eat(program, read.at, kept) {
            let other = self.any(program, start, depth)?;
            let end = eat(program, other.at, " else $value[0] end")?;
            return computed(format!("{} ?? {}", read.within(ADD), other.within(DEFAULT)), DEFAULT, end);
        }
        Some(Read { at: eat(program, read.at, ")")?, is_plain: false, ..read })
    }

    /// A call of a function, where the program has its form.
    fn function(&self, name: &str, form: &str, program: &str, at: usize, depth: usize) -> Option<Read> {
        if !form.starts_with('(') {
            return None;
        }
        let mut arguments: Vec<(usize, String)> = Vec::new();
        let (mut at, mut form) = (eat(program, at, "(")?, &form[1..]);
        let mut kept = Vec::new();
        while let Some((variable, text, after)) = self.kept(program, at, depth) {
            kept.push((variable, text));
            at = after;
        }
        while let Some(hole) = form.find('$') {
            let number = form[hole + 1..].chars().next()?.to_digit(10)? as usize;
            at = eat(program, at, &form[..hole])?;
            let variable = eat(program, at, "$").and_then(|at| word(program, at));
            let known = variable.and_then(|(name, after)| Some((kept.iter().find(|(kept, _)| *kept == name)?, after)));
            let (text, after) = match known {
                Some(((_, text), after)) => (text.clone(), after),
                None => self.term(program, at, depth).map(|value| (value.text, value.at))?,
            };
            at = after;
            arguments.push((number, text));
            form = &form[hole + 2..];
        }
        at = eat(program, at, form)?;
        arguments.sort_by_key(|(number, _)| *number);
        let arguments: Vec<String> = arguments.into_iter().map(|(_, text)| text).collect();
        let text = format!("{name}({})", arguments.join(", "));
        Some(Read { text, binds: OPERAND, is_plain: false, at })
    }

    /// `value as $name | `: the name, the value, and the place behind.
    fn kept<'p>(&self, program: &'p str, at: usize, depth: usize) -> Option<(&'p str, String, usize)> {
        let value = self.term(program, at, depth)?;
        let (name, end) = word(program, eat(program, value.at, " as $")?)?;
        Some((name, value.text, eat(program, end, " | ")?))
    }

    fn conditional(&self, program: &str, at: usize, depth: usize) -> Option<Read> {
        let condition = self.any(program, at + "if ".len(), depth)?;
        let then = self.any(program, eat(program, condition.at, " then ")?, depth)?;
        let otherwise = self.any(program, eat(program, then.at, " else ")?, depth)?;
        let end = eat(program, otherwise.at, " end")?;
        let text = format!("{} ? {} : {}", condition.within(CONDITIONAL + 1), then.text, otherwise.within(CONDITIONAL));
        Some(Read { text, binds: CONDITIONAL, is_plain: false, at: end })
    }

    /// `any(list[] == item; .)`, `any(record | objects; has("name"))`
    fn membership(&self, program: &str, at: usize, depth: usize) -> Option<Read> {
        let list = self.term(program, at + "any(".len(), depth)?;
        let computed = |text: String, at| Some(Read { text, binds: COMPARE, is_plain: false, at });
        if let Some(start) = eat(program, list.at, " | objects; has(\"") {
            let end = start + program[start..].find('"')?;
            let name = unquoted(&program[start..end])?;
            let text = format!("{}{} is present", list.text, suffix(&[Step::Member(name)]));
            return computed(text, eat(program, end, "\"))")?);
        }
        let after = eat(program, list.at, "[]? == ").or_else(|| eat(program, list.at, "[] == "))?;
        let item = self.binary(program, after, 4, depth)?;
        computed(format!("{} in {}", item.within(DEFAULT), list.within(DEFAULT)), eat(program, item.at, "; .)")?)
    }
}

/// The place behind `sign`, where that stands at `at`.
fn eat(program: &str, at: usize, sign: &str) -> Option<usize> {
    program.get(at..)?.starts_with(sign).then_some(at + sign.len())
}

/// The word at a place, and the place behind it.
fn word(program: &str, at: usize) -> Option<(&str, usize)> {
    let rest = program.get(at..)?;
    let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let word = &rest[..length];
    (!word.is_empty() && !word.starts_with(|c: char| c.is_ascii_digit())).then_some((word, at + length))
}

/// `.a["b"][0]` from a place on, and the place behind.
pub(super) fn steps(program: &str, at: usize) -> (Vec<Step>, usize) {
    let mut found = Vec::new();
    let mut at = at;
    loop {
        if let Some((name, after)) = eat(program, at, ".").and_then(|at| word(program, at)) {
            found.push(Step::Member(name.to_owned()));
            at = after;
            continue;
        }
        let open = eat(program, at, "[").or_else(|| eat(program, at, ".[").filter(|_| found.is_empty()));
        let Some(open) = open else { return (found, at) };
        let rest = &program[open..];
        let Some(close) = rest.find(']') else { return (found, at) };
        let inner = &rest[..close];
        if let Ok(index) = inner.parse() {
            found.push(Step::Index(index));
        } else if let Some(name) = inner.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).and_then(unquoted)
        {
            found.push(Step::Member(name));
        } else {
            return (found, at);
        }
        at = open + close + 1;
    }
}

/// A JSON text without its quotes, as it reads.
fn unquoted(inner: &str) -> Option<String> {
    let (json, errors) = zisc_bundle::json::read(&format!("\"{inner}\""));
    if errors.is_empty() { json.as_str().map(str::to_owned) } else { None }
}
