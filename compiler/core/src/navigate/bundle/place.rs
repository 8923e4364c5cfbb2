//! Where in the JSON of a bundle a place is. Only brackets, strings and colons are looked at, so that half of a bundle
//! is read as well as a whole one.

use super::members::{Holds, Member, Owner, member};
use std::ops::Range;
use text_size::TextSize;
use zisc_bundle::json;
use zisc_bundle::{Operator, Span};

/// A place in a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundlePlace {
    /// The objects and lists around it, the largest first.
    pub around: Vec<Around>,
    /// Whether a key is written there, or a value.
    pub side: Side,
    /// The string or word at the place, without its quotes; empty where there is none.
    pub word: Span,
    /// How the string at the place is written.
    pub quotes: Quotes,
    /// What the string or word says up to the place, escapes taken apart.
    pub before: String,
    /// A value ends in front of the place, and no comma stands between them.
    pub is_behind_value: bool,
}

/// An object or a list around a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// The bracket that opens it.
    pub open: usize,
    /// It is a list.
    pub is_list: bool,
    /// The members of an object, also those behind the place.
    pub members: Vec<Written>,
    /// The key of the member in which the place is.
    pub key: Option<String>,
}

/// A member as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Its key.
    pub key: String,
    /// Its value, where that is a string.
    pub text: Option<String>,
    /// The keys of its value, where that is an object.
    pub keys: Vec<String>,
}

/// What is written at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The key of a member.
    Key,
    /// The value of a member, or an item of a list.
    Value,
}

/// How a string is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quotes {
    /// There are none, or the place is outside them.
    None,
    /// Both are there.
    Closed,
    /// The second one is missing.
    Open,
}

impl Around {
    /// The text of a member.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.members.iter().find(|member| member.key == key)?.text.as_deref()
    }

    /// The keys of the object in a member.
    pub fn keys(&self, key: &str) -> &[String] {
        self.members.iter().find(|member| member.key == key).map_or(&[], |member| member.keys.as_slice())
    }
}

impl BundlePlace {
    /// The place at an offset of a text.
    pub fn at(text: &str, offset: TextSize) -> Self {
        Scan { text, offset: usize::from(offset).min(text.len()), stack: Vec::new() }.run()
    }

    /// What the innermost object is; nothing where it is one that anybody can make up.
    pub fn owner(&self) -> Option<Owner> {
        match self.holds(self.around.len().checked_sub(1)?)? {
            Holds::Object(owner) => Some(owner),
            _ => None,
        }
    }

    /// The innermost object.
    pub fn object(&self) -> Option<&Around> {
        self.around.last().filter(|around| !around.is_list)
    }

    /// The `Type` of the state, or the `type` of the resource, that an object belongs to.
    fn kind(&self, depth: usize, owner: Owner) -> Option<&str> {
        match owner {
            Owner::State => self.around.get(depth)?.text("Type"),
            Owner::Resource => self.around.get(depth)?.text("type"),
            Owner::Properties => self.around.get(depth.checked_sub(1)?)?.text("type"),
            _ => None,
        }
    }

    /// The type of the innermost object, where it is a state or a part of a resource.
    pub fn kind_here(&self) -> Option<&str> {
        self.kind(self.around.len().checked_sub(1)?, self.owner()?)
    }

    /// What the object or list at this depth is.
    pub(super) fn holds(&self, depth: usize) -> Option<Holds> {
        let mut here = Holds::Object(Owner::Bundle);
        for (at, around) in self.around.iter().enumerate().take(depth) {
            here = match (here, around.key.as_deref()) {
                (Holds::Object(Owner::Resources), Some(_)) => Holds::Object(Owner::Resource),
                (Holds::Object(Owner::States), Some(_)) => Holds::Object(Owner::State),
                (Holds::Object(owner), Some(key)) => match member(owner, self.kind(at, owner), key) {
                    Some(member) => member.holds,
                    None => return None,
                },
                (Holds::List(owner), None) if around.is_list => Holds::Object(owner),
                (Holds::Template, _) => Holds::Template,
                (Holds::SomeOf(texts), None) if around.is_list => Holds::OneOf(texts),
                _ => return None,
            };
        }
        Some(here)
    }

    /// The member in whose key or value the place is.
    pub fn member(&self) -> Option<&'static Member> {
        let depth = self.around.iter().rposition(|around| !around.is_list)?;
        let Some(Holds::Object(owner)) = self.holds(depth) else { return None };
        member(owner, self.kind(depth, owner), self.around[depth].key.as_deref()?)
    }

    /// What the value at the place is.
    pub fn value(&self) -> Option<Holds> {
        (self.side == Side::Value).then(|| self.holds(self.around.len()))?
    }

    /// The operator of a rule in whose value the place is.
    pub fn operator(&self) -> Option<&'static Operator> {
        let is_rule = matches!(self.owner(), Some(Owner::Rule | Owner::Condition));
        Operator::named(self.object().filter(|_| is_rule && self.side == Side::Value)?.key.as_deref()?)
    }

    /// The innermost machine around the place.
    pub fn machine(&self) -> Option<&Around> {
        (0..self.around.len())
            .rev()
            .find(|depth| self.holds(*depth) == Some(Holds::Object(Owner::Machine)))
            .map(|depth| &self.around[depth])
    }
}

/// An object or list that is open while the text is read.
#[derive(Default)]
struct Open {
    around: Around,
    /// A key has been read, and its colon.
    in_value: bool,
    /// A string that may turn out to be a key.
    last: Option<String>,
    /// A value has been read, and no comma.
    is_behind_value: bool,
}

struct Scan<'a> {
    text: &'a str,
    offset: usize,
    stack: Vec<Open>,
}

impl Scan<'_> {
    fn run(mut self) -> BundlePlace {
        let mut found: Option<(Range<usize>, Quotes, String)> = None;
        let mut side = None;
        let mut is_behind_value = false;
        // What is around the place: closed behind it, the innermost first; and how much is still open.
        let mut kept: Vec<Around> = Vec::new();
        let mut around = 0;
        let bytes = self.text.as_bytes();
        let mut at = 0;
        loop {
            if side.is_none() && at >= self.offset {
                (side, is_behind_value) = (Some(self.side()), self.is_behind_value());
                around = self.stack.len();
            }
            let Some(byte) = bytes.get(at) else { break };
            match byte {
                b'"' => {
                    let (mut end, mut is_closed) = string_end(self.text, at);
                    let is_here = side.is_none() && at < self.offset && self.offset <= end - usize::from(is_closed);
                    if is_here && (!is_closed || self.is_left_open(end)) {
                        (end, is_closed) = (self.word_end(), false);
                    } else if !is_closed {
                        end = at + 1 + json::within_open_string(&self.text[at + 1..end]).len();
                    }
                    let inside = at + 1..end - usize::from(is_closed);
                    let value = unescaped(&self.text[at..end], is_closed);
                    if is_here {
                        let before = unescaped(&self.text[at..self.offset], false);
                        let quotes = if is_closed { Quotes::Closed } else { Quotes::Open };
                        found = Some((inside.clone(), quotes, before));
                        (side, is_behind_value) = (Some(self.side()), self.is_behind_value());
                        around = self.stack.len();
                    }
                    self.string(value);
                    at = end;
                    continue;
                }
                b'/' if bytes.get(at + 1) == Some(&b'/') => {
                    at = self.text[at..].find('\n').map_or(bytes.len(), |length| at + length);
                    continue;
                }
                b'{' | b'[' => self.open(at, *byte == b'['),
                b'}' | b']' => {
                    if side.is_some() && around == 0 {
                        break; // it closes what was never opened
                    }
                    if side.is_some() && self.stack.len() == around {
                        let Some(open) = self.stack.pop() else { break };
                        kept.push(open.around);
                        around -= 1;
                        if around == 0 {
                            break;
                        }
                    } else {
                        drop(self.stack.pop());
                    }
                    if let Some(open) = self.stack.last_mut() {
                        open.in_value = open.around.is_list;
                        open.is_behind_value = true;
                    }
                }
                b':' => {
                    if let Some(open) = self.stack.last_mut().filter(|open| !open.around.is_list) {
                        open.in_value = true;
                        open.is_behind_value = false;
                        if let Some(key) = open.last.take() {
                            if side.is_none() {
                                open.around.key = Some(key.clone());
                            }
                            open.around.members.push(Written { key, ..Written::default() });
                        }
                    }
                }
                b',' => {
                    if let Some(open) = self.stack.last_mut() {
                        open.in_value = open.around.is_list;
                        open.is_behind_value = false;
                        open.last = None;
                        if side.is_none() {
                            open.around.key = None;
                        }
                    }
                }
                _ => {}
            }
            at += 1;
        }
        let side = side.unwrap_or(Side::Value);
        kept.reverse();
        let rest = around.min(self.stack.len());
        let mut all: Vec<Around> = self.stack.drain(..rest).map(|open| open.around).collect();
        all.extend(kept);
        let (word, quotes, before) = found.unwrap_or_else(|| self.bare_word());
        if side == Side::Key
            && let Some(innermost) = all.last_mut()
        {
            innermost.key = Some(self.text[word.clone()].to_owned()).filter(|key| !key.is_empty());
        }
        BundlePlace { around: all, side, word: span(word), quotes, before, is_behind_value }
    }

    /// Whether the string around the place, which goes on to the next quote, was meant to end earlier: what is in it
    /// looks like more of the JSON, and what is behind it does not.
    fn is_left_open(&self, end: usize) -> bool {
        let rest = &self.text[self.offset..end - 1];
        let behind = self.text[end..].trim_start_matches([' ', '\t']);
        let goes_on = behind.is_empty() || behind.starts_with([':', ',', '}', ']', '"', '/', '\n', '\r']);
        !goes_on && (rest.is_empty() || rest.contains(|c| self.ends_word(c) && c != ' '))
    }

    /// Where a word ends that no quote closes.
    fn word_end(&self) -> usize {
        let rest = &self.text[self.offset..];
        rest.find(|c| self.ends_word(c)).map_or(self.text.len(), |length| self.offset + length)
    }

    fn ends_word(&self, c: char) -> bool {
        matches!(c, ',' | '}' | ']' | '"') || c.is_whitespace() || (c == ':' && self.side() == Side::Key)
    }

    /// A word without quotes at the place.
    fn bare_word(&self) -> (Range<usize>, Quotes, String) {
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '.' | '$');
        let head = &self.text[..self.offset];
        let start = head.trim_end_matches(|c| is_word(c) && c != ':').len();
        (start..self.offset, Quotes::None, head[start..].to_owned())
    }

    fn side(&self) -> Side {
        match self.stack.last() {
            Some(open) if !open.in_value && !open.around.is_list => Side::Key,
            _ => Side::Value,
        }
    }

    fn is_behind_value(&self) -> bool {
        self.stack.last().is_some_and(|open| open.is_behind_value)
    }

    fn open(&mut self, at: usize, is_list: bool) {
        self.stack.push(Open {
            around: Around { open: at, is_list, ..Around::default() },
            in_value: is_list,
            ..Open::default()
        });
    }

    fn string(&mut self, value: String) {
        let depth = self.stack.len();
        let Some(open) = self.stack.last_mut() else { return };
        if open.around.is_list {
            open.is_behind_value = true;
            return;
        }
        // Behind a value a string is the next key, though the comma is missing.
        open.in_value &= !open.is_behind_value;
        if open.in_value {
            open.is_behind_value = true;
            if let Some(member) = open.around.members.last_mut() {
                member.text.get_or_insert(value);
            }
            return;
        }
        open.last = Some(value.clone());
        // The keys of an object are known to the object around it.
        if let Some(outer) = depth.checked_sub(2).and_then(|outer| self.stack.get_mut(outer))
            && let Some(member) = outer.around.members.last_mut()
        {
            member.keys.push(value);
        }
    }
}

/// Where the string that begins at `at` ends, and whether with a quote. It never goes over the line.
fn string_end(text: &str, at: usize) -> (usize, bool) {
    let bytes = text.as_bytes();
    let mut end = at + 1;
    while let Some(byte) = bytes.get(end) {
        match byte {
            b'"' => return (end + 1, true),
            b'\n' | b'\r' => return (end, false),
            b'\\' => end += 1,
            _ => {}
        }
        end += 1;
    }
    (bytes.len(), false)
}

fn unescaped(written: &str, is_closed: bool) -> String {
    let inner = written.get(1..).unwrap_or_default();
    let inner = if is_closed { inner.strip_suffix('"').unwrap_or(inner) } else { inner };
    match inner.contains('\\') {
        false => inner.to_owned(),
        true => json::read(&format!("\"{inner}\"")).0.as_str().unwrap_or(inner).to_owned(),
    }
}

fn span(range: Range<usize>) -> Span {
    let size = |at: usize| TextSize::try_from(at).unwrap_or_default();
    Span::new(size(range.start), size(range.end))
}
