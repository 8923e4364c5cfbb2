//! What the platform's documentation leaves open or contradicts: one setting for each point, with what we assume.

/// How the platform behaves where nobody knows for sure.
///
/// Each field says what the choices are, where the evidence comes from, and the default is what the evidence favours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Platform {
    /// What `LoadConfig` gives. The page "Built-in actions" shows the settings wrapped in `config`; the pages about
    /// Pass, Succeed and Choice and the public bundles read them bare.
    pub load_config: LoadConfig,
    /// What `LoadConfig` does for a scope that holds nothing. The Configs API answers 404, so this is an error.
    pub missing_config: MissingConfig,
    /// How `PatchConfig` merges objects inside of settings. The documentation says that only the named settings change.
    pub patch_config: PatchConfig,
    /// What a comparison does whose `Variable` leads nowhere. The Amazon States Language fails there, and the
    /// documentation lists `JSON path not found` for any state.
    pub missing_variable: MissingVariable,
    /// Whether `IsPresent` holds for null. In the Amazon States Language it does; one public flow expects otherwise.
    pub null_is_present: bool,
    /// Where an action's result goes without `ResultPath`. The page about Catch and the Amazon States Language say that
    /// it replaces `$`; a few public flows read on as if it had been dropped.
    pub default_result_path: DefaultResultPath,
}

impl Default for Platform {
    fn default() -> Self {
        Self {
            load_config: LoadConfig::Bare,
            missing_config: MissingConfig::Error,
            patch_config: PatchConfig::Deep,
            missing_variable: MissingVariable::Error,
            null_is_present: true,
            default_result_path: DefaultResultPath::Replace,
        }
    }
}

/// See [`Platform::load_config`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadConfig {
    /// The settings themselves.
    Bare,
    /// `{"config": settings}`.
    Wrapped,
}

/// See [`Platform::missing_config`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingConfig {
    /// The action fails.
    Error,
    /// The settings are empty.
    Empty,
}

/// See [`Platform::patch_config`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatchConfig {
    /// Objects are merged all the way down.
    Deep,
    /// Each setting is replaced as a whole.
    Shallow,
}

/// See [`Platform::missing_variable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingVariable {
    /// The state fails: `JSON path not found`.
    Error,
    /// The comparison does not hold.
    False,
}

/// See [`Platform::default_result_path`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultResultPath {
    /// The result replaces `$`.
    Replace,
    /// The result is dropped and `$` stays.
    Keep,
}
