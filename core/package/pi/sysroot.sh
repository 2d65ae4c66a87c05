#!/bin/sh
# usage: sysroot.sh FOLDER PACKAGE... : what a program for arm64 is linked with, unpacked and never installed (no
# maintainer script runs, nothing needs an emulator), with the part of dpkg's records that dpkg-shlibdeps reads.
# Done again only when the list of packages changed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"

# record FOLDER: what mmdebstrap unpacked, as dpkg would have written it down. Called back by mmdebstrap.
record() {
	admin=$1/var/lib/dpkg
	echo 1 >"$admin/info/format" # names with their architecture
	for deb in "$1"/var/cache/apt/archives/*.deb; do
		name=$(dpkg-deb -f "$deb" Package)
		[ "$(dpkg-deb -f "$deb" Multi-Arch)" != same ] || name=$name:arm64
		dpkg-deb -f "$deb" | sed '/^Package:/a Status: install ok installed' >>"$admin/status"
		echo >>"$admin/status"
		# dpkg-shlibdeps asks for libraries by the path where it found them
		dpkg-deb --fsys-tarfile "$deb" | tar -t | sed "s|^\./|$1/|; s|/\$||" >"$admin/info/$name.list"
		for part in symbols shlibs; do
			dpkg-deb -I "$deb" $part >"$admin/info/$name.$part" 2>/dev/null || rm -f "$admin/info/$name.$part"
		done
	done
}

if [ "$1" = --record ]; then
	record "$2"
	exit
fi
root=$1
shift
wanted=$(printf '%s\n' "$@" | sort)
[ "$(cat "$root/kith-sysroot" 2>/dev/null)" != "$wanted" ] || exit 0
rm -rf "$root"
mkdir -p "$(dirname "$root")"
debian_sources main | mmdebstrap --quiet --variant=extract --architectures=arm64 --mode="$(mmdebstrap_mode)" \
	--include="$(printf '%s\n' "$@" | paste -sd, -)" --extract-hook="$here/sysroot.sh --record \"\$1\"" \
	"$(debian_release)" "$root" -
# an emulated program finds this machine's devices and files, not stand-ins
rm -rf "${root:?}/dev" "$root/etc" "$root/tmp"
printf '%s\n' "$wanted" >"$root/kith-sysroot"
