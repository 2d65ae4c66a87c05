#!/bin/sh
# Manual pages are clean, and there is one for each program and each command of kith-badge; each
# command of the others and each key of the configuration has its line. Looks into build/bin.
set -eu
cd "$(dirname "$0")/../.."
missing() { echo "$1 is missing"; exit 1; }
for page in docs/man/*.[1-8]; do
	mandoc -T lint -W warning "$page"
done
for program in build/bin/kith-*; do
	ls "docs/man/$(basename "$program")".[18] >/dev/null 2>&1 || missing "the manual page of $program"
done
# the names in a table of --help: two spaces, then one or two words, then two spaces or capitals
names() { sed -nE 's/^  ([a-z_-]+( [a-z]+)?)( +[^a-z ].*|  .*)$/\1/p'; }
build/bin/kith-badge --help | names | while read -r command; do
	[ "$command" = version ] || [ -f "docs/man/kith-badge-$command.1" ] || missing "docs/man/kith-badge-$command.1"
done
build/bin/kith-server --help | names | while read -r command; do
	grep -qE "^\.It Cm $command( |\$)" docs/man/kith-server.8 || missing "docs/man/kith-server.8: $command"
done
build/bin/kith-kiosk --help | sed '/^keys/,$d' | names | while read -r command; do
	grep -qE "^\.It Cm $command( |\$)" docs/man/kith-kiosk.8 || missing "docs/man/kith-kiosk.8: $command"
done
build/bin/kith-kiosk --help | sed '1,/^keys/d' | sed -nE 's/^  ([a-z_]+) .*/\1/p' | while read -r key; do
	grep -qE "^\.It Cm $key( |\$)" docs/man/kith-kiosk.conf.5 || missing "docs/man/kith-kiosk.conf.5: $key"
done
