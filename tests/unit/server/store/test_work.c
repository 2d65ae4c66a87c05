/* What one person writes any number of must not cost the log of another more than its length. */
#include "tests/unit/server/store/scene.h"
#include "tests/unit/server/store/work.h"

#include "server/store/accounts.h"
#include "server/store/my_log.h"

/* Read the log of that attendee: the work and the memory. */
struct cost {
	size_t work, texts, memory;
};

static struct cost cost_of_log(struct world *w, uint32_t event, uint32_t attendee)
{
	struct arena a = { 0 };
	struct err e = { 0 };
	struct my_log log;
	struct cost out;

	work_steps = work_texts = 0;
	if (!my_log_read(&log, w->s->write.db, event, attendee, &a, &e))
		fail_msg("%s", e.text);
	out = (struct cost){ work_steps + work_texts, work_texts, a.used };
	arena_finish(&a);
	return out;
}

/* What is piled up beside the introductions, each as often as there are introductions. */
enum pile { INTRODUCTIONS, AND_HIDES_TAKEN_BACK, AND_HIDES_OF_OTHERS, AND_BLOCKS, PILES };

static void block_stranger(struct scene *s, int who)
{
	const struct id stranger = crypto_random_id();

	write_meeting(s->w, s->phones[who], s->people[who].id, stranger);
	set(s, who, say(s->w, "block/%s%c", id_text(stranger).s, 0).p, "1");
}

/* Ana introduces Ben and Cem n times: Ben's log, and to work all of it in. */
static struct cost introduced(enum pile pile, int n, size_t *settling)
{
	struct scene *s = scene_open();
	struct id ben = tap(s, ANA, BEN), cem = tap(s, ANA, CEM);
	struct diary *const all[] = { s->kiosk, s->phones[ANA], s->phones[CEM], s->phones[DUA] };
	struct cost out;

	for (int i = 0; i < n; i++) {
		introduce(s, ANA, ben, cem);
		if (pile == AND_HIDES_TAKEN_BACK)
			retract(s, ANA, hide(s, ANA, ben));
		else if (pile == AND_HIDES_OF_OTHERS)
			hide(s, DUA, ben);
		else if (pile == AND_BLOCKS)
			block_stranger(s, CEM);
	}
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		assert_int_equal(send_all(s->w, all[i]).status, 200);
	work_steps = work_texts = 0;
	world_settle(s->w);
	*settling = work_steps + work_texts;
	out = cost_of_log(s->w, s->w->event.event, s->people[BEN].attendee);
	assert_non_null(row_of(s, BEN, s->phones[ANA]->entries[0].id));
	scene_close(s);
	return out;
}

static void the_cost_of_an_introduction_does_not_grow_with_their_number(void **state)
{
	(void)state;
	for (enum pile pile = 0; pile < PILES; pile++) {
		size_t settling[3];
		const struct cost none = introduced(pile, 40, &settling[0]);
		const struct cost once = introduced(pile, 80, &settling[1]);
		const struct cost twice = introduced(pile, 160, &settling[2]);

		/* 40 more and 80 more: twice as much */
		assert_in_range(twice.work - once.work, 1, 2 * (once.work - none.work) + 40);
		assert_true(twice.memory - once.memory < 3 * (once.memory - none.memory));
		assert_in_range(settling[2] - settling[1], 1, 3 * (settling[1] - settling[0]));
	}
}

/* Ana at two events, with people whom she met at both and who joined them. */

struct somewhere {
	struct world *w;
	uint32_t events[2];
};

static struct attendee attend(struct somewhere *t, int at, const char *name)
{
	struct attendee x = { .name = str_of(name), .attendee = t->events[at] };
	struct err e = { 0 };

	if (!writer_run(t->w->s, world_add_attendee, &x, &e))
		fail_msg("%s", e.text);
	return x;
}

static void join(struct somewhere *t, const struct attendee who[2])
{
	const struct account one = { t->events[0], who[0].attendee, who[0].id };
	const struct account two = { t->events[1], who[1].attendee, who[1].id };
	struct err e = { 0 };

	if (!account_join(t->w->s->write.db, &one, &two, world_now, &e))
		fail_msg("%s", e.text);
}

/* What is parsed for her log of so many of these, and of introductions that somebody asks of her.
 */
static size_t texts_of_two_events(int known, int asked)
{
	struct event autumn = { .name = STR("Autumn"),
		.host = STR("kith.example"),
		.topics = STR("[]"),
		.settings = STR("{}") };
	struct somewhere t = { .w = world_open() };
	struct attendee ana[2], mal, x[2];
	struct diary *kiosks[2], *mals;
	struct id ties[2];
	struct err e = { 0 };
	size_t texts;

	assert_true(writer_run(t.w->s, world_make_event, &autumn, &e));
	t.events[0] = t.w->event.event;
	t.events[1] = autumn.event;
	for (int at = 0; at < 2; at++) {
		t.w->event.event = t.events[at];
		ana[at] = attend(&t, at, "Ana");
		kiosks[at] = kiosk_new(t.w);
	}
	join(&t, ana);
	for (int i = 0; i < known; i++) {
		for (int at = 0; at < 2; at++) {
			x[at] = attend(&t, at, "X");
			ties[0] = write_meeting(t.w, kiosks[at], ana[at].id, x[at].id);
		}
		join(&t, x);
	}
	t.w->event.event = t.events[0];
	mal = attend(&t, 0, "Mal");
	mals = diary_new(t.w, ROLE_ATTENDEE, mal.id);
	x[0] = attend(&t, 0, "Y");
	ties[0] = write_meeting(t.w, mals, mal.id, ana[0].id);
	ties[1] = write_meeting(t.w, mals, mal.id, x[0].id);
	for (int i = 0; i < asked; i++)
		diary_write(mals, ENTRY_INTRODUCE,
			say(t.w, "{\"owner\":\"%s\",\"a\":\"%s\",\"b\":\"%s\"}", id_text(mal.id).s,
				id_uuid_text(ties[0]).s, id_uuid_text(ties[1]).s));
	assert_int_equal(send_all(t.w, mals).status, 200);
	for (int at = 0; at < 2; at++)
		assert_int_equal(send_all(t.w, kiosks[at]).status, 200);
	world_settle(t.w);
	texts = cost_of_log(t.w, t.events[0], ana[0].attendee).texts;
	diary_free(mals);
	for (int at = 0; at < 2; at++)
		diary_free(kiosks[at]);
	world_close(t.w);
	return texts;
}

static void an_introduction_costs_the_same_however_many_one_knows_at_two_events(void **state)
{
	(void)state;
	assert_int_equal(texts_of_two_events(9, 40) - texts_of_two_events(9, 20),
		texts_of_two_events(3, 40) - texts_of_two_events(3, 20));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_cost_of_an_introduction_does_not_grow_with_their_number),
		cmocka_unit_test(
			an_introduction_costs_the_same_however_many_one_knows_at_two_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
