//! What the platform allows, by its documentation.

/// The longest a flow may run, in seconds (page "Flow state limitations").
pub(crate) const LONGEST_RUN: f64 = 100.0;

/// The most items that a Map goes through (same page).
pub(crate) const MOST_ITEMS: usize = 100;

/// What names of connections look like (page "Connections").
pub(crate) const CONNECTION_NAMES: &str = "a name has 3 to 64 letters, digits, `-` and `_`";

/// Whether a letter can stand in the name of a connection.
pub(crate) fn fits_connection_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_')
}

/// Whether a connection can have this name.
pub(crate) fn is_connection_name(name: &str) -> bool {
    (3..=64).contains(&name.len()) && name.chars().all(fits_connection_name)
}
