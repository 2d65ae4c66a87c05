#include "kiosk/screen.h"

#include "core/base/clock.h"
#include "core/web/assets.h"

static const char *const screen_names[] = {
#define X(screen, name) [screen] = name,
	DESK_SCREENS(X)
#undef X
};
static const char *const sound_names[] = { [SOUND_NONE] = "none",
	[SOUND_DONE] = "done",
	[SOUND_EXCHANGE] = "exchange",
	[SOUND_ATTENTION] = "attention",
	[SOUND_STOP] = "stop",
	[SOUND_TICK] = "tick" };

static void write_person(struct json_writer *w, const char *key, const char *name,
	const char *initials, const char *organization)
{
	json_open(w, key, '{');
	json_str(w, "name", str_of(name));
	json_str(w, "initials", str_of(initials));
	if (organization[0])
		json_str(w, "organization", str_of(organization));
	json_close(w, '}');
}

static void write_link(struct json_writer *w, const struct screen_link *l)
{
	json_open(w, "link", '{');
	json_bool(w, "online", l->online);
	json_u64(w, "pending", l->pending);
	if (l->synced)
		json_u64(w, "synced_ms_ago", l->synced_ms_ago);
	json_str(w, "server", str_of(l->server));
	json_close(w, '}');
}

static void write_readers(struct json_writer *w, const struct screen_state *s)
{
	json_open(w, "readers", '[');
	for (size_t i = 0; i < s->reader_count; i++) {
		json_open(w, NULL, '{');
		json_str(w, "name", str_of(s->readers[i].name));
		json_str(w, "state", str_of(s->readers[i].state));
		json_str(w, "text", str_of(s->readers[i].text));
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void write_signs(struct json_writer *w, const struct screen_state *s)
{
	json_open(w, "signs", '[');
	for (size_t i = 0; i < s->sign_count; i++) {
		json_open(w, NULL, '{');
		json_str(w, "sign", s->signs[i].name);
		json_u64(w, "for_ms", s->signs[i].for_ms);
		if (s->signs[i].has_value)
			json_i64(w, "value", s->signs[i].value);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void write_date(struct json_writer *w, const char *key, int64_t day)
{
	char text[40];
	int year, month, day_of_month;

	clock_civil(day, &year, &month, &day_of_month);
	snprintf(text, sizeof(text), "%04d-%02d-%02d", year, month, day_of_month);
	json_str(w, key, str_of(text));
}

static void write_note(
	struct json_writer *w, const struct desk_view *v, const struct desk_config *c)
{
	json_open(w, "verbs", '[');
	for (size_t i = 0; i < DESK_VERBS_MAX; i++)
		json_str(w, NULL, str_of(desk_verbs[i]));
	json_close(w, ']');
	json_open(w, "topics", '[');
	for (size_t i = 0; i < c->topic_count; i++)
		json_str(w, NULL, str_of(c->topics[i]));
	json_close(w, ']');
	json_open(w, "chosen", '[');
	for (size_t i = 0; i < v->chosen_count; i++)
		json_str(w, NULL, str_of(v->chosen[i]));
	json_close(w, ']');
	write_date(w, "when", v->when);
	json_open(w, "whens", '[');
	for (size_t i = 0; i < v->when_count; i++) {
		json_open(w, NULL, '{');
		json_str(w, "key", str_of(v->whens[i].key));
		write_date(w, "date", v->whens[i].day);
		json_close(w, '}');
	}
	json_close(w, ']');
	if (v->text)
		json_str(w, "text", str_of(v->text));
	if (v->side)
		json_str(w, "note_side", (struct str){ &v->side, 1 });
	if (v->can_buddy)
		json_bool(w, "buddy", v->buddy);
}

static void write_people(struct json_writer *w, const struct desk_view *v)
{
	if (v->person)
		write_person(
			w, "person", v->person->name, v->person->initials, v->person->organization);
	if (v->other)
		write_person(
			w, "other", v->other->name, v->other->initials, v->other->organization);
	else if (v->guest)
		write_person(
			w, "other", v->guest->name, v->guest->initials, v->guest->organization);
	if (v->at)
		json_str(w, "at", str_of(v->at));
	if (v->already)
		json_bool(w, "already", true);
	if (v->shared) {
		json_open(w, "shared", '[');
		json_str(w, NULL, STR("name"));
		json_str(w, NULL, STR("organization"));
		json_close(w, ']');
	}
	if (v->met_count)
		json_u64(w, "met_count", v->met_count);
}

static const char *const seen_names[] = { [SEEN_TOUCH] = "touch",
	[SEEN_CHIP] = "chip",
	[SEEN_TICKET] = "ticket",
	[SEEN_CODE] = "code",
	[SEEN_CARD] = "card",
	[SEEN_UNKNOWN] = "unknown",
	[SEEN_REFUSED] = "refused" };

static void write_test(struct json_writer *w, const struct desk_test *t)
{
	const struct desk_sight *sight = &t->sight;

	json_open(w, "test", '{');
	json_u64(w, "count", t->count);
	json_str(w, "seen", str_of(seen_names[t->seen]));
	if (t->reason)
		json_str(w, "reason", str_of(desk_reason_name(t->reason)));
	if (t->name[0])
		json_str(w, "name", str_of(t->name));
	json_str(w, "reader", str_of(sight->reader));
	if (sight->tag) {
		json_str(w, "tag", str_of(sight->tag));
		json_str(w, "uid", str_of(sight->uid));
	}
	json_u64(w, "bytes", sight->bytes);
	if (sight->read_ms)
		json_u64(w, "read_ms", sight->read_ms);
	json_close(w, '}');
}

static void write_staff(struct json_writer *w, const struct desk_view *v)
{
	json_bool(w, "staff", v->staff);
	if (v->staff) {
		json_str(w, "tool", str_of(desk_tool_name(v->tool)));
		json_bool(w, "tools_only", v->tools_only);
	} else {
		json_bool(w, "want_badge", v->want_badge);
	}
	if (v->test)
		write_test(w, v->test);
	json_open(w, "found", '[');
	for (size_t i = 0; i < v->found_count; i++) {
		json_open(w, NULL, '{');
		json_id(w, "id", v->found[i].id);
		json_str(w, "name", str_of(v->found[i].name));
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void write_desk(
	struct json_writer *w, const struct desk_view *v, const struct desk_config *c)
{
	if (v->timer_ms) {
		json_open(w, "timer", '{');
		json_u64(w, "ms", v->timer_ms);
		json_u64(w, "left_ms", v->left_ms);
		json_close(w, '}');
	}
	write_people(w, v);
	if (v->reason)
		json_str(w, "reason", str_of(desk_reason_name(v->reason)));
	if (v->noting)
		write_note(w, v, c);
	if (v->qr) {
		json_str(w, "qr", str_of(v->qr));
		json_u64(w, "qr_size", v->qr_size);
	}
	if (v->digits)
		json_str(w, "digits", str_of(v->digits));
	if (v->screen == DESK_WELCOME)
		json_bool(w, "can_exchange", v->can_exchange);
	if (v->screen == DESK_WELCOME || v->screen == DESK_STAFF)
		json_bool(w, "can_undo", v->can_undo);
	if (v->screen == DESK_STAFF) {
		write_staff(w, v);
	}
	if (v->screen == DESK_REFUSED && c->help[0])
		json_str(w, "help", str_of(c->help));
}

void screen_write(struct buf *out, const struct screen_state *s)
{
	const struct desk_view *v = s->view;
	struct json_writer w = JSON_TO(out);

	json_open(&w, NULL, '{');
	json_u64(&w, "rev", s->rev);
	json_str(&w, "screen", str_of(screen_names[v->screen]));
	json_str(&w, "event", s->event);
	json_str(&w, "role", str_of(desk_role_name(s->config->role)));
	json_str(&w, "lang", str_of(v->lang));
	json_open(&w, "langs", '[');
	for (size_t i = 0; i < s->config->lang_count; i++)
		json_str(&w, NULL, str_of(s->config->langs[i]));
	json_close(&w, ']');
	write_link(&w, &s->link);
	write_readers(&w, s);
	write_signs(&w, s);
	json_str(&w, "sound", str_of(sound_names[s->sound ? v->sound : SOUND_NONE]));
	json_i64(&w, "clock_ms", s->clock_ms);
	if (s->hint && s->hint[0])
		json_str(&w, "hint", str_of(s->hint));
	if (s->done_ns) {
		json_u64(&w, "seen_ns", s->seen_ns);
		json_u64(&w, "done_ns", s->done_ns);
	}
	json_u64(&w, "volume", s->volume);
	if (v->screen == DESK_STAFF && v->staff) {
		json_bool(&w, "in_service", !s->out_of_service);
		json_bool(&w, "can_shut_down", s->can_shut_down);
	}
	write_desk(&w, v, s->config);
	json_close(&w, '}');
}

/* "2026-11-24" */
static bool read_date(struct str s, int64_t *day)
{
	uint64_t year, month, dom;
	int y, m, d;

	if (s.len != 10 || s.p[4] != '-' || s.p[7] != '-' || !str_u64(str_sub(s, 0, 4), &year) ||
		!str_u64(str_sub(s, 5, 7), &month) || !str_u64(str_sub(s, 8, 10), &dom) ||
		month < 1 || month > 12 || dom < 1 || dom > 31)
		return false;
	*day = clock_day_of((int)year, (int)month, (int)dom);
	clock_civil(*day, &y, &m, &d);
	return y == (int)year && m == (int)month && d == (int)dom;
}

static bool read_level(const struct json *o, unsigned *out)
{
	uint64_t level;

	if (!json_get_u64(o, "level", &level) || level > DESK_VOLUME_MAX)
		return false;
	*out = (unsigned)level;
	return true;
}

/* Which member each act needs, beside rev and act. */
static bool read_member(struct screen_act *out, const struct json *o, struct err *e)
{
	static const struct {
		enum desk_act_kind act;
		const char *member;
	} words[] = {
		{ ACT_LANG, "lang" },
		{ ACT_VERB, "verb" },
		{ ACT_TOPIC, "topic" },
		{ ACT_TEXT, "text" },
		{ ACT_SIDE, "side" },
		{ ACT_WALK_IN, "name" },
		{ ACT_TOOL, "tool" },
	};
	struct desk_act *act = &out->act;
	struct str date;

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (act->kind == words[i].act && !json_get_str(o, words[i].member, &act->word))
			return err_set(e, ERR_MALFORMED, "act: %s is missing", words[i].member);
	if (act->kind == ACT_VOLUME && !read_level(o, &act->level))
		return err_set(e, ERR_MALFORMED, "act: level is 0 to %d", DESK_VOLUME_MAX);
	if (act->kind == ACT_SHUTDOWN && !json_get_bool(o, "confirmed", &act->on))
		return err_set(e, ERR_MALFORMED, "act: confirmed is missing");
	if ((act->kind == ACT_VERB || act->kind == ACT_TOPIC || act->kind == ACT_BUDDY ||
		    act->kind == ACT_SERVICE) &&
		!json_get_bool(o, "on", &act->on))
		return err_set(e, ERR_MALFORMED, "act: on is missing");
	if (act->kind == ACT_WHEN &&
		(!json_get_str(o, "date", &date) || !read_date(date, &act->day)))
		return err_set(e, ERR_MALFORMED, "act: date must be YYYY-MM-DD");
	if (act->kind == ACT_STAFF)
		act->pin_given = json_get_str(o, "pin", &out->pin);
	if (act->kind == ACT_FIND && !json_get_str(o, "q", &out->q))
		return err_set(e, ERR_MALFORMED, "act: q is missing");
	if ((act->kind == ACT_CHECKIN || act->kind == ACT_ASSIGN) &&
		!json_get_id(o, "id", &out->id))
		return err_set(e, ERR_MALFORMED, "act: id is missing");
	return true;
}

bool screen_act_read(struct screen_act *out, struct bytes body, struct arena *a, struct err *e)
{
	struct json *o;
	struct str name;

	*out = (struct screen_act){ 0 };
	if (!json_read(&o, body, a, e))
		return err_in(e, "act");
	if (!json_get_u64(o, "rev", &out->rev))
		return err_set(e, ERR_MALFORMED, "act: rev is missing");
	if (!json_get_str(o, "act", &name) || !desk_act_read(name, &out->act.kind))
		return err_set(e, ERR_MALFORMED, "act: no such act");
	return read_member(out, o, e);
}

static bool get_page(void *context, struct request *q, struct reply *r, struct err *e)
{
	const struct screen_ops *ops = context;

	return assets_get(&assets_kiosk, ops->root, q, r, e);
}

static bool get_events(void *context, struct request *q, struct reply *r, struct err *e)
{
	const struct screen_ops *ops = context;

	(void)q, (void)e;
	ops->fresh(ops->kiosk);
	r->events = ops->events;
	return true;
}

static bool post_act(void *context, struct request *q, struct reply *r, struct err *e)
{
	const struct screen_ops *ops = context;
	struct screen_act act;

	if (!screen_act_read(&act, q->body, q->arena, e) ||
		!ops->act(ops->kiosk, &act, q->arena, e))
		return false;
	r->status = 204;
	return true;
}

static bool get_camera(void *context, struct request *q, struct reply *r, struct err *e)
{
	const struct screen_ops *ops = context;
	struct buf b = BUF_IN(q->arena);

	if (!ops->camera)
		return err_set(e, ERR_NOT_FOUND, "there is no camera here");
	if (!ops->camera(ops->kiosk, &b, e))
		return false;
	if (b.len > 0)
		reply_json(r, &b);
	else
		r->status = 204;
	return true;
}

static bool get_health(void *context, struct request *q, struct reply *r, struct err *e)
{
	const struct screen_ops *ops = context;
	struct buf b = BUF_IN(q->arena);
	struct json_writer w = JSON_TO(&b);
	bool ok = true;

	(void)e;
	json_open(&w, NULL, '{');
	ops->health(ops->kiosk, &w, &ok);
	json_bool(&w, "ok", ok);
	json_close(&w, '}');
	reply_json(r, &b);
	if (!ok)
		r->status = 503;
	return true;
}

static bool get_metrics(void *context, struct request *q, struct reply *r, struct err *e)
{
	const struct screen_ops *ops = context;
	struct buf b = BUF_IN(q->arena);

	(void)e;
	ops->metrics(ops->kiosk, &b);
	reply_metrics(r, &b);
	return true;
}

enum { ACT_BODY_MAX = 4096 };

const struct route screen_routes[] = {
	{ .method = "GET",
		.path = "/",
		.roles = ROLE_SCREEN,
		.kind = ROUTE_READ,
		.handle = get_page,
		.summary = "the kiosk's page" },
	{ .method = "GET",
		.path = "/assets/{name}",
		.roles = ROLE_SCREEN,
		.kind = ROUTE_READ,
		.handle = get_page,
		.summary = "its scripts and styles" },
	{ .method = "GET",
		.path = "/camera",
		.roles = ROLE_SCREEN,
		.kind = ROUTE_READ,
		.handle = get_camera,
		.summary = "the camera's newest picture, while staff look at it" },
	{ .method = "GET",
		.path = "/events",
		.roles = ROLE_SCREEN,
		.kind = ROUTE_READ,
		.handle = get_events,
		.summary = "the screen's state as server-sent events" },
	{ .method = "POST",
		.path = "/act",
		.roles = ROLE_SCREEN,
		.kind = ROUTE_WRITE,
		.handle = post_act,
		.body_limit = ACT_BODY_MAX,
		.summary = "a touch" },
	{ .method = "GET",
		.path = "/healthz",
		.roles = ROLE_SCREEN,
		.kind = ROUTE_READ,
		.handle = get_health,
		.summary = "is this kiosk able to take taps" },
	{ .method = "GET",
		.path = "/metrics",
		.roles = ROLE_SCREEN,
		.kind = ROUTE_READ,
		.handle = get_metrics,
		.summary = "Prometheus text" },
};
const size_t screen_route_count = ARRAY_LEN(screen_routes);

bool screen_authenticate(void *context, struct request *q, struct err *e)
{
	(void)context, (void)e;
	q->caller.role = ROLE_SCREEN;
	return true;
}
