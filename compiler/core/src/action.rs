//! Custom actions: what a definition becomes, and what is wrong with it.

use crate::by_name::ByName;
use crate::finding::Finding;
use crate::flow::reader::Reader;
use crate::flow::scope::{Member, Scope};
use crate::flow::template::{Setting, Templated};
use crate::params::params;
use crate::types::{FieldType, RecordType, Type};
use crate::{Db, ItemSource, Settings, Shared, SourceFile, Text, declarations, parsed, platform, rules};
use std::borrow::Cow;
use zisc_bundle::json::{self, Json};
use zisc_bundle::{Header, HttpAction, Placed, Span, Target, nearest};
use zisc_syntax::tree::{Action, ExpressionKind, HeaderField, ItemKind, Name};

/// A definition, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Definition {
    pub(crate) action: HttpAction,
    pub(crate) findings: Vec<Finding>,
}

/// What an `action` item becomes.
#[salsa::tracked]
pub(crate) fn action_definition<'db>(
    db: &'db dyn Db,
    item: ItemSource<'db>,
    file: SourceFile,
    settings: Settings,
) -> Definition {
    let parsed = parsed(db, item);
    let ItemKind::Action(action) = &parsed.item.kind else { return Definition::default() };
    let declarations = declarations(db, file);
    let params = params(db, file, settings);
    let action = &if params.is_empty() { Cow::Borrowed(action) } else { Cow::Owned(params.in_action(action)) };
    // In a definition, `$` is what the call passes.
    let fields = action.parameters.iter().map(|parameter| FieldType {
        name: parameter.name.text.clone(),
        kind: parameter.kind.as_ref().map_or(Type::Any, |kind| declarations.resolve(kind)),
        optional: parameter.optional
            && parameter.default.is_none()
            && !platform::IMPLICIT_PARAMETERS.contains(&parameter.name.text.as_str()),
        ..FieldType::default()
    });
    let data =
        Type::Record(Shared::new(RecordType { fields: fields.collect(), closed: true, ..RecordType::default() }));
    let member = |name: &Name| Member { name: name.text.clone(), span: name.span };
    let members = action.parameters.iter().map(|parameter| member(&parameter.name)).collect();
    let scope = Scope { event: None, members, aliases: ByName::default() };
    let mut reader = Reader::of_definition(declarations, &data, &scope);

    let name = action.name.as_ref().map(|name| Placed::new(name.text.to_string(), name.span)).unwrap_or_default();
    let method =
        action.method.as_ref().map(|method| Placed::new(method.text.to_uppercase(), method.span)).unwrap_or_default();
    let target = target(&mut reader, action);
    if let (Some(name), true) = (&action.name, parsed.errors.is_empty() && target == Target::Missing) {
        reader.findings.push(
            rules::INCOMPLETE
                .at(name.span, format!("action `{}` does not say where its request goes", name.text))
                .label("a method and an address are missing")
                .help("add a line such as `POST \"https://example.com/messages\"`, or `GET path \"/api/v2/tickets\"` for the account's own host"),
        );
    }
    reader.findings.extend(action.headers.iter().filter_map(|field| invalid_header(&field.key)));
    let headers = headers(&mut reader, &action.headers);
    let query = self::headers(&mut reader, &action.query);
    let connection = action.connection.as_ref().map(|connection| {
        if !declarations.connections.contains(&connection.text) {
            reader.findings.push(unknown_connection(&declarations.connections, &connection.text, connection.span));
        }
        let name = settings.connections(db).get(connection.text.as_str());
        Placed::new(name.cloned().unwrap_or_else(|| connection.text.to_string()), connection.span)
    });
    let body = action.body.as_ref().filter(|body| body.kind != ExpressionKind::Error).map(|body| {
        let span = body.span;
        reader.template(body, &Type::Any, Setting::Definition, "body").member("requestBody", span)
    });
    for parameter in &action.parameters {
        if let (Some(default), Some(kind)) = (&parameter.default, &parameter.kind) {
            let kind = declarations.resolve(kind);
            reader.template(default, &kind, Setting::Definition, "default");
        }
    }
    let findings = reader.findings;
    Definition {
        action: HttpAction { name, method, target, headers, query, connection, body, ..HttpAction::default() },
        findings,
    }
}

fn target(reader: &mut Reader<'_>, action: &Action) -> Target {
    let Some(address) = action.address.as_ref().filter(|address| address.kind != ExpressionKind::Error) else {
        return Target::Missing;
    };
    let key = if action.on_account { "path" } else { "url" };
    if action.notation.is_some() {
        let text = Templated { dynamic: true, value: reader.platform_text(address) };
        let member = text.member(key, address.span);
        return if action.on_account { Target::Path(member) } else { Target::Url(member) };
    }
    let member = reader.template(address, &Type::String, Setting::Definition, "address").member(key, address.span);
    if let Some(text) = member.value.as_str().filter(|_| !member.key.ends_with(".$")) {
        check_address(reader, action.on_account, text, address.span);
    }
    if action.on_account { Target::Path(member) } else { Target::Url(member) }
}

fn check_address(reader: &mut Reader<'_>, on_account: bool, text: &str, span: Span) {
    let dynamic = text.starts_with("{{$");
    if text.trim().contains(' ') {
        let finding = rules::NOT_ENCODED
            .at(span, "a blank stands in an address")
            .label("the address ends there, or the request is refused")
            .help("write `%20` for it");
        // Where nothing is put in, the text is what stands in the quotes.
        let is_plain = usize::from(span.len()) == text.len() + 2;
        let written = format!("\"{}\"", text.replace(' ', "%20"));
        reader.findings.push(if is_plain { finding.fix("write `%20`", span, written) } else { finding });
    }
    if !on_account && !dynamic && !text.starts_with("https://") && !text.starts_with("http://") {
        let finding = rules::INCOMPLETE.at(span, "an address begins with https://").label("not a whole address");
        let finding = match text.starts_with('/') {
            true => finding.help("for the account's own host, write `path` in front of it").fix(
                "write `path` in front",
                Span::empty(span.start()),
                "path ",
            ),
            false => finding.help("write the whole address, such as \"https://example.com/messages\""),
        };
        reader.findings.push(finding);
    } else if on_account && !dynamic && !text.starts_with('/') {
        reader.findings.push(
            rules::INCOMPLETE
                .at(span, "a path on the account's host begins with `/`")
                .label("not a path")
                .help("write it like \"/api/v2/tickets.json\"; for another host, leave out `path`"),
        );
    }
}

fn headers(reader: &mut Reader<'_>, fields: &[HeaderField]) -> Vec<Header> {
    let mut headers = Vec::new();
    for field in fields {
        let before = reader.findings.len();
        let in_notation = field.key.text.strip_suffix(".$");
        let value = match field.value.kind {
            ExpressionKind::Error => json::Member::new("value", Json::string("", field.key.span)),
            _ if in_notation.is_some() => {
                Templated { dynamic: true, value: reader.platform_text(&field.value) }.member("value", field.value.span)
            }
            _ => reader
                .template(&field.value, &Type::String, Setting::Definition, "value")
                .member("value", field.value.span),
        };
        // `query { id }` is short for `id: id`: what changes the value has to say the name.
        if field.key.span == field.value.span {
            let fixes = reader.findings[before..].iter_mut().filter_map(|finding| finding.fix.as_mut());
            for fix in fixes.filter(|fix| fix.span == field.key.span) {
                fix.replacement = format!("{}: {}", field.key.text, fix.replacement);
            }
        }
        let key = in_notation.unwrap_or(&field.key.text);
        headers.push(Header { key: Placed::new(key.to_owned(), field.key.span), value });
    }
    headers
}

/// A name that no header has: RFC 9110 allows letters, digits and a few signs in it.
fn invalid_header(key: &Name) -> Option<Finding> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    let wrong = key.text.chars().find(|c| !fits(*c))?;
    let mended: String = key.text.trim_end_matches(':').chars().map(|c| if fits(c) { c } else { '-' }).collect();
    let written = format!("\"{mended}\"");
    Some(
        rules::INVALID_NAME
            .at(key.span, format!("no header is called \"{}\"", key.text))
            .label(format!("`{wrong}` cannot be part of the name of a header"))
            .help(format!("write {written}"))
            .fix(format!("write {written}"), key.span, written),
    )
}

fn unknown_connection(connections: &[Text], name: &str, span: Span) -> Finding {
    let finding =
        rules::UNKNOWN_CONNECTION.at(span, format!("no connection is called `{name}`")).label("no such connection");
    match nearest(name, connections.iter().map(Text::as_str)) {
        Some(near) => finding.did_you_mean(span, Some(near)),
        None => finding.help(format!("declare it at the top: `connection {name}: oauth`")),
    }
}
