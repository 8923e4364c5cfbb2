//! What is shown of a text with very long lines, such as a bundle without line breaks: the parts that are spoken of.

use std::ops::Range;

/// Lines of more bytes than this are not shown whole.
const LONG: usize = 400;
/// So much is shown around what is spoken of, and so much of that.
const AROUND: usize = 50;
const MOST: usize = 200;

/// Whether a text has lines that are not shown whole.
pub(crate) fn has_long_lines(text: &str) -> bool {
    text.lines().any(|line| line.len() > LONG)
}

/// A text whose long lines are cut to the parts that matter.
pub(crate) struct Excerpt {
    pub(crate) text: String,
    /// The parts that were kept, each with where it begins now.
    kept: Vec<(Range<usize>, usize)>,
}

impl Excerpt {
    /// The excerpt about some places.
    pub(crate) fn about(text: &str, places: &[Range<usize>]) -> Self {
        let mut excerpt = Self { text: String::new(), kept: Vec::new() };
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let whole = start..start + line.len();
            start = whole.end;
            if line.len() <= LONG {
                excerpt.keep(text, whole);
                continue;
            }
            let mut parts: Vec<Range<usize>> = places
                .iter()
                .filter(|place| whole.contains(&place.start))
                .map(|place| {
                    let from = place.start.saturating_sub(AROUND).max(whole.start);
                    let to = (place.end.min(place.start + MOST) + AROUND).min(whole.end);
                    border(text, from)..border(text, to)
                })
                .collect();
            parts.sort_by_key(|part| part.start);
            let mut at = whole.start;
            for part in parts {
                // What was kept already is not kept again.
                let part = part.start.max(at)..part.end.max(at);
                if part.start > at {
                    excerpt.text.push('…');
                }
                at = part.end;
                excerpt.keep(text, part);
            }
            if at < whole.end {
                excerpt.text.push('…');
                if line.ends_with('\n') {
                    excerpt.keep(text, whole.end - 1..whole.end);
                }
            }
        }
        excerpt
    }

    fn keep(&mut self, text: &str, part: Range<usize>) {
        self.kept.push((part.clone(), self.text.len()));
        self.text.push_str(&text[part]);
    }

    /// A place of the text in the excerpt, as far as it was kept.
    pub(crate) fn place(&self, place: Range<usize>) -> Range<usize> {
        let at = |offset: usize| {
            let next = self.kept.partition_point(|(part, _)| part.start <= offset);
            match next.checked_sub(1).and_then(|last| self.kept.get(last)) {
                Some((part, now)) => now + offset.min(part.end) - part.start,
                None => 0,
            }
        };
        let start = at(place.start);
        start..at(place.end).max(start)
    }
}

/// The nearest border of characters in front.
fn border(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_parts_that_matter_are_left_of_long_lines() {
        let text = format!("short\n{}wrong{}also{}\nend", "é".repeat(300), "b".repeat(400), "c".repeat(400));
        let (wrong, also) = (text.find("wrong").unwrap(), text.find("also").unwrap());
        let excerpt = Excerpt::about(&text, &[wrong..wrong + 5, also..also + 4]);
        assert_eq!(&excerpt.text[excerpt.place(wrong..wrong + 5)], "wrong");
        assert_eq!(&excerpt.text[excerpt.place(also..also + 4)], "also");
        assert_eq!(excerpt.text.lines().count(), 3);
        assert!(excerpt.text.len() < 300, "{}", excerpt.text);
        assert!(has_long_lines(&text) && !has_long_lines("short"));
    }
}
