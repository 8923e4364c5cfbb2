//! Payload templates, `"k": literal`, `"k.$": "$.path"`, `"k.$": "text {{$.path}}"`, and texts with placeholders.

use super::Checker;
use super::data::{Data, bounded};
use super::flow::Walk;
use super::place::Quoted;
use super::read::bad_path;
use crate::finding::Finding;
use crate::lint::secrets::says_secret;
use crate::types::{FieldType, RecordType, Type};
use crate::{Shared, Text, rules};
use std::collections::HashMap;
use text_size::TextSize;
use zisc_bundle::json::{Json, Member, Value};
use zisc_bundle::{Path, PathError, Placed, Span, Step};

/// Objects of more members than this, and lists of more items, are not looked at one by one for their type.
const MOST_FIELDS: usize = 200;

/// What a string of a template says.
pub(super) enum Written {
    /// The value at this path.
    Path(Path),
    /// A text with the values at these paths in it, each with where it stands.
    Text(Vec<(usize, Path)>),
    /// A path that cannot be followed, and where it begins.
    Broken(usize, PathError),
}

/// Reads a string whose key ends in `.$`.
pub(super) fn dynamic(text: &str) -> Written {
    match Path::parse(text) {
        Ok(path) => Written::Path(path),
        Err(error) => match placeholders(text) {
            Written::Text(paths)
                if paths.is_empty() && (text.starts_with("$.") || text.starts_with("$[") || text.starts_with("$$")) =>
            {
                Written::Broken(0, error)
            }
            written => written,
        },
    }
}

/// Reads the placeholders of a text.
pub(super) fn placeholders(text: &str) -> Written {
    let mut paths = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find("{{$") {
        let start = at + open + 2;
        let Some(length) = text[start..].find("}}") else { break };
        match Path::parse(&text[start..start + length]) {
            Ok(path) => paths.push((start, path)),
            Err(error) => return Written::Broken(start, error),
        }
        at = start + length + 2;
    }
    Written::Text(paths)
}

impl<'a> Walk<'_, 'a> {
    /// The type of what a template becomes in a state.
    pub(super) fn template(&mut self, json: &'a Json, data: &Data) -> Type {
        match &json.value {
            Value::Null => Type::Null,
            Value::Bool(_) => Type::Bool,
            Value::Number(text) if text.contains(['.', 'e', 'E']) => Type::Number,
            Value::Number(_) => Type::Int,
            Value::String(text) => {
                self.plain(text, json.span, None);
                Type::String
            }
            Value::Array(items) => {
                let few = items.len() <= MOST_FIELDS;
                let kinds: Vec<Type> = items.iter().map(|item| self.template(item, data)).collect();
                Type::Array(Shared::new(if few { bounded(Type::union(kinds)) } else { Type::Any }))
            }
            Value::Object(members) => self.template_of_members(members, data, &|_| false),
        }
    }

    /// The same for the members of an object, but for those that are looked at elsewhere.
    pub(super) fn template_of_members(
        &mut self,
        members: &'a [Member],
        data: &Data,
        is_other: &dyn Fn(&str) -> bool,
    ) -> Type {
        if !self.silent {
            self.checker.twice(members);
        }
        let mut fields = Vec::with_capacity(members.len());
        for member in members {
            if is_other(&member.key) {
                continue;
            }
            let (name, kind) = self.member(member, data);
            fields.push(FieldType { name: Text::new(name), kind, ..FieldType::default() });
        }
        if fields.len() > MOST_FIELDS {
            return Type::Any;
        }
        bounded(Type::Record(Shared::new(RecordType {
            fields: fields.into_iter().collect(),
            closed: true,
            ..RecordType::default()
        })))
    }

    /// The name and the type of a member.
    pub(super) fn member(&mut self, member: &'a Member, data: &Data) -> (&'a str, Type) {
        let Some(name) = member.key.strip_suffix(".$") else {
            let kind = match &member.value.value {
                Value::String(text) => {
                    self.plain(text, member.value.span, Some(&member.key));
                    Type::String
                }
                _ => self.template(&member.value, data),
            };
            return (&member.key.value, kind);
        };
        let Some(value) = member.value.as_str() else {
            self.note(not_a_string(member));
            return (name, Type::Any);
        };
        let quoted = Quoted { file: self.checker.text, value, span: member.value.span };
        (name, self.written(dynamic(value), quoted, data))
    }

    fn written(&mut self, written: Written, quoted: Quoted<'a>, data: &Data) -> Type {
        match written {
            Written::Path(path) => self.read(&path, quoted, 0, data),
            Written::Text(paths) => {
                if paths.is_empty() && is_function(quoted.value) {
                    self.note(function_of_another_platform(quoted));
                }
                for (at, path) in paths {
                    self.read(&path, quoted, at, data);
                }
                Type::String
            }
            Written::Broken(at, error) => {
                self.note(bad_path(quoted, at, &error));
                Type::Any
            }
        }
    }

    /// A text of a Succeed or a Fail: a path, or a text with placeholders.
    pub(super) fn message(&mut self, text: &'a Placed<String>, data: &Data) {
        let quoted = self.quoted(text);
        let written = match Path::parse(quoted.value) {
            Ok(path) => Written::Path(path),
            Err(_) => placeholders(quoted.value),
        };
        self.logged(&written, quoted);
        self.written(written, quoted, data);
    }

    /// A value in a message for the log whose name says that it is secret.
    fn logged(&mut self, written: &Written, quoted: Quoted<'a>) {
        let paths: Vec<(usize, &Path)> = match written {
            Written::Path(path) => vec![(0, path)],
            Written::Text(paths) => paths.iter().map(|(at, path)| (*at, path)).collect(),
            Written::Broken(..) => return,
        };
        let secret = paths.into_iter().find_map(|(from, path)| {
            let is_secret = |step: &Step| matches!(step, Step::Member(name) if says_secret(name));
            Some((from, path, path.steps.iter().position(is_secret)?))
        });
        if let Some((from, path, step)) = secret {
            self.note(
                rules::SECRET_IN_LOG
                    .at(quoted.step(from, path, step), format!("`{path}` would stand in the log"))
                    .label("everybody who can read the log can use it")
                    .help("leave it out of the message"),
            );
        }
    }

    /// A string that nothing is filled in.
    fn plain(&mut self, text: &'a str, span: Span, key: Option<&Placed<String>>) {
        if self.silent {
            return;
        }
        let quoted = Quoted { file: self.checker.text, value: text, span };
        if let Written::Text(paths) = placeholders(text)
            && let Some((at, path)) = paths.first()
        {
            let at = at - 2;
            let finding = rules::NOT_FILLED_IN
                .at(quoted.part(at..at + 4 + path.to_string().len()), "nothing is filled in here")
                .label("stays as it is written");
            self.note(with_dynamic_key(finding, key));
        } else if is_bare_path(text) {
            let finding = rules::BARE_PATH
                .at(quoted.inside(), "this is a text, not the value found there")
                .label("stays as it is written");
            self.note(with_dynamic_key(finding, key));
        }
    }
}

impl Checker<'_> {
    /// Notes `k` beside `k.$`.
    pub(super) fn twice(&mut self, members: &[Member]) {
        if !members.iter().any(|member| member.key.ends_with(".$")) {
            return;
        }
        let plain: HashMap<&str, Span> = members.iter().map(|member| (member.key.as_str(), member.key.span)).collect();
        for member in members {
            let Some(name) = member.key.strip_suffix(".$") else { continue };
            if let Some(other) = plain.get(name) {
                self.findings.push(
                    rules::CONTRADICTION
                        .at(member.key.span, format!("both `{name}` and `{name}.$` are given"))
                        .label("excludes the other")
                        .note(*other, "the other one")
                        .help("remove one of them: both would write the same member"),
                );
            }
        }
    }
}

/// A value under a key that ends in `.$` is a path or a text.
pub(super) fn not_a_string(member: &Member) -> Finding {
    let plain = member.key.trim_end_matches(".$");
    rules::WRONG_TYPE
        .at(
            member.value.span,
            format!("`{}` takes a path or a text in quotes, and this is {}", *member.key, member.value.kind()),
        )
        .label("of another kind than is wanted")
        .help(format!("for a value as it stands, write the key as `{plain}`"))
}

/// A text that is nothing but a path. `$5` and the like are none.
pub(super) fn is_bare_path(text: &str) -> bool {
    text.starts_with("$.") && Path::parse(text).is_ok()
}

/// `States.Format(…)` and the like.
pub(super) fn is_function(text: &str) -> bool {
    text.starts_with("States.") && text.ends_with(')')
}

pub(super) fn function_of_another_platform(quoted: Quoted<'_>) -> Finding {
    rules::NOT_FILLED_IN
        .at(quoted.inside(), "the platform has no functions in templates")
        .label("stays as it is written")
        .help("write a text with placeholders such as `{{$.input.id}}`, or compute it with jq in front")
}

/// What to do about a key that lacks its `.$`.
pub(super) fn with_dynamic_key(finding: Finding, key: Option<&Placed<String>>) -> Finding {
    let Some(key) = key else {
        return finding.help("in a list nothing is filled in: build the list with jq in front");
    };
    let end = key.span.end() - TextSize::from(1);
    finding.help(format!("to fill it in, write the key as `{}.$`", key.value)).fix(
        format!("write the key as `{}.$`", key.value),
        Span::empty(end),
        ".$",
    )
}
