//! Reading paths: what they lead to, and what is wrong where they lead nowhere.

use super::data::{Data, Read};
use super::flow::Walk;
use super::place::{Quoted, escaped};
use crate::finding::Finding;
use crate::flow::reader::described;
use crate::rules;
use crate::types::Type;
use zisc_bundle::{Path, PathError, Step};

/// What every flow has in its data from the start.
const ENVELOPE: &[&str] = &["input", "account_id", "subdomain", "integration_key", "connections"];

impl<'a> Walk<'_, 'a> {
    /// A string that is a path as a whole, and the type of what it leads to.
    pub(super) fn path(&mut self, quoted: Quoted<'a>, data: &Data) -> Option<(Path, Type)> {
        match Path::parse(quoted.value) {
            Ok(path) => {
                let kind = self.read(&path, quoted, 0, data);
                Some((path, kind))
            }
            Err(error) => {
                self.note(bad_path(quoted, 0, &error));
                None
            }
        }
    }

    /// The type of what a path leads to, which stands at `from` in a string. Mistakes in it make it `any`.
    pub(super) fn read(&mut self, path: &Path, quoted: Quoted<'a>, from: usize, data: &Data) -> Type {
        match data.read(path, &mut self.checker.names) {
            Read::Found(kind) => {
                self.outside_of_map(path, quoted, from, data);
                self.not_in_each_event(path, quoted, from, data);
                if self.is_unreached {
                    self.no_member(path, quoted, from, data);
                }
                kind
            }
            _ if self.silent => Type::Any,
            Read::NoField(step, kind) => {
                self.no_field(path, step, &kind, quoted, from);
                Type::Any
            }
            Read::NoMember => {
                self.no_member(path, quoted, from, data);
                Type::Any
            }
            Read::Replaced(state) => {
                self.replaced(path, state, quoted, from);
                Type::Any
            }
        }
    }

    fn no_field(&mut self, path: &Path, step: usize, kind: &Type, quoted: Quoted<'a>, from: usize) {
        let base = Path { steps: path.steps[..step].to_vec() };
        let span = quoted.step(from, path, step);
        let finding = match &path.steps[step] {
            Step::Index(_) => rules::UNKNOWN_FIELD
                .at(span, format!("`{base}` is no list"))
                .label(format!("an item of {}", described(kind))),
            Step::Member(name) => {
                let fields: Vec<&str> = kind.fields().map(|field| field.name.as_str()).collect();
                if fields.is_empty() {
                    rules::UNKNOWN_FIELD
                        .at(span, format!("`{base}` has no fields"))
                        .label(format!("nothing is called `{name}` in {}", described(kind)))
                } else {
                    let finding = rules::UNKNOWN_FIELD
                        .at(span, format!("`{base}` has no field `{name}`"))
                        .label("running it fails with: JSON path not found");
                    match self.checker.guesses.nearest(name, fields.iter().copied()) {
                        Some(near) => finding.help(format!("did you mean `{near}`?")).fix(
                            format!("write `{near}`"),
                            span,
                            escaped(near),
                        ),
                        None => {
                            let mut shown: Vec<_> = fields.iter().take(12).map(|field| format!("`{field}`")).collect();
                            if fields.len() > shown.len() {
                                shown.push("…".to_owned());
                            }
                            finding.help(format!("it has {}", shown.join(", ")))
                        }
                    }
                }
            }
        };
        self.note(finding);
    }

    /// `$` has no such member here, or not certainly.
    fn no_member(&mut self, path: &Path, quoted: Quoted<'a>, from: usize, data: &Data) {
        let Some(Step::Member(name)) = path.steps.first() else { return };
        let writers = self.writers(name);
        // Where nothing is known, only what no state writes at all is wrong.
        if self.is_unreached
            && (self.silent
                || self.in_map
                || !writers.is_empty()
                || ENVELOPE.contains(&name.as_str())
                || self.replaces_data())
        {
            return;
        }
        // Told of once: mended where it is set, it is mended everywhere.
        if !self.told.insert(format!("{name} is not there")) {
            return;
        }
        let span = quoted.step(from, path, 0);
        if self.some_way_sets(&writers) {
            let finding = rules::MAY_NOT_BE_SET
                .at(span, format!("`$.{name}` may not be set here"))
                .label("not every way that leads here sets it")
                .help("set it on the other ways too, or ask before: \"IsPresent\": true");
            let finding = match writers.first() {
                Some(writer) => finding.note(self.graph.states[*writer].name.span, "set here"),
                None => finding,
            };
            self.note(finding);
            return;
        }
        let finding = rules::NOT_SET.at(span, format!("`$.{name}` is not set here"));
        if self.in_map && ENVELOPE.contains(&name.as_str()) && writers.is_empty() {
            self.note(
                finding
                    .label("in a Map `$` is one item, and nothing else can be read")
                    .help("put what is needed into each item before, with jq"),
            );
            return;
        }
        let finding = match writers.first() {
            Some(writer) => finding
                .label("no way that leads here sets it")
                .note(self.graph.states[*writer].name.span, "set here, where no way leads from to here")
                .help("read it after it is set, or set it on this way too"),
            None => {
                let known = data.whole(&self.checker.names);
                let mut names: Vec<&str> = known.fields().map(|field| field.name.as_str()).collect();
                names.extend(["account_id"].iter().filter(|_| name == "accountId"));
                let finding = finding.label("no state sets it, and the platform does not either");
                match self.checker.guesses.nearest(name, names.iter().copied()) {
                    Some(near) => finding.help(format!("did you mean `{near}`?")).fix(
                        format!("write `{near}`"),
                        span,
                        escaped(near),
                    ),
                    None if matches!(path.steps.get(1), Some(Step::Member(_))) && name.ends_with("_event") => {
                        finding.help(format!("the event stands in `$.input`: write `$.input.{name}`"))
                    }
                    None => {
                        finding.help(format!("a state in front has to write it, with \"ResultPath\": \"$.{name}\""))
                    }
                }
            }
        };
        self.note(finding);
    }

    fn replaced(&mut self, path: &Path, state: usize, quoted: Quoted<'a>, from: usize) {
        let Some(replacing) = self.graph.states.get(state) else { return };
        if !self.told.insert(format!("{state} replaces everything")) {
            return;
        }
        let name = &replacing.name;
        let what = match self.replaces_by_catch(state) {
            true => "a catcher",
            false => "a state",
        };
        self.note(
            rules::DATA_LOST
                .at(
                    name.span,
                    format!("the result of `{}` takes the place of all data, and `{path}` is read later", **name),
                )
                .label(format!("{what} without `ResultPath` replaces `$`"))
                .note(quoted.step(from, path, 0), "read here, where it is gone")
                .help("give it a place of its own, such as \"ResultPath\": \"$.result\""),
        );
    }

    /// What one of the events that start the flow certainly lacks, where nothing on the way asks which one it was.
    fn not_in_each_event(&mut self, path: &Path, quoted: Quoted<'a>, from: usize, data: &Data) {
        let Some((Step::Member(input), fields)) = path.steps.split_first() else { return };
        if self.silent || self.in_map || input != "input" || self.checker.payloads.len() < 2 {
            return;
        }
        let missing =
            self.checker.payloads.iter().find_map(|(job, payload)| Some((*job, missing_step(payload, fields)?)));
        let Some((job, step)) = missing else { return };
        let all = Type::union(self.checker.payloads.iter().map(|(_, payload)| payload.clone()));
        let known = data.read(&Path { steps: path.steps[..1].to_vec() }, &mut self.checker.names);
        // Where `input` is not what it was at the start, somebody asked.
        if !matches!(known, Read::Found(kind) if kind == all) || self.is_decided() {
            return;
        }
        let whole = Path { steps: path.steps[..step + 2].to_vec() };
        if !self.told.insert(format!("{whole} is not in each event")) {
            return;
        }
        let event = format!("{}.{}", *job.event_source, *job.event_type);
        self.note(
            rules::MAY_NOT_BE_SET
                .at(quoted.step(from, path, step + 1), format!("`{whole}` is not in every event that starts this flow"))
                .label(format!("the flow fails here when {event} started it"))
                .note(job.event_type.span, "this event has no such field")
                .help("ask before: \"IsPresent\": true; or let each event start a flow of its own"),
        );
    }

    /// In a Map, `$` is one item. Where nothing is known about the items, what every flow has is most likely meant to be
    /// that of the flow.
    fn outside_of_map(&mut self, path: &Path, quoted: Quoted<'a>, from: usize, data: &Data) {
        let Some(Step::Member(name)) = path.steps.first() else { return };
        if self.silent
            || !self.in_map
            || !ENVELOPE.contains(&name.as_str())
            || data.certainly_has(name, &mut self.checker.names)
        {
            return;
        }
        if !self.told.insert(format!("{name} is outside")) {
            return;
        }
        self.note(
            rules::MAY_NOT_BE_SET
                .at(quoted.step(from, path, 0), format!("in a Map `$` is one item, and `$.{name}` is a part of it"))
                .label("not that of the flow")
                .help("put what is needed into each item before, with jq"),
        );
    }
}

/// The first step of a path that certainly leads nowhere in values of this type.
fn missing_step(kind: &Type, steps: &[Step]) -> Option<usize> {
    let mut kind = kind.clone();
    for (position, step) in steps.iter().enumerate() {
        let next = match step {
            Step::Member(name) => kind.field(name).map(|read| read.kind),
            Step::Index(_) => kind.item(),
        };
        match next {
            Some(next) => kind = next,
            None => return Some(position),
        }
    }
    None
}

/// What is wrong with a text that should be a path.
pub(super) fn bad_path(quoted: Quoted<'_>, from: usize, error: &PathError) -> Finding {
    let rest = &quoted.value[from.min(quoted.value.len())..];
    let finding = rules::PATH_FORM
        .at(
            quoted.part((from + error.at).min(quoted.value.len())..quoted.value.len()),
            format!("this is no path: {}", error.message),
        )
        .label("cannot be followed from here on");
    if rest.starts_with("$$") {
        return finding
            .help("there is no context object: `$.account_id`, `$.subdomain` and `$.integration_key` are in `$`");
    }
    if rest.starts_with("States.") {
        return finding.help("the platform has no such functions: compute it with jq in front");
    }
    match rest.starts_with('$') {
        true => finding.help("a path names one place: `$`, then `.name`, `[0]` or `[\"name\"]`; jq can do more"),
        false => {
            let meant = format!("$.{}", rest.trim_start_matches('.'));
            let finding = finding.help(format!("did you mean `{meant}`?"));
            match from == 0 && Path::parse(&meant).is_ok() {
                true => finding.fix(format!("write `{meant}`"), quoted.inside(), escaped(&meant)),
                false => finding,
            }
        }
    }
}
