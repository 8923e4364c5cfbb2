//! The tree of an item. Where something is missing or wrong stands a hole: a `None` or an `Error`.

use crate::Span;
use smol_str::SmolStr;
use text_size::TextSize;

/// A name and where it stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// The name; dotted where the grammar allows it.
    pub text: SmolStr,
    /// Its place.
    pub span: Span,
}

/// A string without interpolation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PlainText {
    /// The text, unescaped.
    pub text: SmolStr,
    /// Its place, quotes included.
    pub span: Span,
}

impl PlainText {
    /// The place of a part of the text, given in bytes; the whole place where quotes and escapes stand between the two.
    pub fn part(&self, part: std::ops::Range<usize>) -> Span {
        if !self.is_verbatim() {
            return self.span;
        }
        let size = |at: usize| TextSize::try_from(at.min(self.text.len())).unwrap_or_default();
        Span::new(size(part.start), size(part.end)) + self.span.start()
    }

    /// Whether the text stands at its place byte by byte, as a jq text in backticks does.
    pub fn is_verbatim(&self) -> bool {
        usize::from(self.span.len()) == self.text.len()
    }
}

/// A top-level item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The lines of documentation above it.
    pub documentation: Documentation,
    /// `@key("…")` and the like.
    pub attributes: Vec<Attribute>,
    /// What it is.
    pub kind: ItemKind,
    /// `extra { … }` after it: what the resource has beside.
    pub extra: Option<Expression>,
    /// From its first to its last token.
    pub span: Span,
}

/// Lines of `///`, joined.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Documentation(pub Option<Name>);

impl Documentation {
    /// The text, where there is any.
    pub fn text(&self) -> Option<&str> {
        self.0.as_ref().map(|text| text.text.as_str())
    }
}

/// `@key("…")`, `@allow("…")`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The word after `@`.
    pub name: Name,
    /// The text in the brackets.
    pub argument: Option<PlainText>,
}

/// What a top-level item is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// `integration KEY`
    Integration {
        /// The integration's key.
        name: Option<Name>,
    },
    /// `bundle "NAME"`
    Bundle {
        /// The bundle's name.
        name: Option<PlainText>,
    },
    /// `import { a, b } from "./file.zis"`
    Import {
        /// What is brought; everything where it is left out.
        names: Option<Vec<Name>>,
        /// The file.
        path: Option<PlainText>,
    },
    /// `param NAME: type = default`
    Param {
        /// Its name.
        name: Option<Name>,
        /// Its type.
        kind: Option<TypeExpression>,
        /// What it is where nobody sets it.
        default: Option<Expression>,
    },
    /// `connection NAME: oauth("domain")`
    Connection {
        /// Its name.
        name: Option<Name>,
        /// The kind, such as `oauth`.
        kind: Option<Name>,
        /// The domain it is allowed for.
        domain: Option<PlainText>,
    },
    /// `config NAME("scope") { fields }`
    Config {
        /// Its name in the source.
        name: Option<Name>,
        /// The scope it is stored under.
        scope: Option<Expression>,
        /// The settings.
        fields: Vec<FieldType>,
    },
    /// `type NAME = …`
    Type {
        /// Its name.
        name: Option<Name>,
        /// What it stands for.
        value: Option<TypeExpression>,
    },
    /// `event NAME("source", "type") { fields }`
    Event {
        /// Its name in the source.
        name: Option<Name>,
        /// The event source.
        source: Option<PlainText>,
        /// The event type.
        event_type: Option<PlainText>,
        /// The payload.
        fields: Vec<FieldType>,
    },
    /// `action NAME(parameters) -> Type { … }`
    Action(Action),
    /// `job NAME: EVENT -> flow`
    Job {
        /// Its name.
        name: Option<Name>,
        /// The event, dotted.
        event: Option<Name>,
        /// The flow it starts.
        flow: Option<Name>,
    },
    /// `flow NAME(event) { … }`
    Flow(Flow),
    /// `raw "key" { … }`: a resource as JSON.
    Raw {
        /// Its key.
        key: Option<PlainText>,
        /// The JSON.
        json: Expression,
    },
    /// `extra { … }`: what the bundle has beside.
    Extra {
        /// The JSON.
        json: Expression,
    },
    /// Something that begins with no known word.
    Error,
}

/// A custom action.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Action {
    /// Its name, dotted perhaps.
    pub name: Option<Name>,
    /// What a call gives it.
    pub parameters: Vec<Parameter>,
    /// The type of its answer.
    pub result: Option<TypeExpression>,
    /// `POST`, `GET` …
    pub method: Option<Name>,
    /// `path` stood before the address: it is on the account's own host.
    pub on_account: bool,
    /// `"url.$"`, `"path.$"`: the address is a text in the platform's notation.
    pub notation: Option<PlainText>,
    /// The address.
    pub address: Option<Expression>,
    /// `connection NAME`
    pub connection: Option<Name>,
    /// `headers { … }`, in order.
    pub headers: Vec<HeaderField>,
    /// `query { … }`, in order.
    pub query: Vec<HeaderField>,
    /// `body …`
    pub body: Option<Expression>,
}

impl Action {
    /// What its request is made of, in the order of the text where the parts have that of `zisc fmt`.
    pub fn values(&self) -> impl Iterator<Item = &Expression> {
        let fields = self.headers.iter().chain(&self.query).map(|field| &field.value);
        self.address.iter().chain(fields).chain(&self.body)
    }

    /// The host that its address names, where that is written out.
    pub fn host(&self) -> Option<&str> {
        let ExpressionKind::Text(parts) = &self.address.as_ref()?.kind else { return None };
        let Some(TextPart::Text(start)) = parts.first() else { return None };
        let (_, rest) = start.text.split_once("://")?;
        let length = rest.find(['/', '?', '#', ':']);
        // A value may follow.
        let length = length.or((parts.len() == 1).then_some(rest.len()))?;
        Some(&rest[..length]).filter(|host| !host.is_empty() && !host.contains('@'))
    }
}

/// A parameter of an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub kind: Option<TypeExpression>,
    /// `?`: a call may leave it out.
    pub optional: bool,
    /// What it is where a call leaves it out.
    pub default: Option<Expression>,
}

/// A header, or a parameter of the query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderField {
    /// Its name.
    pub key: Name,
    /// Its value.
    pub value: Expression,
}

/// A flow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// Its name.
    pub name: Option<Name>,
    /// The name of the event in it.
    pub parameter: Option<Parameter>,
    /// What it does; `None` where the block is missing.
    pub body: Option<Block>,
}

/// Statements between braces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Block {
    /// The statements.
    pub statements: Vec<Statement>,
    /// Braces included.
    pub span: Span,
}

/// A statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The lines of documentation above it.
    pub documentation: Documentation,
    /// `@allow("…")`.
    pub attributes: Vec<Attribute>,
    /// `Label:`, the state's name.
    pub label: Option<Name>,
    /// What it does.
    pub kind: StatementKind,
    /// `extra { … }` after it: what the state has beside.
    pub extra: Option<Expression>,
    /// From its label or first word to its last token.
    pub span: Span,
}

/// What a statement does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StatementKind {
    /// `let x = …`
    Let {
        /// What is bound.
        target: LetTarget,
        /// `: Type`
        kind: Option<TypeExpression>,
        /// The value; an `Error` where it is missing.
        value: Expression,
        /// `catch err { … }`
        catch: Option<Catch>,
    },
    /// A call, or what stands where one should.
    Expression {
        /// The call.
        value: Expression,
        /// `catch err { … }`
        catch: Option<Catch>,
    },
    /// `if … { } else if … { } else { }`
    If {
        /// The conditions and their blocks.
        arms: Vec<Arm>,
        /// The block of `else`.
        otherwise: Option<Block>,
    },
    /// `succeed "…"`
    Succeed {
        /// The message.
        message: Option<Expression>,
    },
    /// `fail "Error", "Cause"`
    Fail {
        /// The error's name.
        error: Option<Expression>,
        /// The error's text.
        cause: Option<Expression>,
    },
    /// `wait 30s`, `wait x.delay`
    Wait {
        /// How long.
        delay: Expression,
    },
    /// `return`
    Return,
    /// `match … { "a", "b" { } else { } }`
    Match {
        /// What is compared.
        value: Expression,
        /// The values and their blocks.
        cases: Vec<Case>,
        /// The block of `else`.
        otherwise: Option<Block>,
    },
    /// `while … { }`
    While {
        /// What must hold to go on.
        condition: Expression,
        /// What is repeated.
        body: Block,
    },
    /// `let out = for item in list { … }`
    For {
        /// What the list of results is bound to; missing where it is not.
        target: Option<LetTarget>,
        /// The name of an item; `None` for `$`, the item as it is.
        item: Option<Name>,
        /// The list.
        list: Expression,
        /// What is done with each item.
        body: Block,
        /// `catch err { … }`
        catch: Option<Catch>,
    },
    /// `yield value`
    Yield {
        /// What the iteration gives.
        value: Expression,
    },
    /// `break`
    Break,
    /// `continue`
    Continue,
    /// `try { } catch err { }`
    Try {
        /// What may fail.
        body: Block,
        /// What happens then.
        catch: Option<Catch>,
    },
    /// `goto Label`
    Goto {
        /// Where to.
        label: Option<Name>,
    },
    /// `raw "Name" { … }`: a state as JSON.
    Raw {
        /// The state's name.
        name: Option<PlainText>,
        /// The JSON.
        json: Expression,
    },
    /// A statement that could not be read.
    Error,
}

/// A condition and what happens where it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arm {
    /// The condition.
    pub condition: Expression,
    /// What happens then.
    pub block: Block,
}

/// Values of a `match`, and what happens where one of them is met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// The values.
    pub values: Vec<Expression>,
    /// What happens then.
    pub block: Block,
}

/// `catch err { … }`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catch {
    /// What the error is bound to.
    pub target: LetTarget,
    /// What happens then.
    pub block: Block,
    /// The word `catch`.
    pub span: Span,
}

/// What a value is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LetTarget {
    /// `x` or `x.y`: a member of the flow's data.
    Member {
        /// The first name.
        root: Name,
        /// The names after it.
        rest: Vec<Name>,
    },
    /// `$`: the whole of the flow's data.
    Root(Span),
    /// `_`: nothing.
    Ignored(Span),
    /// A name is missing.
    Missing(Span),
}

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// Its place.
    pub span: Span,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExpressionKind {
    /// An expression is missing here, or could not be read.
    Error,
    /// `$`
    Root,
    /// A name.
    Name(SmolStr),
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number, as written.
    Number(SmolStr),
    /// A duration, as written.
    Duration(SmolStr),
    /// `"text ${…}"`
    Text(Vec<TextPart>),
    /// `{ a: 1, b, ...rest }`
    Record(Vec<RecordMember>),
    /// `[x, ...xs]`
    Array(Vec<ArrayItem>),
    /// `x.y`; the name is missing where nothing was typed after the dot.
    Field {
        /// What is read.
        base: Box<Expression>,
        /// The member.
        name: Option<Name>,
        /// The dot.
        dot: Span,
    },
    /// `x[0]`, `x["y"]`
    Index {
        /// What is read.
        base: Box<Expression>,
        /// The place in it.
        index: Box<Expression>,
    },
    /// `f(a: 1)`
    Call {
        /// What is called.
        callee: Box<Expression>,
        /// What it is given.
        arguments: Vec<Argument>,
        /// The brackets and all between them.
        brackets: Span,
    },
    /// `x!`
    Present(Box<Expression>),
    /// `raw { … }`: a rule of a Choice as JSON.
    Raw(Box<Expression>),
    /// `!x`, `-x`
    Unary {
        /// The operator.
        operator: UnaryOperator,
        /// What it is applied to.
        operand: Box<Expression>,
    },
    /// `x + y` and the like.
    Binary {
        /// The operator.
        operator: BinaryOperator,
        /// The left side.
        left: Box<Expression>,
        /// The right side.
        right: Box<Expression>,
        /// The operator's place.
        at: Span,
    },
    /// `x is present`, `x is null`
    Is {
        /// What is asked about.
        operand: Box<Expression>,
        /// What is asked; missing where nothing was typed after `is`.
        test: Option<IsTest>,
    },
    /// `c ? a : b`
    Conditional {
        /// The condition.
        condition: Box<Expression>,
        /// The value where it holds.
        then: Box<Expression>,
        /// The value where it does not.
        otherwise: Box<Expression>,
    },
    /// `[f(x) for x in xs if c]`
    Comprehension {
        /// What each item becomes.
        item: Box<Expression>,
        /// The name of an item.
        name: Name,
        /// The list.
        list: Box<Expression>,
        /// Which items are taken; all where it is left out.
        condition: Option<Box<Expression>>,
    },
    /// ``jq(data)`…` ``
    Jq {
        /// The input; `$` where it is left out.
        data: Option<Box<Expression>>,
        /// The program, as it stands between the backticks.
        program: PlainText,
    },
    /// A request where an action should be called; the grammar has said so.
    Request(Box<Action>),
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextPart {
    /// Text, unescaped.
    Text(PlainText),
    /// `${…}`
    Value(Expression),
}

/// A member of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordMember {
    /// `key: value`
    Field {
        /// The key.
        key: Name,
        /// The value.
        value: Expression,
    },
    /// `name`: the key and the value are called the same.
    Short(Name),
    /// `...value`
    Spread(Expression),
}

/// An item of an array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArrayItem {
    /// One value.
    Value(Expression),
    /// `...values`
    Spread(Expression),
}

/// An argument of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// The parameter's name, where it is written.
    pub name: Option<Name>,
    /// The value; an `Error` where nothing stands after the colon.
    pub value: Expression,
}

/// An operator before an operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOperator {
    /// `!`
    Not,
    /// `-`
    Negate,
}

/// What `is` asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IsTest {
    /// `is present`
    Present,
    /// `is null`
    Null,
}

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOperator {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `in`
    In,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
    /// `??`
    Default,
}

/// A type as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeExpression {
    /// What it is.
    pub kind: TypeExpressionKind,
    /// Its place.
    pub span: Span,
}

/// What a written type is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypeExpressionKind {
    /// A type is missing here.
    Error,
    /// `string`, `Reply`, …
    Name(SmolStr),
    /// `"literal"`
    Literal(SmolStr),
    /// `T[]`
    Array(Box<TypeExpression>),
    /// `T?`
    Nullable(Box<TypeExpression>),
    /// `A | B`
    Union(Vec<TypeExpression>),
    /// `{ a: T, b?: T }`
    Record(Vec<FieldType>),
    /// `{ [string]: T }`
    Map(Box<TypeExpression>),
}

impl TypeExpression {
    /// The names of the types that it is, and not only holds.
    pub fn is(&self) -> Vec<&SmolStr> {
        match &self.kind {
            TypeExpressionKind::Name(name) => vec![name],
            TypeExpressionKind::Nullable(inner) => inner.is(),
            TypeExpressionKind::Union(members) => members.iter().flat_map(Self::is).collect(),
            _ => Vec::new(),
        }
    }
}

/// A field of a record type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldType {
    /// The lines of documentation above it.
    pub documentation: Documentation,
    /// Its name.
    pub name: Name,
    /// `?`: it may be missing.
    pub optional: bool,
    /// Its type.
    pub kind: TypeExpression,
}

/// The texts in the brackets of the attributes of one name.
pub fn attribute_texts<'a>(attributes: &'a [Attribute], name: &'a str) -> impl Iterator<Item = &'a PlainText> {
    attributes
        .iter()
        .filter(move |attribute| attribute.name.text == name)
        .filter_map(|attribute| attribute.argument.as_ref())
}

impl Item {
    /// The item's name, where it has one.
    pub fn name(&self) -> Option<&Name> {
        match &self.kind {
            ItemKind::Integration { name }
            | ItemKind::Param { name, .. }
            | ItemKind::Connection { name, .. }
            | ItemKind::Config { name, .. }
            | ItemKind::Type { name, .. }
            | ItemKind::Event { name, .. }
            | ItemKind::Job { name, .. } => name.as_ref(),
            ItemKind::Action(action) => action.name.as_ref(),
            ItemKind::Flow(flow) => flow.name.as_ref(),
            ItemKind::Bundle { .. }
            | ItemKind::Import { .. }
            | ItemKind::Raw { .. }
            | ItemKind::Extra { .. }
            | ItemKind::Error => None,
        }
    }
}

impl Expression {
    /// A hole at a place.
    pub fn hole(span: Span) -> Self {
        Self { kind: ExpressionKind::Error, span }
    }

    /// `a.b.c` as one name, where the expression is nothing else.
    pub fn dotted(&self) -> Option<Name> {
        match &self.kind {
            ExpressionKind::Name(text) => Some(Name { text: text.clone(), span: self.span }),
            ExpressionKind::Field { base, name: Some(name), .. } => {
                let base = base.dotted()?;
                Some(Name { text: smol_str::format_smolstr!("{}.{}", base.text, name.text), span: self.span })
            }
            _ => None,
        }
    }
}

impl Statement {
    /// The blocks in it, in order.
    pub fn blocks(&self) -> Vec<&Block> {
        let mut blocks: Vec<&Block> = match &self.kind {
            StatementKind::If { arms, otherwise } => arms.iter().map(|arm| &arm.block).chain(otherwise).collect(),
            StatementKind::Match { cases, otherwise, .. } => {
                cases.iter().map(|case| &case.block).chain(otherwise).collect()
            }
            StatementKind::While { body, .. } | StatementKind::Try { body, .. } | StatementKind::For { body, .. } => {
                vec![body]
            }
            _ => Vec::new(),
        };
        blocks.extend(self.catch().map(|catch| &catch.block));
        blocks
    }

    /// Its `catch`.
    pub fn catch(&self) -> Option<&Catch> {
        match &self.kind {
            StatementKind::Let { catch, .. }
            | StatementKind::Expression { catch, .. }
            | StatementKind::For { catch, .. }
            | StatementKind::Try { catch, .. } => catch.as_ref(),
            _ => None,
        }
    }

    /// The expressions that stand in it, those in its blocks left out.
    pub fn expressions(&self) -> Vec<&Expression> {
        let mut expressions = self.expressions_of_kind();
        expressions.extend(&self.extra);
        expressions
    }

    fn expressions_of_kind(&self) -> Vec<&Expression> {
        match &self.kind {
            StatementKind::Let { value, .. } | StatementKind::Expression { value, .. } => vec![value],
            StatementKind::If { arms, .. } => arms.iter().map(|arm| &arm.condition).collect(),
            StatementKind::Match { value, cases, .. } => {
                std::iter::once(value).chain(cases.iter().flat_map(|case| &case.values)).collect()
            }
            StatementKind::While { condition, .. } => vec![condition],
            StatementKind::For { list, .. } => vec![list],
            StatementKind::Yield { value } => vec![value],
            StatementKind::Succeed { message } => message.iter().collect(),
            StatementKind::Fail { error, cause } => error.iter().chain(cause).collect(),
            StatementKind::Wait { delay } => vec![delay],
            StatementKind::Raw { json, .. } => vec![json],
            StatementKind::Try { .. }
            | StatementKind::Return
            | StatementKind::Break
            | StatementKind::Continue
            | StatementKind::Goto { .. }
            | StatementKind::Error => Vec::new(),
        }
    }
}

impl Expression {
    /// The expressions of which it is made.
    pub fn parts(&self) -> Vec<&Expression> {
        match &self.kind {
            ExpressionKind::Text(parts) => parts
                .iter()
                .filter_map(|part| match part {
                    TextPart::Value(value) => Some(value),
                    TextPart::Text(_) => None,
                })
                .collect(),
            ExpressionKind::Record(members) => members
                .iter()
                .filter_map(|member| match member {
                    RecordMember::Field { value, .. } | RecordMember::Spread(value) => Some(value),
                    RecordMember::Short(_) => None,
                })
                .collect(),
            ExpressionKind::Array(items) => {
                items.iter().map(|(ArrayItem::Value(value) | ArrayItem::Spread(value))| value).collect()
            }
            ExpressionKind::Field { base, .. } => vec![base],
            ExpressionKind::Index { base, index } => vec![base, index],
            ExpressionKind::Call { callee, arguments, .. } => {
                std::iter::once(&**callee).chain(arguments.iter().map(|argument| &argument.value)).collect()
            }
            ExpressionKind::Present(inner)
            | ExpressionKind::Raw(inner)
            | ExpressionKind::Unary { operand: inner, .. }
            | ExpressionKind::Is { operand: inner, .. } => vec![inner],
            ExpressionKind::Binary { left, right, .. } => vec![left, right],
            ExpressionKind::Conditional { condition, then, otherwise } => vec![condition, then, otherwise],
            ExpressionKind::Comprehension { item, list, condition, .. } => {
                let mut parts: Vec<&Expression> = vec![item, list];
                parts.extend(condition.as_deref());
                parts
            }
            ExpressionKind::Jq { data, .. } => data.as_deref().into_iter().collect(),
            ExpressionKind::Request(action) => action.values().collect(),
            ExpressionKind::Error
            | ExpressionKind::Root
            | ExpressionKind::Name(_)
            | ExpressionKind::Null
            | ExpressionKind::Bool(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::Duration(_) => Vec::new(),
        }
    }
}
