/* What handlers share. */
#pragma once

#include "server/server.h"

/* The event in the path, which the organizer who asks must be of: ERR_NOT_FOUND else. */
MUST_CHECK bool route_event(
	struct work *w, const struct request *q, uint32_t *event, struct err *e);
/* The nth {part} of the path as an id. ERR_NOT_FOUND when it is none. */
MUST_CHECK bool route_id(const struct request *q, unsigned n, struct id *out, struct err *e);
/* May this organizer see that event? ERR_NOT_FOUND: the same answer as for one that is not there.
 */
MUST_CHECK bool route_may_see(
	struct work *w, const struct request *q, uint32_t event, struct err *e);
