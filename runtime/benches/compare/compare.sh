#!/bin/sh
# This runtime and its peers, in one run and on the same generated flows:
#   runtime/benches/compare/compare.sh [ZISGEN.py]
# Needs python3, node, npm and cargo; the peers are installed below target/compare.
set -eu
root=$(realpath "$(dirname "$0")/../../..")
here=$root/runtime/benches/compare
generator=${1:-$root/../shared/tools/zisgen.py}
work=$root/target/compare
mkdir -p "$work"
[ -f "$generator" ] || { echo "there is no generator $generator: name it, as in compare.sh ZISGEN.py" >&2; exit 2; }

[ -d "$work/node_modules/aws-local-stepfunctions" ] || (cd "$work" && npm init -y >/dev/null && npm install --silent aws-local-stepfunctions@3)
[ -x "$work/bin/jaq" ] || cargo install --quiet --locked --root "$work" jaq
cp -r "$here/bare" "$work"
cargo build --quiet --release --manifest-path "$work/bare/Cargo.toml" --target-dir "$work/bare/target"
for shape in chain branch map flow5; do
  for format in zis asl; do
    python3 "$generator" $shape $format 1000 -o "$work/$shape.$format.json"
  done
done
python3 "$generator" x event 1 -o "$work/event.json"

cargo build --quiet --release --manifest-path "$root/Cargo.toml" --bin zisc
cargo build --quiet --release --manifest-path "$root/Cargo.toml" -p zisc-runtime --bench generated
# shellcheck disable=SC2012 # the newest build of the benchmark
generated=$(ls -t "$root"/target/release/deps/generated-* | grep -v '\.d$' | head -1)
node "$here/compare.mjs" "$work" "$generated" "$root/target/release/zisc" "$work/bare/target/release/bare" "$work/bin/jaq"
