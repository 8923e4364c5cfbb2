//! Names for paths that a flow reads again and again: `let ticket = event.ticket_event.ticket`.

use super::computed::Computed;
use super::fuse::program_of;
use super::program::read_in;
use super::spelling::Names;
use std::collections::BTreeMap;
use zisc_bundle::{Machine, Path, StateKind, Step};
use zisc_syntax::is_name;

/// A path that is read so often gets a name.
const OFTEN: usize = 3;

/// The parts of the event that a flow reads often, with their names; the longest path first.
pub(super) fn aliases(machine: &Machine, names: &Names) -> Vec<(String, Path)> {
    let mut counts: BTreeMap<String, (Path, usize)> = BTreeMap::new();
    let mut paths = Vec::new();
    read_in(machine, &mut paths, false);
    for (path, _) in paths {
        // `$.input.ticket_event.ticket`, or what is below.
        if path.steps.len() > 2 && path.steps.first() == Some(&Step::Member("input".to_owned())) {
            let part = Path { steps: path.steps[..3].to_vec() };
            counts.entry(part.to_string()).or_insert((part, 0)).1 += 1;
        }
    }
    let mut aliases: Vec<(String, Path)> = Vec::new();
    for (path, count) in counts.into_values() {
        let Some(Step::Member(name)) = path.steps.last() else { continue };
        let is_free = !names.members.contains(name)
            && names.event.as_deref() != Some(name)
            && !name.starts_with("zisc")
            && !aliases.iter().any(|(known, _)| known == name);
        if count >= OFTEN && is_name(name) && name != "_" && is_free {
            aliases.push((name.clone(), path));
        }
    }
    // What stands beside the items of a Map has a name.
    for (program, data) in machine.states.values().filter_map(program_of) {
        let pairs = Computed { names, data: &data }.pairs(program);
        for (name, path) in pairs.into_iter().flat_map(|pairs| pairs.captured) {
            let is_free =
                !names.members.contains(&name) && !aliases.iter().any(|(known, to)| *known == name || *to == path);
            if names.path(&path, false) != name && is_free && is_name(&name) {
                aliases.push((name, path));
            }
        }
    }
    aliases.sort_by_key(|(_, path)| std::cmp::Reverse(path.steps.len()));
    aliases.retain(|(_, path)| !overwritten(machine, path));
    aliases
}

/// Whether a state of the machine writes into a path, or above it.
fn overwritten(machine: &Machine, path: &Path) -> bool {
    machine.states.values().any(|state| {
        let written = match &state.kind {
            StateKind::Action { result_path, .. }
            | StateKind::Map { result_path, .. }
            | StateKind::Pass { result_path, .. } => result_path.as_ref(),
            _ => None,
        };
        let caught = state.kind.catch().iter().filter_map(|catcher| catcher.result_path.as_ref());
        written.into_iter().chain(caught).any(|written| {
            let written = written.as_str().and_then(super::spelling::plain_path).unwrap_or_default();
            !written.is_root() && (path.steps.starts_with(&written.steps) || written.steps.starts_with(&path.steps))
        })
    })
}
