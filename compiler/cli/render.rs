//! Messages for people: findings and mistakes with the text they speak of.

use crate::Color as When;
use crate::excerpt::{self, Excerpt};
use ariadne::{Color, Config, IndexType, Label, Report, ReportKind, Source};
use std::cell::OnceCell;
use std::io::Write;
use std::ops::Range;
use text_size::TextSize;
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
    /// What stands at the place is nobody's business, and is drawn as stars.
    pub(crate) secret: bool,
}

impl<'a> From<&'a Finding> for Message<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            level: finding.level,
            code: Some(finding.rule.code),
            headline: &finding.headline,
            label: (finding.span, &finding.label),
            notes: finding.notes.iter().map(|note| (note.span, note.text.as_str())).collect(),
            help: finding.help.as_deref(),
            secret: finding.is_about_a_secret(),
        }
    }
}

/// A text that messages speak of.
pub(crate) struct Page<'a> {
    path: String,
    text: &'a str,
    has_long_lines: bool,
    /// Its lines, counted when the first message is drawn.
    source: OnceCell<Source<&'a str>>,
}

impl<'a> Page<'a> {
    pub(crate) fn new(path: String, text: &'a str) -> Self {
        Self { path, text, has_long_lines: excerpt::has_long_lines(text), source: OnceCell::new() }
    }

    fn source(&self) -> &Source<&'a str> {
        self.source.get_or_init(|| Source::from(self.text))
    }
}

/// The message with the lines it speaks of.
pub(crate) fn report(message: &Message<'_>, page: &Page<'_>, colors: Colors) -> String {
    let Page { path, text, .. } = page;
    let (kind, color) = match message.level {
        Level::Error => (ReportKind::Error, Color::Red),
        Level::Warning => (ReportKind::Warning, Color::Yellow),
        Level::Hint => (ReportKind::Advice, Color::Cyan),
    };
    // A place past the end of the text would make the whole snippet vanish.
    let inside = |span: Span| {
        let end = usize::from(span.end()).min(text.len());
        usize::from(span.start()).min(end)..end
    };
    let (span, label) = message.label;
    let places: Vec<_> = std::iter::once(span).chain(message.notes.iter().map(|(span, _)| *span)).map(inside).collect();
    let excerpt = page.has_long_lines.then(|| Excerpt::about(text, &places));
    let place = |span: Span| -> (String, Range<usize>) {
        let range = inside(span);
        (path.clone(), excerpt.as_ref().map_or(range.clone(), |excerpt| excerpt.place(range)))
    };
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
    let shown = excerpt.as_ref().map_or(*text, |excerpt| &excerpt.text);
    let drawn = if message.secret {
        let source = Source::from(masked(shown, place(span).1));
        report.finish().write((path.clone(), source), &mut out)
    } else if excerpt.is_some() {
        report.finish().write((path.clone(), Source::from(shown)), &mut out)
    } else {
        report.finish().write((path.clone(), page.source()), &mut out)
    };
    if drawn.is_err() {
        return format!("{path}: {}\n", message.headline);
    }
    // What we call a hint has another name where it is drawn; a name of our own would always be in colour.
    let mut drawn = String::from_utf8_lossy(&out).replacen("Advice:", "Hint:", 1);
    if excerpt.is_some() {
        // The place is that in the text, not in what is shown of it.
        let (drawn_at, real) = (position(shown, place(span).1.start), position(text, inside(span).start));
        drawn = drawn.replacen(&format!("{path}:{drawn_at} "), &format!("{path}:{real} "), 1);
    }
    drawn.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Line and column of a place, from 1; columns count characters.
pub(crate) fn line_and_column(text: &str, at: TextSize) -> (usize, usize) {
    let before = text.get(..usize::from(at)).unwrap_or(text);
    (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1)
}

/// The same as ariadne writes it.
fn position(text: &str, offset: usize) -> String {
    let (line, column) = line_and_column(text, TextSize::try_from(offset).unwrap_or(TextSize::of(text)));
    format!("{line}:{column}")
}

/// The text with stars in place of the letters and digits in a range.
fn masked(text: &str, range: Range<usize>) -> String {
    let star = |(at, c): (usize, char)| if range.contains(&at) && c.is_ascii_alphanumeric() { '*' } else { c };
    text.char_indices().map(star).collect()
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
