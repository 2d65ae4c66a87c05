/*
 * What stands between two people: hiding, sharing, blocking, correcting one's card, introductions.
 * Each person writes on a phone of their own, a kiosk sees some of the meetings, and everybody
 * downloads the own log; the order in which the streams arrive is no matter.
 */
#include "tests/unit/server/store/scene.h"

extern const struct db_step server_schema[];
extern const size_t server_schema_count;

/* The tests */

static void a_share_decides_for_one_person(void **state)
{
	struct scene *s = scene_open();
	struct id met = tap(s, ANA, BEN), other = tap(s, ANA, CEM), scanned = scan(s, DUA, ANA);
	struct id said;

	(void)state;
	sync_all(s);
	assert_string_equal(sees(s, BEN, ANA), "Ana+org");
	assert_string_equal(sees(s, DUA, ANA), "-");
	share(s, ANA, met, "\"email\",\"title\"");
	share(s, ANA, scanned, "\"name\"");
	sync_all(s);
	assert_string_equal(sees(s, BEN, ANA), "Ana+org+title+emai");
	assert_string_equal(sees(s, CEM, ANA), "Ana+org");
	assert_string_equal(sees(s, DUA, ANA), "Ana");
	/* above the consent, in both directions */
	note_down(s, ANA, ENTRY_CONSENT,
		say(s->w, "{\"who\":\"%s\",\"purpose\":\"card\",\"given\":true,\"version\":1}",
			id_of(s, ANA)));
	said = share(s, ANA, met, "");
	sync_all(s);
	assert_string_equal(sees(s, BEN, ANA), "Ana+org");
	assert_string_equal(sees(s, CEM, ANA), "Ana" ALL);
	retract(s, ANA, said);
	sync_all(s);
	assert_string_equal(sees(s, BEN, ANA), "Ana+org+title+emai");
	/* nobody shares another's card */
	share(s, CEM, met, "\"name\",\"email\",\"phone\"");
	share(s, CEM, other, "\"phone\"");
	sync_all(s);
	assert_string_equal(sees(s, BEN, ANA), "Ana+org+title+emai");
	assert_string_equal(sees(s, ANA, CEM), "Cem+org+phon");
	scene_close(s);
}

static void a_hidden_meeting_takes_name_and_card_back(void **state)
{
	struct scene *s = scene_open();
	struct id met = tap(s, ANA, BEN), hidden;

	(void)state;
	note_down(s, ANA, ENTRY_CONSENT,
		say(s->w, "{\"who\":\"%s\",\"purpose\":\"card\",\"given\":true,\"version\":1}",
			id_of(s, ANA)));
	sync_all(s);
	assert_string_equal(sees(s, BEN, ANA), "Ana" ALL);
	hidden = hide(s, ANA, met);
	hide(s, CEM, met); /* not theirs */
	sync_all(s);
	assert_string_equal(sees(s, BEN, ANA), "-");
	assert_string_equal(sees(s, ANA, BEN), "Ben+org");
	assert_non_null(row_of(s, BEN, met));
	assert_true(str_find(log_text(s, BEN), STR("Ana"), 0) == SIZE_MAX);
	retract(s, ANA, hidden);
	sync_all(s);
	assert_string_equal(sees(s, BEN, ANA), "Ana" ALL);
	/* met again is another meeting */
	hide(s, ANA, met);
	tap(s, BEN, ANA);
	sync_all(s);
	assert_string_equal(sees(s, BEN, ANA), "Ana" ALL);
	scene_close(s);
}

static void a_blocked_person_gets_nothing_from_then_on(void **state)
{
	struct scene *s = scene_open();
	struct id met = tap(s, ANA, BEN), dated_back = scan(s, BEN, ANA), later;

	(void)state;
	block(s, ANA, BEN, "1");
	later = scan(s, BEN, ANA);
	sync_all(s);
	assert_string_equal(sees(s, BEN, ANA), "-");
	assert_string_equal(sees(s, ANA, BEN), "Ben+org");
	assert_non_null(row_of(s, BEN, met));
	assert_null(row_of(s, BEN, later));
	assert_null(row_of(s, ANA, later));
	assert_null(row_of(s, ANA, dated_back));
	assert_non_null(row_of(s, BEN, dated_back));
	assert_true(is_gone(s, BEN, later));
	assert_true(is_gone(s, ANA, later));
	assert_true(str_find(log_text(s, BEN), STR("block/"), 0) == SIZE_MAX);
	block(s, ANA, BEN, "0");
	sync_all(s);
	assert_string_equal(sees(s, BEN, ANA), "Ana+org");
	assert_non_null(row_of(s, ANA, later));
	assert_non_null(row_of(s, ANA, dated_back));
	scene_close(s);
}

static void save_listed(struct scene *s, int who, const char *name)
{
	struct err e = { 0 };

	s->people[who].name = str_of(name);
	if (!attendee_save(s->w->s->write.db, s->w->event.event, &s->people[who], &e))
		fail_msg("%s", e.text);
}

static void a_correction_stands_above_the_list(void **state)
{
	struct scene *s = scene_open();
	struct id first, second;

	(void)state;
	tap(s, ANA, BEN);
	first = set(s, ANA, "my/name", "Anna");
	set(s, ANA, "my/organization", "");
	sync_all(s);
	assert_string_equal(sees(s, BEN, ANA), "Anna");
	save_listed(s, ANA, "Ana Maria"); /* an import comes again */
	world_settle(s->w);
	assert_string_equal(sees(s, BEN, ANA), "Anna");
	second = set(s, ANA, "my/name", "   "); /* nobody is without a name */
	sync_all(s);
	assert_string_equal(sees(s, BEN, ANA), "Ana Maria");
	retract(s, ANA, second);
	sync_all(s);
	assert_string_equal(sees(s, BEN, ANA), "Anna");
	retract(s, ANA, first);
	sync_all(s);
	assert_string_equal(sees(s, BEN, ANA), "Ana Maria"); /* what the list says by now */
	scene_close(s);
}

static void of_two_settings_the_one_that_knew_the_other_holds(void **state)
{
	struct scene *s = scene_open();
	struct id late;

	(void)state;
	tap(s, ANA, BEN);
	world_now += 5000;
	late = set(s, ANA, "my/name", "Late");
	world_now -= 5000; /* another device, whose clock is behind, knew it */
	note_down(s, ANA, ENTRY_SETTING,
		say(s->w,
			"{\"owner\":\"%s\",\"name\":\"my/"
			"name\",\"value\":\"Early\",\"after\":[\"%s\"]}",
			id_of(s, ANA), uuid(s, late)));
	sync_all(s);
	assert_string_equal(sees(s, BEN, ANA), "Early+org");
	scene_close(s);
}

static void a_zone_and_a_language_are_taken_over(void **state)
{
	struct scene *s = scene_open();
	struct str lang;
	int64_t zone;

	(void)state;
	tap(s, ANA, BEN);
	set(s, ANA, "zone", "-210");
	set(s, ANA, "lang", "es");
	sync_all(s);
	assert_true(json_get_i64(log_of(s, ANA), "zone_min", &zone));
	assert_int_equal(zone, -210);
	assert_true(json_get_str(
		find(json_get(log_of(s, BEN), "people"), "key", s->people[ANA].id), "lang", &lang));
	assert_str(lang, "es");
	set(s, ANA, "zone", "9999");
	sync_all(s);
	assert_true(json_get_i64(log_of(s, ANA), "zone_min", &zone));
	assert_int_equal(zone, 0);
	scene_close(s);
}

static void an_introduction_needs_both(void **state)
{
	struct scene *s = scene_open();
	struct id ben = tap(s, ANA, BEN), cem = tap(s, CEM, ANA), intro, no;
	bool asked;

	(void)state;
	intro = introduce(s, ANA, ben, cem);
	sync_all(s);
	/* both are asked by whom and why, and told nothing of the other */
	for (int who = BEN; who <= CEM; who++) {
		const struct json *payload = json_get(row_of(s, who, intro), "payload");
		int other = who == BEN ? CEM : BEN;

		assert_true(json_get_bool(payload, "asked", &asked) && asked);
		assert_str(in_payload(s, who, intro, "text"), "you both sail");
		assert_null(json_get(payload, "with"));
		assert_null(json_get(payload, "a"));
		assert_string_equal(sees(s, who, other), "");
		assert_true(str_find(log_text(s, who), str_of(id_of(s, other)), 0) == SIZE_MAX);
	}
	assert_null(row_of(s, DUA, intro));
	assert_str(in_payload(s, ANA, intro, "a_said"), "(absent)");
	answer_ask(s, BEN, intro, true);
	answer_ask(s, DUA, intro, true); /* whom nobody asked */
	sync_all(s);
	assert_str(in_payload(s, ANA, intro, "a_said"), "yes");
	assert_str(in_payload(s, ANA, intro, "b_said"), "(absent)");
	assert_string_equal(sees(s, BEN, CEM), "");
	answer_ask(s, CEM, intro, true);
	sync_all(s);
	assert_str(in_payload(s, ANA, intro, "b_said"), "yes");
	assert_string_equal(sees(s, BEN, CEM), "Cem" ALL);
	assert_string_equal(sees(s, CEM, BEN), "Ben" ALL);
	assert_str(in_payload(s, BEN, intro, "with"), id_of(s, CEM));
	/* a correction of whom one knows by it only */
	set(s, CEM, "my/name", "Djem");
	sync_all(s);
	assert_string_equal(sees(s, BEN, CEM), "Djem" ALL);
	/* and less than all */
	share(s, BEN, intro, "\"name\",\"email\"");
	sync_all(s);
	assert_string_equal(sees(s, CEM, BEN), "Ben+org+emai");
	/* withdrawn again by one of the two, and given again */
	no = answer_ask(s, CEM, intro, false);
	sync_all(s);
	assert_string_equal(sees(s, BEN, CEM), "");
	assert_string_equal(sees(s, CEM, BEN), "");
	assert_str(in_payload(s, BEN, intro, "with"), "(absent)");
	assert_str(in_payload(s, ANA, intro, "b_said"), "no");
	retract(s, CEM, no);
	sync_all(s);
	assert_string_equal(sees(s, BEN, CEM), "Djem" ALL);
	/* or with the introduction itself */
	retract(s, ANA, intro);
	sync_all(s);
	assert_null(row_of(s, BEN, intro));
	assert_string_equal(sees(s, BEN, CEM), "");
	scene_close(s);
}

static void nobody_is_introduced_against_their_will(void **state)
{
	struct scene *s = scene_open();
	struct id ben = tap(s, ANA, BEN), cem = tap(s, CEM, ANA), intro, strange, guest, half,
		  hidden;

	(void)state;
	/* two people whom the introducer did not meet, and one who is no attendee */
	strange = introduce(s, DUA, ben, cem);
	guest = note_down(s, ANA, ENTRY_CONTACT,
		say(s->w,
			"{\"owner\":\"%s\",\"card\":\"BEGIN:VCARD\\nVERSION:3.0\\nFN:G\\nN:G\\n"
			"END:VCARD\\n\"}",
			id_of(s, ANA)));
	half = introduce(s, ANA, ben, guest);
	intro = introduce(s, ANA, ben, cem);
	sync_all(s);
	assert_null(row_of(s, BEN, strange));
	assert_null(row_of(s, BEN, half));
	assert_non_null(row_of(s, BEN, intro));
	/* who took the meeting back is asked no more, and the other neither */
	hidden = hide(s, CEM, cem);
	sync_all(s);
	assert_null(row_of(s, CEM, intro));
	assert_null(row_of(s, BEN, intro));
	retract(s, CEM, hidden);
	block(s, BEN, CEM, "1");
	sync_all(s);
	assert_null(row_of(s, CEM, intro));
	assert_null(row_of(s, BEN, intro));
	scene_close(s);
}

/* All that everybody downloads, but for the server's time. */
static struct hash digest(struct scene *s)
{
	struct buf all = BUF_IN(&s->w->arena);

	world_now = 1795300900000;
	for (int i = 0; i < PEOPLE; i++) {
		struct str text = log_text(s, i);
		size_t people = str_find(text, STR("\"people\""), 0);

		buf_add_str(&all, str_sub(text, people, text.len));
		for (int k = 0; k < PEOPLE; k++)
			buf_add_str(&all, str_of(sees(s, i, k)));
		buf_add_u8(&all, (uint8_t)json_get(log_of(s, i), "rows")->count);
	}
	return hash_of(buf_bytes(&all));
}

/* A phone may say what it likes of its boot clock: nobody's log shows another day for that. */
static void a_clock_that_lies_moves_a_meeting_nowhere(void **state)
{
	static const struct {
		int64_t ahead; /* of the phone's boot clock at the meeting, before its batch */
	} lies[] = { { INT64_MAX / 4 }, { -(INT64_MAX / 4) }, { 400 * INT64_C(86400000) } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lies); i++) {
		struct scene *s = scene_open();
		struct diary *phone = s->phones[ANA];
		int64_t from = world_now, at = 0;
		struct id met = scan(s, ANA, BEN);

		if (lies[i].ahead > 0) {
			phone->entries[0].time.boot_ms += (uint64_t)lies[i].ahead;
			diary_chain(phone);
		} else {
			phone->booted_ms += lies[i].ahead;
		}
		sync_all(s);
		for (int who = ANA; who <= BEN; who++) {
			assert_true(json_get_i64(row_of(s, who, met), "at_ms", &at));
			assert_in_range(at, from, world_now + 60000);
		}
		scene_close(s);
	}
}

static void the_order_of_arrival_is_no_matter(void **state)
{
	static const int orders[][PEOPLE + 1] = { { 0, 1, 2, 3, 4 }, { 4, 3, 2, 1, 0 },
		{ 1, 4, 0, 2, 3 }, { 2, 0, 1, 4, 3 }, { 0, 2, 4, 1, 3 }, { 3, 1, 2, 4, 0 } };
	struct scene *s = scene_open();
	struct id ben = tap(s, ANA, BEN), cem = tap(s, CEM, ANA), intro, dua = scan(s, DUA, BEN);
	struct hash first = { { 0 } };

	(void)state;
	intro = introduce(s, ANA, ben, cem);
	answer_ask(s, BEN, intro, true);
	answer_ask(s, CEM, intro, true);
	share(s, CEM, intro, "\"email\"");
	share(s, BEN, dua, "\"name\"");
	set(s, CEM, "my/name", "Djem");
	retract(s, CEM, hide(s, CEM, cem));
	hide(s, DUA, dua);
	block(s, ANA, DUA, "1");
	for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
		struct hash now;

		world_exec(s->w, "DELETE FROM about; DELETE FROM mention; DELETE FROM private;"
				 "DELETE FROM refusal; DELETE FROM entry; DELETE FROM stream;"
				 "DELETE FROM retract; DELETE FROM anchor; DELETE FROM tally;"
				 "DELETE FROM apart; DELETE FROM consent; DELETE FROM said;"
				 "DELETE FROM meta WHERE name = 'derived';"
				 "UPDATE attendee SET name = 'Cem' WHERE name = 'Djem';");
		for (size_t k = 0; k < ARRAY_LEN(orders[i]); k++) {
			int who = orders[i][k];

			assert_int_equal(
				send_all(s->w, who == PEOPLE ? s->kiosk : s->phones[who]).status,
				200);
			world_settle(s->w);
		}
		assert_string_equal(sees(s, BEN, CEM), "Djem+org+emai");
		now = digest(s);
		if (i > 0)
			assert_memory_equal(now.b, first.b, sizeof(now.b));
		first = now;
		/* nobody is left unplanned who sees something new: what was planned is what holds
		 */
		assert_int_equal(world_count(s->w, "SELECT COUNT(*) FROM queue_dirty"), 0);
	}
	scene_close(s);
}

/* Before step 13 it was left out at each reading. */
static void what_was_taken_back_in_an_older_store_is_said_no_more(void **state)
{
	struct db *db;
	struct err e = { 0 };
	struct db_query *q;

	(void)state;
	assert_true(db_open(&db, ":memory:", DB_WRITER, &e));
	assert_true(db_migrate(db, server_schema, 12, &e));
	if (!db_exec(db,
		    "INSERT INTO mention (event, ref, row, kind, gone) VALUES"
		    " (7, 1, 11, 13, 0), (7, 1, 12, 13, 1), (7, 2, 13, 10, 1), (8, 1, 12, 13, 0);"
		    "INSERT INTO about (event, of_id, row, kind, ref) VALUES (7, x'01', 11, 13, 1),"
		    " (7, x'01', 12, 13, 1), (7, x'01', 13, 10, 2), (7, x'02', 13, 10, 2),"
		    " (8, x'01', 12, 13, 1)",
		    &e))
		fail_msg("%s", e.text);
	if (!db_migrate(db, server_schema, server_schema_count, &e))
		fail_msg("%s", e.text);
	q = db_query(db, "SELECT group_concat(event || ':' || row, ' ') FROM about");
	assert_int_equal(db_step(q, &e), DB_ROW);
	assert_str(db_text(q, 0), "7:11 8:12");
	db_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_share_decides_for_one_person),
		cmocka_unit_test(a_hidden_meeting_takes_name_and_card_back),
		cmocka_unit_test(a_blocked_person_gets_nothing_from_then_on),
		cmocka_unit_test(a_correction_stands_above_the_list),
		cmocka_unit_test(of_two_settings_the_one_that_knew_the_other_holds),
		cmocka_unit_test(a_zone_and_a_language_are_taken_over),
		cmocka_unit_test(an_introduction_needs_both),
		cmocka_unit_test(nobody_is_introduced_against_their_will),
		cmocka_unit_test(a_clock_that_lies_moves_a_meeting_nowhere),
		cmocka_unit_test(the_order_of_arrival_is_no_matter),
		cmocka_unit_test(what_was_taken_back_in_an_older_store_is_said_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
