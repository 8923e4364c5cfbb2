//! What must not be shown: the credentials of connections, wherever they turn up.

use crate::Value;
use crate::account::Account;
use crate::value::Object;

/// What stands in place of a secret.
pub(crate) const HIDDEN: &str = "***";

/// So much of the beginning of a secret is one by itself: messages cut long values short.
const TELLING: usize = 8;

/// The credentials of a run.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secrets {
    /// `$.connections` as the run put it in.
    connections: Option<Object>,
    /// Tokens, passwords and keys in all their forms, longest first.
    texts: Vec<String>,
}

impl Secrets {
    /// The credentials of an account.
    pub(crate) fn of(account: &Account) -> Self {
        let mut texts = account.secrets();
        texts.retain(|secret| !secret.is_empty());
        // Longest first, so that none leaves a piece of another.
        texts.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        texts.dedup();
        Self { connections: account.connections_in_data(), texts }
    }

    /// `$.connections` for the data of a run.
    pub(crate) fn connections(&self) -> Option<&Object> {
        self.connections.as_ref()
    }

    /// Whether this is `$.connections` as the run put it in.
    fn is_connections(&self, value: &Value) -> bool {
        matches!((value, &self.connections), (Value::Object(members), Some(own)) if members.is_same(own))
    }

    /// The value without `$.connections`.
    pub(crate) fn without_connections(&self, value: &Value) -> Value {
        if self.connections.is_none() { value.clone() } else { self.stripped(value).unwrap_or_else(|| value.clone()) }
    }

    /// The value without `$.connections`; `None` where it has none.
    fn stripped(&self, value: &Value) -> Option<Value> {
        match value {
            Value::Object(members) => {
                let own = members.get("connections").is_some_and(|value| self.is_connections(value));
                let mut rest = own.then(|| members.clone());
                if let Some(rest) = &mut rest {
                    rest.remove("connections");
                }
                let stripped = rest.as_ref().unwrap_or(members).rewritten(|value| self.stripped(value));
                stripped.or(rest).map(Value::Object)
            }
            Value::Array(items) => items.rewritten(|item| self.stripped(item)).map(Value::Array),
            _ => None,
        }
    }

    /// The value with every credential in it replaced.
    pub(crate) fn hide_in(&self, value: &Value) -> Value {
        let hidden = if self.texts.is_empty() { None } else { value.with_strings(&|text| self.hide(text)) };
        hidden.unwrap_or_else(|| value.clone())
    }

    /// The text with every credential in it replaced, where it has any.
    pub(crate) fn hide(&self, text: &str) -> Option<String> {
        self.texts.iter().fold(None, |hidden: Option<String>, secret| {
            let changed = hide_one(hidden.as_deref().unwrap_or(text), secret);
            changed.or(hidden)
        })
    }
}

/// The text without one secret, whole or cut short at its end.
fn hide_one(text: &str, secret: &str) -> Option<String> {
    let telling = secret.char_indices().nth(TELLING).map_or(secret, |(end, _)| &secret[..end]);
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(telling) {
        let found = &rest[at..];
        let same = found.char_indices().zip(secret.chars()).take_while(|((_, a), b)| a == b);
        let length = same.last().map_or(0, |((start, character), _)| start + character.len_utf8());
        out.push_str(&rest[..at]);
        out.push_str(HIDDEN);
        rest = &found[length.max(telling.len())..];
    }
    if out.is_empty() {
        return None;
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_hidden_whole_and_cut_short() {
        let secrets = Secrets { connections: None, texts: vec!["SECRET-TOKEN-1234".to_owned(), "pw".to_owned()] };
        for (text, shown) in [
            ("Bearer SECRET-TOKEN-1234!", Some("Bearer ***!")),
            ("string (\"SECRET-TOK...)", Some("string (\"***...)")),
            ("SECRET-TOKEN-1234SECRET-TOKEN-1234", Some("******")),
            ("a pw and SECRET-T", Some("a *** and ***")),
            ("SECRET", None),
        ] {
            assert_eq!(secrets.hide(text).as_deref(), shown, "{text}");
        }
    }
}
