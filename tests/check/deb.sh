#!/bin/sh
# The Debian packages in a clean Debian 12: installed, served from, upgraded with data and changed
# configuration, removed, purged. Needs root (a chroot) and mmdebstrap; takes minutes, so it is part
# of ./kith test --long. The units are judged by systemd-analyze.
set -eu
cd "$(dirname "$0")/../.."
here=$PWD
[ "$(id -u)" = 0 ] || { echo "needs root, for a chroot"; exit 1; }
work=$(mktemp -d)
root=$work/root
pid=
finish() {
	[ -z "$pid" ] || kill "$pid" 2>/dev/null || true
	umount "$root/proc" 2>/dev/null || true
	rm -rf "$work"
}
trap finish EXIT
fail() { echo "FAILED: $*"; exit 1; }
say() { echo "- $*"; }
inside() { chroot "$root" env DEBIAN_FRONTEND=noninteractive "$@"; }

say "units are hardened"
systemd-analyze security --offline=true --threshold=20 server/package/kith-server.service >"$work/out" || fail "$(tail -1 "$work/out")"
systemd-analyze security --offline=true --threshold=25 kiosk/package/kith-kiosk.service >"$work/out" || fail "$(tail -1 "$work/out")"

systemd-analyze security --offline=true --threshold=25 kiosk/package/update/kith-update.service >"$work/out" || fail "$(tail -1 "$work/out")"

say "two versions are built"
./kith --yes build --deb 2>/dev/null
mkdir "$work/old" "$work/new"
cp build/release/deb/*.deb "$work/old"
for deb in "$work"/old/*.deb; do
	# the same files under a later version: what an upgrade does to a machine is dpkg's and our scripts' doing
	dpkg-deb -R "$deb" "$work/unpacked"
	sed -i 's/^Version: .*/Version: 99.0/' "$work/unpacked/DEBIAN/control"
	for conf in etc/default/kith-server etc/kith/kiosk.conf; do
		[ ! -f "$work/unpacked/$conf" ] || echo "# of the newer version" >>"$work/unpacked/$conf"
	done
	dpkg-deb -b "$work/unpacked" "$work/new/$(basename "$deb")" >/dev/null
	rm -rf "$work/unpacked"
done

say "a clean Debian 12"
set -- /etc/apt/sources.list.d/*.sources
[ -f "$1" ] || set -- /etc/apt/sources.list
mmdebstrap --quiet --variant=minbase --include=systemd,udev,ca-certificates bookworm "$root" "$@"
for source; do cp "$source" "$root/etc/apt/sources.list.d/"; done
cp /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
[ ! -d /etc/apt/auth.conf.d ] || cp -r /etc/apt/auth.conf.d "$root/etc/apt/"
cp /etc/resolv.conf "$root/etc/" 2>/dev/null || true
cp /etc/hosts "$root/etc/hosts"
rm -f "$root/etc/apt/apt.conf.d/docker-clean"
mount -t proc proc "$root/proc"
mkdir "$root/debs"
cp -r "$work/old" "$work/new" "$root/debs/"
inside apt-get update -q >"$work/apt.log" 2>&1 || fail "$(tail -3 "$work/apt.log")"

say "install"
inside sh -c 'apt-get install -y -q --no-install-recommends /debs/old/kith-server_*.deb /debs/old/kith-kiosk_*.deb /debs/old/kith-tools_*.deb' \
	>"$work/apt.log" 2>&1 || { cat "$work/apt.log"; fail "the packages do not install"; }
for user in kith-server kith-kiosk; do
	inside getent passwd "$user" >/dev/null || fail "no user $user"
	[ -L "$root/etc/systemd/system/multi-user.target.wants/$user.service" ] || fail "$user is not enabled"
done
inside kith-kiosk --check-config >/dev/null || fail "the configuration that is delivered is not fine"
for program in kith-server kith-kiosk kith-badge kith-chipsim; do
	inside "$program" --help >/dev/null || fail "$program does not start"
done

as_server() { inside setpriv --reuid kith-server --regid kith-server --clear-groups "$@"; }
say "serve as the unit does"
inside install -d -o kith-server -g kith-server -m 700 /var/lib/kith-server
event=$(as_server kith-server --store /var/lib/kith-server event add "Packages")
# the port that is delivered may be taken on this machine
free_port() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }
port=$(free_port)
sed -i "s/:8420\"\$/:$port\"/" "$root/etc/default/kith-server"
serve() {
	options=$(. "$root/etc/default/kith-server"; echo "$KITH_SERVER_RUN")
	# shellcheck disable=SC2086
	chroot "$root" setpriv --reuid kith-server --regid kith-server --clear-groups \
		kith-server --store /var/lib/kith-server run $options >"$work/serve.log" 2>&1 &
	pid=$!
	n=0
	until grep -q '^ready ' "$work/serve.log"; do
		n=$((n + 1))
		[ $n -lt 200 ] || { cat "$work/serve.log"; fail "it does not serve"; }
		sleep 0.1
	done
}
stop() {
	# chroot(1) has become setpriv, and that the program itself
	kill "$pid"
	wait "$pid" || true
	pid=
}
serve
curl -fsS "http://$(sed -n 's/^ready //p' "$work/serve.log")/healthz" >/dev/null || fail "no answer"
stop

say "upgrade, with data and a changed configuration"
inside sh -c 'apt-get install -y -q --no-install-recommends -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold /debs/new/kith-server_*.deb /debs/new/kith-kiosk_*.deb /debs/new/kith-tools_*.deb' \
	>"$work/apt.log" 2>&1 || { cat "$work/apt.log"; fail "the packages do not upgrade"; }
grep -q ":$port\"" "$root/etc/default/kith-server" || fail "a changed configuration was overwritten"
grep -q 'newer version' "$root/etc/kith/kiosk.conf" || fail "an unchanged configuration was not renewed"
as_server kith-server --store /var/lib/kith-server event list | grep -q "^$event" || fail "the event is gone"
serve
grep -q ":$port\$" "$work/serve.log" || fail "the changed configuration does not count"
stop

say "an update by kith-update, and one that is taken back"
inside sh -c 'apt-get install -y -q --no-install-recommends /debs/new/kith-update_*.deb' >"$work/apt.log" 2>&1 || fail "$(tail -3 "$work/apt.log")"
[ -L "$root/etc/systemd/system/multi-user.target.wants/kith-update.path" ] || fail "kith-update.path is not enabled"
inside kith-update status >/dev/null || fail "kith-update does not start"
build/release/bin/kith-badge release key --out "$work/release.key" >>"$root/etc/kith/release.keys"
# what stands in for the kiosk: it is there, and of the version that is installed
cat >"$root/restart" <<'RESTART'
#!/bin/sh
version=$(dpkg-query -W -f '${Version}' kith-kiosk)
[ "$version" != 99.2 ] || exit 0
sleep 600 >/dev/null 2>&1 &
printf '{"version":"%s","pid":%d,"store":true,"readers":true,"online":true,"busy":false}' "$version" $! >/run/alive.json
RESTART
chmod +x "$root/restart"
printf 'restart = /restart\nalive = /run/alive.json\nprove_s = 1\npatience_s = 5\nquiet_s = 0\n' >>"$root/etc/kith/update.conf"
for version in 99.1 99.2; do
	dpkg-deb -R "$work"/new/kith-kiosk_*.deb "$work/unpacked"
	sed -i "s/^Version: .*/Version: $version/" "$work/unpacked/DEBIAN/control"
	dpkg-deb -b "$work/unpacked" "$work/kiosk.deb" >/dev/null
	rm -rf "$work/unpacked"
	mkdir -p "$root/var/lib/kith-kiosk/update"
	build/release/bin/kith-badge release sign --key "$work/release.key" --out "$root/var/lib/kith-kiosk/update/install.kithup" "$work/kiosk.deb" >/dev/null
	inside kith-update run >"$work/update.log" 2>&1 || { cat "$work/update.log"; fail "kith-update ends with an error"; }
	[ "$(inside dpkg-query -W -f '${Version}' kith-kiosk)" = 99.1 ] || { cat "$work/update.log"; fail "$version: not 99.1 afterwards"; }
done
inside kith-update status | grep -q '"rolled-back"' || fail "the second one was not taken back"
[ -z "$(inside dpkg --audit)" ] || fail "$(inside dpkg --audit)"
for p in $(pidof sleep || true); do [ "$(readlink "/proc/$p/root")" != "$root" ] || kill "$p"; done

say "remove: data and configuration stay"
inside apt-get remove -y -q kith-server kith-kiosk kith-tools kith-update >"$work/apt.log" 2>&1 || fail "$(tail -3 "$work/apt.log")"
[ -f "$root/var/lib/kith-server/kith.db" ] || fail "the data went with the package"
[ -f "$root/etc/kith/kiosk.conf" ] || fail "the configuration went with the package"
[ ! -e "$root/usr/bin/kith-server" ] || fail "the program stayed"
[ ! -L "$root/etc/systemd/system/multi-user.target.wants/kith-server.service" ] || fail "it is still enabled"

say "purge: nothing stays"
inside dpkg --purge kith-server kith-kiosk kith-update >"$work/apt.log" 2>&1 || fail "$(tail -3 "$work/apt.log")"
left=$(find "$root/var/lib" "$root/etc" "$root/usr" -name '*kith*' ! -path '*/sysusers*' ! -path "*/debs/*")
[ -z "$left" ] || fail "left behind: $left"
echo "all is well (kith-screen is built like these; its hundreds of packages are not fetched here)"
