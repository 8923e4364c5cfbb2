//! Messages for people: findings and mistakes with the text they speak of.

use crate::Color as When;
use ariadne::{Color, Config, IndexType, Label, Report, ReportKind, sources};
use std::io::Write;
use std::ops::Range;
use zisc_bundle::Span;
use zisc_core::{Finding, Level};

/// Whether messages are coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Colors {
    On,
    Off,
}

impl Colors {
    /// For a stream that is a terminal, or none.
    pub(crate) fn choose(when: When, terminal: bool) -> Self {
        let on = match when {
            When::Always => true,
            When::Never => false,
            When::Auto => std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) && terminal,
        };
        if on { Colors::On } else { Colors::Off }
    }
}

/// A message about a place in a text.
pub(crate) struct Message<'a> {
    pub(crate) level: Level,
    pub(crate) code: Option<&'a str>,
    pub(crate) headline: &'a str,
    /// The place, and what to say there.
    pub(crate) label: (Span, &'a str),
    /// Other places.
    pub(crate) notes: Vec<(Span, &'a str)>,
    pub(crate) help: Option<&'a str>,
}

impl<'a> From<&'a Finding> for Message<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            level: finding.rule.level,
            code: Some(finding.rule.code),
            headline: &finding.headline,
            label: (finding.span, &finding.label),
            notes: finding.notes.iter().map(|note| (note.span, note.text.as_str())).collect(),
            help: finding.help.as_deref(),
        }
    }
}

/// The message with the lines it speaks of.
pub(crate) fn report(message: &Message<'_>, path: &str, text: &str, colors: Colors) -> String {
    let (kind, color) = match message.level {
        Level::Error => (ReportKind::Error, Color::Red),
        Level::Warning => (ReportKind::Warning, Color::Yellow),
        Level::Hint => (ReportKind::Advice, Color::Cyan),
    };
    // A place past the end of the text would make the whole snippet vanish.
    let place = |span: Span| -> (String, Range<usize>) {
        let end = usize::from(span.end()).min(text.len());
        (path.to_owned(), usize::from(span.start()).min(end)..end)
    };
    let (span, label) = message.label;
    if !can_be_shown(text, span) {
        let (line, column) = line_and_column(text, span.start());
        return plain(message.level, &format!("{path}:{line}:{column}: {}", message.headline), message.help, colors);
    }
    let config = Config::new().with_index_type(IndexType::Byte).with_color(colors == Colors::On);
    let mut report = Report::build(kind, place(span)).with_config(config).with_message(message.headline);
    // Drawn in the order of the text: otherwise a label further up gets a snippet of its own, below.
    let order = |span: Span| i32::try_from(u32::from(span.start())).unwrap_or(i32::MAX);
    report = report.with_label(Label::new(place(span)).with_message(label).with_color(color).with_order(order(span)));
    if let Some(code) = message.code {
        report = report.with_code(code);
    }
    for (span, note) in &message.notes {
        let label = Label::new(place(*span)).with_message(note).with_color(Color::Blue);
        report = report.with_label(label.with_order(order(*span)));
    }
    if let Some(help) = message.help {
        report = report.with_help(help);
    }
    let mut out = Vec::new();
    if report.finish().write(sources([(path.to_owned(), text.to_owned())]), &mut out).is_err() {
        return format!("{path}: {}\n", message.headline);
    }
    let drawn = String::from_utf8_lossy(&out);
    drawn.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Whether the lines of a place help anybody: not where a program has written a whole file on one line.
fn can_be_shown(text: &str, span: Span) -> bool {
    const LARGEST_TEXT: usize = 4 << 20;
    const LONGEST_LINE: usize = 1000;
    let at = |place: text_size::TextSize| usize::from(place).min(text.len());
    let bytes = text.as_bytes();
    let start = bytes[..at(span.start())].iter().rev().position(|byte| *byte == b'\n').unwrap_or(at(span.start()));
    let end = bytes[at(span.end())..].iter().position(|byte| *byte == b'\n').unwrap_or(text.len() - at(span.end()));
    text.len() <= LARGEST_TEXT && start <= LONGEST_LINE && end <= LONGEST_LINE
}

/// Line and column of a place, from 1; columns count characters.
pub(crate) fn line_and_column(text: &str, at: text_size::TextSize) -> (usize, usize) {
    let before = text.get(..usize::from(at)).unwrap_or(text);
    (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1)
}

/// A message without a place.
pub(crate) fn plain(level: Level, headline: &str, help: Option<&str>, colors: Colors) -> String {
    let (word, color) = match level {
        Level::Error => ("Error", "\u{1b}[31m"),
        Level::Warning => ("Warning", "\u{1b}[33m"),
        Level::Hint => ("Hint", "\u{1b}[36m"),
    };
    let (start, end) = if colors == Colors::On { (color, "\u{1b}[0m") } else { ("", "") };
    let mut out = format!("{start}{word}:{end} {headline}\n");
    for (line, indent) in
        help.into_iter().flat_map(str::lines).zip(std::iter::once("  Help: ").chain(std::iter::repeat("        ")))
    {
        out.push_str(&format!("{indent}{line}\n"));
    }
    out
}

/// Shows why a command could not be carried out.
pub(crate) fn error(error: &anyhow::Error, colors: Colors) {
    let (start, end) = if colors == Colors::On { ("\u{1b}[31m", "\u{1b}[0m") } else { ("", "") };
    // Where standard error is closed, there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{start}Error:{end} {error:#}");
}
