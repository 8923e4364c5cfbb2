//! Findings for machines: JSON, SARIF, and the lines that GitHub turns into annotations.

use crate::file::TextFile;
use line_index::{LineIndex, WideEncoding};
use serde_json::{Value, json};
use zisc_bundle::Span;
use zisc_core::{Finding, Fix, Level, RULES};

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people, with the lines they speak of
    Text,
    /// One JSON object; stable
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
}

/// A file and what was found in it.
pub(crate) struct Checked<'a> {
    pub(crate) file: &'a TextFile,
    pub(crate) findings: &'a [Finding],
}

/// One JSON object of all findings. Lines and columns count from 1, columns in characters; offsets in bytes from 0.
pub(crate) fn json(checked: &[Checked<'_>]) -> String {
    let files = checked.iter().map(|checked| {
        let places = Places::new(&checked.file.text);
        let findings = checked.findings.iter().map(|finding| {
            json!({
                "code": finding.rule.code,
                "name": finding.rule.name,
                "level": level(finding.level),
                "message": finding.headline,
                "label": finding.label,
                "help": finding.help,
                "place": places.place(finding.span),
                "notes": finding.notes.iter().map(|note| json!({ "message": note.text, "place": places.place(note.span) })).collect::<Vec<_>>(),
                "fix": finding.fix.as_ref().map(|fix| json!({ "title": fix.title, "place": places.place(fix.span), "replacement": fix.replacement })),
            })
        });
        json!({ "path": checked.file.name(), "findings": findings.collect::<Vec<_>>() })
    });
    pretty(&json!({ "files": files.collect::<Vec<_>>() }))
}

/// A SARIF log.
pub(crate) fn sarif(checked: &[Checked<'_>]) -> String {
    let rules = RULES.iter().map(|rule| {
        json!({
            "id": rule.code,
            "name": rule.name,
            "shortDescription": { "text": rule.summary },
            "help": { "text": rule.page, "markdown": rule.page },
            "defaultConfiguration": { "level": sarif_level(rule.level) },
        })
    });
    let results = checked.iter().flat_map(|checked| {
        let places = Places::new(&checked.file.text);
        let path = checked.file.name().replace('\\', "/");
        let location = |span| json!({ "artifactLocation": { "uri": path }, "region": places.region(span) });
        let results = checked.findings.iter().map(|finding| {
            json!({
                "ruleId": finding.rule.code,
                "level": sarif_level(finding.level),
                "message": { "text": sentence(finding) },
                "locations": [{ "physicalLocation": location(finding.span) }],
                "relatedLocations": finding.notes.iter().map(|note| json!({
                    "physicalLocation": location(note.span),
                    "message": { "text": note.text },
                })).collect::<Vec<_>>(),
                "fixes": finding.fix.iter().map(|fix| sarif_fix(fix, &path, &places)).collect::<Vec<_>>(),
            })
        });
        results.collect::<Vec<_>>()
    });
    pretty(&json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "zisc", "version": env!("CARGO_PKG_VERSION"), "rules": rules.collect::<Vec<_>>() } },
            "columnKind": "utf16CodeUnits",
            "results": results.collect::<Vec<_>>(),
        }],
    }))
}

fn sarif_fix(fix: &Fix, path: &str, places: &Places<'_>) -> Value {
    json!({
        "description": { "text": fix.title },
        "artifactChanges": [{
            "artifactLocation": { "uri": path },
            "replacements": [{ "deletedRegion": places.region(fix.span), "insertedContent": { "text": fix.replacement } }],
        }],
    })
}

/// One line for each finding, as GitHub Actions reads them.
pub(crate) fn github(checked: &[Checked<'_>]) -> String {
    let mut out = String::new();
    for checked in checked {
        let places = Places::new(&checked.file.text);
        for finding in checked.findings {
            let (line, column) = places.line_and_column(finding.span.start());
            let (end_line, end_column) = places.line_and_column(finding.span.end());
            let command = match finding.level {
                Level::Error => "error",
                Level::Warning => "warning",
                Level::Hint => "notice",
            };
            let path = escaped(&checked.file.name()).replace(',', "%2C").replace(':', "%3A");
            out.push_str(&format!(
                "::{command} file={path},line={line},col={column},endLine={end_line},endColumn={end_column},title={}::{}\n",
                finding.rule.code,
                escaped(&sentence(finding))
            ));
        }
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn sentence(finding: &Finding) -> String {
    match &finding.help {
        Some(help) => format!("{}\n{help}", finding.headline),
        None => finding.headline.clone(),
    }
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Hint => "hint",
    }
}

fn sarif_level(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Hint => "note",
    }
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

/// Where the lines of a text are.
struct Places<'a> {
    text: &'a str,
    index: LineIndex,
}

impl<'a> Places<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, index: LineIndex::new(text) }
    }

    fn place(&self, span: Span) -> Value {
        let (line, column) = self.line_and_column(span.start());
        let (end_line, end_column) = self.line_and_column(span.end());
        json!({
            "line": line,
            "column": column,
            "end_line": end_line,
            "end_column": end_column,
            "start": u32::from(span.start()),
            "end": u32::from(span.end()),
        })
    }

    fn region(&self, span: Span) -> Value {
        let position = |offset| {
            let at = self.index.line_col(offset);
            let wide = self.index.to_wide(WideEncoding::Utf16, at);
            (at.line + 1, wide.map_or(at.col, |wide| wide.col) + 1)
        };
        let ((line, column), (end_line, end_column)) = (position(span.start()), position(span.end()));
        json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column })
    }

    /// From 1; columns in characters.
    fn line_and_column(&self, offset: text_size::TextSize) -> (u32, usize) {
        let at = self.index.line_col(offset.min(text_size::TextSize::of(self.text)));
        let start = usize::from(offset) - at.col as usize;
        let column = self.text.get(start..usize::from(offset)).map_or(at.col as usize, |text| text.chars().count());
        (at.line + 1, column + 1)
    }
}
