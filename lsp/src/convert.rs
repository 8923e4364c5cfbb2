//! Plain data as types of the protocol.

use crate::document::Lines;
use crate::features::completion::{Completion, Kind};
use tower_lsp::ls_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, Diagnostic, DiagnosticRelatedInformation,
    DiagnosticSeverity, DiagnosticTag, Documentation, InsertTextFormat, Location, MarkupContent, MarkupKind,
    NumberOrString, TextEdit, Uri,
};
use zisc_core::{Finding, Level};

pub(crate) fn diagnostic(finding: &Finding, lines: &Lines<'_>, uri: &Uri) -> Diagnostic {
    let mut message = finding.headline.clone();
    if let Some(help) = &finding.help {
        message.push('\n');
        message.push_str(help);
    }
    let related = finding.notes.iter().map(|note| DiagnosticRelatedInformation {
        location: Location::new(uri.clone(), lines.range(note.span)),
        message: note.text.clone(),
    });
    let related: Vec<_> = related.collect();
    Diagnostic {
        range: lines.range(finding.span),
        severity: Some(match finding.level {
            Level::Error => DiagnosticSeverity::ERROR,
            Level::Warning => DiagnosticSeverity::WARNING,
            Level::Hint => DiagnosticSeverity::HINT,
        }),
        code: Some(NumberOrString::String(finding.rule.code.to_owned())),
        source: Some("zisc".to_owned()),
        message,
        related_information: (!related.is_empty()).then_some(related),
        tags: (finding.rule.name == "unreachable").then(|| vec![DiagnosticTag::UNNECESSARY]),
        ..Diagnostic::default()
    }
}

pub(crate) fn completion(item: Completion, lines: &Lines<'_>) -> CompletionItem {
    let documentation = item
        .documentation
        .map(|value| Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value }));
    CompletionItem {
        label: item.label,
        kind: Some(match item.kind {
            Kind::Field => CompletionItemKind::FIELD,
            Kind::Value => CompletionItemKind::VARIABLE,
            Kind::Action => CompletionItemKind::FUNCTION,
            Kind::Parameter => CompletionItemKind::PROPERTY,
            Kind::Event => CompletionItemKind::EVENT,
            Kind::Flow => CompletionItemKind::MODULE,
            Kind::Connection => CompletionItemKind::CONSTANT,
            Kind::Type => CompletionItemKind::STRUCT,
            Kind::Keyword => CompletionItemKind::KEYWORD,
        }),
        detail: item.detail,
        documentation,
        sort_text: Some(item.order),
        insert_text_format: Some(InsertTextFormat::PLAIN_TEXT),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit::new(lines.range(item.replace), item.insert))),
        ..CompletionItem::default()
    }
}
