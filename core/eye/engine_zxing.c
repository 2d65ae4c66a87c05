/* ZXing-C++ as an engine (core/eye/zxing.cpp); built only where libzxing is installed. */
#include "core/eye/engine.h"

#include "core/eye/zxing.h"

/* Where a call's codes go. */
struct sink {
	engine_found *found;
	void *context;
};

static void zxing_report(void *context, const uint8_t *data, size_t len, const float xy[8])
{
	const struct sink *sink = context;
	struct eye_point corners[4];

	for (size_t i = 0; i < 4; i++)
		corners[i] = (struct eye_point){ xy[2 * i], xy[2 * i + 1] };
	sink->found(sink->context, bytes_of(data, len), (const struct eye_point *)corners);
}

/* It keeps nothing between pictures. */
static bool zxing_open(void **engine, struct err *e)
{
	(void)e;
	*engine = NULL;
	return true;
}

static void zxing_close(void *engine)
{
	(void)engine;
}

static void zxing_scan(void *engine, const uint8_t *pixels, uint32_t width, uint32_t height,
	engine_found *found, void *context)
{
	struct sink sink = { found, context };

	(void)engine;
	zxing_read(pixels, (int)width, (int)height, zxing_report, &sink);
}

const struct engine engine_zxing = {
	.name = "zxing",
	.open = zxing_open,
	.scan = zxing_scan,
	.close = zxing_close,
};
