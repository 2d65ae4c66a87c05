#!/bin/sh
# Every test, in the order in which failures are cheapest to learn of. Called by ./kith test.
# Each step prints one line; the output of a failed one follows it. Logs stay in build/logs/.
set -u
cd "$(dirname "$0")/.."
long=${1:-no}
mkdir -p build/logs
passed=0
failed=0

note() { printf '%s\n' "$*"; }

# step NAME COMMAND...: run it, count it
step() {
	name=$1
	shift
	log=build/logs/$name.log
	begin=$(date +%s)
	if "$@" >"$log" 2>&1; then
		passed=$((passed + 1))
		note "ok      $name ($(($(date +%s) - begin)) s)"
	else
		failed=$((failed + 1))
		note "FAILED  $name ($(($(date +%s) - begin)) s), the end of $log:"
		tail -n 60 "$log"
	fi
}

# suite NAME PRESET [CTEST-ARGUMENTS]: build with no warning, run ctest, count each test
suite() {
	suite=$1 preset=$2
	shift 2
	dir=build
	[ "$preset" = dev ] || dir=build/$preset
	step "$suite-build" tests/check/build.sh "$preset"
	[ -f "$dir/CTestTestfile.cmake" ] || return 0
	log=build/logs/$suite.log
	begin=$(date +%s)
	ctest --test-dir "$dir" --output-on-failure --timeout 600 -j2 "$@" >"$log" 2>&1
	ok=$(grep -cE '^ *[0-9]+/[0-9]+ Test .* Passed ' "$log")
	bad=$(grep -cE '^ *[0-9]+/[0-9]+ Test .*(\*\*\*)' "$log")
	skip=$(grep -cE '^ *[0-9]+/[0-9]+ Test .*\*\*\*Skipped' "$log")
	bad=$((bad - skip))
	[ "$ok" -gt 0 ] || bad=$((bad + 1))
	passed=$((passed + ok))
	failed=$((failed + bad))
	if [ "$bad" = 0 ]; then
		note "ok      $suite: $ok passed, $skip skipped ($(($(date +%s) - begin)) s)"
	else
		note "FAILED  $suite: $ok passed, $bad failed ($(($(date +%s) - begin)) s), from $log:"
		grep -E '\*\*\*|The following tests FAILED' "$log"
		grep -nE 'not ok|error:|ERROR|FAILED|AssertionError|Error:|SUMMARY' "$log" | head -n 60
	fi
}

# every tool is in the list that ./kith installs: without one a test fails instead of being skipped
export KITH_TOOLS=required
suite gcc dev -LE slow
step format tests/check/format.sh
step houses tests/check/includes.sh
step man tests/check/man.sh
step docs tests/check/docs.sh
step hygiene tests/check/hygiene.sh
suite clang clang -R '^(unit|golden|fuzz)\.'
# faketime is preloaded before the sanitizer in some tests
export ASAN_OPTIONS=verify_asan_link_order=0
export LSAN_OPTIONS="suppressions=$PWD/tests/check/lsan.supp:print_suppressions=0"
suite asan asan -LE slow
unset ASAN_OPTIONS LSAN_OPTIONS
suite tsan tsan -R '^unit\.(core\.http|server|kiosk)|^e2e\.sync$' -LE slow
step tidy tests/check/tidy.sh
step cppcheck tests/check/cppcheck.sh
if [ "$long" = yes ]; then
	suite slow dev -L slow
	step packages tests/check/deb.sh
	step fuzz tests/check/fuzz.sh 600
fi

note
if [ "$failed" = 0 ]; then
	note "All is well."
fi
note "$passed passed, $failed failed"
[ "$failed" = 0 ]
