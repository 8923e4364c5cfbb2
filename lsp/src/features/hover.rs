use super::description::{self, Description};
use super::{bundle, words};
use crate::snapshot::View;
use text_size::{TextRange, TextSize};
use tower_lsp::ls_types::{Hover, HoverContents, MarkupContent, MarkupKind};
use zisc_core::navigate::{self, HighlightKind, LocalSort, Occurrence, Symbol};
use zisc_core::{ItemSource, flow_graph, parsed};
use zisc_syntax::Node;
use zisc_syntax::tree::{Expression, ExpressionKind, Statement};

/// What is shown for what stands at a place.
pub(crate) fn hover(view: &View<'_>, offset: TextSize) -> Option<Hover> {
    let (description, span) = match view.is_bundle() {
        true => bundle::hover::describe(view, offset)?,
        false => field(view, offset)
            .or_else(|| name(view, offset))
            .or_else(|| declared_field(view, offset))
            .or_else(|| word(view, offset))
            .or_else(|| statement(view, offset))
            .or_else(|| value(view, offset))?,
    };
    let markdown = view.snapshot.session.markdown;
    let (kind, value) = match markdown {
        true => (MarkupKind::Markdown, description.markdown()),
        false => (MarkupKind::PlainText, description.plain()),
    };
    Some(Hover { contents: HoverContents::Markup(MarkupContent { kind, value }), range: Some(view.range(span)) })
}

fn field(view: &View<'_>, offset: TextSize) -> Option<(Description, TextRange)> {
    let read = navigate::field_at(view.db, view.file, view.settings, offset)?;
    let field = read.field?;
    let mark = if field.optional { "?" } else { "" };
    let mut description = description::of_value(&format!("{}{mark}", field.name), &field.kind);
    description.text = field.summary.to_string();
    Some((description, read.name.span))
}

/// What a name stands for; of one that names a parameter and gives a value, both.
fn name(view: &View<'_>, offset: TextSize) -> Option<(Description, TextRange)> {
    let (item, occurrence) = navigate::occurrence_at(view.db, view.file, offset)?;
    let span = occurrence.span + item.start(view.db);
    let mut description = of_name(view, item, occurrence)?;
    if let Some(value) = navigate::value_beside(view.db, item, occurrence)
        && let Some(value) = of_name(view, item, value)
    {
        description.code = format!("{}\n{}", value.code, description.code);
    }
    Some((description, span))
}

fn of_name(view: &View<'_>, item: ItemSource<'_>, occurrence: &Occurrence) -> Option<Description> {
    Some(match &occurrence.symbol {
        Symbol::Local { sort: LocalSort::Label, name, .. } => {
            let analysis = flow_graph(view.db, item, view.file, view.settings);
            let states: Vec<_> = navigate::states(analysis)
                .into_iter()
                .filter(|state| state.name == name.as_str() || state.name.starts_with(&format!("{name}.")))
                .collect();
            Description::new(format!("{name}:"), description::of_states(&states))
        }
        Symbol::Local {
            sort: LocalSort::Event | LocalSort::Alias | LocalSort::Member | LocalSort::Item, name, ..
        } => {
            let bound = navigate::bindings(view.db, view.file, view.settings, item);
            let kind = match bound.into_iter().find(|bound| bound.name.span == occurrence.span) {
                Some(bound) => bound.kind,
                None => {
                    let value = Expression { kind: ExpressionKind::Name(name.clone()), span: occurrence.span };
                    navigate::kind_of(view.db, view.file, view.settings, item, &value)
                }
            };
            description::of_value(name, &kind)
        }
        symbol => description::of_symbol(view, symbol)?,
    })
}

/// A field where its type declares it.
fn declared_field(view: &View<'_>, offset: TextSize) -> Option<(Description, TextRange)> {
    let site = navigate::declared_field(view.db, view.file, offset)?;
    let item = navigate::item_at(view.db, view.file, offset)?;
    let around = Node::Item(&parsed(view.db, item).item).around(offset - item.start(view.db));
    let Some(Node::Field(field)) = around.last() else { return None };
    let text = field.documentation.text().unwrap_or_default();
    Some((Description::new(&view.text[site.whole], text), site.name))
}

/// A word of the language that begins no statement.
fn word(view: &View<'_>, offset: TextSize) -> Option<(Description, TextRange)> {
    let item = navigate::item_at(view.db, view.file, offset)?;
    let at = offset - item.start(view.db);
    let words = navigate::highlights(view.db, item).iter();
    let is_word = |kind| matches!(kind, HighlightKind::Keyword | HighlightKind::Modifier);
    let here = words.filter(|word| is_word(word.kind)).find(|word| word.span.contains(at))?;
    let meaning = words::meaning(&item.text(view.db)[here.span])?;
    Some((Description::new("", meaning), here.span + item.start(view.db)))
}

/// The word that begins a statement: what the statement becomes.
fn statement(view: &View<'_>, offset: TextSize) -> Option<(Description, TextRange)> {
    let item = navigate::item_at(view.db, view.file, offset)?;
    let start = item.start(view.db);
    let around = Node::Item(&parsed(view.db, item).item).around(offset - start);
    let statement: &Statement = around.iter().rev().find_map(|node| match node {
        Node::Statement(statement) => Some(*statement),
        _ => None,
    })?;
    let text = item.text(view.db);
    let at = text[..usize::from(offset - start)].trim_end_matches(char::is_alphanumeric).len();
    let word: String = text[at..].chars().take_while(|c| c.is_alphanumeric()).collect();
    let is_word = zisc_syntax::RESERVED.contains(&word.as_str()) || ["break", "continue", "yield"].contains(&&*word);
    let innermost = matches!(around.last(), Some(Node::Statement(_)));
    if !is_word || !innermost {
        return None;
    }
    let states = navigate::states_at(flow_graph(view.db, item, view.file, view.settings), statement.span);
    let text = match states.is_empty() {
        true => "Makes no state.".to_owned(),
        false => description::of_states(&states),
    };
    let size = |at: usize| TextSize::try_from(at).unwrap_or_default();
    Some((Description::new("", text), TextRange::at(size(at), size(word.len())) + start))
}

/// Any other expression: its type, and the jq it becomes where the platform cannot compute it.
fn value(view: &View<'_>, offset: TextSize) -> Option<(Description, TextRange)> {
    let item = navigate::item_at(view.db, view.file, offset)?;
    let start = item.start(view.db);
    let around = Node::Item(&parsed(view.db, item).item).around(offset - start);
    let Some(Node::Expression(expression)) = around.last() else { return None };
    if matches!(expression.kind, ExpressionKind::Error | ExpressionKind::Jq { .. } | ExpressionKind::Call { .. }) {
        return None;
    }
    let statement = around.iter().rev().find_map(|node| match node {
        Node::Statement(statement) => Some(statement.span),
        _ => None,
    })?;
    if let ExpressionKind::Duration(_) = expression.kind {
        let text = "A time to wait: seconds as `30s`, minutes as `2m`.";
        return Some((Description::new("", text), expression.span + start));
    }
    let kind = navigate::kind_of(view.db, view.file, view.settings, item, expression);
    let analysis = flow_graph(view.db, item, view.file, view.settings);
    let states = navigate::states_at(analysis, statement);
    let computed: Vec<_> = states.into_iter().filter(|state| state.jq.is_some()).collect();
    Some((Description::new(kind.to_string(), description::of_states(&computed)), expression.span + start))
}
