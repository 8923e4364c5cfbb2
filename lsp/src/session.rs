//! What client and server agreed on when they met.

use crate::document::Encoding;
use tower_lsp::ls_types::{ClientCapabilities, InitializeParams, MarkupKind, PositionEncodingKind, Uri};

/// What is known about the client.
#[derive(Clone, Debug, Default)]
pub(crate) struct Session {
    /// How it counts columns.
    pub(crate) encoding: Encoding,
    /// The folders it has open.
    pub(crate) folders: Vec<Uri>,
    /// It asks for diagnostics, so none are sent unasked.
    pub(crate) pulls_diagnostics: bool,
    /// It can be told that diagnostics it asked for are old.
    pub(crate) refreshes_diagnostics: bool,
    /// It knows snippets.
    pub(crate) snippets: bool,
    /// It lets the person choose whether a completion is written over the rest of a word.
    pub(crate) inserts_or_replaces: bool,
    /// It shows at each completion what it is, not only at the one that is chosen.
    pub(crate) label_details: bool,
    /// It shows symbols in symbols.
    pub(crate) nested_symbols: bool,
    /// It answers what the settings are.
    pub(crate) pulls_settings: bool,
    /// It can be asked to watch files.
    pub(crate) watches_files: bool,
    /// It asks for the change of an action when the person chose it.
    pub(crate) resolves_actions: bool,
    /// It shows how far long work is.
    pub(crate) progress: bool,
    /// It shows Markdown.
    pub(crate) markdown: bool,
    /// The commands of lenses that it has: `experimental.commands` of its capabilities.
    pub(crate) commands: Vec<String>,
    /// What the person chose.
    pub(crate) preferences: Preferences,
}

/// What a person can choose: the settings `zisc.*` of the editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Preferences {
    /// `inlayHints.types`
    pub(crate) type_hints: bool,
    /// `inlayHints.states`
    pub(crate) state_hints: bool,
    /// `inlayHints.parameters`
    pub(crate) parameter_hints: bool,
    /// `codeLens.enable`
    pub(crate) lenses: bool,
    /// `environment`: the one of `zisc.toml` that sources are looked at for; nothing for none.
    pub(crate) environment: Option<String>,
}

impl Default for Preferences {
    fn default() -> Self {
        Self { type_hints: true, state_hints: true, parameter_hints: true, lenses: true, environment: None }
    }
}

impl Preferences {
    /// The settings of an editor, as far as they say something.
    pub(crate) fn read(settings: &serde_json::Value) -> Self {
        let settings = settings.get("zisc").unwrap_or(settings);
        let flag =
            |path: &str, otherwise: bool| settings.pointer(path).and_then(|it| it.as_bool()).unwrap_or(otherwise);
        let standard = Self::default();
        Self {
            type_hints: flag("/inlayHints/types", standard.type_hints),
            state_hints: flag("/inlayHints/states", standard.state_hints),
            parameter_hints: flag("/inlayHints/parameters", standard.parameter_hints),
            lenses: flag("/codeLens/enable", standard.lenses),
            environment: settings
                .pointer("/environment")
                .and_then(|name| name.as_str())
                .filter(|name| !name.is_empty())
                .map(str::to_owned),
        }
    }
}

impl Session {
    /// Whether the client has this command.
    pub(crate) fn knows_command(&self, command: &str) -> bool {
        self.commands.iter().any(|known| known == command)
    }

    pub(crate) fn new(parameters: &InitializeParams) -> Self {
        let client = &parameters.capabilities;
        let document = client.text_document.as_ref();
        let workspace = client.workspace.as_ref();
        let folders = match &parameters.workspace_folders {
            Some(folders) => folders.iter().map(|folder| folder.uri.clone()).collect(),
            #[allow(deprecated, reason = "older clients name their only folder so")]
            None => parameters.root_uri.iter().cloned().collect(),
        };
        let completion = document.and_then(|it| it.completion.as_ref()?.completion_item.as_ref());
        let symbols = document.and_then(|it| it.document_symbol.as_ref());
        let hover = document.and_then(|it| it.hover.as_ref()?.content_format.as_ref());
        Self {
            encoding: encoding(client),
            folders,
            pulls_diagnostics: document.is_some_and(|it| it.diagnostic.is_some()),
            refreshes_diagnostics: workspace
                .and_then(|it| it.diagnostics.as_ref()?.refresh_support)
                .unwrap_or_default(),
            snippets: completion.and_then(|it| it.snippet_support).unwrap_or_default(),
            inserts_or_replaces: completion.and_then(|it| it.insert_replace_support).unwrap_or_default(),
            label_details: completion.and_then(|it| it.label_details_support).unwrap_or_default(),
            nested_symbols: symbols.and_then(|it| it.hierarchical_document_symbol_support).unwrap_or_default(),
            pulls_settings: workspace.and_then(|it| it.configuration).unwrap_or_default(),
            watches_files: workspace
                .and_then(|it| it.did_change_watched_files.as_ref()?.dynamic_registration)
                .unwrap_or_default(),
            resolves_actions: document
                .and_then(|it| it.code_action.as_ref()?.resolve_support.as_ref())
                .is_some_and(|support| support.properties.iter().any(|property| property == "edit")),
            progress: client.window.as_ref().and_then(|it| it.work_done_progress).unwrap_or_default(),
            markdown: hover.is_none_or(|formats| formats.contains(&MarkupKind::Markdown)),
            commands: client
                .experimental
                .as_ref()
                .and_then(|experimental| serde_json::from_value(experimental.get("commands")?.clone()).ok())
                .unwrap_or_default(),
            preferences: parameters.initialization_options.as_ref().map(Preferences::read).unwrap_or_default(),
        }
    }
}

fn encoding(client: &ClientCapabilities) -> Encoding {
    let offered = client.general.as_ref().and_then(|general| general.position_encodings.as_ref());
    match offered {
        Some(offered) if offered.contains(&PositionEncodingKind::UTF8) => Encoding::Utf8,
        _ => Encoding::Utf16,
    }
}
