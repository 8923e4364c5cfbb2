//! The text of a `.zis` file as tokens and trees.
//!
//! ```
//! let items = zisc_syntax::split("integration acme\n\nflow hello(event) {\n  succeed \"hi\"\n}\n");
//! let flow = zisc_syntax::parse(&items[1].text);
//! assert!(flow.errors.is_empty());
//! assert_eq!(flow.item.name().map(|name| name.text.as_str()), Some("hello"));
//! ```
//!
//! A file is first cut into its top-level items ([`split`]): cheap, on tokens. Then each item is parsed on its own
//! ([`parse`]), with places relative to its start, so that an edit in one item leaves the trees of all others as they
//! are. Parsing never fails: a mistake becomes a [`SyntaxError`] and a hole in the tree, and what stands around it is
//! kept.
//!
//! What is not here: names, types, JSON, bundles, incremental computation.

mod error;
mod format;
mod grammar;
mod lexer;
mod mentions;
mod node;
mod split;
mod tokens;
pub mod tree;

pub use error::{Fix, SyntaxError, SyntaxErrorKind};
pub use format::format;
pub use grammar::METHODS;
pub use lexer::{RESERVED, STATEMENT_WORDS, is_name};
pub use node::Node;
pub use split::{ITEM_WORDS, ItemText, item_starts, item_starts_after, split, split_at};
pub use tokens::{CONTEXTUAL_WORDS, TokenKind, tokens};

/// A range of bytes, counted from the start of the item.
pub type Span = text_size::TextRange;

/// An item as a tree, and the mistakes in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// The tree; holes where something is missing or wrong.
    pub item: tree::Item,
    /// The mistakes, in the order of the text.
    pub errors: Vec<SyntaxError>,
}

/// Parses the text of one item, as [`split`] cut it.
pub fn parse(text: &str) -> Parsed {
    let lexed = lexer::lex(text);
    let (item, mut errors) = grammar::parse_item(lexed.tokens, text);
    if lexed.gave_up {
        errors.clear();
    }
    errors.extend(lexed.errors);
    errors.sort_by_key(|error| (error.span.start(), error.span.end()));
    error::one_per_mistake(text, &mut errors);
    Parsed { item, errors }
}
