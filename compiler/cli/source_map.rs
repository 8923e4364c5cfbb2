//! From a bundle back to its source: for the messages of a run, and as the file `OUT.map.json`.

use crate::file::TextFile;
use line_index::LineIndex;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
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
    pub(crate) fn json(&self, folder: &Path) -> String {
        let mut lines: HashMap<&Path, Lines<'_>> = HashMap::new();
        for (_, source) in &self.resources {
            lines.entry(&source.file.path).or_insert_with(|| Lines::of(&source.file.text));
        }
        let resources = InOrder(self.resources.iter().map(|(key, source)| {
            let path: &Path = &source.file.path;
            let file = path.strip_prefix(folder).unwrap_or(path).display().to_string().replace('\\', "/");
            let (span, states) = (source.place.span, source.place.states.as_slice());
            (key, Located { file: Some(file), lines: &lines[path], span, states })
        }));
        let map = serde_json::to_string_pretty(&Written { version: 1, resources }).unwrap_or_default();
        format!("{map}\n")
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

    fn line_and_column(&self, at: TextSize) -> (u32, usize) {
        let Some(place) = self.index.try_line_col(at) else { return (1, 1) };
        let at = usize::from(at);
        let before = self.text.get(at - place.col as usize..at).unwrap_or_default();
        (place.line + 1, before.chars().count() + 1)
    }
}

#[derive(Serialize)]
struct Written<R> {
    version: u32,
    resources: R,
}

/// Something, and where it stands.
struct Located<'a> {
    file: Option<String>,
    lines: &'a Lines<'a>,
    span: Span,
    states: &'a [StatePlace],
}

impl Serialize for Located<'_> {
    /// Lines and columns from 1, columns in characters; `start` and `end` in bytes.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_map(None)?;
        if let Some(file) = &self.file {
            out.serialize_entry("file", file)?;
        }
        let (line, column) = self.lines.line_and_column(self.span.start());
        let (end_line, end_column) = self.lines.line_and_column(self.span.end());
        out.serialize_entry("line", &line)?;
        out.serialize_entry("column", &column)?;
        out.serialize_entry("end_line", &end_line)?;
        out.serialize_entry("end_column", &end_column)?;
        out.serialize_entry("start", &u32::from(self.span.start()))?;
        out.serialize_entry("end", &u32::from(self.span.end()))?;
        if !self.states.is_empty() {
            let states = self.states.iter().map(|state| {
                (&state.name, Located { file: None, lines: self.lines, span: state.span, states: &state.states })
            });
            out.serialize_entry("states", &InOrder(states))?;
        }
        out.end()
    }
}

/// What has names, in order.
struct InOrder<I>(I);

impl<K: Serialize, V: Serialize, I: Iterator<Item = (K, V)> + Clone> Serialize for InOrder<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.clone())
    }
}
