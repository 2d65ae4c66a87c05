#!/bin/sh
# Build a preset from the current sources; a warning of a compiler is a failure.
set -eu
cd "$(dirname "$0")/../.."
dir=build
[ "$1" = dev ] || dir=build/$1
[ -f "$dir/build.ninja" ] || cmake --preset "$1"
# what was compiled before showed its warnings then: remember them until that file compiles again
log=$(mktemp)
trap 'rm -f "$log"' EXIT
cmake --build --preset "$1" 2>&1 | tee "$log"
[ "$(tail -n 1 "$log" | grep -c 'ninja: build stopped')" = 0 ]
! grep -q 'FAILED:' "$log"
! grep -E 'warning:' "$log"
