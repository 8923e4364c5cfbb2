//! What nobody uses.

use super::{expressions, statements};
use crate::declaration::declaration;
use crate::finding::Finding;
use crate::navigate::Sort;
use crate::{Db, ItemSource, SourceFile, Text, declarations, items, parsed, rules};
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use text_size::TextSize;
use zisc_bundle::{Path, Span, Step, nearest};
use zisc_syntax::tree::{
    Action, Block, Expression, ExpressionKind, Item, ItemKind, LetTarget, Name, RecordMember, Statement, StatementKind,
    TextPart,
};

/// The names that an item mentions.
#[salsa::tracked(returns(deref))]
fn mentioned<'db>(db: &'db dyn Db, item: ItemSource<'db>) -> Vec<Text> {
    let mut names: Vec<Text> = parsed(db, item).item.mentions().into_iter().map(|name| name.text).collect();
    names.sort();
    names.dedup();
    names
}

fn mentions(db: &dyn Db, item: ItemSource<'_>, name: &str) -> bool {
    mentioned(db, item).binary_search_by(|known| known.as_str().cmp(name)).is_ok()
}

/// Items that nothing in the bundle uses, by their position, each with its finding. A library is for others to use.
#[salsa::tracked(returns(deref))]
pub(super) fn unused_items(db: &dyn Db, file: SourceFile) -> Vec<(usize, Finding)> {
    let all = items(db, file);
    if declarations(db, file).integration.is_none() {
        return Vec::new();
    }
    let is_wanted = |item: &ItemSource<'_>| {
        let item = &parsed(db, *item).item;
        needed(item).is_some() || matches!(item.kind, ItemKind::Import { .. })
    };
    let mut wanted: HashMap<&str, Vec<usize>> = HashMap::new();
    for item in all.iter().filter(|item| is_wanted(item)) {
        wanted.extend(mentioned(db, *item).iter().map(|name| (name.as_str(), Vec::new())));
    }
    // Where such a name is mentioned: two places are enough to know of.
    for (position, item) in all.iter().enumerate() {
        for name in mentioned(db, *item) {
            if let Some(places) = wanted.get_mut(name.as_str()).filter(|places| places.len() < 2) {
                places.push(position);
            }
        }
    }
    let is_used = |name: &str, by: usize| match wanted.get(name) {
        Some(places) => places.iter().any(|place| *place != by),
        None => all.iter().enumerate().any(|(at, item)| at != by && mentions(db, *item, name)),
    };
    let mut found = Vec::new();
    for (position, item) in all.iter().enumerate() {
        let tree = &parsed(db, *item).item;
        if let ItemKind::Import { names, path: Some(path) } = &tree.kind {
            let unused = unused_import(db, file, names.as_deref(), &path.text, |name| is_used(name, position));
            found.extend(unused.into_iter().map(|unused| (position, import(tree, unused))));
            continue;
        }
        if let Some((name, why)) = needed(tree).filter(|(name, _)| !is_used(&name.text, position)) {
            let finding = rules::UNUSED
                .at(name.span, format!("{} `{}` is never used", Sort::of(tree).map_or("item", Sort::word), name.text))
                .label(why)
                .help("remove it, or use it");
            found.push((position, finding.fix("remove it", tree.span, "")));
        }
    }
    found
}

/// The name of an item that is there to be used, and who would use it.
fn needed(item: &Item) -> Option<(&Name, &'static str)> {
    let why = match &item.kind {
        ItemKind::Param { .. } => "nothing reads it",
        ItemKind::Connection { .. } => "no action has it",
        ItemKind::Config { .. } => "no flow loads it",
        ItemKind::Type { .. } => "nothing is of this type",
        ItemKind::Event { .. } => "no job answers to it",
        ItemKind::Action(_) => "no flow calls it",
        _ => return None,
    };
    Some((item.name()?, why))
}

/// A name in an import, and what to take away with it.
type ImportedName<'t> = (&'t Name, Span);

/// What an import brings that is not used: single names, or the whole.
fn unused_import<'t>(
    db: &dyn Db,
    file: SourceFile,
    names: Option<&'t [Name]>,
    path: &str,
    is_used: impl Fn(&str) -> bool,
) -> Vec<Option<ImportedName<'t>>> {
    match names {
        Some(names) if names.iter().any(|name| is_used(&name.text)) => {
            // The comma goes with it: that in front, or the one behind the first.
            let with_comma = |at: usize| match at.checked_sub(1) {
                Some(before) => Span::new(names[before].span.end(), names[at].span.end()),
                None => Span::new(names[at].span.start(), names[at + 1].span.start()),
            };
            let unused = names.iter().enumerate().filter(|(_, name)| !is_used(&name.text));
            unused.map(|(at, name)| Some((name, with_comma(at)))).collect()
        }
        Some(_) => vec![None],
        None => {
            let Some(imported) = file.imports(db).get(path) else { return Vec::new() };
            let mut declared = items(db, *imported).iter().filter_map(|item| declaration(db, *item).as_ref());
            let any = declared.any(|declared| declared.exported().is_some_and(|name: &Text| is_used(name)));
            if any { Vec::new() } else { vec![None] }
        }
    }
}

fn import(item: &Item, name: Option<ImportedName<'_>>) -> Finding {
    match name {
        Some((name, with_comma)) => rules::UNUSED
            .at(name.span, format!("`{}` is imported and never used", name.text))
            .label("not needed")
            .help("leave it out")
            .fix("leave it out", with_comma, ""),
        None => rules::UNUSED
            .at(item.span, "nothing of this import is used")
            .label("not needed")
            .help("remove it")
            .fix("remove it", item.span, ""),
    }
}

/// Whether nothing else that is wrong can be the reason why a name looks unused: it stands nowhere else in the text of
/// its item, and nobody takes it for what was meant. What is wrong behind its value, on the same line, is no reason.
pub(super) fn is_certainly(finding: &Finding, item: &Item, text: &str, others: &[&Finding]) -> bool {
    let name = &text[finding.span];
    let line = |at: usize| text[..at].matches('\n').count();
    let end = value_of(item, finding.span).map_or(TextSize::of(text), |value| value.span.end());
    let is_reason = |other: &&Finding| {
        finding.fix.as_ref().is_some_and(|fix| fix.span.contains_range(other.span))
            || may_mean(other, text, name)
            || (other.span.start() < end && line(other.span.start().into()) == line(finding.span.start().into()))
    };
    places(text, name).count() == 1 && !others.iter().any(is_reason)
}

/// Whether who made a mistake in a text may have meant this name.
pub(super) fn may_mean(mistake: &Finding, text: &str, name: &str) -> bool {
    mistake.fix.as_ref().is_some_and(|fix| fix.replacement.contains(name))
        || mistake.help.as_ref().is_some_and(|help| help.starts_with(&format!("did you mean `{name}`")))
        || (*mistake.rule == rules::UNKNOWN_NAME
            && text
                .get(Range::<usize>::from(mistake.span))
                .is_some_and(|written| nearest(written, std::iter::once(name)).is_some()))
}

/// Where a name stands in a text, as a whole word.
pub(super) fn places<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = usize> + 't {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let stands_alone =
        move |at: &usize| !text[..*at].ends_with(is_part) && !text[at + name.len()..].starts_with(is_part);
    text.match_indices(name).map(|(at, _)| at).filter(stands_alone)
}

/// The value of a name that a flow binds at a place.
fn value_of(item: &Item, name: Span) -> Option<&Expression> {
    let ItemKind::Flow(flow) = &item.kind else { return None };
    let mut all = Vec::new();
    statements(flow.body.as_ref()?, &mut all);
    match &all.into_iter().rfind(|statement| statement.span.contains_range(name))?.kind {
        StatementKind::Let { value, .. } if value.kind != ExpressionKind::Error => Some(value),
        _ => None,
    }
}

/// Parameters of an action that its request does not use.
pub(super) fn parameters(action: &Action, findings: &mut Vec<Finding>) {
    let mut read = HashSet::new();
    let mut is_open = action.address.is_none();
    for value in action.values() {
        is_open |= reads(value, &mut read);
    }
    if is_open {
        return;
    }
    for parameter in action.parameters.iter().filter(|parameter| !read.contains(&parameter.name.text)) {
        let name = &parameter.name;
        findings.push(
            rules::UNUSED
                .at(name.span, format!("the request does not use `{}`", name.text))
                .label("whatever a call passes is lost")
                .help("use it in the address, the query, a header or the body, or remove it"),
        );
    }
}

/// Names that a flow binds and never reads.
pub(super) fn bindings(body: &Block, text: &str, findings: &mut Vec<Finding>) {
    let mut all: Vec<&Statement> = Vec::new();
    statements(body, &mut all);
    let mut read = HashSet::new();
    for statement in &all {
        if matches!(statement.kind, StatementKind::Raw { .. }) {
            return;
        }
        for expression in statement.expressions() {
            if reads(expression, &mut read) {
                return;
            }
        }
    }
    // What the body of a `for` leaves behind is what the loop gives.
    let mut results = Vec::new();
    for statement in &all {
        if let StatementKind::For { target: Some(_), body, .. } = &statement.kind {
            let mut inside = Vec::new();
            statements(body, &mut inside);
            if !inside.iter().any(|statement| matches!(statement.kind, StatementKind::Yield { .. })) {
                results.extend(inside.iter().map(|statement| statement.span));
            }
        }
    }
    for statement in all.into_iter().filter(|statement| !results.contains(&statement.span)) {
        let (target, value) = match &statement.kind {
            StatementKind::Let { target: LetTarget::Member { root, rest }, value, .. } if rest.is_empty() => {
                (root, Some(value))
            }
            StatementKind::For { target: Some(LetTarget::Member { root, rest }), .. } if rest.is_empty() => {
                (root, None)
            }
            _ => continue,
        };
        if !read.contains(&target.text) && !target.text.starts_with('_') {
            findings.push(never_read(statement, target, value, text));
        } else if let Some(callee) = value.and_then(gives_nothing) {
            findings.push(
                rules::UNUSED
                    .at(target.span, format!("`{callee}` gives nothing back"))
                    .label("nothing to give a name to")
                    .help("call it without a name, and read something else"),
            );
        }
    }
}

fn never_read(statement: &Statement, name: &Name, value: Option<&Expression>, text: &str) -> Finding {
    let finding = rules::NEVER_READ.at(name.span, format!("`{}` is never read", name.text));
    let is_bare = statement.label.is_none() && statement.documentation.0.is_none() && statement.attributes.is_empty();
    match value {
        Some(value) if is_call(value) => {
            let finding = finding.label("the answer is kept for nothing").help("call it without a name");
            let up_to_value = Span::new(statement.span.start(), value.span.start());
            if is_bare { finding.fix("call it without a name", up_to_value, "") } else { finding }
        }
        Some(_) => {
            let finding = finding.label("computed for nothing").help("remove the statement");
            if is_bare { finding.fix("remove the statement", statement.span, "") } else { finding }
        }
        None => {
            let finding = finding.label("the results are kept for nothing").help("write the `for` without a name");
            let word = text[usize::from(name.span.end())..].find("for").and_then(|at| TextSize::try_from(at).ok());
            match word.filter(|_| is_bare) {
                Some(word) => {
                    let up_to_word = Span::new(statement.span.start(), name.span.end() + word);
                    finding.fix("write the `for` without a name", up_to_word, "")
                }
                None => finding,
            }
        }
    }
}

/// Whether a value is the call of an action: that does something, whoever reads the answer.
fn is_call(value: &Expression) -> bool {
    let ExpressionKind::Call { callee, .. } = &value.kind else { return false };
    callee.dotted().is_none_or(|name| crate::functions::function(&name.text).is_none())
}

/// What is called, where the platform answers nothing.
fn gives_nothing(value: &Expression) -> Option<Text> {
    let ExpressionKind::Call { callee, arguments, .. } = &value.kind else { return None };
    let name = callee.dotted()?.text;
    let patches = name.ends_with(".patch")
        && matches!(arguments.as_slice(), [only] if only.name.is_none() && matches!(only.value.kind, ExpressionKind::Record(_)));
    (patches || matches!(name.as_str(), "zis.PatchConfig" | "zis.DeleteLink")).then_some(name)
}

/// The members of `$` that the paths in a rule of JSON begin with.
fn members_in_json(json: &Expression) -> Vec<Text> {
    let mut found = Vec::new();
    expressions(json, &mut found);
    let paths = found.into_iter().filter_map(|expression| match &expression.kind {
        ExpressionKind::Text(parts) => match parts.as_slice() {
            [TextPart::Text(text)] => Path::parse(&text.text).ok(),
            _ => None,
        },
        _ => None,
    });
    paths
        .filter_map(|path| match path.steps.into_iter().next()? {
            Step::Member(name) => Some(Text::new(name)),
            Step::Index(_) => None,
        })
        .collect()
}

/// Adds the names that an expression reads. Says whether it reads everything, or what nobody knows.
fn reads(expression: &Expression, read: &mut HashSet<Text>) -> bool {
    let mut found = Vec::new();
    expressions(expression, &mut found);
    let mut all = false;
    let mut roots_in_fields = 0;
    let mut roots = 0;
    for expression in found {
        match &expression.kind {
            ExpressionKind::Name(name) => drop(read.insert(name.clone())),
            ExpressionKind::Root => roots += 1,
            ExpressionKind::Field { base, name: Some(name), .. } if base.kind == ExpressionKind::Root => {
                roots_in_fields += 1;
                read.insert(name.text.clone());
            }
            ExpressionKind::Jq { data: None, .. } => all = true,
            ExpressionKind::Raw(json) => read.extend(members_in_json(json)),
            ExpressionKind::Record(members) => {
                for member in members {
                    match member {
                        RecordMember::Short(name) => drop(read.insert(name.text.clone())),
                        RecordMember::Field { key, .. } => all |= key.text.ends_with(".$"),
                        RecordMember::Spread(_) => {}
                    }
                }
            }
            ExpressionKind::Call { arguments, .. } => {
                all |= arguments
                    .iter()
                    .filter_map(|argument| argument.name.as_ref())
                    .any(|name| name.text.ends_with(".$"));
            }
            _ => {}
        }
    }
    all || roots > roots_in_fields
}
