//! What is wrong with a file as a whole.

use crate::finding::Finding;
use crate::navigate::Sort;
use crate::{Db, Settings, SourceFile, Text, declarations, items, parsed, platform, rules};
use std::collections::HashMap;
use zisc_bundle::Span;
use zisc_syntax::tree::{Item, ItemKind, Name, TypeExpression, attribute_texts};

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
    findings.extend(without_integration(db, file));
    findings.extend(same_keys(db, file));
    findings.extend(clashes(db, file));
    findings.extend(started_twice(db, file));
    findings.extend(other_hosts(db, file));
    findings.extend(circles(db, file));
    findings
}

/// A job in a file of which no bundle is made: it starts nothing.
fn without_integration(db: &dyn Db, file: SourceFile) -> Option<Finding> {
    let mut trees = items(db, file).iter().map(|item| (&parsed(db, *item).item, item.start(db)));
    if trees.clone().any(|(tree, _)| matches!(tree.kind, ItemKind::Integration { .. })) {
        return None;
    }
    let (name, start) = trees.find_map(|(tree, start)| match &tree.kind {
        ItemKind::Job { name: Some(name), .. } => Some((name, start)),
        _ => None,
    })?;
    Some(
        rules::INCOMPLETE
            .at(name.span + start, format!("job `{}` belongs to no integration", name.text))
            .label("no bundle is made of this file")
            .help("begin the file with a line such as `integration my_integration`"),
    )
}

/// Jobs that start the same flow for the same event, so that it runs twice for each.
fn started_twice(db: &dyn Db, file: SourceFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen: HashMap<(&Text, &Text), Span> = HashMap::new();
    for item in items(db, file) {
        let ItemKind::Job { name: Some(name), event: Some(event), flow: Some(flow) } = &parsed(db, *item).item.kind
        else {
            continue;
        };
        let span = name.span + item.start(db);
        match seen.get(&(&event.text, &flow.text)) {
            Some(first) => findings.push(
                rules::STARTED_TWICE
                    .at(span, format!("two jobs start `{}` for `{}`", flow.text, event.text))
                    .label("the flow runs twice for each event")
                    .note(*first, "it is started here already")
                    .help("remove one of the jobs"),
            ),
            None => drop(seen.insert((&event.text, &flow.text), span)),
        }
    }
    findings
}

/// Requests with a connection to a host that the connection is not for.
fn other_hosts(db: &dyn Db, file: SourceFile) -> Vec<Finding> {
    let trees = items(db, file).iter().map(|item| (&parsed(db, *item).item, item.start(db)));
    let domains: HashMap<&Text, (&str, Span)> = trees
        .clone()
        .filter_map(|(tree, start)| match &tree.kind {
            ItemKind::Connection { name: Some(name), domain: Some(domain), .. } if !domain.text.contains('/') => {
                Some((&name.text, (domain.text.as_str(), domain.span + start)))
            }
            _ => None,
        })
        .collect();
    let mut findings = Vec::new();
    for (tree, start) in trees {
        let ItemKind::Action(action) = &tree.kind else { continue };
        let (Some(connection), Some(address)) = (&action.connection, &action.address) else { continue };
        let Some((domain, declared)) = domains.get(&connection.text) else { continue };
        let Some(host) = action.host().filter(|host| !platform::is_host_of(domain, host)) else { continue };
        findings.push(
            rules::OTHER_HOST
                .at(address.span + start, format!("connection `{}` is not for `{host}`", connection.text))
                .label("the platform does not send this request")
                .note(*declared, "the hosts it is for")
                .help(format!("use a connection for {host}, or declare this one for it")),
        );
    }
    findings
}

/// Types that are made of themselves alone.
fn circles(db: &dyn Db, file: SourceFile) -> Vec<Finding> {
    let declared: HashMap<&Text, (&TypeExpression, Span)> = items(db, file)
        .iter()
        .filter_map(|item| match &parsed(db, *item).item.kind {
            ItemKind::Type { name: Some(name), value: Some(value) } => {
                Some((&name.text, (value, name.span + item.start(db))))
            }
            _ => None,
        })
        .collect();
    let mut findings = Vec::new();
    for (name, (_, span)) in &declared {
        let mut reached: Vec<&Text> = Vec::new();
        let mut next = vec![*name];
        while let Some((value, _)) = next.pop().and_then(|name| declared.get(name)) {
            for other in value.is() {
                if !reached.contains(&other) {
                    reached.push(other);
                    next.push(other);
                }
            }
        }
        if reached.contains(name) {
            findings.push(
                rules::INCOMPLETE
                    .at(*span, format!("type `{name}` is made of nothing but itself"))
                    .label("no value is of this type")
                    .help(format!("say what it is: `type {name} = {{ … }}`")),
            );
        }
    }
    findings
}

/// Resources of different sorts that would have the same key in the bundle, so that one of them would be lost.
fn same_keys(db: &dyn Db, file: SourceFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen: HashMap<Text, (&'static str, Text, Span)> = HashMap::new();
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
        let named = name.as_ref().map(|(name, _)| name.clone()).unwrap_or_default();
        let Some((key, span)) = key.or(name).map(|(key, span)| (key, span + start)) else { continue };
        match seen.get(&key) {
            // Two of one sort and name are told of already.
            Some((other, name, first)) if *other != sort || *name != named || sort == "resource" => findings.push(
                rules::DUPLICATE_NAME
                    .at(span, format!("two resources of the bundle have the key `{key}`"))
                    .label(format!("this {sort}"))
                    .note(*first, format!("and this {other}"))
                    .help(format!("give one another name, or write `@key(\"{key}_{sort}\")` above it")),
            ),
            Some(_) => {}
            None => drop(seen.insert(key, (sort, named, span))),
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
