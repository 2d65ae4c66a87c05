/*
 * Four people with a phone each, and a kiosk that sees some of their meetings: what they write
 * about each other, and what each downloads. The order in which the streams arrive is no matter.
 */
#pragma once

#include "tests/unit/server/world.h"

#include "core/base/json.h"

enum { ANA, BEN, CEM, DUA, PEOPLE };

struct scene {
	struct world *w;
	struct attendee people[PEOPLE];
	struct diary *phones[PEOPLE], *kiosk;
};

static UNUSED struct scene *scene_open(void)
{
	static const char *const names[PEOPLE] = { "Ana", "Ben", "Cem", "Dua" };
	struct scene *s = calloc(1, sizeof(*s));
	struct err e = { 0 };

	s->w = world_open();
	s->kiosk = kiosk_new(s->w);
	for (int i = 0; i < PEOPLE; i++) {
		struct attendee *x = &s->people[i];

		*x = world_attendee(s->w, names[i]);
		x->organization = STR("Org");
		x->title = STR("Dr");
		x->email = say(s->w, "%s@mail.example", names[i]);
		x->phone = STR("+1 555");
		x->url = STR("https://x.example");
		if (!attendee_save(s->w->s->write.db, s->w->event.event, x, &e))
			fail_msg("%s", e.text);
		s->phones[i] = diary_new(s->w, ROLE_ATTENDEE, x->id);
	}
	return s;
}

static UNUSED void scene_close(struct scene *s)
{
	for (int i = 0; i < PEOPLE; i++)
		diary_free(s->phones[i]);
	diary_free(s->kiosk);
	world_close(s->w);
	free(s);
}

static UNUSED const char *id_of(const struct scene *s, int who)
{
	return say(s->w, "%s%c", id_text(s->people[who].id).s, 0).p;
}

static UNUSED const char *uuid(const struct scene *s, struct id id)
{
	return say(s->w, "%s%c", id_uuid_text(id).s, 0).p;
}

static UNUSED struct reply log_reply(struct scene *s, int who)
{
	const struct caller caller = {
		.role = ROLE_ATTENDEE, .event = s->w->event.event, .id = s->people[who].id
	};
	struct reply r = ask(s->w, &caller, "GET", STR("/v1/me/log"), (struct bytes){ 0 });

	assert_int_equal(r.status, 200);
	return r;
}

static UNUSED struct str log_text(struct scene *s, int who)
{
	struct reply r = log_reply(s, who);

	return (struct str){ (const char *)r.body.p, r.body.len };
}

/* What somebody downloads, but for the time of asking; and its ETag. */
struct download {
	struct str etag;
	struct hash hash;
};

static UNUSED struct download download(struct scene *s, int who)
{
	struct reply r = log_reply(s, who);
	struct str text = { (const char *)r.body.p, r.body.len };
	struct download d = { STR("(none)"), { { 0 } } };
	size_t event = str_find(text, STR("\"event\""), 0);

	d.hash = hash_of(str_bytes(str_sub(text, event, text.len)));
	for (size_t i = 0; i < r.header_count; i++)
		if (strcmp(r.headers[i].name, "ETag") == 0)
			d.etag = r.headers[i].value;
	return d;
}

/*
 * Everything that was written goes to the server and is worked in. Whoever sees anything new has
 * a new ETag: else their phone would not fetch it.
 */
static UNUSED void sync_all(struct scene *s)
{
	struct download before[PEOPLE], after;

	for (int i = 0; i < PEOPLE; i++)
		before[i] = download(s, i);
	for (int i = 0; i < PEOPLE; i++)
		if (s->phones[i]->count > 0)
			assert_int_equal(send_all(s->w, s->phones[i]).status, 200);
	if (s->kiosk->count > 0)
		assert_int_equal(send_all(s->w, s->kiosk).status, 200);
	world_settle(s->w);
	for (int i = 0; i < PEOPLE; i++) {
		after = download(s, i);
		assert_true(str_starts(after.etag, STR("\"")));
		if (!hash_equal(&before[i].hash, &after.hash) &&
			str_equal(before[i].etag, after.etag))
			fail_msg("what %s sees changed, its ETag did not", i == ANA   ? "Ana"
									   : i == BEN ? "Ben"
									   : i == CEM ? "Cem"
										      : "Dua");
	}
}

static UNUSED struct id tap(struct scene *s, int a, int b)
{
	world_now += 1000;
	return write_meeting(s->w, s->kiosk, s->people[a].id, s->people[b].id);
}

static UNUSED struct id scan(struct scene *s, int a, int b)
{
	world_now += 1000;
	return write_meeting(s->w, s->phones[a], s->people[a].id, s->people[b].id);
}

static UNUSED struct id note_down(
	struct scene *s, int who, enum entry_kind kind, struct str payload)
{
	world_now += 1000;
	return diary_write(s->phones[who], kind, payload);
}

static UNUSED struct id hide(struct scene *s, int who, struct id meeting)
{
	return note_down(s, who, ENTRY_HIDE,
		say(s->w, "{\"owner\":\"%s\",\"of\":\"%s\"}", id_of(s, who), uuid(s, meeting)));
}

static UNUSED struct id share(struct scene *s, int who, struct id of, const char *fields)
{
	return note_down(s, who, ENTRY_SHARE,
		say(s->w, "{\"owner\":\"%s\",\"of\":\"%s\",\"fields\":[%s]}", id_of(s, who),
			uuid(s, of), fields));
}

static UNUSED struct id set(struct scene *s, int who, const char *name, const char *value)
{
	return note_down(s, who, ENTRY_SETTING,
		say(s->w, "{\"owner\":\"%s\",\"name\":\"%s\",\"value\":\"%s\"}", id_of(s, who),
			name, value));
}

static UNUSED struct id block(struct scene *s, int who, int whom, const char *value)
{
	return set(s, who, say(s->w, "block/%s%c", id_of(s, whom), 0).p, value);
}

static UNUSED struct id retract(struct scene *s, int who, struct id of)
{
	return note_down(s, who, ENTRY_RETRACT, say(s->w, "{\"of\":\"%s\"}", uuid(s, of)));
}

static UNUSED struct id introduce(struct scene *s, int who, struct id a, struct id b)
{
	return note_down(s, who, ENTRY_INTRODUCE,
		say(s->w, "{\"owner\":\"%s\",\"a\":\"%s\",\"b\":\"%s\",\"text\":\"you both sail\"}",
			id_of(s, who), uuid(s, a), uuid(s, b)));
}

static UNUSED struct id answer_ask(struct scene *s, int who, struct id of, bool yes)
{
	return note_down(s, who, ENTRY_CONSENT,
		say(s->w,
			"{\"who\":\"%s\",\"purpose\":\"introduce\",\"given\":%s,\"version\":1,"
			"\"of\":\"%s\"}",
			id_of(s, who), yes ? "true" : "false", uuid(s, of)));
}

static UNUSED const struct json *log_of(struct scene *s, int who)
{
	struct json *o;
	struct err e = { 0 };

	if (!json_read(&o, str_bytes(log_text(s, who)), &s->w->arena, &e))
		fail_msg("%s", e.text);
	return o;
}

static UNUSED const struct json *find(const struct json *list, const char *key, struct id id)
{
	struct id one;

	for (const struct json *o = list->first; o; o = o->next)
		if (json_get_id(o, key, &one) && id_equal(one, id))
			return o;
	return NULL;
}

static UNUSED const struct json *row_of(struct scene *s, int who, struct id entry)
{
	return find(json_get(log_of(s, who), "rows"), "entry", entry);
}

static UNUSED bool is_gone(struct scene *s, int who, struct id entry)
{
	const struct json *list = json_get(log_of(s, who), "gone");
	struct id id;

	for (const struct json *o = list->first; o; o = o->next)
		if (id_read(o->text, &id) && id_equal(id, entry))
			return true;
	return false;
}

/* What one sees of another, in short: "Ana|Org|Dr|mail|phone|url", "-" withheld, "" nobody. */
static UNUSED const char *sees(struct scene *s, int who, int whom)
{
	static const char *const lists[] = { "emails", "phones", "urls" };
	const struct json *p = find(json_get(log_of(s, who), "people"), "key", s->people[whom].id);
	struct buf out = BUF_IN(&s->w->arena);
	struct str text;
	bool withheld;

	if (!p)
		return "";
	if (json_get_bool(p, "withheld", &withheld) && withheld) {
		assert_true(json_get_str(p, "name", &text) && text.len == 0);
		assert_null(json_get(p, "organization"));
		buf_add_char(&out, '-');
	} else {
		buf_add_str(&out, json_get_str(p, "name", &text) ? text : STR(""));
		buf_add_str(&out, json_get(p, "organization") ? STR("+org") : STR(""));
		buf_add_str(&out, json_get(p, "title") ? STR("+title") : STR(""));
	}
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		if (json_get(p, lists[i])->count > 0)
			buf_printf(&out, "+%.4s", lists[i]);
	return arena_cstr(&s->w->arena, buf_str(&out));
}

#define ALL "+org+title+emai+phon+urls"

static UNUSED struct str in_payload(struct scene *s, int who, struct id entry, const char *key)
{
	const struct json *row = row_of(s, who, entry);
	struct str text;

	assert_non_null(row);
	return json_get_str(json_get(row, "payload"), key, &text) ? text : STR("(absent)");
}
