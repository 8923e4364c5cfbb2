//! What the platform's documentation leaves open or contradicts: one setting for each point, with what we assume.

/// How the platform behaves where nobody knows for sure. [`SETTINGS`] says for each field what the choices are, which
/// one is assumed, and what speaks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Platform {
    /// What `LoadConfig` gives.
    pub load_config: LoadConfig,
    /// What `LoadConfig` does for a scope that holds nothing.
    pub missing_config: MissingConfig,
    /// How `PatchConfig` merges objects inside of settings.
    pub patch_config: PatchConfig,
    /// What a comparison does whose `Variable` leads nowhere.
    pub missing_variable: MissingVariable,
    /// Whether `IsPresent` holds for null.
    pub null: Null,
    /// Where an action's result goes without `ResultPath`.
    pub default_result_path: DefaultResultPath,
    /// What a jq program gives that has several outputs.
    pub jq_several: JqSeveral,
    /// What a jq program gives that has no output.
    pub jq_none: JqNone,
    /// How `queryParams` come into the address.
    pub query_params: QueryParams,
    /// What `Catch` writes.
    pub error_object: ErrorObject,
    /// Whether a `Catch` comes before the next run of the whole flow.
    pub catch_or_rerun: CatchOrRerun,
    /// Whether the whole flow runs again after an error of the other side.
    pub server_errors: ServerErrors,
    /// What a text gives that is one placeholder.
    pub placeholder_type: PlaceholderType,
    /// Whether `Parameters` are filled in under keys without `.$`.
    pub plain_placeholders: PlainPlaceholders,
    /// What a path alone is in a definition, under a key without `.$`.
    pub plain_paths: PlainPaths,
    /// Which names a definition knows without being given them.
    pub definition_names: DefinitionNames,
    /// What a text is as the data of a jq program.
    pub jq_text: JqText,
    /// What an answer without a body gives.
    pub empty_answer: EmptyAnswer,
    /// What `LoadLinks` gives.
    pub load_links: LoadLinks,
    /// What `PatchLink` and `DeleteLink` do where there is no such link.
    pub missing_link: MissingLink,
}

/// One row of the table.
pub struct Setting {
    /// Its name, as in `[platform]` of a project.
    pub name: &'static str,
    /// The choices; the first one is assumed.
    pub values: &'static [&'static str],
    /// What is not known.
    pub question: &'static str,
    /// What speaks for the first choice, and against it.
    pub source: &'static str,
    choose: fn(&mut Platform, &str),
}

/// All points, in the order of the reference.
pub static SETTINGS: &[Setting] = &[
    Setting {
        name: "load_config",
        values: &["bare", "wrapped"],
        question: "does LoadConfig give the settings themselves, or an object with them in `config`",
        source: "bare in the pages on Pass, Succeed and Choice and in public bundles; wrapped in the page on built-in actions",
        choose: |platform, value| platform.load_config = choice(value, LoadConfig::Bare, LoadConfig::Wrapped),
    },
    Setting {
        name: "missing_config",
        values: &["error", "empty"],
        question: "does LoadConfig fail for a scope that holds nothing, or give no settings",
        source: "the Configs API answers 404",
        choose: |platform, value| platform.missing_config = choice(value, MissingConfig::Error, MissingConfig::Empty),
    },
    Setting {
        name: "patch_config",
        values: &["deep", "shallow"],
        question: "does PatchConfig merge objects inside of settings, or replace them",
        source: "the documentation says that only the named settings change, with a nested example",
        choose: |platform, value| platform.patch_config = choice(value, PatchConfig::Deep, PatchConfig::Shallow),
    },
    Setting {
        name: "missing_variable",
        values: &["error", "false"],
        question: "does a Choice fail where a Variable leads nowhere, or does the rule not hold",
        source: "an error in the Amazon States Language, and documented as `JSON path not found` for any state",
        choose: |platform, value| {
            platform.missing_variable = choice(value, MissingVariable::Error, MissingVariable::False)
        },
    },
    Setting {
        name: "null",
        values: &["present", "absent"],
        question: "does IsPresent hold for null",
        source: "it does in the Amazon States Language; one public flow expects otherwise",
        choose: |platform, value| platform.null = choice(value, Null::Present, Null::Absent),
    },
    Setting {
        name: "default_result_path",
        values: &["replace", "keep"],
        question: "does the result of an action without ResultPath replace the data, or is it dropped",
        source: "documented for Catch and in the Amazon States Language; four states of one public bundle read on as if it was dropped",
        choose: |platform, value| {
            platform.default_result_path = choice(value, DefaultResultPath::Replace, DefaultResultPath::Keep);
        },
    },
    Setting {
        name: "jq_several",
        values: &["first", "array", "error"],
        question: "what does a jq program give that has several outputs",
        source: "public flows have such programs and go on with one value",
        choose: |platform, value| {
            platform.jq_several = match value {
                "array" => JqSeveral::Array,
                "error" => JqSeveral::Error,
                _ => JqSeveral::First,
            };
        },
    },
    Setting {
        name: "jq_none",
        values: &["null", "error"],
        question: "what does a jq program give that has no output",
        source: "nothing is known",
        choose: |platform, value| platform.jq_none = choice(value, JqNone::Null, JqNone::Error),
    },
    Setting {
        name: "query_params",
        values: &["encoded", "as_written"],
        question: "are `queryParams` encoded for the address",
        source: "nothing is known; the rest of an address is sent as it is written",
        choose: |platform, value| platform.query_params = choice(value, QueryParams::Encoded, QueryParams::AsWritten),
    },
    Setting {
        name: "error_object",
        values: &["error_and_cause", "cause"],
        question: "does the object that Catch writes have `Error` beside `Cause`",
        source: "it does in the Amazon States Language; the documentation names `Cause` only",
        choose: |platform, value| platform.error_object = choice(value, ErrorObject::ErrorAndCause, ErrorObject::Cause),
    },
    Setting {
        name: "catch_or_rerun",
        values: &["catch", "rerun"],
        question: "does a Catch take an answer that the platform runs whole flows again for, or does the flow run again first",
        source: "a Catch runs where a state has an error and cannot retry (documented), which may mean either",
        choose: |platform, value| {
            platform.catch_or_rerun = choice(value, CatchOrRerun::Catch, CatchOrRerun::Rerun);
        },
    },
    Setting {
        name: "server_errors",
        values: &["rerun", "final"],
        question: "does the whole flow run again after an answer of 500 and above, as after 429",
        source: "older documentation names 500; newer documentation names 429, and errors of some states",
        choose: |platform, value| {
            platform.server_errors = choice(value, ServerErrors::Rerun, ServerErrors::Final);
        },
    },
    Setting {
        name: "placeholder_type",
        values: &["text", "value"],
        question: "is what one placeholder fills in always a text, or does it keep its type where it is the whole text",
        source: "placeholders make texts; that a number stays a number is documented for paths only",
        choose: |platform, value| {
            platform.placeholder_type = choice(value, PlaceholderType::Text, PlaceholderType::Value);
        },
    },
    Setting {
        name: "plain_placeholders",
        values: &["filled_in", "literal"],
        question: "are placeholders in `Parameters` filled in under keys without `.$`",
        source: "deployed definitions rely on it; for `Parameters` nothing is known",
        choose: |platform, value| {
            platform.plain_placeholders = choice(value, PlainPlaceholders::FilledIn, PlainPlaceholders::Literal);
        },
    },
    Setting {
        name: "plain_paths",
        values: &["literal", "read"],
        question: "is a path alone read in a definition, under a key without `.$`",
        source: "the documentation writes `.$`; one deployed bundle does not",
        choose: |platform, value| {
            platform.plain_paths = choice(value, PlainPaths::Literal, PlainPaths::Read);
        },
    },
    Setting {
        name: "definition_names",
        values: &["given", "missing"],
        question: "does a definition know `subdomain` and `zendeskHost` where its `Parameters` do not have them",
        source: "one sample of the platform uses both without passing them",
        choose: |platform, value| {
            platform.definition_names = choice(value, DefinitionNames::Given, DefinitionNames::Missing);
        },
    },
    Setting {
        name: "jq_text",
        values: &["text", "json"],
        question: "is a text decoded that a path gives to the `data` of a jq program",
        source: "a text that the bundle spells out is decoded in a sample of the platform; for other texts nothing is known",
        choose: |platform, value| {
            platform.jq_text = choice(value, JqText::Text, JqText::Json);
        },
    },
    Setting {
        name: "empty_answer",
        values: &["object", "wrapped"],
        question: "does an answer without a body give `{}`, or `{\"__httpresponse\": \"\"}`",
        source: "nothing is known",
        choose: |platform, value| {
            platform.empty_answer = choice(value, EmptyAnswer::Object, EmptyAnswer::Wrapped);
        },
    },
    Setting {
        name: "load_links",
        values: &["page", "links"],
        question: "does LoadLinks give `meta` with cursors beside `links`",
        source: "nothing is known; other lists of the API have both",
        choose: |platform, value| {
            platform.load_links = choice(value, LoadLinks::Page, LoadLinks::Links);
        },
    },
    Setting {
        name: "missing_link",
        values: &["error", "nothing"],
        question: "do PatchLink and DeleteLink fail for a link that does not exist, or do nothing",
        source: "nothing is known",
        choose: |platform, value| {
            platform.missing_link = choice(value, MissingLink::Error, MissingLink::Nothing);
        },
    },
];

/// Of two values, the second is asked for by its name and anything else is the first.
fn choice<T: Named>(value: &str, first: T, second: T) -> T {
    if value == second.name() { second } else { first }
}

impl Platform {
    /// Chooses a value by name; the error says what there is to choose from.
    ///
    /// ```
    /// use zisc_runtime::Platform;
    /// use zisc_runtime::platform::LoadConfig;
    ///
    /// let mut platform = Platform::default();
    /// platform.choose("load_config", "wrapped")?;
    /// assert_eq!(platform.load_config, LoadConfig::Wrapped);
    /// assert_eq!(platform.choose("null", "gone"), Err("`null` is present or absent".to_owned()));
    /// # Ok::<(), String>(())
    /// ```
    pub fn choose(&mut self, name: &str, value: &str) -> Result<(), String> {
        let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) else {
            let near = zisc_bundle::nearest(name, SETTINGS.iter().map(|setting| setting.name));
            return Err(match near {
                Some(near) => format!("there is no setting `{name}`: did you mean `{near}`?"),
                None => {
                    let names: Vec<_> = SETTINGS.iter().map(|setting| setting.name).collect();
                    format!("there is no setting `{name}`; there are {}", names.join(", "))
                }
            });
        };
        if !setting.values.contains(&value) {
            return Err(format!("`{name}` is {}", setting.values.join(" or ")));
        }
        (setting.choose)(self, value);
        Ok(())
    }
}

/// A value that a setting can have.
trait Named {
    fn name(&self) -> &'static str;
}

/// The values of a setting, with their names.
macro_rules! values {
    ($($(#[$about:meta])* $setting:ident { $($(#[$value_about:meta])* $value:ident = $name:literal),* $(,)? })*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $setting { $($(#[$value_about])* $value),* }

        impl Named for $setting {
            fn name(&self) -> &'static str {
                match self { $(Self::$value => $name),* }
            }
        }
    )*};
}

values! {
    /// See [`Platform::load_config`].
    LoadConfig {
        /// The settings themselves.
        Bare = "bare",
        /// `{"config": settings}`.
        Wrapped = "wrapped",
    }
    /// See [`Platform::missing_config`].
    MissingConfig {
        /// The action fails.
        Error = "error",
        /// The settings are empty.
        Empty = "empty",
    }
    /// See [`Platform::patch_config`].
    PatchConfig {
        /// Objects are merged all the way down.
        Deep = "deep",
        /// Each setting is replaced as a whole.
        Shallow = "shallow",
    }
    /// See [`Platform::missing_variable`].
    MissingVariable {
        /// The state fails: `JSON path not found`.
        Error = "error",
        /// The comparison does not hold.
        False = "false",
    }
    /// See [`Platform::null`].
    Null {
        /// It does.
        Present = "present",
        /// It does not.
        Absent = "absent",
    }
    /// See [`Platform::default_result_path`].
    DefaultResultPath {
        /// The result replaces `$`.
        Replace = "replace",
        /// The result is dropped and `$` stays.
        Keep = "keep",
    }
    /// See [`Platform::jq_several`].
    JqSeveral {
        /// The first output.
        First = "first",
        /// All outputs, in an array.
        Array = "array",
        /// The action fails.
        Error = "error",
    }
    /// See [`Platform::jq_none`].
    JqNone {
        /// Null.
        Null = "null",
        /// The action fails.
        Error = "error",
    }
    /// See [`Platform::query_params`].
    QueryParams {
        /// With percent signs.
        Encoded = "encoded",
        /// As they stand in the bundle.
        AsWritten = "as_written",
    }
    /// See [`Platform::error_object`].
    ErrorObject {
        /// `{"Error": …, "Cause": …}`.
        ErrorAndCause = "error_and_cause",
        /// `{"Cause": …}`.
        Cause = "cause",
    }
    /// See [`Platform::catch_or_rerun`].
    CatchOrRerun {
        /// The `Catch` comes first.
        Catch = "catch",
        /// The flow runs again first, as often as it may.
        Rerun = "rerun",
    }
    /// See [`Platform::server_errors`].
    ServerErrors {
        /// It does.
        Rerun = "rerun",
        /// The flow fails for good.
        Final = "final",
    }
    /// See [`Platform::placeholder_type`].
    PlaceholderType {
        /// Always a text.
        Text = "text",
        /// The value, as a path would give it.
        Value = "value",
    }
    /// See [`Platform::plain_placeholders`].
    PlainPlaceholders {
        /// They are.
        FilledIn = "filled_in",
        /// The text stays as it is.
        Literal = "literal",
    }
    /// See [`Platform::plain_paths`].
    PlainPaths {
        /// A text like any other.
        Literal = "literal",
        /// The value found there.
        Read = "read",
    }
    /// See [`Platform::definition_names`].
    DefinitionNames {
        /// `subdomain` and `zendeskHost`.
        Given = "given",
        /// None.
        Missing = "missing",
    }
    /// See [`Platform::jq_text`].
    JqText {
        /// A text.
        Text = "text",
        /// The JSON in it, where there is any.
        Json = "json",
    }
    /// See [`Platform::empty_answer`].
    EmptyAnswer {
        /// `{}`.
        Object = "object",
        /// `{"__httpresponse": ""}`.
        Wrapped = "wrapped",
    }
    /// See [`Platform::load_links`].
    LoadLinks {
        /// `links` and `meta`.
        Page = "page",
        /// `links` alone.
        Links = "links",
    }
    /// See [`Platform::missing_link`].
    MissingLink {
        /// The action fails.
        Error = "error",
        /// Nothing happens, and the answer is null.
        Nothing = "nothing",
    }
}

impl Default for Platform {
    fn default() -> Self {
        Self {
            load_config: LoadConfig::Bare,
            missing_config: MissingConfig::Error,
            patch_config: PatchConfig::Deep,
            missing_variable: MissingVariable::Error,
            null: Null::Present,
            default_result_path: DefaultResultPath::Replace,
            jq_several: JqSeveral::First,
            jq_none: JqNone::Null,
            query_params: QueryParams::Encoded,
            error_object: ErrorObject::ErrorAndCause,
            catch_or_rerun: CatchOrRerun::Catch,
            server_errors: ServerErrors::Rerun,
            placeholder_type: PlaceholderType::Text,
            plain_placeholders: PlainPlaceholders::FilledIn,
            plain_paths: PlainPaths::Literal,
            definition_names: DefinitionNames::Given,
            jq_text: JqText::Text,
            empty_answer: EmptyAnswer::Object,
            load_links: LoadLinks::Page,
            missing_link: MissingLink::Error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_the_table() {
        let page = include_str!("../DIFFERENCES.md");
        for Setting { name, values, question, source, .. } in SETTINGS {
            let row = format!("| `{name}` | `{}` | {question} | {source} |", values.join("`, `"));
            assert!(page.contains(&row), "{row}");
        }
        for limit in crate::RunLimits::NAMES {
            assert!(page.contains(&format!("`{limit}`")), "{limit}");
        }
    }

    #[test]
    fn the_first_value_is_assumed_and_each_other_one_changes_something() {
        for setting in SETTINGS {
            let chosen = |value: &str| {
                let mut platform = Platform::default();
                platform.choose(setting.name, value).map(|()| platform)
            };
            assert_eq!(chosen(setting.values[0]), Ok(Platform::default()), "{}", setting.name);
            for value in &setting.values[1..] {
                assert_ne!(chosen(value), Ok(Platform::default()), "{} {value}", setting.name);
            }
        }
    }
}
