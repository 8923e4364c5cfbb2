//! jq programs: whether they have the form of jq, whether what they use exists, and the type of what they yield.
//!
//! ```
//! use zisc_core::Type;
//! use zisc_core::jq::{Count, infer};
//!
//! let inferred = infer("[.[] | tostring] | length", &Type::Any);
//! assert_eq!(inferred.outputs, Type::Int);
//! assert_eq!(inferred.count, Count::EXACTLY_ONE);
//! ```
//!
//! A program is run over types ([`infer`]): what it yields for a value of the input's type is a value of the type that
//! comes out. [`FUNCTIONS`] lists the functions that programs can call.

mod access;
mod arithmetic;
mod editing;
mod functions;
mod infer;
mod lattice;
mod names;
mod narrow;
mod occurrences;
mod outcome;
mod portable;
mod regex;
mod rules;
mod scope;
mod scopes;
mod surface;
mod update;
mod words;

pub(crate) use editing::field_at;
pub use editing::{fields_at, names_at};
pub use functions::{FUNCTIONS, Function};
pub(crate) use occurrences::occurrences;
pub use outcome::Count;
pub(crate) use words::words;

use crate::finding::Finding;
use crate::rules::{JQ_OUTPUTS, JQ_SYNTAX, UNKNOWN_FIELD, WRONG_TYPE};
use crate::types::Type;
use infer::Interpreter;
use jaq_core::load::lex::Lexer;
use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Parser, Term};
use jaq_core::load::span as place_in;
use jaq_core::path::Part;
use names::Names;
use outcome::{Fails, Outcome};
use scope::Scope;
use zisc_bundle::{Span, nearest};
use zisc_syntax::tree::PlainText;

/// Brackets nested deeper than this are not looked at.
const DEPTH_LIMIT: usize = 100;
/// Programs of more words and signs than this are not looked at; the engine refuses them as well.
const LONGEST_CHAIN: usize = 20_000;
/// Stack that reading a program takes for each of its words and signs, at most.
const STACK_FOR_EACH_PART: usize = 24 << 10;
const STACK_RESERVE: usize = 256 << 10;

/// What is known of a program without running it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inferred {
    /// Every value that the program yields is of this type.
    pub outputs: Type,
    /// How many values it yields where it does not fail.
    pub count: Count,
    /// It fails for every input of the type.
    pub certain_error: bool,
}

/// What a program does with an input of this type. About a text that is no program nothing is known.
pub fn infer(program: &str, input: &Type) -> Inferred {
    read(program, |term| match term {
        Ok(term) => Inferred::from(Interpreter::of(program).term(&term, input, &Scope::default())),
        Err(_) => Inferred::from(Outcome::unknown()),
    })
}

impl From<Outcome> for Inferred {
    fn from(outcome: Outcome) -> Self {
        Self { outputs: outcome.kind, count: outcome.count, certain_error: outcome.fails == Fails::Always }
    }
}

/// What is wrong with a program, run on an input of this type; `wanted` is the type that is written for its result.
pub(crate) fn findings(program: &PlainText, input: &Type, wanted: Option<(&Type, Span)>) -> Vec<Finding> {
    examine(program, input, wanted).1
}

/// What comes out of a program, and what is wrong with it.
pub(crate) fn examine(program: &PlainText, input: &Type, wanted: Option<(&Type, Span)>) -> (Inferred, Vec<Finding>) {
    let code = program.text.as_str();
    let at = |part: &str| program.part(place_in(code, part));
    if let Some(mistake) = surface::mistake(code) {
        let span = at(&code[mistake.start..mistake.end]);
        let help = mistake.help;
        let finding = JQ_SYNTAX.at(span, mistake.headline).label(mistake.label).help(help.clone());
        let finding = match mistake.replacement {
            Some(replacement) => finding.fix(help, span, replacement),
            None => finding,
        };
        return (infer(code, input), vec![finding]);
    }
    read(code, |term| match term {
        Ok(term) => {
            let mut interpreter = Interpreter::of(code);
            let outcome = interpreter.term(&term, input, &Scope::default());
            let mut findings = Names::findings(&term, &at);
            // A name that does not exist makes everything after it doubtful.
            if findings.is_empty() {
                if !interpreter.gave_up() {
                    findings.extend(typed(&term, &interpreter, &outcome, program, input, wanted, &at));
                }
                findings.extend(portable::findings(&term, &at));
            }
            (Inferred::from(outcome), findings)
        }
        Err(unreadable) => (Inferred::from(Outcome::unknown()), vec![unreadable.finding(program, &at)]),
    })
}

/// What the types of a program say about it.
fn typed<'t>(
    term: &'t Term<&'t str>,
    interpreter: &Interpreter<'t>,
    outcome: &Outcome,
    program: &'t PlainText,
    input: &Type,
    wanted: Option<(&Type, Span)>,
    at: &dyn Fn(&str) -> Span,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = interpreter
        .missing_fields(&program.text)
        .into_iter()
        .map(|(name, kind)| unknown_field(name, &kind, at(name)))
        .collect();
    if !findings.is_empty() {
        return findings;
    }
    let is_certain = outcome.fails != Fails::Always;
    if !is_certain && !program.text.contains("error") {
        findings.push(always_fails(interpreter, program, input, at));
    }
    if is_certain && outcome.count.most == 0 {
        findings.push(
            JQ_OUTPUTS
                .at(program.span, "this jq text yields no value")
                .label("nothing comes out of it")
                .help("a state needs one value; `null` is one"),
        );
    } else if is_certain && outcome.count.least > 1 {
        findings.push(
            JQ_OUTPUTS
                .at(program.span, "this jq text yields several values")
                .label("more than one comes out of it")
                .help("`[…]` around it makes one list of them, `first(…)` takes the first"),
        );
    } else if is_certain && outcome.count.most > 1 && goes_through_a_list(term) {
        findings.push(
            JQ_OUTPUTS
                .at(program.span, "this jq text yields as many values as there are items")
                .label("none, one or several")
                .help("`[…]` around it makes one list of them, `first(…)` takes the first"),
        );
    } else if let Some((wanted, span)) = wanted
        && is_certain
        && lattice::are_apart(&outcome.kind, wanted)
    {
        findings.push(
            WRONG_TYPE
                .at(span, format!("this jq text never yields a value of type {wanted}"))
                .label("the type that is written here")
                .note(program.span, format!("yields a value of type {}", outcome.kind)),
        );
    }
    findings
}

/// A program that fails whatever it gets, at the part of it that does.
fn always_fails(
    interpreter: &Interpreter<'_>,
    program: &PlainText,
    input: &Type,
    at: &dyn Fn(&str) -> Span,
) -> Finding {
    let headline = "this jq text always fails";
    let whole = || JQ_OUTPUTS.at(program.span, headline).label(format!("its input is of type {input}"));
    let steps = "a function in it takes no values such as it gets: look at each step from the left";
    let Some((term, input)) = &interpreter.culprit else { return whole().help(steps) };
    let Some(part) = extent(term, &program.text) else { return whole().help(steps) };
    let finding = JQ_OUTPUTS.at(at(part), headline).label(format!("its input here is of type {input}"));
    finding.help(match term {
        Term::BinOp(_, BinaryOp::Math(_), _) => {
            "numbers are computed with numbers, and texts joined with texts: `tostring` makes a text of a number"
        }
        Term::Path(..) => "`.name` reads a field of a record, `[0]` an item of a list, and `[]` goes through a list",
        _ => steps,
    })
}

/// The part of a program that a term is, from its first word to its last.
fn extent<'c>(term: &Term<&str>, code: &'c str) -> Option<&'c str> {
    let base = code.as_ptr() as usize;
    let mut range: Option<(usize, usize)> = None;
    let mut waiting = vec![term];
    while let Some(term) = waiting.pop() {
        waiting.extend(portable::parts(term));
        let words: Vec<&str> = match term {
            Term::Num(word) | Term::Call(word, _) | Term::Var(word) | Term::Fold(word, ..) => vec![word],
            Term::Str(_, parts) => {
                parts.iter().filter_map(|part| if let StrPart::Str(text) = part { Some(*text) } else { None }).collect()
            }
            _ => Vec::new(),
        };
        for word in words {
            let Some(start) =
                (word.as_ptr() as usize).checked_sub(base).filter(|start| start + word.len() <= code.len())
            else {
                continue;
            };
            let end = start + word.len();
            range = Some(range.map_or((start, end), |(first, last)| (first.min(start), last.max(end))));
        }
    }
    let (mut start, mut end) = range?;
    let before = &code[..start];
    start -= before.len() - before.trim_end_matches(['"', '.', '-']).len();
    if code[..start].ends_with('[') && code[end..].starts_with(']') {
        start -= "[".len();
        start -= code[..start].len() - code[..start].trim_end_matches('.').len();
    }
    for close in ["\"", "[]", "]"] {
        end += if code[end..].starts_with(close) { close.len() } else { 0 };
    }
    Some(&code[start..end])
}

/// Whether the last step of a program is `.x[]`, or chooses from what such a step gives.
fn goes_through_a_list(term: &Term<&str>) -> bool {
    match term {
        Term::BinOp(first, BinaryOp::Pipe(_), last) => {
            goes_through_a_list(last)
                || (matches!(**last, Term::Call("select", _) | Term::Path(..)) && goes_through_a_list(first))
        }
        Term::Path(_, path) => path.0.iter().any(|(part, _)| matches!(part, Part::Range(None, None))),
        _ => false,
    }
}

fn unknown_field(name: &str, kind: &Type, span: Span) -> Finding {
    let finding = UNKNOWN_FIELD.at(span, format!("there is no field `{name}` here")).label("no such field");
    let mut fields: Vec<&str> = kind.fields().map(|field| field.name.as_str()).collect();
    fields.dedup();
    match nearest(name, fields.iter().copied()) {
        Some(near) => finding.did_you_mean(span, Some(near)),
        None if fields.is_empty() => finding.help("the record that it is read from is empty"),
        None => {
            let mut shown: Vec<_> = fields.iter().take(12).map(|field| format!("`{field}`")).collect();
            if fields.len() > shown.len() {
                shown.push("…".to_owned());
            }
            finding.help(format!("there are {}", shown.join(", ")))
        }
    }
}

impl<'t> Interpreter<'t> {
    /// The fields of `code` that are read from records which cannot have them, in their order.
    fn missing_fields(&self, code: &'t str) -> Vec<(&'t str, Type)> {
        let start = code.as_ptr() as usize;
        let mut missing: Vec<(&str, Type)> = self
            .reads
            .iter()
            .filter_map(|((place, length), kind)| {
                // Definitions of functions read fields too, in texts of their own.
                let from = (*place as usize).checked_sub(start)?;
                Some((code.get(from..from + length)?, kind.clone()?))
            })
            .collect();
        missing.sort_by_key(|(name, _)| name.as_ptr() as usize);
        missing
    }
}

/// Why a text is no program.
enum Unreadable<'t> {
    Empty,
    TooDeep,
    TooLong,
    /// What is expected instead of what begins here.
    Words(&'t str, &'t str),
    /// What is expected, and what stands there; nothing at the end.
    Form(&'t str, Option<&'t str>),
}

/// Reads a program, with a stack for the worst that is let through.
fn read<T>(code: &str, then: impl FnOnce(Result<Term<&str>, Unreadable<'_>>) -> T) -> T {
    if code.trim().is_empty() {
        return then(Err(Unreadable::Empty));
    }
    if depth(code) > DEPTH_LIMIT {
        return then(Err(Unreadable::TooDeep));
    }
    let parts = parts(code);
    if parts > LONGEST_CHAIN {
        return then(Err(Unreadable::TooLong));
    }
    let stack = STACK_RESERVE + parts * STACK_FOR_EACH_PART;
    stacker::maybe_grow(stack, stack, || {
        let tokens = match Lexer::new(code).lex() {
            Ok(tokens) => tokens,
            Err(errors) => {
                let (expected, found) = errors
                    .into_iter()
                    .next()
                    .map_or(("a program", code), |(expected, found)| (expected.as_str(), found));
                return then(Err(Unreadable::Words(expected, first_word(found))));
            }
        };
        match Parser::new(&tokens).parse(|parser| parser.term()) {
            Ok(term) => then(Ok(term)),
            Err(errors) => {
                let (expected, found) = errors
                    .into_iter()
                    .next()
                    .map_or(("term", None), |(expected, found)| (expected.as_str(), found.map(|token| token.0)));
                then(Err(Unreadable::Form(expected, found.map(first_word))))
            }
        }
    })
}

/// Runs a part of the interpreter where there is stack enough for it.
fn with_room<T>(run: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(STACK_RESERVE, 4 << 20, run)
}

/// How many words and signs a program has, about: each may hold the next.
fn parts(code: &str) -> usize {
    let mut count = 0;
    let mut in_word = false;
    for byte in code.bytes() {
        let is_word = byte.is_ascii_alphanumeric() || byte == b'_';
        count += usize::from(if is_word { !in_word } else { !byte.is_ascii_whitespace() });
        in_word = is_word;
    }
    count
}

impl Unreadable<'_> {
    fn finding(&self, program: &PlainText, at: &dyn Fn(&str) -> Span) -> Finding {
        match self {
            Unreadable::Empty => JQ_SYNTAX
                .at(program.span, "this jq text is empty")
                .label("a program is missing")
                .help("`.` gives the data as it is"),
            Unreadable::TooDeep => JQ_SYNTAX
                .at(program.span, format!("brackets are nested deeper than {DEPTH_LIMIT} levels"))
                .label("too deep"),
            Unreadable::TooLong => JQ_SYNTAX
                .at(program.span, format!("this jq text has more than {LONGEST_CHAIN} words and signs"))
                .label("too long"),
            Unreadable::Words(expected, found) => JQ_SYNTAX
                .at(at(found), format!("{} is expected in this jq text", described(expected)))
                .label("not jq from here on"),
            Unreadable::Form(expected, Some(found)) => {
                let expected = described(expected);
                JQ_SYNTAX
                    .at(at(found), format!("{expected} is expected in this jq text, and `{found}` stands here"))
                    .label(format!("{expected} is expected here"))
            }
            Unreadable::Form(expected, None) => {
                let expected = described(expected);
                let end = program.text.trim_end().len();
                JQ_SYNTAX
                    .at(program.part(end..end), format!("{expected} is missing at the end of this jq text"))
                    .label(format!("{expected} is expected here"))
            }
        }
    }
}

/// What the parser expects, as a part of a sentence.
fn described(expected: &str) -> String {
    match expected {
        "term" => "a value".to_owned(),
        "key" => "a key".to_owned(),
        "variable" => "a variable such as `$x`".to_owned(),
        "nothing" => "an operator or the end".to_owned(),
        "else or end" => "`else` or `end`".to_owned(),
        "token" => "something that jq knows".to_owned(),
        word if word.chars().all(|c| c.is_ascii_lowercase()) && !word.contains(' ') => format!("`{word}`"),
        other => other.to_owned(),
    }
}

fn first_word(text: &str) -> &str {
    let mut characters = text.char_indices();
    let Some((_, first)) = characters.next() else { return text };
    let end = if first.is_alphanumeric() || first == '_' {
        characters.find(|(_, c)| !c.is_alphanumeric() && *c != '_').map_or(text.len(), |(at, _)| at)
    } else {
        first.len_utf8()
    };
    &text[..end]
}

fn depth(code: &str) -> usize {
    let mut depth: usize = 0;
    let mut deepest = 0;
    for byte in code.bytes() {
        match byte {
            b'(' | b'[' | b'{' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}
