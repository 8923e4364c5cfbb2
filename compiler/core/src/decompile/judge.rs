//! The compiler as the judge: what a source builds to, and where that differs from the bundle.

use super::level::{Level, Levels, id};
use crate::flow::names::without_values;
use crate::{Database, Finding, Settings, SourceFile};
use zisc_bundle::json::{Json, Member, Value};
use zisc_bundle::{Machine, State, StateKind};

/// What a source becomes.
pub(super) struct Built {
    /// The bundle.
    pub(super) json: Json,
    /// What is wrong with the source.
    pub(super) findings: Vec<Finding>,
}

/// Builds a source.
pub(super) fn build(text: &str) -> Built {
    let db = Database::default();
    let settings = Settings::standard(&db);
    let file = SourceFile::new(&db, "decompiled.zis".to_owned(), text.to_owned());
    let findings = crate::findings(&db, file, settings).to_vec();
    Built { json: crate::bundle(&db, file, settings).to_json(), findings }
}

impl Built {
    /// The resource of a key.
    pub(super) fn resource(&self, key: &str) -> Option<&Json> {
        self.json.get("resources")?.get(key)
    }
}

/// The states of a machine that came out otherwise. `original` and `built` are the JSON of the machine.
pub(super) fn differing<'m>(
    machine: &'m Machine,
    levels: &Levels,
    original: &Json,
    built: Option<&Json>,
    found: &mut Vec<&'m State>,
) {
    let built_states = built.and_then(|built| built.get("States"));
    let names = Named { machine };
    for state in machine.states.values() {
        let before = original.get("States").and_then(|states| states.get(&state.name));
        let after = built_states.and_then(|states| states.get(&state.name));
        match (before, after, &state.kind) {
            (Some(before), Some(after), StateKind::Map { iterator, .. }) => {
                let count = found.len();
                let (inner_before, inner_after) = (before.get("Iterator"), after.get("Iterator"));
                if let Some(inner) = inner_before {
                    differing(iterator, levels, inner, inner_after, found);
                }
                let without = |json: &Json| without_member(json, "Iterator");
                let same_start = inner_before.zip(inner_after).is_some_and(|(before, after)| {
                    without_member(before, "States")
                        .same(&names.plain_starts(iterator, &without_member(after, "States")))
                });
                if !without(before).same(&names.plain(&without(after))) || (found.len() == count && !same_start) {
                    found.push(state);
                }
            }
            (Some(before), Some(after), _) if before.same(after) => {}
            (Some(before), Some(after), _) if before.same(&names.plain(after)) => {}
            _ => found.push(state),
        }
    }
    // Where the jq state in front of another one came out otherwise, that one is written plainer.
    for state in found.iter_mut() {
        if let Some(of) = without_values(&state.name).and_then(|name| machine.states.get(name))
            && levels.of(of) == Level::Nice
        {
            *state = of;
        }
    }
    found.sort_by_key(|state| id(state));
    found.dedup_by_key(|state| id(state));
    // A state that was made in front of another says that the other is not written plain enough.
    for member in built_states.and_then(Json::as_object).unwrap_or_default() {
        if !machine.states.contains_key(member.key.as_str())
            && let Some(state) = machine.states.get(names.state(&member.key))
            && !found.iter().any(|known| std::ptr::eq(*known, state))
        {
            found.push(state);
        }
    }
}

fn without_member(json: &Json, key: &str) -> Json {
    let members = json.as_object().unwrap_or_default().iter().filter(|member| *member.key != key).cloned();
    Json::new(Value::Object(members.collect()), json.span)
}

/// The names of the states of a machine.
struct Named<'m> {
    machine: &'m Machine,
}

impl Named<'_> {
    /// The state that a name means: itself, or the one in front of which the compiler made it.
    fn state<'n>(&self, name: &'n str) -> &'n str {
        let mut state = name;
        while !self.machine.states.contains_key(state) {
            match state.strip_suffix(".Values").or_else(|| state.strip_suffix(".Else")) {
                Some(shorter) => state = shorter,
                None => return name,
            }
        }
        state
    }

    /// The state as if nothing had been made in front of those that it leads to.
    fn plain(&self, state: &Json) -> Json {
        self.mapped(state, self)
    }

    fn plain_starts(&self, iterator: &Machine, json: &Json) -> Json {
        self.mapped(json, &Named { machine: iterator })
    }

    fn mapped(&self, json: &Json, names: &Named<'_>) -> Json {
        let value = match &json.value {
            Value::Object(members) => Value::Object(
                members
                    .iter()
                    .map(|member| {
                        let leads = matches!(member.key.as_str(), "Next" | "Default" | "StartAt");
                        let value = match (leads, member.value.as_str()) {
                            (true, Some(name)) => Json::string(names.state(name), member.value.span),
                            _ if matches!(member.key.as_str(), "Choices" | "Catch") => {
                                self.mapped(&member.value, names)
                            }
                            _ => member.value.clone(),
                        };
                        Member { key: member.key.clone(), value }
                    })
                    .collect(),
            ),
            Value::Array(items) => Value::Array(items.iter().map(|item| self.mapped(item, names)).collect()),
            value => value.clone(),
        };
        Json::new(value, json.span)
    }
}
