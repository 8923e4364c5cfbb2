//! Laying out: a list of steps that says what to print and where a line may break, and the breaking itself.

/// The width that lines are broken at, in characters.
pub(super) const WIDTH: usize = 100;

const INDENT: usize = 2;

/// A step of printing.
enum Step<'a> {
    Text(&'a str),
    /// A space, or a line break where the group is broken.
    Line,
    /// Nothing, or a line break where the group is broken.
    SoftLine,
    HardLine,
    /// An empty line, unless the group stands on one line.
    BlankLine,
    Begin(Layout),
    End,
    Indent,
    Dedent,
    /// Text that stands only in a broken group.
    IfBroken(&'static str),
    /// A comment at the end of a line of code.
    TrailingComment(&'a str),
    /// A comment on a line of its own.
    OwnComment(&'a str),
}

/// How a group is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// On one line if it fits.
    Fitting,
    /// Broken in any case.
    Broken,
    /// On one line in any case.
    OneLine,
}

/// What is to be printed.
///
/// Comments that end a line are held back until the next thing that is no comma and no end of a group: so a comma
/// gets in front of the comment behind it, and the comment does not break the group that it follows.
#[derive(Default)]
pub(super) struct Document<'a> {
    steps: Vec<Step<'a>>,
    /// The steps at which the open groups begin.
    groups: Vec<usize>,
    held: Vec<&'a str>,
}

impl<'a> Document<'a> {
    pub(super) fn text(&mut self, text: &'a str) {
        self.release();
        self.steps.push(Step::Text(text));
    }

    /// A comma, in front of the comments held back.
    pub(super) fn comma(&mut self) {
        self.steps.push(Step::Text(","));
    }

    /// A comma that stands only in a broken group, in front of the comments held back.
    pub(super) fn trailing_comma(&mut self) {
        self.steps.push(Step::IfBroken(","));
    }

    pub(super) fn if_broken(&mut self, text: &'static str) {
        self.release();
        self.steps.push(Step::IfBroken(text));
    }

    pub(super) fn line(&mut self) {
        self.release();
        self.steps.push(Step::Line);
    }

    pub(super) fn soft_line(&mut self) {
        self.release();
        self.steps.push(Step::SoftLine);
    }

    pub(super) fn hard_line(&mut self) {
        self.release();
        self.steps.push(Step::HardLine);
        self.break_group();
    }

    pub(super) fn blank_line(&mut self) {
        self.release();
        self.steps.push(Step::BlankLine);
    }

    pub(super) fn begin(&mut self, layout: Layout) {
        self.release();
        self.groups.push(self.steps.len());
        self.steps.push(Step::Begin(layout));
    }

    pub(super) fn end(&mut self) {
        let begun = self.groups.pop();
        self.steps.push(Step::End);
        if begun.is_some_and(|begun| matches!(self.steps[begun], Step::Begin(Layout::Broken))) {
            self.break_group();
        }
    }

    pub(super) fn indent(&mut self) {
        self.steps.push(Step::Indent);
    }

    pub(super) fn dedent(&mut self) {
        if self.held.len() > 1 {
            self.release(); // the second needs a line of its own, in here
        }
        self.steps.push(Step::Dedent);
    }

    pub(super) fn trailing_comment(&mut self, comment: &'a str) {
        self.held.push(comment);
        if matches!(self.steps.last(), Some(Step::OwnComment(_) | Step::TrailingComment(_))) {
            self.release(); // it needs a line of its own, right here
        }
    }

    pub(super) fn own_comment(&mut self, comment: &'a str) {
        self.release();
        self.steps.push(Step::OwnComment(comment));
        self.break_group();
    }

    /// Whether a comment ends the line so far.
    pub(super) fn holds_comment(&self) -> bool {
        !self.held.is_empty()
    }

    fn release(&mut self) {
        for comment in std::mem::take(&mut self.held) {
            self.steps.push(Step::TrailingComment(comment));
            self.break_group();
        }
    }

    /// What must break a line breaks the group around it, and with its end the groups around that.
    fn break_group(&mut self) {
        if let Some(&begun) = self.groups.last()
            && matches!(self.steps[begun], Step::Begin(Layout::Fitting))
        {
            self.steps[begun] = Step::Begin(Layout::Broken);
        }
    }

    /// The text, without a line end at its end.
    pub(super) fn print(mut self) -> String {
        self.release();
        let mut page = Page::default();
        let mut flat = Vec::new(); // of the groups around a step, whether they stand on one line
        let mut indent = 0;
        for (at, step) in self.steps.iter().enumerate() {
            let on_one_line = flat.last().copied().unwrap_or(false);
            match step {
                Step::Text(text) => page.text(text, indent),
                Step::IfBroken(text) if !on_one_line => page.text(text, indent),
                Step::Line if on_one_line => page.text(" ", indent),
                Step::SoftLine | Step::IfBroken(_) | Step::BlankLine if on_one_line => {}
                Step::IfBroken(_) => {}
                Step::Line | Step::SoftLine | Step::HardLine => page.end_line(),
                Step::BlankLine => page.blank_line(),
                Step::Begin(layout) => flat.push(
                    on_one_line
                        || match layout {
                            Layout::Fitting => fits(&self.steps[at..], WIDTH.saturating_sub(page.column(indent))),
                            Layout::Broken => false,
                            Layout::OneLine => true,
                        },
                ),
                Step::End => {
                    flat.pop();
                }
                Step::Indent => indent += INDENT,
                Step::Dedent => indent -= INDENT,
                Step::TrailingComment(comment) => page.trailing_comment(comment, indent),
                Step::OwnComment(comment) => page.own_comment(comment, indent),
            }
        }
        page.end_line();
        page.out.truncate(page.out.trim_end_matches('\n').len());
        page.out
    }
}

/// Whether the group that begins at the first step has room on the line, and what follows it up to where a line may
/// break. The groups around it are broken, otherwise nobody would ask.
fn fits(steps: &[Step<'_>], room: usize) -> bool {
    let mut used = 0;
    let (mut flat, mut broken) = (0_usize, 0_usize); // groups that are open, the flat ones innermost
    for (at, step) in steps.iter().enumerate() {
        match step {
            Step::Begin(layout) => {
                if at == 0 || flat > 0 || *layout == Layout::OneLine {
                    flat += 1;
                } else {
                    broken += 1;
                }
            }
            Step::End if flat > 0 => flat -= 1,
            Step::End => broken = broken.saturating_sub(1),
            Step::Text(text) => {
                let first = text.lines().next().unwrap_or_default();
                used += first.chars().count();
                if used <= room && text.contains('\n') {
                    return true;
                }
            }
            Step::Line | Step::SoftLine if flat == 0 => return true,
            Step::Line => used += 1,
            Step::IfBroken(text) if flat == 0 => used += text.len(),
            Step::HardLine | Step::BlankLine | Step::TrailingComment(_) | Step::OwnComment(_) if flat == 0 => {
                return true;
            }
            Step::SoftLine
            | Step::HardLine
            | Step::BlankLine
            | Step::Indent
            | Step::Dedent
            | Step::IfBroken(_)
            | Step::TrailingComment(_)
            | Step::OwnComment(_) => {}
        }
        if used > room {
            return false;
        }
    }
    true
}

/// What has been printed so far.
#[derive(Default)]
struct Page {
    out: String,
    column: usize,
    /// A comment was printed: whatever comes next stands on a new line.
    commented: bool,
}

impl Page {
    fn at_line_start(&self) -> bool {
        self.out.is_empty() || self.out.ends_with('\n')
    }

    /// Where the next text begins.
    fn column(&self, indent: usize) -> usize {
        if self.at_line_start() || self.commented { indent } else { self.column }
    }

    fn text(&mut self, text: &str, indent: usize) {
        if self.commented {
            self.end_line();
        }
        if self.at_line_start() {
            if text == " " {
                return;
            }
            self.out.extend(std::iter::repeat_n(' ', indent));
            self.column = indent;
        }
        self.out.push_str(text);
        match text.rfind('\n') {
            Some(end) => self.column = text[end + 1..].chars().count(),
            None => self.column += text.chars().count(),
        }
    }

    fn end_line(&mut self) {
        self.commented = false;
        if !self.at_line_start() {
            self.out.truncate(self.out.trim_end_matches(' ').len());
            self.out.push('\n');
        }
    }

    fn blank_line(&mut self) {
        self.end_line();
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    fn trailing_comment(&mut self, comment: &str, indent: usize) {
        if self.at_line_start() || self.commented {
            // There is one already. With three slashes, this one would become documentation on its new line.
            self.end_line();
            self.out.extend(std::iter::repeat_n(' ', indent));
            match comment.strip_prefix("///") {
                Some(rest) => self.out.extend(["//", rest]),
                None => self.out.push_str(comment),
            }
        } else {
            self.out.truncate(self.out.trim_end_matches(' ').len());
            self.out.extend([" ", comment]);
        }
        self.commented = true;
    }

    fn own_comment(&mut self, comment: &str, indent: usize) {
        self.end_line();
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.out.push_str(comment);
        self.commented = true;
    }
}
