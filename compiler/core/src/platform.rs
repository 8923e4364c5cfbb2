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

/// Whether a connection for a domain sends its credentials to a host: `*.example.com` is for the domain itself, too
/// (same page).
pub(crate) fn is_host_of(domain: &str, host: &str) -> bool {
    let (domain, host) = (domain.to_lowercase(), host.to_lowercase());
    match domain.strip_prefix("*.") {
        Some(parent) => host == parent || host.strip_suffix(parent).is_some_and(|front| front.ends_with('.')),
        None => domain == host,
    }
}

/// Whether a connection can have this name.
pub(crate) fn is_connection_name(name: &str) -> bool {
    (3..=64).contains(&name.len()) && name.chars().all(fits_connection_name)
}

/// Why the data of a flow cannot have a member of this name; nothing where it can.
pub(crate) fn why_not_a_member(name: &str) -> Option<&'static str> {
    match name {
        "account_id" | "subdomain" | "integration_key" | "input" | "connections" => {
            Some("the platform puts its own value there")
        }
        _ if name.starts_with("zisc") => Some("names that begin with `zisc` are the compiler's"),
        _ => None,
    }
}

/// What the platform fills in without being given it, as one of its own samples has it.
pub(crate) const IMPLICIT_PARAMETERS: &[&str] = &["subdomain", "zendeskHost"];
