#!/bin/sh
# Every test, in the order in which failures are cheapest to learn of. Called by ./kith test.
# run.sh [yes [SECONDS]]: with yes also what takes hours, fuzzing each target for SECONDS (600).
# The plan comes first, with the time that each step took here last, or on two quiet processors. Each
# step prints one line; the output of a failed one follows it. Logs stay in build/logs/.
set -u
cd "$(dirname "$0")/.."
long=${1:-no}
fuzz_s=${2:-600}
mkdir -p build/logs
times=build/logs/times
touch "$times"
targets=$(ls tests/fuzz/fuzz_*.c | wc -l)
processors=$(nproc)

# name, seconds on two quiet processors, what it does; in the order below
plan() {
	cat <<LIST
gcc        300  build with gcc, every test but the slow ones
checks      30  format, house rules, manual pages, documents, hygiene
clang      120  build with clang, unit tests
asan       400  the tests under AddressSanitizer and UndefinedBehaviorSanitizer
tsan       120  what has threads under ThreadSanitizer
tidy       120  clang-tidy
cppcheck    30  cppcheck
LIST
	[ "$long" = yes ] || return 0
	cat <<LIST
soak      3400  bench soak: eight hours of taps, one a second, as fast as they go; the rest goes on beside it
slow       300  tests that are marked slow
kill       300  bench kill: 2,000 taps with kill -9 of kiosk and server
packages   600  Debian packages in a clean system
LIST
	[ ! -x tests/check/pi.sh ] || echo "pi        2100  programs for arm64 under an emulator, a card in an emulated machine"
	[ "$fuzz_s" = 0 ] || echo "fuzz $((targets * (fuzz_s + 5) / processors + 60)) $targets targets, $fuzz_s s each, $processors at once"
}

show_plan() {
	all=0
	echo "The plan:"
	plan | {
		soak_ends=0
		while read -r name seconds what; do
			last=$(awk -v n="$name" '$1 == n { print $2 }' "$times")
			[ "$name" = fuzz ] || seconds=${last:-$seconds}
			if [ "$name" = soak ]; then
				soak_ends=$((all + seconds))
			else
				all=$((all + seconds))
			fi
			printf '  %-9s %4d min  %s\n' "$name" $(((seconds + 59) / 60)) "$what"
		done
		[ "$all" -gt "$soak_ends" ] || all=$soak_ends
		printf '  %-9s %4d min\n\n' "in all" $(((all + 59) / 60))
	}
}

# took NAME SECONDS: for the plan of the next run
took() {
	awk -v n="$1" '$1 != n' "$times" >"$times.new"
	echo "$1 $2" >>"$times.new"
	mv "$times.new" "$times"
}

show_plan
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
		took "$name" $(($(date +%s) - begin))
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
	suite_begin=$(date +%s)
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
		took "$suite" $(($(date +%s) - suite_begin))
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
step setup tests/check/setup.sh
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

# The soak waits for its chip nearly all of the time, so it has the processors' leisure.
begin_soak() {
	setsid tests/bench/run.sh soak >build/logs/soak-beside.log 2>&1 &
	soak=$!
	trap 'kill -- -"$soak"; wait "$soak"' EXIT
	trap 'exit 130' INT TERM HUP
}

end_soak() {
	soak_failed=no
	wait "$soak" || soak_failed=yes
	trap - EXIT INT TERM HUP
	cat build/logs/soak-beside.log
	[ $soak_failed = no ]
}

if [ "$long" = yes ]; then
	begin_soak
	suite slow dev -L slow
	step kill ./kith --yes bench kill
	step packages tests/check/deb.sh
	[ ! -x tests/check/pi.sh ] || step pi ./kith --yes test --pi
	[ "$fuzz_s" = 0 ] || step fuzz tests/check/fuzz.sh "$fuzz_s"
	step soak end_soak
	# for the plan: all of its time, not what was left of it
	soak_s=$(sed -n 's/^RESULT soak.seconds=//p' build/logs/soak.log)
	[ -z "$soak_s" ] || took soak "$soak_s"
	# the table, also when all is well
	sed -n '/^figure/,/^RESULT/p' build/logs/soak.log | grep -v '^RESULT'
fi

note
if [ "$failed" = 0 ]; then
	note "All is well."
fi
note "$passed passed, $failed failed"
[ "$failed" = 0 ]
