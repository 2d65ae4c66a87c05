/*
 * Somebody at two events, whose logs are one list: entry ids are unique within an event only, and
 * whoever knows one may write it again at another event.
 */
#include "tests/unit/server/world.h"

#include "server/store/accounts.h"
#include "server/store/my_log.h"

enum { SPRING, AUTUMN, EVENTS };

/* Ana is one person at both; Mal is there, too. */
struct two {
	struct world *w;
	uint32_t events[EVENTS];
	struct attendee ana[EVENTS], mal[EVENTS];
	struct diary *kiosk, *phone, *mals[EVENTS]; /* kiosk and Ana's phone: in spring */
};

static struct attendee attend(struct two *t, int at, const char *name)
{
	struct attendee x = { .name = str_of(name), .attendee = t->events[at] };
	struct err e = { 0 };

	if (!writer_run(t->w->s, world_add_attendee, &x, &e))
		fail_msg("%s", e.text);
	return x;
}

static bool join(struct work *work, void *arg, struct err *e)
{
	const struct two *t = arg;
	const struct account one = { t->events[SPRING], t->ana[SPRING].attendee,
		t->ana[SPRING].id };
	const struct account two = { t->events[AUTUMN], t->ana[AUTUMN].attendee,
		t->ana[AUTUMN].id };

	return account_join(work->db, &one, &two, world_now, e);
}

static struct two two_open(void)
{
	struct event autumn = { .name = STR("Autumn"),
		.host = STR("kith.example"),
		.topics = STR("[]"),
		.settings = STR("{}") };
	struct two t = { .w = world_open() };
	struct err e = { 0 };

	assert_true(writer_run(t.w->s, world_make_event, &autumn, &e));
	t.events[SPRING] = t.w->event.event;
	t.events[AUTUMN] = autumn.event;
	for (int at = 0; at < EVENTS; at++) {
		t.ana[at] = attend(&t, at, "Ana");
		t.mal[at] = attend(&t, at, "Mal");
		t.mals[at] = diary_new(t.w, ROLE_ATTENDEE, t.mal[at].id);
		t.mals[at]->event = t.events[at];
	}
	t.kiosk = kiosk_new(t.w);
	t.phone = diary_new(t.w, ROLE_ATTENDEE, t.ana[SPRING].id);
	if (!writer_run(t.w->s, join, &t, &e))
		fail_msg("%s", e.text);
	return t;
}

static void two_close(struct two *t)
{
	diary_free(t->kiosk);
	diary_free(t->phone);
	for (int at = 0; at < EVENTS; at++)
		diary_free(t->mals[at]);
	world_close(t->w);
}

/* In spring, by that station. */
static struct id meet(struct two *t, struct diary *by)
{
	world_now += 1000;
	return write_meeting(t->w, by, by == t->phone ? t->ana[SPRING].id : t->mal[SPRING].id,
		by == t->phone ? t->mal[SPRING].id : t->ana[SPRING].id);
}

static void retract(struct two *t, struct diary *by, struct id of)
{
	diary_write(by, ENTRY_RETRACT, say(t->w, "{\"of\":\"%s\"}", id_uuid_text(of).s));
}

/* The same id again, by Mal's phone in autumn. */
static void plant(struct two *t, struct id id)
{
	struct diary *d = t->mals[AUTUMN];

	write_meeting(t->w, d, t->mal[AUTUMN].id, t->ana[AUTUMN].id);
	d->entries[d->count - 1].id = id;
	diary_chain(d);
}

static void send(struct two *t, const struct diary *d)
{
	const struct answer a = send_all(t->w, d);

	assert_int_equal(a.status, 200);
	assert_int_equal(a.reply.refusal_count, 0);
	world_settle(t->w);
}

static struct my_log log_at(struct two *t, int at)
{
	struct my_log log;
	struct err e = { 0 };

	if (!my_log_read(
		    &log, t->w->s->write.db, t->events[at], t->ana[at].attendee, &t->w->arena, &e))
		fail_msg("%s", e.text);
	return log;
}

/* At which event an entry of that id is, asked at either; 0: it is not there. */
static uint32_t event_of(struct two *t, struct id id)
{
	uint32_t found[EVENTS] = { 0 };

	for (int at = 0; at < EVENTS; at++) {
		struct my_log log = log_at(t, at);

		for (size_t i = 0; i < log.count; i++)
			if (id_equal(log.entries[i].id, id)) {
				assert_int_equal(found[at], 0); /* once */
				found[at] = log.entries[i].event;
			}
	}
	assert_int_equal(found[SPRING], found[AUTUMN]);
	return found[SPRING];
}

static bool is_gone(struct two *t, struct id id)
{
	bool gone[EVENTS] = { false, false };

	for (int at = 0; at < EVENTS; at++) {
		struct my_log log = log_at(t, at);

		for (size_t i = 0; i < log.gone_count; i++)
			gone[at] |= id_equal(log.gone[i], id);
	}
	assert_int_equal(gone[SPRING], gone[AUTUMN]);
	return gone[SPRING];
}

static void what_is_taken_back_at_one_event_stands_at_the_other(void **state)
{
	struct two t = two_open();
	struct id met = meet(&t, t.kiosk), over = meet(&t, t.mals[SPRING]), note;

	(void)state;
	note = diary_write(t.phone, ENTRY_NOTE,
		say(t.w, "{\"author\":\"%s\",\"of\":\"%s\",\"text\":\"sails\"}",
			id_text(t.ana[SPRING].id).s, id_uuid_text(met).s));
	retract(&t, t.mals[SPRING], over);
	send(&t, t.kiosk);
	send(&t, t.phone);
	send(&t, t.mals[SPRING]);
	assert_true(is_gone(&t, over));
	assert_false(is_gone(&t, met));
	plant(&t, met);
	retract(&t, t.mals[AUTUMN], met);
	send(&t, t.mals[AUTUMN]);
	assert_false(is_gone(&t, met));
	assert_int_equal(event_of(&t, met), t.events[SPRING]);
	assert_int_equal(event_of(&t, note), t.events[SPRING]);
	assert_true(is_gone(&t, over));
	two_close(&t);
}

/* Ana's own, the kiosk's and Mal's own meeting; the other one of that id comes before it, or after.
 */
static void of_two_entries_of_one_id_the_more_credible_stands(void **state)
{
	(void)state;
	for (int who = 0; who < 3; who++)
		for (int late = 0; late < 2; late++) {
			struct two t = two_open();
			struct diary *const by[] = { t.phone, t.kiosk, t.mals[SPRING] };
			struct id met = meet(&t, by[who]);

			plant(&t, met);
			send(&t, late ? t.mals[AUTUMN] : by[who]);
			send(&t, late ? by[who] : t.mals[AUTUMN]);
			/* of two by the same person, what came first */
			assert_int_equal(event_of(&t, met),
				t.events[by[who] == t.mals[SPRING] && late ? AUTUMN : SPRING]);
			assert_false(is_gone(&t, met));
			two_close(&t);
		}
}

/* The plans of a person end at one midnight, here that on which the hello is late. */
static void each_queue_of_a_person_is_planned_once_when_all_are_due(void **state)
{
	static const char plans[] = "SELECT SUM(rev) FROM queue_owner WHERE owner = 1";
	struct two t = two_open();
	int64_t before;

	(void)state;
	assert_int_equal(t.ana[SPRING].attendee, 1);
	assert_int_equal(t.ana[AUTUMN].attendee, 1);
	meet(&t, t.kiosk);
	send(&t, t.kiosk);
	before = world_count(t.w, plans);
	world_now += 3 * INT64_C(86400000);
	/* among them a badge that nobody has: that is no failure of those after it */
	world_exec(t.w, "INSERT INTO queue_dirty (event, owner) SELECT event, 99 FROM event");
	world_settle(t.w);
	assert_int_equal(world_count(t.w, plans) - before, EVENTS);
	two_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_taken_back_at_one_event_stands_at_the_other),
		cmocka_unit_test(of_two_entries_of_one_id_the_more_credible_stands),
		cmocka_unit_test(each_queue_of_a_person_is_planned_once_when_all_are_due),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
