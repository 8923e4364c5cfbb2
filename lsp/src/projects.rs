//! The `zisc.toml` files around the sources.

use crate::document::Lines;
use crate::session::Session;
use std::collections::HashMap;
use tower_lsp::ls_types::{Diagnostic, DiagnosticSeverity, Uri};
use zisc_core::{Database, Project, ProjectError, Settings};

/// What all of them are called.
pub(crate) const NAME: &str = "zisc.toml";

/// All that are known.
#[derive(Default)]
pub(crate) struct Projects {
    files: HashMap<Uri, ProjectFile>,
    /// Files of which the client has not been told yet what is wrong with them now.
    untold: Vec<Uri>,
}

/// One of them.
pub(crate) struct ProjectFile {
    pub(crate) text: String,
    /// The version that the client gave it; nothing where it is not open.
    pub(crate) version: Option<i32>,
    /// What it says. While there is a mistake in it, what it said before.
    settings: Settings,
    mistake: Option<ProjectError>,
}

/// Whether a file is one that this module is about.
pub(crate) fn is_project(file: &Uri) -> bool {
    file.path().as_str().rsplit('/').next() == Some(NAME)
}

impl Projects {
    pub(crate) fn get(&self, file: &Uri) -> Option<&ProjectFile> {
        self.files.get(file)
    }

    /// All that are known.
    pub(crate) fn names(&self) -> Vec<Uri> {
        self.files.keys().cloned().collect()
    }

    /// The settings for a source: those of the nearest `zisc.toml`, which is read where it was not before.
    pub(crate) fn settings_for(&mut self, db: &mut Database, session: &Session, source: &Uri) -> Option<Settings> {
        let path = source.to_file_path()?;
        let beside = path.ancestors().skip(1).map(|folder| folder.join(NAME));
        for path in beside {
            let Some(file) = Uri::from_file_path(&path) else { continue };
            if !self.files.contains_key(&file) {
                let Ok(text) = std::fs::read_to_string(&path) else { continue };
                self.set(db, session, &file, text, None);
            }
            return self.files.get(&file).map(|project| project.settings);
        }
        None
    }

    /// Gives a file this text.
    pub(crate) fn set(&mut self, db: &mut Database, session: &Session, file: &Uri, text: String, version: Option<i32>) {
        let read = Project::read(&text, session.preferences.environment.as_deref());
        let settings = match self.files.get(file) {
            Some(known) => known.settings,
            None => Settings::standard(db),
        };
        let mistake = match read {
            Ok(project) => {
                project.apply(db, settings);
                None
            }
            Err(mistake) => Some(mistake),
        };
        self.untold.push(file.clone());
        self.files.insert(file.clone(), ProjectFile { text, version, settings, mistake });
    }

    /// Forgets a file that is gone.
    pub(crate) fn remove(&mut self, file: &Uri) {
        if self.files.remove(file).is_some() {
            self.untold.push(file.clone());
        }
    }

    /// What is wrong with each file that was changed since this was asked, and which version of it that is about.
    pub(crate) fn news(&mut self, session: &Session) -> Vec<(Uri, Vec<Diagnostic>, Option<i32>)> {
        let news = std::mem::take(&mut self.untold).into_iter().map(|file| match self.files.get(&file) {
            Some(known) => (file, known.diagnostics(session), known.version),
            None => (file, Vec::new(), None),
        });
        news.collect()
    }
}

impl ProjectFile {
    /// What is wrong with it.
    fn diagnostics(&self, session: &Session) -> Vec<Diagnostic> {
        let lines = Lines::new(&self.text, session.encoding);
        let diagnostic = |mistake: &ProjectError| Diagnostic {
            range: lines.range(mistake.span.unwrap_or_default()),
            severity: Some(DiagnosticSeverity::ERROR),
            source: Some("zisc".to_owned()),
            message: mistake.message.clone(),
            ..Diagnostic::default()
        };
        self.mistake.iter().map(diagnostic).collect()
    }
}
