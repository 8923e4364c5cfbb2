//! Text to tokens. Line ends that end a statement become tokens; the others, blanks and comments are left out.

use crate::{Fix, Span, SyntaxError, SyntaxErrorKind};
use smol_str::SmolStr;
use std::fmt;
use text_size::TextSize;

/// Words that cannot be names.
pub const RESERVED: &[&str] = &[
    "let", "if", "else", "match", "for", "while", "try", "catch", "return", "succeed", "fail", "wait", "goto", "raw",
    "in", "is", "true", "false", "null",
];

/// Words that begin a statement and stand nowhere else: a line that begins with one is never inside a bracket.
pub const STATEMENT_WORDS: &[&str] = &["let", "while", "try", "return", "succeed", "fail", "wait", "goto"];

/// What a text over several lines stands in.
const LONG_QUOTE: &str = "\"\"\"";

/// Words that begin statements, and are as good as never the first of a line of text.
const CODE_WORDS: &[&str] = &["let", "match", "while", "try", "succeed", "fail", "goto", "raw", "yield", "break"];

/// Brackets nested deeper than this are a mistake, and a stack has an end.
const DEPTH_LIMIT: usize = 100;

/// How many seconds a flow may run.
const LONGEST_FLOW: f64 = 100.0;

/// Longest first, so that `==` is not read as two `=`.
const SYMBOLS: &[&str] = &[
    "...", "===", "!==", "..", "?.", "==", "!=", "<=", ">=", "&&", "||", "??", "->", "=>", "=~", "=<", "<>", "(", ")",
    "[", "]", "{", "}", "<", ">", "=", "+", "-", "*", "/", "%", "!", "?", ":", ",", ".", "|", "@", "$", ";", "&",
];

/// How version control marks the sides of a conflict, at the beginning of a line.
const CONFLICT_MARKERS: &[&str] = &["<<<<<<<", "=======", ">>>>>>>", "|||||||"];
const MERGE_CONFLICT: &str = "a conflict of two versions is not resolved";

/// A token. Texts are kept in it, so that a list of tokens needs no source beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// A name or a word with a meaning: which one depends on where it stands.
    Word(SmolStr),
    /// A whole or a fractional number.
    Number(SmolStr),
    /// `30s`, `1.5s`, `2m`.
    Duration(SmolStr),
    /// `"`, the beginning of a string.
    Quote,
    /// Text of a string, unescaped.
    Text(SmolStr),
    /// `${` in a string.
    Interpolate,
    /// The `}` that belongs to `${`.
    InterpolateEnd,
    /// The end of a string.
    QuoteEnd,
    /// A text in backticks, without them.
    Jq { program: SmolStr, ticks: u8 },
    /// Punctuation.
    Symbol(&'static str),
    /// A line of documentation, without its `///`.
    Documentation(SmolStr),
    /// A line end that ends a statement.
    Newline,
    /// In place of a value that cannot be read, and has been complained of.
    Hole,
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Token::Word(text) | Token::Number(text) | Token::Duration(text) => write!(f, "`{text}`"),
            Token::Quote | Token::Text(_) | Token::QuoteEnd => f.write_str("a string"),
            Token::Interpolate => f.write_str("`${`"),
            Token::InterpolateEnd => f.write_str("`}`"),
            Token::Jq { .. } => f.write_str("a jq text"),
            Token::Symbol(text) => write!(f, "`{text}`"),
            Token::Documentation(_) => f.write_str("documentation"),
            Token::Newline => f.write_str("the end of the line"),
            Token::Hole => f.write_str("this"),
        }
    }
}

pub(crate) struct Lexed {
    pub(crate) tokens: Vec<(Token, Span)>,
    pub(crate) errors: Vec<SyntaxError>,
    /// The places of the comments, where they were asked for. What `///` begins is one, too, where it documents
    /// nothing.
    pub(crate) comments: Vec<Span>,
    /// Nothing was read after a place: what the grammar says about it means nothing.
    pub(crate) gave_up: bool,
}

/// What becomes of comments.
#[derive(Clone, Copy, PartialEq)]
enum Comments {
    Skipped,
    Collected,
}

/// Whether `text` can be written as a name.
pub fn is_name(text: &str) -> bool {
    text.chars().next().is_some_and(begins_word) && text.chars().all(continues_word) && !RESERVED.contains(&text)
}

fn begins_word(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn continues_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

pub(crate) fn lex(text: &str) -> Lexed {
    lex_with(text, Comments::Skipped)
}

/// The same, with the places of comments.
pub(crate) fn lex_with_comments(text: &str) -> Lexed {
    lex_with(text, Comments::Collected)
}

fn lex_with(text: &str, keep: Comments) -> Lexed {
    let mut lexer = Lexer::new(text, Braces::AsWritten, keep);
    lexer.run();
    // A `}` that was forgotten, or is one too many, shows in the indentation; where following that leaves fewer such
    // places, it was right.
    let (missing, too_many) = (lexer.never_closed, lexer.never_opened);
    let braces = if missing > 0 { Braces::AsIndented } else { Braces::NotDeeper };
    if missing > 0 || too_many > 0 {
        let mut indented = Lexer::new(text, braces, keep);
        indented.run();
        let is_better = match braces {
            Braces::NotDeeper => indented.never_opened < too_many && indented.never_closed == 0,
            _ => indented.never_closed < missing && indented.never_opened == 0,
        };
        if is_better {
            lexer = indented;
        }
    }
    Lexed { tokens: lexer.tokens, errors: lexer.errors, comments: lexer.comments, gave_up: lexer.gave_up }
}

/// Where blocks end.
#[derive(Clone, Copy, PartialEq)]
enum Braces {
    /// At their `}`.
    AsWritten,
    /// At their `}`, or where a line is not indented deeper than the line that opened them.
    AsIndented,
    /// At their `}`, but not on a line that is indented deeper than the line that opened them.
    NotDeeper,
}

/// What is open at a place.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    /// A `(` on a line indented this far.
    Round(usize),
    Square(usize),
    /// A `{` at this byte, on a line indented this far.
    Curly {
        start: usize,
        indent: usize,
    },
    /// A string, opened at this byte; with three quotes over several lines.
    Text {
        start: usize,
        triple: bool,
    },
    /// `${` in a string.
    Interpolation,
}

struct Lexer<'a> {
    text: &'a str,
    braces: Braces,
    at: usize,
    open: Vec<Open>,
    /// Where a line ended since the last token.
    line_end: Option<usize>,
    tokens: Vec<(Token, Span)>,
    errors: Vec<SyntaxError>,
    keep: Comments,
    comments: Vec<Span>,
    /// How many `{` are still open at the end.
    never_closed: usize,
    /// How many `}` had no `{`.
    never_opened: usize,
    gave_up: bool,
}

impl<'a> Lexer<'a> {
    fn new(text: &'a str, braces: Braces, keep: Comments) -> Self {
        Self {
            text,
            braces,
            at: 0,
            open: Vec::new(),
            line_end: None,
            // About so many bytes a token has with the blanks around it; memory that is not filled costs nothing.
            tokens: Vec::with_capacity(text.len() / 4),
            errors: Vec::new(),
            keep,
            comments: Vec::new(),
            never_closed: 0,
            never_opened: 0,
            gave_up: false,
        }
    }

    fn run(&mut self) {
        while self.at < self.text.len() {
            if let Some(&Open::Text { start, triple }) = self.open.last() {
                self.string_text(start, triple);
            } else {
                self.token();
            }
        }
        for open in std::mem::take(&mut self.open) {
            match open {
                Open::Text { start, .. } => self.unclosed_string(start, self.at),
                Open::Curly { .. } => self.never_closed += 1,
                Open::Round(_) | Open::Square(_) | Open::Interpolation => {}
            }
        }
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn token(&mut self) {
        let start = self.at;
        let Some(first) = self.rest().chars().next() else { return };
        match first {
            '<' | '=' | '>' | '|' if self.is_conflict_marker() => self.merge_conflict(),
            '\n' => {
                self.at += 1;
                self.line_end.get_or_insert(start);
                if let Some(position) =
                    self.open.iter().position(|open| matches!(open, Open::Text { triple: false, .. }))
                {
                    // An interpolation is not closed on its line: the string ends here, and so does all in it.
                    for open in self.open.split_off(position).into_iter().rev() {
                        match open {
                            Open::Text { .. } => self.tokens.push((Token::QuoteEnd, span(start..start))),
                            Open::Interpolation => self.tokens.push((Token::InterpolateEnd, span(start..start))),
                            Open::Round(_) | Open::Square(_) | Open::Curly { .. } => {}
                        }
                    }
                    self.error(
                        SyntaxErrorKind::Unclosed,
                        start..start,
                        "a `${` is not closed on its line",
                        "the line ends here",
                        Some("close it with `}` and the string with `\"`".to_owned()),
                    );
                }
            }
            ' ' => self.at += self.rest().bytes().take_while(|byte| *byte == b' ').count(),
            c if c.is_whitespace() || c == '\u{feff}' => self.at += c.len_utf8(),
            '/' if self.rest().starts_with("///") && !self.rest().starts_with("////") => self.documentation(),
            '/' if self.rest().starts_with("/*") => self.other_comment("*/"),
            '#' => self.other_comment("\n"),
            '/' if self.rest().starts_with("//") => {
                self.at += self.rest().find('\n').unwrap_or(self.rest().len());
                self.comment(start);
            }
            '"' => self.open_string(),
            '`' => self.jq(),
            '\'' | '“' | '”' | '„' | '‘' | '’' => self.single_quoted(first),
            '0'..='9' => self.number(),
            c if begins_word(c) => {
                let length = self.rest().find(|c| !continues_word(c)).unwrap_or(self.rest().len());
                self.at += length;
                let word = SmolStr::new(&self.text[start..self.at]);
                self.push(Token::Word(word), start..self.at);
            }
            _ => self.symbol(first),
        }
    }

    /// Adds a token, and before it the line end, where that one ends a statement.
    fn push(&mut self, token: Token, range: std::ops::Range<usize>) {
        if let Some(line_end) = self.line_end.take() {
            if self.braces == Braces::AsIndented {
                self.close_by_indentation(line_end, range.start, token == Token::Symbol("}"));
            }
            if let Token::Word(word) = &token
                && STATEMENT_WORDS.contains(&word.as_str())
                && !self.after_dot()
                && !self.before_colon(range.end)
            {
                // Whatever bracket is still open was forgotten on a line before.
                let blocks = self
                    .open
                    .iter()
                    .rposition(|open| matches!(open, Open::Curly { .. }))
                    .map_or(0, |position| position + 1);
                self.open.truncate(blocks);
                self.tokens.push((Token::Newline, span(line_end..line_end + 1)));
                self.tokens.push((token, span(range)));
                return;
            }
            // What stands in a bracket is indented deeper than the line that opened it, or closes it: otherwise the
            // bracket was never closed, and this is the next statement.
            let indent = self.indent(range.start);
            let closes = matches!(token, Token::Symbol(")" | "]"));
            let open = self.open.len();
            while let Some(Open::Round(opener) | Open::Square(opener)) = self.open.last() {
                if indent > *opener || closes {
                    break;
                }
                self.open.pop();
            }
            let was_forgotten = self.open.len() < open;
            let inside_bracket =
                matches!(self.open.last(), Some(Open::Round(_) | Open::Square(_) | Open::Interpolation));
            let goes_on = !was_forgotten && !self.value_is_forgotten(&token, range.end) && self.line_goes_on();
            if !inside_bracket && !goes_on && !continues_line(&token) && !self.tokens.is_empty() {
                self.tokens.push((Token::Newline, span(line_end..line_end + 1)));
            }
        }
        self.tokens.push((token, span(range)));
    }

    /// How far the line of the byte at `at` is indented.
    fn indent(&self, at: usize) -> usize {
        let line = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
        self.text[line..].bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
    }

    fn after_dot(&self) -> bool {
        matches!(self.tokens.last(), Some((Token::Symbol("."), _)))
    }

    fn before_colon(&self, end: usize) -> bool {
        self.text[end..].trim_start_matches([' ', '\t']).starts_with(':')
    }

    /// Whether the next statement, or its label, stands where a value should.
    fn value_is_forgotten(&self, token: &Token, end: usize) -> bool {
        let Token::Word(word) = token else { return false };
        let begins_statement = matches!(word.as_str(), "if" | "match") || self.before_colon(end);
        begins_statement && !self.in_record() && matches!(self.tokens.last(), Some((Token::Symbol("="), _)))
    }

    /// Whether the last token says that its line is not finished.
    fn line_goes_on(&self) -> bool {
        match self.tokens.last() {
            Some((Token::Symbol(symbol), _)) => {
                matches!(
                    *symbol,
                    "," | "+"
                        | "-"
                        | "*"
                        | "/"
                        | "%"
                        | "=="
                        | "!="
                        | "<="
                        | ">="
                        | "<"
                        | "&&"
                        | "||"
                        | "??"
                        | "->"
                        | "="
                        | "|"
                        | "("
                        | "["
                        | ":"
                )
            }
            Some((Token::Word(word), _)) => matches!(word.as_str(), "in" | "is") && !self.word_is_member(),
            _ => false,
        }
    }

    /// Whether braces hold fields with their types here.
    fn declares_fields(&self) -> bool {
        let first = self.tokens.iter().find_map(|(token, _)| match token {
            Token::Word(word) => Some(word.as_str()),
            _ => None,
        });
        !self.open.is_empty() && matches!(first, Some("type" | "event" | "config"))
    }

    /// Whether the braces here are those of a record: these follow a sign that a value follows.
    fn in_record(&self) -> bool {
        let Some(Open::Curly { start, .. }) = self.open.last() else { return false };
        self.text[..*start].trim_end_matches([' ', '\t']).ends_with(['=', ':', ',', '(', '['])
    }

    fn word_is_member(&self) -> bool {
        matches!(self.tokens.iter().rev().nth(1), Some((Token::Symbol("." | "{" | ","), _)))
    }

    fn documentation(&mut self) {
        let start = self.at;
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
        let first_on_line = self.line_end.is_some() || self.tokens.is_empty();
        if first_on_line && !matches!(self.open.last(), Some(Open::Round(_) | Open::Square(_))) {
            // What cannot be seen at the end of a line is no part of a description.
            let line = self.text[start + 3..self.at].trim_end();
            let line = SmolStr::new(line.strip_prefix(' ').unwrap_or(line));
            self.push(Token::Documentation(line), start..self.at);
        } else {
            self.comment(start);
        }
    }

    /// Remembers a comment that has been read.
    fn comment(&mut self, start: usize) {
        if self.keep == Comments::Collected {
            self.comments.push(span(start..self.at));
        }
    }

    /// A comment as other languages write it, up to its end.
    fn other_comment(&mut self, end: &str) {
        let start = self.at;
        let opener = if end == "\n" { 1 } else { 2 };
        let length = self.rest()[opener..]
            .find(end)
            .map_or(self.rest().len(), |length| opener + length + if end == "\n" { 0 } else { end.len() });
        self.at += length;
        let written = self.text[start..self.at].to_owned();
        let alone = self.text[self.at..].lines().next().is_none_or(|rest| rest.trim().is_empty());
        let text = written[opener..].trim_end_matches(end).trim();
        let fix = (alone && !text.contains('\n')).then(|| Fix {
            title: "write it with `//`".to_owned(),
            span: span(start..self.at),
            replacement: format!("// {text}"),
        });
        self.errors.push(SyntaxError {
            kind: SyntaxErrorKind::Habit,
            headline: "a comment begins with `//`".to_owned(),
            label: format!("`{}` begins no comment", &written[..opener]),
            help: Some("write `//` in front of each line".to_owned()),
            fix,
            span: span(start..start + opener),
        });
    }

    fn open_string(&mut self) {
        let start = self.at;
        if self.open.last() == Some(&Open::Interpolation)
            && !self.rest().lines().next().is_some_and(|line| line.contains('}'))
        {
            // No `}` follows on this line, so this is not a string in `${…}` but the end of the one around it.
            self.at += 1;
            self.open.truncate(self.open.len().saturating_sub(2));
            self.tokens.push((Token::InterpolateEnd, span(start..start)));
            self.tokens.push((Token::QuoteEnd, span(start..self.at)));
            self.error(
                SyntaxErrorKind::Unclosed,
                start..self.at,
                "a `${` is not closed before the end of its string",
                "a `}` is missing before this",
                Some("close it with `}`".to_owned()),
            );
            if let Some(error) = self.errors.last_mut() {
                let span = span(start..start);
                error.fix = Some(Fix { title: "close it with `}`".to_owned(), span, replacement: "}".to_owned() });
            }
            return;
        }
        let is_long = self.rest().starts_with(LONG_QUOTE);
        self.at += if is_long { LONG_QUOTE.len() } else { 1 };
        let triple = is_long && self.rest().contains(LONG_QUOTE);
        self.push(Token::Quote, start..self.at);
        if is_long && !triple {
            self.open_text(start);
            return;
        }
        self.open.push(Open::Text { start, triple });
        if triple && self.rest().starts_with('\n') {
            self.at += 1;
        }
    }

    /// A `"""` that is never closed: it ends where statements go on, so that they are kept.
    fn open_text(&mut self, open: usize) {
        let indent = self.indent(open);
        let start = self.at;
        let mut at = start;
        for (number, line) in self.text[start..].split_inclusive('\n').enumerate() {
            let content = line.trim();
            let depth = line.len() - line.trim_start().len();
            if number > 0 && !content.is_empty() && (depth < indent || (depth == indent && is_code(content))) {
                break;
            }
            at += line.len();
            self.at = start + self.text[start..at].trim_end().len();
        }
        let end = self.at;
        if end > start {
            self.push(Token::Text(SmolStr::new(&self.text[start..end])), start..end);
        }
        self.push(Token::QuoteEnd, end..end);
        self.unclosed_string(open, end);
    }

    fn string_text(&mut self, open: usize, triple: bool) {
        let start = self.at;
        let mut text = String::new();
        while let Some(c) = self.rest().chars().next() {
            match c {
                '"' if !triple || self.rest().starts_with(LONG_QUOTE) => break,
                '\n' if !triple => break,
                '$' if self.rest().starts_with("${") => break,
                '\\' => self.escape(&mut text),
                _ => {
                    text.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
        if !text.is_empty() {
            self.push(Token::Text(SmolStr::new(&text)), start..self.at);
        }
        let end = self.at;
        if self.rest().starts_with('"') {
            self.at += if triple { LONG_QUOTE.len() } else { 1 };
            self.open.pop();
            self.push(Token::QuoteEnd, end..self.at);
        } else if self.rest().starts_with("${") {
            self.at += 2;
            self.push(Token::Interpolate, end..self.at);
            self.open.push(Open::Interpolation);
        } else if !triple {
            self.open.pop();
            self.push(Token::QuoteEnd, end..end);
            self.unclosed_string(open, end);
        }
    }

    fn escape(&mut self, out: &mut String) {
        let start = self.at;
        self.at += 1;
        let Some(c) = self.rest().chars().next() else { return };
        self.at += c.len_utf8();
        match c {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            '"' | '\\' | '$' | '/' => out.push(c),
            'u' => {
                let inner = self
                    .rest()
                    .strip_prefix('{')
                    .and_then(|rest| rest.split_once('}'))
                    .map(|(digits, _)| digits.to_owned());
                match inner.as_deref().and_then(|digits| u32::from_str_radix(digits, 16).ok()).and_then(char::from_u32)
                {
                    Some(character) => {
                        self.at += inner.map_or(0, |digits| digits.len() + 2);
                        out.push(character);
                    }
                    None => self.error(
                        SyntaxErrorKind::Unexpected,
                        start..self.at,
                        "`\\u` needs a code point in braces",
                        "this names no character",
                        Some("write it like `\\u{1f600}`".to_owned()),
                    ),
                }
            }
            _ => self.error(
                SyntaxErrorKind::Unexpected,
                start..self.at,
                "no such escape in a string",
                "this is not an escape",
                Some("known are \\n \\t \\r \\\" \\\\ \\$ and \\u{…}; a backslash itself is \\\\".to_owned()),
            ),
        }
    }

    fn jq(&mut self) {
        let start = self.at;
        let ticks = self.rest().bytes().take_while(|byte| *byte == b'`').count();
        let line = self.text[..start].rfind('\n').map_or(0, |end| end + 1);
        if ticks >= 3 && self.text[line..start].trim().is_empty() {
            return self.markdown_fence(ticks);
        }
        let fence = &self.text[start..start + ticks];
        let inner = start + ticks;
        let is_whole = |length: &usize| ticks > 1 || !self.swallows(inner..inner + length);
        let end = match find_fence(&self.text[inner..], fence).filter(is_whole) {
            Some(length) => inner + length,
            // Two of them with nothing between.
            None if ticks == 2 => {
                self.at = inner;
                return self.push(Token::Jq { program: SmolStr::default(), ticks: 1 }, start..inner);
            }
            None => {
                // Up to the next line that begins a statement or closes a block, so that the lines after it are kept.
                let end = self.text[inner..].find('\n').map_or(self.text.len(), |length| inner + length);
                self.at = end;
                self.error(
                    SyntaxErrorKind::Unclosed,
                    start..inner,
                    "this jq text is never closed",
                    "opened here",
                    Some(match ticks {
                        1 => "close it with a backtick".to_owned(),
                        _ => format!("close it with {ticks} backticks"),
                    }),
                );
                let program = SmolStr::new(&self.text[inner..end]);
                self.push(Token::Jq { program, ticks: u8::try_from(ticks).unwrap_or(u8::MAX) }, start..end);
                return;
            }
        };
        self.at = end + ticks;
        let program = SmolStr::new(&self.text[inner..end]);
        self.push(Token::Jq { program, ticks: u8::try_from(ticks).unwrap_or(u8::MAX) }, start..self.at);
    }

    /// Whether a jq text, with one backtick too many or too few behind it, would hold statements that stand below it.
    fn swallows(&self, inner: std::ops::Range<usize>) -> bool {
        let indent = self.indent(inner.start);
        let begins_statement = |line: &str| {
            let word = line.trim_start();
            let (word, rest) = word.split_at(word.find(|c| !continues_word(c)).unwrap_or(word.len()));
            line.len() - line.trim_start().len() <= indent
                && (rest.starts_with(": ") || (rest.starts_with(' ') && STATEMENT_WORDS.contains(&word)))
        };
        self.text[inner.clone()].lines().skip(1).any(begins_statement)
            && self.text[inner.start..].matches('`').count().is_multiple_of(2)
    }

    /// Three backticks at the beginning of a line: the fence around a program that was copied out of a document.
    fn markdown_fence(&mut self, ticks: usize) {
        let start = self.at;
        self.at += self.rest().find('\n').unwrap_or(self.rest().len());
        let range = start..self.at;
        self.errors.push(SyntaxError {
            kind: SyntaxErrorKind::Habit,
            headline: "a fence of Markdown is not part of the program".to_owned(),
            label: "belongs to the document around it".to_owned(),
            help: Some("remove the line".to_owned()),
            fix: Some(Fix { title: "remove the line".to_owned(), span: span(range), replacement: String::new() }),
            span: span(start..start + ticks),
        });
    }

    /// Whether a line begins here as version control marks the sides of a conflict.
    fn is_conflict_marker(&self) -> bool {
        let at_margin = self.at == 0 || self.text.as_bytes()[self.at - 1] == b'\n';
        at_margin && CONFLICT_MARKERS.iter().any(|marker| self.rest().starts_with(marker))
    }

    /// A conflict that nobody has resolved: the first side is read, the other is left out.
    fn merge_conflict(&mut self) {
        let start = self.at;
        let line_end = |text: &str| text.find('\n').unwrap_or(text.len());
        let is_told = self.errors.iter().any(|error| error.headline == MERGE_CONFLICT);
        self.at += match self.rest().find("\n>>>>>>>") {
            Some(end) if !self.rest().starts_with(CONFLICT_MARKERS[0]) => end + 1 + line_end(&self.rest()[end + 1..]),
            _ => line_end(self.rest()),
        };
        if !is_told {
            self.error(
                SyntaxErrorKind::Unexpected,
                start..start + CONFLICT_MARKERS[0].len(),
                MERGE_CONFLICT,
                "two versions stand here, of which one is meant",
                Some("keep one of them, and remove the lines `<<<<<<<`, `=======` and `>>>>>>>`".to_owned()),
            );
        }
    }

    /// A text in quotes of other languages, or of a word processor.
    fn single_quoted(&mut self, open: char) {
        let closing: &[char] = if open == '\'' { &['\'', '\n'] } else { &['“', '”', '‘', '’', '\n'] };
        let start = self.at;
        let begin = start + open.len_utf8();
        let length = self.text[begin..].find(closing).unwrap_or(self.text.len() - begin);
        let inner = self.text[begin..begin + length].to_owned();
        self.at = begin + length;
        if let Some(close) = self.rest().chars().next().filter(|c| *c != '\n') {
            self.at += close.len_utf8();
        }
        let replacement = format!("\"{}\"", inner.replace('"', "\\\""));
        self.errors.push(SyntaxError {
            kind: SyntaxErrorKind::Habit,
            headline: "strings stand in double quotes".to_owned(),
            label: if open == '\'' { "single quotes mean nothing here" } else { "these quotes mean nothing here" }
                .to_owned(),
            help: Some(format!("write {replacement}")),
            fix: Some(Fix { title: format!("write {replacement}"), span: span(start..self.at), replacement }),
            span: span(start..self.at),
        });
        self.push(Token::Quote, start..begin);
        self.tokens.push((Token::Text(SmolStr::new(&inner)), span(begin..begin + length)));
        self.tokens.push((Token::QuoteEnd, span(self.at..self.at)));
    }

    fn number(&mut self) {
        let start = self.at;
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        self.at += digits(self.rest());
        if self.rest().starts_with('.') && digits(&self.rest()[1..]) > 0 {
            self.at += 1 + digits(&self.rest()[1..]);
        }
        if let Some(exponent) = self.rest().strip_prefix(['e', 'E']) {
            let sign = usize::from(exponent.starts_with(['+', '-']));
            if digits(&exponent[sign..]) > 0 {
                self.at += 1 + sign + digits(&exponent[sign..]);
            }
        }
        let number = SmolStr::new(&self.text[start..self.at]);
        let suffix = self.rest().find(|c| !continues_word(c)).unwrap_or(self.rest().len());
        let unit = self.rest()[..suffix].to_owned();
        self.at += suffix;
        let text = SmolStr::new(&self.text[start..self.at]);
        match unit.as_str() {
            "" => self.push(Token::Number(number), start..self.at),
            "s" | "m" => self.push(Token::Duration(text), start..self.at),
            _ => self.unknown_unit(start..self.at, &number, &unit),
        }
    }

    fn unknown_unit(&mut self, range: std::ops::Range<usize>, number: &SmolStr, unit: &str) {
        let text = self.text[range.clone()].to_owned();
        let value: f64 = number.parse().unwrap_or_default();
        let seconds = match unit {
            "ms" | "millis" => Some(value / 1000.0),
            "sec" | "secs" | "second" | "seconds" | "S" => Some(value),
            "min" | "mins" | "minute" | "minutes" | "M" => Some(value * 60.0),
            "h" | "hour" | "hours" => Some(value * 3600.0),
            _ => None,
        };
        let Some(seconds) = seconds else {
            self.error(
                SyntaxErrorKind::Unexpected,
                range.clone(),
                &format!("`{text}` is no number"),
                &format!("`{unit}` follows the digits"),
                Some("durations end in `s` or `m`, as `30s`; a name does not begin with a digit".to_owned()),
            );
            return self.push(Token::Number(number.clone()), range);
        };
        if seconds > LONGEST_FLOW {
            let (headline, help) = (format!("`{text}` is no duration"), "wait for a shorter time, as `30s`".to_owned());
            let why = format!("durations end in `s` or `m`, and a flow may run for {LONGEST_FLOW} seconds");
            self.error(SyntaxErrorKind::Habit, range.clone(), &headline, &why, Some(help));
            return self.push(Token::Hole, range);
        }
        let written = format!("{seconds}s");
        let title = format!("write `{written}`");
        self.habit(range.clone(), &format!("`{text}` is no duration"), "durations end in `s` or `m`", &title, &written);
        self.push(Token::Duration(SmolStr::new(&written)), range);
    }

    fn symbol(&mut self, first: char) {
        let start = self.at;
        let is_here = |symbol: &&str| symbol.starts_with(first) && self.rest().starts_with(*symbol);
        let Some(symbol) = SYMBOLS.iter().copied().find(is_here) else {
            self.at += first.len_utf8();
            self.error(
                SyntaxErrorKind::Unexpected,
                start..self.at,
                &format!("`{first}` means nothing here"),
                "not part of the language",
                None,
            );
            return;
        };
        self.at += symbol.len();
        if symbol == ";" && matches!(self.open.last(), Some(Open::Round(_) | Open::Square(_))) {
            return self.push(Token::Symbol(";"), start..self.at);
        }
        if symbol == ";" && (self.declares_fields() || self.in_record()) {
            self.habit(start..self.at, "`;` is written `,`", "between two fields stands `,`", "write `,`", ",");
            return self.push(Token::Symbol(","), start..self.at);
        }
        if symbol == ";" {
            self.habit(
                start..self.at,
                "a statement ends at the end of its line",
                "no `;` is needed",
                "remove the `;`",
                "",
            );
            self.line_end.get_or_insert(start);
            return;
        }
        let (instead, why) = match symbol {
            "===" => ("==", "there is one equality"),
            "!==" => ("!=", "there is one inequality"),
            "&" => ("&&", "there are no bit operations"),
            "?." => (".", "whether a value is there is asked with `is present`"),
            _ => ("", ""),
        };
        if !instead.is_empty() {
            self.habit(
                start..self.at,
                &format!("`{symbol}` is written `{instead}`"),
                why,
                &format!("write `{instead}`"),
                instead,
            );
            self.push(Token::Symbol(instead), start..self.at);
            return;
        }
        if symbol == "}" && self.open.last() == Some(&Open::Interpolation) {
            self.open.pop();
            self.line_end = None;
            self.tokens.push((Token::InterpolateEnd, span(start..self.at)));
            return;
        }
        self.push(Token::Symbol(symbol), start..self.at);
        match symbol {
            "(" => self.open_bracket(Open::Round(self.indent(start))),
            "[" => self.open_bracket(Open::Square(self.indent(start))),
            "{" => self.open_bracket(Open::Curly { start, indent: self.indent(start) }),
            ")" => drop(self.close(|open| matches!(open, Open::Round(_)))),
            "]" => drop(self.close(|open| matches!(open, Open::Square(_)))),
            "}" if self.braces == Braces::NotDeeper && self.is_too_many(start) => {
                self.tokens.pop();
                let (headline, label) = ("this `}` closes nothing", "one too many");
                self.habit(start..self.at, headline, label, "remove it", "");
                if let Some(error) = self.errors.last_mut() {
                    error.kind = SyntaxErrorKind::Unexpected;
                }
            }
            "}" if self.close(|open| matches!(open, Open::Curly { .. })) => {}
            "}" => self.never_opened += 1,
            _ => {}
        }
    }

    fn open_bracket(&mut self, open: Open) {
        if self.open.len() >= DEPTH_LIMIT {
            let at = self.at;
            self.error(
                SyntaxErrorKind::Unexpected,
                at - 1..at,
                &format!("brackets are nested deeper than {DEPTH_LIMIT} levels"),
                "too deep",
                Some("give the inner parts names of their own".to_owned()),
            );
            self.tokens.pop();
            self.at = self.text.len();
            self.gave_up = true;
            return;
        }
        self.open.push(open);
    }

    /// Closes the innermost bracket of this sort, and what was forgotten inside it; gives whether there is one.
    fn close(&mut self, opens: fn(&Open) -> bool) -> bool {
        let floor =
            self.open.iter().rposition(|open| matches!(open, Open::Text { .. })).map_or(0, |position| position + 2);
        let position = self.open.iter().rposition(opens).filter(|position| *position >= floor);
        self.open.truncate(position.unwrap_or(self.open.len()));
        position.is_some()
    }

    /// Whether the line of a `}` is indented deeper than the one with the `{` that it would close.
    fn is_too_many(&self, start: usize) -> bool {
        let opener = self.open.iter().rev().find_map(|open| match open {
            Open::Curly { start, indent } => Some((*start, *indent)),
            _ => None,
        });
        opener.is_some_and(|(opener, indent)| indent < self.indent(start) && self.text[opener..start].contains('\n'))
    }

    /// Closes the blocks that a line at `start` is not indented into.
    fn close_by_indentation(&mut self, line_end: usize, start: usize, closes: bool) {
        let here = self.indent(start);
        while let Some(open) = self.open.last().copied() {
            match open {
                Open::Round(opener) | Open::Square(opener) if here <= opener && !closes => {}
                Open::Curly { indent: opener, start } if here < opener || (here == opener && !closes) => {
                    self.tokens.push((Token::Symbol("}"), span(line_end..line_end)));
                    self.error(
                        SyntaxErrorKind::Unclosed,
                        start..start + 1,
                        "this `{` is never closed",
                        "opened here",
                        Some("close it with `}`".to_owned()),
                    );
                }
                _ => return,
            }
            self.open.pop();
        }
    }

    fn unclosed_string(&mut self, open: usize, end: usize) {
        let (headline, help) = match self.text[open..].starts_with(LONG_QUOTE) {
            true => ("this text is never closed", "close it with `\"\"\"`"),
            false => (
                "this string is not closed on its line",
                "close it with `\"`; a text over several lines stands in `\"\"\"`",
            ),
        };
        self.error(SyntaxErrorKind::Unclosed, open..end, headline, "opened here", Some(help.to_owned()));
    }

    fn habit(&mut self, range: std::ops::Range<usize>, headline: &str, label: &str, title: &str, replacement: &str) {
        self.errors.push(SyntaxError {
            kind: SyntaxErrorKind::Habit,
            headline: headline.to_owned(),
            label: label.to_owned(),
            help: Some(title.to_owned()),
            fix: Some(Fix { title: title.to_owned(), span: span(range.clone()), replacement: replacement.to_owned() }),
            span: span(range),
        });
    }

    fn error(
        &mut self,
        kind: SyntaxErrorKind,
        range: std::ops::Range<usize>,
        headline: &str,
        label: &str,
        help: Option<String>,
    ) {
        self.errors.push(SyntaxError {
            kind,
            headline: headline.to_owned(),
            label: label.to_owned(),
            help,
            fix: None,
            span: span(range),
        });
    }
}

/// Whether a token at the beginning of a line belongs to the statement of the line before.
fn continues_line(token: &Token) -> bool {
    match token {
        Token::Symbol(symbol) => {
            matches!(
                *symbol,
                "." | "+"
                    | "*"
                    | "/"
                    | "%"
                    | "=="
                    | "!="
                    | "<="
                    | ">="
                    | "<"
                    | ">"
                    | "&&"
                    | "||"
                    | "??"
                    | "->"
                    | "|"
                    | "?"
                    | ":"
                    | "="
                    | ","
                    | ")"
                    | "]"
            )
        }
        Token::Word(word) => matches!(word.as_str(), "else" | "catch"),
        _ => false,
    }
}

/// The closing run of exactly as many backticks.
pub(crate) fn find_fence(text: &str, fence: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = text[from..].find('`') {
        let start = from + found;
        let run = text[start..].bytes().take_while(|byte| *byte == b'`').count();
        if run == fence.len() {
            return Some(start);
        }
        from = start + run;
    }
    None
}

fn span(range: std::ops::Range<usize>) -> Span {
    let size = |at: usize| TextSize::new(u32::try_from(at).unwrap_or(u32::MAX));
    Span::new(size(range.start), size(range.end))
}

/// Whether a line is more likely a statement than one of a text.
fn is_code(line: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    let (word, rest) = line.split_at(line.find(|c| !is_part(c)).unwrap_or(line.len()));
    let opens_block = line.ends_with('{');
    CODE_WORDS.contains(&word)
        || line.starts_with(['}', '@'])
        || line.starts_with("//")
        || opens_block
        || (!word.is_empty() && (rest.starts_with('(') || rest.starts_with(" = ")))
        || rest.strip_prefix(": ").is_some_and(is_code)
}
