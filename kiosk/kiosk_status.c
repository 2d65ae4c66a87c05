/* What others see of the kiosk: the screen's state, health, metrics. */
#include "kiosk/kiosk_private.h"

static const char *const reader_states[] = { [READER_STARTING] = "starting",
	[READER_READY] = "ready",
	[READER_FAULT] = "fault",
	[READER_DOWN] = "down" };

static const uint64_t bounds_us[LATENCY_BUCKETS - 1] = { 1000, 2000, 5000, 10000, 20000, 50000,
	100000, 200000, 500000 };

void latency_add(struct latency *l, uint64_t us)
{
	size_t i = 0;

	while (i < ARRAY_LEN(bounds_us) && us > bounds_us[i])
		i++;
	l->buckets[i]++;
	l->count++;
	l->sum_us += us;
	l->max_us = us > l->max_us ? us : l->max_us;
}

static struct screen_link link_of(const struct kiosk *k)
{
	static const char *const servers[] = { [SYNCER_NEVER] = "offline",
		[SYNCER_ONLINE] = "ok",
		[SYNCER_OFFLINE] = "offline",
		[SYNCER_REFUSED] = "refused",
		[SYNCER_REVOKED] = "revoked" };
	struct screen_link link = { .pending = store_pending(k->store), .server = "offline" };
	struct syncer_state s;
	struct clock_time now;
	struct err e;

	if (!k->syncer)
		return link;
	s = syncer_state(k->syncer);
	link.online = s.link == SYNCER_ONLINE || s.link == SYNCER_REFUSED ||
		      s.link == SYNCER_REVOKED;
	link.server = servers[s.link];
	if (s.ok_boot_ms && clock_now(&now, &e)) {
		link.synced = true;
		link.synced_ms_ago = now.boot_ms - s.ok_boot_ms;
	}
	return link;
}

static size_t list_readers(const struct kiosk *k, struct screen_reader *out, size_t max)
{
	size_t n = k->readers ? readers_count(k->readers) : 0;

	n = n < max ? n : max;
	for (size_t i = 0; i < n; i++) {
		const struct reader_state *s = readers_state(k->readers, i);

		out[i] = (struct screen_reader){ s->name, reader_states[s->status], s->text };
	}
	return n;
}

void kiosk_publish(struct kiosk *k, bool new_picture)
{
	struct screen_reader readers[16];
	struct batch_sign signs[BATCH_SIGNS_MAX];
	struct arena a = { 0 };
	struct buf json = BUF_IN(&a);
	struct desk_view view;
	struct screen_state s = { .view = &view,
		.config = &k->desk_config,
		.event = k->event.name,
		.link = link_of(k),
		.readers = readers,
		.signs = signs,
		.clock_ms = clock_wall_ms(),
		.hint = scan_hint_names[k->hint],
		.sound = new_picture };

	desk_view(k->desk, kiosk_now_ms(), &view);
	if (new_picture)
		k->rev++;
	if (view.people_rev != k->people_rev) {
		k->people_rev = view.people_rev;
		k->base_rev = k->rev;
	}
	s.rev = k->rev;
	s.seen_ns = k->seen_ns;
	s.done_ns = k->done_ns;
	s.reader_count = list_readers(k, readers, ARRAY_LEN(readers));
	s.sign_count = kiosk_signs(k, signs);
	s.volume = k->volume;
	s.out_of_service = k->out_of_service;
	s.can_shut_down = kiosk_can_shut_down(k);
	screen_write(&json, &s);
	events_publish(k->events, "state", buf_bytes(&json));
	k->published = true;
	kiosk_say_alive(k);
	arena_finish(&a);
	k->refresh_ms = kiosk_now_ms() + REFRESH_MS;
}

void kiosk_health(void *context, struct json_writer *w, bool *ok)
{
	const struct kiosk *k = context;
	struct screen_reader readers[16];
	struct batch_sign signs[BATCH_SIGNS_MAX];
	size_t n = list_readers(k, readers, ARRAY_LEN(readers));
	struct screen_link link = link_of(k);

	*ok = k->health.store_ok && k->health.reader_ok && !k->health.revoked;
	json_open(w, "readers", '[');
	for (size_t i = 0; i < n; i++) {
		json_open(w, NULL, '{');
		json_str(w, "name", str_of(readers[i].name));
		json_str(w, "state", str_of(readers[i].state));
		json_str(w, "text", str_of(readers[i].text));
		json_close(w, '}');
	}
	json_close(w, ']');
	n = kiosk_signs(k, signs);
	json_open(w, "signs", '[');
	for (size_t i = 0; i < n; i++)
		json_str(w, NULL, signs[i].name);
	json_close(w, ']');
	json_str(w, "version", k->config->version);
	json_bool(w, "store", !k->store_failed);
	json_bool(w, "disk", !k->disk_low);
	json_str(w, "alert", str_of(store_alert(k->store)));
	json_str(w, "server", str_of(link.server));
	if (k->syncer)
		json_str(w, "trouble", str_of(syncer_state(k->syncer).trouble));
	json_u64(w, "pending", link.pending);
}

static void write_latency(struct buf *out, const struct latency *l)
{
	uint64_t sum = 0;

	buf_lit(out, "# TYPE kith_kiosk_tap_seconds histogram\n");
	for (size_t i = 0; i < LATENCY_BUCKETS; i++) {
		sum += l->buckets[i];
		if (i < ARRAY_LEN(bounds_us))
			buf_printf(out, "kith_kiosk_tap_seconds_bucket{le=\"%g\"} %llu\n",
				(double)bounds_us[i] / 1e6, (unsigned long long)sum);
		else
			buf_printf(out, "kith_kiosk_tap_seconds_bucket{le=\"+Inf\"} %llu\n",
				(unsigned long long)sum);
	}
	buf_printf(out, "kith_kiosk_tap_seconds_sum %g\nkith_kiosk_tap_seconds_count %llu\n",
		(double)l->sum_us / 1e6, (unsigned long long)l->count);
	buf_printf(out, "# TYPE kith_kiosk_tap_seconds_max gauge\nkith_kiosk_tap_seconds_max %g\n",
		(double)l->max_us / 1e6);
}

void kiosk_metrics(void *context, struct buf *out)
{
	const struct kiosk *k = context;
	struct screen_reader readers[16];
	size_t n = list_readers(k, readers, ARRAY_LEN(readers));
	struct syncer_state s = { 0 };
	const struct {
		const char *name, *type;
		uint64_t value;
	} numbers[] = {
		{ "kith_kiosk_scans_total", "counter", k->scans },
		{ "kith_kiosk_commits_total", "counter", k->commits },
		{ "kith_kiosk_commit_failures_total", "counter", k->commit_failures },
		{ "kith_kiosk_entries", "gauge", store_head(k->store).last_seq },
		{ "kith_kiosk_pending", "gauge", store_pending(k->store) },
		{ "kith_kiosk_roster", "gauge", people_count(k->people) },
		{ "kith_kiosk_store_ok", "gauge", k->health.store_ok },
		{ "kith_kiosk_readers_ok", "gauge", k->health.reader_ok },
		{ "kith_kiosk_screens", "gauge", events_listeners(k->events) },
	};

	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		buf_printf(out, "# TYPE %s %s\n%s %llu\n", numbers[i].name, numbers[i].type,
			numbers[i].name, (unsigned long long)numbers[i].value);
	buf_lit(out, "# TYPE kith_kiosk_reader_starts_total counter\n");
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "kith_kiosk_reader_starts_total{reader=\"%s\"} %u\n",
			readers[i].name, readers_state(k->readers, i)->starts);
	if (k->syncer)
		s = syncer_state(k->syncer);
	buf_printf(out,
		"# TYPE kith_kiosk_sync_requests_total counter\nkith_kiosk_sync_requests_total "
		"%llu\n",
		(unsigned long long)s.requests);
	buf_printf(out,
		"# TYPE kith_kiosk_sync_failures_total counter\nkith_kiosk_sync_failures_total "
		"%llu\n",
		(unsigned long long)s.failures);
	buf_printf(out,
		"# TYPE kith_kiosk_sync_refusals_total counter\nkith_kiosk_sync_refusals_total "
		"%llu\n",
		(unsigned long long)s.refusals);
	kiosk_watch_metrics(k, out);
	kiosk_update_metrics(k, out);
	write_latency(out, &k->latency);
}
