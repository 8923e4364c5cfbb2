//! The functions of jq: name, parameters, what they do, and the type of what they give. Names, completion and inference
//! all read this table.

use super::infer::{Call, Interpreter};
use super::lattice::{Kind, list};
use super::outcome::Outcome;
use super::rules;
use crate::types::Type;
use jaq_core::load::lex::Lexer;
use jaq_core::load::parse::{Parser, Term};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A parameter: its name, with a `$` where it is a value and without one where it is a program.
pub(super) type Parameter<'t> = &'t str;

/// A function of jq.
pub struct Function {
    /// Its name; formats begin with `@`.
    pub name: &'static str,
    /// Its parameters. One with a `$` is a value, the others are programs.
    pub parameters: &'static [&'static str],
    /// What it does, in one sentence.
    pub summary: &'static str,
    pub(super) gives: Gives,
}

/// The type of what a function gives.
pub(super) enum Gives {
    /// This type for every input.
    Always(fn() -> Type),
    /// This type for inputs of these kinds; others fail.
    On(&'static [Kind], fn() -> Type),
    /// The input where it is of these kinds, else nothing.
    Kept(&'static [Kind]),
    /// What this program gives.
    Jq(&'static str),
    /// What a rule says.
    Rule(for<'a, 't> fn(&mut Interpreter<'t>, Call<'a, 't>) -> Outcome),
    /// Nobody knows.
    Unknown,
}

use Gives::{Always, Jq, Kept, On, Rule, Unknown};

/// The function of this name with so many arguments.
pub(super) fn function(name: &str, arguments: usize) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name && function.parameters.len() == arguments)
}

/// The program of a function that is written in jq.
pub(super) fn definition(function: &Function) -> Option<&'static Term<&'static str>> {
    DEFINITIONS.get(&(function.name, function.parameters.len()))
}

static DEFINITIONS: LazyLock<HashMap<(&'static str, usize), Term<&'static str>>> = LazyLock::new(|| {
    let parsed = FUNCTIONS.iter().filter_map(|function| {
        let Jq(code) = function.gives else { return None };
        let tokens = Lexer::new(code).lex().ok()?;
        let term = Parser::new(&tokens).parse(|parser| parser.term()).ok()?;
        Some(((function.name, function.parameters.len()), term))
    });
    parsed.collect()
});

const fn line(
    name: &'static str,
    parameters: &'static [&'static str],
    summary: &'static str,
    gives: Gives,
) -> Function {
    Function { name, parameters, summary, gives }
}

const TEXT: &[Kind] = &[Kind::Text];
const NUMBERS: &[Kind] = &[Kind::Number];
const LISTS: &[Kind] = &[Kind::List];
const CONTAINERS: &[Kind] = &[Kind::List, Kind::Object];
/// What may be asked for a key. Null has none.
const HAVE_KEYS: &[Kind] = &[Kind::Null, Kind::List, Kind::Object];
const SCALARS: &[Kind] = &[Kind::Null, Kind::Bool, Kind::Number, Kind::Text];
const VALUES: &[Kind] = &[Kind::Bool, Kind::Number, Kind::Text, Kind::List, Kind::Object];
/// Seconds, or year, month, day and so on.
const TIMES: &[Kind] = &[Kind::Number, Kind::List];

fn any() -> Type {
    Type::Any
}

fn null() -> Type {
    Type::Null
}

fn boolean() -> Type {
    Type::Bool
}

fn whole() -> Type {
    Type::Int
}

fn real() -> Type {
    Type::Number
}

fn text() -> Type {
    Type::String
}

fn texts() -> Type {
    list(Type::String)
}

fn wholes() -> Type {
    list(Type::Int)
}

fn reals() -> Type {
    list(Type::Number)
}

// A line each, as it is a table.
/// The functions of jq 1.6 that a flow can use, by name.
#[rustfmt::skip]
pub static FUNCTIONS: &[Function] = &[
    line("@base32", &[], "The value in base 32.", Always(text)),
    line("@base32d", &[], "The value from base 32.", On(Kind::ALL, text)),
    line("@base64", &[], "The value in base 64.", Always(text)),
    line("@base64d", &[], "The value from base 64.", On(Kind::ALL, text)),
    line("@csv", &[], "The value as a row of comma separated values.", On(LISTS, text)),
    line("@html", &[], "The value for HTML.", Always(text)),
    line("@json", &[], "The value as JSON.", Always(text)),
    line("@sh", &[], "The value for a shell.", On(Kind::ALL, text)),
    line("@text", &[], "The value as a text.", Always(text)),
    line("@tsv", &[], "The value as a row of values between tabs.", On(LISTS, text)),
    line("@uri", &[], "The value as a part of a URL.", Always(text)),
    line("IN", &["source"], "Whether the value is one of those that `source` yields.", Always(boolean)),
    line("IN", &["source", "values"], "Whether a value of `source` is one of `values`.", Always(boolean)),
    line("INDEX", &["f"], "An object of the items, each under what `f` makes of it.", Rule(rules::index_of_items)),
    line("INDEX", &["stream", "f"], "An object of what `stream` yields, each under what `f` makes of it.", Rule(rules::index_of_stream)),
    line("JOIN", &["$index", "key"], "Each item with what `$index` has under its key, as a pair.", Unknown),
    line("JOIN", &["$index", "stream", "key"], "Each value of `stream` with what `$index` has under its key, as a pair.", Unknown),
    line("JOIN", &["$index", "stream", "key", "join"], "What `join` makes of each such pair.", Unknown),
    line("acos", &[], "The arc cosine of the number; null where there is none.", On(NUMBERS, any)),
    line("acosh", &[], "The inverse hyperbolic cosine of the number; null where there is none.", On(NUMBERS, any)),
    line("add", &[], "All items added; null where there are none.", Rule(rules::add)),
    line("all", &[], "Whether every item is true.", On(CONTAINERS, boolean)),
    line("all", &["condition"], "Whether the condition is true for every item.", Rule(rules::quantified)),
    line("all", &["source", "condition"], "Whether the condition is true for every value of `source`.", Rule(rules::quantified_over)),
    line("any", &[], "Whether an item is true.", On(CONTAINERS, boolean)),
    line("any", &["condition"], "Whether the condition is true for an item.", Rule(rules::quantified)),
    line("any", &["source", "condition"], "Whether the condition is true for a value of `source`.", Rule(rules::quantified_over)),
    line("arrays", &[], "The value if it is a list.", Kept(LISTS)),
    line("ascii", &[], "The character of this code.", On(NUMBERS, text)),
    line("ascii_downcase", &[], "The text with the letters A to Z made small.", On(TEXT, text)),
    line("ascii_upcase", &[], "The text with the letters a to z made large.", On(TEXT, text)),
    line("asin", &[], "The arc sine of the number; null where there is none.", On(NUMBERS, any)),
    line("asinh", &[], "The inverse hyperbolic sine of the number.", On(NUMBERS, real)),
    line("atan", &[], "The arc tangent of the number.", On(NUMBERS, real)),
    line("atan2", &["$y", "$x"], "The angle of the point `x`, `y`.", Always(real)),
    line("atanh", &[], "The inverse hyperbolic tangent of the number; null where there is none.", On(NUMBERS, any)),
    line("booleans", &[], "The value if it is true or false.", Kept(&[Kind::Bool])),
    line("bsearch", &["$value"], "The position of a value in a sorted list, below zero where it is not there.", Rule(rules::bsearch)),
    line("builtins", &[], "The names of all functions.", Always(texts)),
    line("capture", &["$re"], "The named groups of each match, as an object.", Rule(rules::capture)),
    line("capture", &["$re", "$flags"], "The named groups of each match, as an object.", Rule(rules::capture)),
    line("cbrt", &[], "The cube root of the number.", On(NUMBERS, real)),
    line("ceil", &[], "The smallest whole number that is not below.", On(NUMBERS, whole)),
    line("combinations", &[], "Every way to take one item of each list.", Rule(rules::combinations)),
    line("combinations", &["n"], "Every way to take so many items, with repetition.", Rule(rules::combinations_of)),
    line("contains", &["$part"], "Whether the value holds another: a part of a text, items of a list, members of an object.", Rule(rules::contains)),
    line("copysign", &["$number", "$sign"], "The number with the sign of another.", Always(real)),
    line("cos", &[], "The cosine of the number; null where there is none.", On(NUMBERS, any)),
    line("cosh", &[], "The hyperbolic cosine of the number.", On(NUMBERS, real)),
    line("date", &[], "Seconds since 1970 as a text in ISO 8601.", Jq("todate")),
    line("dateadd", &["unit", "$seconds"], "Seconds later.", Jq(". + $seconds")),
    line("datesub", &["unit", "$seconds"], "Seconds earlier.", Jq(". - $seconds")),
    line("del", &["path"], "The value without what the path leads to.", Rule(rules::delete)),
    line("delpaths", &["$paths"], "The value without what these paths lead to.", Rule(rules::delete_paths)),
    line("drem", &["$a", "$b"], "The remainder nearest to zero; null where there is none.", Always(any)),
    line("empty", &[], "Yields nothing.", Rule(rules::empty)),
    line("endswith", &["$end"], "Whether the text ends like this.", On(TEXT, boolean)),
    line("error", &[], "Fails with the value as the message.", Rule(rules::error)),
    line("error", &["message"], "Fails with a message.", Rule(rules::error_with)),
    line("exp", &[], "The power of e to the number.", On(NUMBERS, real)),
    line("exp10", &[], "The power of ten to the number.", On(NUMBERS, real)),
    line("exp2", &[], "The power of two to the number.", On(NUMBERS, real)),
    line("explode", &[], "The codes of the characters.", On(TEXT, wholes)),
    line("expm1", &[], "The power of e, less one, to the number.", On(NUMBERS, real)),
    line("fabs", &[], "The distance from zero of the number.", On(NUMBERS, real)),
    line("false", &[], "False.", Always(boolean)),
    line("fdim", &["$a", "$b"], "How much `a` is above `b`, and zero where it is not.", Always(real)),
    line("finites", &[], "The number if it is finite.", Rule(rules::finite)),
    line("first", &[], "The first item.", Jq(".[0]")),
    line("first", &["f"], "The first value that `f` yields.", Rule(rules::first_of)),
    line("flatten", &[], "The list with lists in it laid out.", Rule(rules::flatten)),
    line("flatten", &["$depth"], "The same, so many levels deep.", Rule(rules::flatten_by)),
    line("floor", &[], "The largest whole number that is not above.", On(NUMBERS, whole)),
    line("fma", &["$a", "$b", "$c"], "`a` times `b` plus `c`.", Always(real)),
    line("fmax", &["$a", "$b"], "The larger number.", Always(real)),
    line("fmin", &["$a", "$b"], "The smaller number.", Always(real)),
    line("fmod", &["$a", "$b"], "The remainder; null where there is none.", Always(any)),
    line("format", &["$name"], "The value in the format of this name.", Always(text)),
    line("frexp", &[], "The number as a fraction and a power of two.", On(NUMBERS, reals)),
    line("from_entries", &[], "An object of pairs of `key` and `value`.", Rule(rules::from_entries)),
    line("fromdate", &[], "Seconds since 1970 of a text in ISO 8601.", On(TEXT, whole)),
    line("fromdateiso8601", &[], "Seconds since 1970 of a text in ISO 8601.", On(TEXT, whole)),
    line("fromjson", &[], "The value that the text is the JSON of.", On(TEXT, any)),
    line("fromstream", &["events"], "The values that a stream of events describes.", Unknown),
    line("gamma", &[], "The logarithm of the gamma function of the number; null where there is none.", On(NUMBERS, any)),
    line("getpath", &["$path"], "What the path leads to; null where nothing is.", Rule(rules::get_path)),
    line("gmtime", &[], "Seconds since 1970 as year, month, day and so on.", On(NUMBERS, reals)),
    line("group_by", &["f"], "The items in lists of those for which `f` gives the same.", Rule(rules::group)),
    line("gsub", &["$re", "replacement"], "The text with each match replaced.", Rule(rules::substitute)),
    line("gsub", &["$re", "replacement", "$flags"], "The text with each match replaced.", Rule(rules::substitute)),
    line("has", &["$key"], "Whether the object has the key, or the list the position.", On(HAVE_KEYS, boolean)),
    line("hypot", &["$a", "$b"], "The length of the diagonal.", Always(real)),
    line("implode", &[], "The text of these character codes.", On(LISTS, text)),
    line("in", &["$container"], "Whether the value is a key of another.", Always(boolean)),
    line("index", &["$part"], "The first position of a part; null where there is none.", Rule(rules::position)),
    line("indices", &["$part"], "The positions of a part.", Rule(rules::positions)),
    line("infinite", &[], "More than any number.", Always(any)),
    line("inside", &["$whole"], "Whether the value is contained in another.", Always(boolean)),
    line("isempty", &["f"], "Whether `f` yields nothing.", Always(boolean)),
    line("isfinite", &[], "Whether the number is finite.", On(Kind::ALL, boolean)),
    line("isinfinite", &[], "Whether the number is beyond all numbers.", On(Kind::ALL, boolean)),
    line("isnan", &[], "Whether the number is not a number.", On(Kind::ALL, boolean)),
    line("isnormal", &[], "Whether the number is neither zero nor beyond all numbers.", On(Kind::ALL, boolean)),
    line("isvalid", &["f"], "Whether `f` does not fail.", Rule(rules::is_valid)),
    line("iterables", &[], "The value if it is a list or an object.", Kept(CONTAINERS)),
    line("join", &["$separator"], "The items as one text, with the separator between them.", On(CONTAINERS, text)),
    line("keys", &[], "The keys in the order of the alphabet, or the positions.", Rule(rules::keys)),
    line("keys_unsorted", &[], "The keys in their order, or the positions.", Rule(rules::keys)),
    line("last", &[], "The last item.", Jq(".[-1]")),
    line("last", &["f"], "The last value that `f` yields; null where there is none.", Rule(rules::last_of)),
    line("ldexp", &["$number", "$exponent"], "The number times a power of two.", Always(real)),
    line("leaf_paths", &[], "The paths to everything that is no list and no object.", Rule(rules::paths)),
    line("length", &[], "How many characters, items or members; of a number its distance from zero.", Rule(rules::length)),
    line("lgamma", &[], "The logarithm of the gamma function of the number; null where there is none.", On(NUMBERS, any)),
    line("limit", &["$count", "f"], "The first values that `f` yields.", Rule(rules::limit)),
    line("localtime", &[], "Seconds since 1970 as year, month, day and so on.", On(NUMBERS, reals)),
    line("log", &[], "The natural logarithm of the number; null where there is none.", On(NUMBERS, any)),
    line("log10", &[], "The logarithm to base 10 of the number; null where there is none.", On(NUMBERS, any)),
    line("log1p", &[], "The natural logarithm of one more than the number of the number; null where there is none.", On(NUMBERS, any)),
    line("log2", &[], "The logarithm to base 2 of the number; null where there is none.", On(NUMBERS, any)),
    line("logb", &[], "The power of two in the number.", On(NUMBERS, real)),
    line("ltrimstr", &["$start"], "The text without this start.", Rule(rules::trimmed)),
    line("map", &["f"], "What `f` makes of each item, as a list.", Jq("[.[] | f]")),
    line("map_values", &["f"], "Each item or member replaced by what `f` makes of it.", Jq(".[] |= f")),
    line("match", &["$re"], "Each match, with its place and its groups.", Rule(rules::matches)),
    line("match", &["$re", "$flags"], "Each match, with its place and its groups.", Rule(rules::matches)),
    line("max", &[], "The largest item; null where there is none.", Rule(rules::extreme)),
    line("max_by", &["f"], "The item for which `f` gives the most; null where there is none.", Rule(rules::extreme)),
    line("min", &[], "The smallest item; null where there is none.", Rule(rules::extreme)),
    line("min_by", &["f"], "The item for which `f` gives the least; null where there is none.", Rule(rules::extreme)),
    line("mktime", &[], "Seconds since 1970 of year, month, day and so on.", On(LISTS, whole)),
    line("modf", &[], "The fraction and the whole part of the number.", On(NUMBERS, reals)),
    line("nan", &[], "Not a number; null where it leaves the program.", Always(any)),
    line("nearbyint", &[], "The nearest whole number.", On(NUMBERS, whole)),
    line("normals", &[], "The number if it is neither zero nor beyond all numbers.", Rule(rules::normal)),
    line("not", &[], "Whether the value is null or false.", Always(boolean)),
    line("now", &[], "The time, in seconds since 1970.", Always(real)),
    line("nth", &["$position"], "The item at a position.", Jq(".[$position]")),
    line("nth", &["$position", "f"], "The value of `f` at a position.", Rule(rules::nth_of)),
    line("null", &[], "Null.", Always(null)),
    line("nulls", &[], "The value if it is null.", Kept(&[Kind::Null])),
    line("numbers", &[], "The value if it is a number.", Kept(NUMBERS)),
    line("objects", &[], "The value if it is an object.", Kept(&[Kind::Object])),
    line("path", &["path"], "The paths to what `path` yields.", Rule(rules::path)),
    line("paths", &[], "The paths to all parts.", Rule(rules::paths)),
    line("paths", &["condition"], "The paths to the parts for which the condition is true.", Rule(rules::paths)),
    line("pow", &["$base", "$exponent"], "The power; null where there is none.", Always(any)),
    line("pow10", &[], "The power of ten to the number.", On(NUMBERS, real)),
    line("range", &["$to"], "The numbers from 0 up to another.", Rule(rules::range)),
    line("range", &["$from", "$to"], "The numbers from one up to another.", Rule(rules::range)),
    line("range", &["$from", "$to", "$by"], "The numbers from one to another in steps.", Rule(rules::range)),
    line("recurse", &[], "The value and all its parts.", Jq("..")),
    line("recurse", &["f"], "The value, what `f` makes of it, what `f` makes of that, and so on.", Rule(rules::recurse)),
    line("recurse", &["f", "condition"], "The same, as long as the condition is true.", Rule(rules::recurse)),
    line("recurse_down", &[], "The value and all its parts.", Jq("..")),
    line("repeat", &["f"], "The value, what `f` makes of it, and so on without end.", Rule(rules::recurse)),
    line("reverse", &[], "The items from last to first.", Rule(rules::reverse)),
    line("rindex", &["$part"], "The last position of a part; null where there is none.", Rule(rules::position)),
    line("rint", &[], "The nearest whole number, even where two are near.", On(NUMBERS, whole)),
    line("round", &[], "The nearest whole number.", On(NUMBERS, whole)),
    line("rtrimstr", &["$end"], "The text without this end.", Rule(rules::trimmed)),
    line("scalars", &[], "The value if it is no list and no object.", Kept(SCALARS)),
    line("scalb", &["$number", "$exponent"], "The number times a power of two; null where there is none.", Always(any)),
    line("scan", &["$re"], "Each match: its text, or the texts of its groups.", Rule(rules::scan)),
    line("scan", &["$re", "$flags"], "Each match: its text, or the texts of its groups.", Rule(rules::scan)),
    line("select", &["condition"], "The value if the condition is true.", Rule(rules::select)),
    line("setpath", &["$path", "$value"], "The value with another one at the path.", Rule(rules::set_path)),
    line("significand", &[], "The digits, without the power of two, of the number.", On(NUMBERS, real)),
    line("sin", &[], "The sine of the number; null where there is none.", On(NUMBERS, any)),
    line("sinh", &[], "The hyperbolic sine of the number.", On(NUMBERS, real)),
    line("sort", &[], "The items in order.", Rule(rules::sort)),
    line("sort_by", &["f"], "The items in the order of what `f` makes of them.", Rule(rules::sort)),
    line("split", &["$separator"], "The pieces between separators.", On(TEXT, texts)),
    line("split", &["$re", "$flags"], "The pieces between matches.", On(TEXT, texts)),
    line("splits", &["$re"], "The pieces between matches, one by one.", Rule(rules::splits)),
    line("splits", &["$re", "$flags"], "The pieces between matches, one by one.", Rule(rules::splits)),
    line("sqrt", &[], "The square root of the number; null where there is none.", On(NUMBERS, any)),
    line("startswith", &["$start"], "Whether the text begins like this.", On(TEXT, boolean)),
    line("strflocaltime", &["$layout"], "The time as a text in this layout.", On(TIMES, text)),
    line("strftime", &["$layout"], "The time as a text in this layout.", On(TIMES, text)),
    line("strings", &[], "The value if it is a text.", Kept(TEXT)),
    line("strptime", &["$layout"], "The text in this layout as year, month, day and so on.", On(TEXT, reals)),
    line("sub", &["$re", "replacement"], "The text with the first match replaced.", Rule(rules::substitute)),
    line("sub", &["$re", "replacement", "$flags"], "The text with the first match replaced.", Rule(rules::substitute)),
    line("tan", &[], "The tangent of the number; null where there is none.", On(NUMBERS, any)),
    line("tanh", &[], "The hyperbolic tangent of the number.", On(NUMBERS, real)),
    line("test", &["$re"], "Whether the text matches.", On(TEXT, boolean)),
    line("test", &["$re", "$flags"], "Whether the text matches.", On(TEXT, boolean)),
    line("tgamma", &[], "The gamma function of the number; null where there is none.", On(NUMBERS, any)),
    line("to_entries", &[], "A list of pairs of `key` and `value`.", Rule(rules::entries)),
    line("todate", &[], "Seconds since 1970 as a text in ISO 8601.", On(TIMES, text)),
    line("todateiso8601", &[], "Seconds since 1970 as a text in ISO 8601.", On(TIMES, text)),
    line("tojson", &[], "The value as JSON.", Always(text)),
    line("tonumber", &[], "The number that the text names.", Rule(rules::number)),
    line("tostream", &[], "The value as a stream of events.", Rule(rules::stream)),
    line("tostring", &[], "The text as it is, anything else as JSON.", Rule(rules::string)),
    line("transpose", &[], "Rows made to columns, with null where a row is too short.", Rule(rules::transpose)),
    line("true", &[], "True.", Always(boolean)),
    line("trunc", &[], "The number without its fraction.", On(NUMBERS, whole)),
    line("truncate_stream", &["events"], "Events of a stream with shorter paths.", Unknown),
    line("type", &[], "The name of the type of the value.", Rule(rules::kind)),
    line("unique", &[], "The items in order, each once.", Rule(rules::sort)),
    line("unique_by", &["f"], "One item for each that `f` gives, in its order.", Rule(rules::sort)),
    line("until", &["condition", "update"], "The value updated until the condition is true.", Rule(rules::until)),
    line("utf8bytelength", &[], "How many bytes the text has.", On(TEXT, whole)),
    line("values", &[], "The value if it is not null.", Kept(VALUES)),
    line("walk", &["f"], "What `f` makes of every part, the innermost first.", Rule(rules::walk)),
    line("while", &["condition", "update"], "The value, updated again and again while the condition is true.", Rule(rules::recurse_while)),
    line("with_entries", &["f"], "The object of what `f` makes of its pairs of `key` and `value`.", Jq("to_entries | map(f) | from_entries")),
];
