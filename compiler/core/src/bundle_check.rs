//! Findings in bundle JSON: the same that source has, placed in the JSON text, and those that only JSON can have.
//!
//! Where the JSON itself is broken, [`gaps`] says what is left to check. [`shape`] says what the reader of bundles could not read and which members the platform does not know. [`resources`]
//! looks at names and at what refers to what, [`definition`] at custom actions. Each flow becomes a [`graph`]; [`flow`]
//! follows its ways with what is known of [`data`] at each state, [`reach`] looks at the ways themselves and [`state`] at
//! every state with its data: [`call`], [`choice`], [`template`], [`transform`] and [`read`] each know one part of it.

mod call;
mod choice;
mod data;
pub(crate) mod definition;
pub(crate) mod flow;
mod gaps;
pub(crate) mod graph;
mod members;
pub(crate) mod place;
mod reach;
mod read;
mod resources;
mod shape;
mod state;
mod template;
mod transform;

use crate::finding::Finding;
use crate::types::{FieldType, RecordType, Type};
use crate::{Db, Settings, Shared, SourceFile, Text};
use data::{Data, Names, Read};
use definition::Custom;
pub(crate) use definition::reads_of;
use gaps::Gaps;
use indexmap::IndexMap;
use place::Quoted;
pub(crate) use resources::usual_integration;
use text_size::TextSize;
use zisc_bundle::json::{self, Comments};
use zisc_bundle::{Bundle, JobSpec, Path, Placed, ProblemKind, ResourceKind, nearest};

/// Everything that is wrong with a bundle or could be better.
pub(crate) fn bundle_findings(db: &dyn Db, file: SourceFile, settings: Settings) -> Vec<Finding> {
    let text = file.text(db);
    let (json, errors) = json::read_with(text, Comments::Refused);
    let mut findings: Vec<Finding> = errors.iter().map(shape::broken).collect();
    let (bundle, problems) = Bundle::from_json(&json);
    let Some(gaps) = Gaps::of(&bundle, &errors) else { return findings };
    let mut checker = Checker::new(text, &bundle, settings.integration(db));
    checker.findings = shape::problems(&problems);
    checker.has_gaps = problems.iter().any(|problem| problem.kind == ProblemKind::Missing);
    checker.customs = checker.definitions();
    checker.unknown_members();
    checker.findings.retain(|finding| !gaps.hide(finding.span));
    checker.resources();
    for flow in bundle.flows().filter(|flow| !gaps.are_in(flow)) {
        checker.flow(flow);
    }
    if gaps.is_empty() {
        checker.unused();
    }
    findings.append(&mut checker.findings);
    findings
}

/// What is known of a state.
pub(crate) struct KnownData {
    seen: Seen,
    names: Names,
}

/// What is looked at beside the findings.
#[derive(Clone, Copy)]
enum Watched<'a> {
    /// The innermost state around a place.
    Place(TextSize),
    /// The calls of the custom action of this name.
    Calls(&'a str),
}

/// What is seen at a state.
struct Seen {
    /// `$` in front of it.
    before: Data,
    /// `$` behind it, where it goes on to the next.
    after: Data,
    /// What its jq works on, where it has one.
    jq_input: Option<Type>,
}

impl KnownData {
    /// What is known in front of the innermost state around a place; in a custom action, what its calls give it.
    pub(crate) fn at(text: &str, bundle: &Bundle, integration: Option<&str>, place: TextSize) -> Option<Self> {
        let around = bundle.resources.values().find(|resource| resource.span.contains_inclusive(place))?;
        let mut checker = Checker::new(text, bundle, integration);
        match &around.kind {
            ResourceKind::Flow(flow) => {
                checker.watched = Some(Watched::Place(place));
                checker.flow(flow);
                Some(Self { seen: checker.seen?, names: checker.names })
            }
            ResourceKind::HttpAction(action) => {
                checker.watched = Some(Watched::Calls(&action.name));
                bundle.flows().for_each(|flow| checker.flow(flow));
                let given = Type::Record(Shared::new(RecordType {
                    fields: checker
                        .given
                        .drain(..)
                        .map(|(name, kind)| FieldType { name, kind, ..FieldType::default() })
                        .collect(),
                    ..RecordType::default()
                }));
                let data = Data::of(&given, &mut checker.names);
                let seen = Seen { before: data.clone(), after: data, jq_input: None };
                Some(Self { seen, names: checker.names })
            }
            ResourceKind::JobSpec(_) | ResourceKind::Unknown(_) => None,
        }
    }

    /// The type of what a path leads to; nothing where it certainly leads nowhere.
    pub(crate) fn read(&mut self, path: &Path) -> Option<Type> {
        found(self.seen.before.read(path, &mut self.names))
    }

    /// The type of what a path leads to when the state is done.
    pub(crate) fn read_after(&mut self, path: &Path) -> Option<Type> {
        found(self.seen.after.read(path, &mut self.names))
    }

    /// The type of what the state's jq works on, where it has one.
    pub(crate) fn jq_input(self) -> Option<Type> {
        self.seen.jq_input
    }
}

fn found(read: Read) -> Option<Type> {
    match read {
        Read::Found(kind) => Some(kind),
        Read::Replaced(_) | Read::NoMember | Read::NoField(..) => None,
    }
}

/// What a bundle is checked with.
struct Checker<'a> {
    text: &'a str,
    bundle: &'a Bundle,
    /// The integration's key: what the project says, or what the bundle itself says most.
    usual_integration: Option<&'a str>,
    /// The custom actions by name.
    customs: IndexMap<&'a str, Custom<'a>>,
    names: Names,
    guesses: Guesses,
    findings: Vec<Finding>,
    /// The jobs that start the flow that is looked at, and what each brings.
    payloads: Vec<(&'a JobSpec, Type)>,
    /// Something that would refer to others lacks a part.
    has_gaps: bool,
    /// What somebody wants to know of.
    watched: Option<Watched<'a>>,
    /// What is seen at the innermost state around the watched place.
    seen: Option<Seen>,
    /// What the watched calls give, by the names of parameters.
    given: IndexMap<Text, Type>,
}

impl<'a> Checker<'a> {
    fn new(text: &'a str, bundle: &'a Bundle, integration: Option<&'a str>) -> Self {
        Self {
            text,
            bundle,
            usual_integration: integration.or_else(|| resources::usual_integration(bundle)),
            customs: IndexMap::new(),
            names: Names::default(),
            guesses: Guesses::default(),
            findings: Vec::new(),
            payloads: Vec::new(),
            has_gaps: false,
            watched: None,
            seen: None,
            given: IndexMap::new(),
        }
    }

    fn quoted(&self, string: &'a Placed<String>) -> Quoted<'a> {
        Quoted::new(self.text, string)
    }
}

/// Guesses which name was meant. Names are compared a limited number of times: a file that is wrong all over needs no
/// guess at every place.
#[derive(Default)]
pub(crate) struct Guesses {
    made: usize,
}

impl Guesses {
    const MOST: usize = 50;

    /// Makes no guess.
    pub(crate) fn none() -> Self {
        Self { made: Self::MOST }
    }

    pub(crate) fn nearest<'n>(&mut self, wanted: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
        self.made += 1;
        if self.made <= Self::MOST { nearest(wanted, names) } else { None }
    }
}
