use text_size::{TextRange, TextSize};
use zisc_core::{Declarations, Type, built_in};
use zisc_syntax::tree::{
    Argument, BinaryOperator, Block, Expression, ExpressionKind, Name, RecordMember, Statement, StatementKind,
};

/// Looks for what the cursor stands in.
pub(super) struct Search<'t> {
    offset: TextSize,
    declarations: &'t Declarations,
    /// The value in front of a dot, and the name after it, perhaps empty.
    pub(super) field: Option<(&'t Expression, TextRange)>,
    /// The innermost call around the cursor.
    pub(super) call: Option<(&'t Expression, &'t [Argument])>,
    /// The innermost record around the cursor, where it is known what it should hold.
    pub(super) record: Option<(Type, &'t [RecordMember])>,
    /// The value with which the one at the cursor is compared.
    pub(super) compared: Option<&'t Expression>,
    /// The values that the other cases of a `match` around the cursor have.
    pub(super) used: Vec<&'t Expression>,
    /// The type of the value that should stand at the cursor.
    pub(super) wanted: Option<Type>,
}

impl<'t> Search<'t> {
    pub(super) fn new(offset: TextSize, declarations: &'t Declarations) -> Self {
        Self {
            offset,
            declarations,
            field: None,
            call: None,
            record: None,
            compared: None,
            used: Vec::new(),
            wanted: None,
        }
    }

    pub(super) fn block(&mut self, block: &'t Block) {
        block.statements.iter().for_each(|statement| self.statement(statement));
    }

    fn statement(&mut self, statement: &'t Statement) {
        statement.expressions().into_iter().for_each(|expression| self.expression(expression, None));
        if let StatementKind::Match { value, cases, .. } = &statement.kind {
            let in_block = statement.blocks().iter().any(|block| block.span.contains(self.offset));
            if value.span.end() < self.offset && self.offset <= statement.span.end() && !in_block {
                self.compared = Some(value);
                let values = cases.iter().flat_map(|case| &case.values);
                self.used = values.filter(|value| !value.span.contains_inclusive(self.offset)).collect();
            }
        }
        statement.blocks().into_iter().for_each(|block| self.block(block));
    }

    fn expression(&mut self, expression: &'t Expression, wanted: Option<Type>) {
        let is_here = expression.span.contains_inclusive(self.offset);
        match &expression.kind {
            ExpressionKind::Field { base, name, dot } => {
                let begins = |name: &&Name| name.span.start() <= self.offset;
                let name = name.as_ref().filter(begins).map_or(TextRange::empty(dot.end()), |name| name.span);
                if (dot.end()..=name.end()).contains(&self.offset) {
                    self.field = Some((base, TextRange::new(name.start().min(self.offset), name.end())));
                }
            }
            // The closing bracket may be missing: then the call reaches as far as it was read.
            ExpressionKind::Call { callee, arguments, brackets } => {
                if brackets.start() < self.offset && self.offset <= brackets.end() {
                    self.call = Some((callee, arguments));
                }
                self.expression(callee, None);
                let name = callee.dotted().map(|name| name.text);
                for argument in arguments {
                    let wanted = name.as_ref().and_then(|name| self.argument(name, argument));
                    self.expression(&argument.value, wanted);
                }
                return;
            }
            ExpressionKind::Record(members) => {
                if is_here && expression.span.start() < self.offset {
                    self.record = wanted.clone().map(|kind| (kind, members.as_slice()));
                }
                for member in members {
                    match member {
                        RecordMember::Field { key, value } => {
                            let field = wanted.iter().flat_map(Type::fields).find(|field| field.name == key.text);
                            self.expression(value, field.map(|field| field.kind.clone()));
                        }
                        RecordMember::Spread(value) => self.expression(value, None),
                        RecordMember::Short(_) => {}
                    }
                }
                return;
            }
            ExpressionKind::Binary { operator: BinaryOperator::Equal | BinaryOperator::NotEqual, left, right, at }
                if at.end() <= self.offset && self.offset <= right.span.end().max(expression.span.end()) =>
            {
                self.compared = Some(left);
            }
            ExpressionKind::Error | ExpressionKind::Name(_) | ExpressionKind::Text(_) if is_here => {
                self.wanted = wanted.or(self.wanted.take());
            }
            _ => {}
        }
        expression.parts().into_iter().for_each(|part| self.expression(part, None));
    }

    /// The type of what an action takes under the name of an argument.
    fn argument(&self, action: &str, argument: &Argument) -> Option<Type> {
        if let Some(config) = action.strip_suffix(".patch")
            && let Some(fields) = self.declarations.configs.get(config)
        {
            return Some(fields.kind.clone());
        }
        let signature = self.declarations.actions.get(action).or_else(|| built_in(action))?;
        let name = &argument.name.as_ref()?.text;
        signature.parameters.iter().find(|parameter| parameter.name == *name).map(|parameter| parameter.kind.clone())
    }
}
