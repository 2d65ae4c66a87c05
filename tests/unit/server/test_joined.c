/* Joining events, and what it takes to see more than the one whose proof was shown. */
#include "tests/unit/server/pair.h"

#include "core/tag/ticket.h"
#include "server/import.h"
#include "server/store/accounts.h"
#include "server/store/tickets.h"
#include "server/writer.h"

/* Ana at both events of the gate, each with a ticket; her phone came in by the first one. */
struct ana {
	struct gate *g;
	struct attendee there; /* at the other event; g->ana is she at this one */
	const char *here_code, *there_code, *phone;
};

static const char *issue(struct gate *g, uint32_t event, struct id attendee)
{
	struct str code = { NULL, 0 }, url;

	gate_now += 1000;
	MUST(db_begin(g->s->write.db, &e));
	MUST(ticket_issue(g->s->write.db, event, attendee, gate_now, &g->a, &code, &url, &e));
	MUST(db_commit(g->s->write.db, &e));
	return arena_cstr(&g->a, code);
}

static const char *sign_in(struct gate *g, const char *code)
{
	struct answer a;

	gate_now += 1000;
	a = ask(g, (struct who){ 0 }, "POST", "/v1/signin", print(g, "{\"code\":\"%s\"}", code));
	assert_int_equal(a.status, 204);
	return cookie_of(g, &a, COOKIE_ATTENDEE);
}

static int join(struct gate *g, const char *session, const char *code)
{
	gate_now += 1000;
	return ask(g, (struct who){ .cookie = session }, "POST", "/v1/me/join",
		print(g, "{\"code\":\"%s\"}", code))
		.status;
}

static struct ana ana_open(void)
{
	struct ana x = { .g = gate_open() };

	x.there = gate_attendee(x.g, x.g->other.event, "Ana");
	x.here_code = issue(x.g, x.g->event.event, x.g->ana.id);
	x.there_code = issue(x.g, x.g->other.event, x.there.id);
	x.phone = sign_in(x.g, x.here_code);
	return x;
}

static void a_first_ticket_of_who_joined_nothing_changes_nothing(void **unused)
{
	struct ana x = ana_open();
	const char *laptop = sign_in(x.g, x.there_code);

	(void)unused;
	assert_int_equal(join(x.g, x.phone, x.there_code), 200);
	assert_true(reaches(x.g, x.phone, x.g->other.event));
	assert_true(reaches(x.g, laptop, x.g->event.event));
	assert_false(is_told(x.g, x.phone, "list of its own"));
	gate_close(x.g);
}

static void a_ticket_given_out_anew_opens_its_own_event_alone(void **unused)
{
	struct ana x = ana_open();
	struct gate *g = x.g;
	const char *other_phone, *organizer;

	(void)unused;
	assert_int_equal(join(g, x.phone, x.there_code), 200);
	other_phone = sign_in(g, x.there_code);
	assert_true(reaches(g, other_phone, g->event.event));
	assert_true(is_told(g, other_phone, "One list with your event C Meetup"));
	/* the other event's organizer, or the desk there */
	organizer = sign_in(g, issue(g, g->other.event, x.there.id));
	assert_true(reaches(g, organizer, g->other.event));
	assert_false(reaches(g, organizer, g->event.event));
	assert_false(reaches(g, x.phone, g->other.event));
	assert_true(is_told(g, x.phone, "Another is a list of its own again, since a new ticket"));
	assert_true(is_told(g, other_phone, "Another is a list of its own again"));
	assert_false(is_told(g, organizer, "C Meetup"));
	gate_close(g);
}

/* Nothing that was planned with the other event's people is left to be read. */
static void a_parted_queue_is_empty_until_it_is_planned_again(void **unused)
{
	struct ana x = ana_open();
	struct gate *g = x.g;
	struct answer a;

	(void)unused;
	assert_int_equal(join(g, x.phone, x.there_code), 200);
	MUST(writer_settle(&g->s->write, &e));
	for (int i = 0; i < 2; i++) {
		const char *sql = print(g, "INSERT INTO %s VALUES (%u, %u, 900, %s)",
			i ? "queue_text" : "queue_item", g->other.event, x.there.attendee,
			i ? "0, '{\"secret\":1}'" : "x'00', 1, 0, 0, 0, 0, 0");

		MUST(db_exec(g->s->write.db, sql, &e));
	}
	a = ask(g, (struct who){ .cookie = sign_in(g, issue(g, g->other.event, x.there.id)) },
		"GET", "/v1/queue", "");
	assert_int_equal(a.status, 200);
	assert_int_equal(json_get(a.json, "items")->count, 0);
	gate_close(g);
}

static void what_came_in_by_a_ticket_given_out_anew_does_not_see_what_is_joined_again(void **unused)
{
	struct ana x = ana_open();
	struct gate *g = x.g;
	const char *organizer, *code;

	(void)unused;
	assert_int_equal(join(g, x.phone, x.there_code), 200);
	code = issue(g, g->other.event, x.there.id);
	organizer = sign_in(g, code);
	assert_int_equal(
		ask(g, (struct who){ .cookie = organizer }, "POST", "/v1/me/feed", "{}").status,
		200);
	assert_int_equal(join(g, x.phone, x.there_code), 401); /* the former code has ended */
	code = issue(
		g, g->other.event, x.there.id); /* what came in by the one before stays known */
	assert_int_equal(join(g, x.phone, code), 200);
	assert_true(reaches(g, x.phone, g->other.event));
	assert_false(reaches(g, organizer, g->other.event));
	assert_false(reaches(g, organizer, g->event.event));
	assert_true(is_told(g, x.phone, "are signed out"));
	{
		struct db_query *q = db_query(g->s->write.db, "SELECT COUNT(*) FROM feed");
		struct err e;

		assert_int_equal(db_step(q, &e), DB_ROW);
		assert_int_equal(db_i64(q, 0), 0);
		db_reset(q);
	}
	gate_close(g);
}

/* What came in since the new ticket adds nothing; with the other event's ticket, its owner does. */
static void who_joins_again_on_a_new_phone_stays_signed_in_there(void **unused)
{
	struct ana x = ana_open();
	struct gate *g = x.g;
	const char *found, *code;

	(void)unused;
	assert_int_equal(join(g, x.phone, x.there_code), 200);
	code = issue(g, g->other.event, x.there.id);
	found = sign_in(g, code);
	assert_int_equal(join(g, found, x.here_code), 403);
	assert_false(reaches(g, found, g->event.event));
	found = sign_in(g, x.here_code);
	assert_int_equal(join(g, found, code), 200);
	assert_true(reaches(g, found, g->event.event));
	assert_true(reaches(g, found, g->other.event));
	gate_close(g);
}

/* Somebody's own attendee at a third event: the ticket code of it. */
static const char *third(struct gate *g, struct event *event)
{
	*event = g->other;
	event->name = STR("Third");
	MUST(event_add(g->s->write.db, event, gate_now, &e));
	return issue(g, event->event, gate_attendee(g, event->event, "Mallory").id);
}

static const char *pair_by(struct gate *g, struct id who, const char *proof)
{
	struct answer a;
	struct pair p;

	gate_now += 1000;
	assert_int_equal(start(g, &p, who, proof).status, 200);
	spend(g, &p);
	assert_string_equal(confirm(g, &p, who, proof), "ready");
	gate_now += 1000;
	a = finish(g, &p);
	assert_non_null(cookie_of(g, &a, COOKIE_ATTENDEE));
	return cookie_of(g, &a, COOKIE_ATTENDEE);
}

/* Else its holder's own event would be there, and the word forgotten, as Ana joins. */
static void what_a_station_vouched_for_adds_no_event(void **unused)
{
	struct ana x = ana_open();
	struct gate *g = x.g;
	const char *station = pair_by(g, g->badge, "staff"), *anas = sign_in(g, x.there_code);
	struct event event;
	const char *code = third(g, &event);

	(void)unused;
	assert_int_equal(join(g, station, code), 403);
	assert_false(reaches(g, station, event.event));
	assert_int_equal(join(g, anas, x.here_code), 200);
	assert_true(reaches(g, anas, g->event.event));
	assert_false(reaches(g, anas, event.event));
	assert_false(reaches(g, station, g->other.event));
	gate_close(g);
}

/* Ana never came in at this event: whoever has her badge, or a station's key, may be first. */
static void what_came_in_by_the_badge_alone_does_not_see_what_its_owner_joins(void **unused)
{
	(void)unused;
	for (int joins = 0; joins < 2; joins++) {
		struct gate *g = gate_open();
		struct attendee there = gate_attendee(g, g->other.event, "Ana");
		const char *code = issue(g, g->event.event, g->ana.id), *first, *anas, *mine;
		struct event event;

		first = pair_by(g, g->badge, "chip");
		mine = third(g, &event);
		if (joins)
			assert_int_equal(join(g, first, mine), 200);
		mine = sign_in(g, mine);
		anas = sign_in(g, issue(g, g->other.event, there.id));
		assert_int_equal(
			ask(g, (struct who){ .cookie = first }, "POST", "/v1/me/feed", "{}").status,
			200);
		assert_int_equal(join(g, anas, code), 200);
		assert_true(reaches(g, anas, g->event.event));
		assert_false(reaches(g, anas, event.event));
		assert_false(reaches(g, first, g->event.event));
		assert_false(reaches(g, mine, g->other.event));
		assert_false(reaches(g, mine, g->event.event));
		assert_int_equal(is_told(g, mine, "by the badge alone had joined it"), joins);
		first = sign_in(g, code);
		assert_true(is_told(g, first, "are signed out"));
		assert_true(is_told(g, first, "calendar's address has ended"));
		/* proven from then on: what is joined by the code next is joined to all */
		assert_int_equal(join(g, mine, code), 200);
		assert_true(reaches(g, anas, g->event.event));
		gate_close(g);
	}
}

static void a_first_phone_adds_events_and_stays(void **unused)
{
	struct gate *g = gate_open();
	struct attendee there = gate_attendee(g, g->other.event, "Ana");
	const char *first = pair_by(g, g->badge, "chip"), *code;
	struct event event;

	(void)unused;
	assert_int_equal(join(g, first, issue(g, g->other.event, there.id)), 200);
	code = third(g, &event);
	assert_int_equal(join(g, first, code), 200);
	assert_true(reaches(g, first, g->event.event));
	assert_true(reaches(g, first, g->other.event));
	assert_true(reaches(g, first, event.event));
	gate_close(g);
}

static void rename_event(struct gate *g, uint32_t event, const char *name)
{
	MUST(db_exec(g->s->write.db,
		print(g, "UPDATE event SET name = '%s' WHERE event = %u", name, event), &e));
}

/* By the two texts that name one, not by names: those change, and are other words, too. */
static void a_parted_attendee_forgets_other_events_and_nothing_else(void **unused)
{
	struct ana x = ana_open();
	struct gate *g = x.g;
	const char *code, *session;

	(void)unused;
	rename_event(g, g->other.event, "C Meetup 2");
	assert_int_equal(join(g, x.phone, x.there_code), 200);
	code = issue(g, g->other.event, x.there.id);
	assert_true(is_told(g, x.phone, "C Meetup 2 is a list of its own again"));
	assert_int_equal(join(g, x.phone, code), 200);
	MUST(notice_add(g->s->write.db, g->event.event, g->ana.id, gate_now,
		STR("Paired: Phone on Android, at Door"), &e));
	rename_event(g, g->other.event, "Phone");
	session = sign_in(g, issue(g, g->event.event, g->ana.id));
	assert_true(is_told(g, session, "Paired: Phone on Android"));
	assert_true(is_told(g, session, "C Meetup is a list of its own again"));
	assert_false(is_told(g, session, "C Meetup 2"));
	gate_close(g);
}

struct listing {
	struct gate *g;
	struct import list;
	struct import_result result;
};

static bool run_import(struct work *w, void *arg, struct err *e)
{
	struct listing *l = arg;

	return import_run(w, l->g->other.event, &l->list, false, &l->result, e);
}

static void a_list_with_another_ticket_parts_like_the_desk(void **unused)
{
	struct ana x = ana_open();
	struct gate *g = x.g;
	struct listing l = { .g = g };
	struct buf groups = BUF_IN(&g->a), csv = BUF_IN(&g->a);

	(void)unused;
	assert_int_equal(join(g, x.phone, x.there_code), 200);
	ticket_write_groups(&groups, ticket_random());
	buf_printf(&csv, "id,name,ticket\n%s,Ana," STR_FMT "\n", id_text(x.there.id).s,
		STR_ARG(buf_str(&groups)));
	for (int again = 0; again < 2; again++) {
		MUST(import_read(&l.list, buf_bytes(&csv), &g->a, &e));
		MUST(writer_run(g->s, run_import, &l, &e));
		assert_int_equal(l.result.changed, !again);
		assert_int_equal(reaches(g, x.phone, g->other.event), again);
		/* the same list once more is no news, and parts nobody */
		if (!again)
			assert_int_equal(
				join(g, x.phone, arena_cstr(&g->a, buf_str(&groups))), 200);
	}
	gate_close(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_first_ticket_of_who_joined_nothing_changes_nothing),
		cmocka_unit_test(a_ticket_given_out_anew_opens_its_own_event_alone),
		cmocka_unit_test(a_parted_queue_is_empty_until_it_is_planned_again),
		cmocka_unit_test(
			what_came_in_by_a_ticket_given_out_anew_does_not_see_what_is_joined_again),
		cmocka_unit_test(who_joins_again_on_a_new_phone_stays_signed_in_there),
		cmocka_unit_test(what_a_station_vouched_for_adds_no_event),
		cmocka_unit_test(what_came_in_by_the_badge_alone_does_not_see_what_its_owner_joins),
		cmocka_unit_test(a_first_phone_adds_events_and_stays),
		cmocka_unit_test(a_parted_attendee_forgets_other_events_and_nothing_else),
		cmocka_unit_test(a_list_with_another_ticket_parts_like_the_desk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
