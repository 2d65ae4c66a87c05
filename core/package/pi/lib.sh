# shellcheck shell=sh
# What the scripts in this folder share.

# debian_sources COMPONENT...: where this machine gets Debian from, as lines of a sources.list. Read from apt itself,
# so that a mirror or a snapshot that is set up here counts for the Pi, too.
debian_sources() {
	apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Identifier: Packages' 'Origin: Debian' | sort -u |
		while read -r uri suite; do
			echo "deb $uri $suite $*"
		done
}

# The release that this machine runs is the one that its packages are made for.
debian_release() { . /etc/os-release; echo "$VERSION_CODENAME"; }

# Without root, mmdebstrap unpacks in a user namespace.
mmdebstrap_mode() { if [ "$(id -u)" = 0 ]; then echo root; else echo unshare; fi; }

# can_emulate: programs for arm64 start here as if they were this machine's. systemd arranges that where
# qemu-user-static is installed; where it does not run, root can.
can_emulate() {
	binfmt=/proc/sys/fs/binfmt_misc
	[ ! -e $binfmt/qemu-aarch64 ] || return 0
	if [ "$(id -u)" = 0 ]; then
		[ -e $binfmt/register ] || mount -t binfmt_misc binfmt_misc $binfmt || true
		grep -h '^:' /usr/lib/binfmt.d/qemu-aarch64.conf >$binfmt/register 2>/dev/null || true
	fi
	[ -e $binfmt/qemu-aarch64 ] || {
		echo "This machine does not start arm64 programs: systemctl restart systemd-binfmt as root arranges it." >&2
		exit 1
	}
}
