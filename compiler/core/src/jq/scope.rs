//! What names stand for at a place of a program: variables, arguments and definitions around it.

use crate::types::Type;
use jaq_core::load::parse::{Def, Term};
use std::rc::Rc;

/// The names around a place, the innermost first.
#[derive(Clone, Default)]
pub(super) struct Scope<'t>(Option<Rc<Bound<'t>>>);

struct Bound<'t> {
    name: Name<'t>,
    around: Scope<'t>,
}

enum Name<'t> {
    Variable(&'t str, Type),
    /// An argument that is bound as a variable, with its `$`.
    Value(&'t str),
    /// An argument of a function: a program, with the names where it was written.
    Argument(&'t str, &'t Term<&'t str>, Scope<'t>),
    Definition(&'t Def<&'t str>),
}

/// What a call of a name runs.
#[derive(Clone)]
pub(super) enum Called<'t> {
    Argument(&'t Term<&'t str>, Scope<'t>),
    /// A definition, with the names around it, its own included.
    Definition(&'t Def<&'t str>, Scope<'t>),
    /// An argument that is bound as a variable, called by its name.
    Value,
}

impl<'t> Scope<'t> {
    fn with(&self, name: Name<'t>) -> Self {
        Self(Some(Rc::new(Bound { name, around: self.clone() })))
    }

    pub(super) fn with_variable(&self, name: &'t str, kind: Type) -> Self {
        self.with(Name::Variable(name, kind))
    }

    /// A variable that is an argument of a function.
    pub(super) fn with_value(&self, name: &'t str, kind: Type) -> Self {
        self.with(Name::Value(name)).with_variable(name, kind)
    }

    pub(super) fn with_argument(&self, name: &'t str, term: &'t Term<&'t str>, scope: &Scope<'t>) -> Self {
        self.with(Name::Argument(name, term, scope.clone()))
    }

    pub(super) fn with_definition(&self, definition: &'t Def<&'t str>) -> Self {
        self.with(Name::Definition(definition))
    }

    fn bounds(&self) -> impl Iterator<Item = (&Bound<'t>, &Scope<'t>)> {
        std::iter::successors(Some(self), |scope| scope.0.as_ref().map(|bound| &bound.around))
            .filter_map(|scope| scope.0.as_deref().map(|bound| (bound, scope)))
    }

    /// The type of a variable, with its `$`.
    pub(super) fn variable(&self, wanted: &str) -> Option<Type> {
        self.bounds().find_map(|(bound, _)| match &bound.name {
            Name::Variable(name, kind) if *name == wanted => Some(kind.clone()),
            _ => None,
        })
    }

    /// What a call with so many arguments runs; nothing where no name around is meant.
    pub(super) fn called(&self, wanted: &str, arguments: usize) -> Option<Called<'t>> {
        self.bounds().find_map(|(bound, scope)| match &bound.name {
            Name::Argument(name, term, around) if *name == wanted && arguments == 0 => {
                Some(Called::Argument(term, around.clone()))
            }
            Name::Value(name) if name.strip_prefix('$') == Some(wanted) && arguments == 0 => Some(Called::Value),
            Name::Definition(definition) if definition.name == wanted && definition.args.len() == arguments => {
                Some(Called::Definition(definition, scope.clone()))
            }
            _ => None,
        })
    }
}
