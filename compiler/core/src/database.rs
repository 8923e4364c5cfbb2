#![allow(missing_docs, reason = "salsa's macros write functions without documentation")]

use crate::cuts::Cuts;
use crate::finding::Level;
use std::collections::BTreeMap;

/// The text of one file.
#[salsa::input(debug)]
pub struct SourceFile {
    /// How the file is called in messages.
    #[returns(deref)]
    pub path: String,
    /// Its text.
    #[returns(deref)]
    pub text: String,
    /// Where its items begin and which is which, where somebody knows: who edits a text can tell for less than it takes
    /// to look through all of it.
    #[default]
    #[returns(as_ref)]
    pub cuts: Option<Cuts>,
    /// The files that it imports, by the path that stands in it. Whoever knows files brings them.
    #[default]
    pub imports: BTreeMap<String, SourceFile>,
}

/// What the project says about itself, beside its files.
#[salsa::input(debug)]
pub struct Settings {
    /// The shape in which the platform hands out a config.
    #[returns(copy)]
    pub load_config: LoadConfig,
    /// The integration's key, where the environment has another one.
    #[returns(as_deref)]
    pub integration: Option<String>,
    /// What params are set to, as text; lists and records in JSON.
    pub params: BTreeMap<String, String>,
    /// What connections are called in the environment.
    pub connections: BTreeMap<String, String>,
    /// How bad findings are for this project, by the code of their sort; nothing where they are not wanted.
    #[default]
    pub levels: BTreeMap<&'static str, Option<Level>>,
}

/// The shape in which `LoadConfig` hands out a config: the documentation shows both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LoadConfig {
    /// The settings themselves.
    #[default]
    Bare,
    /// The settings under `config`.
    Wrapped,
}

impl Settings {
    /// What holds where the project says nothing.
    pub fn standard(db: &dyn Db) -> Self {
        Self::new(db, LoadConfig::default(), None, BTreeMap::new(), BTreeMap::new())
    }
}

/// What every question is asked of.
#[salsa::db]
pub trait Db: salsa::Database {}

/// The database: inputs, and everything computed from them so far. A clone sees the same contents.
#[salsa::db]
#[derive(Clone, Default)]
pub struct Database {
    storage: salsa::Storage<Self>,
}

#[salsa::db]
impl salsa::Database for Database {}

#[salsa::db]
impl Db for Database {}

impl Database {
    /// A database that tells `listener` the name of each query when it is executed.
    pub fn with_listener(listener: impl Fn(String) + Send + Sync + 'static) -> Self {
        let storage = salsa::Storage::new(Some(Box::new(move |event: salsa::Event| {
            if let salsa::EventKind::WillExecute { database_key } = event.kind {
                listener(format!("{database_key:?}"));
            }
        })));
        Self { storage }
    }
}
