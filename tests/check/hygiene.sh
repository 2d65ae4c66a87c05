#!/bin/sh
# What must not be in the repository: unfinished words, traces of one machine, files that somebody
# else wrote or a program made, files too large to read.
set -u
cd "$(dirname "$0")/../.." || exit 1
bad=0
# complain HEADING LINES: a heading and what was found under it; nothing when there are no lines
complain() {
	[ -n "$2" ] || return 0
	bad=1
	printf '%s:\n%s\n' "$1" "$2" | cut -c 1-200
}

self=':!tests/check/hygiene.sh'
code='*.c *.h *.S *.sql *.ts *.tsx *.js *.mjs *.css *.html *.sh *.cmake CMakeLists.txt kith .ci/run'
set -f
# a letter in brackets, so that the patterns are no finds themselves
# shellcheck disable=SC2086
complain "unfinished" "$(git grep -nIwE '[T]ODO|[F]IXME|[X]XX|[H]ACK|[T]BD' -- $code
	git grep -nIiE '[l]orem ipsum|[n]ot implemented|[c]oming soon|[f]ill (this )?in later|[p]laceholder' -- $code)"
set +f

# Paths under /tmp are made by mkdtemp(3), or stand in an example.
complain "a trace of one machine" "$(
	git grep -nIE '(^|[^A-Za-z0-9_.])/(work|home|root|Users|mnt|srv)/[A-Za-z0-9_]' -- . ':!tests/fuzz/seeds' "$self"
	git grep -nIE '"(resolved|_resolved)": *"|registry *= *http|index-url|extra-index' -- . "$self"
	git grep -nIE '(^|[^0-9.])(10\.[0-9]+\.[0-9]+\.[0-9]+|192\.168\.[0-9]+\.[0-9]+):[0-9]+' -- . ':!tests' ':!docs' "$self")"

complain "larger than 500 kB" "$(git ls-files -z | xargs -0 -n 100 wc -c |
	awk '$2 != "total" && $1 > 500000 { print $2 ": " $1 " bytes" }')"
complain "longer than 700 lines: one file, one concept" "$(git ls-files -z '*.c' '*.h' | xargs -0 -n 100 wc -l |
	awk '$2 != "total" && $1 > 700 { print $2 ": " $1 " lines" }')"

complain "built, or of somebody else" "$(
	git ls-files | grep -E '(^|/)(node_modules|build|dist|vendor|third[_-]party|__pycache__)/'
	git ls-files | grep -E '\.(o|a|so|obj|exe|wasm|pyc|class|jar|zip|gz|xz|zst|tgz|deb|min\.js|min\.css|map|db|sqlite)$' |
		grep -vE '^tests/(data|fuzz/seeds)/'
	git ls-files | grep -E '(^|/)(NOTE[^/]*|core\.[0-9]+|[^/]*\.(orig|rej|swp|log|bak))$'
	# words that stand above code which was brought along
	git grep -nIiE '@license|SPDX-License-Identifier|copyright (\(c\)|©|[0-9]{4})' -- . ':!tests/data' ':!tests/fuzz/seeds' ':!LICENSE*' "$self"
	# what a minifier writes
	git ls-files '*.js' '*.mjs' '*.ts' '*.tsx' '*.css' '*.html' '*.c' '*.h' | xargs awk \
		'length($0) > 2000 { print FILENAME ":" FNR ": a line of " length($0) " characters" }')"
exit $bad
