use crate::Text;
use crate::by_name::{ByName, HasName};
use crate::types::Type;
use zisc_bundle::{Path, Span};

/// The names that can be read at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scope {
    /// The name of the event.
    pub(crate) event: Option<Text>,
    /// The members of `$` that are set somewhere in the flow.
    pub(crate) members: ByName<Member>,
    /// The names for paths, the innermost last.
    pub(crate) aliases: ByName<Alias>,
}

/// A member of `$`, and where a statement sets it first; an empty place where none does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) name: Text,
    pub(crate) span: Span,
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
    Member(&'a Member),
}

impl Scope {
    pub(crate) fn named(&self, name: &str) -> Option<Named<'_>> {
        if let Some(alias) = self.aliases.get(name) {
            return Some(Named::Alias(alias));
        }
        if let Some(member) = self.members.get(name) {
            return Some(Named::Member(member));
        }
        (self.event.as_deref() == Some(name)).then_some(Named::Event)
    }

    /// Every name that can be read, the nearest first.
    pub(crate) fn names(&self) -> impl Iterator<Item = &Text> {
        self.aliases
            .iter()
            .rev()
            .map(|alias| &alias.name)
            .chain(self.members.iter().map(|member| &member.name))
            .chain(&self.event)
    }
}

impl HasName for Member {
    fn name(&self) -> &Text {
        &self.name
    }
}

impl HasName for Alias {
    fn name(&self) -> &Text {
        &self.name
    }
}
