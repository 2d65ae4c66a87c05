/* The pages, as they were built into the program (core/web/assets.h). They hold no data. */
#include "core/web/assets.h"
#include "server/routes/routes.h"

bool page_get(void *context, struct request *q, struct reply *r, struct err *e)
{
	(void)context;
	/* the phone's app scans codes and keeps the display on; no other page has a camera */
	if (str_equal(q->path, STR("/")))
		reply_header(r, "Permissions-Policy", STR(POLICY_FEATURES("self")));
	return assets_get(&assets_server, NULL, q, r, e);
}
