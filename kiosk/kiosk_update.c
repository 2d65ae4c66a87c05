/* Updates of the kiosk, and what their installer is told of it (core/release/handover.h). */
#include <stdlib.h>
#include <unistd.h>

#include "core/base/config.h"
#include "core/base/log.h"
#include "kiosk/kiosk_private.h"

enum { HOUR_MS = 3600000, DAY_HOURS = 24 };

static bool is_busy(const struct kiosk *k)
{
	struct desk_view view;

	if (k->finding)
		return true;
	desk_view(k->desk, kiosk_now_ms(), &view);
	return view.screen != DESK_IDLE && view.screen != DESK_CLOSED &&
	       view.screen != DESK_STARTING;
}

static int hour_of_day(const struct kiosk *k)
{
	int64_t ms = clock_wall_ms() + syncer_state(k->syncer).server_offset_ms;
	int64_t local = ms + kiosk_zone_ms(ms);

	return local < 0 ? 0 : (int)(local / HOUR_MS % DAY_HOURS);
}

static struct updates_sight sight(void *context)
{
	const struct kiosk *k = context;

	return (struct updates_sight){
		.synced = syncer_state(k->syncer).link == SYNCER_ONLINE &&
			  store_pending(k->store) == 0,
		.busy = is_busy(k),
		.quiet_ms = kiosk_now_ms() - k->touched_ms,
		.hour = hour_of_day(k),
	};
}

/* The organizer's table need not wait for the next heartbeat. */
static void on_changed(void *context)
{
	(void)syncer_now(((struct kiosk *)context)->syncer);
}

static bool get(
	void *context, const char *target, transport_done *done, void *done_context, struct err *e)
{
	const struct kiosk *k = context;

	return syncer_request(
		k->syncer, "GET", target, (struct bytes){ NULL, 0 }, done, done_context, e);
}

void kiosk_open_updates(struct kiosk *k)
{
	struct updates_config c = { .folder = kiosk_path(k->config, "update", &k->arena),
		.keys_file = arena_cstr(&k->arena, k->config->release_keys),
		.outcome_file = arena_cstr(&k->arena, k->config->update_outcome),
		.version = k->config->version,
		.quiet_ms = k->config->update_quiet_s * 1000,
		.context = k,
		.sight = sight,
		.changed = on_changed,
		.get = get };

	/* kiosk_config_read has seen that it is one of the words */
	if (!updates_when_read(k->config->update, &c.when))
		c.when = UPDATES_NEVER;
	k->touched_ms = kiosk_now_ms();
	k->updates = updates_new(&c);
}

/* In a folder that memory holds, where the service manager made one. */
static const char *alive_file(struct kiosk *k)
{
	const char *folder = getenv("RUNTIME_DIRECTORY");

	return folder && folder[0] ? arena_printf(&k->arena, "%s/alive.json", folder).p
				   : kiosk_path(k->config, "alive.json", &k->arena);
}

void kiosk_say_alive(struct kiosk *k)
{
	struct arena a = { 0 };
	struct buf text = BUF_IN(&a);
	struct alive x = { .version = k->config->version, .pid = (uint64_t)getpid() };
	struct err e;

	if (!k->syncer || x.version.len == 0)
		return;
	x.store = k->health.store_ok;
	x.readers = k->health.reader_ok;
	x.online = syncer_state(k->syncer).link == SYNCER_ONLINE;
	x.busy = is_busy(k);
	alive_write(&text, &x);
	if (!str_equal(buf_str(&text), k->alive)) {
		if (!k->alive_file)
			k->alive_file = alive_file(k);
		arena_reset(&k->alive_arena);
		k->alive = STR("");
		if (file_replace(k->alive_file, buf_bytes(&text), 0600, &e))
			k->alive = arena_str(&k->alive_arena, buf_str(&text));
		else
			log_warn("%s", e.text);
	}
	arena_finish(&a);
}

void kiosk_unsay_alive(struct kiosk *k)
{
	if (k->alive_file)
		unlink(k->alive_file);
	arena_finish(&k->alive_arena);
}

void kiosk_tell_program(void *context, struct batch_program *out)
{
	const struct kiosk *k = context;
	struct updates_state s = updates_state(k->updates);

	*out = (struct batch_program){ .version = k->config->version,
		.architecture = release_architecture(),
		.update = s.state,
		.update_version = s.version,
		.update_reason = s.reason };
}

void kiosk_take_release(void *context, const struct hash *digest)
{
	updates_offer(((struct kiosk *)context)->updates, digest);
}

void kiosk_update_metrics(const struct kiosk *k, struct buf *out)
{
	struct updates_state s = { .state = STR("") };

	buf_printf(out,
		"# TYPE kith_kiosk_info gauge\nkith_kiosk_info{version=\"" STR_FMT "\"} 1\n",
		STR_ARG(k->config->version));
	if (k->updates)
		s = updates_state(k->updates);
	if (s.state.len > 0)
		buf_printf(out,
			"# TYPE kith_kiosk_update gauge\nkith_kiosk_update{state=\"" STR_FMT
			"\",version=\"" STR_FMT "\",reason=\"" STR_FMT "\"} 1\n",
			STR_ARG(s.state), STR_ARG(s.version), STR_ARG(s.reason));
}

int kiosk_updates_wait(void *context)
{
	return updates_timeout_ms(((struct kiosk *)context)->updates);
}

void kiosk_updates_go(void *context)
{
	updates_run(((struct kiosk *)context)->updates);
}
