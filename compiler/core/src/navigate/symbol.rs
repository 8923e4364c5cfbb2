use crate::Text;
use zisc_bundle::Span;
use zisc_syntax::tree::{Item, ItemKind};

/// A name at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// The name.
    pub span: Span,
    /// What it stands for.
    pub symbol: Symbol,
    /// What is done with it.
    pub access: Access,
    /// How it is written.
    pub form: Form,
}

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Symbol {
    /// What an item declares, perhaps in another file.
    Item(Sort, Text),
    /// What is called: an action, a function of expressions, or one of the platform.
    Callable(Text),
    /// A parameter of an action: the action's name, and its own.
    Parameter(Text, Text),
    /// What an item binds for itself, known by where it is bound first, counted from the start of the item.
    Local {
        /// What it is.
        sort: LocalSort,
        /// Its name.
        name: Text,
        /// Where it is bound first.
        at: Span,
    },
    /// A function of jq, with the number of its arguments.
    JqFunction(Text, usize),
    /// What an `import` names: something that the file at the path declares.
    Imported {
        /// The path, as it stands there.
        path: Text,
        /// The name.
        name: Text,
    },
}

/// What an item declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// `integration`
    Integration,
    /// `param`
    Param,
    /// `connection`
    Connection,
    /// `config`
    Config,
    /// `type`
    Type,
    /// `event`
    Event,
    /// `action`
    Action,
    /// `job`
    Job,
    /// `flow`
    Flow,
}

/// The sorts of which other files can have something.
pub const SORTS: &[Sort] = &[Sort::Action, Sort::Type, Sort::Param, Sort::Connection, Sort::Config, Sort::Event];

/// What an item binds for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LocalSort {
    /// The parameter of a flow.
    Event,
    /// A name for a path.
    Alias,
    /// A member of the flow's data.
    Member,
    /// The item of a `for`, or of a list that is made of another.
    Item,
    /// The label of a statement.
    Label,
    /// A variable of a jq text.
    JqVariable,
    /// A function that a jq text defines.
    JqFunction,
}

/// What is done with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// It is introduced.
    Declaration,
    /// It is used.
    Read,
    /// It gets another value.
    Write,
}

/// How a name is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// By itself.
    Plain,
    /// It is the key and the value at once: `{ name }`, `f(name)`.
    KeyAndValue,
}

impl Symbol {
    /// Whether a name of this kind stands for `other`, which is not what an `import` names.
    pub(super) fn is(&self, other: &Symbol) -> bool {
        match (self, other) {
            (Symbol::Callable(a), Symbol::Item(Sort::Action, b))
            | (Symbol::Item(Sort::Action, a), Symbol::Callable(b)) => a == b,
            (Symbol::Imported { name, .. }, Symbol::Item(sort, other)) => sort.can_be_imported() && name == other,
            (a, b) => a == b,
        }
    }

    /// The name itself.
    pub fn name(&self) -> &Text {
        match self {
            Symbol::Item(_, name)
            | Symbol::Callable(name)
            | Symbol::Parameter(_, name)
            | Symbol::Local { name, .. }
            | Symbol::Imported { name, .. }
            | Symbol::JqFunction(name, _) => name,
        }
    }
}

impl LocalSort {
    /// Whether it is a value of a flow.
    pub(super) fn is_value(self) -> bool {
        matches!(self, LocalSort::Event | LocalSort::Alias | LocalSort::Member | LocalSort::Item)
    }

    /// Whether things of both sorts cannot bear the same name.
    pub(super) fn is_beside(self, other: LocalSort) -> bool {
        self == other || (self.is_value() && other.is_value())
    }
}

impl Sort {
    /// What an item declares; nothing where it has no name.
    pub(crate) fn of(item: &Item) -> Option<Self> {
        Some(match &item.kind {
            ItemKind::Integration { .. } => Sort::Integration,
            ItemKind::Param { .. } => Sort::Param,
            ItemKind::Connection { .. } => Sort::Connection,
            ItemKind::Config { .. } => Sort::Config,
            ItemKind::Type { .. } => Sort::Type,
            ItemKind::Event { .. } => Sort::Event,
            ItemKind::Action(_) => Sort::Action,
            ItemKind::Job { .. } => Sort::Job,
            ItemKind::Flow(_) => Sort::Flow,
            ItemKind::Bundle { .. }
            | ItemKind::Import { .. }
            | ItemKind::Raw { .. }
            | ItemKind::Extra { .. }
            | ItemKind::Error => return None,
        })
    }

    /// Whether other files can have it.
    pub(super) fn can_be_imported(self) -> bool {
        SORTS.contains(&self)
    }

    /// The word that begins the item.
    pub fn word(self) -> &'static str {
        match self {
            Sort::Integration => "integration",
            Sort::Param => "param",
            Sort::Connection => "connection",
            Sort::Config => "config",
            Sort::Type => "type",
            Sort::Event => "event",
            Sort::Action => "action",
            Sort::Job => "job",
            Sort::Flow => "flow",
        }
    }
}
