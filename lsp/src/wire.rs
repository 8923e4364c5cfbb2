//! Standard output. The framework makes a tree of every message before it writes it, which for thousands of diagnostics
//! takes longer than to find them: those are written straight as text, between the framework's messages.

use std::io::{self, Write};
use std::thread::JoinHandle;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader, DuplexStream};
use tokio::sync::mpsc;
use tower_lsp::ls_types::notification::Notification;

/// So many messages wait for a client that does not read, before those who write wait too.
const MOST_WAITING: usize = 64;
/// So much of a message is handed over at once.
const BUFFER: usize = 64 * 1024;

/// What is put here is written, whole messages one after the other.
#[derive(Clone)]
pub(crate) struct Wire(mpsc::Sender<Vec<u8>>);

impl Wire {
    /// A wire to `out`, where the framework has to write, and the thread that ends when the framework does.
    pub(crate) fn open(mut out: impl Write + Send + 'static) -> (Self, DuplexStream, JoinHandle<()>) {
        let (messages, mut waiting) = mpsc::channel::<Vec<u8>>(MOST_WAITING);
        let (framework, reader) = tokio::io::duplex(BUFFER);
        tokio::spawn(hand_on(reader, messages.clone()));
        let writer = std::thread::spawn(move || {
            while let Some(message) = waiting.blocking_recv().filter(|message| !message.is_empty()) {
                if out.write_all(&message).and_then(|()| out.flush()).is_err() {
                    return; // nobody reads any more
                }
            }
        });
        (Self(messages), framework, writer)
    }

    /// Writes a message.
    pub(crate) async fn send(&self, message: Vec<u8>) {
        // The writer ends only with the client.
        let _ = self.0.send(message).await;
    }
}

/// A notification as it goes over the wire; the parts of its parameters make one JSON value.
pub(crate) fn notification<N: Notification>(params: &[&str]) -> Vec<u8> {
    let head = format!(r#"{{"jsonrpc":"2.0","method":"{}","params":"#, N::METHOD);
    let length = head.len() + params.iter().map(|part| part.len()).sum::<usize>() + 1;
    let header = format!("Content-Length: {length}\r\n\r\n");
    let mut framed = Vec::with_capacity(header.len() + length);
    for part in [header.as_str(), &head].into_iter().chain(params.iter().copied()).chain(["}"]) {
        framed.extend_from_slice(part.as_bytes());
    }
    framed
}

/// Hands on the framework's messages; an empty one at its end.
async fn hand_on(reader: DuplexStream, messages: mpsc::Sender<Vec<u8>>) {
    let mut reader = BufReader::with_capacity(BUFFER, reader);
    while let Ok(message) = framed(&mut reader).await {
        if messages.send(message).await.is_err() {
            return;
        }
    }
    let _ = messages.send(Vec::new()).await;
}

/// One message with its header.
async fn framed(reader: &mut BufReader<DuplexStream>) -> io::Result<Vec<u8>> {
    let mut message = Vec::new();
    let mut length = 0;
    loop {
        let start = message.len();
        if reader.read_until(b'\n', &mut message).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let line = String::from_utf8_lossy(&message[start..]);
        match line.trim().split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse().map_err(io::Error::other)?;
            }
            Some(_) => {}
            None => break,
        }
    }
    let start = message.len();
    message.resize(start + length, 0);
    reader.read_exact(&mut message[start..]).await?;
    Ok(message)
}
