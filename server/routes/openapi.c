#include "server/routes/routes.h"

bool openapi_get(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct buf out = BUF_IN(q->arena);

	(void)context;
	(void)e;
	http_openapi_write(&out, STR("Kith"), server_routes, server_route_count);
	reply_json(r, &out);
	return true;
}
