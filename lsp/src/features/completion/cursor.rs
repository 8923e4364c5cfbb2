use super::text::{dotted_before, last_line, word_before};
use super::{About, Completion, Kind, completion, imports, is_word, words};
use crate::snapshot::View;
use text_size::{TextRange, TextSize};
use zisc_core::navigate::Sort;
use zisc_core::{ActionSignature, Declarations, ItemSource};

/// The types that need no declaration.
const TYPE_WORDS: &[&str] = &["string", "number", "int", "bool", "null", "timestamp", "any"];

/// The place in an item at which something is to be written.
pub(super) struct Cursor<'a> {
    pub(super) view: &'a View<'a>,
    pub(super) declarations: &'a Declarations,
    pub(super) item: ItemSource<'a>,
    /// The text of the file up to the cursor.
    pub(super) before: &'a str,
    /// The last line of that.
    pub(super) line: &'a str,
    /// The cursor, from the start of the item.
    pub(super) offset: TextSize,
    /// The start of the item.
    pub(super) start: TextSize,
    /// The word that ends at the cursor.
    pub(super) word: TextRange,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(
        view: &'a View<'a>,
        declarations: &'a Declarations,
        item: ItemSource<'a>,
        offset: TextSize,
    ) -> Self {
        let before = &view.text[..usize::from(offset)];
        let start = item.start(view.db);
        let (line, word) = (last_line(before), word_before(before));
        Self { view, declarations, item, before, line, offset: offset - start, start, word }
    }

    /// The text of the item up to the cursor.
    pub(super) fn in_item(&self) -> &'a str {
        &self.before[usize::from(self.start)..]
    }

    /// The line up to the word at the cursor, without blanks at its end.
    pub(super) fn head(&self) -> &'a str {
        self.line.trim_end_matches(is_word).trim_end()
    }

    /// The rest of the line behind the cursor.
    pub(super) fn behind(&self) -> &'a str {
        self.view.text[self.before.len()..].lines().next().unwrap_or_default()
    }

    /// Whether nothing but a word stands on the line.
    pub(super) fn begins_line(&self) -> bool {
        self.line.trim_start().chars().all(is_word)
    }

    /// The dotted name that ends at the cursor.
    pub(super) fn dotted(&self) -> TextRange {
        dotted_before(self.before)
    }

    pub(super) fn types(&self) -> Vec<Completion> {
        let own = self.declarations.types.keys().map(ToString::to_string);
        let names = own.chain(TYPE_WORDS.iter().map(|word| (*word).to_owned()));
        let mut all: Vec<Completion> = self.listed(names, Kind::Type);
        all.extend(imports::offers(self.view, Sort::Type, self.word));
        all
    }

    pub(super) fn connections(&self) -> Vec<Completion> {
        let own = self.declarations.connections.iter().map(ToString::to_string);
        let mut all = self.listed(own, Kind::Connection);
        all.extend(imports::offers(self.view, Sort::Connection, self.word));
        all
    }

    pub(super) fn params(&self) -> Vec<Completion> {
        let own = self.declarations.params.iter();
        let mut all: Vec<Completion> = own
            .map(|(name, param)| completion(name, Kind::Value, Some(param.kind.to_string()), None, self.word, "2"))
            .collect();
        all.extend(imports::offers(self.view, Sort::Param, self.word));
        all
    }

    /// What can be read or computed anywhere.
    pub(super) fn values(&self) -> Vec<Completion> {
        let functions = zisc_core::FUNCTIONS.iter().map(|function| Completion {
            about: Some(About::Callable(function.name.to_owned())),
            ..called(
                completion(function.name, Kind::Function, Some(function.signature()), None, self.word, "3"),
                function.parameters.is_empty(),
            )
        });
        let mut all = self.params();
        all.extend(functions);
        all.extend(words(&["true", "false", "null"], self.word));
        all
    }

    /// What does something, in place of what stands at `replace`.
    pub(super) fn callables(&self, replace: TextRange) -> Vec<Completion> {
        let mut known: Vec<(&str, &ActionSignature)> =
            self.declarations.actions.iter().map(|(name, signature)| (name.as_str(), signature)).collect();
        zisc_core::built_ins().for_each(|action| known.push(action));
        let actions = known.into_iter().map(|(name, signature)| Completion {
            about: Some(About::Callable(name.to_owned())),
            ..called(
                completion(name, Kind::Action, Some(signature.signature("")), None, replace, "2"),
                signature.parameters.is_empty(),
            )
        });
        let mut all: Vec<Completion> = actions.collect();
        for (name, fields) in &self.declarations.configs {
            let of_config = |method: &str, detail: String| {
                completion(&format!("{name}.{method}"), Kind::Action, Some(detail), None, replace, "2")
            };
            all.push(called(of_config("load", format!("() -> {}", fields.kind)), true));
            let patch = called(of_config("patch", "({ … })".to_owned()), false);
            all.push(Completion { snippet: Some(format!("{name}.patch({{ $0 }})")), ..patch });
        }
        all.extend(imports::offers(self.view, Sort::Action, replace).into_iter().map(|action| called(action, false)));
        all
    }

    pub(super) fn listed(&self, names: impl Iterator<Item = String>, kind: Kind) -> Vec<Completion> {
        names.map(|name| completion(&name, kind, None, None, self.word, "1")).collect()
    }
}

/// A name with the brackets of its call.
fn called(callable: Completion, takes_nothing: bool) -> Completion {
    let name = &callable.label;
    match takes_nothing {
        true => Completion { insert: format!("{name}()"), ..callable },
        false => Completion { insert: format!("{name}("), snippet: Some(format!("{name}($0)")), ..callable },
    }
}
