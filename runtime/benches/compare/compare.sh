#!/bin/sh
# The generated flows on this runtime and on aws-local-stepfunctions, in one run:
#   runtime/benches/compare/compare.sh ZISGEN.py EVENT.json
# Needs python3, node and npm; the package is installed below target/.
set -eu
generator=$1
event=$(realpath "$2")
root=$(realpath "$(dirname "$0")/../../..")
work=$root/target/compare
mkdir -p "$work"
[ -d "$work/node_modules/aws-local-stepfunctions" ] || (cd "$work" && npm init -y >/dev/null && npm install --silent aws-local-stepfunctions)
for shape in chain branch map flow5; do
  for format in zis asl; do
    python3 "$generator" $shape $format 500 -o "$work/$shape.$format.json"
  done
done
echo "aws-local-stepfunctions"
node "$root/runtime/benches/compare/compare.mjs" "$work" "$event" chain branch map flow5
echo "this runtime"
cargo bench --quiet -p zisc-runtime --bench generated -- "$work" "$event" chain branch map flow5
