use super::{Offer, Selection};
use text_size::{TextRange, TextSize};
use tower_lsp::ls_types::CodeActionKind;
use zisc_core::{Type, navigate};
use zisc_syntax::tree::{ExpressionKind, StatementKind, TextPart};

/// Adds the cases that a `match` over a closed type lacks.
pub(super) fn offer(selection: &Selection<'_>) -> Option<Offer> {
    let view = selection.view;
    let statement = selection.statement()?;
    let StatementKind::Match { value, cases, otherwise: None } = &statement.kind else { return None };
    let kind = navigate::kind_of(view.db, view.file, view.settings, selection.item, value);
    let alternatives = kind.alternatives();
    let is_closed = alternatives.iter().all(|kind| matches!(kind, Type::Literal(_) | Type::Null));
    if !is_closed || alternatives.is_empty() {
        return None;
    }
    let is_asked = |kind: &&Type| {
        cases.iter().flat_map(|case| &case.values).any(|value| match (kind, &value.kind) {
            (Type::Null, ExpressionKind::Null) => true,
            (Type::Literal(wanted), ExpressionKind::Text(parts)) => match parts.as_slice() {
                [TextPart::Text(text)] => text.text == *wanted,
                parts => parts.is_empty() && wanted.is_empty(),
            },
            _ => false,
        })
    };
    let missing: Vec<String> = alternatives.iter().filter(|kind| !is_asked(kind)).map(ToString::to_string).collect();
    let text = selection.text(statement.span);
    if missing.is_empty() || !text.ends_with('}') {
        return None;
    }
    let indentation = selection.indentation(statement.span.start());
    let cases: String = missing.iter().map(|case| format!("{indentation}  {case} {{\n{indentation}  }}\n")).collect();
    let brace = statement.span.end() - TextSize::of('}');
    let head = &text[..text.len() - 1];
    let gap = head.len() - head.trim_end_matches([' ', '\t']).len();
    let line_begins = head.trim_end_matches([' ', '\t']).ends_with('\n');
    let start = brace - TextSize::try_from(gap).unwrap_or_default();
    let before = if line_begins { "" } else { "\n" };
    let edits = vec![(TextRange::new(start, brace) + selection.start, format!("{before}{cases}{indentation}"))];
    Some(Offer { is_preferred: true, ..Offer::new(CodeActionKind::QUICKFIX, "add the missing cases", edits) })
}
