//! Updates through terms that the engine can follow as paths, and not update through: `(first(.[])) |= f`.
//!
//! They are written as jq itself defines updates: path by path.

use super::order::{VARIABLES, each_part};
use jaq_core::load::parse::{BinaryOp, Pattern, Term};

/// Writes such updates in a term as calls; `changed` becomes true where there are any.
pub(super) fn rewrite(term: &mut Term<&str>, changed: &mut bool) {
    each_part(term, &mut |part| rewrite(part, changed));
    let Term::BinOp(paths, BinaryOp::Assign | BinaryOp::Update | BinaryOp::UpdateMath(_) | BinaryOp::UpdateAlt, _) =
        term
    else {
        return;
    };
    if !is_out_of_reach(paths) {
        return;
    }
    *changed = true;
    let Term::BinOp(paths, operator, value) = std::mem::take(term) else { return };
    let variable = || Term::Var(VARIABLES[0]);
    // `. + $value`, and so on.
    let modified = |operator| Term::BinOp(Term::Id.into(), operator, variable().into());
    let update = match operator {
        BinaryOp::UpdateMath(operator) => Term::Call("_modify", vec![*paths, modified(BinaryOp::Math(operator))]),
        BinaryOp::UpdateAlt => Term::Call("_modify", vec![*paths, modified(BinaryOp::Alt)]),
        BinaryOp::Update => {
            *term = Term::Call("_modify", vec![*paths, *value]);
            return;
        }
        _ => Term::Call("_assign", vec![*paths, variable()]),
    };
    *term = Term::BinOp(value, BinaryOp::Pipe(Some(Pattern::Var(VARIABLES[0]))), update.into());
}

fn is_out_of_reach(paths: &Term<&str>) -> bool {
    match paths {
        Term::Label(..) | Term::Fold(..) | Term::TryCatch(_, Some(_)) | Term::Call("limit", _) => true,
        Term::Call("first", arguments) => !arguments.is_empty(),
        Term::BinOp(left, BinaryOp::Pipe(_) | BinaryOp::Comma | BinaryOp::Alt, right) => {
            is_out_of_reach(left) || is_out_of_reach(right)
        }
        Term::TryCatch(body, None) | Term::Def(_, body) => is_out_of_reach(body),
        Term::IfThenElse(branches, otherwise) => {
            branches.iter().any(|(_, then)| is_out_of_reach(then))
                || otherwise.as_ref().is_some_and(|otherwise| is_out_of_reach(otherwise))
        }
        Term::Path(base, _) => is_out_of_reach(base),
        _ => false,
    }
}
