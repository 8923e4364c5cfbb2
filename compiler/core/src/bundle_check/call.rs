//! Calls: what an Action runs, whether it gives what that needs, and what comes back.

use super::data::{Data, bounded};
use super::flow::Walk;
use super::transform::JQ;
use crate::built_in::{built_in, built_ins, reference};
use crate::types::Type;
use crate::{ActionSignature, rules};
use text_size::TextSize;
use zisc_bundle::json::{Json, Member};
use zisc_bundle::{Placed, Reference, Span};

/// What an Action runs.
enum Callee {
    Jq,
    BuiltIn(&'static ActionSignature, String),
    Custom(String),
    /// Nothing that is known.
    Unknown,
}

impl<'a> Walk<'_, 'a> {
    /// The type of what an Action gives.
    pub(super) fn result_of(&mut self, action: &str, parameters: Option<&'a Json>, data: &Data) -> Type {
        match callee(action) {
            Callee::Jq => self.yields(parameters.and_then(Json::as_object).unwrap_or_default(), data),
            Callee::BuiltIn(signature, _) => bounded(signature.result.clone()),
            Callee::Custom(_) | Callee::Unknown => Type::Any,
        }
    }

    /// Looks at what an Action runs, and at what it gives to it.
    pub(super) fn call(&mut self, action: &'a Placed<String>, parameters: Option<&'a Json>, data: &Data) {
        let members = parameters.and_then(Json::as_object).unwrap_or_default();
        if action.is_empty() {
            self.template_of_members(members, data, &|_| false);
            return; // it is missing, and that has been told
        }
        match callee(action) {
            Callee::Jq => return self.transform(members, data, action.span),
            Callee::BuiltIn(signature, name) => self.built_in_call(action, signature, &name, members, data),
            Callee::Custom(name) => self.custom_call(action, &name, members),
            Callee::Unknown => self.unknown(action),
        }
        self.template_of_members(members, data, &|_| false);
    }

    fn unknown(&mut self, action: &'a Placed<String>) {
        let quoted = self.quoted(action);
        let finding = match Reference::parse(action) {
            Some(reference) if reference.integration == "common" => {
                rules::UNKNOWN_ACTION.at(quoted.inside(), format!("the platform has no action `{}`", reference.name))
            }
            _ => rules::UNKNOWN_ACTION.at(quoted.inside(), format!("`{}` names no action", action.value)),
        };
        let finding = finding.label("no such action");
        let known: Vec<String> = built_ins().map(|(name, _)| reference(name)).chain([JQ.to_owned()]).collect();
        let integration = self.checker.usual_integration.unwrap_or("INTEGRATION");
        let own: Vec<String> =
            self.checker.customs.keys().map(|name| format!("zis:{integration}:action:{name}")).collect();
        let all = known.iter().chain(&own).map(String::as_str);
        let alone = self
            .checker
            .customs
            .contains_key(action.as_str())
            .then(|| format!("zis:{integration}:action:{}", action.value));
        let near = alone.or_else(|| self.checker.guesses.nearest(action, all).map(str::to_owned));
        self.note(match near {
            Some(near) => finding.did_you_mean(quoted.inside(), Some(&near)),
            None => finding.help("a custom action is called zis:INTEGRATION:action:NAME; what the platform brings, zis:common:action:NAME"),
        });
    }

    fn custom_call(&mut self, action: &'a Placed<String>, name: &str, members: &'a [Member]) {
        let quoted = self.quoted(action);
        let Some(custom) = self.checker.customs.get_mut(name) else {
            let span = quoted.part(action.len() - name.len()..action.len());
            let finding = rules::UNKNOWN_ACTION
                .at(span, format!("this bundle defines no action `{name}`"))
                .label("no such action");
            let names = self.checker.customs.keys().copied();
            // A key is easily taken for the name.
            let by_key = self.checker.bundle.resources.get(name).and_then(|resource| match &resource.kind {
                zisc_bundle::ResourceKind::HttpAction(action) => Some(action.name.as_str()),
                _ => None,
            });
            let near = by_key.or_else(|| self.checker.guesses.nearest(name, names));
            let finding = match near {
                Some(near) => finding.did_you_mean(span, Some(near)),
                None => finding.help("an action has to be defined in the bundle of the flow that calls it"),
            };
            self.note(finding);
            return;
        };
        custom.is_called = true;
        if self.silent || custom.reads_all {
            return;
        }
        let given: Vec<(&str, Span)> = members.iter().map(|member| (plain(member), member.key.span)).collect();
        let mut missing: Vec<(String, Option<Span>)> = custom
            .reads
            .iter()
            .filter(|(read, _)| given.iter().all(|(name, _)| name != read))
            .map(|(read, span)| (read.clone(), Some(*span)))
            .collect();
        let seems_to_read = custom.seems_to_read.clone();
        let reads: Vec<String> = custom.reads.keys().map(|name| format!("`{name}`")).collect();
        let mut ignored: Vec<(&str, Span)> = given
            .into_iter()
            .filter(|(given, _)| !custom.reads.contains_key(*given) && !seems_to_read.iter().any(|name| name == given))
            .collect();
        ignored.retain(|(given, span)| !self.misnamed(name, given, *span, &mut missing));
        if let Some(((_, first), others)) = ignored.split_first() {
            let names: Vec<_> = ignored.iter().map(|(name, _)| format!("`{name}`")).collect();
            let finding = rules::IGNORED_ARGUMENT
                .at(*first, format!("action `{name}` does not read {}", names.join(" and ")))
                .label("passed on, and read by nobody");
            let finding = others.iter().fold(finding, |finding, (_, span)| finding.note(*span, "nor this"));
            self.note(match reads.is_empty() {
                true => finding.help("remove it: the action reads nothing"),
                false => finding.help(format!("remove it; the action reads {}", reads.join(", "))),
            });
        }
        if let Some((_, first)) = missing.first() {
            let names: Vec<_> = missing.iter().map(|(name, _)| format!("`{name}`")).collect();
            let finding =
                rules::MISSING_ARGUMENT.at(quoted.inside(), format!("`{name}` needs {}", names.join(" and ")));
            let finding = match first {
                Some(first) => finding.note(*first, "read here"),
                None => finding,
            };
            self.note(
                finding
                    .label(format!("called without {}", names.join(" and ")))
                    .help("add it to `Parameters`; running it fails with: Error Resolving JSON Params"),
            );
        }
    }

    /// What is given under a wrong name is missing under the right one: that is one mistake.
    fn misnamed(&mut self, action: &str, given: &str, span: Span, missing: &mut Vec<(String, Option<Span>)>) -> bool {
        let names = missing.iter().map(|(name, _)| name.as_str());
        let meant = zisc_bundle::nearest(given, names).map(str::to_owned).or_else(|| ends_alike(given, missing));
        let Some(position) = meant.and_then(|meant| missing.iter().position(|(name, _)| *name == meant)) else {
            return false;
        };
        let (wanted, at) = missing.remove(position);
        let start = span.start() + TextSize::from(1);
        let finding = rules::MISSING_ARGUMENT
            .at(span, format!("`{action}` reads `{wanted}`, and is given `{given}`"))
            .label(format!("not read; running it fails for want of `{wanted}`"))
            .help(format!("did you mean `{wanted}`?"))
            .fix(format!("write `{wanted}`"), Span::at(start, TextSize::of(given)), wanted);
        self.note(match at {
            Some(at) => finding.note(at, "read here"),
            None => finding,
        });
        true
    }

    fn built_in_call(
        &mut self,
        action: &'a Placed<String>,
        signature: &ActionSignature,
        name: &str,
        members: &'a [Member],
        data: &Data,
    ) {
        let mut missing: Vec<(String, Option<Span>)> = signature
            .parameters
            .iter()
            .filter(|parameter| parameter.is_required() && members.iter().all(|member| plain(member) != parameter.name))
            .map(|parameter| (parameter.name.to_string(), None))
            .collect();
        for member in members {
            let given = plain(member);
            let Some(parameter) = signature.parameters.iter().find(|parameter| parameter.name == given) else {
                if self.misnamed(name, given, member.key.span, &mut missing) {
                    continue;
                }
                let free = signature.parameters.iter().map(|parameter| parameter.name.as_str());
                let finding = rules::IGNORED_ARGUMENT
                    .at(member.key.span, format!("`{name}` has no parameter `{given}`"))
                    .label("passed on, and read by nobody");
                self.note(match zisc_bundle::nearest(given, free.clone()) {
                    Some(near) => finding.help(format!("did you mean `{near}`?")),
                    None => finding.help(format!(
                        "it takes {}",
                        free.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
                    )),
                });
                continue;
            };
            let kind = self.silently(|walk| walk.member(member, data)).1;
            if !kind.overlaps(&parameter.kind) {
                self.note(
                    rules::WRONG_TYPE
                        .at(member.value.span, format!("`{given}` of `{name}` is of another type"))
                        .label(format!("of type {kind}, and {} is wanted", parameter.kind)),
                );
            }
        }
        if !missing.is_empty() {
            let missing: Vec<_> = missing.iter().map(|(name, _)| format!("`{name}`")).collect();
            self.note(
                rules::MISSING_ARGUMENT
                    .at(self.quoted(action).inside(), format!("`{name}` needs {}", missing.join(" and ")))
                    .label(format!("called without {}", missing.join(" and ")))
                    .help("add it to `Parameters`"),
            );
        }
        let sides = ["left_object_name", "right_object_name"];
        if name == "LoadLinks" && members.iter().all(|member| !sides.contains(&plain(member))) {
            self.note(
                rules::MISSING_ARGUMENT
                    .at(self.quoted(action).inside(), "`LoadLinks` needs the name of one side")
                    .label("called without `left_object_name` and `right_object_name`")
                    .help("add one of them, or both"),
            );
        }
    }
}

fn callee(action: &str) -> Callee {
    if action == JQ {
        return Callee::Jq;
    }
    match Reference::parse(action) {
        Some(Reference { integration: "common", kind: "action", name }) => match built_in(&format!("zis.{name}")) {
            Some(signature) => Callee::BuiltIn(signature, name.to_owned()),
            None => Callee::Unknown,
        },
        Some(Reference { integration, kind: "action", name }) if integration != "common" => {
            Callee::Custom(name.to_owned())
        }
        _ => Callee::Unknown,
    }
}

/// The name of a parameter, without `.$`.
fn plain(member: &Member) -> &str {
    member.key.strip_suffix(".$").unwrap_or(&member.key)
}

/// `ticket_id` for `id`: the missing parameter whose name ends or begins like what is given.
fn ends_alike(given: &str, missing: &[(String, Option<Span>)]) -> Option<String> {
    let ends = |long: &str, short: &str| {
        long.strip_suffix(short).is_some_and(|rest| rest.ends_with(['_', '-', '.']))
            || long.strip_prefix(short).is_some_and(|rest| rest.starts_with(['_', '-', '.']))
    };
    missing.iter().find(|(name, _)| ends(name, given) || ends(given, name)).map(|(name, _)| name.clone())
}
