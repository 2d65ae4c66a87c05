/* How much a station, or a person with all phones together, may send in a day. */
#include "tests/unit/server/world.h"

#include "core/followup/followup.h"
#include "server/access.h"

/* Somebody who signs in again and again, writing each time, is never shut out for good. */
static void a_station_begins_64_streams_a_day(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w), *other = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana");
	struct diary *p = diary_new(w, ROLE_ATTENDEE, ana.id);
	struct caller caller = { .role = ROLE_ATTENDEE, .event = w->event.event, .id = ana.id };
	struct str consent = STR("{\"purpose\":\"card\",\"given\":true}");
	struct id first = k->store_id;
	struct answer a;
	struct err e = { 0 };

	(void)state;
	assert_true(access_open(&w->s->access, w->s, &e));
	for (int i = 0; i < 64; i++) {
		assert_int_equal(send_entries(w, k, 1, 0).status, 200);
		assert_int_equal(send_entries(w, p, 1, 0).status, 200);
		k->store_id = crypto_random_id();
		p->store_id = crypto_random_id();
	}
	a = send_entries(w, k, 1, 0);
	assert_int_equal(a.status, 429);
	assert_true(str_find(a.body, STR("too many new streams of this station"), 0) != SIZE_MAX);
	assert_int_equal(send_entries(w, p, 1, 0).status, 429);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM stream"), 128);
	world_now += 86400000 / 64;
	assert_int_equal(send_entries(w, p, 1, 0).status, 200);
	p->store_id = crypto_random_id();
	assert_int_equal(send_entries(w, p, 1, 0).status, 429);
	k->store_id = first; /* those that it has go on */
	write_checkin(w, k, ana.id);
	assert_int_equal(send_all(w, k).status, 200);
	assert_int_equal(send_entries(w, other, 1, 0).status, 200);
	/* and what the pages write for that person has room of its own */
	assert_int_equal(
		ask(w, &caller, "POST", STR("/v1/me/consents"), str_bytes(consent)).status, 204);
	diary_free(p);
	diary_free(other);
	diary_free(k);
	access_close(w->s->access);
	w->s->access = NULL;
	world_close(w);
}

/* What is held already counts nothing, and what waits is taken whole once there is room again. */
static void a_persons_phones_write_10000_entries_a_day(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana"), ben = world_attendee(w, "Ben");
	struct diary *p = diary_new(w, ROLE_ATTENDEE, ana.id);
	struct diary *second = diary_new(w, ROLE_ATTENDEE, ana.id);
	struct diary *bens = diary_new(w, ROLE_ATTENDEE, ben.id);
	struct request q = { .arena = &w->arena };
	struct reply r = { 0 };
	struct err e = { 0 };

	(void)state;
	assert_true(access_open(&w->s->access, w->s, &e));
	assert_true(access_limit_many(w->s, &r, &q, LIMIT_ENTRY, id_bytes(&ana.id), 9990, &e));
	for (int i = 0; i < 11; i++) {
		write_meeting(w, p, ana.id, ben.id);
		write_meeting(w, second, ana.id, ben.id);
		write_meeting(w, bens, ben.id, ana.id);
		write_checkin(w, k, ana.id);
	}
	assert_int_equal(send_entries(w, p, 1, 9).status, 200);
	assert_int_equal(send_entries(w, p, 1, 9).status, 200);
	assert_int_equal(send_entries(w, p, 1, 11).status, 429);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM entry"), 9);
	assert_int_equal(send_entries(w, p, 1, 10).status, 200);
	assert_int_equal(send_entries(w, second, 1, 1).status, 429);
	assert_int_equal(send_entries(w, p, 11, 0).status, 200);
	assert_int_equal(send_entries(w, bens, 1, 11).status, 200);
	assert_int_equal(send_entries(w, k, 1, 11).status, 200);
	world_now += 11 * INT64_C(86400000) / 10000;
	assert_int_equal(send_entries(w, second, 1, 11).status, 200);
	assert_int_equal(send_entries(w, p, 11, 1).status, 429);
	diary_free(bens);
	diary_free(second);
	diary_free(p);
	diary_free(k);
	access_close(w->s->access);
	w->s->access = NULL;
	world_close(w);
}

static bool says_when(const struct reply *r)
{
	for (size_t i = 0; i < r->header_count; i++)
		if (strcmp(r->headers[i].name, "Retry-After") == 0)
			return true;
	return false;
}

/* The pages write as much as the phones may, and no more beside them. */
static void what_a_persons_pages_write_counts_with_their_phones(void **state)
{
	struct world *w = world_open();
	struct attendee ana = world_attendee(w, "Ana"), ben = world_attendee(w, "Ben");
	struct diary *k = kiosk_new(w);
	const char *met = say(w, "%s%c", id_uuid_text(write_meeting(w, k, ana.id, ben.id)).s, 0).p;
	const struct id key = followup_key(k->entries[0].id, FOLLOWUP_HELLO);
	struct caller caller = { .role = ROLE_ATTENDEE, .event = w->event.event, .id = ana.id };
	const struct {
		struct str path, body;
		int status;
	} writes[] = {
		{ STR("/v1/me/consents"), STR("{\"purpose\":\"card\",\"given\":true}"), 204 },
		{ STR("/v1/notes"), say(w, "{\"of\":\"%s\",\"text\":\"sails\"}", met), 200 },
		{ say(w, "/v1/queue/%s", id_text(key).s), STR("{\"state\":\"drop\"}"), 200 },
		{ STR("/v1/me/hide"), say(w, "{\"of\":\"%s\"}", met), 200 },
	};
	struct request q = { .arena = &w->arena };
	struct reply r = { 0 };
	struct err e = { 0 };

	(void)state;
	assert_true(access_open(&w->s->access, w->s, &e));
	assert_int_equal(send_all(w, k).status, 200);
	world_settle(w);
	for (size_t i = 0; i < ARRAY_LEN(writes); i++) {
		int64_t held = world_count(w, "SELECT COUNT(*) FROM entry");

		assert_true(
			access_limit_many(w->s, &r, &q, LIMIT_ENTRY, id_bytes(&ana.id), 10000, &e));
		r = ask(w, &caller, "POST", writes[i].path, str_bytes(writes[i].body));
		assert_int_equal(r.status, 429);
		assert_true(says_when(&r));
		assert_int_equal(world_count(w, "SELECT COUNT(*) FROM entry"), held);
		world_now += 86400000;
		r = ask(w, &caller, "POST", writes[i].path, str_bytes(writes[i].body));
		assert_int_equal(r.status, writes[i].status);
		assert_int_equal(world_count(w, "SELECT COUNT(*) FROM entry"), held + 1);
		world_now += 86400000;
	}
	diary_free(k);
	access_close(w->s->access);
	w->s->access = NULL;
	world_close(w);
}

/* Somebody who signs in anew with too much to send tries again and again, and then may. */
static void what_is_too_much_of_a_day_begins_no_stream(void **state)
{
	struct world *w = world_open();
	struct attendee ana = world_attendee(w, "Ana");
	struct diary *p = diary_new(w, ROLE_ATTENDEE, ana.id);
	struct request q = { .arena = &w->arena };
	struct reply r = { 0 };
	struct answer a;
	struct err e = { 0 };

	(void)state;
	assert_true(access_open(&w->s->access, w->s, &e));
	assert_true(access_limit_many(w->s, &r, &q, LIMIT_ENTRY, id_bytes(&ana.id), 10000, &e));
	write_meeting(w, p, ana.id, ana.id);
	for (int i = 0; i < 65; i++) {
		a = send_entries(w, p, 1, 1);
		assert_int_equal(a.status, 429);
		assert_true(str_find(a.body, STR("too many entries"), 0) != SIZE_MAX);
	}
	world_now += 60000;
	assert_int_equal(send_entries(w, p, 1, 1).status, 200);
	diary_free(p);
	access_close(w->s->access);
	w->s->access = NULL;
	world_close(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_station_begins_64_streams_a_day),
		cmocka_unit_test(a_persons_phones_write_10000_entries_a_day),
		cmocka_unit_test(what_a_persons_pages_write_counts_with_their_phones),
		cmocka_unit_test(what_is_too_much_of_a_day_begins_no_stream),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
