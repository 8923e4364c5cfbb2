//! Everything that is wrong with an item, and with a file as a whole.

mod file;
mod import;
mod items;
mod types;

pub(crate) use file::file_findings;

use crate::action::action_definition;
use crate::finding::{Finding, Fix};
use crate::flow::kept;
use crate::lint::overwritten;
use crate::{Db, ItemSource, Settings, SourceFile, declarations, flow_graph, parsed, rules};
use items::{connection, integration, job, param};
use text_size::TextSize;
use types::Types;
use zisc_bundle::{Span, nearest};
use zisc_syntax::tree::{Attribute, Block, Item, ItemKind, PlainText, attribute_texts};
use zisc_syntax::{SyntaxError, SyntaxErrorKind};

/// What is wrong with one item, placed from its start.
#[salsa::tracked(returns(deref))]
pub(crate) fn item_findings<'db>(
    db: &'db dyn Db,
    item: ItemSource<'db>,
    file: SourceFile,
    settings: Settings,
) -> Vec<Finding> {
    let parsed = parsed(db, item);
    let declarations = declarations(db, file);
    let mut findings: Vec<Finding> = Vec::new();
    let mut types = Types { declarations, findings: Vec::new() };
    types.item(&parsed.item);
    findings.append(&mut types.findings);
    match &parsed.item.kind {
        ItemKind::Integration { name: Some(name) } => findings.extend(integration(name)),
        ItemKind::Connection { name, kind, domain } => {
            connection(name.as_ref(), kind.as_ref(), domain.as_ref(), &mut findings)
        }
        ItemKind::Param { name, default, .. } => param(name.as_ref(), default.as_ref(), declarations, &mut findings),
        ItemKind::Job { event, flow, .. } => job(event.as_ref(), flow.as_ref(), declarations, &mut findings),
        ItemKind::Action(_) => findings.extend(action_definition(db, item, file, settings).findings.iter().cloned()),
        ItemKind::Flow(flow) => {
            findings.extend(flow_graph(db, item, file, settings).findings.iter().cloned());
            flow.body.iter().for_each(|body| overwritten(body, &mut findings));
        }
        ItemKind::Import { names, path } => import::check(db, file, names.as_deref(), path.as_ref(), &mut findings),
        ItemKind::Raw { json, .. } | ItemKind::Extra { json } => drop(kept(json, &mut findings)),
        _ => {}
    }
    if let Some(extra) = &parsed.item.extra {
        kept(extra, &mut findings);
    }
    let text = item.text(db);
    findings.retain(|finding| !is_consequence(finding, &parsed.errors, text));
    // What is known of the values says more than the words alone.
    let is_told = |error: &&SyntaxError| {
        !findings.iter().any(|finding| *finding.rule == rules::HABIT && finding.span == error.span)
    };
    let errors: Vec<Finding> = parsed.errors.iter().filter(is_told).map(syntax_finding).collect();
    findings.extend(errors);
    accept(&parsed.item, &mut findings);
    findings
}

/// Leaves out what `@allow` accepts, and notes where it names nothing.
pub(crate) fn accept(item: &Item, findings: &mut Vec<Finding>) {
    let all = |span: Span, attributes: &'_ [Attribute]| -> Vec<(Span, PlainText)> {
        attribute_texts(attributes, "allow").map(|code| (span, code.clone())).collect()
    };
    unknown_attributes(&item.attributes, findings);
    let mut accepted = all(Span::up_to(TextSize::from(u32::MAX)), &item.attributes);
    let mut blocks: Vec<&Block> = match &item.kind {
        ItemKind::Flow(flow) => flow.body.iter().collect(),
        _ => Vec::new(),
    };
    while let Some(block) = blocks.pop() {
        for statement in &block.statements {
            unknown_attributes(&statement.attributes, findings);
            accepted.extend(all(statement.span, &statement.attributes));
            blocks.extend(statement.blocks());
        }
    }
    let allowed = accepted;
    for (_, code) in &allowed {
        if rules::rule(&code.text).is_none() {
            let near = nearest(&code.text, rules::RULES.iter().flat_map(|rule| [rule.code, rule.name]));
            let finding = rules::UNKNOWN_NAME
                .at(code.span, format!("no finding is called `{}`", code.text))
                .label("nothing to accept");
            findings.push(match near {
                Some(near) => finding.help(format!("did you mean \"{near}\"?")),
                None => finding
                    .help("name a finding by its code, such as \"W0501\", or by its name, such as \"unreachable\""),
            });
        }
    }
    findings.retain(|finding| {
        !allowed.iter().any(|(span, code)| {
            span.contains_range(finding.span) && rules::rule(&code.text).is_some_and(|rule| rule == finding.rule)
        })
    });
}

/// Attributes that mean nothing.
fn unknown_attributes(attributes: &[Attribute], findings: &mut Vec<Finding>) {
    const KNOWN: &[&str] = &["allow", "key"];
    for name in attributes.iter().map(|attribute| &attribute.name) {
        // A name that is missing has been told of.
        if name.text.is_empty() || KNOWN.contains(&name.text.as_str()) {
            continue;
        }
        let finding =
            rules::UNKNOWN_NAME.at(name.span, format!("no attribute is called `{}`", name.text)).label("means nothing");
        findings.push(match nearest(&name.text, KNOWN.iter().copied()) {
            Some(near) => finding.did_you_mean(name.span, Some(near)),
            None => finding.help(
                "there are `@allow(\"code\")`, which accepts a finding, and `@key(\"name\")`, the key of a resource",
            ),
        });
    }
}

/// Whether a finding only follows from a mistake in the form of the text: one mistake, one message.
fn is_consequence(finding: &Finding, errors: &[SyntaxError], text: &str) -> bool {
    let before = |span: Span| &text[..usize::from(span.start()).min(text.len())];
    let line = |span: Span| before(span).matches('\n').count();
    // An argument may be among what could not be read.
    let in_its_brackets = |error: &SyntaxError| {
        let between = before(error.span).get(usize::from(finding.span.end())..).unwrap_or_default();
        between.matches('(').count() > between.matches(')').count()
    };
    // A block that is still being written may get what it lacks.
    let in_its_block = |error: &SyntaxError| {
        let until = &text[..usize::from(error.span.end()).min(text.len())];
        let between = until.get(usize::from(finding.span.end())..).unwrap_or_default();
        between.matches('{').count() > between.matches('}').count()
    };
    // A habit with a fix has been read as what it means; what comes without one has been left out.
    let binds = |error: &SyntaxError, name: &str| {
        let start = before(error.span).rfind('\n').map_or(0, |end| end + 1);
        let line = text[start..].lines().next().unwrap_or_default().trim_start();
        let words = |line: &str| line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == name);
        line.strip_prefix("let ").is_some_and(words)
    };
    if *finding.rule == rules::UNKNOWN_FILE && !errors.is_empty() {
        return true;
    }
    errors.iter().filter(|error| error.kind != SyntaxErrorKind::Habit || error.fix.is_none()).any(|error| {
        let touches = finding.span.intersect(error.span).is_some();
        touches
            // Where a line that cannot be read leads is not known.
            || *finding.rule == rules::UNREACHABLE
            || (*finding.rule == rules::NO_EFFECT && line(finding.span) == line(error.span))
            || (*finding.rule == rules::MISSING_ARGUMENT && in_its_brackets(error))
            || ([&rules::MISSING_CASE, &rules::INCOMPLETE].contains(&finding.rule) && in_its_block(error))
            // A line with `let` that cannot be read may have bound the name.
            || (*finding.rule == rules::UNKNOWN_NAME && binds(error, &text[std::ops::Range::<usize>::from(finding.span)]))
            // A method that takes a function, and the function is no value.
            || (*finding.rule == rules::UNKNOWN_ACTION && in_its_brackets(error))
    })
}

/// The finding for a mistake in the form of a text.
pub(crate) fn syntax_finding(error: &SyntaxError) -> Finding {
    let rule = match error.kind {
        SyntaxErrorKind::Unexpected => &rules::UNEXPECTED,
        SyntaxErrorKind::Unclosed => &rules::UNCLOSED,
        SyntaxErrorKind::Habit => &rules::HABIT,
    };
    let mut finding =
        rule.at(error.span, error.headline.clone()).label(error.label.clone()).help_if(error.help.clone());
    finding.fix = error.fix.as_ref().map(|fix| Fix {
        title: fix.title.clone(),
        span: fix.span,
        replacement: fix.replacement.clone(),
    });
    finding
}
