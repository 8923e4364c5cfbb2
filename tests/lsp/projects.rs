//! What `zisc.toml` says holds in the editor too.

use crate::client::{Client, Folder};
use serde_json::{Value, json};

const SOURCE: &str = "integration acme\n\nparam channel: string\n\njob on_comment: support.ticket.CommentAdded -> announce\n\nflow announce(event) {\n  let unread = { a: channel }\n}\n";

/// Waits until these are the diagnostics of a file, by code or else by message, with their severity: 1 is an error, 4
/// a hint. Gives the place of the first.
fn until(client: &mut Client, uri: &str, wanted: &[(&str, u64)]) -> Value {
    loop {
        let message = client.request_of_server("textDocument/publishDiagnostics");
        let list = message["params"]["diagnostics"].as_array().expect("a list");
        let text = |each: &Value| each["code"].as_str().or(each["message"].as_str()).expect("a text").to_owned();
        let found = list.iter().map(|each| (text(each), each["severity"].as_u64().expect("a number")));
        if message["params"]["uri"] == uri
            && found.eq(wanted.iter().map(|(text, severity)| ((*text).to_owned(), *severity)))
        {
            return list.first().map(|each| each["range"]["start"].clone()).unwrap_or_default();
        }
    }
}

fn client(settings: Value) -> Client {
    let mut client = Client::connect();
    client.initialize(json!({ "processId": null, "capabilities": {}, "initializationOptions": settings }));
    client
}

#[test]
fn levels_of_the_project_hold_and_follow_it() {
    let folder = Folder::new("levels", &[("zisc.toml", "[levels]\nnever-read = \"error\"\n"), ("main.zis", SOURCE)]);
    let (main, project) = (folder.uri("main.zis"), folder.uri("zisc.toml"));
    let mut client = client(Value::Null);
    client.open_as(&main, SOURCE);
    until(&mut client, &main, &[("H0602", 1)]);
    folder.write("zisc.toml", "[levels]\nnever-read = \"off\"\n");
    let touched = |kind: u8| json!({ "changes": [{ "uri": project, "type": kind }] });
    client.notify("workspace/didChangeWatchedFiles", touched(2));
    until(&mut client, &main, &[]);
    folder.remove("zisc.toml");
    client.notify("workspace/didChangeWatchedFiles", touched(3));
    until(&mut client, &main, &[("H0602", 4)]);
}

#[test]
fn the_nearest_project_counts_and_a_new_one_is_seen() {
    let folder = Folder::new("nearest", &[("zisc.toml", "[levels]\nnever-read = \"error\"\n")]);
    folder.write("flows/main.zis", SOURCE);
    let (main, project) = (folder.uri("flows/main.zis"), folder.uri("flows/zisc.toml"));
    let mut client = client(Value::Null);
    client.open_as(&main, SOURCE);
    until(&mut client, &main, &[("H0602", 1)]);
    folder.write("flows/zisc.toml", "[levels]\nnever-read = \"warning\"\n");
    client.notify("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": project, "type": 1 }] }));
    until(&mut client, &main, &[("H0602", 2)]);
}

#[test]
fn a_mistake_in_the_project_stands_where_it_is_and_changes_nothing_else() {
    let text = "[levels]\nnever-read = \"error\"\n";
    let folder = Folder::new("mistake", &[("zisc.toml", text), ("main.zis", SOURCE)]);
    let (main, project) = (folder.uri("main.zis"), folder.uri("zisc.toml"));
    let mut client = client(Value::Null);
    client.open_as(&main, SOURCE);
    until(&mut client, &main, &[("H0602", 1)]);
    // What stands in the editor counts, saved or not.
    client.open_as(&project, text);
    until(&mut client, &project, &[]);
    let place = json!({ "start": { "line": 1, "character": 0 }, "end": { "line": 1, "character": 10 } });
    let change = |version: i32, text: &str, place: &Value| {
        let changes = json!([{ "range": place, "text": text }]);
        json!({ "textDocument": { "uri": project, "version": version }, "contentChanges": changes })
    };
    client.notify("textDocument/didChange", change(8, "nver-read", &place));
    let missing = "no finding is called `nver-read`: did you mean `never-read`?";
    assert_eq!(until(&mut client, &project, &[(missing, 1)]), json!({ "line": 1, "character": 0 }));
    until(&mut client, &main, &[("H0602", 1)]);
    let place = json!({ "start": { "line": 1, "character": 0 }, "end": { "line": 2, "character": 0 } });
    client.notify("textDocument/didChange", change(9, "", &place));
    until(&mut client, &project, &[]);
    until(&mut client, &main, &[("H0602", 4)]);
    // The file is as it was on the disk.
    client.notify("textDocument/didClose", json!({ "textDocument": { "uri": project } }));
    until(&mut client, &main, &[("H0602", 1)]);
}

#[test]
fn the_environment_that_was_chosen_must_be_there() {
    let folder = Folder::new("environment", &[("zisc.toml", "[env.production.params]\nchannel = \"#ops\"\n")]);
    let (main, project) = (folder.uri("main.zis"), folder.uri("zisc.toml"));
    let mut client = client(json!({ "environment": "producton" }));
    client.open_as(&main, SOURCE);
    let missing = "there is no environment `producton`: did you mean `production`?";
    until(&mut client, &project, &[(missing, 1)]);
    client
        .notify("workspace/didChangeConfiguration", json!({ "settings": { "zisc": { "environment": "production" } } }));
    until(&mut client, &project, &[]);
}
