#!/bin/sh
# dpkg-shlibdeps for programs of another architecture: CPack calls it in its place (core/package.cmake).
[ "$1" != --version ] || exec dpkg-shlibdeps --version
export DEB_HOST_ARCH=arm64 DPKG_ADMINDIR="$KITH_SYSROOT/var/lib/dpkg"
exec dpkg-shlibdeps --admindir="$DPKG_ADMINDIR" -l"$KITH_SYSROOT/lib/aarch64-linux-gnu" \
	-l"$KITH_SYSROOT/usr/lib/aarch64-linux-gnu" "$@"
