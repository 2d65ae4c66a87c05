#!/bin/sh
# The documents say what is there: paths and links exist, tests that are named exist, commands and
# options that are shown are in the programs' help, the routes in docs/api.md are those in the
# tables, the lines of /metrics are told, and the configuration file in docs/operating.md is one that
# kith-kiosk takes.
# Looks into build/bin, so build first.
set -u
cd "$(dirname "$0")/../.." || exit 1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
pages=$(git ls-files -co --exclude-standard 'README.md' 'docs/*.md')
manuals=$(git ls-files -co --exclude-standard 'docs/man/*')
: >"$tmp/bad"
complain() { printf '%s\n' "$*" >>"$tmp/bad"; }

# Headings as GitHub names them.
anchors() {
	awk '/^```/ { code = !code } !code && /^#+ / { sub(/^#+ /, ""); print tolower($0) }' "$1" |
		sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

# Links, relative to the page that they stand in.
for page in $pages; do
	grep -oE '\]\([^) ]+\)' "$page" | sed 's/^](//; s/)$//' | while read -r target; do
		case $target in http://* | https://* | mailto:*) continue ;; esac
		file=${target%%#*}
		path=$(dirname "$page")/$file
		[ -n "$file" ] || path=$page
		[ -e "$path" ] || { complain "$page: the link $target leads nowhere"; continue; }
		case $target in
		*'#'*) anchors "$path" | grep -qxF -- "${target#*#}" || complain "$page: $target: there is no such heading" ;;
		esac
	done
done

# Paths in the text. NAME and other capitals stand for something that a reader writes.
# shellcheck disable=SC2086
grep -oE '(^|[^A-Za-z0-9_./-])(core|kiosk|server|firmware-tools|tests|docs|cmake|\.ci)/[A-Za-z0-9_./*-]*' $pages $manuals |
	sed -E 's/^([^:]*):[^A-Za-z0-9.]?/\1 /; s/[.,]+$//' | sort -u | while read -r page path; do
	case $path in *[A-Z][A-Z]*) continue ;; esac
	# shellcheck disable=SC2086
	ls -d -- $path >/dev/null 2>&1 || complain "$page: there is no $path"
done
# Documents that code and documents point to.
git grep -oE '\bdocs/[a-z0-9/-]+\.(md|[1-8])\b' | awk -F : '{ print $1, $NF }' | sort -u | while read -r from path; do
	[ -e "$path" ] || complain "$from: there is no $path"
done

# Tests by name: unit.core.tag.badge, or unit.core.tag.badge/refuses_a_copy.
# shellcheck disable=SC2086
grep -oE '\b(unit\.[a-z0-9._-]+|fuzz\.[a-z0-9_]+|e2e\.[a-z0-9-]+)(/[a-z0-9_]+)?' $pages | sed 's/[.]*$//' | sort -u |
	tr : ' ' | while read -r page name; do
	test=${name%%/*}
	case $test in
	fuzz.sh) continue ;; # a script
	unit.*) file=$(echo "$test" | sed 's,\.,/,g; s,\(.*\)/\(.*\),tests/\1/test_\2.c,') ;;
	fuzz.*) file=tests/fuzz/fuzz_${test#fuzz.}.c ;;
	e2e.*) file=tests/e2e/${test#e2e.}.test.mjs ;;
	esac
	case $file in *corpus-all.c) file=tests/unit/core/eye/test_corpus.c ;; esac
	[ -f "$file" ] || { complain "$page: there is no test $test ($file)"; continue; }
	case $name in
	*/*)
		grep -qwF -- "${name#*/}" "$file" "$(dirname "$file")"/*.h 2>/dev/null || complain "$page: $test has no test ${name#*/}"
		;;
	esac
done

# What is shown as a command: fenced blocks, code that begins with a program's name, manual pages.
for page in $pages; do
	awk -v page="$page" '
		/^[ \t]*```/ { code = !code; next }
		code { print page "\t" $0; next }
		{ line = $0; while (match(line, /`(kith-[a-z]+|\.\/kith)[ `][^`]*`?/)) {
			print page "\t" substr(line, RSTART + 1, RLENGTH - 2); line = substr(line, RSTART + RLENGTH) } }
	' "$page"
done >"$tmp/code"
for page in $manuals; do
	awk -v page="$page" '/^\.Bd -literal/ { code = 1; next } /^\.Ed/ { code = 0 } code { print page "\t" $0 }
		/^\.Dl / { print page "\t" substr($0, 5) }' "$page" | sed 's/\\-/-/g; s/\\e/\\/g; s/\\&//g'
done >>"$tmp/code"
# one line a command: continued lines joined, what follows a pipe, a redirection or a comment cut
awk -F '\t' '
	{ text = rest $2; rest = "" }
	text ~ /\\$/ { rest = substr(text, 1, length(text) - 1); next }
	{ while (match(text, /(^|[ (;|&\/])(kith-(badge|server|kiosk|chipsim)|\.\/kith)( [^|;&>#`]*|$)/)) {
		line = substr(text, RSTART, RLENGTH); sub(/^[ (;|&\/]/, "", line)
		print $1 "\t" line; text = substr(text, RSTART + RLENGTH) } }
' "$tmp/code" | sort -u >"$tmp/commands"

help_of() {
	[ -f "$tmp/help.$(basename "$1")" ] && return
	case $1 in
	./kith) ./kith help ;;
	kith-server) build/bin/kith-server --help && build/bin/kith-server --store "$tmp/none" run --help ;;
	kith-badge)
		build/bin/kith-badge --help
		# a command that is given a wrong option says which ones it takes
		build/bin/kith-badge --help | awk '/^  [a-z]/ { print $1 }' | while read -r c; do "build/bin/kith-badge" "$c" --help; done
		true
		;;
	*) "build/bin/$1" --help ;;
	esac >"$tmp/help.$(basename "$1")" 2>&1 || complain "$1 --help fails"
}
while IFS='	' read -r page line; do
	set -f
	# shellcheck disable=SC2086
	set -- $line
	set +f
	program=$1
	shift
	name=$(basename "$program")
	[ "$program" = ./kith ] || [ -x "build/bin/$program" ] || { complain "$page: there is no program $program"; continue; }
	help_of "$program"
	help=$tmp/help.$name
	[ "$name ${1:-}" = 'kith bench' ] && continue # what follows is for the bench
	for word; do
		case $word in
		--[a-z]*)
			option=${word%%=*}
			option=${option%]}
			case $option in --help | --version) continue ;; esac
			grep -qE -- "(^|[^a-z-])$option([^a-z-]|\$)" "$help" || complain "$page: $name has no option $option"
			;;
		esac
	done
	while [ $# -gt 0 ]; do
		case $1 in
		--store | --config | --link | --control | --timing) shift; [ $# -gt 0 ] && shift ;;
		-* | '['* | *'='*) shift ;;
		*) break ;;
		esac
	done
	case ${1:-} in '' | *[!a-z-]*) continue ;; esac
	[ "$name" = kith-chipsim ] && continue
	case ${2:-} in
	'' | *[!a-z]*) ;;
	*) grep -qE "^ +$1 $2( |\$)" "$help" && continue ;;
	esac
	grep -qE "^ +$1( [^a-z]|\$)" "$help" || complain "$page: $name has no command $1 ${2:-}"
done <"$tmp/commands"

# Routes: what the tables have stands in docs/api.md, and the reverse.
# shellcheck disable=SC2046
tr '\n' ' ' <server/routes.c | grep -oE '"(GET|POST|PUT|DELETE|PROPFIND|REPORT|OPTIONS)",[[:space:]]*"/[^"]*"' |
	sed 's/[",]//g; s/  */ /g' | sort -u >"$tmp/routes"
while read -r method path; do
	case $path in /assets/* | '/') continue ;; esac
	grep -qF -- "$path" docs/api.md || complain "docs/api.md: $method $path of server/routes.c is missing"
done <"$tmp/routes"
sed '/kiosk.s screen/,$d' docs/api.md | grep -oE '`(GET|POST) /[^` ?]*' | tr -d '`' | sort -u | while read -r route; do
	grep -qxF -- "$route" "$tmp/routes" || complain "docs/api.md: server/routes.c has no $route"
done

# Benches: those of the table, and no others.
sed -n "/<<'LIST'/,/^LIST/p" tests/bench/run.sh | sed '1d;$d' | awk '{ print $1 }' | while read -r bench; do
	grep -qF "| \`$bench\` |" docs/benchmarks.md || complain "docs/benchmarks.md: the bench $bench is missing"
done

# Lines of /metrics: what the programs print stands in docs/operating.md, and the reverse.
{
	grep -oE '(\{|&out,) "[a-z_]+",' server/routes/status.c | sed 's/.*"\(.*\)",/kith_\1/'
	git grep -ohE 'kith_kiosk_[a-z_]+' -- 'kiosk/*.c' | sed -E 's/_(bucket|sum|count|max)$//'
} | sort -u >"$tmp/metrics"
grep -oE '\bkith_[a-z_]+' docs/operating.md | sort -u >"$tmp/told"
comm -23 "$tmp/metrics" "$tmp/told" | while read -r m; do complain "docs/operating.md: $m of /metrics is missing"; done
comm -13 "$tmp/metrics" "$tmp/told" | while read -r m; do complain "docs/operating.md: no program prints $m"; done

# The example of a configuration file.
awk '/^```kiosk-conf/ { code = 1; next } /^```/ { code = 0 } code' docs/operating.md >"$tmp/kiosk.conf"
if [ -s "$tmp/kiosk.conf" ]; then
	mkdir -m 700 "$tmp/state"
	sed -i "s,^state_dir.*,state_dir = $tmp/state," "$tmp/kiosk.conf"
	build/bin/kith-kiosk --config "$tmp/kiosk.conf" --check-config >"$tmp/said" 2>&1 ||
		complain "docs/operating.md: kith-kiosk does not take the example: $(cat "$tmp/said")"
else
	complain "docs/operating.md: the example of a configuration file is missing"
fi

sort -u "$tmp/bad"
[ ! -s "$tmp/bad" ]
