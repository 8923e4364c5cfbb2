//! What is wrong with a file as a whole.

use crate::finding::Finding;
use crate::navigate::Sort;
use crate::{Db, Settings, SourceFile, Text, declarations, items, parsed, rules};
use std::collections::HashMap;
use zisc_bundle::Span;
use zisc_syntax::tree::{Item, ItemKind, Name, attribute_texts};

/// Names that stand twice in a file.
pub(crate) fn file_findings(db: &dyn Db, file: SourceFile, _settings: Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen: HashMap<(&'static str, Text), Span> = HashMap::new();
    for item in items(db, file) {
        let tree = &parsed(db, *item).item;
        let start = item.start(db);
        let Some((sort, name)) = sort_and_name(tree) else { continue };
        let span = name.span + start;
        let key = match sort {
            "integration" => Text::default(),
            _ => name.text.clone(),
        };
        if let Some(first) = seen.get(&(sort, key.clone())) {
            let headline = match sort {
                "integration" => "a file has one integration".to_owned(),
                _ => format!("two {sort}s are called `{}`", name.text),
            };
            let help = match sort {
                "integration" => "put the second one into a file of its own".to_owned(),
                _ => format!("give one of the {sort}s another name"),
            };
            findings.push(
                rules::DUPLICATE_NAME
                    .at(span, headline)
                    .label("the second one")
                    .note(*first, "the first one")
                    .help(help),
            );
        } else {
            seen.insert((sort, key), span);
        }
    }
    findings.extend(same_keys(db, file));
    findings.extend(clashes(db, file));
    findings
}

/// Resources of different sorts that would have the same key in the bundle, so that one of them would be lost.
fn same_keys(db: &dyn Db, file: SourceFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen: HashMap<Text, (&'static str, Span)> = HashMap::new();
    for item in items(db, file) {
        let tree = &parsed(db, *item).item;
        let start = item.start(db);
        let key = attribute_texts(&tree.attributes, "key").next().map(|key| (key.text.clone(), key.span));
        let (sort, name) = match &tree.kind {
            ItemKind::Raw { key: Some(key), .. } => ("resource", Some((key.text.clone(), key.span))),
            ItemKind::Action(_) => ("action", None),
            ItemKind::Job { .. } => ("job", None),
            ItemKind::Flow(_) => ("flow", None),
            _ => continue,
        };
        let name = name.or_else(|| tree.name().map(|name| (name.text.clone(), name.span)));
        let Some((key, span)) = key.or(name).map(|(key, span)| (key, span + start)) else { continue };
        match seen.get(&key) {
            // Two of one sort are told of already, by their name.
            Some((other, first)) if *other != sort || sort == "resource" => findings.push(
                rules::DUPLICATE_NAME
                    .at(span, format!("two resources of the bundle have the key `{key}`"))
                    .label(format!("this {sort}"))
                    .note(*first, format!("and this {other}"))
                    .help(format!("give one another name, or write `@key(\"{key}_{sort}\")` above it")),
            ),
            Some(_) => {}
            None => drop(seen.insert(key, (sort, span))),
        }
    }
    findings
}

/// Names that two imports bring, where they are used.
fn clashes(db: &dyn Db, file: SourceFile) -> Vec<Finding> {
    let clashes = &declarations(db, file).clashes;
    let mut findings = Vec::new();
    if clashes.is_empty() {
        return findings;
    }
    for item in items(db, file) {
        let start = item.start(db);
        for name in parsed(db, *item).item.mentions() {
            if let Some([first, second]) = clashes.get(&name.text) {
                findings.push(
                    rules::DUPLICATE_NAME
                        .at(name.span + start, format!("two imports bring `{}`", name.text))
                        .label("which one is meant?")
                        .help(format!(
                            "say what each brings, as in `import {{ … }} from \"{first}\"`, and leave `{}` out of \"{first}\" or \"{second}\"",
                            name.text
                        )),
                );
            }
        }
    }
    findings
}

fn sort_and_name(item: &Item) -> Option<(&'static str, &Name)> {
    Some((Sort::of(item)?.word(), item.name()?))
}
