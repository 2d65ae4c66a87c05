#define _DEFAULT_SOURCE
#include "core/base/clock.h"

#include <fcntl.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

static uint64_t read_ns(clockid_t clock)
{
	struct timespec t = { 0, 0 };

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

uint64_t clock_monotonic_ns(void)
{
	return read_ns(CLOCK_MONOTONIC);
}

int64_t clock_wall_ms(void)
{
	struct timespec t = { 0, 0 };

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool read_boot_id(struct id *out, struct err *e)
{
	const char *path = "/proc/sys/kernel/random/boot_id";
	char text[64];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return err_errno(e, "%s", path);
	n = read(fd, text, sizeof(text));
	close(fd);
	if (n < ID_UUID_LEN || !id_read((struct str){ text, ID_UUID_LEN }, out))
		return err_set(e, ERR_IO, "%s: no boot id in it", path);
	return true;
}

bool clock_now(struct clock_time *out, struct err *e)
{
	struct timex tx = { 0 };

	if (!read_boot_id(&out->boot_id, e))
		return false;
	out->boot_ms = read_ns(CLOCK_BOOTTIME) / 1000000;
	out->wall_ms = clock_wall_ms();
	if (clock_day(out->wall_ms) < clock_day_of(2026, 1, 1))
		out->quality = CLOCK_UNSET;
	else if (adjtimex(&tx) >= 0 && !(tx.status & STA_UNSYNC))
		out->quality = CLOCK_NTP;
	else
		out->quality = CLOCK_RESTORED;
	return true;
}
