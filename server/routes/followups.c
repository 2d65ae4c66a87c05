/* The organizer's follow-up list (server/followups.h). */
#include "server/routes/routes.h"

#include "server/followups.h"
#include "server/routes/common.h"
#include "server/store/events.h"

static bool followups_get(void *context, const char *format, const char *type, struct request *q,
	struct reply *r, struct err *e)
{
	struct work *w = context;
	struct buf out = BUF_IN(q->arena);
	uint32_t event;

	if (!route_event(w, q, &event, e) ||
		!followups_write(&out, w->db, event, str_of(format), e))
		return false;
	reply_text(r, type, buf_bytes(&out));
	reply_header(r, "Content-Disposition",
		arena_printf(q->arena, "attachment; filename=\"follow-ups-%u.%s\"", event, format));
	reply_header(r, "Cache-Control", STR("private, no-store"));
	return true;
}

bool followups_json_get(void *context, struct request *q, struct reply *r, struct err *e)
{
	return followups_get(context, "json", "application/json", q, r, e);
}

bool followups_csv_get(void *context, struct request *q, struct reply *r, struct err *e)
{
	return followups_get(context, "csv", "text/csv; charset=utf-8; header=present", q, r, e);
}
