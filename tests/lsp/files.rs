//! Files that import each other, in folders that are open.

use crate::client::{Client, Folder};
use serde_json::{Value, json};

const LIBRARY: &str = "/// Posts.\naction slack.post(text: string) -> Reply {\n  POST \"https://slack.com/api/chat.postMessage\"\n  body { text }\n}\n\ntype Reply = { ok: bool }\n";
const MAIN: &str = "integration acme\n\nimport { slack.post } from \"./slack.zis\"\n\njob on_comment: support.ticket.CommentAdded -> announce\n\nflow announce(event) {\n  let reply = slack.post(text: \"hi\")\n  succeed \"${reply.ok}\"\n}\n";

fn open(client: &mut Client, uri: &str, text: &str) {
    let document = json!({ "uri": uri, "languageId": "zis", "version": 1, "text": text });
    client.notify("textDocument/didOpen", json!({ "textDocument": document }));
}

fn at(uri: &str, line: usize, character: usize) -> Value {
    json!({
        "textDocument": { "uri": uri },
        "position": { "line": line, "character": character },
        "context": { "includeDeclaration": true },
        "newName": "slack.send",
    })
}

fn messages(client: &mut Client, uri: &str) -> Vec<String> {
    let answer = client.request("textDocument/diagnostic", json!({ "textDocument": { "uri": uri } }));
    let items = answer["result"]["items"].as_array().expect("a list").clone();
    items.iter().map(|item| item["message"].as_str().expect("a text").to_owned()).collect()
}

#[test]
fn what_is_imported_is_known_and_found() {
    let folder = Folder::new("imports", &[("main.zis", MAIN), ("slack.zis", LIBRARY)]);
    let (main, slack) = (folder.uri("main.zis"), folder.uri("slack.zis"));
    let mut client = folder.client();
    open(&mut client, &main, MAIN);
    assert_eq!(messages(&mut client, &main), [] as [String; 0]);
    for (line, column) in [(7, 20), (2, 14)] {
        let definition = client.request("textDocument/definition", at(&main, line, column));
        assert_eq!(definition["result"][0]["uri"], slack, "{definition}");
    }
    let hover = client.request("textDocument/hover", at(&main, 7, 20));
    assert!(hover["result"]["contents"]["value"].as_str().is_some_and(|text| text.contains("Posts.")), "{hover}");
}

#[test]
fn a_name_is_changed_in_all_files() {
    let folder = Folder::new("rename", &[("main.zis", MAIN), ("slack.zis", LIBRARY)]);
    let (main, slack) = (folder.uri("main.zis"), folder.uri("slack.zis"));
    let mut client = folder.client();
    open(&mut client, &slack, LIBRARY);
    open(&mut client, &main, MAIN);
    for (file, line, column) in [(&main, 7, 20), (&slack, 1, 10), (&main, 2, 14)] {
        let answer = client.request("textDocument/rename", at(file, line, column));
        let edits = |file: &str| answer["result"]["changes"][file].as_array().map_or(0, Vec::len);
        assert_eq!((edits(&main), edits(&slack)), (2, 1), "{answer}");
    }
}

#[test]
fn changes_of_a_library_are_seen_by_who_imports_it() {
    let folder = Folder::new("watch", &[("main.zis", MAIN)]);
    let (main, slack) = (folder.uri("main.zis"), folder.uri("slack.zis"));
    let mut client = folder.client();
    open(&mut client, &main, MAIN);
    assert!(!messages(&mut client, &main).is_empty(), "there is no slack.zis yet");
    folder.write("slack.zis", LIBRARY);
    let touched = |kind: u8| json!({ "changes": [{ "uri": slack, "type": kind }] });
    client.notify("workspace/didChangeWatchedFiles", touched(1));
    assert_eq!(messages(&mut client, &main), [] as [String; 0]);
    // What is open counts, whatever the disk says.
    open(&mut client, &slack, &LIBRARY.replace("text: string", "words: string"));
    assert!(!messages(&mut client, &main).is_empty());
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": slack } }));
    assert_eq!(messages(&mut client, &main), [] as [String; 0]);
    folder.remove("slack.zis");
    client.notify("workspace/didChangeWatchedFiles", touched(3));
    assert!(!messages(&mut client, &main).is_empty());
}

#[test]
fn all_files_of_a_folder_are_judged() {
    let folder = Folder::new(
        "workspace",
        &[("main.zis", MAIN), ("slack.zis", LIBRARY), ("bad.zis", "flow x(event) {\n  goto Nowhere\n}\n")],
    );
    let mut client = folder.client();
    let mut problems = Value::Null;
    for _ in 0..100 {
        let answer = client.request("workspace/diagnostic", json!({ "previousResultIds": [] }));
        let files = answer["result"]["items"].as_array().expect("a list").clone();
        problems = json!(files.iter().map(|file| file["items"].as_array().map_or(0, Vec::len)).collect::<Vec<_>>());
        if files.len() == 3 {
            assert_eq!(problems, json!([1, 0, 0]));
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("the files were not read: {problems}");
}

#[test]
fn a_file_that_is_closed_and_not_of_a_folder_has_no_problems_any_more() {
    let folder = Folder::new("closed", &[("main.zis", MAIN), ("slack.zis", LIBRARY)]);
    let outside = Folder::new("outside", &[]);
    let mut client = folder.client();
    let names = ["bad.zis", "bad.bundle.json"].map(|name| outside.uri(name));
    let told = |client: &mut Client, uri: &str| {
        // What the client pulled for an open file, it does not name.
        let answer = client.request("workspace/diagnostic", json!({ "previousResultIds": [] }));
        let items = answer["result"]["items"].as_array().expect("a list").clone();
        items.iter().find(|item| item["uri"] == uri).map(|item| item["items"].as_array().map_or(0, Vec::len))
    };
    for (uri, text) in names.iter().zip(["flow x(event) {\n  goto Nowhere\n}\n", "{ \"resources\": 1 }"]) {
        open(&mut client, uri, text);
        assert!(!messages(&mut client, uri).is_empty());
        client.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
        assert_eq!(told(&mut client, uri), Some(0), "{uri} is closed");
        open(&mut client, uri, text);
        assert!(told(&mut client, uri).is_some_and(|count| count > 0), "{uri} is open again");
    }
}

#[test]
fn paths_of_files_are_links() {
    let folder = Folder::new("links", &[("main.zis", MAIN), ("slack.zis", LIBRARY)]);
    let (main, slack) = (folder.uri("main.zis"), folder.uri("slack.zis"));
    let mut client = folder.client();
    let gone = MAIN.replace("job", "import \"./nowhere.zis\"\n\njob");
    open(&mut client, &main, &gone);
    let answer = client.request("textDocument/documentLink", json!({ "textDocument": { "uri": main } }));
    let links = answer["result"].as_array().expect("a list");
    assert_eq!(links.len(), 1, "only what is there: {answer}");
    assert_eq!(links[0]["target"], slack);
    assert_eq!(links[0]["range"]["start"], json!({ "line": 2, "character": 28 }));
}

#[test]
fn imports_follow_files_that_get_another_name() {
    let folder = Folder::new("moved", &[("main.zis", MAIN), ("slack.zis", LIBRARY)]);
    let (main, slack) = (folder.uri("main.zis"), folder.uri("slack.zis"));
    let mut client = folder.client();
    open(&mut client, &main, MAIN);
    open(&mut client, &slack, LIBRARY);
    let mut renamed = |old: &str, new: &str| {
        let files = json!({ "files": [{ "oldUri": old, "newUri": folder.uri(new) }] });
        client.request("workspace/willRenameFiles", files)["result"]["changes"][&main].clone()
    };
    let range = json!({ "start": { "line": 2, "character": 27 }, "end": { "line": 2, "character": 40 } });
    let edit = |path: &str| json!([{ "range": range, "newText": format!("\"{path}\"") }]);
    assert_eq!(renamed(&slack, "chat.zis"), edit("./chat.zis"));
    assert_eq!(renamed(&slack, "library/slack.zis"), edit("./library/slack.zis"));
    assert_eq!(renamed(&main, "flows/main.zis"), edit("../slack.zis"));
    assert_eq!(renamed(&main, "other.zis"), Value::Null);
}

#[test]
fn what_another_file_declares_is_imported_when_it_is_chosen() {
    const OTHER: &str = "action chat.tell(text: string) {\n  POST \"https://chat.example\"\n  body { text }\n}\n";
    let folder = Folder::new("offered", &[("main.zis", MAIN), ("slack.zis", LIBRARY), ("chat.zis", OTHER)]);
    let (main, slack) = (folder.uri("main.zis"), folder.uri("slack.zis"));
    let mut client = folder.client();
    open(
        &mut client,
        &slack,
        &format!("{LIBRARY}\naction slack.read() -> Reply {{\n  GET \"https://slack.com\"\n}}\n"),
    );
    open(&mut client, &folder.uri("chat.zis"), OTHER);
    open(&mut client, &main, &MAIN.replace("  succeed", "  \n  succeed"));
    let place = json!({ "textDocument": { "uri": main }, "position": { "line": 8, "character": 2 } });
    let answer = client.request("textDocument/completion", place);
    let added = |label: &str| {
        let items = answer["result"].as_array().expect("a list");
        let item = items.iter().find(|item| item["label"] == label).unwrap_or_else(|| panic!("no {label}: {answer}"));
        let edit = &item["additionalTextEdits"][0];
        (edit["range"]["start"].clone(), edit["newText"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(added("slack.read"), (json!({ "line": 2, "character": 19 }), ", slack.read".to_owned()));
    let line = "\nimport { chat.tell } from \"./chat.zis\"".to_owned();
    assert_eq!(added("chat.tell"), (json!({ "line": 2, "character": 40 }), line));
}
