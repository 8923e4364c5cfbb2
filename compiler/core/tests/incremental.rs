//! An edit costs what it touches: counted in executions of queries.

mod mutation;

use mutation::{Random, mutate, number, words};
use salsa::Setter;
use std::sync::{Arc, Mutex};
use zisc_core::{Database, Finding, Settings, SourceFile, bundle, findings};

const PROGRAM: &str = r#"integration acme

connection slack: oauth

action post(text: string) {
  POST "https://slack.com/api/chat.postMessage"
  connection slack
  body { text }
}

job on_status: support.ticket.StatusChanged -> first
job on_comment: support.ticket.CommentAdded -> second

flow first(event) {
  let ticket = event.ticket_event.ticket
  post(text: "ticket ${ticket.id}")
}

flow second(event) {
  post(text: event.ticket_event.comment.body)
}
"#;

struct Watched {
    db: Database,
    file: SourceFile,
    settings: Settings,
    executed: Arc<Mutex<Vec<String>>>,
}

impl Watched {
    fn new(text: &str) -> Self {
        let executed = Arc::<Mutex<Vec<String>>>::default();
        let log = executed.clone();
        let db = Database::with_listener(move |query| log.lock().expect("no query panicked").push(query));
        let settings = Settings::standard(&db);
        let file = SourceFile::new(&db, "main.zis".to_owned(), text.to_owned());
        Self { db, file, settings, executed }
    }

    /// The queries that run when everything is asked about the text, by name, without their keys.
    fn edit(&mut self, text: &str) -> Vec<String> {
        self.file.set_text(&mut self.db).to(text.to_owned());
        self.executed.lock().expect("no query panicked").clear();
        self.ask();
        let mut names: Vec<String> = self
            .executed
            .lock()
            .expect("no query panicked")
            .iter()
            .map(|query| query.split('(').next().unwrap_or_default().to_owned())
            .collect();
        names.sort();
        names
    }

    fn ask(&self) -> (usize, String) {
        (findings(&self.db, self.file, self.settings).len(), bundle(&self.db, self.file, self.settings).write())
    }
}

#[test]
fn an_edit_in_one_flow_runs_nothing_about_another() {
    let mut watched = Watched::new(PROGRAM);
    watched.ask();
    let ran = watched
        .edit(&PROGRAM.replace("\"ticket ${ticket.id}\"", "\"the ticket ${ticket.id}, status ${ticket.status}\""));
    // Once for the flow that was edited, though the other one has moved; the file as a whole is put together again.
    assert_eq!(
        ran,
        [
            "bundle",
            "declaration",
            "event_loops",
            "findings",
            "findings_of_file",
            "flow_graph",
            "item_findings",
            "items",
            "mentioned",
            "of_item",
            "parsed",
            "unused_items"
        ],
        "a query ran for an item that was not edited"
    );
}

#[test]
fn a_blank_line_runs_only_what_publishes_places() {
    let mut watched = Watched::new(PROGRAM);
    watched.ask();
    let ran = watched.edit(&PROGRAM.replace("integration acme\n", "integration acme\n\n\n"));
    assert!(!ran.contains(&"flow_graph".to_owned()), "{ran:?}");
    assert!(!ran.contains(&"bundle".to_owned()), "{ran:?}");
}

#[test]
fn a_changed_signature_reaches_those_who_call() {
    let mut watched = Watched::new(PROGRAM);
    assert_eq!(watched.ask().0, 0);
    watched.edit(&PROGRAM.replace("text: string", "text: int"));
    assert_eq!(watched.ask().0, 2, "both calls give a text where a number is wanted");
}

/// A program of two files.
const MAIN: &str = r##"import { post, Note } from "./slack.zis"

integration acme

param channel: string = "#ops"

config settings("acme") {
  limit: int
}

event order_paid("shop", "order.paid") {
  id: int
  lines: { price: number }[]
}

job on_status: support.ticket.StatusChanged -> first
job on_order: order_paid -> second

flow first(event) {
  let ticket = event.ticket_event.ticket
  let found = settings.load() catch err { fail "NoSettings", "no settings: ${err.Cause}" }
  if ticket.priority == "urgent" && found.limit > 3 {
    Tell: let note = post(channel, text: "ticket ${ticket.id}")
    wait 5s
  }
  let count = 0
  while count < found.limit {
    let count = count + 1
    let upper = jq(ticket)`.tags | map(ascii_upcase)`
    post(channel, text: "${upper}")
  }
  goto Tell
}

flow second(event) {
  let prices = for line in event.lines {
    yield line.price * 2
  }
  post(channel, text: "${prices}")
}
"##;
const SLACK: &str = r#"type Note = { ok: bool, ts?: string }

connection slack: oauth

action post(channel: string, text: string) -> Note {
  POST "https://slack.com/api/chat.postMessage"
  connection slack
  body { channel, text }
}
"#;

/// Findings and bundle of the first of two files, the second of which it imports.
fn answers(db: &mut Database, files: [SourceFile; 2]) -> (Vec<Finding>, String) {
    zisc_core::connect(db, files[0], &mut |_, _, path| (path == "./slack.zis").then_some(files[1]));
    let settings = Settings::standard(db);
    (findings(db, files[0], settings).to_vec(), bundle(db, files[0], settings).write())
}

fn open(db: &Database, texts: &[String; 2]) -> [SourceFile; 2] {
    [("main.zis", 0), ("slack.zis", 1)]
        .map(|(path, number)| SourceFile::new(db, path.to_owned(), texts[number].clone()))
}

/// Whole lines, words and letters change, and are undone; now and then all begins anew, so that most of the texts are
/// programs. `ZISC_EDITS` sets how many edits there are.
#[test]
fn after_any_edit_the_answers_are_those_of_a_new_database() {
    let mut random = Random::new(0x2545_f491_4f6c_dd1d);
    let sources = [MAIN, SLACK].map(words);
    let mut db = Database::default();
    let mut texts = [MAIN, SLACK].map(str::to_owned);
    let files = open(&db, &texts);
    let mut before: Vec<[String; 2]> = Vec::new();
    for edit in 0..number("ZISC_EDITS").unwrap_or(400) {
        match random.below(4) {
            0 if !before.is_empty() => texts = before.swap_remove(random.below(before.len())),
            _ => {
                before.push(texts.clone());
                let which = random.below(2);
                let mut text = words(&texts[which]);
                mutate(&mut text, &sources, &mut random);
                texts[which] = text.concat();
            }
        }
        if edit % 25 == 24 {
            texts = [MAIN, SLACK].map(str::to_owned);
            before.clear();
        }
        for (file, text) in files.iter().zip(&texts) {
            if file.text(&db) != text {
                file.set_text(&mut db).to(text.clone());
            }
        }
        let mut fresh = Database::default();
        let fresh_files = open(&fresh, &texts);
        assert_eq!(
            answers(&mut db, files),
            answers(&mut fresh, fresh_files),
            "edit {edit}:\n{}\n---\n{}",
            texts[0],
            texts[1]
        );
    }
}
