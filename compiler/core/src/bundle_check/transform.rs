//! jq states: the program, and the type of what it yields.

use super::data::{Data, bounded, without_constants};
use super::flow::Walk;
use super::place::{Quoted, escaped};
use crate::finding::Finding;
use crate::types::Type;
use crate::{Text, jq, rules};
use std::ops::Range;
use zisc_bundle::json::{Json, Member, Value};
use zisc_bundle::{Span, StateKind};
use zisc_syntax::tree::PlainText;

/// The platform's action for jq.
pub(super) const JQ: &str = "zis:common:transform:Jq";

impl<'a> Walk<'_, 'a> {
    /// The type of what a jq state yields.
    pub(super) fn yields(&mut self, members: &'a [Member], data: &Data) -> Type {
        let input = self.input(members, data);
        match member(members, "expr").and_then(|member| member.value.as_str()) {
            Some(program) => {
                let inferred = self.examined(program, &input).0.clone();
                match inferred.certain_error {
                    true => drop(self.failing.insert(self.here)),
                    false => drop(self.failing.remove(&self.here)),
                }
                // What comes after a failure is never reached, and has nothing wrong with it.
                if inferred.certain_error || inferred.count.most == 0 {
                    return Type::Any;
                }
                without_constants(bounded(inferred.outputs))
            }
            None => Type::Any,
        }
    }

    /// Looks at the parameters of a jq state.
    pub(super) fn transform(&mut self, members: &'a [Member], data: &Data, at: Span) {
        let input = self.silently(|walk| walk.input(members, data));
        // What `data` reads is looked at with the rest.
        self.template_of_members(members, data, &|key| matches!(key, "expr" | "expr.$"));
        for (name, other) in [("expr", "expr.$"), ("data", "data.$")] {
            if member(members, name).is_none() && member(members, other).is_none() {
                self.note(
                    rules::MISSING_ARGUMENT
                        .at(at, format!("jq needs `{name}`"))
                        .label(format!("called without `{name}`"))
                        .help(match name {
                            "expr" => "add the program, such as \"expr\": \".ticket_event.ticket.id\"",
                            _ => "add what the program works on, such as \"data.$\": \"$.input\"",
                        }),
                );
            }
        }
        if let Some(dynamic) = member(members, "expr.$") {
            self.injected(dynamic, data);
        }
        let Some(expr) = member(members, "expr") else { return };
        let Some(program) = expr.value.as_str() else {
            self.note(
                rules::WRONG_TYPE
                    .at(expr.value.span, format!("a jq program is a string, and this is {}", expr.value.kind()))
                    .label("of another kind than is wanted"),
            );
            return;
        };
        let quoted = Quoted { file: self.checker.text, value: program, span: expr.value.span };
        if program.contains("{{$") {
            let at = program.find("{{$").unwrap_or_default();
            self.note(
                rules::NOT_FILLED_IN
                    .at(quoted.part(at..at + 3), "nothing is filled in here")
                    .label("jq reads this as it stands")
                    .help("read the value from `data` instead"),
            );
            return;
        }
        let findings = self.examined(program, &input).1.clone();
        let is_faultless = findings.is_empty();
        for finding in findings {
            self.note(placed(finding, quoted));
        }
        // Some programs are there to fail.
        if is_faultless && !program.contains("error") && self.failing.contains(&self.here) {
            self.note(
                rules::JQ_OUTPUTS
                    .at(quoted.inside(), "this jq text fails whatever it is given here")
                    .label(format!("works on a value of type {input}")),
            );
        }
    }

    /// What the program of the state that is looked at does with an input: found out once, as long as that is the same.
    fn examined(&mut self, program: &str, input: &Type) -> &(jq::Inferred, Vec<Finding>) {
        let known = self.programs.remove(&self.here).filter(|(known, _)| known == input);
        let known = known.unwrap_or_else(|| {
            let span = Span::up_to(text_size::TextSize::of(program));
            (input.clone(), jq::examine(&PlainText { text: Text::new(program), span }, input, None))
        });
        &self.programs.entry(self.here).insert_entry(known).into_mut().1
    }

    /// The type of what the jq of a state works on.
    pub(super) fn jq_input(&mut self, state: usize, data: &Data) -> Option<Type> {
        match &self.graph.states[state].kind {
            StateKind::Action { action, parameters: Some(parameters), .. } if action.as_str() == JQ => {
                Some(self.input(parameters.as_object()?, data))
            }
            _ => None,
        }
    }

    /// The type of what a program works on.
    fn input(&mut self, members: &'a [Member], data: &Data) -> Type {
        let found = members.iter().find(|member| matches!(member.key.as_str(), "data" | "data.$"));
        match found {
            // The platform reads a text here as JSON.
            Some(Member { key, value: Json { value: Value::String(_), .. } }) if key.as_str() == "data" => Type::Any,
            Some(found) => self.silently(|walk| walk.member(found, data)).1,
            None => Type::Any,
        }
    }

    /// A program that values are put into.
    fn injected(&mut self, member: &'a Member, data: &Data) {
        self.member(member, data);
        let Some(program) = member.value.as_str() else { return };
        let Some(at) = program.find("{{$") else { return };
        let quoted = Quoted { file: self.checker.text, value: program, span: member.value.span };
        let end = program[at..].find("}}").map_or(program.len(), |length| at + length + 2);
        self.note(
            rules::INJECTION
                .at(quoted.part(at..end), "a value becomes a part of the program")
                .label("a quote in it breaks the program, or changes what it does")
                .help("give it as `data`, and read it from there"),
        );
    }
}

fn member<'m>(members: &'m [Member], key: &str) -> Option<&'m Member> {
    members.iter().rev().find(|member| member.key.as_str() == key)
}

/// A finding in a program, at its place in the JSON text.
fn placed(mut finding: Finding, quoted: Quoted<'_>) -> Finding {
    let place = |span: Span| quoted.part(Range::<usize>::from(span));
    finding.span = place(finding.span);
    for note in &mut finding.notes {
        note.span = place(note.span);
    }
    if let Some(fix) = &mut finding.fix {
        fix.span = place(fix.span);
        fix.replacement = escaped(&fix.replacement);
    }
    finding
}
