//! Conditions as rules of a Choice, and what is known where they hold.

use super::compute::Fragment;
use super::reader::{ReadPath, Reader, described, spelled};
use super::steps::Test;
use super::template::{constant, in_source, without_quotes};
use crate::rules;
use crate::types::Type;
use zisc_bundle::json::{Json, Value};
use zisc_bundle::{Condition, Operand, Operator, Path, Placed, Relation, Span, Step};
use zisc_syntax::tree::{ArrayItem, BinaryOperator, Expression, ExpressionKind, IsTest, UnaryOperator};

/// A condition as the platform decides it: rules in order, each saying whether the condition then holds, and what is
/// the case where no rule is true.
///
/// Logical operators are not nested, since no documentation says that they may be: `a && !b` becomes "`b`: no",
/// "`a`: yes", "otherwise: no".
#[derive(Debug, Default)]
pub(crate) struct Decision {
    pub(crate) rules: Vec<(Condition, bool)>,
    pub(crate) otherwise: bool,
}

impl Decision {
    fn inverted(self) -> Self {
        Self {
            rules: self.rules.into_iter().map(|(condition, holds)| (condition, !holds)).collect(),
            otherwise: !self.otherwise,
        }
    }
}

/// A condition with the negations pushed down to the comparisons.
#[derive(Clone, Debug)]
enum Formula {
    Leaf {
        condition: Condition,
        negated: bool,
    },
    And(Vec<Formula>),
    Or(Vec<Formula>),
    /// Something that a Choice cannot ask.
    Computed,
}

impl Formula {
    fn needs_jq(&self) -> bool {
        match self {
            Formula::Leaf { .. } => false,
            Formula::And(formulas) | Formula::Or(formulas) => formulas.iter().any(Formula::needs_jq),
            Formula::Computed => true,
        }
    }
}

/// How the sides of a comparison are compared.
struct Comparison<'a> {
    left: &'a Expression,
    relation: Relation,
    /// It holds where the sides do not compare so.
    negated: bool,
    right: &'a Expression,
    at: Span,
}

impl Reader<'_> {
    /// The condition as rules. With `guard`, it is the whole condition of an `if` without `else`: a negation is then
    /// decided the right way round, as people draw it. What a Choice cannot decide is computed in front of it.
    pub(crate) fn decide(&mut self, test: Test<'_>, guard: bool) -> Decision {
        match test {
            Test::Holds(condition) => self.decide_condition(condition, guard),
            Test::IsOneOf(value, cases) => self.decide_cases(value, cases, test.span()),
        }
    }

    /// Whether a value is one of several.
    fn decide_cases(&mut self, value: &Expression, cases: &[Expression], span: Span) -> Decision {
        let noted = self.findings.len();
        let equal = cases.iter().map(|case| {
            self.comparison(&Comparison {
                left: value,
                relation: Relation::Equals,
                negated: false,
                right: case,
                at: case.span,
            })
        });
        // Each value is a rule of its own, as people draw it.
        let formulas: Vec<Formula> = equal.collect();
        if !formulas.iter().any(Formula::needs_jq)
            && let Some(decisions) = formulas.into_iter().map(decision).collect::<Option<Vec<_>>>()
        {
            let rules = decisions.into_iter().flat_map(|decision| decision.rules).collect();
            return Decision { rules, otherwise: false };
        }
        self.findings.truncate(noted);
        let holds = self.compute_cases(value, cases);
        self.decide_computed(holds, span)
    }

    fn decide_computed(&mut self, value: Fragment, span: Span) -> Decision {
        let read = ReadPath { path: self.lift(value, "holds"), kind: Type::Bool, optional: false };
        decision(compare(&read, Operand::Boolean, Relation::Equals, Value::Bool(true), span)).unwrap_or_default()
    }

    fn decide_condition(&mut self, condition: &Expression, guard: bool) -> Decision {
        let noted = self.findings.len();
        let formula = self.formula(condition);
        if !formula.needs_jq() {
            let turned = guard && is_negation(condition);
            if let Formula::Leaf { condition: asked, negated: true } = &formula
                && matches!(condition.kind, ExpressionKind::Unary { operator: UnaryOperator::Not, .. })
                && !turned
            {
                return Decision { rules: vec![(Condition::Not(Box::new(asked.clone())), true)], otherwise: false };
            }
            let inverse = |formula: &Formula| decision(negate(formula.clone())).map(Decision::inverted);
            let as_written = |formula: &Formula| decision(formula.clone());
            let decided = match turned {
                true => inverse(&formula).or_else(|| as_written(&formula)),
                false => as_written(&formula).or_else(|| inverse(&formula)),
            };
            if let Some(decision) = decided {
                return decision;
            }
        }
        // It is looked at once more, as a whole: what was noted would be said twice.
        self.findings.truncate(noted);
        let value = self.compute_condition(condition);
        self.decide_computed(value, condition.span)
    }

    fn formula(&mut self, condition: &Expression) -> Formula {
        if self.values_for_conditions(condition) {
            return nothing(condition.span);
        }
        match &condition.kind {
            ExpressionKind::Unary { operator: UnaryOperator::Not, operand } => negate(self.formula(operand)),
            ExpressionKind::Binary { operator: BinaryOperator::And, left, right, .. } => {
                let left_formula = self.formula(left);
                // What the left side makes sure of holds where the right side is looked at.
                let data = narrow(self, left, true);
                let right = self.with_data(&data, |reader| reader.formula(right));
                Formula::And(vec![left_formula, right])
            }
            ExpressionKind::Binary { operator: BinaryOperator::Or, left, right, .. } => {
                let left_formula = self.formula(left);
                let data = narrow(self, left, false);
                let right = self.with_data(&data, |reader| reader.formula(right));
                Formula::Or(vec![left_formula, right])
            }
            ExpressionKind::Binary { operator: BinaryOperator::In, left, right, .. } => self.membership(left, right),
            ExpressionKind::Binary { operator, left, right, at } => match relation(*operator) {
                Some((relation, negated)) => {
                    let formula = self.comparison(&Comparison { left, relation, negated, right, at: *at });
                    if negated { negate(formula) } else { formula }
                }
                None => Formula::Computed,
            },
            ExpressionKind::Is { operand, test: Some(test) } => match self.path(operand) {
                Some(read) => match test {
                    IsTest::Present => presence(&read, true, operand.span),
                    IsTest::Null => guarded(&read, null(&read, true, operand.span), operand.span),
                },
                None => Formula::Computed,
            },
            ExpressionKind::Is { test: None, .. } | ExpressionKind::Error => nothing(condition.span),
            ExpressionKind::Raw(rule) => {
                let condition = Condition::Unknown(super::states::kept(rule, &mut self.findings));
                Formula::Leaf { condition, negated: false }
            }
            _ => match self.path(condition) {
                Some(read) => {
                    // What always fails gives nothing, and that has been said.
                    let is_nothing = read.kind.alternatives().is_empty();
                    if !is_nothing && !read.kind.overlaps(&Type::Bool) {
                        self.findings.push(
                            rules::WRONG_TYPE
                                .at(
                                    condition.span,
                                    format!(
                                        "a condition is true or false, and {} is neither",
                                        named((condition, &read.kind))
                                    ),
                                )
                                .label(format!("of type {}", read.kind))
                                .help(format!(
                                    "compare it with something; to ask whether it is there, write `{} is present`",
                                    spelled(condition).unwrap_or_else(|| "…".to_owned())
                                )),
                        );
                    }
                    guarded(
                        &read,
                        compare(&read, Operand::Boolean, Relation::Equals, Value::Bool(true), condition.span),
                        condition.span,
                    )
                }
                None => Formula::Computed,
            },
        }
    }

    /// Whether a condition is `x == "a" || "b"`, which leaves out what `"b"` is compared with. It is noted.
    pub(crate) fn values_for_conditions(&mut self, condition: &Expression) -> bool {
        let mut values = Vec::new();
        let mut first = condition;
        while let ExpressionKind::Binary { operator: BinaryOperator::Or, left, right, .. } = &first.kind
            && matches!(constant(right), Some(Value::String(_) | Value::Number(_)))
        {
            values.push(right);
            first = left;
        }
        let ExpressionKind::Binary { operator: BinaryOperator::Equal, left, right, .. } = &first.kind else {
            return false;
        };
        let Some(last) = values.first().map(|value| value.span) else { return false };
        values.push(right);
        let written: Option<Vec<_>> = values.iter().rev().map(|value| in_source(value)).collect();
        let (Some(written), Some(path)) = (written, spelled(left)) else { return false };
        let asked = format!("{path} in [{}]", written.join(", "));
        let span = values[values.len() - 2].span.cover(last);
        self.findings.push(
            rules::WRONG_TYPE
                .at(span, "a condition is true or false, and a value alone is neither")
                .label("compared with nothing")
                .note(left.span, "this is compared with the first value only")
                .help(format!("write `{asked}`"))
                .fix(format!("write `{asked}`"), condition.span, asked),
        );
        true
    }

    fn membership(&mut self, left: &Expression, right: &Expression) -> Formula {
        let ExpressionKind::Array(items) = &right.kind else {
            return Formula::Computed;
        };
        let equal = items.iter().map(|item| match item {
            ArrayItem::Value(value) => self.comparison(&Comparison {
                left,
                relation: Relation::Equals,
                negated: false,
                right: value,
                at: value.span,
            }),
            ArrayItem::Spread(_) => Formula::Computed,
        });
        Formula::Or(equal.collect())
    }

    fn comparison(&mut self, comparison: &Comparison<'_>) -> Formula {
        let Comparison { left, relation, right, at, .. } = comparison;
        let known = self.findings.len();
        let (left_path, right_path) = (self.path(left), self.path(right));
        if self.findings.len() > known {
            return nothing(left.span.cover(right.span)); // what one side is, is not known, and that has been said
        }
        match (left_path, right_path) {
            (Some(path), None) => self.against_value(&path, left, comparison, right),
            (None, Some(path)) => {
                let mirrored = Comparison { relation: mirrored(*relation), ..*comparison };
                self.against_value(&path, right, &mirrored, left)
            }
            (Some(a), Some(b)) => self.against_path((&a, left), comparison, (&b, right), *at),
            (None, None) => match (&left.kind, &right.kind) {
                (ExpressionKind::Error, _) | (_, ExpressionKind::Error) => nothing(left.span.cover(right.span)),
                _ => Formula::Computed,
            },
        }
    }

    fn against_value(
        &mut self,
        path: &ReadPath,
        expression: &Expression,
        comparison: &Comparison<'_>,
        right: &Expression,
    ) -> Formula {
        let Comparison { relation, negated, at, .. } = *comparison;
        let span = expression.span.cover(right.span);
        let Some(value) = constant(right) else {
            return if right.kind == ExpressionKind::Error { nothing(span) } else { Formula::Computed };
        };
        if value == Value::Null && relation == Relation::Equals {
            let is_null = null(path, true, span);
            let certain = !path.optional && path.kind != Type::Any;
            return if certain { is_null } else { Formula::Or(vec![presence(path, false, span), is_null]) };
        }
        let kind = self.kind(right);
        let is_instant = path.kind.without_null() == Type::Timestamp;
        if let (true, Value::String(text)) = (is_instant, &value)
            && !is_timestamp(text)
        {
            self.no_instant(right, text);
            return nothing(span);
        }
        let operand = match &value {
            Value::String(_) if is_instant => Operand::Timestamp,
            Value::String(_) => Operand::String,
            Value::Number(_) => Operand::Number,
            Value::Bool(_) if relation == Relation::Equals => Operand::Boolean,
            _ if relation == Relation::Equals => {
                self.no_equality((expression, &path.kind), (right, &kind), negated, at);
                return nothing(span);
            }
            _ => {
                self.no_order(at, &path.kind, &kind);
                return nothing(span);
            }
        };
        if !path.kind.overlaps(&kind) {
            self.never_equal(relation, negated, (expression, &path.kind), (right, &kind), at);
        } else if let (Value::String(text), Relation::Equals) = (&value, relation) {
            self.other_case(path, expression, text, right);
        }
        guarded(path, compare(path, operand, relation, value, span), span)
    }

    fn against_path(
        &mut self,
        a: (&ReadPath, &Expression),
        comparison: &Comparison<'_>,
        b: (&ReadPath, &Expression),
        at: Span,
    ) -> Formula {
        let span = a.1.span.cover(b.1.span);
        if !a.0.kind.overlaps(&b.0.kind) {
            let Comparison { relation, negated, .. } = *comparison;
            self.never_equal(relation, negated, (a.1, &a.0.kind), (b.1, &b.0.kind), at);
            return nothing(span);
        }
        let operand = operand_of(&a.0.kind).or_else(|| operand_of(&b.0.kind));
        // Instants are compared with a path as texts: the platform has no other operator.
        let operand = operand.map(|operand| if operand == Operand::Timestamp { Operand::String } else { operand });
        let Some(operator) = operand.and_then(|operand| Operator::find(operand, comparison.relation, true)) else {
            return Formula::Computed;
        };
        let condition = Condition::Compare {
            variable: Placed::new(a.0.path.to_string(), a.1.span),
            operator,
            operand: Json::string(b.0.path.to_string(), b.1.span),
        };
        let leaf = Formula::Leaf { condition, negated: false };
        guarded(a.0, guarded(b.0, leaf, b.1.span), a.1.span)
    }

    /// A value is compared with a list or a record that is written out.
    fn no_equality(&mut self, left: (&Expression, &Type), right: (&Expression, &Type), negated: bool, at: Span) {
        let finding = rules::NEVER_EQUAL
            .at(at, format!("{} is not compared with {} like this", named(left), described(right.1)))
            .label("compares two single values");
        if let (true, Some(list)) = (left.1.item().is_some(), spelled(left.0)) {
            self.findings.push(finding.help(format!("ask for its items one by one: `\"a\" in {list}`")));
            return;
        }
        self.findings.push(match (right.1.item(), negated) {
            (Some(_), false) => finding.help("write `in` to ask whether it is one of them").fix("write `in`", at, "in"),
            (Some(_), true) => finding.help("write `!(… in […])` to ask whether it is none of them"),
            (None, _) => finding.help("compare its fields one by one"),
        });
    }

    /// A text that is known with other small and capital letters.
    fn other_case(&mut self, path: &ReadPath, expression: &Expression, text: &str, right: &Expression) {
        let Some((Step::Member(name), before)) = path.path.steps.split_last() else { return };
        let holder = self.at(&Path { steps: before.to_vec() }).kind;
        let Some(values) = holder.fields().find(|field| field.name == *name).map(|field| field.known_values) else {
            return;
        };
        let Some(meant) = values.iter().find(|value| value.eq_ignore_ascii_case(text)) else { return };
        if values.contains(&text) {
            return;
        }
        let (read, written) = (spelled(expression).unwrap_or_else(|| name.to_string()), format!("\"{meant}\""));
        let title = format!("write {written}");
        let finding = rules::OTHER_CASE
            .at(right.span, format!("`{read}` comes as {written}, not as \"{text}\""))
            .label("small and capital letters are told apart")
            .help(title.clone());
        self.findings.push(finding.fix(title, right.span, written));
    }

    /// A text that is compared with an instant and is none.
    fn no_instant(&mut self, expression: &Expression, text: &str) {
        let finding = rules::WRONG_TYPE
            .at(expression.span, format!("a timestamp is wanted here, and \"{text}\" is none"))
            .label("not an instant");
        let midnight = format!("{text}T00:00:00Z");
        self.findings.push(match is_timestamp(&midnight) {
            true => finding.help(format!("write the time too, such as \"{midnight}\"")).fix(
                format!("write \"{midnight}\""),
                expression.span,
                format!("\"{midnight}\""),
            ),
            false => finding.help("an instant is written like \"2024-05-01T08:30:00Z\""),
        });
    }

    pub(crate) fn never_equal(
        &mut self,
        relation: Relation,
        negated: bool,
        left: (&Expression, &Type),
        right: (&Expression, &Type),
        at: Span,
    ) {
        if relation != Relation::Equals {
            self.no_order(at, left.1, right.1);
            return;
        }
        let mut finding = rules::NEVER_EQUAL
            .at(at, format!("{} is never equal to {}", named(left), named(right)))
            .label(if negated { "this is always true" } else { "this is always false" })
            .note(left.0.span, format!("of type {}", left.1));
        if right.0.span != at && !matches!(right.1, Type::Literal(_)) {
            finding = finding.note(right.0.span, format!("of type {}", right.1));
        }
        let values = left.1.literals();
        if let (Some(path), ExpressionKind::Text(_)) = (values.first().filter(|_| values.len() == 1), &left.0.kind)
            && path.starts_with("$.")
        {
            let finding = finding.help(format!("a path stands without quotes: write `{path}`"));
            self.findings.push(finding.fix(format!("write `{path}`"), left.0.span, *path));
            return;
        }
        let finding = match right.1 {
            Type::Literal(text) if !values.is_empty() => match zisc_bundle::nearest(text, values.iter().copied()) {
                Some(near) => finding.help(format!("did you mean \"{near}\"?")).fix(
                    format!("write \"{near}\""),
                    right.0.span,
                    format!("\"{near}\""),
                ),
                None => {
                    let values: Vec<_> = values.iter().map(|value| format!("\"{value}\"")).collect();
                    finding.help(format!("it can be {}", values.join(", ")))
                }
            },
            kind => match (without_quotes(kind, &left.1.without_null()), in_source(right.0), spelled(left.0)) {
                (Some(value), ..) => finding.help(format!("write `{value}`, without quotes")).fix(
                    format!("write `{value}`"),
                    right.0.span,
                    value,
                ),
                (None, Some(item), Some(list)) if left.1.item().is_some_and(|inner| kind.overlaps(&inner)) => {
                    let asked = if negated { format!("!({item} in {list})") } else { format!("{item} in {list}") };
                    finding.help(format!("to ask whether a list holds it, write `{asked}`")).fix(
                        format!("write `{asked}`"),
                        left.0.span.cover(right.0.span),
                        asked,
                    )
                }
                _ => finding,
            },
        };
        self.findings.push(finding);
    }

    pub(crate) fn no_order(&mut self, at: Span, left: &Type, right: &Type) {
        self.findings.push(
            rules::CANNOT_ORDER
                .at(at, no_order_between(left, right))
                .label("asks which one comes first")
                .help("numbers, texts and timestamps can be ordered, each among themselves"),
        );
    }
}

/// What is known about the data where a test holds, or where it does not.
pub(crate) fn narrow_test(reader: &mut Reader<'_>, test: Test<'_>, holds: bool) -> Type {
    let (value, cases) = match test {
        Test::Holds(condition) => return narrow(reader, condition, holds),
        Test::IsOneOf(value, cases) => (value, cases),
    };
    let data = reader.data.clone();
    let Some(read) = reader.silently(|reader| reader.path(value)) else { return data };
    let literals: Vec<Type> = cases
        .iter()
        .map(|case| match constant(case) {
            Some(Value::String(text)) => Type::Literal(text.as_str().into()),
            Some(Value::Null) => Type::Null,
            _ => Type::Any,
        })
        .collect();
    if holds {
        data.narrowed(&read.path.steps, &|kind| literals.iter().any(|literal| kind.overlaps(literal)))
    } else if read.optional {
        data
    } else {
        data.narrowed(&read.path.steps, &|kind| !literals.contains(kind))
    }
}

/// What is known about the data where `condition` holds, or where it does not.
pub(crate) fn narrow(reader: &mut Reader<'_>, condition: &Expression, holds: bool) -> Type {
    let not_null = |kind: &Type| *kind != Type::Null;
    let data = reader.data.clone();
    match &condition.kind {
        ExpressionKind::Unary { operator: UnaryOperator::Not, operand } => narrow(reader, operand, !holds),
        ExpressionKind::Binary {
            operator: operator @ (BinaryOperator::And | BinaryOperator::Or), left, right, ..
        } => {
            let both = (*operator == BinaryOperator::And) == holds;
            if !both {
                return data;
            }
            let data = narrow(reader, left, holds);
            reader.with_data(&data, |reader| narrow(reader, right, holds))
        }
        ExpressionKind::Is { operand, test } => {
            let certain = match test {
                Some(IsTest::Present) => holds,
                Some(IsTest::Null) | None => false,
            };
            match reader.silently(|reader| reader.path(operand)) {
                Some(read) if certain => data.narrowed(&read.path.steps, &|_| true),
                Some(read) if *test == Some(IsTest::Null) && !holds && !read.optional => {
                    data.narrowed(&read.path.steps, &not_null)
                }
                _ => data,
            }
        }
        ExpressionKind::Binary { operator, left, right, .. } => {
            let Some((relation, negated)) = relation(*operator) else { return data };
            let is_null = constant(right) == Some(Value::Null);
            let Some(read) = reader.silently(|reader| reader.path(left)) else { return data };
            let equal = holds != negated;
            match (is_null, equal) {
                (true, false) => data.narrowed(&read.path.steps, &not_null),
                (true, true) => data,
                (false, true) => match (relation, constant(right)) {
                    (Relation::Equals, Some(Value::String(text))) => data.narrowed(&read.path.steps, &|kind| {
                        !matches!(kind, Type::Null) && kind.overlaps(&Type::Literal(text.as_str().into()))
                    }),
                    _ => data.narrowed(&read.path.steps, &not_null),
                },
                (false, false) => match constant(right) {
                    Some(Value::String(text)) if relation == Relation::Equals && !read.optional => {
                        data.narrowed(&read.path.steps, &|kind| *kind != Type::Literal(text.as_str().into()))
                    }
                    _ => data,
                },
            }
        }
        _ if holds => match reader.silently(|reader| reader.path(condition)) {
            Some(read) => data.narrowed(&read.path.steps, &not_null),
            None => data,
        },
        _ => data,
    }
}

/// The formula as rules; nothing where the platform could not be asked without nesting.
fn decision(formula: Formula) -> Option<Decision> {
    let (mut plain, mut with_negations) = (Vec::new(), Vec::new());
    for way in ways(formula) {
        let (negated, positive): (Vec<_>, Vec<_>) = way.into_iter().partition(|(_, negated)| *negated);
        let conditions =
            |leaves: Vec<(Condition, bool)>| leaves.into_iter().map(|(condition, _)| condition).collect::<Vec<_>>();
        match negated.is_empty() {
            true => plain.push(conditions(positive)),
            false => with_negations.push((conditions(positive), conditions(negated))),
        }
    }
    let guards = Guards::of(&plain);
    let mut rules: Vec<(Condition, bool)> = Vec::new();
    if plain.len() > 1 && plain.iter().all(|way| way.len() == 1) {
        rules.push((Condition::Or(plain.into_iter().flatten().collect()), true));
    } else {
        rules.extend(plain.into_iter().filter_map(all).map(|condition| (condition, true)));
    }
    let mut otherwise = false;
    let mut with_negations = with_negations.into_iter();
    if let Some((positive, negated)) = with_negations.next() {
        rules.extend(negated.into_iter().map(|condition| (guards.around(condition), false)));
        match all(positive) {
            Some(condition) => rules.push((condition, true)),
            None => otherwise = true,
        }
    }
    with_negations.next().is_none().then_some(Decision { rules, otherwise })
}

/// The paths that may be missing, and that no rule before has asked for alone: a comparison of one that stands in a
/// rule of its own asks for it first.
struct Guards(Vec<String>);

impl Guards {
    fn of(ways: &[Vec<Condition>]) -> Self {
        let missing = |condition: &Condition| match condition {
            Condition::Compare { variable, operator, operand }
                if operator.operand == Operand::Presence && operand.value == Value::Bool(false) =>
            {
                Some(variable.value.clone())
            }
            _ => None,
        };
        let decided: Vec<String> =
            ways.iter().filter(|way| way.len() == 1).filter_map(|way| missing(&way[0])).collect();
        let asked = ways.iter().flatten().filter_map(missing);
        Self(asked.filter(|path| !decided.contains(path)).collect())
    }

    fn around(&self, condition: Condition) -> Condition {
        let Condition::Compare { variable, operand, .. } = &condition else { return condition };
        let paths = [Some(variable.value.as_str()), operand.as_str()];
        let mut asked: Vec<Condition> = Vec::new();
        for path in self.0.iter().filter(|path| paths.contains(&Some(path.as_str()))) {
            if let Some(operator) = Operator::find(Operand::Presence, Relation::Equals, false) {
                let yes = Json::new(Value::Bool(true), variable.span);
                asked.push(Condition::Compare {
                    variable: Placed::new(path.clone(), variable.span),
                    operator,
                    operand: yes,
                });
            }
        }
        asked.dedup();
        asked.push(condition);
        match <[Condition; 1]>::try_from(asked) {
            Ok([alone]) => alone,
            Err(all) => Condition::And(all),
        }
    }
}

/// The ways in which a formula can hold: each a list of comparisons, negated or not.
fn ways(formula: Formula) -> Vec<Vec<(Condition, bool)>> {
    match formula {
        Formula::Leaf { condition, negated } => vec![vec![(condition, negated)]],
        Formula::Or(formulas) => formulas.into_iter().flat_map(ways).collect(),
        Formula::Computed => Vec::new(),
        Formula::And(formulas) => formulas.into_iter().fold(vec![Vec::new()], |all, formula| {
            let ways = ways(formula);
            all.iter()
                .flat_map(|before| ways.iter().map(move |way| before.iter().chain(way).cloned().collect()))
                .collect()
        }),
    }
}

/// All of these at once; `None` where there is nothing to ask.
fn all(mut conditions: Vec<Condition>) -> Option<Condition> {
    match conditions.len() {
        0 => None,
        1 => conditions.pop(),
        _ => Some(Condition::And(conditions)),
    }
}

fn negate(formula: Formula) -> Formula {
    match formula {
        Formula::Leaf {
            condition: Condition::Compare { variable, operator, operand: Json { value: Value::Bool(value), span } },
            negated: false,
        } if matches!(operator.operand, Operand::Presence | Operand::Null) => {
            let operand = Json::new(Value::Bool(!value), span);
            Formula::Leaf { condition: Condition::Compare { variable, operator, operand }, negated: false }
        }
        Formula::Leaf { condition, negated } => Formula::Leaf { condition, negated: !negated },
        Formula::And(formulas) => Formula::Or(formulas.into_iter().map(negate).collect()),
        Formula::Or(formulas) => Formula::And(formulas.into_iter().map(negate).collect()),
        Formula::Computed => Formula::Computed,
    }
}

/// Whether a text is an instant as the platform reads it: `2024-05-01T08:30:00Z`, or with an offset such as `+02:00`.
pub(crate) fn is_timestamp(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let shaped = |text: &str, shape: &str| {
        text.len() == shape.len()
            && text.bytes().zip(shape.bytes()).all(|(byte, shape)| match shape {
                b'0' => byte.is_ascii_digit(),
                sign => byte == sign,
            })
    };
    let (Some(time), Some(rest)) = (text.get(..19), text.get(19..)) else { return false };
    let zone_at = rest.find(['Z', '+', '-']).unwrap_or(rest.len());
    let (fraction, zone) = rest.split_at(zone_at);
    let fraction =
        fraction.is_empty() || fraction.strip_prefix('.').is_some_and(|part| !part.is_empty() && digits(part));
    shaped(time, "0000-00-00T00:00:00")
        && fraction
        && (zone == "Z" || zone.get(1..).is_some_and(|zone| shaped(zone, "00:00")))
}

fn is_negation(condition: &Expression) -> bool {
    match &condition.kind {
        ExpressionKind::Unary { operator: UnaryOperator::Not, .. } => true,
        ExpressionKind::Binary { operator: BinaryOperator::NotEqual, .. } => true,
        ExpressionKind::Binary { operator: BinaryOperator::Equal, right, .. } => right.kind == ExpressionKind::Null,
        _ => false,
    }
}

/// The comparison, behind the question whether its path leads anywhere, where that is not certain.
fn guarded(read: &ReadPath, comparison: Formula, span: Span) -> Formula {
    if read.optional { Formula::And(vec![presence(read, true, span), comparison]) } else { comparison }
}

fn presence(read: &ReadPath, present: bool, span: Span) -> Formula {
    compare(read, Operand::Presence, Relation::Equals, Value::Bool(present), span)
}

fn null(read: &ReadPath, is_null: bool, span: Span) -> Formula {
    compare(read, Operand::Null, Relation::Equals, Value::Bool(is_null), span)
}

fn compare(read: &ReadPath, operand: Operand, relation: Relation, value: Value, span: Span) -> Formula {
    match Operator::find(operand, relation, false) {
        Some(operator) => Formula::Leaf {
            condition: Condition::Compare {
                variable: Placed::new(read.path.to_string(), span),
                operator,
                operand: Json::new(value, span),
            },
            negated: false,
        },
        None => nothing(span),
    }
}

/// What stands for a condition that could not be understood; the finding has been noted.
fn nothing(span: Span) -> Formula {
    Formula::Leaf { condition: Condition::Unknown(Json::new(Value::Object(Vec::new()), span)), negated: false }
}

fn relation(operator: BinaryOperator) -> Option<(Relation, bool)> {
    Some(match operator {
        BinaryOperator::Equal => (Relation::Equals, false),
        BinaryOperator::NotEqual => (Relation::Equals, true),
        BinaryOperator::Less => (Relation::LessThan, false),
        BinaryOperator::LessOrEqual => (Relation::LessThanEquals, false),
        BinaryOperator::Greater => (Relation::GreaterThan, false),
        BinaryOperator::GreaterOrEqual => (Relation::GreaterThanEquals, false),
        _ => return None,
    })
}

fn mirrored(relation: Relation) -> Relation {
    match relation {
        Relation::Equals => Relation::Equals,
        Relation::LessThan => Relation::GreaterThan,
        Relation::GreaterThan => Relation::LessThan,
        Relation::LessThanEquals => Relation::GreaterThanEquals,
        Relation::GreaterThanEquals => Relation::LessThanEquals,
    }
}

/// A side of a comparison in a sentence: by its name, where it has one.
pub(crate) fn named((expression, kind): (&Expression, &Type)) -> String {
    spelled(expression).map_or_else(|| described(kind), |path| format!("`{path}`"))
}

fn no_order_between(left: &Type, right: &Type) -> String {
    match left == right {
        true => format!("{} does not come before or after another", described(left)),
        false => format!("{} and {} have no order", described(left), described(right)),
    }
}

/// Whether an expression compares two sides.
pub(crate) fn is_comparison(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::Binary { operator, .. } => relation(*operator).is_some(),
        _ => false,
    }
}

fn operand_of(kind: &Type) -> Option<Operand> {
    match kind.without_null() {
        Type::Bool => Some(Operand::Boolean),
        Type::Int | Type::Number => Some(Operand::Number),
        Type::Timestamp => Some(Operand::Timestamp),
        kind if kind != Type::Any && kind.fits(&Type::String) => Some(Operand::String),
        _ => None,
    }
}
