use text_size::TextSize;
use zisc_bundle::Span;

/// Something that is wrong, or could be better, at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What sort of finding it is.
    pub rule: &'static Rule,
    /// How bad it is: as bad as its sort, unless the project says otherwise.
    pub level: Level,
    /// One short sentence, lower case, without a full stop: what is wrong.
    pub headline: String,
    /// Where.
    pub span: Span,
    /// Why here.
    pub label: String,
    /// Other places that matter.
    pub notes: Vec<Note>,
    /// The next step.
    pub help: Option<String>,
    /// A change that mends it.
    pub fix: Option<Fix>,
}

/// Another place that matters for a [`Finding`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The place.
    pub span: Span,
    /// What it has to do with the finding.
    pub text: String,
}

/// A change of the text: `replacement` instead of what stands at `span`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the change does.
    pub title: String,
    /// What to replace; empty to insert.
    pub span: Span,
    /// The new text.
    pub replacement: String,
}

/// A sort of finding. All of them stand in [`RULES`](crate::RULES).
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The code, which never changes its meaning: `E0201`.
    pub code: &'static str,
    /// The name, for people: `unknown-field`.
    pub name: &'static str,
    /// How bad it is.
    pub level: Level,
    /// What it is about, in one sentence.
    pub summary: &'static str,
    /// The page about it, in Markdown: what it means, an example that is wrong, the same right.
    pub page: &'static str,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Could be better.
    Hint,
    /// Is probably not what was meant.
    Warning,
    /// Cannot work.
    Error,
}

impl Rule {
    /// A finding of this sort.
    pub(crate) fn at(&'static self, span: Span, headline: impl Into<String>) -> Finding {
        Finding {
            rule: self,
            level: self.level,
            headline: headline.into(),
            span,
            label: String::new(),
            notes: Vec::new(),
            help: None,
            fix: None,
        }
    }
}

impl Finding {
    /// Whether a secret stands at its place, which is not to be shown again.
    pub fn is_about_a_secret(&self) -> bool {
        *self.rule == crate::rules::SECRET
    }

    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub(crate) fn help_if(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    pub(crate) fn note(mut self, span: Span, text: impl Into<String>) -> Self {
        self.notes.push(Note { span, text: text.into() });
        self
    }

    pub(crate) fn fix(mut self, title: impl Into<String>, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix { title: title.into(), span, replacement: replacement.into() });
        self
    }

    /// The near name as help and as a fix.
    pub(crate) fn did_you_mean(self, span: Span, near: Option<&str>) -> Self {
        match near {
            Some(near) => self.help(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), span, near),
            None => self,
        }
    }

    /// The finding in a file, for one in an item that begins at `start`.
    pub(crate) fn moved(&self, start: TextSize) -> Self {
        let mut moved = self.clone();
        moved.span += start;
        for note in &mut moved.notes {
            note.span += start;
        }
        if let Some(fix) = &mut moved.fix {
            fix.span += start;
        }
        moved
    }
}
