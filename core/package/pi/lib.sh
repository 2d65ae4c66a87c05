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
