/* The pages, as they were built into the program (core/web/assets.h). They hold no data. */
#include "core/web/assets.h"
#include "server/routes/routes.h"

bool page_get(void *context, struct request *q, struct reply *r, struct err *e)
{
	(void)context;
	return assets_get(&assets_server, NULL, q, r, e);
}
