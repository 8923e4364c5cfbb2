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
    /// Tokens, passwords and keys in all their forms.
    texts: Vec<String>,
}

impl Secrets {
    /// The credentials of an account.
    pub(crate) fn of(account: &Account) -> Self {
        let mut texts = account.secrets();
        texts.retain(|secret| !secret.is_empty());
        texts.sort();
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
        // Where each credential turns up next.
        let mut next: Vec<Option<usize>> = self.texts.iter().map(|secret| text.find(telling(secret))).collect();
        let mut out = String::new();
        let mut from = 0;
        while let Some(at) = next.iter().flatten().min().copied() {
            // One form of a credential may begin as another does and go on otherwise: what is longest counts.
            let here = self.texts.iter().zip(&next).filter(|(_, place)| **place == Some(at));
            let length = here.map(|(secret, _)| shared(&text[at..], secret)).max().unwrap_or(1);
            out.push_str(&text[from..at]);
            out.push_str(HIDDEN);
            from = at + length;
            for (secret, place) in
                self.texts.iter().zip(&mut next).filter(|(_, place)| place.is_some_and(|place| place < from))
            {
                *place = text[from..].find(telling(secret)).map(|found| from + found);
            }
        }
        (from > 0).then(|| out + &text[from..])
    }
}

/// So much of a secret's beginning that nothing else begins so.
fn telling(secret: &str) -> &str {
    secret.char_indices().nth(TELLING).map_or(secret, |(end, _)| &secret[..end])
}

/// How many bytes at the beginning of the text are those of the secret.
fn shared(text: &str, secret: &str) -> usize {
    let same = text.chars().zip(secret.chars()).take_while(|(a, b)| a == b);
    same.map(|(character, _)| character.len_utf8()).sum()
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

    #[test]
    fn forms_that_begin_alike_leave_nothing_of_each_other() {
        let texts = ["SECRET-TOKEN/a+b=", "SECRET-TOKEN%2Fa%2Bb%3D", "SECRET-TOKEN"].map(str::to_owned).to_vec();
        let secrets = Secrets { connections: None, texts };
        for (text, shown) in [
            ("Bearer SECRET-TOKEN/a+b=", "Bearer ***"),
            ("?t=SECRET-TOKEN%2Fa%2Bb%3D&x=SECRET-TOKEN", "?t=***&x=***"),
            ("SECRET-TOKEN/aSECRET-TOKEN/a+b=!", "******!"),
        ] {
            assert_eq!(secrets.hide(text).as_deref(), Some(shown), "{text}");
        }
    }
}
