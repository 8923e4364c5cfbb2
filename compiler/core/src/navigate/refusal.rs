//! Names that something cannot have, wherever it stands.

use super::is_built_in_type;
use super::symbol::{LocalSort, Sort, Symbol};
use crate::{built_in, function, platform};

/// Why what a symbol stands for cannot be called `name`; nothing where it can.
pub fn why_not_called(symbol: &Symbol, name: &str) -> Option<String> {
    let why = match symbol {
        Symbol::Local { sort: LocalSort::Member | LocalSort::Alias, .. } => {
            platform::why_not_a_member(name)?.to_owned()
        }
        Symbol::Item(Sort::Connection, _) if !platform::is_connection_name(name) => {
            platform::CONNECTION_NAMES.to_owned()
        }
        Symbol::Item(Sort::Type, _) if is_built_in_type(name) => "the language has this type already".to_owned(),
        Symbol::Item(Sort::Action, _) | Symbol::Callable(_) if built_in(name).is_some() => {
            "the platform has this action already".to_owned()
        }
        Symbol::Item(Sort::Action, _) | Symbol::Callable(_) if function(name).is_some() => {
            "a function is called so".to_owned()
        }
        _ => return None,
    };
    Some(why)
}
