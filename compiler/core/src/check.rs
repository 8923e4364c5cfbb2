//! Everything that is wrong with an item, and with a file as a whole.

use crate::action::action_definition;
use crate::declaration::{BUILT_IN_TYPES, Declarations};
use crate::finding::{Finding, Fix};
use crate::flow::reader::Reader;
use crate::flow::scope::Scope;
use crate::flow::template::constant;
use crate::types::Type;
use crate::{Db, ItemSource, Settings, SourceFile, Text, catalogue, declarations, flow_graph, items, parsed, rules};
use std::collections::HashMap;
use text_size::TextSize;
use zisc_bundle::{Span, nearest};
use zisc_syntax::tree::{
    Attribute, Block, Expression, ExpressionKind, FieldType, Item, ItemKind, Name, PlainText, Statement, StatementKind,
    TypeExpression, TypeExpressionKind, attribute_texts,
};
use zisc_syntax::{SyntaxError, SyntaxErrorKind};

/// A param is a constant: its default is a literal of its type.
fn param(name: Option<&Name>, default: Option<&Expression>, declarations: &Declarations, findings: &mut Vec<Finding>) {
    let (Some(name), Some(default)) = (name, default) else { return };
    let Some(param) = declarations.params.get(&name.text) else { return };
    let (data, scope) = (Type::Any, Scope::default());
    let mut reader = Reader::of_definition(declarations, &data, &scope);
    match constant(default) {
        Some(_) => {
            let kind = reader.kind(default);
            reader.expect(default, &kind, &param.kind);
        }
        None if default.kind == ExpressionKind::Error => {}
        None => reader.findings.push(
            rules::NOT_IN_PLACE
                .at(default.span, "the default of a param is a constant")
                .label("this is not known when the bundle is built")
                .help("write a text, a number, true, false, or a list or record of these"),
        ),
    }
    findings.append(&mut reader.findings);
}

/// The kinds of connections that the platform has.
const CONNECTION_KINDS: &[&str] = &["oauth", "basic_auth", "bearer_token", "api_key"];

/// What is wrong with one item, placed from its start.
#[salsa::tracked(returns(deref))]
pub(crate) fn item_findings<'db>(
    db: &'db dyn Db,
    item: ItemSource<'db>,
    file: SourceFile,
    settings: Settings,
) -> Vec<Finding> {
    let parsed = parsed(db, item);
    let declarations = declarations(db, file);
    let mut findings: Vec<Finding> = Vec::new();
    let mut types = Types { declarations, findings: Vec::new() };
    types.item(&parsed.item);
    findings.append(&mut types.findings);
    match &parsed.item.kind {
        ItemKind::Integration { name: Some(name) } => findings.extend(integration(name)),
        ItemKind::Connection { name, kind, .. } => connection(name.as_ref(), kind.as_ref(), &mut findings),
        ItemKind::Param { name, default, .. } => param(name.as_ref(), default.as_ref(), declarations, &mut findings),
        ItemKind::Job { event, flow, .. } => job(event.as_ref(), flow.as_ref(), declarations, &mut findings),
        ItemKind::Action(_) => findings.extend(action_definition(db, item, file, settings).findings.iter().cloned()),
        ItemKind::Flow(_) => findings.extend(flow_graph(db, item, file, settings).findings.iter().cloned()),
        _ => {}
    }
    let text = item.text(db);
    findings.retain(|finding| !is_consequence(finding, &parsed.errors, text));
    findings.extend(parsed.errors.iter().map(syntax_finding));
    accept(&parsed.item, &mut findings);
    findings
}

/// Leaves out what `@allow` accepts, and notes where it names nothing.
fn accept(item: &Item, findings: &mut Vec<Finding>) {
    let all = |span: Span, attributes: &'_ [Attribute]| -> Vec<(Span, PlainText)> {
        attribute_texts(attributes, "allow").map(|code| (span, code.clone())).collect()
    };
    let mut accepted = all(Span::up_to(TextSize::from(u32::MAX)), &item.attributes);
    let mut blocks: Vec<&Block> = match &item.kind {
        ItemKind::Flow(flow) => flow.body.iter().collect(),
        _ => Vec::new(),
    };
    while let Some(block) = blocks.pop() {
        for statement in &block.statements {
            accepted.extend(all(statement.span, &statement.attributes));
            blocks.extend(statement.blocks());
        }
    }
    let allowed = accepted;
    for (_, code) in &allowed {
        if rules::rule(&code.text).is_none() {
            let near = nearest(&code.text, rules::RULES.iter().flat_map(|rule| [rule.code, rule.name]));
            let finding = rules::UNKNOWN_NAME
                .at(code.span, format!("no finding is called `{}`", code.text))
                .label("nothing to accept");
            findings.push(match near {
                Some(near) => finding.help(format!("did you mean \"{near}\"?")),
                None => finding
                    .help("name a finding by its code, such as \"W0501\", or by its name, such as \"unreachable\""),
            });
        }
    }
    findings.retain(|finding| {
        !allowed.iter().any(|(span, code)| {
            span.contains_range(finding.span) && rules::rule(&code.text).is_some_and(|rule| rule == finding.rule)
        })
    });
}

/// Whether a finding only follows from a mistake in the form of the text: one mistake, one message.
fn is_consequence(finding: &Finding, errors: &[SyntaxError], text: &str) -> bool {
    let before = |span: Span| &text[..usize::from(span.start()).min(text.len())];
    let line = |span: Span| before(span).matches('\n').count();
    // An argument may be among what could not be read.
    let in_its_brackets = |error: &SyntaxError| {
        let between = before(error.span).get(usize::from(finding.span.end())..).unwrap_or_default();
        between.matches('(').count() > between.matches(')').count()
    };
    errors.iter().filter(|error| error.kind != SyntaxErrorKind::Habit).any(|error| {
        let touches = finding.span.intersect(error.span).is_some();
        touches
            || (*finding.rule == rules::NO_EFFECT && line(finding.span) == line(error.span))
            || (*finding.rule == rules::MISSING_ARGUMENT && in_its_brackets(error))
    })
}

/// The finding for a mistake in the form of a text.
pub(crate) fn syntax_finding(error: &SyntaxError) -> Finding {
    let rule = match error.kind {
        SyntaxErrorKind::Unexpected => &rules::UNEXPECTED,
        SyntaxErrorKind::Unclosed => &rules::UNCLOSED,
        SyntaxErrorKind::Habit => &rules::HABIT,
    };
    let mut finding =
        rule.at(error.span, error.headline.clone()).label(error.label.clone()).help_if(error.help.clone());
    finding.fix = error.fix.as_ref().map(|fix| Fix {
        title: fix.title.clone(),
        span: fix.span,
        replacement: fix.replacement.clone(),
    });
    finding
}

/// Names that stand twice in a file.
pub(crate) fn file_findings(db: &dyn Db, file: SourceFile, _settings: Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen: HashMap<(&'static str, Text), Span> = HashMap::new();
    for item in items(db, file) {
        let tree = &parsed(db, *item).item;
        let start = item.start(db);
        let Some((sort, name)) = sort_and_name(tree) else { continue };
        let span = name.span + start;
        let key = match sort {
            "integration" => Text::default(),
            _ => name.text.clone(),
        };
        if let Some(first) = seen.get(&(sort, key.clone())) {
            let headline = match sort {
                "integration" => "a file has one integration".to_owned(),
                _ => format!("two {sort}s are called `{}`", name.text),
            };
            let help = match sort {
                "integration" => "put the second one into a file of its own".to_owned(),
                _ => format!("give one of the {sort}s another name"),
            };
            findings.push(
                rules::DUPLICATE_NAME
                    .at(span, headline)
                    .label("the second one")
                    .note(*first, "the first one")
                    .help(help),
            );
        } else {
            seen.insert((sort, key), span);
        }
    }
    findings
}

fn sort_and_name(item: &Item) -> Option<(&'static str, &Name)> {
    let sort = match &item.kind {
        ItemKind::Integration { .. } => "integration",
        ItemKind::Connection { .. } => "connection",
        ItemKind::Param { .. } => "param",
        ItemKind::Config { .. } => "config",
        ItemKind::Type { .. } => "type",
        ItemKind::Event { .. } => "event",
        ItemKind::Action(_) => "action",
        ItemKind::Job { .. } => "job",
        ItemKind::Flow(_) => "flow",
        ItemKind::Bundle { .. } | ItemKind::Error => return None,
    };
    Some((sort, item.name()?))
}

/// An integration's key: 1 to 64 of `a-z`, `0-9`, `-`, `_` (documentation page "Registry").
fn integration(name: &Name) -> Option<Finding> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
    if (1..=64).contains(&name.text.len()) && name.text.chars().all(fits) {
        return None;
    }
    let mended: String = name.text.to_lowercase().chars().map(|c| if fits(c) { c } else { '_' }).take(64).collect();
    Some(
        rules::INVALID_NAME
            .at(name.span, format!("the platform does not accept the integration key `{}`", name.text))
            .label("registering it fails with: invalid integration key")
            .help("a key has 1 to 64 characters of a-z, 0-9, `-` and `_`")
            .fix(format!("write `{mended}`"), name.span, mended),
    )
}

fn connection(name: Option<&Name>, kind: Option<&Name>, findings: &mut Vec<Finding>) {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if let Some(name) = name.filter(|name| !(3..=64).contains(&name.text.len()) || !name.text.chars().all(fits)) {
        let label = match name.text.chars().find(|c| !fits(*c)) {
            Some(c) => format!("`{c}` cannot be part of it"),
            None if name.text.len() < 3 => "too short".to_owned(),
            None => "too long".to_owned(),
        };
        let mended: String = name.text.chars().map(|c| if fits(c) { c } else { '_' }).collect();
        let finding = rules::INVALID_NAME
            .at(name.span, format!("the platform does not accept the connection name `{}`", name.text))
            .label(label)
            .help("a name has 3 to 64 letters, digits, `-` and `_`");
        findings.push(match (3..=64).contains(&mended.len()) {
            true => finding.fix(format!("write `{mended}`"), name.span, mended),
            false => finding,
        });
    }
    if let Some(kind) = kind.filter(|kind| !CONNECTION_KINDS.contains(&kind.text.as_str())) {
        let finding = rules::UNKNOWN_CONNECTION
            .at(kind.span, format!("there is no kind of connection called `{}`", kind.text))
            .label("no such kind");
        findings.push(match nearest(&kind.text, CONNECTION_KINDS.iter().copied()) {
            Some(near) => finding.did_you_mean(kind.span, Some(near)),
            None => finding.help("the kinds are `oauth`, `basic_auth`, `bearer_token` and `api_key`"),
        });
    }
}

fn job(event: Option<&Name>, flow: Option<&Name>, declarations: &Declarations, findings: &mut Vec<Finding>) {
    if let Some(event) = event
        .filter(|event| catalogue::event_named(&event.text).is_none() && !declarations.events.contains_key(&event.text))
    {
        let finding = rules::UNKNOWN_EVENT
            .at(event.span, format!("there is no event `{}`", event.text))
            .label("a job for it never runs");
        let declared = nearest(&event.text, declarations.events.keys().map(Text::as_str));
        let (source, event_type) = match event.text.split_once('.') {
            Some((source, rest)) if catalogue::source_names().contains(&source) => (source, rest),
            // `ticket.CommentAdded`: the source was forgotten.
            _ => ("support", event.text.as_str()),
        };
        let known = catalogue::nearest_event(source, event_type).map(|event| event.name);
        findings.push(match declared.or(known) {
            Some(near) => finding.did_you_mean(event.span, Some(near)),
            None => {
                let name = event_type.rsplit('.').next().unwrap_or(event_type);
                let source = event.text.split('.').next().unwrap_or(source);
                finding.help(format!(
                    "an event of your own is declared: `event {name}(\"{source}\", \"{name}\") {{ … }}`; those of Zendesk look like `support.ticket.TicketCreated`"
                ))
            }
        });
    }
    if let Some(flow) = flow.filter(|flow| !declarations.flows.contains_key(&flow.text)) {
        let finding =
            rules::UNKNOWN_FLOW.at(flow.span, format!("no flow is called `{}`", flow.text)).label("no such flow");
        findings.push(match nearest(&flow.text, declarations.flows.keys().map(Text::as_str)) {
            Some(near) => finding.did_you_mean(flow.span, Some(near)),
            None => finding.help(format!("write it: `flow {}(event) {{ … }}`", flow.text)),
        });
    }
}

/// Looks for names of types that do not exist.
struct Types<'a> {
    declarations: &'a Declarations,
    findings: Vec<Finding>,
}

impl Types<'_> {
    fn item(&mut self, item: &Item) {
        match &item.kind {
            ItemKind::Param { kind, .. } => kind.iter().for_each(|kind| self.kind(kind)),
            ItemKind::Type { value, .. } => value.iter().for_each(|kind| self.kind(kind)),
            ItemKind::Config { fields, .. } | ItemKind::Event { fields, .. } => self.fields(fields),
            ItemKind::Action(action) => {
                self.unique("parameter", action.parameters.iter().map(|parameter| &parameter.name));
                action
                    .parameters
                    .iter()
                    .filter_map(|parameter| parameter.kind.as_ref())
                    .for_each(|kind| self.kind(kind));
                action.result.iter().for_each(|kind| self.kind(kind));
            }
            ItemKind::Flow(flow) => {
                flow.parameter.iter().filter_map(|parameter| parameter.kind.as_ref()).for_each(|kind| self.kind(kind));
                flow.body.iter().for_each(|block| self.block(block));
            }
            _ => {}
        }
    }

    fn block(&mut self, block: &Block) {
        block.statements.iter().for_each(|statement| self.statement(statement));
    }

    fn statement(&mut self, statement: &Statement) {
        if let StatementKind::Let { kind: Some(kind), .. } = &statement.kind {
            self.kind(kind);
        }
        statement.blocks().into_iter().for_each(|block| self.block(block));
    }

    fn fields(&mut self, fields: &[FieldType]) {
        self.unique("field", fields.iter().map(|field| &field.name));
        fields.iter().for_each(|field| self.kind(&field.kind));
    }

    /// Names that stand twice in one list.
    fn unique<'n>(&mut self, sort: &str, names: impl Iterator<Item = &'n Name>) {
        let mut seen: HashMap<&Text, Span> = HashMap::new();
        for name in names {
            match seen.get(&name.text) {
                None => drop(seen.insert(&name.text, name.span)),
                Some(first) => self.findings.push(
                    rules::DUPLICATE_NAME
                        .at(name.span, format!("two {sort}s are called `{}`", name.text))
                        .label("the second one")
                        .note(*first, "the first one")
                        .help(format!("give one of the {sort}s another name, or remove it")),
                ),
            }
        }
    }

    fn kind(&mut self, kind: &TypeExpression) {
        match &kind.kind {
            TypeExpressionKind::Error | TypeExpressionKind::Literal(_) => {}
            TypeExpressionKind::Name(name) => self.name(name, kind.span),
            TypeExpressionKind::Array(inner) | TypeExpressionKind::Nullable(inner) | TypeExpressionKind::Map(inner) => {
                self.kind(inner)
            }
            TypeExpressionKind::Union(members) => members.iter().for_each(|member| self.kind(member)),
            TypeExpressionKind::Record(fields) => self.fields(fields),
        }
    }

    fn name(&mut self, name: &Text, span: Span) {
        let built_in = BUILT_IN_TYPES.iter().map(|(name, _)| *name);
        if built_in.clone().any(|known| known == name) || self.declarations.types.contains_key(name) {
            return;
        }
        let elsewhere = match name.as_str() {
            "boolean" => Some("bool"),
            "integer" | "i64" | "long" => Some("int"),
            "float" | "double" | "f64" => Some("number"),
            "str" | "text" | "String" => Some("string"),
            "object" | "unknown" | "dynamic" | "mixed" => Some("any"),
            "void" | "undefined" | "None" | "nil" => Some("null"),
            "date" | "datetime" | "Date" => Some("timestamp"),
            _ => None,
        };
        let near =
            elsewhere.or_else(|| nearest(name, built_in.chain(self.declarations.types.keys().map(Text::as_str))));
        let finding = rules::UNKNOWN_TYPE.at(span, format!("no type is called `{name}`")).label("no such type");
        self.findings.push(match near {
            Some(near) => finding.did_you_mean(span, Some(near)),
            None => finding.help(format!("write it: `type {name} = {{ … }}`")),
        });
    }
}
