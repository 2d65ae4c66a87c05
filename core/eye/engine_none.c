/* In the place of libzxing where it is not installed: sees nothing. */
#include "core/eye/engine.h"

static bool none_open(void **engine, struct err *e)
{
	(void)e;
	*engine = NULL;
	return true;
}

static void none_close(void *engine)
{
	(void)engine;
}

const struct engine engine_zxing = {
	.name = "zxing",
	.open = none_open,
	.scan = NULL,
	.close = none_close,
};
