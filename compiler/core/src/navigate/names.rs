//! The names that stand in an item, and what each stands for. Only the tree is asked: what another item declares is
//! known by its name.

use super::symbol::{Access, Form, LocalSort, Occurrence, Sort, Symbol};
use crate::flow::may_name_path;
use crate::{Db, ItemSource, Text, parsed};
use zisc_bundle::Span;
use zisc_syntax::Node;
use zisc_syntax::tree::{
    Action, Argument, Block, Expression, ExpressionKind, Flow, Item, ItemKind, LetTarget, Name, RecordMember,
    Statement, StatementKind, TypeExpressionKind,
};

/// The names that stand in an item, with places counted from its start.
#[salsa::tracked(returns(deref))]
pub fn occurrences<'db>(db: &'db dyn Db, item: ItemSource<'db>) -> Vec<Occurrence> {
    let mut walk = Walk::default();
    walk.item(&parsed(db, item).item);
    walk.found
}

#[derive(Default)]
struct Walk {
    found: Vec<Occurrence>,
    /// The flow, and the bodies of `for` around the current place.
    frames: Vec<Frame>,
    /// The action that is defined.
    action: Option<(Text, Vec<Text>)>,
}

/// A machine of its own: the names that are known in it.
#[derive(Default)]
struct Frame {
    /// Names for paths and items of lists, the innermost last.
    bound: Vec<(LocalSort, Name)>,
    members: Vec<Name>,
    labels: Vec<Name>,
    /// Whether the names around it are known in it.
    sees_out: bool,
}

impl Frame {
    fn member(&self, name: &Text) -> Option<&Name> {
        self.members.iter().find(|member| member.text == *name)
    }
}

impl Walk {
    fn note(&mut self, span: Span, symbol: Symbol, access: Access, form: Form) {
        if !span.is_empty() {
            self.found.push(Occurrence { span, symbol, access, form });
        }
    }

    fn plain(&mut self, name: &Name, symbol: Symbol, access: Access) {
        self.note(name.span, symbol, access, Form::Plain);
    }

    fn item(&mut self, item: &Item) {
        if let (Some(name), Some(sort)) = (item.name(), Sort::of(item)) {
            self.plain(name, Symbol::Item(sort, name.text.clone()), Access::Declaration);
        }
        match &item.kind {
            ItemKind::Action(action) => self.action(action),
            ItemKind::Flow(flow) => self.flow(flow),
            ItemKind::Job { event, flow, .. } => {
                for (sort, name) in [(Sort::Event, event), (Sort::Flow, flow)] {
                    if let Some(name) = name {
                        self.plain(name, Symbol::Item(sort, name.text.clone()), Access::Read);
                    }
                }
            }
            ItemKind::Import { names, path: Some(path) } => {
                for name in names.iter().flatten() {
                    let symbol = Symbol::Imported { path: path.text.clone(), name: name.text.clone() };
                    self.plain(name, symbol, Access::Read);
                }
            }
            _ => self.parts(Node::Item(item)),
        }
    }

    /// Types and values in the parts of something.
    fn parts(&mut self, node: Node<'_>) {
        for child in node.children() {
            match child {
                Node::Expression(expression) => self.expression(expression),
                Node::Type(kind) => self.kind(kind),
                other => self.parts(other),
            }
        }
    }

    fn kind(&mut self, kind: &zisc_syntax::tree::TypeExpression) {
        if let TypeExpressionKind::Name(name) = &kind.kind {
            self.note(kind.span, Symbol::Item(Sort::Type, name.clone()), Access::Read, Form::Plain);
        }
        self.parts(Node::Type(kind));
    }

    fn action(&mut self, action: &Action) {
        let name = action.name.as_ref().map(|name| name.text.clone()).unwrap_or_default();
        let parameters = action.parameters.iter().map(|parameter| parameter.name.text.clone()).collect();
        for parameter in &action.parameters {
            let symbol = Symbol::Parameter(name.clone(), parameter.name.text.clone());
            self.plain(&parameter.name, symbol, Access::Declaration);
            self.parts(Node::Parameter(parameter));
        }
        self.action = Some((name, parameters));
        action.result.iter().for_each(|kind| self.kind(kind));
        self.request(action);
    }

    fn request(&mut self, action: &Action) {
        if let Some(connection) = &action.connection {
            self.plain(connection, Symbol::Item(Sort::Connection, connection.text.clone()), Access::Read);
        }
        action.values().for_each(|value| self.expression(value));
    }

    fn flow(&mut self, flow: &Flow) {
        let mut frame = Frame::default();
        if let Some(parameter) = &flow.parameter {
            let symbol = local(LocalSort::Event, &parameter.name);
            self.plain(&parameter.name, symbol, Access::Declaration);
            frame.bound.push((LocalSort::Event, parameter.name.clone()));
            self.parts(Node::Parameter(parameter));
        }
        if let Some(body) = &flow.body {
            announce(body, &mut frame);
            self.frames.push(frame);
            self.block(body);
        }
    }

    fn block(&mut self, block: &Block) {
        let bound = self.frames.last().map_or(0, |frame| frame.bound.len());
        block.statements.iter().for_each(|statement| self.statement(statement));
        if let Some(frame) = self.frames.last_mut() {
            frame.bound.truncate(bound);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        if let Some(label) = &statement.label {
            self.label(label, Access::Declaration);
        }
        match &statement.kind {
            StatementKind::Let { target, kind, value, .. } => {
                kind.iter().for_each(|kind| self.kind(kind));
                self.expression(value);
                match target {
                    LetTarget::Member { root, .. } if may_name_path(target, value) && !self.is_set(root) => {
                        self.plain(root, local(LocalSort::Alias, root), Access::Declaration);
                        if let Some(frame) = self.frames.last_mut() {
                            frame.bound.push((LocalSort::Alias, root.clone()));
                        }
                    }
                    target => self.target(target),
                }
            }
            StatementKind::For { target, item, list, body, .. } => {
                self.expression(list);
                target.iter().for_each(|target| self.target(target));
                let mut frame = Frame { sees_out: item.is_some(), ..Frame::default() };
                if let Some(item) = item {
                    self.plain(item, local(LocalSort::Item, item), Access::Declaration);
                    frame.bound.push((LocalSort::Item, item.clone()));
                }
                announce(body, &mut frame);
                self.frames.push(frame);
                self.block(body);
                self.frames.pop();
            }
            StatementKind::Goto { label: Some(label) } => self.label(label, Access::Read),
            _ => {
                statement.expressions().into_iter().for_each(|expression| self.expression(expression));
                let catch = usize::from(statement.catch().is_some());
                let blocks = statement.blocks();
                blocks[..blocks.len() - catch].iter().for_each(|block| self.block(block));
            }
        }
        if let Some(catch) = statement.catch() {
            self.target(&catch.target);
            self.block(&catch.block);
        }
    }

    fn label(&mut self, label: &Name, access: Access) {
        let known = self.frames.last().and_then(|frame| frame.labels.iter().find(|known| known.text == label.text));
        let first = known.unwrap_or(label).clone();
        let access = if access == Access::Declaration && first.span != label.span { Access::Write } else { access };
        self.plain(label, local(LocalSort::Label, &first), access);
    }

    /// Whether a statement of this machine sets a member of this name.
    fn is_set(&self, name: &Name) -> bool {
        self.frames.last().is_some_and(|frame| frame.member(&name.text).is_some())
    }

    /// A member that is set.
    fn target(&mut self, target: &LetTarget) {
        let LetTarget::Member { root, .. } = target else { return };
        let first = self.frames.last().and_then(|frame| frame.member(&root.text));
        let first = first.unwrap_or(root).clone();
        let access = if first.span == root.span { Access::Declaration } else { Access::Write };
        self.plain(root, local(LocalSort::Member, &first), access);
    }

    fn expression(&mut self, expression: &Expression) {
        match &expression.kind {
            ExpressionKind::Name(name) => self.read(name, expression.span, Form::Plain),
            ExpressionKind::Field { base, name: Some(name), .. } if base.kind == ExpressionKind::Root => {
                let frame = self.frames.last();
                let member = frame.and_then(|frame| frame.member(&name.text));
                if let Some(member) = member.cloned() {
                    self.plain(name, local(LocalSort::Member, &member), Access::Read);
                }
            }
            ExpressionKind::Record(members) => {
                for member in members {
                    match member {
                        RecordMember::Short(name) => self.read(&name.text, name.span, Form::KeyAndValue),
                        RecordMember::Field { value, .. } | RecordMember::Spread(value) => self.expression(value),
                    }
                }
            }
            ExpressionKind::Call { callee, arguments, .. } => self.call(callee, arguments),
            ExpressionKind::Comprehension { item, name, list, condition } => {
                self.expression(list);
                self.plain(name, local(LocalSort::Item, name), Access::Declaration);
                if self.frames.is_empty() {
                    self.frames.push(Frame::default());
                }
                let depth = self.frames.len() - 1;
                self.frames[depth].bound.push((LocalSort::Item, name.clone()));
                self.expression(item);
                condition.iter().for_each(|condition| self.expression(condition));
                self.frames[depth].bound.pop();
            }
            ExpressionKind::Jq { data, program } => {
                data.iter().for_each(|data| self.expression(data));
                self.found.extend(crate::jq::occurrences(program));
            }
            ExpressionKind::Request(action) => self.request(action),
            _ => expression.parts().into_iter().for_each(|part| self.expression(part)),
        }
    }

    fn call(&mut self, callee: &Expression, arguments: &[Argument]) {
        let name = match callee.dotted() {
            Some(name) => {
                self.plain(&name, Symbol::Callable(name.text.clone()), Access::Read);
                // `settings.load()` is about the config `settings`.
                if let (ExpressionKind::Field { base, .. }, Some((config, "load" | "patch"))) =
                    (&callee.kind, name.text.rsplit_once('.'))
                {
                    self.note(base.span, Symbol::Item(Sort::Config, Text::new(config)), Access::Read, Form::Plain);
                }
                Some(name.text)
            }
            None => {
                self.expression(callee);
                None
            }
        };
        for argument in arguments {
            if let (Some(action), Some(parameter)) = (&name, &argument.name) {
                let symbol = Symbol::Parameter(action.clone(), parameter.text.clone());
                self.plain(parameter, symbol, Access::Write);
            }
            match (&name, &argument.name, &argument.value.kind) {
                // A function takes values by their places; only an action has parameters that a name gives.
                (Some(action), None, ExpressionKind::Name(value)) if crate::function(action).is_none() => {
                    let symbol = Symbol::Parameter(action.clone(), value.clone());
                    self.note(argument.value.span, symbol, Access::Write, Form::KeyAndValue);
                    self.read(value, argument.value.span, Form::KeyAndValue);
                }
                _ => self.expression(&argument.value),
            }
        }
    }

    /// A name that is read as a value.
    fn read(&mut self, name: &Text, span: Span, form: Form) {
        let symbol = self.named(name);
        self.note(span, symbol, Access::Read, form);
    }

    fn named(&self, name: &Text) -> Symbol {
        for frame in self.frames.iter().rev() {
            if let Some((sort, bound)) = frame.bound.iter().rev().find(|(_, bound)| bound.text == *name) {
                return local(*sort, bound);
            }
            if let Some(member) = frame.member(name) {
                return local(LocalSort::Member, member);
            }
            if !frame.sees_out {
                break;
            }
        }
        match &self.action {
            Some((action, parameters)) if parameters.contains(name) => Symbol::Parameter(action.clone(), name.clone()),
            _ => Symbol::Item(Sort::Param, name.clone()),
        }
    }
}

fn local(sort: LocalSort, name: &Name) -> Symbol {
    Symbol::Local { sort, name: name.text.clone(), at: name.span }
}

/// Collects labels and members, which are known in the whole machine.
fn announce(block: &Block, frame: &mut Frame) {
    fn first(names: &mut Vec<Name>, name: &Name) {
        if names.iter().all(|known| known.text != name.text) {
            names.push(name.clone());
        }
    }
    let member = |frame: &mut Frame, target: &LetTarget| {
        if let LetTarget::Member { root, .. } = target {
            first(&mut frame.members, root);
        }
    };
    for statement in &block.statements {
        if let Some(label) = &statement.label {
            first(&mut frame.labels, label);
        }
        let mut own = 0;
        match &statement.kind {
            StatementKind::Let { target, value, .. } if !may_name_path(target, value) => member(frame, target),
            StatementKind::For { target, .. } => {
                target.iter().for_each(|target| member(frame, target));
                own = 1; // the body is a machine of its own
            }
            _ => {}
        }
        if let Some(catch) = statement.catch() {
            member(frame, &catch.target);
        }
        statement.blocks().into_iter().skip(own).for_each(|block| announce(block, frame));
    }
}
