use crate::types::Type;
use crate::{Shared, Text};
use zisc_bundle::Path;

/// The names that can be read at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scope {
    /// The name of the event.
    pub(crate) event: Option<Text>,
    /// The members of `$` that are set somewhere in the flow.
    pub(crate) members: Shared<Vec<Text>>,
    /// The names for paths, the innermost last.
    pub(crate) aliases: Vec<Alias>,
}

/// A name for a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Alias {
    pub(crate) name: Text,
    pub(crate) path: Path,
    /// The type written with it.
    pub(crate) kind: Option<Type>,
}

/// What a name stands for.
pub(crate) enum Named<'a> {
    Alias(&'a Alias),
    Event,
    Member,
}

impl Scope {
    pub(crate) fn named(&self, name: &str) -> Option<Named<'_>> {
        if let Some(alias) = self.aliases.iter().rev().find(|alias| alias.name == name) {
            return Some(Named::Alias(alias));
        }
        if self.members.iter().any(|member| member == name) {
            return Some(Named::Member);
        }
        (self.event.as_deref() == Some(name)).then_some(Named::Event)
    }

    /// Every name that can be read, the nearest first.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Text> {
        self.aliases.iter().rev().map(|alias| &alias.name).chain(self.members.iter()).chain(&self.event)
    }
}
