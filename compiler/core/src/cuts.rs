//! Where a text is cut into items, and which of them is which after an edit.

/// Where the items of a file begin. Each has a number that it keeps while the text changes in it and around it: what is
/// known of the item is kept under that number.
///
/// A number whose item is gone waits for the next new item. Were it forgotten, so would be that answers about it can go,
/// and a long session would grow with each item that came and went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cuts {
    starts: Vec<usize>,
    numbers: Vec<u32>,
    unused: Vec<u32>,
}

impl Cuts {
    /// The cuts of a text that nobody has seen before.
    pub fn new(starts: Vec<usize>) -> Self {
        Self::default().then((0, 0), starts)
    }

    /// Where the items begin, in bytes.
    pub fn starts(&self) -> &[usize] {
        &self.starts
    }

    /// The numbers of the items, in the order of the text.
    pub fn numbers(&self) -> &[u32] {
        &self.numbers
    }

    /// The numbers that no item has now.
    pub fn unused(&self) -> &[u32] {
        &self.unused
    }

    /// The cuts of the text after an edit, given how long the text was and is. Items as far from the beginning as before
    /// are the same, and so are those as far from the end; those between them are taken in their order.
    #[must_use]
    pub fn then(&self, (length_before, length): (usize, usize), starts: Vec<usize>) -> Self {
        let most = self.starts.len().min(starts.len());
        let front = self.starts.iter().zip(&starts).take_while(|(before, after)| before == after).count();
        let from_end = self.starts.iter().rev().zip(starts.iter().rev());
        let back = from_end.take_while(|(before, after)| length_before - **before == length - **after);
        let back = back.count().min(most - front);

        let (kept, rest) = self.numbers.split_at(front);
        let (changed, behind) = rest.split_at(rest.len() - back);
        let mut unused = [&self.unused, changed].concat();
        let fresh = self.numbers.len() + self.unused.len();
        let mut fresh = (fresh..).map(|number| u32::try_from(number).unwrap_or(u32::MAX));
        // The last of the list is taken first.
        unused[self.unused.len()..].reverse();
        let between =
            (0..starts.len() - front - back).map(|_| unused.pop().or_else(|| fresh.next()).unwrap_or_default());
        let numbers = kept.iter().copied().chain(between).chain(behind.iter().copied()).collect();
        Self { starts, numbers, unused }
    }
}

#[cfg(test)]
mod tests {
    use super::Cuts;

    #[test]
    fn an_edit_in_an_item_changes_no_number() {
        let cuts = Cuts::new(vec![0, 10, 20]).then((30, 35), vec![0, 10, 25]);
        assert_eq!((cuts.numbers(), cuts.unused()), (&[0, 1, 2][..], &[][..]));
    }

    #[test]
    fn an_item_that_comes_and_goes_leaves_its_number_to_the_next() {
        let cuts = Cuts::new(vec![0, 10, 20]);
        let more = cuts.then((30, 36), vec![0, 10, 16, 26]);
        assert_eq!(more.numbers(), [0, 1, 3, 2]);
        let again = more.then((36, 30), vec![0, 10, 20]);
        assert_eq!((again.numbers(), again.unused()), (&[0, 1, 2][..], &[3][..]));
        assert_eq!(again.then((30, 36), vec![0, 6, 16, 26]).numbers(), [0, 3, 1, 2]);
    }

    #[test]
    fn a_text_that_is_gone_keeps_its_numbers() {
        let gone = Cuts::new(vec![0, 10]).then((30, 0), Vec::new());
        assert_eq!(gone.unused(), [1, 0]);
        assert_eq!(gone.then((0, 30), vec![0, 10, 20]).numbers(), [0, 1, 2]);
    }
}
