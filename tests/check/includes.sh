#!/bin/sh
# Who may include whom (docs/architecture.md): foreign headers have one home, core never includes a
# program, programs never include each other, pure parts include nothing with I/O or time.
set -u
cd "$(dirname "$0")/../.."
bad=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT
complain() {
	bad=1
	printf '%s\n' "$1"
}

# header, the path that may include it
while read -r header home; do
	# the bench measures against SQLite itself
	git grep -lE "#include <$header" -- '*.c' '*.h' '*.cpp' ':!tests/bench/raw.c' | while read -r file; do
		case $file in
		$home | tests/unit/$home) ;; # tests mirror the sources, and ask for the same answers
		*) echo "$file includes <$header...>, whose home is $home" ;;
		esac
	done
done >"$out" <<'LIST'
sodium core/base/crypto.c
systemd/ core/base/service.c
nettle/ core/base/crypto.c
yajl core/base/json.c
sqlite3 core/db/db_sqlite.c
microhttpd core/http/*
nfc/ core/nfc/*
zbar core/eye/*
ZXing/ core/eye/zxing.cpp
qrencode core/eye/qr_write.c
png core/eye/image*.c
jpeglib core/eye/image*.c
curl/ kiosk/transport.c
gnutls core/http/*
zlib core/http/*
cairo core/print/*
pango core/print/*
glib core/print/*
cups core/print/*
iconv core/card/charset_iconv.c
openssl/ firmware-tools/*
LIST
[ -s "$out" ] && complain "$(cat "$out")"

found=$(git grep -nE '#include "(kiosk|server|firmware-tools)/' -- core)
[ -n "$found" ] && complain "core includes a program: $found"
for program in kiosk server firmware-tools; do
	others=$(echo "kiosk server firmware-tools" | tr ' ' '\n' | grep -v "$program" | tr '\n' '|' | sed 's/|$//')
	found=$(git grep -nE "#include \"($others)/" -- "$program")
	[ -n "$found" ] && complain "$program includes another program: $found"
done
found=$(git grep -nE '#include "[^/"]*"' -- '*.c' '*.h')
[ -n "$found" ] && complain "include paths start at the root: $found"
# What people wrote is read by the store's own modules alone; code for organizers and stations does without
found=$(git grep -nE '#include "server/store/(private|queue|queue_facts|queue_item|my_log|about)\.h"' -- server |
	grep -vE '^server/(store/|routes/(queue|me|me_log|me_buddies|me_data|me_parts)\.[ch]|writer\.c)')
[ -n "$found" ] && complain "code that answers others includes what people wrote: $found"
found=$(git grep -nwE '(FROM|INTO|JOIN|UPDATE) private' -- server ':!server/store/private.c' ':!server/store/log_read.c'
	git grep -nwE '(FROM|INTO|JOIN|UPDATE) sealed' -- server ':!server/store/private.c' ':!server/store/opening.c'
	git grep -nw queue_text -- server ':!server/store' ':!server/schema'
	git grep -nwE 'log_of_person|log_refused_of' -- server ':!server/store' ':!server/routes/me_data.c')
[ -n "$found" ] && complain "private payloads are reached from outside the store: $found"
# the pure parts also run on the phone: what core/wasm/CMakeLists.txt compiles, and its headers
pure=$(sed -n "/^set(pure_/,/)/p" core/wasm/CMakeLists.txt | grep -oE "core/[a-z_/0-9]+\.c" | sort -u)
[ "$(printf '%s\n' "$pure" | wc -l)" -gt 20 ] || complain "no list of pure sources in core/wasm/CMakeLists.txt"
headers=$(printf '%s\n' "$pure" | sed 's/\.c$/.h/' | while read -r header; do [ -f "$header" ] && echo "$header"; done)
found=$(git grep -nE '#include <' -- $pure $headers core/entry/entry.h |
	grep -vE '<(errno|stdalign|stdarg|stdbool|stddef|stdint|stdio|stdlib|string)\.h>')
[ -n "$found" ] && complain "a pure part includes more than the plain C library: $found"
found=$(git grep -nE '#include "core/(base/(config|crypto|log)|db|entry/wire|eye|http|nfc|web)' -- $pure $headers)
[ -n "$found" ] && complain "a pure part includes one that is not: $found"
exit $bad
