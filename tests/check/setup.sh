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
# each fails while there is a file broken-NAME
for name in mount systemctl; do
	printf '#!/bin/sh\necho "$*" >"%s/%s-words"\n[ ! -e "%s/broken-%s" ]\n' "$work" $name "$work" $name >"$work/bin/$name"
done
printf '#!/bin/sh\n[ ! -e "%s/broken-dd" ] || exit 1\nexec %s "$@"\n' "$work" "$(command -v dd)" >"$work/bin/dd"
cat >"$work/bin/kith-kiosk" <<END
#!/bin/sh
case "\$*" in
*enrol*) echo "\$*" >"$work/enrol-words"; cat >"$work/enrol-input"; exit ;;
staff-pin) [ ! -e "$work/broken-kith-kiosk" ] || exit 1 ;;
esac
exec "$PWD/build/bin/kith-kiosk" "\$@"
END
printf '#!/bin/sh\n[ ! -e '"$work"'/broken-wpa_passphrase ] || exit 1\nread -r secret\nprintf "network={\\n\\t#psk=\\"%%s\\"\\n\\tpsk=%%s\\n}\\n" "$secret" "$(printf "%%s %%s" "$1" "$secret" | sha256sum | cut -c 1-64)"\n' >"$work/bin/wpa_passphrase"
printf '#!/bin/sh\n[ ! -e "%s/broken-runuser" ] || exit 1\nshift 3\nexec "$@"\n' "$work" >"$work/bin/runuser"
# install -m MODE -g GROUP FROM TO, install -d ...: this machine has no such group
printf '#!/bin/sh\n[ "$1" = -d ] || exec cp "$5" "$6"\n' >"$work/bin/install"
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
refuse wifi_country_unknown 'wifi_country = DE\\\\nctrl_interface=x'
refuse wifi_password_length 'wifi_key = "hushhush"'
printf 'wlan = hushhush' >"$work/card/kith.txt"
restart
[ "$(state problem)" = line_unknown ] || fail "a last line without an end is not looked at"

echo "- what comes from outside stays in its line, letter for letter"
cp "$work/kept/settings" "$work/kept/before"
printf '%s\n' 'wifi_name = a\nb\\' 'help_desk = 3\nwifi_country = XX\nctrl_interface=x\c' 'server = https://a\nrole = booth' >"$work/card/kith.txt"
restart
[ "$(state state)" = ready ] || fail "state $(state state): $(state text)"
grep -qxF 'help_desk = 3\nwifi_country = XX\nctrl_interface=x\c' "$work/kept/settings" || fail "the settings have another help desk"
grep -qxF 'help_desk = 3\nwifi_country = XX\nctrl_interface=x\c' "$work/etc/kith/kiosk.conf" || fail "the kiosk has another help desk"
grep -qxF 'server = https://a\nrole = booth' "$work/kept/settings" || fail "the settings have another server"
has "$wpa" "ssid=$(printf '%s' 'a\nb\\' | od -An -v -tx1 | tr -d ' \n')\$"
has "$wpa" "^country=DE"
lacks "$wpa" ctrl_interface
has "$work/etc/kith/kiosk.conf" "^role = lounge"
mv "$work/kept/before" "$work/kept/settings"

echo "- a password alone is of the network that is kept; of none, it is told"
printf 'wifi_name = Venue\nwifi_password = first words\n' >"$work/card/kith.txt"
restart
printf 'wifi_password = second words\n' >"$work/card/kith.txt"
restart
has "$wpa" "psk=$(printf 'Venue second words' | sha256sum | cut -c 1-64)"
mv "$work/kept/settings" "$work/kept/before"
printf 'wifi_password = second words\n' >"$work/card/kith.txt"
restart
[ "$(state state) $(state problem)" = "failed wifi_name_missing" ] || fail "no name: $(state state) $(state problem)"
[ ! -e "$work/kept/settings" ] || fail "no name, and kept"
mv "$work/kept/before" "$work/kept/settings"

echo "- a program that fails opens no network and drops no PIN, and what was set holds"
: >"$work/broken-wpa_passphrase"
refuse other 'wifi_name = Other\nwifi_password = hushhush'
has "$wpa" "psk=$(printf 'Venue second words' | sha256sum | cut -c 1-64)"
rm "$work/broken-wpa_passphrase"
: >"$work/broken-kith-kiosk"
pin=$(grep ^staff_pin_hash "$work/kept/settings")
refuse other 'staff_pin = 123456'
grep -qxF "$pin" "$work/etc/kith/kiosk.conf" || fail "the PIN is another one"
rm "$work/broken-kith-kiosk"

echo "- a card that cannot be written over is told, and the settings are applied"
: >"$work/broken-mount"
printf 'help_desk = 7\ncode = WXYZ-EFGH-JKMN-PQRS\n' >"$work/card/kith.txt"
restart
[ "$(state state) $(state problem)" = "failed not_wiped" ] || fail "not wiped: $(state state) $(state problem)"
has "$work/etc/kith/kiosk.conf" "^help_desk = 7"
rm "$work/broken-mount"
: >"$work/broken-dd"
restart
[ "$(state state) $(state problem)" = "failed not_wiped" ] || fail "not wiped again: $(state state) $(state problem)"
has "$work/mount-words" "remount,ro"

echo "- nor does it undo at each start what was changed since, and it is told also at the end of what follows"
rm "$work/kept/code"
printf 'help_desk = 8\n' >"$work/asked"
"$setup" request >/dev/null
[ "$(state state) $(state problem)" = "failed not_wiped" ] || fail "a request: $(state state) $(state problem)"
restart
has "$work/etc/kith/kiosk.conf" "^help_desk = 8"
[ "$(state state) $(state problem)" = "failed not_wiped" ] || fail "the next start: $(state state) $(state problem)"
[ ! -e "$work/kept/code" ] || fail "the code of before is tried again"
printf 'ABCD-EFGH-JKMN-PQRS\n' >"$work/kept/code"
cp "$work/kept/code" "$work/code"
: >"$work/systemctl-words"
"$setup" enrol >/dev/null
[ "$(state state) $(state problem)" = "failed not_wiped" ] || fail "enrolled: $(state state) $(state problem)"
[ ! -e "$work/kept/code" ] || fail "the code stays"
lacks "$work/systemctl-words" restart
mv "$work/code" "$work/kept/code"
printf 'help_desk = 9\n' >"$work/card/kith.txt"
restart
has "$work/etc/kith/kiosk.conf" "^help_desk = 9"
rm "$work/broken-dd"
restart
[ "$(state state)" = ready ] || fail "state $(state state): $(state text)"
lacks "$work/card" "help_desk"
[ ! -e "$work/kept/not_wiped" ] || fail "the digest stays"

echo "- it enrols, and the code is on no command line"
[ -f "$work/kept/code" ] || fail "no code waits"
"$setup" enrol >/dev/null
[ "$(state state)" = done ] || fail "state $(state state): $(state text)"
has "$work/enrol-input" ABCD-EFGH-JKMN-PQRS
has "$work/enrol-words" "^enrol https://meet.example.org -\$"
[ ! -e "$work/kept/code" ] || fail "the code stays"

echo "- a request of the screen"
: >"$work/card/kith.txt"
printf 'time_zone = America/Mexico_City\n' >"$work/asked"
"$setup" request >/dev/null
[ ! -e "$work/asked" ] || fail "the request stays"
[ "$(readlink "$work/etc/localtime")" = /usr/share/zoneinfo/America/Mexico_City ] || fail "the request has no effect"
[ "$(state state)" = ready ] || fail "state $(state state): $(state text)"
printf 'time_zone = Europe/Berlin\n' >"$work/asked"
: >"$work/broken-runuser"
"$setup" request >/dev/null
[ "$(state state) $(state text)" = "failed the request cannot be read" ] || fail "not read: $(state state) $(state text)"
[ ! -e "$work/asked" ] || fail "what cannot be read stays"
rm "$work/broken-runuser"
printf '#\n' >"$work/asked"
"$setup" request >/dev/null
[ "$(state state)" = ready ] || fail "an empty request: $(state state)"
[ $bad = 0 ]
