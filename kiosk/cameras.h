/* "kith-kiosk cameras": which cameras there are, and how a configuration names them for good. */
#pragma once

#include <stdio.h>

#include "core/base/err.h"
#include "kiosk/readers/device.h"

/*
 * A paragraph for each camera that gives pictures: its device, its name, size and format, and the
 * line for kiosk.conf, by the stable name under links (/dev/v4l/by-id, by-path) where it has one.
 * Those that cannot be used are named with the reason. ERR_NOT_FOUND: there is none.
 */
MUST_CHECK bool cameras_list(FILE *to, const struct device_calls *calls, const char *const *links,
	size_t link_count, struct err *e);
