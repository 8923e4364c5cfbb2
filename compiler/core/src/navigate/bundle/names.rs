//! The names in a bundle, and what each stands for.

use super::bundle_in;
use crate::bundle_check::place::Quoted;
use crate::navigate::Access;
use crate::{Db, SourceFile, Text};
use text_size::TextSize;
use zisc_bundle::{Flow, HttpAction, JobSpec, Machine, Placed, Reference, Resource, ResourceKind, Span, StateKind};

/// A name at a place of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BundleName {
    /// The name, without quotes and without what stands in front of it in a reference.
    pub span: Span,
    /// What it stands for.
    pub symbol: BundleSymbol,
    /// What is done with it.
    pub access: Access,
    /// All of what is defined, where it is.
    pub whole: Span,
}

/// What a name in a bundle stands for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum BundleSymbol {
    /// A state, by the number of its machine.
    State(usize, Text),
    /// A flow.
    Flow(Text),
    /// A custom action.
    Action(Text),
    /// A job spec.
    Job(Text),
    /// A connection, which is defined elsewhere.
    Connection(Text),
}

impl BundleSymbol {
    /// The name itself.
    pub fn name(&self) -> &Text {
        match self {
            Self::State(_, name) | Self::Flow(name) | Self::Action(name) | Self::Job(name) | Self::Connection(name) => {
                name
            }
        }
    }
}

/// The names in a bundle.
#[salsa::tracked(returns(deref))]
pub fn names_in(db: &dyn Db, file: SourceFile) -> Vec<BundleName> {
    let mut walk = Walk { text: file.text(db), machines: 0, found: Vec::new() };
    for resource in bundle_in(db, file).resources.values() {
        match &resource.kind {
            ResourceKind::Flow(flow) => walk.flow(flow, resource),
            ResourceKind::JobSpec(job) => walk.job(job, resource),
            ResourceKind::HttpAction(action) => walk.action(action, resource),
            ResourceKind::Unknown(_) => {}
        }
    }
    walk.found
}

/// The name at a place.
pub fn name_at(db: &dyn Db, file: SourceFile, offset: TextSize) -> Option<&BundleName> {
    names_in(db, file).iter().find(|name| name.span.contains_inclusive(offset))
}

/// The name at a place, the one at the end of the reference that the place is in, or that of the resource in whose key it
/// is.
pub fn reference_at(db: &dyn Db, file: SourceFile, offset: TextSize) -> Option<&BundleName> {
    let is_in = |name: &&BundleName| name.access == Access::Read && name.whole.contains_inclusive(offset);
    let of_key = || {
        let mut resources = bundle_in(db, file).resources.values();
        let key = resources.find(|resource| resource.key.span.contains_inclusive(offset))?.key.span;
        let is_its = |name: &&BundleName| name.access == Access::Declaration && name.whole.start() == key.start();
        names_in(db, file).iter().find(is_its)
    };
    name_at(db, file, offset).or_else(|| names_in(db, file).iter().find(is_in)).or_else(of_key)
}

/// All places of what a symbol stands for.
pub fn places_of<'db>(db: &'db dyn Db, file: SourceFile, symbol: &BundleSymbol) -> Vec<&'db BundleName> {
    names_in(db, file).iter().filter(|name| name.symbol == *symbol).collect()
}

/// Whether something else of this sort has the name already, or another resource the key that goes with it.
pub fn is_taken(db: &dyn Db, file: SourceFile, symbol: &BundleSymbol, name: &str) -> bool {
    let has_key = places_of(db, file, symbol).iter().any(|place| place.access == Access::Write);
    if has_key && bundle_in(db, file).resources.contains_key(name) {
        return true;
    }
    let name = Text::new(name);
    let other = match symbol {
        BundleSymbol::State(machine, _) => BundleSymbol::State(*machine, name),
        BundleSymbol::Flow(_) => BundleSymbol::Flow(name),
        BundleSymbol::Action(_) => BundleSymbol::Action(name),
        BundleSymbol::Job(_) => BundleSymbol::Job(name),
        BundleSymbol::Connection(_) => return false,
    };
    places_of(db, file, &other).iter().any(|place| place.access == Access::Declaration)
}

struct Walk<'a> {
    text: &'a str,
    /// The machines that have been met.
    machines: usize,
    found: Vec<BundleName>,
}

impl<'a> Walk<'a> {
    fn note(&mut self, string: &'a Placed<String>, symbol: BundleSymbol, access: Access, whole: Span) {
        if string.is_empty() {
            return; // it is missing
        }
        // In a reference the name comes last.
        let start = string.len() - symbol.name().len();
        let span = Quoted::new(self.text, string).part(start..string.len());
        self.found.push(BundleName { span, symbol, access, whole });
    }

    fn read(&mut self, string: &'a Placed<String>, symbol: BundleSymbol) {
        self.note(string, symbol, Access::Read, string.span);
    }

    /// The name of a resource; where its key is the same, that is one more place of it.
    fn resource(&mut self, name: &'a Placed<String>, resource: &'a Resource, symbol: &BundleSymbol) {
        if resource.key.value == name.value {
            self.note(&resource.key, symbol.clone(), Access::Write, resource.span);
        }
        self.note(name, symbol.clone(), Access::Declaration, resource.key.span.cover(resource.span));
    }

    fn flow(&mut self, flow: &'a Flow, resource: &'a Resource) {
        self.resource(&flow.name, resource, &BundleSymbol::Flow(Text::new(&*flow.name)));
        self.machine(&flow.machine);
    }

    fn job(&mut self, job: &'a JobSpec, resource: &'a Resource) {
        self.resource(&job.name, resource, &BundleSymbol::Job(Text::new(&*job.name)));
        if let Some(Reference { kind: "flow", name, .. }) = Reference::parse(&job.flow_name) {
            self.read(&job.flow_name, BundleSymbol::Flow(Text::new(name)));
        }
    }

    fn action(&mut self, action: &'a HttpAction, resource: &'a Resource) {
        self.resource(&action.name, resource, &BundleSymbol::Action(Text::new(&*action.name)));
        if let Some(connection) = &action.connection {
            self.read(connection, BundleSymbol::Connection(Text::new(&**connection)));
        }
    }

    fn machine(&mut self, machine: &'a Machine) {
        let number = self.machines;
        self.machines += 1;
        let state = |name: &Placed<String>| BundleSymbol::State(number, Text::new(&**name));
        self.read(&machine.start_at, state(&machine.start_at));
        for defined in machine.states.values() {
            let whole = defined.name.span.cover(defined.span);
            self.note(&defined.name, state(&defined.name), Access::Declaration, whole);
            if let StateKind::Action { action, .. } = &defined.kind
                && let Some(Reference { integration, kind: "action", name }) = Reference::parse(action)
                && integration != "common"
            {
                self.read(action, BundleSymbol::Action(Text::new(name)));
            }
            for target in defined.kind.targets() {
                self.read(target, state(target));
            }
            if let StateKind::Map { iterator, .. } = &defined.kind {
                self.machine(iterator);
            }
        }
    }
}
