//! The actions that the platform brings: a table in the language itself, `data/built_in.zis`.

use crate::{ActionSignature, Database, Declarations, SourceFile, declarations};
use std::sync::LazyLock;

const SOURCE: &str = include_str!("../data/built_in.zis");

/// Read when the first of them is asked for: most programs use none.
static BUILT_IN: LazyLock<Declarations> = LazyLock::new(|| {
    let db = Database::default();
    let file = SourceFile::new(&db, "built_in.zis".to_owned(), SOURCE.to_owned());
    declarations(&db, file).clone()
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
        let db = Database::default();
        let file = SourceFile::new(&db, "built_in.zis".to_owned(), SOURCE.to_owned());
        for item in crate::items(&db, file) {
            assert_eq!(crate::parsed(&db, *item).errors, [], "{}", item.heading(&db));
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
