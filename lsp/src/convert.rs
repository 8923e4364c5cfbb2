//! Plain data as types of the protocol.

use crate::document::Lines;
use crate::features::completion::{About, Completion, Kind};
use crate::snapshot::View;
use text_size::TextRange;
use tower_lsp::ls_types::{
    Command, CompletionItem, CompletionItemKind, CompletionItemLabelDetails, CompletionTextEdit, Diagnostic,
    DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Documentation, InsertReplaceEdit,
    InsertTextFormat, Location, MarkupContent, MarkupKind, NumberOrString, TextEdit, Uri,
};
use zisc_core::{Finding, Level};

/// Asks for what a call takes, whose brackets nobody typed.
const SHOW_PARAMETERS: &str = "editor.action.triggerParameterHints";
/// Many stand below one another in a list.
const LONGEST_DETAIL: usize = 48;

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
        tags: ["unreachable", "unused"].contains(&finding.rule.name).then(|| vec![DiagnosticTag::UNNECESSARY]),
        ..Diagnostic::default()
    }
}

/// `typed` is the part of what is replaced that stands in front of the cursor.
pub(crate) fn completion(item: Completion, typed: TextRange, view: &View<'_>) -> CompletionItem {
    let documentation = item
        .documentation
        .map(|value| Documentation::MarkupContent(MarkupContent { kind: MarkupKind::Markdown, value }));
    let data = item.about.map(|about| match about {
        About::Callable(name) => serde_json::json!({ "uri": view.uri, "what": "callable", "name": name }),
        About::Event(name) => serde_json::json!({ "uri": view.uri, "what": "event", "name": name }),
        About::Jq(name, arguments) => {
            serde_json::json!({ "uri": view.uri, "what": "jq", "name": name, "arguments": arguments })
        }
    });
    let shows_parameters =
        matches!(item.kind, Kind::Action | Kind::Function) && view.snapshot.session.knows_command(SHOW_PARAMETERS);
    let (text, format) = match item.snippet.as_ref().filter(|_| view.snapshot.session.snippets) {
        Some(snippet) => (snippet.clone(), InsertTextFormat::SNIPPET),
        None => (item.insert, InsertTextFormat::PLAIN_TEXT),
    };
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
            Kind::Keyword if item.snippet.is_some() => CompletionItemKind::SNIPPET,
            Kind::Keyword => CompletionItemKind::KEYWORD,
            Kind::Function => CompletionItemKind::FUNCTION,
            Kind::Label => CompletionItemKind::REFERENCE,
            Kind::File => CompletionItemKind::FILE,
        }),
        label_details: item.detail.as_ref().filter(|_| view.snapshot.session.label_details).map(|detail| {
            CompletionItemLabelDetails { detail: None, description: Some(shortened(detail, LONGEST_DETAIL)) }
        }),
        detail: item.detail,
        documentation,
        sort_text: Some(item.order),
        insert_text_format: Some(format),
        text_edit: Some(match view.snapshot.session.inserts_or_replaces && typed != item.replace {
            true => {
                let (insert, replace) = (view.range(typed), view.range(item.replace));
                CompletionTextEdit::InsertAndReplace(InsertReplaceEdit { new_text: text, insert, replace })
            }
            false => CompletionTextEdit::Edit(TextEdit::new(view.range(item.replace), text)),
        }),
        additional_text_edits: item.beside.map(|(span, text)| vec![TextEdit::new(view.range(span), text)]),
        command: shows_parameters
            .then(|| Command::new("show the parameters".to_owned(), SHOW_PARAMETERS.to_owned(), None)),
        data,
        ..CompletionItem::default()
    }
}

/// A text of at most so many letters: what is read in passing is short.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
