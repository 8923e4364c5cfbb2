//! The names in a jq text that a person can go to: variables, functions that it defines, functions of jq.

use super::read;
use crate::Text;
use crate::navigate::{Access, Form, LocalSort, Occurrence, Symbol};
use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Def, Pattern, Term};
use jaq_core::load::span as place_in;
use jaq_core::path::Part;
use text_size::TextSize;
use zisc_bundle::Span;
use zisc_syntax::tree::PlainText;

/// The names in a program; none where it cannot be read.
pub(crate) fn occurrences(program: &PlainText) -> Vec<Occurrence> {
    read(&program.text, |term| {
        let Ok(term) = term else { return Vec::new() };
        let mut walk = Walk { program, found: Vec::new(), bound: Vec::new(), defined: Vec::new() };
        walk.term(&term);
        walk.found
    })
}

struct Walk<'t> {
    program: &'t PlainText,
    found: Vec<Occurrence>,
    /// The variables around the current place, with their `$`.
    bound: Vec<(&'t str, Span)>,
    /// The functions defined around the current place, with their number of arguments.
    defined: Vec<(&'t str, usize, Span)>,
}

impl<'t> Walk<'t> {
    fn at(&self, part: &str) -> Span {
        let range = place_in(&self.program.text, part);
        let size = |at: usize| TextSize::try_from(at).unwrap_or_default();
        Span::new(size(range.start), size(range.end)) + self.program.span.start()
    }

    fn note(&mut self, span: Span, symbol: Symbol, access: Access, form: Form) {
        self.found.push(Occurrence { span, symbol, access, form });
    }

    fn term(&mut self, term: &Term<&'t str>) {
        super::with_room(|| self.unbounded(term));
    }

    fn unbounded(&mut self, term: &Term<&'t str>) {
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
                    match (key, value) {
                        (Term::Var(name), None) => self.variable(name, Form::KeyAndValue),
                        (key, value) => {
                            self.term(key);
                            value.iter().for_each(|term| self.term(term));
                        }
                    }
                }
            }
            Term::Neg(inner) | Term::Label(_, inner) => self.term(inner),
            Term::BinOp(left, operator, right) => {
                self.term(left);
                let bound = self.bound.len();
                if let BinaryOp::Pipe(Some(pattern)) = operator {
                    self.pattern(pattern);
                }
                self.term(right);
                self.bound.truncate(bound);
            }
            Term::Fold(_, over, pattern, parts) => {
                self.term(over);
                let bound = self.bound.len();
                self.pattern(pattern);
                parts.iter().for_each(|term| self.term(term));
                self.bound.truncate(bound);
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
                let defined = self.defined.len();
                definitions.iter().for_each(|definition| self.definition(definition));
                self.term(rest);
                self.defined.truncate(defined);
            }
            Term::Call(name, arguments) => {
                let own =
                    self.defined.iter().rev().find(|(known, count, _)| known == name && *count == arguments.len());
                let symbol = match own {
                    Some((name, _, at)) => local(LocalSort::JqFunction, name, *at),
                    None => Symbol::JqFunction(Text::new(name), arguments.len()),
                };
                self.note(self.at(name), symbol, Access::Read, Form::Plain);
                arguments.iter().for_each(|term| self.term(term));
            }
            Term::Var(name) => self.variable(name, Form::Plain),
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

    fn definition(&mut self, definition: &Def<&'t str>) {
        let at = self.at(definition.name);
        self.note(at, local(LocalSort::JqFunction, definition.name, at), Access::Declaration, Form::Plain);
        self.defined.push((definition.name, definition.args.len(), at));
        let (defined, bound) = (self.defined.len(), self.bound.len());
        for argument in &definition.args {
            let at = self.at(argument);
            if argument.starts_with('$') {
                self.bind(argument);
            } else {
                self.note(at, local(LocalSort::JqFunction, argument, at), Access::Declaration, Form::Plain);
                self.defined.push((argument, 0, at));
            }
        }
        self.term(&definition.body);
        self.defined.truncate(defined);
        self.bound.truncate(bound);
    }

    fn pattern(&mut self, pattern: &Pattern<&'t str>) {
        match pattern {
            Pattern::Var(name) => self.bind(name),
            Pattern::Arr(items) => items.iter().for_each(|item| self.pattern(item)),
            Pattern::Obj(members) => {
                for (key, value) in members {
                    self.term(key);
                    self.pattern(value);
                }
            }
        }
    }

    fn bind(&mut self, name: &'t str) {
        let at = self.at(name);
        self.note(at, local(LocalSort::JqVariable, name, at), Access::Declaration, Form::Plain);
        self.bound.push((name, at));
    }

    fn variable(&mut self, name: &'t str, form: Form) {
        if let Some((_, at)) = self.bound.iter().rev().find(|(known, _)| *known == name) {
            self.note(self.at(name), local(LocalSort::JqVariable, name, *at), Access::Read, form);
        }
    }
}

fn local(sort: LocalSort, name: &str, at: Span) -> Symbol {
    Symbol::Local { sort, name: Text::new(name), at }
}
