use super::{Http, Request, Response, SendError, Unanswered};

/// Answers nothing: a flow that sends a request stops there.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoHttp;

impl Http for NoHttp {
    async fn send(&mut self, request: &Request) -> Result<Response, SendError> {
        let unanswered = Unanswered { request: request.clone(), nearest: None, exchanges: None };
        Err(SendError::Unanswered(Box::new(unanswered)))
    }
}
