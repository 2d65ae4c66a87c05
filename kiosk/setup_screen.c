/* The screen of a first start: its state as JSON, its touches. docs/api.md, last section. */
#define _DEFAULT_SOURCE
#include <limits.h>
#include <stdlib.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/web/assets.h"
#include "kiosk/screen.h"
#include "kiosk/setup_private.h"

const char *const setup_step_names[SETUP_STEP_COUNT] = {
#define X(step, name) [step] = name,
	SETUP_STEPS(X)
#undef X
};

static const char *const reader_states[] = { [READER_STARTING] = "starting",
	[READER_READY] = "ready",
	[READER_FAULT] = "fault",
	[READER_DOWN] = "down" };

static void write_readers(const struct setup *s, struct json_writer *w)
{
	json_open(w, "readers", '[');
	for (size_t i = 0; s->readers && i < readers_count(s->readers); i++) {
		const struct reader_state *r = readers_state(s->readers, i);

		json_open(w, NULL, '{');
		json_str(w, "name", str_of(r->name));
		json_str(w, "state", str_of(reader_states[r->status]));
		json_str(w, "text", str_of(r->text));
		json_close(w, '}');
	}
	json_close(w, ']');
}

/* What stands in the way of a chip reader that does not answer. */
static void write_hints(const struct setup *s, struct json_writer *w, struct arena *a)
{
	json_open(w, "hints", '[');
	for (size_t i = 0; s->readers && i < readers_count(s->readers); i++) {
		const struct reader_state *r = readers_state(s->readers, i);
		struct str line = s->config->readers.items[i];
		struct reader_hints hints;

		if (r->status == READER_READY || !str_starts(line, STR("nfc ")))
			continue;
		reader_hints_find(&hints, s->root,
			reader_connection_device(
				arena_cstr(a, str_trim(str_sub(line, 4, line.len))), s->root, a),
			a);
		for (size_t k = 0; k < hints.count; k++) {
			json_open(w, NULL, '{');
			json_str(w, "reader", str_of(r->name));
			json_str(w, "hint", str_of(hints.hints[k].key));
			json_str(w, "text", hints.hints[k].text);
			json_close(w, '}');
		}
	}
	json_close(w, ']');
}

/* "Europe/Berlin", as /etc/localtime leads there; empty when it does not say. */
static struct str zone_now(struct arena *a)
{
	static const struct str folder = STR_INIT("/zoneinfo/");
	char path[PATH_MAX];
	struct str real;
	size_t at;

	if (!realpath("/etc/localtime", path))
		return STR("");
	real = str_of(path);
	at = str_find(real, folder, 0);
	return at == SIZE_MAX ? STR("") : arena_str(a, str_sub(real, at + folder.len, real.len));
}

static void write_system(const struct setup *s, struct json_writer *w, struct arena *a)
{
	struct str networks[SETUP_NETWORKS_MAX];
	size_t n = setup_networks_read(networks, SETUP_NETWORKS_MAX, s->status_dir, a);

	json_bool(w, "system", s->system.there);
	json_str(w, "zone", zone_now(a));
	json_open(w, "networks", '[');
	for (size_t i = 0; i < n; i++)
		json_str(w, NULL, networks[i]);
	json_close(w, ']');
}

static void write_test(const struct setup *s, struct json_writer *w)
{
	json_open(w, "test", '{');
	json_u64(w, "count", s->test.count);
	json_str(w, "seen", str_of(s->test.seen));
	json_str(w, "reader", str_of(s->test.reader));
	if (s->test.tag)
		json_str(w, "tag", str_of(s->test.tag));
	json_u64(w, "bytes", s->test.bytes);
	json_close(w, '}');
}

void setup_write(const struct setup *s, struct buf *out, struct arena *a)
{
	struct str langs = s->config->languages, word;
	struct json_writer w = JSON_TO(out);

	json_open(&w, NULL, '{');
	json_u64(&w, "rev", s->rev);
	json_str(&w, "screen", STR("setup"));
	json_str(&w, "lang", str_of(s->lang));
	json_open(&w, "langs", '[');
	while (str_split(&langs, ' ', &word))
		if (word.len > 0)
			json_str(&w, NULL, word);
	json_close(&w, ']');
	write_readers(s, &w);
	json_i64(&w, "clock_ms", clock_wall_ms());
	json_open(&w, "setup", '{');
	json_str(&w, "step", str_of(setup_step_names[s->step]));
	json_bool(
		&w, "busy", s->child != 0 || s->asked || strcmp(s->system.state, "enrolling") == 0);
	json_bool(&w, "enrolled", s->enrolled);
	json_str(&w, "problem", str_of(s->problem));
	json_str(&w, "text", str_of(s->text));
	json_str(&w, "server", str_of(s->server));
	json_str(&w, "code", str_of(s->code));
	write_system(s, &w, a);
	write_hints(s, &w, a);
	json_close(&w, '}');
	if (s->test.count > 0)
		write_test(s, &w);
	json_close(&w, '}');
}

static struct str member(const struct json *o, const char *key)
{
	struct str s;

	return json_get_str(o, key, &s) ? s : STR("");
}

static bool act_lang(struct setup *s, const struct json *o, struct err *e)
{
	(void)e;
	setup_speak(s, member(o, "lang"));
	return true;
}

static bool act_step(struct setup *s, const struct json *o, struct err *e)
{
	for (size_t i = 0; i < SETUP_STEP_COUNT; i++) {
		if (!str_equal(member(o, "step"), str_of(setup_step_names[i])))
			continue;
		setup_go(s, (enum setup_step)i);
		return true;
	}
	return err_set(e, ERR_MALFORMED, "act: there is no such step");
}

static bool act_system(struct setup *s, const struct json *o, struct err *e)
{
	const struct json *wifi = json_get(o, "wifi");
	struct setup_request r = { .wifi_name = member(wifi, "name"),
		.wifi_password = member(wifi, "password"),
		.wifi_country = member(wifi, "country"),
		.time_zone = member(o, "zone") };

	return setup_ask(s, &r, e);
}

static bool act_enrol(struct setup *s, const struct json *o, struct err *e)
{
	return setup_enrol(s, member(o, "server"), member(o, "code"), e);
}

static bool act_finish(struct setup *s, const struct json *o, struct err *e)
{
	(void)o;
	if (!s->enrolled)
		return err_set(e, ERR_CONFLICT, "it is not enrolled yet");
	setup_finish(s);
	return true;
}

static bool act_touch(struct setup *s, const struct json *o, struct err *e)
{
	(void)o, (void)e;
	setup_touch(s);
	return true;
}

static const struct {
	const char *name;
	bool (*run)(struct setup *s, const struct json *o, struct err *e);
} acts[] = { { "enrol", act_enrol }, { "finish", act_finish }, { "lang", act_lang },
	{ "step", act_step }, { "system", act_system }, { "touch", act_touch } };

static bool post_act(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct json *o;

	if (!json_read(&o, q->body, q->arena, e))
		return err_in(e, "act");
	for (size_t i = 0; i < ARRAY_LEN(acts); i++) {
		if (!str_equal(member(o, "act"), str_of(acts[i].name)))
			continue;
		r->status = 204;
		return acts[i].run(context, o, e);
	}
	return err_set(e, ERR_MALFORMED, "act: no such act");
}

static bool get_page(void *context, struct request *q, struct reply *r, struct err *e)
{
	const struct setup *s = context;
	struct str root = s->config->screen_root;

	return assets_get(&assets_kiosk, root.len > 0 ? arena_cstr(q->arena, root) : NULL, q, r, e);
}

static bool get_events(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct setup *s = context;

	(void)q, (void)e;
	r->events = s->events;
	return true;
}

static bool get_health(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct setup *s = context;
	struct buf b = BUF_IN(q->arena);
	struct json_writer w = JSON_TO(&b);

	(void)e;
	json_open(&w, NULL, '{');
	json_str(&w, "setup", str_of(setup_step_names[s->step]));
	write_readers(s, &w);
	json_bool(&w, "ok", false);
	json_close(&w, '}');
	reply_json(r, &b);
	r->status = 503;
	return true;
}

/* What kith-screen asks: whether its page is there. */
static bool get_metrics(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct setup *s = context;
	struct buf b = BUF_IN(q->arena);

	(void)e;
	buf_printf(&b, "# TYPE kith_kiosk_screens gauge\nkith_kiosk_screens %zu\n",
		events_listeners(s->events));
	reply_metrics(r, &b);
	return true;
}

#define ROUTE(verb, where, sort, run, words)                                                       \
	{                                                                                          \
		.method = verb, .path = where, .roles = ROLE_SCREEN, .kind = sort, .handle = run,  \
		.summary = words                                                                   \
	}
const struct route setup_routes[] = {
	ROUTE("GET", "/", ROUTE_READ, get_page, "the kiosk's page"),
	ROUTE("GET", "/assets/{name}", ROUTE_READ, get_page, "its scripts and styles"),
	ROUTE("GET", "/events", ROUTE_READ, get_events, "the state as server-sent events"),
	ROUTE("POST", "/act", ROUTE_WRITE, post_act, "a touch"),
	ROUTE("GET", "/healthz", ROUTE_READ, get_health, "not ready for taps"),
	ROUTE("GET", "/metrics", ROUTE_READ, get_metrics, "how many pages listen"),
};
const size_t setup_route_count = ARRAY_LEN(setup_routes);
