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
