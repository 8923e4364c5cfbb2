//! Expressions as jq: what the platform cannot do in place is computed by one jq state in front.

use super::condition::{is_comparison, named, narrow};
use super::names::numbered;
use super::reader::{Reader, described, spelled};
use super::template::constant;
use crate::functions::{self, FUNCTIONS};
use crate::types::Type;
use crate::{Shared, Text, rules};
use zisc_bundle::json::{self, Json, Value};
use zisc_bundle::{Path, Span, Step, nearest};
use zisc_syntax::tree::{
    Argument, ArrayItem, BinaryOperator, Expression, ExpressionKind, IsTest, Name, RecordMember, TextPart,
    UnaryOperator,
};

/// A piece of a jq program that gives exactly one value.
#[derive(Clone, Debug)]
pub(crate) struct Fragment {
    pieces: Vec<Piece>,
    level: Level,
    kind: Type,
}

#[derive(Clone, Debug)]
enum Piece {
    Jq(String),
    /// A path of the flow's data, to be written from where the program's input begins.
    Path(Path),
}

/// A name that an expression binds for a part of itself.
#[derive(Clone, Debug)]
pub(crate) struct Variable {
    name: Text,
    /// What jq calls it.
    jq: String,
    kind: Type,
}

/// How tightly the outermost operator of a fragment binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Pipe,
    Alternative,
    Or,
    And,
    Compare,
    Add,
    Multiply,
    /// Needs no brackets anywhere.
    Term,
}

/// A jq program and the path of its input.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) expr: String,
    pub(crate) data: Path,
}

impl Fragment {
    fn jq(text: impl Into<String>, kind: Type) -> Self {
        Self { pieces: vec![Piece::Jq(text.into())], level: Level::Term, kind }
    }

    fn at(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// The pieces, in brackets where the fragment binds less tightly than `level`.
    fn within(self, level: Level) -> Vec<Piece> {
        if self.level >= level {
            return self.pieces;
        }
        let mut pieces = vec![Piece::Jq("(".to_owned())];
        pieces.extend(self.pieces);
        pieces.push(Piece::Jq(")".to_owned()));
        pieces
    }

    fn paths(&self) -> impl Iterator<Item = &Path> + Clone {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Path(path) => Some(path),
            Piece::Jq(_) => None,
        })
    }

    fn write(&self, input: &Path, out: &mut String) {
        for piece in &self.pieces {
            match piece {
                Piece::Jq(text) => out.push_str(text),
                Piece::Path(path) => out.push_str(&jq_path(&path.steps[input.steps.len()..])),
            }
        }
    }

    pub(crate) fn kind(&self) -> &Type {
        &self.kind
    }

    /// The program that gives this value, where the data has this type.
    pub(crate) fn program(&self, data: &Type) -> Program {
        let data = common(self.paths(), data);
        let mut expr = String::new();
        self.write(&data, &mut expr);
        Program { expr, data }
    }
}

/// The program that gives all values as the members of one object; nothing where there are none.
pub(crate) fn program_of(values: &[(String, Fragment)], data: &Type) -> Option<Program> {
    if values.is_empty() {
        return None;
    }
    let data = common(values.iter().flat_map(|(_, fragment)| fragment.paths()), data);
    let mut expr = String::from("{");
    for (position, (key, fragment)) in values.iter().enumerate() {
        expr.push_str(if position == 0 { "" } else { ", " });
        expr.push_str(key);
        expr.push_str(": ");
        let inner = Fragment { pieces: fragment.clone().within(Level::Term), ..fragment.clone() };
        inner.write(&data, &mut expr);
    }
    expr.push('}');
    Some(Program { expr, data })
}

/// The smallest part of the data that holds all paths. What is read keeps a name of its own where it is not at the top:
/// `.id` over the ticket says more than `.` over its id.
fn common<'a>(paths: impl Iterator<Item = &'a Path> + Clone, data: &Type) -> Path {
    let mut steps: Option<&[Step]> = None;
    for path in paths.clone() {
        steps = Some(match steps {
            None => &path.steps,
            Some(steps) => {
                let length = steps.iter().zip(&path.steps).take_while(|(a, b)| a == b).count();
                &steps[..length]
            }
        });
    }
    let mut steps = steps.unwrap_or_default().to_vec();
    // Where the input is missing, the state fails before the program can say what to do then.
    steps.truncate(certain(&steps, data));
    if steps.len() > 1 && paths.clone().any(|path| path.steps.len() == steps.len()) {
        steps.pop();
    }
    Path { steps }
}

/// How many steps of a path certainly lead somewhere.
fn certain(steps: &[Step], data: &Type) -> usize {
    let mut kind = data.clone();
    for (position, step) in steps.iter().enumerate() {
        let Step::Member(name) = step else { return position };
        match kind.field(name) {
            Some(read) if !read.optional && kind != Type::Any => kind = read.kind,
            _ => return position,
        }
    }
    steps.len()
}

/// A path in jq, from the program's input.
pub(crate) fn jq_path(steps: &[Step]) -> String {
    let mut out = String::new();
    for step in steps {
        match step {
            Step::Member(name) if is_jq_name(name) => out.push_str(&format!(".{name}")),
            Step::Member(name) => out.push_str(&format!("{}[{}]", if out.is_empty() { "." } else { "" }, quoted(name))),
            Step::Index(index) => out.push_str(&format!("{}[{index}]", if out.is_empty() { "." } else { "" })),
        }
    }
    if out.is_empty() { ".".to_owned() } else { out }
}

/// Whether jq reads `.name` and `{name: …}` without quotes.
pub(crate) fn is_jq_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && !JQ_WORDS.contains(&text)
}

const JQ_WORDS: &[&str] = &[
    "and", "as", "def", "elif", "else", "end", "foreach", "if", "import", "include", "label", "module", "not", "or",
    "reduce", "then", "try", "catch", "__loc__",
];

/// A text as jq and JSON write it.
fn quoted(text: &str) -> String {
    json::compact(&Json::string(text, Span::default()))
}

/// The key of an object as jq writes it.
fn key(name: &str) -> String {
    if is_jq_name(name) { name.to_owned() } else { quoted(name) }
}

impl Reader<'_> {
    /// The expression as jq. Mistakes in it are noted.
    pub(crate) fn compute(&mut self, expression: &Expression) -> Fragment {
        if !self.begins_with_variable(expression)
            && let Some(read) = self.path(expression)
        {
            let kind = if read.optional { Type::union([read.kind, Type::Null]) } else { read.kind };
            return Fragment { pieces: vec![Piece::Path(read.path)], level: Level::Term, kind };
        }
        if let Some(value) = super::template::constant(expression) {
            let kind = self.kind(expression);
            let text = json::compact(&Json::new(value, expression.span));
            return Fragment::jq(text, kind);
        }
        match &expression.kind {
            ExpressionKind::Name(name) => self.variable(name),
            ExpressionKind::Field { base, name: Some(name), .. } => {
                let base_value = self.compute(base);
                self.field_of(base, base_value, name)
            }
            ExpressionKind::Index { base, index } => {
                let base = self.compute(base);
                let index = self.compute(index);
                let kind = base
                    .kind
                    .item()
                    .map_or(Type::Any, |item| if item == Type::Any { item } else { Type::union([item, Type::Null]) });
                let mut pieces = base.within(Level::Term);
                pieces.push(Piece::Jq("[".to_owned()));
                pieces.extend(index.pieces);
                pieces.push(Piece::Jq("]".to_owned()));
                Fragment { pieces, level: Level::Term, kind }
            }
            ExpressionKind::Present(inner) => {
                let inner = self.compute(inner);
                Fragment { kind: inner.kind.without_null(), ..inner }
            }
            ExpressionKind::Text(parts) => self.compute_text(parts),
            ExpressionKind::Record(members) => self.compute_record(members),
            ExpressionKind::Array(items) => self.compute_array(items),
            ExpressionKind::Unary { operator: UnaryOperator::Not, operand } => {
                let operand = self.compute_condition(operand);
                let mut pieces = vec![Piece::Jq("(".to_owned())];
                pieces.extend(operand.pieces);
                pieces.push(Piece::Jq(" | not)".to_owned()));
                Fragment { pieces, level: Level::Term, kind: Type::Bool }
            }
            ExpressionKind::Unary { operator: UnaryOperator::Negate, operand } => {
                let operand = self.compute_number(operand);
                let mut pieces = vec![Piece::Jq("(0 - ".to_owned())];
                pieces.extend(operand.within(Level::Multiply));
                pieces.push(Piece::Jq(")".to_owned()));
                Fragment { pieces, level: Level::Term, kind: Type::Number }
            }
            ExpressionKind::Binary { operator, left, right, at } => self.compute_binary(*operator, left, right, *at),
            ExpressionKind::Is { operand, test } => self.compute_test(operand, *test),
            ExpressionKind::Conditional { condition, then, otherwise } => {
                let data = narrow(self, condition, true);
                let test = self.compute_condition(condition);
                let then = self.with_data(&data, |reader| reader.compute(then));
                let data = narrow(self, condition, false);
                let otherwise = self.with_data(&data, |reader| reader.compute(otherwise));
                let kind = then.kind.join(&otherwise.kind);
                let mut pieces = vec![Piece::Jq("if ".to_owned())];
                pieces.extend(test.pieces);
                pieces.push(Piece::Jq(" then ".to_owned()));
                pieces.extend(then.pieces);
                pieces.push(Piece::Jq(" else ".to_owned()));
                pieces.extend(otherwise.pieces);
                pieces.push(Piece::Jq(" end".to_owned()));
                Fragment { pieces, level: Level::Term, kind }
            }
            ExpressionKind::Comprehension { item, name, list, condition } => {
                self.compute_comprehension(item, name, list, condition.as_deref())
            }
            ExpressionKind::Call { callee, arguments, brackets } => self.compute_call(callee, arguments, *brackets),
            ExpressionKind::Jq { program, .. } => {
                self.whole_statement(program.span, "a jq text", "``let x = jq`…` ``");
                Fragment::jq("null", Type::Any)
            }
            ExpressionKind::Raw(rule) => {
                self.raw_rule(rule);
                Fragment::jq("true", Type::Bool)
            }
            _ => Fragment::jq("null", Type::Any),
        }
    }

    fn begins_with_variable(&self, expression: &Expression) -> bool {
        match &expression.kind {
            ExpressionKind::Name(name) => self.variables.iter().any(|variable| variable.name == *name),
            ExpressionKind::Field { base, .. } | ExpressionKind::Index { base, .. } | ExpressionKind::Present(base) => {
                self.begins_with_variable(base)
            }
            _ => false,
        }
    }

    fn variable(&mut self, name: &Text) -> Fragment {
        match self.variables.iter().rev().find(|variable| variable.name == *name) {
            Some(variable) => Fragment::jq(format!("${}", variable.jq), variable.kind.clone()),
            None => Fragment::jq("null", Type::Any),
        }
    }

    /// Binds a name for a part of the expression; what jq calls it.
    pub(crate) fn bind(&mut self, name: &Text, kind: Type) -> String {
        let jq = self.free_variable(name);
        self.variables.push(Variable { name: name.clone(), jq: jq.clone(), kind });
        jq
    }

    /// What jq may call a value without hiding another.
    fn free_variable(&self, wanted: &str) -> String {
        let wanted = if is_jq_name(wanted) { wanted } else { "item" };
        numbered(wanted, |name| self.variables.iter().all(|variable| variable.jq != name))
    }

    fn field_of(&mut self, base: &Expression, value: Fragment, name: &Name) -> Fragment {
        let kind = match value.kind.field(&name.text) {
            Some(read) if read.optional && read.kind != Type::Any => Type::union([read.kind, Type::Null]),
            Some(read) => read.kind,
            None => {
                let finding = self.unknown_field(base, &value.kind, name);
                self.findings.push(finding);
                Type::Any
            }
        };
        let mut pieces = value.within(Level::Term);
        pieces.push(Piece::Jq(if is_jq_name(&name.text) {
            format!(".{}", name.text)
        } else {
            format!("[{}]", quoted(&name.text))
        }));
        Fragment { pieces, level: Level::Term, kind }
    }

    /// A text as one jq string: values are written as in a message.
    pub(crate) fn compute_text(&mut self, parts: &[TextPart]) -> Fragment {
        let mut pieces = vec![Piece::Jq("\"".to_owned())];
        for part in parts {
            match part {
                TextPart::Text(text) => {
                    let inner = quoted(&text.text);
                    pieces.push(Piece::Jq(inner[1..inner.len() - 1].to_owned()));
                }
                TextPart::Value(value) => {
                    // What is missing would stand in the text as `null`, which nobody wants to read.
                    if !self.begins_with_variable(value)
                        && let Some(read) = self.silently(|reader| reader.path(value))
                    {
                        self.must_be_there(&read, value);
                    }
                    let value = self.compute(value);
                    pieces.push(Piece::Jq("\\(".to_owned()));
                    pieces.extend(value.pieces);
                    pieces.push(Piece::Jq(")".to_owned()));
                }
            }
        }
        pieces.push(Piece::Jq("\"".to_owned()));
        Fragment { pieces, level: Level::Term, kind: Type::String }
    }

    fn compute_record(&mut self, members: &[RecordMember]) -> Fragment {
        let mut kind = Type::Record(Shared::new(crate::RecordType { closed: true, ..crate::RecordType::default() }));
        // Runs of fields are records of their own, added to what is spread between them.
        let mut parts: Vec<Vec<Piece>> = Vec::new();
        let mut fields: Vec<Piece> = Vec::new();
        let close = |fields: &mut Vec<Piece>, parts: &mut Vec<Vec<Piece>>| {
            if !fields.is_empty() {
                let mut part = vec![Piece::Jq("{".to_owned())];
                part.append(fields);
                part.push(Piece::Jq("}".to_owned()));
                parts.push(part);
            }
        };
        for member in members {
            let (name, value) = match member {
                RecordMember::Field { key, value } => (key, self.compute(value)),
                RecordMember::Short(name) => {
                    let value = Expression { kind: ExpressionKind::Name(name.text.clone()), span: name.span };
                    (name, self.compute(&value))
                }
                RecordMember::Spread(value) => {
                    close(&mut fields, &mut parts);
                    let value = self.compute(value);
                    let is_first = parts.is_empty() && matches!(value.kind, Type::Record(_));
                    kind = if is_first { value.kind.clone() } else { Type::Any };
                    parts.push(value.within(Level::Multiply));
                    continue;
                }
            };
            if kind != Type::Any {
                kind = kind.with(std::slice::from_ref(&name.text), value.kind.clone(), false);
            }
            let comma = if fields.is_empty() { "" } else { ", " };
            fields.push(Piece::Jq(format!("{comma}{}: ", key(&name.text))));
            fields.extend(value.within(Level::Term));
        }
        close(&mut fields, &mut parts);
        sum(parts, "{}", kind)
    }

    fn compute_array(&mut self, items: &[ArrayItem]) -> Fragment {
        let mut parts: Vec<Vec<Piece>> = Vec::new();
        let mut run: Vec<Piece> = Vec::new();
        let mut kinds = Vec::new();
        let close = |run: &mut Vec<Piece>, parts: &mut Vec<Vec<Piece>>| {
            if !run.is_empty() {
                let mut part = vec![Piece::Jq("[".to_owned())];
                part.append(run);
                part.push(Piece::Jq("]".to_owned()));
                parts.push(part);
            }
        };
        for item in items {
            match item {
                ArrayItem::Value(value) => {
                    let value = self.compute(value);
                    kinds.push(value.kind.clone());
                    if !run.is_empty() {
                        run.push(Piece::Jq(", ".to_owned()));
                    }
                    run.extend(value.within(Level::Alternative));
                }
                ArrayItem::Spread(value) => {
                    close(&mut run, &mut parts);
                    let value = self.compute(value);
                    kinds.push(value.kind.item().unwrap_or_default());
                    parts.push(value.within(Level::Multiply));
                }
            }
        }
        close(&mut run, &mut parts);
        sum(parts, "[]", Type::Array(Shared::new(Type::union(kinds))))
    }

    /// `[item for name in list if condition]`
    fn compute_comprehension(
        &mut self,
        item: &Expression,
        name: &Name,
        list: &Expression,
        condition: Option<&Expression>,
    ) -> Fragment {
        let over = self.compute(list);
        self.expect(list, &over.kind.without_null(), &Type::Array(Shared::new(Type::Any)));
        let nullable = over.kind.is_nullable();
        let variable = self.bind(&name.text, over.kind.item().unwrap_or_default());
        let binding = format!("{} as ${variable} | ", if nullable { "[]?" } else { "[]" });
        let taken = condition.map(|condition| self.compute_condition(condition));
        let item = self.compute(item);
        self.variables.pop();
        let kind = Type::Array(Shared::new(item.kind.clone()));
        let mut pieces = vec![Piece::Jq("[".to_owned())];
        pieces.extend(over.within(Level::Term));
        pieces.push(Piece::Jq(binding));
        if let Some(taken) = taken {
            pieces.push(Piece::Jq("select(".to_owned()));
            pieces.extend(taken.pieces);
            pieces.push(Piece::Jq(") | ".to_owned()));
        }
        pieces.extend(item.within(Level::Alternative));
        pieces.push(Piece::Jq("]".to_owned()));
        Fragment { pieces, level: Level::Term, kind }
    }

    /// A list of records: each item under its name, and beside it what stands at the captured paths.
    pub(crate) fn compute_pairs(&mut self, list: &Expression, item: &Text, captured: &[(Text, Path)]) -> Fragment {
        let over = self.compute(list);
        self.expect(list, &over.kind.clone(), &Type::Array(Shared::new(Type::Any)));
        let mut pieces = vec![Piece::Jq("[".to_owned())];
        pieces.extend(over.within(Level::Term));
        let variable = self.free_variable(item);
        pieces.push(Piece::Jq(format!("[] as ${variable} | {{{}: ${variable}", key(item))));
        for (name, path) in captured {
            pieces.push(Piece::Jq(format!(", {}: ", key(name))));
            pieces.push(Piece::Path(path.clone()));
        }
        pieces.push(Piece::Jq("}]".to_owned()));
        Fragment { pieces, level: Level::Term, kind: Type::Array(Shared::new(Type::Any)) }
    }

    fn compute_binary(
        &mut self,
        operator: BinaryOperator,
        left: &Expression,
        right: &Expression,
        at: Span,
    ) -> Fragment {
        match operator {
            BinaryOperator::Or if self.or_for_default(left, right, at) => Fragment::jq("null", Type::Any),
            BinaryOperator::And | BinaryOperator::Or => {
                let is_and = operator == BinaryOperator::And;
                let first = self.compute_condition(left);
                let data = narrow(self, left, is_and);
                let second = self.with_data(&data, |reader| reader.compute_condition(right));
                let (word, level) = if is_and { (" and ", Level::And) } else { (" or ", Level::Or) };
                joined(first.within(level), word, second.within(level), level, Type::Bool)
            }
            BinaryOperator::Equal | BinaryOperator::NotEqual => {
                let (first, second) = (self.compute(left), self.compute(right));
                if !first.kind.overlaps(&second.kind) && second.kind != Type::Null {
                    self.never_equal(
                        zisc_bundle::Relation::Equals,
                        operator == BinaryOperator::NotEqual,
                        (left, &first.kind),
                        (right, &second.kind),
                        at,
                    );
                }
                let sign = if operator == BinaryOperator::Equal { " == " } else { " != " };
                joined(first.within(Level::Add), sign, second.within(Level::Add), Level::Compare, Type::Bool)
            }
            BinaryOperator::Less
            | BinaryOperator::LessOrEqual
            | BinaryOperator::Greater
            | BinaryOperator::GreaterOrEqual => self.compute_order(operator, left, right, at),
            BinaryOperator::In => self.compute_membership(left, right),
            BinaryOperator::Default => {
                let first = self.compute(left);
                let second = self.compute(right);
                let kind = first.kind.without_null().join(&second.kind);
                let may_be_false = first.kind.alternatives().iter().any(|kind| matches!(kind, Type::Bool | Type::Any));
                if !may_be_false {
                    return joined(
                        first.within(Level::Or),
                        " // ",
                        second.within(Level::Alternative),
                        Level::Alternative,
                        kind,
                    );
                }
                // `//` would replace false too.
                let kept = self.free_variable("value");
                let mut pieces = vec![Piece::Jq("(".to_owned())];
                pieces.extend(first.pieces);
                pieces.push(Piece::Jq(format!(
                    " | if . == null then null else [.] end) as ${kept} | if ${kept} == null then "
                )));
                pieces.extend(second.pieces);
                pieces.push(Piece::Jq(format!(" else ${kept}[0] end")));
                Fragment { pieces, level: Level::Pipe, kind }
            }
            BinaryOperator::Add => {
                let (first, second) = (self.compute(left), self.compute(right));
                let kind = self.sum_kind((left, &first.kind), (right, &second.kind), at);
                joined(first.within(Level::Add), " + ", second.within(Level::Multiply), Level::Add, kind)
            }
            BinaryOperator::Subtract => self.arithmetic(left, " - ", right, Level::Add),
            BinaryOperator::Multiply => self.arithmetic(left, " * ", right, Level::Multiply),
            BinaryOperator::Divide => self.arithmetic(left, " / ", right, Level::Multiply),
            BinaryOperator::Remainder if is_text(left) => {
                self.silently(|reader| reader.compute(right));
                let finding = rules::HABIT
                    .at(at, "values stand in a text where they belong")
                    .label("`%` is what is left over when one number is divided by another");
                self.findings.push(finding.help("write \"… ${value} …\""));
                Fragment::jq("null", Type::Any)
            }
            BinaryOperator::Remainder => self.arithmetic(left, " % ", right, Level::Multiply),
        }
    }

    fn arithmetic(&mut self, left: &Expression, sign: &str, right: &Expression, level: Level) -> Fragment {
        let (first, second) = (self.compute_number(left), self.compute_number(right));
        let whole = first.kind == Type::Int && second.kind == Type::Int && sign != " / ";
        let tighter = if level == Level::Add { Level::Multiply } else { Level::Term };
        joined(first.within(level), sign, second.within(tighter), level, if whole { Type::Int } else { Type::Number })
    }

    fn compute_number(&mut self, expression: &Expression) -> Fragment {
        let value = self.compute(expression);
        self.expect(expression, &value.kind, &Type::Number);
        value
    }

    /// What `+` gives: numbers, texts, lists and records are added each to their own kind.
    fn sum_kind(&mut self, left: (&Expression, &Type), right: (&Expression, &Type), at: Span) -> Type {
        let list = Type::Array(Shared::new(Type::Any));
        let record = Type::Map(Shared::new(Type::Any));
        for (kind, result) in
            [(Type::Number, Type::Number), (Type::String, Type::String), (list, left.1.clone()), (record, Type::Any)]
        {
            if left.1.fits(&kind) && right.1.fits(&kind) {
                let known = *left.1 != Type::Any && *right.1 != Type::Any;
                return match result {
                    Type::Number if *left.1 == Type::Int && *right.1 == Type::Int => Type::Int,
                    result if known => result,
                    _ => Type::Any,
                };
            }
        }
        let finding = rules::WRONG_TYPE
            .at(at, format!("{} and {} cannot be added", described(left.1), described(right.1)))
            .label("adds two numbers, two texts, two lists or two records")
            .note(left.0.span, format!("of type {}", left.1))
            .note(right.0.span, format!("of type {}", right.1));
        let text = left.1.fits(&Type::String) || right.1.fits(&Type::String);
        let nullable = [left, right].into_iter().find(|(_, kind)| **kind != kind.without_null());
        let as_one = |first: String, second: String| {
            let whole = left.0.span.cover(right.0.span);
            (whole, format!("\"{first}{second}\""))
        };
        let put_in = |expression: &Expression| spelled(expression).map(|path| format!("${{{path}}}"));
        let literal = |expression: &Expression| match constant(expression) {
            Some(Value::String(text)) => Some(text.escape_debug().to_string()),
            _ => None,
        };
        let joined = match (literal(left.0), put_in(right.0), put_in(left.0), literal(right.0)) {
            (Some(first), Some(second), ..) | (.., Some(first), Some(second)) => Some(as_one(first, second)),
            _ => None,
        };
        self.findings.push(match nullable.and_then(|(expression, _)| spelled(expression)) {
            _ if let Some((whole, written)) = joined => {
                finding.help(format!("write `{written}`")).fix(format!("write `{written}`"), whole, written)
            }
            _ if text => finding.help("to put a value into a text, write \"… ${value} …\""),
            Some(value) => finding.help(format!("say what stands for it where it is missing: `({value} ?? …)`")),
            None => finding,
        });
        Type::Any
    }

    fn compute_order(&mut self, operator: BinaryOperator, left: &Expression, right: &Expression, at: Span) -> Fragment {
        let sign = match operator {
            BinaryOperator::Less => " < ",
            BinaryOperator::LessOrEqual => " <= ",
            BinaryOperator::Greater => " > ",
            _ => " >= ",
        };
        if is_comparison(left) {
            self.findings.push(
                rules::CANNOT_ORDER
                    .at(at, "comparisons do not form a chain")
                    .label("compares what is true or false")
                    .note(left.span, "true or false")
                    .help("write two comparisons with `&&` between them: `1 < x && x < 5`"),
            );
            return Fragment::jq("false", Type::Bool);
        }
        let (first, second) = (self.compute(left), self.compute(right));
        let both = [&first.kind, &second.kind];
        let all = |wanted: &Type| both.iter().all(|kind| kind.without_null().fits(wanted));
        let name = match (all(&Type::Number), all(&Type::String)) {
            (true, false) => Some("number"),
            (false, true) => Some("string"),
            (true, true) => None,
            (false, false) => {
                self.no_order(at, both[0], both[1]);
                None
            }
        };
        // jq orders everything, null first: a value that is no number or text must not count as the smaller one.
        let mut guards: Vec<Vec<Piece>> = Vec::new();
        for fragment in [&first, &second] {
            if !fragment.kind.is_nullable() {
                continue;
            }
            let mut pieces = vec![Piece::Jq("(".to_owned())];
            pieces.extend(fragment.clone().pieces);
            pieces.push(Piece::Jq(match name {
                Some(name) => format!(" | type) == \"{name}\""),
                None => ") != null".to_owned(),
            }));
            guards.push(pieces);
        }
        let comparison = joined(first.within(Level::Add), sign, second.within(Level::Add), Level::Compare, Type::Bool);
        guards
            .into_iter()
            .rev()
            .fold(comparison, |all, guard| joined(guard, " and ", all.within(Level::And), Level::And, Type::Bool))
    }

    fn compute_membership(&mut self, left: &Expression, right: &Expression) -> Fragment {
        let (item, list) = (self.compute(left), self.compute(right));
        if list.kind != Type::Any && list.kind.without_null().fits(&Type::String) {
            self.expect(left, &item.kind, &Type::String);
            let (mut pieces, item) = self.kept("text", item);
            pieces.insert(0, Piece::Jq("(".to_owned()));
            pieces.extend(list.within(Level::Term));
            pieces.push(Piece::Jq(" | contains(".to_owned()));
            pieces.extend(item.pieces);
            pieces.push(Piece::Jq("))".to_owned()));
            return Fragment { pieces, level: Level::Term, kind: Type::Bool };
        }
        match list.kind.item() {
            Some(inner) if !inner.overlaps(&item.kind) => {
                self.never_equal(
                    zisc_bundle::Relation::Equals,
                    false,
                    (&Expression::hole(right.span), &inner),
                    (left, &item.kind),
                    left.span,
                );
            }
            Some(_) => {}
            None => self.expect(right, &list.kind, &Type::Array(Shared::new(Type::Any))),
        }
        let mut pieces = vec![Piece::Jq("any(".to_owned())];
        let nullable = list.kind.is_nullable();
        pieces.extend(list.within(Level::Term));
        pieces.push(Piece::Jq(if nullable { "[]? == " } else { "[] == " }.to_owned()));
        pieces.extend(item.within(Level::Add));
        pieces.push(Piece::Jq("; .)".to_owned()));
        Fragment { pieces, level: Level::Term, kind: Type::Bool }
    }

    fn compute_test(&mut self, operand: &Expression, test: Option<IsTest>) -> Fragment {
        let null = |value: Fragment| {
            joined(value.within(Level::Add), " == ", vec![Piece::Jq("null".to_owned())], Level::Compare, Type::Bool)
        };
        let Some(IsTest::Present) = test else {
            let value = self.compute(operand);
            return null(value);
        };
        let ExpressionKind::Field { base, name: Some(name), .. } = &operand.kind else {
            let value = self.compute(operand);
            return joined(
                value.within(Level::Add),
                " != ",
                vec![Piece::Jq("null".to_owned())],
                Level::Compare,
                Type::Bool,
            );
        };
        self.silently(|reader| reader.compute(operand));
        let base = self.compute(base);
        let mut pieces = vec![Piece::Jq("any(".to_owned())];
        pieces.extend(base.within(Level::Term));
        pieces.push(Piece::Jq(format!(" | objects; has({}))", quoted(&name.text))));
        Fragment { pieces, level: Level::Term, kind: Type::Bool }
    }

    /// A value that is asked whether it is true.
    /// Whether `x || "none"` gives a default, as in other languages. It is noted.
    fn or_for_default(&mut self, left: &Expression, right: &Expression, at: Span) -> bool {
        let is_value = matches!(constant(right), Some(Value::String(_) | Value::Number(_)));
        let is_default =
            is_value && spelled(left).is_some() && !self.silently(|reader| reader.kind(left)).overlaps(&Type::Bool);
        if is_default {
            self.findings.push(
                rules::HABIT
                    .at(at, "a default is written `??`")
                    .label("`||` joins conditions")
                    .help("write `??`: what follows stands for a value that is missing or null")
                    .fix("write `??`", at, "??"),
            );
        }
        is_default
    }

    pub(crate) fn compute_condition(&mut self, expression: &Expression) -> Fragment {
        if self.values_for_conditions(expression) {
            return Fragment::jq("false", Type::Bool);
        }
        let value = self.compute(expression);
        if !value.kind.overlaps(&Type::Bool) {
            self.findings.push(
                rules::WRONG_TYPE
                    .at(
                        expression.span,
                        format!("a condition is true or false, and {} is neither", named((expression, &value.kind))),
                    )
                    .label(format!("of type {}", value.kind))
                    .help("compare it with something; to ask whether it is there, write `… is present`"),
            );
        }
        if value.kind == Type::Bool {
            return value;
        }
        joined(value.within(Level::Add), " == ", vec![Piece::Jq("true".to_owned())], Level::Compare, Type::Bool)
    }

    /// A call of what is no name.
    fn not_called(&mut self, callee: &Expression, arguments: &[Argument]) {
        self.silently(|reader| {
            reader.compute(callee);
            arguments.iter().for_each(|argument| drop(reader.compute(&argument.value)));
        });
        self.findings.push(match &callee.kind {
            ExpressionKind::Field { name: Some(name), .. } => rules::UNKNOWN_ACTION
                .at(name.span, format!("there is no function `{}` of a value", name.text))
                .label("functions are not written behind a value")
                .help(said_otherwise(&name.text).unwrap_or("write `function(value)`")),
            _ => {
                rules::UNKNOWN_ACTION.at(callee.span, "this is no function").label("a value, and values are not called")
            }
        });
    }

    /// Whether a value is one of several.
    pub(crate) fn compute_cases(&mut self, value: &Expression, cases: &[Expression]) -> Fragment {
        let parts: Vec<Fragment> =
            cases.iter().map(|case| self.compute_binary(BinaryOperator::Equal, value, case, case.span)).collect();
        let mut parts = parts.into_iter();
        let first = parts.next().unwrap_or_else(|| Fragment::jq("false", Type::Bool));
        parts.fold(first, |all, part| {
            joined(all.within(Level::Or), " or ", part.within(Level::Or), Level::Or, Type::Bool)
        })
    }

    fn compute_call(&mut self, callee: &Expression, arguments: &[Argument], brackets: Span) -> Fragment {
        let nothing = Fragment::jq("null", Type::Any);
        let Some(name) = callee.dotted() else {
            if callee.kind != ExpressionKind::Error {
                self.not_called(callee, arguments);
            }
            return nothing;
        };
        let Some(function) = functions::function(&name.text) else {
            for argument in arguments {
                self.silently(|reader| reader.compute(&argument.value));
            }
            let is_action = self.declarations.actions.contains_key(&name.text)
                || name.text.rsplit_once('.').is_some_and(|(config, _)| self.declarations.configs.contains_key(config));
            if is_action {
                self.whole_statement(
                    name.span.cover(brackets),
                    &format!("a call of `{}`", name.text),
                    &format!("`let x = {}(…)`", name.text),
                );
            } else {
                let finding = rules::UNKNOWN_ACTION
                    .at(name.span, format!("there is no function `{}`", name.text))
                    .label("no such function");
                let near_function = method_as_function(&name.text, self.scope);
                let near = same_elsewhere(&name.text)
                    .or_else(|| nearest(&name.text, FUNCTIONS.iter().map(|function| function.name)));
                let asks = ["exists", "isset", "defined", "has", "is_present"].contains(&name.text.as_str());
                let asked = match arguments {
                    [argument] if asks => spelled(&argument.value).map(|path| format!("{path} is present")),
                    _ => None,
                };
                if let Some(asked) = asked {
                    self.findings.push(finding.help(format!("write `{asked}`")).fix(
                        format!("write `{asked}`"),
                        name.span.cover(brackets),
                        asked,
                    ));
                    return nothing;
                }
                self.findings.push(match near {
                    _ if said_otherwise(&name.text).is_some() => {
                        finding.help_if(said_otherwise(&name.text).map(str::to_owned))
                    }
                    _ if near_function.is_some() => finding.help_if(near_function),
                    Some(near) => finding.did_you_mean(name.span, Some(near)),
                    None => {
                        finding.help("inside an expression functions are called; an action is a statement of its own")
                    }
                });
            }
            return nothing;
        };
        let signature: Vec<_> = function.parameters.iter().map(|parameter| parameter.name).collect();
        if arguments.len() != function.parameters.len() {
            self.findings.push(
                rules::MISSING_ARGUMENT
                    .at(
                        brackets,
                        format!(
                            "`{}` takes {}, and {} here",
                            name.text,
                            counted(function.parameters.len(), "argument"),
                            match arguments.len() {
                                1 => "1 stands".to_owned(),
                                count => format!("{count} stand"),
                            }
                        ),
                    )
                    .label("not as many as it takes")
                    .help(format!("write `{}({})`", name.text, signature.join(", "))),
            );
            return nothing;
        }
        let mut values = Vec::new();
        for (argument, parameter) in arguments.iter().zip(function.parameters) {
            let value = self.compute(&argument.value);
            self.expect(&argument.value, &value.kind, &parameter.takes.wanted());
            values.push(value);
        }
        let kind = function.result.kind(values.first().map(Fragment::kind));
        let mut pieces = Vec::new();
        let mut rest = function.jq;
        for (position, parameter) in function.parameters.iter().enumerate().skip(1) {
            if is_behind_pipe(function.jq, position + 1) {
                let (binding, value) = self.kept(parameter.name, values[position].clone());
                pieces.extend(binding);
                values[position] = value;
            }
        }
        if !pieces.is_empty() {
            pieces.insert(0, Piece::Jq("(".to_owned()));
            rest = rest.strip_prefix('(').unwrap_or(rest);
        }
        while let Some(at) = rest.find('$') {
            let digit = rest[at + 1..].chars().next().and_then(|digit| digit.to_digit(10));
            pieces.push(Piece::Jq(rest[..at].to_owned()));
            match digit.and_then(|digit| values.get((digit as usize).wrapping_sub(1))) {
                Some(value) => {
                    pieces.extend(value.clone().within(Level::Term));
                    rest = &rest[at + 2..];
                }
                None => {
                    pieces.push(Piece::Jq("$".to_owned()));
                    rest = &rest[at + 1..];
                }
            }
        }
        pieces.push(Piece::Jq(rest.to_owned()));
        Fragment { pieces, level: Level::Term, kind }
    }

    /// A value for a place behind a pipe, where `.` is another: what reads the data is kept in a variable before.
    fn kept(&self, name: &str, value: Fragment) -> (Vec<Piece>, Fragment) {
        if value.paths().next().is_none() {
            return (Vec::new(), value);
        }
        let variable = self.free_variable(name);
        let kind = value.kind.clone();
        let mut binding = value.within(Level::Term);
        binding.push(Piece::Jq(format!(" as ${variable} | ")));
        (binding, Fragment::jq(format!("${variable}"), kind))
    }

    /// A rule as JSON stands where jq has to compute the value.
    fn raw_rule(&mut self, rule: &Expression) {
        self.findings.push(
            rules::NOT_IN_PLACE
                .at(rule.span, "a rule as JSON can only be asked by a Choice")
                .label("jq would have to ask it")
                .help("let it stand alone after `if` or `while`, or beside what a Choice can ask"),
        );
    }

    fn whole_statement(&mut self, span: Span, what: &str, written: &str) {
        self.findings.push(
            rules::NOT_IN_PLACE
                .at(span, format!("{what} is a statement of its own"))
                .label("cannot stand inside an expression")
                .help(format!("write {written} before, and use `x` here")),
        );
    }
}

/// Whether an argument of a function stands where another value has become `.`.
fn is_behind_pipe(form: &str, argument: usize) -> bool {
    form.find(&format!("${argument}")).is_some_and(|at| form[..at].contains('|'))
}

/// What to write for `name.toLowerCase()`, where other languages have methods: a function of the value.
pub(crate) fn method_as_function(name: &str, scope: &super::scope::Scope) -> Option<String> {
    let (value, method) = name.rsplit_once('.')?;
    scope.named(value.split('.').next()?)?;
    let function = match method {
        "toLowerCase" | "lowercase" => "lower",
        "toUpperCase" | "uppercase" => "upper",
        "startsWith" | "startswith" => "starts_with",
        "endsWith" | "endswith" => "ends_with",
        "toString" => "text",
        "size" | "count" => "length",
        "includes" | "contains" => return Some(format!("write `… in {value}`")),
        other => functions::function(other)?.name,
    };
    let more = if functions::function(function)?.parameters.len() > 1 { ", …" } else { "" };
    Some(format!("functions are not written behind a value: write `{function}({value}{more})`"))
}

/// What to do instead of calling a function that other languages have.
fn said_otherwise(name: &str) -> Option<&'static str> {
    Some(match name.rsplit('.').next().unwrap_or(name) {
        "now" | "today" | "utcnow" | "Date" | "datetime" | "timestamp" => {
            "`now()` gives the seconds since 1970, and `timestamp_from(now())` the instant"
        }
        "range" | "enumerate" | "zip" => "there are no ranges: write the list out, or count with `while`",
        "map" | "filter" | "reduce" | "forEach" | "collect" => {
            "a list made of another is `[f(x) for x in xs if condition]`; what is done for each item stands in `for x in xs { … }`"
        }
        "format" | "sprintf" | "printf" | "concat" => "write the values into the text: \"… ${value} …\"",
        "typeof" | "type" | "type_of" | "isinstance" => "write `kind_of(value)`",
        "uuid" | "random" | "rand" => "nothing here is random; take what the event or an answer holds, such as an id",
        "getenv" | "env" => "declare a param, `param name: string`, and set it for each environment in `zisc.toml`",
        "print" | "log" | "echo" => "a flow leaves a text in the log where it ends: `succeed \"…\"`",
        _ => return None,
    })
}

fn is_text(expression: &Expression) -> bool {
    matches!(expression.kind, ExpressionKind::Text(_))
}

/// The function that other languages call by this name.
fn same_elsewhere(name: &str) -> Option<&'static str> {
    Some(match name {
        "len" | "size" | "count" => "length",
        "str" | "String" | "string" | "tostring" | "to_string" => "text",
        "int" | "float" | "Number" | "tonumber" | "to_number" | "parseInt" | "parseFloat" => "number",
        "lowercase" | "ascii_downcase" | "toLowerCase" => "lower",
        "uppercase" | "ascii_upcase" | "toUpperCase" => "upper",
        "strip" => "trim",
        "test" | "match" | "regex" => "matches",
        "scan" => "find_all",
        "encodeURIComponent" | "urlencode" => "url_encode",
        "stringify" | "tojson" | "json_encode" => "to_json",
        "parse" | "fromjson" | "json_decode" => "from_json",
        "add" => "sum",
        "includes" => "contains",
        "truncate" | "left" | "head" => "take",
        "substring" | "substr" | "mid" => "slice",
        "time" | "current_time" | "unix_time" => "now",
        "to_entries" => "entries",
        _ => return None,
    })
}

fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// Records or lists added to each other; the empty one where there is none.
fn sum(parts: Vec<Vec<Piece>>, empty: &str, kind: Type) -> Fragment {
    let level = if parts.len() > 1 { Level::Add } else { Level::Term };
    let mut pieces = Vec::new();
    for (position, part) in parts.into_iter().enumerate() {
        if position > 0 {
            pieces.push(Piece::Jq(" + ".to_owned()));
        }
        pieces.extend(part);
    }
    if pieces.is_empty() {
        return Fragment::jq(empty, kind);
    }
    Fragment { pieces, level, kind }.at(level)
}

fn joined(left: Vec<Piece>, sign: &str, right: Vec<Piece>, level: Level, kind: Type) -> Fragment {
    let mut pieces = left;
    pieces.push(Piece::Jq(sign.to_owned()));
    pieces.extend(right);
    Fragment { pieces, level, kind }
}
