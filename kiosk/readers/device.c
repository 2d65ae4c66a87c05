#include "kiosk/readers/device.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/base/clock.h"

static int system_open(const char *path)
{
	return open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

static int system_ioctl(int fd, unsigned long request, void *argument)
{
	int n;

	do
		n = ioctl(fd, request, argument);
	while (n < 0 && errno == EINTR);
	return n;
}

static void *system_map(int fd, size_t length, int64_t offset)
{
	void *p = mmap(NULL, length, PROT_READ, MAP_SHARED, fd, offset);

	return p == MAP_FAILED ? NULL : p;
}

static int system_poll(int fd, int timeout_ms)
{
	struct pollfd p = { fd, POLLIN, 0 };
	int n = poll(&p, 1, timeout_ms);

	return n > 0 ? p.revents : n < 0 && errno == EINTR ? 0 : n;
}

const struct device_calls device_system = {
	.open = system_open,
	.close = close,
	.ioctl = system_ioctl,
	.map = system_map,
	.unmap = munmap,
	.read = read,
	.poll = system_poll,
	.now_ns = clock_monotonic_ns,
};

bool device_error(
	const char *kind, const char *path, const char *groups, const char *doing, struct err *e)
{
	static const struct {
		int number;
		enum err_code code;
		const char *advice;
	} known[] = {
		{ ENOENT, ERR_NOT_FOUND, "it is not there: plug it in" },
		{ ENXIO, ERR_NOT_FOUND, "it is not there: plug it in" },
		{ ENODEV, ERR_UNAVAILABLE, "it was unplugged: plug it in again" },
		/* a serial line whose device is gone says so, too */
		{ EIO, ERR_UNAVAILABLE, "it does not answer: plug it in again" },
		{ EBUSY, ERR_UNAVAILABLE, "another program uses it: close that one" },
	};

	if (errno == EACCES)
		return err_set(e, ERR_FORBIDDEN,
			"%s %s: it may not be opened: add this user to %s (%s)", kind, path, groups,
			doing);
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (errno == known[i].number)
			return err_set(e, known[i].code, "%s %s: %s (%s)", kind, path,
				known[i].advice, doing);
	return err_errno(e, "%s %s: %s", kind, path, doing);
}
