//! Program text to a compiled program, and what is said about a text that is none.

use super::rewrite::{Rewritten, rewritten};
use super::{Engine, natives, order, update};
use crate::limit::Stack;
use jaq_core::load::parse::{Def, Term};
use jaq_core::load::{self, Arena, File, Loader, lex, parse};
use jaq_core::{Compiler, Filter, compile};
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::ops::Range;
use std::sync::LazyLock;

/// What keeps a text from being a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// What is wrong.
    pub message: String,
    /// Where, in bytes of the program text.
    pub span: Range<usize>,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Mistake {}

/// Longer programs are refused; a whole bundle is smaller.
const LONGEST_PROGRAM: usize = 256 << 10;
/// Parser and compiler call themselves for each bracket and for each part of a chain, so both are bounded and the
/// stack below is made for the worst of what is let through.
const DEEPEST_NESTING: usize = 256;
const LONGEST_CHAIN: usize = 20_000;
const COMPILER_STACK: usize = 512 << 20;

/// All definitions of the language, parsed once. The engine's few come first, without those that ours or a native of
/// ours replace: a definition would win over the native.
static DEFINITIONS: LazyLock<Vec<Def<&'static str>>> = LazyLock::new(|| {
    let own = load::parse(include_str!("definitions.jq"), |parser| parser.defs()).unwrap_or_default();
    let mut replaced: HashSet<_> = own.iter().map(|def| (def.name, def.args.len())).collect();
    replaced.extend(natives::own().map(|(name, arguments, _)| (name, arguments.len())));
    let kept = |def: &Def<&'static str>| !replaced.contains(&(def.name, def.args.len()));
    jaq_core::defs().filter(kept).chain(own).collect()
});

/// The functions that a program can call, as jq lists them: `name/arity`. Those of ours that begin with `_` are not
/// part of the language.
pub(super) fn function_names() -> impl Iterator<Item = String> {
    let defined = DEFINITIONS.iter().map(|def| (def.name, def.args.len()));
    let native = natives::all().map(|(name, arguments, _)| (name, arguments.len()));
    let names = defined.chain(native).filter(|(name, _)| !name.starts_with('_') && !name.ends_with("_empty"));
    names.map(|(name, arity)| format!("{name}/{arity}"))
}

/// Compiles a program.
pub(super) fn compile(program: &str) -> Result<(Filter<Engine>, Stack), Mistake> {
    refuse_too_large(program)?;
    let Rewritten { text, hands_itself_on } = rewritten(program)?;
    let stack = if hands_itself_on { Stack::Large } else { Stack::AtHand };
    let result = compile_rewritten(&text).map(|filter| (filter, stack));
    match text {
        Cow::Borrowed(_) => result,
        // Places in the rewritten text mean nothing to anybody.
        Cow::Owned(_) => result.map_err(|mistake| Mistake { span: 0..program.len(), ..mistake }),
    }
}

fn compile_rewritten(text: &str) -> Result<Filter<Engine>, Mistake> {
    stacker::maybe_grow(COMPILER_STACK, COMPILER_STACK, || {
        let arena = Arena::default();
        let loader = Loader::new(DEFINITIONS.iter().cloned());
        let read = loader.load(&arena, File { code: text, path: () }).map_err(|errors| unreadable(text, &errors))?;
        let modules = match adapted(text) {
            Some(body) => {
                let program = Def { name: "_program", args: Vec::new(), body };
                let loader = Loader::new(DEFINITIONS.iter().cloned().chain([program]));
                let program = File { code: "_program", path: () };
                loader.load(&arena, program).map_err(|errors| unreadable(text, &errors))?
            }
            None => read,
        };
        let compiler = Compiler::default().with_funs(natives::all()).with_global_vars(["$__loc__"]);
        compiler.compile(modules).map_err(|errors| undefined(text, &errors))
    })
}

/// The program as a term in which the engine does what jq does; nothing where it does so anyway.
fn adapted(text: &str) -> Option<Term<&str>> {
    let mut term = load::parse(text, |parser| parser.term())?;
    let mut changed = false;
    update::rewrite(&mut term, &mut changed);
    order::rewrite(&mut term, &mut changed);
    changed.then_some(term)
}

fn refuse_too_large(text: &str) -> Result<(), Mistake> {
    let refuse = |message: String, at: usize| Err(Mistake { message, span: at..(at + 1).min(text.len()) });
    if text.len() > LONGEST_PROGRAM {
        return refuse(format!("the program is longer than {} KiB", LONGEST_PROGRAM >> 10), 0);
    }
    let (mut depth, mut chain) = (0usize, 0usize);
    let mut word = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b'|' | b',' | b'-' | b':' | b'=' | b'+' | b'*' | b'/' | b'%' | b'<' | b'>' | b'?' | b'.' => chain += 1,
            _ => {}
        }
        // A word may be `if`, `try` or `def`; each can hold the next.
        let inside = byte.is_ascii_alphabetic();
        chain += usize::from(inside && !word);
        word = inside;
        if depth > DEEPEST_NESTING {
            return refuse(format!("brackets stand deeper in one another than {DEEPEST_NESTING} levels"), at);
        }
        if chain > LONGEST_CHAIN {
            return refuse(format!("the program has more than {LONGEST_CHAIN} parts"), at);
        }
    }
    Ok(())
}

fn unreadable(text: &str, errors: &load::Errors<&str, ()>) -> Mistake {
    let found = |expected: &str, found: &str| {
        let span = place(text, found);
        let shown: String = found.chars().take(20).collect();
        let message = match shown.trim() {
            "" => format!("the program ends where a {expected} is expected"),
            shown => format!("the program has `{shown}` where a {expected} is expected"),
        };
        Mistake { message, span }
    };
    match errors.first() {
        Some((_, load::Error::Lex(errors))) => match errors.first() {
            Some((lex::Expect::Delim(open), _)) => {
                let message = format!("the program never closes this `{open}`");
                Mistake { message, span: place(text, open) }
            }
            Some((expected, rest)) => found(expected.as_str(), rest),
            None => found("term", ""),
        },
        Some((_, load::Error::Parse(errors))) => match errors.first() {
            Some((parse::Expect::Nothing, rest)) => {
                let shown: String = rest.chars().take(20).collect();
                Mistake { message: format!("the program ends before `{shown}`"), span: place(text, rest) }
            }
            Some((expected, rest)) => found(expected.as_str(), rest),
            None => found("term", ""),
        },
        Some((_, load::Error::Io(errors))) => {
            let path = errors.first().map_or("", |(path, _)| path);
            Mistake { message: format!("a program here cannot include other files: `{path}`"), span: place(text, path) }
        }
        None => found("term", ""),
    }
}

fn undefined(text: &str, errors: &compile::Errors<&str, ()>) -> Mistake {
    let Some((name, kind)) = errors.first().and_then(|(_, errors)| errors.first()) else {
        return Mistake { message: "the program does not compile".to_owned(), span: 0..0 };
    };
    let span = place(text, name);
    let message = match kind {
        compile::Undefined::Filter(_) if natives::REFUSED.contains(name) => {
            format!("`{name}` reaches outside of the flow, which no flow can")
        }
        compile::Undefined::Filter(arity) => format!("{name}/{arity} is not defined"),
        compile::Undefined::Var if *name == "$ENV" => {
            "`$ENV` reaches outside of the flow, which no flow can".to_owned()
        }
        compile::Undefined::Var => format!("{name} is not defined"),
        other => format!("{} {name} is not defined", other.as_str()),
    };
    Mistake { message, span }
}

/// Where `part` stands in `text`; the end where it does not.
fn place(text: &str, part: &str) -> Range<usize> {
    let start = (part.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
    if start <= text.len() && start + part.len() <= text.len() {
        start..start + part.len()
    } else {
        text.len()..text.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistake(text: &str) -> (String, Range<usize>) {
        let mistake = compile(text).err().expect("a mistake");
        (mistake.message, mistake.span)
    }

    #[test]
    fn own_definitions_parse() {
        assert!(load::parse(include_str!("definitions.jq"), |parser| parser.defs()).is_some());
        assert_eq!(compile(".").err(), None);
    }

    #[test]
    fn a_mistake_says_what_and_where() {
        assert_eq!(mistake(".a | ("), ("the program never closes this `(`".to_owned(), 5..6));
        assert_eq!(mistake(".a |"), ("the program ends where a term is expected".to_owned(), 4..4));
        assert_eq!(mistake("lenght"), ("lenght/0 is not defined".to_owned(), 0..6));
        assert_eq!(mistake("env.HOME").0, "`env` reaches outside of the flow, which no flow can");
        assert_eq!(mistake("$x").0, "$x is not defined");
    }

    #[test]
    fn programs_of_any_shape_are_refused_before_they_fill_the_stack() {
        for text in ["(".repeat(100_000), "-".repeat(100_000), "if ".repeat(50_000), ".|".repeat(100_000)] {
            assert!(compile(&text).is_err());
        }
        let chain = format!("{}.", ".|".repeat(6_000));
        assert!(compile(&chain).is_ok());
    }
}
