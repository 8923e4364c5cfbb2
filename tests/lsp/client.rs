//! A client of the language server, as an editor is one: the built program over standard input and output.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

pub(crate) const URI: &str = "file:///work/main.zis";
pub(crate) const BUNDLE_URI: &str = "file:///work/main.bundle.json";
const PATIENCE: Duration = Duration::from_secs(30);

/// A client that speaks to a server of its own.
pub(crate) struct Client {
    pub(crate) server: Child,
    pub(crate) input: ChildStdin,
    pub(crate) messages: Receiver<Value>,
    /// Notifications that arrived while an answer was waited for.
    pub(crate) put_by: Vec<Value>,
    pub(crate) version: i32,
    pub(crate) id: i32,
}

impl Client {
    /// A client that counts columns in one of these ways, and can do nothing special.
    pub(crate) fn start(encodings: &[&str]) -> Self {
        let mut client = Self::connect();
        let capabilities = json!({ "general": { "positionEncodings": encodings } });
        client.initialize(json!({ "processId": null, "rootUri": null, "capabilities": capabilities }));
        client
    }

    /// Says who it is; gives what the server can do.
    pub(crate) fn initialize(&mut self, params: Value) -> Value {
        let answer = self.request("initialize", params);
        self.notify("initialized", json!({}));
        answer["result"]["capabilities"].clone()
    }

    /// A client that has not said anything yet.
    pub(crate) fn connect() -> Self {
        let mut server = Command::new(env!("CARGO_BIN_EXE_zisc"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let input = server.stdin.take().expect("its input");
        let mut output = BufReader::new(server.stdout.take().expect("its output"));
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read_message(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self { server, input, messages, put_by: Vec::new(), version: 0, id: 0 }
    }

    pub(crate) fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("the server reads");
        self.input.flush().expect("the server reads");
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// The whole answer, be it a result or an error.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Value {
        self.id += 1;
        let id = self.id;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        self.answer(id)
    }

    /// The answer to a request that was sent.
    pub(crate) fn answer(&mut self, id: i32) -> Value {
        loop {
            let message = self.messages.recv_timeout(PATIENCE).expect("an answer");
            if message["id"] == id {
                return message;
            }
            self.put_by.push(message);
        }
    }

    /// A request that the server makes.
    pub(crate) fn request_of_server(&mut self, method: &str) -> Value {
        if let Some(position) = self.put_by.iter().position(|message| message["method"] == method) {
            return self.put_by.remove(position);
        }
        loop {
            let message = self.messages.recv_timeout(PATIENCE).expect("a request");
            if message["method"] == method {
                return message;
            }
            self.put_by.push(message);
        }
    }

    pub(crate) fn open(&mut self, text: &str) {
        self.open_as(URI, text);
    }

    pub(crate) fn open_as(&mut self, uri: &str, text: &str) {
        self.version += 1;
        let language = if uri.ends_with(".json") { "json" } else { "zis" };
        self.notify(
            "textDocument/didOpen",
            json!({ "textDocument": { "uri": uri, "languageId": language, "version": self.version, "text": text } }),
        );
    }

    /// Replaces the whole text.
    pub(crate) fn change(&mut self, text: &str) {
        self.change_with(json!([{ "text": text }]));
    }

    pub(crate) fn change_with(&mut self, changes: Value) {
        self.version += 1;
        self.notify(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": URI, "version": self.version }, "contentChanges": changes }),
        );
    }

    /// The diagnostics of the newest version, as `line:column message`, both from 0.
    pub(crate) fn diagnostics(&mut self) -> Vec<String> {
        let version = self.version;
        let newest = |message: &Value| {
            message["method"] == "textDocument/publishDiagnostics" && message["params"]["version"] == version
        };
        let message = match self.put_by.iter().position(newest) {
            Some(position) => self.put_by.remove(position),
            None => loop {
                let message = self.messages.recv_timeout(PATIENCE).expect("diagnostics");
                if newest(&message) {
                    break message;
                }
            },
        };
        let diagnostics = message["params"]["diagnostics"].as_array().expect("a list").clone();
        diagnostics
            .iter()
            .map(|diagnostic| {
                let start = &diagnostic["range"]["start"];
                format!("{}:{} {}", start["line"], start["character"], diagnostic["message"].as_str().expect("a text"))
            })
            .collect()
    }

    /// The labels offered at the `$0` of a text, in the order in which an editor shows them.
    pub(crate) fn completions(&mut self, text: &str) -> Vec<String> {
        let at = text.find("$0").expect("a cursor");
        let before = &text[..at];
        let line = before.matches('\n').count();
        let character = before.len() - before.rfind('\n').map_or(0, |end| end + 1);
        self.change(&text.replacen("$0", "", 1));
        let params = json!({ "textDocument": { "uri": URI }, "position": { "line": line, "character": character } });
        let answer = self.request("textDocument/completion", params);
        let mut items: Vec<(String, String)> = answer["result"]
            .as_array()
            .unwrap_or_else(|| panic!("completions, not {answer}"))
            .iter()
            .map(|item| {
                let text = |key: &str| item[key].as_str().expect("a text").to_owned();
                (text("sortText"), text("label"))
            })
            .collect();
        items.sort();
        items.into_iter().map(|(_, label)| label).collect()
    }

    pub(crate) fn leave(mut self) -> Option<i32> {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        self.server.wait().expect("the server ends").code()
    }
}

/// A folder with these files, gone when it is dropped.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = std::env::temp_dir().join(format!("zisc-lsp-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        let folder = Self(folder);
        files.iter().for_each(|(name, text)| folder.write(name, text));
        folder
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        path.parent().map(std::fs::create_dir_all).transpose().expect("a folder can be made");
        std::fs::write(path, text).expect("a file can be written");
    }

    pub(crate) fn remove(&self, name: &str) {
        std::fs::remove_file(self.0.join(name)).expect("it is there");
    }

    pub(crate) fn uri(&self, name: &str) -> String {
        uri(&self.0.join(name))
    }

    /// A client that has the folder open, and asks for diagnostics itself.
    pub(crate) fn client(&self) -> Client {
        let mut client = Client::connect();
        client.initialize(json!({
            "processId": null,
            "capabilities": { "textDocument": { "diagnostic": {} } },
            "workspaceFolders": [{ "uri": uri(&self.0), "name": "acme" }],
        }));
        client
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

fn read_message(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            header => {
                if let Some(value) = header.strip_prefix("Content-Length: ") {
                    length = value.parse().ok()?;
                }
            }
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
