use super::{Input, Place, at};
use crate::lexer::Token;
use crate::{Fix, Span, SyntaxError, SyntaxErrorKind};
use chumsky::DefaultExpected;
use chumsky::error::{Error, LabelError};
use chumsky::util::MaybeRef;
use smol_str::{SmolStr, ToSmolStr, format_smolstr};
use std::cell::Cell;

thread_local! {
    /// Whether nobody will read what was expected where.
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Parses without noting what was expected where: every alternative that does not fit would say what it wanted, and in
/// a text without mistakes all of that is thrown away.
pub(super) fn quietly<R>(parse: impl FnOnce() -> R) -> R {
    QUIET.set(true);
    let result = parse();
    QUIET.set(false);
    result
}

/// Whether what was expected where is noted.
pub(super) fn is_told() -> bool {
    !QUIET.get()
}

/// A mistake as the parser meets it: either something unexpected, or a message of its own.
#[derive(Clone, Debug)]
pub(super) struct Mistake {
    place: Place,
    /// Nothing where nobody will read it: the parser moves mistakes about for every alternative that does not fit.
    told: Option<Box<Told>>,
}

/// What is said about a mistake.
#[derive(Clone, Debug)]
enum Told {
    Unexpected { expected: Vec<SmolStr>, found: Option<Token> },
    Message(SyntaxError),
}

/// A word as it stands in a message.
pub(super) fn quoted(word: &str) -> SmolStr {
    format_smolstr!("`{word}`")
}

impl Mistake {
    /// A mistake that nobody will read.
    pub(super) fn untold(place: Place) -> Self {
        Self { place, told: None }
    }

    fn unexpected(
        expected: impl Iterator<Item = SmolStr>,
        found: Option<MaybeRef<'static, Token>>,
        place: Place,
    ) -> Self {
        if !is_told() {
            return Self::untold(place);
        }
        let told = Told::Unexpected { expected: expected.collect(), found: found.map(MaybeRef::into_inner) };
        Self { place, told: Some(Box::new(told)) }
    }

    fn message(place: Place, error: SyntaxError) -> Self {
        Self { place, told: Some(Box::new(Told::Message(error))) }
    }

    /// A mistake with its own message.
    pub(super) fn because(
        place: Place,
        headline: impl Into<String>,
        label: impl Into<String>,
        help: Option<String>,
    ) -> Self {
        let error = SyntaxError {
            kind: SyntaxErrorKind::Unexpected,
            headline: headline.into(),
            label: label.into(),
            help,
            fix: None,
            span: at(place),
        };
        Self::message(place, error)
    }

    /// A habit from another language: `written` stands here, `instead` is meant.
    pub(super) fn habit(place: Place, written: &str, instead: &str, why: &str) -> Self {
        let error = SyntaxError {
            kind: SyntaxErrorKind::Habit,
            headline: format!("`{written}` is written `{instead}`"),
            label: why.to_owned(),
            help: Some(format!("write `{instead}`")),
            fix: Some(Fix { title: format!("write `{instead}`"), span: at(place), replacement: instead.to_owned() }),
            span: at(place),
        };
        Self::message(place, error)
    }

    /// The same mistake, with the change that mends it.
    pub(super) fn with_fix(mut self, title: &str, span: Span, replacement: &str) -> Self {
        if let Some(Told::Message(error)) = self.told.as_deref_mut() {
            error.help.get_or_insert_with(|| title.to_owned());
            error.fix = Some(Fix { title: title.to_owned(), span, replacement: replacement.to_owned() });
        }
        self
    }

    /// The same mistake, as a habit from another language.
    pub(super) fn habitual(mut self) -> Self {
        if let Some(Told::Message(error)) = self.told.as_deref_mut() {
            error.kind = SyntaxErrorKind::Habit;
        }
        self
    }

    /// A word of the language that this version does nothing with.
    pub(super) fn not_yet(place: Place, word: &str) -> Self {
        Self::because(
            place,
            format!("`{word}` is not built yet"),
            "a word of the language without a meaning so far",
            Some("leave it out: this version skips what belongs to it".to_owned()),
        )
    }

    /// A bracket without its partner.
    pub(super) fn unclosed(open: Span, bracket: &str, close: &str) -> Self {
        let error = SyntaxError {
            kind: SyntaxErrorKind::Unclosed,
            headline: format!("this `{bracket}` is never closed"),
            label: "opened here".to_owned(),
            help: Some(format!("close it with `{close}`")),
            fix: None,
            span: open,
        };
        let place = super::place(open);
        Self::message(place, error)
    }

    pub(super) fn missing_comma(place: Place) -> Self {
        let error = SyntaxError {
            kind: SyntaxErrorKind::Habit,
            headline: "a `,` is missing between these two".to_owned(),
            label: "one ends and the next begins here".to_owned(),
            help: Some("add `,`".to_owned()),
            fix: Some(Fix { title: "add `,`".to_owned(), span: at(place), replacement: ",".to_owned() }),
            span: at(place),
        };
        Self::message(place, error)
    }

    pub(super) fn into_error(self) -> SyntaxError {
        let (mut expected, found) = match self.told.map(|told| *told) {
            Some(Told::Message(error)) => return error,
            Some(Told::Unexpected { expected, found }) => (expected, found),
            None => (Vec::new(), None),
        };
        expected.sort_by_key(|text| (text.starts_with('`'), text.clone()));
        expected.dedup();
        let complete = expected.iter().any(|text| text == "the end of the line");
        // Everything that could also go on the expression before says nothing about the mistake.
        let plain: Vec<_> = expected.iter().filter(|text| !CONTINUATIONS.contains(&text.as_str())).cloned().collect();
        if !plain.is_empty() {
            expected = plain;
        }
        let shown = found.as_ref().map_or_else(|| "nothing more".to_owned(), Token::to_string);
        let wanted = match expected.as_slice() {
            _ if complete => None,
            [] => None,
            [one] => Some(one.to_string()),
            [rest @ .., last] if rest.len() < 4 => Some(format!("{} or {last}", rest.join(", "))),
            _ => None,
        };
        let ends = matches!(found, None | Some(Token::Newline | Token::Symbol(")" | "]" | "}")));
        let help = if matches!(&found, Some(Token::Word(word)) if word == "else") {
            Some("`else` follows the `}` of an `if`".to_owned())
        } else {
            let block =
                (wanted.as_deref() == Some("a block")).then(|| "put the statements between `{` and `}`".to_owned());
            block.or_else(|| (complete && found.is_some()).then(|| "remove it, or begin a new line".to_owned()))
        };
        let (headline, label) = match (wanted, &found) {
            (Some(wanted), _) if ends => (format!("{wanted} is missing"), format!("{wanted} is expected here")),
            (Some(wanted), _) => {
                (format!("{wanted} is expected, and {shown} stands here"), format!("{wanted} is expected here"))
            }
            (None, None | Some(Token::Newline)) => {
                ("the line ends too early".to_owned(), "something is missing here".to_owned())
            }
            (None, Some(_)) => (
                format!("{shown} cannot stand here"),
                if complete { "what stands before it is complete" } else { "not expected here" }.to_owned(),
            ),
        };
        let place =
            if found == Some(Token::Newline) { Place::from(self.place.start..self.place.start) } else { self.place };
        SyntaxError { kind: SyntaxErrorKind::Unexpected, headline, label, help, fix: None, span: at(place) }
    }
}

/// What may follow almost any expression.
const CONTINUATIONS: &[&str] = &[
    "`.`",
    "`[`",
    "`(`",
    "`!`",
    "`+`",
    "`-`",
    "`*`",
    "`/`",
    "`%`",
    "`??`",
    "`==`",
    "`!=`",
    "`<`",
    "`<=`",
    "`>`",
    "`>=`",
    "`in`",
    "`is`",
    "`&&`",
    "`||`",
    "`?`",
    "`|`",
    "the end of the line",
    "something else",
    "`for`",
];

impl Error<'static, Input> for Mistake {
    fn merge(mut self, mut other: Self) -> Self {
        match (self.told.as_deref_mut(), other.told.as_deref_mut()) {
            (Some(Told::Unexpected { expected, .. }), Some(Told::Unexpected { expected: more, .. })) => {
                expected.append(more);
                self
            }
            (Some(Told::Unexpected { .. }) | None, Some(_)) => other,
            (Some(Told::Message(_)), _) | (_, None) => self,
        }
    }
}

impl LabelError<'static, Input, DefaultExpected<'static, Token>> for Mistake {
    fn expected_found<E: IntoIterator<Item = DefaultExpected<'static, Token>>>(
        expected: E,
        found: Option<MaybeRef<'static, Token>>,
        place: Place,
    ) -> Self {
        let expected = expected.into_iter().filter_map(|expected| match expected {
            DefaultExpected::Token(token) => Some(token.to_smolstr()),
            DefaultExpected::EndOfInput => Some("the end of the line".into()),
            _ => None,
        });
        Self::unexpected(expected, found, place)
    }
}

macro_rules! labels {
    ($($label:ty),*) => { $(
        impl LabelError<'static, Input, $label> for Mistake {
            fn expected_found<E: IntoIterator<Item = $label>>(expected: E, found: Option<MaybeRef<'static, Token>>, place: Place) -> Self {
                Self::unexpected(expected.into_iter().map(SmolStr::from), found, place)
            }

            fn label_with(&mut self, label: $label) {
                if let Some(Told::Unexpected { expected, .. }) = self.told.as_deref_mut() {
                    *expected = vec![SmolStr::from(label)];
                }
            }
        }
    )* };
}
labels!(&'static str, SmolStr);
