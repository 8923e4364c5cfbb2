//! Writes down what another client exchanges, in the form that [`super::Exchanges`] reads, without credentials.

use super::{Body, Http, Request, Response, SendError, is_secret_name};
use crate::Value;
use crate::account::Account;
use crate::secrets::Secrets;

/// A client that remembers its exchanges.
#[derive(Clone, Debug)]
pub struct Recording<H> {
    inner: H,
    secrets: Secrets,
    exchanges: Vec<Value>,
}

impl<H> Recording<H> {
    /// Records what `inner` exchanges, without the credentials of `account`.
    pub fn new(inner: H, account: &Account) -> Self {
        Self { inner, secrets: Secrets::of(account), exchanges: Vec::new() }
    }

    /// The exchanges so far, as the file that replays them.
    pub fn to_json(&self) -> Value {
        Value::object([("exchanges", Value::array(self.exchanges.iter().cloned()))])
    }

    fn remember(&mut self, request: &Request, answer: &Result<Response, SendError>) {
        let answer = match answer {
            Ok(response) => ("response", self.response(response)),
            Err(SendError::Failed { message, .. }) => ("fault", Value::from(self.hidden(message))),
            // Nothing was exchanged.
            Err(SendError::Unanswered(_)) => return,
        };
        self.exchanges.push(Value::object([
            ("state", Value::from(request.state.as_str())),
            ("action", Value::from(request.action.as_str())),
            ("request", self.request(request)),
            answer,
        ]));
    }

    fn request(&self, request: &Request) -> Value {
        let present = || Value::object([("present", Value::Bool(true))]);
        let headers = request.headers.iter().map(|header| {
            let hidden = header.secret || is_secret_name(&header.name) || self.is_secret(&header.value);
            (header.name.as_str(), if hidden { present() } else { Value::from(header.value.as_str()) })
        });
        let mut out = vec![
            ("method", Value::from(request.method.as_str())),
            ("url", Value::from(self.hidden(&request.url))),
            ("headers", Value::object(headers)),
        ];
        if let Some(body) = &request.body {
            out.push(("body", self.body(body)));
        }
        Value::object(out)
    }

    /// A body in which any value stands where a credential stood.
    fn body(&self, body: &Value) -> Value {
        match body {
            Value::String(text) if self.is_secret(text) => Value::object([("@any", Value::from("a credential"))]),
            Value::Array(items) => Value::array(items.iter().map(|item| self.body(item))),
            Value::Object(members) => {
                Value::object(members.iter().map(|(key, value)| (self.hidden(key), self.body(value))))
            }
            other => other.clone(),
        }
    }

    /// The parts of an answer that a flow can see.
    fn response(&self, response: &Response) -> Value {
        const KEPT: [&str; 2] = ["content-type", "retry-after"];
        let kept = response.headers.iter().filter(|(name, _)| KEPT.contains(&name.to_ascii_lowercase().as_str()));
        let headers = kept.map(|(name, value)| (name.as_str(), Value::from(value.as_str())));
        let mut out = vec![("status", Value::from(usize::from(response.status))), ("headers", Value::object(headers))];
        match &response.body {
            Body::Empty => {}
            Body::Text(text) => {
                let says_json = response.header("Content-Type").is_some_and(|kind| kind.contains("json"));
                let json = Value::from_json_text(text).ok().filter(|_| says_json);
                out.push(("body", self.secrets.hide_in(&json.unwrap_or_else(|| Value::from(text.as_str())))));
            }
            Body::Json(value) => out.push(("body", self.secrets.hide_in(value))),
        }
        Value::object(out)
    }

    fn is_secret(&self, text: &str) -> bool {
        self.secrets.hide(text).is_some()
    }

    fn hidden(&self, text: &str) -> String {
        self.secrets.hide(text).unwrap_or_else(|| text.to_owned())
    }
}

impl<H: Http> Http for Recording<H> {
    fn is_real(&self) -> bool {
        self.inner.is_real()
    }

    async fn send(&mut self, request: &Request) -> Result<Response, SendError> {
        let answer = self.inner.send(request).await;
        self.remember(request, &answer);
        answer
    }
}
