//! Imports: whether the file is there, and what it is asked for.

use crate::declaration::{Declaration, declaration};
use crate::finding::Finding;
use crate::{Db, SourceFile, Text, items, rules};
use zisc_bundle::nearest;
use zisc_syntax::tree::{Name, PlainText};

/// What is wrong with an import.
pub(super) fn check(
    db: &dyn Db,
    file: SourceFile,
    names: Option<&[Name]>,
    path: Option<&PlainText>,
    findings: &mut Vec<Finding>,
) {
    let Some(path) = path else { return };
    let Some(imported) = file.imports(db).get(path.text.as_str()).copied() else {
        findings.push(missing(path));
        return;
    };
    if imported == file {
        let finding = rules::NO_EFFECT.at(path.span, "this file imports itself").label("all of it is here already");
        findings.push(finding.help("remove the import"));
        return;
    }
    let declared: Vec<&Declaration> =
        items(db, imported).iter().filter_map(|item| declaration(db, *item).as_ref()).collect();
    let exported: Vec<&Text> = declared.iter().filter_map(|declared| declared.exported()).collect();
    for name in names.unwrap_or_default().iter().filter(|name| !exported.contains(&&name.text)) {
        let stays = declared.iter().find_map(|declared| match declared {
            Declaration::Flow(known, _) if *known == name.text => Some("flow"),
            Declaration::Job(known, ..) if *known == name.text => Some("job"),
            _ => None,
        });
        let finding = match stays {
            Some(sort) => rules::UNKNOWN_NAME
                .at(name.span, format!("`{}` is a {sort}, and those are not imported", name.text))
                .label("stays in its file")
                .help("what other files can have are actions, types, params, connections, configs and events"),
            None => rules::UNKNOWN_NAME
                .at(name.span, format!("{} declares nothing called `{}`", path.text, name.text))
                .label("not there")
                .help(format!("what is there: {}", listed(&exported)))
                .did_you_mean(name.span, nearest(&name.text, exported.iter().map(|name| name.as_str()))),
        };
        findings.push(finding);
    }
}

fn listed(names: &[&Text]) -> String {
    match names {
        [] => "nothing".to_owned(),
        names => names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
    }
}

fn missing(path: &PlainText) -> Finding {
    let finding =
        rules::UNKNOWN_FILE.at(path.span, format!("there is no file `{}`", path.text)).label("cannot be read");
    let with_dot = format!("\"./{}\"", path.text);
    match path.text.as_str() {
        text if !text.ends_with(".zis") => finding.help("an import names a file: `import \"./slack.zis\"`"),
        text if text.starts_with("./") || text.starts_with("../") => {
            finding.help("the path is read from the folder of this file")
        }
        _ => finding.help(format!("the path is read from the folder of this file: write {with_dot}")),
    }
}
