/* One's own data: all of it in one file, and gone when its owner goes. */
#include "tests/unit/server/world.h"

#include "core/base/config.h"
#include "core/base/json.h"
#include "server/import.h"
#include "server/store/erase.h"
#include "server/store/sessions.h"

#define SECRET "Zq0secret"

struct scene {
	struct world *w;
	struct attendee ana, ben;
	struct diary *a, *b, *kiosk;
	struct id met;
};

static void note(struct scene *s, struct diary *d, const struct attendee *who, const char *text)
{
	world_now += 1000;
	diary_write(d, ENTRY_NOTE,
		say(s->w, "{\"author\":\"%s\",\"of\":\"%s\",\"text\":\"%s\"}", id_text(who->id).s,
			id_uuid_text(s->met).s, text));
}

static void sync_all(struct scene *s)
{
	struct diary *const all[] = { s->a, s->b, s->kiosk };

	for (int i = 0; i < 3; i++)
		if (all[i]->count > 0)
			assert_int_equal(send_all(s->w, all[i]).status, 200);
	world_settle(s->w);
}

static struct attendee person(struct world *w, const char *name)
{
	struct attendee x = world_attendee(w, name);
	struct err e = { 0 };

	x.organization = x.title = STR(SECRET "Org");
	x.email = say(w, "%s@" SECRET ".example", name);
	x.phone = STR("+" SECRET);
	if (!attendee_save(w->s->write.db, w->event.event, &x, &e))
		fail_msg("%s", e.text);
	return x;
}

/* Ana and Ben met, both wrote notes, Ana a setting, a contact and a note that she took back. */
static struct scene *scene_open(void)
{
	struct scene *s = calloc(1, sizeof(*s));
	struct cookie cookie;
	struct err e = { 0 };
	struct id back;

	s->w = world_open();
	s->kiosk = kiosk_new(s->w);
	s->ana = person(s->w, "Ana " SECRET);
	s->ben = person(s->w, "Ben");
	s->a = diary_new(s->w, ROLE_ATTENDEE, s->ana.id);
	s->b = diary_new(s->w, ROLE_ATTENDEE, s->ben.id);
	write_checkin(s->w, s->kiosk, s->ana.id);
	s->met = write_meeting(s->w, s->kiosk, s->ana.id, s->ben.id);
	note(s, s->a, &s->ana, SECRET "Note");
	note(s, s->a, &s->ana, SECRET "Back");
	back = s->a->entries[s->a->count - 1].id;
	diary_write(s->a, ENTRY_RETRACT, say(s->w, "{\"of\":\"%s\"}", id_uuid_text(back).s));
	diary_write(s->a, ENTRY_CONTACT,
		say(s->w,
			"{\"owner\":\"%s\",\"card\":\"BEGIN:VCARD\\nVERSION:3.0\\nN:G\\nFN:" SECRET
			"Guest\\nEND:VCARD\\n\"}",
			id_text(s->ana.id).s));
	diary_write(s->a, ENTRY_SETTING,
		say(s->w, "{\"owner\":\"%s\",\"name\":\"my/title\",\"value\":\"" SECRET "My\"}",
			id_text(s->ana.id).s));
	diary_write(s->a, ENTRY_CONSENT,
		say(s->w, "{\"who\":\"%s\",\"purpose\":\"card\",\"given\":true,\"version\":1}",
			id_text(s->ana.id).s));
	/* refused: in another's name */
	note(s, s->a, &s->ben, SECRET "Forged");
	note(s, s->b, &s->ben, "of Ben");
	assert_true(session_make(s->w->s->write.db, SESSION_ATTENDEE, s->w->event.event, s->ana.id,
		STR(SECRET "Phone"), world_now, &cookie, &e));
	assert_true(notice_add(s->w->s->write.db, s->w->event.event, s->ana.id, world_now,
		STR(SECRET "Notice"), &e));
	assert_true(notice_add(s->w->s->write.db, s->w->event.event, s->ben.id, world_now,
		STR("Your buddy Ana " SECRET " nudges you"), &e));
	sync_all(s);
	return s;
}

static void scene_close(struct scene *s)
{
	diary_free(s->a);
	diary_free(s->b);
	diary_free(s->kiosk);
	world_close(s->w);
	free(s);
}

static struct reply ask_as(struct scene *s, const struct attendee *x, const char *method,
	const char *path, const char *body)
{
	const struct caller c = { .role = ROLE_ATTENDEE, .event = s->w->event.event, .id = x->id };

	return ask(s->w, &c, method, str_of(path), str_bytes(str_of(body)));
}

static bool in_reply(const struct reply *r, const char *needle)
{
	return str_find((struct str){ (const char *)r->body.p, r->body.len }, str_of(needle), 0) !=
	       SIZE_MAX;
}

/* The needle stands nowhere in the store's folder. */
static size_t on_disk(struct scene *s, const char *needle)
{
	DIR *d = opendir(s->w->dir);
	struct dirent *entry;
	size_t hits = 0;

	assert_non_null(d);
	while ((entry = readdir(d)) != NULL) {
		struct bytes text;
		struct err e = { 0 };

		if (entry->d_name[0] == '.')
			continue;
		assert_true(file_read(&text, say(s->w, "%s/%s%c", s->w->dir, entry->d_name, 0).p,
			64 << 20, &s->w->arena, &e));
		hits += str_find((struct str){ (const char *)text.p, text.len }, str_of(needle),
				0) != SIZE_MAX;
	}
	closedir(d);
	return hits;
}

static void the_export_holds_all_of_ones_own_and_nothing_of_anothers(void **state)
{
	static const char *const mine[] = { SECRET "Note", SECRET "Back", SECRET "Guest",
		SECRET "My", "\"taken_back\":true", SECRET "Phone", SECRET "Notice", "checkin",
		"\"consents\":{\"card\":true", SECRET "Forged", "\"reason\":\"not-your-own\"" };
	struct scene *s = scene_open();
	struct reply r = ask_as(s, &s->ana, "GET", "/v1/me/export", "");
	struct err e = { 0 };
	struct json *o;

	(void)state;
	assert_int_equal(r.status, 200);
	assert_true(json_read(&o, r.body, &s->w->arena, &e));
	for (size_t i = 0; i < ARRAY_LEN(mine); i++)
		if (!in_reply(&r, mine[i]))
			fail_msg("%s is missing", mine[i]);
	assert_false(in_reply(&r, "of Ben"));
	assert_int_equal(json_get(o, "people")->count, 1);
	assert_true(json_get(json_get(o, "queue"), "items")->count > 0);
	r = ask_as(s, &s->ben, "GET", "/v1/me/export", "");
	assert_true(in_reply(&r, "of Ben"));
	assert_false(in_reply(&r, SECRET "Note"));
	assert_false(in_reply(&r, SECRET "Guest"));
	scene_close(s);
}

static void goes_only_by_name(void **state)
{
	struct scene *s = scene_open();

	(void)state;
	assert_int_equal(ask_as(s, &s->ana, "POST", "/v1/me/delete", "{}").status, 400);
	assert_int_equal(
		ask_as(s, &s->ana, "POST", "/v1/me/delete", "{\"confirm\":\"Ben\"}").status, 409);
	assert_true(on_disk(s, SECRET "Note") > 0);
	scene_close(s);
}

static void go(struct scene *s)
{
	struct reply r = ask_as(
		s, &s->ana, "POST", "/v1/me/delete", "{\"confirm\":\" Ana " SECRET " \"}");

	assert_int_equal(r.status, 204);
	world_settle(s->w);
}

static void who_goes_leaves_ids_and_nothing_else(void **state)
{
	struct scene *s = scene_open();
	struct reply r;

	(void)state;
	assert_true(on_disk(s, "Zq0") > 0);
	go(s);
	/* Ben's data say Org too: what he has of his own stays */
	assert_int_equal(on_disk(s, SECRET "Note"), 0);
	assert_int_equal(on_disk(s, SECRET "Back"), 0);
	assert_int_equal(on_disk(s, SECRET "Guest"), 0);
	assert_int_equal(on_disk(s, SECRET "My"), 0);
	assert_int_equal(on_disk(s, SECRET "Phone"), 0);
	assert_int_equal(on_disk(s, SECRET "Notice"), 0);
	assert_int_equal(on_disk(s, SECRET "Forged"), 0);
	assert_int_equal(on_disk(s, "Ana " SECRET), 0);
	assert_true(on_disk(s, "of Ben") > 0);
	r = ask_as(s, &s->ben, "GET", "/v1/me/log", "");
	assert_int_equal(r.status, 200);
	assert_true(in_reply(&r, id_text(s->ana.id).s)); /* that they met stays */
	assert_false(in_reply(&r, "Ana"));
	assert_int_equal(
		world_count(s->w, "SELECT COUNT(*) FROM session WHERE ended_ms IS NULL"), 0);
	assert_int_equal(world_count(s->w, "SELECT COUNT(*) FROM attendee WHERE gone = 0"), 1);
	/* nor is anything planned for who is not there any more */
	assert_int_equal(world_count(s->w, "SELECT COUNT(*) FROM queue_text q JOIN attendee a"
					   " ON a.attendee = q.owner WHERE a.gone = 1"),
		0);
	assert_int_equal(world_count(s->w, "SELECT COUNT(*) FROM queue_dirty"), 0);
	scene_close(s);
}

static void what_comes_late_goes_too(void **state)
{
	struct scene *s = scene_open();

	(void)state;
	go(s);
	/* a kiosk that was offline, with a note of hers, sealed; and the organizer's old list */
	world_now += 1000;
	diary_seal(s->w, s->kiosk, ENTRY_NOTE,
		say(s->w, "{\"author\":\"%s\",\"of\":\"%s\",\"text\":\"" SECRET "Late\"}",
			id_text(s->ana.id).s, id_uuid_text(s->met).s));
	diary_write(s->kiosk, ENTRY_BADGE_ASSIGN,
		say(s->w, "{\"badge\":\"%s\",\"who\":\"%s\",\"name\":\"Ana\"}",
			id_text((struct id){ { 9 } }).s, id_text(s->ana.id).s));
	sync_all(s);
	assert_int_equal(world_count(s->w, "SELECT COUNT(*) FROM private WHERE"
					   " INSTR(CAST(payload AS TEXT), 'Late') > 0"),
		0);
	assert_int_equal(world_count(s->w, "SELECT COUNT(*) FROM attendee WHERE gone = 0"), 1);
	assert_int_equal(world_count(s->w, "SELECT COUNT(*) FROM entry WHERE kind = 3 AND"
					   " INSTR(CAST(payload AS TEXT), 'Ana') > 0"),
		0);
	scene_close(s);
}

static void give_badge(struct scene *s, struct id badge, struct id who, const char *name)
{
	world_now += 1000;
	diary_write(s->kiosk, ENTRY_BADGE_ASSIGN,
		say(s->w, "{\"badge\":\"%s\",\"who\":\"%s\"%s%s%s}", id_text(badge).s,
			id_text(who).s, *name ? ",\"name\":\"" : "", name, *name ? "\"" : ""));
}

static void a_badge_that_was_anothers_brings_and_takes_nothing_of_theirs(void **state)
{
	const struct id badge = { { 9 } }, other = { { 8 } }, walker = { { 7 } };
	struct scene *s = scene_open();
	struct reply r;

	(void)state;
	give_badge(s, badge, walker, "Walker");
	give_badge(s, badge, s->ana.id, "");
	sync_all(s);
	r = ask_as(s, &s->ana, "GET", "/v1/me/export", "");
	assert_true(in_reply(&r, id_text(badge).s));
	assert_false(in_reply(&r, "Walker"));
	go(s);
	give_badge(s, other, walker, "");
	sync_all(s);
	assert_int_equal(
		world_count(
			s->w, "SELECT COUNT(*) FROM attendee WHERE gone = 0 AND name = 'Walker'"),
		1);
	scene_close(s);
}

static bool import_list(struct work *work, void *arg, struct err *e)
{
	struct scene *s = arg;
	struct str list = say(
		s->w, "id,name,email\n%s,Ana Again,a@again.example\n", id_text(s->ana.id).s);
	struct import_result result;
	struct import in;

	if (!import_read(&in, str_bytes(list), &s->w->arena, e) ||
		!import_run(work, s->w->event.event, &in, false, &result, e))
		return false;
	assert_int_equal(result.same, 1);
	return true;
}

static void a_list_does_not_bring_back_who_went(void **state)
{
	struct scene *s = scene_open();
	struct err e = { 0 };

	(void)state;
	go(s);
	if (!writer_run(s->w->s, import_list, s, &e))
		fail_msg("%s", e.text);
	assert_int_equal(world_count(s->w, "SELECT COUNT(*) FROM attendee WHERE gone = 0"), 1);
	scene_close(s);
}

static void a_restored_backup_is_erased_again(void **state)
{
	struct scene *s = scene_open();
	struct err e = { 0 };
	const char *copy = say(s->w, "%s/copy.db%c", s->w->dir, 0).p;

	(void)state;
	assert_true(db_copy(s->w->s->write.db, copy, &e));
	/* a line that the disk had no room for the rest of */
	assert_true(
		file_replace(say(s->w, "%s/erased%c", s->w->dir, 0).p, BYTES("7 AAAA"), 0600, &e));
	go(s);
	server_close(s->w->s);
	assert_int_equal(rename(copy, say(s->w, "%s/kith.db%c", s->w->dir, 0).p), 0);
	world_reopen(s->w);
	assert_true(on_disk(s, SECRET "Note") > 0);
	if (!erase_again(s->w->s, &e))
		fail_msg("%s", e.text);
	world_settle(s->w);
	assert_int_equal(on_disk(s, SECRET "Note"), 0);
	assert_int_equal(on_disk(s, "Ana " SECRET), 0);
	scene_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_export_holds_all_of_ones_own_and_nothing_of_anothers),
		cmocka_unit_test(goes_only_by_name),
		cmocka_unit_test(who_goes_leaves_ids_and_nothing_else),
		cmocka_unit_test(what_comes_late_goes_too),
		cmocka_unit_test(a_badge_that_was_anothers_brings_and_takes_nothing_of_theirs),
		cmocka_unit_test(a_list_does_not_bring_back_who_went),
		cmocka_unit_test(a_restored_backup_is_erased_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
