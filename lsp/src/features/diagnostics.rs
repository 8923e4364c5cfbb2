//! What is wrong with files, or could be better.

use crate::convert;
use crate::document::{Encoding, Lines};
use crate::snapshot::{Snapshot, View};
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use tower_lsp::ls_types::{
    Diagnostic, DocumentDiagnosticReport, FullDocumentDiagnosticReport, PreviousResultId,
    RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport,
    WorkspaceDiagnosticReport, WorkspaceDocumentDiagnosticReport, WorkspaceFullDocumentDiagnosticReport,
    WorkspaceUnchangedDocumentDiagnosticReport,
};
use zisc_core::{Db, Finding, ItemSource, Settings, SourceFile};

/// What is wrong with a file.
pub(crate) fn diagnostics(view: &View<'_>) -> Vec<Diagnostic> {
    let findings = zisc_core::findings(view.db, view.file, view.settings);
    findings.iter().map(|finding| convert::diagnostic(finding, &view.lines, &view.uri)).collect()
}

/// The same as the text of a JSON list. An edit changes what is wrong with one item, and moves the lines of those below
/// it: all others are kept as text in which only the numbers of lines are missing.
pub(crate) fn written(view: &View<'_>) -> String {
    let (db, file, encoding) = (view.db, view.file, view.snapshot.session.encoding);
    let items = zisc_core::items(db, file);
    let written: Vec<&OfItem> = items.iter().map(|item| of_item(db, *item, file, view.settings, encoding)).collect();
    let mut list = String::with_capacity(written.iter().map(|of_item| of_item.room()).sum());
    list.push('[');
    let add = |list: &mut String, finding: &Finding| {
        separate(list);
        list.push_str(&json(&convert::diagnostic(finding, &view.lines, &view.uri)));
    };
    let mut of_file = zisc_core::findings_of_file(db, file, view.settings).iter().peekable();
    for (item, of_item) in items.iter().zip(written) {
        let start = item.start(db);
        while let Some(finding) = of_file.next_if(|finding| finding.span.start() < start) {
            add(&mut list, finding);
        }
        if !of_item.text.is_empty() {
            separate(&mut list);
            of_item.write(view.position(start).line, &mut list);
        }
    }
    of_file.for_each(|finding| add(&mut list, finding));
    list.push(']');
    list
}

fn separate(list: &mut String) {
    if !list.ends_with('[') {
        list.push(',');
    }
}

fn json(diagnostic: &Diagnostic) -> String {
    serde_json::to_string(diagnostic).unwrap_or_default()
}

/// The diagnostics of an item, one behind the other, without the numbers of their lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct OfItem {
    text: String,
    /// Where a number is missing, and which line of the item it is.
    lines: Vec<(usize, u32)>,
}

#[salsa::tracked]
fn of_item<'db>(
    db: &'db dyn Db,
    item: ItemSource<'db>,
    file: SourceFile,
    settings: Settings,
    encoding: Encoding,
) -> OfItem {
    let mut of_item = OfItem::default();
    let findings = zisc_core::findings_of_item(db, item, file, settings);
    let Some(uri) = file.path(db).parse().ok().filter(|_| !findings.is_empty()) else { return of_item };
    let lines = Lines::new(item.text(db), encoding);
    for finding in findings {
        if !of_item.text.is_empty() {
            of_item.text.push(',');
        }
        of_item.add(&json(&convert::diagnostic(finding, &lines, &uri)));
    }
    of_item
}

impl OfItem {
    /// Adds the JSON of a diagnostic. In a string its quotes would be escaped, so what looks like a member is one.
    fn add(&mut self, json: &str) {
        const MEMBER: &str = "\"line\":";
        let mut parts = json.split(MEMBER);
        self.text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let (line, rest) = part.split_at(part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len()));
            self.text.push_str(MEMBER);
            self.lines.push((self.text.len(), line.parse().unwrap_or_default()));
            self.text.push_str(rest);
        }
    }

    /// How long they are about, with the numbers.
    fn room(&self) -> usize {
        const LONGEST_NUMBER: usize = 7;
        self.text.len() + self.lines.len() * LONGEST_NUMBER
    }

    /// Writes them for an item that begins on a line.
    fn write(&self, first: u32, out: &mut String) {
        let mut from = 0;
        for (place, line) in &self.lines {
            out.push_str(&self.text[from..*place]);
            let _ = write!(out, "{}", first + line);
            from = *place;
        }
        out.push_str(&self.text[from..]);
    }
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
    // A file that is gone has no problems any more. What was told of a file while it was open, the client may not name
    // when that is closed, though it still shows it.
    let told = known.iter().map(|known| &known.uri).filter(|uri| !snapshot.gone.contains(uri));
    let gone = told.chain(snapshot.gone.iter()).filter(|uri| snapshot.view(uri).is_none());
    items.extend(gone.map(|uri| {
        WorkspaceFullDocumentDiagnosticReport {
            uri: uri.clone(),
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
