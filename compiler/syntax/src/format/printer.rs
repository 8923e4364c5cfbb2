//! A walk over the tokens of an item. The tree says how to lay them out; the tokens themselves are printed one after
//! the other, each with its comments, so that nothing can get lost, doubled or out of order.

use super::document::{Document, Layout};
use super::token::{Comment, Gap, PlacedToken, placed_tokens};
use crate::Span;
use crate::lexer::{Lexed, Token};

pub(super) struct Printer<'a> {
    pub(super) text: &'a str,
    pub(super) document: Document<'a>,
    tokens: Vec<PlacedToken<'a>>,
    /// The token that is printed next.
    at: usize,
    /// The comments after the last token.
    end: Vec<Comment<'a>>,
}

/// Which empty lines are kept around the comments above a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct EmptyLines {
    /// Above the first comment, or the token where there is none.
    above: bool,
    between: bool,
    /// Between the last comment and the token.
    below: bool,
}

impl EmptyLines {
    const DROPPED: Self = Self { above: false, between: false, below: false };
    const FIRST_ELEMENT: Self = Self { above: false, between: true, below: true };
    const ELEMENT: Self = Self { above: true, between: true, below: true };
    const CLOSING_EMPTY: Self = Self { above: false, between: true, below: false };
    const CLOSING: Self = Self { above: true, between: true, below: false };
}

/// What stands inside the brackets of a list that is on one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Padding {
    /// `{ a, b }`
    Space,
    /// `(a, b)`
    None,
}

impl<'a> Printer<'a> {
    pub(super) fn new(text: &'a str, lexed: Lexed) -> Self {
        let (tokens, end) = placed_tokens(text, lexed);
        Self { text, document: Document::default(), tokens, at: 0, end }
    }

    /// Ends the item: what nobody has printed so far, and the comments after it.
    pub(super) fn finish(mut self) -> String {
        while self.at < self.tokens.len() {
            self.space();
            self.token();
        }
        for comment in std::mem::take(&mut self.end) {
            self.document.hard_line();
            if comment.gap == Gap::EmptyLine {
                self.document.blank_line();
            }
            self.document.own_comment(comment.text);
        }
        self.document.print()
    }

    /// The next token.
    pub(super) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|token| &token.token)
    }

    pub(super) fn next_is(&self, symbol: &str) -> bool {
        matches!(self.peek(), Some(Token::Symbol(next)) if *next == symbol)
    }

    pub(super) fn next_is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(next)) if next == word)
    }

    /// Whether the token before the next is this symbol.
    pub(super) fn last_is(&self, symbol: &str) -> bool {
        let last = self.at.checked_sub(1).and_then(|last| self.tokens.get(last));
        last.is_some_and(|token| matches!(token.token, Token::Symbol(last) if last == symbol))
    }

    /// Where the next token begins.
    pub(super) fn offset(&self) -> usize {
        self.tokens.get(self.at).map_or(self.text.len(), |token| token.start)
    }

    /// Where the partner of the next token ends.
    pub(super) fn partner_end(&self) -> usize {
        let partner = self.tokens.get(self.at).and_then(|token| self.tokens.get(token.partner));
        partner.map_or(self.text.len(), |token| token.end)
    }

    /// Prints the next token; a string as it is written, whole.
    pub(super) fn token(&mut self) {
        self.comments_above(EmptyLines::DROPPED);
        let Some(token) = self.tokens.get(self.at) else { return };
        let last = if token.token == Token::Quote { token.partner } else { self.at };
        self.verbatim(token.start, last);
    }

    /// Prints the text from a place to the end of a token, and goes on after that.
    fn verbatim(&mut self, start: usize, last: usize) {
        let Some(token) = self.tokens.get(last) else { return };
        self.document.text(&self.text[start..token.end]);
        if let Some(comment) = token.behind {
            self.document.trailing_comment(comment);
        }
        self.at = last + 1;
    }

    /// Prints the next token if it is this symbol.
    pub(super) fn symbol(&mut self, symbol: &str) {
        if self.next_is(symbol) {
            self.token();
        }
    }

    /// Prints the next token if it is this word.
    pub(super) fn word(&mut self, word: &str) {
        if self.next_is_word(word) {
            self.token();
        }
    }

    /// Prints a comma, in front of the comments that stand before it.
    pub(super) fn comma(&mut self) {
        if self.next_is(",") {
            self.document.comma();
            self.pass();
        }
    }

    /// Passes the next token and prints its comments only.
    pub(super) fn pass(&mut self) {
        self.comments_above(EmptyLines::DROPPED);
        if let Some(comment) = self.tokens.get(self.at).and_then(|token| token.behind) {
            self.document.trailing_comment(comment);
        }
        self.at += 1;
    }

    /// Prints the tokens of a place without spaces between them: a name, dotted or in quotes.
    pub(super) fn through(&mut self, span: Span) {
        while self.at < self.tokens.len() && self.offset() < usize::from(span.end()) {
            self.token();
        }
    }

    pub(super) fn space(&mut self) {
        self.document.text(" ");
    }

    /// Begins a group. Comments above its first token stand before it and do not break it.
    pub(super) fn begin(&mut self, layout: Layout) {
        self.comments_above(EmptyLines::DROPPED);
        self.document.begin(layout);
    }

    pub(super) fn end(&mut self) {
        self.document.end();
    }

    /// The next token begins an element of a list, a statement or a line: prints the comments above it, and keeps
    /// empty lines, unless it is the first.
    pub(super) fn begin_element(&mut self, first: bool) {
        self.comments_above(if first { EmptyLines::FIRST_ELEMENT } else { EmptyLines::ELEMENT });
    }

    fn comments_above(&mut self, keep: EmptyLines) {
        let Some(token) = self.tokens.get_mut(self.at) else { return };
        let mut commented = false;
        for (number, comment) in std::mem::take(&mut token.above).into_iter().enumerate() {
            if comment.gap == Gap::EmptyLine && if number == 0 { keep.above } else { keep.between } {
                self.document.blank_line();
            }
            self.document.own_comment(comment.text);
            commented = true;
        }
        if token.gap == Gap::EmptyLine && keep.below && (keep.above || commented) {
            self.document.blank_line();
        }
    }

    /// Whether a comment stands in front of the next token.
    pub(super) fn comment_is_next(&self) -> bool {
        self.document.holds_comment() || self.tokens.get(self.at).is_some_and(|token| !token.above.is_empty())
    }

    /// How often the place is in parentheses that are no part of its tree: `((a))`.
    pub(super) fn parentheses(&self, span: Span) -> usize {
        let is_pair = |open: usize, close: usize| {
            self.tokens
                .get(open)
                .is_some_and(|token| token.token == Token::Symbol("(") && token.partner == close && close > open)
        };
        let Some(outer) = self.tokens.get(self.at) else { return 0 };
        let close = outer.partner;
        let whole = self.tokens.get(close).is_some_and(|token| token.end == usize::from(span.end()));
        if !whole {
            return 0;
        }
        (0..).take_while(|depth| close >= *depth && is_pair(self.at + depth, close - depth)).count()
    }

    /// Opens a bracket; what follows is indented.
    pub(super) fn open(&mut self) {
        self.token();
        self.document.indent();
    }

    /// Closes a bracket. Comments above it belong to what it holds.
    pub(super) fn close(&mut self, before: fn(&mut Document<'a>)) {
        let empty =
            self.at.checked_sub(1).and_then(|before| self.tokens.get(before)).is_some_and(|t| t.partner == self.at);
        self.comments_above(if empty { EmptyLines::CLOSING_EMPTY } else { EmptyLines::CLOSING });
        self.document.dedent();
        before(&mut self.document);
        self.token();
    }

    /// Prints a list in brackets: on one line, or each element on its own with a comma behind the last. It is broken
    /// where it does not fit, where a comment stands in it, and where its author broke the line after its bracket.
    pub(super) fn list<T>(&mut self, padding: Padding, items: &[T], element: impl Fn(&mut Self, &T)) {
        let Some(close) = self.tokens.get(self.at).map(|open| open.partner) else { return };
        let empty = close == self.at + 1;
        if empty && !self.comments_inside(close) {
            self.token();
            self.token();
            return;
        }
        let broken = self.broken_after_bracket() || (items.len() > 1 && self.has_text_over_lines(close));
        self.begin(if broken { Layout::Broken } else { Layout::Fitting });
        self.open();
        let edge = match padding {
            Padding::Space => Document::line,
            Padding::None => Document::soft_line,
        };
        edge(&mut self.document);
        for (number, item) in items.iter().enumerate() {
            if number > 0 {
                self.document.line();
            }
            self.begin_element(number == 0);
            element(self, item);
            if number + 1 < items.len() {
                self.comma();
            }
        }
        while self.at < close && !self.last_comma(close) {
            self.token();
        }
        if !empty {
            self.document.trailing_comma();
        }
        if self.at < close {
            self.pass();
        }
        self.close(edge);
        self.end();
    }

    /// Prints a list of one element without a line of its own for it: `f({` … `})`.
    pub(super) fn hug<T>(&mut self, item: &T, element: impl Fn(&mut Self, &T)) {
        self.token();
        element(self, item);
        if self.next_is(",") {
            self.pass();
        }
        self.token();
    }

    /// Whether the next bracket can hug what it holds: no line break after it, and no comments but inside of that.
    pub(super) fn can_hug(&self, inner: Span) -> bool {
        let Some(open) = self.tokens.get(self.at) else { return false };
        let inside = self.tokens.get(self.at + 1..open.partner).unwrap_or_default();
        let (start, end) = (usize::from(inner.start()), usize::from(inner.end()));
        let comment_outside = |token: &PlacedToken<'_>| {
            (token.behind.is_some() && (token.start < start || token.end >= end))
                || (!token.above.is_empty() && (token.start <= start || token.start >= end))
        };
        !self.broken_after_bracket() && !self.comments_inside(open.partner) && !inside.iter().any(comment_outside)
    }

    /// Whether the author broke the line before the next token.
    pub(super) fn broken_before(&self) -> bool {
        self.tokens.get(self.at).is_some_and(|token| token.gap != Gap::SameLine)
    }

    /// Whether the author wrote a place on one line.
    pub(super) fn on_one_line(&self, span: Span) -> bool {
        self.text.get(std::ops::Range::<usize>::from(span)).is_some_and(|text| !text.contains('\n'))
    }

    /// Whether the author broke the line after the next token, a bracket.
    pub(super) fn broken_after_bracket(&self) -> bool {
        self.tokens.get(self.at + 1).is_some_and(|token| token.gap != Gap::SameLine || !token.above.is_empty())
    }

    /// Whether there is a comment between the next bracket and the one that closes it.
    fn comments_inside(&self, close: usize) -> bool {
        self.tokens.get(self.at).is_some_and(|open| open.behind.is_some())
            || self.tokens.get(close).is_some_and(|token| !token.above.is_empty())
    }

    /// Whether the next bracket, and what it holds, stands on one line.
    pub(super) fn bracket_on_one_line(&self) -> bool {
        self.text.get(self.offset()..self.partner_end()).is_some_and(|text| !text.contains('\n'))
    }

    /// Whether the next bracket holds nothing, not even a comment.
    pub(super) fn bracket_is_empty(&self) -> bool {
        self.tokens.get(self.at).is_some_and(|open| open.partner == self.at + 1 && !self.comments_inside(open.partner))
    }

    /// Whether a text over several lines stands between the next bracket and the one that closes it.
    fn has_text_over_lines(&self, close: usize) -> bool {
        let inside = self.tokens.get(self.at..close).unwrap_or_default();
        inside.iter().any(|token| match token.token {
            Token::Quote | Token::Jq { .. } => {
                let end = self.tokens.get(token.partner).map_or(token.end, |last| last.end);
                self.text[token.start..end].contains('\n')
            }
            _ => false,
        })
    }

    /// Whether the next token is the comma before a bracket that closes.
    fn last_comma(&self, close: usize) -> bool {
        self.at + 1 == close && self.next_is(",")
    }

    /// Prints the lines of documentation.
    pub(super) fn documentation(&mut self) {
        while let Some(Token::Documentation(line)) = self.peek() {
            let empty = line.is_empty();
            let start = self.offset();
            self.comments_above(EmptyLines::DROPPED);
            let Some(token) = self.tokens.get(self.at) else { return };
            let line = self.text[start + 3..token.end].trim_end();
            self.document.text("///");
            if !empty {
                self.document.text(" ");
                self.document.text(line.strip_prefix(' ').unwrap_or(line));
            }
            self.at += 1;
            self.document.hard_line();
        }
    }

    /// Prints a string: its text as it is written, its expressions formatted where they stand on one line.
    pub(super) fn string(&mut self, mut value: impl FnMut(&mut Self, usize)) {
        self.comments_above(EmptyLines::DROPPED);
        let Some(quote) = self.tokens.get(self.at) else { return };
        let last = quote.partner;
        let mut from = quote.start;
        let mut number = 0;
        self.at += 1;
        while self.at < last {
            if !matches!(self.peek(), Some(Token::Interpolate)) {
                self.at += 1;
                continue;
            }
            let Some(close) = self.tokens.get(self.at).map(|open| open.partner) else { return };
            if self.bracket_on_one_line() {
                self.verbatim(from, self.at);
                self.begin(Layout::OneLine);
                value(self, number);
                self.end();
                self.at = close;
                from = self.offset();
            }
            self.at = close + 1;
            number += 1;
        }
        self.verbatim(from, last);
    }
}
