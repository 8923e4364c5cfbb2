//! What is wrong with files, or could be better.

use crate::convert;
use crate::snapshot::{Snapshot, View};
use std::hash::{DefaultHasher, Hash, Hasher};
use tower_lsp::ls_types::{
    Diagnostic, DocumentDiagnosticReport, FullDocumentDiagnosticReport, PreviousResultId,
    RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport,
    WorkspaceDiagnosticReport, WorkspaceDocumentDiagnosticReport, WorkspaceFullDocumentDiagnosticReport,
    WorkspaceUnchangedDocumentDiagnosticReport,
};

/// What is wrong with a file.
pub(crate) fn diagnostics(view: &View<'_>) -> Vec<Diagnostic> {
    let findings = zisc_core::findings(view.db, view.file, view.settings);
    findings.iter().map(|finding| convert::diagnostic(finding, &view.lines, &view.uri)).collect()
}

/// The same for a client that asks, unless it has been told so already.
pub(crate) fn report(view: &View<'_>, known: Option<&str>) -> DocumentDiagnosticReport {
    match full_report(view) {
        report if report.result_id.as_deref() == known => {
            let result_id = report.result_id.unwrap_or_default();
            let report = UnchangedDocumentDiagnosticReport { result_id };
            DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
                related_documents: None,
                unchanged_document_diagnostic_report: report,
            })
        }
        report => DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: report,
        }),
    }
}

/// What is wrong with any file.
pub(crate) fn workspace_report(snapshot: &Snapshot, known: &[PreviousResultId]) -> WorkspaceDiagnosticReport {
    let mut items: Vec<WorkspaceDocumentDiagnosticReport> = Vec::new();
    for view in snapshot.views() {
        let version = snapshot.document(&view.uri).and_then(|document| document.version).map(i64::from);
        let report = full_report(&view);
        let known = known.iter().find(|known| known.uri == view.uri).map(|known| known.value.as_str());
        let uri = view.uri;
        items.push(match report.result_id {
            Some(result_id) if Some(result_id.as_str()) == known => {
                let report = UnchangedDocumentDiagnosticReport { result_id };
                WorkspaceUnchangedDocumentDiagnosticReport {
                    uri,
                    version,
                    unchanged_document_diagnostic_report: report,
                }
                .into()
            }
            _ => WorkspaceFullDocumentDiagnosticReport { uri, version, full_document_diagnostic_report: report }.into(),
        });
    }
    // A file that is gone has no problems any more.
    let gone = known.iter().filter(|known| snapshot.document(&known.uri).is_none());
    items.extend(gone.map(|known| {
        WorkspaceFullDocumentDiagnosticReport {
            uri: known.uri.clone(),
            version: None,
            full_document_diagnostic_report: FullDocumentDiagnosticReport::default(),
        }
        .into()
    }));
    WorkspaceDiagnosticReport { items }
}

fn full_report(view: &View<'_>) -> FullDocumentDiagnosticReport {
    let items = diagnostics(view);
    let mut hasher = DefaultHasher::new();
    for item in &items {
        let range = (item.range.start.line, item.range.start.character, item.range.end.line, item.range.end.character);
        (range, &item.message).hash(&mut hasher);
    }
    FullDocumentDiagnosticReport { result_id: Some(format!("{:016x}", hasher.finish())), items }
}
