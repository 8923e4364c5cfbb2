//! The compiler as the judge: what a source builds to, and where that differs from the bundle.

use super::level::{Different, Level, Levels, id};
use crate::flow::names::without_values;
use crate::{Database, Finding, Settings, SourceFile};
use std::collections::{HashMap, HashSet};
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
    found: &mut Vec<Different<'m>>,
) {
    let built_states = built.and_then(|built| built.get("States"));
    let (before, after) = (members(original.get("States")), members(built_states));
    let names = Named { machine };
    for state in machine.states.values() {
        let before = before.get(state.name.as_str()).copied();
        let after = after.get(state.name.as_str()).copied();
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
                    found.push(whole(state));
                }
            }
            (Some(before), Some(after), _) if before.same(after) => {}
            (Some(before), Some(after), kind) => {
                let after = names.plain(after);
                if !before.same(&after) {
                    let rules =
                        if matches!(kind, StateKind::Choice { .. }) { rules(before, &after) } else { Vec::new() };
                    found.push(Different { state, rules });
                }
            }
            _ => found.push(whole(state)),
        }
    }
    // Where the jq state in front of another one came out otherwise, that one is written plainer.
    for different in found.iter_mut() {
        if let Some(of) = without_values(&different.state.name).and_then(|name| machine.states.get(name))
            && levels.of(of) == Level::Nice
        {
            *different = whole(of);
        }
    }
    found.sort_by_key(|different| id(different.state));
    found.dedup_by_key(|different| id(different.state));
    // A state that was made in front of another says that the other is not written plain enough.
    let mut known: HashSet<_> = found.iter().map(|known| id(known.state)).collect();
    for member in built_states.and_then(Json::as_object).unwrap_or_default() {
        if !machine.states.contains_key(member.key.as_str())
            && let Some(state) = machine.states.get(names.state(&member.key))
            && known.insert(id(state))
        {
            found.push(whole(state));
        }
    }
}

/// The members of an object by their keys: a machine may have thousands of states.
pub(super) fn members(json: Option<&Json>) -> HashMap<&str, &Json> {
    let members = json.and_then(Json::as_object).unwrap_or_default();
    members.iter().map(|member| (member.key.as_str(), &member.value)).collect()
}

fn whole(state: &State) -> Different<'_> {
    Different { state, rules: Vec::new() }
}

/// The rules of a Choice that came out otherwise, where it has the same number of them; none where more is different.
fn rules(before: &Json, after: &Json) -> Vec<usize> {
    let of = |json: &Json| json.get("Choices").and_then(Json::as_array).map(<[Json]>::to_vec).unwrap_or_default();
    let (rules_before, rules_after) = (of(before), of(after));
    let same_rest = without_member(before, "Choices").same(&without_member(after, "Choices"));
    if rules_before.len() != rules_after.len() || !same_rest {
        return Vec::new();
    }
    let differs = |number: &usize| !rules_before[*number].same(&rules_after[*number]);
    (0..rules_before.len()).filter(differs).collect()
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
