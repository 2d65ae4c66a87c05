/* Opening, running and closing a kiosk; the callbacks of its parts. */
#include "kiosk/kiosk.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/base/text.h"
#include "kiosk/kiosk_private.h"
#include "kiosk/setup.h"

static const char event_setting[] = "event";

/* The event as the server last told it, else as of enrolment. */
static bool load_event(struct kiosk *k, struct str json, struct err *e)
{
	struct arena a = { 0 };
	struct event_info event;

	if (!event_info_read(&event, arena_str(&a, json), &a, e)) {
		arena_finish(&a);
		return false;
	}
	arena_finish(&k->event_arena);
	k->event_arena = a;
	k->event = event;
	return true;
}

void kiosk_configure_desk(struct kiosk *k)
{
	struct desk_config *c = &k->desk_config;
	struct resolver r = {
		.event = &k->event, .people = k->people, .show_names = k->config->show_names
	};
	struct str langs = k->config->languages, word;
	struct id host;

	*c = (struct desk_config){ .badge_checkin = k->event.badge_checkin };
	if (!desk_role_read(k->config->role, &c->role))
		c->role = DESK_MIXED;
	if (k->language.len > 0 && k->language.len < sizeof(c->langs[0]))
		snprintf(c->langs[c->lang_count++], sizeof(c->langs[0]), STR_FMT,
			STR_ARG(k->language));
	while (str_split(&langs, ' ', &word) && c->lang_count < DESK_LANGS_MAX)
		if (word.len > 0 && !str_equal(word, k->language))
			snprintf(c->langs[c->lang_count++], sizeof(c->langs[0]), STR_FMT,
				STR_ARG(word));
	for (size_t i = 0; i < k->event.topic_count && i < DESK_TOPICS_MAX; i++) {
		struct str topic = utf8_cut(k->event.topics[i], sizeof(c->topics[0]) - 1);

		memcpy(c->topics[c->topic_count++], topic.p, topic.len);
	}
	snprintf(c->help, sizeof(c->help), STR_FMT, STR_ARG(k->config->help_desk));
	for (size_t i = 0; i < k->config->staff_badges.count && i < DESK_STAFF_MAX; i++)
		if (id_read(k->config->staff_badges.items[i], &c->staff[c->staff_count]))
			c->staff_count++;
	if (c->role == DESK_BOOTH && id_read(k->config->booth_host, &host))
		c->host = resolve_person(&r, host, &k->work);
	if (k->desk)
		desk_configure(k->desk, c);
}

static bool put_row(void *context, const struct roster_row *row)
{
	people_put(context, row);
	return true;
}

/* One entry of the log, as far as it is in the clear. */
static void replay_entry(struct kiosk *k, const struct entry *x, const struct clock_time *now)
{
	bool this_boot = id_equal(x->time.boot_id, now->boot_id);
	struct id who, a, b;
	struct json *payload;
	struct err e;

	if (x->sealed || store_is_undone(k->store, x->id) ||
		!json_read(&payload, x->payload, &k->work, &e))
		return;
	if (x->kind == ENTRY_CHECKIN && json_get_id(payload, "who", &who))
		people_check_in(k->people, who, x->time.wall_ms);
	if (x->kind == ENTRY_MEETING && json_get_id(payload, "a", &a) &&
		json_get_id(payload, "b", &b)) {
		/* the desk's clock is the monotonic one, which stands still while a board sleeps */
		uint64_t age = this_boot && now->boot_ms > x->time.boot_ms
				       ? now->boot_ms - x->time.boot_ms
				       : 0;
		uint64_t at = kiosk_now_ms();

		desk_remember(k->desk, a, b, x->id, this_boot && age < at, age < at ? at - age : 0);
	}
}

/* What this station knew before it was restarted. */
static bool replay(struct kiosk *k, struct err *e)
{
	uint64_t at = store_head(k->store).prune_floor + 1;
	struct clock_time now;
	uint8_t prev[ENTRY_HASH_LEN];
	size_t n = 1;

	if (!clock_now(&now, e) || !store_roster_each(k->store, put_row, k->people, e))
		return false;
	while (n > 0) {
		struct entry *list;

		arena_reset(&k->work);
		if (!store_read(k->store, at, 200, 1 << 20, &k->work, &list, &n, prev, e))
			return false;
		for (size_t i = 0; i < n; i++)
			replay_entry(k, &list[i], &now);
		at += n;
	}
	arena_reset(&k->work);
	return true;
}

/* One kiosk at a time works in a state folder. */
static bool lock_folder(struct kiosk *k, struct err *e)
{
	const char *path = kiosk_path(k->config, "lock", &k->arena);
	int fd;

	if (!kiosk_make_folder(k->config, &k->arena, e))
		return false;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(e, "%s", path);
	/* held until the process ends */
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		close(fd);
		return err_set(e, ERR_CONFLICT, "another kith-kiosk works in " STR_FMT,
			STR_ARG(k->config->state_dir));
	}
	return true;
}

static bool open_store(struct kiosk *k, struct err *e)
{
	struct store_config c = { .path = kiosk_path(k->config, "kiosk.db", &k->arena),
		.event = k->identity.event,
		.names = k->config->name_cache };

	memcpy(c.seal_public, k->identity.seal_public, sizeof(c.seal_public));
	if (!store_open(&k->store, &c, e))
		return false;
	if (store_alert(k->store)[0])
		log_error("store alert: %s", store_alert(k->store));
	return true;
}

static bool open_event(struct kiosk *k, struct err *e)
{
	struct str json;

	if (!store_get(k->store, event_setting, &json, &k->work, e))
		return false;
	if (json.len > 0 && load_event(k, json, e) && k->event.number == k->identity.event)
		return true;
	return load_event(k, k->identity.event_json, e);
}

static void on_sync_changed(void *context)
{
	struct kiosk *k = context;

	if (!k->desk || !k->events)
		return;
	kiosk_update_health(k);
	kiosk_publish(k, false);
}

static bool is_known(void *context, struct id who)
{
	const struct person *p = people_find(((struct kiosk *)context)->people, who);

	return p && p->known;
}

static void on_roster(
	void *context, const struct roster_row *rows, size_t n, bool full, bool last, bool settled)
{
	struct kiosk *k = context;
	struct err e;

	if (full)
		people_begin(k->people);
	k->snapshot = k->snapshot || full;
	for (size_t i = 0; i < n; i++)
		people_put(k->people, &rows[i]);
	/* nothing pending: it was all sent before this was asked, since one request goes at a time
	 */
	if (last && settled && store_pending(k->store) == 0)
		people_settle(k->people);
	if (k->snapshot && last) {
		k->snapshot = false;
		people_end(k->people);
		if (!store_roster_keep(k->store, is_known, k, &e))
			log_error("roster: %s", e.text);
	}
	kiosk_configure_desk(k);
}

static void on_roster_done(void *context, bool ok)
{
	(void)ok;
	kiosk_found(context);
}

static void on_event(void *context, struct str json)
{
	struct kiosk *k = context;
	struct err e;
	struct str old;

	if (!load_event(k, json, &e)) {
		log_warn("event: %s", e.text);
		return;
	}
	kiosk_configure_desk(k);
	if (store_get(k->store, event_setting, &old, &k->work, &e) && str_equal(old, json))
		return;
	if (!store_set(k->store, event_setting, json, &e))
		log_warn("event: %s", e.text);
}

static void on_readers_changed(void *context)
{
	struct kiosk *k = context;

	if (!k->readers)
		return;
	kiosk_watch(k);
	kiosk_update_health(k);
	kiosk_publish(k, false);
}

/* The sources of the loop, each with its functions over the void pointer that the loop keeps. */
static int http_wait(void *context)
{
	struct kiosk *k = context;

	/* libmicrohttpd 0.9.75 gives no sign that a connection was resumed to send an event */
	return k->published ? 0 : http_timeout_ms(k->http);
}

static void http_go(void *context)
{
	struct kiosk *k = context;

	k->published = false;
	http_run(k->http);
}

static int readers_wait(void *context)
{
	return readers_timeout_ms(((struct kiosk *)context)->readers);
}

static void readers_go(void *context)
{
	readers_run(((struct kiosk *)context)->readers);
}

static int syncer_wait(void *context)
{
	return syncer_timeout_ms(((struct kiosk *)context)->syncer);
}

static void syncer_go(void *context)
{
	syncer_run(((struct kiosk *)context)->syncer);
}

static int pairing_wait(void *context)
{
	return pairing_timeout_ms(((struct kiosk *)context)->pairing);
}

static void pairing_go(void *context)
{
	pairing_run(((struct kiosk *)context)->pairing);
}

/* A page that comes back in the middle of an exchange shows what is left of its time. */
static void on_newcomer(void *context)
{
	struct kiosk *k = context;

	if (k->desk)
		kiosk_publish(k, false);
}

static bool open_screen(struct kiosk *k, struct err *e)
{
	struct http_config c = { .listen = arena_cstr(&k->arena, k->config->screen_listen),
		.routes = screen_routes,
		.route_count = screen_route_count,
		.context = &k->ops,
		.authenticate = screen_authenticate };

	k->events = events_new();
	k->ops = (struct screen_ops){ .kiosk = k,
		.events = k->events,
		.fresh = on_newcomer,
		.act = kiosk_on_act,
		.camera = kiosk_camera,
		.health = kiosk_health,
		.metrics = kiosk_metrics };
	if (k->config->screen_root.len > 0)
		k->ops.root = arena_cstr(&k->arena, k->config->screen_root);
	return http_open(&k->http, &c, e) ? true : err_in(e, "screen");
}

static bool open_readers(struct kiosk *k, const char *program, struct err *e)
{
	struct readers_config c = { .lines = &k->config->readers,
		.types = reader_types,
		.type_count = reader_type_count,
		.program = program,
		.context = k,
		.scan = kiosk_on_scan,
		.changed = on_readers_changed };

	return readers_open(&k->readers, &c, e);
}

static bool open_sync(struct kiosk *k, struct err *e)
{
	struct syncer_config c = { .identity = &k->identity,
		.store = k->store,
		.role = k->config->role,
		.context = k,
		.changed = on_sync_changed,
		.roster = on_roster,
		.roster_done = on_roster_done,
		.event = on_event,
		.signs = kiosk_tell_signs,
		.program = kiosk_tell_program,
		.release = kiosk_take_release };

	if (!syncer_open(&k->syncer, &c, e))
		return false;
	k->pairing = pairing_new(k->syncer, k, kiosk_on_pairing);
	kiosk_open_updates(k);
	return true;
}

static bool add_sources(struct kiosk *k, struct err *e)
{
	const struct loop_source sources[] = {
		/* readers first: a tap never waits for the network */
		{ k, readers_fd(k->readers), readers_wait, readers_go },
		{ k, http_fd(k->http), http_wait, http_go },
		{ k, syncer_fd(k->syncer), syncer_wait, syncer_go },
		{ k, -1, pairing_wait, pairing_go },
		{ k, -1, kiosk_updates_wait, kiosk_updates_go },
		{ k, -1, kiosk_care_timeout, kiosk_care_run },
	};

	for (size_t i = 0; i < ARRAY_LEN(sources); i++)
		if (!loop_add(k->loop, sources[i], e))
			return false;
	return true;
}

bool kiosk_open(
	struct kiosk **out, const struct kiosk_config *config, const char *program, struct err *e)
{
	struct kiosk *k = calloc(1, sizeof(*k));
	const char *identity;

	if (!k)
		return err_set(e, ERR_INTERNAL, "no memory for the kiosk");
	k->config = config;
	k->started_ms = kiosk_now_ms();
	k->watch.disk_warn_mib = (int64_t)config->disk_warn_mib;
	k->people = people_new();
	k->folder = arena_cstr(&k->arena, config->state_dir);
	k->language = setup_language(config, &k->arena);
	k->sys_root = arena_cstr(&k->arena, config->sys_root);
	identity = kiosk_path(config, "identity.json", &k->arena);
	if (!loop_open(&k->loop, e) || !lock_folder(k, e) ||
		!identity_read(&k->identity, identity, &k->arena, e) || !open_store(k, e) ||
		!open_event(k, e))
		goto fail;
	kiosk_staff_load(k);
	kiosk_configure_desk(k);
	k->desk = desk_new(&k->desk_config);
	if (!replay(k, e) || !open_screen(k, e))
		goto fail;
	kiosk_configure_desk(k);
	kiosk_publish(k, true);
	if (!open_sync(k, e) || !open_readers(k, program, e) || !add_sources(k, e))
		goto fail;
	kiosk_update_health(k);
	*out = k;
	return true;
fail:
	kiosk_close(k);
	return false;
}

const char *kiosk_address(const struct kiosk *k)
{
	return http_address(k->http);
}

bool kiosk_run(struct kiosk *k, struct err *e)
{
	return loop_run(k->loop, e);
}

void kiosk_close(struct kiosk *k)
{
	if (!k)
		return;
	readers_close(k->readers);
	syncer_close(k->syncer);
	pairing_free(k->pairing);
	kiosk_unsay_alive(k);
	updates_free(k->updates);
	http_close(k->http);
	events_free(k->events);
	loop_close(k->loop);
	store_close(k->store);
	desk_free(k->desk);
	people_free(k->people);
	crypto_wipe(k->identity.secret_key, sizeof(k->identity.secret_key));
	arena_finish(&k->event_arena);
	arena_finish(&k->work);
	arena_finish(&k->arena);
	free(k);
}
