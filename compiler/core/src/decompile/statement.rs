//! Statements as text.

use super::alias::aliases;
use super::computed::{Computed, Pairs};
use super::condition::{Cases, Conditions};
use super::fuse::{Fused, fused, program_of};
use super::graph::Graph;
use super::level::{Level, Levels, StateId, id};
use super::program::Program;
use super::spelling::{Manner, Names, Setting, constant, dotted, jq_text, number, plain_path, quoted};
use super::structure::{Choice, Jump, Piece, Shape, Structure, structure};
use std::collections::{HashMap, HashSet};
use zisc_bundle::json::{Json, Member, Value};
use zisc_bundle::{Delay, Machine, Reference, Rule, State, StateKind, Step, Transition};
use zisc_syntax::is_name;

/// What stands in front of a statement: at the margin, some words begin an item. The rest is the formatter's.
pub(super) const INDENT: &str = "  ";

/// How labels are written.
#[derive(Clone, Copy)]
pub(super) enum Labels<'a> {
    /// At every state, as the number that it is known by.
    Numbers,
    /// As the name of the state, except for those whose name follows from what they do.
    Names(&'a HashSet<StateId>),
}

/// Writes the statements of a flow.
pub(super) struct Writer<'a> {
    pub(super) program: &'a Program,
    pub(super) levels: &'a Levels,
    /// The JSON of each state.
    pub(super) states: &'a HashMap<StateId, &'a Json>,
    pub(super) labels: Labels<'a>,
    pub(super) out: String,
    /// The states that something names.
    pub(super) named: HashSet<StateId>,
    /// Which ways are a `goto`.
    pub(super) gotos: Gotos,
    /// What the state is called that the next jump to the end may take, where that has to be said.
    pub(super) end_label: Option<String>,
}

/// How many ways are a `goto`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Gotos {
    pub(super) all: usize,
    /// Those that no run takes.
    pub(super) dead: usize,
}

/// A machine while it is written.
struct Part<'m> {
    graph: &'m Graph<'m>,
    words: &'m Words<'m>,
    fused: &'m Fused,
    in_iteration: bool,
    made_end: Option<usize>,
    /// The names that several states set.
    set_again: HashSet<String>,
}

/// What the states of a machine are written with.
struct Words<'m> {
    names: Names,
    /// The names of statements that have a jq state in front.
    own_names: HashMap<StateId, Names>,
    levels: &'m Levels,
}

impl Words<'_> {
    /// The names that a state's statement sees.
    fn names(&self, state: &State) -> &Names {
        self.own_names.get(&id(state)).unwrap_or(&self.names)
    }

    /// How the rule with a number is written.
    fn condition(&self, state: &State, rule: usize) -> Conditions<'_> {
        Conditions { names: self.names(state), level: self.levels.of_rule(state, rule) }
    }

    /// The cases of a Choice that is a `match`.
    fn cases(&self, state: &State, rules: &[Rule]) -> Option<Cases> {
        Cases::of(rules, &|rule| self.condition(state, rule))
    }

    /// The first rule of each arm of a Choice.
    fn arms(&self, state: &State) -> Vec<usize> {
        let StateKind::Choice { rules, .. } = &state.kind else { return Vec::new() };
        match self.cases(state, rules).filter(|_| self.levels.of(state) < Level::Raw) {
            Some(cases) => cases.arms.iter().map(|arm| arm.first_rule).collect(),
            None => (0..rules.len()).collect(),
        }
    }
}

impl Shape for Part<'_> {
    fn can_negate(&self, state: usize) -> bool {
        let state = self.graph.states[state];
        let StateKind::Choice { rules, .. } = &state.kind else { return false };
        matches!(rules.as_slice(), [rule] if self.words.condition(state, 0).fails(rule).is_some())
    }

    fn is_plain(&self, state: usize) -> bool {
        let state = self.graph.states[state];
        self.words.levels.of(state) == Level::Raw || !self.can_be_said(state)
    }

    fn in_iteration(&self) -> bool {
        self.in_iteration
    }

    fn is_made_end(&self, state: usize) -> bool {
        self.made_end == Some(state)
    }
}

impl Part<'_> {
    /// Whether a `let` of a path is a state here, and not another name for what it reads: it sets a member of a record,
    /// or a name that other states set too.
    fn copies(&self, state: &State) -> bool {
        target(state.kind.result_path()).is_some_and(|target| target.contains('.'))
            || name_set(state).is_some_and(|name| self.set_again.contains(&name))
    }

    /// The state that the compiler makes where a Choice, or what catches, leads to the end of the machine: a Succeed
    /// that says nothing, and nothing else leads to it.
    fn end_of_choices(&self, end_name: &str) -> Option<usize> {
        let is_end = |position: &usize| {
            let state = self.graph.states[*position];
            if !matches!(state.kind, StateKind::Succeed { message: None }) {
                return false;
            }
            let mut arrivals = 0;
            let only_choices = self.graph.ways.iter().enumerate().all(|(from, edges)| {
                edges.iter().filter(|edge| edge.to == *position).all(|edge| {
                    arrivals += 1;
                    let is_choice = matches!(self.graph.states[from].kind, StateKind::Choice { .. });
                    (is_choice || edge.is_catch) && !self.is_plain(from)
                })
            });
            state.comment.is_none()
                && state.extra.is_empty()
                && self.words.levels.of(state) == Level::Nice
                && self.graph.start != Some(*position)
                && only_choices
                && arrivals > 0
        };
        let mut ends: Vec<usize> = (0..self.graph.states.len()).filter(is_end).collect();
        ends.sort_by_key(|position| (*self.graph.states[*position].name != *end_name, self.graph.order[*position]));
        ends.first().copied()
    }

    /// Whether the language has a statement for the state.
    fn can_be_said(&self, state: &State) -> bool {
        let leads = |name: &str| self.graph.named(name).is_some();
        let goes_on = match state.kind.then() {
            Some(Transition::Next(name)) => leads(name),
            Some(Transition::End) | None => true,
            Some(Transition::Missing) => false,
        };
        let catches = match state.kind.catch() {
            [] => true,
            [catcher] => {
                let all = catcher.error_equals.as_array().is_some_and(|errors| {
                    errors.len() == 1 && errors.iter().all(|error| error.as_str() == Some("States.ALL"))
                });
                all && leads(&catcher.next)
                    && catcher.extra.is_empty()
                    && target(catcher.result_path.as_ref()).is_some()
            }
            _ => false,
        };
        let said = match &state.kind {
            StateKind::Action { action, .. } => Reference::parse(action).is_some(),
            StateKind::Choice { rules, default } => {
                let all = rules.iter().map(|rule| &rule.next).chain(default);
                default.is_some() && !rules.is_empty() && all.into_iter().all(|name| leads(name))
            }
            StateKind::Map { items_path, .. } => plain_path(items_path).is_some(),
            StateKind::Wait { delay: Delay::SecondsPath(path), .. } => plain_path(path).is_some(),
            StateKind::Wait { delay: Delay::Seconds(seconds), .. } => {
                seconds.as_f64().is_some_and(|seconds| seconds > 0.0)
            }
            StateKind::Pass { result_path, .. } => {
                target(result_path.as_ref()).is_some_and(|target| !target.is_empty())
            }
            StateKind::Succeed { .. } | StateKind::Fail { .. } => true,
            StateKind::Unknown(_) => false,
        };
        goes_on && catches && said
    }
}

/// What stands between `let` and `=`; empty for a result that nobody reads, nothing where the language cannot say it.
fn target(result_path: Option<&Json>) -> Option<String> {
    let Some(path) = result_path else { return Some("_".to_owned()) };
    let path = plain_path(path.as_str()?)?;
    let names: Option<Vec<&str>> = path
        .steps
        .iter()
        .map(|step| match step {
            Step::Member(name) => Some(name.as_str()),
            Step::Index(_) => None,
        })
        .collect();
    match names?.as_slice() {
        [] => Some("$".to_owned()),
        [only] if *only == crate::flow::SCRATCH => Some(String::new()),
        [first, rest @ ..]
            if is_name(first) && *first != "_" && rest.iter().all(|name| super::spelling::is_word(name)) =>
        {
            Some([&[*first], rest].concat().join("."))
        }
        _ => None,
    }
}

/// The first name of what a state sets.
fn name_set(state: &State) -> Option<String> {
    let target = target(state.kind.result_path()).filter(|target| !target.is_empty() && target != "$")?;
    Some(target.split('.').next().unwrap_or_default().to_owned())
}

/// The names that several states set.
fn names_set_again(states: &[&State]) -> HashSet<String> {
    let mut once = HashSet::new();
    states.iter().filter_map(|state| name_set(state)).filter(|name| !once.insert(name.clone())).collect()
}

/// The members of `$` that states of a machine set.
pub(super) fn members_set(machine: &Machine) -> HashSet<String> {
    let mut members = HashSet::new();
    for state in machine.states.values() {
        let result_path = match &state.kind {
            StateKind::Action { result_path, .. }
            | StateKind::Map { result_path, .. }
            | StateKind::Pass { result_path, .. } => result_path.as_ref(),
            _ => None,
        };
        let paths =
            result_path.into_iter().chain(state.kind.catch().iter().filter_map(|catcher| catcher.result_path.as_ref()));
        for path in paths {
            if let Some(target) = target(Some(path)).filter(|target| !target.is_empty() && target != "$") {
                members.insert(target.split('.').next().unwrap_or_default().to_owned());
            }
        }
    }
    members
}

impl<'a> Writer<'a> {
    /// The statements of a machine.
    pub(super) fn machine(&mut self, machine: &Machine, event: Option<String>, beside: &[String], end_name: &str) {
        let mut members = members_set(machine);
        members.extend(beside.iter().cloned());
        let mut names = Names { event, members, ..Names::default() };
        if names.event.is_some() {
            names.aliases = aliases(machine, &names);
        }
        for (name, path) in &names.aliases {
            let plain = Names { aliases: Vec::new(), ..names.clone() };
            self.out.push_str(&format!("{INDENT}let {name} = {}\n", plain.path(path, false)));
        }
        let fused = fused(machine, &names, self.levels);
        let in_iteration = names.event.is_none();
        let own_names =
            fused.values.iter().map(|(state, values)| (*state, Names { values: values.clone(), ..names.clone() }));
        let words = Words { own_names: own_names.collect(), names, levels: self.levels };
        let graph = Graph::new(&fused.machine, &|state| words.arms(state));
        let set_again = names_set_again(&graph.states);
        let mut part = Part { graph: &graph, words: &words, fused: &fused, in_iteration, made_end: None, set_again };
        let end = part.end_of_choices(end_name);
        part.made_end = end.filter(|end| *graph.states[*end].name == *end_name);
        let mut structure = structure(&graph, &part);
        if end.is_some_and(|end| structure.labels.contains(&end)) {
            part.made_end = end;
            structure = super::structure::structure(&graph, &part);
        }
        self.gotos.all += structure.gotos;
        self.gotos.dead += structure.dead_gotos;
        self.named.extend(structure.labels.iter().map(|state| id(graph.states[*state])));
        if let Some(start) = graph.start
            && !matches!(structure.pieces.first(), Some(piece) if begins_with(piece, start))
        {
            self.named.insert(id(graph.states[start]));
        }
        let outer = std::mem::take(&mut self.end_label);
        let made_end = part.made_end.map(|end| graph.states[end].name.as_str()).filter(|name| *name != end_name);
        self.end_label = made_end.map(str::to_owned);
        self.pieces(&structure.pieces, &structure, &part);
        if let Some(name) = self.end_label.take() {
            let word = if part.in_iteration { "continue" } else { "return" };
            self.out.push_str(&format!("{INDENT}{}: {word}\n", dotted(&name)));
        }
        self.end_label = outer;
    }

    fn pieces(&mut self, pieces: &[Piece], structure: &Structure, part: &Part<'_>) {
        for piece in pieces {
            self.piece(piece, structure, part);
        }
    }

    fn block(&mut self, pieces: &[Piece], structure: &Structure, part: &Part<'_>) {
        self.out.push_str("{\n");
        self.pieces(pieces, structure, part);
        self.out.push('}');
    }

    fn piece(&mut self, piece: &Piece, structure: &Structure, part: &Part<'_>) {
        self.out.push_str(INDENT);
        match piece {
            Piece::State(state) => self.state(*state, structure, part),
            Piece::Choice(choice) => self.choice(choice, structure, part),
            Piece::While { state, negated, body } => {
                let state = part.graph.states[*state];
                self.head(state);
                let StateKind::Choice { rules, .. } = &state.kind else { return };
                let conditions = part.words.condition(state, 0);
                let condition = rules.first().and_then(|rule| match negated {
                    true => conditions.fails(rule),
                    false => Some(conditions.holds(rule).text),
                });
                self.out.push_str(&format!("while {} ", condition.unwrap_or_default()));
                self.block(body, structure, part);
                self.tail(state);
            }
            Piece::Forever { body } => {
                self.out.push_str("while true ");
                self.block(body, structure, part);
                self.out.push('\n');
            }
            Piece::Try { state, body, handler } => {
                self.out.push_str("try ");
                self.block(body, structure, part);
                self.catch(part.graph.states[*state], handler, structure, part);
                self.out.push('\n');
            }
            Piece::Jump(jump) => {
                let ends = match jump {
                    Jump::Return => !part.in_iteration,
                    Jump::EndIteration => true,
                    Jump::Continue | Jump::Break | Jump::Goto(_) => false,
                };
                if let Some(label) = self.end_label.take_if(|_| ends) {
                    self.out.push_str(&format!("{}: ", dotted(&label)));
                }
                let written = match jump {
                    Jump::Return => "return".to_owned(),
                    Jump::Continue | Jump::EndIteration => "continue".to_owned(),
                    Jump::Break => "break".to_owned(),
                    Jump::Goto(state) => format!("goto {}", self.label(part.graph.states[*state])),
                };
                self.out.push_str(&written);
                self.out.push('\n');
            }
        }
    }

    fn label(&self, state: &State) -> String {
        match self.labels {
            Labels::Numbers => quoted(&id(state).to_string()),
            Labels::Names(_) => dotted(&state.name),
        }
    }

    /// Documentation and label.
    fn head(&mut self, state: &State) {
        if let Some(comment) = state.comment.as_ref().filter(|comment| is_documentation(comment)) {
            for line in comment.split('\n') {
                self.out.push_str(if line.is_empty() { "///" } else { "/// " });
                self.out.push_str(line);
                self.out.push('\n');
                self.out.push_str(INDENT);
            }
        }
        let is_written = match self.labels {
            Labels::Numbers => true,
            Labels::Names(derived) => !derived.contains(&id(state)),
        };
        if is_written {
            self.out.push_str(&self.label(state));
            self.out.push_str(": ");
        }
    }

    /// What the statement does not say, and the end of its line.
    fn tail(&mut self, state: &State) {
        let mut extra = state.extra.clone();
        if let Some(comment) = state.comment.as_ref().filter(|comment| !is_documentation(comment)) {
            extra.push(Member::new("Comment", Json::string(comment.value.clone(), comment.span)));
        }
        if let StateKind::Action { parameters: Some(parameters), .. } = &state.kind
            && parameters.as_object().is_none_or(<[Member]>::is_empty)
        {
            extra.push(Member::new("Parameters", parameters.clone()));
        }
        if let StateKind::Action { result_path: Some(path), .. } | StateKind::Map { result_path: Some(path), .. } =
            &state.kind
            && target(Some(path)).is_none()
        {
            extra.push(Member::new("ResultPath", path.clone()));
        }
        if !extra.is_empty() {
            self.out.push(' ');
            self.out.push_str(&super::item::extra(&extra));
        }
        self.out.push('\n');
    }

    fn catch(&mut self, state: &State, handler: &[Piece], structure: &Structure, part: &Part<'_>) {
        let path = state.kind.catch().first().and_then(|catcher| catcher.result_path.as_ref());
        let target = target(path).unwrap_or_default();
        let blank = if target.is_empty() { "" } else { " " };
        self.out.push_str(&format!(" catch {target}{blank}"));
        self.block(handler, structure, part);
    }

    fn state(&mut self, position: usize, structure: &Structure, part: &Part<'_>) {
        let state = part.graph.states[position];
        if part.is_plain(position) {
            let name = match self.labels {
                Labels::Numbers => id(state).to_string(),
                Labels::Names(_) => state.name.value.clone(),
            };
            self.out.push_str(&format!(
                "raw {} {}\n",
                quoted(&name),
                self.states.get(&id(state)).map_or_else(String::new, |json| in_order(state.to_json(), json))
            ));
            return;
        }
        self.head(state);
        let manner = self.levels.of(state).manner();
        let names = part.words.names(state);
        match &state.kind {
            StateKind::Action { action, parameters, result_path, .. } => {
                self.target(result_path.as_ref());
                let computed =
                    program_of(state).filter(|_| self.levels.of(state) == Level::Nice && result_path.is_some());
                let computed = computed.and_then(|(program, data)| {
                    let computed = Computed { names, data: &data };
                    let copied = || part.copies(state).then(|| computed.copy(program)).flatten();
                    computed.expression(program).or_else(copied)
                });
                let call = computed.unwrap_or_else(|| self.call(action, parameters.as_ref(), manner, names));
                self.out.push_str(&call);
            }
            StateKind::Map { items_path, iterator, result_path, .. } => {
                self.target(result_path.as_ref());
                let list = plain_path(items_path).unwrap_or_default();
                let certain = manner != Manner::Plain && !list.is_root();
                let end_name = format!("{}.Done", state.name.value);
                match part.fused.pairs.get(&id(state)) {
                    Some(Pairs { item, list, captured }) => {
                        self.out.push_str(&format!("for {item} in {list} {{\n"));
                        let beside: Vec<String> =
                            std::iter::once(item).chain(captured.iter().map(|(name, _)| name)).cloned().collect();
                        self.machine(iterator, None, &beside, &end_name);
                    }
                    None => {
                        self.out.push_str(&format!("for $ in {} {{\n", names.path(&list, certain)));
                        self.machine(iterator, None, &[], &end_name);
                    }
                }
                self.out.push('}');
            }
            StateKind::Pass { result, result_path, .. } => {
                self.target(result_path.as_ref());
                match result {
                    Some(result) => self.out.push_str(&names.value(result, manner, Setting::State)),
                    None => self.out.push('$'),
                }
            }
            StateKind::Succeed { message } => {
                self.out.push_str("succeed");
                if let Some(message) = message {
                    self.out.push(' ');
                    self.out.push_str(&names.message(message));
                }
            }
            StateKind::Fail { error, cause } => {
                self.out.push_str(&format!("fail {}, {}", names.message(error), names.message(cause)));
            }
            StateKind::Wait { delay, .. } => {
                let delay = match delay {
                    Delay::Seconds(Json { value: Value::Number(seconds), .. }) => format!("{}s", number(seconds)),
                    Delay::Seconds(_) => String::new(),
                    Delay::SecondsPath(path) => {
                        let path = plain_path(path).unwrap_or_default();
                        names.path(&path, manner != Manner::Plain && !path.is_root())
                    }
                };
                self.out.push_str(&format!("wait {delay}"));
            }
            StateKind::Choice { .. } | StateKind::Unknown(_) => {}
        }
        if let Some(handler) = structure.handlers.get(&position) {
            self.catch(state, handler, structure, part);
        }
        self.tail(state);
    }

    fn target(&mut self, result_path: Option<&Json>) {
        let target = target(result_path).unwrap_or_else(|| "_".to_owned());
        if !target.is_empty() {
            self.out.push_str(&format!("let {target} = "));
        }
    }

    fn call(&self, action: &str, parameters: Option<&Json>, manner: Manner, names: &Names) -> String {
        let members = parameters.and_then(Json::as_object).unwrap_or_default();
        if action == crate::flow::JQ
            && let Some(jq) = jq(members, manner, names)
        {
            return jq;
        }
        let callee = self.program.callee(action, members, manner);
        let arguments: Vec<String> = match &callee.order {
            Some(order) => order
                .iter()
                .filter_map(|name| {
                    let is_it = |member: &&Member| member.key.strip_suffix(".$").unwrap_or(&member.key) == name;
                    members.iter().find(is_it)
                })
                .map(|member| names.member(&member.key, &member.value, manner, Setting::State))
                .collect(),
            None => {
                members.iter().map(|member| names.member(&member.key, &member.value, manner, Setting::State)).collect()
            }
        };
        match callee.patch {
            true => {
                let config = members.iter().find(|member| *member.key == "config");
                let record = config.map(|config| names.record(&config.value, manner, Setting::State));
                format!("{}({})", callee.name, record.unwrap_or_default())
            }
            false => format!("{}({})", callee.name, arguments.join(", ")),
        }
    }

    fn choice(&mut self, choice: &Choice, structure: &Structure, part: &Part<'_>) {
        let state = part.graph.states[choice.state];
        let StateKind::Choice { rules, .. } = &state.kind else { return };
        self.head(state);
        if let Some(cases) = part.words.cases(state, rules) {
            self.out.push_str(&format!("match {} {{\n", cases.value));
            for (arm, block) in cases.arms.iter().zip(&choice.arms) {
                self.out.push_str(&format!("{} ", arm.values.join(", ")));
                self.block(block, structure, part);
                self.out.push('\n');
            }
            let is_nice = (0..rules.len()).all(|rule| self.levels.of_rule(state, rule) == Level::Nice);
            if !choice.otherwise.is_empty() || !is_nice {
                self.out.push_str("else ");
                self.block(&choice.otherwise, structure, part);
                self.out.push('\n');
            }
            self.out.push('}');
            return self.tail(state);
        }
        if choice.negated {
            let condition = rules.first().and_then(|rule| part.words.condition(state, 0).fails(rule));
            self.out.push_str(&format!("if {} ", condition.unwrap_or_default()));
            self.block(&choice.otherwise, structure, part);
            return self.tail(state);
        }
        let mut needs_else = false;
        for (position, (rule, arm)) in rules.iter().zip(&choice.arms).enumerate() {
            let written = part.words.condition(state, position).holds(rule);
            needs_else = written.is_negation && rules.len() == 1;
            self.out.push_str(if position == 0 { "if " } else { " else if " });
            self.out.push_str(&written.text);
            self.out.push(' ');
            self.block(arm, structure, part);
        }
        if needs_else || !choice.otherwise.is_empty() {
            self.out.push_str(" else ");
            self.block(&choice.otherwise, structure, part);
        }
        self.tail(state);
    }
}

fn begins_with(piece: &Piece, state: usize) -> bool {
    match piece {
        Piece::State(first) | Piece::While { state: first, .. } => *first == state,
        Piece::Choice(choice) => choice.state == state,
        Piece::Try { body, .. } | Piece::Forever { body } => {
            body.first().is_some_and(|piece| begins_with(piece, state))
        }
        Piece::Jump(_) => false,
    }
}

/// JSON as it stands, in the order in which the compiler writes its members where that knows them all.
pub(super) fn in_order(written: Json, original: &Json) -> String {
    constant(if written.same(original) { &written } else { original })
}

/// Whether a comment can stand behind `///`.
pub(super) fn is_documentation(comment: &str) -> bool {
    !comment.is_empty() && comment.split('\n').all(|line| line.trim_end() == line && !line.contains('\r'))
}

/// A jq state as a jq text.
fn jq(members: &[Member], manner: Manner, names: &Names) -> Option<String> {
    let [a, b] = members else { return None };
    let (expr, data) = if *a.key == "expr" { (a, b) } else { (b, a) };
    if *expr.key != "expr" {
        return None;
    }
    let program = jq_text(expr.value.as_str()?)?;
    let data = match data.key.as_str() {
        "data.$" => {
            let path = plain_path(data.value.as_str()?)?;
            if path.is_root() { String::new() } else { format!("({})", names.path(&path, manner != Manner::Plain)) }
        }
        "data" => format!("({})", quoted(data.value.as_str()?)),
        _ => return None,
    };
    Some(format!("jq{data}{program}"))
}
