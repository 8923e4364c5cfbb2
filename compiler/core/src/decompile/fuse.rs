//! States and the jq states in front of them that the compiler made for their values: one statement each.

use super::computed::{Computed, Pairs};
use super::level::{Level, Levels, StateId, id};
use super::spelling::{Names, plain_path};
use crate::flow::JQ;
use crate::flow::names::without_values;
use crate::flow::template::VALUES;
use std::collections::HashMap;
use zisc_bundle::json::Json;
use zisc_bundle::{Machine, Path, Placed, State, StateKind, Transition};

/// A machine without the jq states that belong to others.
pub(super) struct Fused {
    pub(super) machine: Machine,
    /// The values that each state reads from the jq state in front, as expressions.
    pub(super) values: HashMap<StateId, HashMap<String, String>>,
    /// What Maps go through that go through pairs.
    pub(super) pairs: HashMap<StateId, Pairs>,
}

/// The machine with the jq states taken to those that they stand in front of.
pub(super) fn fused(machine: &Machine, names: &Names, levels: &Levels) -> Fused {
    let mut fused = Fused { machine: machine.clone(), values: HashMap::new(), pairs: HashMap::new() };
    let mut removed: HashMap<String, String> = HashMap::new();
    for state in machine.states.values() {
        let Some(of) = without_values(&state.name).and_then(|name| machine.states.get(name)) else { continue };
        if levels.of(of) != Level::Nice || levels.of(state) != Level::Nice || !is_alone(machine, state, of) {
            continue;
        }
        let Some((program, data)) = program(state) else { continue };
        let computed = Computed { names, data: &data };
        if let StateKind::Map { items_path, .. } = &of.kind
            && items_path.value == format!("$.{VALUES}.items")
            && let Some(pairs) = computed.pairs(program)
            && pairs.captured.iter().all(|(name, path)| names.path(path, false) == *name)
        {
            fused.pairs.insert(id(of), pairs);
        } else if let Some(values) = computed.values(program) {
            fused.values.insert(id(of), values.into_iter().collect());
        } else {
            continue;
        }
        removed.insert(state.name.value.clone(), of.name.value.clone());
    }
    if !removed.is_empty() {
        fused.machine.states.retain(|name, _| !removed.contains_key(name));
        retarget(&mut fused.machine, &removed);
    }
    fused
}

/// Whether a jq state leads only to the state that it belongs to, nothing else leads there, and both fail alike.
fn is_alone(machine: &Machine, values: &State, of: &State) -> bool {
    let leads_there = |state: &State| state.kind.targets().iter().filter(|to| to.value == of.name.value).count();
    let arrivals: usize = machine.states.values().map(leads_there).sum();
    let goes_on = matches!(values.kind.then(), Some(Transition::Next(next)) if next.value == of.name.value);
    let catch = |state: &State| -> Vec<(String, Option<String>)> {
        let path = |path: &Json| path.as_str().unwrap_or_default().to_owned();
        let catchers = state.kind.catch().iter();
        catchers.map(|catcher| (catcher.next.value.clone(), catcher.result_path.as_ref().map(path))).collect()
    };
    let may_fail = matches!(of.kind, StateKind::Action { .. } | StateKind::Map { .. });
    arrivals == 1
        && goes_on
        && machine.start_at.value != of.name.value
        && values.comment.is_none()
        && values.extra.is_empty()
        && (if may_fail { catch(values) == catch(of) } else { values.kind.catch().is_empty() })
}

/// The program of a jq state that keeps its values for the next state, and the path of its data.
fn program(state: &State) -> Option<(&str, Path)> {
    let StateKind::Action { result_path: Some(result_path), .. } = &state.kind else { return None };
    (result_path.as_str() == Some(&format!("$.{VALUES}"))).then(|| program_of(state))?
}

/// The program of a jq state, and the path of its data.
pub(super) fn program_of(state: &State) -> Option<(&str, Path)> {
    let StateKind::Action { action, parameters: Some(parameters), .. } = &state.kind else { return None };
    let data = plain_path(parameters.get("data.$")?.as_str()?)?;
    let is_jq = *action.value == *JQ && parameters.as_object().is_some_and(|members| members.len() == 2);
    parameters.get("expr").and_then(Json::as_str).filter(|_| is_jq).map(|program| (program, data))
}

fn retarget(machine: &mut Machine, removed: &HashMap<String, String>) {
    let change = |name: &mut Placed<String>| {
        if let Some(to) = removed.get(&name.value) {
            name.value.clone_from(to);
        }
    };
    change(&mut machine.start_at);
    for state in machine.states.values_mut() {
        match &mut state.kind {
            StateKind::Action { then, catch, .. } | StateKind::Map { then, catch, .. } => {
                if let Transition::Next(next) = then {
                    change(next);
                }
                catch.iter_mut().for_each(|catcher| change(&mut catcher.next));
            }
            StateKind::Pass { then: Transition::Next(next), .. }
            | StateKind::Wait { then: Transition::Next(next), .. } => {
                change(next);
            }
            StateKind::Choice { rules, default } => {
                rules.iter_mut().for_each(|rule| change(&mut rule.next));
                default.iter_mut().for_each(change);
            }
            _ => {}
        }
    }
}
