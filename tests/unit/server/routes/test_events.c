#include "tests/unit/server/world.h"

#include "core/base/json.h"
#include "core/tag/ticket.h"

static const struct json *body_of(struct world *w, struct reply r)
{
	struct json *root;
	struct err e = { 0 };

	if (!json_read(&root, r.body, &w->arena, &e))
		fail_msg("%s", e.text);
	return root;
}

static void the_event_shows_counts_and_stations(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana"), ben = world_attendee(w, "Ben");
	const struct caller organizer = world_organizer(w);
	const struct json *o, *counts, *station;
	uint64_t n;
	struct str s;

	(void)state;
	write_checkin(w, k, ana.id);
	write_meeting(w, k, ana.id, ben.id);
	diary_write(k, ENTRY_CHECKIN, STR("{}"));
	send_all(w, k);
	world_settle(w);
	o = body_of(
		w, ask(w, &organizer, "GET", say(w, "/v1/events/%u", w->event.event), BYTES("")));
	counts = json_get(o, "counts");
	assert_true(json_get_u64(counts, "attendees", &n) && n == 2);
	assert_true(json_get_u64(counts, "checked_in", &n) && n == 1);
	assert_true(json_get_u64(counts, "meetings", &n) && n == 1);
	station = json_get(o, "stations")->first;
	assert_true(json_get_str(station, "state", &s));
	assert_str(s, "ok");
	assert_true(json_get_u64(station, "held", &n) && n == 3);
	assert_true(json_get_u64(station, "refused", &n) && n == 1);
	assert_int_equal(json_get(json_get(o, "backup"), "last_ms")->type, JSON_NULL);
	diary_free(k);
	world_close(w);
}

static void a_ticket_is_shown_once_and_kept_as_a_hash(void **state)
{
	struct world *w = world_open();
	struct attendee ana = world_attendee(w, "Ana"), again;
	const struct caller organizer = world_organizer(w);
	struct ticket_hash hash;
	struct ticket ticket;
	struct str code = { NULL, 0 }, url = { NULL, 0 };
	const struct json *o;
	struct err e = { 0 };

	(void)state;
	o = body_of(w, ask(w, &organizer, "POST",
			       say(w, "/v1/events/%u/attendees/%s/ticket", w->event.event,
				       id_text(ana.id).s),
			       BYTES("")));
	assert_true(json_get_str(o, "code", &code));
	assert_true(json_get_str(o, "url", &url));
	assert_true(str_starts(url, STR("https://kith.example/t#")));
	assert_true(ticket_read(code, &ticket));
	hash = ticket_hash(bytes_of(w->event.ticket_key, sizeof(w->event.ticket_key)), ticket);
	assert_true(
		attendee_get(&again, w->s->write.db, w->event.event, ana.attendee, &w->arena, &e));
	assert_true(again.has_ticket);
	assert_memory_equal(again.ticket_hash, hash.b, sizeof(hash.b));
	world_close(w);
}

static void finds_attendees_by_any_part_of_a_name(void **state)
{
	struct world *w = world_open();
	const struct caller organizer = world_organizer(w);

	(void)state;
	world_attendee(w, "Ana Example");
	world_attendee(w, "Ben 100%");
	assert_int_equal(
		body_of(w, ask(w, &organizer, "GET",
				   say(w, "/v1/events/%u/attendees?q=exam", w->event.event),
				   BYTES("")))
			->count,
		1);
	assert_int_equal(
		body_of(w, ask(w, &organizer, "GET",
				   say(w, "/v1/events/%u/attendees?q=%%25", w->event.event),
				   BYTES("")))
			->count,
		1);
	assert_int_equal(
		body_of(w, ask(w, &organizer, "GET",
				   say(w, "/v1/events/%u/attendees", w->event.event), BYTES("")))
			->count,
		2);
	world_close(w);
}

static void another_events_organizer_sees_nothing(void **state)
{
	struct world *w = world_open();
	struct caller stranger = { .role = ROLE_ORGANIZER, .id = crypto_random_id() };
	const struct json *events;

	(void)state;
	assert_int_equal(
		ask(w, &stranger, "GET", say(w, "/v1/events/%u", w->event.event), BYTES("")).status,
		404);
	assert_int_equal(ask(w, &stranger, "GET", say(w, "/v1/events/%u/attendees", w->event.event),
				 BYTES(""))
				 .status,
		404);
	events = body_of(w, ask(w, &stranger, "GET", STR("/v1/events"), BYTES("")));
	assert_int_equal(events->count, 0);
	world_close(w);
}

static void an_import_with_a_problem_changes_nothing(void **state)
{
	struct world *w = world_open();
	const struct caller organizer = world_organizer(w);
	struct str target = say(w, "/v1/events/%u/attendees", w->event.event);
	struct str preview = say(w, "/v1/events/%u/attendees?preview=1", w->event.event);
	struct bytes good = BYTES("name,email\nAna,ana@example.org\nBen,\n");
	struct bytes bad = BYTES(
		"name,email\nAna,ana@example.org\n,nobody@example.org\nBen,ben at example\n");
	const struct json *o;
	struct reply r;
	uint64_t n;

	(void)state;
	r = ask(w, &organizer, "POST", target, bad);
	assert_int_equal(r.status, 400);
	o = body_of(w, r);
	assert_int_equal(json_get(o, "problems")->count, 2);
	assert_true(json_get_u64(json_get(o, "problems")->first, "line", &n) && n == 3);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM attendee"), 0);

	r = ask(w, &organizer, "POST", preview, good);
	assert_int_equal(r.status, 200);
	assert_true(json_get_u64(body_of(w, r), "new", &n) && n == 2);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM attendee"), 0);

	assert_int_equal(ask(w, &organizer, "POST", target, good).status, 200);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM attendee"), 2);
	/* everybody has a badge to encode */
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM ref WHERE badge = 1"), 2);
	world_close(w);
}

static void health_says_when_nothing_is_backed_up(void **state)
{
	struct world *w = world_open();
	const struct caller anyone = { .role = ROLE_ANYONE };
	bool configured = true;
	struct reply r = ask(w, &anyone, "GET", STR("/healthz"), BYTES(""));
	struct str s;

	(void)state;
	assert_true(json_get_bool(json_get(body_of(w, r), "backup"), "configured", &configured));
	assert_false(configured);
	r = ask(w, &anyone, "GET", STR("/metrics"), BYTES(""));
	s = (struct str){ (const char *)r.body.p, r.body.len };
	assert_true(str_find(s, STR("\nkith_backups_offered 0\n"), 0) != SIZE_MAX);
	world_close(w);
}

static void routes_are_sorted_and_each_has_a_role(void **state)
{
	(void)state;
	for (size_t i = 0; i < server_route_count; i++) {
		const struct route *r = &server_routes[i], *before = i ? r - 1 : NULL;

		assert_true(r->roles != 0);
		assert_non_null(r->handle);
		assert_non_null(r->summary);
		assert_true((strcmp(r->method, "GET") == 0) == (r->kind == ROUTE_READ));
		if (before && strcmp(before->path, r->path) >= 0 &&
			!(strcmp(before->path, r->path) == 0 &&
				strcmp(before->method, r->method) < 0))
			fail_msg("%s %s is out of order", r->method, r->path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_event_shows_counts_and_stations),
		cmocka_unit_test(a_ticket_is_shown_once_and_kept_as_a_hash),
		cmocka_unit_test(finds_attendees_by_any_part_of_a_name),
		cmocka_unit_test(another_events_organizer_sees_nothing),
		cmocka_unit_test(an_import_with_a_problem_changes_nothing),
		cmocka_unit_test(health_says_when_nothing_is_backed_up),
		cmocka_unit_test(routes_are_sorted_and_each_has_a_role),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
