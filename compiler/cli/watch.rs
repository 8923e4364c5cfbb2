//! Doing something again whenever files change.

use crate::file;
use crate::import::Sources;
use crate::project;
use std::path::{Path, PathBuf};
use std::time::Duration;
use zisc_core::Database;

/// How often files are looked at: at once for a person, and no work for a machine.
const INTERVAL: Duration = Duration::from_millis(200);

/// Does `work`, and again after each change of a source, of what it imports or of its project, until the program is
/// interrupted.
pub(crate) fn again_and_again<T>(source: Option<&Path>, mut work: impl FnMut()) -> T {
    loop {
        let seen = watched(source);
        work();
        while seen.iter().all(|(path, text)| read(path) == *text) {
            std::thread::sleep(INTERVAL);
        }
    }
}

/// The files to look at, with what is in them. They are small, so that their text says better than their time whether
/// they changed; one that is not there may come.
fn watched(source: Option<&Path>) -> Vec<(PathBuf, Option<Vec<u8>>)> {
    let mut paths = match file::source(source) {
        Ok(source) => {
            let project = project::file_of(&source);
            let Sources { files, missing } = Sources::read(&mut Database::default(), source);
            files.into_iter().map(|(file, _)| file.path).chain(missing).chain(project).collect()
        }
        Err(_) => vec![source.unwrap_or(Path::new(".")).to_owned()],
    };
    // A folder stands for the source in it.
    for path in &mut paths {
        if path.is_dir() {
            path.push("main.zis");
        }
    }
    paths.into_iter().map(|path| (path.clone(), read(&path))).collect()
}

fn read(path: &Path) -> Option<Vec<u8>> {
    std::fs::read(path).ok()
}
