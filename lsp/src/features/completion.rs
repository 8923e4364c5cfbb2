//! What can be written at a place: who asks where the cursor stands is here, what can stand there is in files of its own.

mod action;
mod attributes;
mod continuations;
mod cursor;
mod flow;
pub(super) mod half;
mod import_list;
mod imports;
mod item;
pub(super) mod jq;
mod literals;
mod search;
mod text;

use super::{bundle, description};
use crate::convert;
use crate::snapshot::{Snapshot, View};
use cursor::Cursor;
use text::is_word;
use text_size::{TextRange, TextSize};
use tower_lsp::ls_types::{CompletionItem, CompletionResponse, Documentation, MarkupContent, MarkupKind};
use zisc_core::{Declarations, navigate};
use zisc_syntax::ITEM_WORDS;

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
    File,
}

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
    if item.replace.end() == cursor && !item.replace.is_empty() {
        let behind = &text[usize::from(cursor)..];
        let is_dotted = item.label.contains('.');
        let rest = behind.trim_start_matches(|c| is_word(c) || (is_dotted && c == '.'));
        item.replace = TextRange::new(item.replace.start(), cursor + text::size(behind.len() - rest.len()));
        for ending in [": ", "()", "("] {
            if rest.starts_with(&ending[..1]) && item.insert.ends_with(ending) {
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
    let before = &view.text[..usize::from(offset)];
    let line = text::last_line(before);
    if text::in_comment(line) {
        return Vec::new();
    }
    if let Some(place) = navigate::jq_place(view.db, view.file, view.settings, offset) {
        return jq::completions(&place, offset);
    }
    if let Some(offers) = attributes::completions(view, line, offset) {
        return offers;
    }
    let declarations = zisc_core::declarations(view.db, view.file);
    match navigate::item_at(view.db, view.file, offset) {
        Some(item) => item::completions(&Cursor::new(view, declarations, item, offset)),
        None => items(declarations, text::word_before(before)),
    }
}

/// The words that begin an item, and the item as a snippet.
const ITEMS: &[(&str, &str)] = &[
    ("integration", "integration ${1:acme_example}$0"),
    ("import", "import \"./$0\""),
    ("param", "param ${1:name}: ${2:string} = ${3:\"\"}"),
    ("connection", "connection ${1:slack}: ${2|bearer_token,oauth,basic_auth,api_key|}"),
    ("config", "config ${1:settings}(\"${2:acme_example_settings}\") {\n  ${3:enabled: bool},\n}"),
    ("type", "type ${1:Name} = { $0 }"),
    ("event", "event ${1:received}(\"${2:source}\", \"${3:type}\") {\n  $0\n}"),
    (
        "action",
        "action ${1:slack.post_message}(${2:text: string}) -> ${3:{ ok: bool \\}} {\n  \
         ${4|POST,GET,PUT,PATCH,DELETE|} \"${5:https://example.com/api}\"\n  connection ${6:slack}\n  \
         body { ${7:text} }\n}",
    ),
    ("job", "job ${1:on_comment}: ${2:support.ticket.CommentAdded} -> ${3:announce}"),
    ("flow", "flow ${1:announce}(event) {\n  $0\n}"),
];

/// What begins an item.
fn items(declarations: &Declarations, replace: TextRange) -> Vec<Completion> {
    let can_stand = |word: &str| match word {
        "integration" => declarations.integration.is_none(),
        "bundle" => declarations.bundle.is_none(),
        // What other versions may have.
        "test" => false,
        _ => true,
    };
    let is_whole = |word: &str| ITEMS.iter().any(|(known, _)| *known == word);
    let bare: Vec<&str> = ITEM_WORDS.iter().copied().filter(|word| can_stand(word) && !is_whole(word)).collect();
    let whole: Vec<(&str, &str)> = ITEMS.iter().copied().filter(|(word, _)| can_stand(word)).collect();
    let mut all = snippets(&whole, replace);
    all.extend(words(&bare, replace));
    all.extend(attributes::ITEMS.iter().map(|name| attributes::whole(name, replace)));
    all
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

fn words(words: &[&str], replace: TextRange) -> Vec<Completion> {
    words.iter().map(|word| completion(word, Kind::Keyword, None, None, replace, "5")).collect()
}

fn snippets(known: &[(&str, &str)], replace: TextRange) -> Vec<Completion> {
    let snippet = |(word, snippet): &(&str, &str)| Completion {
        snippet: Some((*snippet).to_owned()),
        ..completion(word, Kind::Keyword, None, None, replace, "5")
    };
    known.iter().map(snippet).collect()
}
