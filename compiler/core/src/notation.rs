/// What a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Notation {
    /// The language: `.zis`.
    Source,
    /// Bundle JSON.
    Bundle,
}

impl Notation {
    /// Told by the name and, where that says nothing, by the first character: JSON begins with a bracket, a comment or
    /// a quote, and source with a word.
    ///
    /// ```
    /// use zisc_core::Notation;
    ///
    /// assert_eq!(Notation::of("main.zis", "{"), Notation::Source);
    /// assert_eq!(Notation::of("flow.bundle", "\n{ \"resources\": {} }"), Notation::Bundle);
    /// assert_eq!(Notation::of("untitled", "integration acme"), Notation::Source);
    /// ```
    pub fn of(name: &str, text: &str) -> Self {
        let extension = name.rsplit(['/', '\\']).next().and_then(|name| name.rsplit_once('.')).map(|(_, end)| end);
        match extension {
            Some("zis") => Self::Source,
            Some("json" | "jsonc") => Self::Bundle,
            _ => match text.trim_start_matches('\u{feff}').trim_start().chars().next() {
                Some('{' | '[' | '"') => Self::Bundle,
                _ => Self::Source,
            },
        }
    }
}

/// Whether a file is meant to be a bundle, and not any other JSON: by its name, or because it says so itself.
///
/// ```
/// use zisc_core::is_bundle;
///
/// assert!(is_bundle("acme.bundle.json", "") && is_bundle("out/bundle.json", ""));
/// assert!(is_bundle("flow.json", r#"{ "zis_template_version": "2019-10-14" }"#));
/// assert!(!is_bundle("package.json", r#"{ "name": "acme" }"#));
/// ```
pub fn is_bundle(name: &str, text: &str) -> bool {
    let file_name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let is_named_so = file_name == "bundle.json" || file_name.ends_with(".bundle.json");
    Notation::of(name, text) == Notation::Bundle && (is_named_so || text.contains("\"zis_template_version\""))
}
