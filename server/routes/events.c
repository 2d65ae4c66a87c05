/* The organizer's view of events, tickets and stations. Private payloads are out of its reach. */
#include "core/base/json.h"
#include "server/routes/common.h"
#include "server/routes/routes.h"
#include "server/store/events.h"
#include "server/store/stats.h"
#include "server/store/tickets.h"

static const char sql_revoke[] =
	"UPDATE station SET revoked_ms = $3 WHERE event = $1 AND id = $2 AND kind = 1"
	" AND revoked_ms IS NULL";
static const char sql_station[] = "SELECT 1 FROM station WHERE event = $1 AND id = $2 AND kind = 1";

bool organizer_events_get(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *work = context;
	struct buf out = BUF_IN(q->arena);
	struct json_writer w = JSON_TO(&out);
	uint32_t *events;
	size_t n;

	if (!event_list(work->db, q->arena, &events, &n, e))
		return false;
	json_open(&w, NULL, '[');
	for (size_t i = 0; i < n; i++) {
		struct err hidden = { 0 };
		struct event x;

		if (!route_may_see(work, q, events[i], &hidden))
			continue;
		if (!event_get(&x, work->db, events[i], q->arena, e))
			return false;
		json_open(&w, NULL, '{');
		json_u64(&w, "event", x.event);
		json_str(&w, "name", x.name);
		json_close(&w, '}');
		crypto_wipe(&x, sizeof(x));
	}
	json_close(&w, ']');
	reply_json(r, &out);
	return true;
}

bool organizer_event_get(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *work = context;
	struct buf out = BUF_IN(q->arena);
	struct json_writer w = JSON_TO(&out);
	struct stats_backup backup;
	uint32_t event;
	struct event x;

	if (!route_event(work, q, &event, e) || !event_get(&x, work->db, event, q->arena, e) ||
		!stats_backup(&backup, work->db, e))
		return false;
	json_open(&w, NULL, '{');
	json_u64(&w, "event", x.event);
	json_str(&w, "name", x.name);
	crypto_wipe(&x, sizeof(x));
	if (!stats_write_event(&w, work->db, event, e))
		return false;
	json_open(&w, "backup", '{');
	if (backup.last_ms)
		json_i64(&w, "last_ms", backup.last_ms);
	else
		json_null(&w, "last_ms");
	json_bool(&w, "ok", backup.offered > 0);
	json_close(&w, '}');
	json_close(&w, '}');
	reply_json(r, &out);
	return true;
}

bool ticket_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *work = context;
	struct buf out = BUF_IN(q->arena);
	struct json_writer w = JSON_TO(&out);
	struct str code, url;
	uint32_t event;
	struct id attendee;

	if (!route_event(work, q, &event, e) || !route_id(q, 1, &attendee, e) ||
		!ticket_issue(work->db, event, attendee, server_now(work->server), q->arena, &code,
			&url, e))
		return false;
	json_open(&w, NULL, '{');
	json_str(&w, "code", code);
	json_str(&w, "url", url);
	json_close(&w, '}');
	reply_json(r, &out);
	return true;
}

bool station_revoke_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *work = context;
	struct buf out = BUF_IN(q->arena);
	struct json_writer w = JSON_TO(&out);
	struct db_query *query;
	uint32_t event;
	struct id station;
	enum db_row row;

	if (!route_event(work, q, &event, e) || !route_id(q, 1, &station, e))
		return false;
	query = db_query(work->db, sql_station);
	db_bind_i64(query, 1, event);
	db_bind_id(query, 2, &station);
	row = db_step(query, e);
	db_reset(query);
	if (row == DB_DONE)
		return err_set(
			e, ERR_NOT_FOUND, "this event has no station %s", id_uuid_text(station).s);
	query = db_query(work->db, sql_revoke);
	db_bind_i64(query, 1, event);
	db_bind_id(query, 2, &station);
	db_bind_i64(query, 3, server_now(work->server));
	if (row == DB_FAILED || !db_run(query, e))
		return false;
	json_open(&w, NULL, '{');
	json_uuid(&w, "station", station);
	json_str(&w, "state", STR("revoked"));
	json_close(&w, '}');
	reply_json(r, &out);
	return true;
}
