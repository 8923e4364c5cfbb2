//! jq programs that jq 1.6 runs otherwise than later versions, or than the engine: each with its input and its outputs,
//! or the text of its error.

use zisc_runtime::Value;
use zisc_runtime::jq::Programs;
use zisc_runtime::limit::Limits;

const CASES: &[(&str, &str, Result<&str, &str>)] = &[
    ("contains({a: 1})", r#"{"a":{"b":2}}"#, Ok("false")),
    ("contains(1)", "{}", Err("object ({}) and number (1) cannot have their containment checked")),
    ("indices(\"b\"), index(\"x\")", r#"{"b":3}"#, Ok("3,null")),
    ("indices(\"b\")", "1", Err("Cannot index number with string \"b\"")),
    ("bsearch(1)", "null", Ok("-1")),
    ("isnan, isinfinite", r#""x""#, Ok("false,false")),
    ("map(nearbyint)", "[-0.5, 0.5, 1.5, 2.5]", Ok("[-0,0,2,2]")),
    ("reverse", r#""ab""#, Err("Cannot index string with number")),
    ("reverse", "null", Ok("[]")),
    ("last(empty), last(1, 2), nth(5; 1, 2)", "null", Ok("null,2,2")),
    ("[recurse_down]", "[1]", Ok("[[1],1]")),
    ("gmtime", "1425599621.678", Ok("[2015,2,5,23,53,41.67799997329712,4,63]")),
    ("gmtime | .[5]", "-1.5", Ok("59.5")),
    ("strftime(\"%c|%x|%X|%r\")", "0", Ok(r#""Thu Jan  1 00:00:00 1970|01/01/70|00:00:00|12:00:00 AM""#)),
    (r#""\ud83d\ude00" | length"#, "null", Ok("1")),
    ("fromjson", r#""NaN1""#, Err("Invalid numeric literal at EOF at line 1, column 4 (while parsing 'NaN1')")),
    ("tonumber", r#""abc""#, Err("Invalid numeric literal at EOF at line 1, column 3 (while parsing 'abc')")),
    ("fromjson", "[1]", Err("array ([1]) only strings can be parsed")),
    // `as` binds one term, and the last part of a combination varies slowest.
    ("2 - 1 as $x | [$x]", "null", Err("number (2) and array ([1]) cannot be subtracted")),
    (".a - .b as $y | $y + 1", r#"{"a":3,"b":1}"#, Ok("1")),
    ("reduce .[] as $x (0; . + $x) | . + 1 as $y | $y * 2", "[1,2]", Ok("5")),
    (". as {$a: [$b]} | [$a, $b]", r#"{"a":[1]}"#, Ok("[[1],1]")),
    ("[(1, 2) + (10, 20)], [(1, 2) < (1, 2)]", "null", Ok("[11,12,21,22],[false,false,true,false]")),
    (r#""\(1, 2) \(3, 4)""#, "null", Ok(r#""1 3","2 3","1 4","2 4""#)),
    ("[.[0, 1][0, 1]], [pow(2, 3; 1, 2)]", "[[1,2],[3,4]]", Ok("[1,3,2,4],[2,3,4,9]")),
    ("[{} | setpath([\"a\"], [\"b\"]; 1, 2)] | length, .[1]", "null", Ok(r#"4,{"b":1}"#)),
    // Updates through any path.
    ("(first(.[] | select(.a == 1)) | .b) = 9", r#"[{"a":1},{"a":1}]"#, Ok(r#"[{"a":1,"b":9},{"a":1}]"#)),
    ("(limit(1; .[])) += 9, ((try .a catch .b) //= 9)?", "[1,2]", Ok("[10,2]")),
    ("(label $out | .[] | ., break $out) |= 9", "[1,2]", Ok("[9,2]")),
    ("(limit(1; .[])) |= empty", "[1,2]", Ok("[2]")),
    // What stands alone is looked at as well.
    ("sort_by(.a)", "[0]", Err("Cannot index number with string \"a\"")),
    ("min_by(.a)", "null", Err("Cannot iterate over null (null)")),
    ("has(\"a\", 0, null)", "null", Ok("false,false,false")),
    ("indices([1])", "null", Err("Cannot index null with array")),
    ("indices([])", "[1]", Ok("[]")),
    ("setpath({}; 1)", "null", Err("Path must be specified as an array")),
    ("2 * \"ab\", 0 * \"ab\"", "null", Ok(r#""abab",null"#)),
    ("1e-320, 1 | isnormal", "null", Ok("false,true")),
    ("1. + 1.e1 + .5", "null", Ok("11.5")),
    ("# nothing but this", "[1]", Ok("[1]")),
    ("strptime(\"%Y-%m-%dT%H:%M:%S\") | .[8], mktime", r#""2015-03-05T23:51:47.5Z""#, Ok(r#"".5Z",1425599507"#)),
    ("1 / .", "[[1,2],[3,4]]", Err("number (1) and array ([[1,2],[3,4]]) cannot be divided")),
    ("1 / .", "[[1,2],[3,456]]", Err("number (1) and array ([[1,2],[3,4...) cannot be divided")),
];

#[test]
fn programs_behave_as_in_jq_1_6() {
    let programs = Programs::default();
    for (program, input, expected) in CASES {
        let input = Value::from_json_text(input).expect("JSON");
        let (outputs, failure) =
            programs.compile(program).expect("a program").outputs(&input, 0.0, Limits::default(), 10);
        let outputs: Vec<String> = outputs.iter().map(Value::to_json).collect();
        let given = failure.map_or_else(|| Ok(outputs.join(",")), |failure| Err(failure.message));
        assert_eq!(given.as_deref().map_err(String::as_str), *expected, "{program} on {input}");
    }
}
