#!/bin/sh
# kith-setup, the settings of a kiosk from a card, without a card: what it takes over, wipes, keeps, applies and refuses.
# The programs that change a machine are stand-ins; kith-kiosk is the one in build/bin.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
setup=$PWD/kiosk/package/appliance/kith-setup
mkdir "$work/bin" "$work/card" "$work/kept" "$work/etc" "$work/etc/kith" "$work/etc/wpa_supplicant"
cp kiosk/package/kiosk.conf "$work/etc/kith/"
for name in mount systemctl; do printf '#!/bin/sh\n' >"$work/bin/$name"; done
printf '#!/bin/sh\nread -r secret\nprintf "network={\\n\\t#psk=\\"%%s\\"\\n\\tpsk=%%s\\n}\\n" "$secret" "$(printf "%%s %%s" "$1" "$secret" | sha256sum | cut -c 1-64)"\n' >"$work/bin/wpa_passphrase"
printf '#!/bin/sh\nshift 3\nexec "$@"\n' >"$work/bin/runuser"
# install -m MODE -g GROUP FROM TO: this machine has no such group
printf '#!/bin/sh\nexec cp "$5" "$6"\n' >"$work/bin/install"
chmod +x "$work"/bin/*
export PATH="$work/bin:$PWD/build/bin:$PATH"
export KITH_SETUP_CARD="$work/card" KITH_SETUP_KEPT="$work/kept" KITH_SETUP_RUN="$work/run" KITH_SETUP_ETC="$work/etc"
export KITH_SETUP_REQUEST="$work/asked"
bad=0
fail() { bad=1; echo "FAILED: $*"; }
has() { grep -q -- "$2" "$1" || { fail "$1 lacks: $2"; cat "$1"; }; }
lacks() { ! grep -rqa -- "$2" "$1" || fail "$1 has: $2"; }
state() { sed -n "s/^$1 = //p" "$work/run/status"; }
# restart: what a new start finds
restart() {
	rm -rf "$work/run"
	cp kiosk/package/kiosk.conf "$work/etc/kith/"
	rm -f "$work"/etc/wpa_supplicant/* "$work/etc/localtime"
	"$setup" start >/dev/null
}

echo "- what is delivered changes nothing"
cp core/package/pi/image/kith.txt "$work/card/kith.txt"
restart
[ "$(state state)" = ready ] || fail "state $(state state)"
has "$work/card/kith.txt" wifi_name
[ ! -f "$work/kept/settings" ] || fail "settings out of nothing"

echo "- settings from an editor with a mark and CRs, taken over and wiped"
printf '\357\273\277# mine\r\nwifi_name = Caf\303\251 = bar \r\nwifi_password=secret words\r\nwifi_country = DE\r\n  time_zone = Europe/Berlin\r\nrole = door\r\nlanguages = de en\r\nstaff_pin = 4711\r\nserver = https://meet.example.org\r\ncode = ABCD-EFGH-JKMN-PQRS\r\n' >"$work/card/kith.txt"
restart
[ "$(state state)" = ready ] || fail "state $(state state): $(state text)"
for what in secret 4711 ABCD meet.example; do lacks "$work/card" "$what"; done
for what in secret 4711; do lacks "$work/kept" "$what"; done
has "$work/kept/code" ABCD-EFGH-JKMN-PQRS
wpa=$work/etc/wpa_supplicant/wpa_supplicant-wlan0.conf
has "$wpa" "ssid=$(printf 'Caf\303\251 = bar' | od -An -v -tx1 | tr -d ' \n')\$"
has "$wpa" "psk=[0-9a-f]\{64\}\$"
has "$wpa" "country=DE"
[ "$(readlink "$work/etc/localtime")" = /usr/share/zoneinfo/Europe/Berlin ] || fail "no time zone"
has "$work/etc/kith/kiosk.conf" "^role = door"
has "$work/etc/kith/kiosk.conf" "^staff_pin_hash = "
[ "$(grep -c '^role' "$work/etc/kith/kiosk.conf")" = 1 ] || fail "two roles"

echo "- and applied again at each start"
restart
has "$work/etc/kith/kiosk.conf" "^languages = de en"
has "$wpa" "country=DE"

echo "- one line changes one thing; another network has another key"
before=$(grep psk "$wpa")
printf 'role = lounge\n' >"$work/card/kith.txt"
restart
has "$work/etc/kith/kiosk.conf" "^role = lounge"
[ "$(grep psk "$wpa")" = "$before" ] || fail "the key of the network changed"
printf 'wifi_name = Open\n' >"$work/card/kith.txt"
restart
has "$wpa" "key_mgmt=NONE"

echo "- what is wrong is told by a word, and what was set holds"
refuse() {
	printf '%b\n' "$2" >"$work/card/kith.txt"
	restart
	[ "$(state state) $(state problem)" = "failed $1" ] || fail "$2: $(state state) $(state problem)"
	has "$work/etc/kith/kiosk.conf" "^role = lounge"
	lacks "$work/run/status" hushhush
}
refuse line_unknown 'wlan = hushhush'
refuse line_unknown 'role'
refuse time_zone_unknown 'time_zone = Mars/Olympus'
refuse time_zone_unknown 'time_zone = ../../etc/shadow'
refuse wifi_password_length 'wifi_name = a\nwifi_password = short'
refuse wifi_country_unknown 'wifi_country = Germany'
refuse staff_pin_digits 'staff_pin = 12ab'
refuse role_unknown 'role = bouncer'
refuse kiosk_refuses 'reader = palantir'

echo "- a request of the screen"
: >"$work/card/kith.txt"
rm -f "$work/kept/code"
printf 'time_zone = America/Mexico_City\n' >"$work/asked"
"$setup" request >/dev/null
[ ! -e "$work/asked" ] || fail "the request stays"
[ "$(readlink "$work/etc/localtime")" = /usr/share/zoneinfo/America/Mexico_City ] || fail "the request has no effect"
[ $bad = 0 ]
