#define _DEFAULT_SOURCE
#include "core/nfc/hints.h"

#include <dirent.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/base/config.h"

enum { SMALL_FILE = 64 << 10 };

/* By vendor and product of USB. */
static const struct {
	const char *vendor, *product, *what, *connection;
} usb_devices[] = {
	{ "04cc", "2533", "PN533 reader", "pn53x_usb" },
	{ "04e6", "5591", "SCL3711 reader", "pn53x_usb" },
	{ "072f", "2200", "ACR122U reader", "acr122_usb" },
	{ "072f", "90cc", "touchatag (ACR122U) reader", "acr122_usb" },
	{ "1fd3", "0608", "ASK LoGO reader", "pn53x_usb" },
};

/* Serial lines below /dev, by the pattern of their name. */
static const struct {
	const char *folder, *pattern, *driver, *what;
} lines[] = {
	{ "dev/serial/by-id", "*", "pn532_uart", "USB serial line, by its stable name" },
	{ "dev", "serial0", "pn532_uart", "the Raspberry Pi's own serial line" },
	{ "dev", "ttyAMA[0-9]*", "pn532_uart", "serial line of the board" },
	{ "dev", "ttyUSB[0-9]*", "pn532_uart", "USB serial line" },
	{ "dev", "ttyACM[0-9]*", "pn532_uart", "USB serial line" },
	{ "dev", "i2c-[0-9]*", "pn532_i2c", "I2C bus" },
	{ "dev", "spidev*", "pn532_spi", "SPI bus" },
};

static const char *path_of(struct arena *a, const char *root, const char *rest)
{
	return arena_printf(a, "%s/%s", root, rest).p;
}

struct str reader_device(const char *path, struct arena *a)
{
	char real[PATH_MAX];
	struct str device = str_of(realpath(path, real) ? real : path);
	size_t slash;

	while ((slash = str_find_char(device, '/', 0)) != SIZE_MAX)
		device = str_sub(device, slash + 1, device.len);
	return arena_str(a, device);
}

struct str reader_connection_device(const char *where, const char *root, struct arena *a)
{
	struct str path = str_of(where);
	const char *real;

	if (!str_starts(path, STR("/")))
		path = str_sub(path, str_find_char(path, ':', 0), path.len);
	if (str_starts(path, STR(":")))
		path = str_sub(path, 1, path.len);
	if (!str_starts(path, STR("/")))
		return STR("");
	path = str_sub(path, 0, str_find_char(path, ':', 0));
	real = arena_printf(a, "%s" STR_FMT, root, STR_ARG(path)).p;
	return access(real, F_OK) == 0 ? reader_device(real, a) : STR("");
}

static struct str text_of(struct arena *a, const char *path)
{
	struct err ignored = { 0 };
	struct bytes b;

	return file_read(&b, path, SMALL_FILE, a, &ignored)
		       ? (struct str){ (const char *)b.p, b.len }
		       : STR("");
}

static void add_place(struct reader_places *out, struct reader_place place)
{
	if (out->count < READER_PLACES_MAX)
		out->places[out->count++] = place;
}

static int is_entry(const struct dirent *d)
{
	return d->d_name[0] != '.';
}

static void find_lines(struct reader_places *out, const char *root, size_t kind, struct arena *a)
{
	const char *folder = path_of(a, root, lines[kind].folder);
	struct dirent **names = NULL;
	int n = scandir(folder, &names, is_entry, alphasort);

	for (int i = 0; i < n; i++) {
		if (fnmatch(lines[kind].pattern, names[i]->d_name, 0) == 0) {
			struct str device = reader_device(path_of(a, folder, names[i]->d_name), a);

			/* a path with a ':' cannot be given to libnfc */
			if (!strchr(names[i]->d_name, ':'))
				add_place(out,
					(struct reader_place){
						arena_printf(a, "%s:/%s/%s", lines[kind].driver,
							lines[kind].folder, names[i]->d_name),
						str_of(lines[kind].what), device });
		}
		free(names[i]);
	}
	free(names);
}

static void find_usb(struct reader_places *out, const char *root, struct arena *a)
{
	const char *folder = path_of(a, root, "sys/bus/usb/devices");
	struct dirent **names = NULL;
	int n = scandir(folder, &names, is_entry, alphasort);

	for (int i = 0; i < n; i++) {
		struct str vendor = str_trim(
			text_of(a, arena_printf(a, "%s/%s/idVendor", folder, names[i]->d_name).p));
		struct str product = str_trim(
			text_of(a, arena_printf(a, "%s/%s/idProduct", folder, names[i]->d_name).p));

		for (size_t k = 0; k < ARRAY_LEN(usb_devices); k++)
			if (str_equal(vendor, str_of(usb_devices[k].vendor)) &&
				str_equal(product, str_of(usb_devices[k].product)))
				add_place(out,
					(struct reader_place){ str_of(usb_devices[k].connection),
						str_of(usb_devices[k].what), STR("") });
		free(names[i]);
	}
	free(names);
}

void reader_places_find(struct reader_places *out, const char *root, struct arena *a)
{
	out->count = 0;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		find_lines(out, root, i, a);
	find_usb(out, root, a);
}

/* ---- what stands in the way ---- */

static void add_hint(struct reader_hints *out, const char *key, struct str text)
{
	if (out->count < READER_HINTS_MAX)
		out->hints[out->count++] = (struct reader_hint){ key, text };
}

static bool has_line(struct str text, struct str beginning)
{
	struct str line;

	while (str_split(&text, '\n', &line))
		if (str_starts(line, beginning))
			return true;
	return false;
}

static void hint_modules(struct reader_hints *out, const char *root, struct arena *a)
{
	static const char *const modules[] = { "pn533_usb", "pn533", "nfc" };
	struct str loaded = text_of(a, path_of(a, root, "proc/modules"));

	for (size_t i = 0; i < ARRAY_LEN(modules); i++)
		if (has_line(loaded, arena_printf(a, "%s ", modules[i]))) {
			add_hint(out, "modules",
				arena_printf(a,
					"the kernel's module %s takes USB readers for itself. Run: "
					"sudo modprobe -r pn533_usb pn533 nfc; and write the lines "
					"\"blacklist pn533_usb\", \"blacklist pn533\" and "
					"\"blacklist "
					"nfc\" to /etc/modprobe.d/blacklist-libnfc.conf",
					modules[i]));
			return;
		}
}

static void hint_pcscd(struct reader_hints *out, const char *root, struct arena *a)
{
	if (access(path_of(a, root, "run/pcscd/pcscd.comm"), F_OK) == 0)
		add_hint(out, "pcscd",
			STR("pcscd is running and takes USB readers for itself. Run: sudo "
			    "systemctl disable --now pcscd.socket pcscd"));
}

static void hint_console(
	struct reader_hints *out, const char *root, struct str device, struct arena *a)
{
	struct str consoles = text_of(a, path_of(a, root, "proc/consoles"));
	struct str cmdline = text_of(a, path_of(a, root, "proc/cmdline"));
	bool own = str_equal(device, STR("ttyAMA0")) || str_equal(device, STR("ttyS0")) ||
		   str_equal(device, STR("ttyAMA10"));

	if (has_line(consoles, arena_printf(a, STR_FMT " ", STR_ARG(device))) ||
		str_find(cmdline, arena_printf(a, "console=" STR_FMT, STR_ARG(device)), 0) !=
			SIZE_MAX ||
		(own && str_find(cmdline, STR("console=serial0"), 0) != SIZE_MAX))
		add_hint(out, "console",
			STR("the system's console is on this line. Run raspi-config, Interface "
			    "options, Serial port: login shell no, hardware yes; or take "
			    "console=serial0,115200 out of /boot/firmware/cmdline.txt; then start "
			    "the machine anew"));
}

static void hint_mini_uart(struct reader_hints *out, struct str device)
{
	if (str_equal(device, STR("ttyS0")))
		add_hint(out, "mini-uart",
			STR("ttyS0 of a Raspberry Pi 3 or 4 is the mini UART, whose speed follows "
			    "the processor's clock. Write enable_uart=1 to "
			    "/boot/firmware/config.txt, or dtoverlay=disable-bt, which gives the "
			    "reader the better line ttyAMA0"));
}

static void hint_latency(
	struct reader_hints *out, const char *root, struct str device, struct arena *a)
{
	struct str path = arena_printf(a, "%s/sys/bus/usb-serial/devices/" STR_FMT "/latency_timer",
		root, STR_ARG(device));
	uint64_t ms;

	if (!str_u64(str_trim(text_of(a, path.p)), &ms) || ms <= 1)
		return;
	add_hint(out, "latency",
		arena_printf(a,
			"the adapter holds answers back for up to %llu ms (FTDI latency timer), at "
			"every command. Now: echo 1 | sudo tee "
			"/sys/bus/usb-serial/devices/" STR_FMT
			"/latency_timer; for good, in /etc/udev/rules.d/99-kith-ftdi.rules: "
			"ACTION==\"add\", SUBSYSTEM==\"usb-serial\", DRIVER==\"ftdi_sio\", "
			"ATTR{latency_timer}=\"1\"",
			(unsigned long long)ms, STR_ARG(device)));
}

static void hint_access(
	struct reader_hints *out, const char *root, struct str device, struct arena *a)
{
	struct str path = arena_printf(a, "%s/dev/" STR_FMT, root, STR_ARG(device));

	if (access(path.p, F_OK) == 0 && access(path.p, R_OK | W_OK) != 0)
		add_hint(out, "access",
			arena_printf(a,
				"you may not use " STR_FMT ". Run: sudo usermod -aG dialout $USER "
				"(for I2C and SPI: the groups "
				"i2c, spi), and sign in again",
				STR_ARG(device)));
}

void reader_hints_find(
	struct reader_hints *out, const char *root, struct str device, struct arena *a)
{
	out->count = 0;
	if (device.len == 0) {
		hint_modules(out, root, a);
		hint_pcscd(out, root, a);
		return;
	}
	hint_access(out, root, device, a);
	hint_console(out, root, device, a);
	hint_mini_uart(out, device);
	hint_latency(out, root, device, a);
}
