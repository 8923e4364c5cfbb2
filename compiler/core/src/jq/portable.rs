//! Programs that may give something else on the platform, or are known to nobody who has run them there.
//!
//! The platform does not say which jq it runs; what is known of it is that of jq 1.6. [`DIFFERENCES`] is what the local
//! runtime does otherwise, as far as it can be seen in a program.

use super::infer::plain_text;
use crate::finding::Finding;
use crate::rules;
use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Pattern, Term};
use jaq_core::path::Part;
use std::collections::HashSet;
use zisc_bundle::Span;

/// A difference between the local runtime and jq 1.6. The page `runtime/DIFFERENCES.md` has each of them by its program.
pub(super) struct Difference {
    /// A program that shows it.
    #[cfg_attr(not(test), expect(dead_code, reason = "for the tests, and for readers"))]
    program: &'static str,
    /// What differs, as a part of a sentence about `…`.
    what: &'static str,
    /// What to write instead.
    instead: &'static str,
    /// The part of a term that shows it.
    shown_by: for<'t> fn(&Term<&'t str>) -> Option<&'t str>,
}

/// What the local runtime does otherwise than jq 1.6, and a program shows.
pub(super) const DIFFERENCES: &[Difference] = &[
    Difference {
        program: "9007199254740993 + 0",
        what: "this number is exact here, and jq 1.6 rounds it",
        instead: "a whole number above 9007199254740991 (2^53 - 1) is safe as a text only",
        shown_by: |term| match term {
            Term::Num(text) if text.parse::<u64>().is_ok_and(|number| number > EXACT) => Some(text),
            _ => None,
        },
    },
    Difference {
        program: "reduce (1, 2) as $x (0; 5, 6)",
        what: "each step of this `reduce` may yield several values: all are followed here, and jq 1.6 takes the last",
        instead: "let the step yield one value: `[…]` around it makes a list, `first(…)` takes the first",
        shown_by: |term| reduce(term, |step| yields(step, Yields::Several)),
    },
    Difference {
        program: "reduce (1, 2) as $x (0; empty)",
        what: "a step of this `reduce` may yield nothing: the whole yields nothing here, and `null` in jq 1.6",
        instead: "let the step yield `.` where nothing is to change: `if … then … else . end`",
        shown_by: |term| reduce(term, |step| yields(step, Yields::Nothing)),
    },
    Difference {
        program: "(.[] | select(. >= 2)) |= empty",
        what: "`|= empty` skips an item after each that it removes in jq 1.6, and does not here",
        instead: "remove with `del(…)`, or keep what is to stay with `map(select(…))`",
        shown_by: |term| match term {
            Term::BinOp(_, BinaryOp::Update, value) => yields(value, Yields::Nothing),
            _ => None,
        },
    },
    Difference {
        program: "index(\"\")",
        what: "looking for an empty text never ends in jq 1.6, and gives `null` here",
        instead: "ask for a text that is not empty",
        shown_by: |term| match term {
            Term::Call(name @ ("index" | "rindex" | "indices"), arguments) => {
                text(arguments.first()?)?.is_empty().then_some(*name)
            }
            _ => None,
        },
    },
    Difference {
        program: "error(null)",
        what: "`error(null)` ends without a word in jq 1.6, and fails here",
        instead: "give the error a text",
        shown_by: |term| match term {
            Term::Call(name @ "error", arguments) => {
                matches!(arguments.first()?, Term::Call("null", _)).then_some(*name)
            }
            _ => None,
        },
    },
    Difference {
        program: "gsub(\"\";\"x\")",
        what: "a replacement of what may be empty never ends in jq 1.6, and ends here",
        instead: "give a pattern that matches at least one character, or join the parts with `+`",
        shown_by: |term| match term {
            Term::Call(name @ "gsub", arguments) => {
                let pattern = text(arguments.first()?)?;
                matches!(pattern.as_str(), "" | "^" | "$").then_some(*name)
            }
            _ => None,
        },
    },
    Difference {
        program: "\"10:15\" | strptime(\"%H:%M\")",
        what: "a time without a date is of January 1st, 1900 here, and of its day 0 in jq 1.6",
        instead: "put a date in front: `\"2024-01-01 \" + . | strptime(\"%Y-%m-%d %H:%M\")`",
        shown_by: |term| match term {
            Term::Call(name @ "strptime", arguments) => {
                let format = text(arguments.first()?)?;
                let has_day = ["%d", "%e", "%j", "%D", "%F", "%x", "%c", "%s"].iter().any(|part| format.contains(part));
                (!has_day).then_some(*name)
            }
            _ => None,
        },
    },
    Difference {
        program: "localtime",
        what: "the local time is that of UTC here, and of its own machine on the platform",
        instead: "say which time is meant: `gmtime` and `strftime` are in UTC",
        shown_by: |term| match term {
            Term::Call(name @ ("localtime" | "strflocaltime"), _) => Some(name),
            _ => None,
        },
    },
    Difference {
        program: "test(\"(?<x>a)\\\\g<x>\")",
        what: "this pattern calls a group or asks a condition, which Oniguruma knows and the engine here does not",
        instead: "write the group out again",
        shown_by: |term| match term {
            Term::Call(name, arguments) if PATTERNS.contains(name) => {
                let pattern = text(arguments.first()?)?;
                (pattern.contains("\\g<") || pattern.contains("(?(")).then_some(*name)
            }
            _ => None,
        },
    },
];

/// The largest whole number below which all are exact in jq 1.6.
const EXACT: u64 = 9_007_199_254_740_991;

/// Functions whose first argument is a regular expression.
const PATTERNS: &[&str] = &["test", "match", "capture", "scan", "split", "splits", "sub", "gsub"];

/// Functions that no documented or deployed bundle uses and that not every jq has, by why that is so.
const UNATTESTED: &[(&str, &[&str])] = &[
    ("jq 1.6 does not have it", &["@base32", "@base32d", "ascii", "date", "dateadd", "datesub", "isvalid"]),
    ("it is for streams of parts", &["tostream", "fromstream", "truncate_stream"]),
    ("it is in the style of SQL", &["INDEX", "IN", "JOIN"]),
    ("it tells about the engine", &["builtins", "$__loc__"]),
];

/// What may go otherwise on the platform.
pub(super) fn findings<'t>(term: &Term<&'t str>, at: &dyn Fn(&str) -> Span) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    let mut own = HashSet::new();
    let mut waiting = vec![term];
    while let Some(term) = waiting.pop() {
        if let Term::Def(definitions, _) = term {
            own.extend(definitions.iter().map(|definition| definition.name));
        }
        waiting.extend(parts(term));
        let part = DIFFERENCES.iter().find_map(|difference| Some((difference, (difference.shown_by)(term)?)));
        if let Some((difference, part)) = part
            && !own.contains(part)
        {
            found.push(
                rules::JQ_DIFFERS
                    .at(at(part), difference.what)
                    .label("may give something else on the platform")
                    .help(difference.instead),
            );
        }
        if let Term::IfThenElse(arms, None) = term
            && let Some(part) = arms.first().and_then(|(condition, _)| first_word(condition))
        {
            found.push(
                rules::JQ_DIFFERS
                    .at(at(part), "an `if` without `else` is younger than jq 1.6")
                    .label("jq 1.6 does not read it")
                    .help("write `else . end`: what it is where the condition does not hold"),
            );
        }
        let name = match term {
            Term::Call(name, _) | Term::Var(name) | Term::Str(Some(name), _) if !own.contains(name) => *name,
            _ => continue,
        };
        if let Some((why, _)) = UNATTESTED.iter().find(|(_, names)| names.contains(&name)) {
            found.push(
                rules::JQ_UNATTESTED
                    .at(at(name), format!("whether the platform knows `{name}` is not known: {why}"))
                    .label("used by no bundle that is known to run"),
            );
        }
    }
    found.sort_by_key(|finding| finding.span.start());
    found
}

/// The first word of a term, as far as it has one of its own.
fn first_word<'t>(term: &Term<&'t str>) -> Option<&'t str> {
    match term {
        Term::Num(word) | Term::Call(word, _) | Term::Var(word) => Some(word),
        Term::Str(_, parts) => {
            parts.iter().find_map(|part| if let StrPart::Str(text) = part { Some(*text) } else { None })
        }
        _ => parts(term).into_iter().find_map(first_word),
    }
}

/// The `reduce` whose step shows something.
fn reduce<'t>(term: &Term<&'t str>, step: impl Fn(&Term<&'t str>) -> Option<&'t str>) -> Option<&'t str> {
    match term {
        Term::Fold(name @ "reduce", _, _, parts) => step(parts.last()?).map(|_| *name),
        _ => None,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Yields {
    Nothing,
    Several,
}

/// What in a program makes it yield nothing, or several values, as far as its last words say.
fn yields<'t>(term: &Term<&'t str>, what: Yields) -> Option<&'t str> {
    match term {
        Term::BinOp(left, BinaryOp::Comma, right) => match what {
            Yields::Several => Some(","),
            Yields::Nothing => yields(left, what).and(yields(right, what)),
        },
        Term::BinOp(left, BinaryOp::Pipe(_), right) => yields(left, what).or_else(|| yields(right, what)),
        Term::BinOp(_, BinaryOp::Alt, right) | Term::Def(_, right) | Term::Label(_, right) => yields(right, what),
        Term::IfThenElse(arms, otherwise) => {
            let arms = arms.iter().map(|(_, then)| then).chain(otherwise.iter().map(|otherwise| &**otherwise));
            arms.into_iter().find_map(|arm| yields(arm, what))
        }
        Term::Call(name @ ("empty" | "select"), _) if what == Yields::Nothing => Some(name),
        Term::Path(_, path) if what == Yields::Several => {
            path.0.iter().any(|(part, _)| matches!(part, Part::Range(None, None))).then_some(".[]")
        }
        _ => None,
    }
}

/// A text that is written out.
fn text(term: &Term<&str>) -> Option<String> {
    match term {
        Term::Str(None, parts) => plain_text(parts),
        _ => None,
    }
}

/// The terms in a term.
pub(super) fn parts<'a, 't>(term: &'a Term<&'t str>) -> Vec<&'a Term<&'t str>> {
    match term {
        Term::Id | Term::Recurse | Term::Num(_) | Term::Break(_) | Term::Var(_) => Vec::new(),
        Term::Str(_, parts) => {
            parts.iter().filter_map(|part| if let StrPart::Term(term) = part { Some(term) } else { None }).collect()
        }
        Term::Arr(inner) => inner.iter().map(|inner| &**inner).collect(),
        Term::Obj(members) => members.iter().flat_map(|(key, value)| std::iter::once(key).chain(value)).collect(),
        Term::Neg(inner) | Term::Label(_, inner) => vec![inner],
        Term::BinOp(left, operator, right) => {
            let mut parts: Vec<_> = vec![&**left, &**right];
            if let BinaryOp::Pipe(Some(pattern)) = operator {
                keys(pattern, &mut parts);
            }
            parts
        }
        Term::Fold(_, over, pattern, steps) => {
            let mut parts: Vec<_> = std::iter::once(&**over).chain(steps).collect();
            keys(pattern, &mut parts);
            parts
        }
        Term::TryCatch(body, handler) => std::iter::once(body).chain(handler).map(|part| &**part).collect(),
        Term::IfThenElse(arms, otherwise) => {
            let arms = arms.iter().flat_map(|(condition, then)| [condition, then]);
            arms.chain(otherwise.iter().map(|otherwise| &**otherwise)).collect()
        }
        Term::Def(definitions, rest) => {
            definitions.iter().map(|definition| &definition.body).chain(std::iter::once(&**rest)).collect()
        }
        Term::Call(_, arguments) => arguments.iter().collect(),
        Term::Path(base, path) => {
            let mut parts = vec![&**base];
            for (part, _) in &path.0 {
                match part {
                    Part::Index(index) => parts.push(index),
                    Part::Range(from, to) => parts.extend(from.iter().chain(to)),
                }
            }
            parts
        }
    }
}

/// The computed keys of a pattern.
fn keys<'a, 't>(pattern: &'a Pattern<&'t str>, parts: &mut Vec<&'a Term<&'t str>>) {
    match pattern {
        Pattern::Var(_) => {}
        Pattern::Arr(items) => items.iter().for_each(|item| keys(item, parts)),
        Pattern::Obj(members) => {
            for (key, value) in members {
                parts.push(key);
                keys(value, parts);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jq::read;

    fn found(program: &str) -> Vec<String> {
        read(program, |term| {
            let term = term.ok().expect("a program");
            findings(&term, &|_| Span::default()).into_iter().map(|finding| finding.headline).collect()
        })
    }

    #[test]
    fn each_difference_is_found_in_its_program_and_stands_on_the_page() {
        let page = include_str!("../../../../runtime/DIFFERENCES.md").replace("\\|", "|");
        for difference in DIFFERENCES {
            assert_eq!(found(difference.program), [difference.what], "{}", difference.program);
            assert!(page.contains(&format!("`{}`", difference.program)), "the page lacks `{}`", difference.program);
        }
    }

    #[test]
    fn what_goes_the_same_everywhere_is_not_reported() {
        for program in [
            ".id + 9007199254740991",
            "9007199254740993.5",
            "reduce .[] as $x (0; . + $x)",
            "reduce (.[] | select(. > 1)) as $x ([]; . + [$x, 1])",
            "foreach .[] as $x (0; . + $x; select(. > 1))",
            ".a |= map(select(. > 1))",
            "gsub(\"^a\"; \"b\")",
            "strptime(\"%Y-%m-%dT%H:%M:%SZ\")",
            "test(\"(?<x>a)\\\\k<x>\")",
            "def localtime: 1; localtime",
            "now | strftime(\"%Y\")",
        ] {
            assert_eq!(found(program), Vec::<String>::new(), "{program}");
        }
    }

    #[test]
    fn what_nobody_has_run_on_the_platform_is_told() {
        for (program, name) in
            [("INDEX(.id)", "INDEX"), ("[tostream]", "tostream"), ("@base32d", "@base32d"), ("$__loc__", "$__loc__")]
        {
            assert!(found(program)[0].contains(&format!("`{name}`")), "{program}");
        }
    }
}
