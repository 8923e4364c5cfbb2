//! The names in a jq text that a person can go to: variables, functions that it defines, functions of jq.

use super::read;
use super::scopes::{Scope, Visitor, walk};
use crate::Text;
use crate::navigate::{Access, Form, LocalSort, Occurrence, Symbol};
use jaq_core::load::span as place_in;
use zisc_bundle::Span;
use zisc_syntax::tree::PlainText;

/// The names in a program; none where it cannot be read.
pub(crate) fn occurrences(program: &PlainText) -> Vec<Occurrence> {
    read(&program.text, |term| {
        let Ok(term) = term else { return Vec::new() };
        let mut occurrences = Occurrences { program, found: Vec::new() };
        walk(&term, &mut occurrences);
        occurrences.found
    })
}

struct Occurrences<'t> {
    program: &'t PlainText,
    found: Vec<Occurrence>,
}

impl Occurrences<'_> {
    fn at(&self, part: &str) -> Span {
        self.program.part(place_in(&self.program.text, part))
    }

    /// What a program binds for itself, known by where it is bound.
    fn local(&self, sort: LocalSort, bound: &str) -> Symbol {
        Symbol::Local { sort, name: Text::new(bound), at: self.at(bound) }
    }

    fn note(&mut self, name: &str, symbol: Symbol, access: Access, form: Form) {
        let span = self.at(name);
        self.found.push(Occurrence { span, symbol, access, form });
    }
}

impl<'t> Visitor<'t> for Occurrences<'t> {
    fn call(&mut self, name: &'t str, arguments: usize, scope: &Scope<'t>) {
        let own = scope.functions.iter().rev().filter(|function| !function.is_variable);
        let symbol = match own.clone().find(|own| own.name == name && own.arguments == arguments) {
            Some(own) => self.local(LocalSort::JqFunction, own.name),
            None => Symbol::JqFunction(Text::new(name), arguments),
        };
        self.note(name, symbol, Access::Read, Form::Plain);
    }

    fn variable(&mut self, name: &'t str, alone: bool, scope: &Scope<'t>) {
        if let Some(bound) = scope.variables.iter().rev().find(|known| **known == name) {
            let form = if alone { Form::KeyAndValue } else { Form::Plain };
            self.note(name, self.local(LocalSort::JqVariable, bound), Access::Read, form);
        }
    }

    fn bound(&mut self, name: &'t str) {
        self.note(name, self.local(LocalSort::JqVariable, name), Access::Declaration, Form::Plain);
    }

    fn defined(&mut self, name: &'t str) {
        self.note(name, self.local(LocalSort::JqFunction, name), Access::Declaration, Form::Plain);
    }
}
