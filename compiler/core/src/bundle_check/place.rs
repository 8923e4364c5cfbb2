//! Where the parts of a string stand in the JSON text that it was read from.

use std::ops::Range;
use text_size::TextSize;
pub(crate) use zisc_bundle::json::escaped;
use zisc_bundle::{Path, Placed, Span, Step};

/// A string of the JSON text.
#[derive(Clone, Copy)]
pub(crate) struct Quoted<'a> {
    /// The whole text.
    pub(crate) file: &'a str,
    /// What the string means.
    pub(crate) value: &'a str,
    /// Where it stands, quotes included.
    pub(crate) span: Span,
}

impl<'a> Quoted<'a> {
    pub(crate) fn new(file: &'a str, string: &'a Placed<String>) -> Self {
        Self { file, value: &string.value, span: string.span }
    }

    /// What stands between the quotes.
    pub(crate) fn inside(&self) -> Span {
        self.part(0..self.value.len())
    }

    /// A part of the value, as it stands in the text: escapes take more room there.
    pub(crate) fn part(&self, range: Range<usize>) -> Span {
        let written = self.file.get(Range::<usize>::from(self.span)).unwrap_or_default();
        let Some(inner) = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else { return self.span };
        let shift = |at: usize| self.span.start() + size(1 + at);
        if inner.len() == self.value.len() {
            return Span::new(shift(range.start.min(inner.len())), shift(range.end.min(inner.len())));
        }
        let (start, end) = (written_at(inner, range.start), written_at(inner, range.end));
        Span::new(shift(start), shift(end.max(start)))
    }

    /// One step of a path that stands at `from` in the value.
    pub(crate) fn step(&self, from: usize, path: &Path, step: usize) -> Span {
        let whole = path.to_string();
        if !self.value.get(from..).is_some_and(|rest| rest.starts_with(&whole)) {
            return self.inside(); // written in another way than we write it
        }
        let length = |steps: usize| Path { steps: path.steps[..steps].to_vec() }.to_string().len();
        let (start, end) = (length(step), length(step + 1));
        let dot = matches!(&path.steps[step], Step::Member(_)) && whole[start..].starts_with('.');
        self.part(from + start + usize::from(dot)..from + end)
    }
}

/// Where the byte `at` of a string's value stands between its quotes.
fn written_at(inner: &str, at: usize) -> usize {
    let mut value = 0;
    let mut written = 0;
    while value < at && written < inner.len() {
        let rest = &inner[written..];
        let (means, takes) = match rest.strip_prefix('\\') {
            None => {
                let length = rest.chars().next().map_or(1, char::len_utf8);
                (length, length)
            }
            Some(escape) => match escape.strip_prefix('u').and_then(code_unit) {
                None => (1, 2),
                Some(0xd800..0xdc00) if rest.get(6..).is_some_and(|rest| rest.starts_with("\\u")) => (4, 12),
                Some(unit) => (char::from_u32(unit).map_or(3, char::len_utf8), 6),
            },
        };
        value += means;
        written += takes;
    }
    written.min(inner.len())
}

fn code_unit(digits: &str) -> Option<u32> {
    u32::from_str_radix(digits.get(..4)?, 16).ok()
}

fn size(at: usize) -> TextSize {
    TextSize::try_from(at).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_take_more_room_than_what_they_mean() {
        let file = r#"  "a\"b\u00e9\ud83d\ude00ü.x""#;
        let (json, _) = zisc_bundle::json::read(file);
        let value = json.as_str().expect("a string");
        let quoted = Quoted { file, value, span: json.span };
        let part = |part: &str| {
            let at = value.find(part).expect(part);
            &file[Range::<usize>::from(quoted.part(at..at + part.len()))]
        };
        assert_eq!(part("\""), r#"\""#);
        assert_eq!(part("é"), r"\u00e9");
        assert_eq!(part("😀"), r"\ud83d\ude00");
        assert_eq!(part(".x"), ".x");
        assert_eq!(escaped("a\"b"), r#"a\"b"#);
    }

    #[test]
    fn a_step_of_a_path_stands_where_it_is_written() {
        let file = r#""id {{$.a.b[0].c}}""#;
        let (json, _) = zisc_bundle::json::read(file);
        let quoted = Quoted { file, value: json.as_str().expect("a string"), span: json.span };
        let path = Path::parse("$.a.b[0].c").expect("a path");
        let steps: Vec<&str> = (0..4).map(|step| &file[Range::<usize>::from(quoted.step(5, &path, step))]).collect();
        assert_eq!(steps, ["a", "b", "[0]", "c"]);
    }
}
