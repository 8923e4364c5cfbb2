use crate::snapshot::Snapshot;
use zisc_core::{Finding, SourceFile};

/// What is wrong with a file, or could be better.
pub(crate) fn diagnostics(snapshot: &Snapshot, file: SourceFile) -> &[Finding] {
    zisc_core::findings(&snapshot.db, file, snapshot.settings)
}
