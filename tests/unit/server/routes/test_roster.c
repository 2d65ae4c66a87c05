#include "tests/unit/server/world.h"

#include "core/base/json.h"

static const struct json *roster(struct world *w, const struct diary *k, struct str after)
{
	const struct caller caller = caller_of(k);
	struct str target = after.len ? say(w, "/v1/roster?after=" STR_FMT, STR_ARG(after))
				      : STR("/v1/roster");
	struct reply r = ask(w, &caller, "GET", target, BYTES(""));
	struct json *root;
	struct err e = { 0 };

	assert_int_equal(r.status, 200);
	if (!json_read(&root, r.body, &w->arena, &e))
		fail_msg("%s", e.text);
	return root;
}

static struct str text_of(const struct json *o, const char *key)
{
	struct str s;

	assert_true(json_get_str(o, key, &s));
	return s;
}

static bool truth_of(const struct json *o, const char *key)
{
	bool b;

	assert_true(json_get_bool(o, key, &b));
	return b;
}

static void the_first_answer_is_the_whole_roster(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana");
	const struct json *all, *row;
	struct id id;

	(void)state;
	world_attendee(w, "Ben");
	all = roster(w, k, STR(""));
	assert_true(truth_of(all, "full"));
	assert_false(truth_of(all, "more"));
	assert_int_equal(json_get(all, "rows")->count, 2);
	row = json_get(all, "rows")->first;
	assert_true(json_get_id(row, "id", &id));
	assert_true(id_equal(id, ana.id));
	assert_str(text_of(row, "name"), "Ana");
	assert_int_equal(json_get(row, "checked_in_ms")->type, JSON_NULL);
	assert_str(text_of(json_get(all, "event"), "name"), "C Meetup");
	assert_int_equal(json_get(json_get(all, "event"), "keys")->count, 1);
	diary_free(k);
	world_close(w);
}

static void a_cursor_brings_what_changed_since(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana");
	const struct json *r;
	int64_t in_ms;

	(void)state;
	world_attendee(w, "Ben");
	r = roster(w, k, text_of(roster(w, k, STR("")), "cursor"));
	assert_false(truth_of(r, "full"));
	assert_int_equal(json_get(r, "rows")->count, 0);
	write_checkin(w, k, ana.id);
	assert_int_equal(send_all(w, k).reply.durable_seq, 1);
	world_settle(w);
	r = roster(w, k, text_of(r, "cursor"));
	assert_int_equal(json_get(r, "rows")->count, 1);
	assert_str(text_of(json_get(r, "rows")->first, "name"), "Ana");
	assert_true(json_get_i64(json_get(r, "rows")->first, "checked_in_ms", &in_ms));
	/* and the heartbeat says that there is something to fetch */
	assert_true(send_entries(w, k, 2, 0).reply.roster_rev > 0);
	diary_free(k);
	world_close(w);
}

static void pages_follow_each_other_without_a_gap(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct str cursor = STR("");
	size_t rows = 0, pages = 0;
	struct err e = { 0 };
	bool more = true;

	(void)state;
	assert_true(db_begin(w->s->write.db, &e));
	for (int i = 0; i < 1201; i++) {
		struct attendee x = { .name = STR("Somebody") };

		assert_true(attendee_add(w->s->write.db, w->event.event, &x, NULL, &e));
	}
	assert_true(db_commit(w->s->write.db, &e));
	while (more) {
		const struct json *r = roster(w, k, cursor);

		rows += json_get(r, "rows")->count;
		more = truth_of(r, "more");
		assert_int_equal(truth_of(r, "full"), pages == 0);
		cursor = text_of(r, "cursor");
		pages++;
	}
	assert_int_equal(rows, 1201);
	assert_true(pages >= 3);
	diary_free(k);
	world_close(w);
}

static void a_cursor_of_another_timeline_starts_over(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct str cursor;

	(void)state;
	world_attendee(w, "Ana");
	cursor = text_of(roster(w, k, STR("")), "cursor");
	w->s->timeline = crypto_random_id();
	assert_true(truth_of(roster(w, k, cursor), "full"));
	assert_int_equal(json_get(roster(w, k, cursor), "rows")->count, 1);
	assert_true(truth_of(roster(w, k, STR("nonsense")), "full"));
	diary_free(k);
	world_close(w);
}

static void badges_are_listed_and_revoked_ones_apart(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana");
	struct id good = crypto_random_id(), lost = crypto_random_id();
	struct db *db = w->s->write.db;
	const struct json *row;
	struct err e = { 0 };
	struct ref ref;

	(void)state;
	assert_true(ref_intern(db, w->event.event, good, &ref, &e));
	assert_true(badge_give(db, w->event.event, ref.ref, ana.attendee, &e));
	assert_true(ref_intern(db, w->event.event, lost, &ref, &e));
	assert_true(badge_give(db, w->event.event, ref.ref, ana.attendee, &e));
	assert_true(badge_revoke(db, w->event.event, lost, &e));
	row = json_get(roster(w, k, STR("")), "rows")->first;
	assert_int_equal(json_get(row, "badges")->count, 1);
	assert_str(json_get(row, "badges")->first->text, id_text(good).s);
	assert_int_equal(json_get(row, "revoked")->count, 1);
	assert_str(json_get(row, "revoked")->first->text, id_text(lost).s);
	diary_free(k);
	world_close(w);
}

static void says_whether_it_knows_all_that_was_acknowledged(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana");

	(void)state;
	assert_true(truth_of(roster(w, k, STR("")), "settled"));
	write_checkin(w, k, ana.id);
	diary_seal(w, k, ENTRY_NOTE, STR("{}"));
	send_all(w, k);
	assert_false(truth_of(roster(w, k, STR("")), "settled"));
	world_settle(w);
	assert_true(truth_of(roster(w, k, STR("")), "settled"));
	diary_free(k);
	world_close(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_answer_is_the_whole_roster),
		cmocka_unit_test(a_cursor_brings_what_changed_since),
		cmocka_unit_test(pages_follow_each_other_without_a_gap),
		cmocka_unit_test(a_cursor_of_another_timeline_starts_over),
		cmocka_unit_test(badges_are_listed_and_revoked_ones_apart),
		cmocka_unit_test(says_whether_it_knows_all_that_was_acknowledged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
