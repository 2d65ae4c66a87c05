/* One person at two events: what others at either of them can do about that, and what not. */
#include "tests/unit/server/world.h"

#include "core/base/json.h"
#include "server/store/accounts.h"
#include "server/store/my_log.h"

enum { SPRING, AUTUMN, EVENTS };

/* Attendees of one event each. Ana is joined; the others when a test says so. */
struct house {
	struct world *w;
	struct event events[EVENTS];
	struct attendee ana[EVENTS], ben[EVENTS], mallory, dua;
	struct diary *kiosks[EVENTS], *phone; /* Mallory's, at the autumn event */
};

static struct db *db_of(const struct house *h)
{
	return h->w->s->write.db;
}

static void must(bool ok, const struct err *e)
{
	if (!ok)
		fail_msg("%s", e->text);
}

static struct caller at(const struct house *h, int event, const struct attendee *who)
{
	return (struct caller){
		.role = ROLE_ATTENDEE, .event = h->events[event].event, .id = who->id
	};
}

static void join(struct house *h, const struct attendee *both)
{
	const struct account x = { h->events[SPRING].event, both[SPRING].attendee,
		both[SPRING].id },
			     y = { h->events[AUTUMN].event, both[AUTUMN].attendee,
				     both[AUTUMN].id };
	struct err e = { 0 };

	must(account_join(db_of(h), &x, &y, world_now, &e), &e);
}

static struct house *house_open(void)
{
	struct house *h = calloc(1, sizeof(*h));
	struct err e = { 0 };

	h->w = world_open();
	h->events[SPRING] = h->w->event;
	h->events[AUTUMN] = h->w->event;
	h->events[AUTUMN].name = STR("Autumn");
	must(writer_run(h->w->s, world_make_event, &h->events[AUTUMN], &e), &e);
	for (int i = 0; i < EVENTS; i++) {
		h->w->event = h->events[i];
		h->ana[i] = world_attendee(h->w, "Ana");
		h->ben[i] = world_attendee(h->w, "Ben Secret");
		h->kiosks[i] = kiosk_new(h->w);
	}
	h->mallory = world_attendee(h->w, "Mallory");
	h->dua = world_attendee(h->w, "Dua");
	h->phone = diary_new(h->w, ROLE_ATTENDEE, h->mallory.id);
	join(h, h->ana);
	world_settle(h->w);
	return h;
}

static void house_close(struct house *h)
{
	for (int i = 0; i < EVENTS; i++)
		diary_free(h->kiosks[i]);
	diary_free(h->phone);
	world_close(h->w);
	free(h);
}

static struct id tap(struct house *h, int event, const struct attendee *a, const struct attendee *b)
{
	struct id id = write_meeting(h->w, h->kiosks[event], a->id, b->id);

	world_now += 1000;
	assert_int_equal(send_all(h->w, h->kiosks[event]).status, 200);
	world_settle(h->w);
	return id;
}

/* Mallory scans somebody, in an entry that has the id of one of the other event. */
static void plant(struct house *h, struct id id, const struct attendee *whom)
{
	write_meeting(h->w, h->phone, h->mallory.id, whom->id);
	h->phone->entries[h->phone->count - 1].id = id;
	diary_chain(h->phone);
	assert_int_equal(send_all(h->w, h->phone).status, 200);
	world_settle(h->w);
}

static void post(struct house *h, struct caller who, const char *path, struct str body)
{
	assert_int_equal(ask(h->w, &who, "POST", str_of(path), str_bytes(body)).status, 200);
	world_settle(h->w);
}

static int64_t held(struct house *h, int event, enum entry_kind kind)
{
	return world_count(
		h->w, say(h->w, "SELECT COUNT(*) FROM entry WHERE event = %u AND kind = %d%c",
			      h->events[event].event, kind, 0)
			      .p);
}

static struct my_log log_of(struct house *h, int event, const struct attendee *who)
{
	struct my_log log;
	struct err e = { 0 };

	must(my_log_read(&log, db_of(h), h->events[event].event, who->attendee, &h->w->arena, &e),
		&e);
	return log;
}

static bool is_merged(const struct my_log *log)
{
	for (size_t i = 0; i < log->count; i++)
		if (log->entries[i].kind == ENTRY_MERGE)
			return true;
	return false;
}

static struct str of(struct house *h, struct id meeting, const char *rest)
{
	return say(h->w, "{\"of\":\"%s\"%s}", id_uuid_text(meeting).s, rest);
}

static void a_hide_goes_to_ones_own_meeting_whoever_else_has_its_id(void **state)
{
	struct house *h = house_open();
	struct id met = tap(h, SPRING, &h->ana[SPRING], &h->ben[SPRING]);
	struct my_log log;

	(void)state;
	plant(h, met, &h->dua);
	assert_int_equal(held(h, AUTUMN, ENTRY_MEETING), 1);
	/* from the session at which the planted entry is */
	post(h, at(h, AUTUMN, &h->ana[AUTUMN]), "/v1/me/hide", of(h, met, ""));
	assert_int_equal(held(h, SPRING, ENTRY_HIDE), 1);
	assert_int_equal(held(h, AUTUMN, ENTRY_HIDE), 0);
	log = log_of(h, SPRING, &h->ben[SPRING]);
	assert_int_equal(log.people_count, 1);
	assert_true(log.people[0].withheld);
	house_close(h);
}

static void a_hide_goes_to_every_event_where_one_has_that_entry(void **state)
{
	struct house *h = house_open();
	struct id met = tap(h, SPRING, &h->ana[SPRING], &h->ben[SPRING]);
	struct my_log log;

	(void)state;
	plant(h, met, &h->ana[AUTUMN]);
	post(h, at(h, AUTUMN, &h->ana[AUTUMN]), "/v1/me/hide", of(h, met, ""));
	assert_int_equal(held(h, SPRING, ENTRY_HIDE), 1);
	assert_int_equal(held(h, AUTUMN, ENTRY_HIDE), 1);
	log = log_of(h, SPRING, &h->ben[SPRING]);
	assert_true(log.people[0].withheld);
	log = log_of(h, AUTUMN, &h->mallory);
	assert_true(log.people[0].withheld);
	house_close(h);
}

static void a_note_stands_with_ones_own_meeting_whoever_else_has_its_id(void **state)
{
	struct house *h = house_open();
	struct id met = tap(h, SPRING, &h->ana[SPRING], &h->ben[SPRING]);

	(void)state;
	plant(h, met, &h->dua);
	post(h, at(h, AUTUMN, &h->ana[AUTUMN]), "/v1/notes", of(h, met, ",\"text\":\"sails\""));
	assert_int_equal(held(h, SPRING, ENTRY_NOTE), 1);
	assert_int_equal(held(h, AUTUMN, ENTRY_NOTE), 0);
	house_close(h);
}

/* Also where the planted one names oneself: it is one's own by being named, and no more. */
static void a_note_stands_where_a_kiosk_saw_the_meeting(void **state)
{
	struct house *h = house_open();
	struct id met = tap(h, SPRING, &h->ana[SPRING], &h->ben[SPRING]);

	(void)state;
	plant(h, met, &h->ana[AUTUMN]);
	post(h, at(h, AUTUMN, &h->ana[AUTUMN]), "/v1/notes", of(h, met, ",\"text\":\"sails\""));
	assert_int_equal(held(h, SPRING, ENTRY_NOTE), 1);
	assert_int_equal(held(h, AUTUMN, ENTRY_NOTE), 0);
	house_close(h);
}

/* And where one wrote oneself, before what a kiosk of the other event says. */
static void a_note_stands_with_what_one_wrote_oneself(void **state)
{
	struct house *h = house_open();
	struct diary *anas;
	struct id met;

	(void)state;
	h->w->event = h->events[AUTUMN];
	anas = diary_new(h->w, ROLE_ATTENDEE, h->ana[AUTUMN].id);
	met = tap(h, SPRING, &h->ana[SPRING], &h->ben[SPRING]);
	write_meeting(h->w, anas, h->ana[AUTUMN].id, h->ben[AUTUMN].id);
	anas->entries[0].id = met;
	diary_chain(anas);
	assert_int_equal(send_all(h->w, anas).status, 200);
	world_settle(h->w);
	post(h, at(h, SPRING, &h->ana[SPRING]), "/v1/notes", of(h, met, ",\"text\":\"sails\""));
	assert_int_equal(held(h, AUTUMN, ENTRY_NOTE), 1);
	diary_free(anas);
	house_close(h);
}

/* Ben shows Ana these fields of his card at the autumn event, after she scanned him there. */
static void scan_and_share(struct house *h, const char *fields)
{
	struct diary *anas, *bens;
	struct id met;

	h->w->event = h->events[AUTUMN];
	h->ben[AUTUMN].url = STR("https://ben.example");
	world_exec(h->w, "UPDATE attendee SET url = 'https://ben.example' WHERE name LIKE 'Ben%'");
	anas = diary_new(h->w, ROLE_ATTENDEE, h->ana[AUTUMN].id);
	bens = diary_new(h->w, ROLE_ATTENDEE, h->ben[AUTUMN].id);
	met = write_meeting(h->w, anas, h->ana[AUTUMN].id, h->ben[AUTUMN].id);
	diary_write(bens, ENTRY_SHARE,
		say(h->w, "{\"owner\":\"%s\",\"of\":\"%s\",\"fields\":[%s]}",
			id_text(h->ben[AUTUMN].id).s, id_uuid_text(met).s, fields));
	assert_int_equal(send_all(h->w, anas).status, 200);
	assert_int_equal(send_all(h->w, bens).status, 200);
	world_settle(h->w);
	diary_free(anas);
	diary_free(bens);
}

static void who_shows_an_address_alone_is_not_named_by_another_event(void **state)
{
	(void)state;
	for (int named = 0; named < 2; named++) {
		struct house *h = house_open();
		const struct my_person *p;
		struct my_log log;

		tap(h, SPRING, &h->ana[SPRING], &h->ben[SPRING]);
		scan_and_share(h, named ? "\"url\",\"name\"" : "\"url\"");
		join(h, h->ben);
		world_settle(h->w);
		log = log_of(h, SPRING, &h->ana[SPRING]);
		p = my_person_find(&log, h->ben[AUTUMN].id);
		assert_non_null(p);
		assert_false(p->withheld);
		assert_str(p->known.url, "https://ben.example");
		assert_str(p->known.name, named ? "Ben Secret" : "");
		assert_int_equal(is_merged(&log), named);
		house_close(h);
	}
}

/* What the list of one event says of somebody is seen at the others, where they are expected. */
static void who_leaves_a_list_is_seen_to_leave_at_the_other_event(void **state)
{
	struct house *h = house_open();
	struct err e = { 0 };
	struct my_log log;
	struct str news = say(h->w,
		"SELECT COUNT(*) FROM queue_dirty WHERE event = %u AND owner = %u%c",
		h->events[SPRING].event, h->ana[SPRING].attendee, 0);

	(void)state;
	tap(h, SPRING, &h->ana[SPRING], &h->ben[SPRING]);
	join(h, h->ben);
	must(consent_set(db_of(h), h->events[AUTUMN].event, h->ben[AUTUMN].attendee, PURPOSE_COMING,
		     true, 1, world_now, &h->ben[AUTUMN].id, &e),
		&e);
	world_settle(h->w);
	log = log_of(h, SPRING, &h->ana[SPRING]);
	assert_int_equal(my_person_find(&log, h->ben[SPRING].id)->coming_count, 1);
	assert_int_equal(world_count(h->w, news.p), 0);
	h->ben[AUTUMN].gone = true;
	must(attendee_save(db_of(h), h->events[AUTUMN].event, &h->ben[AUTUMN], &e), &e);
	assert_int_equal(world_count(h->w, news.p), 1);
	world_settle(h->w);
	log = log_of(h, SPRING, &h->ana[SPRING]);
	assert_int_equal(my_person_find(&log, h->ben[SPRING].id)->coming_count, 0);
	house_close(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hide_goes_to_ones_own_meeting_whoever_else_has_its_id),
		cmocka_unit_test(a_hide_goes_to_every_event_where_one_has_that_entry),
		cmocka_unit_test(a_note_stands_with_ones_own_meeting_whoever_else_has_its_id),
		cmocka_unit_test(a_note_stands_where_a_kiosk_saw_the_meeting),
		cmocka_unit_test(a_note_stands_with_what_one_wrote_oneself),
		cmocka_unit_test(who_shows_an_address_alone_is_not_named_by_another_event),
		cmocka_unit_test(who_leaves_a_list_is_seen_to_leave_at_the_other_event),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
