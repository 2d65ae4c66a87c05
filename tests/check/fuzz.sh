#!/bin/sh
# fuzz.sh SECONDS [NAME...]: libFuzzer over each target, as many at once as there are processors; new
# inputs go into build/corpus/NAME, what each said into build/corpus/NAME.log.
set -eu
cd "$(dirname "$0")/../.."
seconds=$1
shift
if [ "${1:-}" = --one ]; then
	name=$2
	mkdir -p "build/corpus/$name"
	log=build/corpus/$name.log
	if "build/fuzz/tests/fuzz_$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
		-artifact_prefix="build/corpus/$name-" "build/corpus/$name" "tests/fuzz/seeds/$name" >"$log" 2>&1; then
		echo "ok      $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") executions in $seconds s"
		exit 0
	fi
	echo "FAILED  $name, the end of $log:"
	tail -n 30 "$log"
	exit 1
fi
[ -f build/fuzz/build.ninja ] || cmake --preset fuzz
cmake --build --preset fuzz
[ $# -gt 0 ] || set -- $(ls tests/fuzz/fuzz_*.c | sed 's,.*/fuzz_\(.*\)\.c,\1,')
mkdir -p build/corpus
printf '%s\n' "$@" | xargs -P "$(nproc)" -n 1 tests/check/fuzz.sh "$seconds" --one
