#define _DEFAULT_SOURCE
#include "kiosk/board.h"

#include <dirent.h>
#include <stdlib.h>

#include "core/base/config.h"

enum { SMALL = 64, THROTTLED_LOW = 1 << 0, THROTTLED_HOT = 1 << 3, HOT_MC = 80000 };

static struct str text_of(struct arena *a, const char *path)
{
	struct err none;
	struct bytes b;

	return file_read(&b, path, SMALL, a, &none)
		       ? str_trim((struct str){ (const char *)b.p, b.len })
		       : STR("");
}

static void read_voltage(struct board *out, const char *folder, struct arena *a)
{
	struct str alarm;
	uint64_t low;

	if (!str_equal(text_of(a, arena_printf(a, "%s/name", folder).p), STR("rpi_volt")))
		return;
	alarm = text_of(a, arena_printf(a, "%s/in0_lcrit_alarm", folder).p);
	if (!str_u64(alarm, &low))
		return;
	out->power_known = true;
	out->power_low = out->power_low || low != 0;
}

static void read_zone(struct board *out, const char *folder, struct arena *a)
{
	int64_t mc;

	/* other machines have zones that are hot by design */
	if (!str_equal(text_of(a, arena_printf(a, "%s/type", folder).p), STR("cpu-thermal")) ||
		!str_i64(text_of(a, arena_printf(a, "%s/temp", folder).p), &mc))
		return;
	out->heat_mc = out->heat_known && out->heat_mc > mc ? out->heat_mc : mc;
	out->heat_known = true;
}

/* Every entry of a class; the links lead into /sys/devices. */
static void each(struct board *out, const char *class, struct arena *a,
	void (*read)(struct board *out, const char *folder, struct arena *a))
{
	DIR *d = opendir(class);
	const struct dirent *entry;

	while (d && (entry = readdir(d)))
		if (entry->d_name[0] != '.')
			read(out, arena_printf(a, "%s/%s", class, entry->d_name).p, a);
	if (d)
		closedir(d);
}

static void read_throttled(struct board *out, const char *root, struct arena *a)
{
	const char *path =
		arena_printf(a, "%s/sys/devices/platform/soc/soc:firmware/get_throttled", root).p;
	const char *text = arena_cstr(a, text_of(a, path));
	char *end;
	unsigned long bits = strtoul(text, &end, 16);

	if (end == text || *end != '\0')
		return;
	out->power_known = true;
	out->power_low = out->power_low || bits & THROTTLED_LOW;
	if (!(bits & THROTTLED_HOT))
		return;
	out->heat_mc = out->heat_known && out->heat_mc > HOT_MC ? out->heat_mc : HOT_MC;
	out->heat_known = true;
}

void board_read(struct board *out, const char *root)
{
	struct arena a = { 0 };

	*out = (struct board){ 0 };
	each(out, arena_printf(&a, "%s/sys/class/hwmon", root).p, &a, read_voltage);
	each(out, arena_printf(&a, "%s/sys/class/thermal", root).p, &a, read_zone);
	read_throttled(out, root, &a);
	arena_finish(&a);
}
