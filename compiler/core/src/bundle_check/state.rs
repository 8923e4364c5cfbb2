//! One state with the data in front of it: what is wrong with its members.

use super::data::Data;
use super::flow::Walk;
use super::place::Quoted;
use super::read::bad_path;
use crate::platform::{LONGEST_RUN, MOST_ITEMS};
use crate::types::Type;
use crate::{Shared, rules};
use zisc_bundle::json::Json;
use zisc_bundle::{Catcher, Delay, Path, Placed, State, StateKind, Step};

impl<'a> Walk<'_, 'a> {
    /// Looks at one state with the data in front of it.
    pub(super) fn state(&mut self, position: usize, data: &Data) {
        let state = self.graph.states[position];
        self.here = position;
        self.catchers(state);
        match &state.kind {
            StateKind::Action { action, parameters, result_path, .. } => {
                self.call(action, parameters.as_ref(), data);
                self.result_path(result_path.as_ref());
            }
            StateKind::Choice { rules, default } => {
                self.rules(rules, data);
                self.without_default(state, rules, default.as_ref());
            }
            StateKind::Map { items_path, result_path, .. } => {
                self.items(items_path, data);
                self.result_path(result_path.as_ref());
            }
            StateKind::Pass { result, result_path, .. } => {
                if let Some(result) = result {
                    self.template(result, data);
                }
                self.result_path(result_path.as_ref());
            }
            StateKind::Succeed { message } => {
                if let Some(message) = message {
                    self.message(message, data);
                }
            }
            StateKind::Fail { error, cause } => {
                self.message(error, data);
                self.message(cause, data);
            }
            StateKind::Wait { delay: Delay::Seconds(seconds), .. } => self.seconds(seconds),
            StateKind::Wait { delay: Delay::SecondsPath(path), .. } => {
                let Some((_, kind)) = self.path(self.quoted(path), data) else { return };
                if !kind.overlaps(&Type::Number) {
                    self.note(
                        rules::WRONG_TYPE
                            .at(
                                self.quoted(path).inside(),
                                format!("a number of seconds is wanted, and `{}` is none", path.value),
                            )
                            .label(format!("of type {kind}")),
                    );
                }
            }
            StateKind::Unknown(_) => {}
        }
    }

    /// The list that a Map goes through.
    pub(super) fn items(&mut self, items_path: &'a Placed<String>, data: &Data) -> Type {
        if items_path.is_empty() {
            return Type::Any;
        }
        let quoted = self.quoted(items_path);
        let Some((path, kind)) = self.path(quoted, data) else { return Type::Any };
        let wrong = |headline: String, kind: &Type| {
            rules::WRONG_TYPE.at(quoted.inside(), headline).label(format!("of type {kind}"))
        };
        match kind.item() {
            None if kind != Type::Any => {
                self.note(wrong(format!("a Map goes through a list, and `{path}` is none"), &kind));
            }
            Some(item) if item != Type::Any => {
                let object = Type::Map(Shared::new(Type::Any));
                if !item.alternatives().iter().any(|kind| kind.fits(&object)) {
                    let finding = wrong("the platform goes through lists of objects only".to_owned(), &kind);
                    self.note(finding.help("wrap each item into an object before, with jq: `map({ item: . })`"));
                }
            }
            _ => {}
        }
        let length = self.literal_length(&path);
        if length > MOST_ITEMS {
            self.note(
                rules::TOO_MANY_ITEMS
                    .at(
                        quoted.inside(),
                        format!("a Map takes {MOST_ITEMS} items at the most, and `{path}` has {length}"),
                    )
                    .label("the platform ends the flow here")
                    .help("split the list, or leave some out before"),
            );
        }
        kind
    }

    /// How long the list is that a Pass writes to `path` as it stands; 0 where none does.
    fn literal_length(&mut self, path: &Path) -> usize {
        let Some(Step::Member(name)) = path.steps.first().filter(|_| !self.silent) else { return 0 };
        let written = path.to_string();
        let length = |writer: usize| match &self.graph.states[writer].kind {
            StateKind::Pass { result: Some(result), result_path: Some(place), .. }
                if place.as_str() == Some(written.as_str()) =>
            {
                result.as_array().map(<[Json]>::len)
            }
            _ => None,
        };
        let writers = self.writers(name);
        writers.into_iter().filter_map(length).max().unwrap_or_default()
    }

    fn seconds(&mut self, seconds: &Json) {
        let Some(number) = seconds.as_f64().filter(|number| *number > LONGEST_RUN) else { return };
        self.note(
            rules::LONG_WAIT
                .at(seconds.span, format!("a flow may run for {LONGEST_RUN} seconds, and this waits longer"))
                .label(format!("{number} seconds: the platform ends the flow before"))
                .help("wait for a shorter time"),
        );
    }

    fn result_path(&mut self, json: Option<&'a Json>) {
        let Some((json, text)) = json.and_then(|json| Some((json, json.as_str()?))) else { return };
        let quoted = Quoted { file: self.checker.text, value: text, span: json.span };
        match Path::parse(text) {
            Err(error) => self.note(bad_path(quoted, 0, &error)),
            Ok(path) => {
                if let Some(step) = path.steps.iter().position(|step| matches!(step, Step::Index(_))) {
                    self.note(
                        rules::PATH_FORM
                            .at(quoted.step(0, &path, step), "a result cannot be put into a list")
                            .label("an index")
                            .help("put it into a member of its own, and the list together with jq"),
                    );
                }
            }
        }
    }

    fn catchers(&mut self, state: &'a State) {
        for catcher in state.kind.catch() {
            self.result_path(catcher.result_path.as_ref());
            self.error_equals(catcher);
        }
    }

    fn error_equals(&mut self, catcher: &Catcher) {
        let equals = &catcher.error_equals;
        let names: Option<Vec<&str>> = equals.as_array().map(|items| items.iter().filter_map(Json::as_str).collect());
        if names.as_deref() == Some(&["States.ALL"]) || equals.span.is_empty() {
            return;
        }
        self.note(
            rules::ERROR_EQUALS
                .at(equals.span, "a catcher can only catch all errors")
                .label("not [\"States.ALL\"]")
                .help("to tell errors apart, catch them all and ask for the text in `Cause` in a Choice")
                .fix("catch all errors", equals.span, "[\"States.ALL\"]"),
        );
    }
}
