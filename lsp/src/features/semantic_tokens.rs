//! What the words of a file are, for their colours.

use crate::snapshot::View;
use std::hash::{DefaultHasher, Hash, Hasher};
use text_size::TextRange;
use tower_lsp::ls_types::{
    SemanticToken, SemanticTokenModifier, SemanticTokenType, SemanticTokens, SemanticTokensDelta, SemanticTokensEdit,
    SemanticTokensFullDeltaResult, SemanticTokensLegend,
};
use zisc_core::items;
use zisc_core::navigate::{HighlightKind, highlights};

/// The types of words, in the order of their numbers.
const TYPES: &[SemanticTokenType] = &[
    SemanticTokenType::COMMENT,
    SemanticTokenType::KEYWORD,
    SemanticTokenType::STRING,
    SemanticTokenType::NUMBER,
    SemanticTokenType::OPERATOR,
    SemanticTokenType::NAMESPACE,
    SemanticTokenType::TYPE,
    SemanticTokenType::EVENT,
    SemanticTokenType::FUNCTION,
    SemanticTokenType::PARAMETER,
    SemanticTokenType::VARIABLE,
    SemanticTokenType::PROPERTY,
    SemanticTokenType::new("label"),
    SemanticTokenType::DECORATOR,
];

const MODIFIERS: &[SemanticTokenModifier] = &[
    SemanticTokenModifier::DECLARATION,
    SemanticTokenModifier::MODIFICATION,
    SemanticTokenModifier::READONLY,
    SemanticTokenModifier::DEFAULT_LIBRARY,
];

/// What the numbers of types and modifiers mean.
pub(crate) fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend { token_types: TYPES.to_vec(), token_modifiers: MODIFIERS.to_vec() }
}

/// The words of a file.
pub(crate) fn full(view: &View<'_>) -> SemanticTokens {
    let data = tokens(view, None);
    SemanticTokens { result_id: Some(id(&data)), data }
}

/// The words in a part of a file.
pub(crate) fn range(view: &View<'_>, within: TextRange) -> SemanticTokens {
    SemanticTokens { result_id: None, data: tokens(view, Some(within)) }
}

/// What has changed since the answer that the client still has; all of it, where it has another one.
pub(crate) fn delta(
    view: &View<'_>,
    previous: Option<&SemanticTokens>,
    previous_id: &str,
) -> (SemanticTokens, SemanticTokensFullDeltaResult) {
    let new = full(view);
    let old = previous.filter(|previous| previous.result_id.as_deref() == Some(previous_id));
    let result = match old {
        None => SemanticTokensFullDeltaResult::Tokens(new.clone()),
        Some(old) => SemanticTokensFullDeltaResult::TokensDelta(SemanticTokensDelta {
            result_id: new.result_id.clone(),
            edits: difference(&old.data, &new.data).into_iter().collect(),
        }),
    };
    (new, result)
}

/// The one stretch of tokens that differs. Places count from the token before, so an edit touches few of them.
fn difference(old: &[SemanticToken], new: &[SemanticToken]) -> Option<SemanticTokensEdit> {
    let before = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let behind = old[before..].iter().rev().zip(new[before..].iter().rev()).take_while(|(old, new)| old == new).count();
    let (gone, come) = (old.len() - before - behind, &new[before..new.len() - behind]);
    let numbers = |count: usize| u32::try_from(count * 5).unwrap_or(u32::MAX);
    (gone > 0 || !come.is_empty()).then(|| SemanticTokensEdit {
        start: numbers(before),
        delete_count: numbers(gone),
        data: Some(come.to_vec()),
    })
}

fn tokens(view: &View<'_>, within: Option<TextRange>) -> Vec<SemanticToken> {
    let mut tokens = Vec::new();
    let (mut line, mut column) = (0, 0);
    for item in items(view.db, view.file) {
        let start = item.start(view.db);
        let whole = TextRange::at(start, text_size::TextSize::of(item.text(view.db)));
        if within.is_some_and(|within| within.intersect(whole).is_none()) {
            continue;
        }
        for highlight in highlights(view.db, *item) {
            let span = highlight.span + start;
            if within.is_some_and(|within| within.intersect(span).is_none()) {
                continue;
            }
            let (kind, fixed) = token_type(highlight.kind);
            let at = view.position(span.start());
            let delta_start = if at.line == line { at.character - column } else { at.character };
            tokens.push(SemanticToken {
                delta_line: at.line - line,
                delta_start,
                length: view.lines.length(&view.text[span]),
                token_type: kind,
                token_modifiers_bitset: u32::from(highlight.declares) | u32::from(highlight.writes) << 1 | fixed,
            });
            (line, column) = (at.line, at.character);
        }
    }
    tokens
}

/// The number of a type, and the modifiers that it always has.
fn token_type(kind: HighlightKind) -> (u32, u32) {
    const READONLY: u32 = 1 << 2;
    const LIBRARY: u32 = 1 << 3;
    match kind {
        HighlightKind::Comment => (0, 0),
        HighlightKind::Keyword => (1, 0),
        HighlightKind::String => (2, 0),
        HighlightKind::Number => (3, 0),
        HighlightKind::Operator => (4, 0),
        HighlightKind::Namespace => (5, 0),
        HighlightKind::Type => (6, 0),
        HighlightKind::Event | HighlightKind::Job => (7, 0),
        HighlightKind::Function => (8, 0),
        HighlightKind::BuiltInFunction => (8, LIBRARY),
        HighlightKind::Parameter => (9, 0),
        HighlightKind::Variable => (10, 0),
        HighlightKind::Constant => (10, READONLY),
        HighlightKind::Property => (11, 0),
        HighlightKind::Label => (12, 0),
        HighlightKind::Modifier => (13, 0),
    }
}

fn id(tokens: &[SemanticToken]) -> String {
    let mut hasher = DefaultHasher::new();
    for token in tokens {
        (token.delta_line, token.delta_start, token.length, token.token_type, token.token_modifiers_bitset)
            .hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}
