/*
 * The system calls by which readers reach a device, as a table, so that a test can put a device
 * in their place that fails in every way a real one does. Each behaves as the call of its name.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/base/err.h"

struct device_calls {
	int (*open)(const char *path); /* for reading and ioctl, non-blocking; a terminal never
					  becomes ours */
	int (*close)(int fd);
	int (*ioctl)(int fd, unsigned long request, void *argument); /* again after EINTR */
	void *(*map)(int fd, size_t length, int64_t offset); /* shared, to read; NULL on failure */
	int (*unmap)(void *p, size_t length);
	ssize_t (*read)(int fd, void *p, size_t n);
	int (*poll)(int fd, int timeout_ms); /* the events that came, 0 for none, -1 with errno */
	uint64_t (*now_ns)(void);	     /* CLOCK_MONOTONIC */
};

extern const struct device_calls device_system;

/*
 * errno after a call that failed, with what to do about it: "KIND PATH: ADVICE (DOING)". groups
 * are whom a user must belong to who may open it. False, as err_set.
 */
bool device_error(
	const char *kind, const char *path, const char *groups, const char *doing, struct err *e);
