//! A request that stands in a flow, as an action that the flow calls.

use super::extract::{free, widened};
use super::{Offer, Selection, fixes};
use text_size::{TextRange, TextSize};
use zisc_core::navigate::{self, Sort};
use zisc_syntax::tree::{Action, ArrayItem, Expression, ExpressionKind, Name, RecordMember, TextPart};
use zisc_syntax::{Node, is_name};

pub(super) fn offer(selection: &Selection<'_>) -> Option<Offer> {
    let (request, span) = request(selection)?;
    let view = selection.view;
    let method = request.method.as_ref()?;
    let is_taken = |name: &str| navigate::named(view.db, view.file, Sort::Action, name).is_some();
    let name = free(&wanted_name(request, &method.text), is_taken);

    let mut values = Values { selection, found: Vec::new(), edits: Vec::new() };
    values.in_request(request);
    let Values { found, mut edits, .. } = values;
    edits.push((method.span, method.text.to_uppercase()));
    edits.extend(braces(request, span, selection).into_iter().flatten());
    edits.sort_by_key(|(at, _)| at.start());
    let mut parts = selection.text(span).to_owned();
    for (at, replacement) in edits.iter().rev() {
        parts.replace_range(std::ops::Range::<usize>::from(*at - span.start()), replacement);
    }
    let parameters: Vec<String> = found.iter().map(|value| format!("{}: {}", value.parameter, value.kind)).collect();
    let action = format!("action {name}({}) {{\n{parts}\n}}\n", parameters.join(", "));
    let action = zisc_syntax::format(&action).unwrap_or(action);
    let arguments: Vec<String> = found.iter().map(Value::argument).collect();

    let before_flow = TextRange::empty(selection.start);
    let call = format!("{name}({})", arguments.join(", "));
    let edits = vec![(before_flow, format!("{action}\n")), (span + selection.start, call)];
    let title = format!("extract to the action `{name}`");
    fixes::mending(view, "other-language", method.span + selection.start, title, edits)
}

/// The request around what is selected; else the one in the statement on whose first line that is.
fn request<'a>(selection: &Selection<'a>) -> Option<(&'a Action, TextRange)> {
    let request = |node: Node<'a>| match node {
        Node::Expression(Expression { kind: ExpressionKind::Request(request), span }) => Some((&**request, *span)),
        _ => None,
    };
    let around = selection.around.iter().rev().find_map(|node| request(*node));
    around.or_else(|| {
        let statement = selection.statement()?;
        let line = selection.view.lines.line_at(statement.span.start() + selection.start);
        if !line.contains_range(selection.span) {
            return None;
        }
        let mut found = None;
        for value in statement.expressions() {
            Node::Expression(value).walk(&mut |node| found = found.or(request(node)));
        }
        found
    })
}

/// What an action has no braces around: its parts are lines of its own.
fn braces(request: &Action, span: TextRange, selection: &Selection<'_>) -> Option<[(TextRange, String); 2]> {
    let behind_address = TextRange::new(request.address.as_ref()?.span.end(), span.end());
    let text = selection.text(behind_address);
    if !text.trim_start().starts_with('{') || !text.ends_with('}') {
        return None;
    }
    let brace = TextSize::of('{');
    let open = TextSize::of(text) - TextSize::of(text.trim_start());
    let open = TextRange::at(behind_address.start() + open, brace);
    let begins_line = if text.trim_start()[1..].trim_start_matches(' ').starts_with('\n') { "" } else { "\n" };
    Some([(open, begins_line.to_owned()), (TextRange::at(span.end() - brace, brace), String::new())])
}

/// `slack.chat_post_message` for a request to `https://slack.com/api/chat.postMessage`.
fn wanted_name(request: &Action, method: &str) -> String {
    let host = request.host().map(|host| {
        let labels: Vec<&str> = host.split('.').collect();
        labels[labels.len().saturating_sub(2)].to_owned()
    });
    let of_account = request.on_account.then(|| "zendesk".to_owned());
    let owner = request.connection.as_ref().map(|name| name.text.to_string()).or(of_account).or(host);
    let method = method.to_lowercase();
    let what = match last_word(request).map(|segment| snake(&segment)).filter(|what| !what.is_empty()) {
        None => method,
        // A name of several words says what is done.
        Some(what) if what.contains('_') => what,
        Some(what) => format!("{method}_{what}"),
    };
    let owner = owner.map(|owner| snake(&owner)).filter(|owner| is_name(owner));
    owner.map_or_else(|| what.clone(), |owner| format!("{owner}.{what}"))
}

/// The last segment of the address that is a word, and does not only say which version it is.
fn last_word(request: &Action) -> Option<String> {
    let ExpressionKind::Text(parts) = &request.address.as_ref()?.kind else { return None };
    let part = |part: &TextPart| match part {
        TextPart::Text(text) => text.text.to_string(),
        TextPart::Value(_) => "\0".to_owned(),
    };
    let text: String = parts.iter().map(part).collect();
    let path =
        text.split_once("://").map_or(text.as_str(), |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let is_version = |segment: &str| {
        segment.strip_prefix('v').is_some_and(|number| number.chars().all(|c| c.is_ascii_digit() || c == '.'))
    };
    let is_word =
        |segment: &&str| segment.starts_with(char::is_alphabetic) && !segment.contains('\0') && !is_version(segment);
    path.rsplit('/').map(|segment| segment.trim_end_matches(".json")).find(is_word).map(str::to_owned)
}

/// `chat.postMessage` as `chat_post_message`.
fn snake(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        let begins_word = letter.is_uppercase() || !letter.is_alphanumeric();
        if begins_word && !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
        out.extend(letter.to_lowercase().filter(|letter| letter.is_alphanumeric()));
    }
    out.trim_end_matches('_').to_owned()
}

/// A value of the flow that the action takes.
struct Value {
    /// As the flow writes it.
    text: String,
    parameter: String,
    kind: String,
}

impl Value {
    fn argument(&self) -> String {
        if self.parameter == self.text { self.text.clone() } else { format!("{}: {}", self.parameter, self.text) }
    }
}

/// The values of the flow in a request, each once.
struct Values<'s, 'a> {
    selection: &'s Selection<'a>,
    found: Vec<Value>,
    /// The parameters in place of the values.
    edits: Vec<(TextRange, String)>,
}

impl Values<'_, '_> {
    fn in_request(&mut self, request: &Action) {
        request.address.iter().for_each(|address| self.inside(address, None));
        request.headers.iter().for_each(|header| self.inside(&header.value, Some(&header.key)));
        request.query.iter().for_each(|field| self.in_field(&field.key, &field.value));
        if let Some(body) = &request.body {
            let whole = Name { text: "body".into(), span: body.span };
            let is_record = matches!(body.kind, ExpressionKind::Record(_));
            self.inside(body, is_record.then_some(&whole));
        }
    }

    /// A definition can hold literals, texts, records and params; all else is a value of the flow.
    fn inside(&mut self, value: &Expression, key: Option<&Name>) {
        match &value.kind {
            ExpressionKind::Text(parts) => {
                for part in parts {
                    if let TextPart::Value(value) = part {
                        self.inside(value, None);
                    }
                }
            }
            ExpressionKind::Record(members)
                if !members.iter().any(|member| matches!(member, RecordMember::Spread(_))) =>
            {
                members.iter().for_each(|member| self.in_member(member));
            }
            ExpressionKind::Array(items) if !items.iter().any(|item| matches!(item, ArrayItem::Spread(_))) => {
                value.parts().into_iter().for_each(|value| self.inside(value, None));
            }
            ExpressionKind::Null
            | ExpressionKind::Bool(_)
            | ExpressionKind::Number(_)
            | ExpressionKind::Duration(_)
            | ExpressionKind::Error => {}
            ExpressionKind::Name(name) if self.is_param(name) => {}
            _ => {
                let parameter = self.parameter(value, key);
                self.edits.push((value.span, parameter));
            }
        }
    }

    /// A key and its value; the name alone does where both are called the same then.
    fn in_field(&mut self, key: &Name, value: &Expression) {
        self.inside(value, Some(key));
        if let Some((at, parameter)) = self.edits.last_mut()
            && *at == value.span
            && key.text == *parameter
        {
            *at = key.span.cover(*at);
        }
    }

    fn in_member(&mut self, member: &RecordMember) {
        match member {
            RecordMember::Field { key, value } => self.in_field(key, value),
            RecordMember::Short(name) if self.is_param(&name.text) => {}
            RecordMember::Short(name) => {
                let value = Expression { kind: ExpressionKind::Name(name.text.clone()), span: name.span };
                let parameter = self.parameter(&value, None);
                if parameter != name.text {
                    self.edits.push((name.span, format!("{}: {parameter}", name.text)));
                }
            }
            RecordMember::Spread(_) => {}
        }
    }

    /// The parameter for a value of the flow.
    fn parameter(&mut self, value: &Expression, key: Option<&Name>) -> String {
        let view = self.selection.view;
        let text = self.selection.text(value.span).to_owned();
        if let Some(known) = self.found.iter().find(|known| known.text == text) {
            return known.parameter.clone();
        }
        let is_taken = |name: &str| self.found.iter().any(|known| known.parameter == name) || self.is_param(name);
        let names = names_of(value);
        let of_key = key.map(|key| snake(&key.text));
        let last = names.last().cloned();
        let last_two = names.len().checked_sub(2).map(|at| names[at..].join("_"));
        let wanted: Vec<String> = [of_key, last, last_two].into_iter().flatten().filter(|name| is_name(name)).collect();
        let wanted = wanted.iter().find(|name| !is_taken(name)).or(wanted.first()).map_or("value", String::as_str);
        let parameter = free(wanted, is_taken);
        let kind = navigate::kind_of(view.db, view.file, view.settings, self.selection.item, value);
        self.found.push(Value { text, parameter: parameter.clone(), kind: widened(&kind) });
        parameter
    }

    fn is_param(&self, name: &str) -> bool {
        let view = self.selection.view;
        let at = self.selection.span.start();
        let is_of_flow =
            || navigate::names_at(view.db, view.file, view.settings, at).iter().any(|(known, _)| known == name);
        navigate::named(view.db, view.file, Sort::Param, name).is_some() && !is_of_flow()
    }
}

/// The names of the first path in a value.
fn names_of(value: &Expression) -> Vec<String> {
    match &value.kind {
        ExpressionKind::Name(name) => vec![name.to_string()],
        ExpressionKind::Field { base, name, .. } => {
            let mut names = names_of(base);
            names.extend(name.iter().map(|name| name.text.to_string()));
            names
        }
        ExpressionKind::Call { arguments, .. } => arguments
            .iter()
            .map(|argument| names_of(&argument.value))
            .find(|names| !names.is_empty())
            .unwrap_or_default(),
        _ => value.parts().into_iter().map(names_of).find(|names| !names.is_empty()).unwrap_or_default(),
    }
}
