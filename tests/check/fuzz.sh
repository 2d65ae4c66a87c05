#!/bin/sh
# fuzz.sh SECONDS [NAME...]: libFuzzer over each target, new inputs into build/corpus/NAME.
set -eu
cd "$(dirname "$0")/../.."
seconds=$1
shift
[ -f build/fuzz/build.ninja ] || cmake --preset fuzz
cmake --build --preset fuzz
[ $# -gt 0 ] || set -- $(ls tests/fuzz/fuzz_*.c | sed 's,.*/fuzz_\(.*\)\.c,\1,')
for name; do
	mkdir -p "build/corpus/$name"
	echo "fuzz $name for $seconds s"
	"build/fuzz/tests/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="build/corpus/$name-" "build/corpus/$name" "tests/fuzz/seeds/$name"
done
