#!/bin/sh
# Manual pages are clean, and each command of kith-badge has one.
set -eu
cd "$(dirname "$0")/../.."
for page in docs/man/*.[1-8]; do
	mandoc -T lint -W warning "$page"
done
build/bin/kith-badge --help | awk '/^  [a-z]/ { print $1 }' | while read -r command; do
	[ "$command" = version ] || [ -f "docs/man/kith-badge-$command.1" ] || {
		echo "docs/man/kith-badge-$command.1 is missing"
		exit 1
	}
done
