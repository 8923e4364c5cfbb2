//! Every sort of finding: code, name, level, summary, page. To add one, add a line here and a page beside the others.

use crate::finding::{Level, Rule};

macro_rules! rules {
    ($($constant:ident $code:literal $name:literal $level:ident $summary:literal)*) => {
        $(
            pub(crate) static $constant: Rule = Rule {
                code: $code,
                name: $name,
                level: Level::$level,
                summary: $summary,
                page: include_str!(concat!("../pages/", $code, ".md")),
            };
        )*

        /// All sorts of findings, by code.
        pub static RULES: &[&Rule] = &[$(&$constant),*];
    };
}

rules! {
    UNEXPECTED "E0001" "syntax" Error "The text does not have the form of the language here."
    UNCLOSED "E0002" "unclosed" Error "A string, a jq text or a bracket is not closed."
    HABIT "E0003" "other-language" Error "This is how another language writes it."
    DANGLING_PLACEHOLDER "E0004" "placeholder" Error "A text holds `{{$`, which the platform would fill in."

    UNKNOWN_NAME "E0101" "unknown-name" Error "Nothing of this name can be read here."
    UNKNOWN_ACTION "E0102" "unknown-action" Error "Nothing of this name can be called."
    UNKNOWN_TYPE "E0103" "unknown-type" Error "No type has this name."
    UNKNOWN_CONNECTION "E0104" "unknown-connection" Error "No connection has this name."
    UNKNOWN_FLOW "E0105" "unknown-flow" Error "No flow has this name."
    UNKNOWN_EVENT "E0106" "unknown-event" Error "No event has this name."
    DUPLICATE_NAME "E0107" "duplicate-name" Error "Two things of one sort have the same name."
    UNKNOWN_LABEL "E0108" "unknown-label" Error "No statement has this label."
    UNKNOWN_FILE "E0110" "unknown-file" Error "A file that is imported cannot be read."
    RESERVED_NAME "E0109" "reserved-name" Error "This name belongs to the platform or to the compiler."

    UNKNOWN_FIELD "E0201" "unknown-field" Error "The value has no such field."
    MISSING_ARGUMENT "E0202" "missing-argument" Error "A call leaves out what the action needs."
    UNKNOWN_ARGUMENT "E0203" "unknown-argument" Error "The action has no such parameter."
    WRONG_TYPE "E0204" "wrong-type" Error "The value is of another type than is wanted."
    NEVER_EQUAL "E0205" "never-equal" Error "The two sides of a comparison can never be equal."
    MAY_BE_MISSING "E0206" "may-be-missing" Error "A value may be missing where it is used."
    NOT_SET "E0207" "not-set" Error "No statement on the way here has set this name."
    CANNOT_ORDER "E0208" "cannot-order" Error "Values of these types have no order."
    NOT_IN_PLACE "E0209" "not-in-place" Error "The platform cannot compute this in place."
    MISSING_CASE "E0211" "missing-case" Error "A `match` leaves out a value that can occur."
    OUTSIDE_OF_LOOP "E0212" "outside-of-loop" Error "A `break` or `continue` stands in no loop."
    OVERWRITTEN "E0213" "overwritten" Error "A name for a path is read after the path was overwritten."
    NO_EFFECT "E0210" "no-effect" Error "A statement does nothing."

    JQ_SYNTAX "E0301" "jq-syntax" Error "A jq text does not have the form of jq."
    JQ_UNKNOWN "E0302" "jq-unknown" Error "A jq text uses a function or a variable that does not exist."

    INCOMPLETE "E0401" "incomplete" Error "A definition lacks a part that it cannot do without."
    INVALID_NAME "E0402" "invalid-name" Error "The platform does not accept this name."
    INVALID_DURATION "E0403" "invalid-duration" Error "A wait is not possible for this long."
    INSECURE "E0404" "insecure" Error "Credentials would be sent without encryption."
    OTHER_HOST "E0405" "other-host" Error "A request goes to a host that its connection is not for."

    UNREACHABLE "W0501" "unreachable" Warning "No way leads to this statement."
    LONG_WAIT "W0502" "long-wait" Warning "A flow waits longer than it may run."
    JQ_OUTPUTS "W0503" "jq-outputs" Warning "A jq text yields no value, or several."
    UNUSED "W0504" "unused" Warning "Something is declared or computed, and nothing uses it."
    SECRET "W0505" "secret" Warning "A secret stands in the source."
    SECRET_IN_LOG "W0506" "secret-in-log" Warning "A secret would stand in a log."
    NO_CREDENTIALS "W0507" "no-credentials" Warning "A request to the account goes without credentials."
    LEFTOVER "W0508" "leftover" Warning "A text marks a value as another language does."
    STARTED_TWICE "W0509" "started-twice" Warning "Two jobs start one flow for the same event."
    JQ_DIFFERS "W0510" "jq-differs" Warning "A jq text goes otherwise in jq 1.6 than here."
    ALL_DATA "W0511" "all-data" Warning "A request carries all that the flow knows."
    OTHER_CASE "W0512" "other-case" Warning "A text is compared with other small and capital letters than it comes with."
    NEVER_READ "H0602" "never-read" Hint "A statement gives a value a name, and nothing reads it."
    NOT_ENCODED "H0601" "not-encoded" Hint "A value becomes part of an address as it is."
    NO_PAUSE "H0603" "no-pause" Hint "A loop asks the same again without a pause."
    EVENT_LOOP "H0604" "event-loop" Hint "A flow changes what its own event is about."
    JQ_UNATTESTED "H0620" "jq-unattested" Hint "Whether the platform knows this jq function is not known."

    UNKNOWN_OPERATOR "E0701" "unknown-operator" Error "A rule compares in a way that the platform does not know."
    UNKNOWN_SORT "E0702" "unknown-sort" Error "The platform has nothing of this type."
    CONTRADICTION "E0703" "contradiction" Error "Two members of one object exclude each other."
    PATH_FORM "E0704" "path-form" Error "This is no path that the platform can follow."
    ERROR_EQUALS "E0705" "error-equals" Error "A catcher is to catch some errors only."
    UNKNOWN_MEMBER "W0706" "unknown-member" Warning "The platform passes over this member."
    NOT_FILLED_IN "W0707" "not-filled-in" Warning "A path stands where nothing is filled in."
    DATA_LOST "W0708" "data-lost" Warning "A result takes the place of data that is read later."
    MAY_NOT_BE_SET "W0709" "may-not-be-set" Warning "What is read may not be there on every way."
    IGNORED_ARGUMENT "W0710" "ignored-argument" Warning "An action is given what it does not read."
    NO_DEFAULT "W0711" "no-default" Warning "A Choice does not say what happens when no rule is true."
    NO_END "W0712" "no-end" Warning "No way leads to an end."
    INJECTION "W0713" "injection" Warning "A value becomes a part of a jq program."
    TOO_MANY_ITEMS "W0714" "too-many-items" Warning "A Map is given more items than it takes."
    BARE_PATH "H0715" "bare-path" Hint "A text looks like a path, and is none."
    DOCUMENTED_NAME "H0716" "documented-name" Hint "A name is not of the form that the documentation asks for."
    COMMENT "W0717" "comment" Warning "A bundle has a comment, and JSON has none."
}

/// The rule of this code or name.
pub fn rule(code_or_name: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.code.eq_ignore_ascii_case(code_or_name) || rule.name == code_or_name)
}
