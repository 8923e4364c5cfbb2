//! The event that starts a flow, and the first data made from it.

use crate::account::Account;
use crate::choice::timestamp;
use crate::{Value, value::Object};

/// What a flow starts with.
#[derive(Clone, Debug)]
pub struct Event {
    data: Value,
}

/// The time of events that name none: 2024-01-01T00:00:00Z. A run must not depend on when it is made.
const DEFAULT_TIME: f64 = 1_704_067_200.0;

impl Event {
    /// Takes an event: an envelope (`account_id`, `integration_key`, `subdomain`, `input`; what it leaves out beside
    /// `input` is that of `account`), or a bare payload, which becomes `input` of an envelope for `account`.
    pub fn new(json: Value, account: &Account, integration_key: &str) -> Self {
        const ENVELOPE: [&str; 3] = ["account_id", "integration_key", "subdomain"];
        let defaults = [
            ("account_id", account.account_id.clone()),
            ("integration_key", Value::from(account.integration_key.as_deref().unwrap_or(integration_key))),
            ("subdomain", Value::from(account.subdomain.as_str())),
        ];
        let mut envelope = match json {
            Value::Object(members)
                if members.get("input").is_some()
                    && (members.len() == 1 || ENVELOPE.iter().any(|key| members.get(key).is_some())) =>
            {
                members
            }
            payload => [("input".into(), payload)].into_iter().collect(),
        };
        for (key, value) in defaults {
            if envelope.get(key).is_none() {
                envelope.insert(key, value);
            }
        }
        Self { data: Value::Object(envelope) }
    }

    /// The first data of a flow as it is, whatever it is.
    pub fn from_data(data: Value) -> Self {
        Self { data }
    }

    /// The payload.
    pub fn input(&self) -> Option<&Value> {
        self.data.get("input")
    }

    /// The label that Zendesk's events carry in their payload, such as `Status Changed`, and the member it is in, such
    /// as `ticket_event`.
    pub fn label(&self) -> Option<(&str, &str)> {
        let input = self.input()?.as_object()?;
        input.iter().find_map(|(member, value)| Some((&**member, value.get("type")?.as_str()?)))
    }

    /// The data that the first state sees.
    pub(crate) fn data(&self) -> Value {
        self.data.clone()
    }

    /// When it happened, in seconds since 1970: the time at which the run begins.
    pub(crate) fn seconds(&self) -> f64 {
        let occurred = |value: &Value| value.get("meta")?.get("occurred_at")?.as_str().and_then(timestamp);
        let input = self.input().and_then(Value::as_object);
        let time = input.into_iter().flat_map(Object::values).find_map(occurred);
        time.map_or(DEFAULT_TIME, |time| time.as_second() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_envelope_is_told_from_a_payload() {
        let read = |text: &str| Event::new(Value::from_json_text(text).expect("JSON"), &Account::default(), "k");
        for (text, input) in [
            (r#"{"ticket_event":{}}"#, r#"{"ticket_event":{}}"#),
            (r#"{"input":{"ticket_event":{}}}"#, r#"{"ticket_event":{}}"#),
            (r#"{"input":{"a":1},"subdomain":"acme"}"#, r#"{"a":1}"#),
            (r#"{"input":"typed by a person","form":1}"#, r#"{"input":"typed by a person","form":1}"#),
        ] {
            let event = read(text);
            assert_eq!(event.input().map(Value::to_json).as_deref(), Some(input), "{text}");
            assert_eq!(event.data().get("account_id"), Some(&Value::Integer(12345)), "{text}");
        }
    }
}
