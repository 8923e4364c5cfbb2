//! What the words of an item are, for their colours.

use super::symbol::{Access, LocalSort, Sort, Symbol};
use super::{is_built_in_type, occurrences};
use crate::{Db, ItemSource, jq, parsed};
use text_size::{TextRange, TextSize};
use zisc_syntax::tree::{Expression, ExpressionKind, ItemKind, RecordMember, TypeExpression, TypeExpressionKind};
use zisc_syntax::{Node, TokenKind};

/// A word with a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Highlight {
    /// Where it stands, counted from the start of the item; never over more than one line.
    pub span: TextRange,
    /// What it is.
    pub kind: HighlightKind,
    /// It is introduced here.
    pub declares: bool,
    /// It is set here.
    pub writes: bool,
}

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HighlightKind {
    /// A comment.
    Comment,
    /// A word or sign with a meaning of its own.
    Keyword,
    /// A string.
    String,
    /// A number or a duration.
    Number,
    /// A sign.
    Operator,
    /// The integration, or a flow.
    Namespace,
    /// A type.
    Type,
    /// An event.
    Event,
    /// An action or a function.
    Function,
    /// A function of the language, of the platform or of jq.
    BuiltInFunction,
    /// A job.
    Job,
    /// A parameter of an action, or the event of a flow.
    Parameter,
    /// A value that statements bind.
    Variable,
    /// What does not change: a param, a connection, a config.
    Constant,
    /// A field.
    Property,
    /// The label of a statement.
    Label,
    /// A method of HTTP, an attribute.
    Modifier,
}

/// The words of an item, in the order of the text, none over another.
#[salsa::tracked(returns(deref))]
pub fn highlights<'db>(db: &'db dyn Db, item: ItemSource<'db>) -> Vec<Highlight> {
    let text = item.text(db);
    let mut found = Vec::new();
    names(db, item, &mut found);
    found.sort_by_key(|highlight: &Highlight| (highlight.span.start(), highlight.span.len()));
    let mut flat = without_overlaps(found);
    let known = flat.clone();
    for (kind, span) in zisc_syntax::tokens(text) {
        if kind == TokenKind::Jq {
            jq_words(text, span, &known, &mut flat);
            continue;
        }
        let after = known.partition_point(|highlight| highlight.span.end() <= span.start());
        if known.get(after).is_some_and(|highlight| highlight.span.intersect(span).is_some_and(|both| !both.is_empty()))
        {
            continue;
        }
        let kind = match kind {
            TokenKind::Comment => HighlightKind::Comment,
            TokenKind::Keyword => HighlightKind::Keyword,
            TokenKind::Number => HighlightKind::Number,
            TokenKind::String => HighlightKind::String,
            TokenKind::Operator | TokenKind::Jq => HighlightKind::Operator,
        };
        flat.push(plain(span, kind));
    }
    flat.sort_by_key(|highlight| highlight.span.start());
    one_line_each(text, flat)
}

fn plain(span: TextRange, kind: HighlightKind) -> Highlight {
    Highlight { span, kind, declares: false, writes: false }
}

fn names<'db>(db: &'db dyn Db, item: ItemSource<'db>, found: &mut Vec<Highlight>) {
    for occurrence in occurrences(db, item) {
        let kind = match &occurrence.symbol {
            Symbol::Item(sort, name) => match sort {
                Sort::Integration | Sort::Flow => HighlightKind::Namespace,
                Sort::Param | Sort::Connection | Sort::Config => HighlightKind::Constant,
                Sort::Type if is_built_in_type(name) => HighlightKind::Keyword,
                Sort::Type => HighlightKind::Type,
                Sort::Event => HighlightKind::Event,
                Sort::Action => HighlightKind::Function,
                Sort::Job => HighlightKind::Job,
            },
            Symbol::Callable(name) if crate::function(name).is_some() || name.starts_with("zis.") => {
                HighlightKind::BuiltInFunction
            }
            Symbol::Callable(_) => HighlightKind::Function,
            Symbol::JqFunction(..) => HighlightKind::BuiltInFunction,
            Symbol::Parameter(..) => HighlightKind::Parameter,
            Symbol::Imported { .. } => HighlightKind::Namespace,
            Symbol::Local { sort, .. } => match sort {
                LocalSort::Event => HighlightKind::Parameter,
                LocalSort::Alias | LocalSort::Member | LocalSort::Item | LocalSort::JqVariable => {
                    HighlightKind::Variable
                }
                LocalSort::Label => HighlightKind::Label,
                LocalSort::JqFunction => HighlightKind::Function,
            },
        };
        found.push(Highlight {
            span: occurrence.span,
            kind,
            declares: occurrence.access == Access::Declaration,
            writes: occurrence.access == Access::Write && !matches!(occurrence.symbol, Symbol::Parameter(..)),
        });
    }
    let tree = &parsed(db, item).item;
    for attribute in &tree.attributes {
        found.push(plain(attribute.name.span, HighlightKind::Modifier));
    }
    if let ItemKind::Action(action) = &tree.kind {
        found.extend(action.method.iter().map(|method| plain(method.span, HighlightKind::Modifier)));
    }
    if let ItemKind::Connection { kind: Some(kind), .. } = &tree.kind {
        found.push(plain(kind.span, HighlightKind::Keyword));
    }
    Node::Item(tree).walk(&mut |node| match node {
        Node::Expression(Expression { kind: ExpressionKind::Field { name: Some(name), .. }, .. }) => {
            found.push(plain(name.span, HighlightKind::Property));
        }
        Node::Expression(Expression { kind: ExpressionKind::Record(members), .. }) => {
            found.extend(members.iter().filter_map(|member| match member {
                RecordMember::Field { key, .. } => Some(plain(key.span, HighlightKind::Property)),
                RecordMember::Short(_) | RecordMember::Spread(_) => None,
            }));
        }
        Node::Argument(argument) => {
            found.extend(argument.name.iter().map(|name| plain(name.span, HighlightKind::Parameter)));
        }
        Node::Field(field) => found.push(plain(field.name.span, HighlightKind::Property)),
        Node::Type(TypeExpression { kind: TypeExpressionKind::Literal(_), span }) => {
            found.push(plain(*span, HighlightKind::String));
        }
        _ => {}
    });
}

/// Of words over each other the one that begins first keeps its colour; what is behind its end is left of the other.
fn without_overlaps(sorted: Vec<Highlight>) -> Vec<Highlight> {
    let mut flat: Vec<Highlight> = Vec::new();
    for highlight in sorted {
        match flat.last_mut() {
            // `f(name)` names a parameter and gives a value: the value says more.
            Some(last) if last.span == highlight.span && last.kind == HighlightKind::Parameter => *last = highlight,
            // A part of a name, as in `slack.post`.
            Some(last) if last.span.contains_range(highlight.span) => {}
            // A name that goes on behind a part of it, as in `settings.load`.
            Some(last) if last.span.end() > highlight.span.start() => {
                let behind_dot = (last.span.end() + TextSize::of('.')).min(highlight.span.end());
                let span = TextRange::new(behind_dot, highlight.span.end());
                flat.push(Highlight { span, ..highlight });
            }
            _ => flat.push(highlight),
        }
    }
    flat
}

/// The words of a jq text that are no names.
fn jq_words(text: &str, span: TextRange, known: &[Highlight], found: &mut Vec<Highlight>) {
    for (kind, part) in jq::words(&text[span]) {
        let part = part + span.start();
        let after = known.partition_point(|highlight| highlight.span.end() <= part.start());
        if known.get(after).is_none_or(|highlight| highlight.span.start() >= part.end()) {
            found.push(plain(part, kind));
        }
    }
}

/// Editors want words that end on their line.
fn one_line_each(text: &str, highlights: Vec<Highlight>) -> Vec<Highlight> {
    let mut single = Vec::with_capacity(highlights.len());
    for highlight in highlights {
        let mut start = highlight.span.start();
        for line in text[highlight.span].split_inclusive('\n') {
            let end = start + TextSize::of(line);
            let words = TextSize::of(line.trim_end_matches(['\n', '\r']));
            if words > TextSize::from(0) {
                single.push(Highlight { span: TextRange::at(start, words), ..highlight });
            }
            start = end;
        }
    }
    single
}
