//! A bundle beside its source: the text, and which part of it comes from which part of the source.

use crate::{Db, ResourcePlace, Settings, SourceFile, StatePlace, bundle, source_map};
use std::collections::HashSet;
use zisc_bundle::Span;
use zisc_bundle::json::{self, Json, Member, Value};

/// The text of a bundle, and where its parts come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BundleText {
    /// The bundle as JSON.
    pub text: String,
    /// Which part comes from where: resources, states, and what of their members somebody wrote.
    pub pairs: Vec<Pair>,
}

/// A part of a bundle, and what it was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The file of the source.
    pub file: SourceFile,
    /// The place in that file.
    pub source: Span,
    /// The place in the bundle's text.
    pub target: Span,
    /// It is a resource or a state, and no part of one.
    pub is_whole: bool,
}

/// The bundle of a file beside its source. It is whole where the file has no findings that are errors.
pub fn bundle_text(db: &dyn Db, file: SourceFile, settings: Settings) -> BundleText {
    let bundle = bundle(db, file, settings);
    let text = bundle.write();
    // What was just written is JSON.
    let (written, _) = json::read(&text);
    let places = source_map(db, file, settings);
    let mut pairs = Vec::new();
    let mut parts = Vec::new();
    let resources = written.get("resources").and_then(Json::as_object).unwrap_or_default();
    for (resource, member) in bundle.resources.values().zip(resources) {
        let Some(place) = places.get(resource.key.value.as_str()) else { continue };
        let mut pairing = Pairing { place, wholes: &mut pairs, parts: &mut parts };
        pairing.whole(place.span, member);
        pairing.part(resource.key.span, member.key.span);
        pairing.values(&resource.to_json(), &member.value);
        if let Some(definition) = member.value.get("properties").and_then(|properties| properties.get("definition")) {
            pairing.states(&place.states, definition);
        }
    }
    // What comes from a whole statement is found with its state.
    let wholes: HashSet<(SourceFile, Span)> = pairs.iter().map(|pair| (pair.file, pair.source)).collect();
    pairs.extend(parts.into_iter().filter(|part: &Pair| !wholes.contains(&(part.file, part.source))));
    BundleText { text, pairs }
}

/// The pairs of one resource.
struct Pairing<'a> {
    place: &'a ResourcePlace,
    /// The resource and its states.
    wholes: &'a mut Vec<Pair>,
    /// What stands in them.
    parts: &'a mut Vec<Pair>,
}

impl Pairing<'_> {
    /// The same value twice: as it was made, with places in the source, and as it is written.
    fn values(&mut self, made: &Json, written: &Json) {
        self.part(made.span, written.span);
        match (&made.value, &written.value) {
            (Value::Object(made), Value::Object(written)) => {
                for (made, written) in made.iter().zip(written) {
                    self.part(made.key.span, written.key.span);
                    self.values(&made.value, &written.value);
                }
            }
            (Value::Array(made), Value::Array(written)) => {
                made.iter().zip(written).for_each(|(made, written)| self.values(made, written));
            }
            _ => {}
        }
    }

    fn states(&mut self, places: &[StatePlace], machine: &Json) {
        let written = machine.get("States").and_then(Json::as_object).unwrap_or_default();
        for (place, member) in places.iter().zip(written) {
            self.whole(place.span, member);
            if let Some(iterator) = member.value.get("Iterator") {
                self.states(&place.states, iterator);
            }
        }
    }

    fn whole(&mut self, source: Span, target: &Member) {
        let target = target.key.span.cover(target.value.span);
        self.wholes.push(Pair { file: self.place.file, source, target, is_whole: true });
    }

    /// A place that the bundle holds; what nobody wrote has none.
    fn part(&mut self, source: Span, target: Span) {
        if !source.is_empty() {
            let source = self.place.absolute(source);
            self.parts.push(Pair { file: self.place.file, source, target, is_whole: false });
        }
    }
}
