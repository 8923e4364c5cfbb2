//! Credentials that are written down where everybody reads them.

/// What a header says that holds a credential itself; nothing where the value is filled in later.
pub(crate) fn inline(header: &str, value: &str) -> Option<&'static str> {
    let name = header.to_ascii_lowercase();
    let is_filled_in = value.contains("{{") || value.contains("${") || value.starts_with("$.");
    if is_filled_in || value.trim().is_empty() {
        return None;
    }
    let known = [
        ("authorization", "authenticates the request"),
        ("proxy-authorization", "authenticates the request"),
        ("cookie", "holds a session"),
        ("x-api-key", "holds a key"),
        ("api-key", "holds a key"),
        ("apikey", "holds a key"),
        ("x-auth-token", "holds a token"),
        ("x-access-token", "holds a token"),
    ];
    known.iter().find(|(known, _)| *known == name).map(|(_, says)| *says)
}

#[cfg(test)]
mod tests {
    use super::inline;

    #[test]
    fn what_is_filled_in_is_no_credential() {
        assert!(inline("Authorization", "Basic dXNlcjpwYXNz").is_some());
        assert!(inline("X-API-Key", "abc").is_some());
        assert!(inline("Authorization", "Bearer {{$.token}}").is_none());
        assert!(inline("Authorization", "Bearer {{TOKEN}}").is_none());
        assert!(inline("Accept", "application/json").is_none());
    }
}
