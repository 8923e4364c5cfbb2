//! The actions that the platform brings: a table in the language itself, `data/built_in.zis`.

use crate::declaration::{Declared, declared_by, gathered};
use crate::{ActionSignature, Declarations};
use std::sync::LazyLock;

const SOURCE: &str = include_str!("../data/built_in.zis");

/// Read when the first of them is asked for: most programs use none.
static BUILT_IN: LazyLock<Declarations> = LazyLock::new(|| {
    let items = zisc_syntax::split(SOURCE);
    let declared: Vec<_> = items.iter().filter_map(|item| declared_by(&zisc_syntax::parse(&item.text).item)).collect();
    gathered(&[Declared::new(declared.iter().collect(), Vec::new())])
});

/// The built-in action that the language calls `zis.LoadConfig` and the like.
pub fn built_in(name: &str) -> Option<&'static ActionSignature> {
    if name.starts_with("zis.") { BUILT_IN.actions.get(name) } else { None }
}

/// All built-in actions.
pub fn built_ins() -> impl Iterator<Item = (&'static str, &'static ActionSignature)> {
    BUILT_IN.actions.iter().map(|(name, signature)| (name.as_str(), signature))
}

/// The platform's name of a built-in action.
pub(crate) fn reference(name: &str) -> String {
    format!("zis:common:action:{}", name.trim_start_matches("zis."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_no_mistake() {
        for item in zisc_syntax::split(SOURCE) {
            assert_eq!(zisc_syntax::parse(&item.text).errors, [], "{}", item.text);
        }
        assert_eq!(built_ins().count(), 6);
        assert!(
            built_in("zis.LoadLinks").is_some_and(|action| action
                .parameters
                .iter()
                .filter(|p| p.is_required())
                .count()
                == 1)
        );
    }
}
