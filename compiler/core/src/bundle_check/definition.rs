//! Custom actions: what a definition reads of what it is called with, and what is wrong with it.

use super::Checker;
use super::place::Quoted;
use super::read::bad_path;
use super::template::{
    Written, dynamic, function_of_another_platform, is_bare_path, is_function, not_a_string, placeholders,
    with_dynamic_key,
};
use crate::lint::secrets::{is_written_out_text, says_secret};
use crate::{platform, rules};
use indexmap::IndexMap;
use zisc_bundle::json::{Json, Member, Value};
use zisc_bundle::{Bundle, Header, HttpAction, Path, Placed, Span, Step, Target};
use zisc_syntax::METHODS;

/// A custom action.
pub(super) struct Custom<'a> {
    pub(super) action: &'a HttpAction,
    /// The parameters that it reads, each with where it reads it first.
    pub(super) reads: IndexMap<String, Span>,
    /// The parameters that it seems to read, where nothing is filled in: that is one mistake, and has been told.
    pub(super) seems_to_read: Vec<String>,
    /// It takes all of its parameters as one value.
    pub(super) reads_all: bool,
    pub(super) is_called: bool,
}

/// What a definition reads.
#[derive(Default)]
struct Reads {
    paths: Vec<(Path, Span)>,
    seeming: Vec<String>,
}

impl Reads {
    /// Notes a text that looks like a path, where nothing is filled in.
    fn seem(&mut self, text: &str) {
        if is_bare_path(text)
            && let Ok(path) = Path::parse(text)
            && let Some(Step::Member(name)) = path.steps.into_iter().next()
        {
            self.seeming.push(name);
        }
    }
}

/// The parameters that a custom action reads.
pub(crate) fn reads_of(action: &HttpAction) -> Vec<String> {
    let bundle = Bundle::default();
    Checker::new("", &bundle, None).definition(action).reads.into_keys().collect()
}

impl<'a> Checker<'a> {
    /// The custom actions by name, each looked at.
    pub(super) fn definitions(&mut self) -> IndexMap<&'a str, Custom<'a>> {
        let bundle = self.bundle;
        bundle.http_actions().map(|action| (action.name.as_str(), self.definition(action))).collect()
    }

    fn definition(&mut self, action: &'a HttpAction) -> Custom<'a> {
        self.method(&action.method);
        let mut reads = Reads::default();
        if let Target::Url(member) | Target::Path(member) = &action.target {
            self.member_of_definition(member, &mut reads);
            self.address(action, member);
        }
        for header in action.headers.iter().chain(&action.query) {
            self.member_of_definition(&header.value, &mut reads);
        }
        for header in action.headers.iter().chain(&action.query) {
            self.secret(header);
        }
        if let Some(body) = &action.body {
            self.member_of_definition(body, &mut reads);
        }
        if let Some(connection) = &action.connection {
            self.connection_name(connection);
        }
        let mut custom =
            Custom { action, reads: IndexMap::new(), seems_to_read: reads.seeming, reads_all: false, is_called: false };
        for (path, span) in reads.paths {
            match path.steps.first() {
                // What the platform gives may be given by a call as well.
                Some(Step::Member(name)) if platform::IMPLICIT_PARAMETERS.contains(&name.as_str()) => {
                    custom.seems_to_read.push(name.clone());
                }
                Some(Step::Member(name)) => {
                    custom.reads.entry(name.clone()).or_insert(span);
                }
                Some(Step::Index(_)) | None => custom.reads_all = true,
            }
        }
        custom
    }

    fn method(&mut self, method: &Placed<String>) {
        let name = method.as_str();
        if name.is_empty() || METHODS.contains(&name) || name.contains("{{") {
            return;
        }
        let finding =
            rules::UNKNOWN_SORT.at(method.span, format!("`{name}` is no method of HTTP")).label("no such method");
        let upper = name.to_uppercase();
        let near = METHODS.iter().copied().find(|method| *method == upper);
        self.findings.push(match near.or_else(|| zisc_bundle::nearest(name, METHODS.iter().copied())) {
            Some(near) => finding.help(format!("did you mean {near}?")).fix(
                format!("write {near}"),
                method.span,
                format!("\"{near}\""),
            ),
            None => finding.help("write GET, POST, PUT, PATCH or DELETE"),
        });
    }

    fn address(&mut self, action: &HttpAction, member: &'a Member) {
        let Some(text) = member.value.as_str() else { return };
        let is_filled_in = text.starts_with("{{") || (member.key.ends_with(".$") && text.starts_with('$'));
        let on_account = matches!(action.target, Target::Path(_));
        if on_account && action.connection.is_none() && !action.headers.iter().any(authenticates) {
            self.findings.push(
                rules::NO_CREDENTIALS
                    .at(member.key.span, "this request to the account goes without credentials")
                    .label("the account's API answers 401 to it: Couldn't authenticate you")
                    .help("add \"connectionName\": \"zendesk\", a connection to the account itself"),
            );
        }
        if is_filled_in {
            return;
        }
        let span = member.value.span;
        if on_account && !text.starts_with('/') {
            self.findings.push(
                rules::INCOMPLETE
                    .at(span, "a path on the account's host begins with `/`")
                    .label("not a path")
                    .help("write it like \"/api/v2/tickets.json\"; for another host, write it as `url`"),
            );
        } else if !on_account && !text.starts_with("https://") && !text.starts_with("http://") {
            let finding = rules::INCOMPLETE.at(span, "an address begins with https://").label("not a whole address");
            self.findings.push(match text.starts_with('/') {
                true => finding.help("for the account's own host, write it as `path`"),
                false => finding.help("write the whole address, such as \"https://example.com/messages\""),
            });
        } else if let (Some(connection), true) = (&action.connection, text.starts_with("http://")) {
            let scheme = Quoted { file: self.text, value: text, span }.part(0.."http://".len());
            self.findings.push(
                rules::INSECURE
                    .at(scheme, format!("the credentials of `{}` would be sent in the open", **connection))
                    .label("not encrypted")
                    .note(connection.span, "these credentials")
                    .help("write `https://`")
                    .fix("write `https://`", scheme, "https://"),
            );
        }
    }

    /// A secret that stands in a header or in a parameter of the query.
    fn secret(&mut self, header: &Header) {
        let Some(value) = header.value.value.as_str().filter(|value| !is_filled_in(value)) else { return };
        if says_secret(&header.key) && is_written_out_text(value) {
            self.findings.push(
                rules::SECRET
                    .at(header.value.value.span, format!("the value of `{}` stands in the bundle", *header.key))
                    .label("everybody who sees the bundle can use it")
                    .help("change it at its owner, keep it in a connection, and name that in `connectionName`"),
            );
        }
    }

    fn connection_name(&mut self, connection: &Placed<String>) {
        let name = connection.as_str();
        if name.contains("{{") || platform::is_connection_name(name) {
            return;
        }
        self.findings.push(
            rules::INVALID_NAME
                .at(connection.span, format!("the platform does not accept the connection name `{name}`"))
                .label("no connection can have it")
                .help(platform::CONNECTION_NAMES),
        );
    }

    /// Looks at a member of a definition, and notes the paths that it reads. A definition is filled in everywhere.
    fn member_of_definition(&mut self, member: &'a Member, reads: &mut Reads) {
        let is_dynamic = member.key.ends_with(".$");
        match &member.value.value {
            Value::String(text) => {
                let quoted = Quoted { file: self.text, value: text, span: member.value.span };
                let written = if is_dynamic { dynamic(text) } else { placeholders(text) };
                if !is_dynamic && is_bare_path(text) {
                    reads.seem(text);
                    let finding = rules::BARE_PATH
                        .at(quoted.inside(), "this is a text, not the value found there")
                        .label("stays as it is written");
                    self.findings.push(with_dynamic_key(finding, Some(&member.key)));
                }
                self.written_in_definition(written, quoted, reads);
            }
            _ if is_dynamic => self.findings.push(not_a_string(member)),
            _ => self.json_of_definition(&member.value, reads),
        }
    }

    fn json_of_definition(&mut self, json: &'a Json, reads: &mut Reads) {
        match &json.value {
            Value::String(text) => {
                reads.seem(text);
                let quoted = Quoted { file: self.text, value: text, span: json.span };
                self.written_in_definition(placeholders(text), quoted, reads);
            }
            Value::Array(items) => items.iter().for_each(|item| self.json_of_definition(item, reads)),
            Value::Object(members) => {
                self.twice(members);
                members.iter().for_each(|member| self.member_of_definition(member, reads));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn written_in_definition(&mut self, written: Written, quoted: Quoted<'a>, reads: &mut Reads) {
        match written {
            Written::Path(path) => reads.paths.push((path, quoted.inside())),
            Written::Text(paths) => {
                if paths.is_empty() && is_function(quoted.value) {
                    self.findings.push(function_of_another_platform(quoted));
                }
                for (at, path) in paths {
                    let length = path.to_string().len();
                    reads.paths.push((path, quoted.part(at..at + length)));
                }
            }
            Written::Broken(at, error) => self.findings.push(bad_path(quoted, at, &error)),
        }
    }
}

fn authenticates(header: &Header) -> bool {
    header.key.eq_ignore_ascii_case("authorization")
}

/// Whether something takes the place of the text, or of a part of it: when it runs, or when it is deployed.
fn is_filled_in(value: &str) -> bool {
    value.contains("{{") || value.contains("${") || value.starts_with("$.")
}
