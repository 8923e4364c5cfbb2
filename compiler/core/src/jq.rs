//! jq programs: whether they have the form of jq, and whether what they use exists.

mod surface;

use crate::finding::Finding;
use crate::rules;
use jaq_core::load::lex::Lexer;
use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::BinaryOp;
use jaq_core::load::parse::{Def, Parser, Pattern, Term};
use jaq_core::load::span as place_in;
use jaq_core::path::Part;
use text_size::TextSize;
use zisc_bundle::{Span, nearest};
use zisc_syntax::tree::PlainText;

/// Brackets nested deeper than this are not looked at.
const DEPTH_LIMIT: usize = 100;

/// What is wrong with a jq program.
pub(crate) fn findings(program: &PlainText) -> Vec<Finding> {
    let code = program.text.as_str();
    let at = |part: &str| {
        let range = place_in(code, part);
        let size = |at: usize| TextSize::try_from(at.min(code.len())).unwrap_or_default();
        Span::new(program.span.start() + size(range.start), program.span.start() + size(range.end))
    };
    if code.trim().is_empty() {
        return vec![
            rules::JQ_SYNTAX
                .at(program.span, "this jq text is empty")
                .label("a program is missing")
                .help("`.` gives the data as it is"),
        ];
    }
    if let Some(mistake) = surface::mistake(code) {
        let span = at(&code[mistake.start..mistake.end]);
        let help = mistake.help;
        let finding = rules::JQ_SYNTAX.at(span, mistake.headline).label(mistake.label).help(help.clone());
        return vec![match mistake.replacement {
            Some(replacement) => finding.fix(help, span, replacement),
            None => finding,
        }];
    }
    if depth(code) > DEPTH_LIMIT {
        return vec![
            rules::JQ_SYNTAX
                .at(program.span, format!("brackets are nested deeper than {DEPTH_LIMIT} levels"))
                .label("too deep"),
        ];
    }
    let tokens = match Lexer::new(code).lex() {
        Ok(tokens) => tokens,
        Err(errors) => {
            return errors
                .into_iter()
                .take(1)
                .map(|(expected, found)| {
                    let found = first_word(found);
                    rules::JQ_SYNTAX
                        .at(at(found), format!("{} is expected in this jq text", described(expected.as_str())))
                        .label("not jq from here on")
                })
                .collect();
        }
    };
    match Parser::new(&tokens).parse(|parser| parser.term()) {
        Ok(term) => {
            let mut names = Names { findings: Vec::new(), at: &at, filters: Vec::new(), variables: Vec::new() };
            names.term(&term);
            names.findings
        }
        Err(errors) => errors
            .into_iter()
            .take(1)
            .map(|(expected, found)| {
                let expected = described(expected.as_str());
                match found {
                    Some(token) => {
                        let found = first_word(token.0);
                        rules::JQ_SYNTAX
                            .at(at(found), format!("{expected} is expected in this jq text, and `{found}` stands here"))
                            .label(format!("{expected} is expected here"))
                    }
                    None => {
                        let end = program.span.end();
                        let end = end - TextSize::try_from(code.len() - code.trim_end().len()).unwrap_or_default();
                        rules::JQ_SYNTAX
                            .at(Span::empty(end), format!("{expected} is missing at the end of this jq text"))
                            .label(format!("{expected} is expected here"))
                    }
                }
            })
            .collect(),
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

/// Looks for functions and variables that do not exist.
struct Names<'a, 's> {
    findings: Vec<Finding>,
    at: &'a dyn Fn(&str) -> Span,
    /// Functions defined around the current place, with their number of arguments.
    filters: Vec<(&'s str, usize)>,
    /// Variables bound around the current place, with their `$`.
    variables: Vec<&'s str>,
}

impl<'s> Names<'_, 's> {
    fn term(&mut self, term: &Term<&'s str>) {
        match term {
            Term::Id | Term::Recurse | Term::Num(_) | Term::Break(_) => {}
            Term::Str(_, parts) => {
                for part in parts {
                    if let StrPart::Term(term) = part {
                        self.term(term);
                    }
                }
            }
            Term::Arr(inner) => inner.iter().for_each(|term| self.term(term)),
            Term::Obj(members) => {
                for (key, value) in members {
                    self.term(key);
                    value.iter().for_each(|term| self.term(term));
                }
            }
            Term::Neg(inner) => self.term(inner),
            Term::BinOp(left, operator, right) => {
                self.term(left);
                let bound = self.variables.len();
                if let BinaryOp::Pipe(Some(pattern)) = operator {
                    self.pattern(pattern);
                }
                self.term(right);
                self.variables.truncate(bound);
            }
            Term::Label(_, inner) => self.term(inner),
            Term::Fold(_, over, pattern, parts) => {
                self.term(over);
                let bound = self.variables.len();
                self.pattern(pattern);
                parts.iter().for_each(|term| self.term(term));
                self.variables.truncate(bound);
            }
            Term::TryCatch(body, handler) => {
                self.term(body);
                handler.iter().for_each(|term| self.term(term));
            }
            Term::IfThenElse(arms, otherwise) => {
                for (condition, then) in arms {
                    self.term(condition);
                    self.term(then);
                }
                otherwise.iter().for_each(|term| self.term(term));
            }
            Term::Def(definitions, rest) => {
                let defined = self.filters.len();
                definitions.iter().for_each(|definition| self.definition(definition));
                self.term(rest);
                self.filters.truncate(defined);
            }
            Term::Call(name, arguments) => {
                self.call(name, arguments.len());
                arguments.iter().for_each(|term| self.term(term));
            }
            Term::Var(name) => self.variable(name),
            Term::Path(base, path) => {
                self.term(base);
                for (part, _) in &path.0 {
                    match part {
                        Part::Index(index) => self.term(index),
                        Part::Range(from, to) => from.iter().chain(to).for_each(|term| self.term(term)),
                    }
                }
            }
        }
    }

    fn definition(&mut self, definition: &Def<&'s str>) {
        self.filters.push((definition.name, definition.args.len()));
        let (filters, variables) = (self.filters.len(), self.variables.len());
        for argument in &definition.args {
            self.filters.push((argument.trim_start_matches('$'), 0));
            if argument.starts_with('$') {
                self.variables.push(argument);
            }
        }
        self.term(&definition.body);
        self.filters.truncate(filters);
        self.variables.truncate(variables);
    }

    fn pattern(&mut self, pattern: &Pattern<&'s str>) {
        match pattern {
            Pattern::Var(name) => self.variables.push(name),
            Pattern::Arr(items) => items.iter().for_each(|item| self.pattern(item)),
            Pattern::Obj(members) => {
                for (key, value) in members {
                    self.term(key);
                    self.pattern(value);
                }
            }
        }
    }

    fn call(&mut self, name: &'s str, arguments: usize) {
        let own = self.filters.iter().copied();
        if own.clone().chain(FUNCTIONS.iter().copied()).any(|known| known == (name, arguments)) {
            return;
        }
        let others: Vec<usize> = own
            .clone()
            .chain(FUNCTIONS.iter().copied())
            .filter(|(known, _)| *known == name)
            .map(|(_, count)| count)
            .collect();
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
                let near = nearest(name, own.chain(FUNCTIONS.iter().copied()).map(|(name, _)| name));
                finding.did_you_mean(span, elsewhere.or(near))
            }
        };
        self.findings.push(finding);
    }

    fn variable(&mut self, name: &'s str) {
        if self.variables.contains(&name) || matches!(name, "$__loc__") {
            return;
        }
        let span = (self.at)(name);
        let near = nearest(name, self.variables.iter().copied());
        let finding = rules::JQ_UNKNOWN.at(span, format!("nothing binds `{name}` here")).label("not bound");
        self.findings.push(match near {
            Some(near) => finding.did_you_mean(span, Some(near)),
            None => finding.help(
                "bind it with `… as $x | …`; values of the flow are given as data: ``jq({ x: ticket.id })`.x` ``",
            ),
        });
    }
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

/// The functions of jq 1.6, with their number of arguments.
const FUNCTIONS: &[(&str, usize)] = &[
    ("IN", 1),
    ("IN", 2),
    ("INDEX", 1),
    ("INDEX", 2),
    ("GROUP_BY", 1),
    ("UNIQUE_BY", 1),
    ("acos", 0),
    ("acosh", 0),
    ("add", 0),
    ("all", 0),
    ("all", 1),
    ("all", 2),
    ("any", 0),
    ("any", 1),
    ("any", 2),
    ("arrays", 0),
    ("ascii", 0),
    ("ascii_downcase", 0),
    ("ascii_upcase", 0),
    ("asin", 0),
    ("asinh", 0),
    ("atan", 0),
    ("atan2", 2),
    ("atanh", 0),
    ("booleans", 0),
    ("bsearch", 1),
    ("builtins", 0),
    ("capture", 1),
    ("capture", 2),
    ("cbrt", 0),
    ("ceil", 0),
    ("combinations", 0),
    ("combinations", 1),
    ("contains", 1),
    ("copysign", 2),
    ("cos", 0),
    ("cosh", 0),
    ("dateadd", 2),
    ("datesub", 2),
    ("date", 0),
    ("del", 1),
    ("delpaths", 1),
    ("drem", 2),
    ("empty", 0),
    ("endswith", 1),
    ("error", 0),
    ("error", 1),
    ("exp", 0),
    ("exp10", 0),
    ("exp2", 0),
    ("explode", 0),
    ("expm1", 0),
    ("fabs", 0),
    ("false", 0),
    ("fdim", 2),
    ("finites", 0),
    ("first", 0),
    ("first", 1),
    ("flatten", 0),
    ("flatten", 1),
    ("floor", 0),
    ("fma", 3),
    ("fmax", 2),
    ("fmin", 2),
    ("fmod", 2),
    ("format", 1),
    ("frexp", 0),
    ("from_entries", 0),
    ("fromdate", 0),
    ("fromdateiso8601", 0),
    ("fromjson", 0),
    ("fromstream", 1),
    ("gamma", 0),
    ("getpath", 1),
    ("gmtime", 0),
    ("group_by", 1),
    ("gsub", 2),
    ("gsub", 3),
    ("has", 1),
    ("hypot", 2),
    ("implode", 0),
    ("in", 1),
    ("index", 1),
    ("indices", 1),
    ("infinite", 0),
    ("inside", 1),
    ("isempty", 1),
    ("isfinite", 0),
    ("isinfinite", 0),
    ("isnan", 0),
    ("isnormal", 0),
    ("isvalid", 1),
    ("iterables", 0),
    ("join", 1),
    ("keys", 0),
    ("keys_unsorted", 0),
    ("last", 0),
    ("last", 1),
    ("ldexp", 2),
    ("leaf_paths", 0),
    ("length", 0),
    ("lgamma", 0),
    ("limit", 2),
    ("localtime", 0),
    ("log", 0),
    ("log10", 0),
    ("log1p", 0),
    ("log2", 0),
    ("logb", 0),
    ("ltrimstr", 1),
    ("map", 1),
    ("map_values", 1),
    ("match", 1),
    ("match", 2),
    ("max", 0),
    ("max_by", 1),
    ("min", 0),
    ("min_by", 1),
    ("mktime", 0),
    ("modf", 0),
    ("nan", 0),
    ("nearbyint", 0),
    ("normals", 0),
    ("not", 0),
    ("now", 0),
    ("nth", 1),
    ("nth", 2),
    ("null", 0),
    ("nulls", 0),
    ("numbers", 0),
    ("objects", 0),
    ("path", 1),
    ("paths", 0),
    ("paths", 1),
    ("pow", 2),
    ("pow10", 0),
    ("range", 1),
    ("range", 2),
    ("range", 3),
    ("recurse", 0),
    ("recurse", 1),
    ("recurse", 2),
    ("recurse_down", 0),
    ("repeat", 1),
    ("reverse", 0),
    ("rindex", 1),
    ("rint", 0),
    ("round", 0),
    ("rtrimstr", 1),
    ("scalars", 0),
    ("scan", 1),
    ("scan", 2),
    ("scalb", 2),
    ("select", 1),
    ("setpath", 2),
    ("significand", 0),
    ("sin", 0),
    ("sinh", 0),
    ("sort", 0),
    ("sort_by", 1),
    ("split", 1),
    ("split", 2),
    ("splits", 1),
    ("splits", 2),
    ("sqrt", 0),
    ("startswith", 1),
    ("strflocaltime", 1),
    ("strftime", 1),
    ("strings", 0),
    ("strptime", 1),
    ("sub", 2),
    ("sub", 3),
    ("tan", 0),
    ("tanh", 0),
    ("test", 1),
    ("test", 2),
    ("tgamma", 0),
    ("to_entries", 0),
    ("todate", 0),
    ("todateiso8601", 0),
    ("tojson", 0),
    ("tonumber", 0),
    ("tostream", 0),
    ("tostring", 0),
    ("transpose", 0),
    ("true", 0),
    ("trunc", 0),
    ("truncate_stream", 1),
    ("type", 0),
    ("unique", 0),
    ("unique_by", 1),
    ("until", 2),
    ("utf8bytelength", 0),
    ("values", 0),
    ("walk", 1),
    ("while", 2),
    ("with_entries", 1),
];
