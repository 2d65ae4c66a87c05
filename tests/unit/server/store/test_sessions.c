#include "tests/unit/server/world.h"

#include "server/store/sessions.h"

static struct cookie sign_in(struct world *w, struct id who)
{
	struct cookie cookie;
	struct err e = { 0 };

	if (!session_make(w->s->write.db, SESSION_ATTENDEE, w->event.event, who, STR("a browser"),
		    world_now, &cookie, &e))
		fail_msg("%s", e.text);
	return cookie;
}

static struct id session_of(struct world *w, const struct cookie *cookie)
{
	struct session s;
	struct err e = { 0 };

	if (!session_find(
		    &s, w->s->write.db, SESSION_ATTENDEE, str_of(cookie->text), world_now, &e))
		fail_msg("%s", e.text);
	return s.id;
}

static int64_t rows(struct world *w)
{
	return world_count(w, "SELECT COUNT(*) FROM session");
}

static void the_next_sign_in_deletes_what_is_over(void **state)
{
	struct world *w = world_open();
	struct id ana = world_attendee(w, "Ana").id, ben = world_attendee(w, "Ben").id;
	struct db *db = w->s->write.db;
	struct cookie idle, ended, kept;
	struct session s = { .event = w->event.event };
	struct err e = { 0 };
	bool ever = false;

	(void)state;
	idle = sign_in(w, ana);
	ended = sign_in(w, ana);
	kept = sign_in(w, ana);
	sign_in(w, ben);
	assert_true(session_end(db, w->event.event, ana, session_of(w, &ended), world_now, &e));
	assert_int_equal(rows(w), 4);
	world_now += SESSION_IDLE_MS - 1;
	s.id = session_of(w, &kept);
	assert_true(session_seen(db, &s, world_now, &e));
	world_now += 1;
	assert_false(session_find(&s, db, SESSION_ATTENDEE, str_of(idle.text), world_now, &e));
	sign_in(w, ana);
	assert_int_equal(rows(w), 3); /* kept, the new one, and ben's, who did not come again */
	session_of(w, &kept);
	/* and that both were here before is still known */
	assert_true(session_ever(&ever, db, w->event.event, ana, &e) && ever);
	assert_true(session_ever(&ever, db, w->event.event, ben, &e) && ever);
	world_now += SESSION_LIFE_MS;
	sign_in(w, ana);
	assert_int_equal(rows(w), 2);
	world_close(w);
}

static bool opens(struct world *w, const struct cookie *cookie)
{
	struct session s;
	struct err e = { 0 };
	bool found = session_find(
		&s, w->s->write.db, SESSION_ATTENDEE, str_of(cookie->text), world_now, &e);

	assert_true(found || e.code == ERR_UNAUTHENTICATED);
	return found;
}

/* A station adds a walk-in, pairs a phone for them, and then makes their id Ana's badge. */
static void a_session_opens_nobody_else_when_its_person_becomes_a_badge(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana");
	struct id cleo = crypto_random_id(), named, led;
	struct cookie hers, cleos;

	(void)state;
	named = diary_write(k, ENTRY_BADGE_ASSIGN,
		say(w, "{\"badge\":\"%s\",\"who\":\"%s\",\"name\":\"Cleo\"}",
			id_text(crypto_random_id()).s, id_text(cleo).s));
	send_all(w, k);
	world_settle(w);
	hers = sign_in(w, ana.id);
	cleos = sign_in(w, cleo);
	assert_true(opens(w, &cleos));
	diary_write(k, ENTRY_RETRACT, say(w, "{\"of\":\"%s\"}", id_uuid_text(named).s));
	led = diary_write(k, ENTRY_BADGE_ASSIGN,
		say(w, "{\"badge\":\"%s\",\"who\":\"%s\"}", id_text(cleo).s, id_text(ana.id).s));
	assert_int_equal(send_entries(w, k, 2, 2).status, 200);
	world_settle(w);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM ref WHERE badge = 1"
					" AND attendee <> ref AND ref = (SELECT attendee"
					" FROM attendee WHERE name = 'Cleo')"),
		1);
	assert_false(opens(w, &cleos));
	assert_true(opens(w, &hers));
	/* theirs again, with the id */
	diary_write(k, ENTRY_RETRACT, say(w, "{\"of\":\"%s\"}", id_uuid_text(led).s));
	assert_int_equal(send_entries(w, k, 4, 1).status, 200);
	world_settle(w);
	assert_true(opens(w, &cleos));
	diary_free(k);
	world_close(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_next_sign_in_deletes_what_is_over),
		cmocka_unit_test(a_session_opens_nobody_else_when_its_person_becomes_a_badge),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
