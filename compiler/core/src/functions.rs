//! The functions of expressions: what they take and give, the jq they become, and an example that is a test.

use crate::types::Type;

/// A function that can be called in an expression.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub parameters: &'static [FunctionParameter],
    /// The type of what it gives.
    pub(crate) result: Gives,
    /// The jq it becomes; `$1` stands for the first argument, in brackets where they are needed.
    pub(crate) jq: &'static str,
    /// What it does, in one sentence.
    pub summary: &'static str,
    /// An expression that uses it, and the JSON that it gives.
    pub example: (&'static str, &'static str),
}

/// A parameter of a [`Function`].
#[derive(Debug)]
pub struct FunctionParameter {
    /// Its name.
    pub name: &'static str,
    /// The values it takes.
    pub(crate) takes: Takes,
}

/// The values that a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    Anything,
    Text,
    Number,
    List,
    Record,
    Timestamp,
}

/// The type of what a function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gives {
    Text,
    Number,
    Int,
    Bool,
    TextList,
    /// What the items of the first argument are; it may be missing.
    ItemOfFirst,
    /// A list like the first argument.
    SameAsFirst,
    List,
    Record,
    Timestamp,
    Anything,
}

impl Takes {
    pub(crate) fn wanted(self) -> Type {
        match self {
            Takes::Anything => Type::Any,
            Takes::Text => Type::String,
            Takes::Number => Type::Number,
            Takes::List => Type::Array(crate::Shared::new(Type::Any)),
            Takes::Record => Type::Map(crate::Shared::new(Type::Any)),
            Takes::Timestamp => Type::Timestamp,
        }
    }
}

impl Gives {
    pub(crate) fn kind(self, first: Option<&Type>) -> Type {
        match self {
            Gives::Text => Type::String,
            Gives::Number => Type::Number,
            Gives::Int => Type::Int,
            Gives::Bool => Type::Bool,
            Gives::TextList => Type::Array(crate::Shared::new(Type::String)),
            Gives::ItemOfFirst => {
                let item = first.and_then(Type::item).unwrap_or_default();
                if item == Type::Any { item } else { Type::union([item, Type::Null]) }
            }
            Gives::SameAsFirst => first.cloned().unwrap_or_default().without_null(),
            Gives::List => Type::Array(crate::Shared::new(Type::Any)),
            Gives::Record => Type::Map(crate::Shared::new(Type::Any)),
            Gives::Timestamp => Type::Timestamp,
            Gives::Anything => Type::Any,
        }
    }
}

macro_rules! functions {
    ($($name:ident($($parameter:ident: $takes:ident),*) -> $gives:ident = $jq:literal $summary:literal $expression:literal => $value:literal)*) => {
        /// All functions of expressions.
        pub static FUNCTIONS: &[Function] = &[$(Function {
            name: stringify!($name),
            parameters: &[$(FunctionParameter { name: stringify!($parameter), takes: Takes::$takes }),*],
            result: Gives::$gives,
            jq: $jq,
            summary: $summary,
            example: ($expression, $value),
        }),*];
    };
}

functions! {
    text(value: Anything) -> Text = "($1 | tostring)" "A value as text." "text(42)" => "\"42\""
    number(text: Anything) -> Number = "($1 | tonumber)" "The number that a text says." "number(\"42\")" => "42"
    lower(text: Text) -> Text = "($1 | ascii_downcase)" "A text with the letters A to Z made small." "lower(\"VIP\")" => "\"vip\""
    upper(text: Text) -> Text = "($1 | ascii_upcase)" "A text with the letters a to z made large." "upper(\"vip\")" => "\"VIP\""
    trim(text: Text) -> Text = "($1 | gsub(\"^\\\\s+|\\\\s+$\"; \"\"))" "A text without blanks at its ends." "trim(\"  a b \")" => "\"a b\""
    starts_with(text: Text, start: Text) -> Bool = "($1 | startswith($2))" "Whether a text begins with another." "starts_with(\"zen:ticket\", \"zen:\")" => "true"
    ends_with(text: Text, end: Text) -> Bool = "($1 | endswith($2))" "Whether a text ends with another." "ends_with(\"a.png\", \".png\")" => "true"
    without_start(text: Text, start: Text) -> Text = "($1 | ltrimstr($2))" "A text without what it begins with." "without_start(\"zen:7\", \"zen:\")" => "\"7\""
    without_end(text: Text, end: Text) -> Text = "($1 | rtrimstr($2))" "A text without what it ends with." "without_end(\"a.png\", \".png\")" => "\"a\""
    replace(text: Text, old: Text, new: Text) -> Text = "($1 | split($2) | join($3))" "A text with every `old` replaced by `new`." "replace(\"a-b-c\", \"-\", \"+\")" => "\"a+b+c\""
    split(text: Text, separator: Text) -> TextList = "($1 | split($2))" "The parts of a text between separators." "split(\"a,b\", \",\")" => "[\"a\",\"b\"]"
    join(list: List, separator: Text) -> Text = "($1 | join($2))" "The items of a list in one text." "join([\"a\", \"b\"], \", \")" => "\"a, b\""
    lines(text: Text) -> TextList = "($1 | split(\"\\n\"))" "The lines of a text." "lines(\"a\\nb\")" => "[\"a\",\"b\"]"
    matches(text: Text, pattern: Text) -> Bool = "($1 | test($2))" "Whether a regular expression matches somewhere in a text." "matches(\"order 17\", \"[0-9]+\")" => "true"
    find_all(text: Text, pattern: Text) -> TextList = "($1 | [match($2; \"g\").string])" "All parts of a text that a regular expression matches." "find_all(\"orders 17 and 4\", \"[0-9]+\")" => "[\"17\",\"4\"]"
    length(value: Anything) -> Int = "($1 | length)" "How many characters, items or fields there are." "length(\"abc\")" => "3"
    is_empty(value: Anything) -> Bool = "($1 | length == 0)" "Whether there are no characters, items or fields." "is_empty([])" => "true"
    first(list: List) -> ItemOfFirst = "$1[0]" "The first item of a list." "first([1, 2])" => "1"
    last(list: List) -> ItemOfFirst = "$1[-1]" "The last item of a list." "last([1, 2])" => "2"
    slice(list: Anything, from: Number, to: Number) -> SameAsFirst = "$1[$2:$3]" "The items or characters from one place up to, but without, another." "slice([1, 2, 3], 0, 2)" => "[1,2]"
    take(list: Anything, count: Number) -> SameAsFirst = "$1[:$2]" "The first items or characters, and not more than so many." "take(\"a long text\", 6)" => "\"a long\""
    drop(list: Anything, count: Number) -> SameAsFirst = "$1[$2:]" "What follows the first so many items or characters." "drop([1, 2, 3], 1)" => "[2,3]"
    sort(list: List) -> SameAsFirst = "($1 | sort)" "A list in order." "sort([2, 1])" => "[1,2]"
    sort_by(list: List, name: Text) -> SameAsFirst = "($1 | sort_by(.[$2]))" "A list of records in the order of one of their fields." "sort_by([{ id: 2 }, { id: 1 }], \"id\")" => "[{\"id\":1},{\"id\":2}]"
    unique(list: List) -> SameAsFirst = "($1 | unique)" "A list in order and without repetitions." "unique([2, 1, 2])" => "[1,2]"
    reverse(list: List) -> SameAsFirst = "($1 | reverse)" "A list the other way round." "reverse([1, 2])" => "[2,1]"
    flatten(list: List) -> Anything = "($1 | flatten)" "A list of lists as one list." "flatten([[1], [2]])" => "[1,2]"
    sum(list: List) -> Number = "($1 | add // 0)" "The sum of a list of numbers." "sum([1, 2])" => "3"
    min(list: List) -> ItemOfFirst = "($1 | min)" "The smallest item of a list." "min([2, 1])" => "1"
    max(list: List) -> ItemOfFirst = "($1 | max)" "The largest item of a list." "max([2, 1])" => "2"
    contains(list: List, item: Anything) -> Bool = "($1 | index([$2]) != null)" "Whether an item is in a list." "contains([1, 2], 2)" => "true"
    keys(record: Record) -> TextList = "($1 | keys)" "The names of a record's fields, in order." "keys({ b: 1, a: 2 })" => "[\"a\",\"b\"]"
    values(record: Record) -> List = "($1 | [.[]])" "The values of a record's fields." "values({ a: 1, b: 2 })" => "[1,2]"
    entries(record: Record) -> Anything = "($1 | to_entries)" "The fields of a record as records of `key` and `value`." "entries({ a: 1 })" => "[{\"key\":\"a\",\"value\":1}]"
    from_entries(list: List) -> Record = "($1 | from_entries)" "A record of records with `key` and `value`." "from_entries([{ key: \"a\", value: 1 }])" => "{\"a\":1}"
    has_field(record: Record, name: Text) -> Bool = "($1 | has($2))" "Whether a record has a field of this name." "has_field({ a: 1 }, \"b\")" => "false"
    without(record: Record, name: Text) -> Record = "($1 | del(.[$2]))" "A record without the field of this name." "without({ a: 1, b: 2 }, \"a\")" => "{\"b\":2}"
    abs(number: Number) -> Number = "($1 | if . < 0 then 0 - . else . end)" "A number without its sign." "abs(0 - 3)" => "3"
    floor(number: Number) -> Int = "($1 | floor)" "The largest whole number that is not larger." "floor(1.5)" => "1"
    round(number: Number) -> Int = "($1 | round)" "The nearest whole number." "round(1.6)" => "2"
    ceil(number: Number) -> Int = "($1 | ceil)" "The smallest whole number that is not smaller." "ceil(1.2)" => "2"
    url_encode(text: Anything) -> Text = "($1 | @uri)" "A text as it stands in an address: everything but letters, digits and `-_.~` is percent-encoded." "url_encode(\"a b&c\")" => "\"a%20b%26c\""
    query_string(record: Record) -> Text = "($1 | to_entries | map(\"\\(.key | @uri)=\\(.value | @uri)\") | join(\"&\"))" "The fields of a record as they stand behind the `?` of an address." "query_string({ page: 2, q: \"a b\" })" => "\"page=2&q=a%20b\""
    html_escape(text: Anything) -> Text = "($1 | @html)" "A text as it stands in HTML." "html_escape(\"a < b\")" => "\"a &lt; b\""
    base64(text: Text) -> Text = "($1 | @base64)" "A text in Base64." "base64(\"hi\")" => "\"aGk=\""
    base64_decode(text: Text) -> Text = "($1 | @base64d)" "The text that Base64 stands for." "base64_decode(\"aGk=\")" => "\"hi\""
    to_json(value: Anything) -> Text = "($1 | tojson)" "A value as JSON text." "to_json([1])" => "\"[1]\""
    from_json(text: Text) -> Anything = "($1 | fromjson)" "The value that a JSON text stands for." "from_json(\"[1]\")" => "[1]"
    now() -> Number = "now" "The seconds since 1970, at this moment." "now() > 0" => "true"
    timestamp_seconds(time: Timestamp) -> Int = "($1 | fromdateiso8601)" "An instant as seconds since 1970." "timestamp_seconds(\"1970-01-01T00:01:00Z\")" => "60"
    timestamp_from(seconds: Number) -> Timestamp = "($1 | todateiso8601)" "The instant that is so many seconds after 1970." "timestamp_from(60)" => "\"1970-01-01T00:01:00Z\""
    add_seconds(time: Timestamp, seconds: Number) -> Timestamp = "($1 | fromdateiso8601 + $2 | todateiso8601)" "The instant so many seconds later." "add_seconds(\"2021-08-12T08:46:37Z\", 3600)" => "\"2021-08-12T09:46:37Z\""
    seconds_between(start: Timestamp, end: Timestamp) -> Int = "(($2 | fromdateiso8601) - ($1 | fromdateiso8601))" "How many seconds pass from one instant to another." "seconds_between(\"2021-08-12T08:46:37Z\", \"2021-08-12T08:47:37Z\")" => "60"
    format_time(time: Timestamp, format: Text) -> Text = "($1 | fromdateiso8601 | strftime($2))" "An instant in a form such as \"%d.%m.%Y\"." "format_time(\"2021-08-12T08:46:37Z\", \"%Y-%m-%d\")" => "\"2021-08-12\""
    kind_of(value: Anything) -> Text = "($1 | type)" "What a value is: null, boolean, number, string, array or object." "kind_of([])" => "\"array\""
    custom_field(ticket: Record, id: Number) -> Anything = "($1.custom_fields // [] | map(select(.id == $2)) | .[0].value)" "The value of a ticket's custom field." "custom_field({ custom_fields: [{ id: 7, value: \"x\" }] }, 7)" => "\"x\""
}

impl Function {
    /// How it is called: `first(list: any[]) -> any`.
    pub fn signature(&self) -> String {
        let parameters: Vec<_> = self.parameters.iter().map(FunctionParameter::signature).collect();
        let gives = self.result.kind(self.parameters.first().map(|first| first.takes.wanted()).as_ref());
        format!("{}({}) -> {gives}", self.name, parameters.join(", "))
    }
}

impl FunctionParameter {
    /// Its name and type.
    pub fn signature(&self) -> String {
        format!("{}: {}", self.name, self.takes.wanted())
    }
}

/// The function of this name.
pub fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}
