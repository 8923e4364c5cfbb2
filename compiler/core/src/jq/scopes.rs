//! The names in a jq program, with what is known around each: the one walk for all who ask about names.

use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Def, Pattern, Term};
use jaq_core::path::Part;

/// What a walk meets. A name is a part of the program's text, so it also says where it stands.
pub(super) trait Visitor<'s> {
    /// A function is called with so many arguments.
    fn call(&mut self, name: &'s str, arguments: usize, scope: &Scope<'s>);
    /// A variable is read; `alone` as `{$x}`, where it is the key as well.
    fn variable(&mut self, name: &'s str, alone: bool, scope: &Scope<'s>);
    /// A variable is bound.
    fn bound(&mut self, _name: &'s str) {}
    /// A function is defined, or a parameter that is one.
    fn defined(&mut self, _name: &'s str) {}
}

/// What is known around a place.
#[derive(Default)]
pub(super) struct Scope<'s> {
    /// The functions, the innermost last.
    pub(super) functions: Vec<Function<'s>>,
    /// The variables with their `$`, the innermost last.
    pub(super) variables: Vec<&'s str>,
}

/// A function that a program defines.
#[derive(Clone, Copy)]
pub(super) struct Function<'s> {
    pub(super) name: &'s str,
    pub(super) arguments: usize,
    /// It is the second name of a parameter `$x`, which can also be called as `x`.
    pub(super) is_variable: bool,
}

/// Goes through a program in the order of its text.
pub(super) fn walk<'s>(term: &Term<&'s str>, visitor: &mut dyn Visitor<'s>) {
    Walk { scope: Scope::default(), visitor }.term(term);
}

struct Walk<'v, 's> {
    scope: Scope<'s>,
    visitor: &'v mut dyn Visitor<'s>,
}

impl<'s> Walk<'_, 's> {
    fn term(&mut self, term: &Term<&'s str>) {
        super::with_room(|| self.unbounded(term));
    }

    fn unbounded(&mut self, term: &Term<&'s str>) {
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
                        (Term::Var(name), None) => self.visitor.variable(name, true, &self.scope),
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
                let bound = self.scope.variables.len();
                if let BinaryOp::Pipe(Some(pattern)) = operator {
                    self.pattern(pattern);
                }
                self.term(right);
                self.scope.variables.truncate(bound);
            }
            Term::Fold(_, over, pattern, parts) => {
                self.term(over);
                let bound = self.scope.variables.len();
                self.pattern(pattern);
                parts.iter().for_each(|term| self.term(term));
                self.scope.variables.truncate(bound);
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
                let defined = self.scope.functions.len();
                definitions.iter().for_each(|definition| self.definition(definition));
                self.term(rest);
                self.scope.functions.truncate(defined);
            }
            Term::Call(name, arguments) => {
                self.visitor.call(name, arguments.len(), &self.scope);
                arguments.iter().for_each(|term| self.term(term));
            }
            Term::Var(name) => self.visitor.variable(name, false, &self.scope),
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
        self.visitor.defined(definition.name);
        let function = |name, arguments, is_variable| Function { name, arguments, is_variable };
        self.scope.functions.push(function(definition.name, definition.args.len(), false));
        let (functions, variables) = (self.scope.functions.len(), self.scope.variables.len());
        for argument in &definition.args {
            match argument.strip_prefix('$') {
                Some(name) => {
                    self.scope.functions.push(function(name, 0, true));
                    self.bind(argument);
                }
                None => {
                    self.visitor.defined(argument);
                    self.scope.functions.push(function(argument, 0, false));
                }
            }
        }
        self.term(&definition.body);
        self.scope.functions.truncate(functions);
        self.scope.variables.truncate(variables);
    }

    fn pattern(&mut self, pattern: &Pattern<&'s str>) {
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

    fn bind(&mut self, name: &'s str) {
        self.visitor.bound(name);
        self.scope.variables.push(name);
    }
}
