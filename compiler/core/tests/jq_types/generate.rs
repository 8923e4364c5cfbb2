//! Random values of a type, and random programs, the same for each seed.

use zisc_core::Type;
use zisc_runtime::Value;

pub(crate) struct Random(u64);

/// Names of fields, in types and programs alike.
const NAMES: &[&str] = &["a", "b", "c", "id", "name", "tags", "value", "key", "body", "items", "unknown"];
const WORDS: &[&str] = &["", "a", "b c", "x-y", "vip", "3", "-1.5", "é", "2024-01-31T12:00:00Z", "[1]", "Ab\nc"];

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    fn one_of<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }

    /// A value of a type; `depth` bounds what is known as `any` only.
    pub(crate) fn value(&mut self, kind: &Type, depth: usize) -> Value {
        match kind {
            Type::Any => self.any(depth),
            Type::Null => Value::Null,
            Type::Bool => Value::Bool(self.below(2) == 0),
            Type::Int => self.whole(),
            Type::Number => match self.below(3) {
                0 => self.whole(),
                1 => Value::number(self.below(4000) as f64 / 16.0 - 100.0),
                _ => Value::number([0.1, -0.5, 1e20, 2.5][self.below(4)]),
            },
            Type::String => Value::from(self.one_of(WORDS)),
            Type::Timestamp => Value::from(self.one_of(&["2024-01-31T12:00:00Z", "1999-12-31T23:59:59Z"])),
            Type::Literal(text) => Value::from(text.as_str()),
            Type::Array(item) => {
                let length = if is_impossible(item) { 0 } else { self.below(4) };
                Value::array((0..length).map(|_| self.value(item, depth.saturating_sub(1))).collect::<Vec<_>>())
            }
            Type::Map(inner) => {
                let length = if is_impossible(inner) { 0 } else { self.below(4) };
                let members: Vec<_> = (0..length)
                    .map(|_| (self.one_of(NAMES).to_owned(), self.value(inner, depth.saturating_sub(1))))
                    .collect();
                Value::object(members)
            }
            Type::Record(record) => {
                let mut members: Vec<(String, Value)> = Vec::new();
                for field in record.fields.iter() {
                    if !field.optional || self.below(3) > 0 {
                        members.push((field.name.to_string(), self.value(&field.kind, depth.saturating_sub(1))));
                    }
                }
                if !record.closed && self.below(2) == 0 {
                    let name = self.one_of(NAMES);
                    if record.fields.iter().all(|field| field.name != name) {
                        members.push((name.to_owned(), self.any(depth.saturating_sub(1).min(1))));
                    }
                }
                Value::object(members)
            }
            Type::Union(members) => {
                let chosen = self.below(members.len());
                self.value(&members[chosen], depth)
            }
        }
    }

    fn whole(&mut self) -> Value {
        match self.below(8) {
            0 => Value::Integer(0),
            1 => Value::Integer(i64::MAX - 1),
            2 => Value::number(1e18),
            _ => Value::Integer(self.below(40) as i64 - 12),
        }
    }

    fn any(&mut self, depth: usize) -> Value {
        let kind = match self.below(if depth == 0 { 5 } else { 8 }) {
            0 => Type::Null,
            1 => Type::Bool,
            2 => Type::Int,
            3 => Type::Number,
            4 => Type::String,
            5 | 6 => Type::Array(Type::Any.into()),
            _ => Type::Map(Type::Any.into()),
        };
        self.value(&kind, depth)
    }

    /// A program, its parts nested so deep at most.
    pub(crate) fn program(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.leaf();
        }
        let next = depth - 1;
        let name = self.one_of(NAMES);
        match self.below(46) {
            0..=4 => format!("({} | {})", self.program(next), self.program(next)),
            5 => format!("({}, {})", self.program(next), self.program(next)),
            6 | 7 => format!("[{}]", self.program(next)),
            8 => format!("{{{name}: {}, b: {}}}", self.program(next), self.program(next)),
            9 => format!("{{({}): {}}}", self.program(next), self.program(next)),
            10..=12 => {
                let operator = self.one_of(&["+", "-", "*", "/", "%", "//", "==", "<", "and", "or", "!=", ">="]);
                format!("({} {operator} {})", self.program(next), self.program(next))
            }
            13 | 14 => {
                format!("(if {} then {} else {} end)", self.condition(next), self.program(next), self.program(next))
            }
            15 => format!("({})?", self.program(next)),
            16 => format!("(try {} catch {})", self.program(next), self.program(next)),
            17 => {
                format!("(reduce {} as $x ({}; {}))", self.program(next), self.program(next), self.with_variable(next))
            }
            18 => format!(
                "(foreach {} as $x ({}; {}; {}))",
                self.program(next),
                self.program(next),
                self.with_variable(next),
                self.with_variable(next)
            ),
            19 => format!("({} as $x | {})", self.program(next), self.with_variable(next)),
            20 => format!("({} as [$x, $y] | {})", self.program(next), self.with_variable(next)),
            21 => format!("({} as {{{name}: $x}} | {})", self.program(next), self.with_variable(next)),
            22 | 23 => format!("({} |= {})", self.path(2), self.program(next)),
            24 | 25 => format!("({} = {})", self.path(2), self.program(next)),
            26 => {
                let operator = self.one_of(&["+=", "-=", "*=", "//="]);
                format!("({} {operator} {})", self.path(2), self.program(next))
            }
            27 | 28 => format!("del({})", self.path(2)),
            29 => format!("\"<\\({})>\"", self.program(next)),
            30 | 31 => format!("select({})", self.condition(next)),
            32 | 33 => {
                let function = self.one_of(&[
                    "map",
                    "map_values",
                    "with_entries",
                    "sort_by",
                    "group_by",
                    "unique_by",
                    "min_by",
                    "max_by",
                    "first",
                    "last",
                    "any",
                    "all",
                    "isempty",
                    "isvalid",
                    "recurse",
                    "path",
                    "walk",
                    "INDEX",
                ]);
                format!("{function}({})", self.program(next))
            }
            34 => {
                let function = self.one_of(&[
                    "split",
                    "join",
                    "index",
                    "rindex",
                    "indices",
                    "has",
                    "contains",
                    "startswith",
                    "ltrimstr",
                    "flatten",
                    "range",
                    "test",
                    "scan",
                    "inside",
                    "nth",
                    "limit(2; .[]?) | has",
                ]);
                format!("{function}({})", self.program(next))
            }
            35 => format!("limit({}; {})", self.below(3), self.program(next)),
            36 => format!("until({}; {})", self.condition(next), self.program(next)),
            37 => format!("(label $out | {}, break $out)", self.program(next)),
            38 => format!("(def f: {}; {} | f)", self.program(next), self.program(next)),
            39 => format!("(def f(g): g | {}; f({}))", self.program(next), self.program(next)),
            40 => format!("(def f($g): $g; f({}))", self.program(next)),
            41 => format!("-{}", self.leaf()),
            42 => format!("{}[{}]", self.leaf(), self.program(next)),
            43 => format!("setpath([\"{name}\"]; {})", self.program(next)),
            44 => format!("gsub(\"a\"; {})", self.program(next)),
            _ => self.leaf(),
        }
    }

    fn with_variable(&mut self, depth: usize) -> String {
        match self.below(4) {
            0 => self.program(depth),
            1 => format!("(. + {})", self.one_of(&["$x", "[$x]", "{a: $x}", "1"])),
            2 => format!("($x | {})", self.program(depth)),
            _ => self.one_of(&["[., $x]", "{b: ., c: $x}", "$x", ".[$x]?", "(.[$x | tostring]? //= $x)"]).to_owned(),
        }
    }

    fn condition(&mut self, depth: usize) -> String {
        let path = self.path(1);
        match self.below(12) {
            0 => path,
            1 => format!("{path} == null"),
            2 => format!("{path} != null"),
            3 => format!("{path} == \"{}\"", self.one_of(&["a", "b c", "open", "vip"])),
            4 => format!("({path} | type) == \"{}\"", self.one_of(&["string", "number", "object", "array", "null"])),
            5 => format!("has(\"{}\")", self.one_of(NAMES)),
            6 => format!("({path} | not)"),
            7 => format!("({}) and ({})", self.condition(0), self.condition(0)),
            8 => format!("({}) or ({})", self.condition(0), self.condition(0)),
            9 => format!("({path} != \"{}\")", self.one_of(&["a", "b c"])),
            10 => format!("(({}) | not)", self.condition(0)),
            _ => self.program(depth.saturating_sub(1)),
        }
    }

    fn path(&mut self, depth: usize) -> String {
        let name = self.one_of(NAMES);
        if depth == 0 {
            return format!(".{name}");
        }
        match self.below(12) {
            0 => ".".to_owned(),
            1 => ".[]".to_owned(),
            2 => ".[]?".to_owned(),
            3 => ".[0]".to_owned(),
            4 => format!(".{name}?"),
            5 => format!(".{name}.{}", self.one_of(NAMES)),
            6 => format!("({} | {})", self.path(depth - 1), self.path(depth - 1)),
            7 => format!("({}, {})", self.path(depth - 1), self.path(depth - 1)),
            8 => format!("({} | select({}))", self.path(depth - 1), self.condition(0)),
            9 => format!(".{name}[]?"),
            10 => self.one_of(&[".[1]", ".[-1]", ".[.key]?", "strings", "first", "last", "..", ".[1:]"]).to_owned(),
            _ => format!(".{name}"),
        }
    }

    fn leaf(&mut self) -> String {
        let name = self.one_of(NAMES);
        match self.below(12) {
            0 | 1 => ".".to_owned(),
            2..=4 => format!(".{name}"),
            5 => {
                self.one_of(&["1", "0", "2.5", "-3", "\"a\"", "\"b c\"", "\"\"", "null", "true", "[]", "{}"]).to_owned()
            }
            6 | 7 => self.one_of(&[".[]", ".[]?", ".[0]", ".[1:]", ".[:-1]", "..", ".[-1]"]).to_owned(),
            8 => format!(".{name}?"),
            9 => format!(".{name}[]?"),
            _ => self
                .one_of(&[
                    "length",
                    "keys",
                    "to_entries",
                    "from_entries",
                    "add",
                    "any",
                    "all",
                    "flatten",
                    "reverse",
                    "sort",
                    "unique",
                    "min",
                    "max",
                    "type",
                    "tostring",
                    "tonumber",
                    "tojson",
                    "fromjson",
                    "not",
                    "ascii_downcase",
                    "explode",
                    "implode",
                    "first",
                    "last",
                    "values",
                    "strings",
                    "numbers",
                    "objects",
                    "arrays",
                    "scalars",
                    "nulls",
                    "booleans",
                    "iterables",
                    "empty",
                    "error",
                    "floor",
                    "paths",
                    "leaf_paths",
                    "transpose",
                    "combinations",
                    "recurse",
                    "todate",
                    "@base64",
                    "@json",
                    "@csv",
                    "tostream",
                    "isvalid(.a)",
                    "now",
                ])
                .to_owned(),
        }
    }

    /// A text that is probably no program.
    pub(crate) fn garbage(&mut self) -> String {
        const PIECES: &[&str] = &[
            ".", "..", "[", "]", "(", ")", "{", "}", "|", ",", "as", "$x", "def", "f", ":", ";", "if", "then", "else",
            "end", "try", "catch", "reduce", "foreach", "label", "break", "\"", "\\(", "@base64", "1", "1e999", "//",
            "?", "+=", "|=", "and", "not", "map", "select", "#", "\n", "é", "import", "__loc__", "-", "..a", ".[",
        ];
        (0..self.below(14)).map(|_| format!("{} ", self.one_of(PIECES))).collect()
    }
}

fn is_impossible(kind: &Type) -> bool {
    kind.alternatives().is_empty()
}
