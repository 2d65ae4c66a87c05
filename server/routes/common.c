#include "server/routes/common.h"

#include "server/store/events.h"
#include "server/store/organizers.h"

bool route_may_see(struct work *w, const struct request *q, uint32_t event, struct err *e)
{
	/* somebody else's event and none look the same */
	if (q->caller.role != ROLE_ORGANIZER)
		return err_set(e, ERR_NOT_FOUND, "there is no such event");
	return organizer_may(w->db, q->caller.id, event, e);
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
