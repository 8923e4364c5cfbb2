//! Texts that are broken at random, the same ones each time.

/// The number in an environment variable.
pub(crate) fn number(variable: &str) -> Option<usize> {
    std::env::var(variable).ok()?.replace('_', "").parse().ok()
}

/// Numbers that look random (xorshift).
pub(crate) struct Random(u64);

impl Random {
    /// Those of `ZISC_SEED`, or of `usual`.
    pub(crate) fn new(usual: u64) -> Self {
        Self(number("ZISC_SEED").map_or(usual, |seed| seed as u64) | 1)
    }

    /// A number below `end`; 0 where that is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

/// Changes a text, given as its tokens, in one place; `all` are the texts from which parts are taken.
pub(crate) fn mutate(text: &mut Vec<String>, all: &[Vec<String>], random: &mut Random) {
    if text.is_empty() {
        return;
    }
    let at = random.below(text.len());
    let from = &all[random.below(all.len())];
    match random.below(7) {
        0 => drop(text.remove(at)),
        1 => text.insert(at, from[random.below(from.len())].clone()),
        2 | 3 => text[at] = from[random.below(from.len())].clone(),
        4 => {
            let other = random.below(text.len());
            text.swap(at, other);
        }
        5 => {
            // Another letter in a word.
            const ODD: &[char] = &[
                '$', '.', '{', '}', '[', ']', '"', '\\', 'x', 'é', '😀', '0', ':', '\n', '*', '`', '(', '/', '\0', '=',
            ];
            let word = &mut text[at];
            let letters: Vec<char> = word.chars().collect();
            let place = random.below(letters.len().max(1));
            let odd = ODD[random.below(ODD.len())];
            *word = letters.iter().enumerate().map(|(i, c)| if i == place { odd } else { *c }).collect();
        }
        _ => {
            // A part of another text.
            let start = random.below(from.len());
            let end = (start + random.below(40)).min(from.len());
            let to = (at + random.below(20)).min(text.len());
            text.splice(at..to, from[start..end].iter().cloned());
        }
    }
}

/// Words, blanks and single signs: near enough to tokens.
#[allow(dead_code, reason = "not every test that breaks texts breaks source")]
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let sort = |c: char| (c.is_alphanumeric() || c == '_', c.is_whitespace());
        let end = match sort(first) {
            (false, false) => first.len_utf8(),
            kind => rest.find(|c| sort(c) != kind).unwrap_or(rest.len()),
        };
        let (word, after) = rest.split_at(end);
        words.push(word.to_owned());
        rest = after;
    }
    words
}
