/* Buddies, and short codes: what attendees may ask about each other. */
#include "tests/unit/server/world.h"

#include "core/base/json.h"
#include "core/tag/short_code.h"
#include "server/access.h"

struct scene {
	struct world *w;
	struct attendee ana, ben;
	struct diary *a, *b, *kiosk;
};

static struct scene *scene_open(void)
{
	struct scene *s = calloc(1, sizeof(*s));
	struct err e = { 0 };

	s->w = world_open();
	if (!access_open(&s->w->s->access, s->w->s, &e))
		fail_msg("%s", e.text);
	s->kiosk = kiosk_new(s->w);
	s->ana = world_attendee(s->w, "Ana");
	s->ben = world_attendee(s->w, "Ben");
	s->a = diary_new(s->w, ROLE_ATTENDEE, s->ana.id);
	s->b = diary_new(s->w, ROLE_ATTENDEE, s->ben.id);
	return s;
}

static void scene_close(struct scene *s)
{
	access_close(s->w->s->access);
	s->w->s->access = NULL;
	diary_free(s->a);
	diary_free(s->b);
	diary_free(s->kiosk);
	world_close(s->w);
	free(s);
}

static void sync_all(struct scene *s)
{
	struct diary *const all[] = { s->a, s->b, s->kiosk };

	for (int i = 0; i < 3; i++)
		if (all[i]->count > 0)
			assert_int_equal(send_all(s->w, all[i]).status, 200);
	world_settle(s->w);
}

static void pair(struct scene *s, struct diary *d, struct id a, struct id b)
{
	world_now += 1000;
	diary_write(d, ENTRY_BUDDY,
		say(s->w, "{\"a\":\"%s\",\"b\":\"%s\"}", id_text(a).s, id_text(b).s));
}

static void part(struct scene *s, struct diary *d, struct id who, struct id whom)
{
	world_now += 1000;
	diary_write(d, ENTRY_SETTING,
		say(s->w, "{\"owner\":\"%s\",\"name\":\"buddy-off/%s\",\"value\":\"1\"}",
			id_text(who).s, id_text(whom).s));
}

static struct caller caller_for(struct scene *s, const struct attendee *x)
{
	return (struct caller){ .role = ROLE_ATTENDEE, .event = s->w->event.event, .id = x->id };
}

/* "", or of the one buddy: "mutual", "asked", "waits". */
static const char *buddy_of(struct scene *s, const struct attendee *x)
{
	struct caller c = caller_for(s, x);
	struct reply r = ask(s->w, &c, "GET", STR("/v1/me"), (struct bytes){ 0 });
	const struct json *list, *b;
	struct json *o;
	struct err e = { 0 };
	bool mutual, asked;

	assert_int_equal(r.status, 200);
	if (!json_read(&o, r.body, &s->w->arena, &e))
		fail_msg("%s", e.text);
	list = json_get(o, "buddies");
	assert_true(list && list->count <= 1);
	if (list->count == 0)
		return "";
	b = list->first;
	assert_true(json_get_bool(b, "mutual", &mutual) && json_get_bool(b, "asked", &asked));
	assert_true(mutual == (json_get(b, "goals") != NULL));
	return mutual ? "mutual" : asked ? "asked" : "waits";
}

static int nudge(struct scene *s, const struct attendee *x, const struct attendee *whom)
{
	struct caller c = caller_for(s, x);

	return ask(s->w, &c, "POST", say(s->w, "/v1/me/buddies/%s/nudge", id_text(whom->id).s),
		BYTES("{}"))
		.status;
}

static void phones_make_buddies_when_both_say_so(void **state)
{
	struct scene *s = scene_open();

	(void)state;
	sync_all(s);
	assert_string_equal(buddy_of(s, &s->ana), "");
	pair(s, s->a, s->ana.id, s->ben.id);
	sync_all(s);
	assert_string_equal(buddy_of(s, &s->ana), "waits");
	assert_string_equal(buddy_of(s, &s->ben), "asked");
	assert_int_equal(nudge(s, &s->ana, &s->ben), 404);
	pair(s, s->b, s->ben.id, s->ana.id);
	sync_all(s);
	assert_string_equal(buddy_of(s, &s->ana), "mutual");
	assert_string_equal(buddy_of(s, &s->ben), "mutual");
	part(s, s->b, s->ben.id, s->ana.id);
	sync_all(s);
	assert_string_equal(buddy_of(s, &s->ana), "");
	assert_string_equal(buddy_of(s, &s->ben), "");
	/* once more, by both */
	pair(s, s->a, s->ana.id, s->ben.id);
	pair(s, s->b, s->ben.id, s->ana.id);
	sync_all(s);
	assert_string_equal(buddy_of(s, &s->ben), "mutual");
	scene_close(s);
}

static void a_kiosk_makes_buddies_at_once(void **state)
{
	struct scene *s = scene_open();

	(void)state;
	pair(s, s->kiosk, s->ana.id, s->ben.id);
	sync_all(s);
	assert_string_equal(buddy_of(s, &s->ana), "mutual");
	assert_string_equal(buddy_of(s, &s->ben), "mutual");
	scene_close(s);
}

static void a_buddy_is_nudged_once_a_day(void **state)
{
	struct scene *s = scene_open();
	struct caller ben = caller_for(s, &s->ben);
	struct reply r;

	(void)state;
	pair(s, s->kiosk, s->ana.id, s->ben.id);
	sync_all(s);
	assert_int_equal(nudge(s, &s->ana, &s->ben), 204);
	assert_int_equal(nudge(s, &s->ana, &s->ben), 429);
	assert_int_equal(nudge(s, &s->ben, &s->ana), 204);
	world_now += 25 * 3600000;
	assert_int_equal(nudge(s, &s->ana, &s->ben), 204);
	r = ask(s->w, &ben, "GET", STR("/v1/me"), (struct bytes){ 0 });
	assert_true(str_find((struct str){ (const char *)r.body.p, r.body.len },
			    STR("Your buddy Ana nudges you"), 0) != SIZE_MAX);
	scene_close(s);
}

static struct reply ask_code(struct scene *s, const struct attendee *x, const char *code)
{
	struct caller c = caller_for(s, x);

	return ask(s->w, &c, "POST", STR("/v1/codes"),
		str_bytes(say(s->w, "{\"code\":\"%s\"}", code)));
}

static void a_short_code_names_somebody_of_the_event(void **state)
{
	struct scene *s = scene_open();
	struct short_code code = short_code_of(s->ben.id);
	struct reply r = ask_code(s, &s->ana, code.s);
	struct err e = { 0 };
	struct json *o;
	struct id id;

	(void)state;
	assert_int_equal(r.status, 200);
	assert_true(json_read(&o, r.body, &s->w->arena, &e));
	assert_true(json_get_id(o, "id", &id) && id_equal(id, s->ben.id));
	assert_int_equal(o->count, 1);
	assert_int_equal(ask_code(s, &s->ana, "00000-00000").status, 404);
	assert_int_equal(ask_code(s, &s->ana, "0000").status, 400);
	/* an id that was named, and is nobody */
	write_meeting(s->w, s->kiosk, s->ana.id, (struct id){ { 42 } });
	sync_all(s);
	assert_int_equal(ask_code(s, &s->ana, short_code_of((struct id){ { 42 } }).s).status, 404);
	/* whom Ben blocks */
	world_now += 1000;
	diary_write(s->b, ENTRY_SETTING,
		say(s->w, "{\"owner\":\"%s\",\"name\":\"block/%s\",\"value\":\"1\"}",
			id_text(s->ben.id).s, id_text(s->ana.id).s));
	sync_all(s);
	assert_int_equal(ask_code(s, &s->ana, code.s).status, 404);
	scene_close(s);
}

static void short_codes_are_limited_by_person(void **state)
{
	struct scene *s = scene_open();
	int asked = 0;

	(void)state;
	while (ask_code(s, &s->ana, "00000-00000").status == 404 && asked < 1000)
		asked++;
	assert_int_equal(asked, 30);
	assert_int_equal(ask_code(s, &s->ben, "00000-00000").status, 404);
	scene_close(s);
}

static void codes_of_an_older_store_are_worked_out(void **state)
{
	struct scene *s = scene_open();
	struct short_code code = short_code_of(s->ben.id);

	(void)state;
	world_exec(s->w, "UPDATE ref SET code = NULL");
	assert_int_equal(ask_code(s, &s->ana, code.s).status, 404);
	access_close(s->w->s->access);
	s->w->s->access = NULL;
	server_close(s->w->s);
	world_reopen(s->w);
	assert_int_equal(ask_code(s, &s->ana, code.s).status, 200);
	scene_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(phones_make_buddies_when_both_say_so),
		cmocka_unit_test(a_kiosk_makes_buddies_at_once),
		cmocka_unit_test(a_buddy_is_nudged_once_a_day),
		cmocka_unit_test(a_short_code_names_somebody_of_the_event),
		cmocka_unit_test(short_codes_are_limited_by_person),
		cmocka_unit_test(codes_of_an_older_store_are_worked_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
