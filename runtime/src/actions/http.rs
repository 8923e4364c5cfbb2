//! Custom actions: one HTTP request each (documentation page "Custom actions").

use crate::Value;
use crate::error::{ErrorAnswer, Failure, StateError, Stop};
use crate::http::{Body, Header, Http, Request, Response, SendError, percent_encoded};
use crate::load::Loader;
use crate::platform::{DefinitionNames, EmptyAnswer, QueryParams};
use crate::run::Run;
use crate::template::{Filling, Payload, Placeholders};
use crate::trace::SentRequest;
use crate::value::Object;
use std::time::Duration;
use zisc_bundle::json::Member;
use zisc_bundle::{HttpAction, Target};

/// A custom action, ready to run.
#[derive(Debug)]
pub(crate) struct Custom {
    name: String,
    method: String,
    target: Place,
    headers: Vec<(String, Payload)>,
    query: Vec<(String, Payload)>,
    body: Option<Payload>,
    /// The connection that authenticates the request.
    pub(crate) connection: Option<String>,
    /// The names in it that a sample of the platform uses without passing them.
    own_names: Vec<&'static str>,
}

const SUBDOMAIN: &str = "subdomain";
const OWN_NAMES: [&str; 2] = [SUBDOMAIN, "zendeskHost"];

/// `queryParams`, filled in.
type Query<'a> = Vec<(&'a str, String)>;

#[derive(Debug)]
enum Place {
    /// Anywhere.
    Url(Payload),
    /// On the account's own host.
    Path(Payload),
}

impl Custom {
    /// Reads a definition.
    pub(crate) fn load(action: &HttpAction, loader: &mut Loader<'_>) -> Self {
        let mut value = |member: &Member| loader.member(member, Placeholders::Everywhere);
        let target = match &action.target {
            Target::Url(member) => Place::Url(value(member)),
            Target::Path(member) => Place::Path(value(member)),
            // Reported when the bundle was read; such a flow is not run.
            Target::Missing => Place::Path(Payload::Literal(Value::from(""))),
        };
        let mut list = |headers: &[zisc_bundle::Header]| {
            headers.iter().map(|header| (header.key.value.clone(), value(&header.value))).collect()
        };
        let (headers, query): (Vec<_>, Vec<_>) = (list(&action.headers), list(&action.query));
        let body = action.body.as_ref().map(value);
        let (Place::Url(place) | Place::Path(place)) = &target;
        let listed = headers.iter().chain(&query).map(|(_, value)| value);
        let parts: Vec<&Payload> = listed.chain(&body).chain([place]).collect();
        let reads = |name: &&str| parts.iter().any(|part| part.reads_member(name));
        Self {
            name: action.name.value.clone(),
            method: action.method.to_ascii_uppercase(),
            own_names: OWN_NAMES.into_iter().filter(reads).collect(),
            target,
            headers,
            query,
            body,
            connection: action.connection.as_ref().map(|name| name.value.clone()),
        }
    }

    /// Sends the request; what it gives is the body of the answer.
    pub(crate) async fn run<H: Http>(&self, parameters: &Value, run: &mut Run<'_, H>) -> Result<Value, Failure> {
        let request = self.request(parameters, run)?;
        let sent = in_time(run.http().send(&request).await, run.limits().request_time);
        let status = sent.as_ref().ok().map(|response| response.status);
        run.sent(SentRequest { request, step: run.current(), status });
        match sent {
            Ok(response) => {
                run.pass_time_of_request(response.seconds)?;
                if is_empty(&response) {
                    run.note("the answer has no body, and what that gives on the platform is not known (empty_answer)");
                }
                Ok(result(response, run.platform().empty_answer)?)
            }
            Err(SendError::Failed { message, seconds }) => {
                run.pass_time_of_request(seconds)?;
                // The text of a request without an answer is not documented.
                Err(StateError::task_failed(format!("external action failed: {message}")).into())
            }
            Err(SendError::Unanswered(unanswered)) => Err(Stop::Unanswered(unanswered).into()),
        }
    }

    fn request<H: Http>(&self, parameters: &Value, run: &mut Run<'_, H>) -> Result<Request, StateError> {
        let world = self.world(parameters, run);
        let mut filling = Filling::new(&world, run.platform());
        let request = self.filled(&mut filling, run);
        for note in filling.notes {
            run.note(note);
        }
        let (mut request, query) = request?;
        append_query(&mut request.url, &query, run);
        self.authenticate(&mut request, run)?;
        Ok(request)
    }

    /// The request without `queryParams`, and those.
    fn filled<H: Http>(&self, filling: &mut Filling<'_>, run: &Run<'_, H>) -> Result<(Request, Query<'_>), StateError> {
        // Reported from the field: this text, without the path, where a definition names what it is not given.
        let unresolved = |error: StateError| {
            let found = error.detail.map(|detail| format!("; {detail}")).unwrap_or_default();
            StateError::runtime("Error Resolving JSON Params").with_detail(format!(
                "the definition of `{}` reads what its Parameters do not have: {}{found}",
                self.name, error.cause
            ))
        };
        let mut fill = |payload: &Payload| payload.fill(filling).map_err(unresolved);
        let mut text = |payload: &Payload| {
            fill(payload).map(|value| match value {
                Value::String(text) => text.to_string(),
                other => other.to_json(),
            })
        };
        let url = match &self.target {
            Place::Url(url) => text(url)?,
            Place::Path(path) => {
                let path = text(path)?;
                let slash = if path.starts_with('/') { "" } else { "/" };
                format!("https://{}.zendesk.com{slash}{path}", run.subdomain())
            }
        };
        if !is_absolute(&url) {
            let detail = format!("the address of `{}` is {url}, and it begins with https:// or http://", self.name);
            return Err(StateError::task_failed("external action failed: the address is no URL").with_detail(detail));
        }
        let query = self.query.iter().map(|(name, value)| Ok((name.as_str(), text(value)?)));
        let query = query.collect::<Result<_, StateError>>()?;
        let mut request = Request {
            method: self.method.clone(),
            url,
            headers: Vec::new(),
            body: None,
            state: run.state_name().to_owned(),
            action: self.name.clone(),
        };
        for (name, value) in &self.headers {
            request.headers.push(Header { name: name.clone(), value: text(value)?, secret: false });
        }
        request.body = self.body.as_ref().map(fill).transpose()?;
        if request.body.is_some() && request.header("Content-Type").is_none() {
            let value = "application/json".to_owned();
            request.headers.push(Header { name: "Content-Type".to_owned(), value, secret: false });
        }
        Ok((request, query))
    }

    /// The definition's `$`: the parameters, and two names that Zendesk's own sample uses without passing them.
    fn world<H: Http>(&self, parameters: &Value, run: &mut Run<'_, H>) -> Value {
        let mut members = match parameters {
            Value::Object(members) => members.clone(),
            _ => Object::default(),
        };
        for name in self.own_names.iter().copied() {
            if members.get(name).is_some() {
                continue;
            }
            run.note("a definition reads a name that its Parameters do not have, and whether the platform knows it is not known (definition_names)");
            if run.platform().definition_names == DefinitionNames::Given {
                let value = if name == SUBDOMAIN { run.subdomain() } else { "zendesk.com" };
                members.insert(name, Value::from(value));
            }
        }
        Value::Object(members)
    }

    fn authenticate<H: Http>(&self, request: &mut Request, run: &Run<'_, H>) -> Result<(), StateError> {
        if let Some(name) = &self.connection
            && let Some(connection) = run.account().connections.get(name)
        {
            let host = host(&request.url).unwrap_or_default();
            let refused = |detail: String| {
                StateError::task_failed("external action failed: the connection does not allow this request")
                    .with_detail(detail)
            };
            if !request.url.to_ascii_lowercase().starts_with("https://") {
                return Err(refused(format!(
                    "connection `{name}` sends over https only, and this goes to {}",
                    request.url
                )));
            }
            if !connection.allows(host) {
                let domain = connection.allowed_domain.as_deref().unwrap_or_default();
                return Err(refused(format!("connection `{name}` is allowed for {domain}, and this goes to {host}")));
            }
            request.set_header(connection.header());
        }
        // Documented: every request carries a token that proves where it comes from.
        request.set_header(Header {
            name: "X-ZIS-Authorization".to_owned(),
            value: run.identity_token(),
            secret: true,
        });
        Ok(())
    }
}

/// The answer, unless it took longer than a request may.
fn in_time(sent: Result<Response, SendError>, most: Option<Duration>) -> Result<Response, SendError> {
    match (sent, most) {
        (Ok(response), Some(most)) if response.seconds > most.as_secs_f64() => Err(SendError::timed_out(most)),
        (sent, _) => sent,
    }
}

fn is_absolute(url: &str) -> bool {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    matches!(scheme.as_deref(), Some("https" | "http")) && host(url).is_some_and(|host| !host.is_empty())
}

/// Adds `queryParams` to an address, before its fragment.
fn append_query<H: Http>(url: &mut String, query: &[(&str, String)], run: &mut Run<'_, H>) {
    let written = |encoded: fn(&str) -> String| {
        let pairs: Vec<_> = query.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        pairs.join("&")
    };
    let (encoded, plain) = (written(percent_encoded), written(str::to_owned));
    if encoded != plain {
        run.note("queryParams hold characters that an address cannot, and whether the platform encodes them is not known (query_params)");
    }
    let query = match run.platform().query_params {
        QueryParams::Encoded => encoded,
        QueryParams::AsWritten => plain,
    };
    if !query.is_empty() {
        let end = url.find('#').unwrap_or(url.len());
        let separator = if url[..end].contains('?') { '&' } else { '?' };
        url.insert_str(end, &format!("{separator}{query}"));
    }
}

/// Whether a good answer has nothing in it.
fn is_empty(response: &Response) -> bool {
    (200..300).contains(&response.status)
        && match &response.body {
            Body::Empty => true,
            Body::Text(text) => text.trim().is_empty(),
            Body::Json(_) => false,
        }
}

/// What goes to `ResultPath`: the JSON body, or other text wrapped (older documentation).
fn result(response: Response, empty: EmptyAnswer) -> Result<Value, StateError> {
    if !(200..300).contains(&response.status) {
        let cause = format!("external action failed due to status code: {}", response.status);
        let retry_after = response.header("Retry-After").and_then(|seconds| seconds.trim().parse().ok());
        let answer = ErrorAnswer { status: response.status, retry_after };
        return Err(StateError { answer: Some(answer), ..StateError::task_failed(cause) });
    }
    let kind = response
        .header("Content-Type")
        .map(|kind| kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase());
    let says_json = kind.as_deref().is_some_and(|kind| kind == "application/json" || kind.ends_with("+json"));
    let is_blank = is_empty(&response);
    let wrapped = |text: &str| Value::object([("__httpresponse", Value::from(text))]);
    Ok(match response.body {
        Body::Json(value) => value,
        // An answer that calls itself a text has an empty one.
        Body::Empty | Body::Text(_) if is_blank && empty == EmptyAnswer::Object && (says_json || kind.is_none()) => {
            Value::Object(Object::default())
        }
        Body::Empty => wrapped(""),
        Body::Text(text) => match Value::from_json_text(&text) {
            Ok(value) if says_json || matches!(value, Value::Object(_) | Value::Array(_)) => value,
            _ => wrapped(&text),
        },
    })
}

/// The host of an address, without user and port.
pub(crate) fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    Some(match host.strip_prefix('[') {
        Some(six) => six.split(']').next()?,
        None => host.split(':').next()?,
    })
}
