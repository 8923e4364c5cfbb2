mod half;
mod imports;
pub(super) mod jq;
mod literals;
mod search;

use super::{bundle, description};
use crate::convert;
use crate::snapshot::{Snapshot, View};
use search::Search;
use text_size::{TextRange, TextSize};
use tower_lsp::ls_types::{CompletionItem, CompletionResponse, Documentation, MarkupContent, MarkupKind};
use zisc_core::navigate::{self, Access, LocalSort, Sort, Symbol};
use zisc_core::{ActionSignature, Declarations, ItemSource, Place, Type, catalogue};
use zisc_syntax::tree::{Argument, Block, Expression, ExpressionKind, ItemKind, RecordMember};
use zisc_syntax::{SyntaxError, SyntaxErrorKind};

/// Something that can be written at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Completion {
    pub(crate) label: String,
    pub(crate) kind: Kind,
    /// Its type, in short.
    pub(crate) detail: Option<String>,
    /// What it means, in Markdown.
    pub(crate) documentation: Option<String>,
    /// What to write.
    pub(crate) insert: String,
    /// What to write in an editor that knows snippets.
    pub(crate) snippet: Option<String>,
    /// What to write it over.
    pub(crate) replace: TextRange,
    /// Where it stands among the others, by comparing texts.
    pub(crate) order: String,
    /// What to tell of it when it is looked at.
    pub(crate) about: Option<About>,
    /// What else to write, elsewhere in the file: an import.
    pub(crate) beside: Option<(TextRange, String)>,
}

/// What a completion is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum About {
    Callable(String),
    Event(String),
    /// A function of jq, with the number of its arguments.
    Jq(String, usize),
}

/// What a completion stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Field,
    Value,
    Action,
    Parameter,
    Event,
    Flow,
    Connection,
    Type,
    Keyword,
    Function,
    Label,
}

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
/// The words that begin an item.
const ITEM_WORDS: &[&str] =
    &["integration", "bundle", "param", "connection", "config", "type", "event", "action", "job", "flow"];
/// The types that need no declaration.
const TYPE_WORDS: &[&str] = &["string", "number", "int", "bool", "null", "timestamp", "any"];
/// The kinds of connections.
const CONNECTION_KINDS: &[&str] = &["oauth", "basic_auth", "bearer_token", "api_key"];

/// What can be written at a place, for the client.
pub(crate) fn answer(view: &View<'_>, offset: TextSize) -> Option<CompletionResponse> {
    let items = completions(view, offset).into_iter().map(|item| {
        let typed = item.replace;
        let item = if view.is_bundle() { item } else { over_whole_word(item, offset, view.text) };
        convert::completion(item, typed, view)
    });
    Some(CompletionResponse::Array(items.collect()))
}

/// A completion with its documentation.
pub(crate) fn resolve(snapshot: &Snapshot, mut item: CompletionItem) -> CompletionItem {
    let description = item.data.as_ref().and_then(|data| {
        let text = |key: &str| data.get(key).and_then(|value| value.as_str());
        let view = snapshot.view(&text("uri")?.parse().ok()?)?;
        let name = text("name")?;
        match text("what")? {
            "event" => description::of_event(name),
            "jq" => {
                let arguments = data.get("arguments").and_then(|count| count.as_u64()).unwrap_or_default();
                description::of_jq_function(name, usize::try_from(arguments).unwrap_or_default())
            }
            _ => description::of_callable(&view, name),
        }
    });
    if let Some(description) = description {
        item.documentation = Some(Documentation::MarkupContent(MarkupContent {
            kind: MarkupKind::Markdown,
            value: description.markdown(),
        }));
    }
    item
}

/// The same for a cursor in the middle of a word: the rest of that goes too, and what follows it is not written twice.
fn over_whole_word(mut item: Completion, cursor: TextSize, text: &str) -> Completion {
    if item.replace.end() == cursor {
        let behind = &text[usize::from(cursor)..];
        let is_dotted = item.label.contains('.');
        let rest = behind.trim_start_matches(|c| is_word(c) || (is_dotted && c == '.'));
        item.replace = TextRange::new(item.replace.start(), cursor + size(behind.len() - rest.len()));
        for ending in [": ", "("] {
            if rest.starts_with(ending.trim_end()) && item.insert.ends_with(ending) {
                item.insert.truncate(item.insert.len() - ending.len());
            }
        }
        if rest.starts_with('(') {
            item.snippet = None;
        }
    }
    item
}

/// What can be written at `offset`.
fn completions(view: &View<'_>, offset: TextSize) -> Vec<Completion> {
    if view.is_bundle() {
        return bundle::completion::completions(view, offset);
    }
    let (db, file) = (view.db, view.file);
    let declarations = zisc_core::declarations(db, file);
    let before = &view.text[..usize::from(offset)];
    let line = &before[before.rfind('\n').map_or(0, |end| end + 1)..];
    if in_comment(line) {
        return Vec::new();
    }
    if let Some(place) = navigate::jq_place(db, file, view.settings, offset) {
        return jq::completions(&place, offset);
    }
    let Some(item) = navigate::item_at(db, file, offset) else {
        return words(ITEM_WORDS, word_before(before));
    };
    let tree = &zisc_core::parsed(db, item).item;
    let cursor = Cursor { declarations, before, offset: offset - item.start(db), start: item.start(db) };
    match &tree.kind {
        _ if line.trim_start().chars().all(is_word)
            && line.len() == line.trim_start().len()
            && !matches!(tree.kind, ItemKind::Flow(_)) =>
        {
            words(ITEM_WORDS, word_before(before))
        }
        ItemKind::Job { .. } => cursor.job(line),
        ItemKind::Connection { .. } if line.contains(':') => words(CONNECTION_KINDS, word_before(before)),
        ItemKind::Action(action) => match &line.trim_start().split_once(' ') {
            Some(("connection", _)) => cursor.connections(),
            Some(("body" | "headers" | "query", _)) => cursor
                .listed(action.parameters.iter().map(|parameter| (parameter.name.text.to_string(), None)), Kind::Value),
            _ if line.trim_end_matches(is_word).trim_end().ends_with([':', '|', '>']) => cursor.types(view),
            _ => cursor
                .listed(action.parameters.iter().map(|parameter| (parameter.name.text.to_string(), None)), Kind::Value),
        },
        ItemKind::Type { .. } | ItemKind::Config { .. } | ItemKind::Event { .. } | ItemKind::Param { .. } => {
            cursor.types(view)
        }
        ItemKind::Flow(flow) => {
            let analysis = zisc_core::flow_graph(db, item, file, view.settings);
            // Behind the last brace there may be more to come, and in front of it there is what was written.
            let at = flow.body.as_ref().map_or(cursor.offset, |body| cursor.offset.min(body.span.end()));
            match (&flow.body, navigate::value_place(analysis, at)) {
                (Some(body), Some(place)) if cursor.is_in(body, &zisc_core::parsed(db, item).errors) => {
                    cursor.in_flow(view, item, body, place, line)
                }
                _ if line.trim_end_matches(is_word).trim_end().ends_with(':') => cursor.types(view),
                _ => cursor.outside(db, item),
            }
        }
        _ => Vec::new(),
    }
}

fn in_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

struct Cursor<'a> {
    declarations: &'a Declarations,
    /// The text of the file up to the cursor.
    before: &'a str,
    /// The cursor, from the start of the item.
    offset: TextSize,
    /// The start of the item.
    start: TextSize,
}

impl Cursor<'_> {
    /// Whether the cursor is in the body of a flow, or behind one whose brace is not closed yet.
    fn is_in(&self, body: &Block, errors: &[SyntaxError]) -> bool {
        let is_open = || errors.iter().any(|error| error.kind == SyntaxErrorKind::Unclosed);
        body.span.contains_inclusive(self.offset) || (body.span.end() < self.offset && is_open())
    }

    fn in_flow(
        &self,
        view: &View<'_>,
        item: ItemSource<'_>,
        body: &Block,
        place: &Place,
        line: &str,
    ) -> Vec<Completion> {
        let head = line.trim_end_matches(|c| is_word(c) || c == '.');
        if head.len() > head.trim_end().len() && head.split_whitespace().next_back() == Some("goto") {
            return self.labels(item, view.db);
        }
        if is_type_of_let(line) {
            return self.types(view);
        }
        let mut search = Search::new(self.offset, self.declarations);
        search.block(body);
        if let Some((base, name)) = search.field {
            let kind = navigate::kind_of(view.db, view.file, view.settings, item, base);
            return self.fields(base, name, &kind);
        }
        // Behind a brace that is missing, what was written last is known.
        let at = self.offset.min(body.span.end());
        // What a `for` does not read yet, it can read all the same.
        let analysis = zisc_core::flow_graph(view.db, item, view.file, view.settings);
        let outer = || analysis.places.iter().rev().filter(|outer| outer.span.contains_inclusive(at));
        let kind_of =
            |value: &Expression| match (navigate::kind_of(view.db, view.file, view.settings, item, value), &value.kind)
            {
                (Type::Any, ExpressionKind::Name(name)) => outer()
                    .flat_map(Place::names)
                    .find(|(known, _)| known == name)
                    .map(|(_, kind)| kind)
                    .unwrap_or_default(),
                (kind, _) => kind,
            };
        if let Some((base, length)) = half::base(line, at).filter(|_| !in_text(line)) {
            let name = TextRange::new(self.offset - size(length), self.offset);
            let item = half::list_of(line, &base, at).and_then(|list| kind_of(&list).item());
            return self.fields(&base, name, &item.unwrap_or_else(|| kind_of(&base)));
        }
        let half = half::compared(line, at);
        let around = half::around(&self.before[usize::from(self.start)..], at);
        let compared = search.compared.or(half.as_ref()).or(match &around {
            Some(half::Around::Match(value, _)) => Some(value),
            _ => None,
        });
        let wanted = search.wanted.or_else(|| match &around {
            Some(half::Around::Call { callee, argument: Some(argument), .. }) => {
                let signature = self.declarations.actions.get(*callee).or_else(|| zisc_core::built_in(callee))?;
                signature.parameters.iter().find(|known| known.name == *argument).map(|known| known.kind.clone())
            }
            _ => None,
        });
        let wanted = compared.map(kind_of).or(wanted).unwrap_or_default();
        let mut all = literals::of(&wanted, self.before, view.text);
        let used: Vec<&str> = match &around {
            _ if !search.used.is_empty() => search.used.iter().map(|value| &item.text(view.db)[value.span]).collect(),
            Some(half::Around::Match(_, used)) => used.clone(),
            _ => Vec::new(),
        };
        all.retain(|literal| !used.contains(&literal.label.as_str()));
        if in_text(line) {
            return all;
        }
        if let Some((kind, members)) = search.record.filter(|_| self.begins_member()) {
            all.extend(self.members(&kind, members));
        }
        if self.begins_argument() {
            match (search.call, &around) {
                (Some((callee, arguments)), _) => all.extend(self.parameters(callee, arguments)),
                (None, Some(half::Around::Call { callee, given, .. })) => {
                    all.extend(self.parameters_of(callee, |name| given.contains(&name)));
                }
                (None, _) => {}
            }
        }
        let word = word_before(self.before);
        let mut seen = std::collections::HashSet::new();
        for (name, kind) in place.names().into_iter().chain(outer().flat_map(Place::names)) {
            if seen.insert(name.clone()) {
                all.push(completion(&name, Kind::Value, Some(kind.to_string()), None, word, "1"));
            }
        }
        let begins_statement = line.trim_start().chars().all(is_word);
        let begins_value = line.trim_end_matches(is_word).trim_end().ends_with('=');
        if begins_statement || begins_value {
            all.extend(self.callables(word));
            all.extend(imports::offers(view, Sort::Action, word));
        }
        if begins_statement {
            all.extend(statements(word));
        } else {
            all.extend(self.values(word));
        }
        if begins_value {
            all.push(completion("jq", Kind::Keyword, Some("a jq program".to_owned()), None, word, "4"));
        }
        all
    }

    /// What can stand after a dot.
    fn fields(&self, base: &Expression, name: TextRange, kind: &Type) -> Vec<Completion> {
        let replace = name + self.start;
        let mut all: Vec<Completion> = kind
            .fields()
            .map(|field| {
                let mark = if field.optional { "?" } else { "" };
                let documentation = (!field.summary.is_empty()).then(|| field.summary.to_string());
                completion(&field.name, Kind::Field, Some(format!("{}{mark}", field.kind)), documentation, replace, "1")
            })
            .collect();
        let mut seen = std::collections::HashSet::new();
        all.retain(|completion| seen.insert(completion.label.clone()));
        // `slack.` may be the first half of an action's name.
        if let Some(prefix) = base.dotted() {
            let whole = TextRange::new(base.span.start(), name.end()) + self.start;
            for callable in self.callables(whole) {
                if let Some(rest) = callable.label.strip_prefix(&format!("{}.", prefix.text)) {
                    all.push(Completion {
                        label: rest.to_owned(),
                        insert: rest.to_owned(),
                        replace,
                        ..callable.clone()
                    });
                }
            }
        }
        all
    }

    /// What can be read or computed anywhere.
    fn values(&self, word: TextRange) -> Vec<Completion> {
        let params = self
            .declarations
            .params
            .iter()
            .map(|(name, param)| completion(name, Kind::Value, Some(param.kind.to_string()), None, word, "2"));
        let functions = zisc_core::FUNCTIONS.iter().map(|function| Completion {
            insert: format!("{}(", function.name),
            about: Some(About::Callable(function.name.to_owned())),
            ..completion(function.name, Kind::Function, Some(function.signature()), None, word, "3")
        });
        params.chain(functions).chain(words(&["true", "false", "null"], word)).collect()
    }

    /// The labels of the flow.
    fn labels(&self, item: ItemSource<'_>, db: &zisc_core::Database) -> Vec<Completion> {
        let labels = navigate::occurrences(db, item).iter().filter_map(|occurrence| match &occurrence.symbol {
            Symbol::Local { sort: LocalSort::Label, name, .. } if occurrence.access == Access::Declaration => {
                Some(name)
            }
            _ => None,
        });
        let dotted = dotted_before(self.before);
        labels.map(|label| completion(label, Kind::Label, None, None, dotted, "1")).collect()
    }

    fn parameters(&self, callee: &Expression, arguments: &[Argument]) -> Vec<Completion> {
        let Some(name) = callee.dotted() else { return Vec::new() };
        self.parameters_of(&name.text, |name| {
            arguments.iter().any(|argument| {
                argument.name.as_ref().is_some_and(|given| given.text == name && given.span.end() < self.offset)
            })
        })
    }

    /// What an action takes beside what it is given.
    fn parameters_of(&self, action: &str, given: impl Fn(&str) -> bool) -> Vec<Completion> {
        let known = self.declarations.actions.get(action).or_else(|| zisc_core::built_in(action));
        let Some(signature) = known else { return Vec::new() };
        let word = word_before(self.before);
        signature
            .parameters
            .iter()
            .filter(|parameter| !given(&parameter.name))
            .map(|parameter| Completion {
                insert: format!("{}: ", parameter.name),
                ..completion(&parameter.name, Kind::Parameter, Some(parameter.kind.to_string()), None, word, "0")
            })
            .collect()
    }

    /// The fields of a record that is wanted, without those that are there.
    fn members(&self, kind: &Type, members: &[RecordMember]) -> Vec<Completion> {
        let is_given = |name: &str| {
            members.iter().any(|member| match member {
                RecordMember::Field { key, .. } => key.text == name && key.span.end() < self.offset,
                RecordMember::Short(known) => known.text == name && known.span.end() < self.offset,
                RecordMember::Spread(_) => false,
            })
        };
        let fields = kind.fields().filter(|field| !is_given(&field.name));
        fields
            .map(|field| {
                let mark = if field.optional { "?" } else { "" };
                let summary = (!field.summary.is_empty()).then(|| field.summary.to_string());
                let detail = Some(format!("{}{mark}", field.kind));
                Completion {
                    insert: format!("{}: ", field.name),
                    ..completion(&field.name, Kind::Parameter, detail, summary, word_before(self.before), "0")
                }
            })
            .collect()
    }

    /// Whether a member of a record begins here: nothing but a word stands since the bracket or comma.
    fn begins_member(&self) -> bool {
        self.before.trim_end_matches(is_word).trim_end().ends_with(['{', ','])
    }

    /// Whether an argument begins here: nothing but a word stands since the bracket or comma.
    fn begins_argument(&self) -> bool {
        self.before.trim_end_matches(is_word).trim_end().ends_with(['(', ','])
    }

    fn callables(&self, replace: TextRange) -> Vec<Completion> {
        let mut known: Vec<(&str, &ActionSignature)> =
            self.declarations.actions.iter().map(|(name, signature)| (name.as_str(), signature)).collect();
        zisc_core::built_ins().for_each(|action| known.push(action));
        let actions = known.into_iter().map(|(name, signature)| Completion {
            about: Some(About::Callable(name.to_owned())),
            ..completion(name, Kind::Action, Some(signature.signature("")), None, replace, "2")
        });
        let configs = self.declarations.configs.iter().flat_map(|(name, fields)| {
            [
                completion(
                    &format!("{name}.load"),
                    Kind::Action,
                    Some(format!("() -> {}", fields.kind)),
                    None,
                    replace,
                    "2",
                ),
                completion(&format!("{name}.patch"), Kind::Action, Some("({ … })".to_owned()), None, replace, "2"),
            ]
        });
        actions.chain(configs).collect()
    }

    fn job(&self, line: &str) -> Vec<Completion> {
        let dotted = dotted_before(self.before);
        if line.contains("->") {
            return self
                .declarations
                .flows
                .keys()
                .map(|flow| completion(flow, Kind::Flow, None, None, dotted, "1"))
                .collect();
        }
        if !line.contains(':') {
            return Vec::new();
        }
        let declared =
            self.declarations.events.keys().map(|event| completion(event, Kind::Event, None, None, dotted, "0"));
        let known = catalogue::events().iter().map(|event| Completion {
            about: Some(About::Event(event.name.to_owned())),
            ..completion(event.name, Kind::Event, Some(event.label.to_owned()), None, dotted, "1")
        });
        declared.chain(known).collect()
    }

    fn connections(&self) -> Vec<Completion> {
        self.listed(self.declarations.connections.iter().map(|name| (name.to_string(), None)), Kind::Connection)
    }

    fn types(&self, view: &View<'_>) -> Vec<Completion> {
        let own = self.declarations.types.keys().map(ToString::to_string);
        let known = own.chain(TYPE_WORDS.iter().map(|word| (*word).to_owned())).map(|name| (name, None));
        let mut all = self.listed(known, Kind::Type);
        all.extend(imports::offers(view, Sort::Type, word_before(self.before)));
        all
    }

    fn outside(&self, db: &zisc_core::Database, item: ItemSource<'_>) -> Vec<Completion> {
        // Behind the last brace of a flow the next item begins.
        let after = item.text(db).rfind('}').is_some_and(|end| end < usize::from(self.offset));
        if after { words(ITEM_WORDS, word_before(self.before)) } else { Vec::new() }
    }

    fn listed(&self, names: impl Iterator<Item = (String, Option<String>)>, kind: Kind) -> Vec<Completion> {
        let word = word_before(self.before);
        names.map(|(name, detail)| completion(&name, kind, detail, None, word, "1")).collect()
    }
}

fn completion(
    label: &str,
    kind: Kind,
    detail: Option<String>,
    documentation: Option<String>,
    replace: TextRange,
    group: &str,
) -> Completion {
    Completion {
        label: label.to_owned(),
        kind,
        detail,
        documentation,
        insert: label.to_owned(),
        snippet: None,
        replace,
        order: format!("{group}{label}"),
        about: None,
        beside: None,
    }
}

fn statements(replace: TextRange) -> Vec<Completion> {
    let statement = |(word, snippet): &(&str, &str)| Completion {
        snippet: Some((*snippet).to_owned()),
        ..completion(word, Kind::Keyword, None, None, replace, "5")
    };
    STATEMENTS.iter().map(statement).collect()
}

/// Whether a type is wanted at the end of a line: `let x: `.
fn is_type_of_let(line: &str) -> bool {
    let Some(rest) = line.trim_start().strip_prefix("let ") else { return false };
    let is_name = |name: &str| name.trim().chars().all(|c| is_word(c) || c == '.');
    rest.split_once(':').is_some_and(|(name, kind)| is_name(name) && !kind.contains(['=', '"']))
}

/// Whether the end of a line is in a string, and not in a `${…}` of it.
fn in_text(line: &str) -> bool {
    // What is open, the innermost last: a string, or a value in one.
    let mut open: Vec<char> = Vec::new();
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        match (c, open.last()) {
            ('\\', Some('"')) => drop(characters.next()),
            ('"', Some('"')) => drop(open.pop()),
            ('"', _) => open.push('"'),
            ('$', Some('"')) if characters.peek() == Some(&'{') => {
                characters.next();
                open.push('{');
            }
            ('{', Some('{')) => open.push('{'),
            ('}', Some('{')) => drop(open.pop()),
            _ => {}
        }
    }
    open.last() == Some(&'"')
}

fn words(words: &[&str], replace: TextRange) -> Vec<Completion> {
    words.iter().map(|word| completion(word, Kind::Keyword, None, None, replace, "5")).collect()
}

/// The word that ends at the cursor.
fn word_before(before: &str) -> TextRange {
    let start = before.trim_end_matches(is_word).len();
    TextRange::new(size(start), size(before.len()))
}

/// The dotted name that ends at the cursor.
fn dotted_before(before: &str) -> TextRange {
    let start = before.trim_end_matches(|c| is_word(c) || c == '.').len();
    TextRange::new(size(start), size(before.len()))
}

fn size(at: usize) -> TextSize {
    TextSize::try_from(at).unwrap_or_default()
}
