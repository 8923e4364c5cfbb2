//! Exchanges from JSON, with a problem for everything that cannot be meant.

use super::{Answer, Exchange, Exchanges};
use crate::Value;
use crate::http::{Body, Response, timed_out};
use zisc_bundle::json::{Json, Value as Read};
use zisc_bundle::{Problem, ProblemKind, Span, nearest};

impl Exchanges {
    /// Takes the exchanges from JSON: an object with `exchanges`, each with `request` and `response`.
    pub fn read(json: &Json) -> (Self, Vec<Problem>) {
        let mut reader = Reader { problems: Vec::new() };
        let exchanges = match json.get("exchanges").or_else(|| json.as_array().map(|_| json)) {
            Some(list) => reader.items(list, "`exchanges`").iter().filter_map(|json| reader.exchange(json)).collect(),
            None => {
                reader.problem(
                    json.span,
                    "this file has no list `exchanges`",
                    "write { \"exchanges\": [{ \"request\": { … }, \"response\": { … } }] }",
                );
                Vec::new()
            }
        };
        (Self { exchanges }, reader.problems)
    }
}

struct Reader {
    problems: Vec<Problem>,
}

impl Reader {
    fn problem(&mut self, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Problem {
            kind: ProblemKind::Unusable,
            message: message.into(),
            help: Some(help.into()),
            span,
            instead: None,
        });
    }

    fn items<'a>(&mut self, json: &'a Json, what: &str) -> &'a [Json] {
        json.as_array().unwrap_or_else(|| {
            self.problem(json.span, format!("{what} is an array, and this is {}", json.kind()), "put it in [ ]");
            &[]
        })
    }

    fn exchange(&mut self, json: &Json) -> Option<Exchange> {
        const EXCHANGE: &[&str] =
            &["state", "action", "request", "response", "responses", "fault", "repeat", "comment"];
        const REQUEST: &[&str] = &["method", "url", "headers", "body"];
        if json.as_object().is_none() {
            self.problem(
                json.span,
                format!("an exchange is an object, and this is {}", json.kind()),
                "write { \"request\": { … }, \"response\": { … } }",
            );
            return None;
        }
        self.known(json, EXCHANGE, "an exchange");
        let request = json.get("request").cloned().unwrap_or_default();
        if request.as_object().is_none() && json.get("request").is_some() {
            self.problem(
                request.span,
                format!("`request` is an object, and this is {}", request.kind()),
                "write { \"method\": \"GET\", \"url\": \"https://…\" }",
            );
        }
        self.known(&request, REQUEST, "a request");
        // Who sends the request is there for the reader: the same exchange serves a flow whose states have other names.
        for key in ["state", "action"] {
            self.text(json, key);
        }
        let one = |answer| vec![answer];
        let answers = match (json.get("response").or_else(|| json.get("responses")), json.get("fault")) {
            (Some(several), None) if json.get("response").is_none() => self
                .items(several, "`responses`")
                .iter()
                .map(|json| match json.get("fault") {
                    Some(fault) => self.fault(fault),
                    None => Answer::Response(self.response(json)),
                })
                .collect(),
            (Some(response), None) => one(Answer::Response(self.response(response))),
            (None, Some(fault)) => one(self.fault(fault)),
            (Some(_), Some(fault)) => {
                self.problem(fault.span, "an exchange has either `response` or `fault`", "leave one of them out");
                return None;
            }
            (None, None) => {
                self.problem(
                    json.span,
                    "this exchange does not say what to answer",
                    "add \"response\": { \"status\": 200, \"body\": { … } }",
                );
                return None;
            }
        };
        Some(Exchange {
            method: self.text(&request, "method"),
            url: self.text(&request, "url"),
            headers: self
                .members(&request, "headers")
                .into_iter()
                .map(|(name, json)| (name, Value::from(json)))
                .collect(),
            body: request.get("body").map(Value::from),
            answers,
            repeat: json.get("repeat").is_some_and(|repeat| repeat.value == Read::Bool(true)),
            given: 0,
        })
    }

    fn response(&mut self, json: &Json) -> Response {
        const RESPONSE: &[&str] = &["status", "headers", "body", "text", "seconds"];
        if json.as_object().is_none() {
            self.problem(
                json.span,
                format!("`response` is an object, and this is {}", json.kind()),
                "write { \"status\": 200, \"body\": { … } }",
            );
        }
        self.known(json, RESPONSE, "a response");
        let status = match json.get("status") {
            None => 200,
            Some(status) => {
                status.as_f64().filter(|code| (100.0..=599.0).contains(code) && code.fract() == 0.0).map_or_else(
                    || {
                        self.problem(
                            status.span,
                            "`status` is an HTTP status, a number from 100 to 599",
                            "write 200 for success",
                        );
                        200
                    },
                    |code| code as u16,
                )
            }
        };
        let headers: Vec<_> = self
            .members(json, "headers")
            .into_iter()
            .map(|(name, value)| (name, value.as_str().map_or_else(|| Value::from(value).to_json(), str::to_owned)))
            .collect();
        let says_json = headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
            .is_some_and(|(_, kind)| kind.contains("json"));
        let body = match (json.get("body"), self.text(json, "text")) {
            (None, None) => Body::Empty,
            (None, Some(text)) => Body::Text(text),
            // Text in the file is text on the wire, except where the answer calls itself JSON.
            (Some(body), None) => match body.as_str() {
                Some(text) if !says_json => Body::Text(text.to_owned()),
                _ => Body::Json(Value::from(body)),
            },
            (Some(body), Some(_)) => {
                self.problem(body.span, "a response has either `body` or `text`", "keep `text` for what is no JSON");
                Body::Empty
            }
        };
        Response { status, headers, body, seconds: self.seconds(json).unwrap_or(0.0) }
    }

    fn fault(&mut self, json: &Json) -> Answer {
        let kind = json.as_str().or_else(|| json.get("kind").and_then(Json::as_str));
        let seconds = self.seconds(json);
        match kind {
            Some("timeout") => match seconds {
                Some(seconds) => Answer::Fault { message: timed_out(seconds), seconds },
                // It never comes, so the limit of the run says when the request gives up.
                None => Answer::Response(Response { seconds: f64::INFINITY, ..Response::default() }),
            },
            Some("refused" | "connection refused") => {
                Answer::Fault { message: "the connection was refused".to_owned(), seconds: seconds.unwrap_or(0.0) }
            }
            Some(other) => Answer::Fault { message: other.to_owned(), seconds: seconds.unwrap_or(0.0) },
            None => {
                self.problem(
                    json.span,
                    format!("`fault` says what happens, and this is {}", json.kind()),
                    "write \"timeout\" or \"refused\"",
                );
                Answer::Fault { message: "the request failed".to_owned(), seconds: 0.0 }
            }
        }
    }

    fn seconds(&mut self, json: &Json) -> Option<f64> {
        let seconds = json.get("seconds")?;
        let number = seconds.as_f64().filter(|number| *number >= 0.0 && number.is_finite());
        if number.is_none() {
            self.problem(
                seconds.span,
                "`seconds` is how long the answer takes, a number from 0",
                "leave it out for an answer at once",
            );
        }
        number
    }

    fn text(&mut self, json: &Json, key: &str) -> Option<String> {
        let value = json.get(key)?;
        if value.as_str().is_none() {
            self.problem(
                value.span,
                format!("`{key}` is a text, and this is {}", value.kind()),
                "put it in double quotes",
            );
        }
        value.as_str().map(str::to_owned)
    }

    fn members<'a>(&mut self, json: &'a Json, key: &str) -> Vec<(String, &'a Json)> {
        let Some(value) = json.get(key) else { return Vec::new() };
        match value.as_object() {
            Some(members) => members.iter().map(|member| (member.key.value.clone(), &member.value)).collect(),
            None => {
                self.problem(
                    value.span,
                    format!("`{key}` is an object of names and values, and this is {}", value.kind()),
                    "write { \"Content-Type\": \"application/json\" }",
                );
                Vec::new()
            }
        }
    }

    /// A member that nobody reads is a mistake in spelling more often than not.
    fn known(&mut self, json: &Json, names: &[&str], what: &str) {
        for member in json.as_object().unwrap_or_default() {
            if !names.contains(&member.key.as_str()) {
                let help = match nearest(&member.key, names.iter().copied()) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => format!(
                        "{what} has {}",
                        names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
                    ),
                };
                self.problem(member.key.span, format!("{what} has no member `{}`", *member.key), help);
            }
        }
    }
}
