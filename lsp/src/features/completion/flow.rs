//! What can be written in the body of a flow.

use super::cursor::Cursor;
use super::half::{self, Around, Opener};
use super::search::Search;
use super::text::{in_text, size};
use super::{Completion, Kind, completion, continuations, is_word, literals, snippets};
use std::collections::HashSet;
use text_size::{TextRange, TextSize};
use zisc_core::navigate::{self, Access, LocalSort, Symbol};
use zisc_core::{FieldType, Place, Type, flow_graph};
use zisc_syntax::tree::{Argument, Block, Expression, ExpressionKind, RecordMember};

/// The words that begin a statement, and the statement as a snippet.
const STATEMENTS: &[(&str, &str)] = &[
    ("let", "let ${1:name} = $0"),
    ("if", "if ${1:condition} {\n  $0\n}"),
    ("match", "match ${1:value} {\n  ${2:\"case\"} {\n    $0\n  }\n  else {\n  }\n}"),
    ("for", "for ${1:item} in ${2:list} {\n  $0\n}"),
    ("while", "while ${1:condition} {\n  $0\n}"),
    ("try", "try {\n  $0\n} catch ${1:err} {\n  fail \"${2:Failed}\", \"\\${${1:err}.Cause}\"\n}"),
    ("succeed", "succeed \"$0\""),
    ("fail", "fail \"${1:Error}\", \"${2:cause}\""),
    ("wait", "wait ${1:30s}"),
    ("return", "return"),
    ("break", "break"),
    ("continue", "continue"),
    ("yield", "yield $0"),
    ("goto", "goto $0"),
];
/// Those that stand in loops of these words only.
const IN_LOOPS: &[(&str, &[&str])] =
    &[("break", &["for", "while"]), ("continue", &["for", "while"]), ("yield", &["for"])];

pub(super) fn completions(cursor: &Cursor<'_>, body: &Block, place: &Place) -> Vec<Completion> {
    let line = cursor.line;
    match last_word(line) {
        Some("goto") => return labels(cursor),
        // A new name, or nothing at all.
        Some("let" | "for" | "catch" | "return" | "break" | "continue") if !in_text(line) => return Vec::new(),
        _ => {}
    }
    if is_type_of_let(line) {
        return cursor.types();
    }
    let mut search = Search::new(cursor.offset, cursor.declarations);
    search.block(body);
    let (text, at) = (cursor.in_item(), cursor.offset.min(body.span.end()));
    let opener = half::opener(text);
    let around = opener.and_then(|opener| half::inside(&opener, text, at));
    let bound = opener.and_then(|opener| half::bound_in_list(&opener, text, cursor.behind(), at));
    let here = Here { cursor, place, at, opener, around, bound, search };
    if let Some((base, name)) = here.search.field {
        return here.fields(base, name, &here.kind_of(base));
    }
    if let Some((base, length)) = half::base(line, here.at).filter(|_| !in_text(line)) {
        let name = TextRange::new(cursor.offset - size(length), cursor.offset);
        return here.fields(&base, name, &here.kind_of(&base));
    }
    let is_action = |name: &str| cursor.declarations.actions.contains_key(name) || zisc_core::built_in(name).is_some();
    if let Some(known) = continuations::of(cursor.in_item(), is_action) {
        return snippets(known, cursor.word);
    }
    here.all()
}

/// The last whole word of a line, where what is being written is apart from it.
fn last_word(line: &str) -> Option<&str> {
    let head = line.trim_end_matches(|c| is_word(c) || c == '.');
    (head.len() > head.trim_end().len()).then(|| head.split_whitespace().next_back()).flatten()
}

/// Whether a type is wanted at the end of a line: `let x: `.
fn is_type_of_let(line: &str) -> bool {
    let Some(rest) = line.trim_start().strip_prefix("let ") else { return false };
    let is_name = |name: &str| name.trim().chars().all(|c| is_word(c) || c == '.');
    rest.split_once(':').is_some_and(|(name, kind)| is_name(name) && !kind.contains(['=', '"']))
}

/// The labels of the flow.
fn labels(cursor: &Cursor<'_>) -> Vec<Completion> {
    let found = navigate::occurrences(cursor.view.db, cursor.item).iter();
    let labels = found.filter_map(|occurrence| match &occurrence.symbol {
        Symbol::Local { sort: LocalSort::Label, name, .. } if occurrence.access == Access::Declaration => Some(name),
        _ => None,
    });
    labels.map(|label| completion(label, Kind::Label, None, None, cursor.dotted(), "1")).collect()
}

/// A place in a flow, and what is known of it.
struct Here<'c> {
    cursor: &'c Cursor<'c>,
    place: &'c Place,
    /// The cursor; behind a brace that is missing, what was written last.
    at: TextSize,
    /// The innermost bracket that is open.
    opener: Option<Opener<'c>>,
    around: Option<Around<'c>>,
    /// The name that a list around the cursor binds, and its list.
    bound: Option<(String, Option<Expression>)>,
    search: Search<'c>,
}

impl Here<'_> {
    fn all(&self) -> Vec<Completion> {
        let cursor = self.cursor;
        let mut all = self.literals();
        if in_text(cursor.line) {
            return all;
        }
        if cursor.begins_line() && matches!(self.around, Some(Around::Match(..))) {
            all.extend(snippets(&[("else", "else {\n  $0\n}")], cursor.word));
            return all;
        }
        if let Some(from) = cursor.before[..usize::from(cursor.word.start())].strip_suffix('$') {
            return self.members_of_data(TextRange::new(size(from.len()), cursor.word.end()));
        }
        if let Some((kind, members)) = self.search.record.as_ref().filter(|_| self.begins_part('{')) {
            all.extend(self.members(kind, members));
        }
        if self.begins_part('(') {
            all.extend(self.parameters());
        }
        all.extend(self.names());
        // A line may begin inside of brackets that are still open.
        let is_statement =
            cursor.begins_line() && half::opener(cursor.in_item()).is_none_or(|opener| opener.begins_block());
        let begins_value = cursor.head().ends_with('=');
        if is_statement || begins_value {
            all.extend(cursor.callables(cursor.word));
        }
        if is_statement {
            all.extend(self.statements());
        } else {
            all.extend(cursor.values());
        }
        if begins_value {
            all.push(completion("jq", Kind::Keyword, Some("a jq program".to_owned()), None, cursor.word, "4"));
        }
        all
    }

    /// The type of a value.
    fn kind_of(&self, value: &Expression) -> Type {
        match (&value.kind, &self.bound) {
            (ExpressionKind::Name(name), Some((bound, Some(list)))) if name == bound => {
                self.kind_of_outer(list).item().unwrap_or_default()
            }
            _ => self.kind_of_outer(value),
        }
    }

    /// The same, seen from outside of the list around the cursor.
    fn kind_of_outer(&self, value: &Expression) -> Type {
        let view = self.cursor.view;
        match (navigate::kind_of(view.db, view.file, view.settings, self.cursor.item, value), &value.kind) {
            // What a `for` does not read yet, it can read all the same.
            (Type::Any, ExpressionKind::Name(name)) => {
                let known = self.outer_names().into_iter().find(|(known, _)| known == name);
                known.map(|(_, kind)| kind).unwrap_or_default()
            }
            (kind, _) => kind,
        }
    }

    /// The names that the statements around the cursor know.
    fn outer_names(&self) -> Vec<(zisc_core::Name, Type)> {
        let (cursor, view) = (self.cursor, self.cursor.view);
        let places = &flow_graph(view.db, cursor.item, view.file, view.settings).places;
        let outer = places.iter().rev().filter(|outer| outer.span.contains_inclusive(self.at));
        outer.flat_map(Place::names).collect()
    }

    /// The texts that the value at the cursor can be.
    fn literals(&self) -> Vec<Completion> {
        let cursor = self.cursor;
        let half = half::compared(cursor.line, cursor.behind(), self.at);
        let compared = self.search.compared.or(half.as_ref()).or(match &self.around {
            Some(Around::Match(value, _)) => value.as_ref(),
            _ => None,
        });
        let wanted = compared.map(|value| self.kind_of(value));
        let wanted = wanted.or_else(|| self.search.wanted.clone()).or_else(|| match &self.around {
            Some(Around::Call { callee, argument: Some(argument), .. }) => {
                let signature = cursor.declarations.actions.get(*callee).or_else(|| zisc_core::built_in(callee))?;
                signature.parameters.iter().find(|known| known.name == *argument).map(|known| known.kind.clone())
            }
            _ => None,
        });
        let mut all = literals::of(&wanted.unwrap_or_default(), cursor.before, cursor.view.text);
        let used: Vec<&str> = match &self.around {
            _ if !self.search.used.is_empty() => {
                let text = cursor.item.text(cursor.view.db);
                self.search.used.iter().map(|value| &text[value.span]).collect()
            }
            Some(Around::Match(_, used)) => used.clone(),
            _ => Vec::new(),
        };
        all.retain(|literal| !used.contains(&literal.label.as_str()));
        all
    }

    /// Whether a part of what is in brackets begins here: nothing but a word stands since the bracket, the comma, or the
    /// beginning of the line.
    fn begins_part(&self, bracket: char) -> bool {
        self.cursor.begins_line() || self.cursor.head().ends_with([bracket, ','])
    }

    /// What can be read by its name.
    fn names(&self) -> Vec<Completion> {
        let bound = self.bound.iter().map(|(name, list)| {
            let kind = list.as_ref().and_then(|list| self.kind_of_outer(list).item()).unwrap_or_default();
            (zisc_core::Name::new(name), kind)
        });
        let mut seen = HashSet::new();
        let all = bound.chain(self.place.names()).chain(self.outer_names());
        all.filter(|(name, _)| seen.insert(name.clone()))
            .map(|(name, kind)| completion(&name, Kind::Value, Some(kind.to_string()), None, self.cursor.word, "1"))
            .collect()
    }

    /// The members of the flow's data, by their paths.
    fn members_of_data(&self, replace: TextRange) -> Vec<Completion> {
        let data = Expression { kind: ExpressionKind::Root, span: TextRange::empty(self.at) };
        let kind = self.kind_of(&data);
        distinct(&kind)
            .iter()
            .map(|field| of_field(field, &format!("$.{}", field.name), Kind::Field, replace, "1"))
            .collect()
    }

    /// What can stand after a dot.
    fn fields(&self, base: &Expression, name: TextRange, kind: &Type) -> Vec<Completion> {
        let start = self.cursor.start;
        let replace = name + start;
        let fields = distinct(kind);
        let mut all: Vec<Completion> =
            fields.iter().map(|field| of_field(field, &field.name, Kind::Field, replace, "1")).collect();
        // `slack.` may be the first half of an action's name.
        if let Some(prefix) = base.dotted() {
            let whole = TextRange::new(base.span.start(), name.end()) + start;
            let prefix = format!("{}.", prefix.text);
            let rest = |text: &str| text.strip_prefix(&prefix).map(str::to_owned);
            all.extend(self.cursor.callables(whole).into_iter().filter_map(|callable| {
                let snippet = callable.snippet.as_deref().and_then(rest);
                Some(Completion {
                    label: rest(&callable.label)?,
                    insert: rest(&callable.insert)?,
                    snippet,
                    replace,
                    ..callable
                })
            }));
        }
        all
    }

    /// What the action takes whose call is around the cursor, without what it is given.
    fn parameters(&self) -> Vec<Completion> {
        let of = |action: &str, given: &dyn Fn(&str) -> bool| {
            let known = self.cursor.declarations.actions.get(action).or_else(|| zisc_core::built_in(action));
            let missing = known.iter().flat_map(|it| &it.parameters).filter(|parameter| !given(&parameter.name));
            let missing = missing.map(|parameter| Completion {
                insert: format!("{}: ", parameter.name),
                ..completion(
                    &parameter.name,
                    Kind::Parameter,
                    Some(parameter.kind.to_string()),
                    None,
                    self.cursor.word,
                    "0",
                )
            });
            missing.collect()
        };
        let is_other = |argument: &Argument, name: &str| {
            argument
                .name
                .as_ref()
                .is_some_and(|given| given.text == name && !given.span.contains_inclusive(self.cursor.offset))
        };
        match (&self.search.call, &self.around) {
            (Some((callee, arguments)), _) => callee.dotted().map_or_else(Vec::new, |callee| {
                of(&callee.text, &|name| arguments.iter().any(|argument| is_other(argument, name)))
            }),
            (None, Some(Around::Call { callee, given, .. })) => of(callee, &|name| given.contains(&name)),
            (None, _) => Vec::new(),
        }
    }

    /// The fields of a record that is wanted, without those that are there.
    fn members(&self, kind: &Type, members: &[RecordMember]) -> Vec<Completion> {
        let is_given = |name: &str| {
            members.iter().any(|member| match member {
                RecordMember::Field { key: known, .. } | RecordMember::Short(known) => {
                    known.text == name && !known.span.contains_inclusive(self.cursor.offset)
                }
                RecordMember::Spread(_) => false,
            })
        };
        let missing = kind.fields().filter(|field| !is_given(&field.name));
        missing
            .map(|field| Completion {
                insert: format!("{}: ", field.name),
                ..of_field(field, &field.name, Kind::Parameter, self.cursor.word, "0")
            })
            .collect()
    }

    fn statements(&self) -> Vec<Completion> {
        let openers: Vec<_> = half::outwards(self.cursor.in_item(), self.opener).collect();
        let is_in = |loops: &[&str]| openers.iter().any(|opener| loops.contains(&opener.word()));
        let can_stand = |word: &str| IN_LOOPS.iter().all(|(known, loops)| *known != word || is_in(loops));
        let known: Vec<(&str, &str)> = STATEMENTS.iter().filter(|(word, _)| can_stand(word)).copied().collect();
        snippets(&known, self.cursor.word)
    }
}

/// The fields of a type, of those with one name the first.
fn distinct(kind: &Type) -> Vec<&FieldType> {
    let mut seen = HashSet::new();
    kind.fields().filter(|field| seen.insert(&field.name)).collect()
}

fn of_field(field: &FieldType, label: &str, kind: Kind, replace: TextRange, group: &str) -> Completion {
    let mark = if field.optional { "?" } else { "" };
    let summary = (!field.summary.is_empty()).then(|| field.summary.to_string());
    completion(label, kind, Some(format!("{}{mark}", field.kind)), summary, replace, group)
}
