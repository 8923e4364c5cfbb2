//! Real requests. Nothing else in this crate reaches the network, and nothing uses this unless it is asked for.

use super::{Body, Http, Request, Response, SendError};
use crate::runtime::RunLimits;
use std::io::ErrorKind;
use std::time::{Duration, Instant};
use ureq::config::AutoHeaderValue;
use ureq::http;

/// Sends requests for real, over a connection that is kept between them.
#[derive(Clone, Debug)]
pub struct Live {
    agent: ureq::Agent,
    timeout: Option<Duration>,
    largest_body: u64,
}

impl Live {
    /// A client that keeps to the limits of requests in `limits`.
    pub fn new(limits: &RunLimits) -> Self {
        let config = ureq::Agent::config_builder()
            .timeout_global(limits.request_time)
            .http_status_as_error(false)
            // An answer that points elsewhere is an answer: credentials must not follow it to another host.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .allow_non_standard_methods(true)
            .max_response_header_size(64 << 10)
            .user_agent("zisc")
            .accept(AutoHeaderValue::None)
            .build();
        let largest_body = limits.response_bytes.unwrap_or(u64::MAX);
        Self { agent: config.new_agent(), timeout: limits.request_time, largest_body }
    }

    fn exchange(&self, request: &Request) -> Result<Response, SendError> {
        let mut builder = http::Request::builder().method(request.method.as_str()).uri(&request.url);
        for header in &request.headers {
            builder = builder.header(&header.name, &header.value);
        }
        let unusable = |error: http::Error| failed(format!("the request cannot be sent: {error}"));
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

    fn described(&self, error: &ureq::Error) -> SendError {
        failed(match error {
            ureq::Error::Timeout(_) => return self.timed_out(),
            ureq::Error::HostNotFound => "the host was not found".to_owned(),
            ureq::Error::BodyExceedsLimit(_) => {
                format!("the answer is larger than {} KiB", self.largest_body >> 10)
            }
            ureq::Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused => {
                "the connection was refused".to_owned()
            }
            ureq::Error::Io(error) if matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::WouldBlock) => {
                return self.timed_out();
            }
            other => other.to_string(),
        })
    }

    fn timed_out(&self) -> SendError {
        SendError::timed_out(self.timeout.unwrap_or_default())
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
            Ok(Err(SendError::Failed { message, .. })) => Err(SendError::Failed { message, seconds }),
            Ok(Err(unanswered)) => Err(unanswered),
            Err(error) => Err(SendError::Failed { message: error.to_string(), seconds }),
        }
    }
}

fn failed(message: String) -> SendError {
    SendError::Failed { message, seconds: 0.0 }
}
