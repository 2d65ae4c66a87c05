#include "tests/unit/server/pair.h"

#include "server/store/accounts.h"
#include "server/store/log.h"
#include "server/store/pairings.h"

static void pairs_the_first_phone_by_the_badge_alone(void **unused)
{
	struct gate *g = gate_open();
	struct answer a;
	const char *session;
	struct pair p;

	(void)unused;
	a = start(g, &p, g->badge, "chip");
	assert_int_equal(a.status, 200);
	assert_true(str_starts(said(&a, "url"), STR("http://localhost/p#")));
	assert_int_equal(strlen(p.token), 22);
	assert_string_equal(state(g, &p), "waiting");
	assert_int_equal(spend(g, &p).status, 200);
	a = ask(g, (struct who){ .kiosk = &g->kiosk }, "GET", print(g, "/v1/pairings/%s", p.id),
		"");
	assert_str(said(&a, "state"), "opened");
	assert_str(said(&a, "digits"), p.digits);
	a = finish(g, &p);
	assert_str(said(&a, "state"), "opened");
	assert_null(cookie_of(g, &a, COOKIE_ATTENDEE));
	assert_string_equal(confirm(g, &p, g->badge, NULL), "ready");
	a = finish(g, &p);
	assert_str(said(&a, "state"), "paired");
	session = cookie_of(g, &a, COOKIE_ATTENDEE);
	assert_non_null(session);
	assert_string_equal(state(g, &p), "paired");
	a = ask(g, (struct who){ .cookie = session }, "GET", "/v1/me", "");
	assert_int_equal(a.status, 200);
	assert_str(said(&a, "name"), "Ana");
	/* a second question of the page gives no second session */
	a = finish(g, &p);
	assert_null(cookie_of(g, &a, COOKIE_ATTENDEE));
	gate_close(g);
}

static void opening_the_page_spends_nothing_and_a_token_serves_once(void **unused)
{
	struct gate *g = gate_open();
	struct answer a;
	struct pair p, again;

	(void)unused;
	start(g, &p, g->badge, "chip");
	a = ask(g, (struct who){ 0 }, "GET", "/v1/pair", "");
	assert_int_equal(a.status, 405);
	assert_string_equal(state(g, &p), "waiting");
	assert_int_equal(spend(g, &p).status, 200);
	again = p;
	assert_int_equal(spend(g, &again).status, 410);
	gate_close(g);
}

static void a_token_is_over_after_90_seconds(void **unused)
{
	struct gate *g = gate_open();
	struct pair p;

	(void)unused;
	start(g, &p, g->badge, "chip");
	gate_now += 90000;
	assert_int_equal(spend(g, &p).status, 410);
	assert_string_equal(state(g, &p), "expired");
	gate_close(g);
}

static void the_badge_must_come_again_in_time(void **unused)
{
	struct gate *g = gate_open();
	struct answer a;
	struct pair p;

	(void)unused;
	start(g, &p, g->badge, "chip");
	spend(g, &p);
	gate_now += PAIRING_CONFIRM_MS;
	assert_string_equal(confirm(g, &p, g->badge, NULL), "expired");
	a = finish(g, &p);
	assert_null(cookie_of(g, &a, COOKIE_ATTENDEE));
	gate_close(g);
}

static void refuses_an_unknown_or_guessed_token(void **unused)
{
	struct gate *g = gate_open();
	struct pair p = { .token = "AAAAAAAAAAAAAAAAAAAAAA" };

	(void)unused;
	assert_int_equal(spend(g, &p).status, 410);
	p.token = "short";
	assert_int_equal(spend(g, &p).status, 410);
	gate_close(g);
}

static void confirming_before_the_page_was_opened_does_nothing(void **unused)
{
	struct gate *g = gate_open();
	struct pair p;

	(void)unused;
	start(g, &p, g->badge, "chip");
	assert_string_equal(confirm(g, &p, g->badge, NULL), "waiting");
	assert_int_equal(spend(g, &p).status, 200);
	gate_close(g);
}

static void another_badge_refuses_the_pairing(void **unused)
{
	struct gate *g = gate_open();
	struct id bens = gate_badge(g, g->event.event, g->ben.attendee);
	struct answer a;
	struct pair p;

	(void)unused;
	start(g, &p, g->badge, "chip");
	spend(g, &p);
	assert_string_equal(confirm(g, &p, bens, NULL), "refused");
	assert_string_equal(confirm(g, &p, g->badge, NULL), "refused");
	a = finish(g, &p);
	assert_null(cookie_of(g, &a, COOKIE_ATTENDEE));
	/* also a second badge of the same person: the same one must come */
	start(g, &p, g->badge, "chip");
	spend(g, &p);
	assert_string_equal(confirm(g, &p, g->spare, NULL), "refused");
	gate_close(g);
}

static void a_later_phone_needs_more_than_the_badge(void **unused)
{
	struct gate *g = gate_open();
	struct answer a;
	struct pair p;

	(void)unused;
	assert_non_null(pair_by_badge(g));
	start(g, &p, g->badge, "chip");
	spend(g, &p);
	assert_string_equal(confirm(g, &p, g->badge, NULL), "approval");
	a = finish(g, &p);
	assert_str(said(&a, "state"), "approval");
	assert_null(cookie_of(g, &a, COOKIE_ATTENDEE));
	/* the badge again is no more than the badge */
	assert_string_equal(confirm(g, &p, g->badge, "chip"), "approval");
	gate_now += PAIRING_APPROVAL_MS;
	a = finish(g, &p);
	assert_str(said(&a, "state"), "expired");
	gate_close(g);
}

static void a_person_who_signed_out_everywhere_is_still_known(void **unused)
{
	struct gate *g = gate_open();
	const char *session = pair_by_badge(g);
	struct pair p;

	(void)unused;
	assert_int_equal(
		ask(g, (struct who){ .cookie = session }, "POST", "/v1/signout", "{}").status, 204);
	start(g, &p, g->badge, "chip");
	spend(g, &p);
	assert_string_equal(confirm(g, &p, g->badge, NULL), "approval");
	gate_close(g);
}

static void ticket_and_staff_stand_for_the_person(void **unused)
{
	static const char *const proofs[] = { "ticket", "staff" };
	struct gate *g = gate_open();
	struct answer a;
	struct pair p;

	(void)unused;
	assert_non_null(pair_by_badge(g));
	for (size_t i = 0; i < ARRAY_LEN(proofs); i++) {
		start(g, &p, g->ana.id, proofs[i]);
		spend(g, &p);
		assert_string_equal(confirm(g, &p, g->ana.id, NULL), "ready");
		a = finish(g, &p);
		assert_non_null(cookie_of(g, &a, COOKIE_ATTENDEE));
	}
	/* shown afterwards, while it waits for approval */
	start(g, &p, g->badge, "chip");
	spend(g, &p);
	assert_string_equal(confirm(g, &p, g->badge, NULL), "approval");
	assert_string_equal(confirm(g, &p, g->ana.id, "ticket"), "ready");
	/* but not somebody else's ticket */
	start(g, &p, g->badge, "chip");
	spend(g, &p);
	confirm(g, &p, g->badge, NULL);
	assert_string_equal(confirm(g, &p, g->ben.id, "ticket"), "refused");
	gate_close(g);
}

/* Ana is at the other event, too, with a phone of that one, and joined this one to it. */
struct joined {
	struct attendee there;
	const char *phone;
};

static const char *session_there(struct gate *g, const struct joined *j)
{
	struct cookie c;

	MUST(session_make(g->s->write.db, SESSION_ATTENDEE, g->other.event, j->there.id,
		STR("a test"), gate_now, &c, &e));
	return print(g, "%s=%s", COOKIE_ATTENDEE, c.text);
}

static struct joined join(struct gate *g)
{
	struct joined j = { .there = gate_attendee(g, g->other.event, "Ana") };
	const struct account x = { g->event.event, g->ana.attendee, g->ana.id },
			     y = { g->other.event, j.there.attendee, j.there.id };

	j.phone = session_there(g, &j);
	gate_now += 1000;
	MUST(account_join(g->s->write.db, &x, &y, gate_now, &e));
	return j;
}

static void a_phone_of_a_joined_event_makes_a_found_badge_a_later_one(void **unused)
{
	struct gate *g = gate_open();
	struct joined j = join(g);
	struct answer a;
	struct pair p;

	(void)unused;
	start(g, &p, g->badge, "chip");
	spend(g, &p);
	assert_string_equal(confirm(g, &p, g->badge, NULL), "approval");
	a = finish(g, &p);
	assert_null(cookie_of(g, &a, COOKIE_ATTENDEE));
	/* the phone of the other event says yes, and keeps what is joined */
	assert_int_equal(ask(g, (struct who){ .cookie = j.phone }, "POST",
				 print(g, "/v1/me/approvals/%s", p.id), "{\"approve\":true}")
				 .status,
		204);
	a = finish(g, &p);
	assert_true(reaches(g, cookie_of(g, &a, COOKIE_ATTENDEE), g->other.event));
	gate_close(g);
}

static void who_wrote_here_by_another_event_is_known_here_when_parted(void **unused)
{
	struct gate *g = gate_open();
	struct joined j = join(g);
	struct id entry;
	struct pair p;

	(void)unused;
	MUST(db_begin(g->s->write.db, &e));
	MUST(log_append(&g->s->write, g->event.event, g->ana.id, ENTRY_SETTING,
		str_bytes(str_of(print(g, "{\"owner\":\"%s\",\"name\":\"x\",\"value\":\"y\"}",
			id_text(g->ana.id).s))),
		&entry, &e));
	MUST(db_commit(g->s->write.db, &e));
	assert_int_equal(ask(g, (struct who){ .cookie = j.phone }, "POST", "/v1/me/part",
				 print(g, "{\"event\":%u}", g->event.event))
				 .status,
		204);
	start(g, &p, g->badge, "chip");
	spend(g, &p);
	assert_string_equal(confirm(g, &p, g->badge, NULL), "approval");
	gate_close(g);
}

/* ticket and staff, at the beginning or while it waits: only the station saw any of it */
static void a_stations_word_opens_its_own_event_alone(void **unused)
{
	(void)unused;
	for (int way = 0; way < 4; way++) {
		const char *proof = way % 2 ? "ticket" : "staff", *session;
		struct gate *g = gate_open();
		struct joined j = join(g);
		struct answer a;
		struct pair p;

		assert_true(reaches(g, j.phone, g->event.event));
		start(g, &p, g->badge, way < 2 ? proof : "chip");
		spend(g, &p);
		confirm(g, &p, g->badge, NULL);
		if (way >= 2)
			assert_string_equal(confirm(g, &p, g->badge, proof), "ready");
		assert_true(reaches(g, j.phone, g->event.event)); /* nothing is opened yet */
		a = finish(g, &p);
		session = cookie_of(g, &a, COOKIE_ATTENDEE);
		assert_non_null(session);
		assert_true(reaches(g, session, g->event.event));
		assert_false(reaches(g, session, g->other.event));
		assert_false(reaches(g, j.phone, g->event.event));
		assert_true(is_told(g, j.phone, "C Meetup is a list of its own again"));
		assert_true(is_told(g, session, "C Meetup is a list of its own again"));
		assert_false(is_told(g, session, "Another"));
		gate_close(g);
	}
}

static void a_paired_phone_approves_or_refuses(void **unused)
{
	struct gate *g = gate_open();
	const char *phone = pair_by_badge(g), *ben = gate_session(g, SESSION_ATTENDEE, g->ben.id);
	struct answer a;
	struct pair p;

	(void)unused;
	for (int yes = 0; yes <= 1; yes++) {
		const char *path, *body = yes ? "{\"approve\":true}" : "{\"approve\":false}";
		const struct json *approvals;
		struct str digits;

		start(g, &p, g->badge, "chip");
		spend(g, &p);
		path = print(g, "/v1/me/approvals/%s", p.id);
		assert_int_equal(
			ask(g, (struct who){ .cookie = phone }, "POST", path, body).status, 409);
		confirm(g, &p, g->badge, NULL);
		a = ask(g, (struct who){ .cookie = phone }, "GET", "/v1/me", "");
		approvals = json_get(a.json, "approvals");
		assert_int_equal(approvals->count, 1);
		assert_true(json_get_str(approvals->first, "digits", &digits));
		assert_str(digits, p.digits);
		/* nobody else's phone can */
		assert_int_equal(
			ask(g, (struct who){ .cookie = ben }, "POST", path, body).status, 404);
		assert_int_equal(
			ask(g, (struct who){ .cookie = phone }, "POST", path, body).status, 204);
		assert_string_equal(state(g, &p), yes ? "ready" : "refused");
		a = finish(g, &p);
		assert_str(said(&a, "state"), yes ? "paired" : "refused");
		assert_int_equal(cookie_of(g, &a, COOKIE_ATTENDEE) != NULL, yes);
		assert_int_equal(
			ask(g, (struct who){ .cookie = phone }, "POST", path, body).status, 409);
	}
	gate_close(g);
}

static void every_paired_phone_is_told(void **unused)
{
	struct gate *g = gate_open();
	const char *phone = pair_by_badge(g);
	const struct json *notices;
	struct answer a;
	struct str text;
	struct pair p;

	(void)unused;
	start(g, &p, g->ana.id, "ticket");
	spend(g, &p);
	confirm(g, &p, g->ana.id, NULL);
	finish(g, &p);
	a = ask(g, (struct who){ .cookie = phone }, "GET", "/v1/me", "");
	notices = json_get(a.json, "notices");
	assert_int_equal(notices->count, 2);
	assert_true(json_get_str(notices->first, "text", &text));
	assert_str(text, "Paired: Firefox on Android, at Door");
	assert_int_equal(json_get(a.json, "devices")->count, 2);
	/* an attempt that was refused is told too */
	start(g, &p, g->badge, "chip");
	spend(g, &p);
	confirm(g, &p, g->ben.id, NULL);
	a = ask(g, (struct who){ .cookie = phone }, "GET", "/v1/me", "");
	assert_true(json_get_str(json_get(a.json, "notices")->first, "text", &text));
	assert_true(str_starts(text, STR("Not paired")));
	gate_close(g);
}

static void a_new_pairing_ends_the_unfinished_one(void **unused)
{
	struct gate *g = gate_open();
	struct pair first, second;

	(void)unused;
	start(g, &first, g->badge, "chip");
	spend(g, &first);
	start(g, &second, g->badge, "chip");
	assert_string_equal(confirm(g, &first, g->badge, NULL), "refused");
	assert_int_equal(spend(g, &second).status, 200);
	gate_close(g);
}

static void only_the_station_that_began_it_sees_a_pairing(void **unused)
{
	struct gate *g = gate_open();
	struct who other = { .kiosk = &g->kiosk2 };
	const char *body = print(g, "{\"who\":\"%s\"}", id_text(g->badge).s);
	struct pair p;

	(void)unused;
	start(g, &p, g->badge, "chip");
	assert_int_equal(ask(g, other, "GET", print(g, "/v1/pairings/%s", p.id), "").status, 404);
	assert_int_equal(
		ask(g, other, "POST", print(g, "/v1/pairings/%s/confirm", p.id), body).status, 404);
	gate_close(g);
}

static void refuses_badges_that_are_unknown_revoked_or_of_another_event(void **unused)
{
	struct gate *g = gate_open();
	struct attendee eve = gate_attendee(g, g->other.event, "Eve");
	struct id foreign = gate_badge(g, g->other.event, eve.attendee);
	struct pair p;

	(void)unused;
	assert_int_equal(start(g, &p, crypto_random_id(), "chip").status, 404);
	assert_int_equal(start(g, &p, foreign, "chip").status, 404);
	MUST(badge_revoke(g->s->write.db, g->event.event, g->badge, &e));
	assert_int_equal(start(g, &p, g->badge, "chip").status, 403);
	assert_int_equal(start(g, &p, g->spare, "chip").status, 200);
	/* a badge QR is no proof, so there is no name for it */
	assert_int_equal(start(g, &p, g->spare, "badge").status, 400);
	gate_close(g);
}

static void limits_pairings_of_a_person_and_at_a_station(void **unused)
{
	struct gate *g = gate_open();
	struct answer a = { 0 };
	struct pair p;
	int begun = 0;

	(void)unused;
	while (begun < 100 && (a = start(g, &p, g->badge, "chip")).status == 200)
		begun++;
	assert_int_equal(begun, 6);
	assert_int_equal(a.status, 429);
	assert_string_equal(header_of(g, &a, "Retry-After"), "101");
	assert_int_equal(start(g, &p, g->ben.id, "chip").status, 200);
	gate_now += 101000;
	assert_int_equal(start(g, &p, g->badge, "chip").status, 200);
	for (begun = 0; begun < 200; begun++) {
		struct attendee x = gate_attendee(g, g->event.event, "Somebody");

		a = start(g, &p, x.id, "staff");
		if (a.status != 200)
			break;
	}
	assert_int_equal(a.status, 429);
	assert_true(begun > 40 && begun < 100);
	gate_close(g);
}

static void limits_guessing_of_tokens(void **unused)
{
	struct gate *g = gate_open();
	struct pair p = { .token = "AAAAAAAAAAAAAAAAAAAAAA" };
	int tried = 0;

	(void)unused;
	while (tried < 1000 && spend(g, &p).status == 410)
		tried++;
	assert_int_equal(tried, 60);
	assert_int_equal(spend(g, &p).status, 429);
	gate_close(g);
}

static void names_browsers_without_copying_what_they_say(void **unused)
{
	static const struct {
		const char *agent, *label;
	} cases[] = {
		{ FIREFOX, "Firefox on Android" },
		{ "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 "
		  "Version/17.0 Mobile Safari/604.1",
			"Safari on iPhone" },
		{ "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 "
		  "Edg/120.0",
			"Edge on Windows" },
		{ "<script>alert(1)</script>", "a browser" },
		{ "", "a browser" },
	};
	struct arena a = { 0 };

	(void)unused;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_str(browser_label(str_of(cases[i].agent), &a), cases[i].label);
	arena_finish(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_the_first_phone_by_the_badge_alone),
		cmocka_unit_test(opening_the_page_spends_nothing_and_a_token_serves_once),
		cmocka_unit_test(a_token_is_over_after_90_seconds),
		cmocka_unit_test(the_badge_must_come_again_in_time),
		cmocka_unit_test(refuses_an_unknown_or_guessed_token),
		cmocka_unit_test(confirming_before_the_page_was_opened_does_nothing),
		cmocka_unit_test(another_badge_refuses_the_pairing),
		cmocka_unit_test(a_later_phone_needs_more_than_the_badge),
		cmocka_unit_test(a_person_who_signed_out_everywhere_is_still_known),
		cmocka_unit_test(ticket_and_staff_stand_for_the_person),
		cmocka_unit_test(a_phone_of_a_joined_event_makes_a_found_badge_a_later_one),
		cmocka_unit_test(who_wrote_here_by_another_event_is_known_here_when_parted),
		cmocka_unit_test(a_stations_word_opens_its_own_event_alone),
		cmocka_unit_test(a_paired_phone_approves_or_refuses),
		cmocka_unit_test(every_paired_phone_is_told),
		cmocka_unit_test(a_new_pairing_ends_the_unfinished_one),
		cmocka_unit_test(only_the_station_that_began_it_sees_a_pairing),
		cmocka_unit_test(refuses_badges_that_are_unknown_revoked_or_of_another_event),
		cmocka_unit_test(limits_pairings_of_a_person_and_at_a_station),
		cmocka_unit_test(limits_guessing_of_tokens),
		cmocka_unit_test(names_browsers_without_copying_what_they_say),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
