//! An edit costs what it touches: counted in executions of queries.

use salsa::Setter;
use std::sync::{Arc, Mutex};
use zisc_core::{Database, Settings, SourceFile, bundle, findings};

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
            "findings",
            "flow_graph",
            "item_findings",
            "item_lints",
            "items",
            "mentioned",
            "parsed",
            "unused_in_item",
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

#[test]
fn after_any_edit_the_answers_are_those_of_a_new_database() {
    let lines: Vec<&str> = PROGRAM.lines().collect();
    let mut watched = Watched::new(PROGRAM);
    let mut seed: usize = 7;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut text: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    for _ in 0..300 {
        match next(4) {
            0 if text.len() > 3 => drop(text.remove(next(text.len()))),
            1 => text.insert(next(text.len() + 1), lines[next(lines.len())].to_owned()),
            2 => {
                let line = next(text.len());
                let at = next(text[line].len() + 1);
                text[line].truncate(at);
            }
            _ => {
                let line = next(text.len());
                text[line] = lines[next(lines.len())].to_owned();
            }
        }
        let now = text.join("\n");
        watched.edit(&now);
        let fresh = Watched::new(&now);
        assert_eq!(
            findings(&watched.db, watched.file, watched.settings),
            findings(&fresh.db, fresh.file, fresh.settings),
            "{now}"
        );
        assert_eq!(watched.ask().1, fresh.ask().1, "{now}");
    }
}
