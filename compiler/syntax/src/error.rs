use crate::Span;
use text_size::TextSize;

/// A mistake in the form of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// What sort of mistake.
    pub kind: SyntaxErrorKind,
    /// One short sentence, lower case, without a full stop.
    pub headline: String,
    /// What to say at the place itself.
    pub label: String,
    /// The next step.
    pub help: Option<String>,
    /// A change that mends it.
    pub fix: Option<Fix>,
    /// Where.
    pub span: Span,
}

impl SyntaxError {
    /// The same with places counted from the start of the file, where the item begins at `start`.
    #[must_use]
    pub fn moved_by(mut self, start: TextSize) -> Self {
        self.span += start;
        if let Some(fix) = &mut self.fix {
            fix.span += start;
        }
        self
    }
}

/// The sorts of mistakes in the form of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SyntaxErrorKind {
    /// Something else is expected here.
    Unexpected,
    /// A string, a jq text or a bracket is not closed.
    Unclosed,
    /// A habit from another language that means something here, but is written differently.
    Habit,
}

/// A change of the text: `replacement` instead of what stands at `span`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the change does, as a title: "write `==`".
    pub title: String,
    /// What to replace; empty to insert.
    pub span: Span,
    /// The new text.
    pub replacement: String,
}

/// One mistake, one message: of errors at one place the first is kept, and about a line on which something is not
/// closed nothing more is said.
pub(crate) fn one_per_mistake(text: &str, errors: &mut Vec<SyntaxError>) {
    let line_end = |at: usize| text[at.min(text.len())..].find('\n').map_or(text.len(), |length| at + length);
    // A string that is not closed swallows what follows it, and its quote may be the end of the one before: what the
    // grammar makes of such a line says nothing.
    let broken: Vec<usize> = errors
        .iter()
        .filter(|error| {
            error.kind == SyntaxErrorKind::Unclosed && text[usize::from(error.span.start())..].starts_with('"')
        })
        .map(|error| line_end(usize::from(error.span.start())))
        .collect();
    // The quote that ends a text over several lines seems to open another.
    let mut before = None;
    errors.retain(|error| {
        let start = usize::from(error.span.start());
        let is_text = error.kind == SyntaxErrorKind::Unclosed && text[start..].starts_with('"');
        let goes_on = is_text && before.is_some_and(|before: usize| line_end(before + 1) == line_end(start));
        if is_text {
            before = (!goes_on).then(|| line_end(start));
        }
        !goes_on
    });
    errors.retain(|error| {
        error.kind != SyntaxErrorKind::Unexpected || !broken.contains(&line_end(usize::from(error.span.start())))
    });
    merge_habits(text, errors);
    let mut silent_until = 0;
    let mut last = None;
    errors.retain(|error| {
        let start = usize::from(error.span.start());
        let same_place = last.replace(error.span).is_some_and(|last| last == error.span);
        if same_place || start < silent_until {
            return false;
        }
        if error.kind == SyntaxErrorKind::Unclosed {
            silent_until = line_end(start);
        }
        true
    });
}

/// Puts one habit that shows in several places of a line, or of lines that follow one another, into one message, whose
/// fix mends them all.
fn merge_habits(text: &str, errors: &mut Vec<SyntaxError>) {
    let mut groups: Vec<(SyntaxError, usize)> = Vec::new();
    for error in errors.drain(..) {
        let continued = groups.iter_mut().rev().find(|(first, _)| is_one_habit(first, &error, text));
        match (continued, &error.fix) {
            (Some((first, count)), Some(fix)) => {
                *count += 1;
                if let Some(all) = &mut first.fix {
                    let between = usize::from(all.span.end())..usize::from(fix.span.start());
                    all.replacement = format!("{}{}{}", all.replacement, &text[between], fix.replacement);
                    all.span = all.span.cover(fix.span);
                }
            }
            _ => groups.push((error, 1)),
        }
    }
    errors.extend(groups.into_iter().map(|(mut error, count)| {
        if count > 1 {
            let more = if count == 2 { "once more".to_owned() } else { format!("{} more times", count - 1) };
            error.label = format!("{}; here and {more}", error.label);
        }
        error
    }));
}

/// Whether an error is the habit of another once more, close enough to be mended in one go.
fn is_one_habit(first: &SyntaxError, next: &SyntaxError, text: &str) -> bool {
    let (Some(all), Some(fix)) = (&first.fix, &next.fix) else { return false };
    let is_same = first.kind == SyntaxErrorKind::Habit && next.kind == first.kind && first.headline == next.headline;
    let between = text.get(usize::from(all.span.end())..usize::from(fix.span.start()));
    is_same && between.is_some_and(|between| between.matches('\n').count() <= 1)
}
