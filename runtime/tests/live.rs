//! Real requests to a server on this machine: what goes over the wire, and what a hostile other side can do.
#![cfg(feature = "live")]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use zisc_runtime::{Account, Body, Header, Http, Live, Recording, Request, RunLimits, SendError, Value};

/// A server that answers each connection by `answer`, and hands on the requests it got.
fn server(answer: impl Fn(&mut TcpStream) + Send + 'static) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    let (sender, requests) = channel();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = sender.send(received(&mut stream));
            answer(&mut stream);
        }
    });
    (address, requests)
}

/// One request with its body.
fn received(stream: &mut TcpStream) -> String {
    let mut text = String::new();
    let mut buffer = [0; 8192];
    loop {
        let length = stream.read(&mut buffer).unwrap_or(0);
        text.push_str(&String::from_utf8_lossy(&buffer[..length]));
        let body = text.split_once("\r\n\r\n").map(|(head, body)| {
            let length =
                head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
            body.len() >= length.unwrap_or(0)
        });
        if length == 0 || body == Some(true) {
            return text;
        }
    }
}

fn text(status: &str, headers: &str, body: &str) -> impl Fn(&mut TcpStream) + Send + 'static {
    let answer =
        format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    move |stream| {
        let _ = stream.write_all(answer.as_bytes());
    }
}

fn request(url: &str) -> Request {
    let header = |name: &str, value: &str, secret| Header { name: name.to_owned(), value: value.to_owned(), secret };
    Request {
        method: "POST".to_owned(),
        url: url.to_owned(),
        headers: vec![
            header("Content-Type", "application/json", false),
            header("Authorization", "Bearer SECRET-TOKEN", true),
        ],
        body: Some(Value::object([("text", Value::from("hi"))])),
        state: "Post".to_owned(),
        action: "post".to_owned(),
    }
}

fn client() -> Live {
    Live::new(&RunLimits {
        request_time: Some(Duration::from_millis(700)),
        response_bytes: Some(64 << 10),
        ..RunLimits::default()
    })
}

async fn failure(url: &str) -> (String, Duration) {
    let begin = Instant::now();
    match client().send(&request(url)).await {
        Err(SendError::Failed { message, .. }) => (message, begin.elapsed()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_request_goes_over_the_wire_as_it_is() {
    let (address, requests) = server(text("201 Created", "Content-Type: application/json\r\n", r#"{"ok":true}"#));
    let response = client().send(&request(&format!("{address}/messages?x=1"))).await.expect("an answer");
    assert_eq!((response.status, response.header("content-type")), (201, Some("application/json")));
    assert_eq!(response.body, Body::Text(r#"{"ok":true}"#.to_owned()));
    let sent = requests.recv().expect("a request").to_lowercase();
    for part in [
        "post /messages?x=1 http/1.1",
        "authorization: bearer secret-token",
        "content-type: application/json",
        r#"{"text":"hi"}"#,
    ] {
        assert!(sent.contains(part), "{part} is missing in {sent}");
    }
    assert!(!sent.contains("\naccept:"), "nobody asked for it: {sent}");
}

#[tokio::test]
async fn credentials_follow_no_redirect() {
    let (elsewhere, stolen) = server(text("200 OK", "", "stolen"));
    let (address, _) = server(text("302 Found", &format!("Location: {elsewhere}/\r\n"), ""));
    let response = client().send(&request(&address)).await.expect("an answer");
    assert_eq!(response.status, 302);
    assert!(stolen.recv_timeout(Duration::from_millis(100)).is_err());
}

#[tokio::test]
async fn a_silent_side_times_out() {
    let (address, _) = server(|_| std::thread::sleep(Duration::from_secs(5)));
    let (message, took) = failure(&address).await;
    assert_eq!(message, "the request timed out after 0.7 s");
    assert!(took < Duration::from_secs(3), "{took:?}");
}

#[tokio::test]
async fn an_endless_body_is_cut_off() {
    let (address, _) = server(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
        while stream.write_all(chunk.as_bytes()).is_ok() {}
    });
    assert_eq!(failure(&address).await.0, "the answer is larger than 64 KiB");
}

#[tokio::test]
async fn a_body_that_drips_times_out() {
    let (address, _) = server(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        while stream.write_all(b"1\r\nx\r\n").is_ok() {
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    let (message, took) = failure(&address).await;
    assert_eq!(message, "the request timed out after 0.7 s");
    assert!(took < Duration::from_secs(3), "{took:?}");
}

#[tokio::test]
async fn nobody_there_is_an_error() {
    let address = format!(
        "http://{}",
        TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port")
    );
    assert_eq!(failure(&address).await.0, "the connection was refused");
    assert!(failure("http://[not an address").await.0.starts_with("the request cannot be sent"));
}

#[tokio::test]
async fn a_recording_has_no_credentials_and_replays() {
    let (address, _) =
        server(text("200 OK", "Content-Type: application/json\r\nSet-Cookie: a=b\r\n", r#"{"you":"SECRET-TOKEN"}"#));
    let account = zisc_bundle::json::read(r#"{"connections":{"c":{"type":"bearer_token","token":"SECRET-TOKEN"}}}"#).0;
    let (account, problems) = Account::read(&account, &|_| None);
    assert_eq!(problems, []);
    let mut recording = Recording::new(client(), &account);
    let mut request = request(&format!("{address}/?token=SECRET-TOKEN"));
    request.body = Some(Value::from_json_text(r#"{"a":[1,"SECRET-TOKEN!"],"b":"c"}"#).expect("JSON"));
    recording.send(&request).await.expect("an answer");

    let file = recording.to_json().to_json_pretty();
    assert!(!file.contains("SECRET-TOKEN") && !file.contains("Cookie"), "{file}");
    let (mut exchanges, problems) = zisc_runtime::Exchanges::read(&zisc_bundle::json::read(&file).0);
    assert_eq!(problems, []);
    let replayed = exchanges.send(&request).await.expect("the recorded answer");
    assert_eq!(replayed.body, Body::Json(Value::object([("you", Value::from("***"))])));
}
