//! Requests of custom actions and their answers, and the trait of what stands outside.

mod exchanges;
#[cfg(feature = "live")]
mod live;
mod none;
mod recording;

use crate::Value;
use std::fmt;
use std::future::Future;
use std::time::Duration;

pub(crate) use exchanges::is_secret_name;
pub use exchanges::{Difference, Exchanges, Mismatch};
#[cfg(feature = "live")]
pub use live::Live;
pub use none::NoHttp;
pub use recording::Recording;

/// A request as it would be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The method, in capitals.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// The headers in order.
    pub headers: Vec<Header>,
    /// The JSON body.
    pub body: Option<Value>,
    /// The state that sends it.
    pub state: String,
    /// The custom action's name.
    pub action: String,
}

/// A header of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value, as it is sent.
    pub value: String,
    /// Whether a connection or the platform made it: such a value is shown to nobody.
    pub secret: bool,
}

/// An answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers in order.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
    /// How long the answer took, in seconds of the flow's time.
    pub seconds: f64,
}

/// The body of an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Body {
    /// Nothing.
    #[default]
    Empty,
    /// Text that may be JSON.
    Text(String),
    /// JSON that was read already.
    Json(Value),
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq)]
pub enum SendError {
    /// This run sends no such request; a mistake in how the run was set up, which no `Catch` may hide.
    Unanswered(Box<Unanswered>),
    /// The network or the other side failed. A `Catch` sees it.
    Failed {
        /// What happened.
        message: String,
        /// How long it took, in seconds of the flow's time.
        seconds: f64,
    },
}

/// A request that this run has no answer for.
#[derive(Clone, Debug, PartialEq)]
pub struct Unanswered {
    /// The request.
    pub request: Request,
    /// The recorded exchange that is most like it, and where the two differ.
    pub nearest: Option<Mismatch>,
    /// How many exchanges there are; `None` where the run has none to choose from.
    pub exchanges: Option<usize>,
}

impl SendError {
    /// No answer came within this time.
    pub(crate) fn timed_out(after: Duration) -> Self {
        let seconds = after.as_secs_f64();
        Self::Failed { message: timed_out(seconds), seconds }
    }
}

/// The text of a request to which no answer came in time.
fn timed_out(seconds: f64) -> String {
    format!("the request timed out after {seconds} s")
}

impl Request {
    /// The value of a header; names are compared without case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value.as_str())
    }

    /// Sets a header in place of one with the same name.
    pub(crate) fn set_header(&mut self, header: Header) {
        self.headers.retain(|other| !other.name.eq_ignore_ascii_case(&header.name));
        self.headers.push(header);
    }
}

impl Response {
    /// The value of a header; names are compared without case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

impl fmt::Display for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.url)
    }
}

/// Who answers the requests of custom actions.
pub trait Http: Send {
    /// Whether requests leave this machine, so that receivers may want to know where they come from.
    fn is_real(&self) -> bool {
        false
    }

    /// Sends a request and waits for its answer.
    fn send(&mut self, request: &Request) -> impl Future<Output = Result<Response, SendError>> + Send;
}

/// A text for the query of an address.
pub(crate) fn percent_encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
