//! Actions that send no credentials, or send them in the open.

use crate::finding::Finding;
use crate::rules;
use zisc_syntax::tree::{Action, Expression, ExpressionKind, TextPart};

/// Whether an address is one of Zendesk's API, written out with its host.
fn is_own_api(action: &Action, address: &Expression) -> bool {
    let ExpressionKind::Text(parts) = &address.kind else { return false };
    let in_api =
        parts.iter().any(|part| matches!(part, TextPart::Text(text) if text.text.contains(".zendesk.com/api/")));
    in_api && action.host().is_none_or(|host| host.ends_with(".zendesk.com"))
}

pub(super) fn check(action: &Action, findings: &mut Vec<Finding>) {
    let Some(address) = &action.address else { return };
    let authenticates = action.headers.iter().any(|header| header.key.text.eq_ignore_ascii_case("authorization"));
    let to_account = action.on_account || is_own_api(action, address);
    if to_account && action.connection.is_none() && !authenticates {
        findings.push(
            rules::NO_CREDENTIALS
                .at(address.span, "this request to the account goes without credentials")
                .label("the account's API answers 401 to it")
                .help("name a connection to Zendesk: `connection zendesk`, declared as `connection zendesk: oauth`"),
        );
    }
    let ExpressionKind::Text(parts) = &address.kind else { return };
    if let (Some(TextPart::Text(start)), Some(connection)) = (parts.first(), &action.connection)
        && start.text.starts_with("http://")
    {
        let scheme = zisc_bundle::Span::at(start.span.start(), text_size::TextSize::of("http://"));
        findings.push(
            rules::INSECURE
                .at(scheme, format!("the credentials of `{}` would be sent in the open", connection.text))
                .label("not encrypted")
                .note(connection.span, "these credentials")
                .help("write `https://`")
                .fix("write `https://`", scheme, "https://"),
        );
    }
}
