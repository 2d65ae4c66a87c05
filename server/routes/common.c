#include "server/routes/common.h"

#include "server/store/events.h"

bool route_may_see(struct work *w, const struct request *q, uint32_t event, struct err *e)
{
	(void)w;
	if (q->caller.role != ROLE_ORGANIZER || (q->caller.event != 0 && q->caller.event != event))
		return err_set(e, ERR_NOT_FOUND, "there is no event %lu", (unsigned long)event);
	return true;
}

bool route_event(struct work *w, const struct request *q, uint32_t *event, struct err *e)
{
	return event_number(q->params[0], event, e) && route_may_see(w, q, *event, e);
}

bool route_id(const struct request *q, unsigned n, struct id *out, struct err *e)
{
	return id_read(q->params[n], out) ||
	       err_set(e, ERR_NOT_FOUND, "part %u of the address is no id", n + 1);
}
