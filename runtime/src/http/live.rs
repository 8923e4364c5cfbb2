//! Real requests. Nothing else in this crate reaches the network, and nothing uses this unless it is asked for.

use super::{Body, Http, Request, Response, SendError};
use std::io::ErrorKind;
use std::time::{Duration, Instant};
use ureq::http;

/// Sends requests for real, over a connection that is kept between them.
#[derive(Clone, Debug)]
pub struct Live {
    agent: ureq::Agent,
    largest_body: u64,
}

/// What a request may take. The platform's values are not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveLimits {
    /// The time for the whole exchange.
    pub timeout: Duration,
    /// The largest body of an answer, in bytes.
    pub largest_body: u64,
}

impl Default for LiveLimits {
    fn default() -> Self {
        Self { timeout: Duration::from_secs(10), largest_body: 1 << 20 }
    }
}

impl Live {
    /// A client with these limits.
    pub fn new(limits: LiveLimits) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(limits.timeout))
            .http_status_as_error(false)
            // An answer that points elsewhere is an answer: credentials must not follow it to another host.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true)
            .max_response_header_size(64 << 10)
            .user_agent("zisc")
            .build();
        Self { agent: config.new_agent(), largest_body: limits.largest_body }
    }

    fn exchange(&self, request: &Request) -> Result<Response, String> {
        let mut builder = http::Request::builder().method(request.method.as_str()).uri(&request.url);
        for header in &request.headers {
            builder = builder.header(&header.name, &header.value);
        }
        let unusable = |error: http::Error| format!("the request cannot be sent: {error}");
        let sent = match &request.body {
            Some(body) => self.agent.run(builder.body(body.to_json()).map_err(unusable)?),
            None => self.agent.run(builder.body(()).map_err(unusable)?),
        };
        let mut answer = sent.map_err(|error| self.described(&error))?;
        let headers = answer.headers().iter();
        let headers =
            headers.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        let headers = headers.collect();
        let body = answer.body_mut().with_config().limit(self.largest_body).read_to_vec();
        let body = body.map_err(|error| self.described(&error))?;
        let body = if body.is_empty() { Body::Empty } else { Body::Text(String::from_utf8_lossy(&body).into_owned()) };
        Ok(Response { status: answer.status().as_u16(), headers, body, seconds: 0.0 })
    }

    fn described(&self, error: &ureq::Error) -> String {
        match error {
            ureq::Error::Timeout(_) => "the request timed out".to_owned(),
            ureq::Error::HostNotFound => "the host was not found".to_owned(),
            ureq::Error::BodyExceedsLimit(_) => {
                format!("the answer is larger than {} KiB", self.largest_body >> 10)
            }
            ureq::Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused => {
                "the connection was refused".to_owned()
            }
            ureq::Error::Io(error) if matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock) => {
                "the request timed out".to_owned()
            }
            other => other.to_string(),
        }
    }
}

impl Http for Live {
    fn is_real(&self) -> bool {
        true
    }

    async fn send(&mut self, request: &Request) -> Result<Response, SendError> {
        let begin = Instant::now();
        let (client, request) = (self.clone(), request.clone());
        // The client blocks; other flows of this thread go on meanwhile.
        let sent = tokio::task::spawn_blocking(move || client.exchange(&request)).await;
        let seconds = begin.elapsed().as_secs_f64();
        match sent {
            Ok(Ok(response)) => Ok(Response { seconds, ..response }),
            Ok(Err(message)) => Err(SendError::Failed { message, seconds }),
            Err(error) => Err(SendError::Failed { message: error.to_string(), seconds }),
        }
    }
}
