# jq functions written in jq. They stand after those of the engine and replace them where jq 1.6 behaves otherwise.
# A name that begins with `_` is a native of this crate.

def null: [][0];

# Counts a call, and is transparent to paths and updates.
def _called: if _count_call then . else . end;

# Conversion
def todate: strftime("%Y-%m-%dT%H:%M:%SZ");
def fromdateiso8601: strptime("%Y-%m-%dT%H:%M:%SZ") | mktime;
def todateiso8601: todate;
def fromdate: fromdateiso8601;
def date: todate;
def dateadd(unit; $n): . + $n;
def datesub(unit; $n): . - $n;
def ascii: [.] | implode;
def debug: .;
def debug(message): .;
def stderr: .;
def input_line_number: 0;
def input_filename: null;

# Numbers
def isfinite: _type == "number" and (isinfinite | not);
def pow10: pow(10; .);
def drem($x; y): remainder($x; y) | if . == 0 then copysign(.; $x) else . end;
def nexttoward(x; y): nextafter(x; y);
def scalb(x; exponent): x * pow(2; exponent);
def gamma: lgamma;
def isnormal: _type == "number" and (isnan or isinfinite | not) and (. >= 2.2250738585072014e-308 or . <= -2.2250738585072014e-308);
def abs: if _type == "number" and . < 0 then -. else . end;

# Types
def type: _type;
def isboolean: _type == "boolean";
def isnumber: _type == "number";
def isstring: _type == "string";
def isarray: _type == "array";
def isobject: _type == "object";
def values: select(. != null);
def nulls: select(. == null);
def booleans: select(_type == "boolean");
def numbers: select(_type == "number");
def strings: select(_type == "string");
def arrays: select(_type == "array");
def objects: select(_type == "object");
def iterables: select(_type == "array" or _type == "object");
def scalars: select(_type != "array" and _type != "object");
def finites: select(isinfinite or isnan | not);
def normals: select(isnormal);

# Generators
def _bound: if _type == "number" then . else error("Range bounds must be numeric") end;
def range($from; $to; $by): if $by == 0 then empty else _range($from; $to; $by) end;
def range($from; $to): ($from | _bound) as $from | ($to | _bound) as $to | _range($from; $to; 1);
def range($to): range(0; $to);
def limit($n; f): if $n < 0 then f elif $n < 1 then first(f) else _limit($n; f) end;
def last(f): reduce f as $x (null; $x);
def nth($n): .[$n];
def nth($n; f): if $n < 0 then error("Out of bounds negative array index") else last(limit($n + 1; f)) end;
def IN(s): any(s == .; .);
def IN(source; s): any(source == s; .);
def INDEX(stream; f): reduce stream as $row ({}; .[$row | f | tostring] |= $row);
def INDEX(f): INDEX(.[]; f);
def JOIN($index; key): [.[] | [., $index[key]]];
def JOIN($index; stream; key): stream | [., $index[key]];
def JOIN($index; stream; key; join): stream | [., $index[key]] | join;
def combinations: if length == 0 then [] else .[0][] as $head | (.[1:] | combinations) as $tail | [$head] + $tail end;
def combinations(n): . as $items | [range(n)] | map($items) | combinations;
def in(xs): . as $key | xs | has($key);
def inside(xs): . as $part | xs | contains($part);
def isvalid(f): try (f | true) catch false;

# Paths
def _steps: if _type == "object" then error("Path must be specified as an array") else . end;
def getpath($path): ($path | _steps) as $steps | reduce $steps[] as $step (.; .[$step]);
def setpath($path; $value): getpath($path) = $value;
# For updates through what the engine cannot update through: see `update.rs`.
def _assign(paths; $value): reduce path(paths) as $path (.; setpath($path; $value));
def _modify(paths; f): reduce path(paths) as $path (.;
  [first(getpath($path) | f)] as $new | if $new == [] then delpaths([$path]) else setpath($path; $new[0]) end);
def recurse_down: recurse;
def paths: path(..) | select(length > 0);
def paths(keep): . as $in | paths as $path | select($in | getpath($path) | keep) | $path;
def leaf_paths: paths(scalars);
def del(f): delpaths([path(f)]);
def pick(f): . as $in | reduce path(f) as $path (null; setpath($path; $in | getpath($path)));
def with_entries(f): to_entries | map(f) | from_entries;
def tostream: _tostream[];
def fromstream(events): { "whole": null, "done": false } as $start
  | foreach events as $event ($start;
      if .done then $start else . end
      | if $event | length == 2
        then setpath(["whole"] + $event[0]; $event[1]) | .done = ($event[0] | length == 0)
        else .done = ($event[0] | length == 1)
        end;
      if .done then .whole else empty end);
def truncate_stream(events): . as $depth | events | select(.[0] | length > $depth) | .[0] |= .[$depth:];

# Arrays
# The engine does not compute the key of an item that is alone, whatever may be wrong with it.
def sort_by(f): if _type == "array" and length > 1 then _sort_by(f) else [.[] | f] as $keys | _sort_by(f) end;
def group_by(f): if _type == "array" then _group_by(f) else [.[] | f] as $keys | _group_by(f) end;
def index($part): indices($part) | .[0];
def rindex($part): indices($part) | .[-1:][0];
def first: .[0];
def last: .[-1];
def toarray: if _type == "array" then . else [.] end;
def flatten: flatten(1e9);
def add(f): [f] | add;
def unique_by(f): [group_by(f)[] | .[0]];
def unique: unique_by(.);
def min_by(f): if _type == "array" then . else [.[] | f] as $keys | . end | [min_by_or_empty(f)] | .[0];
def max_by(f): if _type == "array" then . else [.[] | f] as $keys | . end | [max_by_or_empty(f)] | .[0];
def min: min_by(.);
def max: max_by(.);
def walk(f): def visit: if _type == "object" then map_values(visit) elif _type == "array" then map(visit) else . end | f; visit;
def transpose: if . == [] then [] else . as $rows | [range(map(length) | max) as $i | [$rows[][$i]]] end;

# Text
def ascii_downcase: _ascii_downcase;
def ascii_upcase: _ascii_upcase;
def split($separator): _split($separator);
def match($re; $flags): _match($re; $flags; false) | .[];
def match($re): _pattern($re) as [$re, $flags] | match($re; $flags);
def test($re; $flags): _match($re; $flags; true);
def test($re): _pattern($re) as [$re, $flags] | test($re; $flags);
def _named: reduce (.captures[] | select(.name != null)) as $group ({}; .[$group.name] = $group.string);
def capture($re; $flags): match($re; $flags) | _named;
def capture($re): match($re) | _named;
def scan($re; $flags): match($re; "g" + $flags) | if .captures | length > 0 then [.captures[].string] else .string end;
def scan($re): scan($re; null);
def split($re; $flags): _cut($re; "g" + $flags) | map(strings);
def splits($re; $flags): split($re; $flags) | .[];
def splits($re): splits($re; null);
# The last match varies slowest where the replacement has several outputs; that takes a call for each match, which
# texts with very many do not get.
def _replace(f): . as $parts
  | def to($end): if $end < 0 then "" else
      ($parts[$end] | if _type == "string" then . else _named | f end) as $last | to($end - 1) | . + $last
    end;
  if length < 200 then to(length - 1)
  else reduce .[] as $part (""; . + ($part | if _type == "string" then . else _named | f end)) end;
def sub($re; f; $flags): _cut($re; $flags) | _replace(f);
def sub($re; f): sub($re; f; "");
def gsub($re; f; $flags): sub($re; f; $flags + "g");
def gsub($re; f): sub($re; f; "g");

# Formats
def @text: tostring;
def @json: tojson;
def @csv: _csv;
def @tsv: _tsv;
def @sh: _sh;
def @html: tostring | _html;
def @uri: tostring | _uri;
def @base64: tostring | _base64;
def @base64d: tostring | _base64d;
def @base32: tostring | _base32;
def @base32d: tostring | _base32d;
