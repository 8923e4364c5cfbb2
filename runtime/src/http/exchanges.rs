//! Answers from a file: a list of requests to expect and what to answer to each.

mod difference;
mod read;

use super::{Http, Request, Response, SendError, Unanswered};
use crate::Value;
use crate::secrets::HIDDEN;
use difference::{body_differences, header_difference};

pub(crate) use difference::is_secret_name;

/// The exchanges of a file. Each is used once, in order; one with `responses` is used once for each of them, and one
/// that says `"repeat": true` gives its last answer again and again.
#[derive(Clone, Debug, Default)]
pub struct Exchanges {
    exchanges: Vec<Exchange>,
}

#[derive(Clone, Debug)]
struct Exchange {
    method: Option<String>,
    url: Option<String>,
    headers: Vec<(String, Value)>,
    body: Option<Value>,
    /// In the order in which they are given.
    answers: Vec<Answer>,
    repeat: bool,
    /// How many of them were given.
    given: usize,
}

#[derive(Clone, Debug)]
enum Answer {
    Response(Response),
    /// `"fault": "timeout"` or another text.
    Fault {
        message: String,
        seconds: f64,
    },
}

/// The exchange most like a request, and every field in which it differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Mismatch {
    /// The number of the exchange, from 1.
    pub position: usize,
    /// Whether an earlier request has used it up.
    pub used: bool,
    /// Field, what the exchange expects, what the request has. Values of secret headers are not among them.
    pub differences: Vec<Difference>,
}

/// One field in which a request differs from an exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The field: `method`, `url`, `header Accept`, `body.text`.
    pub field: String,
    /// What the exchange expects there.
    pub expected: String,
    /// What the request has there.
    pub sent: String,
}

impl Exchanges {
    fn answer(&mut self, request: &Request) -> Result<Response, SendError> {
        let candidates = self.exchanges.iter_mut();
        let exchange =
            candidates.filter(|exchange| !exchange.is_used()).find(|exchange| exchange.differences(request).is_empty());
        let Some(exchange) = exchange else {
            return Err(SendError::Unanswered(Box::new(self.unanswered(request))));
        };
        let answer = exchange.answers.get(exchange.given).or(exchange.answers.last());
        exchange.given += 1;
        match answer {
            None => Ok(Response { status: 200, ..Response::default() }),
            Some(Answer::Response(response)) => Ok(response.clone()),
            Some(Answer::Fault { message, seconds }) => {
                Err(SendError::Failed { message: message.clone(), seconds: *seconds })
            }
        }
    }

    fn unanswered(&self, request: &Request) -> Unanswered {
        let mismatch = |(position, exchange): (usize, &Exchange)| Mismatch {
            position: position + 1,
            used: exchange.is_used(),
            differences: exchange.differences(request),
        };
        // What differs in its address is farther off than what differs in its body.
        let distance = |mismatch: &Mismatch| {
            let weight = |field: &str| if field == "method" || field == "url" { 4 } else { 1 };
            let differences: usize = mismatch.differences.iter().map(|difference| weight(&difference.field)).sum();
            (differences, mismatch.used)
        };
        let nearest = self.exchanges.iter().enumerate().map(mismatch).min_by_key(distance);
        Unanswered { request: request.clone(), nearest, exchanges: Some(self.exchanges.len()) }
    }
}

impl Http for Exchanges {
    async fn send(&mut self, request: &Request) -> Result<Response, SendError> {
        self.answer(request)
    }
}

impl Exchange {
    fn is_used(&self) -> bool {
        !self.repeat && self.given >= self.answers.len()
    }

    fn differences(&self, request: &Request) -> Vec<Difference> {
        let mut differences = Vec::new();
        let mut compare = |field: &str, expected: Option<&String>, sent: &str, same: bool| {
            if let (Some(expected), false) = (expected, same) {
                differences.push(Difference {
                    field: field.to_owned(),
                    expected: expected.clone(),
                    sent: sent.to_owned(),
                });
            }
        };
        let is = |expected: &Option<String>, sent: &str| {
            expected.as_ref().is_some_and(|expected| expected == sent || is_same_but_for_credentials(expected, sent))
        };
        let same_method = self.method.as_ref().is_some_and(|method| method.eq_ignore_ascii_case(&request.method));
        compare("method", self.method.as_ref(), &request.method, same_method);
        compare("url", self.url.as_ref(), &request.url, is(&self.url, &request.url));
        for (name, expected) in &self.headers {
            differences.extend(header_difference(name, expected, request));
        }
        if let Some(expected) = &self.body {
            body_differences("body", expected, request.body.as_ref(), &mut differences);
        }
        differences
    }
}

/// Whether an address is the recorded one, in which [`HIDDEN`] stands where a credential was.
fn is_same_but_for_credentials(recorded: &str, sent: &str) -> bool {
    let mut parts = recorded.split(HIDDEN);
    let Some(mut rest) = parts.next().and_then(|first| sent.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        let found = if parts.peek().is_none() {
            rest.strip_suffix(part).map(|_| rest.len())
        } else {
            rest.find(part).map(|at| at + part.len())
        };
        let Some(end) = found else { return false };
        rest = &rest[end..];
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::is_same_but_for_credentials;

    #[test]
    fn a_hidden_part_of_an_address_stands_for_any() {
        for (recorded, sent, expected) in [
            ("https://a.example/x?t=***", "https://a.example/x?t=1234", true),
            ("https://a.example/***/x?t=***&n=1", "https://a.example/12/x?t=34&n=1", true),
            ("https://a.example/***/x", "https://a.example/12/y", false),
            ("https://a.example/x", "https://a.example/x?t=1", false),
        ] {
            assert_eq!(is_same_but_for_credentials(recorded, sent), expected, "{recorded} {sent}");
        }
    }
}
