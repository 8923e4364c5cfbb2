//! From a bundle back to its source: for the messages of a run, and as the file `OUT.map.json`.

use crate::file::TextFile;
use line_index::LineIndex;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use text_size::TextSize;
use zisc_bundle::{Bundle, ResourceKind, Span};
use zisc_core::{ResourcePlace, SourceFile, StatePlace};

/// Where the resources of a bundle stand, by their keys, with the files.
pub(crate) struct SourceMap {
    resources: Vec<(String, Source)>,
}

/// Where a resource stands.
#[derive(Clone)]
pub(crate) struct Source {
    pub(crate) file: Arc<TextFile>,
    place: ResourcePlace,
}

impl SourceMap {
    /// The map of the compiler, with the texts of its files.
    pub(crate) fn new(map: zisc_core::SourceMap, files: &[(TextFile, SourceFile)]) -> Self {
        let files: Vec<_> = files.iter().map(|(text, file)| (Arc::new(text.clone()), *file)).collect();
        let source = |place: ResourcePlace| {
            let (file, _) = files.iter().find(|(_, file)| *file == place.file)?;
            Some(Source { file: file.clone(), place })
        };
        let resources = map.into_iter().filter_map(|(key, place)| Some((key, source(place)?))).collect();
        Self { resources }
    }

    /// Where the flow of this name stands.
    pub(crate) fn flow(&self, bundle: &Bundle, name: &str) -> Option<Source> {
        let is_flow = |key: &String| match bundle.resources.get(key).map(|resource| &resource.kind) {
            Some(ResourceKind::Flow(flow)) => *flow.name == name,
            _ => false,
        };
        self.resources.iter().find(|(key, _)| is_flow(key)).map(|(_, source)| source.clone())
    }

    /// The text of `OUT.map.json`. Files are named as seen from the folder of the source.
    pub(crate) fn json<'s>(&'s self, folder: &Path) -> String {
        let mut lines_of = HashMap::new();
        let mut resource = |source: &'s Source| {
            let path = source.file.path.strip_prefix(folder).unwrap_or(&source.file.path);
            let lines = lines_of.entry(&source.file.path).or_insert_with(|| Lines::of(&source.file.text));
            let mut out = Map::from_iter([member("file", path.display().to_string().replace('\\', "/"))]);
            out.extend(lines.place(source.place.span));
            if !source.place.states.is_empty() {
                out.extend([member("states", lines.states(&source.place.states))]);
            }
            Value::Object(out)
        };
        let resources = self.resources.iter().map(|(key, source)| (key.clone(), resource(source)));
        let resources: Map<String, Value> = resources.collect();
        format!("{:#}\n", json!({ "version": 1, "resources": resources }))
    }
}

impl Source {
    /// Where the places that the bundle holds for this resource are counted from.
    pub(crate) fn start(&self) -> TextSize {
        self.place.absolute(Span::default()).start()
    }

    /// A place that the bundle holds for a part of this resource, as a place in the file.
    pub(crate) fn span(&self, span: Span) -> Span {
        let size = TextSize::of(self.file.text.as_str());
        let span = self.place.absolute(span);
        Span::new(span.start().min(size), span.end().min(size))
    }
}

/// A text and where its lines begin.
struct Lines<'a> {
    text: &'a str,
    index: LineIndex,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        Self { text, index: LineIndex::new(text) }
    }

    fn states(&self, places: &[StatePlace]) -> Value {
        let state = |state: &StatePlace| {
            let mut out = self.place(state.span);
            if !state.states.is_empty() {
                out.extend([member("states", self.states(&state.states))]);
            }
            (state.name.clone(), Value::Object(out))
        };
        Value::Object(places.iter().map(state).collect())
    }

    /// Lines and columns from 1, columns in characters; `start` and `end` in bytes.
    fn place(&self, span: Span) -> Map<String, Value> {
        let ((line, column), (end_line, end_column)) =
            (self.line_and_column(span.start()), self.line_and_column(span.end()));
        Map::from_iter([
            member("line", line),
            member("column", column),
            member("end_line", end_line),
            member("end_column", end_column),
            member("start", u32::from(span.start())),
            member("end", u32::from(span.end())),
        ])
    }

    fn line_and_column(&self, at: TextSize) -> (u32, usize) {
        let Some(place) = self.index.try_line_col(at) else { return (1, 1) };
        let at = usize::from(at);
        let before = self.text.get(at - place.col as usize..at).unwrap_or_default();
        (place.line + 1, before.chars().count() + 1)
    }
}

fn member(key: &str, value: impl Into<Value>) -> (String, Value) {
    (key.to_owned(), value.into())
}
