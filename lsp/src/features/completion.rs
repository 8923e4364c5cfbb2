use crate::snapshot::Snapshot;
use text_size::{TextRange, TextSize};
use zisc_core::{ActionSignature, Declarations, ItemSource, Place, SourceFile, Type, catalogue};
use zisc_syntax::tree::{Argument, Block, Expression, ExpressionKind, ItemKind, Statement};

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
    /// What to write it over.
    pub(crate) replace: TextRange,
    /// Where it stands among the others, by comparing texts.
    pub(crate) order: String,
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
}

/// The words that begin a statement.
const STATEMENT_WORDS: &[&str] =
    &["let", "if", "match", "while", "try", "succeed", "fail", "wait", "return", "break", "continue", "goto"];
/// The words that begin an item.
const ITEM_WORDS: &[&str] =
    &["integration", "bundle", "param", "connection", "config", "type", "event", "action", "job", "flow"];
/// The types that need no declaration.
const TYPE_WORDS: &[&str] = &["string", "number", "int", "bool", "null", "timestamp", "any"];
/// The kinds of connections.
const CONNECTION_KINDS: &[&str] = &["oauth", "basic_auth", "bearer_token", "api_key"];

/// What can be written at `offset`.
pub(crate) fn completions(snapshot: &Snapshot, file: SourceFile, offset: TextSize) -> Vec<Completion> {
    let db = &snapshot.db;
    let text = file.text(db);
    let declarations = zisc_core::declarations(db, file);
    let before = &text[..usize::from(offset)];
    let line = &before[before.rfind('\n').map_or(0, |end| end + 1)..];
    if in_comment(line) {
        return Vec::new();
    }
    let Some(item) = zisc_core::items(db, file).iter().rev().find(|item| item.start(db) <= offset) else {
        return words(ITEM_WORDS, word_before(before));
    };
    let tree = &zisc_core::parsed(db, *item).item;
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
            _ if line.trim_end_matches(is_word).trim_end().ends_with([':', '|', '>']) => cursor.types(),
            _ => cursor
                .listed(action.parameters.iter().map(|parameter| (parameter.name.text.to_string(), None)), Kind::Value),
        },
        ItemKind::Type { .. } | ItemKind::Config { .. } | ItemKind::Event { .. } => cursor.types(),
        ItemKind::Flow(flow) => {
            let places = &zisc_core::flow_graph(db, *item, file, snapshot.settings).places;
            match (&flow.body, place_at(places, cursor.offset)) {
                (Some(body), Some(place)) if body.span.contains_inclusive(cursor.offset) => {
                    cursor.in_flow(body, place, line)
                }
                _ => cursor.outside(db, *item),
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

/// The innermost statement around a place, or the next one in the innermost block around it: what can be read in front
/// of that one can be read here.
fn place_at(places: &[Place], offset: TextSize) -> Option<&Place> {
    let blocks = places.iter().map(|place| place.block).filter(|block| block.contains(offset));
    let block = blocks.min_by_key(|block| block.len());
    let inside = places.iter().filter(|place| Some(place.block) == block);
    let around =
        inside.clone().filter(|place| place.span.contains_inclusive(offset)).min_by_key(|place| place.span.len());
    around
        .or_else(|| inside.filter(|place| place.span.start() >= offset).min_by_key(|place| place.span.start()))
        .or(places.last())
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
    fn in_flow(&self, body: &Block, place: &Place, line: &str) -> Vec<Completion> {
        let mut search = Search { offset: self.offset, field: None, call: None };
        search.block(body);
        if let Some((base, name)) = search.field {
            return self.fields(base, name, place);
        }
        let mut all = Vec::new();
        if let Some((callee, arguments)) = search.call.filter(|_| self.begins_argument()) {
            all.extend(self.parameters(callee, arguments));
        }
        let word = word_before(self.before);
        for (name, kind) in place.names() {
            all.push(completion(&name, Kind::Value, Some(kind.to_string()), None, word, "1"));
        }
        let begins_statement = line.trim_start().chars().all(is_word);
        let begins_value = line.trim_end_matches(is_word).trim_end().ends_with('=');
        if begins_statement || begins_value {
            all.extend(self.callables(word));
        }
        if begins_statement {
            all.extend(words(STATEMENT_WORDS, word));
        }
        if begins_value {
            all.push(completion("jq", Kind::Keyword, Some("a jq program".to_owned()), None, word, "4"));
        }
        all
    }

    /// What can stand after a dot.
    fn fields(&self, base: &Expression, name: TextRange, place: &Place) -> Vec<Completion> {
        let replace = name + self.start;
        let kind = place.kind_of(base, self.declarations);
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

    fn parameters(&self, callee: &Expression, arguments: &[Argument]) -> Vec<Completion> {
        let Some(signature) = callee.dotted().and_then(|name| self.declarations.actions.get(&name.text)) else {
            return Vec::new();
        };
        let given = |name: &str| {
            arguments.iter().any(|argument| {
                argument.name.as_ref().is_some_and(|given| given.text == name && given.span.end() < self.offset)
            })
        };
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

    /// Whether an argument begins here: nothing but a word stands since the bracket or comma.
    fn begins_argument(&self) -> bool {
        self.before.trim_end_matches(is_word).trim_end().ends_with(['(', ','])
    }

    fn callables(&self, replace: TextRange) -> Vec<Completion> {
        let mut known: Vec<(&str, &ActionSignature)> =
            self.declarations.actions.iter().map(|(name, signature)| (name.as_str(), signature)).collect();
        zisc_core::built_ins().for_each(|action| known.push(action));
        let actions = known.into_iter().map(|(name, signature)| {
            let parameters: Vec<_> = signature
                .parameters
                .iter()
                .map(|parameter| format!("{}: {}", parameter.name, parameter.kind))
                .collect();
            let arrow = if signature.result == Type::Any { String::new() } else { format!(" -> {}", signature.result) };
            let detail = format!("({}){arrow}", parameters.join(", "));
            completion(
                name,
                Kind::Action,
                Some(detail),
                signature.documentation.as_deref().map(str::to_owned),
                replace,
                "2",
            )
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
        let known = catalogue::events().iter().map(|event| {
            completion(
                event.name,
                Kind::Event,
                Some(event.label.to_owned()),
                Some(event.summary.to_owned()),
                dotted,
                "1",
            )
        });
        declared.chain(known).collect()
    }

    fn connections(&self) -> Vec<Completion> {
        self.listed(self.declarations.connections.iter().map(|name| (name.to_string(), None)), Kind::Connection)
    }

    fn types(&self) -> Vec<Completion> {
        let own = self.declarations.types.keys().map(ToString::to_string);
        self.listed(own.chain(TYPE_WORDS.iter().map(|word| (*word).to_owned())).map(|name| (name, None)), Kind::Type)
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
        replace,
        order: format!("{group}{label}"),
    }
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

/// Looks for what the cursor stands in.
struct Search<'t> {
    offset: TextSize,
    /// The value in front of a dot, and the name after it, perhaps empty.
    field: Option<(&'t Expression, TextRange)>,
    /// The innermost call around the cursor.
    call: Option<(&'t Expression, &'t [Argument])>,
}

impl<'t> Search<'t> {
    fn block(&mut self, block: &'t Block) {
        block.statements.iter().for_each(|statement| self.statement(statement));
    }

    fn statement(&mut self, statement: &'t Statement) {
        statement.expressions().into_iter().for_each(|expression| self.expression(expression));
        statement.blocks().into_iter().for_each(|block| self.block(block));
    }

    fn expression(&mut self, expression: &'t Expression) {
        match &expression.kind {
            ExpressionKind::Field { base, name, dot } => {
                let name = name.as_ref().map_or(TextRange::empty(dot.end()), |name| name.span);
                if (dot.end()..=name.end()).contains(&self.offset) {
                    self.field = Some((base, TextRange::new(name.start().min(self.offset), name.end())));
                }
            }
            // The closing bracket may be missing: then the call reaches as far as it was read.
            ExpressionKind::Call { callee, arguments, brackets }
                if brackets.start() < self.offset && self.offset <= brackets.end() =>
            {
                self.call = Some((callee, arguments));
            }
            _ => {}
        }
        expression.parts().into_iter().for_each(|part| self.expression(part));
    }
}
