//! What is said about a file or an option that a command cannot work with.

use crate::file::TextFile;
use crate::render::{self, Colors, Message, Page};
use std::io::Write;
use std::sync::Arc;
use zisc_bundle::{Problem, Span};
use zisc_core::Level;

/// One thing that is wrong, where it stands, and what to do about it. As an error, it tells why a command stopped.
#[derive(Debug)]
pub(crate) struct Complaint {
    level: Level,
    headline: String,
    place: Option<(Arc<TextFile>, Span)>,
    help: Option<String>,
}

impl Complaint {
    /// An error without a place.
    pub(crate) fn error(headline: impl Into<String>) -> Self {
        Self { level: Level::Error, headline: headline.into(), place: None, help: None }
    }

    /// A warning without a place.
    pub(crate) fn warning(headline: impl Into<String>) -> Self {
        Self { level: Level::Warning, ..Self::error(headline) }
    }

    /// What the reader of a file found.
    pub(crate) fn problem(file: &Arc<TextFile>, problem: &Problem) -> Self {
        Self { help: problem.help.clone(), ..Self::error(problem.message.clone()).at(file, problem.span) }
    }

    /// The same with a place.
    #[must_use]
    pub(crate) fn at(self, file: &Arc<TextFile>, span: Span) -> Self {
        Self { place: Some((file.clone(), first_line(&file.text, span))), ..self }
    }

    /// The same with something to do.
    #[must_use]
    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Shows it on standard error.
    pub(crate) fn show(&self, colors: Colors) {
        let text = match &self.place {
            Some((file, span)) => {
                let message = Message {
                    level: self.level,
                    code: None,
                    headline: &self.headline,
                    label: (*span, "here"),
                    notes: Vec::new(),
                    help: self.help.as_deref(),
                    secret: false,
                };
                render::report(&message, &Page::new(file.name().to_string(), &file.text), colors)
            }
            None => render::plain(self.level, &self.headline, self.help.as_deref(), colors),
        };
        // Where standard error is closed, there is nobody to tell.
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }
}

impl std::fmt::Display for Complaint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.headline)
    }
}

impl std::error::Error for Complaint {}

/// The span as far as its first line goes, inside of the text and on borders of its characters. What covers half a
/// bundle points at nothing.
fn first_line(text: &str, span: Span) -> Span {
    let border = |at: usize| (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    let (start, end) = (border(span.start().into()), border(span.end().into()));
    let end = text[start..end.max(start)].find('\n').map_or(end.max(start), |length| start + length);
    let size = |at: usize| u32::try_from(at).unwrap_or(u32::MAX).into();
    Span::new(size(start), size(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_beyond_the_text_or_inside_a_character_is_moved() {
        let cut = |text: &str, start: u32, end: u32| {
            let span = first_line(text, Span::new(start.into(), end.into()));
            (u32::from(span.start()), u32::from(span.end()))
        };
        assert_eq!(cut("abé", 2, 90), (2, 4));
        assert_eq!(cut("abé", 3, 3), (2, 2));
        assert_eq!(cut("ab\ncd", 0, 5), (0, 2));
    }
}
