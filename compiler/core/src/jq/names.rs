//! Names in jq programs: whether the functions and variables that are used exist.

use super::functions::FUNCTIONS;
use super::scopes::{Scope, Visitor, walk};
use crate::finding::Finding;
use crate::rules;
use jaq_core::load::parse::Term;
use std::collections::HashSet;
use zisc_bundle::{Span, nearest};

/// Looks for functions and variables that do not exist.
pub(super) struct Names<'a> {
    findings: Vec<Finding>,
    at: &'a dyn Fn(&str) -> Span,
}

impl<'a> Names<'a> {
    /// What is wrong with the names of a program; `at` gives the place of a part of it.
    pub(super) fn findings(term: &Term<&str>, at: &'a dyn Fn(&str) -> Span) -> Vec<Finding> {
        let mut names = Self { findings: Vec::new(), at };
        walk(term, &mut names);
        // What does not exist is told of once, however often it is used.
        let mut told = HashSet::new();
        names.findings.retain(|finding| told.insert(finding.headline.clone()));
        names.findings
    }
}

impl<'s> Visitor<'s> for Names<'_> {
    fn call(&mut self, name: &'s str, arguments: usize, scope: &Scope<'s>) {
        let own = scope.functions.iter().map(|function| (function.name, function.arguments));
        if own.clone().chain(known()).any(|known| known == (name, arguments)) {
            return;
        }
        let others: Vec<usize> =
            own.clone().chain(known()).filter(|(known, _)| *known == name).map(|(_, count)| count).collect();
        let span = (self.at)(name);
        let finding = if let Some(count) = others.first() {
            let takes: Vec<_> = others.iter().map(ToString::to_string).collect();
            let word = if others == [1] { "argument" } else { "arguments" };
            let stands = if arguments == 1 { "stands" } else { "stand" };
            rules::JQ_UNKNOWN
                .at(span, format!("jq's `{name}` takes {} {word}, and {arguments} {stands} here", takes.join(" or ")))
                .label("with another number of arguments")
                .help(match (*count > 1, *count) {
                    (true, _) => "between the arguments of a jq function stands `;`".to_owned(),
                    (false, 0) => format!("write `… | {name}`"),
                    (false, _) => format!("write `{name}(…)`"),
                })
        } else if REFUSED.contains(&name) {
            rules::JQ_UNKNOWN
                .at(span, format!("`{name}` is not available in a flow"))
                .label("not available here")
                .help("a program sees its data and nothing else")
        } else {
            let finding = rules::JQ_UNKNOWN.at(span, format!("jq has no function `{name}`")).label("no such function");
            let elsewhere = ELSEWHERE.iter().find(|(other, _)| *other == name).map(|(_, ours)| *ours);
            if YOUNGER.contains(&name) {
                finding.help(format!("`{name}` is younger than jq 1.6, and no more than 1.6 can be relied on"))
            } else {
                let near = nearest(name, own.chain(known()).map(|(name, _)| name));
                finding.did_you_mean(span, elsewhere.or(near))
            }
        };
        self.findings.push(finding);
    }

    fn variable(&mut self, name: &'s str, _alone: bool, scope: &Scope<'s>) {
        if scope.variables.contains(&name) || matches!(name, "$__loc__") {
            return;
        }
        let span = (self.at)(name);
        let near = nearest(name, scope.variables.iter().copied());
        let finding = rules::JQ_UNKNOWN.at(span, format!("nothing binds `{name}` here")).label("not bound");
        self.findings.push(match near {
            Some(near) => finding.did_you_mean(span, Some(near)),
            None => finding.help(
                "bind it with `… as $x | …`; values of the flow are given as data: ``jq({ x: ticket.id })`.x` ``",
            ),
        });
    }
}

/// The names of jq's own functions, with their number of arguments.
fn known<'s>() -> impl Iterator<Item = (&'s str, usize)> + Clone {
    FUNCTIONS.iter().map(|function| (function.name, function.parameters.len()))
}

/// Functions of jq that read something beside their data.
const REFUSED: &[&str] = &[
    "env",
    "input",
    "inputs",
    "debug",
    "stderr",
    "input_filename",
    "input_line_number",
    "halt",
    "halt_error",
    "get_search_list",
];

/// Functions that came with jq 1.7 and later.
const YOUNGER: &[&str] =
    &["abs", "have_decnum", "have_literal_numbers", "ltrim", "pick", "rtrim", "skip", "toarray", "trim", "trimstr"];

/// Functions of other languages, and what jq calls them.
const ELSEWHERE: &[(&str, &str)] = &[
    ("concat", "add"),
    ("count", "length"),
    ("indexOf", "index"),
    ("len", "length"),
    ("lower", "ascii_downcase"),
    ("lowercase", "ascii_downcase"),
    ("parseInt", "tonumber"),
    ("replace", "gsub"),
    ("size", "length"),
    ("sum", "add"),
    ("toLowerCase", "ascii_downcase"),
    ("toString", "tostring"),
    ("toUpperCase", "ascii_upcase"),
    ("upper", "ascii_upcase"),
    ("uppercase", "ascii_upcase"),
];
