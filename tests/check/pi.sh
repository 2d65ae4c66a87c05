#!/bin/sh
# The Raspberry Pi without one, called by ./kith test --pi when the programs and packages for arm64 are built: the unit
# tests under an emulator of programs, then a card in an emulated machine: its first start, power cuts.
# usage: pi.sh [IMAGE]: that card instead of one that is made here
set -eu
cd "$(dirname "$0")/../.."
image=${1:-build/pi/test.img}
logs=build/logs
mkdir -p "$logs"
begin=$(date +%s)
took() { echo "$1 ($(($(date +%s) - begin)) s since the start)"; }

ctest --test-dir build/pi --no-tests=error -j2 --timeout 1200 -R '^(unit|golden|fuzz)\.' -LE 'slow|machine' >"$logs/pi-unit.log" 2>&1 || {
	grep -E '\*\*\*|tests passed' "$logs/pi-unit.log"
	exit 1
}
took "$(grep 'tests passed' "$logs/pi-unit.log") under qemu-user"

[ $# -gt 0 ] || core/package/pi/image.sh "$image" build/pi/deb
took "a card: $image"

# the server, the bench and the chip are this machine's
KITH_BIN=$PWD/build/bin nice node tests/pi/system.mjs "$image" build/pi/deb "${KITH_PI_CUTS:-10}"
took "the whole of it"
