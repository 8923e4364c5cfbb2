//! Build-time constants: `param channel: string = "#help"`. In a tree, their names become their values.

use crate::flow::reader::Reader;
use crate::flow::scope::Scope;
use crate::flow::template::constant;
use crate::types::Type;
use crate::{Declarations, Settings, Text, database::Db, database::SourceFile, declaration, declarations};
use std::collections::BTreeMap;
use zisc_bundle::Span;
use zisc_bundle::json::{self, Json, Value};
use zisc_syntax::tree::{
    Action, Argument, ArrayItem, Block, Expression, ExpressionKind, Flow, LetTarget, Name, PlainText, RecordMember,
    Statement, StatementKind, TextPart, UnaryOperator,
};

/// The values of a file's params, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Params {
    values: BTreeMap<Text, ExpressionKind>,
}

/// The params of a file, with what the project sets.
#[salsa::tracked]
pub(crate) fn params(db: &dyn Db, file: SourceFile, settings: Settings) -> Params {
    let declared = &declarations(db, file).params;
    let set = settings.params(db);
    let values = declared.iter().filter_map(|(name, param)| {
        let value = match set.get(name.as_str()) {
            Some(text) => literal(text, &param.kind),
            // Where nobody has set it yet, or its default is none, any value of its type serves to check the rest; only
            // building needs the real one.
            None => {
                constant_of(param).or_else(|| ["", "0", "true"].into_iter().find_map(|text| literal(text, &param.kind)))
            }
        };
        Some((name.clone(), value?))
    });
    Params { values: values.collect() }
}

/// The default of a param, with places that are right in every item.
fn constant_of(param: &declaration::Param) -> Option<ExpressionKind> {
    let value = constant(param.default.as_ref()?)?;
    Some(expression(&Json::new(value, Span::default())).kind)
}

/// The text that somebody sets a param to, as a value of its type; lists and records are written in JSON.
fn literal(text: &str, kind: &Type) -> Option<ExpressionKind> {
    let value = match kind.without_null() {
        Type::Bool => ExpressionKind::Bool(text.parse().ok()?),
        Type::Int => number(text.parse::<i64>().ok()?.to_string()),
        Type::Number => number(text.parse::<f64>().ok().map(|_| text.to_owned())?),
        Type::Array(_) | Type::Record(_) | Type::Map(_) => match json::read(text) {
            (json, errors) if errors.is_empty() => expression(&json).kind,
            _ => return None,
        },
        _ => ExpressionKind::Text(vec![TextPart::Text(plain(text))]),
    };
    let value = Expression { kind: value, span: Span::default() };
    let (declarations, scope) = (Declarations::default(), Scope::default());
    let found = Reader::of_definition(&declarations, &Type::Any, &scope).kind(&value);
    found.fits(kind).then_some(value.kind)
}

/// A JSON value as one of the language.
fn expression(json: &Json) -> Expression {
    let kind = match &json.value {
        Value::Null => ExpressionKind::Null,
        Value::Bool(value) => ExpressionKind::Bool(*value),
        Value::Number(text) => number(text.clone()),
        Value::String(text) => ExpressionKind::Text(vec![TextPart::Text(plain(text))]),
        Value::Array(items) => ExpressionKind::Array(items.iter().map(expression).map(ArrayItem::Value).collect()),
        Value::Object(members) => ExpressionKind::Record(
            members
                .iter()
                .map(|member| RecordMember::Field {
                    key: Name { text: Text::new(&member.key.value), span: Span::default() },
                    value: expression(&member.value),
                })
                .collect(),
        ),
    };
    Expression { kind, span: Span::default() }
}

fn plain(text: &str) -> PlainText {
    PlainText { text: Text::new(text), span: Span::default() }
}

/// A number; the language writes a sign in front of it as an operator.
fn number(text: String) -> ExpressionKind {
    match text.strip_prefix('-') {
        Some(rest) => ExpressionKind::Unary {
            operator: UnaryOperator::Negate,
            operand: Box::new(Expression { kind: ExpressionKind::Number(Text::new(rest)), span: Span::default() }),
        },
        None => ExpressionKind::Number(Text::new(text)),
    }
}

/// Whether a param of this type can be set to `text`.
pub fn fits_param(param: &declaration::Param, text: &str) -> bool {
    literal(text, &param.kind).is_some()
}

impl Params {
    pub(crate) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The flow with params in place of their names, except where the flow binds such a name itself.
    pub(crate) fn in_flow(&self, flow: &Flow) -> Flow {
        let mut flow = flow.clone();
        let mut bound: Vec<Text> = flow.parameter.iter().map(|parameter| parameter.name.text.clone()).collect();
        if let Some(body) = &mut flow.body {
            bound_in(body, &mut bound);
            self.without(&bound).in_block(body);
        }
        flow
    }

    /// The definition with params in place of their names, except where it has a parameter of such a name.
    pub(crate) fn in_action(&self, action: &Action) -> Action {
        let mut action = action.clone();
        let bound: Vec<Text> = action.parameters.iter().map(|parameter| parameter.name.text.clone()).collect();
        let params = self.without(&bound);
        let defaults = action.parameters.iter_mut().filter_map(|parameter| parameter.default.as_mut());
        defaults.for_each(|value| params.in_expression(value));
        params.in_request(&mut action);
        action
    }

    fn in_request(&self, request: &mut Action) {
        request.address.iter_mut().chain(&mut request.body).for_each(|value| self.in_expression(value));
        request.headers.iter_mut().chain(&mut request.query).for_each(|field| self.in_expression(&mut field.value));
    }

    /// An expression with params in place of their names.
    pub(crate) fn in_value(&self, value: &Expression) -> Expression {
        let mut value = value.clone();
        self.in_expression(&mut value);
        value
    }

    fn without(&self, names: &[Text]) -> Self {
        let kept = self.values.iter().filter(|(name, _)| !names.contains(name));
        Self { values: kept.map(|(name, value)| (name.clone(), value.clone())).collect() }
    }

    fn in_block(&self, block: &mut Block) {
        block.statements.iter_mut().for_each(|statement| self.in_statement(statement));
    }

    fn in_statement(&self, statement: &mut Statement) {
        statement.extra.iter_mut().for_each(|extra| self.in_expression(extra));
        let catch = match &mut statement.kind {
            StatementKind::Let { value, catch, .. } | StatementKind::Expression { value, catch } => {
                self.in_expression(value);
                catch.as_mut()
            }
            StatementKind::If { arms, otherwise } => {
                for arm in arms {
                    self.in_expression(&mut arm.condition);
                    self.in_block(&mut arm.block);
                }
                otherwise.iter_mut().for_each(|block| self.in_block(block));
                None
            }
            StatementKind::Match { value, cases, otherwise } => {
                self.in_expression(value);
                for case in cases {
                    case.values.iter_mut().for_each(|value| self.in_expression(value));
                    self.in_block(&mut case.block);
                }
                otherwise.iter_mut().for_each(|block| self.in_block(block));
                None
            }
            StatementKind::While { condition, body } => {
                self.in_expression(condition);
                self.in_block(body);
                None
            }
            StatementKind::For { list, body, catch, .. } => {
                self.in_expression(list);
                self.in_block(body);
                catch.as_mut()
            }
            StatementKind::Try { body, catch } => {
                self.in_block(body);
                catch.as_mut()
            }
            StatementKind::Succeed { message } => {
                message.iter_mut().for_each(|value| self.in_expression(value));
                None
            }
            StatementKind::Fail { error, cause } => {
                error.iter_mut().chain(cause).for_each(|value| self.in_expression(value));
                None
            }
            StatementKind::Wait { delay: value }
            | StatementKind::Yield { value }
            | StatementKind::Raw { json: value, .. } => {
                self.in_expression(value);
                None
            }
            StatementKind::Return
            | StatementKind::Break
            | StatementKind::Continue
            | StatementKind::Goto { .. }
            | StatementKind::Error => None,
        };
        if let Some(catch) = catch {
            self.in_block(&mut catch.block);
        }
    }

    fn in_expression(&self, expression: &mut Expression) {
        match &mut expression.kind {
            ExpressionKind::Name(name) => {
                if let Some(value) = self.values.get(name) {
                    expression.kind = value.clone();
                }
            }
            ExpressionKind::Text(parts) => {
                for part in parts {
                    if let TextPart::Value(value) = part {
                        self.in_expression(value);
                    }
                }
            }
            ExpressionKind::Record(members) => members.iter_mut().for_each(|member| self.in_member(member)),
            ExpressionKind::Array(items) => {
                for ArrayItem::Value(value) | ArrayItem::Spread(value) in items {
                    self.in_expression(value);
                }
            }
            ExpressionKind::Call { callee, arguments, .. } => {
                // A dotted name of an action may begin like a param: `channel.post(…)`.
                if callee.dotted().is_none() {
                    self.in_expression(callee);
                }
                arguments.iter_mut().for_each(|argument| self.in_argument(argument));
            }
            ExpressionKind::Field { base, name, .. } => {
                self.in_expression(base);
                let field = name.as_ref().and_then(|name| field_of_record(base, &name.text)).cloned();
                if let Some(value) = field {
                    expression.kind = value;
                }
            }
            ExpressionKind::Index { base: left, index: right } | ExpressionKind::Binary { left, right, .. } => {
                self.in_expression(left);
                self.in_expression(right);
            }
            ExpressionKind::Present(inner)
            | ExpressionKind::Raw(inner)
            | ExpressionKind::Unary { operand: inner, .. }
            | ExpressionKind::Is { operand: inner, .. } => self.in_expression(inner),
            ExpressionKind::Conditional { condition, then, otherwise } => {
                [condition, then, otherwise].into_iter().for_each(|part| self.in_expression(part));
            }
            ExpressionKind::Comprehension { item, name, list, condition } => {
                self.in_expression(list);
                let inner = self.without(std::slice::from_ref(&name.text));
                inner.in_expression(item);
                condition.iter_mut().for_each(|condition| inner.in_expression(condition));
            }
            ExpressionKind::Jq { data, .. } => data.iter_mut().for_each(|data| self.in_expression(data)),
            ExpressionKind::Request(request) => self.in_request(request),
            ExpressionKind::Error
            | ExpressionKind::Root
            | ExpressionKind::Null
            | ExpressionKind::Bool(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::Duration(_) => {}
        }
    }

    fn in_member(&self, member: &mut RecordMember) {
        match member {
            RecordMember::Field { value, .. } | RecordMember::Spread(value) => self.in_expression(value),
            RecordMember::Short(name) => {
                if let Some(value) = self.named(name) {
                    *member = RecordMember::Field { key: name.clone(), value };
                }
            }
        }
    }

    fn in_argument(&self, argument: &mut Argument) {
        if let (None, ExpressionKind::Name(name)) = (&argument.name, &argument.value.kind)
            && self.values.contains_key(name)
        {
            argument.name = Some(Name { text: name.clone(), span: argument.value.span });
        }
        self.in_expression(&mut argument.value);
    }

    fn named(&self, name: &Name) -> Option<Expression> {
        self.values.get(&name.text).map(|kind| Expression { kind: kind.clone(), span: name.span })
    }
}

/// A field of a record that is written out, so that `fields.team` is the value and not a record to be looked into.
fn field_of_record<'e>(record: &'e Expression, field: &str) -> Option<&'e ExpressionKind> {
    let ExpressionKind::Record(members) = &record.kind else { return None };
    let decides = |member: &&RecordMember| match member {
        RecordMember::Field { key, .. } | RecordMember::Short(key) => key.text == field,
        RecordMember::Spread(_) => true,
    };
    match members.iter().rev().find(decides)? {
        RecordMember::Field { value, .. } => Some(&value.kind),
        RecordMember::Short(_) | RecordMember::Spread(_) => None,
    }
}

/// The names that statements bind.
fn bound_in(block: &Block, bound: &mut Vec<Text>) {
    let mut note = |target: &LetTarget| {
        if let LetTarget::Member { root, .. } = target {
            bound.push(root.text.clone());
        }
    };
    for statement in &block.statements {
        match &statement.kind {
            StatementKind::Let { target, .. } | StatementKind::For { target: Some(target), .. } => note(target),
            _ => {}
        }
        if let Some(catch) = statement.catch() {
            note(&catch.target);
        }
    }
    for statement in &block.statements {
        if let StatementKind::For { item: Some(item), .. } = &statement.kind {
            bound.push(item.text.clone());
        }
        statement.blocks().into_iter().for_each(|block| bound_in(block, bound));
    }
}
