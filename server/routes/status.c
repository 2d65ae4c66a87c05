/* /healthz and /metrics: for whoever keeps the server running. Numbers only. */
#include <inttypes.h>

#include "core/base/json.h"
#include "server/routes/common.h"
#include "server/routes/routes.h"
#include "server/store/stats.h"

bool healthz_get(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *work = context;
	const struct server_config *c = &work->server->config;
	struct buf out = BUF_IN(q->arena);
	struct json_writer w = JSON_TO(&out);
	struct stats_backup b;
	const char *state;

	if (!stats_backup(&b, work->db, e))
		return false;
	if (b.last_ms == 0)
		state = c->backup_dir
				? "none yet"
				: "none configured: stations keep everything and prune nothing";
	else if (c->backup_dir &&
		 server_now(work->server) - b.last_ms > 3000 * (int64_t)c->backup_every_s)
		state = "late";
	else
		state = "ok";
	json_open(&w, NULL, '{');
	json_str(&w, "status", STR("ok"));
	json_str(&w, "version", STR(KITH_VERSION));
	json_open(&w, "backup", '{');
	json_str(&w, "state", str_of(state));
	json_bool(&w, "configured", c->backup_dir != NULL);
	if (b.last_ms)
		json_i64(&w, "last_ms", b.last_ms);
	else
		json_null(&w, "last_ms");
	json_i64(&w, "offered", b.offered);
	json_close(&w, '}');
	json_close(&w, '}');
	reply_json(r, &out);
	return true;
}

static void metric(
	struct buf *out, const char *name, const char *type, const char *help, uint64_t value)
{
	buf_printf(out, "# HELP kith_%s %s\n# TYPE kith_%s %s\nkith_%s %" PRIu64 "\n", name, help,
		name, type, name, value);
}

bool metrics_get(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *work = context;
	struct server_counts *c = &work->server->counts;
	const struct {
		const char *name, *help;
		atomic_ullong *value;
	} counters[] = {
		{ "write_requests_total", "Requests that changed something.", &c->requests },
		{ "write_groups_total", "Transactions that they were committed in.", &c->groups },
		{ "batches_total", "Batches and heartbeats of stations.", &c->batches },
		{ "entries_total", "Entries added to the log.", &c->entries },
		{ "entries_repeated_total", "Entries that were held already.", &c->repeats },
		{ "entries_refused_total", "Entries kept without effect.", &c->refused },
		{ "entries_derived_total", "Entries worked into people, check-ins and queues.",
			&c->derived },
	};
	struct buf out = BUF_IN(q->arena);
	struct stats_backup b;
	struct stats_log l;

	if (!stats_backup(&b, work->db, e) || !stats_log(&l, work->db, e))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(counters); i++)
		metric(&out, counters[i].name, "counter", counters[i].help,
			atomic_load(counters[i].value));
	metric(&out, "log_rows", "gauge", "Entries in the log.", (uint64_t)l.rows);
	metric(&out, "log_lag_rows", "gauge", "Entries not worked in yet.", (uint64_t)l.lag);
	metric(&out, "queue_lag_owners", "gauge", "Owners whose queue is to be planned again.",
		(uint64_t)l.owners);
	metric(&out, "stations", "gauge", "Stations with rights.", (uint64_t)l.stations);
	metric(&out, "station_pending", "gauge", "Entries that stations said they still hold.",
		(uint64_t)l.pending);
	metric(&out, "backup_last_timestamp_seconds", "gauge", "The last verified backup; 0: none.",
		(uint64_t)(b.last_ms / 1000));
	metric(&out, "backups_offered", "gauge", "Backups that may be restored.",
		(uint64_t)b.offered);
	reply_metrics(r, &out);
	return true;
}
