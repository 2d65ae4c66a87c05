#!/bin/sh
# usage: image.sh IMAGE FOLDER [PACKAGE...]: a card for a Raspberry Pi 3, 4, 400, Zero 2 W or CM4, from our packages
# in FOLDER and Debian's arm64: firmware and kernel, a root file system that nothing is written to, a partition for
# what must last. PACKAGEs stand in the place of the browsers.
#
# As root, or by anybody whose machine runs arm64 programs by qemu (binfmt) and allows user namespaces.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
files=$here/image

# From Debian, beside what our packages depend on.
system='systemd-sysv systemd-timesyncd systemd-resolved udev dbus libpam-systemd kmod linux-image-arm64 initramfs-tools
zstd wpasupplicant wireless-regdb firmware-brcm80211 tzdata e2fsprogs dosfstools iproute2 procps'
screen='kith-screen chromium cog fonts-noto-core fonts-noto-cjk libgl1-mesa-dri libasound2'
boot_mib=256
data_mib=512

say() { printf '%s\n' "$*" >&2; }

# The small programs that dpkg and the scripts of packages run all the time, as this machine's own beside the emulated
# ones, and first in PATH while the root is made: that takes minutes instead of half an hour.
native=/usr/local/native
own_tools() {
	mkdir -p "$1$native" "$1/usr/lib64"
	[ -e "$1/lib64" ] || ln -s usr/lib64 "$1/lib64"
	for tool in dpkg-deb tar xz zstd gzip cpio rm rmdir mkdir cp mv ln ls chmod chown cat touch sed grep find sort uniq cut tr head \
		tail wc basename dirname readlink realpath stat install mktemp cmp env expr date kmod; do
		from=$(command -v $tool) || continue
		cp -L "$from" "$1$native/$tool"
		ldd "$from" | sed -n 's|^[^/]*\(/[^ ]*\) (0x.*|\1|p' | while read -r library; do
			to=$1/usr/${library#/}
			[ "${library#/usr/}" = "$library" ] || to=$1$library
			mkdir -p "$(dirname "$to")"
			cp -nL "$library" "$to"
		done
	done
	for tool in modprobe depmod modinfo; do ln -s kmod "$1$native/$tool"; done
}
no_own_tools() { rm -rf "$1$native" "$1/usr/lib64" "$1/lib64" "$1/usr/lib/$(uname -m)-linux-gnu"; }

# Called back by mmdebstrap before the kernel is installed: an initramfs of a few modules instead of a thousand is made in
# seconds, and read from a card in seconds.
small_initramfs() {
	mkdir -p "$1/etc/initramfs-tools/conf.d" "$1/etc/initramfs-tools/hooks"
	echo MODULES=list >"$1/etc/initramfs-tools/conf.d/kith"
	cp "$files/initramfs-hook" "$1/etc/initramfs-tools/hooks/kith-modules"
}

# Called back by mmdebstrap when all packages are installed: what makes a system a card.
finish_root() {
	[ "$(uname -m)" = aarch64 ] || no_own_tools "$1"
	cp "$files/fstab" "$1/etc/fstab"
	: >"$1/etc/machine-id"
	echo kith-kiosk >"$1/etc/hostname"
	printf '127.0.0.1\tlocalhost\n127.0.1.1\tkith-kiosk\n::1\tlocalhost\n' >"$1/etc/hosts"
	ln -sfn ../run/systemd/resolve/stub-resolv.conf "$1/etc/resolv.conf"
	mkdir -p "$1/boot/firmware" "$1/data" "$1/var/lib/kith-setup" "$1/var/lib/kith-kiosk" "$1/var/lib/kith-update" "$1/var/lib/systemd/timesync"
	# nobody signs in on a kiosk: no password, and the screen belongs to the page
	chroot "$1" passwd -l root >/dev/null
	# packages do not write to the card behind its back
	for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer man-db.timer; do
		chroot "$1" systemctl mask "$unit" >/dev/null 2>&1
	done
	rm -rf "$1"/var/log/*.log "$1"/var/log/apt "$1"/var/cache/debconf/*-old
}

# The Raspberry Pi's own first steps: Debian's package of it, unpacked and not installed, since its scripts manage a
# /boot of their own.
fetch_firmware() {
	mkdir "$work/firmware"
	(cd "$work/firmware" && apt-get download raspi-firmware >"$work/firmware.log" 2>&1) || {
		cat "$work/firmware.log" >&2
		say "raspi-firmware is not where this machine gets Debian from (section non-free-firmware): no card without it."
		exit 1
	}
	dpkg-deb -x "$work"/firmware/raspi-firmware_*.deb "$work/firmware"
}

case $1 in
--own-tools) [ "$(uname -m)" = aarch64 ] || own_tools "$2"; exit ;;
--small-initramfs) small_initramfs "$2"; exit ;;
--finish-root) finish_root "$2"; exit ;;
esac

image=$1
debs=$(cd "$2" && pwd)
shift 2
[ $# = 0 ] || screen=$*
work=$(mktemp -d "${TMPDIR:-/var/tmp}/kith-image.XXXXXX")
trap 'rm -rf "$work"' EXIT
as_root=
[ "$(id -u)" = 0 ] || as_root="fakeroot -i $work/owners -s $work/owners"
: >"$work/owners"

# Debian and our packages, installed with their scripts, as a tar file.
make_root() {
	mkdir "$work/repository"
	cp "$debs"/*.deb "$work/repository"
	(cd "$work/repository" && dpkg-scanpackages -m . >Packages 2>/dev/null)
	chmod -R a+rX "$work"
	# shellcheck disable=SC2086
	{
		debian_sources main non-free-firmware
		echo "deb [trusted=yes] copy:$work/repository ./"
	} | PATH=$native:$PATH mmdebstrap --quiet --mode="$(mmdebstrap_mode)" --variant=minbase --architectures=arm64 \
		--include="$(echo kith-kiosk kith-update kith-appliance kith-tools $system $screen | tr ' ' ,)" \
		--aptopt='Apt::Install-Recommends "false"' --dpkgopt=force-unsafe-io \
		--dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-include=/usr/share/doc/*/copyright' \
		--setup-hook="$here/image.sh --own-tools \"\$1\"" \
		--essential-hook="$here/image.sh --small-initramfs \"\$1\"" \
		--customize-hook="$here/image.sh --finish-root \"\$1\"" \
		"$(debian_release)" "$work/root.tar" - >&2
	mkdir "$work/tree"
	$as_root tar -x -p -f "$work/root.tar" -C "$work/tree" --numeric-owner
	rm "$work/root.tar"
}

# The first partition: what the Pi's firmware reads, and the file that an organizer writes.
make_boot() {
	boot=$work/boot
	mkdir "$boot"
	cp "$work"/firmware/usr/lib/raspi-firmware/bootcode.bin "$work"/firmware/usr/lib/raspi-firmware/*.elf \
		"$work"/firmware/usr/lib/raspi-firmware/*.dat "$boot"
	cp "$work"/tree/usr/lib/linux-image-*/broadcom/bcm2711*.dtb "$work"/tree/usr/lib/linux-image-*/broadcom/bcm2837*.dtb "$boot"
	cp "$work"/tree/boot/vmlinuz-* "$boot/vmlinuz"
	cp "$work"/tree/boot/initrd.img-* "$boot/initrd.img"
	cp "$files/config.txt" "$files/cmdline.txt" "$boot"
	sed 's/$/\r/' "$files/kith.txt" >"$boot/kith.txt"
	cp "$boot/kith.txt" "$boot/kith-example.txt"
	# what the card boots is on the first partition only
	rm -f "$work"/tree/boot/vmlinuz-* "$work"/tree/boot/initrd.img-* "$work"/tree/vmlinuz* "$work"/tree/initrd.img*
	truncate -s ${boot_mib}M "$work/1.img"
	/usr/sbin/mkfs.vfat -F 32 -n KITHBOOT "$work/1.img" >/dev/null
	mcopy -i "$work/1.img" -s "$boot"/* ::
}

# The second and the third: file systems made of folders, without mounting anything.
make_root_partition() {
	used=$(du -s --block-size=1M "$work/tree" | cut -f 1)
	truncate -s $((used * 115 / 100 + 128))M "$work/2.img"
	$as_root /usr/sbin/mke2fs -q -t ext4 -L kith-root -m 0 -d "$work/tree" "$work/2.img"
}

make_data_partition() {
	mkdir -p "$work/data/kith-kiosk" "$work/data/kith-setup" "$work/data/kith-update" "$work/data/timesync"
	chmod 700 "$work/data/kith-kiosk" "$work/data/kith-setup"
	# what came of an update is for the kiosk to read, too
	chmod 755 "$work/data" "$work/data/kith-update" "$work/data/timesync"
	truncate -s ${data_mib}M "$work/3.img"
	$as_root /usr/sbin/mke2fs -q -t ext4 -L kith-data -m 0 -E root_owner=0:0 -d "$work/data" "$work/3.img"
}

# join: one after the other behind a table of partitions
join() {
	at=8192
	: >"$work/table"
	truncate -s 4M "$image.new"
	for n in 1 2 3; do
		sectors=$(($(stat -c %s "$work/$n.img") / 512))
		type=83
		[ $n != 1 ] || type=c
		echo "start=$at, size=$sectors, type=$type" >>"$work/table"
		dd if="$work/$n.img" of="$image.new" bs=1M seek=$((at / 2048)) conv=sparse,notrunc status=none
		at=$((at + sectors))
		truncate -s $((at * 512)) "$image.new"
	done
	/usr/sbin/sfdisk -q "$image.new" <"$work/table"
	mv "$image.new" "$image"
}

can_emulate
begin=$(date +%s)
# apt as this machine has it, with one section more
apt_lists() {
	mkdir -p "$work/apt/lists/partial" "$work/apt/cache/archives/partial"
	debian_sources non-free-firmware >"$work/apt/sources.list"
	cat >"$work/apt/conf" <<-CONF
		APT::Architecture "arm64";
		APT::Architectures { "arm64"; };
		Dir::Etc::SourceList "$work/apt/sources.list";
		Dir::Etc::SourceParts "/dev/null";
		Dir::State::Lists "$work/apt/lists";
		Dir::Cache "$work/apt/cache";
		APT::Sandbox::User "";
	CONF
	APT_CONFIG=$work/apt/conf apt-get update -q >"$work/apt.log" 2>&1 || { cat "$work/apt.log" >&2; exit 1; }
	export APT_CONFIG="$work/apt/conf"
}
(apt_lists && fetch_firmware)
say "The firmware of the Raspberry Pi: $(basename "$work"/firmware/raspi-firmware_*.deb)"
make_root
say "Debian and the kiosk are installed ($(($(date +%s) - begin)) s)."
make_boot
make_root_partition
make_data_partition
join
say "$image: $(($(stat -c %s "$image") / 1048576)) MiB, $(du -m "$image" | cut -f 1) MiB of them not empty, made in $(($(date +%s) - begin)) s."
