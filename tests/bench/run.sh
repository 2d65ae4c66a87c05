#!/bin/sh
# ./kith bench NAME [OPTION]...: one bench of the table below, in an empty folder that is gone
# afterwards. Each ends in lines "RESULT name=value ..." (docs/benchmarks.md).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
export KITH_BIN="${KITH_BIN:-$root/build/bin}"

# name, what it measures
benches() {
	cat <<'LIST'
sync    a station's log to the server: one kiosk's evening, 200 kiosks at once; beside raw SQLite
plan    the follow-up rules: 10,000 attendees' years planned, cost of an entry; --year tells one
queue   reading one's queue over HTTP, with 1,000 and 1,000,000 meetings; beside raw SQLite
tap     from the chip's last byte to the committed entry and the screen; memory; start
screen  from the daemon's event to its paint in cage and Chromium; how soon a killed browser is back
soak    28,800 taps, one a second for eight hours, as fast as they go: nothing grows
sheet   1,000 printed badges, every code read back from a 150-dpi rendering
eye     codes read and missed, wrong texts, CPU time: the eye, ZBar, libzxing, zxing-wasm, on a folder
nfc     a tap and a written badge on the chip's own clock, beside what line, air and chip need
faults  10,000 random faults of the reader over an evening: nothing lost, nothing doubled, no leak
kill    kill -9 of kiosk and server at random during 2,000 taps: nothing lost, nothing doubled
LIST
}

name=${1:-}
if [ -z "$name" ]; then
	benches
	exit 0
fi
shift
if ! benches | grep -q "^$name "; then
	echo "bench: no bench \"$name\"; there are:" >&2
	benches >&2
	exit 64
fi

# on the disk of the build, since a folder in memory would make every commit free
mkdir -p "$root/build/bench"
dir=$(mktemp -d "$root/build/bench/$name.XXXXXX")
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
case $name in
sync | queue) "$root/build/tests/bench-$name" -s "$KITH_BIN/kith-server" -d "$dir" "$@" ;;
plan) "$root/build/tests/bench-plan" "$@" ;;
eye)
	[ -d "$here/node_modules/zxing-wasm" ] || (cd "$here" && npm ci --no-audit --no-fund >&2) || :
	KITH_BENCH_DIR="$dir" node "$here/eye.mjs" "$@"
	;;
*) KITH_BENCH_DIR="$dir" node "$here/$name.mjs" "$@" ;;
esac
