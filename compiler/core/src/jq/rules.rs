//! Functions whose type depends on what they are given.

use super::access::{self, items};
use super::arithmetic;
use super::infer::{Call, Interpreter, literal_place, plain_text};
use super::lattice::{Kind, is_nothing, is_part_of, kinds_of, list, map, nothing, of_kinds, record, truth, unite};
use super::outcome::{Count, Fails, Outcome};
use super::regex::{self, Groups};
use super::update;
use crate::types::{RecordType, Type};
use crate::{Shared, Text};
use jaq_core::load::parse::{BinaryOp, Term};

impl<'t> Call<'_, 't> {
    /// What the argument at a position does with the input.
    fn argument(&self, interpreter: &mut Interpreter<'t>, position: usize) -> Outcome {
        self.argument_on(interpreter, position, self.input)
    }

    /// What the argument at a position does with another input.
    fn argument_on(&self, interpreter: &mut Interpreter<'t>, position: usize, input: &Type) -> Outcome {
        match self.arguments.get(position) {
            Some(term) => interpreter.term(term, input, self.scope),
            None => Outcome::one(Type::Null),
        }
    }

    fn condition_on(&self, interpreter: &mut Interpreter<'t>, position: usize, input: &Type) -> Outcome {
        match self.arguments.get(position) {
            Some(term) => interpreter.asked(term, input, self.scope),
            None => Outcome::one(Type::Bool),
        }
    }

    /// The text of an argument that is written out.
    fn text(&self, position: usize) -> Option<String> {
        match self.arguments.get(position)? {
            Term::Str(None, parts) => plain_text(parts),
            _ => None,
        }
    }
}

/// What `result` says for inputs of these kinds; others fail.
fn on(input: &Type, kinds: &[Kind], result: impl FnOnce(&Type) -> Type) -> Outcome {
    let taken = of_kinds(input, kinds);
    if is_nothing(&taken) {
        return Outcome::failure();
    }
    let is_sure = *input != Type::Any && is_part_of(input, &taken);
    let outcome = Outcome::one(result(&taken));
    if is_sure { outcome } else { outcome.fallible() }
}

fn at_most_once(f: Outcome) -> Outcome {
    let fails = match f.fails {
        Fails::Always if !is_nothing(&f.kind) => Fails::Maybe,
        fails => fails,
    };
    Outcome { kind: f.kind, count: Count { least: f.count.least.min(1), most: f.count.most.min(1) }, fails }
}

pub(super) fn quantified<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    call.condition_on(interpreter, 0, &items(call.input));
    on(call.input, CONTAINERS, |_| Type::Bool).fallible()
}

pub(super) fn quantified_over<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let source = call.condition_on(interpreter, 0, call.input);
    call.condition_on(interpreter, 1, &source.kind);
    Outcome::one(Type::Bool).fallible()
}

const CONTAINERS: &[Kind] = &[Kind::List, Kind::Object];

pub(super) fn index_of_items<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let item = items(call.input);
    call.argument_on(interpreter, 0, &item);
    on(call.input, CONTAINERS, |_| map(item)).fallible()
}

pub(super) fn index_of_stream<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let stream = call.argument(interpreter, 0);
    call.argument_on(interpreter, 1, &stream.kind);
    Outcome::one(map(stream.kind)).fallible()
}

pub(super) fn add<'t>(_: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    on(call.input, CONTAINERS, |kind| arithmetic::sum(&items(kind))).fallible()
}

pub(super) fn combinations<'t>(_: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    Outcome::one(list(items(&items(call.input)))).counted(Count::ANY_NUMBER).fallible()
}

pub(super) fn combinations_of<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    call.argument(interpreter, 0);
    Outcome::one(list(items(call.input))).counted(Count::ANY_NUMBER).fallible()
}

pub(super) fn delete<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    match call.arguments.first() {
        Some(target) => interpreter.deleted(target, call.input, call.scope),
        None => Outcome::unknown(),
    }
}

pub(super) fn delete_paths<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let paths = call.argument(interpreter, 0);
    paths.then(Outcome::one(Type::Any).fallible())
}

pub(super) fn empty<'t>(_: &mut Interpreter<'t>, _: Call<'_, 't>) -> Outcome {
    Outcome::none()
}

pub(super) fn error<'t>(_: &mut Interpreter<'t>, _: Call<'_, 't>) -> Outcome {
    Outcome::failure()
}

pub(super) fn error_with<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let message = call.argument(interpreter, 0);
    message.then(Outcome::failure())
}

pub(super) fn finite<'t>(_: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    Outcome::one(call.input.clone()).counted(Count::AT_MOST_ONE)
}

pub(super) fn normal<'t>(_: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    Outcome::one(of_kinds(call.input, &[Kind::Number])).counted(Count::AT_MOST_ONE)
}

pub(super) fn first_of<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    at_most_once(call.argument(interpreter, 0))
}

pub(super) fn last_of<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    once_or_null(call.argument(interpreter, 0))
}

/// What keeps the latest value in a variable that begins as null.
fn once_or_null(f: Outcome) -> Outcome {
    let found = at_most_once(f);
    let kind = if found.count.least == 0 { Type::union([found.kind, Type::Null]) } else { found.kind };
    Outcome { kind, count: Count::EXACTLY_ONE, fails: found.fails }
}

pub(super) fn flatten<'t>(_: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    access::flattened(call.input, None)
}

pub(super) fn flatten_by<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let depth = call.argument(interpreter, 0);
    let flattened = match call.arguments.first() {
        Some(Term::Num(text)) if text.parse::<u8>().is_ok() => access::flattened(call.input, text.parse().ok()),
        // Any depth: the items of every level.
        _ => (0..=40)
            .map(Some)
            .chain([None])
            .map(|depth| access::flattened(call.input, depth))
            .fold(Outcome::failure(), |all, one| all.or(one)),
    };
    depth.then(flattened.fallible())
}

pub(super) fn from_entries<'t>(_: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    access::object_of_entries(call.input)
}

pub(super) fn entries<'t>(_: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    access::entries(call.input)
}

pub(super) fn keys<'t>(_: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    access::keys(call.input)
}

/// The steps of a path that is written out: `["a", 0]`.
fn written_path(term: &Term<&str>) -> Option<Vec<Type>> {
    fn collect(term: &Term<&str>, steps: &mut Vec<Type>) -> Option<()> {
        match term {
            Term::BinOp(left, BinaryOp::Comma, right) => {
                collect(left, steps)?;
                collect(right, steps)
            }
            Term::Num(_) => {
                steps.push(Type::Int);
                Some(())
            }
            term => {
                steps.push(Type::Literal(Text::new(literal_place(term)?)));
                Some(())
            }
        }
    }
    let mut steps = Vec::new();
    match term {
        Term::Arr(None) => {}
        Term::Arr(Some(inner)) => collect(inner, &mut steps)?,
        _ => return None,
    }
    Some(steps)
}

pub(super) fn get_path<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let path = call.argument(interpreter, 0);
    path.then(match call.arguments.first().and_then(written_path) {
        Some(steps) => update::at_path(call.input, &steps).fallible(),
        None => Outcome::one(Type::Any).fallible(),
    })
}

pub(super) fn set_path<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let (path, value) = (call.argument(interpreter, 0), call.argument(interpreter, 1));
    let names = call.arguments.first().and_then(written_path).and_then(|steps| {
        let names = steps.into_iter().map(|step| match step {
            Type::Literal(name) => Some(name),
            _ => None,
        });
        names.collect::<Option<Vec<_>>>()
    });
    let changed = names.and_then(|names| update::with_path(call.input, &names, &value.kind));
    path.beside(value).then(Outcome::one(changed.unwrap_or_default()).fallible())
}

fn by_items<'t>(interpreter: &mut Interpreter<'t>, call: &Call<'_, 't>, result: impl FnOnce(&Type) -> Type) -> Outcome {
    let item = items(&of_kinds(call.input, &[Kind::List]));
    let by = call.argument_on(interpreter, 0, &item);
    let sorted = on(call.input, &[Kind::List], result);
    if by.fails == Fails::Never { sorted } else { sorted.fallible() }
}

pub(super) fn group<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    by_items(interpreter, &call, |kind| list(kind.clone()))
}

pub(super) fn sort<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    by_items(interpreter, &call, Type::clone)
}

pub(super) fn extreme<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    by_items(interpreter, &call, |kind| unite([items(kind), Type::Null]))
}

pub(super) fn reverse<'t>(_: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    through_items(call.input, |kind| match kind {
        Type::Array(_) => kind.clone(),
        _ => list(nothing()),
    })
}

pub(super) fn bsearch<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let value = call.argument(interpreter, 0);
    value.then(through_items(call.input, |_| Type::Int))
}

/// What goes through the items of a list. What has length 0 counts as an empty list, whatever it is; what is longer, and
/// no list, fails.
fn through_items(input: &Type, result: impl Fn(&Type) -> Type) -> Outcome {
    let found = on(input, &[Kind::Null, Kind::Number, Kind::Text, Kind::List, Kind::Object], |kind| {
        unite(kind.alternatives().iter().map(result))
    });
    let may_fail = kinds_of(input).iter().any(|kind| !matches!(kind, Kind::Null | Kind::List));
    if may_fail { found.fallible() } else { found }
}

pub(super) fn is_valid<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let f = call.condition_on(interpreter, 0, call.input);
    let count = match f.fails {
        Fails::Never => f.count,
        _ => Count { least: f.count.least.min(1), most: (f.count.most + 1).min(2) },
    };
    let count = if f.fails == Fails::Always { Count { least: 1, ..count } } else { count };
    Outcome::one(Type::Bool).counted(count)
}

pub(super) fn length<'t>(_: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let kinds = &[Kind::Null, Kind::Number, Kind::Text, Kind::List, Kind::Object];
    on(call.input, kinds, |kind| {
        // A whole number, unless it is the distance of a fraction from zero.
        if *call.input == Type::Any {
            return Type::Number;
        }
        let may_be_fraction = kind.alternatives().contains(&Type::Number);
        if may_be_fraction { Type::Number } else { Type::Int }
    })
}

pub(super) fn limit<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let count = call.argument(interpreter, 0);
    let f = call.argument(interpreter, 1);
    let is_one = matches!(call.arguments.first(), Some(Term::Num("1" | "0")));
    count.then(if is_one {
        at_most_once(f)
    } else {
        Outcome { count: Count { least: f.count.least.min(1), ..f.count }, ..f }.fallible()
    })
}

pub(super) fn nth_of<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let position = call.argument(interpreter, 0);
    let f = once_or_null(call.argument(interpreter, 1));
    position.then(f.fallible())
}

pub(super) fn trimmed<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let part = call.argument(interpreter, 0);
    let kinds = call.input.alternatives().iter().map(|kind| match Kind::of(kind) {
        Some(Kind::Text) => Type::String,
        _ => kind.clone(),
    });
    part.then(Outcome::one(unite(kinds)))
}

/// Where `index` looks for a part; of an object, it gives what is in the field.
const HAVE_POSITIONS: &[Kind] = &[Kind::Null, Kind::Text, Kind::List, Kind::Object];

pub(super) fn position<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let part = call.argument(interpreter, 0);
    let found = on(call.input, HAVE_POSITIONS, |kind| match Kind::of(kind) {
        Some(Kind::Null) => Type::Null,
        Some(Kind::Object) | None => Type::Any,
        Some(_) => unite([Type::Int, Type::Null]),
    });
    part.then(found.fallible())
}

pub(super) fn positions<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let part = call.argument(interpreter, 0);
    // There is no position of a part that is empty.
    let may_be_empty = part.kind.alternatives().iter().any(|kind| match kind {
        Type::Literal(text) => text.is_empty(),
        kind => matches!(Kind::of(kind), None | Some(Kind::Text | Kind::List)),
    });
    let found = on(call.input, HAVE_POSITIONS, |kind| {
        let mut kinds = Vec::new();
        if kinds_of(kind).contains(&Kind::Object) {
            return Type::Any;
        }
        if *kind != Type::Null {
            kinds.push(list(Type::Int));
        }
        if may_be_empty || kinds_of(kind).contains(&Kind::Null) {
            kinds.push(Type::Null);
        }
        unite(kinds)
    });
    part.then(found.fallible())
}

pub(super) fn path<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let found = call.condition_on(interpreter, 0, call.input);
    // What is no path has none, or fails.
    Outcome::one(list(Type::Any)).counted(Count { least: 0, ..found.count }).fallible()
}

pub(super) fn paths<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    call.condition_on(interpreter, 0, &access::all_parts(call.input));
    Outcome::one(list(unite([Type::String, Type::Int]))).counted(Count::ANY_NUMBER).fallible()
}

pub(super) fn range<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let mut given = Outcome::one(Type::Null);
    let mut kinds = Vec::new();
    for position in 0..call.arguments.len() {
        let value = call.argument(interpreter, position);
        kinds.push(value.kind.clone());
        given = given.beside(value);
    }
    // One begins at zero; the end bounds the numbers and is none of them.
    let stepped = match kinds.as_slice() {
        [_] => Type::Int,
        [from, _] => from.clone(),
        [from, _, by] => unite([from.clone(), by.clone()]),
        _ => Type::Any,
    };
    let kind = if is_part_of(&stepped, &Type::Number) { stepped } else { Type::Any };
    given.then(Outcome::one(kind).counted(Count::ANY_NUMBER).fallible())
}

pub(super) fn recurse<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let kind = interpreter.settled(call.input.clone(), |interpreter, state| {
        let next = call.argument_on(interpreter, 0, state);
        call.condition_on(interpreter, 1, &next.kind);
        next.kind
    });
    Outcome::one(kind).counted(Count::AT_LEAST_ONE).fallible()
}

pub(super) fn recurse_while<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let kind = interpreter.settled(call.input.clone(), |interpreter, state| {
        call.condition_on(interpreter, 0, state);
        call.argument_on(interpreter, 1, state).kind
    });
    Outcome::one(kind).counted(Count::ANY_NUMBER).fallible()
}

pub(super) fn until<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let mut is_single = true;
    let kind = interpreter.settled(call.input.clone(), |interpreter, state| {
        let asked = call.condition_on(interpreter, 0, state);
        let next = call.argument_on(interpreter, 1, state);
        is_single &= asked.count == Count::EXACTLY_ONE && next.count == Count::EXACTLY_ONE;
        next.kind
    });
    let kind = match call.arguments.first() {
        Some(condition) => interpreter.narrowed(condition, &kind, true, call.scope),
        None => kind,
    };
    Outcome::one(kind).counted(if is_single { Count::EXACTLY_ONE } else { Count::ANY_NUMBER }).fallible()
}

pub(super) fn select<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let Some(condition) = call.arguments.first() else { return Outcome::unknown() };
    let asked = call.condition_on(interpreter, 0, call.input);
    let (always, never) = truth(&asked.kind);
    let kind = if never { nothing() } else { interpreter.narrowed(condition, call.input, true, call.scope) };
    let least = if always { asked.count.least } else { 0 };
    let most = if is_nothing(&kind) { 0 } else { asked.count.most };
    Outcome { kind, count: Count { least, most }, fails: asked.fails }
}

/// Only what is of one kind can hold what is of the same.
pub(super) fn contains<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let part = call.argument(interpreter, 0);
    let outcome = Outcome::one(Type::Bool).counted(part.count).fallible();
    if part.count.least == 0 || part.fails != Fails::Never {
        return outcome;
    }
    let (whole, part) = (kinds_of(call.input), kinds_of(&part.kind));
    let is_known = *call.input != Type::Any && !whole.is_empty() && !part.is_empty();
    if is_known && !whole.iter().any(|kind| part.contains(kind)) { Outcome::failure() } else { outcome }
}

pub(super) fn number<'t>(_: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    on(call.input, &[Kind::Number, Kind::Text], |kind| {
        unite(kind.alternatives().iter().map(|kind| if *kind == Type::Int { Type::Int } else { Type::Number }))
    })
    .fallible()
}

pub(super) fn string<'t>(_: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    Outcome::one(unite(call.input.alternatives().iter().map(|kind| match Kind::of(kind) {
        Some(Kind::Text) => kind.clone(),
        _ => Type::String,
    })))
}

pub(super) fn stream<'t>(_: &mut Interpreter<'t>, _: Call<'_, 't>) -> Outcome {
    Outcome::one(list(Type::Any)).counted(Count::AT_LEAST_ONE)
}

pub(super) fn transpose<'t>(_: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let cell = unite([items(&items(call.input)), Type::Null]);
    on(call.input, CONTAINERS, |_| list(list(cell))).fallible()
}

pub(super) fn kind<'t>(_: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    Outcome::one(access::kind_names(call.input))
}

pub(super) fn walk<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    call.condition_on(interpreter, 0, &Type::Any);
    Outcome::unknown()
}

/// The groups of the expression that a call is given, where it is written out and no flag changes what it means.
fn groups_of(call: &Call<'_, '_>, flags: usize) -> Option<Groups> {
    if call.arguments.len() > flags && call.text(flags)?.contains('x') {
        return None;
    }
    regex::groups(&call.text(0)?)
}

/// How often a call can match.
fn matches_count(call: &Call<'_, '_>, flags: usize) -> Count {
    let once = call.text(0).is_some()
        && (call.arguments.len() <= flags || call.text(flags).is_some_and(|flags| !flags.contains('g')));
    if once { Count::AT_MOST_ONE } else { Count::ANY_NUMBER }
}

/// The text of a group.
fn group_text(groups: Option<&Groups>) -> Type {
    match groups {
        Some(groups) if !groups.may_be_missing => Type::String,
        _ => unite([Type::String, Type::Null]),
    }
}

/// The named groups as an object.
fn named(groups: Option<&Groups>) -> Type {
    let Some(known) = groups else { return map(group_text(None)) };
    let fields = known.names.iter().map(|name| super::lattice::field(Text::new(name), group_text(groups)));
    Type::Record(Shared::new(RecordType { fields: fields.collect(), closed: true, ..RecordType::default() }))
}

/// The expression and the flags, each as often as they yield.
fn expression<'t>(interpreter: &mut Interpreter<'t>, call: &Call<'_, 't>, flags: usize) -> Outcome {
    let expression = call.argument(interpreter, 0);
    if call.arguments.len() <= flags {
        return expression;
    }
    let flags = call.argument(interpreter, flags);
    expression.beside(flags)
}

/// What a search in a text gives, so often as there are matches.
fn search<'t>(interpreter: &mut Interpreter<'t>, call: &Call<'_, 't>, count: Count, result: Type) -> Outcome {
    let given = expression(interpreter, call, 1);
    given.then(on(call.input, &[Kind::Text], |_| result).counted(count).fallible())
}

pub(super) fn capture<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let groups = groups_of(&call, 1);
    search(interpreter, &call, matches_count(&call, 1), named(groups.as_ref()))
}

pub(super) fn matches<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let groups = groups_of(&call, 1);
    let group = record([
        ("offset", Type::Int),
        ("length", Type::Int),
        ("string", group_text(groups.as_ref())),
        ("name", unite([Type::String, Type::Null])),
    ]);
    let captures = if groups.is_some_and(|groups| groups.count == 0) { nothing() } else { group };
    let found =
        record([("offset", Type::Int), ("length", Type::Int), ("string", Type::String), ("captures", list(captures))]);
    search(interpreter, &call, matches_count(&call, 1), found)
}

pub(super) fn scan<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let groups = groups_of(&call, 1);
    let texts = list(group_text(groups.as_ref()));
    let found = match &groups {
        Some(groups) if groups.count == 0 => Type::String,
        Some(_) => texts,
        None => unite([Type::String, texts]),
    };
    search(interpreter, &call, Count::ANY_NUMBER, found)
}

pub(super) fn splits<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    search(interpreter, &call, Count::ANY_NUMBER, Type::String)
}

pub(super) fn substitute<'t>(interpreter: &mut Interpreter<'t>, call: Call<'_, 't>) -> Outcome {
    let groups = groups_of(&call, 2);
    let given = expression(interpreter, &call, 2);
    let replacement = call.argument_on(interpreter, 1, &named(groups.as_ref()));
    let count = if replacement.count == Count::EXACTLY_ONE { Count::EXACTLY_ONE } else { Count::ANY_NUMBER };
    given.then(on(call.input, &[Kind::Text], |_| Type::String).counted(count).fallible())
}
