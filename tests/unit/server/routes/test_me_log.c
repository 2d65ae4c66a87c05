/* GET /v1/me/log: what a phone downloads to work without a network. */
#include "tests/unit/server/gate.h"

#include "core/http/wire.h"
#include "core/tag/badge.h"
#include "server/store/log.h"
#include "server/writer.h"

static struct id append(
	struct gate *g, const struct attendee *who, enum entry_kind kind, const char *payload)
{
	struct id id;

	MUST(db_begin(g->s->write.db, &e));
	MUST(log_append(
		&g->s->write, g->event.event, who->id, kind, str_bytes(str_of(payload)), &id, &e));
	MUST(db_commit(g->s->write.db, &e));
	gate_now += 1000;
	return id;
}

static void settle(struct gate *g)
{
	MUST(writer_settle(&g->s->write, &e));
}

static struct id scan(struct gate *g, const struct attendee *a, const struct attendee *b)
{
	return append(g, a, ENTRY_MEETING,
		print(g, "{\"a\":\"%s\",\"b\":\"%s\"}", id_text(a->id).s, id_text(b->id).s));
}

static struct answer log_of(struct gate *g, const struct attendee *who)
{
	struct answer a = ask(g,
		(struct who){ .cookie = gate_session(g, SESSION_ATTENDEE, who->id) }, "GET",
		"/v1/me/log", "");

	assert_int_equal(a.status, 200);
	return a;
}

static const struct json *row_of(const struct answer *a, struct id entry)
{
	const struct json *rows = json_get(a->json, "rows");
	struct id id;

	for (const struct json *r = rows->first; r; r = r->next)
		if (json_get_id(r, "entry", &id) && id_equal(id, entry))
			return r;
	return NULL;
}

static struct str text_of(const struct json *o, const char *key)
{
	struct str s;

	return json_get_str(o, key, &s) ? s : STR("(absent)");
}

static const struct json *person_of(const struct answer *a, struct id key)
{
	struct id id;

	for (const struct json *p = json_get(a->json, "people")->first; p; p = p->next)
		if (json_get_id(p, "key", &id) && id_equal(id, key))
			return p;
	return NULL;
}

static bool contains(const struct answer *a, const char *needle)
{
	return str_find((struct str){ (const char *)a->reply.body.p, a->reply.body.len },
		       str_of(needle), 0) != SIZE_MAX;
}

static void has_own_rows_whole_and_nothing_of_anybody_else(void **state)
{
	struct gate *g = gate_open();
	struct id met = scan(g, &g->ana, &g->ben), note;
	const struct json *row;
	struct answer ana, ben;
	bool own;

	(void)state;
	note = append(g, &g->ana, ENTRY_NOTE,
		print(g, "{\"author\":\"%s\",\"of\":\"%s\",\"text\":\"Zq secret\"}",
			id_text(g->ana.id).s, id_uuid_text(met).s));
	settle(g);
	ana = log_of(g, &g->ana);
	row = row_of(&ana, note);
	assert_non_null(row);
	assert_str(text_of(row, "kind"), "note");
	assert_true(json_get_bool(row, "own", &own) && own);
	assert_str(text_of(json_get(row, "payload"), "text"), "Zq secret");
	row = row_of(&ana, met);
	assert_str(text_of(row, "other"), id_text(g->ben.id).s);
	ben = log_of(g, &g->ben);
	row = row_of(&ben, met);
	assert_str(text_of(row, "other"), id_text(g->ana.id).s);
	assert_true(json_get_bool(row, "own", &own) && !own);
	assert_null(row_of(&ben, note));
	assert_false(contains(&ben, "Zq secret"));
	gate_close(g);
}

static void names_people_as_far_as_they_show_themselves(void **state)
{
	struct gate *g = gate_open();
	const struct json *p;
	struct answer a;
	bool yes;

	(void)state;
	scan(g, &g->ana, &g->ben);
	settle(g);
	a = log_of(g, &g->ana); /* who only scanned a code is given nothing */
	p = person_of(&a, g->ben.id);
	assert_str(text_of(p, "name"), "");
	assert_true(json_get_bool(p, "withheld", &yes) && yes);
	a = log_of(g, &g->ben); /* who was scanned sees by whom */
	p = person_of(&a, g->ana.id);
	assert_true(json_get_bool(p, "withheld", &yes) && !yes);
	assert_str(text_of(p, "name"), "Ana");
	scan(g, &g->ben, &g->ana); /* and by scanning back gives the own name */
	settle(g);
	a = log_of(g, &g->ana);
	p = person_of(&a, g->ben.id);
	assert_true(json_get_bool(p, "withheld", &yes) && !yes);
	assert_str(text_of(p, "name"), "Ben");
	assert_false(contains(&a, "x@y.example\"],\"phones\":[],\"urls\":[],\"vouched\""));
	gate_close(g);
}

static void has_the_card_and_the_codes_that_show_it(void **state)
{
	struct gate *g = gate_open();
	struct answer a = log_of(g, &g->ana);
	const struct json *card = json_get(a.json, "card");
	uint8_t number, secret[SIGN_SECRET_LEN];
	struct badge_key key = { .event = g->event.event };
	struct link link;

	(void)state;
	assert_str(text_of(card, "name"), "Ana");
	assert_str(text_of(card, "badge"), id_text(g->spare).s); /* the newest */
	assert_int_equal(link_read(text_of(card, "link"), &link), LINK_BADGE);
	MUST(event_signing_key(g->s->write.db, g->event.event, &number, secret, &e));
	key.number = number;
	memcpy(key.public_key, secret + SIGN_SECRET_LEN - SIGN_PUBLIC_LEN, SIGN_PUBLIC_LEN);
	assert_int_equal(badge_link_verify(&link, &key, 1, g->event.event, 0), BADGE_OK);
	assert_true(str_starts(text_of(card, "line"), STR("X-KITH:https://kith.example/b#")));
	assert_int_equal(text_of(card, "short_code").len, 10);
	MUST(badge_revoke(g->s->write.db, g->event.event, g->spare, &e));
	a = log_of(g, &g->ana);
	assert_str(text_of(json_get(a.json, "card"), "badge"), id_text(g->badge).s);
	gate_close(g);
}

static int ask_with(struct gate *g, const char *cookie, const char *etag)
{
	return ask(g, (struct who){ .cookie = cookie, .etag = etag }, "GET", "/v1/me/log", "")
		.status;
}

static void answers_304_until_something_about_the_owner_changes(void **state)
{
	struct gate *g = gate_open();
	const char *cookie = gate_session(g, SESSION_ATTENDEE, g->ana.id), *etag;
	struct answer a;

	(void)state;
	scan(g, &g->ana, &g->ben);
	settle(g);
	a = log_of(g, &g->ana);
	etag = header_of(g, &a, "ETag");
	assert_non_null(etag);
	assert_int_equal(ask_with(g, cookie, etag), 304);
	assert_int_equal(ask_with(g, cookie, "\"other\""), 200);
	/* another's consent changes what is seen: news that is not planned yet has no ETag */
	MUST(consent_set(g->s->write.db, g->event.event, g->ben.attendee, PURPOSE_CARD, true, 1,
		gate_now, NULL, &e));
	a = log_of(g, &g->ana);
	assert_null(header_of(g, &a, "ETag"));
	assert_true(contains(&a, "x@y.example\"],\"phones\":[],\"urls\":[],\"vouched\""));
	settle(g);
	assert_int_equal(ask_with(g, cookie, etag), 200);
	a = log_of(g, &g->ana);
	etag = header_of(g, &a, "ETag");
	/* the event's words */
	g->event.topics = STR("[\"C\"]");
	MUST(event_save(g->s->write.db, &g->event, &e));
	assert_int_equal(ask_with(g, cookie, etag), 200);
	gate_close(g);
}

static void says_what_was_taken_back(void **state)
{
	struct gate *g = gate_open();
	struct id met = scan(g, &g->ana, &g->ben);
	struct answer a;
	struct id gone;

	(void)state;
	append(g, &g->ana, ENTRY_RETRACT, print(g, "{\"of\":\"%s\"}", id_uuid_text(met).s));
	settle(g);
	a = log_of(g, &g->ana);
	assert_null(row_of(&a, met));
	assert_int_equal(json_get(a.json, "gone")->count, 1);
	assert_true(id_read(json_get(a.json, "gone")->first->text, &gone));
	assert_true(id_equal(gone, met));
	assert_null(person_of(&a, g->ben.id));
	gate_close(g);
}

static void compresses_for_who_takes_it(void **state)
{
	struct gate *g = gate_open();
	const char *cookie = gate_session(g, SESSION_ATTENDEE, g->ana.id);
	struct answer plain, packed, refused;
	uint8_t *text;
	size_t len;

	(void)state;
	for (int i = 0; i < 20; i++)
		scan(g, &g->ana, &g->ben);
	settle(g);
	plain = log_of(g, &g->ana);
	assert_null(header_of(g, &plain, "Content-Encoding"));
	packed = ask(g, (struct who){ .cookie = cookie, .encoding = "br, gzip;q=0.8" }, "GET",
		"/v1/me/log", "");
	assert_string_equal(header_of(g, &packed, "Content-Encoding"), "gzip");
	assert_string_equal(header_of(g, &packed, "Vary"), "Accept-Encoding");
	assert_true(packed.reply.body.len * 2 < plain.reply.body.len);
	MUST(gunzip(&text, &len, packed.reply.body, 1 << 20, &e));
	assert_int_equal(len, plain.reply.body.len);
	assert_memory_equal(text, plain.reply.body.p, len);
	free(text);
	refused = ask(g, (struct who){ .cookie = cookie, .encoding = "gzip;q=0" }, "GET",
		"/v1/me/log", "");
	assert_null(header_of(g, &refused, "Content-Encoding"));
	gate_close(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_own_rows_whole_and_nothing_of_anybody_else),
		cmocka_unit_test(names_people_as_far_as_they_show_themselves),
		cmocka_unit_test(has_the_card_and_the_codes_that_show_it),
		cmocka_unit_test(answers_304_until_something_about_the_owner_changes),
		cmocka_unit_test(says_what_was_taken_back),
		cmocka_unit_test(compresses_for_who_takes_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
