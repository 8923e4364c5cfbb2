//! A flow as a picture: SVG to look at, Mermaid and DOT for other tools.
//!
//! ```
//! use zisc_core::Diagram;
//!
//! let text = r#"{ "zis_template_version": "2019-10-14", "name": "hello", "resources": { "greet": {
//!   "type": "ZIS::Flow", "properties": { "name": "greet", "definition": {
//!     "StartAt": "Done", "States": { "Done": { "Type": "Succeed", "Message": "hello" } } } } } } }"#;
//! let (bundle, _) = zisc_bundle::Bundle::read(text);
//! let flow = bundle.flow("greet").expect("the flow is there");
//! let diagram = Diagram::of(&flow.machine);
//! assert!(diagram.svg("greet").starts_with("<svg"));
//! assert!(diagram.mermaid().starts_with("flowchart TD"));
//! ```
//!
//! A [`Diagram`] is what is drawn: boxes and lines with their words. [`words`] says a rule of a Choice as the language
//! would; [`scene`] says how large everything is and [`layout`] where it stands; [`svg`], [`mermaid`] and [`dot`] write it down. The same machine always
//! gives the same bytes.

mod dot;
mod layout;
mod mermaid;
mod scene;
mod svg;
#[cfg(test)]
mod tests;
mod words;

use crate::bundle_check::Guesses;
use crate::bundle_check::graph::{Graph, WaySort, ways_of};
use text_size::TextSize;
use zisc_bundle::json::Json;
use zisc_bundle::{Delay, Machine, Reference, Span, State, StateKind, Transition};

/// A flow, or the iterator of a Map, as boxes and lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagram {
    /// The boxes: the states in their order, then names that lead nowhere.
    pub nodes: Vec<Node>,
    /// The lines between them.
    pub edges: Vec<Edge>,
    /// The box where it begins.
    pub start: Option<usize>,
}

/// A box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The state's name.
    pub name: String,
    /// What sort of state it is.
    pub sort: Sort,
    /// What it does, in a few words; may be empty.
    pub detail: String,
    /// What runs for each item, where it is a Map.
    pub body: Option<Diagram>,
    /// No way leads here, or there is no such state.
    pub is_broken: bool,
    /// The flow can end here without a Succeed or a Fail.
    pub is_end: bool,
    /// The state's name in the text.
    pub place: Span,
    /// The whole state in the text; empty where nobody wrote it.
    pub whole: Span,
}

/// What sort of state a box is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sort {
    /// Runs an action.
    Action,
    /// Runs jq.
    Jq,
    /// Decides.
    Choice,
    /// Runs something for each item.
    Map,
    /// Puts a value somewhere.
    Pass,
    /// Waits.
    Wait,
    /// Ends well.
    Succeed,
    /// Ends badly.
    Fail,
    /// A state that nobody understands, or that does not exist.
    Unknown,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The box it leaves.
    pub from: usize,
    /// The box it leads to.
    pub to: usize,
    /// When this way is taken; one line for each rule.
    pub label: Vec<String>,
    /// Taken when the state fails.
    pub is_catch: bool,
    /// It leads to a state that does not exist, or from one that is never reached.
    pub is_broken: bool,
}

impl Sort {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Sort::Action => "action",
            Sort::Jq => "jq",
            Sort::Choice => "choice",
            Sort::Map => "map",
            Sort::Pass => "pass",
            Sort::Wait => "wait",
            Sort::Succeed => "succeed",
            Sort::Fail => "fail",
            Sort::Unknown => "unknown",
        }
    }
}

impl Diagram {
    /// The picture of a machine.
    pub fn of(machine: &Machine) -> Self {
        // A name that leads nowhere is drawn as it is.
        let graph = Graph::new(machine, &mut Guesses::none());
        let mut reached = vec![false; graph.states.len()];
        for state in graph.order() {
            reached[state] = true;
        }
        let mut diagram = Self { start: graph.start, ..Self::default() };
        for (state, reached) in graph.states.iter().zip(&reached) {
            diagram.nodes.push(node(state, !reached));
        }
        for (from, state) in graph.states.iter().enumerate() {
            for (sort, name) in ways_of(&state.kind) {
                let is_catch = matches!(sort, WaySort::Catch(_));
                let known = machine.states.get_index_of(name.as_str());
                let is_broken = known.is_none() || !reached[from];
                if !name.is_empty() {
                    let to = known.unwrap_or_else(|| diagram.missing(name, name.span));
                    diagram.add(from, to, label(state, sort), is_catch, is_broken);
                }
            }
        }
        if diagram.start.is_none() && !machine.start_at.is_empty() {
            diagram.start = Some(diagram.missing(&machine.start_at, machine.start_at.span));
        }
        diagram
    }

    /// The diagram with its places in a text in which they were counted from `start`.
    #[must_use]
    pub fn moved(mut self, start: TextSize) -> Self {
        for node in &mut self.nodes {
            node.place += start;
            node.whole += start;
            node.body = node.body.take().map(|body| body.moved(start));
        }
        self
    }

    /// Adds a line; rules that lead to the same box share one.
    fn add(&mut self, from: usize, to: usize, label: Vec<String>, is_catch: bool, is_broken: bool) {
        let same = self.edges.iter_mut().rev().take_while(|edge| edge.from == from);
        match same.into_iter().find(|edge| edge.to == to && edge.is_catch == is_catch) {
            Some(edge) => edge.label.extend(label),
            None => self.edges.push(Edge { from, to, label, is_catch, is_broken }),
        }
    }

    /// The box of a state that does not exist.
    fn missing(&mut self, name: &str, place: Span) -> usize {
        let known = self.nodes.iter().rposition(|node| node.sort == Sort::Unknown && node.name == name);
        known.unwrap_or_else(|| {
            self.nodes.push(Node {
                name: name.to_owned(),
                sort: Sort::Unknown,
                detail: "no such state".to_owned(),
                body: None,
                is_broken: true,
                is_end: false,
                place,
                whole: Span::default(),
            });
            self.nodes.len() - 1
        })
    }
}

fn node(state: &State, is_broken: bool) -> Node {
    let (sort, detail, body) = match &state.kind {
        StateKind::Action { action, parameters, .. } => action_words(action, parameters.as_ref()),
        StateKind::Choice { .. } => (Sort::Choice, String::new(), None),
        StateKind::Map { items_path, iterator, .. } => {
            (Sort::Map, format!("for each of {}", words::path(items_path)), Some(Diagram::of(iterator)))
        }
        StateKind::Pass { result: Some(_), result_path, .. } => (Sort::Pass, written_to(result_path.as_ref()), None),
        StateKind::Pass { result: None, .. } => (Sort::Pass, String::new(), None),
        StateKind::Wait { delay: Delay::Seconds(seconds), .. } => {
            (Sort::Wait, format!("{}s", zisc_bundle::json::compact(seconds)), None)
        }
        StateKind::Wait { delay: Delay::SecondsPath(path), .. } => {
            (Sort::Wait, format!("{} seconds", words::path(path)), None)
        }
        StateKind::Succeed { message } => {
            (Sort::Succeed, message.as_ref().map(|message| words::text(message)).unwrap_or_default(), None)
        }
        StateKind::Fail { error, .. } => (Sort::Fail, words::text(error), None),
        StateKind::Unknown(_) => (Sort::Unknown, state.kind.type_name().to_owned(), None),
    };
    Node {
        name: state.name.value.clone(),
        sort,
        detail,
        body,
        is_broken,
        is_end: state.kind.then() == Some(&Transition::End),
        place: state.name.span,
        whole: state.span,
    }
}

fn action_words(action: &str, parameters: Option<&Json>) -> (Sort, String, Option<Diagram>) {
    match Reference::parse(action) {
        Some(Reference { kind: "transform", .. }) => {
            let program = parameters.and_then(|json| json.get("expr").or_else(|| json.get("expr.$")));
            (Sort::Jq, program.and_then(Json::as_str).unwrap_or_default().trim().to_owned(), None)
        }
        Some(Reference { integration: "common", name, .. }) => (Sort::Action, format!("zis.{name}"), None),
        Some(Reference { name, .. }) => (Sort::Action, name.to_owned(), None),
        None => (Sort::Action, action.to_owned(), None),
    }
}

fn written_to(result_path: Option<&Json>) -> String {
    match result_path.and_then(Json::as_str) {
        Some(path) => format!("sets {}", words::path(path)),
        None => "replaces all data".to_owned(),
    }
}

/// What is said at a way out of a state.
fn label(state: &State, sort: WaySort) -> Vec<String> {
    match (sort, &state.kind) {
        (WaySort::Rule(number), StateKind::Choice { rules, .. }) => {
            rules.get(number).map(|rule| words::condition(&rule.condition)).into_iter().collect()
        }
        (WaySort::Default, _) => vec!["else".to_owned()],
        (WaySort::Catch(_), _) => vec!["error".to_owned()],
        (WaySort::Next | WaySort::Rule(_), _) => Vec::new(),
    }
}
