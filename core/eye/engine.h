/*
 * A decoder: black-and-white or gray picture in, codes out. A new one is a file engine_NAME.c, a
 * line in the table of core/eye/eye.c, and passes that name it.
 */
#pragma once

#include "core/base/bytes.h"
#include "core/base/err.h"

struct eye_point {
	float x, y;
};

/* What a decoder calls for each code. data lives until it returns. */
typedef void engine_found(void *context, struct bytes data, const struct eye_point corners[4]);

struct engine {
	const char *name;
	bool (*open)(void **engine, struct err *e);
	/*
	 * pixels: rows of width without gaps, unchanged and alive during the call. NULL where the
	 * library was not there at build time.
	 */
	void (*scan)(void *engine, const uint8_t *pixels, uint32_t width, uint32_t height,
		engine_found *found, void *context);
	void (*close)(void *engine); /* accepts NULL */
};

extern const struct engine engine_zbar;
extern const struct engine engine_zxing;
