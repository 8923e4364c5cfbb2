//! The one formatting of `.zis` files.

mod document;
mod expression;
mod item;
mod printer;
mod same;
mod statement;
mod token;
mod types;

use crate::tree::{Item, ItemKind};
use crate::{ItemText, Span, SyntaxError, SyntaxErrorKind, lexer, parse, split};
use printer::Printer;
use text_size::TextSize;
use token::Gap;

/// Formats a file. There is one style and no option:
///
/// - Lines are 100 characters wide at the most, comments and texts aside, and indented by two spaces.
/// - A list stands on one line if it fits, unless its author broke the line after its bracket; otherwise each element
///   has a line, with a comma behind the last. The only record or array of a call is hugged by its parentheses.
/// - A block stands on one line if it is one simple statement, its author wrote it so, and it fits; with `else`, all
///   blocks do or none. The bodies of actions and flows are always broken.
/// - Long conditions and sums are broken in front of their operators, texts and jq programs never.
/// - One empty line stands between items. One-line items of a kind may stand together, and `bundle` below
///   `integration`. Elsewhere empty lines are kept, one at a time, but not at the edges of a block.
/// - A comment stays where it is: on its own line, or one space behind the code of its line. Strings and jq programs
///   stay as they are spelled, and so do parentheses; only the expressions in `${…}` are formatted.
///
/// What comes out is compared with what went in, token by token, before anybody gets it.
///
/// ```
/// let text = "flow hello(event){ succeed   \"hi\" } // bye";
/// assert_eq!(zisc_syntax::format(text).unwrap(), "flow hello(event) {\n  succeed \"hi\"\n} // bye\n");
/// ```
///
/// # Errors
///
/// A file that does not parse cannot be formatted: its mistakes, with places in the file.
pub fn format(text: &str) -> Result<String, Vec<SyntaxError>> {
    let items = split(text);
    let mut errors = Vec::new();
    let mut out = String::with_capacity(text.len());
    let mut above: Option<Printed> = None;
    for item in &items {
        let parsed = parse(&item.text);
        if !parsed.errors.is_empty() {
            errors.extend(parsed.errors.into_iter().map(|error| error.moved_by(item.start)));
            continue;
        }
        let printed = Printed::new(item, &parsed.item);
        if printed.text.is_empty() {
            continue;
        }
        if above.as_ref().is_some_and(|above| above.parts_from(&printed)) {
            out.push('\n');
        }
        out.push_str(&printed.text);
        out.push('\n');
        above = Some(printed);
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    match same::first_difference(text, &out) {
        None => Ok(out),
        Some(at) => Err(vec![cannot_format(at)]),
    }
}

/// An item as it is printed.
struct Printed {
    text: String,
    group: Option<Together>,
    /// What follows it up to the next item.
    gap: Gap,
}

/// Items of one line that may stand together without empty lines between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Together {
    Name,
    Imports,
    Params,
    Connections,
    Configs,
    Types,
    Events,
    Jobs,
}

impl Printed {
    fn new(item: &ItemText, tree: &Item) -> Self {
        let mut printer = Printer::new(&item.text, lexer::lex_with_comments(&item.text));
        printer.item(tree);
        let text = printer.finish();
        let is_code = |line: &&str| !line.starts_with("//") && !line.starts_with('@');
        let group = match &tree.kind {
            _ if text.lines().filter(is_code).count() > 1 => None,
            ItemKind::Integration { .. } | ItemKind::Bundle { .. } => Some(Together::Name),
            ItemKind::Import { .. } => Some(Together::Imports),
            ItemKind::Param { .. } => Some(Together::Params),
            ItemKind::Connection { .. } => Some(Together::Connections),
            ItemKind::Config { .. } => Some(Together::Configs),
            ItemKind::Type { .. } => Some(Together::Types),
            ItemKind::Event { .. } => Some(Together::Events),
            ItemKind::Job { .. } => Some(Together::Jobs),
            ItemKind::Action(_)
            | ItemKind::Flow(_)
            | ItemKind::Raw { .. }
            | ItemKind::Extra { .. }
            | ItemKind::Error => None,
        };
        let gap = Gap::of(&item.text[item.text.trim_end().len()..]);
        Self { text, group, gap }
    }

    /// Whether an empty line stands between this item and the next.
    fn parts_from(&self, next: &Printed) -> bool {
        self.gap == Gap::EmptyLine || self.group.is_none() || self.group != next.group
    }
}

/// What is said instead of writing something that means something else. It takes a mistake in the formatter to get
/// here, and that must not cost anybody their program.
fn cannot_format(at: usize) -> SyntaxError {
    SyntaxError {
        kind: SyntaxErrorKind::Unexpected,
        headline: "this cannot be formatted without changing what it means".to_owned(),
        label: "from here on it would be read differently".to_owned(),
        help: Some("write it in a simpler way; this is a mistake of the formatter, please report it".to_owned()),
        fix: None,
        span: Span::empty(TextSize::new(u32::try_from(at).unwrap_or(u32::MAX))),
    }
}
