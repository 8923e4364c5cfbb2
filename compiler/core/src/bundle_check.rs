//! Findings in bundle JSON: the same that source has, placed in the JSON text, and those that only JSON can have.
//!
//! [`shape`] says what the reader of bundles could not read and which members the platform does not know. [`resources`]
//! looks at names and at what refers to what, [`definition`] at custom actions. Each flow becomes a [`graph`]; [`flow`]
//! follows its ways with what is known of [`data`] at each state, [`reach`] looks at the ways themselves and [`state`] at
//! every state with its data: [`call`], [`choice`], [`template`], [`transform`] and [`read`] each know one part of it.

mod call;
mod choice;
mod data;
mod definition;
pub(crate) mod flow;
pub(crate) mod graph;
mod members;
mod place;
mod reach;
mod read;
mod resources;
mod shape;
mod state;
mod template;
mod transform;

use crate::finding::Finding;
use crate::{Db, Settings, SourceFile};
use data::Names;
use definition::Custom;
use indexmap::IndexMap;
use place::Quoted;
use zisc_bundle::json::{self, Comments};
use zisc_bundle::{Bundle, Placed, ProblemKind, nearest};

/// Everything that is wrong with a bundle or could be better.
pub(crate) fn bundle_findings(db: &dyn Db, file: SourceFile, settings: Settings) -> Vec<Finding> {
    let text = file.text(db);
    let (json, errors) = json::read_with(text, Comments::Skipped);
    // Broken JSON makes members go missing; to report those too would be a second message for one mistake.
    if !errors.is_empty() {
        return errors.into_iter().map(|error| shape::broken(&error)).collect();
    }
    let (bundle, problems) = Bundle::from_json(&json);
    let mut checker = Checker {
        text,
        bundle: &bundle,
        usual_integration: settings.integration(db).or_else(|| resources::usual_integration(&bundle)),
        customs: IndexMap::new(),
        names: Names::default(),
        guesses: Guesses::default(),
        findings: shape::problems(&problems),
        has_gaps: problems.iter().any(|problem| problem.kind == ProblemKind::Missing),
    };
    checker.customs = checker.definitions();
    checker.unknown_members();
    checker.resources();
    for flow in bundle.flows() {
        checker.flow(flow);
    }
    checker.unused();
    checker.findings
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
    /// Something that would refer to others lacks a part.
    has_gaps: bool,
}

impl<'a> Checker<'a> {
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
