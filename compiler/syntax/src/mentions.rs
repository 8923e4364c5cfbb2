//! The names that an item mentions, wherever they are declared.

use crate::Node;
use crate::tree::{ExpressionKind, Item, ItemKind, Name, RecordMember, TypeExpressionKind};

impl Item {
    /// The names it mentions of types, actions, connections, configs, events, flows and values, in no certain order.
    /// `a.b.c` is mentioned as a whole and by its beginnings `a` and `a.b`.
    pub fn mentions(&self) -> Vec<Name> {
        let mut mentions = Vec::new();
        match &self.kind {
            ItemKind::Action(action) => mentions.extend(action.connection.clone()),
            ItemKind::Job { event, flow, .. } => mentions.extend(event.iter().chain(flow).cloned()),
            _ => {}
        }
        in_node(Node::Item(self), &mut mentions);
        mentions
    }
}

fn in_node(node: Node<'_>, mentions: &mut Vec<Name>) {
    match node {
        Node::Type(kind) => {
            if let TypeExpressionKind::Name(name) = &kind.kind {
                mentions.push(Name { text: name.clone(), span: kind.span });
            }
        }
        Node::Expression(expression) => match &expression.kind {
            ExpressionKind::Name(_) | ExpressionKind::Field { .. } => mentions.extend(expression.dotted()),
            ExpressionKind::Record(members) => {
                let short = members.iter().filter_map(|member| match member {
                    RecordMember::Short(name) => Some(name.clone()),
                    _ => None,
                });
                mentions.extend(short);
            }
            // The beginning of an action's name is no name of its own; that of `settings.load` is the config.
            ExpressionKind::Call { callee, arguments, .. } => {
                if let Some(name) = callee.dotted() {
                    let config = name.text.strip_suffix(".load").or_else(|| name.text.strip_suffix(".patch"));
                    mentions.extend(config.map(|config| Name { text: config.into(), span: name.span }));
                    mentions.push(name);
                    return arguments.iter().for_each(|argument| in_node(Node::Argument(argument), mentions));
                }
            }
            ExpressionKind::Request(action) => mentions.extend(action.connection.clone()),
            _ => {}
        },
        _ => {}
    }
    node.children().into_iter().for_each(|child| in_node(child, mentions));
}
