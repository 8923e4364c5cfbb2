//! The order in which combinations come, where several parts of a term yield several values.
//!
//! jq computes the last part first, so that it varies slowest: `(1, 2) + (10, 20)` is `11, 12, 21, 22`. The engine lets
//! the first part vary slowest. Where more than one part may yield several values, all that are varied too fast are
//! bound before: `(10, 20) as $x | (1, 2) + $x`.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Pattern, Term};
use jaq_core::path::Part;

/// The variables for the parts of one term. What is bound inside of a part may have the same names.
pub(super) const VARIABLES: [&str; 8] = ["$_0", "$_1", "$_2", "$_3", "$_4", "$_5", "$_6", "$_7"];

/// Functions of several arguments that jq takes as values, the last of them first.
const BY_VALUE: &[&str] = &[
    "atan2",
    "copysign",
    "drem",
    "fma",
    "fmax",
    "fmin",
    "fmod",
    "ldexp",
    "match",
    "nextafter",
    "nexttoward",
    "pow",
    "scalb",
    "setpath",
    "test",
];

/// Functions that yield one value at most, where their arguments do.
const SINGLE: &[&str] = &[
    "add",
    "ascii_downcase",
    "ascii_upcase",
    "ceil",
    "contains",
    "endswith",
    "explode",
    "fabs",
    "false",
    "floor",
    "from_entries",
    "fromdate",
    "fromjson",
    "getpath",
    "gmtime",
    "has",
    "implode",
    "in",
    "index",
    "indices",
    "infinite",
    "inside",
    "join",
    "keys",
    "keys_unsorted",
    "length",
    "ltrimstr",
    "max",
    "min",
    "mktime",
    "nan",
    "not",
    "now",
    "null",
    "pow",
    "reverse",
    "rindex",
    "round",
    "rtrimstr",
    "select",
    "sort",
    "split",
    "sqrt",
    "startswith",
    "strftime",
    "strptime",
    "test",
    "to_entries",
    "toarray",
    "todate",
    "tojson",
    "tonumber",
    "tostring",
    "true",
    "type",
    "unique",
    "utf8bytelength",
    "values",
    "strings",
    "numbers",
    "arrays",
    "objects",
    "flatten",
    "transpose",
    "@base64",
    "@base64d",
    "@csv",
    "@html",
    "@json",
    "@sh",
    "@text",
    "@tsv",
    "@uri",
    "empty",
    "error",
];

/// Functions that yield one value at most, whatever their arguments yield.
const CLOSED: &[&str] = &[
    "all",
    "any",
    "del",
    "first",
    "group_by",
    "isempty",
    "last",
    "map",
    "map_values",
    "max_by",
    "min_by",
    "sort_by",
    "unique_by",
    "with_entries",
];

type Parts<'s> = Vec<StrPart<&'s str, Term<&'s str>>>;

/// Whether a term may yield more than one value. A doubt counts as yes, and costs nothing but a variable.
fn yields_several(term: &Term<&str>) -> bool {
    match term {
        Term::Id | Term::Num(_) | Term::Var(_) | Term::Arr(_) | Term::Break(_) => false,
        Term::Recurse => true,
        Term::Str(_, parts) => parts.iter().any(|part| matches!(part, StrPart::Term(term) if yields_several(term))),
        Term::Obj(members) => {
            members.iter().any(|(key, value)| yields_several(key) || value.as_ref().is_some_and(yields_several))
        }
        Term::Neg(inner) | Term::Label(_, inner) | Term::Def(_, inner) => yields_several(inner),
        Term::BinOp(_, BinaryOp::Comma, _) => true,
        Term::BinOp(_, BinaryOp::Assign | BinaryOp::Update | BinaryOp::UpdateMath(_) | BinaryOp::UpdateAlt, value) => {
            yields_several(value)
        }
        Term::BinOp(left, _, right) => yields_several(left) || yields_several(right),
        Term::Fold("reduce", _, _, steps) => steps.iter().any(yields_several),
        Term::Fold(..) => true,
        Term::TryCatch(body, catch) => {
            yields_several(body) || catch.as_ref().is_some_and(|catch| yields_several(catch))
        }
        Term::IfThenElse(branches, otherwise) => {
            branches.iter().any(|(condition, then)| yields_several(condition) || yields_several(then))
                || otherwise.as_ref().is_some_and(|otherwise| yields_several(otherwise))
        }
        Term::Call(name, arguments) => {
            !CLOSED.contains(name) && (!SINGLE.contains(name) || arguments.iter().any(yields_several))
        }
        Term::Path(base, path) => yields_several(base) || path.0.iter().any(|(part, _)| part_yields_several(part)),
    }
}

fn part_yields_several(part: &Part<Term<&str>>) -> bool {
    match part {
        Part::Range(None, None) => true,
        Part::Index(index) => yields_several(index),
        Part::Range(from, to) => [from, to].into_iter().flatten().any(yields_several),
    }
}

/// Brings the combinations in a term into the order of jq; `changed` becomes true where the engine has another.
pub(super) fn rewrite(term: &mut Term<&str>, changed: &mut bool) {
    each_part(term, &mut |part| rewrite(part, changed));
    let mut bound = Vec::new();
    for part in too_fast(term) {
        let Some(name) = VARIABLES.get(bound.len()) else { break };
        bound.push((*name, std::mem::replace(part, Term::Var(name))));
    }
    // The last part is bound first.
    for (name, part) in bound {
        *changed = true;
        let body = std::mem::take(term);
        *term = Term::BinOp(part.into(), BinaryOp::Pipe(Some(Pattern::Var(name))), body.into());
    }
}

/// The parts of a term that have to be computed before the others, each before the ones that stand before it here.
fn too_fast<'t, 's>(term: &'t mut Term<&'s str>) -> Vec<&'t mut Term<&'s str>> {
    match term {
        Term::BinOp(left, BinaryOp::Math(_) | BinaryOp::Cmp(_), right) => several(vec![&mut **left, &mut **right]),
        Term::Str(_, parts) => several(interpolated(parts)),
        Term::Call(name, arguments) if BY_VALUE.contains(name) => several(arguments.iter_mut().collect()),
        Term::Path(base, path) => {
            let mut varied = yields_several(base);
            let mut found = Vec::new();
            for (part, _) in &mut path.0 {
                let several = part_yields_several(part);
                if let (Part::Index(index), true, true) = (part, varied, several) {
                    found.push(index);
                }
                varied |= several;
            }
            found
        }
        _ => Vec::new(),
    }
}

fn interpolated<'t, 's>(parts: &'t mut Parts<'s>) -> Vec<&'t mut Term<&'s str>> {
    let terms = parts.iter_mut().filter_map(|part| match part {
        StrPart::Term(term) => Some(term),
        StrPart::Str(_) | StrPart::Char(_) => None,
    });
    terms.collect()
}

/// Those that yield several values, but for the first of them: it varies fastest where it stands.
fn several<'t, 's>(parts: Vec<&'t mut Term<&'s str>>) -> Vec<&'t mut Term<&'s str>> {
    parts.into_iter().filter(|part| yields_several(part)).skip(1).collect()
}

/// Visits the parts of a term.
pub(super) fn each_part<'s>(term: &mut Term<&'s str>, visit: &mut dyn FnMut(&mut Term<&'s str>)) {
    match term {
        Term::Id | Term::Recurse | Term::Num(_) | Term::Var(_) | Term::Break(_) => {}
        Term::Str(_, parts) => interpolated(parts).into_iter().for_each(visit),
        Term::Arr(inner) => inner.iter_mut().for_each(|inner| visit(inner)),
        Term::Obj(members) => {
            for (key, value) in members {
                visit(key);
                value.iter_mut().for_each(&mut *visit);
            }
        }
        Term::Neg(inner) | Term::Label(_, inner) => visit(inner),
        Term::BinOp(left, _, right) => {
            visit(left);
            visit(right);
        }
        Term::Fold(_, over, _, steps) => {
            visit(over);
            steps.iter_mut().for_each(visit);
        }
        Term::TryCatch(body, catch) => {
            visit(body);
            catch.iter_mut().for_each(|catch| visit(catch));
        }
        Term::IfThenElse(branches, otherwise) => {
            for (condition, then) in branches {
                visit(condition);
                visit(then);
            }
            otherwise.iter_mut().for_each(|otherwise| visit(otherwise));
        }
        Term::Def(definitions, inner) => {
            definitions.iter_mut().for_each(|definition| visit(&mut definition.body));
            visit(inner);
        }
        Term::Call(_, arguments) => arguments.iter_mut().for_each(visit),
        Term::Path(base, path) => {
            visit(base);
            for (part, _) in &mut path.0 {
                match part {
                    Part::Index(index) => visit(index),
                    Part::Range(from, to) => [from, to].into_iter().flatten().for_each(&mut *visit),
                }
            }
        }
    }
}
