//! Secrets that stand in the source, and secrets that would stand in a log.

use super::{expressions, statements};
use crate::finding::Finding;
use crate::rules;
use zisc_syntax::tree::{
    Action, Block, Expression, ExpressionKind, HeaderField, RecordMember, StatementKind, TextPart,
};

/// Words in a name that say that its value is nobody's business.
const SECRET_WORDS: &[&str] = &[
    "password",
    "passwd",
    "secret",
    "token",
    "api_key",
    "apikey",
    "api-key",
    "authorization",
    "credential",
    "private_key",
];

/// How the secrets of well-known services begin, and how long they are at least.
const SHAPES: &[(&str, usize)] = &[
    ("xoxb-", 20),
    ("xoxp-", 20),
    ("xapp-", 20),
    ("ghp_", 30),
    ("github_pat_", 30),
    ("glpat-", 20),
    ("sk_live_", 20),
    ("sk-", 30),
    ("AKIA", 20),
    ("AIza", 30),
    ("SG.", 30),
    ("EAAC", 40),
    ("eyJhbGciOi", 40),
    ("-----BEGIN ", 20),
];

pub(super) fn in_action(action: &Action, findings: &mut Vec<Finding>) {
    for field in action.headers.iter().chain(&action.query) {
        if says_secret(&field.key.text) && is_written_out(&field.value) {
            findings.push(written(&field.value, Some(field)));
        }
    }
    let told: Vec<_> = findings.iter().map(|finding| finding.span).collect();
    for value in action.values() {
        shaped(value, findings, &told);
        named(value, findings);
    }
}

/// Fields and arguments that are called like secrets, and are written out.
fn named(value: &Expression, findings: &mut Vec<Finding>) {
    let mut found = Vec::new();
    expressions(value, &mut found);
    for expression in found {
        let pairs: Vec<(&str, &Expression)> = match &expression.kind {
            ExpressionKind::Record(members) => members
                .iter()
                .filter_map(|member| match member {
                    RecordMember::Field { key, value } => Some((key.text.as_str(), value)),
                    _ => None,
                })
                .collect(),
            ExpressionKind::Call { arguments, .. } => arguments
                .iter()
                .filter_map(|argument| Some((argument.name.as_ref()?.text.as_str(), &argument.value)))
                .collect(),
            _ => Vec::new(),
        };
        for (name, value) in pairs.into_iter().filter(|(name, value)| is_secret_of(name, value)) {
            if findings.iter().all(|finding| finding.span != value.span) {
                findings.push(
                    rules::SECRET
                        .at(value.span, format!("the value of `{name}` stands in the source"))
                        .label(EVERYBODY)
                        .help(IN_CONNECTION),
                );
            }
        }
    }
}

/// Whether a value is written out, is of the sort that nobody thinks up, and has a name that ends like that of a secret:
/// `token_field` is about a token, and is none.
fn is_secret_of(name: &str, value: &Expression) -> bool {
    let ExpressionKind::Text(parts) = &value.kind else { return false };
    let [TextPart::Text(text)] = parts.as_slice() else { return false };
    let text = &text.text;
    SECRET_WORDS.iter().any(|word| name.to_lowercase().ends_with(word))
        && text.len() >= 10
        && text.contains(|c: char| c.is_ascii_digit())
        && !text.contains(' ')
}

/// A secret in the default of a param, which is built into the bundle.
pub(super) fn in_param(name: &str, default: &Expression, findings: &mut Vec<Finding>) {
    let ExpressionKind::Text(parts) = &default.kind else { return };
    let [TextPart::Text(text)] = parts.as_slice() else { return };
    if looks_secret(&text.text) || is_secret_of(name, default) {
        findings.push(written(default, None));
    }
}

pub(super) fn in_flow(body: &Block, findings: &mut Vec<Finding>) {
    let mut all = Vec::new();
    statements(body, &mut all);
    for statement in all {
        for expression in statement.expressions() {
            shaped(expression, findings, &[]);
            named(expression, findings);
        }
        let messages: Vec<&Expression> = match &statement.kind {
            StatementKind::Succeed { message } => message.iter().collect(),
            StatementKind::Fail { error, cause } => error.iter().chain(cause).collect(),
            _ => Vec::new(),
        };
        for message in messages {
            logged(message, findings);
        }
    }
}

/// Whether a name says that its value is nobody's business.
pub(crate) fn says_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    SECRET_WORDS.iter().any(|word| name.contains(word))
}

/// Whether a value holds a secret as it stands: a text with nothing to fill in, and more than the name of a scheme.
fn is_written_out(value: &Expression) -> bool {
    let ExpressionKind::Text(parts) = &value.kind else { return false };
    let [TextPart::Text(text)] = parts.as_slice() else { return false };
    is_written_out_text(&text.text)
}

/// Whether a text is more than the name of a scheme.
pub(crate) fn is_written_out_text(text: &str) -> bool {
    let secret = ["Bearer ", "Basic ", "Token ", "token "].iter().find_map(|scheme| text.strip_prefix(scheme));
    secret.unwrap_or(text).trim().len() >= 6
}

/// Texts that look like the secrets of well-known services.
fn shaped(value: &Expression, findings: &mut Vec<Finding>, told: &[zisc_bundle::Span]) {
    let mut found = Vec::new();
    expressions(value, &mut found);
    for expression in found {
        let ExpressionKind::Text(parts) = &expression.kind else { continue };
        let is_secret = parts.iter().any(|part| match part {
            TextPart::Text(text) => looks_secret(&text.text),
            TextPart::Value(_) => false,
        });
        if is_secret && !told.contains(&expression.span) {
            findings.push(written(expression, None));
        }
    }
}

/// Whether a text has the form of a secret of a well-known service.
pub(crate) fn looks_secret(text: &str) -> bool {
    let with_user = text.split_once("://").is_some_and(|(_, rest)| {
        let authority = rest.split('/').next().unwrap_or_default();
        authority.split_once('@').is_some_and(|(user, _)| user.contains(':'))
    });
    with_user
        || secret_in_query(text)
        || SHAPES.iter().filter(|(start, _)| text.len() >= start.len()).any(|(start, length)| {
            text.split(|c: char| c.is_whitespace() || matches!(c, '=' | '&' | '"' | '\'' | '/'))
                .any(|word| word.starts_with(start) && (word.len() >= *length || start.ends_with(' ')))
                || (start.contains(' ') && text.contains(start))
        })
}

/// Whether a query in an address gives a secret a value that is written out.
fn secret_in_query(text: &str) -> bool {
    let Some((_, query)) = text.split_once('?').filter(|(front, _)| front.contains("://") || front.starts_with('/'))
    else {
        return false;
    };
    query.split('&').filter_map(|pair| pair.split_once('=')).any(|(name, value)| {
        let is_placed = value.contains(['{', '$']);
        says_secret(name) && !is_placed && is_written_out_text(value)
    })
}

fn written(value: &Expression, field: Option<&HeaderField>) -> Finding {
    let headline = match field {
        Some(field) => format!("the value of `{}` stands in the source", field.key.text),
        None => "this looks like a secret".to_owned(),
    };
    rules::SECRET.at(value.span, headline).label(EVERYBODY).help(IN_CONNECTION)
}

const EVERYBODY: &str = "everybody who sees the bundle can use it";
const IN_CONNECTION: &str =
    "keep it in a connection: `connection name: bearer_token`, and `connection name` in the action";

/// Values in a message for the log whose names say that they are secret.
fn logged(message: &Expression, findings: &mut Vec<Finding>) {
    let mut found = Vec::new();
    expressions(message, &mut found);
    for expression in found {
        let ExpressionKind::Field { name: Some(name), base, .. } = &expression.kind else { continue };
        let of_connection = matches!(&base.kind, ExpressionKind::Root) && name.text == "connections";
        if of_connection || says_secret(&name.text) {
            findings.push(
                rules::SECRET_IN_LOG
                    .at(expression.span, format!("`{}` would stand in the log", name.text))
                    .label("everybody who can read the log can use it")
                    .help("leave it out of the message"),
            );
            return;
        }
    }
}
