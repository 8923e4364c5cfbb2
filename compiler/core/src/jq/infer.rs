//! Runs jq programs over types instead of values: what comes out holds every value that the program can yield.
//!
//! Where nothing can be said, the answer is `any` and any number of values; a program that would take too long to
//! follow gets the same answer.

use super::access;
use super::arithmetic::{self, empty_object, with_member};
use super::functions::{self, Gives, Parameter};
use super::lattice::{Kind, is_nothing, is_part_of, list, nothing, of_kinds, record, truth, unite};
use super::outcome::{Count, Fails, Outcome};
use super::scope::{Called, Scope};
use super::update::Change;
use crate::Text;
use crate::types::Type;
use jaq_core::load::lex::StrPart;
use jaq_core::load::parse::{BinaryOp, Def, Pattern, Term};
use jaq_core::load::span as place_in;
use jaq_core::path::{Opt, Part};
use std::collections::HashMap;

/// So many terms are looked at, again each time one is reached with another input.
const PATIENCE: usize = 20_000;
/// Terms and calls inside each other beyond so many are not followed.
const DEEPEST: usize = 400;
/// A definition inside itself is followed so often.
const DEEPEST_RECURSION: usize = 4;
/// A loop is followed so often; what still changes then is `any`.
const ROUNDS: usize = 6;

/// What a call has at hand.
#[derive(Clone, Copy)]
pub(super) struct Call<'a, 't> {
    pub(super) input: &'a Type,
    pub(super) arguments: &'t [Term<&'t str>],
    pub(super) scope: &'a Scope<'t>,
}

/// Follows a program over types.
#[derive(Default)]
pub(super) struct Interpreter<'t> {
    code: &'t str,
    looked_at: usize,
    depth: usize,
    /// The definitions that are being followed.
    following: Vec<*const Def<&'t str>>,
    /// More than zero where a program may well ask for a field that is not there.
    asking: usize,
    /// Fields that are read by name, with what they are read from where all readings so far must miss them.
    pub(super) reads: HashMap<(*const u8, usize), Option<Type>>,
    /// Where a field is read that somebody asks about, and what it is read from.
    pub(super) watched: Option<(*const u8, Type)>,
    /// The first part that fails whatever it gets, where that fails the whole, and what it gets.
    pub(super) culprit: Option<(&'t Term<&'t str>, Type)>,
}

impl<'t> Interpreter<'t> {
    pub(super) fn of(code: &'t str) -> Self {
        Self { code, ..Self::default() }
    }

    /// Whether the program was too long to follow all of it.
    pub(super) fn gave_up(&self) -> bool {
        self.looked_at >= PATIENCE
    }

    /// What a term does with an input of this type.
    pub(super) fn term(&mut self, term: &'t Term<&'t str>, input: &Type, scope: &Scope<'t>) -> Outcome {
        if is_nothing(input) {
            return Outcome::none();
        }
        if !self.enter() {
            return Outcome::unknown();
        }
        let before = self.culprit.take();
        let outcome = super::with_room(|| self.unbounded(term, input, scope));
        self.leave();
        let inside = self.culprit.take();
        self.culprit = match outcome.fails {
            Fails::Always => before.or(inside).or_else(|| Some((term, input.clone()))),
            Fails::Maybe | Fails::Never => before,
        };
        outcome
    }

    /// Whether one more term may be looked at; [`Interpreter::leave`] belongs to it.
    pub(super) fn enter(&mut self) -> bool {
        let may = self.looked_at < PATIENCE && self.depth < DEEPEST;
        if may {
            self.looked_at += 1;
            self.depth += 1;
        }
        may
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// The same, for what may well find nothing.
    pub(super) fn asked(&mut self, term: &'t Term<&'t str>, input: &Type, scope: &Scope<'t>) -> Outcome {
        self.asking += 1;
        let outcome = self.term(term, input, scope);
        self.asking -= 1;
        outcome
    }

    fn unbounded(&mut self, term: &'t Term<&'t str>, input: &Type, scope: &Scope<'t>) -> Outcome {
        match term {
            Term::Id => Outcome::one(input.clone()),
            Term::Recurse => Outcome::one(access::all_parts(input)).counted(Count::AT_LEAST_ONE),
            Term::Num(text) => Outcome::one(number(text)),
            Term::Str(format, parts) => self.text(format.is_some(), parts, input, scope),
            Term::Arr(None) => Outcome::one(list(nothing())),
            Term::Arr(Some(inner)) => {
                let items = self.term(inner, input, scope);
                Outcome { kind: list(items.kind), count: Count::EXACTLY_ONE, fails: items.fails }
            }
            Term::Obj(members) => self.object(members, input, scope),
            Term::Neg(inner) => {
                let value = self.term(inner, input, scope);
                let negated = arithmetic::negated(&value.kind);
                value.then(negated)
            }
            Term::BinOp(left, operator, right) => self.binary(left, operator, right, input, scope),
            // A break ends it anywhere.
            Term::Label(_, inner) => {
                let mut outcome = self.term(inner, input, scope);
                outcome.count.least = 0;
                if outcome.fails == Fails::Always {
                    outcome.fails = Fails::Maybe;
                }
                outcome
            }
            Term::Break(_) => Outcome::none(),
            Term::Fold(word, over, pattern, parts) => self.fold(word, over, pattern, parts, input, scope),
            Term::TryCatch(body, handler) => {
                let body = self.asked(body, input, scope);
                let Some(handler) = handler else { return body.silenced() };
                if body.fails == Fails::Never {
                    return body;
                }
                let handled = self.term(handler, &Type::Any, scope);
                let least = if body.fails == Fails::Always { 0 } else { body.count.least };
                Outcome {
                    kind: unite([body.kind, handled.kind]),
                    count: Count {
                        least: if body.fails == Fails::Always {
                            handled.count.least
                        } else {
                            least.min(handled.count.least)
                        },
                        most: (body.count.most + handled.count.most).min(2),
                    },
                    fails: if handled.fails == Fails::Never { Fails::Never } else { Fails::Maybe },
                }
            }
            Term::IfThenElse(arms, otherwise) => self.choice(arms, otherwise.as_deref(), input, scope),
            Term::Def(definitions, rest) => {
                let scope = definitions.iter().fold(scope.clone(), |scope, def| scope.with_definition(def));
                self.term(rest, input, &scope)
            }
            Term::Call(name, arguments) => self.call(name, arguments, input, scope),
            Term::Var("$__loc__") => Outcome::one(record([("file", Type::String), ("line", Type::Int)])),
            Term::Var(name) => Outcome::one(scope.variable(name).unwrap_or_default()),
            Term::Path(base, path) => {
                let mut outcome = self.term(base, input, scope);
                for (part, optional) in &path.0 {
                    let from = std::mem::replace(&mut outcome.kind, nothing());
                    let next = self.part(&from, part, *optional, input, scope);
                    // What stands in brackets may be asked first, and yield nothing.
                    outcome = if next.count.least == 0 { outcome.beside(next) } else { outcome.then(next) };
                }
                outcome
            }
        }
    }

    /// Reads a part of `from`; what stands in its brackets sees `input`.
    fn part(
        &mut self,
        from: &Type,
        part: &'t Part<Term<&'t str>>,
        optional: Opt,
        input: &Type,
        scope: &Scope<'t>,
    ) -> Outcome {
        let silenced = |outcome: Outcome| match optional {
            Opt::Optional => outcome.silenced(),
            Opt::Essential => outcome,
        };
        // What stands in brackets is asked even where there is nothing to read from, and may fail.
        match part {
            Part::Index(index) => {
                if let Some(name) = literal_place(index) {
                    self.note_read(name, from, optional);
                }
                let index = self.term(index, input, scope);
                let found = silenced(access::index(from, &index.kind));
                index.then(found)
            }
            Part::Range(None, None) => silenced(access::iterate(from)),
            Part::Range(start, end) => {
                let mut bounds = Outcome::one(Type::Null);
                let mut are_sure = true;
                for bound in start.iter().chain(end) {
                    let bound = self.term(bound, input, scope);
                    are_sure &= is_part_of(&bound.kind, &unite([Type::Number, Type::Null]));
                    bounds = bounds.beside(bound);
                }
                let cut = access::slice(from);
                bounds.then(silenced(if are_sure { cut } else { cut.fallible() }))
            }
        }
    }

    /// Remembers a field that a record cannot have; one reading that may find it clears the suspicion.
    fn note_read(&mut self, name: &'t str, from: &Type, optional: Opt) {
        let place = (name.as_ptr(), name.len());
        if let Some((watched, seen)) = &mut self.watched
            && *watched == name.as_ptr()
        {
            *seen = unite([std::mem::replace(seen, Type::Any), from.clone()]);
        }
        let lacks = self.asking == 0 && matches!(optional, Opt::Essential) && access::certainly_lacks(from, name);
        let known = self.reads.entry(place).or_insert_with(|| lacks.then(|| from.clone()));
        if !lacks {
            *known = None;
        }
    }

    fn text(
        &mut self,
        has_format: bool,
        parts: &'t [StrPart<&'t str, Term<&'t str>>],
        input: &Type,
        scope: &Scope<'t>,
    ) -> Outcome {
        if let Some(text) = plain_text(parts) {
            return Outcome::one(Type::Literal(Text::new(text)));
        }
        let mut whole = Outcome::one(Type::String);
        for part in parts {
            if let StrPart::Term(term) = part {
                let mut value = self.term(term, input, scope);
                value.kind = Type::String;
                whole = whole.beside(value);
            }
        }
        // Some formats take lists only.
        if has_format { whole.fallible() } else { whole }
    }

    fn object(
        &mut self,
        members: &'t [(Term<&'t str>, Option<Term<&'t str>>)],
        input: &Type,
        scope: &Scope<'t>,
    ) -> Outcome {
        let mut whole = Outcome::one(empty_object());
        for (key, value) in members {
            let (key, value) = match (key, value) {
                (Term::Var(name), None) => {
                    let name = Text::new(name.trim_start_matches('$'));
                    (Outcome::one(Type::Literal(name)), self.term(key, input, scope))
                }
                (key_term, None) => {
                    if let Some(name) = literal_place(key_term) {
                        self.note_read(name, input, Opt::Essential);
                    }
                    let key = self.term(key_term, input, scope);
                    let found = access::index(input, &key.kind);
                    (key, found)
                }
                (key, Some(value)) => (self.term(key, input, scope), self.term(value, input, scope)),
            };
            let names = of_kinds(&key.kind, &[Kind::Text]);
            let is_failure = is_nothing(&names) && key.count.least > 0 && value.count.least > 0;
            let fails = match is_part_of(&key.kind, &Type::String) {
                true => Fails::Never,
                false if is_failure => Fails::Always,
                false => Fails::Maybe,
            };
            let object = std::mem::replace(&mut whole.kind, nothing());
            let object = unite(object.alternatives().iter().map(|object| with_member(object, &names, &value.kind)));
            whole = whole.beside(key.beside(value).failing(fails));
            whole.kind = object;
        }
        if whole.count.most == 0 {
            whole.kind = nothing();
        }
        whole
    }

    fn choice(
        &mut self,
        arms: &'t [(Term<&'t str>, Term<&'t str>)],
        otherwise: Option<&'t Term<&'t str>>,
        input: &Type,
        scope: &Scope<'t>,
    ) -> Outcome {
        let Some(((condition, then), rest)) = arms.split_first() else {
            return match otherwise {
                Some(otherwise) => self.term(otherwise, input, scope),
                None => Outcome::one(input.clone()),
            };
        };
        let asked = self.asked(condition, input, scope);
        let (always, never) = truth(&asked.kind);
        let yes = self.narrowed(condition, input, true, scope);
        let no = self.narrowed(condition, input, false, scope);
        let yes = (!never && !is_nothing(&yes)).then(|| self.term(then, &yes, scope));
        let no = (!always && !is_nothing(&no)).then(|| self.choice(rest, otherwise, &no, scope));
        let chosen = match (yes, no) {
            (Some(yes), Some(no)) => yes.or(no),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => Outcome::none(),
        };
        asked.then(chosen)
    }

    fn binary(
        &mut self,
        left: &'t Term<&'t str>,
        operator: &'t BinaryOp<&'t str>,
        right: &'t Term<&'t str>,
        input: &Type,
        scope: &Scope<'t>,
    ) -> Outcome {
        match operator {
            BinaryOp::Pipe(None) => {
                let first = self.term(left, input, scope);
                let next = self.term(right, &first.kind, scope);
                first.then(next)
            }
            // jq binds the one term in front of `as`, as in `2 - (. as $x | …)`; the tree has all of `2 - .` there.
            BinaryOp::Pipe(Some(pattern))
                if matches!(left, Term::BinOp(..) | Term::Neg(_)) && !binds_brackets(self.code, pattern) =>
            {
                Outcome::unknown()
            }
            BinaryOp::Pipe(Some(pattern)) => {
                let first = self.term(left, input, scope);
                if is_nothing(&first.kind) {
                    return first.then(Outcome::none());
                }
                let (scope, bound) = self.bind(pattern, &first.kind, input, scope);
                let next = self.term(right, input, &scope);
                first.then(bound).then(next)
            }
            BinaryOp::Comma => {
                let (first, second) = (self.term(left, input, scope), self.term(right, input, scope));
                Outcome {
                    kind: unite([first.kind, second.kind]),
                    count: first.count.plus(second.count),
                    fails: first.fails.and(second.fails),
                }
            }
            BinaryOp::Alt => {
                let first = self.asked(left, input, scope);
                let second = self.term(right, input, scope);
                let (always, _) = truth(&first.kind);
                let least = if always && first.count.least > 0 { first.count.least } else { second.count.least.min(1) };
                // What is on the right always counts: types from outside may keep quiet about null.
                Outcome {
                    kind: unite([access::true_part(&first.kind), second.kind]),
                    count: Count { least, most: first.count.most.max(second.count.most) },
                    fails: match (first.fails, second.fails) {
                        (Fails::Never, Fails::Never) => Fails::Never,
                        (Fails::Always, _) if is_nothing(&first.kind) => Fails::Always,
                        _ => Fails::Maybe,
                    },
                }
            }
            BinaryOp::Or | BinaryOp::And => {
                let first = self.asked(left, input, scope);
                let wanted = matches!(operator, BinaryOp::And);
                let seen = self.narrowed(left, input, wanted, scope);
                let second = self.asked(right, &seen, scope);
                let count = Count { least: second.count.least.min(1), most: second.count.most.max(1) };
                let count = if is_nothing(&seen) { Count::EXACTLY_ONE } else { count };
                let second = Outcome { kind: Type::Bool, count, fails: second.fails.or(Fails::Never) };
                first.then(second)
            }
            BinaryOp::Math(operator) => {
                let (first, second) = (self.term(left, input, scope), self.term(right, input, scope));
                let result = arithmetic::math(*operator, &first.kind, &second.kind);
                first.beside(second).then(result)
            }
            BinaryOp::Cmp(_) => {
                let (first, second) = (self.asked(left, input, scope), self.asked(right, input, scope));
                first.beside(second).then(Outcome::one(Type::Bool))
            }
            BinaryOp::Assign => {
                let value = self.term(right, input, scope);
                let kind = value.kind.clone();
                let updated = self.update(left, input, scope, Change::Set, &mut |_, _| Outcome::one(kind.clone()));
                value.then(updated)
            }
            BinaryOp::Update => {
                self.update(left, input, scope, Change::Set, &mut |this, old| this.term(right, old, scope))
            }
            BinaryOp::UpdateMath(operator) => {
                let value = self.term(right, input, scope);
                let kind = value.kind.clone();
                let mut change = |_: &mut Self, old: &Type| arithmetic::math(*operator, old, &kind);
                let updated = self.update(left, input, scope, Change::Set, &mut change);
                value.then(updated)
            }
            BinaryOp::UpdateAlt => {
                let value = self.term(right, input, scope);
                let kind = value.kind.clone();
                let mut change = |_: &mut Self, old: &Type| Outcome::one(unite([access::true_part(old), kind.clone()]));
                let updated = self.update(left, input, scope, Change::Set, &mut change);
                value.then(updated)
            }
        }
    }

    /// The names of a pattern, bound to the parts of a value of this type.
    pub(super) fn bind(
        &mut self,
        pattern: &'t Pattern<&'t str>,
        value: &Type,
        input: &Type,
        scope: &Scope<'t>,
    ) -> (Scope<'t>, Outcome) {
        match pattern {
            Pattern::Var(name) => (scope.with_variable(name, value.clone()), Outcome::one(Type::Null)),
            Pattern::Arr(items) => {
                let item = access::index(value, &Type::Int);
                let mut scope = scope.clone();
                let mut all = Outcome::one(Type::Null).failing(item.fails);
                for pattern in items {
                    let (inner, outcome) = self.bind(pattern, &item.kind, input, &scope);
                    scope = inner;
                    all = all.then(outcome);
                }
                (scope, all)
            }
            Pattern::Obj(members) => {
                let mut inner = scope.clone();
                let mut all = Outcome::one(Type::Null);
                for (key, pattern) in members {
                    // Engines differ in what a computed key sees: the value, or what stands around.
                    let key = self.term(key, &unite([value.clone(), input.clone()]), &inner);
                    let found = access::index(value, &key.kind);
                    let kind = found.kind.clone();
                    all = all.then(key).then(found);
                    let (bound, outcome) = self.bind(pattern, &kind, input, &inner);
                    inner = bound;
                    all = all.then(outcome);
                }
                (inner, all)
            }
        }
    }

    fn fold(
        &mut self,
        word: &str,
        over: &'t Term<&'t str>,
        pattern: &'t Pattern<&'t str>,
        parts: &'t [Term<&'t str>],
        input: &Type,
        scope: &Scope<'t>,
    ) -> Outcome {
        let ([start, update] | [start, update, _]) = parts else { return Outcome::unknown() };
        let over = self.term(over, input, scope);
        let start = self.term(start, input, scope);
        if is_nothing(&start.kind) {
            return start.failing(if over.fails == Fails::Never { Fails::Never } else { Fails::Maybe });
        }
        let (inner, bound) = if is_nothing(&over.kind) {
            (scope.clone(), Outcome::none())
        } else {
            self.bind(pattern, &over.kind, input, scope)
        };
        let mut step = Outcome::none();
        let state = if is_nothing(&over.kind) {
            start.kind.clone()
        } else {
            self.settled(start.kind.clone(), |this, state| {
                step = this.term(update, state, &inner);
                let mut next = step.kind.clone();
                if step.count.least == 0 {
                    // An update that yields nothing makes the state null in jq 1.6.
                    next = unite([next, Type::Null]);
                }
                next
            })
        };
        let steps = over.clone().then(bound);
        let is_single = steps.count.most == 0 || step.count == Count::EXACTLY_ONE;
        let certain = step.fails == Fails::Never && steps.fails == Fails::Never;
        let fails = if certain { Fails::Never } else { Fails::Maybe };
        if word == "reduce" {
            let count = if is_single { start.count } else { Count::ANY_NUMBER };
            return Outcome { kind: state, count, fails: start.fails.and(fails) };
        }
        let shown = match parts {
            [_, _, shown] => {
                let seen = unite([state.clone(), step.kind.clone()]);
                if is_nothing(&over.kind) { Outcome::none() } else { self.term(shown, &seen, &inner) }
            }
            _ => Outcome::one(state),
        };
        let count = if is_single { start.count.times(steps.count).times(shown.count) } else { Count::ANY_NUMBER };
        let fails = if shown.fails == Fails::Never { fails } else { Fails::Maybe };
        Outcome {
            kind: if steps.count.most == 0 { nothing() } else { shown.kind },
            count,
            fails: start.fails.and(fails),
        }
    }

    /// The type of a state that `step` changes any number of times.
    pub(super) fn settled(&mut self, start: Type, mut step: impl FnMut(&mut Self, &Type) -> Type) -> Type {
        let mut state = start;
        for _ in 0..ROUNDS {
            let next = step(self, &state);
            if is_part_of(&next, &state) {
                return state;
            }
            state = unite([state, next]);
        }
        // Once more over everything, so that what is read on the way is seen with every type.
        step(self, &Type::Any);
        Type::Any
    }

    fn call(&mut self, name: &'t str, arguments: &'t [Term<&'t str>], input: &Type, scope: &Scope<'t>) -> Outcome {
        match scope.called(name, arguments.len()) {
            Some(Called::Argument(term, scope)) => self.term(term, input, &scope),
            // Engines differ in how often such a call yields; it is too rare to be followed.
            Some(Called::Value) => Outcome::unknown(),
            Some(Called::Definition(definition, around)) => {
                let is_same = |known: &&*const Def<&'t str>| std::ptr::eq(**known, definition);
                if self.following.iter().filter(is_same).count() >= DEEPEST_RECURSION {
                    return Outcome::unknown();
                }
                let parameters = definition.args.iter().copied();
                let (inner, bound) = self.with_arguments(parameters, arguments, input, scope, around);
                if is_nothing(&bound.kind) {
                    return bound;
                }
                self.following.push(definition);
                let result = self.term(&definition.body, input, &inner);
                self.following.pop();
                bound.then(result)
            }
            None => match functions::function(name, arguments.len()) {
                Some(function) => self.built_in(function, Call { input, arguments, scope }),
                None => Outcome::unknown(),
            },
        }
    }

    /// The names inside of a function: its arguments, over what is around its definition.
    pub(super) fn with_arguments(
        &mut self,
        parameters: impl Iterator<Item = Parameter<'t>>,
        arguments: &'t [Term<&'t str>],
        input: &Type,
        scope: &Scope<'t>,
        around: Scope<'t>,
    ) -> (Scope<'t>, Outcome) {
        let mut inner = around;
        let mut bound = Outcome::one(Type::Null);
        for (parameter, argument) in parameters.zip(arguments) {
            if parameter.starts_with('$') {
                let value = self.term(argument, input, scope);
                inner = inner.with_value(parameter, value.kind.clone());
                bound = bound.beside(value);
                if is_nothing(&bound.kind) {
                    return (inner, bound);
                }
            } else {
                inner = inner.with_argument(parameter, argument, scope);
            }
        }
        (inner, bound)
    }

    fn built_in(&mut self, function: &'static functions::Function, call: Call<'_, 't>) -> Outcome {
        if let Gives::Rule(rule) = function.gives {
            return rule(self, call);
        }
        if let Gives::Jq(_) = function.gives {
            let Some(body) = functions::definition(function) else { return Outcome::unknown() };
            let (inner, bound) = self.with_arguments(
                function.parameters.iter().copied(),
                call.arguments,
                call.input,
                call.scope,
                Scope::default(),
            );
            if is_nothing(&bound.kind) {
                return bound;
            }
            let result = self.term(body, call.input, &inner);
            return bound.then(result);
        }
        let mut given = Outcome::one(Type::Null);
        for (parameter, argument) in function.parameters.iter().zip(call.arguments) {
            let value = self.term(argument, call.input, call.scope);
            if parameter.starts_with('$') {
                given = given.beside(value).fallible();
            } else if value.fails != Fails::Never {
                given = given.fallible();
            }
        }
        given.then(match function.gives {
            Gives::On(kinds, result) => on_kinds(call.input, kinds, &result()),
            Gives::Always(result) => Outcome::one(result()),
            Gives::Kept(kinds) => {
                let kept = of_kinds(call.input, kinds);
                let all = is_part_of(call.input, &kept);
                let most = u8::from(!is_nothing(&kept));
                Outcome::one(kept).counted(Count { least: u8::from(all), most })
            }
            Gives::Unknown | Gives::Jq(_) | Gives::Rule(_) => Outcome::unknown(),
        })
    }

    /// Whether a name means what jq itself means by it.
    pub(super) fn is_built_in(&self, name: &str, arguments: usize, scope: &Scope<'t>) -> bool {
        scope.called(name, arguments).is_none()
    }
}

/// A result for values of these kinds; others fail.
fn on_kinds(input: &Type, kinds: &[Kind], result: &Type) -> Outcome {
    if is_nothing(&of_kinds(input, kinds)) { Outcome::failure() } else { Outcome::one(result.clone()).fallible() }
}

fn number(text: &str) -> Type {
    match text.parse::<f64>() {
        Ok(number) if number.fract() == 0.0 => Type::Int,
        _ => Type::Number,
    }
}

/// The text of a string without values in it.
pub(super) fn plain_text<'t>(parts: &[StrPart<&'t str, Term<&'t str>>]) -> Option<String> {
    let mut text = String::new();
    for part in parts {
        match part {
            StrPart::Str(part) => text.push_str(part),
            StrPart::Char(character) => text.push(*character),
            StrPart::Term(_) => return None,
        }
    }
    Some(text)
}

/// A name that is written out, as it stands in the program.
pub(super) fn literal_place<'t>(term: &Term<&'t str>) -> Option<&'t str> {
    match term {
        Term::Str(None, parts) => match parts.as_slice() {
            [StrPart::Str(name)] => Some(name),
            _ => None,
        },
        _ => None,
    }
}

/// Whether what a pattern binds certainly stands in brackets, all of it: `(2 - .) as $x`. The tree does not say.
fn binds_brackets(code: &str, pattern: &Pattern<&str>) -> bool {
    let Pattern::Var(name) = pattern else { return false };
    if !code.as_bytes().as_ptr_range().contains(&name.as_ptr()) {
        return false;
    }
    let front = code[..place_in(code, name).start].trim_end_matches('$').trim_end();
    let Some(inside) = front.strip_suffix("as").and_then(|front| front.trim_end().strip_suffix(')')) else {
        return false;
    };
    let mut depth = 1_usize;
    let open = inside.bytes().rposition(|byte| {
        match byte {
            b')' => depth += 1,
            b'(' => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    let before = open.map(|open| inside[..open].trim_end());
    before.is_some_and(|before| before.is_empty() || before.ends_with(['|', ',', ';', '(', '[', '{', ':']))
}
